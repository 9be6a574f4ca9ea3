//! Lists: filters, order, pages and what is read.

use super::values::*;
use super::{Case, Lab, market};
use crm_kernel::expr::Expr;
use crm_kernel::plan::{Found, Mark, Query, Select, SortKey};
use crm_kernel::value::{Row, Value};

pub(super) const CASES: &[Case] = &[
    ("a list without anything has all records by id", plain),
    ("a list of nothing is empty", nothing),
    ("a condition holds only where it is true", only_true),
    ("a condition compares by value", by_value),
    ("a condition reads through references", through_references),
    ("a condition asks for ids and references", ids),
    ("a condition asks lines", quantifiers),
    ("lines are found with their document", lines),
    ("text in a condition is text", text_is_text),
    ("a condition of many parts", many_parts),
    ("keys sort ascending and descending with nulls last", sorted),
    ("text sorts by code point", sorted_text),
    ("ties are broken by the next key, then by id", ties),
    ("a key through a reference and a calculated key", calculated_keys),
    ("a constant key has no effect", constant_key),
    ("a limit cuts the list", limits),
    ("rows come with their lines", rows),
    ("heads come without their lines", heads),
    ("values are what was asked for", values_read),
    ("a number of more than 18 digits leaves an expression as null", narrowed),
    ("all pages together are the whole list", pages),
    ("all pages of lines together are the whole list", pages_of_lines),
    ("a page begins behind a mark that is no record any more", gone_mark),
    ("a list sees what its transaction wrote", sees_itself),
];

/// `name`, `-name` for descending.
fn keys(lab: &Lab, kind: u32, order: &[&str]) -> Vec<SortKey> {
    let key = |text: &&str| match text.strip_prefix('-') {
        Some(text) => SortKey { by: lab.expr(kind, text), descending: true },
        None => SortKey { by: lab.expr(kind, text), descending: false },
    };
    order.iter().map(key).collect()
}

fn plan(lab: &Lab, kind: u32, filter: &str, order: &[&str]) -> Query {
    let (filter, order) = (lab.filter(kind, filter), keys(lab, kind, order));
    Query { kind, filter, order, after: None, limit: None, select: Select::Values(Vec::new()) }
}

fn found(lab: &mut Lab, plan: &Query) -> Vec<Found> {
    lab.read(|tx| tx.query(plan).unwrap())
}

/// The ids, in order, of what a condition finds.
fn list(lab: &mut Lab, kind: u32, filter: &str, order: &[&str]) -> Vec<i64> {
    let plan = plan(lab, kind, filter, order);
    found(lab, &plan).iter().map(|found| found.id).collect()
}

fn check(lab: &mut Lab, kind: u32, cases: &[(&str, &[i64])]) {
    for (filter, expected) in cases {
        assert_eq!(&list(lab, kind, filter, &[]), expected, "{filter}");
    }
}

fn plain(lab: &mut Lab) {
    market::fill(lab);
    assert_eq!(list(lab, CUSTOMER, "", &[]), [1, 2, 3, 4, 5, 6]);
    let plan = plan(lab, CUSTOMER, "", &[]);
    assert!(
        found(lab, &plan)
            .iter()
            .all(|found| found.parent == 0 && found.row.is_none() && found.keys.is_empty())
    );
}

fn nothing(lab: &mut Lab) {
    assert_eq!(list(lab, CUSTOMER, "", &["name"]), [0; 0]);
    assert_eq!(list(lab, LINE, "", &["product"]), [0; 0]);
    market::fill(lab);
    assert_eq!(list(lab, CUSTOMER, "false", &[]), [0; 0]);
    assert_eq!(list(lab, CUSTOMER, "true", &["name"]).len(), 6);
}

fn only_true(lab: &mut Lab) {
    market::fill(lab);
    check(
        lab,
        CUSTOMER,
        &[
            ("limit > 0", &[1, 4]),
            ("!(limit > 0)", &[3, 5]),
            ("limit == null", &[2, 6]),
            ("limit != null", &[1, 3, 4, 5]),
            ("limit > 0 || name == ''", &[1, 4, 6]),
            ("limit > 0 && name == ''", &[]),
            ("!(limit > 0 && name == '')", &[1, 2, 3, 4, 5]),
            ("limit in [0, 100]", &[1, 4, 5]),
            ("!(limit in [0, 100])", &[3]),
            ("limit in []", &[]),
            ("!(limit in [])", &[1, 2, 3, 4, 5, 6]),
            ("!(limit in [100, null])", &[]),
            ("limit in [100, null]", &[1, 4]),
            ("(limit > 0 ? name : 'x') == 'x'", &[3, 5]),
            ("1 / limit > 0", &[1, 4]),
            ("!(1 / limit > 0)", &[3]),
        ],
    );
}

fn by_value(lab: &mut Lab) {
    market::fill(lab);
    check(
        lab,
        CUSTOMER,
        &[
            ("limit == 100.00000", &[1, 4]),
            ("limit == 100.00001", &[]),
            ("limit != 100.00001", &[1, 3, 4, 5]),
            ("limit < 100.00001", &[1, 3, 4, 5]),
            ("limit <= -5.49999", &[3]),
            ("limit < -5.5", &[]),
            ("limit > -5.50001", &[1, 3, 4, 5]),
            ("limit >= -5.49999", &[1, 4, 5]),
            ("limit * 2 == 200", &[1, 4]),
            ("limit / 3 > 33.33333", &[1, 4]),
            ("since == date('2024-02-29')", &[1]),
            ("since > date('2024-02-29')", &[4, 5]),
            ("addMonths(date('2024-01-31'), 1) == since", &[1]),
            ("name < 'a'", &[1, 4, 6]),
            ("name.lower() == 'ärger'", &[3]),
            ("name.size() == 1", &[5]),
        ],
    );
}

fn through_references(lab: &mut Lab) {
    market::fill(lab);
    check(
        lab,
        CUSTOMER,
        &[
            ("region.code == 'north'", &[1, 2]),
            ("!(region.code == 'north')", &[3, 5, 6]),
            ("region.rank == null", &[3, 4]),
            ("head.region.code == 'north'", &[2, 3]),
            ("head.head.name == 'Ada'", &[4]),
            ("head.region.rank < region.rank", &[]),
            ("head.region.rank <= region.rank", &[2, 5]),
        ],
    );
    check(
        lab,
        ORDER,
        &[("customer.region.code == 'north'", &[1, 2, 4]), ("customer.head.head.region == null", &[1, 2, 4])],
    );
}

fn ids(lab: &mut Lab) {
    market::fill(lab);
    check(
        lab,
        CUSTOMER,
        &[
            ("id == '3'", &[3]),
            ("id in ['3', '9', '1']", &[1, 3]),
            ("head == '1'", &[2, 3]),
            ("head == id", &[5]),
            ("head != id", &[2, 3, 4]),
            ("region == null", &[4]),
            ("head.region == region", &[2, 5]),
        ],
    );
}

fn quantifiers(lab: &mut Lab) {
    market::fill(lab);
    check(
        lab,
        ORDER,
        &[
            ("lines.exists(l, l.quantity > 1)", &[1, 2]),
            ("lines.all(l, l.quantity >= 1)", &[1, 2, 3]),
            ("lines.exists(l, l.quantity == null)", &[4]),
            ("!lines.exists(l, true)", &[3]),
            ("lines.exists(l, l.receiver.region.code == 'south')", &[2]),
            ("lines.exists(l, l.receiver.head == customer.head)", &[2]),
            ("lines.exists(l, l.quantity * l.price > 3) && lines.all(l, l.product != 'ink')", &[2]),
            ("lines.exists(l, l.product == 'pen' && lines.exists(k, k.quantity > l.quantity))", &[]),
            ("lines.exists(l, lines.exists(k, k.line != l.line && k.price > l.price))", &[1]),
        ],
    );
}

fn lines(lab: &mut Lab) {
    market::fill(lab);
    let all = plan(lab, LINE, "", &[]);
    let places =
        |found: Vec<Found>| -> Vec<(i64, i64)> { found.iter().map(|line| (line.parent, line.id)).collect() };
    assert_eq!(places(found(lab, &all)), [(1, 1), (1, 2), (2, 5), (4, 1), (4, 2)], "by number, not by place");
    for (filter, expected) in [
        ("order.customer.name == 'Ada'", &[(1, 1), (1, 2), (4, 1), (4, 2)][..]),
        ("order.customer.region.rank == 2 && quantity > 1", &[(1, 1), (2, 5)]),
        ("receiver.name == 'Ärger'", &[(2, 5)]),
        ("line == 2", &[(1, 2), (4, 2)]),
        ("order == '4'", &[(4, 1), (4, 2)]),
        ("order.lines.exists(o, o.price > price)", &[(1, 1)]),
        ("order.placed == null", &[(2, 5)]),
    ] {
        let plan = plan(lab, LINE, filter, &[]);
        assert_eq!(places(found(lab, &plan)), expected, "{filter}");
    }
    let sorted = plan(lab, LINE, "", &["-order.customer.name", "-quantity", "product"]);
    assert_eq!(places(found(lab, &sorted)), [(2, 5), (1, 1), (1, 2), (4, 1), (4, 2)]);
}

fn text_is_text(lab: &mut Lab) {
    let names = [
        "'; DROP TABLE lab_customers; --",
        "a%b",
        "a_b",
        "\"",
        "\\",
        "{{x}}",
        "?1",
        "NULL",
        "ß",
        "A\u{308}",
        "Ä",
    ];
    lab.insert(CUSTOMER, (1..).zip(names).map(|(id, name)| customer(id, name)));
    for (id, name) in (1..).zip(names) {
        let quoted = name.replace('\\', "\\\\").replace('"', "\\\"");
        assert_eq!(list(lab, CUSTOMER, &format!("name == \"{quoted}\""), &[]), [id]);
        assert!(list(lab, CUSTOMER, &format!("name.contains(\"{quoted}\")"), &[]).contains(&id));
    }
    check(
        lab,
        CUSTOMER,
        &[("name.startsWith('A%')", &[2]), ("name.contains('a_')", &[3]), ("name.lower() == 'ä'", &[11])],
    );
}

fn many_parts(lab: &mut Lab) {
    market::fill(lab);
    let parts = (1..=500).map(|no| lab.expr(CUSTOMER, &format!("id == '{no}' && limit != {no}")));
    let any = Expr::any_of(CUSTOMER, parts.collect());
    let mut plan = plan(lab, CUSTOMER, "", &[]);
    plan.filter = Some(any.and(lab.expr(CUSTOMER, "region.rank > 0")));
    assert_eq!(found(lab, &plan).iter().map(|found| found.id).collect::<Vec<_>>(), [1, 5]);
}

fn sorted(lab: &mut Lab) {
    market::fill(lab);
    for (order, expected) in [
        (&["limit"][..], [3, 5, 1, 4, 2, 6]),
        (&["-limit"], [4, 1, 5, 3, 6, 2]),
        (&["since"], [3, 1, 4, 5, 2, 6]),
        (&["-since"], [5, 4, 1, 3, 6, 2]),
        (&["region"], [1, 2, 3, 5, 6, 4]),
        (&["-region"], [6, 5, 3, 2, 1, 4]),
        (&["-region", "id"], [5, 6, 3, 1, 2, 4]),
        (&["limit > 0"], [3, 5, 1, 4, 2, 6]),
        (&["-limit > 0"], [4, 1, 5, 3, 6, 2]),
        (&["-id"], [6, 5, 4, 3, 2, 1]),
    ] {
        assert_eq!(list(lab, CUSTOMER, "", order), expected, "{order:?}");
    }
}

fn sorted_text(lab: &mut Lab) {
    let names = ["", "A", "B", "Z", "a", "ab", "a\u{308}", "ß", "ä", "İ", "\u{ffff}", "😀"];
    lab.insert(CUSTOMER, (1..).zip(names.iter().rev()).map(|(id, name)| customer(id, name)));
    let plan = Query {
        select: Select::Values(vec![lab.expr(CUSTOMER, "name")]),
        ..plan(lab, CUSTOMER, "", &["name"])
    };
    let sorted: Vec<Value> = found(lab, &plan).into_iter().flat_map(|found| found.values).collect();
    assert_eq!(sorted, names.map(text));
    assert_eq!(list(lab, CUSTOMER, "", &["-name"]), (1..=12).collect::<Vec<_>>());
}

fn ties(lab: &mut Lab) {
    market::fill(lab);
    for (order, expected) in [
        (&["region.code", "-name"][..], [5, 6, 2, 1, 3, 4]),
        (&["-region.code", "limit"], [3, 1, 2, 5, 6, 4]),
        (&["limit", "-since", "name"], [3, 5, 4, 1, 6, 2]),
    ] {
        assert_eq!(list(lab, CUSTOMER, "", order), expected, "{order:?}");
    }
}

fn calculated_keys(lab: &mut Lab) {
    market::fill(lab);
    for (order, expected) in [
        (&["head.region.rank"][..], [5, 2, 3, 1, 4, 6]),
        (&["-limit / 7"], [4, 1, 5, 3, 6, 2]),
        (&["abs(limit)"], [5, 3, 1, 4, 2, 6]),
        (&["name.lower()"], [6, 1, 2, 4, 3, 5]),
        (&["since == null ? 1 : 0", "-name"], [5, 3, 4, 1, 2, 6]),
    ] {
        assert_eq!(list(lab, CUSTOMER, "", order), expected, "{order:?}");
    }
}

fn constant_key(lab: &mut Lab) {
    market::fill(lab);
    for order in
        [&["1"][..], &["-2"], &["'name'"], &["false ? 'x' : null"], &["false && limit > 0"], &["1 + 1"]]
    {
        assert_eq!(list(lab, CUSTOMER, "", order), [1, 2, 3, 4, 5, 6], "{order:?}");
    }
    assert_eq!(list(lab, CUSTOMER, "", &["3", "-id", "1"]), [6, 5, 4, 3, 2, 1]);
}

fn limits(lab: &mut Lab) {
    market::fill(lab);
    for limit in [0, 1, 5, 6, 7, u32::MAX] {
        let plan = Query { limit: Some(limit), ..plan(lab, CUSTOMER, "", &["-id"]) };
        let expected: Vec<i64> = (1..=6).rev().take(limit as usize).collect();
        assert_eq!(found(lab, &plan).iter().map(|found| found.id).collect::<Vec<_>>(), expected);
    }
}

fn rows(lab: &mut Lab) {
    market::fill(lab);
    let plan = Query { select: Select::Rows, ..plan(lab, ORDER, "customer.name != ''", &["-number"]) };
    let rows: Vec<Option<Row>> = found(lab, &plan).into_iter().map(|found| found.row).collect();
    let expected: Vec<Option<Row>> = (1..=4).rev().map(|id| lab.get(ORDER, id)).collect();
    assert_eq!(rows, expected);
    assert_eq!(rows[0].as_ref().unwrap().at(LINES).as_rows()[0].id, 2, "lines as they stand");
    let plan = Query { kind: LINE, filter: None, order: keys(lab, LINE, &["-line"]), ..plan };
    let first = found(lab, &plan).swap_remove(0);
    assert_eq!((first.parent, first.id), (2, 5));
    assert_eq!(first.row, lab.get(ORDER, 2).unwrap().at(LINES).as_rows().first().cloned());
}

fn heads(lab: &mut Lab) {
    market::fill(lab);
    let plan = Query { select: Select::Heads, ..plan(lab, ORDER, "", &[]) };
    for found in found(lab, &plan) {
        let mut expected = lab.get(ORDER, found.id).unwrap();
        expected.set(LINES, Value::Null);
        assert_eq!(found.row, Some(expected));
        assert!(found.values.is_empty());
    }
}

fn values_read(lab: &mut Lab) {
    market::fill(lab);
    let wanted = [
        "name",
        "limit",
        "limit * 1.5",
        "limit > 0",
        "since",
        "region",
        "head.name",
        "id",
        "limit / 3",
        "false ? 1 : null",
        "'x'",
        "7.50",
        "addDays(since, 1)",
    ];
    let select = Select::Values(wanted.iter().map(|text| lab.expr(CUSTOMER, text)).collect());
    let plan = Query { select, ..plan(lab, CUSTOMER, "limit != 0", &["-limit", "name.size()"]) };
    let found = found(lab, &plan);
    let third = [
        text("Ärger"),
        num("-5.5", 4),
        num("-8.25", 5),
        Value::Bool(false),
        day("2023-12-31"),
        to(2),
        text("Ada"),
        to(3),
        num("-1.8333333333", 10),
        Value::Null,
        text("x"),
        num("7.50", 2),
        day("2024-01-01"),
    ];
    assert_eq!(found.iter().map(|found| found.id).collect::<Vec<_>>(), [1, 4, 3]);
    assert_eq!(found[2].values, third);
    assert_eq!(found[2].keys, [num("-5.5", 4), int(5)]);
    assert_eq!(found[1].values[6], text("Ärger"));
    assert_eq!(found[1].values[5], Value::Null);
}

fn narrowed(lab: &mut Lab) {
    let mut rows = [(1, "999999999999999999"), (2, "9"), (3, "-1")].map(|(id, whole)| {
        let mut row = row(id, vec![Value::Null; 16]);
        row.set(4, num(whole, 0));
        row
    });
    rows[2].set(5, num("0.999999999999999999", 18));
    lab.insert(EVERYTHING, rows);
    let wanted = ["whole * whole", "whole + 1", "-whole", "whole * whole / whole", "whole + 0.0"];
    let select = Select::Values(wanted.iter().map(|text| lab.expr(EVERYTHING, text)).collect());
    let plan = Query { select, ..plan(lab, EVERYTHING, "", &["-whole * whole"]) };
    let found = found(lab, &plan);
    assert_eq!(
        found.iter().map(|found| found.id).collect::<Vec<_>>(),
        [2, 3, 1],
        "null where it does not fit"
    );
    let quotient = |number: &str| num(number, 10);
    assert_eq!(found[0].values, [int(81), int(10), int(-9), quotient("9"), num("9", 1)]);
    assert_eq!(
        found[2].values,
        [Value::Null, Value::Null, int(-999_999_999_999_999_999), Value::Null, Value::Null]
    );
    assert_eq!(list(lab, EVERYTHING, "whole * whole > 100", &[]), [1], "on its way a number has 38 digits");
    assert_eq!(list(lab, EVERYTHING, "whole + 1 == 999999999999999999 + 1", &[]), [1]);
}

/// Reads a list page by page, each from the mark of the one before.
fn paged(lab: &mut Lab, plan: &Query, size: u32) -> Vec<Found> {
    let mut all: Vec<Found> = Vec::new();
    let mut plan = Query { limit: Some(size), ..plan.clone() };
    loop {
        let page = found(lab, &plan);
        let short = page.len() < size as usize;
        all.extend(page);
        match all.last() {
            Some(last) if !short => {
                plan.after = Some(Mark { keys: last.keys.clone(), parent: last.parent, id: last.id });
            }
            _ => return all,
        }
    }
}

fn check_pages(lab: &mut Lab, kind: u32, filter: &str, order: &[&str]) {
    let plan = plan(lab, kind, filter, order);
    let whole = found(lab, &plan);
    for size in 1..=4 {
        assert_eq!(paged(lab, &plan, size), whole, "{order:?} by {size}");
    }
}

fn pages(lab: &mut Lab) {
    market::fill(lab);
    for order in [
        &[][..],
        &["limit"],
        &["-limit"],
        &["since", "limit"],
        &["-since", "limit"],
        &["region", "-limit", "name"],
        &["-region.rank", "-head", "since"],
        &["limit > 0", "-region"],
        &["-name.lower()"],
        &["1", "-limit"],
        &["true ? null : limit", "name"],
        &["-id"],
        &["-limit / 7", "id"],
    ] {
        check_pages(lab, CUSTOMER, "", order);
        check_pages(lab, CUSTOMER, "name != 'Zoe'", order);
    }
}

fn pages_of_lines(lab: &mut Lab) {
    market::fill(lab);
    for order in [
        &[][..],
        &["product"],
        &["-product", "quantity"],
        &["-order.placed"],
        &["quantity", "-line"],
        &["order"],
    ] {
        check_pages(lab, LINE, "", order);
        check_pages(lab, LINE, "product != 'ink'", order);
    }
}

fn gone_mark(lab: &mut Lab) {
    market::fill(lab);
    let mut plan = plan(lab, CUSTOMER, "", &["-limit"]);
    for (keys, id, expected) in [
        (Value::Null, 5, &[2][..]),
        (Value::Null, 7, &[6, 2]),
        (num("50", 4), 1, &[5, 3, 6, 2]),
        (num("100", 4), 2, &[1, 5, 3, 6, 2]),
        (num("-100", 4), 2, &[6, 2]),
    ] {
        plan.after = Some(Mark { keys: vec![keys], parent: 0, id });
        assert_eq!(found(lab, &plan).iter().map(|found| found.id).collect::<Vec<_>>(), expected);
    }
}

fn sees_itself(lab: &mut Lab) {
    market::fill(lab);
    let plan = plan(lab, CUSTOMER, "region.code == 'north'", &["name"]);
    lab.undone(|tx| {
        let old = tx.get(CUSTOMER, 4).unwrap().unwrap();
        let mut new = Row { version: 2, ..old.clone() };
        new.set(REGION_OF, to(1));
        tx.put(CUSTOMER, Some(&old), &new).unwrap();
        let ids: Vec<i64> = tx.query(&plan).unwrap().iter().map(|found| found.id).collect();
        assert_eq!(ids, [1, 4, 2]);
    });
    assert_eq!(found(lab, &plan).len(), 2);
}
