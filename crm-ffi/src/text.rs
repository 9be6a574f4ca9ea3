//! Text from the host.

use crm_kernel::error::{Error, Result};
use std::ffi::c_char;

/// The host's text for the length of a call. Errors: `request.invalid_text` where it is NULL with a length, longer than a
/// text can be, or no UTF-8.
///
/// # Safety
/// `data` is NULL or points to `len` bytes that nobody changes while the text is used.
pub(crate) unsafe fn borrow<'a>(data: *const c_char, len: usize, name: &'static str) -> Result<&'a str> {
    if len == 0 {
        return Ok("");
    }
    if data.is_null() {
        return Err(Error::argument(name, "null"));
    }
    if isize::try_from(len).is_err() {
        return Err(Error::argument(name, "too_long"));
    }
    // SAFETY: by the caller's promise, and no longer than a slice may be.
    let bytes = unsafe { std::slice::from_raw_parts(data.cast::<u8>(), len) };
    std::str::from_utf8(bytes).map_err(|_| Error::argument(name, "not_utf8"))
}
