//! Opening and closing databases.

use crate::call::{entry, received};
use crate::error::{crm_class, crm_error};
use crate::handles::{self, Entry, crm_database};
use crate::text::borrow;
use crm_kernel::error::Result;
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
            let path = borrow(path, path_len, "path")?;
            handles::open(Entry::Database(crm_store::open(path)?))
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
            handles::open(Entry::Database(crm_store::open_memory()?))
        })
    }
}

/// Closes a database and every session on it. Calls under way on other threads end first.
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
