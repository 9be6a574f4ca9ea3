//! Following what changes.

use crate::buffer::crm_buffer;
use crate::call::entry;
use crate::error::{crm_class, crm_error};
use crate::handles::{self, crm_database};
use crate::session::Context;
use crm_kernel::error::Result;
use std::ffi::c_void;
use std::sync::Arc;

/// Called when something has changed; what, `crm_changes` tells. On the thread of the call that changed it, when that call is
/// done and nothing is locked: it may call the library. What is changed from within it does not call it again.
#[allow(non_camel_case_types)] // the name in C
pub type crm_wake = Option<extern "C" fn(context: *mut c_void)>;

/// Tells what has changed: every change set above a number, in order, with the records that it touched. A host that keeps
/// `next` together with what it made of the changes misses nothing and sees nothing twice, also over a restart or a crash.
/// How a record looks now, the host asks by a session.
///
/// `after`: the `next` of the answer before; 0 for everything. `limit`: at most so many change sets.
/// `answer`: receives JSON, `{"changes":[{"no","at","actor","on_behalf","operation","reason","records":[{"kind","id",
/// "action"}]}],"next","last"}`, with `action` one of `created`, `updated`, `deleted`, `restored`; there is more while `next` is
/// below `last`. Free it by `crm_buffer_free`. `error`: receives why it could not; may be NULL.
/// Errors: `handle.invalid`, `list.bad_cursor` where there is no such change set, as after an older copy was restored;
/// `store.io`, `store.corrupt`.
///
/// # Safety
/// `answer` and `error` are NULL or point to their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crm_changes(
    database: crm_database,
    after: i64,
    limit: u32,
    answer: *mut crm_buffer,
    error: *mut crm_error,
) -> crm_class {
    // SAFETY: as promised by the caller.
    unsafe {
        entry(answer, crm_buffer::EMPTY, error, || {
            let (crm, _user) = handles::database(database)?;
            Ok(crm.changes(after, limit)?.to_json().to_string())
        })
    }
}

/// Has a function called when something has changed; NULL ends it. There is one for a database. It is also called when a call
/// finds that another process has changed something, not before. When this returns the function before is no longer in use,
/// unless it is called from within a callback.
///
/// `context`: handed to the function as it is. `error`: receives why it could not; may be NULL. Errors: `handle.invalid`.
///
/// # Safety
/// `wake` may be called with `context` from every thread that uses the database until it is closed or given another
/// function; it does not throw and does not jump away. `error` is NULL or points to its type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crm_set_wake(
    database: crm_database,
    wake: crm_wake,
    context: *mut c_void,
    error: *mut crm_error,
) -> crm_class {
    let wake = wake.map(|wake| {
        let context = Context::new(context);
        Arc::new(move || wake(context.get())) as Arc<dyn Fn() + Send + Sync>
    });
    let set = || -> Result<()> { handles::change_database(database, |crm| crm.on_change(wake)) };
    // SAFETY: as promised by the caller; there is nothing to give.
    unsafe { entry(std::ptr::null_mut(), (), error, set) }
}
