//! A store that undoes what it is told to commit, once it is told to rehearse: the same company serves many calls, and each
//! finds it untouched. Everything else is the store inside.

use crm_kernel::catalogue::Catalogue;
use crm_kernel::change::ChangeSet;
use crm_kernel::error::Result;
use crm_kernel::plan::{Aggregate, Found, Group, Query};
use crm_kernel::store::{Store, Tx};
use crm_kernel::value::Row;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A store inside another.
pub struct Rehearsal {
    inner: Box<dyn Store + Send>,
    rehearses: Arc<AtomicBool>,
}

impl Rehearsal {
    /// Over a store; from when `rehearses` is set nothing is kept.
    pub fn new(inner: Box<dyn Store + Send>, rehearses: Arc<AtomicBool>) -> Rehearsal {
        Rehearsal { inner, rehearses }
    }
}

impl Store for Rehearsal {
    fn begin(&mut self, write: bool, catalogue: &Arc<Catalogue>) -> Result<Box<dyn Tx + '_>> {
        let keeps = !self.rehearses.load(Ordering::SeqCst);
        Ok(Box::new(RehearsalTx { inner: self.inner.begin(write, catalogue)?, keeps }))
    }

    fn name(&self) -> &'static str {
        self.inner.name()
    }
}

struct RehearsalTx<'a> {
    inner: Box<dyn Tx + 'a>,
    keeps: bool,
}

impl Tx for RehearsalTx<'_> {
    fn commit(self: Box<Self>) -> Result<()> {
        if self.keeps { self.inner.commit() } else { Ok(()) }
    }

    fn definitions_revision(&mut self) -> Result<i64> {
        self.inner.definitions_revision()
    }

    fn migrate(&mut self, catalogue: &Arc<Catalogue>) -> Result<()> {
        self.inner.migrate(catalogue)
    }

    fn get(&mut self, kind: u32, id: i64) -> Result<Option<Row>> {
        self.inner.get(kind, id)
    }

    fn put(&mut self, kind: u32, old: Option<&Row>, new: &Row) -> Result<()> {
        self.inner.put(kind, old, new)
    }

    fn delete(&mut self, kind: u32, old: &Row) -> Result<()> {
        self.inner.delete(kind, old)
    }

    fn query(&mut self, plan: &Query) -> Result<Vec<Found>> {
        self.inner.query(plan)
    }

    fn aggregate(&mut self, plan: &Aggregate) -> Result<Vec<Group>> {
        self.inner.aggregate(plan)
    }

    fn next_number(&mut self, sequence: &str) -> Result<i64> {
        self.inner.next_number(sequence)
    }

    fn last_number(&mut self, sequence: &str) -> Result<i64> {
        self.inner.last_number(sequence)
    }

    fn raise_number(&mut self, sequence: &str, at_least: i64) -> Result<()> {
        self.inner.raise_number(sequence, at_least)
    }

    fn last_change(&mut self) -> Result<i64> {
        self.inner.last_change()
    }

    fn append(&mut self, change: &ChangeSet) -> Result<()> {
        self.inner.append(change)
    }

    fn change(&mut self, no: i64) -> Result<Option<ChangeSet>> {
        self.inner.change(no)
    }

    fn changes_after(&mut self, no: i64, limit: u32) -> Result<Vec<ChangeSet>> {
        self.inner.changes_after(no, limit)
    }

    fn set_tombstone(&mut self, kind: u32, id: i64, change: Option<i64>) -> Result<()> {
        self.inner.set_tombstone(kind, id, change)
    }

    fn tombstone(&mut self, kind: u32, id: i64) -> Result<Option<i64>> {
        self.inner.tombstone(kind, id)
    }

    fn tombstones(&mut self, kind: u32, after: Option<(i64, i64)>, limit: u32) -> Result<Vec<(i64, i64)>> {
        self.inner.tombstones(kind, after, limit)
    }

    fn savepoint(&mut self) -> Result<()> {
        self.inner.savepoint()
    }

    fn release(&mut self, keep: bool) -> Result<()> {
        self.inner.release(keep)
    }
}
