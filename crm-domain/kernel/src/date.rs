//! Days and moments.
//!
//! A [`Date`] is a business date: a day of the Gregorian calendar without a zone. An [`Instant`] is a moment in
//! UTC, to the millisecond. Which business date an instant falls on is a question to a [`crate::zone::Zone`].
//! Both lie in the years 1 to 9999; anything outside is refused, so that every value has a text of fixed form.
//! Month steps are clamped to the last day and always start from an anchor date (`spec/commerce.md` 2.8).
//!
//! ```
//! use crm_kernel::date::{Date, DateError};
//!
//! let invoiced = Date::parse("2026-01-31")?;
//! let due: Vec<_> = (1..=3).filter_map(|months| invoiced.add_months(months)).collect();
//! assert_eq!(due, [Date::parse("2026-02-28")?, Date::parse("2026-03-31")?, Date::parse("2026-04-30")?]);
//! # Ok::<(), DateError>(())
//! ```

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, NaiveDate, Utc};

/// A day of the Gregorian calendar, 0001-01-01 to 9999-12-31. Order is by time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i32);

/// A moment in UTC with milliseconds, 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999Z. Order is by time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

/// Why a text is not a date or an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DateError {
    /// The text does not have the form.
    Syntax,
    /// The form is right, but there is no such day or time, or it lies outside the years 1 to 9999.
    OutOfRange,
    /// The instant has a part finer than a millisecond.
    Inexact,
}

impl Date {
    /// 0001-01-01.
    pub const MIN: Date = Date(-719_162);
    /// 9999-12-31.
    pub const MAX: Date = Date(2_932_896);
    /// 1970-01-01, day 0.
    pub const EPOCH: Date = Date(0);

    /// Reads `YYYY-MM-DD`, exactly ten characters.
    ///
    /// # Errors
    /// [`DateError::Syntax`] or, if there is no such day, [`DateError::OutOfRange`].
    pub fn parse(text: &str) -> Result<Date, DateError> {
        let mut reader = Reader(text.as_bytes());
        let date = reader.date()?;
        reader.end()?;
        date.ok_or(DateError::OutOfRange)
    }

    /// The day with this year (1 to 9999), month (1 to 12) and day of the month, if there is one.
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Date> {
        if !(1..=9999).contains(&year) || day == 0 || day > month_length(year, month)? {
            return None;
        }
        Date::from_days(days_of(i64::from(year), month, day))
    }

    /// The day `days` after 1970-01-01 (before it, if negative), if it is in range.
    pub fn from_days(days: i64) -> Option<Date> {
        let date = Date(i32::try_from(days).ok()?);
        (Date::MIN..=Date::MAX).contains(&date).then_some(date)
    }

    /// The day of an ISO week: year of the week, week 1 to 53, weekday 1 (Monday) to 7, if there is one.
    pub fn from_iso_week(year: i32, week: u32, weekday: u32) -> Option<Date> {
        if !(1..=9999).contains(&year) || !(1..=53).contains(&week) || !(1..=7).contains(&weekday) {
            return None;
        }
        let fourth = Date::from_ymd(year, 1, 4)?;
        let monday = fourth.days_since_epoch() - i64::from(fourth.weekday() - 1);
        let date = Date::from_days(monday + i64::from((week - 1) * 7 + weekday - 1))?;
        (date.iso_week() == (year, week)).then_some(date)
    }

    /// Days since 1970-01-01, negative before it.
    pub const fn days_since_epoch(self) -> i64 {
        self.0 as i64
    }

    /// The year, 1 to 9999.
    pub fn year(self) -> i32 {
        self.ymd().0
    }

    /// The month, 1 to 12.
    pub fn month(self) -> u32 {
        self.ymd().1
    }

    /// The day of the month, 1 to 31.
    pub fn day(self) -> u32 {
        self.ymd().2
    }

    /// Year, month and day in one step.
    pub fn ymd(self) -> (i32, u32, u32) {
        let (year, month, day) = civil_of(self.days_since_epoch());
        (i32::try_from(year).unwrap_or_default(), month, day)
    }

    /// The quarter, 1 to 4.
    pub fn quarter(self) -> u32 {
        self.month().div_ceil(3)
    }

    /// The day of the year, 1 to 366.
    pub fn day_of_year(self) -> u32 {
        u32::try_from(self.first_of_year().days_between(self)).unwrap_or_default() + 1
    }

    /// The weekday, 1 (Monday) to 7 (Sunday).
    pub fn weekday(self) -> u32 {
        // 1970-01-01 was a Thursday.
        u32::try_from((self.0 + 3).rem_euclid(7)).unwrap_or_default() + 1
    }

    /// The ISO 8601 week: the year it belongs to and its number, 1 to 53. The first days of January may belong
    /// to the year before, the last of December to the year after.
    pub fn iso_week(self) -> (i32, u32) {
        // A week belongs to the year of its Thursday; the range begins on a Monday and ends on a Friday, so the
        // Thursday of every week lies in it.
        let thursday = Date(self.0 + 4 - i32::try_from(self.weekday()).unwrap_or_default());
        (thursday.year(), (thursday.day_of_year() - 1) / 7 + 1)
    }

    /// Whether the year of the date is a leap year.
    pub fn is_leap(self) -> bool {
        is_leap(self.year())
    }

    /// The number of days of the date's month, 28 to 31.
    pub fn days_in_month(self) -> u32 {
        let (year, month, _) = self.ymd();
        month_length(year, month).unwrap_or_default()
    }

    /// The date `days` later (earlier, if negative), if it is in range.
    pub fn add_days(self, days: i64) -> Option<Date> {
        Date::from_days(self.days_since_epoch().checked_add(days)?)
    }

    /// The same day `months` later (earlier, if negative), or the last day of that month where it is shorter:
    /// 31 January and one month is 28 or 29 February. None if it is out of range.
    pub fn add_months(self, months: i64) -> Option<Date> {
        let (year, month, day) = self.ymd();
        let month = (i64::from(year) * 12 + i64::from(month) - 1).checked_add(months)?;
        let year = i32::try_from(month.div_euclid(12)).ok()?;
        let month = u32::try_from(month.rem_euclid(12)).ok()? + 1;
        Date::from_ymd(year, month, day.min(month_length(year, month)?))
    }

    /// The days from this date to `later`, negative if it is earlier.
    pub const fn days_between(self, later: Date) -> i64 {
        later.days_since_epoch() - self.days_since_epoch()
    }

    /// Monday of the date's ISO week.
    #[must_use]
    pub fn first_of_week(self) -> Date {
        Date(self.0 + 1 - i32::try_from(self.weekday()).unwrap_or_default())
    }

    /// The first day of the date's month.
    #[must_use]
    pub fn first_of_month(self) -> Date {
        let (year, month, _) = self.ymd();
        Date::from_ymd(year, month, 1).unwrap_or(self)
    }

    /// The first day of the date's quarter.
    #[must_use]
    pub fn first_of_quarter(self) -> Date {
        let (year, month, _) = self.ymd();
        Date::from_ymd(year, (month - 1) / 3 * 3 + 1, 1).unwrap_or(self)
    }

    /// 1 January of the date's year.
    #[must_use]
    pub fn first_of_year(self) -> Date {
        Date::from_ymd(self.year(), 1, 1).unwrap_or(self)
    }

    /// The last day of the date's month.
    #[must_use]
    pub fn end_of_month(self) -> Date {
        let (year, month, _) = self.ymd();
        Date::from_ymd(year, month, self.days_in_month()).unwrap_or(self)
    }
}

impl Instant {
    /// 0001-01-01T00:00:00Z.
    pub const MIN: Instant = Instant(Date::MIN.days_since_epoch() * DAY_MILLIS);
    /// 9999-12-31T23:59:59.999Z.
    pub const MAX: Instant = Instant((Date::MAX.days_since_epoch() + 1) * DAY_MILLIS - 1);
    /// 1970-01-01T00:00:00Z, millisecond 0.
    pub const EPOCH: Instant = Instant(0);

    /// Reads RFC 3339: `2026-05-31T22:30:00Z`, optionally with a fraction of the second and with any offset from
    /// UTC (`+02:00`), which is taken away. `t` and `z` may be small. Seconds go to 59: a leap second is refused.
    ///
    /// # Errors
    /// [`DateError::Syntax`] if the form is wrong; [`DateError::OutOfRange`] if there is no such day or time;
    /// [`DateError::Inexact`] if digits beyond the millisecond are not zero.
    pub fn parse(text: &str) -> Result<Instant, DateError> {
        let mut reader = Reader(text.as_bytes());
        let date = reader.date()?;
        reader.one_of(b"Tt")?;
        let hour = reader.number(2)?;
        reader.one_of(b":")?;
        let minute = reader.number(2)?;
        reader.one_of(b":")?;
        let second = reader.number(2)?;
        let millis = if reader.one_of(b".").is_ok() { reader.fraction()? } else { Ok(0) };
        let mut in_range = hour < 24 && minute < 60 && second < 60;
        let mut offset = 0;
        if reader.one_of(b"Zz").is_err() {
            let east = reader.one_of(b"+-")? == b'+';
            let hours = reader.number(2)?;
            reader.one_of(b":")?;
            let minutes = reader.number(2)?;
            in_range &= hours < 24 && minutes < 60;
            offset = i64::from(hours * 60 + minutes) * if east { 60 } else { -60 };
        }
        reader.end()?;
        let date = date.filter(|_| in_range).ok_or(DateError::OutOfRange)?;
        let seconds = i64::from((hour * 60 + minute) * 60 + second) - offset;
        let millis = date.days_since_epoch() * DAY_MILLIS + seconds * 1000 + millis?;
        Instant::from_millis(millis).ok_or(DateError::OutOfRange)
    }

    /// The moment `millis` milliseconds after 1970-01-01T00:00:00Z (before it, if negative), if it is in range.
    pub fn from_millis(millis: i64) -> Option<Instant> {
        let instant = Instant(millis);
        (Instant::MIN..=Instant::MAX).contains(&instant).then_some(instant)
    }

    /// Milliseconds since 1970-01-01T00:00:00Z, negative before it.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// The moment `millis` milliseconds later (earlier, if negative), if it is in range.
    pub fn add_millis(self, millis: i64) -> Option<Instant> {
        Instant::from_millis(self.0.checked_add(millis)?)
    }

    /// The milliseconds from this moment to `later`, negative if it is earlier.
    pub const fn millis_between(self, later: Instant) -> i64 {
        later.0 - self.0
    }

    /// The day this moment falls on in UTC.
    pub fn utc_date(self) -> Date {
        // INVARIANT: the range of instants is that of dates.
        Date::from_days(self.0.div_euclid(DAY_MILLIS)).unwrap_or(Date::EPOCH)
    }
}

impl fmt::Display for Date {
    /// `YYYY-MM-DD`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        let year = year.unsigned_abs();
        for part in [two(year / 100), two(year % 100), "-", two(month), "-", two(day)] {
            f.write_str(part)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Date {
    type Err = DateError;

    /// As [`Date::parse`].
    fn from_str(text: &str) -> Result<Date, DateError> {
        Date::parse(text)
    }
}

impl fmt::Display for Instant {
    /// `YYYY-MM-DDTHH:MM:SSZ`, with `.mmm` before the `Z` where the milliseconds are not zero.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = self.0.rem_euclid(DAY_MILLIS);
        let (seconds, millis) = (millis / 1000, millis % 1000);
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        write!(f, "{}T{hour:02}:{minute:02}:{second:02}", self.utc_date())?;
        if millis != 0 {
            write!(f, ".{millis:03}")?;
        }
        f.write_str("Z")
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Instant {
    type Err = DateError;

    /// As [`Instant::parse`].
    fn from_str(text: &str) -> Result<Instant, DateError> {
        Instant::parse(text)
    }
}

impl From<Date> for NaiveDate {
    fn from(date: Date) -> NaiveDate {
        // INVARIANT: the other range is wider, so the default (day 0) never stands here.
        let (year, month, day) = date.ymd();
        NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
    }
}

impl TryFrom<NaiveDate> for Date {
    type Error = DateError;

    /// # Errors
    /// [`DateError::OutOfRange`] outside the years 1 to 9999.
    fn try_from(date: NaiveDate) -> Result<Date, DateError> {
        Date::from_ymd(date.year(), date.month(), date.day()).ok_or(DateError::OutOfRange)
    }
}

impl From<Instant> for DateTime<Utc> {
    fn from(instant: Instant) -> DateTime<Utc> {
        // INVARIANT: the other range is wider, so the default (millisecond 0) never stands here.
        DateTime::from_timestamp_millis(instant.0).unwrap_or_default()
    }
}

impl TryFrom<DateTime<Utc>> for Instant {
    type Error = DateError;

    /// # Errors
    /// [`DateError::OutOfRange`] outside the years 1 to 9999; [`DateError::Inexact`] if it is finer than a
    /// millisecond.
    fn try_from(value: DateTime<Utc>) -> Result<Instant, DateError> {
        if !value.timestamp_subsec_nanos().is_multiple_of(1_000_000) {
            return Err(DateError::Inexact);
        }
        Instant::from_millis(value.timestamp_millis()).ok_or(DateError::OutOfRange)
    }
}

impl fmt::Display for DateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DateError::Syntax => "not a date or time of the form wanted",
            DateError::OutOfRange => "no such date or time",
            DateError::Inexact => "time finer than a millisecond",
        })
    }
}

impl std::error::Error for DateError {}

/// A number below 100 as two digits.
fn two(number: u32) -> &'static str {
    const PAIRS: &str = "0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849\
                         5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899";
    let at = number as usize * 2;
    PAIRS.get(at..at + 2).unwrap_or("00")
}

/// Milliseconds of a day.
pub(crate) const DAY_MILLIS: i64 = 86_400_000;

/// Days from 1970-01-01 to a day of the Gregorian calendar, for any year that far from the ends of 64 bits.
/// The day may exceed the month: it runs on.
pub(crate) fn days_of(year: i64, month: u32, day: u32) -> i64 {
    // Years begin in March here, so that the leap day is the last; the months then follow one straight line.
    let year = if month <= 2 { year - 1 } else { year };
    let month = (i64::from(month) + 9) % 12;
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * month + 2) / 5 + i64::from(day) - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Year, month and day from days since 1970-01-01: [`days_of`] backwards.
pub(crate) fn civil_of(days: i64) -> (i64, u32, u32) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = era * 400 + year + i64::from(month <= 2);
    (year, u32::try_from(month).unwrap_or_default(), u32::try_from(day).unwrap_or_default())
}

/// Days of a month, 28 to 31, if there is such a month.
pub(crate) fn month_length(year: i32, month: u32) -> Option<u32> {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 => Some(if is_leap(year) { 29 } else { 28 }),
        _ => None,
    }
}

pub(crate) fn is_leap(year: i32) -> bool {
    (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
}

/// Reads fixed forms from the front of a text.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    /// `YYYY-MM-DD`; none inside if there is no such day.
    fn date(&mut self) -> Result<Option<Date>, DateError> {
        let year = self.number(4)?;
        self.one_of(b"-")?;
        let month = self.number(2)?;
        self.one_of(b"-")?;
        let day = self.number(2)?;
        Ok(i32::try_from(year).ok().and_then(|year| Date::from_ymd(year, month, day)))
    }

    /// Exactly so many digits.
    fn number(&mut self, digits: u32) -> Result<u32, DateError> {
        let mut number = 0;
        for _ in 0..digits {
            number = number * 10 + u32::from(self.one_of(b"0123456789")? - b'0');
        }
        Ok(number)
    }

    /// Digits of a second as milliseconds; an error inside if they are finer.
    fn fraction(&mut self) -> Result<Result<i64, DateError>, DateError> {
        let mut millis = Ok(0);
        let mut unit = 1000;
        while let Ok(digit) = self.one_of(b"0123456789") {
            unit /= 10;
            if unit > 0 {
                millis = millis.map(|sum| sum + unit * i64::from(digit - b'0'));
            } else if digit != b'0' {
                millis = Err(DateError::Inexact);
            }
        }
        if unit == 1000 { Err(DateError::Syntax) } else { Ok(millis) }
    }

    fn one_of(&mut self, wanted: &[u8]) -> Result<u8, DateError> {
        match self.0 {
            [first, rest @ ..] if wanted.contains(first) => {
                self.0 = rest;
                Ok(*first)
            }
            _ => Err(DateError::Syntax),
        }
    }

    fn end(&self) -> Result<(), DateError> {
        if self.0.is_empty() { Ok(()) } else { Err(DateError::Syntax) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn date(text: &str) -> Date {
        Date::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn dates_are_read_strictly() {
        for text in ["0001-01-01", "1970-01-01", "2024-02-29", "2026-05-31", "9999-12-31"] {
            assert_eq!(date(text).to_string(), text);
        }
        assert_eq!(date("0001-01-01"), Date::MIN);
        assert_eq!(date("9999-12-31"), Date::MAX);
        assert_eq!(date("1970-01-01"), Date::EPOCH);
        for text in
            ["", "2026", "2026-5-31", "2026-05-31 ", " 2026-05-31", "20260531", "2026/05/31", "-026-05-31"]
        {
            assert_eq!(Date::parse(text), Err(DateError::Syntax), "{text:?}");
        }
        for text in
            ["10000-01-01", "2026-05-3\u{0661}", "2026-05-31T00:00:00Z", "+2026-05-31", "2026-05-31\0"]
        {
            assert_eq!(Date::parse(text), Err(DateError::Syntax), "{text:?}");
        }
        for text in
            ["0000-12-31", "2026-00-01", "2026-13-01", "2026-01-00", "2026-04-31", "2023-02-29", "1900-02-29"]
        {
            assert_eq!(Date::parse(text), Err(DateError::OutOfRange), "{text:?}");
        }
    }

    #[test]
    fn every_day_is_that_of_the_other_calendar() {
        let mut theirs = NaiveDate::from_ymd_opt(1, 1, 1).unwrap();
        for days in Date::MIN.days_since_epoch()..=Date::MAX.days_since_epoch() {
            let ours = Date::from_days(days).unwrap();
            let wanted = (theirs.year(), theirs.month(), theirs.day());
            assert_eq!(ours.ymd(), wanted);
            assert_eq!(Date::from_ymd(wanted.0, wanted.1, wanted.2), Some(ours));
            assert_eq!(ours.weekday(), theirs.weekday().number_from_monday(), "{ours}");
            let week = theirs.iso_week();
            assert_eq!(ours.iso_week(), (week.year(), week.week()), "{ours}");
            theirs = theirs.succ_opt().unwrap();
        }
        assert_eq!(theirs.year(), 10_000);
        assert_eq!(Date::from_days(Date::MIN.days_since_epoch() - 1), None);
        assert_eq!(Date::from_days(Date::MAX.days_since_epoch() + 1), None);
        assert_eq!(Date::from_days(i64::MIN), None);
        assert_eq!(Date::from_days(i64::MAX), None);
    }

    #[test]
    fn iso_weeks_at_the_turn_of_the_year() {
        for (text, year, week, weekday) in [
            ("2024-12-30", 2025, 1, 1),
            ("2026-01-01", 2026, 1, 4),
            ("2026-12-31", 2026, 53, 4),
            ("2027-01-03", 2026, 53, 7),
            ("2027-01-04", 2027, 1, 1),
            ("0001-01-01", 1, 1, 1),
            ("9999-12-31", 9999, 52, 5),
        ] {
            let date = date(text);
            assert_eq!((date.iso_week(), date.weekday()), ((year, week), weekday), "{text}");
            assert_eq!(Date::from_iso_week(year, week, weekday), Some(date), "{text}");
        }
        for (year, week, weekday) in
            [(2025, 53, 1), (2026, 54, 1), (2026, 0, 1), (2026, 1, 0), (2026, 1, 8), (0, 1, 1), (9999, 52, 6)]
        {
            assert_eq!(Date::from_iso_week(year, week, weekday), None, "{year} {week} {weekday}");
        }
    }

    #[test]
    fn month_steps_are_clamped() {
        for (text, months, wanted) in [
            ("2026-01-31", 1, "2026-02-28"),
            ("2024-01-31", 1, "2024-02-29"),
            ("2026-01-31", 2, "2026-03-31"),
            ("2026-03-31", -1, "2026-02-28"),
            ("2026-01-15", -1, "2025-12-15"),
            ("2024-02-29", 12, "2025-02-28"),
            ("2024-02-29", -48, "2020-02-29"),
            ("2026-05-31", 0, "2026-05-31"),
            ("9999-11-30", 1, "9999-12-30"),
        ] {
            assert_eq!(date(text).add_months(months), Some(date(wanted)), "{text} and {months} months");
        }
        assert_eq!(date("9999-12-01").add_months(1), None);
        assert_eq!(date("0001-01-31").add_months(-1), None);
        assert_eq!(Date::EPOCH.add_months(i64::MAX), None);
        assert_eq!(Date::EPOCH.add_months(i64::MIN), None);
        assert_eq!(Date::MAX.add_days(1), None);
        assert_eq!(Date::MIN.add_days(i64::MIN), None);
    }

    #[test]
    fn due_dates_of_the_specification() {
        // `spec/commerce.md`, vectors terms-01, terms-04 and terms-06.
        for text in ["2019-01-01", "2019-01-15", "2019-01-31"] {
            assert_eq!(date(text).end_of_month().add_days(45), Some(date("2019-03-17")));
        }
        let sold = date("2021-09-13");
        assert_eq!(sold.end_of_month().add_days(45), Some(date("2021-11-14")));
        assert_eq!(sold.add_days(45).map(Date::end_of_month), Some(date("2021-10-31")));
        let month_later = date("2025-02-10").end_of_month().add_months(1).map(Date::end_of_month);
        assert_eq!(month_later, Some(date("2025-03-31")));
    }

    #[test]
    fn periods() {
        let day = date("2024-08-15");
        assert_eq!((day.year(), day.month(), day.day()), (2024, 8, 15));
        assert_eq!((day.quarter(), day.day_of_year(), day.weekday()), (3, 228, 4));
        assert_eq!(day.first_of_week(), date("2024-08-12"));
        assert_eq!(day.first_of_month(), date("2024-08-01"));
        assert_eq!(day.first_of_quarter(), date("2024-07-01"));
        assert_eq!(day.first_of_year(), date("2024-01-01"));
        assert_eq!(day.end_of_month(), date("2024-08-31"));
        assert_eq!(day.days_between(date("2024-08-31")), 16);
        assert!(day.is_leap() && !date("1900-01-01").is_leap() && date("2000-01-01").is_leap());
        assert_eq!(date("2024-02-01").days_in_month(), 29);
        let quarters: Vec<u32> =
            (1..=12).filter_map(|month| Date::from_ymd(2026, month, 1)).map(Date::quarter).collect();
        assert_eq!(quarters, [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]);
    }

    #[test]
    fn instants_are_read_and_written_canonically() {
        for (text, canonical) in [
            ("2026-05-31T22:30:00Z", "2026-05-31T22:30:00Z"),
            ("2026-05-31T22:30:00.000Z", "2026-05-31T22:30:00Z"),
            ("2026-05-31T22:30:00.5Z", "2026-05-31T22:30:00.500Z"),
            ("2026-05-31t22:30:00.050z", "2026-05-31T22:30:00.050Z"),
            ("2026-05-31T22:30:00.123000000Z", "2026-05-31T22:30:00.123Z"),
            ("2026-06-01T00:30:00+02:00", "2026-05-31T22:30:00Z"),
            ("2026-05-31T17:00:00-05:30", "2026-05-31T22:30:00Z"),
            ("2026-05-31T22:30:00-00:00", "2026-05-31T22:30:00Z"),
            ("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"),
            ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
            ("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"),
        ] {
            let instant = Instant::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(instant.to_string(), canonical, "{text}");
            assert_eq!(Instant::parse(canonical), Ok(instant), "{text}");
        }
        for text in [
            "",
            "2026-05-31",
            "2026-05-31T22:30Z",
            "2026-05-31 22:30:00Z",
            "2026-05-31T22:30:00",
            "2026-05-31T22:30:00.Z",
            "2026-05-31T22:30:00+0200",
            "2026-05-31T22:30:00+02",
            "2026-05-31T22:30:00ZZ",
            "2026-05-31T22:30:00,5Z",
            "2026-05-31T2:30:00Z",
        ] {
            assert_eq!(Instant::parse(text), Err(DateError::Syntax), "{text:?}");
        }
        for text in [
            "2026-02-30T00:00:00Z",
            "2026-05-31T24:00:00Z",
            "2026-05-31T22:60:00Z",
            "2026-06-30T23:59:60Z",
            "2026-05-31T22:30:00+24:00",
            "2026-05-31T22:30:00+02:60",
            "0001-01-01T00:00:00+00:01",
            "9999-12-31T23:59:59-00:01",
            "0000-01-01T00:00:00Z",
        ] {
            assert_eq!(Instant::parse(text), Err(DateError::OutOfRange), "{text:?}");
        }
        assert_eq!(Instant::parse("2026-05-31T22:30:00.0001Z"), Err(DateError::Inexact));
        assert_eq!(Instant::from_millis(Instant::MIN.millis() - 1), None);
        assert_eq!(Instant::from_millis(Instant::MAX.millis() + 1), None);
        assert_eq!(Instant::MAX.add_millis(1), None);
        assert_eq!(Instant::EPOCH.add_millis(i64::MIN), None);
        assert_eq!(Instant::EPOCH.millis_between(Instant(5)), 5);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn dates_round_trip(days in Date::MIN.0..=Date::MAX.0) {
            let date = Date(days);
            prop_assert_eq!(Date::parse(&date.to_string()), Ok(date));
            prop_assert_eq!(Date::try_from(NaiveDate::from(date)), Ok(date));
            let (year, week) = date.iso_week();
            prop_assert_eq!(Date::from_iso_week(year, week, date.weekday()), Some(date));
            prop_assert_eq!(date.first_of_month().days_between(date.end_of_month()) + 1, i64::from(date.days_in_month()));
            prop_assert!(date.first_of_year() <= date.first_of_quarter() && date.first_of_quarter() <= date.first_of_month());
            prop_assert_eq!(date.first_of_week().weekday(), 1);
            prop_assert!((0..7).contains(&date.first_of_week().days_between(date)));
        }

        #[test]
        fn month_steps_agree(days in Date::MIN.0..=Date::MAX.0, months in -1200_i32..1200) {
            let date = Date(days);
            let span = chrono::Months::new(months.unsigned_abs());
            let theirs = NaiveDate::from(date);
            let theirs = if months < 0 { theirs.checked_sub_months(span) } else { theirs.checked_add_months(span) };
            let wanted = theirs.and_then(|theirs| Date::try_from(theirs).ok());
            prop_assert_eq!(date.add_months(i64::from(months)), wanted);
        }

        #[test]
        fn instants_round_trip(millis in Instant::MIN.0..=Instant::MAX.0) {
            let instant = Instant(millis);
            prop_assert_eq!(Instant::parse(&instant.to_string()), Ok(instant));
            let theirs = DateTime::<Utc>::from(instant);
            prop_assert_eq!(Date::try_from(theirs.date_naive()), Ok(instant.utc_date()));
            prop_assert_eq!(Instant::try_from(theirs), Ok(instant));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "[0-9]{0,5}-?[0-9]{2}-[0-9]{2}[Tt ]?[0-9:.]{0,12}[Z+-]?[0-9:]{0,6}") {
            if let Ok(date) = Date::parse(&text) {
                prop_assert_eq!(date.to_string(), text);
            } else if let Ok(instant) = Instant::parse(&text) {
                prop_assert_eq!(Instant::parse(&instant.to_string()), Ok(instant));
            }
        }
    }
}
