//! Short ways to write values and rows.

use super::kinds::{Customer, Order, OrderLine, Region};
use crm_kernel::date::{Date, Instant};
use crm_kernel::dec::Dec;
use crm_kernel::id::Id;
use crm_kernel::record::Record as _;
use crm_kernel::value::{Row, Value};

pub(super) const REGION: u32 = Region::NO;
pub(super) const CUSTOMER: u32 = Customer::NO;
pub(super) const ORDER: u32 = Order::NO;
pub(super) const LINE: u32 = OrderLine::NO;
pub(super) const EVERYTHING: u32 = super::kinds::Everything::NO;

/// Positions of `customer`.
pub(super) const NAME: usize = 0;
pub(super) const NICK: usize = 1;
pub(super) const REGION_OF: usize = 2;
pub(super) const HEAD: usize = 3;
pub(super) const TAX_NO: usize = 4;
pub(super) const LIMIT: usize = 5;
pub(super) const SINCE: usize = 6;
/// The position of the lines of `order`.
pub(super) const LINES: usize = 4;

pub(super) fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

pub(super) fn int(number: i64) -> Value {
    Value::int(number)
}

pub(super) fn num(number: &str, scale: u8) -> Value {
    Value::num(Dec::parse(number).unwrap(), scale).unwrap()
}

pub(super) fn day(day: &str) -> Value {
    Value::Date(Date::parse(day).unwrap())
}

pub(super) fn moment(moment: &str) -> Value {
    Value::Instant(Instant::parse(moment).unwrap())
}

pub(super) fn to(id: i64) -> Value {
    Value::Ref(Id::new(id).unwrap())
}

pub(super) fn row(id: i64, values: impl IntoIterator<Item = Value>) -> Row {
    Row { id, version: 1, values: values.into_iter().collect() }
}

pub(super) fn region(id: i64, code: &str) -> Row {
    row(id, [text(code), Value::Null])
}

/// A customer of whom only the name is known.
pub(super) fn customer(id: i64, name: &str) -> Row {
    let mut row = row(id, vec![Value::Null; 7]);
    row.set(NAME, text(name));
    row
}

pub(super) fn order(id: i64, number: &str, customer: i64, lines: impl IntoIterator<Item = Row>) -> Row {
    let lines = Value::Rows(lines.into_iter().collect());
    // The last one counts the lines; whoever saves the record sets it.
    row(id, [text(number), to(customer), Value::Null, Value::Null, lines, Value::Null])
}

/// A line; lines have no version of their own.
pub(super) fn line(no: i64, product: &str, quantity: Option<&str>, price: Option<&str>) -> Row {
    let amount = |number: Option<&str>| number.map_or(Value::Null, |number| num(number, 6));
    let values = vec![text(product), amount(quantity), amount(price), Value::Null, Value::Null];
    Row { id: no, version: 0, values }
}
