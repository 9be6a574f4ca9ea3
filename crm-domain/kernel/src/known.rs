//! What is known of records beyond one call, so that it need not be read again: rows with their typed views, records by
//! their keys, and facts found from the records of a kind.
//!
//! The store stays the only truth. What is written in a transaction is forgotten here at once and for facts the whole
//! kind with it; what a transaction read after its own writes is dropped with it when it is undone. Whoever opens a
//! transaction compares the number of the last change set and calls [`Known::clear`] where somebody else has written.

use crate::catalogue::Kind;
use crate::value::{Row, Value};
use std::any::Any;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

/// Values of rows that are kept in each of two generations, and of their typed views as many: some 40 MB with their
/// texts where all are full.
const VALUES: usize = 200_000;
/// Keys of one field, or facts of one kind, that are kept.
const KEYS: usize = 100_000;

type Fact = Box<dyn Any + Send>;
type View = Arc<dyn Any + Send + Sync>;
type Facts = Numbered<u32, HashMap<String, Fact>>;
/// A map by kinds and ids.
type Numbered<K, V> = HashMap<K, V, BuildHasherDefault<NumberHasher>>;

/// What is known. One for each open engine.
#[derive(Default)]
pub struct Known {
    rows: Generations<Arc<Row>>,
    /// Typed views, each beside the row it was made from: it holds for that very row, whoever reads it and when.
    views: Generations<(Arc<Row>, View)>,
    /// Ids by the value of a unique field; `None` where no record has it.
    keys: Numbered<(u32, usize), HashMap<Key, Option<i64>>>,
    /// Found from committed records.
    facts: Facts,
    /// Found in this transaction from kinds that it has written.
    fresh: Facts,
    /// What this transaction has written.
    written: Numbered<u32, HashSet<i64, BuildHasherDefault<NumberHasher>>>,
}

impl Known {
    /// A record that was read before and not written since.
    pub fn row(&mut self, kind: u32, id: i64) -> Option<Arc<Row>> {
        self.rows.get((kind, id))
    }

    /// Keeps a record as it was read; not one that this transaction has written.
    pub fn keep_row(&mut self, kind: u32, row: &Arc<Row>) {
        if !self.written.get(&kind).is_some_and(|ids| ids.contains(&row.id)) {
            self.rows.put((kind, row.id), row.clone(), weight(row));
        }
    }

    /// The typed view of a row, where it was looked at before.
    pub fn view<T: Send + Sync + 'static>(&mut self, kind: u32, row: &Arc<Row>) -> Option<Arc<T>> {
        self.any_view(kind, row)?.downcast().ok()
    }

    fn any_view(&mut self, kind: u32, row: &Arc<Row>) -> Option<View> {
        let (of, view) = self.views.get((kind, row.id))?;
        Arc::ptr_eq(&of, row).then_some(view)
    }

    /// Keeps the typed view of a row.
    pub fn keep_view(&mut self, kind: u32, row: &Arc<Row>, view: Arc<dyn Any + Send + Sync>) {
        self.views.put((kind, row.id), (row.clone(), view), weight(row));
    }

    /// The id of the record whose unique field at a position holds a value: `Some(None)` where there is known to be
    /// none, `None` where nothing is known.
    pub fn key(&self, kind: u32, position: usize, value: &Value) -> Option<Option<i64>> {
        self.keys.get(&(kind, position))?.get(&Key::of(value)?).copied()
    }

    /// Keeps which record has a key, or that none has.
    pub fn keep_key(&mut self, kind: u32, position: usize, value: &Value, id: Option<i64>) {
        let Some(key) = Key::of(value) else { return };
        let keys = self.keys.entry((kind, position)).or_default();
        if keys.len() >= KEYS {
            keys.clear();
        }
        keys.insert(key, id);
    }

    /// A fact found from the records of a kind.
    pub fn fact<T: Clone + 'static>(&self, kind: u32, name: &str) -> Option<T> {
        let facts = if self.written.contains_key(&kind) { &self.fresh } else { &self.facts };
        facts.get(&kind)?.get(name)?.downcast_ref::<T>().cloned()
    }

    /// Keeps a fact until a record of the kind is written.
    pub fn keep_fact<T: Send + 'static>(&mut self, kind: u32, name: &str, fact: T) {
        let facts = if self.written.contains_key(&kind) { &mut self.fresh } else { &mut self.facts };
        let facts = facts.entry(kind).or_default();
        if facts.len() >= KEYS {
            facts.clear();
        }
        facts.insert(name.to_owned(), Box::new(fact));
    }

    /// Takes note of a record that was inserted (no `old`), saved, or deleted (no `new`).
    pub fn wrote(&mut self, kind: &Kind, old: Option<&Row>, new: Option<&Row>) {
        let Some(id) = new.or(old).map(|row| row.id) else { return };
        let no = kind.no();
        self.rows.remove((no, id));
        self.views.remove((no, id));
        self.fresh.remove(&no);
        self.written.entry(no).or_default().insert(id);
        for position in kind.unique_positions() {
            let Some(keys) = self.keys.get_mut(&(no, *position)) else { continue };
            let (before, after) = (old.map(|row| row.at(*position)), new.map(|row| row.at(*position)));
            if before == after {
                continue;
            }
            if let Some(key) = before.and_then(Key::of) {
                keys.insert(key, None);
            }
            if let Some(key) = after.and_then(Key::of) {
                keys.insert(key, Some(id));
            }
        }
    }

    /// A part of the transaction was undone: what was found meanwhile may have come from it.
    pub fn undone(&mut self) {
        self.fresh.clear();
        self.keys.clear();
    }

    /// The transaction ended; `kept` where it was committed.
    pub fn ended(&mut self, kept: bool) {
        if self.written.is_empty() {
            return;
        }
        if kept {
            for kind in self.written.keys() {
                self.facts.remove(kind);
            }
        } else {
            self.keys.clear();
        }
        self.fresh.clear();
        self.written.clear();
    }

    /// Forgets rows and keys: the definitions of kinds have changed.
    pub fn redefined(&mut self) {
        self.rows = Generations::default();
        self.views = Generations::default();
        self.keys.clear();
    }

    /// Forgets everything: somebody else has written.
    pub fn clear(&mut self) {
        *self = Known::default();
    }
}

/// The value of a key.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    Text(String),
    Number(i64),
}

impl Key {
    /// Null is no key, and other values are nowhere unique.
    fn of(value: &Value) -> Option<Key> {
        match value {
            Value::Text(text) => Some(Key::Text(text.clone())),
            Value::Ref(id) => Some(Key::Number(id.number())),
            Value::Num(num) => Some(Key::Number(num.mantissa)),
            _ => None,
        }
    }
}

/// Hashes numbers that the engine has given itself, so nobody chooses them to fall together.
#[derive(Default)]
struct NumberHasher(u64);

impl Hasher for NumberHasher {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(u64::from(number));
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = self.0.wrapping_add(number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn write_i64(&mut self, number: i64) {
        self.write_u64(number.cast_unsigned());
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }

    fn finish(&self) -> u64 {
        // The product is good in its upper bits, maps choose by the lower ones.
        self.0.rotate_left(32)
    }
}

/// What is kept of records, in two generations: what is asked for goes to the young one; when that is full it becomes
/// the old one, and what nobody asked for since is gone.
struct Generations<V> {
    young: Numbered<(u32, i64), (V, usize)>,
    old: Numbered<(u32, i64), (V, usize)>,
    values: usize,
}

impl<V> Default for Generations<V> {
    fn default() -> Generations<V> {
        Generations { young: Numbered::default(), old: Numbered::default(), values: 0 }
    }
}

impl<V: Clone> Generations<V> {
    fn get(&mut self, key: (u32, i64)) -> Option<V> {
        if let Some((kept, _)) = self.young.get(&key) {
            return Some(kept.clone());
        }
        let (kept, weight) = self.old.remove(&key)?;
        self.put(key, kept.clone(), weight);
        Some(kept)
    }

    /// `weight`: how many values it holds.
    fn put(&mut self, key: (u32, i64), kept: V, weight: usize) {
        if self.values >= VALUES {
            self.old = std::mem::take(&mut self.young);
            self.values = 0;
        }
        self.values += weight;
        self.young.insert(key, (kept, weight));
    }

    fn remove(&mut self, key: (u32, i64)) {
        self.young.remove(&key);
        self.old.remove(&key);
    }
}

/// How many values a row holds, with its lines.
fn weight(row: &Row) -> usize {
    row.values
        .iter()
        .map(|value| 1 + value.as_rows().iter().map(|line| line.values.len()).sum::<usize>())
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Record;
    use crate::catalogue::Catalogue;
    use crate::record::Record as _;

    /// A thing.
    #[derive(Clone, Debug, Record)]
    #[record(no = 7)]
    struct Thing {
        /// Its code.
        #[field(no = 1, unique, text = 20)]
        code: String,
    }

    fn thing() -> Catalogue {
        Catalogue::build([Thing::def().clone()]).unwrap()
    }

    fn coded(id: i64, code: &str) -> Row {
        Row { id, version: 1, values: vec![Value::Text(code.to_owned())] }
    }

    fn row(id: i64) -> Arc<Row> {
        Arc::new(Row { id, version: 1, values: vec![Value::Null; 10] })
    }

    #[test]
    fn rows_go_when_nobody_asks_for_them() {
        let mut rows = Generations::default();
        let most = (VALUES / 10) as i64;
        for id in 0..=most {
            rows.put((1, id), row(id), 10);
        }
        assert!(rows.get((1, 3)).is_some(), "the old generation still answers");
        for id in most + 1..=2 * most {
            rows.put((1, id), row(id), 10);
        }
        assert!(rows.get((1, 3)).is_some(), "asked for, so it moved on");
        assert!(rows.get((1, 4)).is_none(), "nobody asked for it");
        assert!(rows.young.len() + rows.old.len() <= 2 * most as usize + 2);
    }

    #[test]
    fn a_written_row_is_not_kept_until_the_transaction_ends() {
        let catalogue = thing();
        let kind = catalogue.get(Thing::NO).unwrap();
        let mut known = Known::default();
        known.keep_row(kind.no(), &row(7));
        known.wrote(kind, Some(&row(7)), Some(&row(7)));
        assert!(known.row(kind.no(), 7).is_none());
        known.keep_row(kind.no(), &row(7));
        assert!(known.row(kind.no(), 7).is_none(), "it may be undone");
        known.ended(false);
        known.keep_row(kind.no(), &row(7));
        assert!(known.row(kind.no(), 7).is_some());
    }

    #[test]
    fn a_view_holds_for_the_very_row_it_was_made_from() {
        let mut known = Known::default();
        let (first, second) = (row(7), row(7));
        known.keep_view(1, &first, Arc::new("first"));
        assert_eq!(known.view::<&str>(1, &first).as_deref(), Some(&"first"));
        assert!(known.view::<&str>(1, &second).is_none(), "an equal row, but another one");
        assert!(known.view::<String>(1, &first).is_none(), "a view of another type");
        known.redefined();
        assert!(known.view::<&str>(1, &first).is_none());
    }

    #[test]
    fn facts_of_a_written_kind_live_as_long_as_the_transaction() {
        let catalogue = thing();
        let kind = catalogue.get(Thing::NO).unwrap();
        let mut known = Known::default();
        known.keep_fact(kind.no(), "count", 1_i64);
        assert_eq!(known.fact::<i64>(kind.no(), "count"), Some(1));
        known.wrote(kind, None, Some(&row(7)));
        assert_eq!(known.fact::<i64>(kind.no(), "count"), None);
        known.keep_fact(kind.no(), "count", 2_i64);
        assert_eq!(known.fact::<i64>(kind.no(), "count"), Some(2));
        known.ended(false);
        assert_eq!(known.fact::<i64>(kind.no(), "count"), Some(1), "undone: what was committed holds again");
        known.wrote(kind, None, Some(&row(7)));
        known.ended(true);
        assert_eq!(known.fact::<i64>(kind.no(), "count"), None);
    }

    #[test]
    fn keys_follow_what_is_written() {
        let catalogue = thing();
        let kind = catalogue.get(Thing::NO).unwrap();
        let mut known = Known::default();
        let text = |code: &str| Value::Text(code.to_owned());
        known.keep_key(7, 0, &text("A"), None);
        known.wrote(kind, None, Some(&coded(1, "A")));
        assert_eq!(known.key(7, 0, &text("A")), Some(Some(1)));
        known.wrote(kind, Some(&coded(1, "A")), Some(&coded(1, "B")));
        assert_eq!(known.key(7, 0, &text("A")), Some(None));
        assert_eq!(known.key(7, 0, &text("B")), Some(Some(1)));
        known.wrote(kind, Some(&coded(1, "B")), None);
        assert_eq!(known.key(7, 0, &text("B")), Some(None));
        assert_eq!(known.key(7, 0, &text("C")), None);
        known.ended(false);
        assert_eq!(known.key(7, 0, &text("A")), None, "undone: nothing is known");
    }
}
