//! The waterfall: what the effects of later stages make of the price that the first stage made (commerce.md 2.3). Pure.
//!
//! Stages run in their order; within one, the larger priority first, then prices, then per cents of what is left, then
//! amounts, then formulas. Effects that stand side by side there give the same price in any order; those that would not
//! (two prices, two formulas, rounded per cents, amounts of both signs that may use up what there is) are ambiguous. An
//! effect takes no more than there is.
//!
//! Effects of a group are compared by where the price of the stage ends with them, together with those that stay in any
//! case: that is what the buyer pays, and no id has a part in it. An effect that changes nothing excludes no other. A
//! group that may be excluded is judged after those that may exclude it. What a group or a level excludes stays in the
//! trace.

use super::engine::{Considered, Question, Rule, Verdict, priced, quantity_in};
use super::records::{Comparator, PriceBase, PriceMethod, PriceStage, TieBreak, UnitRounding};
use super::scale::dec;
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
        here.sort_by_key(|at| run.rule(*at).map(|rule| (order(rule), rule.id)));
        if let Some(tied) = run.exclude(&mut here, price, groups, &mut say)? {
            return Ok(Flow::Ambiguous(tied));
        }
        let place = |at: &usize| run.rule(*at).map(order);
        for beside in here.chunk_by(|one, next| place(one) == place(next)) {
            if beside.len() > 1 && run.order_matters(beside, price)? {
                return Ok(Flow::Ambiguous(beside.to_vec()));
            }
            for at in beside {
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

    /// Groups keep what their comparators say of the effects of one stage. Gives the effects that cannot be told apart.
    fn exclude(
        &self,
        here: &mut Vec<usize>,
        price: UnitPrice,
        groups: &[Group],
        say: &mut impl FnMut(usize, Verdict, Option<TieBreak>),
    ) -> Result<Option<Vec<usize>>> {
        let of = |at: usize| self.rule(at).map_or(0, |rule| rule.group);
        if here.iter().all(|at| of(*at) == 0) {
            return Ok(None);
        }
        let mut waiting: Vec<&Group> =
            groups.iter().filter(|group| here.iter().any(|at| of(*at) == group.id)).collect();
        waiting.sort_by(|one, other| one.code.cmp(&other.code));
        while !waiting.is_empty() {
            let free = |group: &&Group| !waiting.iter().any(|other| other.goes_before(group));
            let group = waiting.remove(waiting.iter().position(free).unwrap_or(0));
            let stays = |at: usize| {
                let other = of(at);
                let compared = other == group.id || other == group.against;
                other == 0 || !(compared || waiting.iter().any(|waits| waits.id == other))
            };
            // Where the price ends with some of the group, beside what stays in any case.
            let end = |with: &[usize]| {
                self.end(price, here.iter().copied().filter(|at| stays(*at) || with.contains(at)))
            };
            let (gone, named) = match self.judge(group, here, end)? {
                Ok(judged) => judged,
                Err(tied) => return Ok(Some(tied)),
            };
            gone.iter().for_each(|at| say(*at, Verdict::Excluded(group.id), None));
            named.iter().for_each(|at| say(*at, Verdict::Applied, Some(group.last)));
            here.retain(|at| !gone.contains(at));
        }
        Ok(None)
    }

    /// Which of the effects here a group excludes, and which stay since its last resort names them; or those that cannot
    /// be told apart. `end` tells where the price ends with some of them.
    fn judge(
        &self,
        group: &Group,
        here: &[usize],
        end: impl Fn(&[usize]) -> Result<UnitPrice>,
    ) -> Result<std::result::Result<(Vec<usize>, Vec<usize>), Vec<usize>>> {
        let members = |id: i64| -> Vec<usize> {
            let of = |at: &usize| self.rule(*at).is_some_and(|rule| rule.group == id);
            here.iter().copied().filter(of).collect()
        };
        let (without, mine) = (end(&[])?, members(group.id));
        let working = |sets: Vec<Vec<usize>>| -> Result<Vec<(Vec<usize>, UnitPrice)>> {
            let mut found = Vec::with_capacity(sets.len());
            for set in sets {
                let end = end(&set)?;
                if end != without {
                    found.push((set, end));
                }
            }
            Ok(found)
        };
        let single = || mine.iter().map(|at| vec![*at]).collect();
        let (rivals, lowest) = match group.comparator {
            Comparator::Best => (working(single())?, true),
            Comparator::Worst => (working(single())?, false),
            Comparator::Suppress => {
                let works = !working(single())?.is_empty();
                return Ok(Ok((if works { members(group.against) } else { Vec::new() }, Vec::new())));
            }
            Comparator::BestTotal => (working(vec![mine.clone(), members(group.against)])?, true),
            Comparator::WorstTotal => (working(vec![mine.clone(), members(group.against)])?, false),
        };
        let ends = rivals.iter().map(|rival| rival.1);
        let wanted = match lowest {
            true => ends.min_by(|one, other| one.compare(*other)),
            false => ends.max_by(|one, other| one.compare(*other)),
        };
        let Some(wanted) = wanted else { return Ok(Ok((Vec::new(), Vec::new()))) };
        let equal: Vec<&Vec<usize>> =
            rivals.iter().filter(|rival| rival.1 == wanted).map(|rival| &rival.0).collect();
        let (winner, named) = match equal.as_slice() {
            [only] => (*only, Vec::new()),
            several => {
                let all: Vec<usize> = several.iter().flat_map(|set| set.iter().copied()).collect();
                let named = super::engine::last_resort(group.last, self.candidates, &all);
                match named.and_then(|named| several.iter().find(|set| set.contains(&named))) {
                    Some(winner) => (*winner, winner.to_vec()),
                    None => return Ok(Err(all)),
                }
            }
        };
        let mut gone = mine.clone();
        if group.compares_totals() {
            gone.extend(members(group.against));
        }
        gone.retain(|at| !winner.contains(at));
        Ok(Ok((gone, named)))
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

impl Group {
    fn compares_totals(&self) -> bool {
        matches!(self.comparator, Comparator::BestTotal | Comparator::WorstTotal)
    }

    /// Whether a group is judged before another: it may exclude that one, or is one whose own choice the other's total
    /// is compared with.
    fn goes_before(&self, other: &Group) -> bool {
        let chooses = |group: &Group| matches!(group.comparator, Comparator::Best | Comparator::Worst);
        let (names, named) = (self.against == other.id, other.against == self.id);
        (names && !(self.compares_totals() && chooses(other)))
            || (named && other.compares_totals() && chooses(self))
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
