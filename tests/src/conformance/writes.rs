//! Records come back as they were put; versions, unique values and references are guarded.

use super::values::*;
use super::{Case, Lab, code};
use crm_kernel::error::Code;
use crm_kernel::json::Json;
use crm_kernel::value::{Row, Value};

pub(super) const CASES: &[Case] = &[
    ("a record of every type comes back as it was put", every_type),
    ("extreme values come back as they were put", extremes),
    ("a record of nulls comes back as it was put", nulls),
    ("there is no record that nobody put", missing),
    ("a record of the same id is not put twice", same_id),
    ("an update changes fields to values and to null", update),
    ("an update of nothing but the version is one", update_of_version),
    ("a stale put is refused", stale_put),
    ("a put over nothing is refused", put_over_nothing),
    ("a stale delete is refused", stale_delete),
    ("a delete of nothing is refused", delete_nothing),
    ("a deleted record is gone and its id can come back", delete_and_restore),
    ("a unique value is had by one record", unique_value),
    ("a unique value may stay, and is free when given up", unique_given_up),
    ("several unique values together are had by one record", unique_values),
    ("nulls collide with nothing", unique_nulls),
    ("a reference to nothing is refused", dangling),
    ("a reference to any kind is not looked at", any_reference),
    ("a record may refer to itself", itself),
    ("a referenced record is not deleted", in_use),
    ("a required field that is null is refused, with its place", required),
    ("a refusal names kind, fields and place", refusals),
    ("a refused put has changed nothing", refused_put),
];

fn full(id: i64) -> Row {
    row(
        id,
        [
            Value::Bool(true),
            int(42),
            num("12.3456", 4),
            num("0.000000000001", 12),
            num("7", 0),
            num("0.5", 18),
            text("ß İ ä a\u{308} \u{ffff} 😀 'quoted' \"twice\" % _ \\"),
            text(&"long ".repeat(2_000)),
            text("sent"),
            text("any code"),
            text("JPY"),
            day("2024-02-29"),
            moment("2026-05-31T22:30:00.123Z"),
            to(7),
            to(99),
            Value::Json(Json::parse(r#"{"b":[1,true,null,"x"],"a":{}}"#).unwrap().into()),
        ],
    )
}

fn every_type(lab: &mut Lab) {
    lab.insert(CUSTOMER, [customer(7, "Ada")]);
    lab.insert(EVERYTHING, [full(1)]);
    assert_eq!(lab.get(EVERYTHING, 1), Some(full(1)));
}

fn extremes(lab: &mut Lab) {
    let most = "9".repeat(18);
    let wide =
        |sign: &str, scale: usize| num(&format!("{sign}{}.{}", &most[scale..], &most[..scale]), scale as u8);
    let mut rows = Vec::new();
    for (id, sign) in [(1, ""), (i64::MAX, "-")] {
        let mut row = row(id, vec![Value::Null; 16]);
        row.version = i64::MAX;
        row.set(0, Value::Bool(id != 1));
        row.set(1, num(&format!("{sign}9007199254740991"), 0));
        row.set(2, wide(sign, 4));
        row.set(3, wide(sign, 12));
        row.set(4, num(&format!("{sign}{most}"), 0));
        row.set(5, num(&format!("{sign}0.{most}"), 18));
        row.set(6, text(""));
        row.set(7, text("\u{1}\n\t\u{10ffff}"));
        row.set(11, day(if id == 1 { "0001-01-01" } else { "9999-12-31" }));
        let last = if id == 1 { "0001-01-01T00:00:00Z" } else { "9999-12-31T23:59:59.999Z" };
        row.set(12, moment(last));
        row.set(14, to(i64::MAX));
        row.set(15, Value::Json(Json::Null.into()));
        rows.push(row);
    }
    lab.insert(EVERYTHING, rows.clone());
    for row in rows {
        assert_eq!(lab.get(EVERYTHING, row.id), Some(row));
    }
}

fn nulls(lab: &mut Lab) {
    let empty = row(1, vec![Value::Null; 16]);
    lab.insert(EVERYTHING, [empty.clone(), row(2, [])]);
    assert_eq!(lab.get(EVERYTHING, 1), Some(empty.clone()));
    assert_eq!(lab.get(EVERYTHING, 2), Some(Row { id: 2, ..empty }), "a short row is filled up");
}

fn missing(lab: &mut Lab) {
    assert_eq!(lab.get(CUSTOMER, 1), None);
    assert_eq!(lab.get(ORDER, i64::MAX), None);
}

fn same_id(lab: &mut Lab) {
    lab.insert(CUSTOMER, [customer(1, "Ada")]);
    assert_eq!(code(lab.undone(|tx| tx.put(CUSTOMER, None, &customer(1, "Bea")))), Code::STALE);
    assert_eq!(lab.get(CUSTOMER, 1), Some(customer(1, "Ada")));
}

fn update(lab: &mut Lab) {
    lab.insert(CUSTOMER, [customer(7, "Ada")]);
    lab.insert(EVERYTHING, [full(1)]);
    lab.change(EVERYTHING, 1, |row| {
        for (position, value) in row.values.iter_mut().enumerate().filter(|(position, _)| position % 2 == 0) {
            *value = if position == 2 { num("-1.5", 4) } else { Value::Null };
        }
    })
    .unwrap();
    let mut expected = full(1);
    expected.version = 2;
    (0..16).step_by(2).for_each(|position| expected.set(position, Value::Null));
    expected.set(2, num("-1.5", 4));
    assert_eq!(lab.get(EVERYTHING, 1), Some(expected));
}

fn update_of_version(lab: &mut Lab) {
    lab.insert(CUSTOMER, [customer(1, "Ada")]);
    lab.change(CUSTOMER, 1, |row| row.version = 9).unwrap();
    assert_eq!(lab.get(CUSTOMER, 1), Some(Row { version: 9, ..customer(1, "Ada") }));
}

fn stale_put(lab: &mut Lab) {
    lab.insert(CUSTOMER, [customer(1, "Ada")]);
    let read = customer(1, "Ada");
    lab.change(CUSTOMER, 1, |row| row.set(NAME, text("Bea"))).unwrap();
    let mine = Row { version: 3, ..customer(1, "Cleo") };
    assert_eq!(code(lab.undone(|tx| tx.put(CUSTOMER, Some(&read), &mine))), Code::STALE);
    assert_eq!(lab.get(CUSTOMER, 1).unwrap().at(NAME), &text("Bea"));
}

fn put_over_nothing(lab: &mut Lab) {
    let new = Row { version: 2, ..customer(1, "Bea") };
    assert_eq!(code(lab.undone(|tx| tx.put(CUSTOMER, Some(&customer(1, "Ada")), &new))), Code::NOT_FOUND);
    assert_eq!(lab.get(CUSTOMER, 1), None);
}

fn stale_delete(lab: &mut Lab) {
    lab.insert(CUSTOMER, [customer(1, "Ada")]);
    let other = Row { version: 2, ..customer(1, "Ada") };
    assert_eq!(code(lab.undone(|tx| tx.delete(CUSTOMER, &other))), Code::STALE);
    assert!(lab.get(CUSTOMER, 1).is_some());
}

fn delete_nothing(lab: &mut Lab) {
    assert_eq!(code(lab.undone(|tx| tx.delete(CUSTOMER, &customer(1, "Ada")))), Code::NOT_FOUND);
}

fn delete_and_restore(lab: &mut Lab) {
    lab.insert(CUSTOMER, [customer(1, "Ada"), customer(2, "Bea")]);
    lab.write(|tx| tx.delete(CUSTOMER, &customer(1, "Ada"))).unwrap();
    assert_eq!(lab.get(CUSTOMER, 1), None);
    assert_eq!(lab.get(CUSTOMER, 2), Some(customer(2, "Bea")));
    let back = Row { version: 5, ..customer(1, "Ada again") };
    lab.insert(CUSTOMER, [back.clone()]);
    assert_eq!(lab.get(CUSTOMER, 1), Some(back));
}

fn unique_value(lab: &mut Lab) {
    lab.insert(REGION, [region(1, "north"), region(2, "North"), region(3, "nörth"), region(4, "")]);
    for taken in ["north", "North", "nörth", ""] {
        assert_eq!(
            code(lab.undone(|tx| tx.put(REGION, None, &region(9, taken)))),
            Code::DUPLICATE,
            "{taken:?}"
        );
    }
    assert_eq!(code(lab.change(REGION, 1, |row| row.set(0, text("nörth")))), Code::DUPLICATE);
    lab.insert(CUSTOMER, [customer(1, "Ada")]);
    lab.change(CUSTOMER, 1, |row| row.set(TAX_NO, int(5))).unwrap();
    let mut other = customer(2, "Bea");
    other.set(TAX_NO, int(5));
    assert_eq!(code(lab.undone(|tx| tx.put(CUSTOMER, None, &other))), Code::DUPLICATE);
}

fn unique_given_up(lab: &mut Lab) {
    lab.insert(REGION, [region(1, "north"), region(2, "south")]);
    lab.change(REGION, 1, |row| row.set(1, int(1))).unwrap();
    lab.change(REGION, 1, |row| row.set(0, text("east"))).unwrap();
    lab.change(REGION, 2, |row| row.set(0, text("north"))).unwrap();
    lab.write(|tx| {
        let second = tx.get(REGION, 2).unwrap().unwrap();
        tx.delete(REGION, &second).unwrap();
        tx.put(REGION, None, &region(3, "north"))
    })
    .unwrap();
    assert_eq!(lab.get(REGION, 3), Some(region(3, "north")));
}

fn nicked(id: i64, nick: Option<&str>, region: Option<i64>) -> Row {
    let mut row = customer(id, "x");
    row.set(NICK, nick.map_or(Value::Null, text));
    row.set(REGION_OF, region.map_or(Value::Null, to));
    row
}

fn unique_values(lab: &mut Lab) {
    lab.insert(REGION, [region(1, "north"), region(2, "south")]);
    lab.insert(
        CUSTOMER,
        [nicked(1, Some("a"), Some(1)), nicked(2, Some("b"), Some(1)), nicked(3, Some("a"), Some(2))],
    );
    let twice = lab.undone(|tx| tx.put(CUSTOMER, None, &nicked(4, Some("a"), Some(1))));
    let refusal = super::refusal(twice);
    assert_eq!(refusal.code(), Code::DUPLICATE);
    assert_eq!(refusal.arg("fields"), Some(&Json::Text("region, nick".into())));
    assert_eq!(code(lab.change(CUSTOMER, 3, |row| row.set(REGION_OF, to(1)))), Code::DUPLICATE);
    lab.change(CUSTOMER, 2, |row| row.set(REGION_OF, to(2))).unwrap();
}

fn unique_nulls(lab: &mut Lab) {
    lab.insert(REGION, [region(1, "north")]);
    lab.insert(CUSTOMER, [nicked(1, Some("a"), None), nicked(2, Some("a"), None)]);
    lab.insert(CUSTOMER, [nicked(3, None, Some(1)), nicked(4, None, Some(1)), nicked(5, None, None)]);
    assert_eq!(
        code(lab.undone(|tx| {
            tx.put(CUSTOMER, None, &nicked(6, Some("a"), Some(1))).unwrap();
            tx.put(CUSTOMER, None, &nicked(7, Some("a"), Some(1)))
        })),
        Code::DUPLICATE
    );
}

fn dangling(lab: &mut Lab) {
    lab.insert(REGION, [region(1, "north")]);
    assert_eq!(code(lab.undone(|tx| tx.put(CUSTOMER, None, &nicked(1, None, Some(2))))), Code::DANGLING);
    lab.insert(CUSTOMER, [nicked(1, None, Some(1))]);
    let refusal = super::refusal(lab.undone(|tx| {
        let old = tx.get(CUSTOMER, 1)?.unwrap();
        let new = Row { version: 2, ..nicked(1, None, Some(3)) };
        tx.put(CUSTOMER, Some(&old), &new)
    }));
    assert_eq!(refusal.code(), Code::DANGLING);
    assert_eq!(refusal.arg("field"), Some(&Json::Text("region".into())));
    // An id of another kind is none of this one.
    assert_eq!(code(lab.undone(|tx| tx.put(ORDER, None, &order(1, "A", 2, [])))), Code::DANGLING);
    lab.insert(ORDER, [order(1, "A", 1, [])]);
}

fn any_reference(lab: &mut Lab) {
    let mut row = row(1, vec![Value::Null; 16]);
    row.set(14, to(12_345));
    lab.insert(EVERYTHING, [row.clone()]);
    assert_eq!(lab.get(EVERYTHING, 1), Some(row));
}

fn itself(lab: &mut Lab) {
    let mut own = customer(1, "Ada");
    own.set(HEAD, to(1));
    lab.insert(CUSTOMER, [own.clone(), customer(2, "Bea")]);
    assert_eq!(lab.get(CUSTOMER, 1), Some(own.clone()));
    lab.change(CUSTOMER, 2, |row| row.set(HEAD, to(2))).unwrap();
    lab.write(|tx| tx.delete(CUSTOMER, &own)).unwrap();
    assert_eq!(lab.get(CUSTOMER, 1), None);
}

fn in_use(lab: &mut Lab) {
    lab.insert(REGION, [region(1, "north")]);
    lab.insert(CUSTOMER, [nicked(1, None, Some(1)), nicked(2, None, Some(1)), customer(3, "Cleo")]);
    let mut sent = line(1, "pen", None, None);
    sent.set(3, to(3));
    lab.insert(ORDER, [order(1, "A", 1, [sent])]);
    assert_eq!(code(lab.undone(|tx| tx.delete(REGION, &region(1, "north")))), Code::IN_USE);
    assert_eq!(code(lab.undone(|tx| tx.delete(CUSTOMER, &customer(3, "Cleo")))), Code::IN_USE, "by a line");
    lab.change(CUSTOMER, 1, |row| row.set(REGION_OF, Value::Null)).unwrap();
    assert_eq!(code(lab.undone(|tx| tx.delete(REGION, &region(1, "north")))), Code::IN_USE, "by one still");
    lab.write(|tx| tx.delete(CUSTOMER, &nicked(2, None, Some(1)))).unwrap();
    lab.write(|tx| tx.delete(REGION, &region(1, "north"))).unwrap();
    lab.change(ORDER, 1, |row| row.set(LINES, Value::Rows(Vec::new()))).unwrap();
    lab.write(|tx| tx.delete(CUSTOMER, &customer(3, "Cleo"))).unwrap();
}

fn required(lab: &mut Lab) {
    let mut nameless = customer(1, "");
    nameless.set(NAME, Value::Null);
    let refused = super::refusal(lab.undone(|tx| tx.put(CUSTOMER, None, &nameless)));
    assert_eq!((refused.code(), refused.path()), (Code::REQUIRED, "/name"));
    lab.insert(CUSTOMER, [customer(1, "Ada")]);
    let mut lines = [line(1, "pen", None, None), line(2, "", None, None)];
    lines[1].set(0, Value::Null);
    let refused = super::refusal(lab.undone(|tx| tx.put(ORDER, None, &order(1, "A", 1, lines))));
    assert_eq!((refused.code(), refused.path()), (Code::REQUIRED, "/lines/1/product"));
}

fn refusals(lab: &mut Lab) {
    lab.insert(CUSTOMER, [customer(1, "Ada")]);
    let numbered = |no, receiver, serial: &str| {
        let mut line = line(no, "pen", None, None);
        line.set(3, to(receiver));
        line.set(4, text(serial));
        line
    };
    lab.insert(ORDER, [order(1, "A", 1, [numbered(1, 1, "S1")])]);
    let version = Row { version: 7, ..customer(1, "Ada") };
    for (row, told) in [
        (order(2, "A", 1, []), r#"field.duplicate at /number kind="order" fields="number""#),
        (
            order(2, "B", 1, [numbered(1, 1, "S0"), numbered(2, 1, "S1")]),
            r#"field.duplicate at /lines/1/serial kind="order_line" fields="serial""#,
        ),
        (order(2, "B", 9, []), r#"field.dangling_reference at /customer kind="order" field="customer""#),
        (
            order(2, "B", 1, [numbered(4, 9, "S0")]),
            r#"field.dangling_reference at /lines/0/receiver kind="order_line" field="receiver""#,
        ),
        // What is wrong with values of its own comes before what is wrong with others' records.
        (
            order(2, "A", 9, [numbered(4, 9, "S1")]),
            r#"field.duplicate at /number kind="order" fields="number""#,
        ),
    ] {
        let refused = super::refusal(lab.undone(|tx| tx.put(ORDER, None, &row)));
        assert_eq!(refused.to_string(), told);
    }
    let refused = super::refusal(lab.undone(|tx| tx.put(CUSTOMER, Some(&version), &customer(1, "Bea"))));
    assert_eq!(refused.to_string(), "record.conflict current=1");
    let refused = super::refusal(lab.undone(|tx| tx.delete(CUSTOMER, &version)));
    assert_eq!(refused.to_string(), "record.conflict current=1");
}

fn refused_put(lab: &mut Lab) {
    lab.insert(CUSTOMER, [customer(1, "Ada")]);
    let mut serial = line(1, "pen", Some("1"), None);
    serial.set(4, text("S1"));
    lab.insert(ORDER, [order(1, "A", 1, [serial.clone()]), order(2, "B", 1, [line(1, "ink", None, None)])]);
    let before = (lab.get(ORDER, 1), lab.get(ORDER, 2));
    lab.write(|tx| {
        let old = tx.get(ORDER, 2).unwrap().unwrap();
        let new = Row {
            version: 2,
            ..order(2, "C", 1, [line(2, "cap", None, None), Row { id: 3, ..serial.clone() }])
        };
        tx.savepoint().unwrap();
        assert_eq!(code(tx.put(ORDER, Some(&old), &new)), Code::DUPLICATE);
        tx.release(false).unwrap();
        let mut lost = line(2, "cap", None, None);
        lost.set(3, to(77));
        tx.savepoint().unwrap();
        assert_eq!(
            code(tx.put(ORDER, Some(&old), &Row { version: 2, ..order(2, "C", 1, [lost]) })),
            Code::DANGLING
        );
        tx.release(false).unwrap();
    });
    assert_eq!((lab.get(ORDER, 1), lab.get(ORDER, 2)), before);
}
