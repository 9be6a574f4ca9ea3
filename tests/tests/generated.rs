//! Generated files are committed and fresh.

use crm_tests::generate::{self, lock};

#[test]
fn generated_files_are_fresh() {
    let stale: Vec<&str> = generate::files()
        .into_iter()
        .filter(|(path, text)| {
            std::fs::read_to_string(generate::top().join(path)).ok().as_ref() != Some(text)
        })
        .map(|(path, _)| path)
        .collect();
    assert!(
        stale.is_empty(),
        "stale: {stale:?}; write them by: cargo run --release -p crm-tests --bin generate"
    );
}

#[test]
fn what_hosts_rely_on_is_only_added_to() {
    let committed = std::fs::read_to_string(generate::top().join(lock::PATH)).unwrap();
    let breaks = lock::breaks(&committed, &lock::file(&generate::Source::new()));
    assert!(breaks.is_empty(), "{}", breaks.join("\n"));
}
