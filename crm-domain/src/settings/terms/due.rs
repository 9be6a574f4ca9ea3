//! Due rules: ordered steps from an anchor date (commerce.md 2.8).

use super::bad_due;
use crm_kernel::date::Date;
use crm_kernel::error::Result;

/// Steps in their order. The order is the meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueRule {
    steps: Vec<Step>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Days(i64),
    Months(i64),
    EndOfMonth,
    /// The next such day of a month, today included; the last day of a month that is shorter.
    DayOfMonth(u32),
}

/// A step counts at most so many days or months: a century.
const LARGEST_COUNT: i64 = 36_525;

impl DueRule {
    /// Reads `end_of_month; +45 days`. Words in capitals and several spaces are the same; an empty text is no step.
    /// Errors: `payment_term.bad_due` with the place, in characters from 0, and what was found there.
    pub fn parse(text: &str) -> Result<DueRule> {
        let mut steps = Vec::new();
        let mut place = 0;
        if !text.trim().is_empty() {
            for part in text.split(';') {
                let inside = part.chars().take_while(|c| c.is_whitespace()).count();
                steps.push(step(part.trim()).ok_or_else(|| bad_due(place + inside, part.trim()))?);
                place += part.chars().count() + 1;
            }
        }
        Ok(DueRule { steps })
    }

    /// The due date counted from `anchor`; `None` beyond the range of dates.
    pub fn due(&self, anchor: Date) -> Option<Date> {
        let mut reckoning = Reckoning { from: anchor, months: 0, day: None };
        for step in &self.steps {
            reckoning = match *step {
                Step::Months(months) => {
                    Reckoning { months: reckoning.months.checked_add(months)?, ..reckoning }
                }
                Step::Days(days) => {
                    Reckoning { from: reckoning.date()?.add_days(days)?, months: 0, day: None }
                }
                Step::EndOfMonth => Reckoning { day: Some(31), ..reckoning },
                Step::DayOfMonth(day) => {
                    let here = reckoning.date()?;
                    let passed = here.day() > day.min(here.days_in_month());
                    Reckoning { from: here.first_of_month(), months: i64::from(passed), day: Some(day) }
                }
            };
        }
        reckoning.date()
    }
}

/// A date that is still to be found: months are added to where they started, so two steps of a month are two months
/// and not one month twice (terms-07), and a month after the end of a month ends there (terms-06).
#[derive(Clone, Copy)]
struct Reckoning {
    from: Date,
    months: i64,
    /// The day of the month that is wanted, where a step named one.
    day: Option<u32>,
}

impl Reckoning {
    fn date(self) -> Option<Date> {
        match self.day {
            None => self.from.add_months(self.months),
            Some(day) => {
                let first = self.from.first_of_month().add_months(self.months)?;
                first.add_days(i64::from(day.min(first.days_in_month())) - 1)
            }
        }
    }
}

fn step(text: &str) -> Option<Step> {
    let text = text.to_ascii_lowercase();
    if text == "end_of_month" {
        return Some(Step::EndOfMonth);
    }
    if let Some(day) = text.strip_prefix("day") {
        let day: u32 = day.strip_prefix(char::is_whitespace)?.trim().parse().ok()?;
        return (1..=31).contains(&day).then_some(Step::DayOfMonth(day));
    }
    let counted = text.strip_prefix('+')?.trim_start();
    let digits = counted.find(|c: char| !c.is_ascii_digit())?;
    let (count, unit) = counted.split_at_checked(digits)?;
    let count: i64 = count.parse().ok().filter(|count| *count <= LARGEST_COUNT)?;
    match unit.trim_start() {
        "day" | "days" => Some(Step::Days(count)),
        "month" | "months" => Some(Step::Months(count)),
        _ => None,
    }
}
