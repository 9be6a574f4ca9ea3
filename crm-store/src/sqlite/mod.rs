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
mod joins;
mod log;
mod migrate;
mod native;
mod open;
mod query;
mod reading;
mod refusal;
mod rows;
mod schema;
mod shape;
mod tx;

#[cfg(test)]
mod tests;

pub use open::{APPLICATION_ID, FORMAT};
pub use schema::schema_sql;

use crm_kernel::catalogue::Catalogue;
use crm_kernel::error::Result;
use crm_kernel::plan::{Aggregate, Query};
use crm_kernel::store::{Interrupter, Store, Tx};
use errors::Mapped;
use functions::Programs;
use rusqlite::{Connection, Statement, StatementStatus};
use shape::Shapes;
use std::cell::Cell;
use std::path::Path;
use std::sync::Arc;
use tx::{SqliteTx, execute};

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
    /// `store.cannot_migrate` where a change would lose values; those of reading.
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

    /// Puts the content of a copy in the place of everything, in one transaction.
    ///
    /// # Errors
    /// Before anything is written: `store.foreign`, `store.newer_schema`, `store.corrupt` for what is no sound copy, `store.io`
    /// where there is none. `store.busy`, `store.full`, `store.read_only`, `store.io`.
    pub fn restore_from(&mut self, path: impl AsRef<Path>) -> Result<()> {
        open::restore(&mut self.conn, path.as_ref(), &self.programs)
    }

    /// The whole database as the bytes of one file in rollback-journal mode.
    ///
    /// # Errors
    /// `store.io`, also where there is no memory for it.
    pub fn to_bytes(&mut self) -> Result<Vec<u8>> {
        open::bytes(&mut self.conn)
    }

    /// Puts the content of a file, given as bytes, in the place of everything, in one transaction. What a write-ahead log
    /// beside that file held is not in it.
    ///
    /// # Errors
    /// As [`SqliteStore::restore_from`].
    pub fn restore_from_bytes(&mut self, bytes: &[u8]) -> Result<()> {
        open::restore_bytes(&mut self.conn, bytes, &self.programs)
    }

    /// How a list is read: for each statement its SQL, then SQLite's plan for it.
    ///
    /// # Errors
    /// Those of [`Tx::query`].
    pub fn explain_query(&mut self, catalogue: &Arc<Catalogue>, plan: &Query) -> Result<Vec<String>> {
        let tx = self.start(false, catalogue)?;
        explained(&tx, query::explain(&tx, plan)?)
    }

    /// How an aggregation is read: for each statement its SQL, then SQLite's plan for it.
    ///
    /// # Errors
    /// Those of [`Tx::aggregate`].
    pub fn explain_aggregate(&mut self, catalogue: &Arc<Catalogue>, plan: &Aggregate) -> Result<Vec<String>> {
        let tx = self.start(false, catalogue)?;
        explained(&tx, aggregate::explain(&tx, plan)?)
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

    fn interrupter(&self) -> Option<Interrupter> {
        let handle = self.conn.get_interrupt_handle();
        Some(Box::new(move || handle.interrupt()))
    }
}
