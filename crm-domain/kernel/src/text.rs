//! Labels and messages in three languages, by key.
//!
//! A text may hold `{name}` for a value of the error; a part in `[square brackets]` is left out where a value that it shows is
//! not given. The files are JSON objects of key and text, one per language.

use crate::context::Language;
use crate::error::{Class, Error, Problem, Result};
use crate::json::Json;
use crate::place::Step;
use std::collections::BTreeMap;

/// The texts of all languages.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    by_language: [BTreeMap<String, String>; 3],
}

impl Texts {
    /// Adds the texts of one file, a JSON object of key and text. Errors: `request.invalid_json`, and
    /// `internal.error` where a key stands already.
    pub fn add(&mut self, language: Language, file: &str) -> Result<()> {
        let json = Json::parse(file)?;
        let Some(map) = self.by_language.get_mut(index(language)) else { return Ok(()) };
        for (key, text) in json.as_object().unwrap_or_default() {
            if map.insert(key.clone(), text.as_text().unwrap_or_default().to_owned()).is_some() {
                return Err(Error::internal(format!("text `{key}` stands twice in {}", language.tag())));
            }
        }
        Ok(())
    }

    /// The text of a key; the key itself where there is none, which a test keeps from happening.
    pub fn get<'a>(&'a self, language: Language, key: &'a str) -> &'a str {
        self.find(language, key).unwrap_or(key)
    }

    /// The text of a key.
    pub fn find(&self, language: Language, key: &str) -> Option<&str> {
        self.map(language).and_then(|map| map.get(key)).map(String::as_str)
    }

    /// All keys of a language.
    pub fn keys(&self, language: Language) -> impl Iterator<Item = &str> {
        self.map(language).into_iter().flat_map(|map| map.keys().map(String::as_str))
    }

    /// The error as hosts get it: class, code, message in a language, details.
    pub fn error(&self, language: Language, error: &Error) -> Json {
        let problems =
            error.problems().iter().map(|problem| self.problem(language, problem)).collect::<Vec<_>>();
        let message = match error.problems() {
            [only] => self.problem_message(language, only),
            _ => {
                let place = self.place(language, error.path(), error.steps());
                self.message(language, error.code().name, error.args(), &place, |name| {
                    self.find(language, error.label(name)?)
                })
            }
        };
        let mut details = Json::object().with("path", error.path());
        for (name, value) in error.args() {
            details = details.with(*name, value.clone());
        }
        if !problems.is_empty() {
            details = details.with("problems", problems);
        }
        // The same call may succeed later, without anybody having done anything about it.
        if matches!(error.class(), Class::Busy | Class::Interrupted) {
            details = details.with("retryable", true);
        }
        Json::object()
            .with("class", error.class().name())
            .with("code", error.code().name)
            .with("message", message)
            .with("details", details)
    }

    fn problem(&self, language: Language, problem: &Problem) -> Json {
        let mut json = Json::object()
            .with("path", problem.path.clone())
            .with("code", problem.code.name)
            .with("message", self.problem_message(language, problem));
        for (name, value) in &problem.args {
            json = json.with(*name, value.clone());
        }
        json
    }

    fn problem_message(&self, language: Language, problem: &Problem) -> String {
        let place = self.place(language, &problem.path, &problem.place);
        self.message(language, problem.code.name, &problem.args, &place, |name| {
            self.find(language, problem.label(name)?)
        })
    }

    /// A place by the labels of its fields; the path where one has none.
    fn place(&self, language: Language, path: &str, steps: &[Step]) -> String {
        let mut shown = String::new();
        for step in steps {
            let label = match step {
                Step::Item(no) => {
                    shown += &format!(" {no}");
                    continue;
                }
                Step::Field(keys) => keys.iter().find_map(|key| self.find(language, key)),
                Step::Custom(labels) => labels.get(index(language)).map(String::as_str),
            };
            let Some(label) = label else { return path.to_owned() };
            if !shown.is_empty() {
                shown += " / ";
            }
            shown += label;
        }
        if shown.is_empty() { path.to_owned() } else { shown }
    }

    fn message<'a>(
        &self,
        language: Language,
        code: &str,
        args: &[(&'static str, Json)],
        path: &str,
        label: impl Fn(&str) -> Option<&'a str>,
    ) -> String {
        let value = |name: &str| {
            if name == "path" {
                return Some(path.to_owned());
            }
            let (name, value) = args.iter().find(|(known, _)| *known == name)?;
            Some(label(name).map_or_else(|| shown(language, value), str::to_owned))
        };
        filled(self.get(language, &format!("error.{code}")), &value)
    }

    fn map(&self, language: Language) -> Option<&BTreeMap<String, String>> {
        self.by_language.get(index(language))
    }
}

/// A text with its values, without the optional parts for which there are none.
fn filled(text: &str, value: &dyn Fn(&str) -> Option<String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, (part, after))) =
        rest.split_once('[').and_then(|(before, after)| Some((before, after.split_once(']')?)))
    {
        put(&mut out, before, value);
        let mut optional = String::new();
        if put(&mut optional, part, value) {
            out.push_str(&optional);
        }
        rest = after;
    }
    put(&mut out, rest, value);
    out
}

/// Appends a part of a text with its values; false where one is not known or empty.
fn put(out: &mut String, part: &str, value: &dyn Fn(&str) -> Option<String>) -> bool {
    let mut whole = true;
    let mut rest = part;
    while let Some((before, (name, after))) =
        rest.split_once('{').and_then(|(before, after)| Some((before, after.split_once('}')?)))
    {
        out.push_str(before);
        match value(name) {
            Some(value) => {
                whole &= !value.is_empty();
                out.push_str(&value);
            }
            None => {
                whole = false;
                out.push('{');
                out.push_str(name);
                out.push('}');
            }
        }
        rest = after;
    }
    out.push_str(rest);
    whole
}

/// A value as people read it: texts without quotes, lists of them as a language sets them apart.
fn shown(language: Language, value: &Json) -> String {
    match (value.as_text(), value.as_list()) {
        (Some(text), _) => text.to_owned(),
        (None, Some(list)) => {
            let between = if language == Language::En { ", " } else { "、" };
            list.iter().map(|one| shown(language, one)).collect::<Vec<_>>().join(between)
        }
        (None, None) => value.to_string(),
    }
}

fn index(language: Language) -> usize {
    match language {
        Language::ZhCn => 0,
        Language::ZhTw => 1,
        Language::En => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::filled;

    #[test]
    fn optional_parts_need_their_values() {
        let value = |name: &str| match name {
            "path" => Some("/a".to_owned()),
            "value" => Some("{path}".to_owned()),
            "empty" => Some(String::new()),
            _ => None,
        };
        let rows = [
            ("`{path}` is wrong", "`/a` is wrong"),
            ("wrong[ at `{path}`]: [{missing}, ]no", "wrong at `/a`: no"),
            ("wrong[ at `{empty}`]", "wrong"),
            ("`{value}` stays", "`{path}` stays"),
            ("{missing} [{", "{missing} [{"),
        ];
        for (text, expected) in rows {
            assert_eq!(filled(text, &value), expected, "{text}");
        }
    }
}
