//! The waterfall: what the effects of later stages make of the price that the first stage made (commerce.md 2.3). Pure.
//!
//! Stages run in their order; within one, the larger priority first, then prices, then per cents of what is left, then
//! amounts, then formulas. Effects that stand side by side there give the same price in any order; those that would not
//! (two prices, two formulas, rounded per cents) are ambiguous. An effect takes no more than there is. What a group or
//! a level excludes stays in the trace.

use super::engine::{Considered, Question, Rule, Verdict, priced};
use super::records::{Comparator, PriceBase, PriceMethod, PriceStage, TieBreak, UnitRounding};
use super::strategy::Strategy;
use super::unit_price::UnitPrice;
use crm_kernel::dec::Rounding;
use crm_kernel::error::Result;
use std::cmp::Reverse;

/// A group of effects that exclude one another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The record.
    pub id: i64,
    /// Groups are judged in the order of their codes.
    pub code: String,
    /// Which effects stay.
    pub comparator: Comparator,
    /// The other group; 0 for none.
    pub against: i64,
    /// What becomes of effects that are worth the same.
    pub last: TieBreak,
}

/// One effect on the price of one unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The candidate's place.
    pub at: usize,
    /// What it started from.
    pub base: UnitPrice,
    /// The price after it.
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
    posting: Posting,
    trace: &mut [Considered],
) -> Result<Flow> {
    let run = Run { start, candidates, question, strategy, posting };
    let mut exclude = |at: usize, group: i64| {
        if let Some(slot) = trace.get_mut(at) {
            slot.verdict = Verdict::Excluded(group);
        }
    };
    let mut hits: Vec<usize> = later.to_vec();
    // Free goods change no price, and documents are judged when they are added up.
    hits.retain(|at| run.rule(*at).is_some_and(|rule| rule.effect.method != PriceMethod::FreeGoods));
    run.keep_one_level(&mut hits, &mut exclude)?;
    let (mut price, mut steps) = (start, Vec::new());
    let stages = [PriceStage::Contract, PriceStage::Volume, PriceStage::Promotion, PriceStage::Partner];
    for stage in stages {
        let mut here: Vec<usize> =
            hits.iter().copied().filter(|at| run.rule(*at).is_some_and(|rule| rule.stage == stage)).collect();
        if let Some(tied) = run.exclude(&mut here, price, groups, &mut exclude)? {
            return Ok(Flow::Ambiguous(tied));
        }
        if let Some(tied) = run.put_in_order(&mut here) {
            return Ok(Flow::Ambiguous(tied));
        }
        for at in here {
            let Some(step) = run.step(at, price)? else { continue };
            price = step.price;
            steps.push(step);
        }
    }
    Ok(Flow::Price(price, steps))
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

    /// What an effect makes of a price.
    fn step(&self, at: usize, running: UnitPrice) -> Result<Option<Step>> {
        let Some(rule) = self.rule(at) else { return Ok(None) };
        let base = match rule.effect.base {
            PriceBase::List => self.start,
            PriceBase::Running | PriceBase::Cost | PriceBase::BaseList => running,
        };
        let Some((_, after)) = priced(rule, self.question, Some(base))? else { return Ok(None) };
        let changed = if rule.effect.is_fixed() {
            after
        } else {
            let rounded =
                with_rounded_effect(base, after, self.posting.digits, self.strategy.effect_rounding)?;
            if base == running { rounded } else { running.and(rounded.minus(base)?)? }
        };
        let capped = changed.amount().is_negative();
        let price = if capped { UnitPrice::ZERO } else { changed };
        Ok(Some(Step { at, base, price, share: price.minus(running)?, capped }))
    }

    /// By how much an effect lowers a price. Free goods and documents lower none.
    fn contribution(&self, at: usize, price: UnitPrice) -> Result<UnitPrice> {
        match self.step(at, price)? {
            Some(step) => price.minus(step.price),
            None => Ok(UnitPrice::ZERO),
        }
    }

    /// Of the levels of the strategy the first with an effect stays.
    fn keep_one_level(&self, hits: &mut Vec<usize>, exclude: &mut impl FnMut(usize, i64)) -> Result<()> {
        let mut taken = None;
        for level in self.strategy.levels.iter() {
            let of_level = |at: &usize| self.rule(*at).is_some_and(|rule| rule.stage == *level);
            let mut works = *level == PriceStage::Manual && self.question.manual;
            for at in hits.iter().copied().filter(|at| of_level(at)) {
                works = works || self.contribution(at, self.start)? != UnitPrice::ZERO;
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
                exclude(*at, 0);
            }
            stays
        });
        Ok(())
    }

    /// Groups keep what their comparators say. Gives the effects that cannot be told apart.
    fn exclude(
        &self,
        here: &mut Vec<usize>,
        price: UnitPrice,
        groups: &[Group],
        exclude: &mut impl FnMut(usize, i64),
    ) -> Result<Option<Vec<usize>>> {
        if !here.iter().any(|at| self.rule(*at).is_some_and(|rule| rule.group != 0)) {
            return Ok(None);
        }
        let mut worth: Vec<(usize, i64, UnitPrice)> = Vec::with_capacity(here.len());
        for at in here.iter() {
            let group = self.rule(*at).map_or(0, |rule| rule.group);
            worth.push((*at, group, self.contribution(*at, price)?));
        }
        let mut order: Vec<&Group> = groups.iter().collect();
        order.sort_by(|one, other| one.code.cmp(&other.code));
        for group in order {
            let mine: Vec<(usize, UnitPrice)> =
                worth.iter().filter(|one| one.1 == group.id).map(|one| (one.0, one.2)).collect();
            if mine.is_empty() {
                continue;
            }
            let total = |id: i64| -> Result<UnitPrice> {
                let of = worth.iter().filter(|one| one.1 == id);
                of.into_iter().try_fold(UnitPrice::ZERO, |sum, one| sum.and(one.2))
            };
            let gone: Vec<usize> = match group.comparator {
                Comparator::Best | Comparator::Worst => {
                    let values = mine.iter().map(|one| one.1);
                    let best = match group.comparator {
                        Comparator::Best => values.max_by(|one, other| one.compare(*other)),
                        _ => values.min_by(|one, other| one.compare(*other)),
                    };
                    let equal: Vec<usize> =
                        mine.iter().filter(|one| Some(one.1) == best).map(|one| one.0).collect();
                    let winner = match equal.as_slice() {
                        [only] => *only,
                        _ => match super::engine::last_resort(group.last, self.candidates, &equal) {
                            Some(winner) => winner,
                            None => return Ok(Some(equal)),
                        },
                    };
                    mine.iter().map(|one| one.0).filter(|at| *at != winner).collect()
                }
                Comparator::BestTotal | Comparator::WorstTotal => {
                    let other: Vec<usize> =
                        worth.iter().filter(|one| one.1 == group.against).map(|one| one.0).collect();
                    let order = total(group.id)?.compare(total(group.against)?);
                    let stays = match group.comparator {
                        Comparator::BestTotal => order.is_ge(),
                        _ => order.is_le(),
                    };
                    match (other.is_empty(), stays) {
                        (true, _) => Vec::new(),
                        (false, true) => other,
                        (false, false) => mine.iter().map(|one| one.0).collect(),
                    }
                }
                Comparator::Suppress => match mine.iter().any(|one| one.1 != UnitPrice::ZERO) {
                    true => worth.iter().filter(|one| one.1 == group.against).map(|one| one.0).collect(),
                    false => Vec::new(),
                },
            };
            for at in &gone {
                exclude(*at, group.id);
            }
            worth.retain(|one| !gone.contains(&one.0));
        }
        here.retain(|at| worth.iter().any(|one| one.0 == *at));
        Ok(None)
    }

    /// The order of the effects of one stage; gives those that no priority puts before one another although it matters.
    fn put_in_order(&self, here: &mut [usize]) -> Option<Vec<usize>> {
        let key = |at: usize| {
            let rule = self.rule(at);
            (Reverse(rule.and_then(|rule| rule.priority)), rule.map(class), rule.map(|rule| rule.id))
        };
        here.sort_by_key(|at| key(*at));
        for (at, next) in here.iter().zip(here.iter().skip(1)) {
            let (one, other) = (key(*at), key(*next));
            let rounds = self.strategy.effect_rounding.is_some() && one.1 == Some(Class::Percent);
            let matters = matches!(one.1, Some(Class::Price | Class::Formula)) || rounds;
            if one.0 == other.0 && one.1 == other.1 && matters {
                return Some(vec![*at, *next]);
            }
        }
        None
    }
}

/// Effects of one class give the same in any order, but for prices and formulas.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    Price,
    Percent,
    Amount,
    Formula,
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
