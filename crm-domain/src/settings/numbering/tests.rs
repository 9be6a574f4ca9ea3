//! Rows for patterns and counters; ids are those of the vectors.

use super::NumberReset::{self, Day, Department, Month, None as Never, Year};
use super::{Pattern, default_rule, reset_key};
use crate::settings::{BAD_PATTERN, NUMBERS_REPEAT};
use crm_kernel::date::Date;
use crm_kernel::record::Record;
use proptest::prelude::*;
use std::collections::HashMap;

#[test]
fn a_number_is_the_pattern_with_its_values() {
    for (id, pattern, date, department, counter, wanted) in [
        ("num-01", "QT-{YYYY}{MM}-{#4}", "2027-01-01", "", 1, "QT-202701-0001"),
        ("num-02", "QT-{YYYY}{MM}-{#4}", "2026-12-30", "", 313, "QT-202612-0313"),
        ("num-05", "A-{#4}", "2026-01-01", "", 10_000, "A-10000"),
        ("num-07", "{#5}", "2026-01-01", "", 2, "00002"),
        ("all tokens", "{department}/{YY}{MM}{DD}/{#1}", "2026-02-03", "EAST", 12, "EAST/260203/12"),
        ("text of any script", "报价{YYYY}第{#3}号", "2026-02-03", "", 7, "报价2026第007号"),
    ] {
        let pattern = Pattern::parse(pattern).unwrap();
        assert_eq!(pattern.write(date_of(date), department, counter), wanted, "{id}");
    }
}

/// Numbers of one rule, in the order in which they are taken.
fn take(
    counters: &mut HashMap<String, i64>,
    pattern: &str,
    reset: NumberReset,
    date: &str,
    department: &str,
) -> String {
    let counter = counters.entry(reset_key(reset, date_of(date), department)).or_default();
    *counter += 1;
    Pattern::parse(pattern).unwrap().write(date_of(date), department, *counter)
}

#[test]
fn the_reset_key_is_apart_from_what_is_shown() {
    // num-01: the month is shown and does not start the counter again.
    let pattern = "QT-{YYYY}{MM}-{#4}";
    let mut counters = HashMap::from([("2026".to_owned(), 312)]);
    assert_eq!(take(&mut counters, pattern, Year, "2027-01-01", ""), "QT-202701-0001");
    // num-02: the business date chooses the counter.
    assert_eq!(take(&mut counters, pattern, Year, "2026-12-30", ""), "QT-202612-0313");
    assert_eq!(take(&mut counters, pattern, Year, "2027-02-01", ""), "QT-202702-0002");

    let mut counters = HashMap::new();
    assert_eq!(take(&mut counters, pattern, Month, "2026-01-31", ""), "QT-202601-0001");
    assert_eq!(take(&mut counters, pattern, Month, "2026-02-01", ""), "QT-202602-0001");
    assert_eq!(take(&mut counters, pattern, Month, "2026-01-15", ""), "QT-202601-0002");

    let pattern = "{department}-{#3}";
    let mut counters = HashMap::new();
    assert_eq!(take(&mut counters, pattern, Department, "2026-01-31", "E"), "E-001");
    assert_eq!(take(&mut counters, pattern, Department, "2026-01-31", "W"), "W-001");
    assert_eq!(take(&mut counters, pattern, Department, "2027-01-31", "E"), "E-002");
}

#[test]
fn patterns_that_make_no_number_are_refused_where_they_fail() {
    for (pattern, place) in [
        ("", 0),
        ("SO-{YYYY}", 9),
        ("SO-{#4}-{#2}", 8),
        ("SO-{yyyy}-{#4}", 3),
        ("报价-{#0}", 3),
        ("SO-{#13}", 3),
        ("SO-{#x}", 3),
        ("SO-{#4", 3),
        ("SO}-{#4}", 2),
        ("{department}{#4}", 12),
        ("{#4}{department}", 4),
    ] {
        let error = Pattern::parse(pattern).unwrap_err();
        assert_eq!(error.code(), BAD_PATTERN, "{pattern}");
        assert_eq!(error.arg("place").and_then(|place| place.as_int()), Some(place), "{pattern}");
    }
}

#[test]
fn numbers_that_would_repeat_are_refused() {
    for (pattern, reset, token) in [
        ("{#4}", Never, ""),
        ("{#4}", Year, "{YYYY}"),
        ("{YY}-{#4}", Year, ""),
        ("{YYYY}-{#4}", Month, "{MM}"),
        ("{YYYY}{MM}-{#4}", Month, ""),
        ("{YYYY}{MM}-{#4}", Day, "{DD}"),
        ("{MM}{DD}-{#4}", Day, "{YYYY}"),
        ("{YYYY}{MM}{DD}-{#4}", Day, ""),
        ("{YYYY}-{#4}", Department, "{department}"),
        ("{department}-{#4}", Department, ""),
    ] {
        let shows = Pattern::parse(pattern).unwrap().shows(reset);
        match shows {
            Ok(()) => assert_eq!(token, "", "{pattern}"),
            Err(error) => {
                assert_eq!(error.code(), NUMBERS_REPEAT, "{pattern}");
                assert_eq!(error.arg("token").and_then(|found| found.as_text()), Some(token), "{pattern}");
            }
        }
    }
}

#[test]
fn a_number_that_fits_tells_its_counter() {
    for (pattern, reset, number, wanted) in [
        ("QT-{YYYY}{MM}-{#4}", Year, "QT-202605-0312", Some(("2026", 312))),
        ("QT-{YYYY}{MM}-{#4}", Month, "QT-202605-0312", Some(("2026-05", 312))),
        ("QT-{YYYY}{MM}-{#4}", Year, "QT-202605-10312", Some(("2026", 10_312))),
        ("QT-{YYYY}{MM}-{#4}", Year, "QT-202613-0312", None),
        ("QT-{YYYY}{MM}-{#4}", Year, "QT-202605-312", None),
        ("QT-{YYYY}{MM}-{#4}", Year, "QT-202605-00312", None),
        ("QT-{YYYY}{MM}-{#4}", Year, "SO-202605-0312", None),
        ("QT-{YYYY}{MM}-{#4}", Year, "QT-202605-0312a", None),
        ("QT-{YYYY}{MM}-{#4}", Year, "报价", None),
        ("{#2}{YYYY}", Year, "0122026", None),
        ("{#2}{YYYY}", Year, "1122026", Some(("2026", 112))),
        ("{YY}/{#2}", Year, "26/07", Some(("2026", 7))),
        ("{department}-{#3}", Department, "A-1-001", Some(("A-1", 1))),
        ("{department}-{#3}", Department, "东区-1234", Some(("东区", 1_234))),
        ("{#5}", Never, "00042", Some(("", 42))),
        ("{#12}", Never, "99999999999999999999", None),
    ] {
        let shown = Pattern::parse(pattern).unwrap().read(number);
        let found = shown.and_then(|shown| Some((shown.key(reset)?, shown.counter)));
        assert_eq!(
            found.as_ref().map(|(key, counter)| (key.as_str(), *counter)),
            wanted,
            "{pattern} {number}"
        );
    }
}

#[test]
fn a_kind_without_a_rule_has_one() {
    let catalogue = crm_kernel::catalogue::Catalogue::build(
        crate::AREAS.iter().flat_map(|area| area.kinds).map(|def| def().clone()),
    )
    .unwrap();
    let kind = catalogue.get(crate::parties::Customer::NO).unwrap();
    let rule = default_rule(kind).unwrap();
    assert_eq!((rule.text.as_str(), rule.reset, rule.gapless), ("C-{#6}", Never, true));
}

fn date_of(text: &str) -> Date {
    Date::parse(text).unwrap()
}

proptest! {
    #[test]
    fn what_was_written_is_read_back(
        tokens in Just(["{YYYY}", "-", "{MM}", "/", "{DD}", "_", "{department}", "#", "{YY}"]).prop_shuffle(),
        used in 0_usize..9,
        at in 0_usize..9,
        width in 1_usize..8,
        counter in 1_i64..10_i64.pow(11),
        days in 0_i64..60_000,
        department in "[A-Z]{1,4}",
    ) {
        let mut parts: Vec<String> = tokens.iter().take(used).map(ToString::to_string).collect();
        parts.insert(at.min(parts.len()), format!("{{#{width}}}"));
        let text = parts.concat();
        let Ok(pattern) = Pattern::parse(&text) else { return Ok(()) };
        // Two-digit years are of this century.
        let date = Date::parse("2000-01-01").unwrap().add_days(days % 36_500).unwrap();
        let number = pattern.write(date, &department, counter);
        let shown = pattern.read(&number).unwrap();
        if shown.counter == counter {
            for reset in [Never, Year, Month, Day, Department] {
                if pattern.shows(reset).is_ok() {
                    prop_assert_eq!(shown.key(reset), Some(reset_key(reset, date, &department)));
                }
            }
        } else {
            // Digits beside digits can be read in two ways; then at least the same number comes of it.
            prop_assert!(text.contains("}{"), "{} {}", text, number);
        }
    }
}
