//! Rows for due rules and the splitting of totals; ids are those of the vectors.

use super::ShareKind::{Amount, Balance, Percent, Weight};
use super::SplitMethod::{LargestRemainder, LastAbsorbs};
use super::{DueRule, ShareKind, SplitMethod, split};
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::Dec;
use crm_kernel::money::{Money, RoundingPolicy};
use proptest::prelude::*;

#[test]
fn the_order_of_the_steps_is_the_meaning() {
    for (id, rule, anchor, wanted) in [
        ("terms-01", "end_of_month; +45 days", "2019-01-01", "2019-03-17"),
        ("terms-01", "end_of_month; +45 days", "2019-01-15", "2019-03-17"),
        ("terms-01", "end_of_month; +45 days", "2019-01-31", "2019-03-17"),
        ("terms-02", "+31 days; day 15", "2019-01-01", "2019-02-15"),
        ("terms-02", "+31 days; day 15", "2019-01-15", "2019-02-15"),
        ("terms-02", "+31 days; day 15", "2019-01-31", "2019-03-15"),
        ("terms-02: on the 15th", "+31 days; day 15", "2019-01-15", "2019-02-15"),
        ("terms-02: exactly the 15th", "day 15", "2019-02-15", "2019-02-15"),
        ("terms-03", "end_of_month", "2019-01-01", "2019-01-31"),
        ("terms-03", "end_of_month", "2019-01-31", "2019-01-31"),
        ("terms-04", "end_of_month; +45 days", "2021-09-13", "2021-11-14"),
        ("terms-04", "+45 days; end_of_month", "2021-09-13", "2021-10-31"),
        ("terms-06", "+1 month; end_of_month", "2025-02-10", "2025-03-31"),
        ("terms-06: the end stays the end", "end_of_month; +1 month", "2025-02-10", "2025-03-31"),
        ("terms-07: clamped", "+1 month", "2025-01-31", "2025-02-28"),
        ("terms-07: from the anchor, not chained", "+1 month; +1 month", "2025-01-31", "2025-03-31"),
        ("terms-07: in one step", "+2 months", "2025-01-31", "2025-03-31"),
        ("leap year", "+1 month", "2024-01-31", "2024-02-29"),
        ("a day that the month lacks", "day 31", "2025-02-10", "2025-02-28"),
        ("it is not lost in the next month", "day 31; +1 month", "2025-02-10", "2025-03-31"),
        ("a day that has passed", "day 10", "2025-12-11", "2026-01-10"),
        ("days count from where the months led", "+1 month; +10 days", "2025-01-31", "2025-03-10"),
        ("days after a day of month", "+1 month; day 20; +5 days", "2025-01-10", "2025-02-25"),
        ("no step", "", "2025-01-10", "2025-01-10"),
        ("no step, spaces", "  ", "2025-01-10", "2025-01-10"),
        ("spaces and capitals", " +1  Month ;END_OF_MONTH ", "2025-02-10", "2025-03-31"),
        ("across the year", "end_of_month; +60 days", "2023-12-05", "2024-02-29"),
    ] {
        let due = DueRule::parse(rule).unwrap().due(date(anchor));
        assert_eq!(due, Some(date(wanted)), "{id}: {rule} from {anchor}");
    }
    let last = Date::parse("9999-12-31").unwrap();
    assert_eq!(DueRule::parse("+1 days").unwrap().due(last), None);
}

#[test]
fn a_rule_that_cannot_be_read_says_where() {
    for (rule, place, found) in [
        ("+5 weeks", 0, "+5 weeks"),
        ("end_of_month; 45 days", 14, "45 days"),
        ("+1 month; day 32", 10, "day 32"),
        ("+1 month; day 0", 10, "day 0"),
        ("day15", 0, "day15"),
        ("+ days", 0, "+ days"),
        ("-5 days", 0, "-5 days"),
        ("+1 month;", 9, ""),
        (";", 0, ""),
        ("+99999999999999999999 days", 0, "+99999999999999999999 days"),
        ("+1 month ; 月底", 11, "月底"),
    ] {
        let error = DueRule::parse(rule).unwrap_err();
        let arg = |name| error.arg(name).cloned();
        assert_eq!(arg("place").and_then(|place| place.as_int()), Some(place), "{rule}");
        assert_eq!(
            arg("found").and_then(|found| found.as_text().map(str::to_owned)).as_deref(),
            Some(found),
            "{rule}"
        );
    }
}

fn date(text: &str) -> Date {
    Date::parse(text).unwrap()
}

type Row<'a> = (&'a str, &'a str, &'a [(ShareKind, &'a str)], SplitMethod, &'a str);

#[test]
fn instalments_add_up_to_the_total() {
    let quarters = [(Percent, "25"), (Weight, "1"), (Weight, "1"), (Weight, "1"), (Weight, "1")];
    let thirds = [(Weight, "1"), (Weight, "1"), (Weight, "1")];
    let rows: &[Row<'_>] = &[
        ("terms-08: weights, largest remainder", "100.00", &thirds, LargestRemainder, "33.34 33.33 33.33"),
        ("weights, the last absorbs", "100.00", &thirds, LastAbsorbs, "33.33 33.33 33.34"),
        ("terms-09", "99.99", &quarters, LastAbsorbs, "25.00 18.75 18.75 18.75 18.74"),
        (
            "terms-09, largest remainder",
            "99.99",
            &quarters,
            LargestRemainder,
            "25.00 18.75 18.75 18.75 18.74",
        ),
        (
            "terms-10",
            "100.00",
            &[(Percent, "33.33"), (Percent, "33.33"), (Balance, "0")],
            LargestRemainder,
            "33.33 33.33 33.34",
        ),
        (
            "the balance may stand first",
            "100",
            &[(Balance, "0"), (Percent, "33.333")],
            LastAbsorbs,
            "66.67 33.33",
        ),
        (
            "everything by per cent",
            "0.05",
            &[(Percent, "50"), (Percent, "50")],
            LargestRemainder,
            "0.03 0.02",
        ),
        (
            "everything by per cent, the last",
            "0.05",
            &[(Percent, "50"), (Percent, "50")],
            LastAbsorbs,
            "0.03 0.02",
        ),
        (
            "rounding up does not take more than there is",
            "0.01",
            &[(Percent, "50"), (Percent, "50"), (Balance, "0")],
            LargestRemainder,
            "0.01 0.00 0.00",
        ),
        (
            "nor does it leave less than nothing to the last",
            "0.05",
            &[
                (Weight, "1"),
                (Weight, "1"),
                (Weight, "1"),
                (Weight, "1"),
                (Weight, "1"),
                (Weight, "1"),
                (Weight, "1"),
            ],
            LastAbsorbs,
            "0.01 0.01 0.01 0.01 0.01 0.00 0.00",
        ),
        (
            "amount, per cent, weights",
            "1000",
            &[(Weight, "2"), (Amount, "100"), (Weight, "1"), (Percent, "10")],
            LargestRemainder,
            "533.33 100.00 266.67 100.00",
        ),
        ("a credit note mirrors", "-99.99", &quarters, LastAbsorbs, "-25.00 -18.75 -18.75 -18.75 -18.74"),
        ("nothing", "0", &thirds, LargestRemainder, "0.00 0.00 0.00"),
        ("one line", "12.34", &[(Balance, "0")], LargestRemainder, "12.34"),
    ];
    for (id, total, shares, method, wanted) in rows {
        let shares: Vec<(ShareKind, Dec)> = shares.iter().map(|(kind, value)| (*kind, dec(value))).collect();
        let total = Money::new(dec(total), Currency::EUR);
        let parts = split(total, &shares, *method, RoundingPolicy::HalfUp).unwrap();
        let shown: Vec<String> = parts.iter().map(Money::text).collect();
        assert_eq!(shown.join(" "), *wanted, "{id}");
    }
    let yen = Money::new(dec("10"), Currency::JPY);
    let shares = thirds.map(|(kind, value)| (kind, dec(value)));
    let shown: Vec<String> = split(yen, &shares, LargestRemainder, RoundingPolicy::HalfUp)
        .unwrap()
        .iter()
        .map(Money::text)
        .collect();
    assert_eq!(shown, ["4", "3", "3"]);
    let over = split(
        Money::new(dec("99"), Currency::EUR),
        &[(Amount, dec("100")), (Balance, Dec::ZERO)],
        LastAbsorbs,
        RoundingPolicy::HalfUp,
    );
    assert_eq!(over.unwrap_err().code(), crate::settings::AMOUNTS_EXCEED);
}

fn dec(text: &str) -> Dec {
    Dec::parse(text).unwrap()
}

proptest! {
    #[test]
    fn whatever_the_total_nothing_is_lost(
        cents in -10_i64.pow(12)..10_i64.pow(12),
        percents in proptest::collection::vec(1_i64..=2_500, 0..4),
        weights in proptest::collection::vec(1_i64..1_000, 0..6),
        last in any::<bool>(),
        policy in 0_usize..3,
    ) {
        let mut shares: Vec<(ShareKind, Dec)> =
            percents.iter().map(|percent| (Percent, Dec::from_i64_at(*percent, 2))).collect();
        shares.extend(weights.iter().map(|weight| (Weight, Dec::from_int(*weight))));
        if weights.is_empty() {
            shares.push((Balance, Dec::ZERO));
        }
        let policy = [RoundingPolicy::HalfUp, RoundingPolicy::HalfEven, RoundingPolicy::Exact][policy];
        let total = Money::new(Dec::from_i64_at(cents, 2), Currency::EUR);
        let parts = split(total, &shares, if last { LastAbsorbs } else { LargestRemainder }, policy).unwrap();
        let sum = Dec::sum(parts.iter().map(|part| part.amount)).unwrap();
        prop_assert_eq!(sum, total.amount);
        for part in &parts {
            // No part runs against the total, and every part is a posted amount.
            prop_assert!(part.amount.signum() * total.amount.signum() >= 0);
            prop_assert_eq!(policy.post(part.amount, 2).unwrap(), part.amount);
        }
    }
}
