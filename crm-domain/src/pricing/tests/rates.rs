//! Prices and amounts at exchange rates: what is asked for in another currency and what is booked agree (commerce.md 2.10).

use crate::pricing::UnitPrice;
use crate::settings::Ratio;
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::money::RoundingPolicy;
use proptest::prelude::{ProptestConfig, any, prop_assert, prop_assert_eq, proptest};

#[test]
fn a_rate_the_other_way_round_divides() {
    let far = Ratio::new(Dec::ONE, Dec::from_int(7)).unwrap();
    let kept = far.columns().unwrap();
    assert_eq!(kept, (Dec::parse("0.142857142857").unwrap(), Some(Dec::from_int(7))));
    let amount = Dec::parse("99999999999.97").unwrap();
    let booked = |rate: Ratio| rate.post(amount, RoundingPolicy::HalfUp, 2).unwrap().to_text_scale(2);
    assert_eq!(booked(Ratio::kept(kept.0, kept.1).unwrap()), "14285714285.71");
    // By its twelve decimals it is cents less: a file of an older library has no more.
    assert_eq!(booked(Ratio::kept(kept.0, None).unwrap()), "14285714285.70");
    // What decimals say needs no more than they.
    let half = Ratio::new(Dec::ONE, Dec::from_int(8)).unwrap();
    assert_eq!(half.columns().unwrap(), (Dec::parse("0.125").unwrap(), None));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    /// A price of the books in another currency, and what an order in it comes to in the books: no further apart than the
    /// cent of the order's currency is worth, and half a cent of the books.
    #[test]
    fn what_is_asked_and_what_is_kept_agree(
        cents in 1_i64..10_000_000_000_000,
        rate in 1_000_i64..1_000_000_000_000_000,
        direct in any::<bool>(),
    ) {
        let price = Dec::from_i64_at(cents, 2);
        let stored = Dec::from_i64_at(rate, 12);
        let (there, back) = match direct {
            true => (Ratio::new(stored, Dec::ONE).unwrap(), Ratio::new(Dec::ONE, stored).unwrap()),
            false => (Ratio::new(Dec::ONE, stored).unwrap(), Ratio::new(stored, Dec::ONE).unwrap()),
        };
        let (rate, inverse) = back.columns().unwrap();
        prop_assert_eq!(Ratio::kept(rate, inverse).unwrap(), back);
        let asked = UnitPrice::from(price).converted(there).unwrap();
        let charged = asked.times(Dec::ONE, Dec::ZERO, 2, Rounding::HalfUp).unwrap();
        if charged.is_positive() && charged.fits(Dec::STORED_DIGITS, RoundingPolicy::EXACT_SCALE) {
            let kept = Ratio::kept(rate, inverse).unwrap();
            let cent = Dec::from_i64_at(5, 3);
            let most = kept.times(cent, 12, Rounding::Up).unwrap().add(cent).unwrap();
            if let Ok(booked) = kept.post(charged, RoundingPolicy::HalfUp, 2) {
                prop_assert!(booked.sub(price).unwrap().abs() <= most, "{} {} {}", price, charged, booked);
            }
        }
    }
}
