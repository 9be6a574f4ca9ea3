//! The one call, and what every function does.

use crate::buffer::crm_buffer;
use crate::error::{crm_class, crm_error};
use crate::handles::{self, crm_session};
use crate::text::borrow;
use crm_kernel::context::Language;
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::text::Texts;
use crm_store::Session;
use std::cell::Cell;
use std::ffi::c_char;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::LazyLock;

/// Runs an operation.
///
/// `operation`, `operation_len`: its name, `quote.submit`. `request`, `request_len`: JSON; with length 0 it is `{}`.
/// `answer`: receives JSON, empty where the call was refused; free it by `crm_buffer_free`; may be NULL. `error`: receives
/// why; free it by `crm_error_free`; may be NULL.
/// Errors: `handle.invalid`, `request.invalid_text`, `request.unknown_operation`, those of the operation.
///
/// # Safety
/// `operation` and `request` point to so many bytes; `answer` and `error` are NULL or point to their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crm_call(
    session: crm_session,
    operation: *const c_char,
    operation_len: usize,
    request: *const c_char,
    request_len: usize,
    answer: *mut crm_buffer,
    error: *mut crm_error,
) -> crm_class {
    // SAFETY: as promised by the caller.
    unsafe {
        entry(answer, crm_buffer::EMPTY, error, || {
            let (session, _user) = handles::session(session)?;
            let operation = borrow(operation, operation_len, "operation")?;
            let request = borrow(request, request_len, "request")?;
            let request = if request.is_empty() { "{}" } else { request };
            session.call_json(operation, request)
        })
    }
}

/// Stops the calls of a session that have begun, from any thread: each ends with `store.interrupted`, class
/// `CRM_CLASS_INTERRUPTED`, and has changed nothing. A call that is being committed is not stopped any more; where there is
/// none, nothing happens. Calls that begin later and other sessions are not touched.
///
/// `error`: receives why it could not; may be NULL. Errors: `handle.invalid`.
///
/// # Safety
/// `error` is NULL or points to its type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crm_interrupt(session: crm_session, error: *mut crm_error) -> crm_class {
    let interrupt = || -> Result<()> {
        handles::session(session)?.0.interrupt();
        Ok(())
    };
    // SAFETY: as promised by the caller; there is nothing to give.
    unsafe { entry(std::ptr::null_mut(), (), error, interrupt) }
}

thread_local! {
    /// The language of the call that this thread is in: English until its session is known.
    static LANGUAGE: Cell<Language> = const { Cell::new(Language::En) };
}

/// From here on errors of the call that this thread is in are told in the language of its session.
pub(crate) fn speak_as(session: &Session) {
    LANGUAGE.set(session.current_language());
}

/// The texts of errors: also for those that no database stands behind.
static TEXTS: LazyLock<Texts> =
    LazyLock::new(|| crm_domain::model().map(|model| model.texts().clone()).unwrap_or_default());

/// What every function does: nothing given and no error at first, panics caught, refusals told.
///
/// # Safety
/// `out` and `error` are NULL or valid for writing. What they held is overwritten, not freed.
pub(crate) unsafe fn entry<V, T: From<V>>(
    out: *mut T,
    none: T,
    error: *mut crm_error,
    work: impl FnOnce() -> Result<V>,
) -> crm_class {
    if !out.is_null() {
        // SAFETY: valid for writing.
        unsafe { out.write(none) };
    }
    if !error.is_null() {
        // SAFETY: valid for writing.
        unsafe { error.write(crm_error::NONE) };
    }
    // A call from within a callback leaves the language of the outer one as it was.
    let outer = LANGUAGE.replace(Language::En);
    // INVARIANT: what a panic interrupts is a transaction, which is undone when it is dropped.
    let done = catch_unwind(AssertUnwindSafe(work));
    let language = LANGUAGE.replace(outer);
    let refused = match done {
        Ok(Ok(value)) => {
            if !out.is_null() {
                // SAFETY: valid for writing.
                unsafe { out.write(value.into()) };
            }
            return crm_class::Ok;
        }
        Ok(Err(refused)) => refused,
        Err(panic) => defect(panic.as_ref()),
    };
    if !error.is_null()
        && let Ok(told) = catch_unwind(|| told(language, &refused))
    {
        // SAFETY: valid for writing.
        unsafe { error.write(told) };
    }
    refused.class().into()
}

/// An error as the host gets it, in a language.
pub(crate) fn told(language: Language, refused: &Error) -> crm_error {
    crm_error::new(&TEXTS, language, refused)
}

/// A handle nobody receives would stay open for good. Errors: `request.invalid_text`.
pub(crate) fn received<T>(out: *mut T, name: &'static str) -> Result<()> {
    if out.is_null() { Err(Error::argument(name, "null")) } else { Ok(()) }
}

fn defect(panic: &(dyn std::any::Any + Send)) -> Error {
    let what = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let what = what.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
    Code::PANIC.error().with("what", what)
}
