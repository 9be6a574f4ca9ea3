//! Payment terms: into which instalments a total falls, and when each is due (commerce.md 2.8).
//!
//! Words. A term has *lines*. A line's *share* is a fixed amount, per cent of the total, a weight in what the fixed
//! and percentage lines leave, or the balance. Its *due rule* is a list of steps in their order: `end_of_month; +45
//! days` and `+45 days; end_of_month` are two rules, 14 days apart.
//!
//! Promises. The instalments add up to the total, whatever the total and the rounding policy. Month steps are counted
//! from the anchor date and clamped at the end of a month, never chained.

mod due;
mod operations;
mod split;
#[cfg(test)]
mod tests;

pub use due::DueRule;
pub use operations::*;
pub use split::split;

use super::{BAD_DUE, BAD_TERM, Calendar, TERM_CURRENCY, WorkingDayShift, working_day_of};
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::Dec;
use crm_kernel::error::{Code, Result};
use crm_kernel::id::Ref;
use crm_kernel::money::{Money, RoundingPolicy};
use crm_kernel::record::{Lines, Record as _};
use crm_kernel::value::Row;
use crm_kernel::work::Work;
use crm_kernel::{Choice, Record};

/// Conditions of payment.
#[derive(Clone, Debug, Record)]
#[record(no = 42)]
pub struct PaymentTerm {
    /// A short code, unique.
    #[field(no = 1, text = 40, unique)]
    pub code: String,
    /// The name.
    #[field(no = 2, title)]
    pub name: String,
    /// What becomes of the smallest units that rounding leaves over.
    #[field(no = 3, default = "\"largest_remainder\"")]
    pub method: SplitMethod,
    /// The currency of fixed amounts, where there are any.
    #[field(no = 4)]
    pub currency: Option<Currency>,
    /// The calendar of working days; the default one where none is named.
    #[field(no = 5)]
    pub calendar: Option<Ref<Calendar>>,
    /// The instalments, in order.
    #[field(no = 6)]
    pub lines: Lines<TermLine>,
    /// False once it is no longer offered.
    #[field(no = 7, default = "true")]
    pub active: bool,
}

/// One instalment of a term.
#[derive(Clone, Debug, Record)]
#[record(no = 43, parent = PaymentTerm)]
pub struct TermLine {
    /// What it is called, such as `deposit`.
    #[field(no = 1)]
    pub label: Option<String>,
    /// How its amount is found.
    #[field(no = 2)]
    pub share: ShareKind,
    /// The amount, the per cent or the weight; none for the balance.
    #[field(no = 3, decimal(18, 6))]
    pub value: Option<Dec>,
    /// When it is due, counted from the anchor date: steps joined by `;`, such as `+31 days; day 15`. Steps are
    /// `+N days`, `+N months`, `end_of_month` and `day N`; an empty rule is the anchor date itself.
    #[field(no = 4, default = "\"\"")]
    pub due: String,
    /// Where the date goes that is no working day.
    #[field(no = 5, default = "\"none\"")]
    pub shift: WorkingDayShift,
}

/// How the amount of an instalment is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum ShareKind {
    /// So much, in the currency of the term.
    Amount,
    /// Per cent of the total.
    Percent,
    /// A share, by weight, of what amounts and percentages leave.
    Weight,
    /// Whatever is left: on one line at most.
    Balance,
}

/// What becomes of the smallest units that rounding leaves over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum SplitMethod {
    /// One each to the largest remainders, the earlier line first.
    LargestRemainder,
    /// Every share is rounded; the last takes what is left.
    LastAbsorbs,
}

/// One part of a total with the day on which it is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instalment {
    /// The day.
    pub due: Date,
    /// The amount; all instalments add up to the total.
    pub amount: Money,
    /// What it is called.
    pub label: Option<String>,
}

/// The instalments of a total under a term, counted from `anchor`, in the order of the term's lines, posted by a policy.
/// Errors: `payment_term.amounts_exceed`, `payment_term.other_currency`, `calendar.no_working_day`.
pub fn instalments(
    work: &mut Work<'_>,
    term: Ref<PaymentTerm>,
    total: Money,
    anchor: Date,
    policy: RoundingPolicy,
) -> Result<Vec<Instalment>> {
    let term = work.system(|work| work.find(term))?;
    let has_amounts = term.lines.iter().any(|line| line.share == ShareKind::Amount);
    if let Some(currency) = term.currency.filter(|currency| has_amounts && *currency != total.currency) {
        let given = total.currency.code().to_owned();
        return Err(TERM_CURRENCY.error().with("term", currency.code().to_owned()).with("given", given));
    }
    let shares: Vec<(ShareKind, Dec)> =
        term.lines.iter().map(|line| (line.share, line.value.unwrap_or_default())).collect();
    let amounts = split(total, &shares, term.method, policy)?;
    let mut instalments = Vec::with_capacity(amounts.len());
    for (line, amount) in term.lines.iter().zip(amounts) {
        let due = DueRule::parse(&line.due)?.due(anchor).ok_or_else(|| Code::OUT_OF_RANGE.error())?;
        let due = working_day_of(work, term.calendar, due, line.shift)?;
        instalments.push(Instalment { due, amount, label: line.label.clone() });
    }
    Ok(instalments)
}

/// A term whose instalments always add up to the total, with due rules that can be read.
pub(super) fn check(_work: &mut Work<'_>, _kind: u32, _old: Option<&Row>, new: &mut Row) -> Result<()> {
    let term = PaymentTerm::from_row(new)?;
    let bad = |why: &str| Err(BAD_TERM.at("/lines").coded("why", "word", why));
    let mut percent = Dec::ZERO;
    let (mut balances, mut weights, mut amounts) = (0, 0, 0);
    for (at, line) in term.lines.iter().enumerate() {
        DueRule::parse(&line.due).map_err(|error| error.under(&format!("/lines/{at}/due")))?;
        let value = match (line.share, line.value) {
            (ShareKind::Balance, None) => Dec::ZERO,
            (ShareKind::Balance, Some(_)) => {
                return Err(BAD_TERM.at(format!("/lines/{at}/value")).coded(
                    "why",
                    "word",
                    "balance_with_value",
                ));
            }
            (_, Some(value)) if value.is_positive() => value,
            (_, Some(_)) => return Err(super::NOT_POSITIVE.at(format!("/lines/{at}/value"))),
            (_, None) => return Err(Code::REQUIRED.at(format!("/lines/{at}/value"))),
        };
        match line.share {
            ShareKind::Balance => balances += 1,
            ShareKind::Weight => weights += 1,
            ShareKind::Amount => amounts += 1,
            ShareKind::Percent => percent = percent.add(value)?,
        }
    }
    let hundred = Dec::from_int(100);
    match (balances, weights) {
        _ if term.lines.is_empty() => bad("no_lines"),
        (2.., _) => bad("two_balances"),
        (1, 1..) => bad("balance_beside_weights"),
        _ if percent > hundred => bad("over_100_percent"),
        (0, 0) if amounts > 0 || percent != hundred => bad("no_balance"),
        _ if amounts > 0 && term.currency.is_none() => Err(Code::REQUIRED.at("/currency")),
        _ => Ok(()),
    }
}

/// Keeps the imports of due rules in one place.
fn bad_due(place: usize, found: &str) -> crm_kernel::error::Error {
    BAD_DUE.error().with("place", i64::try_from(place).unwrap_or(0)).with("found", found)
}
