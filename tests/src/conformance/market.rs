//! A few records for lists and figures: every reference is null somewhere, every key has ties and nulls.

use super::Lab;
use super::values::*;
use crm_kernel::value::{Row, Value};

pub(super) fn fill(lab: &mut Lab) {
    let regions = [(1, "north", Some(2)), (2, "south", None), (3, "West", Some(1))];
    lab.insert(REGION, regions.map(|(id, code, rank)| row(id, [text(code), rank.map_or(Value::Null, int)])));
    lab.insert(
        CUSTOMER,
        [
            someone(1, "Ada", Some(1), None, Some("100"), Some("2024-02-29")),
            someone(3, "Ärger", Some(2), Some(1), Some("-5.5"), Some("2023-12-31")),
            someone(2, "bea", Some(1), Some(1), None, None),
            someone(4, "Zoe", None, Some(3), Some("100.00"), Some("2024-03-31")),
            someone(5, "😀", Some(3), Some(5), Some("0"), Some("2024-04-01")),
            someone(6, "", Some(3), None, None, None),
        ],
    );
    let mut for_three = line(5, "pen", Some("3"), Some("1.25"));
    for_three.set(3, to(3));
    let pens = [line(1, "pen", Some("2"), Some("1.5")), line(2, "ink", Some("1"), Some("10"))];
    let caps = [line(2, "cap", None, None), line(1, "pen", Some("0.5"), Some("2"))];
    lab.insert(
        ORDER,
        [
            dated(1, "A", 1, Some("2024-01-01"), Some("draft"), pens.to_vec()),
            dated(2, "B", 2, None, Some("sent"), vec![for_three]),
            dated(3, "C", 4, Some("2024-12-30"), Some("done"), Vec::new()),
            dated(4, "D", 1, Some("2024-12-31"), None, caps.to_vec()),
        ],
    );
}

fn someone(
    id: i64,
    name: &str,
    region: Option<i64>,
    head: Option<i64>,
    limit: Option<&str>,
    since: Option<&str>,
) -> Row {
    let mut row = customer(id, name);
    row.set(REGION_OF, region.map_or(Value::Null, to));
    row.set(HEAD, head.map_or(Value::Null, to));
    row.set(LIMIT, limit.map_or(Value::Null, |limit| num(limit, 4)));
    row.set(SINCE, since.map_or(Value::Null, day));
    row
}

fn dated(id: i64, number: &str, by: i64, placed: Option<&str>, state: Option<&str>, lines: Vec<Row>) -> Row {
    let mut row = order(id, number, by, lines);
    row.set(2, placed.map_or(Value::Null, day));
    row.set(3, state.map_or(Value::Null, text));
    row
}
