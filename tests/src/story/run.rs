//! Playing a story through a door.

use super::MODEL;
use super::captures::Captures;
use super::coverage::undeclared;
use super::door::{Call, Door, Outcome, StoreKind};
use super::matching::{Difference, differ, equal};
use super::read::{Expected, Step, Story};
use crm_kernel::context::Language;
use crm_kernel::json::Json;
use std::fmt;

/// A story that held.
#[derive(Clone, Debug, Default)]
pub struct Played {
    /// Every call in order: the step, the request as it was sent and what came back.
    pub calls: Vec<(String, String, Outcome)>,
    /// What was captured.
    pub captures: Captures,
}

/// The first thing in a story that did not hold.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The step.
    pub step: String,
    /// What was not as it should be.
    pub what: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "step {}: {}", self.step, self.what)
    }
}

/// Plays a story on a new database. Errors: the first step that did not hold, beside what was played up to and with it.
pub fn play(
    door: &mut dyn Door,
    store: StoreKind,
    story: &Story,
    language: Language,
) -> (Played, Result<(), Failure>) {
    if let Err(what) = door.open(store) {
        return (Played::default(), Err(Failure { step: "0".to_owned(), what }));
    }
    let mut played = Played::default();
    let result = play_onto(door, story, language, &mut played);
    (played, result)
}

/// Plays a story on the database that is open. Errors: as [`play`].
pub fn play_onto(
    door: &mut dyn Door,
    story: &Story,
    language: Language,
    played: &mut Played,
) -> Result<(), Failure> {
    for step in &story.steps {
        for n in 1..=step.times {
            played.captures.set_run(n);
            one(door, step, language, played).map_err(|what| {
                let run = if step.times > 1 { format!(" (run {n})") } else { String::new() };
                Failure { step: format!("{}{run}", step.name), what: format!("{}: {what}", step.operation) }
            })?;
        }
    }
    Ok(())
}

fn one(door: &mut dyn Door, step: &Step, language: Language, played: &mut Played) -> Result<(), String> {
    let language = step.language.unwrap_or(language);
    let request = match &step.request {
        Json::Text(raw) if raw.starts_with("raw:") => raw.trim_start_matches("raw:").to_owned(),
        json => played.captures.fill(json)?.to_string(),
    };
    let employee = |name: &Option<String>| match name {
        None => Ok(None),
        Some(name) => match played.captures.get(name) {
            Some(Json::Text(id)) => Ok(Some(id.clone())),
            _ => Err(format!("no employee was captured as `{name}`")),
        },
    };
    let call = Call {
        actor: employee(&step.actor)?,
        on_behalf: employee(&step.on_behalf)?,
        language: language.tag(),
        now: &step.now,
        reason: step.reason.as_deref(),
        operation: &step.operation,
        request: &request,
    };
    let outcome = door.call(&call)?;
    played.calls.push((step.name.clone(), request.clone(), outcome.clone()));
    let came = Json::parse(outcome.text()).map_err(|error| format!("{error} in {}", outcome.text()))?;
    if let (Outcome::Error(_), Some(code)) = (&outcome, undeclared(&MODEL, &step.operation, &came)) {
        return Err(format!("refused with {code}, which it does not declare"));
    }
    match (&step.expected, &outcome) {
        (Expected::Answer(wanted), Outcome::Answer(_)) => {
            let wanted = in_language(&played.captures.fill(wanted)?, language)?;
            told(differ(&wanted, Some(&came), ""))?;
        }
        (Expected::Error(wanted), Outcome::Error(_)) => {
            let wanted = played.captures.fill(wanted)?;
            told(differ(&in_language(&wanted, language)?, Some(&seen(&came)), ""))?;
            for other in Language::ALL.into_iter().filter(|other| *other != language) {
                let again = door.call(&Call { language: other.tag(), ..call.clone() })?;
                in_other_language(&wanted, &came, other, &again)
                    .map_err(|what| format!("asked again in {}: {what}", other.tag()))?;
                played.calls.push((format!("{} in {}", step.name, other.tag()), request.clone(), again));
            }
        }
        (Expected::Answer(_), Outcome::Error(error)) => return Err(format!("refused with {error}")),
        (Expected::Error(wanted), Outcome::Answer(answer)) => {
            let code = wanted.get("code").and_then(Json::as_text).unwrap_or_default();
            return Err(format!("expected the error {code}, answered {answer}"));
        }
    }
    for (name, pointer) in &step.capture {
        let value =
            came.at(pointer).ok_or_else(|| format!("nothing at {pointer} to capture as `{name}`: {came}"))?;
        played.captures.set(name, value.clone())?;
    }
    Ok(())
}

fn told(difference: Option<Difference>) -> Result<(), String> {
    difference.map_or(Ok(()), |difference| Err(difference.to_string()))
}

/// An error as stories speak of it: its path, or that of its only problem, beside class, code and message.
fn seen(error: &Json) -> Json {
    let at = |pointer: &str| error.at(pointer).filter(|json| **json != Json::text(""));
    let problems = error.at("/details/problems").cloned().unwrap_or(Json::List(Vec::new()));
    let only =
        problems.as_list().filter(|problems| problems.len() == 1).and_then(|problems| problems.first());
    let path = at("/details/path").or_else(|| only.and_then(|problem| problem.get("path")));
    let mut seen = Json::object();
    for key in ["class", "code", "message", "details"] {
        seen = seen.with(key, error.get(key).cloned().unwrap_or_default());
    }
    seen.with("path", path.cloned().unwrap_or_else(|| Json::text(""))).with("problems", problems)
}

/// A refusal changes nothing but the gaps of numbers, so the same call in another language is refused alike: everything is
/// equal but the messages, which are those of the language.
fn in_other_language(wanted: &Json, first: &Json, language: Language, again: &Outcome) -> Result<(), String> {
    let Outcome::Error(again) = again else { return Err(format!("answered {}", again.text())) };
    let again = Json::parse(again).map_err(|error| error.to_string())?;
    told(equal(&without_messages(first), &without_messages(&again), ""))?;
    if wanted.get("message").is_some_and(by_language) {
        let wanted = Json::object()
            .with("message", in_language(wanted, language)?.get("message").cloned().unwrap_or_default());
        told(differ(&wanted, Some(&again), ""))?;
    }
    let problems = again.at("/details/problems").and_then(Json::as_list).unwrap_or_default();
    for error in std::iter::once(&again).chain(problems) {
        let message = error.get("message").and_then(Json::as_text).unwrap_or_default();
        let code = error.get("code").and_then(Json::as_text).unwrap_or_default();
        if !is_message(message, MODEL.texts().get(language, &format!("error.{code}")), language) {
            return Err(format!("`{message}` is no message"));
        }
    }
    Ok(())
}

/// The messages of the language, where a story gives one for each.
fn in_language(wanted: &Json, language: Language) -> Result<Json, String> {
    Ok(match wanted {
        Json::Object(members) => {
            let chosen = members.iter().map(|(key, value)| {
                if key != "message" || !by_language(value) {
                    return Ok((key.clone(), in_language(value, language)?));
                }
                let message = value.get(language.tag()).cloned();
                Ok((key.clone(), message.ok_or_else(|| format!("no message in {}", language.tag()))?))
            });
            Json::Object(chosen.collect::<Result<_, String>>()?)
        }
        Json::List(items) => {
            Json::List(items.iter().map(|item| in_language(item, language)).collect::<Result<_, _>>()?)
        }
        plain => plain.clone(),
    })
}

fn without_messages(error: &Json) -> Json {
    match error {
        Json::Object(members) => {
            let rest = members.iter().filter(|(key, _)| key != "message");
            Json::Object(rest.map(|(key, value)| (key.clone(), without_messages(value))).collect())
        }
        Json::List(items) => Json::List(items.iter().map(without_messages).collect()),
        plain => plain.clone(),
    }
}

/// Text in the script of the language, with a value in the place of every name of its template.
fn is_message(text: &str, template: &str, language: Language) -> bool {
    let left = |name: &str| text.contains(&format!("{{{name}}}"));
    let names = template.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
    let script = language == Language::En || !text.is_ascii();
    !text.is_empty() && script && !names.into_iter().any(|(name, _)| left(name))
}

fn by_language(message: &Json) -> bool {
    Language::ALL.iter().any(|language| message.get(language.tag()).is_some())
}
