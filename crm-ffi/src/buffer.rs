//! Text that the host owns.

use std::ffi::c_char;
use std::ptr;

/// Text in UTF-8 that the host owns and gives back by `crm_buffer_free`. NUL-terminated behind its length.
#[repr(C)]
#[derive(Debug)]
#[allow(non_camel_case_types)] // the name in C
pub struct crm_buffer {
    /// The text; NULL where there is none.
    pub data: *mut c_char,
    /// Its bytes without the NUL behind them.
    pub len: usize,
}

impl crm_buffer {
    /// No text.
    pub(crate) const EMPTY: crm_buffer = crm_buffer { data: ptr::null_mut(), len: 0 };

    pub(crate) fn new(text: String) -> crm_buffer {
        let len = text.len();
        let mut bytes = text.into_bytes();
        bytes.push(0);
        let whole: *mut [u8] = Box::into_raw(bytes.into_boxed_slice());
        crm_buffer { data: whole.cast(), len }
    }

    /// Frees the text and leaves none.
    ///
    /// # Safety
    /// `data` and `len` are as [`crm_buffer::new`] made them, or `data` is NULL.
    pub(crate) unsafe fn clear(&mut self) {
        if !self.data.is_null() {
            let whole = ptr::slice_from_raw_parts_mut(self.data.cast::<u8>(), self.len.saturating_add(1));
            // SAFETY: by the caller's promise this is the box that `new` gave away, with the NUL behind its length.
            drop(unsafe { Box::from_raw(whole) });
        }
        *self = crm_buffer::EMPTY;
    }
}

impl From<String> for crm_buffer {
    fn from(text: String) -> crm_buffer {
        crm_buffer::new(text)
    }
}

/// Frees a buffer that a function has filled, and empties it: freeing it again does nothing. NULL does nothing.
///
/// # Safety
/// `buffer` is NULL or points to a `crm_buffer` that a function of this library has filled or that is all zero.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crm_buffer_free(buffer: *mut crm_buffer) {
    // SAFETY: by the caller's promise it points to a buffer, or is NULL.
    if let Some(buffer) = unsafe { buffer.as_mut() } {
        // SAFETY: by the caller's promise its content is ours.
        unsafe { buffer.clear() };
    }
}
