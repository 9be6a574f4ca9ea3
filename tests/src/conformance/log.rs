//! The change log and the tombstones.

use super::values::*;
use super::{Case, Lab};
use crm_kernel::change::{Action, Change, ChangeSet, FieldChange, LineChange, OrderChange};
use crm_kernel::date::Instant;
use crm_kernel::json::Json;
use crm_kernel::value::Value;

pub(super) const CASES: &[Case] = &[
    ("a new store has no change sets", empty),
    ("a change set comes back as it was written", full_change),
    ("change sets are read on from a number", read_on),
    ("an undone change set is not there and its number is given again", undone),
    ("a tombstone is set, moved and forgotten", tombstone),
    ("tombstones of a kind come latest first", latest_first),
];

fn change_set(no: i64) -> ChangeSet {
    ChangeSet {
        no,
        at: Instant::from_millis(1_780_000_000_000 + no).unwrap(),
        actor: no % 3,
        on_behalf: 0,
        operation: "lab.test".into(),
        reason: None,
        changes: Vec::new(),
    }
}

fn empty(lab: &mut Lab) {
    lab.read(|tx| {
        assert_eq!(tx.last_change().unwrap(), 0);
        assert_eq!(tx.change(1).unwrap(), None);
        assert_eq!(tx.change(0).unwrap(), None);
        assert_eq!(tx.changes_after(0, 10).unwrap(), []);
    });
}

fn full_change(lab: &mut Lab) {
    let values = [
        Value::Bool(true),
        int(-5),
        num("-999999999999.999999", 6),
        text("ß İ \u{1} 😀"),
        day("0001-01-01"),
        moment("9999-12-31T23:59:59.999Z"),
        to(i64::MAX),
        Value::Json(Json::parse(r#"{"b":[1,null],"a":"x"}"#).unwrap().into()),
    ];
    let fields = values.into_iter().enumerate().map(|(at, value)| FieldChange {
        field: 1 + at as u32 * 500,
        old: if at % 2 == 0 { Value::Null } else { value.clone() },
        new: if at % 2 == 0 { value } else { Value::Null },
    });
    let fields: Vec<FieldChange> = fields.collect();
    let lines = [(1, Action::Created), (2, Action::Updated), (i64::MAX, Action::Deleted)];
    let lines = lines.map(|(line, action)| LineChange { field: 5, line, action, fields: fields.clone() });
    let change = Change {
        kind: 10_001,
        id: i64::MAX,
        previous: 0,
        action: Action::Updated,
        fields,
        lines: lines.to_vec(),
        orders: vec![OrderChange { field: 5, old: vec![2, 3], new: vec![3, 1, 2] }],
    };
    let bare = |action| Change {
        kind: 1,
        id: 7,
        previous: 3,
        action,
        fields: Vec::new(),
        lines: Vec::new(),
        orders: Vec::new(),
    };
    let set = ChangeSet {
        actor: 5,
        on_behalf: i64::MAX,
        reason: Some("because \"ß\"".into()),
        changes: vec![change, bare(Action::Created), bare(Action::Deleted), bare(Action::Restored)],
        ..change_set(1)
    };
    lab.write(|tx| tx.append(&set)).unwrap();
    lab.read(|tx| {
        assert_eq!(tx.last_change().unwrap(), 1);
        assert_eq!(tx.change(1).unwrap(), Some(set.clone()));
        assert_eq!(tx.changes_after(0, 10).unwrap(), [set]);
    });
}

fn read_on(lab: &mut Lab) {
    lab.write(|tx| (1..=10).try_for_each(|no| tx.append(&change_set(no)))).unwrap();
    let numbers = |lab: &mut Lab, no, limit| -> Vec<i64> {
        lab.read(|tx| tx.changes_after(no, limit)).unwrap().iter().map(|set| set.no).collect()
    };
    assert_eq!(numbers(lab, 0, 3), [1, 2, 3]);
    assert_eq!(numbers(lab, 3, 3), [4, 5, 6]);
    assert_eq!(numbers(lab, 8, 3), [9, 10]);
    assert_eq!(numbers(lab, 10, 3), [0; 0]);
    assert_eq!(numbers(lab, 0, 0), [0; 0]);
    assert_eq!(lab.read(|tx| tx.change(7)).unwrap(), Some(change_set(7)));
    assert_eq!(lab.read(|tx| tx.change(11)).unwrap(), None);
    assert_eq!(lab.read(|tx| tx.last_change()).unwrap(), 10);
}

fn undone(lab: &mut Lab) {
    lab.write(|tx| tx.append(&change_set(1))).unwrap();
    lab.undone(|tx| tx.append(&change_set(2))).unwrap();
    lab.write(|tx| {
        assert_eq!(tx.last_change().unwrap(), 1);
        tx.savepoint().unwrap();
        tx.append(&change_set(2)).unwrap();
        assert_eq!(tx.last_change().unwrap(), 2);
        tx.release(false).unwrap();
        assert_eq!(tx.last_change().unwrap(), 1);
        tx.append(&change_set(2)).unwrap();
    });
    assert_eq!(lab.read(|tx| tx.last_change()).unwrap(), 2);
}

fn tombstone(lab: &mut Lab) {
    lab.write(|tx| {
        tx.set_tombstone(CUSTOMER, 1, Some(4)).unwrap();
        assert_eq!(tx.tombstone(CUSTOMER, 1).unwrap(), Some(4));
        assert_eq!(tx.tombstone(REGION, 1).unwrap(), None);
        tx.set_tombstone(CUSTOMER, 1, Some(9)).unwrap();
        assert_eq!(tx.tombstone(CUSTOMER, 1).unwrap(), Some(9));
        tx.savepoint().unwrap();
        tx.set_tombstone(CUSTOMER, 1, None).unwrap();
        assert_eq!(tx.tombstone(CUSTOMER, 1).unwrap(), None);
        tx.release(false).unwrap();
        assert_eq!(tx.tombstone(CUSTOMER, 1).unwrap(), Some(9));
        tx.set_tombstone(CUSTOMER, 1, None).unwrap();
        tx.set_tombstone(CUSTOMER, 2, None).unwrap();
    });
    assert_eq!(lab.read(|tx| tx.tombstones(CUSTOMER, None, 10)).unwrap(), []);
}

fn latest_first(lab: &mut Lab) {
    lab.write(|tx| {
        for (kind, id, change) in [(CUSTOMER, 1, 5), (CUSTOMER, 2, 9), (CUSTOMER, 3, 7), (REGION, 4, 8)] {
            tx.set_tombstone(kind, id, Some(change)).unwrap();
        }
        tx.set_tombstone(CUSTOMER, 4, Some(9)).unwrap();
    });
    lab.read(|tx| {
        assert_eq!(tx.tombstones(CUSTOMER, None, 10).unwrap(), [(2, 9), (4, 9), (3, 7), (1, 5)]);
        assert_eq!(tx.tombstones(CUSTOMER, None, 3).unwrap(), [(2, 9), (4, 9), (3, 7)]);
        assert_eq!(tx.tombstones(CUSTOMER, Some((2, 9)), 2).unwrap(), [(4, 9), (3, 7)]);
        assert_eq!(tx.tombstones(CUSTOMER, Some((4, 9)), 10).unwrap(), [(3, 7), (1, 5)]);
        assert_eq!(tx.tombstones(CUSTOMER, Some((1, 5)), 10).unwrap(), []);
        assert_eq!(tx.tombstones(REGION, None, 10).unwrap(), [(4, 8)]);
        assert_eq!(tx.tombstones(ORDER, None, 10).unwrap(), []);
    });
}
