//! What is wrong with a rule set, each fault with a question that shows it (PRD-08, M3). Pure.
//!
//! A strategy without prices among its keys looks at a question only through what rules restrict: between two bounds
//! nothing changes. So for a pair of rules it is enough to look at the corners of what they have in common: products and
//! buyers that rules name and one of each sort that none names, days and quantities where some rule begins or has ended.
//! Others whose position, list or condition may or may not be there are left out of the question: with fewer candidates two
//! that tie still tie. What a price decides cannot be found at corners; pairs that only a price tells apart are reported as
//! possible ties. A search that would take too long says so: nothing is called clean that was not looked at.

use super::engine::{
    CustomerScope, OpenList, Outcome, ProductScope, Question, Reason, Rule, Verdict, resolve,
};
use super::index::RuleSet;
use super::records::{PriceStage, TieBreak};
use super::scale::{Cliff, OPEN};
use super::strategy::{Key, Strategy};
use super::unit_price::UnitPrice;
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::error::Result;
use std::collections::{BTreeMap, BTreeSet};

/// What is known of the products and buyers that rules name.
#[derive(Clone, Debug, Default)]
pub struct World {
    /// The categories of a product, nearest first, and the product of which it is a variant, 0 for none.
    pub products: BTreeMap<i64, (Vec<i64>, i64)>,
    /// A category and those above, nearest first.
    pub categories: BTreeMap<i64, Vec<i64>>,
    /// The class of a customer, by its number in the rule set; 0 for none.
    pub customers: BTreeMap<i64, u32>,
    /// The list price of products that have one.
    pub list_prices: BTreeMap<i64, UnitPrice>,
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
    /// His class; 0 for none.
    pub class: u32,
    /// The positions of the seller.
    pub positions: Vec<i64>,
    /// The open lists.
    pub lists: Vec<i64>,
    /// The rules whose condition holds.
    pub conditions: Vec<i64>,
    /// The day.
    pub date: Date,
    /// The quantity, at six decimals.
    pub quantity: i64,
    /// The currency.
    pub currency: Currency,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Rules that the strategy cannot tell apart.
    Ambiguous(Vec<i64>, Witness),
    /// Rules that only their prices tell apart, which may be equal.
    PossibleTie([i64; 2], Witness),
    /// A rule that others beat wherever it holds; one question where they do.
    Dead(i64, Witness),
    /// Tiers behind which more costs less.
    Cliff(i64, Cliff),
    /// A product without list price that no rule gives a price.
    Gap(Witness),
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// The faults, ambiguities first.
    pub faults: Vec<Fault>,
    /// False where something was not looked at: too many questions, or units that cannot be compared.
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

/// Looks a rule set through. Errors: `value.out_of_range`.
pub fn lint(rules: &RuleSet, world: &World, strategy: &Strategy, effort: Effort) -> Result<Findings> {
    let first: Vec<&Rule> = rules.rules().iter().filter(|rule| rule.stage == PriceStage::List).collect();
    let pairs = effort.questions.saturating_mul(PAIRS);
    let mut look = Look { rules, world, strategy, left: effort.questions, pairs, complete: true };
    let mut faults = Vec::new();
    let by_price = strategy.keys.contains(&Key::Cheapest);
    let mut tied: BTreeSet<(i64, i64)> = BTreeSet::new();
    for (at, one) in first.iter().enumerate() {
        for other in first.iter().skip(at + 1) {
            if faults.len() >= effort.faults || tied.contains(&(one.id, other.id)) {
                continue;
            }
            if strategy.last != TieBreak::Refuse {
                break;
            }
            if look.pairs == 0 {
                look.complete = false;
                break;
            }
            look.pairs -= 1;
            if !look.meet(one, other) {
                continue;
            }
            let Some(fault) = look.pair(one, other, by_price)? else { continue };
            if let Fault::Ambiguous(rules, _) = &fault {
                let pairs = rules.iter().flat_map(|one| rules.iter().map(|other| (*one, *other)));
                tied.extend(pairs);
            }
            faults.push(fault);
        }
    }
    for rule in &first {
        if faults.len() >= effort.faults {
            look.complete = false;
            break;
        }
        faults.extend(look.dead(rule)?);
        for cliff in rule.effect.cliffs(world.list_price_of(rule))? {
            faults.push(Fault::Cliff(rule.id, cliff));
        }
    }
    for (product, (categories, _)) in &world.products {
        if faults.len() >= effort.faults {
            look.complete = false;
            break;
        }
        if !world.list_prices.contains_key(product) {
            faults.extend(look.gap(*product, categories)?);
        }
    }
    Ok(Findings { faults, complete: look.complete })
}

impl World {
    fn list_price_of(&self, rule: &Rule) -> Option<UnitPrice> {
        match rule.product {
            ProductScope::Product(product) => self.list_prices.get(&product).copied(),
            // Any price shows where per cents fall off.
            _ => Some(UnitPrice::from(crm_kernel::dec::Dec::HUNDRED)),
        }
    }
}

/// Pairs of rules are looked at that many times more often than questions are asked: most have nothing in common.
const PAIRS: usize = 250;

struct Look<'a> {
    rules: &'a RuleSet,
    world: &'a World,
    strategy: &'a Strategy,
    /// Questions that may still be asked.
    left: usize,
    /// Pairs of rules that may still be looked at.
    pairs: usize,
    complete: bool,
}

/// A sort of product that rules can tell from others.
#[derive(Clone, Debug)]
struct ProductPoint {
    product: i64,
    template: i64,
    categories: Vec<i64>,
}

impl Look<'_> {
    /// A question at which two rules tie.
    fn pair(&mut self, one: &Rule, other: &Rule, by_price: bool) -> Result<Option<Fault>> {
        let Some(currency) = common_currency(one, other) else { return Ok(None) };
        if one.unit != other.unit {
            // How many of one unit are in the other is the product's to say.
            self.complete = false;
            return Ok(None);
        }
        let mut possible = None;
        let both = [one, other];
        for witness in self.corners(&both, currency) {
            let Some(outcome) = self.ask(&witness, &both)? else { return Ok(possible) };
            match outcome.0 {
                Outcome::Ambiguous(tied) => {
                    let tied: Vec<i64> = tied.iter().filter_map(|at| outcome.1.get(*at).copied()).collect();
                    if tied.contains(&one.id) && tied.contains(&other.id) {
                        return Ok(Some(Fault::Ambiguous(tied, witness)));
                    }
                }
                _ if by_price && possible.is_none() => {
                    // Beaten by a price only: at another list price or quantity they may be equal.
                    let lost_by_price = |id: i64| {
                        outcome.2.iter().any(|(rule, verdict)| {
                            *rule == id && matches!(verdict, Verdict::Taken(_) | Verdict::Beaten("cheapest"))
                        })
                    };
                    if lost_by_price(one.id) && lost_by_price(other.id) {
                        possible = Some(Fault::PossibleTie([one.id, other.id], witness));
                    }
                }
                _ => {}
            }
        }
        Ok(possible)
    }

    /// Whether a rule never makes a price; a question where it holds and does not.
    fn dead(&mut self, rule: &Rule) -> Result<Option<Fault>> {
        let mut shown = None;
        for witness in self.corners(&[rule], rule.currency.unwrap_or(Currency::CNY)) {
            let Some((_, _, trace)) = self.ask(&witness, &[rule])? else { return Ok(None) };
            match trace.iter().find(|(id, _)| *id == rule.id) {
                // Another list price could turn a price round.
                Some((_, Verdict::Beaten(key))) if *key != Key::Cheapest.code() => shown = Some(witness),
                Some((_, Verdict::Refused(Reason::NoTier | Reason::NoListPrice))) => {}
                _ => return Ok(None),
            }
        }
        Ok(shown.map(|witness| Fault::Dead(rule.id, witness)))
    }

    /// A question about a product without list price that no rule answers.
    fn gap(&mut self, product: i64, categories: &[i64]) -> Result<Option<Fault>> {
        let named: Vec<&Rule> = self
            .rules
            .rules()
            .iter()
            .filter(|rule| rule.stage == PriceStage::List && of_product(rule, product, categories))
            .collect();
        let (mut dates, mut quantities) = (BTreeSet::from([Date::MIN]), BTreeSet::from([1_i64]));
        for rule in &named {
            dates.insert(rule.from);
            dates.extend(rule.until.add_days(1));
            quantities.extend(bounds(rule));
        }
        for date in dates {
            for quantity in &quantities {
                let witness = Witness {
                    product,
                    category: categories.first().copied().unwrap_or(0),
                    customer: 0,
                    class: 0,
                    positions: Vec::new(),
                    lists: Vec::new(),
                    conditions: Vec::new(),
                    date,
                    quantity: *quantity,
                    currency: named.iter().find_map(|rule| rule.currency).unwrap_or(Currency::CNY),
                };
                match self.ask(&witness, &[])? {
                    Some((Outcome::None, _, _)) => return Ok(Some(Fault::Gap(witness))),
                    Some(_) => {}
                    None => return Ok(None),
                }
            }
        }
        Ok(None)
    }

    /// Whether there may be a question for which both rules hold.
    fn meet(&self, one: &Rule, other: &Rule) -> bool {
        let days = one.from <= other.until && other.from <= one.until;
        let units = one.unit == other.unit && one.counted.is_none() && other.counted.is_none();
        let quantities = !units || (one.min <= other.max && other.min <= one.max);
        let currencies = common_currency(one, other).is_some();
        days && quantities && currencies && self.products_meet(one, other) && self.customers_meet(one, other)
    }

    fn products_meet(&self, one: &Rule, other: &Rule) -> bool {
        use ProductScope::{All, Category, Product};
        let inside = |category: i64, above: i64| {
            category == above
                || self.world.categories.get(&category).is_some_and(|path| path.contains(&above))
        };
        let known = |product: i64| self.world.products.get(&product);
        match (one.product, other.product) {
            (All, _) | (_, All) => true,
            (Category(one), Category(other)) => inside(one, other) || inside(other, one),
            // A variant may be of another category than its template.
            (Product(product), Category(category)) | (Category(category), Product(product)) => {
                let of = |(categories, _): &(Vec<i64>, i64)| categories.contains(&category);
                let variants = self.world.products.values().filter(|(_, template)| *template == product);
                known(product).is_some_and(of) || variants.into_iter().any(of)
            }
            (Product(one), Product(other)) => {
                let variant = |of: i64, template: i64| known(of).is_some_and(|known| known.1 == template);
                one == other || variant(one, other) || variant(other, one)
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
                self.world.customers.get(&customer) == Some(&class)
            }
        }
    }

    /// The questions at the corners of what rules have in common.
    fn corners(&self, of: &[&Rule], currency: Currency) -> Vec<Witness> {
        let all = self.rules.rules().iter();
        let all =
            all.filter(|rule| rule.stage == PriceStage::List && of.iter().all(|one| self.meet(one, rule)));
        let from = of.iter().map(|rule| rule.from).max().unwrap_or(Date::MIN);
        let until = of.iter().map(|rule| rule.until).min().unwrap_or(Date::MAX);
        let least = of.iter().map(|rule| rule.min.max(1)).max().unwrap_or(1);
        let most = of.iter().map(|rule| rule.max).min().unwrap_or(OPEN);
        if from > until || least > most {
            return Vec::new();
        }
        let (mut dates, mut quantities) = (BTreeSet::from([from]), BTreeSet::from([least]));
        for rule in all {
            dates.insert(rule.from);
            dates.extend(rule.until.add_days(1));
            quantities.extend(bounds(rule));
        }
        let dates: Vec<Date> = dates.into_iter().filter(|date| (from..=until).contains(date)).collect();
        let quantities: Vec<i64> =
            quantities.into_iter().filter(|quantity| (least..=most).contains(quantity)).collect();
        let mut positions: Vec<i64> =
            of.iter().map(|rule| rule.position).filter(|position| *position != 0).collect();
        let mut lists: Vec<i64> = of.iter().map(|rule| rule.list).filter(|list| *list != 0).collect();
        let conditions: Vec<i64> =
            of.iter().filter(|rule| rule.condition.is_some()).map(|rule| rule.id).collect();
        for ids in [&mut positions, &mut lists] {
            ids.sort_unstable();
            ids.dedup();
        }
        let mut found = Vec::new();
        for product in self.product_points(of) {
            for (customer, class) in self.customer_points(of) {
                for date in &dates {
                    for quantity in &quantities {
                        found.push(Witness {
                            product: product.product,
                            category: product.categories.first().copied().unwrap_or(0),
                            customer,
                            class,
                            positions: positions.clone(),
                            lists: lists.clone(),
                            conditions: conditions.clone(),
                            date: *date,
                            quantity: *quantity,
                            currency,
                        });
                    }
                }
            }
        }
        found
    }

    /// The sorts of products that all the rules are for.
    fn product_points(&self, of: &[&Rule]) -> Vec<ProductPoint> {
        let mut points: Vec<ProductPoint> = self
            .world
            .products
            .iter()
            .map(|(product, (categories, template))| ProductPoint {
                product: *product,
                template: *template,
                categories: categories.clone(),
            })
            .collect();
        let nameless = |categories: Vec<i64>| ProductPoint { product: 0, template: 0, categories };
        points.extend(self.world.categories.values().cloned().map(nameless));
        points.push(nameless(Vec::new()));
        points.retain(|point| {
            of.iter().all(|rule| match rule.product {
                ProductScope::All => true,
                ProductScope::Category(category) => point.categories.contains(&category),
                ProductScope::Product(product) => point.product == product || point.template == product,
            })
        });
        points
    }

    /// The sorts of buyers that all the rules are for.
    fn customer_points(&self, of: &[&Rule]) -> Vec<(i64, u32)> {
        let mut points: BTreeSet<(i64, u32)> =
            self.world.customers.iter().map(|(customer, class)| (*customer, *class)).collect();
        for rule in self.rules.rules() {
            match rule.customer {
                CustomerScope::Class(class) => points.insert((0, class)),
                CustomerScope::Customer(_) => false,
                CustomerScope::All => points.insert((0, 0)),
            };
        }
        points.insert((0, 0));
        let fits = |point: &(i64, u32)| {
            of.iter().all(|rule| match rule.customer {
                CustomerScope::All => true,
                CustomerScope::Class(class) => point.1 == class,
                CustomerScope::Customer(customer) => point.0 == customer,
            })
        };
        points.into_iter().filter(fits).collect()
    }

    /// What the engine says: the outcome, the candidates, what became of them. None where enough was asked.
    #[allow(clippy::type_complexity)] // three parts of one answer, for this file only
    fn ask(
        &mut self,
        witness: &Witness,
        of: &[&Rule],
    ) -> Result<Option<(Outcome, Vec<i64>, Vec<(i64, Verdict)>)>> {
        if self.left == 0 {
            self.complete = false;
            return Ok(None);
        }
        self.left -= 1;
        let (categories, template) = match self.world.products.get(&witness.product) {
            Some((categories, template)) => (categories.clone(), *template),
            None => (self.world.categories.get(&witness.category).cloned().unwrap_or_default(), 0),
        };
        let lists: Vec<OpenList> = witness.lists.iter().map(|list| OpenList::plain(*list)).collect();
        let unit = of.first().map_or(0, |rule| rule.unit);
        let mut quantities = vec![(0, witness.quantity)];
        if unit != 0 {
            quantities.push((unit, witness.quantity));
        }
        let measured: Vec<_> = self
            .rules
            .rules()
            .iter()
            .filter(|rule| rule.counted.is_some())
            .map(|rule| (rule.id, super::scale::Measured::alone(witness.quantity)))
            .collect();
        let conditions: Vec<(i64, bool)> = witness.conditions.iter().map(|rule| (*rule, true)).collect();
        let question =
            Question {
                product: witness.product,
                template,
                categories: &categories,
                customer: witness.customer,
                class: witness.class,
                positions: &witness.positions,
                lists: &lists,
                quantities: &quantities,
                measured: &measured,
                date: witness.date,
                currency: witness.currency,
                base: self.world.list_prices.get(&witness.product).copied().or_else(|| {
                    (witness.product == 0).then(|| UnitPrice::from(crm_kernel::dec::Dec::HUNDRED))
                }),
                cost: Some(UnitPrice::from(crm_kernel::dec::Dec::HUNDRED)),
                base_lists: &[],
                conditions: &conditions,
                manual: false,
            };
        let candidates = self.rules.candidates(&question);
        let decision = resolve(&candidates, &question, self.strategy)?;
        let trace = decision.trace.iter().map(|one| (one.rule, one.verdict)).collect();
        Ok(Some((decision.outcome, candidates.iter().map(|rule| rule.id).collect(), trace)))
    }
}

fn of_product(rule: &Rule, product: i64, categories: &[i64]) -> bool {
    match rule.product {
        ProductScope::All => true,
        ProductScope::Category(category) => categories.contains(&category),
        ProductScope::Product(other) => other == product,
    }
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

fn common_currency(one: &Rule, other: &Rule) -> Option<Currency> {
    match (one.currency, other.currency) {
        (Some(one), Some(other)) => (one == other).then_some(one),
        (one, other) => one.or(other).or(Some(Currency::CNY)),
    }
}
