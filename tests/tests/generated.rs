//! Generated files are committed and fresh.

use crm_tests::generate::{self, lock};

#[test]
fn generated_files_are_fresh() {
    let stale: Vec<&str> = generate::files()
        .into_iter()
        .filter(|(path, text)| generate::committed(path) != *text)
        .map(|(path, _)| path)
        .collect();
    assert!(
        stale.is_empty(),
        "stale: {stale:?}; write them by: cargo run --release -p crm-tests --bin generate"
    );
}

#[test]
fn what_hosts_rely_on_is_only_added_to() {
    let committed = generate::committed(lock::PATH);
    assert!(!committed.is_empty());
    let breaks = lock::breaks(&committed, &lock::file(&generate::Source::new(), &committed));
    assert!(breaks.is_empty(), "{}", breaks.join("\n"));
}
