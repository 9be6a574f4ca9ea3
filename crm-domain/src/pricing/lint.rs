//! What is wrong with a rule set, each fault with a question that shows it (PRD-08, M3). Pure.
//!
//! Judging looks at a question only through what rules restrict: between two bounds nothing changes, but for what prices
//! decide. So for a pair of rules it is enough to look at the corners of what they have in common: products and buyers
//! that rules name and one of each sort that none names; the lists that are open where none is named and where one is;
//! days, quantities and measures where some rule begins or has ended. Positions and conditions of other rules are left out
//! of the question: with fewer candidates two that tie still tie. What is counted with other lines, or measured on a
//! product that no rule names, or what a line comes to at a later stage, may be anything. What a price decides cannot be found at corners: pairs that only a price
//! tells apart are possible ties. Where a search would take too long, or something is not looked at, the findings say so:
//! nothing is called clean that was not looked at.

use super::engine::{
    AmountAt, Counted, CustomerScope, OpenList, Outcome, ProductScope, Reason, Rule, Verdict,
};
use super::guard::Floor;
use super::index::RuleSet;
use super::judge::{Facts, Law, judge};
use super::records::{Comparator, PriceBase, PriceMethod, PriceStage, QuantityBasis, TieBreak, UnitRounding};
use super::scale::{Measured, OPEN, SCALE, dec};
use super::strategy::{Key, Strategy};
use super::unit_price::{PRICE_SCALE, UnitPrice};
use super::waterfall::{Group, Posting};
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::error::Result;
use crm_kernel::money::RoundingPolicy;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

/// What is known of what rules name.
#[derive(Clone, Debug)]
pub struct World {
    /// The products.
    pub products: BTreeMap<i64, KnownProduct>,
    /// A category and those above, nearest first.
    pub categories: BTreeMap<i64, Vec<i64>>,
    /// The buyers.
    pub customers: BTreeMap<i64, Buyer>,
    /// The price lists.
    pub lists: Vec<KnownList>,
    /// The exclusion groups.
    pub groups: Vec<Group>,
    /// How amounts are posted.
    pub policy: RoundingPolicy,
    /// The currency of the enterprise.
    pub currency: Currency,
    /// The currencies in which it deals, that one among them.
    pub currencies: BTreeSet<Currency>,
}

/// What is known of a product.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownProduct {
    /// Its category and those above, nearest first.
    pub categories: Vec<i64>,
    /// The product of which it is a variant; 0 for none.
    pub template: i64,
    /// Its currency; none is the enterprise's.
    pub currency: Option<Currency>,
    /// Its list price.
    pub list_price: Option<UnitPrice>,
    /// How many of a unit one is. A unit that is missing cannot be converted.
    pub units: BTreeMap<i64, Dec>,
    /// What one measures; none for nothing. A measure that is missing does not grow with the quantity.
    pub measures: BTreeMap<String, Option<Dec>>,
    /// What it must not be sold below.
    pub floor: Floor,
}

/// A sort of buyer that rules can tell from others.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Buyer {
    /// His class.
    pub class: Option<String>,
    /// His region.
    pub region: Option<String>,
}

/// What is known of a price list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownList {
    /// As it is where it is open; its base is the list on which it builds.
    pub open: OpenList,
    /// Whether it is open where none is named.
    pub always: bool,
    /// The currency of its prices.
    pub currency: Currency,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
    /// For whom it is; what is none is for all.
    pub buyer: Buyer,
}

/// A question that shows a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// The product; 0 for one that no rule names.
    pub product: i64,
    /// The nearest category of it that a rule names; 0 for none.
    pub category: i64,
    /// The buyer; 0 for one that no rule names.
    pub customer: i64,
    /// His class and region.
    pub buyer: Buyer,
    /// The positions of the seller.
    pub positions: Vec<i64>,
    /// The price list that is named; 0 for none.
    pub list: i64,
    /// The rules whose condition holds.
    pub conditions: Vec<i64>,
    /// The day.
    pub date: Date,
    /// The quantity, at six decimals, of the product's unit.
    pub quantity: i64,
    /// What rules count that is not the quantity of the line, likewise.
    pub measured: Vec<(i64, i64)>,
    /// The currency.
    pub currency: Currency,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Rules that the strategy cannot tell apart, or effects that nothing puts in an order.
    Ambiguous(Vec<i64>, Witness),
    /// Rules that only their prices tell apart, which may be equal.
    PossibleTie([i64; 2], Witness),
    /// A rule that others beat wherever it holds, or that holds nowhere; one question where that shows.
    Dead(i64, Witness),
    /// Rules that together bring a price below the floor: the price of one, and the floor.
    Floor(Vec<i64>, Witness, Dec, Dec),
    /// Rules by which more costs less behind a bound, and the bound.
    Cliff(Vec<i64>, Witness, Cliff),
    /// Rules that take off more than there is: the price that no order can have.
    Negative(Vec<i64>, Witness, Dec),
    /// A product without list price that no rule gives a price.
    Gap(Witness),
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// The faults, ambiguities first.
    pub faults: Vec<Fault>,
    /// False where something was not looked at: too many questions, or what this search does not know of.
    pub complete: bool,
}

/// How much is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// Questions asked of the engine at most.
    pub questions: usize,
    /// Faults reported at most.
    pub faults: usize,
}

/// A bound behind which more costs less.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cliff {
    /// The quantity that costs less.
    pub bound: Dec,
    /// What one before it costs: a whole one less where that shows it, else the nearest.
    pub before: Dec,
    /// What the bound costs.
    pub behind: Dec,
    /// Quantities from here up to the bound cost at least what the bound does.
    pub dear_from: Dec,
}

/// Says whether the condition of a rule holds for a question; nothing where the question does not say it.
pub type Holds<'h> = dyn FnMut(&Rule, &Witness) -> Result<Option<bool>> + 'h;

/// Looks a rule set through. Errors: `value.out_of_range`, those of `holds`.
pub fn lint(
    rules: &RuleSet,
    world: &World,
    strategy: &Strategy,
    effort: Effort,
    holds: &mut Holds<'_>,
) -> Result<Findings> {
    let pairs = effort.questions.saturating_mul(PAIRS);
    let units = rules.rules().iter().map(|rule| rule.unit).filter(|unit| *unit != 0).collect();
    let left = effort.questions;
    let mut look = Look { rules, world, strategy, units, holds, left, pairs, complete: true };
    let mut faults = Vec::new();
    look.ties(effort.faults, &mut faults)?;
    for rule in rules.rules() {
        if faults.len() >= effort.faults {
            look.complete = false;
            break;
        }
        faults.extend(look.dead(rule)?);
    }
    look.walk(effort.faults, &mut faults)?;
    for (product, known) in &world.products {
        if faults.len() >= effort.faults {
            look.complete = false;
            break;
        }
        if known.list_price.is_none() {
            faults.extend(look.gap(*product, known)?);
        }
        if known.floor.price(PRICE_SCALE)?.is_some() {
            faults.extend(look.floor(*product, known)?);
        }
    }
    look.complete &= faults.len() <= effort.faults;
    faults.truncate(effort.faults);
    Ok(Findings { faults, complete: look.complete })
}

impl World {
    /// The lists that are open for a question: what is named, or those that always are, with those on which they build.
    fn open(&self, named: i64, currency: Currency, date: Date, buyer: &Buyer) -> Option<Vec<OpenList>> {
        let fits = |list: &&KnownList| {
            let other = |wanted: &Option<String>, given: &Option<String>| wanted.is_some() && wanted != given;
            list.currency == currency
                && (list.from..=list.until).contains(&date)
                && !other(&list.buyer.class, &buyer.class)
                && !other(&list.buyer.region, &buyer.region)
        };
        let mut open: Vec<&KnownList> = match named {
            0 => self.lists.iter().filter(|list| list.always).filter(fits).collect(),
            named => vec![self.lists.iter().filter(fits).find(|list| list.open.id == named)?],
        };
        // A list that does not hold is passed over: what builds on it builds on what is below.
        let below = |list: &KnownList| -> Option<&KnownList> {
            let mut next = list.open.base;
            for _ in 0..self.lists.len() {
                let found = self.lists.iter().find(|found| found.open.id == next)?;
                if fits(&found) {
                    return Some(found);
                }
                next = found.open.base;
            }
            None
        };
        let mut at = 0;
        while let Some(list) = open.get(at) {
            if let Some(next) = below(list)
                && !open.iter().any(|list| list.open.id == next.open.id)
            {
                open.push(next);
            }
            at += 1;
        }
        let base = |list: &KnownList| below(list).map_or(0, |below| below.open.id);
        Some(open.iter().map(|list| OpenList { base: base(list), ..list.open }).collect())
    }
}

/// Pairs of rules are looked at that many times more often than questions are asked: most have nothing in common.
const PAIRS: usize = 250;

struct Look<'a, 'h> {
    rules: &'a RuleSet,
    world: &'a World,
    strategy: &'a Strategy,
    /// The units of rules, but for the product's.
    units: BTreeSet<i64>,
    holds: &'h mut Holds<'h>,
    /// Questions that may still be asked.
    left: usize,
    /// Pairs of rules that may still be looked at.
    pairs: usize,
    complete: bool,
}

impl<'a> Look<'a, '_> {
    /// Pairs of rules that the strategy cannot tell apart, or of effects that nothing puts in an order.
    fn ties(&mut self, most: usize, faults: &mut Vec<Fault>) -> Result<()> {
        let rules: &'a [Rule] = self.rules.rules();
        let by_price = self.strategy.keys.contains(&Key::Cheapest);
        let mut tied: BTreeSet<(i64, i64)> = BTreeSet::new();
        for (at, one) in rules.iter().enumerate() {
            for other in rules.iter().skip(at + 1).filter(|other| other.stage == one.stage) {
                let settled = one.stage == PriceStage::List && self.strategy.last != TieBreak::Refuse;
                if settled || tied.contains(&(one.id, other.id)) || gives(one) || gives(other) {
                    continue;
                }
                if self.pairs == 0 || faults.len() >= most {
                    self.complete = false;
                    return Ok(());
                }
                self.pairs -= 1;
                if !self.meet(one, other) {
                    continue;
                }
                if one.stage == PriceStage::Document {
                    // Documents are added up elsewhere.
                    self.complete = false;
                    continue;
                }
                let Some(fault) = self.pair(one, other, by_price)? else { continue };
                if let Fault::Ambiguous(rules, _) = &fault {
                    tied.extend(rules.iter().flat_map(|one| rules.iter().map(|other| (*one, *other))));
                }
                faults.push(fault);
            }
        }
        Ok(())
    }

    /// A question at which two rules of one stage tie.
    fn pair(&mut self, one: &'a Rule, other: &'a Rule, by_price: bool) -> Result<Option<Fault>> {
        let ids = [one.id, other.id];
        let (mut possible, mut found) = (None, None);
        self.each_corner(&[one, other], |look, witness| {
            let answer = look.ask(&witness)?;
            let tied = &answer.ambiguous;
            if ids.iter().all(|id| tied.contains(id)) {
                found = Some(Fault::Ambiguous(tied.clone(), witness));
                return Ok(ControlFlow::Break(()));
            }
            let by_price = match one.stage {
                PriceStage::List => {
                    let equal = one.effect.value == other.effect.value || !comparable(one, other);
                    by_price && equal && ids.iter().all(|id| answer.only_by_price(*id))
                }
                _ => look.by_worth(one, other) && ids.iter().all(|id| answer.passed(*id)),
            };
            if by_price && possible.is_none() {
                // At another price they may be equal.
                possible = Some(Fault::PossibleTie(ids, witness));
            }
            Ok(ControlFlow::Continue(()))
        })?;
        if found.is_none() && one.stage != PriceStage::List {
            self.complete &= !self.hangs_on_others(one, other);
        }
        Ok(found.or(possible))
    }

    /// Whether which of two effects stays, or their order, hangs on the price.
    fn by_worth(&self, one: &Rule, other: &Rule) -> bool {
        let kept = matches!(one.effect.method, PriceMethod::DiscountPercent | PriceMethod::FixedPrice);
        let alike = kept && comparable(one, other);
        let group = self.world.groups.iter().find(|group| group.id == one.group && one.group == other.group);
        let compared = group.is_some_and(|group| {
            let best = matches!(group.comparator, Comparator::Best | Comparator::Worst);
            best && group.last == TieBreak::Refuse
        });
        let sum = |rule: &Rule| matches!(rule.effect.method, PriceMethod::AmountOff | PriceMethod::Surcharge);
        // An effect takes no more than there is: then the order of amounts of either sign matters.
        let capped = sum(one) && sum(other) && one.effect.method != other.effect.method;
        (compared && !alike) || (capped && one.priority == other.priority)
    }

    /// Whether other rules may bring two effects together that are apart: groups leave effects out by what they are worth,
    /// and a price may need a rule that is left out of the questions.
    fn hangs_on_others(&self, one: &Rule, other: &Rule) -> bool {
        let grouped = one.group != 0 || other.group != 0;
        let together = one.group == other.group;
        let bare = self.world.products.values().any(|known| known.list_price.is_none());
        let optional = |rule: &Rule| {
            let left_out = rule.condition.is_some() || rule.position != 0;
            rule.stage == PriceStage::List && left_out && self.meet(one, rule) && self.meet(other, rule)
        };
        let leveled = !self.strategy.levels.is_empty();
        leveled || (grouped && !together) || (bare && self.rules.rules().iter().any(optional))
    }

    /// Whether a rule never makes a price or works on one; a question where it does not.
    fn dead(&mut self, rule: &'a Rule) -> Result<Option<Fault>> {
        let complete = std::mem::replace(&mut self.complete, true);
        let found = self.never(rule)?;
        self.complete &= complete;
        Ok(found)
    }

    fn never(&mut self, rule: &'a Rule) -> Result<Option<Fault>> {
        let (mut shown, mut alive) = (None, false);
        // Those that are compared with it by what they come to, wherever it is left out for that.
        let mut rivals: Option<BTreeSet<i64>> = None;
        self.each_corner(&[rule], |look, witness| {
            let answer = look.ask(&witness)?;
            match answer.verdict(rule.id) {
                Some(Verdict::Beaten(key)) if key != Key::Cheapest.code() => {}
                Some(Verdict::Refused(Reason::NoTier | Reason::NoListPrice)) => {}
                Some(verdict @ (Verdict::Beaten(_) | Verdict::Excluded(_))) => {
                    let here: BTreeSet<i64> = answer.compared(verdict).collect();
                    rivals = Some(match rivals.take() {
                        Some(known) => known.intersection(&here).copied().collect(),
                        None => here,
                    });
                }
                _ => {
                    alive = true;
                    return Ok(ControlFlow::Break(()));
                }
            }
            shown = Some(witness);
            Ok(ControlFlow::Continue(()))
        })?;
        // What was not looked through to the end may live there.
        if alive || self.left == 0 || !self.complete {
            return Ok(None);
        }
        if let Some(rivals) = rivals
            && !self.rules.rules().iter().any(|rival| rivals.contains(&rival.id) && self.beats(rival, rule))
        {
            // At other prices it may be the better one.
            self.complete = false;
            return Ok(None);
        }
        match shown {
            Some(witness) => Ok(Some(Fault::Dead(rule.id, witness))),
            None => self.nowhere(rule),
        }
    }

    /// A question that a rule is for and that it is refused at, where it holds at no other either.
    fn nowhere(&mut self, rule: &'a Rule) -> Result<Option<Fault>> {
        let list = self.world.lists.iter().find(|list| list.open.id == rule.list);
        // What a condition says is not told by corners, and a list that is not used has no rules that should hold.
        if rule.condition.is_some() || list.is_some_and(|list| list.from > list.until) {
            self.complete &= rule.condition.is_none();
            return Ok(None);
        }
        let (product, category) = match rule.product {
            ProductScope::All => (0, 0),
            ProductScope::Category(category) => (0, category),
            ProductScope::Product(product) => (product, 0),
        };
        let (customer, buyer) = match rule.customer {
            CustomerScope::Customer(id) => (id, self.world.customers.get(&id).cloned().unwrap_or_default()),
            CustomerScope::Class(class) => {
                let name = self.rules.classes().find(|(_, number)| *number == class);
                (0, Buyer { class: name.map(|(name, _)| name.to_owned()), region: None })
            }
            CustomerScope::All => (0, list.map(|list| list.buyer.clone()).unwrap_or_default()),
        };
        let witness = Witness {
            product,
            category,
            customer,
            buyer,
            positions: Vec::from_iter(Some(rule.position).filter(|position| *position != 0)),
            list: rule.list,
            conditions: Vec::new(),
            date: rule.from.max(list.map_or(Date::MIN, |list| list.from)).min(rule.until),
            quantity: rule.min.max(1),
            measured: Vec::new(),
            currency: self.currency_of(rule),
        };
        let refused = matches!(self.ask(&witness)?.verdict(rule.id), None | Some(Verdict::Refused(_)));
        self.complete &= refused;
        Ok(refused.then_some(Fault::Dead(rule.id, witness)))
    }

    /// Whether of two rules that are compared by what they come to the first is better at every price.
    fn beats(&self, one: &Rule, other: &Rule) -> bool {
        let fixed = one.effect.is_fixed();
        let (lowest, last) = match one.stage {
            PriceStage::List => (true, self.strategy.last),
            // A price that is there already changes nothing and leaves another its place.
            _ if fixed || one.group != other.group => return false,
            _ => match self.world.groups.iter().find(|group| group.id == one.group) {
                Some(group) if group.comparator == Comparator::Best => (true, group.last),
                Some(group) if group.comparator == Comparator::Worst => (false, group.last),
                _ => return false,
            },
        };
        let tie = match last {
            TieBreak::Refuse => true,
            TieBreak::Newest => one.id > other.id,
            TieBreak::Oldest => one.id < other.id,
        };
        let off = matches!(one.effect.method, PriceMethod::DiscountPercent | PriceMethod::AmountOff);
        let (low, high) = if off == lowest { (other, one) } else { (one, other) };
        // Of nothing all per cents are the same.
        comparable(one, other) && low.effect.value < high.effect.value && (fixed || tie)
    }

    /// A question about a product without list price that no rule answers, where rules give it a price at other times.
    fn gap(&mut self, product: i64, known: &'a KnownProduct) -> Result<Option<Fault>> {
        let point = Point::of(product, known);
        let prices = |rule: &&Rule| {
            let price = rule.stage == PriceStage::List && (rule.effect.is_fixed() || rule.starts_from_cost());
            price && point.is_of(rule.product)
        };
        let named: Vec<&Rule> = self.rules.rules().iter().filter(prices).collect();
        // Nobody's rules, whoever buys: a price for some is not one for all.
        let Some(currency) = named.iter().map(|rule| self.currency_of(rule)).next() else { return Ok(None) };
        let mut found = None;
        let asked = Asked { point, currency, must: &[], near: &named, optional: &[] };
        let _ = self.each(&asked, &mut |look: &mut Self, witness| {
            let answer = look.ask(&witness)?;
            if answer.price.is_none() && answer.ambiguous.is_empty() {
                found = Some(Fault::Gap(witness));
                return Ok(ControlFlow::Break(()));
            }
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(found)
    }

    /// Rules that together bring the price of a product below its floor, in its own currency.
    fn floor(&mut self, product: i64, known: &'a KnownProduct) -> Result<Option<Fault>> {
        let point = Point::of(product, known);
        let Some(floor) = known.floor.price(PRICE_SCALE)? else { return Ok(None) };
        let mine: Vec<&Rule> = self.rules.rules().iter().filter(|rule| point.is_of(rule.product)).collect();
        let optional = mine.iter().filter(|rule| rule.condition.is_some() || rule.position != 0).count();
        // What rules take off a document is not of one line, and of rules that may hold or not all subsets are too many.
        self.complete &= optional < 2 && mine.iter().all(|rule| rule.stage != PriceStage::Document);
        let currency = known.currency.unwrap_or(self.world.currency);
        let mut found = None;
        let some: [&[&Rule]; 2] = [&[], &mine];
        for optional in some.into_iter().take(1 + optional.min(1)) {
            let asked = Asked { point, currency, must: &[], near: &mine, optional };
            let ended = self.each(&asked, &mut |look: &mut Self, witness| {
                let answer = look.ask(&witness)?;
                let Some(price) = answer.price else { return Ok(ControlFlow::Continue(())) };
                if price.compare(UnitPrice::from(floor)).is_lt() && !answer.chain.is_empty() {
                    found = Some(Fault::Floor(answer.chain, witness, price.stored()?.0, floor));
                    return Ok(ControlFlow::Break(()));
                }
                Ok(ControlFlow::Continue(()))
            })?;
            if ended.is_break() {
                break;
            }
        }
        Ok(found)
    }

    /// Bounds behind which more costs less, of tiers, of rules and between them, and prices below zero. Between two bounds
    /// more does not cost less; where that is not sure, it is not called clean.
    fn walk(&mut self, most: usize, faults: &mut Vec<Fault>) -> Result<()> {
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

    /// Whether there may be a question for which both rules hold.
    fn meet(&self, one: &Rule, other: &Rule) -> bool {
        let days = one.from <= other.until && other.from <= one.until;
        let alike = one.unit == other.unit && one.counted == other.counted;
        let quantities = !alike || (one.min <= other.max && other.min <= one.max);
        let currencies = match (self.fixed_currency(one), self.fixed_currency(other)) {
            (Some(one), Some(other)) => one == other,
            _ => true,
        };
        days && quantities && currencies && self.products_meet(one, other) && self.customers_meet(one, other)
    }

    /// The only currency in which a rule holds.
    fn fixed_currency(&self, rule: &Rule) -> Option<Currency> {
        let list = self.world.lists.iter().find(|list| list.open.id == rule.list);
        rule.currency.or(list.map(|list| list.currency))
    }

    fn currency_of(&self, rule: &Rule) -> Currency {
        self.fixed_currency(rule).unwrap_or(self.world.currency)
    }

    fn products_meet(&self, one: &Rule, other: &Rule) -> bool {
        use ProductScope::{All, Category, Product};
        let inside = |category: i64, above: i64| {
            category == above
                || self.world.categories.get(&category).is_some_and(|path| path.contains(&above))
        };
        match (one.product, other.product) {
            (All, _) | (_, All) => true,
            (Category(one), Category(other)) => inside(one, other) || inside(other, one),
            // A variant may be of another category than its template.
            (one, other @ Product(id)) | (other @ Product(id), one) => {
                let of = |(product, known): (&i64, &KnownProduct)| {
                    let point = Point::of(*product, known);
                    (*product == id || known.template == id) && point.is_of(one) && point.is_of(other)
                };
                one == other || self.world.products.iter().any(of)
            }
        }
    }

    fn customers_meet(&self, one: &Rule, other: &Rule) -> bool {
        use CustomerScope::{All, Class, Customer};
        match (one.customer, other.customer) {
            (All, _) | (_, All) => true,
            (Class(one), Class(other)) => one == other,
            (Customer(one), Customer(other)) => one == other,
            (Customer(customer), Class(class)) | (Class(class), Customer(customer)) => {
                let buyer = self.world.customers.get(&customer);
                buyer.is_some_and(|buyer| self.rules.class(buyer.class.as_deref()) == class)
            }
        }
    }

    /// Asks at the corners of what rules have in common: with their positions and conditions, without those of others.
    fn each_corner(
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
    fn each(
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
    fn put_conditions(&mut self, conditional: &[&Rule], witness: &mut Witness) -> Result<()> {
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
    fn points(&self) -> Vec<Point<'a>> {
        let world: &'a World = self.world;
        let mut points: Vec<Point> = world.products.iter().map(|(id, known)| Point::of(*id, known)).collect();
        let nameless = |categories: &'a [i64]| Point { id: 0, known: None, categories };
        points.extend(world.categories.values().map(|path| nameless(path)));
        points.push(nameless(&[]));
        points
    }

    /// The days on which something begins or has ended, as far as all rules hold that must.
    fn dates(&self, asked: &Asked<'_, 'a>) -> Vec<Date> {
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
    fn named_lists(&self, asked: &Asked<'_, 'a>) -> Vec<i64> {
        let mut lists = vec![0];
        if asked.near.iter().any(|rule| rule.list != 0) {
            let fitting = self.world.lists.iter().filter(|list| list.currency == asked.currency);
            lists.extend(fitting.map(|list| list.open.id));
        }
        lists
    }

    /// The sorts of buyers that all the rules are for that must hold.
    fn buyers(&self, asked: &Asked<'_, 'a>) -> Vec<(i64, Buyer)> {
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
    fn quantities(&mut self, asked: &Asked<'_, 'a>) -> Result<Vec<i64>> {
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

    /// What the engine says.
    fn ask(&self, witness: &Witness) -> Result<Answer> {
        let world = self.world;
        let known = world.products.get(&witness.product);
        let categories = match known {
            Some(known) => known.categories.clone(),
            None => world.categories.get(&witness.category).cloned().unwrap_or_default(),
        };
        let mut quantities = vec![(0, witness.quantity)];
        for unit in self.units.iter().copied() {
            let factor = known.map_or(Some(Dec::ONE), |known| known.units.get(&unit).copied());
            if let Some(factor) = factor {
                let quantity = dec(witness.quantity).mul(factor)?.round(SCALE, Rounding::HalfUp);
                quantities.push((unit, quantity.to_i64_at(SCALE)?));
            }
        }
        let hundred = || Some(UnitPrice::from(Dec::HUNDRED));
        let facts = Facts {
            product: witness.product,
            template: known.map_or(0, |known| known.template),
            categories,
            customer: witness.customer,
            class: witness.buyer.class.clone(),
            positions: witness.positions.clone(),
            lists: world
                .open(witness.list, witness.currency, witness.date, &witness.buyer)
                .unwrap_or_default(),
            quantities,
            asked: witness.quantity,
            measured: witness.measured.iter().map(|(rule, whole)| (*rule, Measured::alone(*whole))).collect(),
            base: known.map_or_else(hundred, |known| known.list_price),
            cost: known.map_or_else(hundred, |known| known.floor.cost.map(UnitPrice::from)),
            conditions: witness.conditions.iter().map(|rule| (*rule, true)).collect(),
            ..Facts::default()
        };
        let digits = world.policy.scale(witness.currency.digits());
        let law = Law {
            rules: self.rules,
            strategy: self.strategy,
            groups: &world.groups,
            date: witness.date,
            currency: witness.currency,
            posting: Posting { digits, rounding: world.policy.rounding() },
        };
        let (candidates, judged) = judge(&law, &facts)?;
        let made = match judged.decision.outcome {
            Outcome::Chosen { at, .. } => Some(at),
            _ => None,
        };
        let fixed = made.and_then(|at| candidates.get(at)).is_some_and(|rule| rule.effect.is_fixed());
        let steps = made.into_iter().chain(judged.steps.iter().map(|step| step.at));
        Ok(Answer {
            ambiguous: judged.ambiguous,
            trace: judged.decision.trace.iter().map(|one| (one.rule, one.verdict)).collect(),
            price: judged.price.map(|(_, price)| price),
            chain: steps.filter_map(|at| candidates.get(at)).map(|rule| rule.id).collect(),
            fixed,
        })
    }
}

/// What is asked of a product: rules that must hold, those whose bounds matter, and those whose positions and conditions
/// are there.
struct Asked<'r, 'a> {
    point: Point<'a>,
    currency: Currency,
    must: &'r [&'a Rule],
    near: &'r [&'a Rule],
    optional: &'r [&'a Rule],
}

/// How what a rule counts follows from the quantity of a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Counting {
    /// So many for each.
    Times(Dec),
    /// It may be anything.
    Free,
    /// It cannot be counted.
    Never,
}

/// A product that rules can tell from others: one that they name, or one of a category; 0 is one of no name.
#[derive(Clone, Copy)]
struct Point<'a> {
    id: i64,
    known: Option<&'a KnownProduct>,
    categories: &'a [i64],
}

impl<'a> Point<'a> {
    fn of(id: i64, known: &'a KnownProduct) -> Point<'a> {
        Point { id, known: Some(known), categories: &known.categories }
    }

    fn is_of(&self, scope: ProductScope) -> bool {
        match scope {
            ProductScope::All => true,
            ProductScope::Category(category) => self.categories.contains(&category),
            ProductScope::Product(id) => {
                id == self.id || self.known.is_some_and(|known| known.template == id)
            }
        }
    }

    /// What a rule counts of so many on a line alone; none where it cannot, or the line does not say it.
    fn own(&self, rule: &Rule, quantity: i64) -> Result<Option<i64>> {
        let Counting::Times(factor) = self.counting(rule) else { return Ok(None) };
        Ok(Some(dec(quantity).mul(factor)?.round(SCALE, Rounding::HalfUp).to_i64_at(SCALE)?))
    }

    fn counting(&self, rule: &Rule) -> Counting {
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
const COST_SCALE: u8 = 12;

/// Questions that one bound takes at most.
const QUESTIONS_OF_ONE: usize = 100;

/// What became of a question.
struct Answer {
    ambiguous: Vec<i64>,
    trace: Vec<(i64, Verdict)>,
    price: Option<UnitPrice>,
    /// The rules on the way to the price.
    chain: Vec<i64>,
    /// The first of them names the price.
    fixed: bool,
}

impl Answer {
    fn verdict(&self, rule: i64) -> Option<Verdict> {
        self.trace.iter().find(|(id, _)| *id == rule).map(|(_, verdict)| *verdict)
    }

    fn only_by_price(&self, rule: i64) -> bool {
        matches!(self.verdict(rule), Some(Verdict::Taken(_) | Verdict::Beaten("cheapest")))
    }

    /// The rules that were compared with one that was left out, by what they come to.
    fn compared(&self, left_out: Verdict) -> impl Iterator<Item = i64> {
        let beside = move |one: &&(i64, Verdict)| match left_out {
            Verdict::Beaten(_) => {
                matches!(one.1, Verdict::Taken(_) | Verdict::Tied | Verdict::Beaten("cheapest"))
            }
            _ => one.1 == Verdict::Applied || one.1 == left_out,
        };
        self.trace.iter().filter(beside).map(|one| one.0)
    }

    fn passed(&self, rule: i64) -> bool {
        matches!(self.verdict(rule), Some(Verdict::Applied | Verdict::Excluded(_)))
    }
}

/// Whether two rules do the same to the same price, by one value each: the values alone say which comes to less.
fn comparable(one: &Rule, other: &Rule) -> bool {
    let plain = |rule: &Rule| {
        let effect = &rule.effect;
        effect.scale.is_none() && effect.formula.is_none() && effect.package == 0 && effect.free.is_none()
    };
    let same = one.effect.method == other.effect.method && one.unit == other.unit;
    let base = one.effect.is_fixed()
        || (one.effect.base == other.effect.base
            && (one.effect.base != PriceBase::BaseList || one.list == other.list));
    plain(one) && plain(other) && same && base
}

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

/// The quantities near the figures that a condition names: those themselves, and what is less or more than they are.
pub(super) fn figures(condition: &str) -> Vec<i64> {
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

/// Whether a rule gives goods, which changes no price.
fn gives(rule: &Rule) -> bool {
    rule.effect.method == PriceMethod::FreeGoods
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
