//! Patterns of business numbers: writing a number, and reading back the counter of one.

use super::NumberReset;
use crate::settings::{BAD_PATTERN, NUMBERS_REPEAT};
use crm_kernel::date::Date;
use crm_kernel::error::{Error, Result};

/// A pattern such as `QT-{YYYY}{MM}-{#4}`: text and tokens, with exactly one counter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Year,
    ShortYear,
    Month,
    Day,
    Department,
    Counter { width: usize },
}

/// What a number shows beside its counter, as far as it shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// The counter.
    pub counter: i64,
    year: Option<i32>,
    month: Option<u32>,
    day: Option<u32>,
    department: Option<String>,
}

/// A counter has at least one and at most so many digits.
const WIDEST: usize = 12;

impl Pattern {
    /// Reads a pattern: tokens `{YYYY}`, `{YY}`, `{MM}`, `{DD}`, `{department}` and one `{#n}`, whose width `n` is the
    /// least number of digits. Errors: `numbering.bad_pattern` with the place, in characters from 0.
    pub fn parse(text: &str) -> Result<Pattern> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        let place = |rest: &str| text.chars().count() - rest.chars().count();
        while let Some(next) = rest.chars().next() {
            if next == '}' {
                return Err(bad(place(rest), "}"));
            }
            if next != '{' {
                plain.push(next);
                rest = rest.get(next.len_utf8()..).unwrap_or_default();
                continue;
            }
            let here = place(rest);
            let end = rest.find('}').ok_or_else(|| bad(here, rest))?;
            let (token, behind) = rest.split_at_checked(end + 1).unwrap_or((rest, ""));
            if !plain.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut plain)));
            }
            let part = token_part(token).ok_or_else(|| bad(here, token))?;
            let beside = |a: &Part, b: &Part| matches!((a, b), (Part::Department, Part::Counter { .. }));
            let counts = |part: &Part| matches!(part, Part::Counter { .. });
            let second = counts(&part) && parts.iter().any(counts);
            // A code that ends in digits and a counter right beside it would make one number of two.
            let blurred = parts.last().is_some_and(|last| beside(last, &part) || beside(&part, last));
            if second || blurred {
                return Err(bad(here, token));
            }
            parts.push(part);
            rest = behind;
        }
        if !plain.is_empty() {
            parts.push(Part::Text(plain));
        }
        if !parts.iter().any(|part| matches!(part, Part::Counter { .. })) {
            return Err(bad(text.chars().count(), ""));
        }
        Ok(Pattern { parts })
    }

    /// True where the pattern shows the department.
    pub fn shows_department(&self) -> bool {
        self.parts.contains(&Part::Department)
    }

    /// Refuses a pattern that does not show what starts its counter again: its numbers would repeat.
    /// Errors: `numbering.repeats` with the missing token.
    pub fn shows(&self, reset: NumberReset) -> Result<()> {
        let year = self.parts.contains(&Part::Year) || self.parts.contains(&Part::ShortYear);
        let month = self.parts.contains(&Part::Month);
        let missing = match reset {
            NumberReset::None => None,
            NumberReset::Department => (!self.shows_department()).then_some("{department}"),
            _ if !year => Some("{YYYY}"),
            NumberReset::Month | NumberReset::Day if !month => Some("{MM}"),
            NumberReset::Day if !self.parts.contains(&Part::Day) => Some("{DD}"),
            _ => None,
        };
        missing.map_or(Ok(()), |token| Err(NUMBERS_REPEAT.error().with("token", token)))
    }

    /// The number with a counter. `department` is the code; it is asked for where the pattern shows it.
    pub fn write(&self, date: Date, department: &str, counter: i64) -> String {
        let mut number = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => number.push_str(text),
                Part::Year => number.push_str(&format!("{:04}", date.year())),
                Part::ShortYear => number.push_str(&format!("{:02}", date.year() % 100)),
                Part::Month => number.push_str(&format!("{:02}", date.month())),
                Part::Day => number.push_str(&format!("{:02}", date.day())),
                Part::Department => number.push_str(department),
                Part::Counter { width } => number.push_str(&format!("{counter:0width$}")),
            }
        }
        number
    }

    /// What a number shows, where it fits the pattern.
    pub fn read(&self, number: &str) -> Option<Shown> {
        read_parts(&self.parts, number)
    }
}

impl Shown {
    /// What chooses the counter under a reset, as [`reset_key`] gives it.
    pub fn key(&self, reset: NumberReset) -> Option<String> {
        let department = self.department.as_deref().unwrap_or_default();
        let (year, month, day) = (self.year, self.month, self.day);
        match reset {
            NumberReset::None => Some(String::new()),
            NumberReset::Year => Some(format!("{:04}", year?)),
            NumberReset::Month => Some(format!("{:04}-{:02}", year?, month?)),
            NumberReset::Day => Some(format!("{:04}-{:02}-{:02}", year?, month?, day?)),
            NumberReset::Department => Some(department.to_owned()),
        }
    }
}

/// What chooses the counter of a number: kept apart from what the number shows.
pub fn reset_key(reset: NumberReset, date: Date, department: &str) -> String {
    let (year, month, day) = date.ymd();
    match reset {
        NumberReset::None => String::new(),
        NumberReset::Year => format!("{year:04}"),
        NumberReset::Month => format!("{year:04}-{month:02}"),
        NumberReset::Day => format!("{year:04}-{month:02}-{day:02}"),
        NumberReset::Department => department.to_owned(),
    }
}

fn token_part(token: &str) -> Option<Part> {
    match token {
        "{YYYY}" => Some(Part::Year),
        "{YY}" => Some(Part::ShortYear),
        "{MM}" => Some(Part::Month),
        "{DD}" => Some(Part::Day),
        "{department}" => Some(Part::Department),
        _ => {
            let width: usize = token.strip_prefix("{#")?.strip_suffix('}')?.parse().ok()?;
            (1..=WIDEST).contains(&width).then_some(Part::Counter { width })
        }
    }
}

/// Tries every way in which the parts can make up the text; the first that fits is taken.
fn read_parts(parts: &[Part], text: &str) -> Option<Shown> {
    let Some((part, parts)) = parts.split_first() else {
        return text.is_empty().then(Shown::default);
    };
    let fixed = |width: usize| {
        let (digits, rest) = text.split_at_checked(width)?;
        let all_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
        Some((if all_digits { digits.parse::<u32>().ok()? } else { return None }, rest))
    };
    match part {
        Part::Text(plain) => read_parts(parts, text.strip_prefix(plain.as_str())?),
        Part::Year => {
            let (year, rest) = fixed(4)?;
            Some(Shown { year: i32::try_from(year).ok(), ..read_parts(parts, rest)? })
        }
        Part::ShortYear => {
            let (year, rest) = fixed(2)?;
            let shown = read_parts(parts, rest)?;
            // A four-digit year says more.
            Some(Shown { year: shown.year.or(i32::try_from(2000 + year).ok()), ..shown })
        }
        Part::Month => {
            let (month, rest) = fixed(2)?;
            (1..=12).contains(&month).then_some(())?;
            Some(Shown { month: Some(month), ..read_parts(parts, rest)? })
        }
        Part::Day => {
            let (day, rest) = fixed(2)?;
            (1..=31).contains(&day).then_some(())?;
            Some(Shown { day: Some(day), ..read_parts(parts, rest)? })
        }
        // The longest code first: what follows is mostly as narrow as it can be.
        Part::Department => (1..=text.len()).rev().find_map(|at| {
            let (code, rest) = text.split_at_checked(at)?;
            Some(Shown { department: Some(code.to_owned()), ..read_parts(parts, rest)? })
        }),
        Part::Counter { width } => {
            let digits = text.bytes().take_while(u8::is_ascii_digit).count();
            (*width..=digits).rev().find_map(|end| {
                let (counter, rest) = text.split_at_checked(end)?;
                // Wider than its width it has no leading zero.
                let padded = end > *width && counter.starts_with('0');
                let counter = counter.parse().ok().filter(|_| !padded)?;
                Some(Shown { counter, ..read_parts(parts, rest)? })
            })
        }
    }
}

fn bad(place: usize, found: &str) -> Error {
    BAD_PATTERN.error().with("place", i64::try_from(place).unwrap_or(0)).with("found", found)
}
