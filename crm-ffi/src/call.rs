//! Sessions, and the one call.

use crate::buffer::crm_buffer;
use crate::error::{crm_class, crm_error};
use crate::handles::{self, Entry, crm_database, crm_session};
use crate::text::borrow;
use crm_kernel::context::Language;
use crm_kernel::date::Instant;
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::id::Id;
use crm_kernel::text::Texts;
use crm_store::Clock;
use std::cell::Cell;
use std::ffi::{c_char, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::LazyLock;

/// The host's clock: gives milliseconds since 1970-01-01T00:00:00Z. Asked once a call, on the thread of the call, from any
/// thread that calls. It may call the library.
#[allow(non_camel_case_types)] // the name in C
pub type crm_clock = Option<extern "C" fn(context: *mut c_void) -> i64>;

/// Opens a session of an employee. The host vouches for who that is.
///
/// `actor`: the employee's id; 0 where nobody has signed in yet. `language`, `language_len`: `zh-CN`, `zh-TW` or `en`;
/// with length 0 it is `en`. `session`: receives the handle, 0 where it could not be opened. `error`: receives why; may be
/// NULL. Errors: `handle.invalid`, `request.invalid_text`.
///
/// # Safety
/// `language` points to `language_len` bytes; `session` and `error` are NULL or point to their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crm_session_open(
    database: crm_database,
    actor: u64,
    language: *const c_char,
    language_len: usize,
    session: *mut crm_session,
    error: *mut crm_error,
) -> crm_class {
    // SAFETY: as promised by the caller.
    unsafe {
        entry(session, 0, error, || {
            received(session, "session")?;
            let crm = handles::database(database)?;
            let tag = borrow(language, language_len, "language")?;
            let unknown = || Code::INVALID_TEXT.error().with("argument", "language").with("fault", tag);
            let language =
                if tag.is_empty() { Language::En } else { Language::parse(tag).ok_or_else(unknown)? };
            let actor = match actor {
                0 => None,
                number => {
                    Some(i64::try_from(number).ok().and_then(Id::new).ok_or_else(|| Code::NO_ACTOR.error())?)
                }
            };
            handles::open(Entry::Session(crm.session(actor).language(language), database))
        })
    }
}

/// Gives a session the host's clock instead of the system's; NULL gives the system's back.
///
/// `context`: handed to the clock as it is. `error`: receives why it could not; may be NULL. Errors: `handle.invalid`.
///
/// # Safety
/// `clock` may be called with `context` from every thread that uses the session until it is closed or given another
/// clock; `error` is NULL or points to its type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crm_session_set_clock(
    session: crm_session,
    clock: crm_clock,
    context: *mut c_void,
    error: *mut crm_error,
) -> crm_class {
    /// The host's word that its context may be used from any thread.
    struct Shared(*mut c_void);
    // SAFETY: the caller of crm_session_set_clock promises it.
    unsafe impl Send for Shared {}
    // SAFETY: as above.
    unsafe impl Sync for Shared {}

    let set = || {
        let clock = match clock {
            None => Clock::system(),
            Some(clock) => {
                let shared = Shared(context);
                Clock::new(move || {
                    let Shared(context) = &shared;
                    Instant::from_millis(clock(*context)).unwrap_or(Instant::EPOCH)
                })
            }
        };
        handles::set_session(session, |session| session.clock(clock))
    };
    // SAFETY: as promised by the caller; there is nothing to give.
    unsafe { entry(std::ptr::null_mut(), (), error, set) }
}

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
            let session = handles::session(session)?;
            LANGUAGE.set(session.current_language());
            let operation = borrow(operation, operation_len, "operation")?;
            let request = borrow(request, request_len, "request")?;
            let request = if request.is_empty() { "{}" } else { request };
            session.call(operation, request)
        })
    }
}

/// Closes a session. A call under way on another thread ends first.
///
/// `error`: receives why it could not; may be NULL. Errors: `handle.invalid`.
///
/// # Safety
/// `error` is NULL or points to its type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crm_session_close(session: crm_session, error: *mut crm_error) -> crm_class {
    let close = || -> Result<()> { handles::close_session(session) };
    // SAFETY: as promised by the caller; there is nothing to give.
    unsafe { entry(std::ptr::null_mut(), (), error, close) }
}

thread_local! {
    /// The language of the call that this thread is in.
    static LANGUAGE: Cell<Language> = const { Cell::new(Language::En) };
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
    LANGUAGE.set(Language::En);
    // INVARIANT: what a panic interrupts is a transaction, which is undone when it is dropped.
    let refused = match catch_unwind(AssertUnwindSafe(work)) {
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
    if !error.is_null() {
        let language = LANGUAGE.get();
        if let Ok(told) = catch_unwind(|| crm_error::new(&TEXTS, language, &refused)) {
            // SAFETY: valid for writing.
            unsafe { error.write(told) };
        }
    }
    refused.class().into()
}

/// A handle nobody receives would stay open for good. Errors: `request.invalid_text`.
pub(crate) fn received<T>(out: *mut T, name: &'static str) -> Result<()> {
    if out.is_null() {
        Err(Code::INVALID_TEXT.error().with("argument", name).with("fault", "NULL"))
    } else {
        Ok(())
    }
}

fn defect(panic: &(dyn std::any::Any + Send)) -> Error {
    let what = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let what = what.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
    Code::PANIC.error().with("what", what)
}
