//! Errors as the host gets them: a class to branch on, everything else in buffers.

use crate::buffer::crm_buffer;
use crm_kernel::context::Language;
use crm_kernel::error::{Class, Error};
use crm_kernel::json::Json;
use crm_kernel::text::Texts;

/// What a host does about an outcome. Only added to, never renumbered.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(non_camel_case_types)] // the name in C
pub enum crm_class {
    /// It was done.
    Ok = 0,
    /// The request is wrong; sending it again cannot help.
    Invalid = 1,
    /// No such record, or none that the actor may see.
    NotFound = 2,
    /// The state of the records does not allow it, or somebody was faster.
    Conflict = 3,
    /// The actor may not.
    Forbidden = 4,
    /// Somebody has to approve first.
    NeedsApproval = 5,
    /// Another writer holds the database; try again.
    Busy = 6,
    /// Reading or writing failed.
    Io = 7,
    /// The database is damaged or is none.
    Corrupt = 8,
    /// Not in this build, on this platform or with this version of the file.
    Unsupported = 9,
    /// The host asked to stop.
    Interrupted = 10,
    /// A handle that is closed, forged or of another kind.
    Handle = 11,
    /// A defect was caught; the transaction was rolled back.
    Panic = 12,
    /// An invariant did not hold; the transaction was rolled back.
    Internal = 13,
}

impl From<Class> for crm_class {
    fn from(class: Class) -> crm_class {
        match class {
            Class::Invalid => crm_class::Invalid,
            Class::NotFound => crm_class::NotFound,
            Class::Conflict => crm_class::Conflict,
            Class::Forbidden => crm_class::Forbidden,
            Class::NeedsApproval => crm_class::NeedsApproval,
            Class::Busy => crm_class::Busy,
            Class::Io => crm_class::Io,
            Class::Corrupt => crm_class::Corrupt,
            Class::Unsupported => crm_class::Unsupported,
            Class::Interrupted => crm_class::Interrupted,
            Class::Handle => crm_class::Handle,
            Class::Panic => crm_class::Panic,
            Class::Internal => crm_class::Internal,
        }
    }
}

/// Why a call was refused. The host owns it and gives it back by `crm_error_free`.
#[repr(C)]
#[derive(Debug)]
#[allow(non_camel_case_types)] // the name in C
pub struct crm_error {
    /// The class: also what the function returned.
    pub class_: crm_class,
    /// The stable, dotted code: `order.not_approved`.
    pub code: crm_buffer,
    /// The message for the user, in the language of the session (English where there is no session).
    pub message: crm_buffer,
    /// Everything as JSON: `{"class", "code", "message", "details": {"path", ...}}`. Of the details `path` is a JSON pointer into
    /// the request, `problems` has every problem of it, `retryable` is true where the same call may succeed later.
    pub json: crm_buffer,
}

impl crm_error {
    pub(crate) const NONE: crm_error = crm_error {
        class_: crm_class::Ok,
        code: crm_buffer::EMPTY,
        message: crm_buffer::EMPTY,
        json: crm_buffer::EMPTY,
    };

    pub(crate) fn new(texts: &Texts, language: Language, error: &Error) -> crm_error {
        let json = texts.error(language, error);
        let text = |key| json.get(key).and_then(Json::as_text).unwrap_or_default().to_owned();
        crm_error {
            class_: error.class().into(),
            code: crm_buffer::new(text("code")),
            message: crm_buffer::new(text("message")),
            json: crm_buffer::new(json.to_string()),
        }
    }
}

/// Frees the buffers of an error and empties it: freeing it again does nothing. NULL does nothing.
///
/// # Safety
/// `error` is NULL or points to a `crm_error` that a function of this library has filled or that is all zero.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crm_error_free(error: *mut crm_error) {
    // SAFETY: by the caller's promise it points to an error, or is NULL.
    if let Some(error) = unsafe { error.as_mut() } {
        for buffer in [&mut error.code, &mut error.message, &mut error.json] {
            // SAFETY: by the caller's promise its buffers are ours.
            unsafe { buffer.clear() };
        }
        error.class_ = crm_class::Ok;
    }
}
