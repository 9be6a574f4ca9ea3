//! Groups and measures, exact to the last digit.

use super::values::*;
use super::{Case, Lab, code, market};
use crm_kernel::date::Date;
use crm_kernel::dec::Dec;
use crm_kernel::error::Code;
use crm_kernel::plan::{Aggregate, Group, GroupKey, Measure, Period};
use crm_kernel::value::{Row, Value};
use std::collections::{BTreeMap, BTreeSet};

pub(super) const CASES: &[Case] = &[
    ("over nothing there is one row without groups and none with", over_nothing),
    ("every measure over all records", every_measure),
    ("nulls are not measured", nulls),
    ("a condition chooses what is measured", filtered),
    ("groups are sorted by their keys with null last", sorted_groups),
    ("null is a group of its own", null_group),
    ("several keys make groups of their combinations", several_keys),
    ("groups through references", through_references),
    ("lines are measured with their document", over_lines),
    ("many lines are measured with their many documents", over_many_lines),
    ("days fall into periods", periods),
    ("periods at the ends of the calendar", ends_of_calendar),
    ("different values are counted once", distinct),
    ("the smallest and the largest of every type", extremes),
    ("a constant key makes one group", constant_key),
    ("a sum may run far over 64 bits on its way", partial_sums),
    ("a sum of more than 18 digits is refused", sum_out_of_range),
    ("an average is one division, rounded half away from zero", averages),
    ("measures of calculated values", calculated),
];

/// A measure as text: `count`, or a word and an expression.
fn measure(lab: &Lab, kind: u32, text: &str) -> Measure {
    let (word, of) = text.split_once(' ').unwrap_or((text, ""));
    let of = || lab.expr(kind, of);
    match word {
        "count" => Measure::Count,
        "count_of" => Measure::CountOf(of()),
        "distinct" => Measure::CountDistinct(of()),
        "sum" => Measure::Sum(of()),
        "min" => Measure::Min(of()),
        "max" => Measure::Max(of()),
        average => {
            Measure::Average { of: of(), scale: average.trim_start_matches("average").parse().unwrap() }
        }
    }
}

/// A group key as text: an expression, perhaps with a period behind a `:`.
fn key(lab: &Lab, kind: u32, text: &str) -> GroupKey {
    let periods = [
        (":day", Period::Day),
        (":week", Period::Week),
        (":month", Period::Month),
        (":quarter", Period::Quarter),
        (":year", Period::Year),
    ];
    let found = periods.into_iter().find_map(|(word, period)| Some((text.strip_suffix(word)?, Some(period))));
    let (text, period) = found.unwrap_or((text, None));
    GroupKey { by: lab.expr(kind, text), period }
}

fn plan(lab: &Lab, kind: u32, filter: &str, group: &[&str], measures: &[&str]) -> Aggregate {
    Aggregate {
        kind,
        filter: lab.filter(kind, filter),
        group: group.iter().map(|text| key(lab, kind, text)).collect(),
        measures: measures.iter().map(|text| measure(lab, kind, text)).collect(),
    }
}

fn groups(lab: &mut Lab, kind: u32, filter: &str, group: &[&str], measures: &[&str]) -> Vec<Group> {
    let plan = plan(lab, kind, filter, group, measures);
    lab.read(|tx| tx.aggregate(&plan)).unwrap()
}

const EVERY: &[&str] =
    &["count", "count_of limit", "distinct limit", "sum limit", "min limit", "max limit", "average6 limit"];

fn over_nothing(lab: &mut Lab) {
    let none = [int(0), int(0), int(0), Value::Null, Value::Null, Value::Null, Value::Null];
    assert_eq!(groups(lab, CUSTOMER, "", &[], EVERY), [none.to_vec()]);
    assert_eq!(groups(lab, CUSTOMER, "", &["name"], EVERY), [[]; 0]);
    assert_eq!(groups(lab, LINE, "", &[], &["count", "sum quantity * price"]), [[int(0), Value::Null]]);
    market::fill(lab);
    assert_eq!(groups(lab, CUSTOMER, "name == 'nobody'", &[], EVERY), [none.to_vec()]);
    assert_eq!(groups(lab, CUSTOMER, "name == 'nobody'", &["name"], EVERY), [[]; 0]);
}

fn every_measure(lab: &mut Lab) {
    market::fill(lab);
    let expected = [int(6), int(4), int(3), num("194.5", 4), num("-5.5", 4), num("100", 4), num("48.625", 6)];
    assert_eq!(groups(lab, CUSTOMER, "", &[], EVERY), [expected]);
}

fn nulls(lab: &mut Lab) {
    market::fill(lab);
    let none = [int(2), int(0), int(0), Value::Null, Value::Null, Value::Null, Value::Null];
    assert_eq!(groups(lab, CUSTOMER, "limit == null", &[], EVERY), [none]);
    assert_eq!(
        groups(lab, CUSTOMER, "", &[], &["sum 1 / 0", "count_of name + nick", "distinct 1 / 0", "min 1 / 0"]),
        [[Value::Null, int(0), int(0), Value::Null]]
    );
}

fn filtered(lab: &mut Lab) {
    market::fill(lab);
    assert_eq!(
        groups(lab, CUSTOMER, "region.rank > 1", &[], &["count", "sum limit"]),
        [[int(2), num("100", 4)]]
    );
    assert_eq!(
        groups(lab, CUSTOMER, "!(limit > 0)", &["name"], &["count"]),
        [[text("Ärger"), int(1)], [text("😀"), int(1)]]
    );
}

fn sorted_groups(lab: &mut Lab) {
    market::fill(lab);
    let keys = |groups: Vec<Group>| -> Vec<Value> {
        groups.into_iter().map(|mut group| group.swap_remove(0)).collect()
    };
    let names = ["", "Ada", "Zoe", "bea", "Ärger", "😀"];
    assert_eq!(keys(groups(lab, CUSTOMER, "", &["name"], &[])), names.map(text));
    let limits = [num("-5.5", 4), num("0", 4), num("100", 4), Value::Null];
    assert_eq!(keys(groups(lab, CUSTOMER, "", &["limit"], &["count"])), limits);
    let positive = [Value::Bool(false), Value::Bool(true), Value::Null];
    assert_eq!(keys(groups(lab, CUSTOMER, "", &["limit > 0"], &["count"])), positive);
    assert_eq!(keys(groups(lab, CUSTOMER, "", &["head"], &[])), [to(1), to(3), to(5), Value::Null]);
}

fn null_group(lab: &mut Lab) {
    market::fill(lab);
    let groups = groups(lab, CUSTOMER, "", &["region"], &["count", "sum limit"]);
    let amount = |amount| num(amount, 4);
    assert_eq!(
        groups,
        [
            [to(1), int(2), amount("100")],
            [to(2), int(1), amount("-5.5")],
            [to(3), int(2), amount("0")],
            [Value::Null, int(1), amount("100")],
        ]
    );
}

fn several_keys(lab: &mut Lab) {
    market::fill(lab);
    let groups = groups(lab, CUSTOMER, "", &["limit == null", "region.rank", "since == null"], &["count"]);
    let (no, yes) = (Value::Bool(false), Value::Bool(true));
    assert_eq!(
        groups,
        [
            [no.clone(), int(1), no.clone(), int(1)],
            [no.clone(), int(2), no.clone(), int(1)],
            [no.clone(), Value::Null, no.clone(), int(2)],
            [yes.clone(), int(1), yes.clone(), int(1)],
            [yes.clone(), int(2), yes.clone(), int(1)],
        ]
    );
}

fn through_references(lab: &mut Lab) {
    market::fill(lab);
    assert_eq!(
        groups(lab, ORDER, "", &["customer.region.code"], &["count", "max customer.limit"]),
        [[text("north"), int(3), num("100", 4)], [Value::Null, int(1), num("100", 4)],]
    );
    assert_eq!(
        groups(lab, CUSTOMER, "", &["head.region.code"], &["count"]),
        [[text("West"), int(1)], [text("north"), int(2)], [text("south"), int(1)], [Value::Null, int(2)],]
    );
}

fn over_lines(lab: &mut Lab) {
    market::fill(lab);
    let lines =
        groups(lab, LINE, "", &["product"], &["count", "sum quantity", "sum quantity * price", "min line"]);
    assert_eq!(
        lines,
        [
            [text("cap"), int(1), Value::Null, Value::Null, num("2", 0)],
            [text("ink"), int(1), num("1", 6), num("10", 12), num("2", 0)],
            [text("pen"), int(3), num("5.5", 6), num("7.75", 12), num("1", 0)],
        ]
    );
    let by_parent = groups(
        lab,
        LINE,
        "order.customer.limit == null || quantity > 1",
        &["order.number", "order"],
        &["count"],
    );
    assert_eq!(by_parent, [[text("A"), to(1), int(1)], [text("B"), to(2), int(1)]]);
    assert_eq!(
        groups(lab, LINE, "", &["order.customer.region.code", "order.placed:year"], &["count"]),
        [[text("north"), day("2024-01-01"), int(4)], [text("north"), Value::Null, int(1)],]
    );
}

/// More lines than a store would read at once, of documents with none to five of them.
fn over_many_lines(lab: &mut Lab) {
    lab.insert(REGION, [region(1, "north"), region(2, "south")]);
    let region_of = |customer: i64| (customer % 3 != 0).then_some(customer % 3);
    lab.insert(
        CUSTOMER,
        (1..=5).map(|id| {
            let mut row = customer(id, "x");
            row.set(REGION_OF, region_of(id).map_or(Value::Null, to));
            row
        }),
    );
    let number = |id: i64| format!("{id:04}");
    let by = |id: i64| id % 5 + 1;
    let placed = |id: i64| (id % 4 != 0).then(|| Date::from_days(19_000 + id / 40).unwrap());
    let product = |id: i64, no: i64| format!("p{}", id * no % 7);
    let quantity = |no: i64| (no != 2).then_some("1.5");
    let orders = 1..=3_000;
    lab.insert(
        ORDER,
        orders.clone().map(|id| {
            let lines = (1..=id % 6).map(|no| line(no, &product(id, no), quantity(no), None));
            let mut row = order(id, &number(id), by(id), lines);
            row.set(2, placed(id).map_or(Value::Null, Value::Date));
            row
        }),
    );
    type Counts = fn(&str, &str) -> bool;
    let filters: [(&str, Counts); 3] = [
        ("", |_, _| true),
        ("order.number != '0077' && product != 'p3'", |number, product| number != "0077" && product != "p3"),
        ("order.number == '0005' || order.number > '1234'", |number, _| number == "0005" || number > "1234"),
    ];
    for (filter, counts) in filters {
        let mut expected: BTreeMap<_, (i64, Vec<&str>, BTreeSet<i64>)> = BTreeMap::new();
        for id in orders.clone() {
            for no in (1..=id % 6).filter(|no| counts(&number(id), &product(id, *no))) {
                let region = region_of(by(id)).map(|region| if region == 1 { "north" } else { "south" });
                let month = placed(id).map(Date::first_of_month);
                // Nulls are last.
                let key = (region.is_none(), region, month.is_none(), month, product(id, no));
                let group = expected.entry(key).or_default();
                group.0 += 1;
                group.1.extend(quantity(no));
                group.2.insert(id);
            }
        }
        let expected = expected.into_iter().map(|((_, region, _, month, product), (count, sum, orders))| {
            let sum = Dec::sum(sum.iter().map(|quantity| Dec::parse(quantity).unwrap())).unwrap();
            let sum = if sum.is_zero() { Value::Null } else { Value::num(sum, 6).unwrap() };
            let first = number(*orders.first().unwrap());
            vec![
                region.map_or(Value::Null, text),
                month.map_or(Value::Null, Value::Date),
                text(&product),
                int(count),
                sum,
                int(orders.len().try_into().unwrap()),
                text(&first),
            ]
        });
        let keys = ["order.customer.region.code", "order.placed:month", "product"];
        let measures = ["count", "sum quantity", "distinct order", "min order.number"];
        let found = groups(lab, LINE, filter, &keys, &measures);
        assert!(found == expected.collect::<Vec<_>>(), "{filter}");
    }
}

fn periods(lab: &mut Lab) {
    market::fill(lab);
    let first_days = |lab: &mut Lab, period: &str| -> Vec<Value> {
        let groups = groups(lab, CUSTOMER, "since != null", &[&format!("since:{period}")], &["count"]);
        groups.into_iter().map(|mut group| group.swap_remove(0)).collect()
    };
    let days = |days: &[&str]| -> Vec<Value> { days.iter().map(|text| day(text)).collect() };
    assert_eq!(first_days(lab, "day"), days(&["2023-12-31", "2024-02-29", "2024-03-31", "2024-04-01"]));
    assert_eq!(first_days(lab, "week"), days(&["2023-12-25", "2024-02-26", "2024-03-25", "2024-04-01"]));
    assert_eq!(first_days(lab, "month"), days(&["2023-12-01", "2024-02-01", "2024-03-01", "2024-04-01"]));
    assert_eq!(first_days(lab, "quarter"), days(&["2023-10-01", "2024-01-01", "2024-04-01"]));
    assert_eq!(first_days(lab, "year"), days(&["2023-01-01", "2024-01-01"]));
    let weeks = groups(lab, ORDER, "", &["placed:week"], &["count", "min number"]);
    assert_eq!(
        weeks,
        [
            [day("2024-01-01"), int(1), text("A")],
            [day("2024-12-30"), int(2), text("C")],
            [Value::Null, int(1), text("B")],
        ]
    );
    let through = groups(lab, ORDER, "", &["customer.since:month"], &["count"]);
    assert_eq!(through, [[day("2024-02-01"), int(2)], [day("2024-03-01"), int(1)], [Value::Null, int(1)]]);
    let moved = groups(lab, CUSTOMER, "", &["addDays(since, 1):year"], &["count"]);
    assert_eq!(moved, [[day("2024-01-01"), int(4)], [Value::Null, int(2)]]);
}

fn ends_of_calendar(lab: &mut Lab) {
    let since = |id, since: &str| {
        let mut row = customer(id, "x");
        row.set(SINCE, day(since));
        row
    };
    lab.insert(
        CUSTOMER,
        [since(1, "0001-01-01"), since(2, "9999-12-31"), since(3, "1969-12-31"), since(4, "0004-02-29")],
    );
    for (period, expected) in [
        ("day", ["0001-01-01", "0004-02-29", "1969-12-31", "9999-12-31"]),
        ("week", ["0001-01-01", "0004-02-23", "1969-12-29", "9999-12-27"]),
        ("month", ["0001-01-01", "0004-02-01", "1969-12-01", "9999-12-01"]),
        ("quarter", ["0001-01-01", "0004-01-01", "1969-10-01", "9999-10-01"]),
        ("year", ["0001-01-01", "0004-01-01", "1969-01-01", "9999-01-01"]),
    ] {
        let groups = groups(lab, CUSTOMER, "", &[&format!("since:{period}")], &["count"]);
        assert_eq!(groups, expected.map(|first| [day(first), int(1)]), "{period}");
    }
}

fn distinct(lab: &mut Lab) {
    market::fill(lab);
    let measures = [
        "distinct region",
        "distinct since",
        "distinct limit > 0",
        "distinct region.rank",
        "distinct name",
        "distinct id",
    ];
    assert_eq!(groups(lab, CUSTOMER, "", &[], &measures), [[3, 4, 2, 2, 6, 6].map(int)]);
    let lines = groups(lab, LINE, "", &["order.customer"], &["distinct product", "distinct order"]);
    assert_eq!(lines, [[to(1), int(3), int(2)], [to(2), int(1), int(1)]]);
}

fn extremes(lab: &mut Lab) {
    market::fill(lab);
    let measures = [
        "min name",
        "max name",
        "min since",
        "max since",
        "min limit > 0",
        "max limit > 0",
        "min head",
        "max head",
    ];
    assert_eq!(
        groups(lab, CUSTOMER, "", &[], &measures),
        [[
            text(""),
            text("😀"),
            day("2023-12-31"),
            day("2024-04-01"),
            Value::Bool(false),
            Value::Bool(true),
            to(1),
            to(5),
        ]]
    );
    let mut at = row(1, vec![Value::Null; 16]);
    at.set(12, moment("0001-01-01T00:00:00Z"));
    lab.insert(EVERYTHING, [at]);
    let moments = groups(lab, EVERYTHING, "", &[], &["min moment", "max moment", "min text"]);
    assert_eq!(moments, [[moment("0001-01-01T00:00:00Z"), moment("0001-01-01T00:00:00Z"), Value::Null]]);
}

fn constant_key(lab: &mut Lab) {
    market::fill(lab);
    for (key, value) in
        [("1", int(1)), ("'x'", text("x")), ("true ? null : 1", Value::Null), ("true", Value::Bool(true))]
    {
        assert_eq!(groups(lab, CUSTOMER, "", &[key], &["count"]), [[value.clone(), int(6)]]);
        assert_eq!(groups(lab, CUSTOMER, "name == 'nobody'", &[key], &["count"]), [[]; 0]);
        assert_eq!(
            groups(lab, CUSTOMER, "", &["limit == null", key], &["count"])[1],
            [Value::Bool(true), value, int(2)]
        );
    }
}

fn whole(id: i64, number: i64) -> Row {
    let mut row = row(id, vec![Value::Null; 16]);
    row.set(4, int(number));
    row
}

const MOST: i64 = 999_999_999_999_999_999;

fn partial_sums(lab: &mut Lab) {
    // Twenty rows of one sign leave 64 bits far behind; the others bring the sum back.
    lab.insert(EVERYTHING, (1..=20).map(|id| whole(id, MOST)));
    lab.insert(EVERYTHING, (21..=40).map(|id| whole(id, -MOST)));
    lab.insert(EVERYTHING, [whole(41, MOST), whole(42, -1)]);
    let all = groups(lab, EVERYTHING, "", &[], &["sum whole", "average0 whole", "count"]);
    assert_eq!(all, [[int(MOST - 1), int(23_809_523_809_523_809), int(42)]]);
    let halves =
        groups(lab, EVERYTHING, "whole != -1 && id != '41'", &["whole"], &["count", "average0 whole"]);
    assert_eq!(halves, [[int(-MOST), int(20), int(-MOST)], [int(MOST), int(20), int(MOST)]]);
}

fn sum_out_of_range(lab: &mut Lab) {
    for sign in [1, -1] {
        lab.insert(EVERYTHING, (1..=12).map(|id| whole(sign + 10 * id, sign * MOST)));
    }
    let refused = [
        ("whole > 0", "sum whole"),
        ("whole < 0", "sum whole"),
        ("whole > 0", "average1 whole"),
        ("whole < 0", "average18 whole"),
    ];
    for (filter, measure) in refused {
        let plan = plan(lab, EVERYTHING, filter, &[], &["count", measure]);
        assert_eq!(code(lab.read(|tx| tx.aggregate(&plan))), Code::OUT_OF_RANGE, "{filter} {measure}");
        let plan = self::plan(lab, EVERYTHING, "", &["whole > 0"], &[measure]);
        assert_eq!(code(lab.read(|tx| tx.aggregate(&plan))), Code::OUT_OF_RANGE, "in one group of several");
    }
    assert_eq!(groups(lab, EVERYTHING, "", &[], &["sum whole"]), [[int(0)]]);
    assert_eq!(groups(lab, EVERYTHING, "whole > 0", &[], &["average0 whole"]), [[int(MOST)]]);
}

fn averages(lab: &mut Lab) {
    let amount = |id, amount: &str| {
        let mut row = customer(id, if id < 10 { "up" } else { "down" });
        row.set(LIMIT, num(amount, 4));
        row
    };
    lab.insert(CUSTOMER, [amount(1, "0.0001"), amount(2, "0.0002")]);
    lab.insert(CUSTOMER, [amount(11, "-0.0001"), amount(12, "-0.0002"), amount(13, "-0.0002")]);
    let measures = ["average4 limit", "average5 limit", "average0 limit", "average18 limit"];
    assert_eq!(
        groups(lab, CUSTOMER, "", &["name"], &measures),
        [
            [text("down"), num("-0.0002", 4), num("-0.00017", 5), int(0), num("-0.000166666666666667", 18)],
            [text("up"), num("0.0002", 4), num("0.00015", 5), int(0), num("0.00015", 18)],
        ]
    );
    lab.insert(CUSTOMER, [amount(14, "1.5"), amount(15, "-2.4999")]);
    // -0.49995 is rounded once: over four decimals it would become -0.5, and then -1.
    assert_eq!(
        groups(lab, CUSTOMER, "id in ['14', '15']", &[], &["average4 limit", "average0 limit"]),
        [[num("-0.5", 4), int(0)]]
    );
}

fn calculated(lab: &mut Lab) {
    market::fill(lab);
    let measures =
        ["sum limit * 2 + 0.5", "sum limit / 3", "max name.lower()", "sum name.size()", "count_of limit > 0"];
    assert_eq!(
        groups(lab, CUSTOMER, "", &[], &measures),
        [[num("391", 4), num("64.8333333333", 10), text("😀"), int(15), int(4),]]
    );
    let placed = groups(
        lab,
        ORDER,
        "",
        &["lines.exists(l, l.product == 'pen')"],
        &["count", "sum daysBetween(placed, date('2025-01-01'))"],
    );
    assert_eq!(placed[0], [Value::Bool(false), int(1), num("2", 0)]);
    assert_eq!(placed[1], [Value::Bool(true), int(3), num("367", 0)]);
}
