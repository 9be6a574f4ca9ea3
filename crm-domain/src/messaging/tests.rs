//! Rows for the rules of reminders; each vector of the specification by its id.

use super::rules::{TimeOfDay, due_through, fires_at, is_late, last_occurrence, next_occurrence};
use crm_kernel::date::{Date, Instant};
use crm_kernel::zone::Zone;
use proptest::prelude::*;

fn date(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn instant(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

fn time(text: &str) -> TimeOfDay {
    TimeOfDay::parse(text).unwrap()
}

#[test]
fn rem_01_and_rem_04_a_day_and_a_time_in_a_zone_are_one_instant() {
    let rows = [
        // 30 days before 2026-03-31.
        (
            "rem-01",
            date("2026-03-31").add_days(-30).unwrap(),
            "09:00",
            "Asia/Shanghai",
            "2026-03-01T01:00:00Z",
        ),
        ("midnight", date("2026-03-01"), "00:00", "UTC", "2026-03-01T00:00:00Z"),
        (
            "rem-04: the hour that is skipped",
            date("2026-03-29"),
            "02:30",
            "Europe/Berlin",
            "2026-03-29T01:00:00Z",
        ),
        (
            "rem-04: the first of a double hour",
            date("2026-10-25"),
            "02:30",
            "Europe/Berlin",
            "2026-10-25T00:30:00Z",
        ),
    ];
    for (name, due, at, zone, expected) in rows {
        let zone = Zone::named(zone).unwrap();
        assert_eq!(fires_at(due, time(at), &zone), Some(instant(expected)), "{name}");
    }
}

#[test]
fn times_of_day_are_two_and_two_digits() {
    assert_eq!(TimeOfDay::parse("23:59"), Some(TimeOfDay { hour: 23, minute: 59 }));
    for bad in ["", "9:00", "09:0", "24:00", "12:60", "0900", "-1:00", "+9:00", "09:00:00", "aa:bb"] {
        assert_eq!(TimeOfDay::parse(bad), None, "{bad}");
    }
}

#[test]
fn a_day_is_due_once_its_time_has_come() {
    let shanghai = Zone::named("Asia/Shanghai").unwrap();
    let rows = [
        ("2026-03-01T00:59:59Z", "09:00", "2026-02-28"),
        ("2026-03-01T01:00:00Z", "09:00", "2026-03-01"),
        ("2026-02-28T16:00:00Z", "00:00", "2026-03-01"),
        ("2026-02-28T15:59:59Z", "00:00", "2026-02-28"),
    ];
    for (now, at, expected) in rows {
        assert_eq!(due_through(instant(now), time(at), &shanghai), date(expected), "{now} {at}");
    }
}

#[test]
fn rem_03_what_was_missed_is_caught_up_on_and_late() {
    // Due on 1 March, nobody called on the first and second: fires on the third.
    let through = due_through(instant("2026-03-03T08:00:00Z"), TimeOfDay::default(), &Zone::utc());
    assert_eq!(last_occurrence(date("2026-03-01"), None, through), Some(date("2026-03-01")));
    assert!(is_late(date("2026-03-01"), date("2026-03-03")));
    assert!(!is_late(date("2026-03-03"), date("2026-03-03")));
}

#[test]
fn repetitions_that_were_missed_fold_into_one() {
    let rows = [
        ("before the first", "2026-03-10", Some(7), "2026-03-09", None, Some("2026-03-10")),
        ("the first", "2026-03-10", Some(7), "2026-03-16", Some("2026-03-10"), Some("2026-03-17")),
        ("the second", "2026-03-10", Some(7), "2026-03-17", Some("2026-03-17"), Some("2026-03-24")),
        ("long after", "2026-03-10", Some(7), "2026-05-01", Some("2026-04-28"), Some("2026-05-05")),
        ("once", "2026-03-10", None, "2026-05-01", Some("2026-03-10"), None),
    ];
    for (name, first, repeat, through, last, next) in rows {
        assert_eq!(last_occurrence(date(first), repeat, date(through)), last.map(date), "{name}");
        assert_eq!(next_occurrence(date(first), repeat, date(through)), next.map(date), "{name}");
    }
}

proptest! {
    /// Between the last occurrence and the next lies the day asked for, and exactly one repetition.
    #[test]
    fn occurrences_enclose_the_day(first in 0_i64..40_000, repeat in 1_i64..400, passed in 0_i64..20_000) {
        let first = Date::from_days(first).unwrap();
        let through = first.add_days(passed).unwrap();
        let last = last_occurrence(first, Some(repeat), through).unwrap();
        let next = next_occurrence(first, Some(repeat), through).unwrap();
        prop_assert!(first <= last && last <= through && through < next);
        prop_assert_eq!(last.add_days(repeat), Some(next));
        prop_assert_eq!((last.days_since_epoch() - first.days_since_epoch()) % repeat, 0);
    }
}
