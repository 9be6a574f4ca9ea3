//! The one decoder and the one encoder: JSON trees to rows and back, by descriptor.
//!
//! Decoding reads everything before it gives up: all problems with their paths, unknown keys refused. Encoding writes
//! keys in the order of the descriptor, so the same row gives the same bytes.

use crate::catalogue::{Catalogue, Kind};
use crate::currency::Currency;
use crate::date::{Date, Instant};
use crate::dec::{Dec, DecError};
use crate::error::{Code, Error, Problem, Result};
use crate::id::Id;
use crate::json::{Json, MAX_INTEGER};
use crate::record::{FieldDef, FieldRole, FieldType, RecordDef, Role};
use crate::value::{Row, Value};

/// Reads requests and records.
pub struct Decoder<'a> {
    catalogue: &'a Catalogue,
    problems: Vec<Problem>,
}

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
        let row = self.object(def, json, "", &[], false);
        self.finish(row)
    }

    /// A new record under a path of the request; managed fields are refused, for callers that are not their operation.
    pub fn record(mut self, kind: &Kind, json: &Json, path: &str) -> Result<Row> {
        let row = self.object(&kind.def, json, path, &[], true);
        self.finish(row)
    }

    /// The fields that an update gives. Lines are given whole: a line with `line` keeps the fields it does not name,
    /// one without is new, and a line that is not named is taken away.
    pub fn partial(mut self, kind: &Kind, old: &Row, json: &Json, path: &str) -> Result<Partial> {
        let Some(members) = self.members(json, path) else { return self.finish(None) };
        let mut given = Vec::new();
        for (key, value) in members {
            let here = format!("{path}/{key}");
            let Some(position) = kind.position(key) else {
                self.unknown(&kind.def, &here);
                continue;
            };
            let Some(field) = kind.field(position) else { continue };
            if field.managed {
                self.problem(Problem::new(Code::READ_ONLY, here));
                continue;
            }
            if value.is_null() && field.required {
                self.problem(Problem::new(Code::REQUIRED, here));
                continue;
            }
            if let Some(value) = self.value(&field.ty, value, &here, old.at(position).as_rows(), true) {
                given.push((position, value));
            }
        }
        self.finish(Some(given))
    }

    fn finish<T>(self, value: Option<T>) -> Result<T> {
        match value {
            Some(value) if self.problems.is_empty() => Ok(value),
            _ => Err(Error::of_problems(Code::INVALID_REQUEST, self.problems)),
        }
    }

    fn problem(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    fn unknown(&mut self, def: &RecordDef, path: &str) {
        let known: Vec<&str> = def.fields.iter().map(|field| field.name.as_ref()).collect();
        self.problem(Problem::new(Code::UNKNOWN_FIELD, path).with("allowed", known.join(", ")));
    }

    fn members<'j>(&mut self, json: &'j Json, path: &str) -> Option<&'j [(String, Json)]> {
        let members = json.as_object();
        if members.is_none() {
            self.wrong_type(path, "object", json);
        }
        members
    }

    fn wrong_type(&mut self, path: &str, wanted: &'static str, found: &Json) {
        self.problem(Problem::new(Code::WRONG_TYPE, path).with("wanted", wanted).with("found", found.sort()));
    }

    fn object(
        &mut self,
        def: &RecordDef,
        json: &Json,
        path: &str,
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
                self.unknown(def, &format!("{path}/{key}"));
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
        path: &str,
        by_hand: bool,
    ) -> Value {
        let here = format!("{path}/{}", field.name);
        match json {
            Some(json) if !json.is_null() => {
                if field.managed && by_hand {
                    self.problem(Problem::new(Code::READ_ONLY, here));
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
                    self.problem(Problem::new(Code::REQUIRED, here));
                    Value::Null
                }
                (None, _) => Value::Null,
            },
        }
    }

    fn default(&mut self, field: &FieldDef, default: &str, path: &str) -> Value {
        match Json::parse(default) {
            Ok(json) => self.value(&field.ty, &json, path, &[], false).unwrap_or_default(),
            Err(_) => {
                self.problem(Problem::new(Code::MALFORMED, path).with("type", "default"));
                Value::Null
            }
        }
    }

    /// One value; `None` after a problem was noted. `old` are the lines that stand, where the field holds lines.
    fn value(
        &mut self,
        ty: &FieldType,
        json: &Json,
        path: &str,
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
            FieldType::Json => Some(Value::Json(Box::new(json.clone()))),
            FieldType::Children(no) => {
                let Some(items) = json.as_list() else {
                    self.wrong_type(path, "array", json);
                    return None;
                };
                let child = self.catalogue.kind(*no)?.clone();
                let rows = items.iter().enumerate();
                let rows: Vec<Option<Row>> = rows
                    .map(|(at, item)| self.object(&child.def, item, &format!("{path}/{at}"), old, by_hand))
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
                    self.value(item, found, &format!("{path}/{at}"), &[], by_hand)
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
                        problem.path = path.to_owned();
                        self.problem(problem);
                        None
                    }
                }
            }
        }
    }

    fn whole(&mut self, kind: &Kind, json: &Json, path: &str) -> Option<Row> {
        let members = self.members(json, path)?;
        let without: Vec<(String, Json)> =
            members.iter().filter(|(key, _)| key != "id" && key != "version").cloned().collect();
        let mut row = self.object(&kind.def, &Json::Object(without), path, &[], false)?;
        row.id = json.get("id").and_then(Json::as_text).and_then(Id::parse).map_or(0, Id::number);
        row.version = json.get("version").and_then(Json::as_int).unwrap_or(0);
        Some(row)
    }
}

/// A plain value from its text form, as JSON strings, CSV cells and defaults have it. Errors: a problem without path:
/// `field.malformed`, `value.out_of_range`, `field.too_long`, `field.not_an_option`, `field.unknown_currency`.
pub fn scalar(ty: &FieldType, text: &str) -> std::result::Result<Value, Problem> {
    let malformed = || Problem::new(Code::MALFORMED, "").with("type", ty.name()).with("value", clip(text));
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
            if def.options.iter().any(|(code, _)| *code == text) {
                return Ok(Value::Text(text.to_owned()));
            }
            let options: Vec<&str> = def.options.iter().map(|(code, _)| *code).collect();
            Err(Problem::new(Code::NOT_AN_OPTION, "")
                .with("value", clip(text))
                .with("options", options.join(", ")))
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
        FieldType::Json => Json::parse(text).map(|json| Value::Json(Box::new(json))).map_err(|_| malformed()),
        FieldType::Children(_) | FieldType::Message(_) | FieldType::List(_) | FieldType::Record(_) => {
            Err(malformed())
        }
    }
}

/// At most 80 characters of what was given: enough to recognise it in a message.
fn clip(text: &str) -> String {
    text.chars().take(80).collect()
}

/// Writes answers and records.
#[derive(Clone, Copy)]
pub struct Encoder<'a> {
    catalogue: &'a Catalogue,
    base: Option<Currency>,
}

impl<'a> Encoder<'a> {
    /// An encoder; `base` is the enterprise's currency, where there is an enterprise.
    pub fn new(catalogue: &'a Catalogue, base: Option<Currency>) -> Encoder<'a> {
        Encoder { catalogue, base }
    }

    /// A message.
    pub fn message(&self, def: &RecordDef, row: &Row) -> Json {
        Json::Object(self.members(def, row, None))
    }

    /// A whole record with its id and version.
    pub fn record(&self, kind: &Kind, row: &Row) -> Json {
        let mut members = vec![
            ("id".to_owned(), Json::Text(row.id.to_string())),
            ("version".to_owned(), Json::Int(row.version)),
        ];
        members.extend(self.members(&kind.def, row, None));
        Json::Object(members)
    }

    /// One field of a record.
    pub fn field(&self, kind: &Kind, row: &Row, position: usize) -> Json {
        let currency = currency_of(&kind.def, row, None);
        kind.field(position).map_or(Json::Null, |field| self.value(&field.ty, row.at(position), currency))
    }

    /// A value of a type, in a currency where it is an amount.
    pub fn value(&self, ty: &FieldType, value: &Value, currency: Option<Currency>) -> Json {
        match (ty, value) {
            (_, Value::Null) => Json::Null,
            (_, Value::Bool(value)) => Json::Bool(*value),
            (FieldType::Int, Value::Num(num)) => Json::Int(num.mantissa),
            (_, Value::Num(_)) => Json::Text(self.number(ty, value, currency)),
            (_, Value::Text(text)) => Json::Text(text.clone()),
            (_, Value::Date(date)) => Json::Text(date.to_string()),
            (_, Value::Instant(instant)) => Json::Text(instant.to_string()),
            (_, Value::Ref(id)) => Json::Text(id.to_string()),
            (_, Value::Json(json)) => (**json).clone(),
            (FieldType::Children(no), Value::Rows(rows)) => match self.catalogue.kind(*no) {
                Some(child) => Json::List(rows.iter().map(|row| self.line(child, row, currency)).collect()),
                None => Json::Null,
            },
            (FieldType::Record(no), Value::Row(row)) => match self.catalogue.kind(*no) {
                Some(kind) => self.record(kind, row),
                None => Json::Null,
            },
            (FieldType::Message(def), Value::Row(row)) => {
                Json::Object(self.members(def.def(), row, currency))
            }
            (FieldType::List(item), Value::List(items)) => {
                Json::List(items.iter().map(|found| self.value(item, found, currency)).collect())
            }
            (_, Value::Rows(_) | Value::Row(_) | Value::List(_)) => Json::Null,
        }
    }

    /// A line with its number.
    pub fn line(&self, kind: &Kind, row: &Row, currency: Option<Currency>) -> Json {
        let mut members = vec![("line".to_owned(), Json::Int(row.id))];
        members.extend(self.members(&kind.def, row, currency));
        Json::Object(members)
    }

    fn members(&self, def: &RecordDef, row: &Row, outer: Option<Currency>) -> Vec<(String, Json)> {
        let currency = currency_of(def, row, outer);
        let fields = def.fields.iter().enumerate().filter(|(_, field)| field.role != FieldRole::LineCounter);
        fields
            .map(|(at, field)| (field.name.to_string(), self.value(&field.ty, row.at(at), currency)))
            .collect()
    }

    fn number(&self, ty: &FieldType, value: &Value, currency: Option<Currency>) -> String {
        let dec = value.as_dec().unwrap_or_default();
        let currency = match ty {
            FieldType::Num { role: Role::Money, .. } => currency,
            FieldType::Num { role: Role::BaseMoney, .. } => self.base,
            _ => None,
        };
        currency.map_or_else(|| dec.to_string(), |currency| dec.to_text_scale(currency.digits()))
    }
}

/// The currency of a record's amounts: its own currency field, else the one around it.
pub fn currency_of(def: &RecordDef, row: &Row, outer: Option<Currency>) -> Option<Currency> {
    let position = def.fields.iter().position(|field| matches!(field.ty, FieldType::Currency));
    let own =
        position.and_then(|position| row.at(position).as_text()).and_then(|code| Currency::parse(code).ok());
    own.or(outer)
}
