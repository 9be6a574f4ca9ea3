//! Writing: rules of the kind, numbers of lines, and rows that wait until the store is asked something.

use super::{Stored, Touched, Work};
use crate::catalogue::{Catalogue, Kind};
use crate::error::{Code, Error, Result};
use crate::id::{Id, Ref};
use crate::record::{FieldRole, Record};
use crate::value::{Row, Value};
use std::sync::Arc;

impl Work<'_> {
    /// A fresh id.
    pub fn new_id(&mut self) -> Id {
        let now = self.context.now;
        self.context.ids.next(now)
    }

    /// The next number of a sequence; given back where the transaction is undone.
    pub fn next_number(&mut self, sequence: &str) -> Result<i64> {
        self.writing()?;
        self.tx.next_number(sequence)
    }

    /// The next number of a sequence that may have gaps: it is lost where the operation is undone.
    pub fn take_number(&mut self, sequence: &str) -> Result<i64> {
        let number = self.next_number(sequence)?;
        self.context.taken.push((sequence.to_owned(), number));
        Ok(number)
    }

    /// Raises a sequence so that its next number is above one that was given elsewhere.
    pub fn raise_number(&mut self, sequence: &str, at_least: i64) -> Result<()> {
        self.writing()?;
        self.tx.raise_number(sequence, at_least)
    }

    /// Inserts a record: new id, numbers for its lines, the rules of its kind.
    pub fn insert<T: Record>(&mut self, value: &T) -> Result<Stored<T>> {
        let row = self.insert_row(T::NO, value.to_row()?)?;
        Stored::known(row, &mut self.context.known)
    }

    /// Inserts a record under an id that was taken before with [`Work::new_id`].
    pub fn insert_as<T: Record>(&mut self, id: Ref<T>, value: &T) -> Result<Stored<T>> {
        let mut row = value.to_row()?;
        row.id = id.id().number();
        let row = self.insert_row(T::NO, row)?;
        Stored::known(row, &mut self.context.known)
    }

    /// Inserts a row of a kind. Its id is given where it is 0. What the store refuses (`field.duplicate`,
    /// `field.dangling_reference`) it refuses when it is next asked something, or on [`Work::flush`].
    pub fn insert_row(&mut self, kind: u32, mut row: Row) -> Result<Arc<Row>> {
        let change = self.writing()?;
        let catalogue = self.catalogue();
        let kind = catalogue.get(kind)?;
        if row.id == 0 {
            row.id = self.new_id().number();
        }
        row.version = change;
        row.values.resize(kind.fields().len(), Value::Null);
        self.apply_rules(kind, None, &mut row)?;
        number_lines(kind, None, &mut row);
        let row = Arc::new(row);
        self.put(kind, None, row.clone())?;
        Ok(row)
    }

    /// Saves the typed view of a record. Nothing is written where nothing differs.
    pub fn save<T: Record>(&mut self, record: &mut Stored<T>) -> Result<()> {
        let row = self.save_row(T::NO, &record.row, record.changed_row()?)?;
        *record = Stored::known(row, &mut self.context.known)?;
        Ok(())
    }

    /// Saves a row over the one that was read; gives the row as it stands then. Errors: `record.conflict` where another
    /// was written since; what the store refuses, as [`Work::insert_row`].
    pub fn save_row(&mut self, kind: u32, old: &Arc<Row>, mut new: Row) -> Result<Arc<Row>> {
        let change = self.writing()?;
        let catalogue = self.catalogue();
        let kind = catalogue.get(kind)?;
        new.id = old.id;
        new.version = old.version;
        self.apply_rules(kind, Some(old), &mut new)?;
        number_lines(kind, Some(old), &mut new);
        if new.values == old.values {
            return Ok(old.clone());
        }
        new.version = change;
        let new = Arc::new(new);
        self.put(kind, Some(old), new.clone())?;
        Ok(new)
    }

    /// Deletes a record; it goes to the recycle bin, its history stays.
    pub fn delete<T: Record>(&mut self, record: &Stored<T>) -> Result<()> {
        self.delete_row(T::NO, &record.row)
    }

    /// Deletes a row.
    pub fn delete_row(&mut self, kind: u32, old: &Arc<Row>) -> Result<()> {
        let change = self.writing()?;
        for rule in self.setting.model.rules(kind).filter_map(|rules| rules.delete) {
            rule(self, kind, old)?;
        }
        let catalogue = self.catalogue();
        self.flush()?;
        self.tx.delete(kind, old)?;
        self.tx.set_tombstone(kind, old.id, Some(change))?;
        self.context.known.wrote(catalogue.get(kind)?, Some(old), None);
        let touched = self.touched.entry((kind, old.id)).or_insert_with(|| Touched::of(Some(old)));
        touched.stored = None;
        touched.last = None;
        Ok(())
    }

    /// Brings a deleted record back as it was. Errors: `record.not_found` where it is not in the recycle bin,
    /// `field.duplicate` where its place was taken, those of the rules of its kind.
    pub fn restore_row(&mut self, kind: u32, id: Id) -> Result<Arc<Row>> {
        let change = self.writing()?;
        let catalogue = self.catalogue();
        let kind = catalogue.get(kind)?;
        let missing = || Code::NOT_FOUND.error().with("kind", kind.name()).with("id", id.to_string());
        let deleted = self.tx.tombstone(kind.no(), id.number())?.ok_or_else(missing)?;
        let set =
            self.tx.change(deleted)?.ok_or_else(|| Error::internal("a tombstone without its change set"))?;
        let found = set.changes.iter().find(|change| change.kind == kind.no() && change.id == id.number());
        let entry = found.ok_or_else(|| Error::internal("a tombstone without its change"))?;
        let mut row = crate::change::undo(&catalogue, kind, None, entry)?.ok_or_else(missing)?;
        row.version = change;
        // What the rules of its kind look at beside it may have changed while it lay in the recycle bin.
        let before = row.clone();
        self.apply_rules(kind, Some(&before), &mut row)?;
        let row = Arc::new(row);
        self.put(kind, None, row.clone())?;
        self.flush()?;
        self.tx.set_tombstone(kind.no(), id.number(), None)?;
        if let Some(touched) = self.touched.get_mut(&(kind.no(), row.id)) {
            // The chain goes on from the deletion.
            touched.first = Some(Arc::new(Row { id: row.id, version: deleted, values: Vec::new() }));
            touched.restored = true;
        }
        Ok(row)
    }

    /// Tells the areas above of an event of a record. Errors: whatever one of them refuses with.
    pub fn tell(&mut self, kind: u32, id: Id, event: &str) -> Result<()> {
        for rule in self.setting.model.rules(kind).filter_map(|rules| rules.event) {
            rule(self, kind, id, event)?;
        }
        Ok(())
    }

    /// Puts other definitions in force, within this transaction.
    pub fn define(&mut self, catalogue: Catalogue) -> Result<()> {
        let change = self.writing()?;
        let mut catalogue = catalogue;
        catalogue.revision = change;
        let catalogue = Arc::new(catalogue);
        self.flush()?;
        self.tx.migrate(&catalogue)?;
        self.context.known.redefined();
        self.catalogue = catalogue.clone();
        self.outcome.catalogue = Some(catalogue);
        self.row_rules.clear();
        Ok(())
    }

    fn apply_rules(&mut self, kind: &Kind, old: Option<&Row>, new: &mut Row) -> Result<()> {
        for rule in self.setting.model.rules(kind.no()).filter_map(|rules| rules.save) {
            rule(self, kind.no(), old, new)?;
        }
        for (position, field) in kind.fields().iter().enumerate() {
            let missing = match new.at(position) {
                Value::Null => field.required,
                Value::Text(text) => field.refuses_blank() && text.trim().is_empty(),
                _ => false,
            };
            if missing {
                return Err(Code::REQUIRED.at(format!("/{}", field.name)));
            }
        }
        Ok(())
    }

    /// The number of the change set that this operation writes. Errors: `internal.error` in a reading operation.
    fn writing(&mut self) -> Result<i64> {
        if self.past.is_some() {
            return Err(Error::internal("the past is not written"));
        }
        if self.change == 0 {
            if !self.operation.writes {
                return Err(Error::internal(format!("{} is declared to read only", self.operation.name)));
            }
            self.change = self.tx.last_change()? + 1;
        }
        Ok(self.change)
    }

    /// Takes a row as written. A record that waits to be written and is written again goes to the store once, unless
    /// the order of writes could matter to what the store checks.
    fn put(&mut self, kind: &Kind, old: Option<&Arc<Row>>, new: Arc<Row>) -> Result<()> {
        let key = (kind.no(), new.id);
        if let Some(touched) = self.touched.get(&key) {
            match (&touched.last, old) {
                (Some(last), Some(old)) if last != old => {
                    return Err(Code::STALE.error().with("current", last.version).with("given", old.version));
                }
                (None, Some(_)) => return Err(Code::NOT_FOUND.error().with("kind", kind.name())),
                (Some(_), None) => return Err(Error::internal("a record is made twice")),
                _ => {}
            }
            let waits = self.pending.contains(&key);
            if waits && old.is_some_and(|old| !independent(kind, old, &new)) {
                self.flush()?;
            }
        }
        self.context.known.wrote(kind, old.map(|row| &**row), Some(&new));
        let touched = self.touched.entry(key).or_insert_with(|| Touched::of(old));
        touched.last = Some(new);
        if !self.pending.contains(&key) {
            self.pending.push(key);
        }
        Ok(())
    }

    /// Gives the store what waits to be written, in the order in which it came. Errors: `field.duplicate`,
    /// `field.dangling_reference`, `record.conflict`, `record.not_found`.
    pub fn flush(&mut self) -> Result<()> {
        for key in std::mem::take(&mut self.pending) {
            let Some(touched) = self.touched.get_mut(&key) else { continue };
            if let Some(last) = &touched.last {
                self.tx.put(key.0, touched.stored.as_deref(), last)?;
                touched.stored = Some(last.clone());
            }
        }
        Ok(())
    }
}

/// True where a change of a record touches nothing that the store holds against other records.
fn independent(kind: &Kind, old: &Row, new: &Row) -> bool {
    kind.tied_positions().iter().all(|position| old.at(*position) == new.at(*position))
}

/// Gives numbers to new lines: one above the largest ever used, which the record remembers.
fn number_lines(kind: &Kind, old: Option<&Row>, new: &mut Row) {
    let Some(counter) = kind.role(FieldRole::LineCounter) else { return };
    // A record that is made as a copy of another may bring the other's counter, so that no number means two lines.
    let before = old.unwrap_or(new).at(counter).as_dec();
    let mut last = before.and_then(|dec| dec.to_i64_at(0).ok()).unwrap_or(0);
    for (position, _) in kind.children() {
        for row in new.at(*position).as_rows() {
            last = last.max(row.id);
        }
    }
    for (position, _) in kind.children() {
        if let Some(Value::Rows(rows)) = new.values.get_mut(*position) {
            for row in rows.iter_mut().filter(|row| row.id == 0) {
                last += 1;
                row.id = last;
            }
        }
    }
    new.set(counter, Value::int(last));
}
