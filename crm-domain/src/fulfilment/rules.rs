//! Pure decisions of fulfilment (commerce.md 2.8).

use super::{BAD_SHARES, OVER_PLANNED, StepState, UNLIKE_TOTAL};
use crate::ordering::Executed;
use crm_kernel::dec::{Dec, Rounding, allocate};
use crm_kernel::error::Result;
use crm_kernel::json::Json;
use crm_kernel::money::Money;

/// A receipt of a plan that is made anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instalment {
    /// What it comes to in the plan before.
    pub amount: Dec,
    /// True where it is done or has begun: it stays as it is.
    pub frozen: bool,
    /// A new amount that is set for it.
    pub fixed: Option<Dec>,
}

/// The amounts of the receipts of a plan that is made anew, so that they come to a new total: those that are done or
/// have begun stay, those set by hand are as they were set, the others share what is left by what they were (vector
/// terms-12). `scale` is that of posted amounts. Errors: `plan.unlike_total` where nothing is left to share it, or less
/// than nothing.
pub fn rescale(total: Money, instalments: &[Instalment], scale: u8) -> Result<Vec<Dec>> {
    let set = |one: &Instalment| if one.frozen { Some(one.amount) } else { one.fixed };
    let left = total.amount.sub(Dec::sum(instalments.iter().filter_map(set))?)?;
    let open: Vec<Dec> = instalments.iter().filter(|one| set(one).is_none()).map(|one| one.amount).collect();
    let unlike = || UNLIKE_TOTAL.error().with("total", total).with("left", Money::new(left, total.currency));
    if left.is_negative() || (open.is_empty() && !left.is_zero()) {
        return Err(unlike());
    }
    let even = open.iter().all(|amount| amount.is_zero());
    let weights = if even { vec![Dec::ONE; open.len()] } else { open };
    let mut shares = allocate(left, &weights, scale)?.into_iter();
    Ok(instalments.iter().map(|one| set(one).or_else(|| shares.next()).unwrap_or_default()).collect())
}

/// A share of a pattern is above 0 and at most 100 per cent. Errors: `plan.bad_shares`.
pub fn share(percent: Option<Dec>) -> Result<Dec> {
    let percent = percent.unwrap_or(Dec::HUNDRED);
    if percent.is_positive() && percent <= Dec::HUNDRED { Ok(percent) } else { Err(BAD_SHARES.error()) }
}

/// The quantity of a line that a step is about: its share, rounded half up to six decimals.
pub fn planned_quantity(quantity: Dec, percent: Dec) -> Result<Dec> {
    Ok(quantity.mul_div(percent, Dec::HUNDRED, 6, Rounding::HalfUp)?.normalize())
}

/// Refuses to do more than is planned. Errors: `plan.over_planned` with what is left and what was wanted, as `shown`
/// shows both.
pub fn within<J: Into<Json>>(wanted: Dec, left: Dec, shown: impl Fn(Dec) -> J) -> Result<()> {
    if wanted > left {
        return Err(OVER_PLANNED.error().with("left", shown(left)).with("wanted", shown(wanted)));
    }
    Ok(())
}

/// The state of a step of which `done` of `planned` is done.
pub fn progress(done: Dec, planned: Dec) -> StepState {
    if done >= planned {
        StepState::Done
    } else if done.is_positive() {
        StepState::Partly
    } else {
        StepState::Planned
    }
}

/// How much of what is planned is done, in per cent with two decimals; all of it where nothing is planned.
pub fn done_percent(done: Dec, planned: Dec) -> Result<Dec> {
    if planned.is_zero() {
        return Ok(Dec::HUNDRED);
    }
    Ok(done.mul_div(Dec::HUNDRED, planned, 2, Rounding::HalfUp)?)
}

/// What steps do with goods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GoodsEffect {
    /// They go out.
    Delivered,
    /// They come back.
    Returned,
    /// They are billed.
    Invoiced,
}

impl GoodsEffect {
    const ALL: [GoodsEffect; 3] = [GoodsEffect::Delivered, GoodsEffect::Returned, GoodsEffect::Invoiced];
}

/// A line of the order: how much of it there is, and what was done with it, by whatever way.
#[derive(Clone, Copy, Debug)]
pub struct OrderedLine {
    /// Its number.
    pub no: i64,
    /// How much was ordered.
    pub quantity: Dec,
    /// What was delivered, returned and invoiced.
    pub executed: Executed,
}

impl OrderedLine {
    fn executed(&self, effect: GoodsEffect) -> Dec {
        match effect {
            GoodsEffect::Delivered => self.executed.delivered,
            GoodsEffect::Returned => self.executed.returned,
            GoodsEffect::Invoiced => self.executed.invoiced,
        }
    }
}

/// A step about goods, in the order in which steps take what was done by another way.
#[derive(Clone, Debug)]
pub struct GoodsStep {
    /// Its number.
    pub no: i64,
    /// What it does.
    pub effects: Vec<GoodsEffect>,
    /// Its share of every line, in per cent.
    pub percent: Dec,
    /// What was executed for it, by line of the order.
    pub executed: Vec<(i64, Dec)>,
}

/// What of a line is done for a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepLine {
    /// The line of the order.
    pub line: i64,
    /// How much is planned.
    pub planned: Dec,
    /// How much is done with all its effects.
    pub done: Dec,
    /// How much is done with any of them.
    pub begun: Dec,
    /// How much was invoiced for it by another way than its execution.
    pub invoiced_otherwise: Dec,
}

/// What is done for every step: what was executed for it, and of what was done by another way (an invoice that was
/// issued directly, goods that went out before there was a plan) as much as it still plans, in the order of the steps.
/// The lines stand in the order of the order's.
pub fn goods_done(lines: &[OrderedLine], steps: &[GoodsStep]) -> Result<Vec<Vec<StepLine>>> {
    let mut done = Vec::with_capacity(steps.len());
    for step in steps {
        let one = |line: &OrderedLine| {
            // What goes out beyond the order is billed, too.
            let only_billed = step.effects == [GoodsEffect::Invoiced];
            let whole = if only_billed { line.executed.billable(line.quantity) } else { line.quantity };
            let planned = planned_quantity(whole, step.percent)?;
            let (done, begun) = (Dec::ZERO, Dec::ZERO);
            Ok(StepLine { line: line.no, planned, done, begun, invoiced_otherwise: Dec::ZERO })
        };
        done.push(lines.iter().map(one).collect::<Result<Vec<_>>>()?);
    }
    let of_step = |step: &GoodsStep, line: i64| {
        let found = step.executed.iter().find(|(no, _)| *no == line);
        found.map_or(Dec::ZERO, |(_, quantity)| *quantity)
    };
    for (at, line) in lines.iter().enumerate() {
        for effect in GoodsEffect::ALL {
            let with = |step: &&GoodsStep| step.effects.contains(&effect);
            let own = Dec::sum(steps.iter().filter(with).map(|step| of_step(step, line.no)))?;
            let mut otherwise = line.executed(effect).sub(own)?.max(Dec::ZERO);
            for (step, done) in steps.iter().zip(&mut done).filter(|(step, _)| with(step)) {
                let Some(place) = done.get_mut(at) else { continue };
                let own = of_step(step, line.no);
                let taken = place.planned.sub(own)?.max(Dec::ZERO).min(otherwise);
                otherwise = otherwise.sub(taken)?;
                let sum = own.add(taken)?;
                let first = step.effects.first() == Some(&effect);
                place.done = if first { sum } else { place.done.min(sum) };
                place.begun = place.begun.max(sum);
                if effect == GoodsEffect::Invoiced {
                    place.invoiced_otherwise = taken;
                }
            }
        }
    }
    Ok(done)
}
