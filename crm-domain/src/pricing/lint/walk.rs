//! Following what a line comes to from bound to bound: where more costs less, and where a price falls below zero.

use super::corners::{Asked, Counting, Point, bounds};
use super::{Cliff, Fault, Look, Witness, on_documents_by_group};
use crate::pricing::engine::{AmountAt, Counted, Rule};
use crate::pricing::records::{PriceBase, PriceMethod, PriceStage, QuantityBasis, UnitRounding};
use crate::pricing::scale::{OPEN, SCALE, dec};
use crate::pricing::unit_price::UnitPrice;
use crm_kernel::currency::Currency;
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::error::Result;
use std::collections::BTreeSet;

impl<'a> Look<'a, '_> {
    /// Bounds behind which more costs less, of tiers, of rules and between them, and prices below zero. Between two bounds
    /// more does not cost less; where that is not sure, it is not called clean.
    pub(super) fn walk(&mut self, most: usize, faults: &mut Vec<Fault>) -> Result<()> {
        let mut told = BTreeSet::new();
        for point in self.points() {
            if faults.len() >= most {
                self.complete = false;
                break;
            }
            let near: Vec<&Rule> =
                self.rules.rules().iter().filter(|rule| point.is_of(rule.product)).collect();
            let off = near.iter().any(|rule| takes_off(rule));
            if !near.iter().any(|rule| is_bounded(rule)) && !off {
                continue;
            }
            self.complete &= self.is_walkable(&point, &near);
            let own = point.known.and_then(|known| known.currency).unwrap_or(self.world.currency);
            let mut currencies: BTreeSet<Currency> =
                near.iter().filter_map(|rule| self.fixed_currency(rule)).collect();
            // One that no rule is for shows what those for all do.
            let other = self.world.currencies.iter().find(|one| **one != own && !currencies.contains(one));
            currencies.extend([own].into_iter().chain(other.copied()));
            for currency in currencies {
                let holds = |rule: &&&Rule| self.fixed_currency(rule).is_none_or(|one| one == currency);
                let near: Vec<&Rule> = near.iter().filter(holds).copied().collect();
                for positions in self.sellers(&near) {
                    let positions = positions.as_slice();
                    let asked = Asked { point, currency, must: &[], near: &near, optional: &near, positions };
                    for others in self.others(&asked)? {
                        self.walk_as(&asked, others, currency == own, &mut told, faults)?;
                        if self.left == 0 {
                            self.complete = false;
                            return Ok(());
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// Whether what a line comes to can be followed from quantity to quantity by some rules.
    fn is_walkable(&self, point: &Point<'a>, near: &[&Rule]) -> bool {
        let mixed = mixed(point, near);
        let told = |rule: &&&Rule| {
            let counting = point.counting(rule);
            let spent = matches!(counting, Counting::Spent(_));
            // What is counted of other lines with what this one comes to on the way to its price.
            let moved = spent && counts_others(rule) && rule.stage != PriceStage::Document;
            // Of levels one may take the place of what comes off the document.
            let level = rule.stage == PriceStage::Document && !self.strategy.levels.is_empty();
            counting != Counting::Free && !(moved && mixed) && !(level && counts_others(rule))
        };
        let gives = near.iter().any(|rule| rule.effect.free.as_ref().is_some_and(|free| free.inclusive));
        // What a line bears of fees and packages grows with it by itself, and no longer where it is rounded or less by
        // an amount, or where other lines bear of them, too.
        let shares = near.iter().any(|rule| rule.effect.shares());
        let rounds = self.strategy.unit_rounding == UnitRounding::Unit
            || self.strategy.effect_rounding.is_some()
            || near.iter().any(|rule| rule.effect.formula.is_some());
        let off = near.iter().any(|rule| rule.effect.method == PriceMethod::AmountOff);
        let told = near.iter().filter(|rule| is_bounded(rule)).all(|rule| told(&rule));
        let grouped = near.iter().any(|rule| on_documents_by_group(rule));
        told && !gives && !grouped && !(shares && (rounds || off || mixed))
    }

    /// What other lines add to what rules count, every way in which that moves bounds of some against those of others; the
    /// first adds nothing.
    fn others(&mut self, asked: &Asked<'_, 'a>) -> Result<Vec<Vec<Others>>> {
        let mut ways: Vec<Vec<Others>> = vec![Vec::new()];
        if !mixed(&asked.point, asked.near) {
            return Ok(ways);
        }
        let corners = self.quantities(asked)?;
        let mut seen: Vec<(&Counted, i64)> = Vec::new();
        for rule in asked.near.iter().filter(|rule| moves(&asked.point, rule) && counts_others(rule)) {
            let Some(counted) = rule.counted.as_deref() else { continue };
            if seen.contains(&(counted, rule.unit)) {
                continue;
            }
            seen.push((counted, rule.unit));
            let alike = |one: &&&Rule| one.counted.as_deref() == Some(counted) && one.unit == rule.unit;
            let mut more = BTreeSet::from([0]);
            for bound in asked.near.iter().filter(alike).flat_map(|one| bounds(one)) {
                // At a corner, and behind and before it, where nothing else begins or ends.
                for quantity in corners.iter().flat_map(|corner| [*corner, corner + 1, corner - 1]) {
                    if let Some(own) = asked.point.own(rule, quantity)? {
                        more.extend(Some(bound.saturating_sub(own)).filter(|more| *more > 0));
                    }
                }
            }
            let with = |way: &Vec<Others>, more: i64| {
                let others = Others { counted: counted.clone(), unit: rule.unit, more };
                way.iter().cloned().chain([others]).collect::<Vec<_>>()
            };
            ways = ways.iter().flat_map(|way| more.iter().map(|more| with(way, *more))).collect();
            if ways.len() > self.left {
                self.complete = false;
                ways.truncate(1);
                return Ok(ways);
            }
        }
        Ok(ways)
    }

    /// The same beside what other lines add, in one currency; `own` where list prices are in it.
    fn walk_as(
        &mut self,
        asked: &Asked<'_, 'a>,
        others: Vec<Others>,
        own: bool,
        told: &mut BTreeSet<(Vec<i64>, i64)>,
        faults: &mut Vec<Fault>,
    ) -> Result<()> {
        let (dates, lists) = (self.dates(asked), self.named_lists(asked));
        let mut corners: BTreeSet<i64> = self.quantities(asked)?.into_iter().collect();
        for rule in asked.near {
            let more = added(&others, rule);
            for bound in bounds(rule).into_iter().filter(|_| more != 0) {
                let bound = bound.saturating_sub(more);
                if let Counting::Times(factor) = asked.point.counting(rule)
                    && factor.is_positive()
                    && bound > 0
                {
                    let quantity = dec(bound).mul_div(Dec::ONE, factor, SCALE, Rounding::Up)?;
                    corners.extend(quantity.to_i64_at(SCALE).ok().filter(|quantity| *quantity > 0));
                }
            }
        }
        let moved = others.iter().any(|others| others.more != 0);
        let bare = asked.point.known.is_some_and(|known| known.list_price.is_none());
        let percents = asked.near.iter().all(|rule| is_percent(rule));
        // The list price is not known, or not in this currency: only its parts say what is more.
        let guessed = !(bare || percents || (own && asked.point.known.is_some()));
        for (customer, buyer) in self.buyers(asked) {
            for (list, date) in lists.iter().flat_map(|list| dates.iter().map(|date| (*list, *date))) {
                if self.world.open(list, asked.currency, date, &buyer).is_none() {
                    continue;
                }
                let witness = Witness {
                    product: asked.point.id,
                    category: asked.point.categories.first().copied().unwrap_or(0),
                    customer,
                    buyer: buyer.clone(),
                    positions: asked.positions.to_vec(),
                    list,
                    conditions: Vec::new(),
                    date,
                    quantity: 1,
                    measured: Vec::new(),
                    currency: asked.currency,
                };
                let mut line = Line { asked, witness, guessed, others: &others, reached: None };
                let quantities = self.with_spent(&mut line, &corners)?;
                let mut before: Option<Cost> = None;
                let mut begins = 1;
                for quantity in &quantities {
                    if self.left < QUESTIONS_OF_ONE {
                        self.left = 0;
                        return Ok(());
                    }
                    let ends = match *quantity {
                        1 => None,
                        quantity => self.cost(&mut line, quantity - 1)?,
                    };
                    before = ends.or(before);
                    let here = self.cost(&mut line, *quantity)?;
                    if let Some(cost) = here.as_ref().filter(|cost| cost.amount.is_negative()) {
                        if told.insert((cost.chain.clone(), -1)) {
                            let (rules, witness) = (cost.chain.clone(), cost.witness.clone());
                            faults.push(Fault::Negative(rules, witness, cost.price.stored()?.0));
                        }
                    } else if let (Some(dear), Some(cheap)) = (&before, &here)
                        && cheap.amount < dear.amount
                    {
                        let rules = self.changed(&line, dear, cheap)?;
                        // Beside other lines the same cliff is somewhere else.
                        let known = moved && told.iter().any(|(known, _)| *known == rules);
                        if !known && told.insert((rules.clone(), *quantity)) {
                            faults.push(self.cliff(&mut line, rules, begins, dear, cheap)?);
                        }
                        begins = *quantity;
                    }
                    before = here.or(before).filter(|cost| !cost.amount.is_negative());
                }
                if !moved {
                    self.beside(&mut line, &quantities, told, faults)?;
                }
            }
        }
        Ok(())
    }

    /// The same where what other lines come to brings a document to what a rule asks of it, while nothing else begins or ends.
    fn beside(
        &mut self,
        line: &mut Line<'_, '_, 'a>,
        quantities: &BTreeSet<i64>,
        told: &mut BTreeSet<(Vec<i64>, i64)>,
        faults: &mut Vec<Fault>,
    ) -> Result<()> {
        let (near, point) = (line.asked.near, line.asked.point);
        for rule in near.iter().filter(|rule| is_bounded(rule) && of_document(&point, rule)) {
            let Some(counted) = rule.counted.as_deref() else { continue };
            for bound in bounds(rule) {
                // Where the last begins it is reached without them.
                let ends = quantities.iter().skip(1).map(|next| next - 1);
                for (begin, quantity) in quantities.iter().zip(ends) {
                    if self.left < QUESTIONS_OF_ONE {
                        self.left = 0;
                        return Ok(());
                    }
                    line.reached = None;
                    let alone = self.spent(line, rule, quantity)?;
                    if quantity == *begin || alone.is_none_or(|alone| alone >= bound) {
                        continue;
                    }
                    line.reached = Some((counted, bound - 1));
                    let before = self.cost(line, quantity - 1)?;
                    line.reached = Some((counted, bound));
                    let here = self.cost(line, quantity)?;
                    let (Some(dear), Some(cheap)) = (before, here) else { continue };
                    if cheap.amount >= dear.amount {
                        continue;
                    }
                    let rules = self.changed(line, &dear, &cheap)?;
                    if !told.iter().any(|(known, _)| *known == rules) {
                        told.insert((rules.clone(), quantity));
                        let cliff = Cliff {
                            bound: dec(quantity),
                            before: dear.amount.normalize(),
                            behind: cheap.amount.normalize(),
                            dear_from: dec(quantity - 1),
                        };
                        faults.push(Fault::Cliff(rules, cheap.witness, cliff));
                    }
                }
            }
        }
        line.reached = None;
        Ok(())
    }

    /// A quantity of a line with what rules measure of it.
    fn at(&mut self, line: &mut Line<'_, '_, 'a>, quantity: i64) -> Result<Witness> {
        self.left = self.left.saturating_sub(1);
        let mut witness = Witness { quantity, ..line.witness.clone() };
        let (near, point) = (line.asked.near, line.asked.point);
        for rule in near.iter().filter(|rule| rule.counted.is_some()) {
            if let Some(own) = point.own(rule, quantity)? {
                witness.measured.push((rule.id, own.saturating_add(added(line.others, rule))));
            }
        }
        let may = |rule: &&&Rule| {
            rule.condition.is_some() && (rule.position == 0 || witness.positions.contains(&rule.position))
        };
        let conditional: Vec<&Rule> = near.iter().filter(may).copied().collect();
        self.put_conditions(&conditional, &mut witness)?;
        // What the line comes to at a stage follows from the rules before it.
        let stages: BTreeSet<AmountAt> = near.iter().filter_map(|rule| spent(&point, rule)).collect();
        for at in stages {
            self.left = self.left.saturating_sub(1);
            if let Some(amount) = self.amount(&witness, at)? {
                let here = near.iter().filter(|rule| spent(&point, rule) == Some(at));
                let reached = |rule: &Rule| {
                    let is = |(counted, _): &(&Counted, i64)| rule.counted.as_deref() == Some(counted);
                    line.reached.filter(is).map_or(amount, |(_, reached)| reached)
                };
                witness.measured.extend(here.map(|rule| (rule.id, reached(rule))));
            }
        }
        Ok(witness)
    }

    /// Some quantities, and those at which what the line comes to reaches bounds of rules that look at it.
    fn with_spent(&mut self, line: &mut Line<'_, '_, 'a>, corners: &BTreeSet<i64>) -> Result<BTreeSet<i64>> {
        let mut found = corners.clone();
        let mut rules: Vec<(AmountAt, &Rule)> = Vec::new();
        for rule in line.asked.near {
            rules.extend(spent(&line.asked.point, rule).map(|at| (at, *rule)));
        }
        // What comes to less behind a bound of an earlier stage does so for the later ones, too.
        rules.sort_by_key(|(at, rule)| (*at, rule.id));
        for (_, rule) in rules {
            let begins: Vec<i64> = found.iter().copied().collect();
            for bound in bounds(rule) {
                let ends = begins.iter().skip(1).map(|next| Some(next - 1)).chain([None]);
                for (begin, end) in begins.iter().copied().zip(ends) {
                    if self.left < QUESTIONS_OF_ONE {
                        self.left = 0;
                        return Ok(found);
                    }
                    if self.spent(line, rule, begin)?.is_none_or(|least| least >= bound) {
                        continue;
                    }
                    let end = match end {
                        Some(end) => end,
                        None => self.far(line, rule, begin, bound)?,
                    };
                    if self.spent(line, rule, end)?.is_none_or(|most| most < bound) {
                        continue;
                    }
                    let (mut low, mut high) = (begin, end);
                    while high - low > 1 {
                        let middle = low + (high - low) / 2;
                        match self.spent(line, rule, middle)? {
                            Some(amount) if amount >= bound => high = middle,
                            _ => low = middle,
                        }
                    }
                    found.insert(high);
                }
            }
        }
        Ok(found)
    }

    /// A quantity, from one on, that comes to a bound; the largest that is looked at where none does.
    fn far(&mut self, line: &mut Line<'_, '_, 'a>, rule: &Rule, begin: i64, bound: i64) -> Result<i64> {
        let mut end = begin;
        while end < FARTHEST && self.spent(line, rule, end)?.is_some_and(|amount| amount < bound) {
            end = end.saturating_mul(16).min(FARTHEST);
        }
        Ok(end)
    }

    /// What a rule measures of what so many come to.
    fn spent(&mut self, line: &mut Line<'_, '_, 'a>, rule: &Rule, quantity: i64) -> Result<Option<i64>> {
        let witness = self.at(line, quantity)?;
        Ok(witness.measured.iter().find(|(id, _)| *id == rule.id).map(|(_, amount)| *amount))
    }

    /// What a quantity costs; nothing where it has no price, or one that follows from a list price which is not known.
    fn cost(&mut self, line: &mut Line<'_, '_, 'a>, quantity: i64) -> Result<Option<Cost>> {
        let witness = self.at(line, quantity)?;
        let answer = self.ask(&witness)?;
        let Some(price) = answer.price else { return Ok(None) };
        if line.guessed && !answer.fixed {
            self.complete = false;
            return Ok(None);
        }
        let amount = price.times(dec(quantity), Dec::ZERO, COST_SCALE, Rounding::HalfUp)?;
        Ok(Some(Cost { witness, price, amount, chain: answer.chain }))
    }

    /// The rules by which the price changes from one quantity to the next.
    fn changed(&self, line: &Line<'_, '_, 'a>, one: &Cost, other: &Cost) -> Result<Vec<i64>> {
        let mut found = BTreeSet::new();
        for rule in line.asked.near {
            let (before, behind) = (one.chain.contains(&rule.id), other.chain.contains(&rule.id));
            let tier = |witness: &Witness| -> Result<Option<usize>> {
                let measured = witness.measured.iter().find(|(id, _)| *id == rule.id);
                let counted = match measured {
                    Some((_, measured)) => Some(*measured),
                    None => line.asked.point.own(rule, witness.quantity)?,
                };
                Ok(counted.and_then(|counted| rule.effect.scale.as_ref()?.tier_at(counted)))
            };
            if before != behind || (before && tier(&one.witness)? != tier(&other.witness)?) {
                found.insert(rule.id);
            }
        }
        Ok(found.into_iter().collect())
    }

    /// A bound behind which more costs less, by whole quantities where they show it.
    fn cliff(
        &mut self,
        line: &mut Line<'_, '_, 'a>,
        rules: Vec<i64>,
        begins: i64,
        dear: &Cost,
        cheap: &Cost,
    ) -> Result<Fault> {
        let one = 10_i64.pow(u32::from(SCALE));
        let (mut dear, mut cheap) = (dear.clone(), cheap.clone());
        let whole = cheap.witness.quantity.saturating_add(one - 1) / one * one;
        if whole > one
            && let (Some(less), Some(more)) = (self.cost(line, whole - one)?, self.cost(line, whole)?)
            && more.amount < less.amount
            && self.changed(line, &less, &more)? == rules
        {
            (dear, cheap) = (less, more);
        }
        // The smallest quantity of those that cost as much: behind the cliff before more does not cost less.
        let (mut low, mut high) = (begins.min(dear.witness.quantity), dear.witness.quantity);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.cost(line, middle)? {
                Some(cost) if cost.amount >= cheap.amount => high = middle,
                _ => low = middle + 1,
            }
        }
        let cliff = Cliff {
            bound: dec(cheap.witness.quantity),
            before: dear.amount.normalize(),
            behind: cheap.amount.normalize(),
            dear_from: dec(high),
        };
        Ok(Fault::Cliff(rules, cheap.witness, cliff))
    }
}

/// A line alone, whatever its quantity.
struct Line<'q, 'r, 'a> {
    asked: &'q Asked<'r, 'a>,
    witness: Witness,
    /// Its list price is not known.
    guessed: bool,
    others: &'q [Others],
    /// What other lines bring what rules measure of a document to, whatever this one comes to.
    reached: Option<(&'q Counted, i64)>,
}

/// What other lines add to what rules count.
#[derive(Clone)]
struct Others {
    counted: Counted,
    unit: i64,
    more: i64,
}

/// What other lines add to what a rule counts.
fn added(others: &[Others], rule: &Rule) -> i64 {
    let is = |one: &&Others| rule.counted.as_deref() == Some(&one.counted) && rule.unit == one.unit;
    others.iter().find(is).map_or(0, |others| others.more)
}

/// Where a rule looks at what the line comes to.
fn spent(point: &Point<'_>, rule: &Rule) -> Option<AmountAt> {
    match point.counting(rule) {
        Counting::Spent(at) => Some(at),
        _ => None,
    }
}

/// The largest quantity that is looked at.
const FARTHEST: i64 = 1_000_000_000_000_000;

/// Whether a rule counts other lines, too.
fn counts_others(rule: &Rule) -> bool {
    rule.counted.as_ref().is_some_and(|counted| counted.basis != QuantityBasis::Line)
}

/// Whether a rule looks at what the lines of a document come to, once they have their prices.
fn of_document(point: &Point<'_>, rule: &Rule) -> bool {
    rule.stage == PriceStage::Document && counts_others(rule) && spent(point, rule).is_some()
}

/// Whether what other lines add to what rules count moves a bound of a rule: what they come to is told by them.
fn moves(point: &Point<'_>, rule: &Rule) -> bool {
    is_bounded(rule) && !of_document(point, rule)
}

/// Whether what other lines add moves bounds of some rules and not those of others.
fn mixed(point: &Point<'_>, near: &[&Rule]) -> bool {
    let mut bounded = near.iter().filter(|rule| moves(point, rule));
    let first = bounded.clone().next().map(|rule| (&rule.counted, rule.unit));
    bounded.clone().any(|rule| counts_others(rule))
        && !bounded.all(|rule| Some((&rule.counted, rule.unit)) == first)
}

/// What a quantity costs.
#[derive(Clone)]
struct Cost {
    witness: Witness,
    price: UnitPrice,
    amount: Dec,
    chain: Vec<i64>,
}

/// Decimals at which amounts are compared.
pub(in crate::pricing) const COST_SCALE: u8 = 12;

/// Questions that one bound takes at most.
const QUESTIONS_OF_ONE: usize = 100;

/// Whether a rule does something at some quantities and not at others, or something else.
fn is_bounded(rule: &Rule) -> bool {
    rule.min > 1 || rule.max != OPEN || rule.effect.scale.is_some() || rule.condition.is_some()
}

/// Whether a rule may make a price below zero.
fn takes_off(rule: &Rule) -> bool {
    let adds =
        rule.effect.formula.as_ref().is_some_and(|formula| formula.then_add.is_some_and(Dec::is_negative));
    rule.stage == PriceStage::List && (adds || rule.effect.method == PriceMethod::AmountOff)
}

/// Whether a rule changes every price by the same part of it.
fn is_percent(rule: &Rule) -> bool {
    let fees = rule.effect.scale.iter().flat_map(|scale| &scale.tiers).any(|tier| tier.flat_fee != 0);
    let percent = matches!(
        rule.effect.method,
        PriceMethod::DiscountPercent | PriceMethod::SurchargePercent | PriceMethod::FreeGoods
    );
    let listed = matches!(rule.effect.base, PriceBase::Running | PriceBase::List);
    percent && listed && !fees && rule.effect.formula.is_none()
}
