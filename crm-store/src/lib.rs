//! Stores of the CRM engine: where records are kept. Each implements the trait of [`crm_kernel::store`] and knows no
//! business word.
//!
//! - `memory`: the reference, everything in ordered maps. For tests, for the browser, for trying things out.
//! - `sqlite`: a file.
//!
//! A store is right where it answers as the memory store does: the tests run the same cases, random expressions and
//! random operations on both and compare.
//!
//! [`open`] and [`open_memory`] give a [`Crm`]: the engine on a store, from which sessions are made.
//!
//! ```
//! use crm_store::domain::{records, settings::Setup};
//! use crm_store::kernel::json::Json;
//!
//! let crm = crm_store::open_memory()?;
//! let company: Setup = crm.request(r#"{"name":"Harbour","base_currency":"EUR","administrator":"Ada"}"#)?;
//! let ada = crm.session(None).call(company)?.administrator;
//!
//! let desk = crm.session(ada.id());
//! let values = Json::object().with("name", "Nordic Labs");
//! let made = desk.call(records::Create { kind: "customer".to_owned(), values })?;
//! assert_eq!(made.record.get("name"), Some(&Json::text("Nordic Labs")));
//! # Ok::<(), crm_store::kernel::error::Error>(())
//! ```

mod changes;
mod crm;
mod interrupt;
#[cfg(feature = "memory")]
pub mod memory;
#[cfg(feature = "sqlite")]
pub mod sqlite;

pub use crm_domain as domain;
pub use crm_kernel as kernel;

pub use changes::Changes;
pub use crm::{Clock, Crm, Session};

/// Opens a database file, or makes it, with the clock of the system. Errors: those of
/// [`sqlite::SqliteStore::open`].
///
/// ```
/// let path = std::env::temp_dir().join(format!("crm-open-{}.db", std::process::id()));
/// let crm = crm_store::open(&path)?;
/// let info = crm.session(None).call_json("system.info", "{}")?;
/// assert!(info.contains(r#""set_up":false"#));
/// # drop(crm);
/// # for end in ["", "-wal", "-shm"] { std::fs::remove_file(format!("{}{end}", path.display())).ok(); }
/// # Ok::<(), crm_kernel::error::Error>(())
/// ```
#[cfg(all(feature = "sqlite", not(all(target_family = "wasm", target_os = "unknown"))))]
pub fn open(path: impl AsRef<std::path::Path>) -> crm_kernel::error::Result<Crm> {
    Crm::open(path, sqlite::Options::default(), Clock::system())
}

/// An empty database in memory, with the clock of the system. It lives as long as the value. Errors: `internal.error`.
#[cfg(all(feature = "memory", not(all(target_family = "wasm", target_os = "unknown"))))]
pub fn open_memory() -> crm_kernel::error::Result<Crm> {
    Crm::new(Box::new(memory::MemoryStore::new()), Clock::system())
}
