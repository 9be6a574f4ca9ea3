//! Pure decisions of credit (commerce.md 2.11).

use crate::ordering::{Order, OrderState, worth};
use crm_kernel::Choice;
use crm_kernel::date::Date;
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::error::Result;
use crm_kernel::money::RoundingPolicy;

/// What the exposure of a holder is made of, in one currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Buckets {
    /// Orders in effect, neither delivered nor booked as debts.
    pub open_orders: Dec,
    /// Delivered and not booked as a debt.
    pub delivered_not_invoiced: Dec,
    /// Debts not paid.
    pub invoiced: Dec,
    /// Advances; they make it less.
    pub advances: Dec,
}

impl Buckets {
    /// The exposure: below zero where more was prepaid than is owed.
    pub fn used(&self) -> Result<Dec> {
        Ok(Dec::sum([self.open_orders, self.delivered_not_invoiced, self.invoiced, self.advances.neg()])?)
    }

    /// Bucket by bucket.
    pub fn plus(self, other: Buckets) -> Result<Buckets> {
        Ok(Buckets {
            open_orders: self.open_orders.add(other.open_orders)?,
            delivered_not_invoiced: self.delivered_not_invoiced.add(other.delivered_not_invoiced)?,
            invoiced: self.invoiced.add(other.invoiced)?,
            advances: self.advances.add(other.advances)?,
        })
    }

    /// With the other sign.
    pub fn negated(self) -> Buckets {
        Buckets {
            open_orders: self.open_orders.neg(),
            delivered_not_invoiced: self.delivered_not_invoiced.neg(),
            invoiced: self.invoiced.neg(),
            advances: self.advances.neg(),
        }
    }

    /// True where nothing is in it.
    pub fn is_empty(&self) -> bool {
        let all = [self.open_orders, self.delivered_not_invoiced, self.invoiced, self.advances];
        all.iter().all(|amount| amount.is_zero())
    }
}

/// How a holder is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum LimitMode {
    /// There is no limit: nothing is checked.
    NoCheck,
    /// A limit of zero: everything is prepaid.
    PrepayOnly,
    /// Up to the limit.
    Checked,
}

/// How a holder is checked: no limit is not a limit of zero (vector credit-03).
pub fn mode(limit: Option<Dec>) -> LimitMode {
    match limit {
        None => LimitMode::NoCheck,
        Some(limit) if limit.is_zero() => LimitMode::PrepayOnly,
        Some(_) => LimitMode::Checked,
    }
}

/// Where a holder stands with an amount that is to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Choice)]
pub enum CreditStatus {
    /// Nothing is checked.
    NoCheck,
    /// Within the limit.
    Ok,
    /// Within the limit, and near it.
    Watch,
    /// Beyond the limit.
    Hold,
}

/// Where a holder stands: beyond the limit is strictly greater (vector credit-02); from `watch_ratio` of it on he is
/// watched (vector credit-05).
pub fn status(limit: Option<Dec>, used: Dec, additional: Dec, watch_ratio: Dec) -> Result<CreditStatus> {
    let Some(limit) = limit else { return Ok(CreditStatus::NoCheck) };
    let sum = used.add(additional)?;
    if sum > limit {
        Ok(CreditStatus::Hold)
    } else if sum.is_positive() && sum >= limit.mul(watch_ratio)? {
        Ok(CreditStatus::Watch)
    } else {
        Ok(CreditStatus::Ok)
    }
}

/// A limit with what of it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dimension {
    /// What it is about: `customer`, `salesperson`.
    pub name: &'static str,
    /// The limit.
    pub limit: Dec,
    /// The exposure without the order.
    pub used: Dec,
}

/// What comes of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// True where some limit is exceeded.
    pub exceeded: bool,
    /// The place of the limit with the least room; none without limits.
    pub binding: Option<usize>,
    /// The room of each limit before the order.
    pub headroom: Vec<Dec>,
}

/// Checks an order against all limits at once: every one must hold it, and the one with the least room binds (vectors
/// credit-07, -08, -12). An order of nothing passes.
pub fn judge(order: Dec, dimensions: &[Dimension]) -> Result<Judgement> {
    let mut headroom = Vec::with_capacity(dimensions.len());
    for dimension in dimensions {
        headroom.push(dimension.limit.sub(dimension.used)?);
    }
    let binding = headroom.iter().enumerate().min_by_key(|(_, room)| **room).map(|(at, _)| at);
    let exceeded = order.is_positive() && headroom.iter().any(|room| order > *room);
    Ok(Judgement { exceeded, binding, headroom })
}

/// All discounts, in hundredths of a per cent.
pub const ALL_DISCOUNTS: Range = (0, 10_000);

/// Discounts in hundredths of a per cent from one up to another, along which an order only becomes less.
pub type Range = (i64, i64);

/// A discount in per cent.
pub fn percent(hundredths: i64) -> Dec {
    Dec::from_i64_at(hundredths, 2).normalize()
}

/// The least discount of a range, in hundredths of a per cent, that fits; none where none does. Where one fits, so do those
/// behind it. Errors: those of `fits`.
pub fn least_of(range: Range, mut fits: impl FnMut(i64) -> Result<bool>) -> Result<Option<i64>> {
    let (mut low, mut high) = range;
    if !fits(high)? {
        return Ok(None);
    }
    // INVARIANT: what is below `low` does not fit, `high` does.
    while low < high {
        let middle = low + (high - low) / 2;
        if fits(middle)? { high = middle } else { low = middle + 1 }
    }
    Ok(Some(high))
}

/// The largest discount of a range, in hundredths of a per cent, that is allowed; none where none is. Where one is, so are
/// those before it. Errors: those of `allowed`.
pub fn largest_of(range: Range, mut allowed: impl FnMut(i64) -> Result<bool>) -> Result<Option<i64>> {
    let first_refused = least_of((range.0, range.1 + 1), |at| Ok(at > range.1 || !allowed(at)?))?;
    Ok(first_refused.map(|at| at - 1).filter(|at| *at >= range.0))
}

/// The least discount, per cent at two decimals, with which an order fits a room: `total` says what the order comes to
/// with a discount, along each of the ranges never more with a larger one. All of it where none does. An order of nothing
/// always fits. Errors: those of `total`.
pub fn least_discount(
    room: Dec,
    ranges: &[Range],
    mut total: impl FnMut(i64) -> Result<Option<Dec>>,
) -> Result<Dec> {
    for range in ranges {
        if let Some(least) = least_of(*range, |at| Ok(fits(room, total(at)?)))? {
            return Ok(percent(least));
        }
    }
    Ok(Dec::HUNDRED)
}

/// Whether what an order comes to fits a room; no order does not.
pub fn fits(room: Dec, total: Option<Dec>) -> bool {
    total.is_some_and(|total| !total.is_positive() || total <= room)
}

/// The limit that counts on a day; none where nothing is checked. After its last day nothing more is given.
pub fn limit_on(
    amount: Dec,
    active: bool,
    from: Option<Date>,
    until: Option<Date>,
    day: Date,
) -> Option<Dec> {
    if !active || from.is_some_and(|from| day < from) {
        return None;
    }
    Some(if until.is_some_and(|until| day > until) { Dec::ZERO } else { amount })
}

/// What an order takes of limits, as open order and as delivered, in the enterprise's currency: what it comes to, with
/// what was delivered beyond it, less what was booked as debts. Delivering and invoicing only move value between buckets.
pub fn contribution(order: &Order, booked: Dec, policy: RoundingPolicy, base_digits: u8) -> Result<Buckets> {
    if !matches!(order.state, OrderState::Approved | OrderState::Held) {
        return Ok(Buckets::default());
    }
    takes(order, booked, policy, base_digits)
}

/// The same whatever the order's state: what it will take once it is in effect.
pub fn takes(order: &Order, booked: Dec, policy: RoundingPolicy, base_digits: u8) -> Result<Buckets> {
    let rest = worth(order, policy)?.sub(booked)?.max(Dec::ZERO);
    let mut delivered = Dec::ZERO;
    for line in order.lines.iter() {
        let waiting = line.delivered.sub(line.invoiced)?;
        if waiting.is_positive() && !line.quantity.is_zero() {
            delivered = delivered.add(line.total.mul_div(waiting, line.quantity, 8, Rounding::HalfUp)?)?;
        }
    }
    let rate = order.exact_rate()?;
    let base = |amount: Dec| rate.post(amount, policy, base_digits);
    // The whole is converted, then split: so the two add up to what the order is.
    let whole = base(rest)?;
    let delivered = base(delivered.round(8, Rounding::HalfUp).min(rest).max(Dec::ZERO))?.min(whole);
    Ok(Buckets {
        open_orders: whole.sub(delivered)?,
        delivered_not_invoiced: delivered,
        ..Buckets::default()
    })
}
