//! JSON as the doors speak it: text in, a small tree, text out.
//!
//! Numbers are integers below 2^53; decimals and ids are strings, so a number with a fraction is refused where
//! it stands. A repeated key is refused. Objects keep their order; writing the same tree gives the same bytes.

mod shared;

pub use shared::SharedJson;

use crate::error::{Code, Result};
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use std::cell::{Cell, RefCell};
use std::fmt;

/// Largest integer that crosses a door as a JSON number: 2^53 - 1.
pub const MAX_INTEGER: i64 = 9_007_199_254_740_991;

const MAX_DEPTH: usize = 64;

/// What can be wrong with a text: `fault` of a `request.invalid_json`; the texts are `json.<word>`. Only added to.
pub const FAULTS: &[&str] = &["number", "repeated_key", "syntax", "too_deep", "zero_character"];

/// A JSON value. Objects are lists of members in their written order.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Json {
    /// `null`
    #[default]
    Null,
    /// `true` or `false`
    Bool(bool),
    /// An integer of at most 53 bits.
    Int(i64),
    /// Text; also decimals, ids, dates and instants.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object, members in order, keys unique.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Reads a text. Errors: `request.invalid_json` with the path and the place of the first fault.
    pub fn parse(text: &str) -> Result<Json> {
        let trace = Trace::default();
        let mut reader = serde_json::Deserializer::from_str(text);
        let read = Seed { trace: &trace }.deserialize(&mut reader);
        read.and_then(|json| reader.end().map(|()| json)).map_err(|error| {
            // A number with a fraction or an exponent is the only JSON that no value is made of.
            let number = error.is_data().then_some("number");
            let fault = trace.fault.get().or(number).unwrap_or("syntax");
            let place = format!("{}:{}", error.line(), error.column());
            let mut detail = error.to_string();
            if let Some(cut) = detail.rfind(" at line ") {
                detail.truncate(cut);
            }
            Code::INVALID_JSON
                .at(trace.path())
                .coded("fault", "json", fault)
                .with("place", place)
                .with("detail", detail)
        })
    }

    /// An empty object.
    pub fn object() -> Json {
        Json::Object(Vec::new())
    }

    /// Text from anything that can become a string.
    pub fn text(text: impl Into<String>) -> Json {
        Json::Text(text.into())
    }

    /// The object with one more member; nothing happens on any other value.
    #[must_use]
    pub fn with(mut self, key: impl Into<String>, value: impl Into<Json>) -> Json {
        if let Json::Object(members) = &mut self {
            members.push((key.into(), value.into()));
        }
        self
    }

    /// The member of an object by key.
    pub fn get(&self, key: &str) -> Option<&Json> {
        match self {
            Json::Object(members) => members.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The value at a JSON pointer (`/lines/0/product`); the whole value for the empty pointer.
    pub fn at(&self, pointer: &str) -> Option<&Json> {
        let mut here = self;
        for step in pointer.split('/').skip(1) {
            here = match here {
                Json::List(items) => items.get(step.parse::<usize>().ok()?)?,
                Json::Object(_) => here.get(&step.replace("~1", "/").replace("~0", "~"))?,
                _ => return None,
            };
        }
        Some(here)
    }

    /// The text, if this is text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The items, if this is an array.
    pub fn as_list(&self) -> Option<&[Json]> {
        match self {
            Json::List(items) => Some(items),
            _ => None,
        }
    }

    /// The members, if this is an object.
    pub fn as_object(&self) -> Option<&[(String, Json)]> {
        match self {
            Json::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The JSON pointer of the first place where a value stands in this one.
    pub fn find(&self, value: &Json) -> Option<String> {
        if self == value {
            return Some(String::new());
        }
        match self {
            Json::Object(members) => members.iter().find_map(|(key, member)| {
                member.find(value).map(|rest| format!("/{}{rest}", key.replace('~', "~0").replace('/', "~1")))
            }),
            Json::List(items) => {
                let mut items = items.iter().enumerate();
                items.find_map(|(at, item)| item.find(value).map(|rest| format!("/{at}{rest}")))
            }
            _ => None,
        }
    }

    /// The integer, if this is one.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Json::Int(value) => Some(*value),
            _ => None,
        }
    }

    /// True for `null`.
    pub fn is_null(&self) -> bool {
        matches!(self, Json::Null)
    }

    /// A word for the sort of value, as messages name it.
    pub fn sort(&self) -> &'static str {
        match self {
            Json::Null => "null",
            Json::Bool(_) => "boolean",
            Json::Int(_) => "integer",
            Json::Text(_) => "string",
            Json::List(_) => "array",
            Json::Object(_) => "object",
        }
    }

    /// The canonical text: no blanks, members in their order.
    pub fn write(&self, out: &mut String) {
        match self {
            Json::Null => out.push_str("null"),
            Json::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Json::Int(value) => {
                let _ = fmt::Write::write_fmt(out, format_args!("{value}"));
            }
            Json::Text(text) => write_text(text, out),
            Json::List(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    item.write(out);
                }
                out.push(']');
            }
            Json::Object(members) => {
                out.push('{');
                for (at, (key, value)) in members.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    write_text(key, out);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }

    /// Text for people: two blanks a level, short arrays of scalars on one line.
    pub fn pretty(&self) -> String {
        let mut out = String::new();
        self.write_pretty(0, &mut out);
        out.push('\n');
        out
    }

    fn write_pretty(&self, level: usize, out: &mut String) {
        let open = |out: &mut String, level: usize| {
            out.push('\n');
            out.push_str(&"  ".repeat(level));
        };
        match self {
            Json::List(items) if items.iter().any(|item| matches!(item, Json::List(_) | Json::Object(_))) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    open(out, level + 1);
                    item.write_pretty(level + 1, out);
                }
                open(out, level);
                out.push(']');
            }
            Json::Object(members) if !members.is_empty() => {
                out.push('{');
                for (at, (key, value)) in members.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    open(out, level + 1);
                    write_text(key, out);
                    out.push_str(": ");
                    value.write_pretty(level + 1, out);
                }
                open(out, level);
                out.push('}');
            }
            other => other.write(out),
        }
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        self.write(&mut out);
        f.write_str(&out)
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Json {
        Json::Text(text.to_owned())
    }
}

impl From<String> for Json {
    fn from(text: String) -> Json {
        Json::Text(text)
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Json {
        Json::Bool(value)
    }
}

impl From<i64> for Json {
    fn from(value: i64) -> Json {
        Json::Int(value)
    }
}

impl From<Vec<Json>> for Json {
    fn from(items: Vec<Json>) -> Json {
        Json::List(items)
    }
}

/// Writes text as a JSON string.
pub fn write_text(text: &str, out: &mut String) {
    out.push('"');
    if is_plain(text.as_bytes()) {
        out.push_str(text);
        out.push('"');
        return;
    }
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if u32::from(c) < 0x20 => {
                let _ = fmt::Write::write_fmt(out, format_args!("\\u{:04x}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// True where JSON has the text as it is.
fn is_plain(text: &[u8]) -> bool {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    // Eight bytes at once: the high bit of some byte stays set where one is below another that has no high bit.
    let below = |eight: u64, bound: u8| eight.wrapping_sub(ONES * u64::from(bound)) & !eight & HIGH;
    let has = |eight: u64, byte: u8| below(eight ^ (ONES * u64::from(byte)), 1);
    let (eights, rest) = text.as_chunks::<8>();
    eights.iter().all(|eight| {
        let eight = u64::from_le_bytes(*eight);
        below(eight, 0x20) | has(eight, b'"') | has(eight, b'\\') == 0
    }) && rest.iter().all(|byte| *byte >= 0x20 && *byte != b'"' && *byte != b'\\')
}

/// A JSON pointer from steps.
pub fn pointer(steps: &[String]) -> String {
    steps.iter().map(|step| format!("/{}", step.replace('~', "~0").replace('/', "~1"))).collect()
}

/// Where a [`Json::parse`] is, and what is wrong there.
#[derive(Default)]
struct Trace {
    depth: Cell<usize>,
    /// The steps to a fault, from the innermost: noted on the way back from it.
    steps: RefCell<Vec<String>>,
    /// What is wrong, where that is not the syntax.
    fault: Cell<Option<&'static str>>,
}

impl Trace {
    /// The JSON pointer to the fault.
    fn path(&self) -> String {
        pointer(&self.steps.borrow().iter().rev().cloned().collect::<Vec<_>>())
    }
}

/// One step of a [`Json::parse`].
#[derive(Clone, Copy)]
struct Seed<'a> {
    trace: &'a Trace,
}

impl Seed<'_> {
    /// Refuses what is JSON but no value of the doors; `detail` is for developers.
    fn refuse<E: serde::de::Error>(self, fault: &'static str, detail: impl fmt::Display) -> E {
        self.trace.fault.set(Some(fault));
        E::custom(detail)
    }

    /// A fault that lies below a step.
    fn below<E>(self, step: impl ToString, fault: E) -> E {
        self.trace.steps.borrow_mut().push(step.to_string());
        fault
    }

    fn deeper<E: serde::de::Error>(self) -> std::result::Result<(), E> {
        if self.trace.depth.get() >= MAX_DEPTH {
            return Err(self.refuse("too_deep", "nested too deeply"));
        }
        self.trace.depth.set(self.trace.depth.get() + 1);
        Ok(())
    }

    fn back(self) {
        self.trace.depth.set(self.trace.depth.get().saturating_sub(1));
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> std::result::Result<Json, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value whose numbers are integers below 2^53 (decimals and ids are strings)")
    }

    fn visit_unit<E>(self) -> std::result::Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> std::result::Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> std::result::Result<Json, E> {
        if value.unsigned_abs() > MAX_INTEGER.unsigned_abs() {
            return Err(self.refuse("number", format_args!("integer `{value}` is beyond 2^53")));
        }
        Ok(Json::Int(value))
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> std::result::Result<Json, E> {
        match i64::try_from(value) {
            Ok(value) => self.visit_i64(value),
            Err(_) => Err(self.refuse("number", format_args!("integer `{value}` is beyond 2^53"))),
        }
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> std::result::Result<Json, E> {
        if text.contains('\0') {
            return Err(self.refuse("zero_character", "text holds U+0000"));
        }
        Ok(Json::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> std::result::Result<Json, A::Error> {
        self.deeper::<A::Error>()?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self).map_err(|fault| self.below(list.len(), fault))? {
            list.push(item);
        }
        self.back();
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Json, A::Error> {
        self.deeper::<A::Error>()?;
        let mut members: Vec<(String, Json)> = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            // Long objects are rare (bodies of a hundred fields at most), so a scan is enough.
            let value = if members.iter().any(|(name, _)| *name == key) {
                Err(self.refuse("repeated_key", "repeated key"))
            } else if key.contains('\0') {
                Err(self.refuse("zero_character", "text holds U+0000"))
            } else {
                map.next_value_seed(self)
            };
            match value {
                Ok(value) => members.push((key, value)),
                Err(fault) => return Err(self.below(key, fault)),
            }
        }
        self.back();
        Ok(Json::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> (String, String) {
        let error = Json::parse(text).unwrap_err();
        (error.path().to_owned(), error.arg("fault").unwrap().to_string())
    }

    #[test]
    fn reads_and_writes_the_same_bytes() {
        for text in [r#"{"a":[1,-2,"x\n\"\\",null,true],"b":{}}"#, "[]", "\"\\u0001é中\"", "9007199254740991"]
        {
            assert_eq!(Json::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn refuses_with_the_path() {
        assert_eq!(fault(r#"{"a":{"b":[1,2.5]}}"#), ("/a/b/1".into(), "\"number\"".into()));
        assert_eq!(fault("2.5"), (String::new(), "\"number\"".into()));
        assert_eq!(fault("{"), (String::new(), "\"syntax\"".into()));
        assert_eq!(fault(r#"{"a":1,"a":2}"#), ("/a".into(), "\"repeated_key\"".into()));
        assert_eq!(fault(r#"{"a":9007199254740992}"#), ("/a".into(), "\"number\"".into()));
        assert_eq!(fault(r#"{"a":"x\u0000"}"#), ("/a".into(), "\"zero_character\"".into()));
        assert_eq!(fault(&"[".repeat(1000)).1, "\"too_deep\"");
        assert_eq!(fault("{} x").1, "\"syntax\"");
    }
}
