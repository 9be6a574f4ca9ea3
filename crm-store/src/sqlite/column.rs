//! How values lie in columns.

use crm_kernel::date::{Date, Instant};
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::id::Id;
use crm_kernel::json::SharedJson;
use crm_kernel::record::FieldType;
use crm_kernel::value::{Num, Value};
use rusqlite::Statement;
use rusqlite::types::ValueRef;

use super::errors::Mapped;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Storage {
    /// 0 or 1.
    Bool,
    /// The mantissa of a number.
    Num { digits: u8, scale: u8 },
    /// Text and codes.
    Text,
    /// Days since 1970-01-01.
    Date,
    /// Milliseconds since 1970-01-01.
    Instant,
    /// The id of a record.
    Ref,
    /// Canonical JSON.
    Json,
}

impl Storage {
    /// What a field's column holds; `None` where a field has no column.
    pub(super) fn of(ty: &FieldType) -> Option<Storage> {
        Some(match ty {
            FieldType::Bool => Storage::Bool,
            FieldType::Int | FieldType::Num { .. } => {
                let (digits, scale) = ty.numeric()?;
                Storage::Num { digits, scale }
            }
            FieldType::Text { .. } | FieldType::Choice(_) | FieldType::Picklist(_) | FieldType::Currency => {
                Storage::Text
            }
            FieldType::Date => Storage::Date,
            FieldType::Instant => Storage::Instant,
            FieldType::Ref(_) | FieldType::AnyRef => Storage::Ref,
            FieldType::Json => Storage::Json,
            FieldType::Children(_) | FieldType::Message(_) | FieldType::List(_) | FieldType::Record(_) => {
                return None;
            }
        })
    }

    /// The type in SQL.
    pub(super) fn sql(self) -> &'static str {
        match self {
            Storage::Text | Storage::Json => "TEXT",
            _ => "INTEGER",
        }
    }

    /// True where the column can hold the value.
    pub(super) fn fits(self, value: &Value) -> bool {
        match (self, value) {
            (_, Value::Null) => true,
            (Storage::Num { digits, scale }, Value::Num(num)) => {
                let limit = 10_u64.checked_pow(u32::from(digits)).unwrap_or(u64::MAX);
                num.scale == scale && num.mantissa.unsigned_abs() < limit
            }
            (Storage::Bool, Value::Bool(_))
            | (Storage::Text, Value::Text(_))
            | (Storage::Date, Value::Date(_))
            | (Storage::Instant, Value::Instant(_))
            | (Storage::Ref, Value::Ref(_))
            | (Storage::Json, Value::Json(_)) => true,
            _ => false,
        }
    }

    /// The value in a column. Errors: `store.corrupt` where it is none of this storage.
    pub(super) fn read(self, found: ValueRef<'_>) -> Result<Value> {
        let number = match found {
            ValueRef::Null => return Ok(Value::Null),
            ValueRef::Integer(number) => number,
            ValueRef::Text(bytes) => {
                let text = std::str::from_utf8(bytes).map_err(|_| self.corrupt())?;
                return match self {
                    Storage::Text => Ok(Value::Text(text.to_owned())),
                    Storage::Json => SharedJson::kept(text).map(Value::Json).map_err(|_| self.corrupt()),
                    _ => Err(self.corrupt()),
                };
            }
            ValueRef::Real(_) | ValueRef::Blob(_) => return Err(self.corrupt()),
        };
        self.of_number(number).ok_or_else(|| self.corrupt())
    }

    /// The value of an integer column.
    pub(super) fn of_number(self, number: i64) -> Option<Value> {
        match self {
            Storage::Bool => match number {
                0 => Some(Value::Bool(false)),
                1 => Some(Value::Bool(true)),
                _ => None,
            },
            Storage::Num { scale, .. } => Some(Value::Num(Num { mantissa: number, scale })),
            Storage::Date => Date::from_days(number).map(Value::Date),
            Storage::Instant => Instant::from_millis(number).map(Value::Instant),
            Storage::Ref => Id::new(number).map(Value::Ref),
            Storage::Text | Storage::Json => None,
        }
    }

    fn corrupt(self) -> Error {
        Code::CORRUPT.error().with("what", format!("a value that is no {self:?}"))
    }
}

/// Binds a value to a parameter that is null so far.
pub(super) fn bind(statement: &mut Statement<'_>, index: usize, value: &Value) -> Result<()> {
    match value {
        Value::Null => Ok(()),
        Value::Text(text) => statement.raw_bind_parameter(index, text.as_str()).mapped(),
        Value::Json(json) => statement.raw_bind_parameter(index, json.text()).mapped(),
        other => match number(other) {
            Some(number) => statement.raw_bind_parameter(index, number).mapped(),
            None => Err(Error::internal("lines and messages have no column")),
        },
    }
}

/// The integer that stands for a value in a column, `None` for text and null.
pub(super) fn number(value: &Value) -> Option<i64> {
    match value {
        Value::Bool(value) => Some(i64::from(*value)),
        Value::Num(num) => Some(num.mantissa),
        Value::Date(date) => Some(date.days_since_epoch()),
        Value::Instant(instant) => Some(instant.millis()),
        Value::Ref(id) => Some(id.number()),
        _ => None,
    }
}

/// A name as SQL writes it.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
