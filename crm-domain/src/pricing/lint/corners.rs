//! The corners of what rules have in common: products, buyers, lists, days, quantities and what is counted.

use super::{Buyer, KnownProduct, Look, Witness, World};
use crate::pricing::engine::{AmountAt, Counted, CustomerScope, ProductScope, Rule};
use crate::pricing::records::{PriceStage, QuantityBasis};
use crate::pricing::scale::{OPEN, SCALE, dec};
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::error::Result;
use std::collections::BTreeSet;
use std::ops::ControlFlow;

impl<'a> Look<'a, '_> {
    /// Asks at the corners of what rules have in common: with their positions and conditions, without those of others.
    pub(super) fn each_corner(
        &mut self,
        of: &[&'a Rule],
        mut each: impl FnMut(&mut Self, Witness) -> Result<ControlFlow<()>>,
    ) -> Result<()> {
        let later = of.iter().any(|rule| rule.stage != PriceStage::List);
        let near = |rule: &&Rule| {
            (later || rule.stage == PriceStage::List) && of.iter().all(|one| self.meet(one, rule))
        };
        let near: Vec<&Rule> = self.rules.rules().iter().filter(near).collect();
        let currencies = match of.iter().find_map(|rule| self.fixed_currency(rule)) {
            Some(currency) => vec![currency],
            // One in which others hold, or hold no longer.
            None => {
                let others = near.iter().filter_map(|rule| self.fixed_currency(rule));
                let all: BTreeSet<Currency> = self.world.currencies.iter().copied().chain(others).collect();
                all.into_iter().collect()
            }
        };
        let mut points = self.points();
        points.retain(|point| of.iter().all(|rule| point.is_of(rule.product)));
        // Of products that no rule here tells apart one is enough.
        let mut seen = BTreeSet::new();
        points.retain(|point| {
            point.known.is_none_or(|known| {
                let named = |rule: &&Rule| match rule.product {
                    ProductScope::Product(id) => id == point.id || id == known.template,
                    _ => false,
                };
                let sort = (&known.categories, known.list_price.is_some(), &known.units, &known.measures);
                near.iter().any(named) || seen.insert(sort)
            })
        });
        for currency in currencies {
            for point in &points {
                let asked = Asked { point: *point, currency, must: of, near: &near, optional: of };
                if self.each(&asked, &mut each)?.is_break() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Asks at the corners of the rules near a product.
    pub(super) fn each(
        &mut self,
        asked: &Asked<'_, 'a>,
        each: &mut impl FnMut(&mut Self, Witness) -> Result<ControlFlow<()>>,
    ) -> Result<ControlFlow<()>> {
        let (dates, lists) = (self.dates(asked), self.named_lists(asked));
        let quantities = self.quantities(asked)?;
        let mut positions: Vec<i64> =
            asked.optional.iter().map(|rule| rule.position).filter(|position| *position != 0).collect();
        positions.sort_unstable();
        positions.dedup();
        let conditional: Vec<&Rule> =
            asked.optional.iter().copied().filter(|rule| rule.condition.is_some()).collect();
        for (customer, buyer) in self.buyers(asked) {
            for list in &lists {
                for date in &dates {
                    let Some(open) = self.world.open(*list, asked.currency, *date, &buyer) else { continue };
                    let is_open =
                        |rule: &&Rule| rule.list == 0 || open.iter().any(|open| open.id == rule.list);
                    if !asked.must.iter().all(is_open) {
                        continue;
                    }
                    for quantity in &quantities {
                        for measured in self.measured(asked, *quantity)? {
                            if self.left == 0 {
                                self.complete = false;
                                return Ok(ControlFlow::Break(()));
                            }
                            self.left -= 1;
                            let mut witness = Witness {
                                product: asked.point.id,
                                category: asked.point.categories.first().copied().unwrap_or(0),
                                customer,
                                buyer: buyer.clone(),
                                positions: positions.clone(),
                                list: *list,
                                conditions: Vec::new(),
                                date: *date,
                                quantity: *quantity,
                                measured,
                                currency: asked.currency,
                            };
                            self.put_conditions(&conditional, &mut witness)?;
                            let fails = |rule: &&&Rule| {
                                rule.condition.is_some() && !witness.conditions.contains(&rule.id)
                            };
                            if asked.must.iter().any(|rule| fails(&rule)) {
                                continue;
                            }
                            if each(self, witness)?.is_break() {
                                return Ok(ControlFlow::Break(()));
                            }
                        }
                    }
                }
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Which of the conditions of some rules hold for a question.
    pub(super) fn put_conditions(&mut self, conditional: &[&Rule], witness: &mut Witness) -> Result<()> {
        for rule in conditional {
            match (self.holds)(rule, witness)? {
                Some(true) => witness.conditions.push(rule.id),
                Some(false) => {}
                None => self.complete = false,
            }
        }
        Ok(())
    }

    /// The products that rules can tell from others.
    pub(super) fn points(&self) -> Vec<Point<'a>> {
        let world: &'a World = self.world;
        let mut points: Vec<Point> = world.products.iter().map(|(id, known)| Point::of(*id, known)).collect();
        let nameless = |categories: &'a [i64]| Point { id: 0, known: None, categories };
        points.extend(world.categories.values().map(|path| nameless(path)));
        points.push(nameless(&[]));
        points
    }

    /// The days on which something begins or has ended, as far as all rules hold that must.
    pub(super) fn dates(&self, asked: &Asked<'_, 'a>) -> Vec<Date> {
        let from = asked.must.iter().map(|rule| rule.from).max().unwrap_or(Date::MIN);
        let until = asked.must.iter().map(|rule| rule.until).min().unwrap_or(Date::MAX);
        let mut dates = BTreeSet::from([from]);
        let rules = asked.near.iter().map(|rule| (rule.from, rule.until));
        let lists = self.world.lists.iter().filter(|list| list.currency == asked.currency);
        for (from, until) in rules.chain(lists.map(|list| (list.from, list.until))) {
            dates.insert(from);
            dates.extend(until.add_days(1));
        }
        dates.into_iter().filter(|date| (from..=until).contains(date)).collect()
    }

    /// No list, and those that may be named, where lists matter.
    pub(super) fn named_lists(&self, asked: &Asked<'_, 'a>) -> Vec<i64> {
        let mut lists = vec![0];
        if asked.near.iter().any(|rule| rule.list != 0) {
            let fitting = self.world.lists.iter().filter(|list| list.currency == asked.currency);
            lists.extend(fitting.map(|list| list.open.id));
        }
        lists
    }

    /// The sorts of buyers that all the rules are for that must hold.
    pub(super) fn buyers(&self, asked: &Asked<'_, 'a>) -> Vec<(i64, Buyer)> {
        let (mut classes, mut regions) = (BTreeSet::from([None]), BTreeSet::from([None]));
        for rule in asked.near {
            if let CustomerScope::Class(class) = rule.customer {
                let name = self.rules.classes().find(|(_, number)| *number == class);
                classes.extend(name.map(|(name, _)| Some(name.to_owned())));
            }
        }
        for list in &self.world.lists {
            classes.insert(list.buyer.class.clone());
            regions.insert(list.buyer.region.clone());
        }
        let mut buyers: Vec<(i64, Buyer)> = Vec::new();
        for class in &classes {
            let of = |region: &Option<String>| (0, Buyer { class: class.clone(), region: region.clone() });
            buyers.extend(regions.iter().map(of));
        }
        let named = |customer: &i64| {
            let is = |rule: &&Rule| rule.customer == CustomerScope::Customer(*customer);
            asked.near.iter().any(is)
        };
        let known = self.world.customers.iter().filter(|(customer, _)| named(customer));
        buyers.extend(known.map(|(customer, buyer)| (*customer, buyer.clone())));
        buyers.retain(|(customer, buyer)| {
            asked.must.iter().all(|rule| match rule.customer {
                CustomerScope::All => true,
                CustomerScope::Class(class) => self.rules.class(buyer.class.as_deref()) == class,
                CustomerScope::Customer(named) => *customer == named,
            })
        });
        buyers
    }

    /// The quantities of the product's unit at which rules begin, have ended, or come to another tier.
    pub(super) fn quantities(&mut self, asked: &Asked<'_, 'a>) -> Result<Vec<i64>> {
        let mut found = BTreeSet::from([1]);
        let mut units = BTreeSet::new();
        for rule in asked.near {
            found.extend(rule.condition.as_deref().into_iter().flat_map(figures));
            if rule.counted.is_none() {
                units.insert(rule.unit);
            }
            let Counting::Times(factor) = asked.point.counting(rule) else { continue };
            for bound in bounds(rule) {
                if factor.is_positive() {
                    let quantity = dec(bound).mul_div(Dec::ONE, factor, SCALE, Rounding::Up)?;
                    found.extend(quantity.to_i64_at(SCALE).ok().filter(|quantity| *quantity > 0));
                }
            }
        }
        if asked.point.known.is_none() && units.len() > 1 {
            // How many of one unit are in the other is the product's to say.
            self.complete = false;
        }
        Ok(found.into_iter().collect())
    }

    /// What the rules near a question count that is not its quantity: every way in which those that must hold do.
    fn measured(&mut self, asked: &Asked<'_, 'a>, quantity: i64) -> Result<Vec<Vec<(i64, i64)>>> {
        let mut ways: Vec<Vec<(i64, i64)>> = vec![Vec::new()];
        let mut seen: Vec<(&Counted, i64, Option<AmountAt>)> = Vec::new();
        for rule in asked.near {
            let must = asked.must.iter().any(|one| one.id == rule.id);
            let own = match asked.point.counting(rule) {
                Counting::Times(factor) => {
                    Some(dec(quantity).mul(factor)?.round(SCALE, Rounding::HalfUp).to_i64_at(SCALE)?)
                }
                _ => None,
            };
            let Some(counted) = rule.counted.as_deref() else {
                if must && !own.is_some_and(|own| (rule.min..=rule.max).contains(&own)) {
                    return Ok(Vec::new());
                }
                continue;
            };
            let at = rule.measures_amount();
            let alike = |one: &Rule| {
                one.counted.as_deref() == Some(counted)
                    && one.unit == rule.unit
                    && one.measures_amount() == at
            };
            if seen.contains(&(counted, rule.unit, at)) {
                continue;
            }
            seen.push((counted, rule.unit, at));
            let alone = counted.basis == QuantityBasis::Line;
            let mut values = BTreeSet::new();
            match (asked.point.counting(rule), own) {
                (Counting::Never, _) => {}
                (_, Some(own)) if alone => {
                    values.insert(own);
                }
                (counting, own) => {
                    // A measure that does not grow with the quantity, of a product that is known, is not looked at.
                    self.complete &= !alone || asked.point.known.is_none() || counting != Counting::Free;
                    let near = asked.near.iter().filter(|one| alike(one));
                    values.extend(near.flat_map(|one| bounds(one)));
                    values.extend(own);
                    values.retain(|value| own.is_none_or(|own| *value >= own));
                }
            }
            let holds = |value: &i64| {
                let must = asked.must.iter().filter(|one| alike(one));
                must.into_iter().all(|one| (one.min..=one.max).contains(value))
            };
            let ids: Vec<i64> = asked.near.iter().filter(|one| alike(one)).map(|one| one.id).collect();
            let with = |way: &Vec<(i64, i64)>, value: i64| {
                let told = ids.iter().map(|id| (*id, value));
                way.iter().copied().chain(told).collect::<Vec<_>>()
            };
            if values.is_empty() && !asked.must.iter().any(|one| alike(one)) {
                continue;
            }
            let values: Vec<i64> = values.into_iter().filter(holds).collect();
            ways = ways.iter().flat_map(|way| values.iter().map(|value| with(way, *value))).collect();
            if ways.len() > self.left {
                self.complete = false;
                return Ok(Vec::new());
            }
        }
        Ok(ways)
    }
}

/// What is asked of a product: rules that must hold, those whose bounds matter, and those whose positions and conditions
/// are there.
pub(super) struct Asked<'r, 'a> {
    pub(super) point: Point<'a>,
    pub(super) currency: Currency,
    pub(super) must: &'r [&'a Rule],
    pub(super) near: &'r [&'a Rule],
    pub(super) optional: &'r [&'a Rule],
}

/// How what a rule counts follows from the quantity of a line.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Counting {
    /// So many for each.
    Times(Dec),
    /// It may be anything.
    Free,
    /// It cannot be counted.
    Never,
}

/// A product that rules can tell from others: one that they name, or one of a category; 0 is one of no name.
#[derive(Clone, Copy)]
pub(super) struct Point<'a> {
    pub(super) id: i64,
    pub(super) known: Option<&'a KnownProduct>,
    pub(super) categories: &'a [i64],
}

impl<'a> Point<'a> {
    pub(super) fn of(id: i64, known: &'a KnownProduct) -> Point<'a> {
        Point { id, known: Some(known), categories: &known.categories }
    }

    pub(super) fn is_of(&self, scope: ProductScope) -> bool {
        match scope {
            ProductScope::All => true,
            ProductScope::Category(category) => self.categories.contains(&category),
            ProductScope::Product(id) => {
                id == self.id || self.known.is_some_and(|known| known.template == id)
            }
        }
    }

    /// What a rule counts of so many on a line alone; none where it cannot, or the line does not say it.
    pub(super) fn own(&self, rule: &Rule, quantity: i64) -> Result<Option<i64>> {
        let Counting::Times(factor) = self.counting(rule) else { return Ok(None) };
        Ok(Some(dec(quantity).mul(factor)?.round(SCALE, Rounding::HalfUp).to_i64_at(SCALE)?))
    }

    pub(super) fn counting(&self, rule: &Rule) -> Counting {
        let measure = rule.counted.as_ref().and_then(|counted| counted.measure.as_deref());
        match (self.known, measure) {
            // A product of that unit.
            (None, None) => Counting::Times(Dec::ONE),
            (None, Some(_)) => Counting::Free,
            // What the line comes to there is for other rules to say.
            (Some(_), Some(_)) if rule.measures_amount().is_some() => Counting::Free,
            (Some(_), None) if rule.unit == 0 => Counting::Times(Dec::ONE),
            (Some(known), None) => {
                known.units.get(&rule.unit).map_or(Counting::Never, |one| Counting::Times(*one))
            }
            (Some(known), Some(measure)) => match known.measures.get(measure) {
                Some(Some(one)) => Counting::Times(*one),
                Some(None) => Counting::Never,
                None => Counting::Free,
            },
        }
    }
}

/// The quantities near the figures that a condition names: those themselves, and what is less or more than they are.
pub(in crate::pricing) fn figures(condition: &str) -> Vec<i64> {
    let mut found = BTreeSet::new();
    for text in condition.split(|sign: char| !sign.is_ascii_digit() && sign != '.') {
        if let Ok(figure) = Dec::parse(text)
            && let Ok(figure) = figure.to_i64_at(SCALE)
        {
            let one = 10_i64.pow(u32::from(SCALE));
            let near = [
                figure.saturating_sub(one),
                figure.saturating_sub(1),
                figure,
                figure.saturating_add(1),
                figure.saturating_add(one),
            ];
            found.extend(near.into_iter().filter(|quantity| *quantity > 0));
        }
    }
    found.into_iter().collect()
}

/// The quantities at which a rule begins, has ended, or comes to another tier.
fn bounds(rule: &Rule) -> Vec<i64> {
    let mut found = vec![rule.min.max(1)];
    if rule.max != OPEN {
        found.push(rule.max.saturating_add(1));
    }
    if let Some(scale) = &rule.effect.scale {
        for tier in &scale.tiers {
            if tier.bound != OPEN {
                found.extend([tier.bound.max(1), tier.bound.saturating_add(1)]);
            }
        }
    }
    found
}
