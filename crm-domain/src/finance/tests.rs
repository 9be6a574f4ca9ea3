//! Rows for the rules of finance. Vectors are named by their id (`spec/vectors/commerce.json`, `platform.json`).

use super::ageing::{DueToday, bucket, edges, labels};
use super::interest::{Claim, DayCount, interest};
use super::invoices::taxes_on_charges;
use super::rules::{OpenDebt, allocatable, posted, settle, share_of_order};
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::Dec;
use crm_kernel::json::{Json, SharedJson};
use crm_kernel::money::RoundingPolicy;
use proptest::prelude::*;

fn dec(text: &str) -> Dec {
    Dec::parse(text).unwrap()
}

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

/// Debts as `key due open`, those of the order with `*`; the answer as `key part`, then what is left.
fn settled(amount: &str, debts: &[&str]) -> (String, String) {
    let debts: Vec<OpenDebt<&str>> = debts
        .iter()
        .map(|debt| {
            let [key, due, open] = debt.split(' ').collect::<Vec<_>>()[..] else { panic!("{debt}") };
            OpenDebt {
                key: key.trim_start_matches('*'),
                of_order: key.starts_with('*'),
                due: day(due),
                open: dec(open),
            }
        })
        .collect();
    let (parts, left) = settle(dec(amount), &debts).unwrap();
    let parts: Vec<String> =
        parts.iter().map(|(key, part)| format!("{key} {}", part.to_text_scale(2))).collect();
    (parts.join(", "), left.to_text_scale(2))
}

#[test]
fn a_payment_settles_the_orders_debts_then_the_oldest_due() {
    for (id, amount, debts, parts, left) in [
        (
            "recv-08",
            "120.00",
            &["B 2026-02-01 50.00", "A 2026-01-01 100.00"][..],
            "A 100.00, B 20.00",
            "0.00",
        ),
        (
            "recv-08: same day, the id",
            "120.00",
            &["B 2026-01-01 50.00", "A 2026-01-01 100.00"],
            "A 100.00, B 20.00",
            "0.00",
        ),
        ("recv-09", "1500.00", &["A 2026-01-01 1000.00"], "A 1000.00", "500.00"),
        ("recv-11: the second payment", "500.00", &["A 2026-01-01 0.00"], "", "500.00"),
        (
            "the order's first",
            "60.00",
            &["A 2026-01-01 50.00", "*B 2026-03-01 50.00"],
            "B 50.00, A 10.00",
            "0.00",
        ),
        (
            "the order's own by due date",
            "60.00",
            &["*C 2026-04-01 50.00", "*B 2026-03-01 50.00"],
            "B 50.00, C 10.00",
            "0.00",
        ),
        ("a credit note is no debt", "10.00", &["A 2026-01-01 -5.00", "B 2026-02-01 5.00"], "B 5.00", "5.00"),
        ("nothing open", "10.00", &[], "", "10.00"),
        ("exactly", "150.00", &["A 2026-01-01 100.00", "B 2026-02-01 50.00"], "A 100.00, B 50.00", "0.00"),
    ] {
        assert_eq!(settled(amount, debts), (parts.to_owned(), left.to_owned()), "{id}");
    }
}

#[test]
fn a_part_is_above_nothing_and_within_what_is_open() {
    for (wanted, open, code) in [
        ("100", "100", None),
        ("0.01", "100", None),
        ("100.01", "100", Some("receipt.over_allocated")),
        ("0", "100", Some("value.not_positive")),
        ("-1", "100", Some("value.not_positive")),
        ("1", "-5", Some("receipt.over_allocated")),
    ] {
        assert_eq!(
            allocatable(dec(wanted), dec(open), Currency::CNY).err().map(|error| error.code().name),
            code,
            "{wanted} of {open}"
        );
    }
}

#[test]
fn an_amount_has_the_decimals_that_are_posted() {
    use RoundingPolicy::{Exact, HalfUp};
    for (amount, policy, digits, good) in [
        ("1.00", HalfUp, 2, true),
        ("1.005", HalfUp, 2, false),
        ("1.005", Exact, 2, true),
        ("1.00005", Exact, 2, false),
        ("10.5", HalfUp, 0, false),
        ("10", HalfUp, 0, true),
    ] {
        assert_eq!(posted(dec(amount), policy, digits).is_ok(), good, "{amount} {policy} {digits}");
    }
}

#[test]
fn buckets_have_their_upper_edge() {
    let limits = [30, 60, 90, 120];
    for (id, late, label) in [
        ("recv-05", -5, "not_due"),
        ("recv-05", 0, "0-30"),
        ("recv-05", 30, "0-30"),
        ("recv-05", 31, "31-60"),
        ("recv-05", 60, "31-60"),
        ("recv-05", 61, "61-90"),
        ("recv-05", 90, "61-90"),
        ("recv-05", 91, "91-120"),
        ("recv-05", 120, "91-120"),
        ("recv-05", 121, "over_120"),
    ] {
        let found = &labels(&limits, DueToday::First)[bucket(late, &limits, DueToday::First)];
        assert_eq!(found, label, "{id}: {late} days late");
    }
    let limits = [30, 60, 90];
    let as_of = day("2026-11-21");
    for (id, due, label) in [
        ("ana-10", "2026-11-21", "not_due"),
        ("ana-10", "2026-11-20", "1-30"),
        ("ana-10", "2026-10-22", "1-30"),
        ("ana-10", "2026-10-21", "31-60"),
        ("ana-10", "2026-08-23", "61-90"),
        ("ana-10", "2026-08-22", "over_90"),
        ("not due", "2027-01-01", "not_due"),
    ] {
        let late = day(due).days_between(as_of);
        assert_eq!(
            labels(&limits, DueToday::NotDue)[bucket(late, &limits, DueToday::NotDue)],
            label,
            "{id}: due {due}"
        );
    }
    assert_eq!(labels(&[1, 7], DueToday::NotDue), ["not_due", "1", "2-7", "over_7"]);
}

/// Principal, rate, from, until, payments: the segments and the interest.
fn claimed(
    principal: &str,
    rate: &str,
    count: DayCount,
    from: &str,
    until: &str,
    paid: &[(&str, &str)],
) -> (String, String) {
    let claim = Claim {
        principal: dec(principal),
        rate_percent: dec(rate),
        day_count: count,
        from: day(from),
        until: day(until),
        payments: paid.iter().map(|(date, amount)| (day(date), dec(amount))).collect(),
    };
    let (segments, interest) = interest(&claim, RoundingPolicy::HalfUp, 2).unwrap();
    let segments: Vec<String> = segments
        .iter()
        .map(|segment| {
            format!(
                "{}d on {}: {}",
                segment.days,
                segment.on.to_text_scale(2),
                segment.interest.to_text_scale(6)
            )
        })
        .collect();
    (segments.join(", "), interest.to_text_scale(2))
}

#[test]
fn interest_is_counted_between_payments_and_rounded_once() {
    use DayCount::{Act360, Act365, ActAct, Thirty360};
    let (first, until) = ("2025-01-01", "2025-02-28");
    assert_eq!(claimed("100.00", "5", Act365, first, "2025-01-31", &[]).1, "0.41", "recv-01");
    let (segments, interest) = claimed("1000.00", "10", Act365, first, until, &[("2025-01-31", "200.00")]);
    assert_eq!(segments, "30d on 1000.00: 8.219178, 28d on 800.00: 6.136986", "recv-02");
    assert_eq!(interest, "14.36", "recv-02");
    for (count, wanted) in [(Act365, "131.51"), (Act360, "133.33"), (Thirty360, "133.33"), (ActAct, "131.15")]
    {
        assert_eq!(
            claimed("10000.00", "8", count, "2024-01-31", "2024-03-31", &[]).1,
            wanted,
            "recv-03: {count:?}"
        );
    }
    for (what, paid, wanted) in [
        ("paid before it was due", &[("2024-12-31", "1000.00")][..], "0.00"),
        ("paid in full on the due date", &[("2025-01-01", "1000.00")], "0.00"),
        ("paid on the last day", &[("2025-02-28", "1000.00")], "15.89"),
        ("two payments on a day", &[("2025-01-31", "100.00"), ("2025-01-31", "100.00")], "14.36"),
        ("a payment taken off again", &[("2025-01-10", "500.00"), ("2025-01-10", "-500.00")], "15.89"),
    ] {
        assert_eq!(claimed("1000.00", "10", Act365, first, until, paid).1, wanted, "{what}");
    }
    assert_eq!(
        claimed("1000.00", "10", ActAct, "2023-12-01", "2024-02-01", &[]).1,
        "16.96",
        "31/365 and 31/366"
    );
    assert_eq!(claimed("1000.00", "10", Act365, until, first, &[]).1, "0.00", "not late");
}

#[test]
fn charges_go_with_the_lines_and_add_up() {
    let share = |done: &str, already: &str| {
        share_of_order(dec("10.00"), dec(done), dec("100.00"), dec(already), RoundingPolicy::HalfUp, 2)
            .unwrap()
            .to_text_scale(2)
    };
    assert_eq!(share("33.33", "0"), "3.33");
    assert_eq!(share("66.67", "3.33"), "3.34");
    assert_eq!(share("100.00", "6.67"), "3.33");
    assert_eq!(share("120.00", "10.00"), "0.00", "beyond the order nothing is left to charge");
    let nothing =
        share_of_order(dec("10.00"), Dec::ZERO, Dec::ZERO, Dec::ZERO, RoundingPolicy::HalfUp, 2).unwrap();
    assert_eq!(nothing, dec("10.00"), "an order of nothing charges with its first invoice");
}

proptest! {
    #[test]
    fn no_debt_and_no_payment_is_overdrawn(
        amount in 0_i64..100_000,
        debts in proptest::collection::vec((0_i64..400, -1_000_i64..20_000, any::<bool>()), 0..30),
    ) {
        let first = day("2026-01-01");
        let open: Vec<OpenDebt<usize>> = debts.iter().enumerate().map(|(key, (due, open, of_order))| OpenDebt {
            key,
            of_order: *of_order,
            due: first.add_days(*due).unwrap(),
            open: Dec::from_i64_at(*open, 2),
        }).collect();
        let amount = Dec::from_i64_at(amount, 2);
        let (parts, left) = settle(amount, &open).unwrap();
        let spent = Dec::sum(parts.iter().map(|part| part.1)).unwrap();
        prop_assert_eq!(spent.add(left).unwrap(), amount);
        prop_assert!(!left.is_negative());
        for (key, part) in &parts {
            prop_assert!(part.is_positive() && *part <= open[*key].open);
        }
        // Something is left only where everything is settled.
        let owed = Dec::sum(open.iter().map(|debt| debt.open).filter(|open| open.is_positive())).unwrap();
        prop_assert!(left.is_zero() || spent == owed);
    }

    #[test]
    fn the_edges_of_the_store_are_those_of_the_rule(
        days in -400_i64..400,
        steps in proptest::collection::vec(1_i64..60, 1..6),
        first in any::<bool>(),
    ) {
        let limits: Vec<i64> = steps.iter().scan(0, |sum, step| { *sum += step; Some(*sum) }).collect();
        let due_today = if first { DueToday::First } else { DueToday::NotDue };
        let as_of = day("2026-06-30");
        let due = as_of.add_days(-days).unwrap();
        let inside: Vec<usize> = edges(as_of, &limits, due_today).unwrap().iter().enumerate()
            .filter(|(_, dues)| dues.from.is_none_or(|from| due >= from) && dues.to.is_none_or(|to| due <= to))
            .map(|(at, _)| at)
            .collect();
        prop_assert_eq!(inside, vec![bucket(days, &limits, due_today)]);
    }

    #[test]
    fn charges_add_up_however_the_lines_are_split(
        amount in -10_000_i64..10_000,
        steps in proptest::collection::vec(1_i64..5_000, 1..12),
    ) {
        let amount = Dec::from_i64_at(amount, 2);
        let whole = Dec::from_i64_at(steps.iter().sum(), 2);
        let (mut done, mut already) = (Dec::ZERO, Dec::ZERO);
        for step in &steps {
            done = done.add(Dec::from_i64_at(*step, 2)).unwrap();
            let part = share_of_order(amount, done, whole, already, RoundingPolicy::HalfEven, 2).unwrap();
            already = already.add(part).unwrap();
        }
        prop_assert_eq!(already, amount);
    }
}

#[test]
fn taxes_on_charges_are_those_kept_or_what_is_beyond_the_lines() {
    let kept = Json::parse(
        r#"[{"percent":"5","on_taxes":false,"amount":"0.50"},{"percent":"7","on_taxes":false,"amount":"0.70"}]"#,
    );
    let kept = SharedJson::from(kept.unwrap());
    let of = |kept, tax| taxes_on_charges(kept, dec(tax), [dec("10"), dec("3.5")].into_iter()).unwrap();
    assert_eq!(of(Some(&kept), "14.70"), [dec("0.50"), dec("0.70")]);
    // As an older library kept it: their sum alone.
    assert_eq!(of(None, "14.70"), [dec("1.20")]);
    assert!(of(None, "13.50").is_empty());
}
