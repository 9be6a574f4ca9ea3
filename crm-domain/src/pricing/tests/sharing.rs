//! Shares, free goods, bundles, floors.

use super::dec;
use crate::pricing::allocation::Allocation;
use crate::pricing::bundle::{Part, allocate};
use crate::pricing::engine::figure;
use crate::pricing::free_goods::FreeGoods;
use crate::pricing::guard::{Authority, Floor, MarginOf, Route, route};
use crate::pricing::{FreeCount, FreeReturns};
use crm_kernel::dec::Dec;
use proptest::prelude::{Just, ProptestConfig, prop, prop_assert, prop_assert_eq, prop_oneof, proptest};

fn shares(how: Allocation, total: &str, weights: &[&str], scale: u8) -> String {
    let weights: Vec<Dec> = weights.iter().map(|weight| dec(weight)).collect();
    let shares = how.share(dec(total), &weights, scale).unwrap();
    shares.iter().map(|share| share.to_text_scale(scale)).collect::<Vec<_>>().join(" ")
}

#[test]
fn an_amount_is_shared_out_in_every_known_way() {
    let tens = ["10", "10", "10"];
    // alloc-01
    assert_eq!(shares(Allocation::LastAbsorbs, "10.00", &tens, 2), "3.33 3.33 3.34");
    assert_eq!(shares(Allocation::LargestRemainder, "10.00", &tens, 2), "3.34 3.33 3.33");
    assert_eq!(shares(Allocation::Smooth, "10.00", &tens, 2), "3.34 3.33 3.33");
    // What is outside takes no part, also where it is last.
    assert_eq!(shares(Allocation::LastAbsorbs, "10.00", &["10", "10", "10", "0"], 2), "3.33 3.33 3.34 0.00");
    // alloc-02: where the last absorbs, it may come out on the wrong side.
    assert_eq!(shares(Allocation::LastAbsorbs, "0.01", &["1", "1", "1"], 2), "0.00 0.00 0.01");
    assert_eq!(
        shares(Allocation::LastAbsorbs, "0.05", &["1", "1", "1", "1", "1", "1", "1", "1", "1"], 2)
            .split(' ')
            .next_back(),
        Some("-0.03")
    );
    assert_eq!(
        shares(Allocation::LargestRemainder, "0.05", &["1", "1", "1", "1", "1", "1", "1", "1", "1"], 2),
        "0.01 0.01 0.01 0.01 0.01 0.00 0.00 0.00 0.00"
    );
    // alloc-03
    assert_eq!(shares(Allocation::Smooth, "30", &["0.4", "0.3", "0.3"], 0), "12 9 9");
    assert_eq!(shares(Allocation::Smooth, "-1", &["1", "3"], 0), "0 -1");
}

#[test]
fn free_goods_are_counted_by_their_rule() {
    let given = |per: &str, free: &str, count, inclusive, ordered: &str| {
        let goods = FreeGoods {
            product: 0,
            per: figure(dec(per)).unwrap(),
            count,
            inclusive,
            returns: FreeReturns::Keep,
        };
        let given = goods.given(dec(ordered), dec(free)).unwrap();
        [given.free, given.charged, given.delivered].map(|one| one.to_string()).join(" ")
    };
    // free-01
    assert_eq!(given("100", "3", FreeCount::Prorata, false, "280"), "8 280 288");
    assert_eq!(given("100", "3", FreeCount::UnitReference, false, "280"), "6 280 286");
    assert_eq!(given("100", "3", FreeCount::WholeUnit, false, "280"), "0 280 280");
    assert_eq!(given("100", "3", FreeCount::WholeUnit, false, "300"), "9 300 309");
    // free-03: inclusive and exclusive; of ten one.
    assert_eq!(given("10", "1", FreeCount::UnitReference, true, "100"), "10 90 100");
    assert_eq!(given("10", "1", FreeCount::UnitReference, false, "100"), "10 100 110");
    // free-04
    for (ordered, wanted) in [("42", "6 42 48"), ("45", "0 45 45"), ("84", "12 84 96"), ("0", "0 0 0")] {
        assert_eq!(given("42", "6", FreeCount::WholeUnit, false, ordered), wanted);
    }
    // What is part of the quantity is never more than it.
    assert_eq!(given("1", "3", FreeCount::UnitReference, true, "2"), "2 0 2");
    assert_eq!(given("2.5", "1", FreeCount::Prorata, false, "7.4"), "2 7.4 9.4");
}

#[test]
fn a_bundle_is_worth_its_parts() {
    let part = |quantity: &str, price: &str| Part {
        quantity: dec(quantity),
        alone: dec(quantity).mul(dec(price)).unwrap(),
    };
    let of = |amount: &str, parts: &[Part], how| {
        let shares = allocate(dec(amount), parts, 2, how).unwrap();
        shares.iter().map(|share| share.to_text_scale(2)).collect::<Vec<_>>().join(" ")
    };
    let parts = [part("1", "30"), part("2", "20"), part("1", "30")];
    // bundle-01, bundle-02: in proportion to what they cost alone; the remainder, not the last, decides.
    assert_eq!(of("100.00", &parts, Allocation::LargestRemainder), "30.00 40.00 30.00");
    assert_eq!(
        of("10.00", &[part("1", "1"), part("1", "1"), part("1", "1")], Allocation::LargestRemainder),
        "3.34 3.33 3.33"
    );
    assert_eq!(
        of("10.00", &[part("1", "1"), part("1", "1"), part("1", "1")], Allocation::LastAbsorbs),
        "3.33 3.33 3.34"
    );
    assert_eq!(of("9.99", &[part("1", "0"), part("3", "5")], Allocation::LargestRemainder), "0.00 9.99");
    // Where nothing costs anything alone, the quantities count.
    assert_eq!(of("9.00", &[part("1", "0"), part("2", "0")], Allocation::LargestRemainder), "3.00 6.00");
    assert!(allocate(dec("1"), &[], 2, Allocation::LargestRemainder).is_err());
}

#[test]
fn a_floor_is_the_price_itself_and_not_below_it() {
    let floor = Floor { cost: Some(dec("70.00")), min_margin_percent: Some(dec("20")), ..Floor::default() };
    // price-floor-01
    let lowest = floor.price(6).unwrap().unwrap();
    assert_eq!(lowest, dec("87.50"));
    let verdicts: Vec<bool> = ["90.00", "87.50", "87.49"].map(|price| dec(price) >= lowest).to_vec();
    assert_eq!(verdicts, [true, true, false]);
    // price-floor-02: the margin is of the list price.
    let of_list = Floor {
        cost: Some(dec("60")),
        min_margin_percent: Some(dec("15")),
        margin_of: MarginOf::List,
        list_price: Some(dec("100")),
        ..Floor::default()
    };
    let most = of_list.max_discount(dec("100"), 2).unwrap();
    assert_eq!(most.to_text_scale(2), "25.00");
    let gives = |most: &str| Authority { most: Some(dec(most)), below_floor: false };
    let others = [("director", gives("60")), ("manager", gives("25"))];
    let routed = |percent: &str, others: &[(&'static str, Authority)], floor: Dec| {
        route(dec(percent), gives("10"), others, floor)
    };
    let routes: Vec<Route<&str>> =
        ["10", "20", "25", "26"].map(|percent| routed(percent, &others, most)).to_vec();
    let manager = Route::Needs(vec!["manager"]);
    assert_eq!(routes, [Route::Auto, manager.clone(), manager, Route::Floor]);
    assert_eq!(routed("70", &others, dec("100")), Route::Nobody);
    // Of several with the same, all are named; who may go below the floor is asked for what breaks it.
    let owner = ("owner", Authority { most: Some(dec("60")), below_floor: true });
    let three = [others[0], others[1], owner];
    assert_eq!(routed("40", &three, dec("100")), Route::Needs(vec!["director", "owner"]));
    assert_eq!(routed("40", &three, dec("30")), Route::Needs(vec!["owner"]));
    assert_eq!(routed("61", &three, dec("30")), Route::Floor);
    // Where nobody is given an authority, only the floor is kept.
    let free = Authority { most: None, below_floor: false };
    assert_eq!(route::<&str>(dec("30"), free, &[], dec("30")), Route::Auto);
    assert_eq!(route::<&str>(dec("31"), free, &[], dec("30")), Route::Floor);
    let most = |authority: Authority, floor: Option<&str>| authority.most_above(floor.map(dec));
    assert_eq!(most(gives("10"), Some("12.5")), (dec("10"), Some("authority")));
    assert_eq!(most(gives("10"), Some("5")), (dec("5"), Some("floor")));
    assert_eq!(most(owner.1, Some("5")), (dec("60"), Some("authority")));
    assert_eq!(most(free, Some("-3")), (Dec::ZERO, Some("floor")));
    assert_eq!(most(free, None), (Dec::HUNDRED, None));
    // The higher of both floors counts; a cost that nobody knows sets none.
    let named = Floor { floor_price: Some(dec("88")), ..floor };
    assert_eq!(named.price(6).unwrap(), Some(dec("88")));
    assert_eq!(Floor { cost: None, ..floor }.price(6).unwrap(), None);
    assert_eq!(Floor { cost: None, ..named }.price(6).unwrap(), Some(dec("88")));
    // A floor that no decimal says is rounded up, so that nothing slips below it.
    let third = Floor { cost: Some(dec("10")), min_margin_percent: Some(dec("70")), ..Floor::default() };
    assert_eq!(third.price(2).unwrap(), Some(dec("33.34")));
    assert_eq!(third.max_discount(dec("30"), 2).unwrap(), dec("-11.12"));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1_000) })]

    #[test]
    fn shares_add_up_in_every_way(
        total in -100_000_i64..100_000,
        weights in prop::collection::vec(0_i64..5_000, 1..12),
        how in prop_oneof![Just(Allocation::LargestRemainder), Just(Allocation::LastAbsorbs), Just(Allocation::Smooth)],
    ) {
        let (total, weights) = (Dec::from_i64_at(total, 2), weights.into_iter().map(Dec::from_int).collect::<Vec<_>>());
        match how.share(total, &weights, 2) {
            Ok(shares) => {
                prop_assert_eq!(Dec::sum(shares.iter().copied()).unwrap(), total);
                if how != Allocation::LastAbsorbs {
                    for (share, weight) in shares.iter().zip(&weights) {
                        prop_assert!(share.is_zero() || share.signum() == total.signum());
                        prop_assert!(!weight.is_zero() || share.is_zero());
                    }
                }
            }
            Err(_) => prop_assert!(weights.iter().all(|weight| weight.is_zero())),
        }
    }
}
