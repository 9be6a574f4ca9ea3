//! Both stores give equal results and refusals to random sequences of writes, and hold the same afterwards.

use crm_tests::fuzz::operations::{one, run};
use crm_tests::fuzz::{Random, memory_and_sqlite};
use proptest::prelude::*;

const SEQUENCES: u64 = 150;

fn compare(seed: u64) {
    let tally = run(SEQUENCES, seed, &memory_and_sqlite);
    println!("seed {seed}: {tally}");
    assert_eq!(tally.differences, 0, "seed {seed}: {tally}");
    // Both ways have to be walked: what is kept and what is refused.
    assert!(tally.refused * 10 > tally.steps && tally.refused * 10 < tally.steps * 6, "{tally}");
}

#[test]
fn a_fixed_seed_finds_no_difference() {
    compare(1);
}

#[test]
fn a_fresh_seed_finds_no_difference() {
    compare(Random::fresh_seed());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 50, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bytes_that_proptest_thinks_of_find_no_difference(
        bytes in proptest::collection::vec(any::<u8>(), 0..600),
    ) {
        let difference = one(&bytes, &memory_and_sqlite);
        prop_assert!(difference.is_none(), "{}", difference.unwrap_or_default());
    }
}
