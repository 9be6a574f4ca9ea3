//! Rows for the rules of credit. Vectors are named by their id (`spec/vectors/commerce.json`).

use super::rules::{
    ALL_DISCOUNTS, Buckets, CreditStatus, Dimension, LimitMode, judge, largest_of, least_discount, least_of,
    limit_on, mode, percent, status,
};
use crm_kernel::date::Date;
use crm_kernel::dec::{Dec, Rounding};
use proptest::prelude::*;

fn dec(text: &str) -> Dec {
    Dec::parse(text).unwrap()
}

#[test]
fn beyond_a_limit_is_strictly_more() {
    let ratio = dec("1.1");
    for (id, limit, used, more, wanted) in [
        ("credit-02", Some("8000.00"), "7999.99", "0", CreditStatus::Ok),
        ("credit-02: the limit itself is within it", Some("8000.00"), "8000.00", "0", CreditStatus::Ok),
        ("credit-02", Some("8000.00"), "8000.01", "0", CreditStatus::Hold),
        ("credit-03: no limit", None, "500.00", "0", CreditStatus::NoCheck),
        ("credit-03: a limit of zero", Some("0.00"), "500.00", "0", CreditStatus::Hold),
        ("a limit of zero, nothing owed", Some("0.00"), "0", "0", CreditStatus::Ok),
        ("a limit of zero, prepaid", Some("0.00"), "-100.00", "100.00", CreditStatus::Ok),
        ("a limit of zero, prepaid in part", Some("0.00"), "-100.00", "100.01", CreditStatus::Hold),
    ] {
        assert_eq!(status(limit.map(dec), dec(used), dec(more), ratio).unwrap(), wanted, "{id}");
    }
    for (more, wanted) in
        [("200", CreditStatus::Ok), ("300", CreditStatus::Watch), ("400", CreditStatus::Hold)]
    {
        assert_eq!(
            status(Some(dec("1000")), dec("650"), dec(more), dec("0.9")).unwrap(),
            wanted,
            "credit-05: {more}"
        );
    }
}

#[test]
fn no_limit_is_not_a_limit_of_zero() {
    assert_eq!(mode(None), LimitMode::NoCheck, "credit-03");
    assert_eq!(mode(Some(dec("0.00"))), LimitMode::PrepayOnly, "credit-03");
    assert_eq!(mode(Some(dec("0.01"))), LimitMode::Checked);
}

/// An order against limits as `name limit used`: whether it is held, which one binds, the room of each.
fn judged(order: &str, limits: &[(&'static str, &str, &str)]) -> (bool, Option<&'static str>, Vec<String>) {
    let dimensions: Vec<Dimension> = limits
        .iter()
        .map(|(name, limit, used)| Dimension { name, limit: dec(limit), used: dec(used) })
        .collect();
    let judged = judge(dec(order), &dimensions).unwrap();
    let binding = judged.binding.map(|at| dimensions[at].name);
    (judged.exceeded, binding, judged.headroom.iter().map(ToString::to_string).collect())
}

#[test]
fn a_discount_is_as_large_as_the_room_asks_and_no_larger() {
    // What an order comes to: gross less discount, and its tax, each rounded.
    let order = |gross: &str, tax: &str| {
        let (gross, tax) = (dec(gross), dec(tax));
        move |percent: Dec| {
            let left = Dec::HUNDRED.sub(percent)?;
            let net = gross.mul_div(left, Dec::HUNDRED, 2, Rounding::HalfUp)?;
            Ok(net.add(net.mul_div(tax, Dec::HUNDRED, 2, Rounding::HalfUp)?)?)
        }
    };
    for (what, gross, tax, room, wanted) in [
        ("it fits as it is", "1000", "0", "1000.00", "0"),
        ("a cent is a hundredth of a per cent too much", "1000", "0", "999.99", "0.01"),
        ("a fifth", "1000", "0", "800.00", "20"),
        ("with its tax", "1000", "13", "1000.00", "11.51"),
        ("with its tax, to the hundredth", "1000", "13", "1000.05", "11.5"),
        ("no more than is asked for", "1000", "13", "1130.00", "0"),
        ("next to nothing", "1000", "0", "0.10", "99.99"),
        ("no room: only what costs nothing", "1000", "0", "0.00", "100"),
        ("beyond the limit already", "1000", "0", "-5.00", "100"),
        ("nothing fits anywhere", "0", "0", "-5.00", "0"),
        ("a return", "-1000", "13", "-5.00", "0"),
    ] {
        let found = least(dec(room), order(gross, tax));
        assert_eq!(found, dec(wanted), "{what}");
    }
}

fn least(room: Dec, total: impl Fn(Dec) -> crm_kernel::error::Result<Dec>) -> Dec {
    least_discount(room, &[ALL_DISCOUNTS], |at| Ok(Some(total(percent(at))?))).unwrap()
}

#[test]
fn the_largest_of_a_range_is_the_last_that_is_allowed() {
    for (range, last, expected) in [
        ((0, 10), 4, Some(4)),
        ((0, 10), 10, Some(10)),
        ((0, 10), 99, Some(10)),
        ((3, 3), 3, Some(3)),
        ((3, 9), 2, None),
    ] {
        assert_eq!(largest_of(range, |at| Ok(at <= last)).unwrap(), expected, "{range:?} {last}");
    }
    assert_eq!(least_of((3, 9), |_| Ok(false)).unwrap(), None);
    assert_eq!(least_of((3, 9), |at| Ok(at > 4)).unwrap(), Some(5));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

    #[test]
    fn a_hundredth_less_than_the_least_discount_does_not_fit(gross in 1_i64..1_000_000, room in -100_i64..1_000_000) {
        let total = |percent: Dec| {
            let left = Dec::HUNDRED.sub(percent)?;
            Ok(Dec::from_i64_at(gross, 2).mul_div(left, Dec::HUNDRED, 2, Rounding::HalfUp)?)
        };
        let room = Dec::from_i64_at(room, 2);
        let exceeds = |percent: Dec| {
            judge(total(percent)?, &[Dimension { name: "customer", limit: room, used: Dec::ZERO }])
        };
        let least = least(room, total);
        prop_assert!(!exceeds(least).unwrap().exceeded);
        if least.is_positive() {
            prop_assert!(exceeds(least.sub(dec("0.01")).unwrap()).unwrap().exceeded);
        }
    }
}

#[test]
fn every_limit_has_to_hold_an_order() {
    let three = [("customer", "1000", "500"), ("salesperson", "5000", "4700"), ("group", "20000", "1000")];
    assert_eq!(
        judged("400", &three),
        (true, Some("salesperson"), vec!["500".to_owned(), "300".to_owned(), "19000".to_owned()]),
        "credit-12"
    );
    assert!(!judged("300", &three).0, "exactly the room of the one that binds");
    assert_eq!(
        judged("50", &[("customer", "100", "70")]),
        (true, Some("customer"), vec!["30".to_owned()]),
        "credit-08"
    );
    assert_eq!(judged("50", &[]), (false, None, vec![]), "nothing is checked");
    assert!(!judged("0", &[("customer", "100", "200")]).0, "an order of nothing passes");
    assert!(!judged("-5", &[("customer", "100", "200")]).0, "so does one that gives back");
}

#[test]
fn of_two_orders_that_do_not_both_fit_one_is_taken() {
    // credit-07: each check sees what the one before it took.
    let (limit, mut used, mut accepted) = (dec("1000"), dec("700"), 0);
    for order in ["200", "200"] {
        if !judge(dec(order), &[Dimension { name: "customer", limit, used }]).unwrap().exceeded {
            used = used.add(dec(order)).unwrap();
            accepted += 1;
        }
    }
    assert_eq!((accepted, used), (1, dec("900")));
}

#[test]
fn what_is_prepaid_is_no_risk() {
    for (id, prepaid, wanted) in [("credit-10", "1000.00", "0.00"), ("credit-10", "300.00", "700.00")] {
        let buckets = Buckets { open_orders: dec("1000.00"), advances: dec(prepaid), ..Buckets::default() };
        assert_eq!(buckets.used().unwrap(), dec(wanted), "{id}");
    }
}

#[test]
fn a_limit_counts_within_its_dates() {
    let day = |text: &str| Date::parse(text).unwrap();
    let (from, until) = (Some(day("2026-01-01")), Some(day("2026-12-31")));
    for (what, active, from, until, on, wanted) in [
        ("always", true, None, None, "2026-06-01", Some("100")),
        ("the first day", true, from, until, "2026-01-01", Some("100")),
        ("the last day", true, from, until, "2026-12-31", Some("100")),
        ("before", true, from, until, "2025-12-31", None),
        ("after: nothing more", true, from, until, "2027-01-01", Some("0")),
        ("put aside", false, from, until, "2026-06-01", None),
    ] {
        assert_eq!(limit_on(dec("100"), active, from, until, day(on)), wanted.map(dec), "{what}");
    }
}

proptest! {
    #[test]
    fn buckets_that_go_come_back(a in any::<[i32; 4]>(), b in any::<[i32; 4]>()) {
        let of = |cents: [i32; 4]| {
            let [open_orders, delivered_not_invoiced, invoiced, advances] = cents.map(|cents| Dec::from_i64_at(i64::from(cents), 2));
            Buckets { open_orders, delivered_not_invoiced, invoiced, advances }
        };
        let (a, b) = (of(a), of(b));
        let back = a.plus(b).unwrap().plus(b.negated()).unwrap();
        prop_assert_eq!(back.used().unwrap(), a.used().unwrap());
        prop_assert_eq!(back, a);
        prop_assert!(b.plus(b.negated()).unwrap().is_empty());
    }

    #[test]
    fn what_passes_is_within_every_limit(order in 1_i64..10_000, limits in proptest::collection::vec((0_i64..20_000, -5_000_i64..20_000), 0..5)) {
        let dimensions: Vec<Dimension> = limits.iter()
            .map(|(limit, used)| Dimension { name: "customer", limit: Dec::from_i64_at(*limit, 2), used: Dec::from_i64_at(*used, 2) })
            .collect();
        let order = Dec::from_i64_at(order, 2);
        let judged = judge(order, &dimensions).unwrap();
        let fits = dimensions.iter().all(|dimension| dimension.used.add(order).unwrap() <= dimension.limit);
        prop_assert_eq!(judged.exceeded, !fits);
    }
}
