//! Importing rows that the host has, without a file.

use crate::buffer::crm_buffer;
use crate::call::entry;
use crate::error::{crm_class, crm_error};
use crate::handles::{self, crm_session};
use crate::text::borrow;
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::json::Json;
use std::ffi::c_char;

/// Text of the host's, borrowed for a call.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
#[allow(non_camel_case_types)] // the name in C
pub struct crm_text {
    /// The text in UTF-8; may be NULL where `len` is 0.
    pub data: *const c_char,
    /// Its bytes.
    pub len: usize,
}

/// Imports rows: what `import.run` does with one file of such columns and rows.
///
/// `mapping`, `mapping_len`: the mapping as JSON; the file that it names is these rows, whatever separator it says. `columns`, `column_count`: the names of the
/// columns. `cells`, `row_count`: the rows one after the other, each of `column_count` cells; an empty text is a missing value.
/// `answer`: receives the answer of `import.run`; free it by `crm_buffer_free`; may be NULL. `error`: receives why nothing was
/// imported; may be NULL. Errors: `handle.invalid`, `request.invalid_text`, those of `import.run`.
///
/// # Safety
/// `mapping` and every text point to so many bytes, `columns` to `column_count` texts and `cells` to `column_count` times
/// `row_count`; `answer` and `error` are NULL or point to their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crm_import_rows(
    session: crm_session,
    mapping: *const c_char,
    mapping_len: usize,
    columns: *const crm_text,
    column_count: usize,
    cells: *const crm_text,
    row_count: usize,
    answer: *mut crm_buffer,
    error: *mut crm_error,
) -> crm_class {
    // SAFETY: as promised by the caller.
    unsafe {
        entry(answer, crm_buffer::EMPTY, error, || {
            let (session, _user) = handles::session(session)?;
            let mut mapping = Json::parse(borrow(mapping, mapping_len, "mapping")?)?;
            if let Json::Object(members) = &mut mapping {
                // The rows are written with commas, whatever file the mapping was made for.
                members.retain(|(name, _)| name != "separator");
            }
            let count = column_count
                .checked_mul(row_count)
                .ok_or_else(|| Error::argument("row_count", "too_long"))?;
            let (columns, cells) = (texts(columns, column_count, "columns")?, texts(cells, count, "cells")?);
            let mut file = String::new();
            for row in std::iter::once(columns).chain(cells.chunks_exact(column_count.max(1))) {
                line(&mut file, row)?;
            }
            let name = mapping.get("file").cloned().ok_or_else(|| Code::REQUIRED.at("/mapping/file"))?;
            let file = Json::object().with("file", name).with("text", file);
            let request = Json::object().with("mapping", mapping).with("files", vec![file]);
            session.call_json("import.run", &request.to_string())
        })
    }
}

/// # Safety
/// `data` is NULL or points to `count` texts.
unsafe fn texts<'a>(data: *const crm_text, count: usize, name: &'static str) -> Result<&'a [crm_text]> {
    if count == 0 {
        return Ok(&[]);
    }
    let bytes = size_of::<crm_text>().checked_mul(count).and_then(|bytes| isize::try_from(bytes).ok());
    if data.is_null() || bytes.is_none() {
        return Err(Error::argument(name, if data.is_null() { "null" } else { "too_long" }));
    }
    // SAFETY: by the caller's promise, and no longer than a slice may be.
    Ok(unsafe { std::slice::from_raw_parts(data, count) })
}

/// Writes a row of RFC 4180.
///
/// # Safety
/// Every text points to so many bytes.
unsafe fn line(file: &mut String, row: &[crm_text]) -> Result<()> {
    for (at, cell) in row.iter().enumerate() {
        if at > 0 {
            file.push(',');
        }
        file.push('"');
        // SAFETY: by the caller's promise.
        file.push_str(&unsafe { borrow(cell.data, cell.len, "cells") }?.replace('"', "\"\""));
        file.push('"');
    }
    file.push('\n');
    Ok(())
}
