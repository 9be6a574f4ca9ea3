//! The C door: handles, buffers, errors and one call. What a host sees stands in `include/crm.h`.
//!
//! Text goes in as pointer and length, answers and errors come out in buffers that the host owns. Databases and sessions
//! are numbers that are looked up, so a closed or forged one is an error and never a wild pointer. Every entry point
//! catches panics. Adding an operation to the engine adds nothing here.
//!
//! The pages of the header on memory, threads and errors stand in `cbindgen.toml`.

mod buffer;
mod call;
mod changes;
mod columns;
mod database;
mod error;
mod handles;
mod import;
mod price;
mod session;
mod text;
mod users;
mod version;

pub use buffer::{crm_buffer, crm_buffer_free};
pub use call::{crm_call, crm_interrupt};
pub use changes::{crm_changes, crm_set_wake, crm_wake};
pub use columns::{ArrowArray, ArrowSchema, crm_report};
pub use database::{crm_backup, crm_close, crm_open, crm_open_memory, crm_restore};
pub use error::{crm_class, crm_error, crm_error_free};
pub use handles::{crm_database, crm_session};
pub use import::{crm_import_rows, crm_text};
pub use price::{crm_decimal, crm_price, crm_price_line, crm_price_lines};
pub use session::{
    crm_clock, crm_session_close, crm_session_open, crm_session_set_clock, crm_session_set_language,
    crm_session_set_on_behalf, crm_session_set_reason, crm_session_set_zone,
};
pub use version::{
    CRM_ABI_VERSION, crm_abi_version, crm_operations_revision, crm_schema_version, crm_version,
};

#[cfg(test)]
mod tests;
