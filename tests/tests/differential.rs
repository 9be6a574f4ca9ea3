//! Both evaluators and both stores give equal answers to random plans over random records.
//!
//! Where a case differs it is printed with the expressions and what each store said, as small as it could be made; the
//! seed is printed with every run.

use crm_tests::fuzz::expressions::{Tally, one, run};
use crm_tests::fuzz::{Random, memory_and_naive, memory_and_sqlite};
use proptest::prelude::*;

const CASES: u64 = 20_000;

fn compare(seed: u64) -> Tally {
    let tally = run(CASES, seed, &memory_and_sqlite);
    println!("seed {seed}: {tally}");
    assert_eq!(tally.differences, 0, "seed {seed}: {tally}");
    assert!(tally.missed().is_empty(), "seed {seed} never used {:?}", tally.missed());
    tally
}

#[test]
fn a_fixed_seed_finds_no_difference() {
    let tally = compare(1);
    // The generator is no use where most of what it writes is refused.
    assert!(tally.refused * 10 < tally.expressions, "{tally}");
}

#[test]
fn a_fresh_seed_finds_no_difference() {
    compare(Random::fresh_seed());
}

#[test]
fn a_naive_translation_is_caught() {
    let tally = run(2_000, 1, &memory_and_naive);
    println!("{tally}");
    assert!(tally.differences > 0, "the cases would not notice a wrong translation");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bytes_that_proptest_thinks_of_find_no_difference(
        world in proptest::collection::vec(any::<u8>(), 0..600),
        case in proptest::collection::vec(any::<u8>(), 0..160),
    ) {
        let difference = one(&world, &case, &memory_and_sqlite);
        prop_assert!(difference.is_none(), "{}", difference.unwrap_or_default());
    }
}
