//! What a field holds, and rows of it.

use crate::date::{Date, Instant};
use crate::dec::Dec;
use crate::id::Id;
use crate::json::SharedJson;
use std::cmp::Ordering;
use std::sync::Arc;

/// The value of one field. Numbers carry their scale, so a value can be read without its field.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Value {
    /// No value.
    #[default]
    Null,
    /// Yes or no.
    Bool(bool),
    /// A number of at most 18 digits at its field's scale.
    Num(Num),
    /// Text, a picklist code, a currency code.
    Text(String),
    /// A business date.
    Date(Date),
    /// A point in time.
    Instant(Instant),
    /// A reference to a record.
    Ref(Id),
    /// A structure that the engine keeps but does not query, such as a price derivation.
    Json(SharedJson),
    /// Lines of a document, or messages in a request.
    Rows(Vec<Row>),
    /// One nested message or one whole record.
    Row(Arc<Row>),
    /// A list of plain values, in requests and answers only.
    List(Vec<Value>),
}

/// A stored number: `mantissa / 10^scale`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Num {
    /// The digits.
    pub mantissa: i64,
    /// How many of them are decimals.
    pub scale: u8,
}

impl Value {
    /// True for [`Value::Null`].
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// A number at a scale. Errors: `value.out_of_range` where it does not fit.
    pub fn num(value: Dec, scale: u8) -> crate::error::Result<Value> {
        Ok(Value::Num(Num { mantissa: value.to_i64_at(scale)?, scale }))
    }

    /// A whole number.
    pub fn int(value: i64) -> Value {
        Value::Num(Num { mantissa: value, scale: 0 })
    }

    /// The number, if this is one.
    pub fn as_dec(&self) -> Option<Dec> {
        match self {
            Value::Num(num) => Some(Dec::from_i64_at(num.mantissa, num.scale)),
            _ => None,
        }
    }

    /// The text, if this is text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The reference, if this is one.
    pub fn as_id(&self) -> Option<Id> {
        match self {
            Value::Ref(id) => Some(*id),
            _ => None,
        }
    }

    /// The date, if this is one.
    pub fn as_date(&self) -> Option<Date> {
        match self {
            Value::Date(date) => Some(*date),
            _ => None,
        }
    }

    /// The lines, none where there are no lines.
    pub fn as_rows(&self) -> &[Row] {
        match self {
            Value::Rows(rows) => rows,
            _ => &[],
        }
    }

    /// The order of the kernel: within one type by value, text by code point, nulls last. Values of different types
    /// have an order too, so that sorting never fails.
    pub fn order(&self, other: &Value) -> Ordering {
        match (self, other) {
            (Value::Null, Value::Null) => Ordering::Equal,
            (Value::Null, _) => Ordering::Greater,
            (_, Value::Null) => Ordering::Less,
            (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
            (Value::Num(a), Value::Num(b)) => {
                Dec::from_i64_at(a.mantissa, a.scale).cmp(&Dec::from_i64_at(b.mantissa, b.scale))
            }
            (Value::Text(a), Value::Text(b)) => a.cmp(b),
            (Value::Date(a), Value::Date(b)) => a.cmp(b),
            (Value::Instant(a), Value::Instant(b)) => a.cmp(b),
            (Value::Ref(a), Value::Ref(b)) => a.cmp(b),
            (a, b) => a.rank().cmp(&b.rank()),
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Value::Bool(_) => 0,
            Value::Num(_) => 1,
            Value::Text(_) => 2,
            Value::Date(_) => 3,
            Value::Instant(_) => 4,
            Value::Ref(_) => 5,
            Value::Json(_) => 6,
            Value::Rows(_) | Value::Row(_) | Value::List(_) => 7,
            Value::Null => 8,
        }
    }
}

/// A record or a line as the store keeps it: values by field position, custom fields after the declared ones.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Row {
    /// The record's id; for a line its number within the parent, never reused; 0 in messages.
    pub id: i64,
    /// Number of the change set that last wrote the record; 0 for a record not yet written, and for lines.
    pub version: i64,
    /// One value for each field of the kind, in catalogue order.
    pub values: Vec<Value>,
}

impl Row {
    /// The value at a position; null where the row is shorter than its kind.
    pub fn at(&self, position: usize) -> &Value {
        self.values.get(position).unwrap_or(&Value::Null)
    }

    /// Sets the value at a position, lengthening the row where needed.
    pub fn set(&mut self, position: usize, value: Value) {
        if self.values.len() <= position {
            self.values.resize(position + 1, Value::Null);
        }
        if let Some(slot) = self.values.get_mut(position) {
            *slot = value;
        }
    }

    /// The values from a position on, as a row of their own.
    pub fn after(&self, position: usize) -> Row {
        let values = self.values.get(position..).unwrap_or_default().to_vec();
        Row { values, ..Row::default() }
    }
}
