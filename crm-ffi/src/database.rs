//! Opening, closing, copying databases.

use crate::call::{entry, received};
use crate::error::{crm_class, crm_error};
use crate::handles::{self, crm_database};
use crate::text::borrow;
use crm_kernel::error::{Error, Result};
use std::ffi::c_char;

/// Opens a database file, or makes it.
///
/// `path`, `path_len`: its path in UTF-8. `database`: receives the handle, 0 where it could not be opened.
/// `error`: receives why; may be NULL.
/// Errors: `store.foreign`, `store.newer_schema`, `store.corrupt`, `store.busy`, `store.io`, `request.invalid_text`.
///
/// # Safety
/// `path` points to `path_len` bytes; `database` and `error` are NULL or point to their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crm_open(
    path: *const c_char,
    path_len: usize,
    database: *mut crm_database,
    error: *mut crm_error,
) -> crm_class {
    // SAFETY: as promised by the caller.
    unsafe {
        entry(database, 0, error, || {
            received(database, "database")?;
            let path = filled(borrow(path, path_len, "path")?)?;
            handles::open_database(crm_store::open(path)?)
        })
    }
}

/// Opens an empty database in memory, which lives until it is closed.
///
/// `database`: receives the handle, 0 where it could not be opened. `error`: receives why; may be NULL.
///
/// # Safety
/// `database` and `error` are NULL or point to their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crm_open_memory(database: *mut crm_database, error: *mut crm_error) -> crm_class {
    // SAFETY: as promised by the caller.
    unsafe {
        entry(database, 0, error, || {
            received(database, "database")?;
            handles::open_database(crm_store::open_memory()?)
        })
    }
}

/// Closes a database and every session on it. Calls under way on other threads end first, unless it is closed from within a
/// callback.
///
/// `error`: receives why it could not; may be NULL. Errors: `handle.invalid`.
///
/// # Safety
/// `error` is NULL or points to its type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crm_close(database: crm_database, error: *mut crm_error) -> crm_class {
    let close = || -> Result<()> { handles::close_database(database) };
    // SAFETY: as promised by the caller; there is nothing to give.
    unsafe { entry(std::ptr::null_mut(), (), error, close) }
}

/// Copies a database into a file while calls go on: everything as it is at one moment. The copy is one file without a
/// write-ahead log. An earlier copy at the place is overwritten.
///
/// `path`, `path_len`: where, in UTF-8. `error`: receives why it could not; may be NULL.
/// Errors: `handle.invalid`, `request.invalid_text`, `store.unsupported` for a database in memory, `store.foreign` where another
/// program's database lies there, `store.busy`, `store.full`, `store.io`.
///
/// # Safety
/// `path` points to `path_len` bytes; `error` is NULL or points to its type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crm_backup(
    database: crm_database,
    path: *const c_char,
    path_len: usize,
    error: *mut crm_error,
) -> crm_class {
    // SAFETY: as promised by the caller; there is nothing to give.
    unsafe {
        let copy = || -> Result<()> {
            let (crm, _user) = handles::database(database)?;
            crm.backup_to(filled(borrow(path, path_len, "path")?)?)
        };
        entry(std::ptr::null_mut(), (), error, copy)
    }
}

/// Puts the content of a copy in the place of everything. The copy is checked first, and it is all or nothing; calls wait
/// meanwhile. Sessions stay open and mean the employees of the copy. The change log is the copy's too: a host that follows
/// it by `crm_changes` begins anew.
///
/// `path`, `path_len`: the copy, in UTF-8. `error`: receives why it could not; may be NULL.
/// Errors: `handle.invalid`, `request.invalid_text`, `store.unsupported` for a database in memory, `store.foreign`,
/// `store.newer_schema`, `store.corrupt`, `store.busy`, `store.full`, `store.io`.
///
/// # Safety
/// `path` points to `path_len` bytes; `error` is NULL or points to its type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crm_restore(
    database: crm_database,
    path: *const c_char,
    path_len: usize,
    error: *mut crm_error,
) -> crm_class {
    // SAFETY: as promised by the caller; there is nothing to give.
    unsafe {
        let restore = || -> Result<()> {
            let (crm, _user) = handles::database(database)?;
            crm.restore_from(filled(borrow(path, path_len, "path")?)?)
        };
        entry(std::ptr::null_mut(), (), error, restore)
    }
}

/// A path that is there: SQLite takes none for a database that it throws away.
fn filled(path: &str) -> Result<&str> {
    if path.is_empty() { Err(Error::argument("path", "empty")) } else { Ok(path) }
}
