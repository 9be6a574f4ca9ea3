//! The transaction: what the kernel's trait asks for, handed on to where it is done.

use super::compile::Compiler;
use super::errors::Mapped;
use super::shape::{Shape, Shapes};
use super::{SqliteStore, Work, aggregate, log, migrate, query, rows};
use crm_kernel::catalogue::Catalogue;
use crm_kernel::change::ChangeSet;
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::plan::{Aggregate, Found, Group, Query};
use crm_kernel::store::Tx;
use crm_kernel::value::Row;
use rusqlite::Connection;
use std::sync::Arc;

/// A transaction on the store's one connection.
pub(super) struct SqliteTx<'a> {
    pub(super) store: &'a mut SqliteStore,
    pub(super) shapes: Arc<Shapes>,
    pub(super) write: bool,
    /// The shapes when each open savepoint began: a migration after it is undone with it.
    pub(super) savepoints: Vec<Arc<Shapes>>,
    /// The number of the last change set, once known.
    pub(super) last: Option<i64>,
    pub(super) is_done: bool,
}

impl SqliteTx<'_> {
    pub(super) fn conn(&self) -> &Connection {
        &self.store.conn
    }

    pub(super) fn shape(&self, kind: u32) -> Result<Arc<Shape>> {
        self.shapes.get(&self.store.conn, kind)
    }

    pub(super) fn is_naive(&self) -> bool {
        self.store.options.naive
    }

    pub(super) fn compiler(&self, shape: &Arc<Shape>) -> Compiler<'_> {
        Compiler::new(&self.store.conn, &self.shapes, &self.store.programs, self.is_naive(), shape)
    }

    pub(super) fn note_work(&self, work: Work) {
        let mut all = self.store.work.get();
        all.steps = all.steps.saturating_add(work.steps);
        all.scanned = all.scanned.saturating_add(work.scanned);
        all.sorts = all.sorts.saturating_add(work.sorts);
        self.store.work.set(all);
    }

    /// Errors: `store.read_only` in a transaction that only reads; `store.io` where SQLite has undone the transaction
    /// after a fault, for what came now would stand alone.
    fn may_write(&self) -> Result<()> {
        if !self.write {
            return Err(Code::READ_ONLY_STORE.error());
        }
        self.is_open()
    }

    fn is_open(&self) -> Result<()> {
        if self.conn().is_autocommit() {
            return Err(Code::IO.error().with("what", "the transaction was undone after a fault"));
        }
        Ok(())
    }

    /// Runs several statements of which a refused one undoes all.
    pub(super) fn all_or_nothing<E: From<Error>>(
        &self,
        work: impl FnOnce() -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        execute(self.conn(), "SAVEPOINT crm_put")?;
        let done = work();
        // After some faults SQLite has undone the whole transaction already.
        if done.is_err() && !self.conn().is_autocommit() {
            execute(self.conn(), "ROLLBACK TO crm_put")?;
        }
        if !self.conn().is_autocommit() {
            execute(self.conn(), "RELEASE crm_put")?;
        }
        done
    }
}

/// Runs a statement without parameters.
pub(super) fn execute(conn: &Connection, sql: &str) -> Result<()> {
    conn.prepare_cached(sql).mapped()?.raw_execute().mapped().map(|_| ())
}

impl Tx for SqliteTx<'_> {
    fn definitions_revision(&mut self) -> Result<i64> {
        migrate::revision(self.conn())
    }

    fn migrate(&mut self, catalogue: &Arc<Catalogue>) -> Result<()> {
        self.may_write()?;
        self.all_or_nothing(|| migrate::run(self.conn(), catalogue))?;
        self.shapes = Shapes::new(catalogue);
        Ok(())
    }

    fn get(&mut self, kind: u32, id: i64) -> Result<Option<Row>> {
        rows::get(self, kind, id)
    }

    fn put(&mut self, kind: u32, old: Option<&Row>, new: &Row) -> Result<()> {
        self.may_write()?;
        rows::put(self, kind, old, new)
    }

    fn delete(&mut self, kind: u32, old: &Row) -> Result<()> {
        self.may_write()?;
        rows::delete(self, kind, old)
    }

    fn query(&mut self, plan: &Query) -> Result<Vec<Found>> {
        query::run(self, plan)
    }

    fn aggregate(&mut self, plan: &Aggregate) -> Result<Vec<Group>> {
        aggregate::run(self, plan)
    }

    fn next_number(&mut self, sequence: &str) -> Result<i64> {
        self.may_write()?;
        log::next_number(self.conn(), sequence)
    }

    fn last_number(&mut self, sequence: &str) -> Result<i64> {
        log::last_number(self.conn(), sequence)
    }

    fn raise_number(&mut self, sequence: &str, at_least: i64) -> Result<()> {
        self.may_write()?;
        log::raise_number(self.conn(), sequence, at_least)
    }

    fn last_change(&mut self) -> Result<i64> {
        // Nobody else writes while this transaction may.
        if let (true, Some(last)) = (self.write, self.last) {
            return Ok(last);
        }
        let last = log::last_change(self.conn())?;
        self.last = Some(last);
        Ok(last)
    }

    fn append(&mut self, change: &ChangeSet) -> Result<()> {
        self.may_write()?;
        let last = self.last_change()?;
        if change.no.checked_sub(1) != Some(last) {
            return Err(Error::internal(format!("change set {} after {last}", change.no)));
        }
        log::append(self.conn(), change)?;
        self.last = Some(change.no);
        Ok(())
    }

    fn change(&mut self, no: i64) -> Result<Option<ChangeSet>> {
        log::change(self.conn(), no)
    }

    fn changes_after(&mut self, no: i64, limit: u32) -> Result<Vec<ChangeSet>> {
        log::changes_after(self.conn(), no, limit)
    }

    fn set_tombstone(&mut self, kind: u32, id: i64, change: Option<i64>) -> Result<()> {
        self.may_write()?;
        log::set_tombstone(self.conn(), kind, id, change)
    }

    fn tombstone(&mut self, kind: u32, id: i64) -> Result<Option<i64>> {
        log::tombstone(self.conn(), kind, id)
    }

    fn tombstones(&mut self, kind: u32, after: Option<(i64, i64)>, limit: u32) -> Result<Vec<(i64, i64)>> {
        log::tombstones(self.conn(), kind, after, limit)
    }

    fn savepoint(&mut self) -> Result<()> {
        self.is_open()?;
        execute(self.conn(), "SAVEPOINT crm")?;
        self.savepoints.push(Arc::clone(&self.shapes));
        Ok(())
    }

    fn release(&mut self, keep: bool) -> Result<()> {
        let shapes = self.savepoints.pop().ok_or_else(|| Error::internal("no savepoint is open"))?;
        self.is_open()?;
        if !keep {
            execute(self.conn(), "ROLLBACK TO crm")?;
            self.shapes = shapes;
            self.last = None;
        }
        execute(self.conn(), "RELEASE crm")
    }

    fn commit(mut self: Box<Self>) -> Result<()> {
        self.is_open()?;
        execute(self.conn(), "COMMIT")?;
        self.is_done = true;
        self.store.shapes = Some(Arc::clone(&self.shapes));
        Ok(())
    }
}

impl Drop for SqliteTx<'_> {
    fn drop(&mut self) {
        if !self.is_done && !self.conn().is_autocommit() {
            // Nothing can be done about a failure here; the next transaction would meet it.
            let _ = execute(self.conn(), "ROLLBACK");
        }
    }
}
