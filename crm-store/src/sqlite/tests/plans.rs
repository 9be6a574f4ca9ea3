//! How lists and figures are read: with their indexes, and no more than they need.

use super::{customer, expr, list, read, store, write};
use crate::sqlite::SqliteStore;
use crm_kernel::catalogue::Catalogue;
use crm_kernel::date::Date;
use crm_kernel::id::Id;
use crm_kernel::plan::{Aggregate, Found, GroupKey, Mark, Measure, Period, Query, Select};
use crm_kernel::value::{Num, Row, Value};
use std::sync::Arc;

const CUSTOMERS: i64 = 100_000;

/// Many customers: a third without a limit, two thirds without a region.
fn crowd() -> (SqliteStore, Arc<Catalogue>) {
    let (mut store, catalogue) = store();
    write(&mut store, &catalogue, |tx| {
        for id in 1..=CUSTOMERS {
            let mut row = customer(id);
            row.values[1] = Value::Text(format!("name {}", (id * 7_919) % CUSTOMERS));
            if id % 3 == 0 {
                row.values[2] = Value::Text(format!("region {}", id % 5));
            }
            if id % 3 != 1 {
                row.values[3] = Value::Num(Num { mantissa: (id % 1_000) * 10_000, scale: 4 });
            }
            tx.put(1, None, &row).unwrap();
        }
    });
    (store, catalogue)
}

fn page(store: &mut SqliteStore, catalogue: &Arc<Catalogue>, plan: &Query) -> Vec<Found> {
    read(store, catalogue, |tx| tx.query(plan).unwrap())
}

fn mark(found: &[Found]) -> Option<Mark> {
    found.last().map(|last| Mark { keys: last.keys.clone(), parent: last.parent, id: last.id })
}

#[test]
fn a_page_reads_no_more_than_it_needs() {
    let (mut store, catalogue) = crowd();
    let cases: [(&str, &[&str]); 6] = [
        ("", &[]),
        ("", &["name"]),
        ("", &["-name"]),
        ("", &["limit"]),
        ("", &["-limit"]),
        ("region == 'region 3'", &["name"]),
    ];
    for (filter, order) in cases {
        let mut plan = list(&catalogue, 1, filter, order, Some(50));
        let mut seen = 0;
        store.take_work();
        for number in 0..40 {
            let found = page(&mut store, &catalogue, &plan);
            assert_eq!(found.len(), 50);
            seen += found.len();
            let work = store.take_work();
            // Some ten instructions a row.
            assert!(
                work.steps < 10_000 && work.scanned <= 1_000,
                "{filter} {order:?} page {number}: {work:?}"
            );
            plan.after = mark(&found);
        }
        assert_eq!(seen, 2_000);
    }
}

#[test]
fn pages_go_on_among_nulls() {
    let (mut store, catalogue) = crowd();
    for order in [&["limit", "name"][..], &["-limit", "region"], &["region", "-limit"]] {
        let all = page(&mut store, &catalogue, &list(&catalogue, 1, "", order, None));
        let mut plan = list(&catalogue, 1, "", order, Some(17_000));
        let mut pages = Vec::new();
        loop {
            let found = page(&mut store, &catalogue, &plan);
            if found.is_empty() {
                break;
            }
            plan.after = mark(&found);
            pages.extend(found);
        }
        assert_eq!(pages, all, "{order:?}");
        assert_eq!(all.len(), 100_000);
    }
}

#[test]
fn filters_use_their_indexes() {
    let (mut store, catalogue) = store();
    let cases = [
        ("number == 'C-1'", "ix_customers_number (number=?)"),
        ("number in ['C-1', 'C-2']", "ix_customers_number (number=?)"),
        ("limit == 12.3", "ix_customers_limit (limit=?)"),
        ("limit == 5 && active", "ix_customers_limit (limit=?)"),
        ("region == 'x' && name > 'y'", "ix_customers_region_name (region=? AND name>?)"),
        ("id == \"5\"", "INTEGER PRIMARY KEY (rowid=?)"),
    ];
    for (filter, index) in cases {
        let lines = store.explain_query(&catalogue, &list(&catalogue, 1, filter, &[], None)).unwrap();
        assert!(lines.iter().any(|line| line.contains(index)), "{filter}: {lines:#?}");
        assert!(!lines[0].contains('\''), "values are bound: {}", lines[0]);
    }
    // The constant takes the column's decimals, not the other way round.
    let lines = store
        .explain_query(&catalogue, &list(&catalogue, 1, "limit >= 12.345678", &["limit"], None))
        .unwrap();
    assert!(lines.iter().any(|line| line.contains("ix_customers_limit (limit>?)")), "{lines:#?}");
    let lines = store
        .explain_query(&catalogue, &list(&catalogue, 2, "customer == \"1\"", &["-day"], Some(20)))
        .unwrap();
    assert!(lines.iter().any(|line| line.contains("ix_orders_customer_day (customer=?)")), "{lines:#?}");
    let lines = store.explain_query(&catalogue, &list(&catalogue, 3, "order == \"1\"", &[], None)).unwrap();
    assert!(lines.iter().any(|line| line.contains("PRIMARY KEY (parent=?)")), "{lines:#?}");
}

#[test]
fn an_order_by_index_needs_no_sort() {
    let (mut store, catalogue) = store();
    for order in ["number", "name", "limit", "id"] {
        for order in [order.to_owned(), format!("-{order}")] {
            for filter in ["", "active", "number != 'C-1' && region.contains('x')"] {
                let plan = list(&catalogue, 1, filter, &[&order], Some(50));
                let lines = store.explain_query(&catalogue, &plan).unwrap();
                let sorted = lines.iter().any(|line| line.contains("TEMP B-TREE"));
                assert!(!sorted, "{filter} {order}: {lines:#?}");
            }
        }
    }
}

#[test]
fn lines_of_a_page_are_read_together() {
    let (mut store, catalogue) = store();
    write(&mut store, &catalogue, |tx| {
        tx.put(1, None, &customer(1)).unwrap();
        for id in 1..=600 {
            let line = |no| {
                let quantity = Value::Num(Num { mantissa: id, scale: 6 });
                Row { id: no, version: 0, values: vec![Value::Text(format!("p{no}")), quantity] }
            };
            let lines = Value::Rows((0..id % 4).map(|at| line(4 - at)).collect());
            let values = vec![Value::Ref(Id::new(1).unwrap()), Value::Date(Date::EPOCH), lines];
            tx.put(2, None, &Row { id, version: 1, values }).unwrap();
        }
    });
    let plan = Query { select: Select::Rows, ..list(&catalogue, 2, "", &["-id"], None) };
    read(&mut store, &catalogue, |tx| {
        let found = tx.query(&plan).unwrap();
        assert_eq!(found.len(), 600);
        for found in found {
            assert_eq!(found.row, tx.get(2, found.id).unwrap());
        }
    });
}

#[test]
fn the_same_plan_prepares_its_statement_once() {
    let (mut store, catalogue) = store();
    write(&mut store, &catalogue, |tx| tx.put(1, None, &customer(1)).unwrap());
    let plan = list(
        &catalogue,
        1,
        "name.lower() == 'name 1' && limit / 3 == null",
        &["-limit", "name.size()"],
        None,
    );
    let first = store.explain_query(&catalogue, &plan).unwrap();
    assert_eq!(page(&mut store, &catalogue, &plan).len(), 1);
    assert_eq!(store.explain_query(&catalogue, &plan).unwrap(), first);
}

#[test]
fn figures_are_exact_beyond_64_bits() {
    let (mut store, catalogue) = store();
    write(&mut store, &catalogue, |tx| {
        for id in 1..=20 {
            let mut row = super::whole(customer(id), 9);
            let sign = if id % 2 == 0 { 1 } else { -1 };
            row.values[3] = Value::Num(Num { mantissa: sign * 999_999_999_999_999_000 + id, scale: 4 });
            row.values[6] = Value::Date(Date::from_days(id * 20).unwrap());
            tx.put(1, None, &row).unwrap();
        }
    });
    let of = || expr(&catalogue, 1, "limit");
    let measures =
        vec![Measure::Sum(of()), Measure::Average { of: of(), scale: 6 }, Measure::Max(of()), Measure::Count];
    let mut plan = Aggregate { kind: 1, filter: None, group: Vec::new(), measures };
    let expected = [
        Value::Num(Num { mantissa: 210, scale: 4 }),
        Value::Num(Num { mantissa: 1_050, scale: 6 }),
        Value::Null,
        Value::int(20),
    ];
    let total = read(&mut store, &catalogue, |tx| tx.aggregate(&plan).unwrap());
    assert_eq!((&total[0][..2], &total[0][3..]), (&expected[..2], &expected[3..]));
    // Beyond 18 digits it is an error, in a group as well.
    plan.filter = Some(expr(&catalogue, 1, "limit > 0"));
    assert_eq!(
        read(&mut store, &catalogue, |tx| tx.aggregate(&plan).unwrap_err()).code(),
        crm_kernel::error::Code::OUT_OF_RANGE
    );
    plan.filter = None;
    plan.group = vec![GroupKey { by: expr(&catalogue, 1, "since"), period: Some(Period::Year) }];
    let groups = read(&mut store, &catalogue, |tx| tx.aggregate(&plan).unwrap());
    assert_eq!(groups.len(), 2);
    assert_eq!(groups[0][0], Value::Date(Date::EPOCH));
    let lines = store.explain_aggregate(&catalogue, &plan).unwrap();
    assert!(!lines.iter().any(|line| line.contains("TEMP B-TREE")), "{lines:#?}");
}

/// Groups by `keys`, counted and with the sum of limits, from the rows themselves.
fn expected(store: &mut SqliteStore, catalogue: &Arc<Catalogue>, keys: &[&str]) -> Vec<Vec<Value>> {
    let texts = keys.iter().chain(["limit"].iter());
    let select = Select::Values(texts.map(|text| expr(catalogue, 1, text)).collect());
    let rows = page(store, catalogue, &Query { select, ..list(catalogue, 1, "", &[], None) });
    let mut groups: Vec<(Vec<Value>, i64, Option<i64>)> = Vec::new();
    let mut rows: Vec<Vec<Value>> = rows.into_iter().map(|found| found.values).collect();
    let order = |a: &[Value], b: &[Value]| {
        let mut pairs = a.iter().zip(b).take(keys.len()).map(|(a, b)| a.order(b));
        pairs.find(|order| order.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
    };
    rows.sort_by(|a, b| order(a, b));
    for mut row in rows {
        let limit = match row.pop() {
            Some(Value::Num(num)) => Some(num.mantissa),
            _ => None,
        };
        match groups.last_mut() {
            Some((key, count, sum)) if *key == row => {
                *count += 1;
                *sum = limit.map(|limit| sum.unwrap_or(0) + limit).or(*sum);
            }
            _ => groups.push((row, 1, limit)),
        }
    }
    let rows = groups.into_iter().map(|(mut key, count, sum)| {
        key.push(Value::int(count));
        key.push(sum.map_or(Value::Null, |mantissa| Value::Num(Num { mantissa, scale: 4 })));
        key
    });
    rows.collect()
}

#[test]
fn groups_behind_references_are_what_the_rows_say() {
    let (mut store, catalogue) = crowd();
    // Few records referred to by many rows, then nearly every row referring to another.
    for spread in [997, CUSTOMERS - 1] {
        write(&mut store, &catalogue, |tx| {
            for id in 2..=CUSTOMERS {
                let old = tx.get(1, id).unwrap().unwrap();
                let mut new = old.clone();
                let head = (id % 11 != 0).then(|| (id * 31) % spread % (id - 1) + 1);
                new.values[4] = head.and_then(Id::new).map_or(Value::Null, Value::Ref);
                new.version += 1;
                tx.put(1, Some(&old), &new).unwrap();
            }
        });
        for keys in
            [&["head.region"][..], &["head.name", "name"], &["name", "head.region", "head.head.limit"]]
        {
            let group =
                keys.iter().map(|key| GroupKey { by: expr(&catalogue, 1, key), period: None }).collect();
            let measures = vec![Measure::Count, Measure::Sum(expr(&catalogue, 1, "limit"))];
            let plan = Aggregate { kind: 1, filter: None, group, measures };
            let lines = store.explain_aggregate(&catalogue, &plan).unwrap();
            assert!(!lines[0].contains("JOIN"), "{lines:#?}");
            let groups = read(&mut store, &catalogue, |tx| tx.aggregate(&plan).unwrap());
            assert!(groups == expected(&mut store, &catalogue, keys), "{keys:?} over {spread}");
        }
    }
    // A reference that the filter follows is joined anyway.
    let plan = Aggregate {
        kind: 1,
        filter: Some(expr(&catalogue, 1, "head.active")),
        group: vec![GroupKey { by: expr(&catalogue, 1, "head.region"), period: None }],
        measures: vec![Measure::Count],
    };
    assert!(store.explain_aggregate(&catalogue, &plan).unwrap()[0].contains("LEFT JOIN"));
}

#[test]
fn documents_come_before_lines_where_a_filter_chooses_them() {
    let (mut store, catalogue) = store();
    let mut plan = Aggregate {
        kind: 3,
        filter: Some(expr(&catalogue, 3, "order.day >= date(\"2026-01-01\")")),
        group: vec![GroupKey { by: expr(&catalogue, 3, "product"), period: None }],
        measures: vec![Measure::Sum(expr(&catalogue, 3, "quantity"))],
    };
    let lines = store.explain_aggregate(&catalogue, &plan).unwrap();
    assert!(lines[1].starts_with("SCAN t1") && lines[2].contains("PRIMARY KEY (parent=?)"), "{lines:#?}");
    plan.filter = Some(expr(&catalogue, 3, "order.day >= date(\"2026-01-01\") && serial == 'x'"));
    let lines = store.explain_aggregate(&catalogue, &plan).unwrap();
    assert!(lines[1].contains("ix_order_lines_serial (serial=?)"), "{lines:#?}");
    // What chooses few of neither is read in the order of both keys, without a join and without a sort.
    plan.filter = Some(expr(&catalogue, 3, "order.day != date(\"2026-01-01\") && product != 'x'"));
    let lines = store.explain_aggregate(&catalogue, &plan).unwrap();
    let [of_lines, scan, of_orders, search] = lines.as_slice() else { panic!("{lines:#?}") };
    assert!(!of_lines.contains("JOIN") && !of_orders.contains("JOIN"), "{lines:#?}");
    assert!(scan.starts_with("SCAN t") && search.contains("PRIMARY KEY (rowid>? AND rowid<?)"), "{lines:#?}");
}
