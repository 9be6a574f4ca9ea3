//! The one encoder: rows to JSON by descriptor, as text or as a tree.
//!
//! Keys come in the order of the descriptor, so the same row gives the same bytes. Answers are written as text at once;
//! a tree is for those who look into it.

use crate::catalogue::{Catalogue, Kind};
use crate::currency::Currency;
use crate::json::{Json, SharedJson, write_text};
use crate::record::{FieldRole, FieldType, RecordDef, Role};
use crate::value::{Num, Row, Value};
use std::fmt::{Display, Write as _};

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
        tree(|sink| self.write_message(sink, def, row))
    }

    /// A whole record with its id and version.
    pub fn record(&self, kind: &Kind, row: &Row) -> Json {
        tree(|sink| self.write_record(sink, kind, row))
    }

    /// One field of a record.
    pub fn field(&self, kind: &Kind, row: &Row, position: usize) -> Json {
        let currency = currency_of(&kind.def, row, None);
        kind.field(position).map_or(Json::Null, |field| self.value(&field.ty, row.at(position), currency))
    }

    /// A value of a type, in a currency where it is an amount.
    pub fn value(&self, ty: &FieldType, value: &Value, currency: Option<Currency>) -> Json {
        tree(|sink| self.write_value(sink, ty, value, currency))
    }

    /// A line with its number.
    pub fn line(&self, kind: &Kind, row: &Row, currency: Option<Currency>) -> Json {
        tree(|sink| self.write_line(sink, kind, row, currency))
    }

    /// A message, into a sink.
    pub fn write_message<S: Sink>(&self, sink: &mut S, def: &RecordDef, row: &Row) {
        sink.open('{');
        self.members(sink, def, row, None);
        sink.close('}');
    }

    fn write_record<S: Sink>(&self, sink: &mut S, kind: &Kind, row: &Row) {
        sink.open('{');
        sink.key("id");
        sink.number(row.id, 0, 0);
        sink.key("version");
        sink.int(row.version);
        self.members(sink, &kind.def, row, None);
        sink.close('}');
    }

    fn write_line<S: Sink>(&self, sink: &mut S, kind: &Kind, row: &Row, currency: Option<Currency>) {
        sink.open('{');
        sink.key("line");
        sink.int(row.id);
        self.members(sink, &kind.def, row, currency);
        sink.close('}');
    }

    fn write_value<S: Sink>(&self, sink: &mut S, ty: &FieldType, value: &Value, currency: Option<Currency>) {
        match (ty, value) {
            (_, Value::Null) => sink.null(),
            (_, Value::Bool(value)) => sink.bool(*value),
            (FieldType::Int, Value::Num(num)) => sink.int(num.mantissa),
            (_, Value::Num(num)) => self.number(sink, ty, *num, currency),
            (_, Value::Text(text)) => sink.text(text),
            (_, Value::Date(date)) => sink.shown(date),
            (_, Value::Instant(instant)) => sink.shown(instant),
            (_, Value::Ref(id)) => sink.number(id.number(), 0, 0),
            (_, Value::Json(json)) => sink.json(json),
            (FieldType::Children(no), Value::Rows(rows)) => match self.catalogue.kind(*no) {
                Some(child) => {
                    sink.open('[');
                    rows.iter().for_each(|row| self.write_line(sink, child, row, currency));
                    sink.close(']');
                }
                None => sink.null(),
            },
            (FieldType::Record(no), Value::Row(row)) => match self.catalogue.kind(*no) {
                Some(kind) => self.write_record(sink, kind, row),
                None => sink.null(),
            },
            (FieldType::Message(def), Value::Row(row)) => {
                sink.open('{');
                self.members(sink, def.def(), row, currency);
                sink.close('}');
            }
            (FieldType::List(item), Value::List(items)) => {
                sink.open('[');
                items.iter().for_each(|found| self.write_value(sink, item, found, currency));
                sink.close(']');
            }
            (_, Value::Rows(_) | Value::Row(_) | Value::List(_)) => sink.null(),
        }
    }

    fn members<S: Sink>(&self, sink: &mut S, def: &RecordDef, row: &Row, outer: Option<Currency>) {
        let currency = currency_of(def, row, outer);
        let fields = def.fields.iter().enumerate().filter(|(_, field)| field.role != FieldRole::LineCounter);
        for (at, field) in fields {
            sink.key(&field.name);
            match row.at(at) {
                // A typed request that chooses nothing leaves the choice out.
                Value::List(items) if items.is_empty() && field.role == FieldRole::Selection => sink.null(),
                value => self.write_value(sink, &field.ty, value, currency),
            }
        }
    }

    fn number<S: Sink>(&self, sink: &mut S, ty: &FieldType, num: Num, currency: Option<Currency>) {
        let currency = match ty {
            FieldType::Num { role: Role::Money, .. } => currency,
            FieldType::Num { role: Role::BaseMoney, .. } => self.base,
            _ => None,
        };
        sink.number(num.mantissa, num.scale, currency.map_or(0, |currency| currency.digits()));
    }
}

/// The currency of a record's amounts: its own currency field, else the one around it.
pub fn currency_of(def: &RecordDef, row: &Row, outer: Option<Currency>) -> Option<Currency> {
    let position = def.fields.iter().position(|field| matches!(field.ty, FieldType::Currency));
    let own =
        position.and_then(|position| row.at(position).as_text()).and_then(|code| Currency::parse(code).ok());
    own.or(outer)
}

/// What JSON is written into, value by value.
pub trait Sink {
    /// `null`.
    fn null(&mut self);
    /// `true` or `false`.
    fn bool(&mut self, value: bool);
    /// An integer.
    fn int(&mut self, value: i64);
    /// Text.
    fn text(&mut self, text: &str);
    /// Text that needs no escapes, such as a date.
    fn shown(&mut self, value: &dyn Display);
    /// A decimal as text, with at least so many decimals.
    fn number(&mut self, mantissa: i64, scale: u8, decimals: u8);
    /// A structure as it is.
    fn json(&mut self, json: &SharedJson);
    /// The beginning of an object `{` or of an array `[`.
    fn open(&mut self, bracket: char);
    /// The key of the next member: a name, which needs no escapes.
    fn key(&mut self, key: &str);
    /// The end of the innermost object `}` or array `]`.
    fn close(&mut self, bracket: char);
}

/// Writes the canonical text.
pub struct Text {
    out: String,
    follows: bool,
}

impl Default for Text {
    fn default() -> Text {
        // Room for a small document: most answers are not moved as they grow.
        Text::with_capacity(4_096)
    }
}

impl Text {
    /// With room for so many bytes.
    pub fn with_capacity(bytes: usize) -> Text {
        Text { out: String::with_capacity(bytes), follows: false }
    }

    /// What was written.
    pub fn into_string(self) -> String {
        self.out
    }

    /// Canonical text that is known already, in parts: values, members, or the beginning of some.
    pub fn written(&mut self, parts: &[&str]) {
        let out = self.next();
        parts.iter().for_each(|part| out.push_str(part));
    }

    fn next(&mut self) -> &mut String {
        if self.follows {
            self.out.push(',');
        }
        self.follows = true;
        &mut self.out
    }
}

impl Sink for Text {
    fn null(&mut self) {
        self.next().push_str("null");
    }

    fn bool(&mut self, value: bool) {
        self.next().push_str(if value { "true" } else { "false" });
    }

    fn int(&mut self, value: i64) {
        write_number(self.next(), value, 0, 0);
    }

    fn text(&mut self, text: &str) {
        write_text(text, self.next());
    }

    fn shown(&mut self, value: &dyn Display) {
        let _ = write!(self.next(), "\"{value}\"");
    }

    fn number(&mut self, mantissa: i64, scale: u8, decimals: u8) {
        let out = self.next();
        out.push('"');
        write_number(out, mantissa, scale, decimals);
        out.push('"');
    }

    fn json(&mut self, json: &SharedJson) {
        self.next().push_str(json.text());
    }

    fn open(&mut self, bracket: char) {
        self.next().push(bracket);
        self.follows = false;
    }

    fn key(&mut self, key: &str) {
        let out = self.next();
        out.push('"');
        out.push_str(key);
        out.push_str("\":");
        self.follows = false;
    }

    fn close(&mut self, bracket: char) {
        self.out.push(bracket);
        self.follows = true;
    }
}

/// Builds a tree.
#[derive(Default)]
pub struct Tree {
    done: Json,
    open: Vec<(Json, String)>,
    key: String,
}

impl Tree {
    /// What was built.
    pub fn into_json(self) -> Json {
        self.done
    }

    fn put(&mut self, value: Json) {
        match self.open.last_mut() {
            Some((Json::List(items), _)) => items.push(value),
            Some((Json::Object(members), _)) => members.push((std::mem::take(&mut self.key), value)),
            _ => self.done = value,
        }
    }
}

impl Sink for Tree {
    fn null(&mut self) {
        self.put(Json::Null);
    }

    fn bool(&mut self, value: bool) {
        self.put(Json::Bool(value));
    }

    fn int(&mut self, value: i64) {
        self.put(Json::Int(value));
    }

    fn text(&mut self, text: &str) {
        self.put(Json::Text(text.to_owned()));
    }

    fn shown(&mut self, value: &dyn Display) {
        self.put(Json::Text(value.to_string()));
    }

    fn number(&mut self, mantissa: i64, scale: u8, decimals: u8) {
        let mut text = String::new();
        write_number(&mut text, mantissa, scale, decimals);
        self.put(Json::Text(text));
    }

    fn json(&mut self, json: &SharedJson) {
        self.put(json.tree().clone());
    }

    fn open(&mut self, bracket: char) {
        let empty = if bracket == '[' { Json::List(Vec::new()) } else { Json::object() };
        self.open.push((empty, std::mem::take(&mut self.key)));
    }

    fn key(&mut self, key: &str) {
        key.clone_into(&mut self.key);
    }

    fn close(&mut self, _bracket: char) {
        if let Some((value, key)) = self.open.pop() {
            self.key = key;
            self.put(value);
        }
    }
}

fn tree(write: impl FnOnce(&mut Tree)) -> Json {
    let mut sink = Tree::default();
    write(&mut sink);
    sink.into_json()
}

/// The canonical text of `mantissa / 10^scale`: no trailing zeros beyond `decimals`, at least so many decimals.
fn write_number(out: &mut String, mantissa: i64, scale: u8, decimals: u8) {
    const ZEROS: &str = "00000000000000000000000000000000000000";
    let (mut rest, mut scale, least) = (mantissa.unsigned_abs(), scale.min(38), decimals.min(38));
    while scale > least && rest.is_multiple_of(10) {
        rest /= 10;
        scale -= 1;
    }
    if mantissa < 0 {
        out.push('-');
    }
    let mut digits = itoa::Buffer::new();
    if scale == 0 {
        out.push_str(digits.format(rest));
    } else {
        // A unit beyond 64 bits is more than any mantissa.
        let unit = 10_u64.checked_pow(u32::from(scale));
        let (whole, part) = unit.map_or((0, rest), |unit| (rest / unit, rest % unit));
        out.push_str(digits.format(whole));
        out.push('.');
        let part = digits.format(part);
        out.push_str(ZEROS.get(part.len()..usize::from(scale)).unwrap_or_default());
        out.push_str(part);
    }
    if scale < least {
        if scale == 0 {
            out.push('.');
        }
        out.push_str(ZEROS.get(usize::from(scale)..usize::from(least)).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dec::Dec;
    use crate::record::Record as _;
    use crm_derive::Record;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_number_is_written_as_its_decimal_is(
            mantissa in prop_oneof![any::<i64>(), -2_000_i64..2_000, Just(0), Just(i64::MIN), Just(i64::MAX)],
            zeros in 0_u32..6,
            scale in 0_u8..=18,
            decimals in 0_u8..=4,
        ) {
            let mantissa = mantissa.checked_mul(10_i64.pow(zeros)).unwrap_or(mantissa);
            let mut text = String::new();
            write_number(&mut text, mantissa, scale, decimals);
            prop_assert_eq!(text, Dec::from_i64_at(mantissa, scale).to_text_scale(decimals));
        }
    }

    #[test]
    fn text_and_tree_are_the_same() {
        fn fill<S: Sink>(sink: &mut S) {
            sink.open('{');
            sink.key("a");
            sink.open('[');
            sink.int(1);
            sink.null();
            sink.open('{');
            sink.close('}');
            sink.number(-1_250, 3, 2);
            sink.close(']');
            sink.key("b");
            sink.text("x\"\u{1}");
            sink.key("c");
            sink.json(&Json::parse(r#"{"d":[true]}"#).unwrap().into());
            sink.key("e");
            sink.bool(false);
            sink.close('}');
        }
        let (mut text, mut tree) = (Text::default(), Tree::default());
        fill(&mut text);
        fill(&mut tree);
        let text = text.into_string();
        assert_eq!(text, r#"{"a":[1,null,{},"-1.25"],"b":"x\"\u0001","c":{"d":[true]},"e":false}"#);
        assert_eq!(tree.into_json().to_string(), text);
    }

    /// Lists of numbers.
    #[derive(Clone, Debug, PartialEq, Eq, Record)]
    #[record(name = "lists")]
    struct Lists {
        /// The currency.
        currency: Currency,
        /// Amounts.
        #[field(money)]
        amounts: Vec<Dec>,
        /// Quantities.
        #[field(quantity)]
        quantities: Vec<Dec>,
        /// Words.
        #[field(text = 3)]
        words: Vec<String>,
        /// Numbers without a word of their own.
        plain: Vec<Dec>,
    }

    #[test]
    fn what_is_said_of_a_list_holds_for_its_items() {
        let dec = |text: &str| Dec::parse(text).unwrap();
        let lists = Lists {
            currency: Currency::parse("EUR").unwrap(),
            amounts: vec![dec("1"), dec("99999999999999.95")],
            quantities: vec![dec("1"), dec("0.5")],
            words: vec!["abc".to_owned()],
            plain: vec![dec("2.5")],
        };
        let catalogue = Catalogue::default();
        let json = Encoder::new(&catalogue, None).message(Lists::def(), &lists.to_row().unwrap());
        assert_eq!(
            json.to_string(),
            r#"{"currency":"EUR","amounts":["1.00","99999999999999.95"],"quantities":["1","0.5"],"words":["abc"],"plain":["2.5"]}"#
        );
        let row = crate::codec::Decoder::new(&catalogue).message(Lists::def(), &json).unwrap();
        assert_eq!(Lists::from_row(&row).unwrap(), lists);
        let longer = json.to_string().replace("abc", "abcd");
        let fault =
            crate::codec::Decoder::new(&catalogue).message(Lists::def(), &Json::parse(&longer).unwrap());
        assert_eq!(fault.unwrap_err().place(), "/words/0");
    }
}
