//! What may stand in a file of mappings and in one of reports: everything else is refused at its place, as a mistyped
//! word would otherwise be passed over.

use crate::failure::Failure;
use crm_domain::imports::Mapping;
use crm_kernel::catalogue::Catalogue;
use crm_kernel::codec::Decoder;
use crm_kernel::error::Result as KernelResult;
use crm_kernel::json::Json;
use crm_kernel::model::Model;
use crm_kernel::record::Record;

type Result<T> = std::result::Result<T, Failure>;

/// A mapping of the library, from its JSON. Errors: `request.invalid` with every problem.
pub fn mapping(json: &Json) -> KernelResult<Mapping> {
    Mapping::from_row(&Decoder::new(&Catalogue::default()).message(Mapping::def(), json)?)
}

/// The name of an import for people, with its place in the file.
pub fn import_name(import: &Json, at: usize) -> String {
    let name = import.at("/mapping/name").and_then(Json::as_text).unwrap_or("without a name");
    format!("import `{name}` (/imports/{at})")
}

/// Errors: a file of mappings that has a member too many or lacks one, a mapping that is none.
pub fn mapping_file(json: &Json) -> Result<()> {
    members(
        json,
        "",
        &["name", "files", "enterprise", "before", "imports"],
        &["files", "enterprise", "imports"],
    )?;
    for (at, file) in list(json, "files", "")?.iter().enumerate() {
        if file.as_text().is_none() {
            return Err(said(&format!("/files/{at}"), "is to be the name of a file"));
        }
    }
    for (at, step) in list(json, "before", "")?.iter().enumerate() {
        let place = format!("/before/{at}");
        members(step, &place, &["op", "request"], &["op"])?;
        operation(&crm_domain::model()?, step, &place)?;
    }
    for (at, import) in list(json, "imports", "")?.iter().enumerate() {
        let place = format!("/imports/{at}");
        members(import, &place, &["mapping", "history"], &["mapping"])?;
        if import.get("history").is_some_and(|history| !matches!(history, Json::Bool(_))) {
            return Err(said(&format!("{place}/history"), "is to be true or false"));
        }
        let json = import.get("mapping").unwrap_or(&Json::Null);
        mapping(json).map_err(|error| Failure::from(error).within(import_name(import, at)))?;
    }
    Ok(())
}

/// How an answer is shaped: the word, and what stands behind it.
const SHAPES: &[(&str, Takes)] = &[
    ("value", Takes::Text),
    ("cell", Takes::Text),
    ("integer", Takes::Text),
    ("keys", Takes::Text),
    ("sum", Takes::Text),
    ("sums", Takes::Pair),
    ("sums_of", Takes::Pair),
    ("map", Takes::Pair),
    ("pairs", Takes::Pair),
    ("rfm", Takes::True),
    ("ageing", Takes::Limits),
];

/// Words that put answers together; each stands alone.
const TOGETHER: &[&str] = &["object", "constant", "count", "difference"];

/// What stands behind a word for the shape.
#[derive(Clone, Copy)]
enum Takes {
    /// A column, or a pointer into the answer.
    Text,
    /// Two columns.
    Pair,
    /// `true`.
    True,
    /// An object, with the answer that gives limits where they are compared.
    Limits,
}

/// Errors: a file of reports that has a member too many or lacks one, an answer without its operation or with one that
/// writes, two words for one shape.
pub fn reports_file(json: &Json) -> Result<()> {
    let model = crm_domain::model()?;
    members(json, "", &["last_order", "answers"], &["answers"])?;
    if let Some(last) = json.get("last_order") {
        members(last, "/last_order", &["op", "request"], &["op"])?;
        operation(&model, last, "/last_order")?;
    }
    let Some(answers) = json.get("answers").and_then(Json::as_object) else {
        return Err(said("/answers", "is to be an object"));
    };
    for (key, spec) in answers {
        answer(&model, spec, &format!("/answers/{key}"))?;
    }
    Ok(())
}

fn answer(model: &Model, spec: &Json, place: &str) -> Result<()> {
    let inner = |word: &str, spec: &Json| answer(model, spec, &format!("{place}/{word}"));
    let Some(members) = spec.as_object() else { return Err(said(place, "is to be an object")) };
    if let Some((word, value)) = members.iter().find(|(word, _)| TOGETHER.contains(&word.as_str())) {
        if let Some((other, _)) = members.iter().find(|(other, _)| other != word) {
            return Err(said(&format!("{place}/{other}"), &format!("does not go with `{word}`")));
        }
        return match (word.as_str(), value) {
            ("object", Json::Object(members)) => {
                members.iter().try_for_each(|(key, spec)| inner(&format!("object/{key}"), spec))
            }
            ("difference", Json::List(pair)) if pair.len() == 2 => {
                pair.iter().enumerate().try_for_each(|(at, spec)| inner(&format!("difference/{at}"), spec))
            }
            ("count", spec) => inner("count", spec),
            ("constant", _) => Ok(()),
            ("difference", _) => Err(said(&format!("{place}/difference"), "is to be a list of two answers")),
            _ => Err(said(&format!("{place}/{word}"), "is to be an object of answers")),
        };
    }
    let shapes = SHAPES.iter().map(|(word, _)| *word);
    let known: Vec<&str> = ["op", "request", "decimals"].into_iter().chain(shapes).collect();
    self::members(spec, place, &known, &["op"])?;
    operation(model, spec, place)?;
    let mut shape = None;
    for (word, takes) in SHAPES {
        let Some(value) = spec.get(word) else { continue };
        if let Some(other) = shape.replace(word) {
            return Err(said(&format!("{place}/{word}"), &format!("does not go with `{other}`")));
        }
        let place = format!("{place}/{word}");
        let texts = |value: &Json| {
            value.as_list().is_some_and(|items| items.iter().all(|item| item.as_text().is_some()))
        };
        match takes {
            Takes::Text if value.as_text().is_none() => return Err(said(&place, "is to be a text")),
            Takes::Pair if !texts(value) || value.as_list().is_none_or(|items| items.len() != 2) => {
                return Err(said(&place, "is to be a list of two columns"));
            }
            Takes::True if *value != Json::Bool(true) => return Err(said(&place, "is to be true")),
            Takes::Limits => {
                self::members(value, &place, &["limits"], &[])?;
                value
                    .get("limits")
                    .map_or(Ok(()), |limits| answer(model, limits, &format!("{place}/limits")))?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// The operation is there, and only reads where it belongs to a report.
fn operation(model: &Model, spec: &Json, place: &str) -> Result<()> {
    let name = spec.get("op").and_then(Json::as_text).unwrap_or_default();
    match model.operation(name) {
        None => Err(said(&format!("{place}/op"), &format!("names `{name}`, which is no operation"))),
        Some(row) if row.writes && !place.starts_with("/before") => {
            Err(said(&format!("{place}/op"), &format!("names `{name}`, which writes; a report only reads")))
        }
        Some(_) => Ok(()),
    }
}

/// Errors: what is no object, a member that is not known, one that is missing.
fn members(json: &Json, place: &str, known: &[&str], needed: &[&str]) -> Result<()> {
    let Some(members) = json.as_object() else { return Err(said(place, "is to be an object")) };
    if let Some((name, _)) = members.iter().find(|(name, _)| !known.contains(&name.as_str())) {
        let words = format!("is not known; there are {}", known.join(", "));
        return Err(said(&format!("{place}/{name}"), &words));
    }
    match needed.iter().find(|name| json.get(name).is_none()) {
        Some(name) => Err(said(&format!("{place}/{name}"), "is missing")),
        None => Ok(()),
    }
}

/// The items of a member; none where it is left out. Errors: what is no list.
fn list<'a>(json: &'a Json, name: &str, place: &str) -> Result<&'a [Json]> {
    match json.get(name) {
        None => Ok(&[]),
        Some(list) => list.as_list().ok_or_else(|| said(&format!("{place}/{name}"), "is to be a list")),
    }
}

fn said(place: &str, words: &str) -> Failure {
    let place = if place.is_empty() { "the file" } else { place };
    Failure::Said(format!("{place} {words}"))
}
