//! Descriptors: what a kind of record or a message is, as data.
//!
//! `#[derive(Record)]` on a struct gives a [`RecordDef`] and get and set by position; everything generic is ordinary
//! code over the descriptor. Kinds and fields made at run time are the same descriptor in owned form.

use crate::currency::Currency;
use crate::date::{Date, Instant};
use crate::dec::Dec;
use crate::error::{Code, Error, Result};
use crate::id::{Id, Ref};
use crate::json::{Json, SharedJson};
use crate::value::{Num, Row, Value};
use std::borrow::Cow;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

/// Text that is static for declared kinds and owned for those made at run time.
pub type Str = Cow<'static, str>;

/// Kind numbers from here on belong to kinds made at run time.
pub const FIRST_CUSTOM_KIND: u32 = 10_000;
/// Field numbers from here on belong to fields made at run time.
pub const FIRST_CUSTOM_FIELD: u32 = 1_000;

/// A kind of record, of line, or a message. Messages have number 0 and are not stored.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordDef {
    /// The stable number of the kind, never reused; 0 for messages.
    pub no: u32,
    /// The name in operations and expressions, singular, snake case.
    pub name: Str,
    /// The table in SQL, plural.
    pub table: Str,
    /// What it is, in English: the doc comment.
    pub doc: Str,
    /// The kind whose lines these are; 0 for a kind of its own.
    pub parent: u32,
    /// The fields in their order.
    pub fields: Cow<'static, [FieldDef]>,
    /// Indexes over one or more fields.
    pub indexes: Cow<'static, [IndexDef]>,
    /// Reference fields whose record decides who may see this one (a contact follows its customer); of several the one
    /// that is set.
    pub access: Cow<'static, [Str]>,
    /// Made and changed by operations of its area only; `record.create`, `update` and `delete` are refused.
    pub managed: bool,
    /// Read by its own area alone, as the system: nobody's positions open it, on any path.
    pub closed: bool,
    /// Labels in zh-CN, zh-TW, en for kinds made at run time; declared kinds have theirs in the text files.
    pub labels: Option<[String; 3]>,
}

/// An index of a kind.
#[derive(Clone, Debug, PartialEq)]
pub struct IndexDef {
    /// Field names, in order.
    pub fields: Cow<'static, [Str]>,
    /// No two records with the same values; records with a null among them do not collide.
    pub unique: bool,
}

/// One field.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldDef {
    /// The stable number within the kind, never reused: identity in the change log and in stored expressions.
    pub no: u32,
    /// The name in JSON, expressions and SQL.
    pub name: Str,
    /// What it is, in English.
    pub doc: Str,
    /// The type.
    pub ty: FieldType,
    /// A record without it is refused.
    pub required: bool,
    /// The value taken where a new record or a request has none, as JSON text.
    pub default: Option<Str>,
    /// What the field is to the machinery.
    pub role: FieldRole,
    /// Set by operations only, never by `record.create` or `record.update`.
    pub managed: bool,
    /// Left out of summaries, such as those that approvers are shown. Who may read the record reads it.
    pub sensitive: bool,
    /// Labels in zh-CN, zh-TW, en for fields made at run time.
    pub labels: Option<[String; 3]>,
}

/// What a field is to the machinery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum FieldRole {
    /// Nothing special.
    #[default]
    Plain,
    /// The employee whose record this is: data scope `own`.
    Owner,
    /// The department it belongs to: data scopes `department` and `tree`.
    Department,
    /// What people call the record: shown where it is referenced.
    Title,
    /// Its business number, from a numbering rule.
    Number,
    /// The date that chooses the counter of a numbering rule and the period in reports.
    BusinessDate,
    /// A list of a request that chooses some of what there is: without it everything is meant, and an empty one, which
    /// would choose nothing, is refused.
    Selection,
    /// The largest number that a line of the record ever had; the catalogue adds this field to kinds with lines, and
    /// no door shows it.
    LineCounter,
}

/// What a number is: decides its canonical text and what may be added to what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// A plain decimal.
    Plain,
    /// An amount in the record's currency (its own currency field, else its parent's): 4 decimals stored, shown with
    /// at least the currency's digits.
    Money,
    /// An amount in the enterprise's base currency.
    BaseMoney,
    /// A price of one unit: 6 decimals.
    UnitPrice,
    /// A quantity in the line's unit: 6 decimals.
    Quantity,
    /// Per cent (5 is 5 %): 6 decimals.
    Percent,
    /// An exchange rate: 12 decimals.
    Rate,
}

/// The type of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldType {
    /// `true` or `false`.
    Bool,
    /// An integer below 2^53; a JSON number.
    Int,
    /// A decimal of `digits` digits, `scale` of them decimals; a JSON string.
    Num {
        /// What the number is.
        role: Role,
        /// Digits in all, at most 18.
        digits: u8,
        /// Decimals among them.
        scale: u8,
    },
    /// Text of at most `max` characters.
    Text {
        /// Longest text, in characters.
        max: u32,
    },
    /// One of a closed list of codes: a state, a method.
    Choice(&'static ChoiceDef),
    /// A code of a list edited by the enterprise, named here.
    Picklist(Str),
    /// An ISO 4217 code.
    Currency,
    /// `YYYY-MM-DD`.
    Date,
    /// RFC 3339, UTC.
    Instant,
    /// The id of a record of the kind with this number.
    Ref(u32),
    /// The id of a record whose kind stands in another field.
    AnyRef,
    /// Any JSON; kept, not queried.
    Json,
    /// Lines: records of the child kind with this number.
    Children(u32),
    /// A nested message.
    Message(Nested),
    /// A list of values of one type; in messages only.
    List(&'static FieldType),
    /// A whole record of the kind with this number, with its id and version; in answers only.
    Record(u32),
}

/// The descriptor of a nested message, found when it is needed: a message may hold itself.
#[derive(Clone, Copy, Debug)]
pub struct Nested(pub fn() -> &'static RecordDef);

impl Nested {
    /// The descriptor.
    pub fn def(self) -> &'static RecordDef {
        self.0()
    }
}

impl PartialEq for Nested {
    fn eq(&self, other: &Nested) -> bool {
        self.def().name == other.def().name
    }
}

/// A closed list of codes.
#[derive(Debug, PartialEq, Eq)]
pub struct ChoiceDef {
    /// The name, snake case: key of the labels in the text files.
    pub name: &'static str,
    /// What it is.
    pub doc: &'static str,
    /// The codes in order.
    pub options: &'static [&'static str],
}

/// A text that only reference pages show. What is compiled for browsers is loaded over the network and goes without.
pub const fn page_text(text: &'static str) -> &'static str {
    if cfg!(target_family = "wasm") { "" } else { text }
}

impl FieldType {
    /// A plain decimal.
    pub const fn decimal(digits: u8, scale: u8) -> FieldType {
        FieldType::Num { role: Role::Plain, digits, scale }
    }

    /// An amount in the record's currency.
    pub const MONEY: FieldType = FieldType::Num { role: Role::Money, digits: 18, scale: 4 };
    /// An amount in the base currency.
    pub const BASE_MONEY: FieldType = FieldType::Num { role: Role::BaseMoney, digits: 18, scale: 4 };
    /// A price of one unit.
    pub const UNIT_PRICE: FieldType = FieldType::Num { role: Role::UnitPrice, digits: 18, scale: 6 };
    /// A quantity.
    pub const QUANTITY: FieldType = FieldType::Num { role: Role::Quantity, digits: 18, scale: 6 };
    /// Per cent.
    pub const PERCENT: FieldType = FieldType::Num { role: Role::Percent, digits: 18, scale: 6 };
    /// An exchange rate.
    pub const RATE: FieldType = FieldType::Num { role: Role::Rate, digits: 18, scale: 12 };
    /// A code or a name.
    pub const TEXT: FieldType = FieldType::Text { max: 255 };
    /// A note.
    pub const LONG_TEXT: FieldType = FieldType::Text { max: 65_535 };

    /// Digits and decimals of a numeric field, whole numbers included; `None` for others.
    pub fn numeric(&self) -> Option<(u8, u8)> {
        match self {
            FieldType::Int => Some((16, 0)),
            FieldType::Num { digits, scale, .. } => Some((*digits, *scale)),
            _ => None,
        }
    }

    /// True where a store has a column for it: everything but lines and the types of messages.
    pub fn is_column(&self) -> bool {
        !matches!(
            self,
            FieldType::Children(_) | FieldType::Message(_) | FieldType::List(_) | FieldType::Record(_)
        )
    }

    /// The word for the type in messages and descriptions.
    pub fn name(&self) -> &'static str {
        match self {
            FieldType::Bool => "boolean",
            FieldType::Int => "integer",
            FieldType::Num { role: Role::Money | Role::BaseMoney, .. } => "money",
            FieldType::Num { .. } => "decimal",
            FieldType::Text { .. } => "text",
            FieldType::Choice(_) => "choice",
            FieldType::Picklist(_) => "picklist",
            FieldType::Currency => "currency",
            FieldType::Date => "date",
            FieldType::Instant => "instant",
            FieldType::Ref(_) | FieldType::AnyRef => "reference",
            FieldType::Json => "json",
            FieldType::Children(_) => "lines",
            FieldType::Message(_) => "object",
            FieldType::List(_) => "list",
            FieldType::Record(_) => "record",
        }
    }
}

impl FieldDef {
    /// True where a text of nothing but blanks is none: the field is required, and not blank by default.
    pub fn refuses_blank(&self) -> bool {
        self.required && matches!(self.ty, FieldType::Text { .. }) && self.default.as_deref() != Some("\"\"")
    }
}

impl RecordDef {
    /// The position of a field by name.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }

    /// A field by name.
    pub fn field(&self, name: &str) -> Option<&FieldDef> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// This message with the fields of another behind its own: what `flatten` makes.
    pub fn joined(&self, more: &RecordDef) -> RecordDef {
        let fields = self.fields.iter().chain(more.fields.iter()).zip(1..);
        let fields = fields.map(|(field, no)| FieldDef { no, ..field.clone() });
        RecordDef { fields: fields.collect(), ..self.clone() }
    }
}

/// A struct that is a view on a row. Implemented by `#[derive(Record)]`, never by hand.
pub trait Record: Send + Sync + Sized + 'static {
    /// The kind's number; 0 for messages.
    const NO: u32;

    /// The descriptor.
    fn def() -> &'static RecordDef;

    /// What a row is read into: every field [unread](FieldValue::unread).
    fn unread() -> Self;

    /// The values of the declared fields, in order. Errors: `value.out_of_range` at the field that does not fit.
    fn to_values(&self) -> Result<Vec<Value>>;

    /// The struct from a row; positions beyond the declared fields are not looked at.
    /// Errors: `internal.error` where the row is of another kind.
    fn from_row(row: &Row) -> Result<Self>;

    /// A new row of it, without id.
    fn to_row(&self) -> Result<Row> {
        Ok(Row { id: 0, version: 0, values: self.to_values()? })
    }
}

/// A type that a field may have. `column` is the field's declared type, which may be narrower than the Rust type says.
pub trait FieldValue: Sized {
    /// The type where the field declares none.
    const TYPE: FieldType;
    /// False for `Option` and lists.
    const REQUIRED: bool = true;

    /// What stands in a field before it is read; nobody sees it.
    fn unread() -> Self;

    /// To the stored form. Errors: `value.out_of_range`.
    fn to_value(&self, column: &FieldType) -> Result<Value>;

    /// From the stored form. Errors: `internal.error` on another type.
    fn from_value(value: &Value) -> Result<Self>;
}

/// A field to be stored, whatever its type: [`get_fields`] goes through those of every kind with the same code.
pub trait GetField {
    /// [`FieldValue::to_value`].
    fn get(&self, column: &FieldType) -> Result<Value>;
}

/// A field to be filled, whatever its type: [`set_fields`] goes through those of every kind with the same code. Apart from
/// [`GetField`], for requests are only read and answers only written.
pub trait SetField {
    /// Takes [`FieldValue::from_value`].
    fn set(&mut self, value: &Value) -> Result<()>;
}

impl<T: FieldValue> GetField for T {
    fn get(&self, column: &FieldType) -> Result<Value> {
        self.to_value(column)
    }
}

impl<T: FieldValue> SetField for T {
    fn set(&mut self, value: &Value) -> Result<()> {
        *self = T::from_value(value)?;
        Ok(())
    }
}

/// The values of fields, in their order. Errors: `value.out_of_range` at the field that does not fit.
pub fn get_fields(columns: &[FieldDef], fields: &[&dyn GetField]) -> Result<Vec<Value>> {
    let mut values = Vec::with_capacity(fields.len());
    for (column, field) in columns.iter().zip(fields) {
        let value = field.get(&column.ty);
        values.push(value.map_err(|error| error.under(&format!("/{}", column.name)))?);
    }
    Ok(values)
}

/// Fills fields from a row, in their order. Errors: `internal.error` where the row is of another kind.
pub fn set_fields(row: &Row, fields: &mut [&mut dyn SetField]) -> Result<()> {
    for (position, field) in fields.iter_mut().enumerate() {
        field.set(row.at(position))?;
    }
    Ok(())
}

/// A message from its values. For the derive.
#[doc(hidden)]
pub fn message(values: Vec<Value>) -> Value {
    Value::Row(Arc::new(Row { values, ..Row::default() }))
}

/// Items of a list, each with the place where it fails.
fn list(items: &mut dyn Iterator<Item = &dyn GetField>, ty: &FieldType) -> Result<Value> {
    let mut values = Vec::new();
    for (at, item) in items.enumerate() {
        values.push(item.get(ty).map_err(|error| error.under(&format!("/{at}")))?);
    }
    Ok(Value::List(values))
}

/// Lines from their numbers, fields and fields made at run time, each with the place where it fails.
fn rows(lines: &mut dyn Iterator<Item = (i64, Result<Vec<Value>>, &[Value])>) -> Result<Value> {
    let mut rows = Vec::new();
    for (at, (id, values, custom)) in lines.enumerate() {
        let mut values = values.map_err(|error| error.under(&format!("/{at}")))?;
        values.extend_from_slice(custom);
        rows.push(Row { id, version: 0, values });
    }
    Ok(Value::Rows(rows))
}

/// The error of [`FieldValue::from_value`] on another type. For the derives.
#[doc(hidden)]
pub fn mismatch(wanted: &str, value: &Value) -> Error {
    Error::internal(format!("a field of type {wanted} holds {value:?}"))
}

macro_rules! field_value {
    ($type:ty, $field_type:expr, $wanted:literal, $blank:expr, $self:ident => $to:expr, $pattern:pat => $from:expr) => {
        impl FieldValue for $type {
            const TYPE: FieldType = $field_type;

            fn unread() -> Self {
                $blank
            }

            fn to_value(&$self, _: &FieldType) -> Result<Value> {
                Ok($to)
            }

            fn from_value(value: &Value) -> Result<Self> {
                match value {
                    $pattern => Ok($from),
                    other => Err(mismatch($wanted, other)),
                }
            }
        }
    };
}

field_value!(bool, FieldType::Bool, "boolean", false, self => Value::Bool(*self), Value::Bool(value) => *value);
field_value!(i64, FieldType::Int, "integer", 0, self => Value::int(*self), Value::Num(Num { mantissa, scale: 0 }) => *mantissa);
field_value!(Date, FieldType::Date, "date", Date::EPOCH, self => Value::Date(*self), Value::Date(value) => *value);
field_value!(Instant, FieldType::Instant, "instant", Instant::EPOCH, self => Value::Instant(*self), Value::Instant(value) => *value);
field_value!(Id, FieldType::AnyRef, "reference", Id::default(), self => Value::Ref(*self), Value::Ref(value) => *value);
field_value!(String, FieldType::TEXT, "text", String::new(), self => Value::Text(self.clone()), Value::Text(value) => value.clone());
field_value!(SharedJson, FieldType::Json, "json", Json::Null.into(), self => Value::Json(self.clone()), Value::Json(value) => value.clone());
field_value!(Json, FieldType::Json, "json", Json::Null, self => Value::Json(self.clone().into()), Value::Json(value) => value.tree().clone());

impl FieldValue for Dec {
    const TYPE: FieldType = FieldType::decimal(18, 6);

    fn unread() -> Self {
        Dec::ZERO
    }

    fn to_value(&self, column: &FieldType) -> Result<Value> {
        match column.numeric() {
            Some((digits, scale)) if self.fits(digits, scale) => Value::num(*self, scale),
            _ => Err(Code::OUT_OF_RANGE.error().with("value", self.to_string())),
        }
    }

    fn from_value(value: &Value) -> Result<Self> {
        value.as_dec().ok_or_else(|| mismatch("decimal", value))
    }
}

impl FieldValue for Currency {
    const TYPE: FieldType = FieldType::Currency;

    fn unread() -> Self {
        Currency::EUR
    }

    fn to_value(&self, _: &FieldType) -> Result<Value> {
        Ok(Value::Text(self.code().to_owned()))
    }

    fn from_value(value: &Value) -> Result<Self> {
        value.as_text().and_then(|text| Currency::parse(text).ok()).ok_or_else(|| mismatch("currency", value))
    }
}

impl<T: Record> FieldValue for Ref<T> {
    const TYPE: FieldType = FieldType::Ref(T::NO);

    fn unread() -> Self {
        Ref::new(Id::default())
    }

    fn to_value(&self, _: &FieldType) -> Result<Value> {
        Ok(Value::Ref(self.id()))
    }

    fn from_value(value: &Value) -> Result<Self> {
        value.as_id().map(Ref::new).ok_or_else(|| mismatch("reference", value))
    }
}

impl<T: FieldValue> FieldValue for Option<T> {
    const TYPE: FieldType = T::TYPE;
    const REQUIRED: bool = false;

    fn unread() -> Self {
        None
    }

    fn to_value(&self, column: &FieldType) -> Result<Value> {
        self.as_ref().map_or(Ok(Value::Null), |value| value.to_value(column))
    }

    fn from_value(value: &Value) -> Result<Self> {
        if value.is_null() { Ok(None) } else { T::from_value(value).map(Some) }
    }
}

/// Lines of a document, or a list of messages. Each line of a stored kind keeps its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lines<T>(Vec<Line<T>>);

impl<T> Default for Lines<T> {
    fn default() -> Lines<T> {
        Lines(Vec::new())
    }
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<T> {
    /// Its number within the parent, never reused; 0 where it is not yet given (saving gives it).
    pub no: i64,
    /// The line.
    pub line: T,
    /// Values of fields made at run time, kept as they were.
    pub custom: Vec<Value>,
}

impl<T> Deref for Line<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.line
    }
}

impl<T> DerefMut for Line<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.line
    }
}

impl<T> Lines<T> {
    /// Adds a line at the end; its number is given when the record is saved.
    pub fn push(&mut self, line: T) {
        self.0.push(Line { no: 0, line, custom: Vec::new() });
    }

    /// The line with a number.
    pub fn by_no(&self, no: i64) -> Option<&Line<T>> {
        self.0.iter().find(|line| line.no == no)
    }

    /// Takes out the line with a number, which is not used again.
    pub fn take(&mut self, no: i64) -> Option<Line<T>> {
        let at = self.0.iter().position(|line| line.no == no)?;
        Some(self.0.remove(at))
    }

    /// The line with a number, to change.
    pub fn by_no_mut(&mut self, no: i64) -> Option<&mut Line<T>> {
        self.0.iter_mut().find(|line| line.no == no)
    }
}

impl<T> Deref for Lines<T> {
    type Target = Vec<Line<T>>;

    fn deref(&self) -> &Vec<Line<T>> {
        &self.0
    }
}

impl<T> DerefMut for Lines<T> {
    fn deref_mut(&mut self) -> &mut Vec<Line<T>> {
        &mut self.0
    }
}

impl<T> FromIterator<T> for Lines<T> {
    fn from_iter<I: IntoIterator<Item = T>>(lines: I) -> Lines<T> {
        Lines(lines.into_iter().map(|line| Line { no: 0, line, custom: Vec::new() }).collect())
    }
}

impl<'a, T> IntoIterator for &'a Lines<T> {
    type Item = &'a Line<T>;
    type IntoIter = std::slice::Iter<'a, Line<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<T: Record> FieldValue for Lines<T> {
    const TYPE: FieldType = FieldType::Children(T::NO);
    const REQUIRED: bool = false;

    fn unread() -> Self {
        Lines::default()
    }

    fn to_value(&self, _: &FieldType) -> Result<Value> {
        rows(&mut self.0.iter().map(|line| (line.no, line.line.to_values(), line.custom.as_slice())))
    }

    fn from_value(value: &Value) -> Result<Self> {
        let declared = T::def().fields.len();
        let mut lines = Lines::default();
        for row in value.as_rows() {
            let custom = row.values.get(declared..).unwrap_or_default().to_vec();
            lines.0.push(Line { no: row.id, line: T::from_row(row)?, custom });
        }
        Ok(lines)
    }
}

/// A list in a message: plain values or nested messages.
impl<T: ListItem> FieldValue for Vec<T> {
    const TYPE: FieldType = FieldType::List(T::ITEM);
    const REQUIRED: bool = false;

    fn unread() -> Self {
        Vec::new()
    }

    fn to_value(&self, column: &FieldType) -> Result<Value> {
        let ty = if let FieldType::List(item) = column { item } else { T::ITEM };
        list(&mut self.iter().map(|item| item as &dyn GetField), ty)
    }

    fn from_value(value: &Value) -> Result<Self> {
        let items = match value {
            Value::List(items) => items.as_slice(),
            Value::Null => &[],
            other => return Err(mismatch("list", other)),
        };
        let mut list = Vec::with_capacity(items.len());
        for item in items {
            list.push(T::from_value(item)?);
        }
        Ok(list)
    }
}

/// What a list in a message may hold. Implemented for plain values here and for messages by the derive.
pub trait ListItem: FieldValue {
    /// The type of an item.
    const ITEM: &'static FieldType;
}

macro_rules! list_item {
    ($($type:ty),*) => {$(
        impl ListItem for $type {
            const ITEM: &'static FieldType = &<$type as FieldValue>::TYPE;
        }
    )*};
}

list_item!(String, i64, Dec, Date, Id, Json, SharedJson);

impl<T: Record> ListItem for Ref<T> {
    const ITEM: &'static FieldType = &<Ref<T> as FieldValue>::TYPE;
}

/// A whole record in an answer: with its id, its version and its custom fields, as the actor may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whole<T>(pub Arc<Row>, std::marker::PhantomData<fn() -> T>);

impl<T: Record> Whole<T> {
    /// From the row.
    pub fn new(row: impl Into<Arc<Row>>) -> Whole<T> {
        Whole(row.into(), std::marker::PhantomData)
    }

    /// The record's id.
    pub fn id(&self) -> Option<Id> {
        Id::new(self.0.id)
    }

    /// The typed view.
    pub fn get(&self) -> Result<T> {
        T::from_row(&self.0)
    }
}

impl<T: Record> FieldValue for Whole<T> {
    const TYPE: FieldType = FieldType::Record(T::NO);

    fn unread() -> Self {
        Whole::new(Row::default())
    }

    fn to_value(&self, _: &FieldType) -> Result<Value> {
        Ok(Value::Row(self.0.clone()))
    }

    fn from_value(value: &Value) -> Result<Self> {
        match value {
            Value::Row(row) => Ok(Whole::new(row.clone())),
            other => Err(mismatch("record", other)),
        }
    }
}

impl<T: Record> ListItem for Whole<T> {
    const ITEM: &'static FieldType = &<Whole<T> as FieldValue>::TYPE;
}

/// A closed list of codes as a Rust enum. Implemented by `#[derive(Choice)]`.
pub trait Choice: Sized + Copy {
    /// The list.
    const DEF: &'static ChoiceDef;
    /// The code.
    fn code(self) -> &'static str;
    /// From the code.
    fn from_code(code: &str) -> Option<Self>;
}
