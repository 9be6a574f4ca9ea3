//! Rows for conversions, working days, values of settings and passwords.

use super::calendars::{is_worked, shifted};
use super::credentials::digest;
use super::keys::takes;
use super::measures::{Ratio, converted};
use super::{Calendar, CalendarDay, SETTINGS, Takes, WorkingDayShift};
use crm_kernel::date::Date;
use crm_kernel::dec::Dec;
use crm_kernel::json::Json;

#[test]
fn quantities_convert_exactly_or_to_six_decimals() {
    for (quantity, from, to, wanted) in [
        ("2.5", "24", "1", "60"),
        ("3", "24", "12", "6"),
        ("1", "1", "24", "0.041667"),
        ("10", "0.45359237", "1", "4.535924"),
        ("-1", "1", "3", "-0.333333"),
        ("0.5", "1", "1000000", "0.000001"),
        ("0", "24", "7", "0"),
    ] {
        let found = converted(dec(quantity), Ratio::new(dec(from), dec(to)).unwrap()).unwrap();
        assert_eq!(found, dec(wanted), "{quantity} of {from} in {to}");
    }
}

#[test]
fn a_date_goes_to_a_working_day() {
    let holiday = |date: &str, working| CalendarDay { date: day(date), working, name: None };
    let mut calendar = Calendar {
        code: "CN".to_owned(),
        name: "China".to_owned(),
        is_default: true,
        monday: true,
        tuesday: true,
        wednesday: true,
        thursday: true,
        friday: true,
        saturday: false,
        sunday: false,
        days: [
            // Spring Festival 2026, with a Saturday worked in exchange.
            holiday("2026-02-16", false),
            holiday("2026-02-17", false),
            holiday("2026-02-14", true),
        ]
        .into_iter()
        .collect(),
    };
    use WorkingDayShift::{Next, None as Stay, Previous};
    for (date, shift, wanted) in [
        ("2026-02-13", Next, "2026-02-13"),
        ("2026-02-14", Next, "2026-02-14"),
        ("2026-02-15", Next, "2026-02-18"),
        ("2026-02-16", Previous, "2026-02-14"),
        ("2026-02-17", Stay, "2026-02-17"),
        ("2026-02-21", Previous, "2026-02-20"),
        ("2026-02-21", Next, "2026-02-23"),
    ] {
        assert_eq!(shifted(Some(&calendar), day(date), shift), Some(day(wanted)), "{date} {shift:?}");
    }
    // Without a calendar Monday to Friday are worked.
    assert!(is_worked(None, day("2026-02-16")));
    assert_eq!(shifted(None, day("2026-02-14"), Next), Some(day("2026-02-16")));
    calendar.monday = false;
    calendar.tuesday = false;
    calendar.wednesday = false;
    calendar.thursday = false;
    calendar.friday = false;
    assert_eq!(shifted(Some(&calendar), day("2026-03-01"), Next), None);
    assert_eq!(shifted(Some(&calendar), day("2026-03-01"), Previous), Some(day("2026-02-14")));
}

#[test]
fn every_setting_takes_its_default() {
    for setting in SETTINGS {
        let default = Json::parse(setting.default).unwrap();
        assert!(takes(setting.takes, &default), "{}", setting.key);
        assert!(SETTINGS.iter().filter(|other| other.key == setting.key).count() == 1, "{}", setting.key);
    }
    for (kind, value, wanted) in [
        (Takes::Bool, "true", true),
        (Takes::Bool, "\"true\"", false),
        (Takes::Int(1, 12), "12", true),
        (Takes::Int(1, 12), "13", false),
        (Takes::Int(1, 12), "\"3\"", false),
        (Takes::OneOf(&["a", "b"]), "\"b\"", true),
        (Takes::OneOf(&["a", "b"]), "\"c\"", false),
        (Takes::Code, "\"\"", false),
        (Takes::Rising, "[30,60]", true),
        (Takes::Rising, "[30,30]", false),
        (Takes::Rising, "[]", false),
        (Takes::Rising, "[\"30\"]", false),
    ] {
        assert_eq!(takes(kind, &Json::parse(value).unwrap()), wanted, "{kind:?} {value}");
    }
}

#[test]
fn a_password_goes_through_the_published_function() {
    // RFC 7914, section 11: PBKDF2-HMAC-SHA-256 of "passwd" and "salt" once; its first 32 bytes.
    let published = "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc";
    assert_eq!(digest("passwd", "salt", 1), published);
    assert_ne!(digest("passwd", "salt", 2), published);
    assert_ne!(digest("passwd", "pepper", 1), published);
}

fn dec(text: &str) -> Dec {
    Dec::parse(text).unwrap()
}

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}
