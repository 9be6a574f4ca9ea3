//! The one decoder: JSON trees to rows by descriptor. It reads everything before it gives up: all problems with their
//! paths, unknown keys refused.

use crate::catalogue::{Catalogue, Kind};
use crate::currency::Currency;
use crate::date::{Date, Instant};
use crate::dec::{Dec, DecError};
use crate::error::{Code, Error, Problem, Result};
use crate::id::Id;
use crate::json::{Json, MAX_INTEGER};
use crate::record::{FieldDef, FieldRole, FieldType, RecordDef};
use crate::value::{Row, Value};
use std::fmt;

/// Reads requests and records.
pub struct Decoder<'a> {
    catalogue: &'a Catalogue,
    problems: Vec<Problem>,
}

/// Where in the request something stands; written out only where there is a problem to tell.
#[derive(Clone, Copy)]
enum Path<'p> {
    From(&'p str),
    Key(&'p Path<'p>, &'p str),
    Item(&'p Path<'p>, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Path::From(path) => f.write_str(path),
            Path::Key(outer, key) => write!(f, "{outer}/{key}"),
            Path::Item(outer, at) => write!(f, "{outer}/{at}"),
        }
    }
}

/// Words for what was wanted or found in refusals; their texts are `type.<word>`.
pub const TYPES: &[&str] = &[
    "array",
    "boolean",
    "choice",
    "condition",
    "currency",
    "date",
    "date_by_format",
    "decimal",
    "decimal_with_comma",
    "instant",
    "integer",
    "json",
    "lines",
    "list",
    "money",
    "null",
    "object",
    "picklist",
    "record",
    "reference",
    "string",
    "text",
    "value",
];

/// Fields given by an update: positions with their new values.
pub type Partial = Vec<(usize, Value)>;

impl<'a> Decoder<'a> {
    /// A decoder over a catalogue.
    pub fn new(catalogue: &'a Catalogue) -> Decoder<'a> {
        Decoder { catalogue, problems: Vec::new() }
    }

    /// A whole message or new record: required fields enforced, defaults put in. Errors: `request.invalid` with every
    /// problem and its path.
    pub fn message(mut self, def: &RecordDef, json: &Json) -> Result<Row> {
        let row = self.object(def, json, &Path::From(""), &[], false);
        self.finish(row)
    }

    /// A new record under a path of the request; managed fields are refused, for callers that are not their operation.
    pub fn record(mut self, kind: &Kind, json: &Json, path: &str) -> Result<Row> {
        let row = self.object(&kind.def, json, &Path::From(path), &[], true);
        self.finish(row)
    }

    /// The fields that an update gives. Lines are given whole: a line with `line` keeps the fields it does not name,
    /// one without is new, and a line that is not named is taken away.
    pub fn partial(mut self, kind: &Kind, old: &Row, json: &Json, path: &str) -> Result<Partial> {
        let path = &Path::From(path);
        let Some(members) = self.members(json, path) else { return self.finish(None) };
        let mut given = Vec::new();
        for (key, value) in members {
            let here = Path::Key(path, key);
            let Some(position) = kind.position(key) else {
                self.unknown(&kind.def, &here);
                continue;
            };
            let Some(field) = kind.field(position) else { continue };
            if field.managed {
                self.problem(Problem::new(Code::READ_ONLY, here.to_string()));
                continue;
            }
            if (value.is_null() && field.required) || is_missing(field, value) {
                self.problem(Problem::new(Code::REQUIRED, here.to_string()));
                continue;
            }
            if let Some(value) = self.value(&field.ty, value, &here, old.at(position).as_rows(), true) {
                given.push((position, value));
            }
        }
        self.finish(Some(given))
    }

    /// Whether a message of plain values is one that [`Decoder::message`] would give back as it is: so what is typed need
    /// not be written out to be judged. False says nothing: the decoder has to judge it.
    pub fn takes(def: &RecordDef, row: &Row) -> bool {
        def.fields.iter().enumerate().all(|(position, field)| match (row.at(position), &field.ty) {
            (Value::Null, FieldType::List(_) | FieldType::Children(_)) => false,
            (Value::Null, _) => !field.required && field.default.is_none(),
            (Value::Num(num), FieldType::Num { digits, scale, .. }) => {
                let limit = 10_u64.checked_pow(u32::from(*digits));
                num.scale == *scale && limit.is_none_or(|limit| num.mantissa.unsigned_abs() < limit)
            }
            (Value::Num(num), FieldType::Int) => {
                num.scale == 0 && num.mantissa.unsigned_abs() <= MAX_INTEGER.unsigned_abs()
            }
            (Value::Text(text), FieldType::Text { max }) => {
                text.len() <= *max as usize && !text.contains('\0') && !text.trim().is_empty()
            }
            (Value::Text(_), FieldType::Choice(_) | FieldType::Currency)
            | (Value::Bool(_), FieldType::Bool)
            | (Value::Date(_), FieldType::Date)
            | (Value::Instant(_), FieldType::Instant)
            | (Value::Ref(_), FieldType::Ref(_) | FieldType::AnyRef) => true,
            (Value::Rows(rows), FieldType::Children(_)) => rows.is_empty(),
            (Value::List(items), FieldType::List(_)) => {
                items.is_empty() && field.role != FieldRole::Selection
            }
            _ => false,
        })
    }

    fn finish<T>(self, value: Option<T>) -> Result<T> {
        match value {
            Some(value) if self.problems.is_empty() => Ok(value),
            _ => Err(Error::of_problems(self.problems)),
        }
    }

    fn problem(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    fn unknown(&mut self, def: &RecordDef, path: &Path<'_>) {
        let known: Vec<&str> = def.fields.iter().map(|field| field.name.as_ref()).collect();
        self.problem(Problem::new(Code::UNKNOWN_FIELD, path.to_string()).with("allowed", known.join(", ")));
    }

    fn members<'j>(&mut self, json: &'j Json, path: &Path<'_>) -> Option<&'j [(String, Json)]> {
        let members = json.as_object();
        if members.is_none() {
            self.wrong_type(path, "object", json);
        }
        members
    }

    fn wrong_type(&mut self, path: &Path<'_>, wanted: &'static str, found: &Json) {
        self.problem(Problem::new(Code::WRONG_TYPE, path.to_string()).coded("wanted", "type", wanted).coded(
            "found",
            "type",
            found.sort(),
        ));
    }

    fn object(
        &mut self,
        def: &RecordDef,
        json: &Json,
        path: &Path<'_>,
        old: &[Row],
        by_hand: bool,
    ) -> Option<Row> {
        let members = self.members(json, path)?;
        let is_line = def.parent != 0;
        let before = self.problems.len();
        let line_no = match json.get("line").filter(|_| is_line) {
            None | Some(Json::Null) => 0,
            Some(Json::Int(no)) if old.iter().any(|row| row.id == *no) => *no,
            Some(other) => {
                self.problem(
                    Problem::new(Code::NOT_FOUND, format!("{path}/line")).with("line", other.clone()),
                );
                return None;
            }
        };
        for (key, _) in members.iter().filter(|(key, _)| !(is_line && key == "line")) {
            if !def.field(key).is_some_and(|field| field.role != FieldRole::LineCounter) {
                self.unknown(def, &Path::Key(path, key));
            }
        }
        let kept = old.iter().find(|row| row.id == line_no);
        let mut values = Vec::with_capacity(def.fields.len());
        for (position, field) in def.fields.iter().enumerate() {
            values.push(self.member(
                field,
                json.get(&field.name),
                kept.map(|row| row.at(position)),
                path,
                by_hand,
            ));
        }
        (self.problems.len() == before).then_some(Row { id: line_no, version: 0, values })
    }

    fn member(
        &mut self,
        field: &FieldDef,
        json: Option<&Json>,
        kept: Option<&Value>,
        path: &Path<'_>,
        by_hand: bool,
    ) -> Value {
        let here = Path::Key(path, &field.name);
        match json {
            Some(json) if !json.is_null() => {
                if field.managed && by_hand {
                    self.problem(Problem::new(Code::READ_ONLY, here.to_string()));
                    return Value::Null;
                }
                if is_missing(field, json) {
                    self.problem(Problem::new(Code::REQUIRED, here.to_string()));
                    return Value::Null;
                }
                if field.role == FieldRole::Selection && json.as_list().is_some_and(<[Json]>::is_empty) {
                    self.problem(Problem::new(Code::EMPTY_SELECTION, here.to_string()));
                    return Value::Null;
                }
                self.value(&field.ty, json, &here, &[], by_hand).unwrap_or_default()
            }
            None if kept.is_some() => kept.cloned().unwrap_or_default(),
            _ => match (&field.default, &field.ty) {
                (Some(default), _) => self.default(field, default, &here),
                (None, FieldType::Children(_)) => Value::Rows(Vec::new()),
                (None, FieldType::List(_)) => Value::List(Vec::new()),
                // A managed field of a new record is set by the operation that makes it.
                (None, _) if field.required && !(field.managed && by_hand) => {
                    self.problem(Problem::new(Code::REQUIRED, here.to_string()));
                    Value::Null
                }
                (None, _) => Value::Null,
            },
        }
    }

    fn default(&mut self, field: &FieldDef, default: &str, path: &Path<'_>) -> Value {
        match Json::parse(default) {
            Ok(json) => self.value(&field.ty, &json, path, &[], false).unwrap_or_default(),
            Err(_) => {
                self.problem(
                    Problem::new(Code::MALFORMED, path.to_string())
                        .coded("type", "type", "json")
                        .with("value", clip(default)),
                );
                Value::Null
            }
        }
    }

    /// One value; `None` after a problem was noted. `old` are the lines that stand, where the field holds lines.
    fn value(
        &mut self,
        ty: &FieldType,
        json: &Json,
        path: &Path<'_>,
        old: &[Row],
        by_hand: bool,
    ) -> Option<Value> {
        if json.is_null() {
            return Some(match ty {
                FieldType::Children(_) => Value::Rows(Vec::new()),
                FieldType::List(_) => Value::List(Vec::new()),
                _ => Value::Null,
            });
        }
        match ty {
            FieldType::Json => Some(Value::Json(json.clone().into())),
            FieldType::Children(no) => {
                let Some(items) = json.as_list() else {
                    self.wrong_type(path, "array", json);
                    return None;
                };
                let child = self.catalogue.kind(*no)?.clone();
                let rows = items.iter().enumerate();
                let rows: Vec<Option<Row>> = rows
                    .map(|(at, item)| self.object(&child.def, item, &Path::Item(path, at), old, by_hand))
                    .collect();
                let rows: Vec<Row> = rows.into_iter().collect::<Option<_>>()?;
                for (at, row) in rows.iter().enumerate() {
                    if row.id != 0 && rows.iter().take(at).any(|other| other.id == row.id) {
                        self.problem(
                            Problem::new(Code::DUPLICATE, format!("{path}/{at}/line")).with("fields", "line"),
                        );
                        return None;
                    }
                }
                Some(Value::Rows(rows))
            }
            FieldType::Message(def) => {
                self.object(def.def(), json, path, &[], false).map(|row| Value::Row(row.into()))
            }
            FieldType::Record(no) => {
                // Whole records stand in answers only; a host that reads one back has no use for decoding it.
                let kind = self.catalogue.kind(*no)?.clone();
                self.whole(&kind, json, path).map(|row| Value::Row(row.into()))
            }
            FieldType::List(item) => {
                let Some(items) = json.as_list() else {
                    self.wrong_type(path, "array", json);
                    return None;
                };
                let values = items.iter().enumerate().map(|(at, found)| {
                    if found.is_null() {
                        self.problem(Problem::new(Code::REQUIRED, format!("{path}/{at}")));
                        return None;
                    }
                    self.value(item, found, &Path::Item(path, at), &[], by_hand)
                });
                let values: Vec<Option<Value>> = values.collect();
                values.into_iter().collect::<Option<_>>().map(Value::List)
            }
            FieldType::Bool => match json {
                Json::Bool(value) => Some(Value::Bool(*value)),
                other => {
                    self.wrong_type(path, "boolean", other);
                    None
                }
            },
            FieldType::Int => match json {
                Json::Int(value) => Some(Value::int(*value)),
                other => {
                    self.wrong_type(path, "integer", other);
                    None
                }
            },
            _ => {
                let Json::Text(text) = json else {
                    self.wrong_type(path, "string", json);
                    return None;
                };
                match scalar(ty, text) {
                    Ok(value) => Some(value),
                    Err(mut problem) => {
                        problem.path = path.to_string();
                        self.problem(problem);
                        None
                    }
                }
            }
        }
    }

    fn whole(&mut self, kind: &Kind, json: &Json, path: &Path<'_>) -> Option<Row> {
        let members = self.members(json, path)?;
        let without: Vec<(String, Json)> =
            members.iter().filter(|(key, _)| key != "id" && key != "version").cloned().collect();
        let mut row = self.object(&kind.def, &Json::Object(without), path, &[], false)?;
        row.id = json.get("id").and_then(Json::as_text).and_then(Id::parse).map_or(0, Id::number);
        row.version = json.get("version").and_then(Json::as_int).unwrap_or(0);
        Some(row)
    }
}

/// True for a text of nothing but blanks where that is none.
fn is_missing(field: &FieldDef, json: &Json) -> bool {
    field.refuses_blank() && json.as_text().is_some_and(|text| text.trim().is_empty())
}

/// A plain value from its text form, as JSON strings, CSV cells and defaults have it. Errors: a problem without path:
/// `field.malformed`, `value.out_of_range`, `field.too_long`, `field.not_an_option`, `field.unknown_currency`.
pub fn scalar(ty: &FieldType, text: &str) -> std::result::Result<Value, Problem> {
    let malformed =
        || Problem::new(Code::MALFORMED, "").coded("type", "type", ty.name()).with("value", clip(text));
    match ty {
        FieldType::Bool => match text {
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            _ => Err(malformed()),
        },
        FieldType::Int => match Dec::parse(text).and_then(|dec| dec.to_i64_at(0)) {
            Ok(value) if value.unsigned_abs() <= MAX_INTEGER.unsigned_abs() => Ok(Value::int(value)),
            Err(DecError::Syntax) => Err(malformed()),
            _ => Err(Problem::new(Code::OUT_OF_RANGE, "")
                .with("value", clip(text))
                .with("digits", 16_i64)
                .with("decimals", 0_i64)),
        },
        FieldType::Num { digits, scale, .. } => match Dec::parse(text) {
            Ok(dec) if dec.fits(*digits, *scale) => Value::num(dec, *scale).map_err(|_| malformed()),
            Err(DecError::Syntax) => Err(malformed()),
            _ => Err(Problem::new(Code::OUT_OF_RANGE, "")
                .with("value", clip(text))
                .with("digits", i64::from(*digits))
                .with("decimals", i64::from(*scale))),
        },
        FieldType::Text { max } => {
            if text.contains('\0') {
                return Err(malformed());
            }
            if text.len() > *max as usize && text.chars().count() > *max as usize {
                return Err(Problem::new(Code::TOO_LONG, "").with("longest", i64::from(*max)));
            }
            Ok(Value::Text(text.to_owned()))
        }
        FieldType::Choice(def) => {
            if def.options.contains(&text) {
                return Ok(Value::Text(text.to_owned()));
            }
            Err(Problem::new(Code::NOT_AN_OPTION, "")
                .with("value", clip(text))
                .with("options", def.options.join(", ")))
        }
        FieldType::Picklist(_) => {
            if text.is_empty() || text.len() > 255 || text.contains('\0') {
                Err(malformed())
            } else {
                Ok(Value::Text(text.to_owned()))
            }
        }
        FieldType::Currency => match Currency::parse(text) {
            Ok(_) => Ok(Value::Text(text.to_owned())),
            Err(_) => Err(Problem::new(Code::UNKNOWN_CURRENCY, "").with("value", clip(text))),
        },
        FieldType::Date => Date::parse(text).map(Value::Date).map_err(|_| malformed()),
        FieldType::Instant => Instant::parse(text).map(Value::Instant).map_err(|_| malformed()),
        FieldType::Ref(_) | FieldType::AnyRef => Id::parse(text).map(Value::Ref).ok_or_else(malformed),
        FieldType::Json => Json::parse(text).map(|json| Value::Json(json.into())).map_err(|_| malformed()),
        FieldType::Children(_) | FieldType::Message(_) | FieldType::List(_) | FieldType::Record(_) => {
            Err(malformed())
        }
    }
}

/// At most 80 characters of what was given, an ellipsis where that is not all: enough to recognise it in a message.
pub fn clip(text: &str) -> String {
    match text.char_indices().nth(80) {
        Some((end, _)) => text.get(..end).unwrap_or(text).to_owned() + "…",
        None => text.to_owned(),
    }
}
