//! What is wrong with a rule set, each fault with a question that shows it (PRD-08, M3). Pure.
//!
//! Judging looks at a question only through what rules restrict: between two bounds nothing changes, but for what prices
//! decide. So for a pair of rules it is enough to look at the corners of what they have in common: products and buyers
//! that rules name and one of each sort that none names; the lists that are open where none is named and where one is;
//! days, quantities and measures where some rule begins or has ended. Positions and conditions of other rules are left out
//! of the question: with fewer candidates two that tie still tie. What is counted with other lines, or measured on a
//! product that no rule names, or what a line comes to at a later stage, may be anything. What a price decides cannot be
//! found at corners: pairs that only a price tells apart are possible ties. What a line comes to is followed from bound to
//! bound (`walk`). Where a search would take too long, or something is not looked at, the findings say so: nothing is
//! called clean that was not looked at.

mod answer;
mod corners;
mod walk;

use corners::{Asked, Point};

pub(super) use corners::figures;
#[cfg(test)]
pub(super) use walk::COST_SCALE;

use super::engine::{CustomerScope, OpenList, ProductScope, Reason, Rule, Verdict};
use super::exclusion::Group;
use super::guard::Floor;
use super::index::RuleSet;
use super::records::{Comparator, PriceBase, PriceMethod, PriceStage, TieBreak};
use super::strategy::{Key, Strategy};
use super::unit_price::{PRICE_SCALE, UnitPrice};
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::Dec;
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
        // Which effects of a group stay on a document hangs on all its lines.
        self.complete &= complete && (rule.stage != PriceStage::Document || rule.group == 0);
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

/// Whether a rule gives goods, which changes no price.
fn gives(rule: &Rule) -> bool {
    rule.effect.method == PriceMethod::FreeGoods
}
