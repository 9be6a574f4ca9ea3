//! The compact binary form of the changes of a change set, as stores keep it.
//!
//! A format byte, then for each change: kind, id, previous, action, fields, lines, orders. Whole numbers are LEB128
//! (zigzag where they may be negative). Values begin with a tag byte. Append-only: a tag never changes its meaning.

use super::{Action, Change, FieldChange, LineChange, OrderChange};
use crate::date::{Date, Instant};
use crate::error::{Code, Error, Result};
use crate::id::Id;
use crate::json::SharedJson;
use crate::value::{Num, Row, Value};

const FORMAT: u8 = 1;

/// The bytes of the changes.
pub fn encode(changes: &[Change]) -> Vec<u8> {
    let mut out = Writer(Vec::with_capacity(512 * changes.len() + 8));
    out.0.push(FORMAT);
    out.count(changes.len());
    for change in changes {
        out.unsigned(u64::from(change.kind));
        out.signed(change.id);
        out.signed(change.previous);
        out.0.push(action_tag(change.action));
        out.fields(&change.fields);
        out.count(change.lines.len());
        for line in &change.lines {
            out.unsigned(u64::from(line.field));
            out.signed(line.line);
            out.0.push(action_tag(line.action));
            out.fields(&line.fields);
        }
        out.count(change.orders.len());
        for order in &change.orders {
            out.unsigned(u64::from(order.field));
            for numbers in [&order.old, &order.new] {
                out.count(numbers.len());
                for number in numbers {
                    out.signed(*number);
                }
            }
        }
    }
    out.0
}

/// The changes from the bytes. Errors: `store.corrupt`.
pub fn decode(bytes: &[u8]) -> Result<Vec<Change>> {
    let mut reader = Reader(bytes);
    if reader.byte()? != FORMAT {
        return Err(corrupt());
    }
    let changes = reader.list(|reader| {
        Ok(Change {
            kind: reader.number()?,
            id: reader.signed()?,
            previous: reader.signed()?,
            action: reader.action()?,
            fields: reader.fields()?,
            lines: reader.list(|reader| {
                Ok(LineChange {
                    field: reader.number()?,
                    line: reader.signed()?,
                    action: reader.action()?,
                    fields: reader.fields()?,
                })
            })?,
            orders: reader.list(|reader| {
                Ok(OrderChange {
                    field: reader.number()?,
                    old: reader.list(Reader::signed)?,
                    new: reader.list(Reader::signed)?,
                })
            })?,
        })
    })?;
    if reader.0.is_empty() { Ok(changes) } else { Err(corrupt()) }
}

fn corrupt() -> Error {
    Code::CORRUPT.error().with("what", "change set")
}

fn action_tag(action: Action) -> u8 {
    match action {
        Action::Created => 0,
        Action::Updated => 1,
        Action::Deleted => 2,
        Action::Restored => 3,
    }
}

struct Writer(Vec<u8>);

impl Writer {
    fn unsigned(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push((value & 0x7f) as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }

    fn signed(&mut self, value: i64) {
        self.unsigned(((value << 1) ^ (value >> 63)).cast_unsigned());
    }

    fn count(&mut self, count: usize) {
        self.unsigned(count as u64);
    }

    fn text(&mut self, text: &str) {
        self.count(text.len());
        self.0.extend_from_slice(text.as_bytes());
    }

    fn fields(&mut self, fields: &[FieldChange]) {
        self.count(fields.len());
        for field in fields {
            self.unsigned(u64::from(field.field));
            self.value(&field.old);
            self.value(&field.new);
        }
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Null => self.0.push(0),
            Value::Bool(false) => self.0.push(1),
            Value::Bool(true) => self.0.push(2),
            Value::Num(num) => {
                self.0.push(3);
                self.0.push(num.scale);
                self.signed(num.mantissa);
            }
            Value::Text(text) => {
                self.0.push(4);
                self.text(text);
            }
            Value::Date(date) => {
                self.0.push(5);
                self.signed(date.days_since_epoch());
            }
            Value::Instant(instant) => {
                self.0.push(6);
                self.signed(instant.millis());
            }
            Value::Ref(id) => {
                self.0.push(7);
                self.signed(id.number());
            }
            Value::Json(json) => {
                self.0.push(8);
                self.text(json.text());
            }
            Value::Rows(rows) => {
                self.0.push(9);
                self.count(rows.len());
                for row in rows {
                    self.row(row);
                }
            }
            Value::Row(row) => {
                self.0.push(10);
                self.row(row);
            }
            Value::List(items) => {
                self.0.push(11);
                self.count(items.len());
                for item in items {
                    self.value(item);
                }
            }
        }
    }

    fn row(&mut self, row: &Row) {
        self.signed(row.id);
        self.signed(row.version);
        self.count(row.values.len());
        for value in &row.values {
            self.value(value);
        }
    }
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn byte(&mut self) -> Result<u8> {
        let (first, rest) = self.0.split_first().ok_or_else(corrupt)?;
        self.0 = rest;
        Ok(*first)
    }

    fn unsigned(&mut self) -> Result<u64> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(corrupt())
    }

    fn signed(&mut self) -> Result<i64> {
        let raw = self.unsigned()?;
        Ok((raw >> 1).cast_signed() ^ -(raw & 1).cast_signed())
    }

    fn number(&mut self) -> Result<u32> {
        u32::try_from(self.unsigned()?).map_err(|_| corrupt())
    }

    fn action(&mut self) -> Result<Action> {
        Ok(match self.byte()? {
            0 => Action::Created,
            1 => Action::Updated,
            2 => Action::Deleted,
            3 => Action::Restored,
            _ => return Err(corrupt()),
        })
    }

    fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Result<T>) -> Result<Vec<T>> {
        let count = self.unsigned()?;
        // An item takes at least one byte: a larger count is damage, and is not believed before memory is taken.
        if count > self.0.len() as u64 {
            return Err(corrupt());
        }
        (0..count).map(|_| item(self)).collect()
    }

    fn text(&mut self) -> Result<&str> {
        let length = usize::try_from(self.unsigned()?).map_err(|_| corrupt())?;
        let (text, rest) = self.0.split_at_checked(length).ok_or_else(corrupt)?;
        self.0 = rest;
        std::str::from_utf8(text).map_err(|_| corrupt())
    }

    fn fields(&mut self) -> Result<Vec<FieldChange>> {
        self.list(|reader| {
            Ok(FieldChange { field: reader.number()?, old: reader.value()?, new: reader.value()? })
        })
    }

    fn value(&mut self) -> Result<Value> {
        Ok(match self.byte()? {
            0 => Value::Null,
            1 => Value::Bool(false),
            2 => Value::Bool(true),
            3 => Value::Num(Num { scale: self.byte()?, mantissa: self.signed()? }),
            4 => Value::Text(self.text()?.to_owned()),
            5 => Value::Date(Date::from_days(self.signed()?).ok_or_else(corrupt)?),
            6 => Value::Instant(Instant::from_millis(self.signed()?).ok_or_else(corrupt)?),
            7 => Value::Ref(Id::new(self.signed()?).ok_or_else(corrupt)?),
            8 => Value::Json(SharedJson::kept(self.text()?).map_err(|_| corrupt())?),
            9 => Value::Rows(self.list(Reader::row)?),
            10 => Value::Row(self.row()?.into()),
            11 => Value::List(self.list(Reader::value)?),
            _ => return Err(corrupt()),
        })
    }

    fn row(&mut self) -> Result<Row> {
        Ok(Row { id: self.signed()?, version: self.signed()?, values: self.list(Reader::value)? })
    }
}
