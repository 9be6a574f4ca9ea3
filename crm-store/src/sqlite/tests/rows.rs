//! Rows in tables: every type, lines that change, what is written and what is refused.

use super::{customer, read, store, whole, write};
use crm_kernel::date::{Date, Instant};
use crm_kernel::error::Code;
use crm_kernel::id::Id;
use crm_kernel::json::Json;
use crm_kernel::value::{Num, Row, Value};

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn line(no: i64, product: &str, serial: Option<&str>) -> Row {
    let quantity = Value::Num(Num { mantissa: no * 1_000_000, scale: 6 });
    let serial = serial.map_or(Value::Null, text);
    Row { id: no, version: 0, values: vec![text(product), quantity, Value::Null, serial] }
}

fn order(id: i64, version: i64, lines: Vec<Row>) -> Row {
    let values = vec![Value::Ref(Id::new(1).unwrap()), Value::Date(Date::EPOCH), Value::Rows(lines)];
    // Behind the fields stands the counter of line numbers.
    whole(Row { id, version, values }, 4)
}

#[test]
fn every_type_comes_back_as_it_was() {
    let (mut store, catalogue) = store();
    let full = Row {
        id: i64::MAX,
        version: 3,
        values: vec![
            text("ß'\"\\İ\u{ffff}😀"),
            text(""),
            text("x".repeat(300).as_str()),
            Value::Num(Num { mantissa: -999_999_999_999_999_999, scale: 4 }),
            Value::Ref(Id::new(i64::MAX).unwrap()),
            Value::Bool(false),
            Value::Date(Date::MIN),
            Value::Instant(Instant::MAX),
            Value::Json(Json::parse(r#"{"b":[1,null],"a":"x"}"#).unwrap().into()),
        ],
    };
    let empty = whole(customer(1), 9);
    write(&mut store, &catalogue, |tx| {
        tx.put(1, None, &full).unwrap();
        tx.put(1, None, &customer(1)).unwrap();
    });
    assert_eq!(read(&mut store, &catalogue, |tx| tx.get(1, i64::MAX).unwrap()), Some(full));
    assert_eq!(read(&mut store, &catalogue, |tx| tx.get(1, 1).unwrap()), Some(empty));
    let types: Vec<String> = {
        let sql = "SELECT typeof(number)||typeof(\"limit\")||typeof(head)||typeof(active)||typeof(since)||typeof(seen)\
                   ||typeof(notes) FROM customers ORDER BY id DESC";
        let mut statement = store.conn.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    };
    assert_eq!(types, ["textintegerintegerintegerintegerintegertext", "textnullnullintegernullnullnull"]);
}

#[test]
fn lines_are_written_where_they_differ() {
    let (mut store, catalogue) = store();
    let first = order(10, 1, vec![line(1, "a", None), line(2, "b", None), line(3, "c", None)]);
    write(&mut store, &catalogue, |tx| {
        tx.put(1, None, &customer(1)).unwrap();
        tx.put(2, None, &first).unwrap();
    });
    // One goes, one changes, one comes, two change places.
    let second = order(10, 2, vec![line(3, "c", None), line(2, "B", None), line(4, "d", None)]);
    let before = store.conn.total_changes();
    write(&mut store, &catalogue, |tx| tx.put(2, Some(&first), &second).unwrap());
    assert_eq!(read(&mut store, &catalogue, |tx| tx.get(2, 10).unwrap()), Some(second.clone()));
    // The version; line 1 out, line 2 changed where it stands, line 3 moved, line 4 in.
    assert_eq!(store.conn.total_changes() - before, 5);
    // Nothing but the version.
    let third = order(10, 3, vec![line(3, "c", None), line(2, "B", None), line(4, "d", None)]);
    let before = store.conn.total_changes();
    write(&mut store, &catalogue, |tx| tx.put(2, Some(&second), &third).unwrap());
    assert_eq!(store.conn.total_changes() - before, 1);
    write(&mut store, &catalogue, |tx| tx.delete(2, &third).unwrap());
    let left: i64 = store.conn.query_row("SELECT count(*) FROM order_lines", [], |row| row.get(0)).unwrap();
    assert_eq!(left, 0);
}

#[test]
fn lines_may_exchange_what_is_unique() {
    let (mut store, catalogue) = store();
    let first = order(10, 1, vec![line(1, "a", Some("x")), line(2, "b", Some("y"))]);
    let second = order(10, 2, vec![line(1, "a", Some("y")), line(2, "b", Some("x"))]);
    write(&mut store, &catalogue, |tx| {
        tx.put(1, None, &customer(1)).unwrap();
        tx.put(2, None, &first).unwrap();
        tx.put(2, Some(&first), &second).unwrap();
    });
    assert_eq!(read(&mut store, &catalogue, |tx| tx.get(2, 10).unwrap()), Some(second));
}

#[test]
fn a_refusal_names_the_place_and_changes_nothing() {
    let (mut store, catalogue) = store();
    let kept = order(10, 1, vec![line(1, "a", Some("x"))]);
    write(&mut store, &catalogue, |tx| {
        tx.put(1, None, &customer(1)).unwrap();
        tx.put(2, None, &kept).unwrap();
    });
    let mut receiver = line(2, "b", None);
    receiver.values[2] = Value::Ref(Id::new(77).unwrap());
    let mut orphan = order(12, 1, vec![]);
    orphan.values[0] = Value::Ref(Id::new(78).unwrap());
    let mut twin = customer(2);
    twin.values[0] = text("C-1");
    let mut nameless = customer(3);
    nameless.values[1] = Value::Null;
    let cases = [
        (2, order(11, 1, vec![line(1, "a", None), receiver]), Code::DANGLING, "/lines/1/receiver"),
        (2, order(11, 1, vec![line(1, "a", Some("x"))]), Code::DUPLICATE, "/lines/0/serial"),
        (2, orphan, Code::DANGLING, "/customer"),
        (1, twin, Code::DUPLICATE, "/number"),
        (1, nameless, Code::REQUIRED, "/name"),
    ];
    write(&mut store, &catalogue, |tx| {
        for (kind, row, code, path) in &cases {
            let refusal = tx.put(*kind, None, row).unwrap_err();
            assert_eq!((refusal.code(), refusal.path()), (*code, *path));
            assert_eq!(tx.get(*kind, row.id).unwrap(), None, "{path}");
        }
        // A change that is refused at a line leaves the head as it was, too.
        tx.put(2, None, &order(11, 1, vec![line(1, "a", Some("z"))])).unwrap();
        let mut moved = order(10, 2, vec![line(1, "a", None), line(2, "b", Some("z"))]);
        moved.values[1] = Value::Date(Date::MAX);
        assert_eq!(tx.put(2, Some(&kept), &moved).unwrap_err().code(), Code::DUPLICATE);
    });
    assert_eq!(read(&mut store, &catalogue, |tx| tx.get(2, 10).unwrap()), Some(kept));
}

#[test]
fn what_is_referred_to_stays() {
    let (mut store, catalogue) = store();
    write(&mut store, &catalogue, |tx| {
        tx.put(1, None, &customer(1)).unwrap();
        tx.put(2, None, &order(10, 1, vec![line(1, "a", None)])).unwrap();
        let stored = tx.get(1, 1).unwrap().unwrap();
        assert_eq!(tx.delete(1, &stored).unwrap_err().code(), Code::IN_USE);
        let stale = Row { version: 9, ..stored.clone() };
        assert_eq!(tx.delete(1, &stale).unwrap_err().arg("current"), Some(&Json::Int(1)));
        let stored_order = tx.get(2, 10).unwrap().unwrap();
        tx.delete(2, &stored_order).unwrap();
        tx.delete(1, &stored).unwrap();
        assert_eq!(tx.delete(1, &stored).unwrap_err().code(), Code::NOT_FOUND);
    });
}
