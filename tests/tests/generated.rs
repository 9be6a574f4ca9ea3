//! Generated files are committed and fresh.

use crm_tests::generate;

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
