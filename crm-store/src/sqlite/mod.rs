//! The store on SQLite.
//!
//! STRICT tables, one for each kind, with typed columns named as the fields; lines lie under their parent's key. Custom
//! fields are columns, custom kinds are tables. Numbers are scaled integers, dates days, instants milliseconds. The
//! schema is made from the catalogue and the file follows it ([`plan_migration`](SqliteStore::plan_migration)).
//!
//! It promises:
//! - answers equal to those of the store in memory, for every plan: an expression is SQL only where that is provably the
//!   same, and the kernel's own evaluator on the row everywhere else;
//! - a refused write has changed nothing; a dropped transaction neither; what is committed survives a crash;
//! - values are bound, never written into SQL.
//!
//! It never opens a file of another program or of a newer library, and never leaves foreign keys unchecked.

mod aggregate;
mod column;
mod compile;
mod errors;
mod fold;
mod functions;
mod groups;
mod log;
mod migrate;
mod native;
mod open;
mod query;
mod rows;
mod schema;
mod shape;

#[cfg(test)]
mod tests;

pub use open::{APPLICATION_ID, FORMAT};
pub use schema::schema_sql;

use compile::Compiler;
use crm_kernel::catalogue::Catalogue;
use crm_kernel::change::ChangeSet;
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::plan::{Aggregate, Found, Group, Query};
use crm_kernel::store::{Store, Tx};
use crm_kernel::value::Row;
use errors::Mapped;
use functions::Programs;
use rusqlite::{Connection, Statement, StatementStatus};
use shape::{Shape, Shapes};
use std::cell::Cell;
use std::path::Path;
use std::sync::Arc;

/// How a file is opened.
#[derive(Clone, Debug)]
pub struct Options {
    /// When a commit is safe.
    pub synchronous: Synchronous,
    /// How a transaction is undone after a crash.
    pub journal: Journal,
    /// How long a write waits for another writer, in milliseconds.
    pub busy_timeout_ms: u32,
    /// Nothing is written, not even to a new file.
    pub read_only: bool,
    /// Most pages of 4096 bytes that the file may have.
    pub max_pages: Option<u32>,
    /// Compiles expressions to what SQL seems to offer. Wrong, and there to show that tests notice.
    #[doc(hidden)]
    pub naive: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            synchronous: Synchronous::Full,
            // Browsers have no shared memory, which a write-ahead log needs.
            journal: if cfg!(target_arch = "wasm32") { Journal::Rollback } else { Journal::Wal },
            busy_timeout_ms: 5_000,
            read_only: false,
            max_pages: None,
            naive: false,
        }
    }
}

/// When a commit is safe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Synchronous {
    /// When it returns, also from a loss of power.
    Full,
    /// From a crash of the program; a loss of power may undo the last commits, never damage the file.
    Normal,
}

/// How a transaction is undone after a crash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Journal {
    /// A write-ahead log beside the file: readers go on while one writes.
    Wal,
    /// A rollback journal: one file, one at a time.
    Rollback,
}

/// A database file, or one in memory.
pub struct SqliteStore {
    conn: Connection,
    options: Options,
    programs: Programs,
    /// Statement texts for the catalogue that was last used.
    shapes: Option<Arc<Shapes>>,
    work: Cell<Work>,
}

/// What SQLite has done for plans: to see that a page reads no more than it needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Instructions of its virtual machine; some ten for each row looked at.
    pub steps: u64,
    /// Steps forward through a whole table.
    pub scanned: u64,
    /// Sorts.
    pub sorts: u64,
}

impl Work {
    /// Of a statement since it was last asked.
    fn of(statement: &Statement<'_>) -> Work {
        let count = |status| u64::try_from(statement.reset_status(status)).unwrap_or(0);
        Work {
            steps: count(StatementStatus::VmStep),
            scanned: count(StatementStatus::FullscanStep),
            sorts: count(StatementStatus::Sort),
        }
    }
}

impl SqliteStore {
    /// Opens a file, or creates it.
    ///
    /// # Errors
    /// `store.foreign` for another program's database, `store.newer_schema` for one of a newer library, `store.corrupt`
    /// for what is no database, `store.busy`, `store.full`, `store.read_only`, `store.io`.
    pub fn open(path: impl AsRef<Path>, options: Options) -> Result<SqliteStore> {
        let programs = Programs::default();
        let conn = open::file(path.as_ref(), &options, &programs)?;
        Ok(SqliteStore { conn, options, programs, shapes: None, work: Cell::default() })
    }

    /// A database that lives as long as the store.
    ///
    /// # Errors
    /// `store.io` where there is no memory for it.
    pub fn memory() -> Result<SqliteStore> {
        SqliteStore::memory_with(Options::default())
    }

    /// As [`SqliteStore::memory`], with options.
    ///
    /// # Errors
    /// As [`SqliteStore::memory`].
    pub fn memory_with(options: Options) -> Result<SqliteStore> {
        let programs = Programs::default();
        let conn = open::memory(&options, &programs)?;
        Ok(SqliteStore { conn, options, programs, shapes: None, work: Cell::default() })
    }

    /// True where the file has the tables of a catalogue, so that [`Tx::migrate`] would change nothing.
    ///
    /// # Errors
    /// Those of reading.
    pub fn fits(&self, catalogue: &Catalogue) -> Result<bool> {
        migrate::fits(&self.conn, catalogue)
    }

    /// The SQL that [`Tx::migrate`] would run for a catalogue, in order; none where the file fits.
    ///
    /// # Errors
    /// `internal.error` where a change would lose values; those of reading.
    pub fn plan_migration(&self, catalogue: &Catalogue) -> Result<Vec<String>> {
        let steps = migrate::plan(&self.conn, catalogue)?.into_iter();
        Ok(steps
            .filter_map(|step| match step {
                migrate::Step::Sql(sql) => Some(sql),
                migrate::Step::Kind { .. } | migrate::Step::Field { .. } => None,
            })
            .collect())
    }

    /// Copies the whole database into a file while others go on. The copy is one file in rollback-journal mode. An
    /// earlier copy at the place is overwritten.
    ///
    /// # Errors
    /// `store.foreign` where the file there is another program's; `store.busy`, `store.full`, `store.io`.
    pub fn backup_to(&self, path: impl AsRef<Path>) -> Result<()> {
        open::backup(&self.conn, path.as_ref(), self.options.busy_timeout_ms)
    }

    /// What stops a call from another thread: it ends with `store.interrupted`.
    pub fn interrupt_handle(&self) -> Interrupt {
        Interrupt(self.conn.get_interrupt_handle())
    }

    /// How a list is read: for each statement its SQL, then SQLite's plan for it.
    ///
    /// # Errors
    /// Those of [`Tx::query`].
    pub fn explain_query(&mut self, catalogue: &Arc<Catalogue>, plan: &Query) -> Result<Vec<String>> {
        let tx = self.start(false, catalogue)?;
        explained(&tx, query::explain(&tx, plan)?)
    }

    /// How an aggregation is read: its SQL, then SQLite's plan for it.
    ///
    /// # Errors
    /// Those of [`Tx::aggregate`].
    pub fn explain_aggregate(&mut self, catalogue: &Arc<Catalogue>, plan: &Aggregate) -> Result<Vec<String>> {
        let tx = self.start(false, catalogue)?;
        explained(&tx, vec![aggregate::explain(&tx, plan)?])
    }

    /// What plans have cost since this was last asked.
    pub fn take_work(&self) -> Work {
        self.work.take()
    }

    fn start(&mut self, write: bool, catalogue: &Arc<Catalogue>) -> Result<SqliteTx<'_>> {
        let known = self.shapes.as_ref().filter(|shapes| Arc::ptr_eq(&shapes.catalogue, catalogue));
        let shapes = known.map_or_else(|| Shapes::new(catalogue), Arc::clone);
        self.shapes = Some(Arc::clone(&shapes));
        execute(&self.conn, if write { "BEGIN IMMEDIATE" } else { "BEGIN" })?;
        Ok(SqliteTx { store: self, shapes, write, savepoints: Vec::new(), last: None, is_done: false })
    }
}

fn explained(tx: &SqliteTx<'_>, statements: Vec<query::Sql>) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for sql in statements {
        let mut statement = tx.conn().prepare(&format!("EXPLAIN QUERY PLAN {}", sql.text)).mapped()?;
        sql.bind(&mut statement)?;
        lines.push(sql.text.clone());
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().mapped()? {
            lines.push(row.get(3).mapped()?);
        }
    }
    Ok(lines)
}

impl Store for SqliteStore {
    fn begin(&mut self, write: bool, catalogue: &Arc<Catalogue>) -> Result<Box<dyn Tx + '_>> {
        Ok(Box::new(self.start(write, catalogue)?))
    }

    fn name(&self) -> &'static str {
        "sqlite"
    }
}

/// Stops the call that a store is busy with. May be used from any thread.
pub struct Interrupt(rusqlite::InterruptHandle);

impl Interrupt {
    /// Stops it; where there is none, nothing happens.
    pub fn interrupt(&self) {
        self.0.interrupt();
    }
}

struct SqliteTx<'a> {
    store: &'a mut SqliteStore,
    shapes: Arc<Shapes>,
    write: bool,
    /// The shapes when each open savepoint began: a migration after it is undone with it.
    savepoints: Vec<Arc<Shapes>>,
    /// The number of the last change set, once known.
    last: Option<i64>,
    is_done: bool,
}

impl SqliteTx<'_> {
    fn conn(&self) -> &Connection {
        &self.store.conn
    }

    fn shape(&self, kind: u32) -> Result<Arc<Shape>> {
        self.shapes.get(&self.store.conn, kind)
    }

    fn is_naive(&self) -> bool {
        self.store.options.naive
    }

    fn compiler(&self, shape: &Arc<Shape>) -> Compiler<'_> {
        Compiler::new(&self.store.conn, &self.shapes, &self.store.programs, self.is_naive(), shape)
    }

    fn note_work(&self, work: Work) {
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
    fn all_or_nothing<E: From<Error>>(
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

fn execute(conn: &Connection, sql: &str) -> Result<()> {
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

    fn tombstones(&mut self, kind: u32, limit: u32) -> Result<Vec<(i64, i64)>> {
        log::tombstones(self.conn(), kind, limit)
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
