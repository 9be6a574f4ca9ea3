//! Interest on late payments: segments between payments, the day count named, rounded once (commerce.md 2.9, CRD-03).

use super::{Allocation, BAD_PERIOD, Receivable};
use crate::settings::{NOT_POSITIVE, NOT_SET_UP, policy};
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::error::{Code, Result};
use crm_kernel::expr::node::Ty;
use crm_kernel::id::Ref;
use crm_kernel::money::RoundingPolicy;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::record::Record as _;
use crm_kernel::value::Value;
use crm_kernel::work::Work;
use crm_kernel::{Choice, Record};

/// How days are counted, and how many make a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum DayCount {
    /// Actual days, a year of 365.
    Act365,
    /// Actual days, a year of 360.
    Act360,
    /// Months of 30 days, a year of 360.
    Thirty360,
    /// Actual days, each year as long as it is.
    ActAct,
}

/// What interest is counted from.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The debt.
    pub principal: Dec,
    /// Per cent a year.
    pub rate_percent: Dec,
    /// How days are counted.
    pub day_count: DayCount,
    /// From when: the due date, days of grace after it added.
    pub from: Date,
    /// Until when.
    pub until: Date,
    /// What was paid on the principal, and when.
    pub payments: Vec<(Date, Dec)>,
}

/// A stretch of time in which the debt stayed the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Its first day.
    pub from: Date,
    /// The day of the next change.
    pub until: Date,
    /// Its days, as they are counted.
    pub days: i64,
    /// The debt.
    pub on: Dec,
    /// The interest, at six decimals; the sum is not made of these.
    pub interest: Dec,
}

/// The stretches of a claim and its simple interest, posted once (vectors recv-01 to recv-03). A payment counts from
/// its day on; what was paid before the beginning makes the debt less. Errors: `value.out_of_range`.
pub fn interest(claim: &Claim, policy: RoundingPolicy, digits: u8) -> Result<(Vec<Segment>, Dec)> {
    let mut payments: Vec<(Date, Dec)> =
        claim.payments.iter().filter(|payment| payment.0 < claim.until).copied().collect();
    payments.sort_by_key(|payment| payment.0);
    let (mut on, mut from) = (claim.principal, claim.from);
    let mut segments = Vec::new();
    // Interest = rate × (sum of debt × days over short years ÷ their length + the same over leap years).
    let (mut short, mut leap) = (Dec::ZERO, Dec::ZERO);
    let year = match claim.day_count {
        DayCount::Act365 | DayCount::ActAct => 365,
        DayCount::Act360 | DayCount::Thirty360 => 360,
    };
    for (date, paid) in payments.into_iter().chain(std::iter::once((claim.until, Dec::ZERO))) {
        if date > from {
            let (days, leap_days) = counted(claim.day_count, from, date);
            let (in_short, in_leap) = (on.mul(Dec::from_int(days))?, on.mul(Dec::from_int(leap_days))?);
            let all = days + leap_days;
            if all > 0 && on.is_positive() {
                let interest = of_parts(in_short, in_leap, year, claim.rate_percent, 6, Rounding::HalfUp)?;
                segments.push(Segment { from, until: date, days: all, on, interest });
                (short, leap) = (short.add(in_short)?, leap.add(in_leap)?);
            }
            from = date;
        }
        on = on.sub(paid)?;
    }
    let total = of_parts(short, leap, year, claim.rate_percent, policy.scale(digits), policy.rounding())?;
    Ok((segments, total))
}

/// `rate% × (short ÷ year + leap ÷ 366)` as one division.
fn of_parts(short: Dec, leap: Dec, year: i64, rate: Dec, scale: u8, rounding: Rounding) -> Result<Dec> {
    let above = short.mul(Dec::from_int(366))?.add(leap.mul(Dec::from_int(year))?)?;
    Ok(above.mul_div(rate, Dec::from_int(100 * 366 * year), scale, rounding)?)
}

/// Days from one day to another; for actual years those in leap years apart.
fn counted(count: DayCount, from: Date, until: Date) -> (i64, i64) {
    match count {
        DayCount::Act365 | DayCount::Act360 => (from.days_between(until), 0),
        DayCount::Thirty360 => {
            let ((y1, m1, d1), (y2, m2, d2)) = (from.ymd(), until.ymd());
            let d1 = d1.min(30);
            let d2 = if d1 == 30 { d2.min(30) } else { d2 };
            let months = i64::from(y2 - y1) * 12 + i64::from(m2) - i64::from(m1);
            ((months * 30 + i64::from(d2) - i64::from(d1)).max(0), 0)
        }
        DayCount::ActAct => {
            let (mut short, mut leap, mut here) = (0, 0, from);
            while here < until {
                let end = Date::from_ymd(here.year() + 1, 1, 1).map_or(until, |next| next.min(until));
                let days = here.days_between(end);
                if here.is_leap() {
                    leap += days
                } else {
                    short += days
                }
                here = end;
            }
            (short, leap)
        }
    }
}

/// Counts the interest and fee on a late debt: of a receivable, with what was paid on it, or of given figures.
/// Nothing is booked.
#[derive(Clone, Debug, Record)]
#[record(name = "interest_compute")]
pub struct Compute {
    /// The debt; otherwise principal and due date are given.
    pub receivable: Option<Ref<Receivable>>,
    /// The debt's amount.
    #[field(money)]
    pub principal: Option<Dec>,
    /// When it was due.
    pub due_date: Option<Date>,
    /// The currency; the enterprise's where none is given.
    pub currency: Option<Currency>,
    /// Per cent a year.
    #[field(percent)]
    pub rate_percent: Dec,
    /// How days are counted.
    #[field(default = "\"act365\"")]
    pub day_count: DayCount,
    /// Until when; today where none is given.
    pub as_of: Option<Date>,
    /// What was paid on the principal.
    pub payments: Vec<InterestPayment>,
    /// Days after the due date without interest.
    #[field(default = "0")]
    pub grace_days: i64,
    /// At most so much interest.
    #[field(money)]
    pub cap: Option<Dec>,
    /// A fee beside it.
    #[field(money)]
    pub fee: Option<Dec>,
}

/// A payment on the principal.
#[derive(Clone, Debug, Record)]
#[record(name = "interest_payment")]
pub struct InterestPayment {
    /// When.
    pub date: Date,
    /// How much.
    #[field(money)]
    pub amount: Dec,
}

/// The interest with how it came about.
#[derive(Clone, Debug, Record)]
#[record(name = "interest_answer")]
pub struct InterestAnswer {
    /// The currency.
    pub currency: Currency,
    /// From when it was counted.
    pub from: Date,
    /// Until when.
    pub until: Date,
    /// What is still owed of the principal.
    #[field(money)]
    pub outstanding: Dec,
    /// The stretches between payments.
    pub segments: Vec<InterestSegment>,
    /// The interest, rounded once.
    #[field(money)]
    pub interest: Dec,
    /// The fee.
    #[field(money)]
    pub fee: Dec,
    /// Interest and fee.
    #[field(money)]
    pub charges: Dec,
    /// With what is owed of the principal.
    #[field(money)]
    pub total: Dec,
}

/// A stretch between payments.
#[derive(Clone, Debug, Record)]
#[record(name = "interest_segment")]
pub struct InterestSegment {
    /// Its first day.
    pub from: Date,
    /// The day of the next change.
    pub until: Date,
    /// Its days, as they are counted.
    pub days: i64,
    /// The debt.
    #[field(money)]
    pub on: Dec,
    /// The interest at six decimals.
    #[field(decimal(18, 6))]
    pub interest: Dec,
}

impl Operation for Compute {
    const NAME: &'static str = "interest.compute";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::Right { kind: "receivable", verb: "read" };
    const ERRORS: &'static [Code] = &[BAD_PERIOD, NOT_POSITIVE, NOT_SET_UP];
    const CAPABILITIES: &'static [&'static str] = &["FIN-03"];
    const EXAMPLE: &'static str = r#"{"principal":"1000.00","due_date":"2025-01-01","rate_percent":"10","as_of":"2025-02-28","payments":[{"date":"2025-01-31","amount":"200.00"}]}"#;
    type Answer = InterestAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<InterestAnswer> {
        let until = self.as_of.unwrap_or_else(|| work.today());
        self.sensible()?;
        let mut payments: Vec<(Date, Dec)> =
            self.payments.iter().map(|paid| (paid.date, paid.amount)).collect();
        let (principal, due, currency) = match self.receivable {
            Some(receivable) => {
                let debt = work.find(receivable)?;
                let names = [
                    ("r", Ty::Ref(Receivable::NO), Value::Ref(receivable.id())),
                    ("u", Ty::Date, Value::Date(until)),
                ];
                let settled =
                    work.system(|work| work.select::<Allocation>("receivable == r && date <= u", &names))?;
                payments.extend(settled.iter().map(|part| (part.date, part.amount)));
                (debt.amount, debt.due_date, debt.currency)
            }
            None => {
                let currency = self.currency.or(work.base()).ok_or_else(|| NOT_SET_UP.error())?;
                let principal = self.principal.ok_or_else(|| Code::REQUIRED.at("/principal"))?;
                (principal, self.due_date.ok_or_else(|| Code::REQUIRED.at("/due_date"))?, currency)
            }
        };
        let from = due.add_days(self.grace_days).ok_or_else(|| Code::OUT_OF_RANGE.at("/grace_days"))?;
        let paid = Dec::sum(payments.iter().filter(|payment| payment.0 <= until).map(|payment| payment.1))?;
        let claim = Claim {
            principal,
            rate_percent: self.rate_percent,
            day_count: self.day_count,
            from,
            until,
            payments,
        };
        let (segments, counted) = interest(&claim, policy(work)?, currency.digits())?;
        let interest = self.cap.map_or(counted, |cap| counted.min(cap));
        let fee = self.fee.unwrap_or_default();
        let (charges, outstanding) = (interest.add(fee)?, principal.sub(paid)?);
        let segments = segments.into_iter().map(|segment| InterestSegment {
            from: segment.from,
            until: segment.until,
            days: segment.days,
            on: segment.on,
            interest: segment.interest,
        });
        let segments = segments.collect();
        let total = outstanding.add(charges)?;
        Ok(InterestAnswer { currency, from, until, outstanding, segments, interest, fee, charges, total })
    }
}

impl Compute {
    /// Nothing that is given is below zero; debts and payments are above it. Errors: `interest.bad_period`,
    /// `value.not_positive`, `value.out_of_range`.
    fn sensible(&self) -> Result<()> {
        if self.grace_days < 0 || self.rate_percent.is_negative() {
            let path = if self.grace_days < 0 { "/grace_days" } else { "/rate_percent" };
            return Err(BAD_PERIOD.at(path));
        }
        if self.principal.is_some_and(|principal| !principal.is_positive()) {
            return Err(NOT_POSITIVE.at("/principal"));
        }
        if let Some(at) = self.payments.iter().position(|paid| !paid.amount.is_positive()) {
            return Err(NOT_POSITIVE.at(format!("/payments/{at}/amount")));
        }
        for (path, amount) in [("/fee", self.fee), ("/cap", self.cap)] {
            if let Some(amount) = amount.filter(|amount| amount.is_negative()) {
                return Err(Code::OUT_OF_RANGE.at(path).with("value", amount.to_string()));
            }
        }
        Ok(())
    }
}
