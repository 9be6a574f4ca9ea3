//! Two stores are asked the same random questions and have to give the same answers.
//!
//! A case is made from a string of bytes: each choice of the generator takes one. Random bytes give random cases in
//! bulk, and a case that shows a difference becomes smaller by making its bytes fewer and smaller.
//!
//! - [`expressions`]: filters, sort keys, selected values, pages, groups and measures over nasty data.
//! - [`operations`]: writes, savepoints, sequences and the change log.

mod case;
mod choices;
mod data;
pub mod expressions;
pub mod operations;
mod random;
mod schema;
mod text;

pub use choices::shrink;
pub use random::Random;

use crm_kernel::store::Store;
use crm_store::memory::MemoryStore;
use crm_store::sqlite::{Options, SqliteStore};

/// The reference and the store on SQLite, both empty.
pub fn memory_and_sqlite() -> (Box<dyn Store>, Box<dyn Store>) {
    (Box::new(MemoryStore::new()), Box::new(SqliteStore::memory().unwrap()))
}

/// The reference and a store on SQLite that translates expressions to what SQL seems to offer: the cases have to
/// notice.
pub fn memory_and_naive() -> (Box<dyn Store>, Box<dyn Store>) {
    let options = Options { naive: true, ..Options::default() };
    (Box::new(MemoryStore::new()), Box::new(SqliteStore::memory_with(options).unwrap()))
}
