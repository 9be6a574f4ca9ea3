//! Which library this is.

use std::ffi::c_char;

/// The revision of the binary interface: functions and types are only added while it stays the same.
pub const CRM_ABI_VERSION: u32 = 0;

// A literal, for the header is written from this text.
const _: () = assert!(CRM_ABI_VERSION == crm_domain::ABI_VERSION, "the engine tells this number, too");

/// The revision of the binary interface that the library has: compare it with `CRM_ABI_VERSION` of the header.
#[unsafe(no_mangle)]
pub extern "C" fn crm_abi_version() -> u32 {
    CRM_ABI_VERSION
}

/// The revision of the table of operations: it rises when anything is added to what hosts rely on, an operation, a field, an
/// option or an error code.
#[unsafe(no_mangle)]
pub extern "C" fn crm_operations_revision() -> u32 {
    crm_domain::OPERATIONS_REVISION
}

/// The form of the database files that the library writes. It opens files of this form and of every lower one, which it brings
/// up to it; a file of a higher one is refused with `store.newer_schema`.
#[unsafe(no_mangle)]
pub extern "C" fn crm_schema_version() -> u32 {
    crm_store::sqlite::FORMAT.unsigned_abs()
}

/// The version of the library (semantic versioning), NUL-terminated. Lives as long as the library; not to be freed.
#[unsafe(no_mangle)]
pub extern "C" fn crm_version() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}
