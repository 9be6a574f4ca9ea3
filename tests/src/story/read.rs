//! Story files as data. Unknown keys are refused: a misspelt one would test nothing.

use crm_kernel::context::Language;
use crm_kernel::date::Instant;
use crm_kernel::json::Json;
use std::path::Path;

/// A story with the steps of what it includes in front.
#[derive(Clone, Debug)]
pub struct Story {
    /// The file's name.
    pub file: String,
    /// What happens.
    pub title: String,
    /// The languages in which it runs.
    pub languages: Vec<Language>,
    /// The steps.
    pub steps: Vec<Step>,
}

/// One step.
#[derive(Clone, Debug)]
pub struct Step {
    /// Where it stands: `7`, or `demo.json 7` for an included one.
    pub name: String,
    /// The capture that acts; `None` where nobody does.
    pub actor: Option<String>,
    /// The capture on whose behalf.
    pub on_behalf: Option<String>,
    /// The instant, RFC 3339.
    pub now: String,
    /// The step's own language.
    pub language: Option<Language>,
    /// Why.
    pub reason: Option<String>,
    /// The operation.
    pub operation: String,
    /// The request with names in it.
    pub request: Json,
    /// What must come.
    pub expected: Expected,
    /// Names and pointers into what came.
    pub capture: Vec<(String, String)>,
    /// How often.
    pub times: i64,
}

/// What must come.
#[derive(Clone, Debug)]
pub enum Expected {
    /// An answer that matches.
    Answer(Json),
    /// An error that matches.
    Error(Json),
}

/// Reads a story and what it includes; a page of the guide (`.md`) is a story too. Errors: what is wrong with the file,
/// in words.
pub fn read(path: &Path) -> Result<Story, String> {
    let file = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let named = |fault: String| format!("{}: {fault}", path.display());
    let text = std::fs::read_to_string(path).map_err(|fault| named(fault.to_string()))?;
    let json = if path.extension().is_some_and(|ending| ending == "md") {
        super::page::story(&text).map_err(named)?
    } else {
        Json::parse(&text).map_err(|error| named(error.to_string()))?
    };
    only(&json, &["title", "now", "language", "languages", "steps"]).map_err(named)?;
    let now = wanted(&json, "now").map_err(named)?;
    Instant::parse(now).map_err(|_| named(format!("`now`: `{now}` is no instant")))?;
    let languages = languages(&json).map_err(named)?;
    let list = json.get("steps").and_then(Json::as_list).ok_or_else(|| named("no steps".to_owned()))?;
    let mut steps: Vec<Step> = Vec::new();
    let mut actor = None;
    let mut own = false;
    for (at, item) in list.iter().enumerate() {
        let at = at + 1;
        if let Some(include) = item.get("include") {
            only(item, &["include"]).map_err(named)?;
            let other = include
                .as_text()
                .filter(|_| !own)
                .ok_or_else(|| named(format!("step {at}: includes come first")))?;
            // Pages lie elsewhere than the stories that they include.
            let beside = path.with_file_name(other);
            let other = read(&if beside.is_file() { beside } else { super::folder().join(other) })?;
            steps.extend(other.steps.into_iter().map(|step| {
                let name =
                    if step.name.contains(' ') { step.name } else { format!("{} {}", other.file, step.name) };
                // What an included file expects of texts it expects in its own language.
                Step { name, language: step.language.or(other.languages.first().copied()), ..step }
            }));
            continue;
        }
        own = true;
        let step = step(item, at, now, &mut actor).map_err(|fault| named(format!("step {at}: {fault}")))?;
        steps.push(step);
    }
    let title = wanted(&json, "title").map_err(named)?.to_owned();
    Ok(Story { title, languages, steps, file })
}

const STEP_KEYS: [&str; 12] = [
    "note",
    "as",
    "on_behalf",
    "at",
    "language",
    "reason",
    "op",
    "request",
    "expect",
    "error",
    "capture",
    "times",
];

fn step(json: &Json, at: usize, now: &str, actor: &mut Option<String>) -> Result<Step, String> {
    only(json, &STEP_KEYS)?;
    match json.get("as") {
        None => {}
        Some(Json::Null) => *actor = None,
        Some(Json::Text(name)) => *actor = Some(name.trim_start_matches('$').to_owned()),
        Some(_) => return Err("`as` is a name or null".to_owned()),
    }
    let text = |key: &str| match json.get(key) {
        None => Ok(None),
        Some(Json::Text(text)) => Ok(Some(text.clone())),
        Some(_) => Err(format!("`{key}` is a text")),
    };
    let now = text("at")?.unwrap_or_else(|| now.to_owned());
    Instant::parse(&now).map_err(|_| format!("`at`: `{now}` is no instant"))?;
    let expected = match (json.get("expect"), json.get("error")) {
        (Some(_), Some(_)) => return Err("`expect` and `error` exclude each other".to_owned()),
        (None, Some(error)) => {
            only(error, &["class", "code", "path", "message", "details", "problems"])?;
            if error.get("code").is_none() {
                return Err("`error` has no `code`".to_owned());
            }
            Expected::Error(error.clone())
        }
        (Some(answer), None) => Expected::Answer(answer.clone()),
        (None, None) => Expected::Answer(Json::object()),
    };
    let mut capture = Vec::new();
    for (name, pointer) in
        json.get("capture").map_or(Ok(&[][..]), |json| json.as_object().ok_or("`capture` is an object"))?
    {
        capture.push((name.clone(), pointer.as_text().ok_or("a capture is a JSON pointer")?.to_owned()));
    }
    Ok(Step {
        name: at.to_string(),
        actor: actor.clone(),
        on_behalf: text("on_behalf")?.map(|name| name.trim_start_matches('$').to_owned()),
        now,
        language: text("language")?.map(|tag| language(&tag)).transpose()?,
        reason: text("reason")?,
        operation: text("op")?.ok_or("no `op`")?,
        request: json.get("request").cloned().unwrap_or_else(Json::object),
        expected,
        capture,
        times: json
            .get("times")
            .map_or(Ok(1), |times| times.as_int().filter(|n| *n > 0).ok_or("`times` is a number"))?,
    })
}

fn languages(json: &Json) -> Result<Vec<Language>, String> {
    match (json.get("language"), json.get("languages")) {
        (None, None) => Ok(vec![Language::En]),
        (Some(Json::Text(tag)), None) => Ok(vec![language(tag)?]),
        (None, Some(Json::List(tags))) if !tags.is_empty() => {
            tags.iter().map(|tag| language(tag.as_text().unwrap_or_default())).collect()
        }
        _ => Err("`language` is a tag, `languages` a list of tags, and only one of them is given".to_owned()),
    }
}

fn language(tag: &str) -> Result<Language, String> {
    Language::parse(tag).ok_or_else(|| format!("`{tag}` is none of zh-CN, zh-TW, en"))
}

fn wanted<'a>(json: &'a Json, key: &str) -> Result<&'a str, String> {
    json.get(key).and_then(Json::as_text).ok_or_else(|| format!("no `{key}`"))
}

fn only(json: &Json, keys: &[&str]) -> Result<(), String> {
    let members = json.as_object().ok_or_else(|| format!("{} where an object is wanted", json.sort()))?;
    match members.iter().find(|(key, _)| !keys.contains(&key.as_str())) {
        Some((key, _)) => Err(format!("unknown key `{key}`, known are {}", keys.join(", "))),
        None => Ok(()),
    }
}
