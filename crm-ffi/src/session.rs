//! Sessions: who works on a database, in which language, by which clock.

use crate::call::{entry, received};
use crate::error::{crm_class, crm_error};
use crate::handles::{self, crm_database, crm_session};
use crate::text::borrow;
use crm_kernel::context::Language;
use crm_kernel::date::Instant;
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::id::Id;
use crm_kernel::zone::Zone;
use crm_store::{Clock, Session};
use std::ffi::{c_char, c_void};

/// The host's clock: gives milliseconds since 1970-01-01T00:00:00Z. Asked once a call, on the thread of the call, from any
/// thread that calls, before anything is locked: it may call the library. A time beyond the years 1 to 9999 is the first or
/// last there is.
#[allow(non_camel_case_types)] // the name in C
pub type crm_clock = Option<extern "C" fn(context: *mut c_void) -> i64>;

/// Opens a session of an employee. The host vouches for who that is.
///
/// `actor`: the employee's id; 0 where nobody has signed in yet. `language`, `language_len`: `zh-CN`, `zh-TW` or `en`;
/// with length 0 it is `en`. `session`: receives the handle, 0 where it could not be opened. `error`: receives why; may be
/// NULL. Errors: `handle.invalid`, `request.invalid_text`, `permission.no_actor` for a number that is no id.
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
            let language = spoken(borrow(language, language_len, "language")?)?;
            let actor = employee(actor)?;
            handles::open_session(database, |crm| Ok(crm.session(actor).language(language)))
        })
    }
}

/// Sets the language of a session's messages.
///
/// `language`, `language_len`: `zh-CN`, `zh-TW` or `en`; with length 0 it is `en`. `error`: receives why it could not; may
/// be NULL. Errors: `handle.invalid`, `request.invalid_text`.
///
/// # Safety
/// `language` points to `language_len` bytes; `error` is NULL or points to its type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crm_session_set_language(
    session: crm_session,
    language: *const c_char,
    language_len: usize,
    error: *mut crm_error,
) -> crm_class {
    // SAFETY: as promised by the caller.
    unsafe {
        change(session, error, |session| {
            Ok(session.language(spoken(borrow(language, language_len, "language")?)?))
        })
    }
}

/// Lets a session work on behalf of another employee, which the change log tells.
///
/// `employee`: whose stead; 0 for nobody's. `error`: receives why it could not; may be NULL. Errors: `handle.invalid`,
/// `permission.no_actor` for a number that is no id. What an employee may do for another is judged by each call.
///
/// # Safety
/// `error` is NULL or points to its type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crm_session_set_on_behalf(
    session: crm_session,
    employee: u64,
    error: *mut crm_error,
) -> crm_class {
    // SAFETY: as promised by the caller.
    unsafe { change(session, error, |session| Ok(session.on_behalf(self::employee(employee)?))) }
}

/// Gives the reason that the change log keeps with what the session changes from now on.
///
/// `reason`, `reason_len`: the text; with length 0 there is none. `error`: receives why it could not; may be NULL.
/// Errors: `handle.invalid`, `request.invalid_text`.
///
/// # Safety
/// `reason` points to `reason_len` bytes; `error` is NULL or points to its type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crm_session_set_reason(
    session: crm_session,
    reason: *const c_char,
    reason_len: usize,
    error: *mut crm_error,
) -> crm_class {
    // SAFETY: as promised by the caller.
    unsafe { change(session, error, |session| Ok(session.because(borrow(reason, reason_len, "reason")?))) }
}

/// Gives a session the host's clock instead of the system's; NULL gives the system's back. When it returns no call uses the
/// clock before, unless it is called from within a callback.
///
/// `context`: handed to the clock as it is. `error`: receives why it could not; may be NULL. Errors: `handle.invalid`.
///
/// # Safety
/// `clock` may be called with `context` from every thread that uses the session until it is closed or given another
/// clock; it does not throw and does not jump away. `error` is NULL or points to its type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crm_session_set_clock(
    session: crm_session,
    clock: crm_clock,
    context: *mut c_void,
    error: *mut crm_error,
) -> crm_class {
    let clock = clock.map_or_else(Clock::system, |clock| {
        let context = Context::new(context);
        Clock::new(move || {
            let millis = clock(context.get());
            let end = if millis < 0 { Instant::MIN } else { Instant::MAX };
            Instant::from_millis(millis).unwrap_or(end)
        })
    });
    // SAFETY: as promised by the caller.
    unsafe { change(session, error, |session| Ok(session.clock(clock))) }
}

/// Finds the business dates of a session in a zone of the host instead of the enterprise's. The system's zone is never asked.
///
/// `name`, `name_len`: such as `Asia/Shanghai`; with length 0 it is the enterprise's again. `rule`, `rule_len`: the zone's
/// rule as a POSIX `TZ` text, such as `CST-8`; with length 0 the rule is the one that the library has under the name.
/// `error`: receives why it could not; may be NULL. Errors: `handle.invalid`, `request.invalid_text`.
///
/// # Safety
/// `name` and `rule` point to so many bytes; `error` is NULL or points to its type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crm_session_set_zone(
    session: crm_session,
    name: *const c_char,
    name_len: usize,
    rule: *const c_char,
    rule_len: usize,
    error: *mut crm_error,
) -> crm_class {
    // SAFETY: as promised by the caller.
    unsafe {
        change(session, error, |session| {
            let (name, rule) = (borrow(name, name_len, "name")?, borrow(rule, rule_len, "rule")?);
            let zone = match (name, rule) {
                ("", "") => None,
                (name, "") => Some(Zone::named(name).ok_or_else(|| Error::unknown_argument("name", name))?),
                (name, rule) => {
                    Some(Zone::parse(name, rule).map_err(|_| Error::unknown_argument("rule", rule))?)
                }
            };
            Ok(session.zone(zone))
        })
    }
}

/// Closes a session. A call under way on another thread ends first, unless it is closed from within a callback.
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

/// The host's word that its context may be used from any thread.
pub(crate) struct Context(*mut c_void);

// SAFETY: whoever gives a callback promises it.
unsafe impl Send for Context {}
// SAFETY: as above.
unsafe impl Sync for Context {}

impl Context {
    pub(crate) fn new(context: *mut c_void) -> Context {
        Context(context)
    }

    pub(crate) fn get(&self) -> *mut c_void {
        self.0
    }
}

/// # Safety
/// As [`entry`].
unsafe fn change(
    session: crm_session,
    error: *mut crm_error,
    change: impl FnOnce(Session) -> Result<Session>,
) -> crm_class {
    let change = || -> Result<()> { handles::change_session(session, change) };
    // SAFETY: as promised by the caller; there is nothing to give.
    unsafe { entry(std::ptr::null_mut(), (), error, change) }
}

fn spoken(tag: &str) -> Result<Language> {
    if tag.is_empty() {
        return Ok(Language::En);
    }
    Language::parse(tag).ok_or_else(|| Error::unknown_argument("language", tag))
}

fn employee(number: u64) -> Result<Option<Id>> {
    let id = || i64::try_from(number).ok().and_then(Id::new).ok_or_else(|| Code::NO_ACTOR.error());
    (number != 0).then(id).transpose()
}
