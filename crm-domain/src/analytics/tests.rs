//! Rows of the vectors, by id.

use super::rfm::{RfmCustomer, score};
use super::rules::*;
use super::trend::{Figure, periods};
use crm_kernel::date::Date;
use crm_kernel::dec::Dec;
use crm_kernel::plan::Period;
use std::collections::BTreeMap;

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn dec(text: &str) -> Dec {
    Dec::parse(text).unwrap()
}

#[test]
fn ana_08_a_week_a_year_before_is_the_week_of_that_number() {
    let of = |text: &str| earlier(Period::Week, day(text), true);
    assert_eq!(of("2024-12-30"), Some(day("2024-01-01")), "2025-W01");
    assert_eq!(of("2020-12-28"), None, "2020-W53");
    assert_eq!(of("2026-11-16"), Some(day("2025-11-17")), "2026-W47");
    assert_eq!(earlier(Period::Month, day("2024-02-01"), true), Some(day("2023-02-01")));
    assert_eq!(earlier(Period::Day, day("2024-02-29"), true), None);
}

#[test]
fn ana_09_growth_from_zero_and_over_a_change_of_sign() {
    let of = |a: &str, b: &str| {
        let (growth, flag) = growth(dec(a), dec(b));
        (growth.map(|growth| growth.to_text_scale(2)), flag)
    };
    assert_eq!(of("0", "50"), (None, Some("from_zero")));
    assert_eq!(of("0", "0"), (Some("0.00".into()), None));
    assert_eq!(of("-20", "10"), (None, Some("sign_change")));
    assert_eq!(of("20", "-10"), (Some("-150.00".into()), Some("sign_change")));
    assert_eq!(of("-20", "-10"), (Some("50.00".into()), None));
    assert_eq!(of("3", "4"), (Some("33.33".into()), None));
}

#[test]
fn ana_12_ranks_with_ties() {
    assert_eq!(ranks(&[100, 90, 90, 80], RankMethod::Competition), [1, 2, 2, 4]);
    assert_eq!(ranks(&[100, 90, 90, 80], RankMethod::Dense), [1, 2, 2, 3]);
    assert!(ranks::<i64>(&[], RankMethod::Dense).is_empty());
}

fn customers(rows: &[(i64, i64)]) -> Vec<RfmCustomer> {
    let rows = rows.iter().enumerate().map(|(at, (recency_days, frequency))| RfmCustomer {
        key: format!("{at:03}"),
        recency_days: *recency_days,
        frequency: *frequency,
        monetary: Dec::ZERO,
        r: 0,
        f: 0,
        m: 0,
        segment: String::new(),
    });
    rows.collect()
}

#[test]
fn score_02_equal_values_score_equal() {
    let frequency = [1, 1, 1, 2, 2, 3, 4, 5, 8, 20];
    let recency = [3, 10, 10, 20, 30, 45, 60, 90, 200, 400];
    let mut rows = customers(&recency.into_iter().zip(frequency).collect::<Vec<_>>());
    score(&mut rows, ScoreMethod::EqualValues);
    assert_eq!(rows.iter().map(|row| row.f).collect::<Vec<_>>(), [1, 1, 1, 2, 2, 3, 4, 4, 5, 5]);
    assert_eq!(rows.iter().map(|row| row.r).collect::<Vec<_>>(), [5, 4, 4, 4, 3, 3, 2, 2, 1, 1]);
}

#[test]
fn scores_by_place() {
    let by = |n, method| scores(n, method, |_, _| false);
    assert_eq!(by(7, ScoreMethod::Rank), [1, 1, 2, 3, 3, 4, 5]);
    assert_eq!(by(7, ScoreMethod::Ntile), [1, 1, 2, 2, 3, 4, 5]);
    assert_eq!(by(3, ScoreMethod::Ntile), [1, 2, 3]);
    // Ties go by key: the customers stand by key.
    let mut rows = customers(&[(1, 1), (1, 1), (1, 1), (1, 1), (1, 1)]);
    score(&mut rows, ScoreMethod::Rank);
    assert_eq!(rows.iter().map(|row| row.f).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
}

#[test]
fn a_running_period_is_compared_to_date() {
    let days: BTreeMap<Date, Figure> = [
        ("2026-03-01", "10"),
        ("2026-03-31", "90"),
        ("2026-04-01", "20"),
        ("2025-04-15", "5"),
        ("2025-04-30", "7"),
    ]
    .into_iter()
    .map(|(date, value)| (day(date), Figure { value: dec(value), records: 1 }))
    .collect();
    let rows = periods(&days, Period::Month, Some(day("2026-03-01")), day("2026-04-15")).unwrap();
    let [march, april] = rows.as_slice() else { panic!("{rows:?}") };
    assert!(march.complete && !april.complete);
    assert_eq!((march.value, april.value), (dec("100"), dec("20")));
    assert_eq!((march.records, april.records), (2, 1));
    assert_eq!(april.previous, Some(dec("10")), "1 to 15 March only");
    assert_eq!(april.year_before, Some(dec("5")), "1 to 15 April only");
    assert_eq!(april.growth, Some(dec("100")));
}
