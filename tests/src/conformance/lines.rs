//! Lines live in their parent: added, changed, moved and taken away with it, and kept in their order.

use super::values::*;
use super::{Case, Lab, code};
use crm_kernel::error::Code;
use crm_kernel::plan::{Query, Select};
use crm_kernel::value::{Row, Value};

pub(super) const CASES: &[Case] = &[
    ("lines come back in their order", order_kept),
    ("lines are added, changed, moved and taken away in one put", all_at_once),
    ("a line keeps its number when it moves", numbers_kept),
    ("lines change alone, and the parent alone", alone),
    ("lines go with their parent and come back with it", with_parent),
    ("lines of one parent are not those of another", two_parents),
    ("a unique value of a line is had by one line of all", unique_in_lines),
    ("unique values of lines change places in one put", unique_swapped),
    ("a reference of a line to nothing is refused", dangling_line),
    ("a hundred lines are turned around", turned_around),
];

fn start(lab: &mut Lab, lines: impl IntoIterator<Item = Row>) {
    lab.insert(CUSTOMER, [customer(1, "Ada")]);
    lab.insert(ORDER, [order(1, "A", 1, lines)]);
}

fn lines_of(lab: &mut Lab, id: i64) -> Vec<Row> {
    lab.get(ORDER, id).unwrap().at(LINES).as_rows().to_vec()
}

fn set_lines(lab: &mut Lab, id: i64, lines: Vec<Row>) -> crm_kernel::error::Result<()> {
    lab.change(ORDER, id, |row| row.set(LINES, Value::Rows(lines)))
}

fn plain(no: i64, product: &str) -> Row {
    line(no, product, Some("1.5"), Some("0.000001"))
}

fn order_kept(lab: &mut Lab) {
    let lines = vec![plain(30, "c"), plain(10, "a"), plain(20, "b")];
    start(lab, lines.clone());
    assert_eq!(lines_of(lab, 1), lines);
}

fn all_at_once(lab: &mut Lab) {
    start(lab, [plain(1, "a"), plain(2, "b"), plain(3, "c"), plain(4, "d")]);
    let mut changed = plain(2, "B");
    changed.set(1, Value::Null);
    let lines = vec![plain(5, "e"), plain(4, "d"), changed, plain(1, "a")];
    set_lines(lab, 1, lines.clone()).unwrap();
    assert_eq!(lines_of(lab, 1), lines);
    set_lines(lab, 1, Vec::new()).unwrap();
    assert_eq!(lab.get(ORDER, 1).unwrap().at(LINES), &Value::Rows(Vec::new()));
    set_lines(lab, 1, lines.clone()).unwrap();
    assert_eq!(lines_of(lab, 1), lines);
}

fn numbers_kept(lab: &mut Lab) {
    start(lab, [plain(1, "a"), plain(2, "b"), plain(3, "c")]);
    let moved = vec![plain(3, "c"), plain(1, "a"), plain(2, "b")];
    set_lines(lab, 1, moved.clone()).unwrap();
    assert_eq!(lines_of(lab, 1), moved);
    let plan =
        Query { kind: LINE, filter: None, order: Vec::new(), after: None, limit: None, select: Select::Rows };
    let found = lab.read(|tx| tx.query(&plan)).unwrap();
    let found: Vec<(i64, Option<Row>)> = found.into_iter().map(|found| (found.parent, found.row)).collect();
    assert_eq!(found, [(1, Some(plain(1, "a"))), (1, Some(plain(2, "b"))), (1, Some(plain(3, "c")))]);
}

fn alone(lab: &mut Lab) {
    start(lab, [plain(1, "a"), plain(2, "b")]);
    set_lines(lab, 1, vec![plain(1, "a"), plain(2, "B")]).unwrap();
    lab.change(ORDER, 1, |row| row.set(0, text("B"))).unwrap();
    let expected = Row { version: 3, ..order(1, "B", 1, [plain(1, "a"), plain(2, "B")]) };
    assert_eq!(lab.get(ORDER, 1), Some(expected));
}

fn with_parent(lab: &mut Lab) {
    start(lab, [plain(1, "a"), plain(2, "b")]);
    let whole = lab.get(ORDER, 1).unwrap();
    lab.write(|tx| tx.delete(ORDER, &whole)).unwrap();
    let plan = Query {
        kind: LINE,
        filter: None,
        order: Vec::new(),
        after: None,
        limit: None,
        select: Select::Heads,
    };
    assert_eq!(lab.read(|tx| tx.query(&plan)).unwrap(), []);
    lab.insert(ORDER, [whole.clone()]);
    assert_eq!(lab.get(ORDER, 1), Some(whole));
}

fn two_parents(lab: &mut Lab) {
    start(lab, [plain(1, "a"), plain(2, "b")]);
    lab.insert(ORDER, [order(2, "B", 1, [plain(1, "x"), plain(7, "y")]), order(3, "C", 1, [])]);
    set_lines(lab, 1, vec![plain(2, "b")]).unwrap();
    assert_eq!(lines_of(lab, 1), [plain(2, "b")]);
    assert_eq!(lines_of(lab, 2), [plain(1, "x"), plain(7, "y")]);
    assert_eq!(lines_of(lab, 3), []);
}

fn serial(no: i64, serial: &str) -> Row {
    let mut line = plain(no, "pen");
    line.set(4, text(serial));
    line
}

fn unique_in_lines(lab: &mut Lab) {
    start(lab, [serial(1, "S1"), serial(2, "S2"), plain(3, "x"), plain(4, "x")]);
    let other = order(2, "B", 1, [serial(1, "S2")]);
    assert_eq!(code(lab.undone(|tx| tx.put(ORDER, None, &other))), Code::DUPLICATE);
    let twice = order(2, "B", 1, [serial(1, "S3"), serial(2, "S3")]);
    assert_eq!(code(lab.undone(|tx| tx.put(ORDER, None, &twice))), Code::DUPLICATE);
    set_lines(lab, 1, vec![serial(1, "S1"), plain(2, "x")]).unwrap();
    lab.insert(ORDER, [other]);
}

fn unique_swapped(lab: &mut Lab) {
    start(lab, [serial(1, "S1"), serial(2, "S2"), serial(3, "S3")]);
    let swapped = vec![serial(1, "S2"), serial(2, "S1"), serial(4, "S3")];
    set_lines(lab, 1, swapped.clone()).unwrap();
    assert_eq!(lines_of(lab, 1), swapped);
}

fn dangling_line(lab: &mut Lab) {
    start(lab, [plain(1, "a")]);
    let mut lost = plain(2, "b");
    lost.set(3, to(9));
    assert_eq!(code(set_lines_undone(lab, vec![plain(1, "a"), lost.clone()])), Code::DANGLING);
    lost.set(3, to(1));
    set_lines(lab, 1, vec![lost.clone()]).unwrap();
    assert_eq!(lines_of(lab, 1), [lost]);
}

fn set_lines_undone(lab: &mut Lab, lines: Vec<Row>) -> crm_kernel::error::Result<()> {
    lab.undone(|tx| {
        let old = tx.get(ORDER, 1)?.unwrap();
        let mut new = old.clone();
        new.set(LINES, Value::Rows(lines));
        new.version += 1;
        tx.put(ORDER, Some(&old), &new)
    })
}

fn turned_around(lab: &mut Lab) {
    let mut lines: Vec<Row> = (1..=100).map(|no| plain(no, &format!("p{no}"))).collect();
    start(lab, lines.clone());
    lines.reverse();
    lines.retain(|line| line.id % 10 != 0);
    set_lines(lab, 1, lines.clone()).unwrap();
    assert_eq!(lines_of(lab, 1), lines);
}
