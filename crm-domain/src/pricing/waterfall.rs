//! The waterfall: what the effects of later stages make of the price that the first stage made (commerce.md 2.3). Pure.
//!
//! Stages run in their order; within one, the larger priority first, then prices, then per cents of what is left, then
//! amounts, then formulas. Effects that stand side by side there give the same price in any order; those that would not
//! (two prices, two formulas, rounded per cents, amounts of both signs that may use up what there is) are ambiguous. An
//! effect takes no more than there is. Side by side they are told, and of what there is they take, in the order of the
//! codes of their rules, whichever was made first.
//!
//! Groups say which effects of a stage exclude one another ([`exclusion`](super::exclusion)), compared by where the price
//! of the stage ends with them. What a group or a level excludes stays in the trace.

use super::engine::{Considered, Question, Rule, Verdict, priced, quantity_in};
use super::exclusion::{Effects, Group, Ruling, exclude};
use super::records::{PriceBase, PriceMethod, PriceStage, TieBreak, UnitRounding};
use super::scale::dec;
use super::strategy::Strategy;
use super::unit_price::UnitPrice;
use crm_kernel::dec::Rounding;
use crm_kernel::error::Result;
use std::cmp::Reverse;

/// One effect on the price of one unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The candidate's place.
    pub at: usize,
    /// What it started from.
    pub base: UnitPrice,
    /// The price that it makes.
    pub made: UnitPrice,
    /// The price after it: what it makes, or the line's part of what it makes of several lines.
    pub price: UnitPrice,
    /// What it changed, exactly; below zero where it took something off.
    pub share: UnitPrice,
    /// It would have taken more than there was.
    pub capped: bool,
}

/// What the effects made of a price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flow {
    /// The price, and how it came about.
    Price(UnitPrice, Vec<Step>),
    /// The candidates at these places cannot be put in an order, or cannot be told apart.
    Ambiguous(Vec<usize>),
}

/// In which order effects work that stand side by side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Beside {
    /// By the codes of their rules.
    #[default]
    ByCode,
    /// As their rules were made: so it was when earlier forms of derivations were written.
    AsMade,
}

impl Beside {
    fn of(self, rule: &Rule) -> (&str, i64) {
        match self {
            Beside::ByCode => (&rule.code, rule.id),
            Beside::AsMade => ("", rule.id),
        }
    }
}

/// How amounts are posted: the digits of the currency, and its rounding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posting {
    /// Decimals.
    pub digits: u8,
    /// How.
    pub rounding: Rounding,
}

/// Lets the effects of later stages work on a price in the product's unit. `later` are the places of the candidates that
/// passed; effects of the stage `document` are left to the totals. The verdicts of what is excluded are put into `trace`.
/// Errors: `value.out_of_range`.
pub fn flow(
    start: UnitPrice,
    candidates: &[&Rule],
    later: &[usize],
    question: &Question<'_>,
    strategy: &Strategy,
    groups: &[Group],
    beside: Beside,
    posting: Posting,
    trace: &mut [Considered],
) -> Result<Flow> {
    let run = Run { start, candidates, question, strategy, posting };
    let mut say = |at: usize, verdict: Verdict, named: Option<TieBreak>| {
        if let Some(slot) = trace.get_mut(at) {
            (slot.verdict, slot.named) = (verdict, named);
        }
    };
    let mut hits: Vec<usize> = later.to_vec();
    run.keep_one_level(&mut hits, &mut say)?;
    let (mut price, mut steps) = (start, Vec::new());
    for stage in LATER {
        // Free goods change no price.
        let works = |rule: &Rule| rule.stage == stage && rule.effect.method != PriceMethod::FreeGoods;
        let mut here: Vec<usize> =
            hits.iter().copied().filter(|at| run.rule(*at).is_some_and(works)).collect();
        here.sort_by_key(|at| run.rule(*at).map(|rule| (order(rule), beside.of(rule))));
        let stage = Here { run: &run, price, places: &here };
        match exclude(&stage, candidates, &here, groups)? {
            Ok(rulings) => {
                for (at, ruling) in rulings {
                    match ruling {
                        Ruling::Excluded(group) => say(at, Verdict::Excluded(group.id), None),
                        Ruling::Named(last) => say(at, Verdict::Applied, Some(last)),
                    }
                    here.retain(|other| *other != at || !matches!(ruling, Ruling::Excluded(_)));
                }
            }
            Err(tied) => return Ok(Flow::Ambiguous(tied)),
        }
        let place = |at: &usize| run.rule(*at).map(order);
        for equal in here.chunk_by(|one, next| place(one) == place(next)) {
            if equal.len() > 1 && run.order_matters(equal, price)? {
                return Ok(Flow::Ambiguous(equal.to_vec()));
            }
            for at in equal {
                let Some(step) = run.step(*at, price)? else { continue };
                price = step.price;
                steps.push(step);
            }
        }
    }
    Ok(Flow::Price(price, steps))
}

/// The stages behind the first that change the price of one, in their order.
const LATER: [PriceStage; 4] =
    [PriceStage::Contract, PriceStage::Volume, PriceStage::Promotion, PriceStage::Partner];

/// Where an effect stands among those on one price: by its stage, then by its priority, then by its class.
pub(super) fn order(rule: &Rule) -> (Option<usize>, Reverse<Option<i64>>, Class) {
    (LATER.iter().position(|stage| *stage == rule.stage), Reverse(rule.priority), class(rule))
}

/// The price of one as the strategy wants it: exact, or at the digits of its currency. Errors: `value.out_of_range`.
pub fn rounded(price: UnitPrice, strategy: &Strategy, posting: Posting) -> Result<UnitPrice> {
    match strategy.unit_rounding {
        UnitRounding::Line => Ok(price),
        UnitRounding::Unit => Ok(UnitPrice::from(price.rounded(posting.digits, posting.rounding)?)),
    }
}

/// What an effect leaves of a price where what it changes is rounded by itself. Errors: `value.out_of_range`.
pub fn with_rounded_effect(
    before: UnitPrice,
    after: UnitPrice,
    digits: u8,
    rounding: Option<Rounding>,
) -> Result<UnitPrice> {
    let Some(rounding) = rounding else { return Ok(after) };
    before.and(UnitPrice::from(after.minus(before)?.rounded(digits, rounding)?))
}

/// The effects of one stage on the price that it starts from.
struct Here<'r, 'a> {
    run: &'r Run<'a>,
    price: UnitPrice,
    /// In the order in which they work.
    places: &'r [usize],
}

impl Effects for Here<'_, '_> {
    fn end(&self, takes_part: &dyn Fn(usize) -> bool) -> Result<UnitPrice> {
        self.run.end(self.price, self.places.iter().copied().filter(|at| takes_part(*at)))
    }
}

struct Run<'a> {
    start: UnitPrice,
    candidates: &'a [&'a Rule],
    question: &'a Question<'a>,
    strategy: &'a Strategy,
    posting: Posting,
}

impl Run<'_> {
    fn rule(&self, at: usize) -> Option<&Rule> {
        self.candidates.get(at).copied()
    }

    /// What an effect makes of a price where nothing keeps it from falling below zero, and what it started from.
    fn change(&self, at: usize, running: UnitPrice) -> Result<Option<(UnitPrice, UnitPrice)>> {
        let Some(rule) = self.rule(at) else { return Ok(None) };
        let base = match rule.effect.base {
            PriceBase::List => self.start,
            PriceBase::Running | PriceBase::Cost | PriceBase::BaseList => running,
        };
        let Some((_, after)) = priced(rule, self.question, Some(base))? else { return Ok(None) };
        if rule.effect.is_fixed() {
            return Ok(Some((base, after)));
        }
        let rounded = with_rounded_effect(base, after, self.posting.digits, self.strategy.effect_rounding)?;
        Ok(Some((base, if base == running { rounded } else { running.and(rounded.minus(base)?)? })))
    }

    /// What an effect makes of a price.
    fn step(&self, at: usize, running: UnitPrice) -> Result<Option<Step>> {
        let Some((base, changed)) = self.change(at, running)? else { return Ok(None) };
        let capped = changed.amount().is_negative();
        let made = if capped { UnitPrice::ZERO } else { changed };
        let id = self.rule(at).map(|rule| rule.id);
        let shared = self.question.allocated.iter().find(|(rule, _)| Some(*rule) == id);
        let price = shared.map_or(made, |(_, price)| *price);
        Ok(Some(Step { at, base, made, price, share: price.minus(running)?, capped }))
    }

    /// Where a price ends by the effects at some places, which are in order.
    fn end(&self, price: UnitPrice, places: impl Iterator<Item = usize>) -> Result<UnitPrice> {
        let mut running = price;
        for at in places {
            if let Some(step) = self.step(at, running)? {
                running = step.made;
            }
        }
        Ok(running)
    }

    /// Whether a rule does something to what it starts from: it changes the price, or gives something for nothing.
    fn works(&self, at: usize) -> Result<bool> {
        let Some(rule) = self.rule(at) else { return Ok(false) };
        if let Some(free) = &rule.effect.free {
            let quantity = dec(quantity_in(self.question, rule.unit).unwrap_or(0));
            return Ok(!free.given(quantity, dec(rule.effect.value))?.free.is_zero());
        }
        Ok(self.step(at, self.start)?.is_some_and(|step| step.made != self.start))
    }

    /// Of the levels of the strategy the first with an effect stays.
    fn keep_one_level(
        &self,
        hits: &mut Vec<usize>,
        say: &mut impl FnMut(usize, Verdict, Option<TieBreak>),
    ) -> Result<()> {
        let mut taken = None;
        for level in self.strategy.levels.iter() {
            let of_level = |at: &usize| self.rule(*at).is_some_and(|rule| rule.stage == *level);
            let mut works = *level == PriceStage::Manual && self.question.manual;
            for at in hits.iter().copied().filter(|at| of_level(at)) {
                works = works || self.works(at)?;
            }
            if works {
                taken = Some(*level);
                break;
            }
        }
        let Some(taken) = taken else { return Ok(()) };
        hits.retain(|at| {
            let stage = self.rule(*at).map(|rule| rule.stage);
            let stays =
                stage == Some(taken) || !stage.is_some_and(|stage| self.strategy.levels.contains(&stage));
            if !stays {
                say(*at, Verdict::Excluded(0), None);
            }
            stays
        });
        Ok(())
    }

    /// Whether effects that stand side by side would give another price in another order.
    fn order_matters(&self, beside: &[usize], price: UnitPrice) -> Result<bool> {
        match beside.first().and_then(|at| self.rule(*at)).map(class) {
            Some(Class::Amount) => {
                // Amounts add up in any order until one would take more than there is and another adds something.
                let (mut least, mut adds) = (price, false);
                for at in beside {
                    let Some((_, after)) = self.change(*at, price)? else { continue };
                    let share = after.minus(price)?;
                    match share.amount().is_negative() {
                        true => least = least.and(share)?,
                        false => adds |= share != UnitPrice::ZERO,
                    }
                }
                Ok(adds && least.amount().is_negative())
            }
            Some(class) => Ok(class.hangs_on_order(self.strategy.effect_rounding.is_some())),
            None => Ok(false),
        }
    }
}

/// Effects of one class give the same in any order, but for prices and formulas.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    Price,
    Percent,
    Amount,
    Formula,
}

impl Class {
    /// Whether two effects that stand side by side leave something else in another order, where neither takes more than
    /// there is; `rounded` where what each changes is rounded by itself.
    pub(super) fn hangs_on_order(self, rounded: bool) -> bool {
        match self {
            Class::Price | Class::Formula => true,
            Class::Percent => rounded,
            Class::Amount => false,
        }
    }
}

fn class(rule: &Rule) -> Class {
    let fees =
        rule.effect.scale.as_ref().is_some_and(|scale| scale.tiers.iter().any(|tier| tier.flat_fee != 0));
    match rule.effect.method {
        _ if rule.effect.formula.is_some() || (fees && rule.effect.base == PriceBase::Running) => {
            Class::Formula
        }
        PriceMethod::FixedPrice => Class::Price,
        PriceMethod::DiscountPercent | PriceMethod::SurchargePercent
            if rule.effect.base == PriceBase::Running =>
        {
            Class::Percent
        }
        _ => Class::Amount,
    }
}
