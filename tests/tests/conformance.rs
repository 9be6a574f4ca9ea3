//! Every store passes the same cases.

use crm_store::memory::MemoryStore;
use crm_store::sqlite::SqliteStore;
use crm_tests::conformance::suite;

#[test]
fn the_memory_store_conforms() {
    suite(&|| Box::new(MemoryStore::new()));
}

#[test]
fn the_sqlite_store_conforms() {
    suite(&|| Box::new(SqliteStore::memory().unwrap()));
}
