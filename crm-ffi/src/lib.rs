//! The C door: handles, buffers, errors and one call. What a host sees stands in `include/crm.h`.
//!
//! Text goes in as pointer and length, answers and errors come out in buffers that the host owns. Databases and sessions
//! are numbers that are looked up, so a closed or forged one is an error and never a wild pointer. Every entry point
//! catches panics. Adding an operation to the engine adds nothing here.
//!
//! The pages of the header on memory, threads and errors stand in `cbindgen.toml`.

mod buffer;
mod call;
mod database;
mod error;
mod handles;
mod text;
mod version;

pub use buffer::{crm_buffer, crm_buffer_free};
pub use call::{crm_call, crm_clock, crm_session_close, crm_session_open, crm_session_set_clock};
pub use database::{crm_close, crm_open, crm_open_memory};
pub use error::{crm_class, crm_error, crm_error_free};
pub use handles::{crm_database, crm_session};
pub use version::{CRM_ABI_VERSION, crm_abi_version, crm_version};

#[cfg(test)]
mod tests;
