//! Rows of expressions with what they give, where they fail, and which types they have.

use super::node::{Op, Step, Ty};
use super::table::{Form, Function, OPERATORS, Sqlite, called, operator};
use super::*;
use crate::currency::Currency;
use crate::date::{Date, Instant};
use crate::dec::Dec;
use crate::id::{Id, Ref};
use crate::json::Json;
use crate::record::{Lines, Record};
use crate::value::Row;
use crate::{Choice, Record};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

mod faults;
mod meaning;
mod random;
mod templates;
mod typing;

/// Who buys.
#[derive(Record)]
#[record(no = 1)]
struct Customer {
    /// Its name.
    #[field(no = 1)]
    name: String,
    /// Where it is.
    #[field(no = 2)]
    region: Option<String>,
    /// The group it belongs to.
    #[field(no = 3)]
    group: Option<Ref<Customer>>,
    /// Its limit.
    #[field(no = 4, money)]
    credit: Option<Dec>,
}

/// What is sold.
#[derive(Record)]
#[record(no = 2)]
struct Product {
    /// Its name.
    #[field(no = 1)]
    name: String,
    /// Its price.
    #[field(no = 2, unit_price)]
    price: Dec,
}

/// How far an order is.
#[derive(Clone, Copy, Choice)]
enum State {
    /// Being worked on.
    Open,
    /// Done.
    Closed,
}

/// A document.
#[derive(Record)]
#[record(no = 3)]
struct Order {
    /// Who buys.
    #[field(no = 1)]
    customer: Option<Ref<Customer>>,
    /// What it is called.
    #[field(no = 2)]
    title: String,
    /// How far it is.
    #[field(no = 3)]
    state: State,
    /// In which currency.
    #[field(no = 4)]
    currency: Currency,
    /// The amount.
    #[field(no = 5, money)]
    total: Dec,
    /// What was taken off.
    #[field(no = 6, money)]
    discount: Option<Dec>,
    /// When it was placed.
    #[field(no = 7)]
    ordered_on: Date,
    /// When it was paid.
    #[field(no = 8)]
    paid_on: Option<Date>,
    /// When it was entered.
    #[field(no = 9)]
    created_at: Instant,
    /// Whether it cannot wait.
    #[field(no = 10)]
    urgent: bool,
    /// Whether it was checked.
    #[field(no = 11)]
    checked: Option<bool>,
    /// How often it was changed.
    #[field(no = 12)]
    changes: i64,
    /// What it is about.
    #[field(no = 13)]
    subject: Option<Id>,
    /// How it was priced.
    #[field(no = 14)]
    derivation: Option<Json>,
    /// Its lines.
    #[field(no = 15)]
    lines: Lines<OrderLine>,
    /// A rate.
    #[field(no = 16, rate)]
    rate: Option<Dec>,
    /// A small number.
    #[field(no = 17, decimal(4, 2))]
    factor: Option<Dec>,
}

/// A line.
#[derive(Record)]
#[record(no = 4, parent = Order)]
struct OrderLine {
    /// What is sold.
    #[field(no = 1)]
    product: Option<Ref<Product>>,
    /// How much of it.
    #[field(no = 2, quantity)]
    quantity: Option<Dec>,
    /// What one costs.
    #[field(no = 3, unit_price)]
    price: Option<Dec>,
}

const CUSTOMER: u32 = 1;
const PRODUCT: u32 = 2;
const ORDER: u32 = 3;
const LINE: u32 = 4;

fn catalogue() -> Catalogue {
    let defs = [Customer::def(), Product::def(), Order::def(), OrderLine::def()];
    Catalogue::build(defs.into_iter().cloned()).unwrap()
}

fn dec(text: &str) -> Dec {
    Dec::parse(text).unwrap()
}

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn reference<T>(id: i64) -> Option<Ref<T>> {
    Id::new(id).map(Ref::new)
}

fn with_id(id: i64, mut row: Row) -> Option<Arc<Row>> {
    row.id = id;
    Some(Arc::new(row))
}

/// A customer in a group whose record is gone, two products, one order with two lines.
fn world() -> (Row, Arena) {
    let mut arena = Arena::default();
    let customer = Customer {
        name: "Ärzte AG".into(),
        region: Some("north".into()),
        group: reference(77),
        credit: None,
    };
    arena.insert(CUSTOMER, 11, with_id(11, customer.to_row().unwrap()));
    arena.insert(CUSTOMER, 77, None);
    for (id, name, price) in [(21, "bolt", "0.25"), (22, "nut", "0.1")] {
        let product = Product { name: name.into(), price: dec(price) };
        arena.insert(PRODUCT, id, with_id(id, product.to_row().unwrap()));
    }
    let line = |product, quantity, price| OrderLine {
        product: reference(product),
        quantity: Some(dec(quantity)),
        price: Some(dec(price)),
    };
    let mut lines = Lines::default();
    lines.push(line(21, "100", "0.2"));
    lines.push(OrderLine { quantity: None, ..line(22, "0", "0.1") });
    lines[0].no = 1;
    lines[1].no = 2;
    let order = Order {
        customer: reference(11),
        title: "Hello Straße".into(),
        state: State::Open,
        currency: Currency::EUR,
        total: dec("10"),
        discount: None,
        ordered_on: day("2024-01-31"),
        paid_on: None,
        created_at: Instant::parse("2026-01-31T23:30:00Z").unwrap(),
        urgent: true,
        checked: None,
        changes: 7,
        subject: Id::new(5),
        derivation: None,
        lines,
        rate: None,
        factor: Some(dec("1.25")),
    };
    let row = with_id(31, order.to_row().unwrap()).unwrap();
    ((*row).clone(), arena)
}

fn names() -> Vec<(&'static str, Ty, Value)> {
    vec![
        ("today", Ty::Date, Value::Date(day("2024-02-29"))),
        ("now", Ty::Instant, Value::Instant(Instant::parse("2024-02-29T12:00:00Z").unwrap())),
        ("actor", Ty::Ref(CUSTOMER), Value::Ref(Id::new(11).unwrap())),
        ("actor.region", Ty::Text, Value::Text("north".into())),
        ("$limit", Ty::Num { digits: 18, scale: 4 }, Value::Num(crate::value::Num { mantissa: 5, scale: 0 })),
        ("$none", Ty::Num { digits: 18, scale: 4 }, Value::Null),
        ("$wrong", Ty::Date, Value::Bool(true)),
    ]
}

fn check(root: u32, text: &str) -> Result<Expr> {
    Expr::check(text, &Scope { catalogue: &catalogue(), root, names: &names() })
}

fn order(text: &str) -> Expr {
    check(ORDER, text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn shown(val: &Val<'_>) -> String {
    match val {
        Val::Null(reason) => format!("null {}", reason.code()),
        Val::Bool(value) => value.to_string(),
        Val::Num(dec) => dec.to_string(),
        Val::Text(text) => format!("'{text}'"),
        Val::Date(date) => date.to_string(),
        Val::Instant(instant) => instant.to_string(),
        Val::Ref(id) => format!("#{id}"),
    }
}

fn gives(rows: &[(&str, &str)]) {
    let (row, arena) = world();
    let env = RowEnv { root: &row, parent: None, source: &arena };
    for (text, expected) in rows {
        assert_eq!(shown(&order(text).eval(&env)), *expected, "{text}");
    }
}

fn fault(root: u32, text: &str) -> (String, i64, i64, String) {
    let error = match check(root, text) {
        Ok(expr) => panic!("{text} is read as {:?}", expr.node()),
        Err(error) => error,
    };
    assert_eq!(error.code().name, "expression.invalid");
    let word = |name| error.arg(name).unwrap().as_text().unwrap().to_owned();
    let number = |name| error.arg(name).unwrap().as_int().unwrap();
    let code = word("fault");
    assert!(FAULTS.iter().any(|(known, _)| *known == code), "{code}");
    (code, number("at"), number("length"), word("detail"))
}
