//! The reference store: everything in memory, as simple as it can be. What another store answers is right where it is
//! equal to what this one answers.
//!
//! Rows lie in ordered maps by kind and id, lines inside their parent's row. A write changes the one state in place and
//! remembers the way back; dropping a transaction, or closing a savepoint without keeping it, walks that way.
//! Filters, keys and measures are the kernel's evaluator on each row. The only maps beside the rows are those that spare
//! a write the look at every row: unique values, and how many references point to a record.
//!
//! It promises: reading by id costs O(log n); a write that is refused has changed nothing. It never reads a clock, a file
//! or randomness, so the same calls give the same answers everywhere. Values of fields that a catalogue no longer has are
//! forgotten, where a file keeps them.

mod aggregate;
mod check;
mod key;
mod layout;
mod query;
mod state;

use crm_kernel::catalogue::{Catalogue, Kind};
use crm_kernel::change::ChangeSet;
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::plan::{Aggregate, Found, Group, Query};
use crm_kernel::record::FieldType;
use crm_kernel::store::{Store, Tx};
use crm_kernel::value::{Row, Value};
use state::{State, Undo};
use std::cmp::Reverse;
use std::sync::Arc;

/// A store that lives as long as the value does.
#[derive(Debug, Default)]
pub struct MemoryStore {
    state: State,
}

impl MemoryStore {
    /// An empty store, of no kinds before the first [`Tx::migrate`].
    pub fn new() -> MemoryStore {
        MemoryStore::default()
    }
}

impl Store for MemoryStore {
    fn begin(&mut self, write: bool, _: &Arc<Catalogue>) -> Result<Box<dyn Tx + '_>> {
        Ok(Box::new(MemoryTx { state: &mut self.state, write, undo: Vec::new(), savepoints: Vec::new() }))
    }

    fn name(&self) -> &'static str {
        "memory"
    }
}

struct MemoryTx<'a> {
    state: &'a mut State,
    write: bool,
    /// The way back to the beginning of the transaction, latest change last.
    undo: Vec<Undo>,
    /// How long the way back was when each open savepoint began.
    savepoints: Vec<usize>,
}

impl MemoryTx<'_> {
    fn kind(&self, kind: u32) -> Result<Arc<Kind>> {
        self.state.catalogue.get(kind).cloned()
    }

    /// Errors: `store.read_only` in a transaction that only reads.
    fn may_write(&self) -> Result<()> {
        if self.write { Ok(()) } else { Err(Code::READ_ONLY_STORE.error()) }
    }

    fn undo_to(&mut self, length: usize) {
        while self.undo.len() > length {
            if let Some(undo) = self.undo.pop() {
                self.state.undo(undo);
            }
        }
    }

    fn set_number(&mut self, sequence: &str, number: i64) {
        let before = self.state.sequences.insert(sequence.to_owned(), number);
        self.undo.push(Undo::Number { sequence: sequence.to_owned(), before });
    }

    /// Errors: `record.not_found`, `record.conflict` with the `current` version.
    fn check_version(&self, kind: u32, old: &Row) -> Result<()> {
        match self.state.row(kind, old.id) {
            None => Err(Code::NOT_FOUND.error()),
            Some(stored) if stored.version != old.version => {
                Err(Code::STALE.error().with("current", stored.version))
            }
            Some(_) => Ok(()),
        }
    }
}

impl Tx for MemoryTx<'_> {
    fn definitions_revision(&mut self) -> Result<i64> {
        Ok(self.state.revision)
    }

    fn migrate(&mut self, catalogue: &Arc<Catalogue>) -> Result<()> {
        self.may_write()?;
        let undo = self.state.migrate(catalogue)?;
        self.undo.push(undo);
        Ok(())
    }

    fn get(&mut self, kind: u32, id: i64) -> Result<Option<Row>> {
        let kind = self.kind(kind)?;
        Ok(self.state.row(kind.no(), id).map(|row| whole(&self.state.catalogue, &kind, row)))
    }

    fn put(&mut self, kind: u32, old: Option<&Row>, new: &Row) -> Result<()> {
        self.may_write()?;
        let kind = self.kind(kind)?;
        check::row(&self.state.catalogue, &kind, old, new)?;
        match old {
            Some(old) => self.check_version(kind.no(), old)?,
            None if self.state.row(kind.no(), new.id).is_some() => return Err(Code::STALE.error()),
            None => {}
        }
        self.state.check_unique(&kind, new)?;
        self.state.check_references(&kind, new)?;
        self.state.check_required(&kind, new)?;
        let row = whole(&self.state.catalogue, &kind, new);
        self.undo.push(self.state.replace(&kind, new.id, Some(row)));
        Ok(())
    }

    fn delete(&mut self, kind: u32, old: &Row) -> Result<()> {
        self.may_write()?;
        let kind = self.kind(kind)?;
        self.check_version(kind.no(), old)?;
        if self.state.is_referenced(kind.no(), old.id) {
            return Err(Code::IN_USE.error());
        }
        self.undo.push(self.state.replace(&kind, old.id, None));
        Ok(())
    }

    fn query(&mut self, plan: &Query) -> Result<Vec<Found>> {
        query::run(self.state, plan)
    }

    fn aggregate(&mut self, plan: &Aggregate) -> Result<Vec<Group>> {
        aggregate::run(self.state, plan)
    }

    fn next_number(&mut self, sequence: &str) -> Result<i64> {
        self.may_write()?;
        let next = self.last_number(sequence)?.checked_add(1).ok_or_else(|| Code::OUT_OF_RANGE.error())?;
        self.set_number(sequence, next);
        Ok(next)
    }

    fn last_number(&mut self, sequence: &str) -> Result<i64> {
        Ok(self.state.sequences.get(sequence).copied().unwrap_or(0))
    }

    fn raise_number(&mut self, sequence: &str, at_least: i64) -> Result<()> {
        self.may_write()?;
        if self.last_number(sequence)? < at_least {
            self.set_number(sequence, at_least);
        }
        Ok(())
    }

    fn last_change(&mut self) -> Result<i64> {
        Ok(self.state.changes.last().map_or(0, |change| change.no))
    }

    fn append(&mut self, change: &ChangeSet) -> Result<()> {
        self.may_write()?;
        let last = self.last_change()?;
        if change.no.checked_sub(1) != Some(last) {
            return Err(Error::internal(format!("change set {} after {last}", change.no)));
        }
        self.state.changes.push(change.clone());
        self.undo.push(Undo::Append);
        Ok(())
    }

    fn change(&mut self, no: i64) -> Result<Option<ChangeSet>> {
        let found = self.state.changes.binary_search_by_key(&no, |change| change.no);
        Ok(found.ok().and_then(|at| self.state.changes.get(at)).cloned())
    }

    fn changes_after(&mut self, no: i64, limit: u32) -> Result<Vec<ChangeSet>> {
        let from = self.state.changes.partition_point(|change| change.no <= no);
        let changes = self.state.changes.iter().skip(from);
        Ok(changes.take(usize::try_from(limit).unwrap_or(usize::MAX)).cloned().collect())
    }

    fn set_tombstone(&mut self, kind: u32, id: i64, change: Option<i64>) -> Result<()> {
        self.may_write()?;
        let before = self.state.tombstones.get(&(kind, id)).copied();
        state::set(&mut self.state.tombstones, (kind, id), change);
        self.undo.push(Undo::Tombstone { kind, id, before });
        Ok(())
    }

    fn tombstone(&mut self, kind: u32, id: i64) -> Result<Option<i64>> {
        Ok(self.state.tombstones.get(&(kind, id)).copied())
    }

    fn tombstones(&mut self, kind: u32, after: Option<(i64, i64)>, limit: u32) -> Result<Vec<(i64, i64)>> {
        let deleted = self.state.tombstones.range((kind, i64::MIN)..=(kind, i64::MAX));
        let mut deleted: Vec<(i64, i64)> = deleted.map(|((_, id), change)| (*id, *change)).collect();
        // Stable: those of one change set stay in the order of their ids.
        deleted.sort_by_key(|(_, change)| Reverse(*change));
        let place = |(id, change): &(i64, i64)| (Reverse(*change), *id);
        deleted.retain(|found| after.is_none_or(|after| place(found) > place(&after)));
        deleted.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(deleted)
    }

    fn savepoint(&mut self) -> Result<()> {
        self.savepoints.push(self.undo.len());
        Ok(())
    }

    fn release(&mut self, keep: bool) -> Result<()> {
        let start = self.savepoints.pop().ok_or_else(|| Error::internal("no savepoint is open"))?;
        if !keep {
            self.undo_to(start);
        }
        Ok(())
    }

    fn commit(mut self: Box<Self>) -> Result<()> {
        self.undo.clear();
        Ok(())
    }
}

impl Drop for MemoryTx<'_> {
    fn drop(&mut self) {
        self.undo_to(0);
    }
}

/// The row as long as its kind, with lines (perhaps none) where its kind has lines.
fn whole(catalogue: &Catalogue, kind: &Kind, row: &Row) -> Row {
    let values = kind.fields().iter().enumerate().map(|(position, field)| match &field.ty {
        FieldType::Children(child) => {
            let lines = row.at(position).as_rows().iter().map(|line| match catalogue.kind(*child) {
                Some(child) => Row { version: 0, ..whole(catalogue, child, line) },
                None => line.clone(),
            });
            Value::Rows(lines.collect())
        }
        _ => row.at(position).clone(),
    });
    Row { id: row.id, version: row.version, values: values.collect() }
}
