//! Zones: which local day and time an instant is, by rules that are data.
//!
//! A rule is a POSIX `TZ` text: `CET-1CEST,M3.5.0,M10.5.0/3` says one hour east of UTC, and one hour more from
//! the last Sunday of March to the last of October. One rule holds for all years: what a country did before its
//! present rule is not known here. [`builtin`] lists the present rules of well-known zones; a host may bring
//! others, and every door uses the same table.
//!
//! Words: an offset is east of UTC and in seconds (the text counts west, as POSIX does). A gap is local time
//! that does not exist since the hour is skipped; a double one comes twice.
//!
//! ```
//! use crm_kernel::date::{Date, Instant};
//! use crm_kernel::zone::Zone;
//!
//! let paris = Zone::named("Europe/Paris").unwrap();
//! let late = Instant::parse("2026-05-31T22:30:00Z").unwrap();
//! assert_eq!(paris.local_date(late), Date::from_ymd(2026, 6, 1).unwrap());
//! ```

use std::fmt;

use crate::date::{self, Date, Instant};

/// A zone: a name and the rule by which its local time follows from UTC.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Zone {
    name: String,
    posix: String,
    rule: Rule,
}

/// What a local time is in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LocalTime {
    /// The ordinary case: one instant.
    Single(Instant),
    /// There is no such local time: it is skipped.
    Gap {
        /// The instant of the change, when local time goes on behind the gap.
        resumes: Instant,
    },
    /// The local time comes twice.
    Double {
        /// The first time, before the change.
        earlier: Instant,
        /// The second time, after it.
        later: Instant,
    },
}

/// Why a text is not the rule of a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ZoneError {
    /// The text does not have the form of a POSIX zone, or has a summer time without its rule.
    Syntax,
    /// The form is right, but a number is outside its range.
    OutOfRange,
}

impl Zone {
    /// UTC.
    pub fn utc() -> Zone {
        Zone { name: "UTC".to_owned(), posix: "UTC0".to_owned(), rule: Rule { standard: 0, summer: None } }
    }

    /// The built-in zone with this name, such as `Europe/Paris`, if there is one. See [`builtin`].
    pub fn named(name: &str) -> Option<Zone> {
        let at = BUILTIN.binary_search_by(|(known, _)| known.cmp(&name)).ok()?;
        let (name, posix) = BUILTIN.get(at)?;
        Zone::parse(name, posix).ok()
    }

    /// The zone `name` with the rule of a POSIX `TZ` text: `CST-8`, `EST5EDT,M3.2.0,M11.1.0`,
    /// `<-03>3`, and the day forms `Jn` (1 to 365, never 29 February) and `n` (0 to 365). Times of change may be
    /// negative or beyond the day, from -167 to 167 hours.
    ///
    /// # Errors
    /// [`ZoneError::Syntax`], also for a summer time without the days of change; [`ZoneError::OutOfRange`].
    pub fn parse(name: &str, posix: &str) -> Result<Zone, ZoneError> {
        let mut reader = Reader(posix.as_bytes());
        let rule = reader.rule()?;
        if !reader.0.is_empty() {
            return Err(ZoneError::Syntax);
        }
        Ok(Zone { name: name.to_owned(), posix: posix.to_owned(), rule })
    }

    /// The name, such as `Europe/Paris`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The rule as it was given, a POSIX `TZ` text.
    pub fn posix(&self) -> &str {
        &self.posix
    }

    /// The offset of local time from UTC at an instant, in seconds, positive east of Greenwich.
    pub fn offset_seconds_at(&self, instant: Instant) -> i32 {
        self.rule.offset_at(instant.millis().div_euclid(1000))
    }

    /// The local day of an instant. At the very ends of the calendar it is the first or last day there is.
    pub fn local_date(&self, instant: Instant) -> Date {
        self.local_date_time(instant).0
    }

    /// The local day of an instant and the second of that day, 0 to 86399.
    pub fn local_date_time(&self, instant: Instant) -> (Date, u32) {
        let local = instant.millis().div_euclid(1000) + i64::from(self.offset_seconds_at(instant));
        let second = u32::try_from(local.rem_euclid(DAY)).unwrap_or_default();
        let end = if local < 0 { Date::MIN } else { Date::MAX };
        (Date::from_days(local.div_euclid(DAY)).unwrap_or(end), second)
    }

    /// The instant at which this zone shows `date` and `hour` (0 to 23) and `minute` (0 to 59). None if there is
    /// no such hour or minute, or the instant is outside the years 1 to 9999.
    pub fn local_to_instant(&self, date: Date, hour: u32, minute: u32) -> Option<LocalTime> {
        if hour > 23 || minute > 59 {
            return None;
        }
        let local = date.days_since_epoch() * DAY + i64::from(hour) * 3600 + i64::from(minute) * 60;
        let standard = local - i64::from(self.rule.standard);
        let summer = match &self.rule.summer {
            Some(summer) => local - i64::from(summer.offset),
            None => return Some(LocalTime::Single(instant(standard)?)),
        };
        // Each offset gives one candidate; it counts if the offset does hold then.
        let (earlier, later) = (standard.min(summer), standard.max(summer));
        let holds = |seconds: i64| seconds + i64::from(self.rule.offset_at(seconds)) == local;
        Some(match (holds(earlier), holds(later)) {
            (true, true) if earlier != later => {
                LocalTime::Double { earlier: instant(earlier)?, later: instant(later)? }
            }
            (true, _) => LocalTime::Single(instant(earlier)?),
            (false, true) => LocalTime::Single(instant(later)?),
            (false, false) => LocalTime::Gap { resumes: instant(self.rule.change_within(earlier, later)?)? },
        })
    }

    /// The first instant of a local day: midnight, or where that is skipped the instant the day begins with. None
    /// outside the years 1 to 9999.
    pub fn day_start(&self, date: Date) -> Option<Instant> {
        self.local_to_instant(date, 0, 0).map(LocalTime::first)
    }
}

impl LocalTime {
    /// One instant for a local time: the only one, the first of two, or the end of the gap.
    pub fn first(self) -> Instant {
        match self {
            LocalTime::Single(instant) => instant,
            LocalTime::Gap { resumes } => resumes,
            LocalTime::Double { earlier, .. } => earlier,
        }
    }

    /// One instant for a local time: the only one, the second of two, or the end of the gap.
    pub fn last(self) -> Instant {
        match self {
            LocalTime::Single(instant) => instant,
            LocalTime::Gap { resumes } => resumes,
            LocalTime::Double { later, .. } => later,
        }
    }
}

/// The built-in zones: name of the IANA data base and its present rule, by name.
pub fn builtin() -> &'static [(&'static str, &'static str)] {
    &BUILTIN
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({} {})", self.name, self.posix)
    }
}

impl fmt::Display for ZoneError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ZoneError::Syntax => "not the rule of a zone",
            ZoneError::OutOfRange => "number out of range in the rule of a zone",
        })
    }
}

impl std::error::Error for ZoneError {}

/// Seconds of a day.
const DAY: i64 = 86_400;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Rule {
    /// Seconds east of UTC.
    standard: i32,
    summer: Option<Summer>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Summer {
    /// Seconds east of UTC.
    offset: i32,
    begins: YearlyChange,
    ends: YearlyChange,
}

/// When in a year a change comes, in the local time before it.
#[derive(Clone, PartialEq, Eq, Hash)]
struct YearlyChange {
    day: ChangeDay,
    /// Seconds after the midnight the day begins with.
    second: i32,
}

#[derive(Clone, PartialEq, Eq, Hash)]
enum ChangeDay {
    /// `Mm.w.d`: month 1 to 12, week 1 to 5 (5 is the last), weekday 0 (Sunday) to 6.
    Weekday { month: u32, week: u32, weekday: u32 },
    /// `Jn`: 1 to 365, 29 February is never counted.
    NoLeapDay(u32),
    /// `n`: 0 to 365, 29 February is counted.
    Numbered(u32),
}

/// A change of one year. Order is by time; at the same instant the end of a summer comes before the begin of
/// the next, so that a summer without end is one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Change {
    /// Seconds of UTC since 1970.
    at: i64,
    to_summer: bool,
}

impl Rule {
    /// The offset at so many seconds of UTC: the last change that is not later decides.
    fn offset_at(&self, seconds: i64) -> i32 {
        match &self.summer {
            Some(summer) => {
                match self.changes_about(summer, seconds).filter(|change| change.at <= seconds).max() {
                    Some(Change { to_summer: true, .. }) => summer.offset,
                    _ => self.standard,
                }
            }
            None => self.standard,
        }
    }

    /// The change after `earlier` and not after `later`, all in seconds of UTC.
    fn change_within(&self, earlier: i64, later: i64) -> Option<i64> {
        let mut changes = self.changes_about(self.summer.as_ref()?, later);
        changes.find(|change| earlier < change.at && change.at <= later).map(|change| change.at)
    }

    /// The changes of the year and of its neighbours: times of change may reach beyond their day and year.
    fn changes_about(&self, summer: &Summer, seconds: i64) -> impl Iterator<Item = Change> {
        let (year, ..) = date::civil_of(seconds.div_euclid(DAY));
        let at = |year: i64, change: &YearlyChange, before: i32| {
            change.day.days(year) * DAY + i64::from(change.second) - i64::from(before)
        };
        (year - 1..=year + 1).flat_map(move |year| {
            [
                Change { at: at(year, &summer.begins, self.standard), to_summer: true },
                Change { at: at(year, &summer.ends, summer.offset), to_summer: false },
            ]
        })
    }
}

impl ChangeDay {
    /// Days since 1970-01-01.
    fn days(&self, year: i64) -> i64 {
        match *self {
            ChangeDay::Weekday { month, week, weekday } => {
                let first = date::days_of(year, month, 1);
                // 1970-01-01 was a Thursday: Sunday is 0.
                let ahead = (i64::from(weekday) - (first + 4)).rem_euclid(7);
                let day = ahead + i64::from(week - 1) * 7;
                let year = i32::try_from(year).unwrap_or_default();
                let length = i64::from(date::month_length(year, month).unwrap_or(31));
                first + if day < length { day } else { day - 7 }
            }
            // Counted in a year without 29 February, so from 1 March on by the calendar.
            ChangeDay::NoLeapDay(day) if day > 59 => date::days_of(year, 3, 1) + i64::from(day - 60),
            ChangeDay::NoLeapDay(day) => date::days_of(year, 1, 1) + i64::from(day) - 1,
            ChangeDay::Numbered(day) => date::days_of(year, 1, 1) + i64::from(day),
        }
    }
}

fn instant(seconds: i64) -> Option<Instant> {
    Instant::from_millis(seconds.checked_mul(1000)?)
}

/// Reads a rule from the front of a text.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn rule(&mut self) -> Result<Rule, ZoneError> {
        self.abbreviation()?;
        let standard = -self.time(24)?;
        if self.0.is_empty() {
            return Ok(Rule { standard, summer: None });
        }
        self.abbreviation()?;
        let offset = if self.0.starts_with(b",") { standard + 3600 } else { -self.time(24)? };
        self.expect(b',')?;
        let begins = self.yearly_change()?;
        self.expect(b',')?;
        let ends = self.yearly_change()?;
        Ok(Rule { standard, summer: Some(Summer { offset, begins, ends }) })
    }

    /// At least three letters, or letters, digits and signs in angle brackets.
    fn abbreviation(&mut self) -> Result<(), ZoneError> {
        let quoted = self.take(b'<');
        let fits = |byte: &u8| {
            byte.is_ascii_alphabetic() || quoted && (byte.is_ascii_digit() || b"+-".contains(byte))
        };
        let mut length = 0;
        while let [first, rest @ ..] = self.0
            && fits(first)
        {
            self.0 = rest;
            length += 1;
        }
        if length < 3 || (quoted && !self.take(b'>')) { Err(ZoneError::Syntax) } else { Ok(()) }
    }

    /// `[+-]h[h[h]][:mm[:ss]]` in seconds.
    fn time(&mut self, hours_max: u32) -> Result<i32, ZoneError> {
        let negative = self.take(b'-');
        if !negative {
            self.take(b'+');
        }
        let hours = self.number(0, hours_max)?;
        let minutes = if self.take(b':') { self.number(0, 59)? } else { 0 };
        let seconds = if self.take(b':') { self.number(0, 59)? } else { 0 };
        let time = i32::try_from((hours * 60 + minutes) * 60 + seconds).map_err(|_| ZoneError::OutOfRange)?;
        Ok(if negative { -time } else { time })
    }

    fn yearly_change(&mut self) -> Result<YearlyChange, ZoneError> {
        let day = if self.take(b'M') {
            let month = self.number(1, 12)?;
            self.expect(b'.')?;
            let week = self.number(1, 5)?;
            self.expect(b'.')?;
            ChangeDay::Weekday { month, week, weekday: self.number(0, 6)? }
        } else if self.take(b'J') {
            ChangeDay::NoLeapDay(self.number(1, 365)?)
        } else {
            ChangeDay::Numbered(self.number(0, 365)?)
        };
        let second = if self.take(b'/') { self.time(167)? } else { 2 * 3600 };
        Ok(YearlyChange { day, second })
    }

    /// One to three digits.
    fn number(&mut self, min: u32, max: u32) -> Result<u32, ZoneError> {
        let mut number = 0;
        let mut length = 0;
        while let [first @ b'0'..=b'9', rest @ ..] = self.0 {
            number = number * 10 + u32::from(first - b'0');
            length += 1;
            if length > 3 {
                return Err(ZoneError::OutOfRange);
            }
            self.0 = rest;
        }
        match (length, number) {
            (0, _) => Err(ZoneError::Syntax),
            (_, number) if (min..=max).contains(&number) => Ok(number),
            _ => Err(ZoneError::OutOfRange),
        }
    }

    fn take(&mut self, wanted: u8) -> bool {
        match self.0 {
            [first, rest @ ..] if *first == wanted => {
                self.0 = rest;
                true
            }
            _ => false,
        }
    }

    fn expect(&mut self, wanted: u8) -> Result<(), ZoneError> {
        if self.take(wanted) { Ok(()) } else { Err(ZoneError::Syntax) }
    }
}

/// Present rules of the IANA data base, release 2025b. Zones that no yearly rule describes are not here (Morocco
/// changes with Ramadan).
static BUILTIN: [(&str, &str); 107] = [
    ("Africa/Abidjan", "GMT0"),
    ("Africa/Accra", "GMT0"),
    ("Africa/Algiers", "CET-1"),
    ("Africa/Cairo", "EET-2EEST,M4.5.5/0,M10.5.4/24"),
    ("Africa/Johannesburg", "SAST-2"),
    ("Africa/Lagos", "WAT-1"),
    ("Africa/Nairobi", "EAT-3"),
    ("Africa/Tunis", "CET-1"),
    ("America/Anchorage", "AKST9AKDT,M3.2.0,M11.1.0"),
    ("America/Argentina/Buenos_Aires", "<-03>3"),
    ("America/Bogota", "<-05>5"),
    ("America/Caracas", "<-04>4"),
    ("America/Chicago", "CST6CDT,M3.2.0,M11.1.0"),
    ("America/Denver", "MST7MDT,M3.2.0,M11.1.0"),
    ("America/Halifax", "AST4ADT,M3.2.0,M11.1.0"),
    ("America/Havana", "CST5CDT,M3.2.0/0,M11.1.0/1"),
    ("America/Lima", "<-05>5"),
    ("America/Los_Angeles", "PST8PDT,M3.2.0,M11.1.0"),
    ("America/Mexico_City", "CST6"),
    ("America/Montevideo", "<-03>3"),
    ("America/New_York", "EST5EDT,M3.2.0,M11.1.0"),
    ("America/Panama", "EST5"),
    ("America/Phoenix", "MST7"),
    ("America/Puerto_Rico", "AST4"),
    ("America/Santiago", "<-04>4<-03>,M9.1.6/24,M4.1.6/24"),
    ("America/Sao_Paulo", "<-03>3"),
    ("America/St_Johns", "NST3:30NDT,M3.2.0,M11.1.0"),
    ("America/Toronto", "EST5EDT,M3.2.0,M11.1.0"),
    ("America/Vancouver", "PST8PDT,M3.2.0,M11.1.0"),
    ("Asia/Almaty", "<+05>-5"),
    ("Asia/Baghdad", "<+03>-3"),
    ("Asia/Bangkok", "<+07>-7"),
    ("Asia/Beirut", "EET-2EEST,M3.5.0/0,M10.5.0/0"),
    ("Asia/Colombo", "<+0530>-5:30"),
    ("Asia/Dhaka", "<+06>-6"),
    ("Asia/Dubai", "<+04>-4"),
    ("Asia/Ho_Chi_Minh", "<+07>-7"),
    ("Asia/Hong_Kong", "HKT-8"),
    ("Asia/Jakarta", "WIB-7"),
    ("Asia/Jerusalem", "IST-2IDT,M3.4.4/26,M10.5.0"),
    ("Asia/Kabul", "<+0430>-4:30"),
    ("Asia/Karachi", "PKT-5"),
    ("Asia/Kathmandu", "<+0545>-5:45"),
    ("Asia/Kolkata", "IST-5:30"),
    ("Asia/Kuala_Lumpur", "<+08>-8"),
    ("Asia/Kuwait", "<+03>-3"),
    ("Asia/Macau", "CST-8"),
    ("Asia/Manila", "PST-8"),
    ("Asia/Qatar", "<+03>-3"),
    ("Asia/Riyadh", "<+03>-3"),
    ("Asia/Seoul", "KST-9"),
    ("Asia/Shanghai", "CST-8"),
    ("Asia/Singapore", "<+08>-8"),
    ("Asia/Taipei", "CST-8"),
    ("Asia/Tashkent", "<+05>-5"),
    ("Asia/Tehran", "<+0330>-3:30"),
    ("Asia/Tokyo", "JST-9"),
    ("Asia/Ulaanbaatar", "<+08>-8"),
    ("Asia/Urumqi", "<+06>-6"),
    ("Asia/Vladivostok", "<+10>-10"),
    ("Asia/Yangon", "<+0630>-6:30"),
    ("Atlantic/Azores", "<-01>1<+00>,M3.5.0/0,M10.5.0/1"),
    ("Atlantic/Reykjavik", "GMT0"),
    ("Australia/Adelaide", "ACST-9:30ACDT,M10.1.0,M4.1.0/3"),
    ("Australia/Brisbane", "AEST-10"),
    ("Australia/Darwin", "ACST-9:30"),
    ("Australia/Hobart", "AEST-10AEDT,M10.1.0,M4.1.0/3"),
    ("Australia/Melbourne", "AEST-10AEDT,M10.1.0,M4.1.0/3"),
    ("Australia/Perth", "AWST-8"),
    ("Australia/Sydney", "AEST-10AEDT,M10.1.0,M4.1.0/3"),
    ("Europe/Amsterdam", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Europe/Athens", "EET-2EEST,M3.5.0/3,M10.5.0/4"),
    ("Europe/Belgrade", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Europe/Berlin", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Europe/Brussels", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Europe/Bucharest", "EET-2EEST,M3.5.0/3,M10.5.0/4"),
    ("Europe/Budapest", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Europe/Copenhagen", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Europe/Dublin", "IST-1GMT0,M10.5.0,M3.5.0/1"),
    ("Europe/Helsinki", "EET-2EEST,M3.5.0/3,M10.5.0/4"),
    ("Europe/Istanbul", "<+03>-3"),
    ("Europe/Kyiv", "EET-2EEST,M3.5.0/3,M10.5.0/4"),
    ("Europe/Lisbon", "WET0WEST,M3.5.0/1,M10.5.0"),
    ("Europe/London", "GMT0BST,M3.5.0/1,M10.5.0"),
    ("Europe/Luxembourg", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Europe/Madrid", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Europe/Minsk", "<+03>-3"),
    ("Europe/Moscow", "MSK-3"),
    ("Europe/Oslo", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Europe/Paris", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Europe/Prague", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Europe/Riga", "EET-2EEST,M3.5.0/3,M10.5.0/4"),
    ("Europe/Rome", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Europe/Sofia", "EET-2EEST,M3.5.0/3,M10.5.0/4"),
    ("Europe/Stockholm", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Europe/Tallinn", "EET-2EEST,M3.5.0/3,M10.5.0/4"),
    ("Europe/Vienna", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Europe/Vilnius", "EET-2EEST,M3.5.0/3,M10.5.0/4"),
    ("Europe/Warsaw", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Europe/Zagreb", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Europe/Zurich", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Pacific/Auckland", "NZST-12NZDT,M9.5.0,M4.1.0/3"),
    ("Pacific/Chatham", "<+1245>-12:45<+1345>,M9.5.0/2:45,M4.1.0/3:45"),
    ("Pacific/Fiji", "<+12>-12"),
    ("Pacific/Guam", "ChST-10"),
    ("Pacific/Honolulu", "HST10"),
    ("UTC", "UTC0"),
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn zone(name: &str) -> Zone {
        Zone::named(name).unwrap_or_else(|| panic!("{name}"))
    }

    fn at(text: &str) -> Instant {
        Instant::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn offsets_around_known_changes() {
        for (name, text, offset) in [
            ("Europe/Paris", "2026-03-29T00:59:59Z", 3600),
            ("Europe/Paris", "2026-03-29T01:00:00Z", 7200),
            ("Europe/Paris", "2026-10-25T00:59:59.999Z", 7200),
            ("Europe/Paris", "2026-10-25T01:00:00Z", 3600),
            ("Europe/London", "2026-03-29T01:00:00Z", 3600),
            ("Europe/Dublin", "2026-03-29T00:59:59Z", 0),
            ("Europe/Dublin", "2026-03-29T01:00:00Z", 3600),
            ("Europe/Dublin", "2026-10-25T01:00:00Z", 0),
            ("America/New_York", "2026-03-08T06:59:59Z", -18_000),
            ("America/New_York", "2026-03-08T07:00:00Z", -14_400),
            ("America/New_York", "2026-11-01T05:59:59Z", -14_400),
            ("America/New_York", "2026-11-01T06:00:00Z", -18_000),
            ("Australia/Sydney", "2026-04-04T15:59:59Z", 39_600),
            ("Australia/Sydney", "2026-04-04T16:00:00Z", 36_000),
            ("Australia/Sydney", "2026-10-03T15:59:59Z", 36_000),
            ("Australia/Sydney", "2026-10-03T16:00:00Z", 39_600),
            ("Australia/Sydney", "2026-12-31T23:59:59Z", 39_600),
            // Summer here begins on Saturday at 24:00 and on a Saturday at -1:00 of the standard time.
            ("America/Santiago", "2026-09-06T03:59:59Z", -14_400),
            ("America/Santiago", "2026-09-06T04:00:00Z", -10_800),
            ("Africa/Cairo", "2026-04-23T22:00:00Z", 10_800),
            ("Asia/Jerusalem", "2026-03-26T23:59:59Z", 7200),
            ("Asia/Jerusalem", "2026-03-27T00:00:00Z", 10_800),
            ("Asia/Shanghai", "2026-07-01T00:00:00Z", 28_800),
            ("Asia/Kathmandu", "2026-07-01T00:00:00Z", 20_700),
            ("Pacific/Chatham", "2026-01-01T00:00:00Z", 49_500),
            ("UTC", "2026-07-01T00:00:00Z", 0),
        ] {
            assert_eq!(zone(name).offset_seconds_at(at(text)), offset, "{name} {text}");
        }
    }

    #[test]
    fn local_dates() {
        for (name, text, local) in [
            ("Europe/Paris", "2026-05-31T22:30:00Z", "2026-06-01"),
            ("Europe/Paris", "2026-05-31T21:59:59.999Z", "2026-05-31"),
            ("America/New_York", "2026-06-01T03:59:59Z", "2026-05-31"),
            ("Asia/Shanghai", "2026-05-31T16:00:00Z", "2026-06-01"),
            ("Asia/Taipei", "2025-12-31T16:00:00Z", "2026-01-01"),
            ("UTC", "2026-05-31T22:30:00Z", "2026-05-31"),
            ("Asia/Tokyo", "9999-12-31T23:00:00Z", "9999-12-31"),
            ("America/Lima", "0001-01-01T00:00:00Z", "0001-01-01"),
        ] {
            assert_eq!(zone(name).local_date(at(text)), day(local), "{name} {text}");
        }
        let (date, second) = zone("Europe/Paris").local_date_time(at("2026-05-31T22:30:15.5Z"));
        assert_eq!((date, second), (day("2026-06-01"), 1815));
    }

    #[test]
    fn local_times_single_skipped_and_twice() {
        let paris = zone("Europe/Paris");
        let single = |text| Some(LocalTime::Single(at(text)));
        assert_eq!(paris.local_to_instant(day("2026-06-01"), 0, 30), single("2026-05-31T22:30:00Z"));
        assert_eq!(paris.local_to_instant(day("2026-03-29"), 1, 59), single("2026-03-29T00:59:00Z"));
        let resumes = at("2026-03-29T01:00:00Z");
        assert_eq!(paris.local_to_instant(day("2026-03-29"), 2, 0), Some(LocalTime::Gap { resumes }));
        assert_eq!(paris.local_to_instant(day("2026-03-29"), 2, 59), Some(LocalTime::Gap { resumes }));
        assert_eq!(paris.local_to_instant(day("2026-03-29"), 3, 0), single("2026-03-29T01:00:00Z"));
        let (earlier, later) = (at("2026-10-25T00:30:00Z"), at("2026-10-25T01:30:00Z"));
        let double = LocalTime::Double { earlier, later };
        assert_eq!(paris.local_to_instant(day("2026-10-25"), 2, 30), Some(double));
        assert_eq!((double.first(), double.last()), (earlier, later));
        assert_eq!(paris.local_to_instant(day("2026-10-25"), 3, 0), single("2026-10-25T02:00:00Z"));
        assert_eq!(paris.local_to_instant(day("2026-06-01"), 24, 0), None);
        assert_eq!(paris.local_to_instant(day("2026-06-01"), 0, 60), None);
        assert_eq!(paris.local_to_instant(Date::MIN, 0, 30), None);
        assert_eq!(paris.local_to_instant(Date::MIN, 1, 30), single("0001-01-01T00:30:00Z"));
        assert_eq!(Zone::utc().local_to_instant(Date::MAX, 23, 59), single("9999-12-31T23:59:00Z"));
    }

    #[test]
    fn a_day_may_begin_after_midnight() {
        assert_eq!(zone("Asia/Shanghai").day_start(day("2026-06-01")), Some(at("2026-05-31T16:00:00Z")));
        assert_eq!(zone("America/Santiago").day_start(day("2026-09-06")), Some(at("2026-09-06T04:00:00Z")));
        assert_eq!(zone("America/Havana").day_start(day("2026-11-01")), Some(at("2026-11-01T04:00:00Z")));
        assert_eq!(zone("Asia/Tokyo").day_start(Date::MIN), None);
    }

    #[test]
    fn rules_in_all_their_forms() {
        for (posix, text, offset) in [
            ("EST5", "2026-07-01T00:00:00Z", -18_000),
            ("<-0330>+3:30:15", "2026-07-01T00:00:00Z", -12_615),
            // The day forms, in a leap year: J60 is 1 March, 59 is 29 February.
            ("AAA0BBB,J60/0,J300/0", "2024-02-29T23:59:59Z", 0),
            ("AAA0BBB,J60/0,J300/0", "2024-03-01T00:00:00Z", 3600),
            ("AAA0BBB,59/0,300/0", "2024-02-28T23:59:59Z", 0),
            ("AAA0BBB,59/0,300/0", "2024-02-29T00:00:00Z", 3600),
            ("AAA0BBB,J59/0,J300/0", "2023-02-28T00:00:00Z", 3600),
            ("AAA0BBB,J59/0,J365/0", "2024-12-30T22:59:59Z", 3600),
            ("AAA0BBB,J59/0,J365/0", "2024-12-30T23:00:00Z", 0),
            // Summer all year, as RFC 8536 writes it.
            ("EST5EDT,0/0,J365/25", "2026-01-01T05:00:00Z", -14_400),
            ("EST5EDT,0/0,J365/25", "2026-01-01T04:59:59Z", -14_400),
            ("EST5EDT,0/0,J365/25", "2026-07-01T00:00:00Z", -14_400),
            ("AAA0BBB-2,M4.1.0,M10.1.0", "2026-07-01T00:00:00Z", 7200),
            ("EET-2EEST,M3.4.4/50,M10.4.4/50", "2026-03-27T23:59:59Z", 7200),
            ("EET-2EEST,M3.4.4/50,M10.4.4/50", "2026-03-28T00:00:00Z", 10_800),
        ] {
            let zone = Zone::parse("Test", posix).unwrap_or_else(|error| panic!("{posix}: {error}"));
            assert_eq!(zone.offset_seconds_at(at(text)), offset, "{posix} {text}");
            assert_eq!((zone.name(), zone.posix()), ("Test", posix));
        }
    }

    #[test]
    fn other_rules_are_refused() {
        for posix in [
            "",
            "UTC",
            "U0",
            "CET-1CEST",
            "CET-1CEST,M3.5.0",
            "CET-1CEST,M3.5.0,",
            "CET-1 ",
            "<+01-1",
            "<>1",
            "CET-1CEST,M3.5,M10.5.0",
            ":Europe/Paris",
            "CET-1CEST,M3.5.0,M10.5.0/3 ",
            "CET1:",
            "\u{7a}\u{e9}\u{e9}0",
            "CET-1CEST,X3,J5",
        ] {
            assert_eq!(Zone::parse("Test", posix), Err(ZoneError::Syntax), "{posix:?}");
        }
        for posix in [
            "CET25",
            "CET1:60",
            "CET-1CEST,M13.5.0,M10.5.0",
            "CET-1CEST,M3.6.0,M10.5.0",
            "CET-1CEST,M3.5.7,M10.5.0",
            "CET-1CEST,J0,J5",
            "CET-1CEST,J366,J5",
            "CET-1CEST,366,5",
            "CET-1CEST,M3.5.0/168,M10.5.0",
            "CET0001",
        ] {
            assert_eq!(Zone::parse("Test", posix), Err(ZoneError::OutOfRange), "{posix:?}");
        }
        assert_eq!(Zone::named("Europe/Atlantis"), None);
        assert_eq!(Zone::named(""), None);
    }

    #[test]
    fn the_table_is_sorted_and_every_rule_reads() {
        assert!(builtin().is_sorted_by(|left, right| left.0 < right.0));
        for (name, posix) in builtin() {
            assert_eq!(zone(name).posix(), *posix);
        }
        assert_eq!(Zone::named("UTC"), Some(Zone::utc()));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn instants_come_back_from_local_time(
            at_zone in 0..builtin().len(),
            minute in Instant::MIN.millis() / 60_000..Instant::MAX.millis() / 60_000,
        ) {
            let (name, posix) = builtin()[at_zone];
            let zone = Zone::parse(name, posix).unwrap();
            let instant = Instant::from_millis(minute * 60_000).unwrap();
            let (date, second) = zone.local_date_time(instant);
            prop_assume!(date > Date::MIN && date < Date::MAX);
            let back = zone.local_to_instant(date, second / 3600, second / 60 % 60).unwrap();
            prop_assert!(back.first() == instant || back.last() == instant, "{name} {instant}: {back:?}");
            let gap = matches!(back, LocalTime::Gap { .. });
            prop_assert!(!gap);
            prop_assert!(zone.day_start(date).unwrap() <= instant);
        }

        #[test]
        fn any_text_is_read_or_refused(text in "[A-Z<>]{0,5}[-+]?[0-9:]{0,5}[A-Z]{0,4}[-+,0-9:./JM]{0,24}") {
            if let Ok(zone) = Zone::parse("Test", &text) {
                for instant in [Instant::MIN, Instant::EPOCH, Instant::MAX] {
                    zone.local_date(instant);
                }
                for date in [Date::MIN, Date::EPOCH, Date::MAX] {
                    zone.local_to_instant(date, 2, 30);
                }
            }
        }
    }
}
