//! Following what a line comes to from bound to bound: where more costs less, and where a price falls below zero.

use super::corners::{Asked, Counting, Point};
use super::{Cliff, Fault, Look, Witness};
use crate::pricing::engine::Rule;
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
                let positions: BTreeSet<i64> =
                    near.iter().map(|rule| rule.position).filter(|position| *position != 0).collect();
                // Of sellers with some positions and without others there are too many sorts.
                self.complete &= positions.len() < 2;
                let asked = Asked { point, currency, must: &[], near: &near, optional: &near };
                let all: Vec<i64> = positions.into_iter().collect();
                let some: [&[i64]; 2] = [&[], &all];
                for positions in some.into_iter().take(1 + all.len().min(1)) {
                    self.walk_as(&asked, positions, currency == own, &mut told, faults)?;
                    if self.left == 0 {
                        self.complete = false;
                        return Ok(());
                    }
                }
            }
        }
        Ok(())
    }

    /// Whether what a line comes to can be followed from quantity to quantity by some rules.
    fn is_walkable(&self, point: &Point<'a>, near: &[&Rule]) -> bool {
        let bounded: Vec<&Rule> = near.iter().filter(|rule| is_bounded(rule)).copied().collect();
        let counted = |rule: &&Rule| (rule.counted.clone(), rule.unit);
        // What other lines add moves bounds that count them, and no others.
        let alone =
            |rule: &&Rule| rule.counted.as_ref().is_none_or(|counted| counted.basis == QuantityBasis::Line);
        let first = bounded.first().map(counted);
        let apart = bounded.iter().all(alone) || bounded.iter().all(|rule| Some(counted(rule)) == first);
        let told = |rule: &&Rule| point.counting(rule) != Counting::Free;
        let document = bounded.iter().any(|rule| rule.stage == PriceStage::Document);
        let gives = near.iter().any(|rule| rule.effect.free.as_ref().is_some_and(|free| free.inclusive));
        // What a line bears of fees and packages grows with it by itself, and no longer where it is rounded or less by
        // an amount.
        let shares = near.iter().any(|rule| rule.effect.shares());
        let rounds = self.strategy.unit_rounding == UnitRounding::Unit
            || self.strategy.effect_rounding.is_some()
            || near.iter().any(|rule| rule.effect.formula.is_some());
        let off = near.iter().any(|rule| rule.effect.method == PriceMethod::AmountOff);
        apart && bounded.iter().all(told) && !document && !gives && !(shares && (rounds || off))
    }

    /// The same for sellers of some positions, in one currency; `own` where list prices are in it.
    fn walk_as(
        &mut self,
        asked: &Asked<'_, 'a>,
        positions: &[i64],
        own: bool,
        told: &mut BTreeSet<(Vec<i64>, i64)>,
        faults: &mut Vec<Fault>,
    ) -> Result<()> {
        let (dates, lists) = (self.dates(asked), self.named_lists(asked));
        let quantities = self.quantities(asked)?;
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
                    positions: positions.to_vec(),
                    list,
                    conditions: Vec::new(),
                    date,
                    quantity: 1,
                    measured: Vec::new(),
                    currency: asked.currency,
                };
                let mut line = Line { asked, witness, guessed };
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
                        if told.insert((rules.clone(), *quantity)) {
                            faults.push(self.cliff(&mut line, rules, begins, dear, cheap)?);
                        }
                        begins = *quantity;
                    }
                    before = here.or(before).filter(|cost| !cost.amount.is_negative());
                }
            }
        }
        Ok(())
    }

    /// What a quantity costs; nothing where it has no price, or one that follows from a list price which is not known.
    fn cost(&mut self, line: &mut Line<'_, '_, 'a>, quantity: i64) -> Result<Option<Cost>> {
        self.left = self.left.saturating_sub(1);
        let mut witness = Witness { quantity, ..line.witness.clone() };
        for rule in line.asked.near.iter().filter(|rule| rule.counted.is_some()) {
            if let Some(own) = line.asked.point.own(rule, quantity)? {
                witness.measured.push((rule.id, own));
            }
        }
        let may = |rule: &&&Rule| {
            rule.condition.is_some() && (rule.position == 0 || witness.positions.contains(&rule.position))
        };
        let conditional: Vec<&Rule> = line.asked.near.iter().filter(may).copied().collect();
        self.put_conditions(&conditional, &mut witness)?;
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
            let tier = |quantity: i64| -> Result<Option<usize>> {
                let own = line.asked.point.own(rule, quantity)?;
                Ok(own.and_then(|own| rule.effect.scale.as_ref()?.tier_at(own)))
            };
            if before != behind || (before && tier(one.witness.quantity)? != tier(other.witness.quantity)?) {
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
