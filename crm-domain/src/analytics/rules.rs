//! Decisions: ranks, growth, scores, and what a target may say.

use super::SalesTarget;
use crate::settings::NOT_POSITIVE;
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::error::Result;
use crm_kernel::record::Record;
use crm_kernel::value::Row;
use crm_kernel::work::Work;
use crm_kernel::{Choice, date::Date, plan::Period};

/// A target is above zero.
pub(super) fn sales_target(
    _work: &mut Work<'_>,
    _kind: u32,
    _old: Option<&Row>,
    new: &mut Row,
) -> Result<()> {
    if SalesTarget::from_row(new)?.amount.is_positive() { Ok(()) } else { Err(NOT_POSITIVE.at("/amount")) }
}

/// How equal values are ranked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum RankMethod {
    /// 1, 2, 2, 4.
    Competition,
    /// 1, 2, 2, 3.
    Dense,
}

/// Ranks of values that stand in their order; equal neighbours share one (ana-12).
pub fn ranks<T: PartialEq>(sorted: &[T], method: RankMethod) -> Vec<i64> {
    let mut ranks: Vec<i64> = Vec::with_capacity(sorted.len());
    let mut before: Option<&T> = None;
    for (at, value) in (1_i64..).zip(sorted) {
        let last = ranks.last().copied().unwrap_or(0);
        ranks.push(match (before == Some(value), method) {
            (true, _) => last,
            (false, RankMethod::Competition) => at,
            (false, RankMethod::Dense) => last + 1,
        });
        before = Some(value);
    }
    ranks
}

/// Growth in per cent with two decimals, and why it is none or doubtful (ana-09): from zero there is none, over a
/// change of sign from below there is none, and a fall below zero is flagged.
pub fn growth(previous: Dec, current: Dec) -> (Option<Dec>, Option<&'static str>) {
    if previous.is_zero() {
        return if current.is_zero() { (Some(Dec::ZERO), None) } else { (None, Some("from_zero")) };
    }
    if previous.is_negative() && !current.is_negative() {
        return (None, Some("sign_change"));
    }
    let percent = current
        .sub(previous)
        .and_then(|change| change.mul_div(Dec::HUNDRED, previous.abs(), 2, Rounding::HalfUp));
    let flag = (previous.is_positive() && current.is_negative()).then_some("sign_change");
    (percent.ok(), flag)
}

/// The first day of the period one before, or of the same period a year before: weeks by their ISO number, where that
/// year has it (ana-08).
pub fn earlier(period: Period, first: Date, year_before: bool) -> Option<Date> {
    match (period, year_before) {
        (Period::Day, false) => first.add_days(-1),
        (Period::Week, false) => first.add_days(-7),
        (Period::Month, false) => first.add_months(-1),
        (Period::Quarter, false) => first.add_months(-3),
        (Period::Year, _) => first.add_months(-12),
        (Period::Week, true) => {
            let (year, week) = first.iso_week();
            Date::from_iso_week(year - 1, week, 1)
        }
        // 29 February has no day a year before.
        (Period::Day, true) => {
            let (year, month, day) = first.ymd();
            Date::from_ymd(year - 1, month, day)
        }
        (_, true) => first.add_months(-12),
    }
}

/// The last day of a period by its first.
pub fn last_day(period: Period, first: Date) -> Option<Date> {
    let next = match period {
        Period::Day => return Some(first),
        Period::Week => first.add_days(7),
        Period::Month => first.add_months(1),
        Period::Quarter => first.add_months(3),
        Period::Year => first.add_months(12),
    };
    next.and_then(|next| next.add_days(-1))
}

/// A period as people write it: `2026-11-22`, `2026-W47`, `2026-11`, `2026-Q4`, `2026`.
pub fn period_name(period: Period, first: Date) -> String {
    let (year, month, _) = first.ymd();
    match period {
        Period::Day => first.to_string(),
        Period::Week => {
            let (year, week) = first.iso_week();
            format!("{year:04}-W{week:02}")
        }
        Period::Month => format!("{year:04}-{month:02}"),
        Period::Quarter => format!("{year:04}-Q{}", first.quarter()),
        Period::Year => format!("{year:04}"),
    }
}

/// How scores of one to five are given to customers who stand worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum ScoreMethod {
    /// One more than five times the share of customers strictly worse: equal values score equal (score-02).
    EqualValues,
    /// By place, ties by business key: floor(place × 5 / n) + 1.
    Rank,
    /// By place as SQL's `ntile(5)`: the first groups take one more.
    Ntile,
}

/// Scores for values that stand worst first; `same(a, b)` says whether two places hold equal values.
pub fn scores(n: usize, method: ScoreMethod, same: impl Fn(usize, usize) -> bool) -> Vec<i64> {
    let score = |worse: usize| i64::try_from(worse * 5 / n.max(1)).unwrap_or(4) + 1;
    let mut worse = 0;
    (0..n)
        .map(|at| match method {
            ScoreMethod::Rank => score(at),
            ScoreMethod::EqualValues => {
                if at > 0 && !same(at - 1, at) {
                    worse = at;
                }
                score(worse)
            }
            ScoreMethod::Ntile => {
                let (size, more) = (n / 5, n % 5);
                let wide = more * (size + 1);
                let group = if at < wide { at / (size + 1) } else { more + (at - wide) / size.max(1) };
                i64::try_from(group).unwrap_or(4) + 1
            }
        })
        .collect()
}

/// The segment of a customer from the scores of recency and frequency.
pub fn segment(recency: i64, frequency: i64) -> &'static str {
    match (recency, frequency) {
        (4.., 4..) => "champion",
        (3.., 3..) => "loyal",
        (4.., _) => "new",
        (3, _) => "potential",
        (_, 3..) => "at_risk",
        _ => "lost",
    }
}
