//! Trends: a figure by period, beside the period before and the same one a year before.

use super::report::{PeriodBy, counted};
use super::rules::{earlier, growth, last_day, period_name};
use super::{BAD_REPORT, NOT_A_DATE};
use crm_kernel::Record;
use crm_kernel::date::Date;
use crm_kernel::dec::Dec;
use crm_kernel::error::{Code, Result};
use crm_kernel::expr::node::Ty;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::plan::{Aggregate, GroupKey, Measure, Period};
use crm_kernel::value::Value;
use crm_kernel::work::Work;
use std::collections::BTreeMap;

/// A figure by period with month-on-month (环比) and year-on-year (同比). The period that holds the last complete day is
/// compared with the same number of days of the earlier one, never with all of it.
#[derive(Clone, Debug, Record)]
#[record(name = "analysis_trend")]
pub struct Trend {
    /// The kind; a child kind for lines.
    #[field(text = 60, default = "\"order\"")]
    pub kind: String,
    /// Only records for which this condition holds.
    #[field(text = 8192)]
    pub filter: Option<String>,
    /// The date that decides the period.
    #[field(text = 8192, default = "\"date\"")]
    pub date: String,
    /// What is summed; records are counted where there is none.
    #[field(text = 8192)]
    pub of: Option<String>,
    /// The period.
    #[field(default = "\"month\"")]
    pub period: PeriodBy,
    /// First day shown; the first with a figure where there is none.
    pub from: Option<Date>,
    /// The last complete day; yesterday where there is none.
    pub until: Option<Date>,
}

/// A trend.
#[derive(Clone, Debug, Record)]
#[record(name = "analysis_trend_answer")]
pub struct TrendAnswer {
    /// The last complete day.
    pub until: Date,
    /// Periods in order, those without a figure included.
    pub periods: Vec<TrendPeriod>,
}

/// A period of a trend.
#[derive(Clone, Debug, Record)]
#[record(name = "trend_period")]
pub struct TrendPeriod {
    /// As people write it: `2026-11`, `2026-W47`.
    pub period: String,
    /// Its first day.
    pub from: Date,
    /// Its last day, or the last complete one.
    pub until: Date,
    /// False where it still runs: its comparisons are to date.
    pub complete: bool,
    /// The figure.
    #[field(decimal(18, 4))]
    pub value: Dec,
    /// Records that it is of.
    pub records: i64,
    /// The period before, as far as it is compared.
    #[field(decimal(18, 4))]
    pub previous: Option<Dec>,
    /// Growth over it in per cent, two decimals.
    #[field(decimal(18, 2))]
    pub growth: Option<Dec>,
    /// `from_zero` or `sign_change`.
    pub growth_flag: Option<String>,
    /// The same period a year before, as far as it is compared; none where that year has no such period.
    #[field(decimal(18, 4))]
    pub year_before: Option<Dec>,
    /// Growth over it in per cent, two decimals.
    #[field(decimal(18, 2))]
    pub year_growth: Option<Dec>,
    /// `from_zero` or `sign_change`.
    pub year_growth_flag: Option<String>,
}

impl Operation for Trend {
    const NAME: &'static str = "analysis.trend";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::Right { kind: "report", verb: "run" };
    const ERRORS: &'static [Code] = &[BAD_REPORT, NOT_A_DATE];
    const CAPABILITIES: &'static [&'static str] = &["ANA-02"];
    const EXAMPLE: &'static str = r#"{"of":"net","period":"month"}"#;
    type Answer = TrendAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<TrendAnswer> {
        let until = match self.until {
            Some(until) => until,
            None => work.today().add_days(-1).unwrap_or_else(|| work.today()),
        };
        let catalogue = work.catalogue();
        let kind = catalogue.named(&self.kind).map_err(|error| error.at("/kind"))?;
        work.require(kind.name(), "read")?;
        let filter = counted(work, kind.no(), self.filter.as_deref(), &[])?;
        let date = work.asked(kind.no(), &self.date, &[]).map_err(|error| error.at("/date"))?;
        if *date.ty() != Ty::Date {
            return Err(NOT_A_DATE.at("/date"));
        }
        let mut measures = vec![Measure::Count];
        match &self.of {
            None => {}
            Some(text) => {
                let of = work.asked(kind.no(), text, &[]).map_err(|error| error.at("/of"))?;
                if !matches!(of.ty(), Ty::Num { .. }) {
                    return Err(BAD_REPORT.at("/of").with("name", text.clone()));
                }
                measures.push(Measure::Sum(of));
            }
        }
        // By day: every cut of a period is then a sum of days.
        let group = vec![GroupKey { by: date, period: Some(Period::Day) }];
        let mut days = BTreeMap::new();
        for group in work.aggregate(Aggregate { kind: kind.no(), filter, group, measures })? {
            if let [Value::Date(day), count, sum @ ..] = group.as_slice() {
                let count = count.as_dec().unwrap_or_default();
                let value = sum.first().map_or(count, |sum| sum.as_dec().unwrap_or_default());
                days.insert(*day, Figure { value, records: count.to_i64_at(0)? });
            }
        }
        Ok(TrendAnswer { until, periods: periods(&days, self.period.period(), self.from, until)? })
    }
}

/// The figure of one day or of several.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Figure {
    pub value: Dec,
    pub records: i64,
}

/// The periods of figures by day.
pub(super) fn periods(
    days: &BTreeMap<Date, Figure>,
    period: Period,
    from: Option<Date>,
    until: Date,
) -> Result<Vec<TrendPeriod>> {
    let mut out = Vec::new();
    let Some(start) = from.or_else(|| days.keys().next().copied()) else { return Ok(out) };
    let mut first = period.first_day(start);
    while first <= until {
        let Some(last) = last_day(period, first) else { break };
        let complete = last <= until;
        let shown = if complete { last } else { until };
        // A running period is compared with as many days of the earlier one, at most all of them.
        let length = first.days_between(shown);
        let compared = |earlier: Option<Date>| -> Result<Option<Dec>> {
            let Some(start) = earlier else { return Ok(None) };
            let Some(end) = last_day(period, start) else { return Ok(None) };
            let cut = if complete { end } else { start.add_days(length).unwrap_or(end).min(end) };
            sum(days, start, cut).map(|figure| Some(figure.value))
        };
        let Figure { value, records } = sum(days, first, shown)?;
        let previous = compared(earlier(period, first, false))?;
        let year_before = compared(earlier(period, first, true))?;
        let rate = |before: Option<Dec>| before.map_or((None, None), |before| growth(before, value));
        let ((grown, flag), (year_growth, year_flag)) = (rate(previous), rate(year_before));
        out.push(TrendPeriod {
            period: period_name(period, first),
            from: first,
            until: shown,
            complete,
            value,
            records,
            previous,
            growth: grown,
            growth_flag: flag.map(str::to_owned),
            year_before,
            year_growth,
            year_growth_flag: year_flag.map(str::to_owned),
        });
        match last.add_days(1) {
            Some(next) => first = next,
            None => break,
        }
    }
    Ok(out)
}

fn sum(days: &BTreeMap<Date, Figure>, from: Date, until: Date) -> Result<Figure> {
    let mut sum = Figure::default();
    if from <= until {
        for figure in days.range(from..=until).map(|(_, figure)| figure) {
            sum = Figure { value: sum.value.add(figure.value)?, records: sum.records + figure.records };
        }
    }
    Ok(sum)
}
