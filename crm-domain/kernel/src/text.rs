//! Labels and messages in three languages, by key.
//!
//! A text may hold `{name}` for a value of the error. The files are JSON objects of key and text, one per language.

use crate::context::Language;
use crate::error::{Class, Error, Problem, Result};
use crate::json::Json;
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
            [only] => self.message(language, only.code.name, &only.args, &only.path, |_| None),
            _ => self.message(language, error.code().name, error.args(), error.path(), |name| {
                self.find(language, error.label(name)?)
            }),
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
        let mut json =
            Json::object().with("path", problem.path.clone()).with("code", problem.code.name).with(
                "message",
                self.message(language, problem.code.name, &problem.args, &problem.path, |_| None),
            );
        for (name, value) in &problem.args {
            json = json.with(*name, value.clone());
        }
        json
    }

    fn message<'a>(
        &self,
        language: Language,
        code: &str,
        args: &[(&'static str, Json)],
        path: &str,
        label: impl Fn(&str) -> Option<&'a str>,
    ) -> String {
        let mut message = self.get(language, &format!("error.{code}")).replace("{path}", path);
        for (name, value) in args {
            let shown = label(name).or(value.as_text()).map_or_else(|| value.to_string(), str::to_owned);
            message = message.replace(&format!("{{{name}}}"), &shown);
        }
        message
    }

    fn map(&self, language: Language) -> Option<&BTreeMap<String, String>> {
        self.by_language.get(index(language))
    }
}

fn index(language: Language) -> usize {
    match language {
        Language::ZhCn => 0,
        Language::ZhTw => 1,
        Language::En => 2,
    }
}
