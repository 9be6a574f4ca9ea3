//! Transactions, savepoints and sequences: what is undone has never been.

use super::values::*;
use super::{Case, Lab};
use crm_kernel::value::Row;

pub(super) const CASES: &[Case] = &[
    ("a dropped transaction leaves nothing", dropped),
    ("a transaction sees what it wrote", sees_itself),
    ("a reading transaction writes nothing", reading),
    ("a savepoint is undone and kept", savepoints),
    ("savepoints lie in each other", nested),
    ("an undone savepoint inside a kept one, and the other way round", nested_mixed),
    ("a savepoint undoes deletes, lines and references", savepoint_of_everything),
    ("a sequence counts from 1", sequence),
    ("a sequence has no gaps after what was undone", gapless),
    ("a sequence is raised and never lowered", raised),
    ("a number taken in an undone savepoint is given again", number_in_savepoint),
];

fn names(lab: &mut Lab) -> Vec<String> {
    (1..=9).filter_map(|id| Some(lab.get(CUSTOMER, id)?.at(NAME).as_text()?.to_owned())).collect()
}

fn dropped(lab: &mut Lab) {
    lab.insert(CUSTOMER, [customer(1, "Ada"), customer(2, "Bea")]);
    lab.undone(|tx| {
        tx.put(CUSTOMER, Some(&customer(1, "Ada")), &Row { version: 2, ..customer(1, "Eve") }).unwrap();
        tx.delete(CUSTOMER, &customer(2, "Bea")).unwrap();
        tx.put(CUSTOMER, None, &customer(3, "Cleo")).unwrap();
        tx.next_number("n").unwrap();
        tx.set_tombstone(CUSTOMER, 2, Some(1)).unwrap();
    });
    assert_eq!(names(lab), ["Ada", "Bea"]);
    assert_eq!(lab.read(|tx| (tx.last_number("n").unwrap(), tx.tombstone(CUSTOMER, 2).unwrap())), (0, None));
}

fn sees_itself(lab: &mut Lab) {
    lab.write(|tx| {
        tx.put(CUSTOMER, None, &customer(1, "Ada")).unwrap();
        let old = tx.get(CUSTOMER, 1).unwrap().unwrap();
        tx.put(CUSTOMER, Some(&old), &Row { version: 2, ..customer(1, "Bea") }).unwrap();
        tx.put(ORDER, None, &order(1, "A", 1, [line(1, "pen", None, None)])).unwrap();
        let new = tx.get(CUSTOMER, 1).unwrap().unwrap();
        assert_eq!((new.version, new.at(NAME)), (2, &text("Bea")));
        assert_eq!(tx.get(ORDER, 1).unwrap().unwrap().at(LINES).as_rows().len(), 1);
    });
}

fn reading(lab: &mut Lab) {
    lab.insert(CUSTOMER, [customer(1, "Ada")]);
    lab.read(|tx| {
        assert!(tx.put(CUSTOMER, None, &customer(2, "Bea")).is_err());
        assert!(tx.delete(CUSTOMER, &customer(1, "Ada")).is_err());
        assert!(tx.next_number("n").is_err());
        assert!(tx.set_tombstone(CUSTOMER, 1, Some(1)).is_err());
        assert_eq!(tx.get(CUSTOMER, 1).unwrap(), Some(customer(1, "Ada")));
    });
    assert_eq!(names(lab), ["Ada"]);
}

fn savepoints(lab: &mut Lab) {
    lab.write(|tx| {
        tx.put(CUSTOMER, None, &customer(1, "Ada")).unwrap();
        tx.savepoint().unwrap();
        tx.put(CUSTOMER, None, &customer(2, "Bea")).unwrap();
        tx.release(false).unwrap();
        assert_eq!(tx.get(CUSTOMER, 2).unwrap(), None);
        tx.savepoint().unwrap();
        tx.put(CUSTOMER, None, &customer(3, "Cleo")).unwrap();
        tx.release(true).unwrap();
        tx.put(CUSTOMER, None, &customer(2, "Dora")).unwrap();
    });
    assert_eq!(names(lab), ["Ada", "Dora", "Cleo"]);
    lab.undone(|tx| {
        tx.savepoint().unwrap();
        tx.put(CUSTOMER, None, &customer(4, "Eve")).unwrap();
        tx.release(true).unwrap();
    });
    assert_eq!(names(lab), ["Ada", "Dora", "Cleo"], "kept by the savepoint, undone by the transaction");
}

fn nested(lab: &mut Lab) {
    lab.write(|tx| {
        for id in 1..=4 {
            tx.savepoint().unwrap();
            tx.put(CUSTOMER, None, &customer(id, &format!("c{id}"))).unwrap();
        }
        tx.release(false).unwrap();
        tx.release(true).unwrap();
        tx.release(true).unwrap();
        tx.release(true).unwrap();
    });
    assert_eq!(names(lab), ["c1", "c2", "c3"]);
}

fn nested_mixed(lab: &mut Lab) {
    lab.write(|tx| {
        tx.savepoint().unwrap();
        tx.put(CUSTOMER, None, &customer(1, "outer, undone")).unwrap();
        tx.savepoint().unwrap();
        tx.put(CUSTOMER, None, &customer(2, "inner, kept")).unwrap();
        tx.release(true).unwrap();
        assert!(tx.get(CUSTOMER, 2).unwrap().is_some());
        tx.release(false).unwrap();
        assert_eq!(tx.get(CUSTOMER, 2).unwrap(), None);
        tx.savepoint().unwrap();
        tx.put(CUSTOMER, None, &customer(3, "outer, kept")).unwrap();
        tx.savepoint().unwrap();
        let old = tx.get(CUSTOMER, 3).unwrap().unwrap();
        tx.put(CUSTOMER, Some(&old), &Row { version: 2, ..customer(3, "inner, undone") }).unwrap();
        tx.release(false).unwrap();
        tx.release(true).unwrap();
    });
    assert_eq!(names(lab), ["outer, kept"]);
}

fn savepoint_of_everything(lab: &mut Lab) {
    lab.insert(REGION, [region(1, "north"), region(2, "south")]);
    let mut ada = customer(1, "Ada");
    ada.set(REGION_OF, to(1));
    lab.insert(CUSTOMER, [ada.clone()]);
    lab.insert(ORDER, [order(1, "A", 1, [line(1, "pen", Some("1"), None), line(2, "ink", None, None)])]);
    let before = (lab.get(CUSTOMER, 1), lab.get(ORDER, 1), lab.get(REGION, 1));
    lab.write(|tx| {
        tx.savepoint().unwrap();
        let old = tx.get(ORDER, 1).unwrap().unwrap();
        let new =
            Row { version: 2, ..order(1, "B", 1, [line(3, "cap", None, None), line(1, "pen", None, None)]) };
        tx.put(ORDER, Some(&old), &new).unwrap();
        tx.delete(ORDER, &new).unwrap();
        tx.put(CUSTOMER, Some(&ada), &Row { version: 2, ..customer(1, "Ada") }).unwrap();
        tx.delete(REGION, &region(1, "north")).unwrap();
        tx.put(REGION, None, &region(3, "north")).unwrap();
        tx.release(false).unwrap();
        // What the store knows beside the rows is back as well.
        tx.savepoint().unwrap();
        assert!(tx.put(REGION, None, &region(3, "north")).is_err(), "unique again");
        tx.release(false).unwrap();
        tx.savepoint().unwrap();
        assert!(tx.delete(REGION, &region(1, "north")).is_err(), "in use again");
        tx.release(false).unwrap();
        tx.savepoint().unwrap();
        assert!(tx.delete(CUSTOMER, &ada).is_err(), "in use again");
        tx.release(false).unwrap();
    });
    assert_eq!((lab.get(CUSTOMER, 1), lab.get(ORDER, 1), lab.get(REGION, 1)), before);
}

fn sequence(lab: &mut Lab) {
    lab.write(|tx| {
        assert_eq!(tx.last_number("a").unwrap(), 0);
        for expected in 1..=3 {
            assert_eq!(tx.next_number("a").unwrap(), expected);
        }
        assert_eq!(tx.next_number("b/2026 ß").unwrap(), 1);
    });
    let last = lab.read(|tx| ["a", "b/2026 ß", "A", ""].map(|name| tx.last_number(name).unwrap()));
    assert_eq!(last, [3, 1, 0, 0]);
}

fn gapless(lab: &mut Lab) {
    let mut given = Vec::new();
    for round in 0..10 {
        if round % 3 == 2 {
            lab.undone(|tx| {
                tx.next_number("a").unwrap();
                tx.next_number("a").unwrap();
            });
        } else {
            given.push(lab.write(|tx| tx.next_number("a").unwrap()));
        }
    }
    assert_eq!(given, [1, 2, 3, 4, 5, 6, 7]);
}

fn raised(lab: &mut Lab) {
    lab.write(|tx| {
        tx.raise_number("a", 41).unwrap();
        assert_eq!(tx.next_number("a").unwrap(), 42);
        tx.raise_number("a", 7).unwrap();
        assert_eq!(tx.next_number("a").unwrap(), 43);
        tx.raise_number("b", 0).unwrap();
        assert_eq!(tx.next_number("b").unwrap(), 1);
    });
    lab.undone(|tx| tx.raise_number("a", 1_000).unwrap());
    assert_eq!(lab.read(|tx| tx.last_number("a").unwrap()), 43);
}

fn number_in_savepoint(lab: &mut Lab) {
    lab.write(|tx| {
        assert_eq!(tx.next_number("a").unwrap(), 1);
        tx.savepoint().unwrap();
        assert_eq!(tx.next_number("a").unwrap(), 2);
        tx.raise_number("a", 50).unwrap();
        assert_eq!(tx.next_number("b").unwrap(), 1);
        tx.release(false).unwrap();
        assert_eq!(tx.next_number("a").unwrap(), 2);
        assert_eq!(tx.last_number("b").unwrap(), 0);
    });
}
