//! Opening a file: whose it is, how it is written, and handing out a copy.

use super::errors::Mapped;
use super::functions::{self, Programs};
use super::{Journal, Options, Synchronous, schema};
use crm_kernel::error::{Code, Error, Result};
use rusqlite::backup::{Backup, StepResult};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, MAIN_DB, OpenFlags, TransactionBehavior};
use std::io::Read;
use std::ops::Range;
use std::path::Path;
use std::time::Duration;

/// `PRAGMA application_id` of the engine's files: "CRMe".
pub const APPLICATION_ID: i32 = 0x4352_4d65;

/// `PRAGMA user_version`: the form of the engine's own tables. A file with a higher one is not opened.
pub const FORMAT: i32 = 1;

/// Statements kept prepared: all kinds with all of theirs, and the plans in use.
const STATEMENTS: usize = 1024;

/// Bytes of a page, wherever a file is made: a copy fits into every other file.
const PAGE: u32 = 4096;

/// Kilobytes of page cache.
const CACHE_KB: i32 = 16_384;

/// Where the header says how a file is written, and what it says with a rollback journal.
const JOURNAL_MODE: Range<usize> = 18..20;
const ROLLBACK: [u8; 2] = [1, 1];

/// What a write-ahead log is cut to after a large transaction, in bytes.
const JOURNAL_BYTES: i64 = 64 << 20;

/// Opens or creates a file. Errors: those of [`super::SqliteStore::open`].
pub(super) fn file(path: &Path, options: &Options, programs: &Programs) -> Result<Connection> {
    let access = if options.read_only {
        OpenFlags::SQLITE_OPEN_READ_ONLY
    } else {
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE
    };
    let flags = access | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let conn = Connection::open_with_flags(path, flags).mapped()?;
    set_up(conn, options, programs)
}

/// A database that lives as long as its connection.
pub(super) fn memory(options: &Options, programs: &Programs) -> Result<Connection> {
    set_up(Connection::open_in_memory().mapped()?, options, programs)
}

fn set_up(mut conn: Connection, options: &Options, programs: &Programs) -> Result<Connection> {
    conn.busy_timeout(Duration::from_millis(u64::from(options.busy_timeout_ms))).mapped()?;
    // A name that is no column is an error and never a string.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false).mapped()?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false).mapped()?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true).mapped()?;
    // Else a prepared statement is planned anew for each value that is bound to it.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).mapped()?;
    let is_new = check_owner(&conn)?;
    let synchronous = match options.synchronous {
        Synchronous::Full => "FULL",
        Synchronous::Normal => "NORMAL",
    };
    conn.execute_batch(&format!(
        "PRAGMA page_size = {PAGE}; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY; \
         PRAGMA cache_size = -{CACHE_KB}; PRAGMA journal_size_limit = {JOURNAL_BYTES}; PRAGMA synchronous = {synchronous};"
    ))
    .mapped()?;
    if !read_flag(&conn, "foreign_keys")? {
        return Err(Error::internal("this SQLite does not enforce foreign keys"));
    }
    if !options.read_only {
        set_journal(&conn, options.journal)?;
    }
    if let Some(pages) = options.max_pages {
        conn.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(())).mapped()?;
    }
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    if is_new {
        if options.read_only {
            return Err(Code::READ_ONLY_STORE.error().with("what", "the file is empty"));
        }
        create(&mut conn)?;
    }
    functions::register(&conn, programs)?;
    Ok(conn)
}

/// True for an empty file. Errors: `store.foreign`, `store.newer_schema`, `store.corrupt`.
fn check_owner(conn: &Connection) -> Result<bool> {
    let application: i32 = conn.pragma_query_value(None, "application_id", |row| row.get(0)).mapped()?;
    let format: i32 = conn.pragma_query_value(None, "user_version", |row| row.get(0)).mapped()?;
    if application == APPLICATION_ID {
        return match format {
            1..=FORMAT => Ok(false),
            ..=0 => Err(Code::CORRUPT.error().with("what", format!("a file of the form {format}"))),
            _ => Err(Code::NEWER_SCHEMA.error().with("format", i64::from(format))),
        };
    }
    let objects: i64 = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).mapped()?;
    if application != 0 || format != 0 || objects != 0 {
        return Err(Code::FOREIGN.error().with("application", i64::from(application)));
    }
    Ok(true)
}

/// The engine's own tables in an empty file.
fn create(conn: &mut Connection) -> Result<()> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate).mapped()?;
    // Somebody else may have been first.
    if check_owner(&tx)? {
        tx.execute_batch(&schema::engine_tables()).mapped()?;
        tx.pragma_update(None, "application_id", APPLICATION_ID).mapped()?;
        tx.pragma_update(None, "user_version", FORMAT).mapped()?;
    }
    tx.commit().mapped()
}

fn set_journal(conn: &Connection, journal: Journal) -> Result<()> {
    let mode = match journal {
        Journal::Wal => "WAL",
        Journal::Rollback => "DELETE",
    };
    conn.pragma_update_and_check(None, "journal_mode", mode, |_| Ok(())).mapped()
}

fn read_flag(conn: &Connection, pragma: &str) -> Result<bool> {
    conn.pragma_query_value(None, pragma, |row| row.get(0)).mapped()
}

/// Copies everything into a file of rollback-journal mode. Errors: `store.foreign` where the file is another program's,
/// and those of writing.
pub(super) fn backup(conn: &Connection, path: &Path, busy_timeout_ms: u32) -> Result<()> {
    let mut copy = Connection::open(path).mapped()?;
    copy.busy_timeout(Duration::from_millis(u64::from(busy_timeout_ms))).mapped()?;
    check_owner(&copy)?;
    copy_pages(conn, &mut copy)?;
    // The copy has the header of a WAL file: without this it could not be opened from a read-only medium.
    set_journal(&copy, Journal::Rollback)?;
    copy.close().map_err(|(_, fault)| super::errors::error(fault))
}

/// Replaces everything by a copy, in one transaction. Errors: those of [`super::SqliteStore::restore_from`].
pub(super) fn restore(conn: &mut Connection, path: &Path, programs: &Programs) -> Result<()> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    restore_copy(conn, &Connection::open_with_flags(path, flags).mapped()?, programs)
}

/// As [`restore`], from the bytes of a file. Errors: those of [`super::SqliteStore::restore_from_bytes`].
pub(super) fn restore_bytes(conn: &mut Connection, bytes: &[u8], programs: &Programs) -> Result<()> {
    let parts = (bytes.get(..JOURNAL_MODE.start), bytes.get(JOURNAL_MODE.end..));
    let (Some(before), Some(after)) = parts else { return Err(Code::CORRUPT.error()) };
    let mut copy = Connection::open_in_memory().mapped()?;
    let rollback = before.chain(ROLLBACK.as_slice()).chain(after);
    copy.deserialize_read_exact(MAIN_DB, rollback, bytes.len(), false).mapped()?;
    restore_copy(conn, &copy, programs)
}

/// The bytes of a file of rollback-journal mode with everything in it. Errors: those of reading.
pub(super) fn bytes(conn: &mut Connection) -> Result<Vec<u8>> {
    let mut bytes = conn.serialize(MAIN_DB).mapped()?.to_vec();
    if let Some(mode) = bytes.get_mut(JOURNAL_MODE) {
        mode.copy_from_slice(&ROLLBACK);
    }
    Ok(bytes)
}

fn restore_copy(conn: &mut Connection, copy: &Connection, programs: &Programs) -> Result<()> {
    if check_owner(copy)? {
        return Err(Code::FOREIGN.error().with("what", "the file is empty"));
    }
    functions::register(copy, programs)?;
    let found: String = copy.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0)).mapped()?;
    if found != "ok" {
        return Err(Code::CORRUPT.error().with("what", found));
    }
    copy_pages(copy, conn)
}

/// All pages of one database into another. Errors: `store.busy`, those of reading and writing.
fn copy_pages(from: &Connection, to: &mut Connection) -> Result<()> {
    match Backup::new(from, to).mapped()?.step(-1).mapped()? {
        StepResult::Done => Ok(()),
        _ => Err(Code::BUSY.error()),
    }
}
