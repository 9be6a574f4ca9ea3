//! All active price rules, ready for the engine, found by what they are for.
//!
//! A set is made once for an open engine (`rule_set`) and forgotten when a rule is written. Rules stand in it by
//! (product scope, customer scope): what can matter for a question are the rules of a few such places, however many
//! rules there are.

use super::engine::{
    AmountAt, CustomerScope, Outcome, ProductScope, Question, Rule, Symbols, choose, prices, quantity_in,
    refuses, resolve,
};
use super::error::AMBIGUOUS;
use super::reading::active_rules;
use super::records::{PriceBase, PriceInquiry, PriceMethod, PriceRule, PriceStage, QuantityBasis, TieBreak};
use super::rules::{compile, conjuncts};
use super::scale::price_at;
use super::strategy::{Key, Strategy};
use super::unit_price::UnitPrice;
use crm_kernel::catalogue::Catalogue;
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::error::{Error, Result};
use crm_kernel::expr::{Expr, Scope};
use crm_kernel::id::Ref;
use crm_kernel::record::Record;
use crm_kernel::work::Work;
use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};
use std::hash::{BuildHasher, BuildHasherDefault, Hasher};
use std::ops::Range;
use std::sync::Arc;

/// Rules by what they are for.
#[derive(Debug, Default)]
pub struct RuleSet {
    /// By their ids.
    rules: Vec<Rule>,
    /// Those for the same together, as far as a glance tells: behind all others the plain ones, those of larger smallest
    /// quantities first.
    glances: Vec<Glance>,
    places: HashMap<(u64, u64), Range<u32>, BuildHasherDefault<Mix>>,
    /// Which places there may be: most of those that are looked for are not, and a bit tells.
    seen: Vec<u64>,
    classes: Symbols,
    /// Some rule has a condition, or counts more than the line's quantity.
    asks: bool,
    /// Some rule takes off lines of a document together.
    on_documents: bool,
    /// Some rule is in another unit than the product's or starts from its cost.
    reads_more: bool,
    /// All rules are of the first stage.
    only_makes: bool,
    /// Where rules look at what a line comes to, in the order of the stages.
    amounts: Vec<AmountAt>,
}

/// The rule that makes a price.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Winner {
    /// Its id.
    pub rule: i64,
    /// Its value is the price, whatever there was before.
    pub is_fixed: bool,
    /// What one costs in the product's unit.
    pub price: UnitPrice,
}

/// What refuses most rules and what the plain ones come to, side by side with those of other rules for the same: so the
/// rules themselves, which lie all over the memory, are looked at for nothing else.
#[derive(Clone, Copy, Debug)]
struct Glance {
    id: i64,
    /// The place of the rule.
    rule: u32,
    from: Date,
    until: Date,
    /// As [`is_plain`] says.
    plain: bool,
    currency: Option<Currency>,
    method: PriceMethod,
    value: i64,
    min: i64,
    max: i64,
}

impl Winner {
    fn of(rule: &Rule, price: UnitPrice) -> Winner {
        Winner { rule: rule.id, is_fixed: rule.effect.is_fixed(), price }
    }
}

impl Glance {
    fn of(place: u32, rule: &Rule) -> Glance {
        Glance {
            id: rule.id,
            rule: place,
            from: rule.from,
            until: rule.until,
            plain: is_plain(rule),
            currency: rule.currency,
            method: rule.effect.method,
            value: rule.effect.value,
            min: rule.min,
            max: rule.max,
        }
    }

    /// Whether a rule that is plain passes; the same as [`refuses`] says.
    fn passes(&self, question: &Question<'_>, own: Option<i64>) -> bool {
        (self.from..=self.until).contains(&question.date)
            && self.currency.is_none_or(|currency| currency == question.currency)
            && own.is_some_and(|own| (self.min..=self.max).contains(&own))
            && (self.method == PriceMethod::FixedPrice || question.base.is_some())
    }
}

/// Bits for each place in [`RuleSet::seen`].
const BITS: usize = 16;

impl RuleSet {
    /// Puts rules, given by their ids, into their places.
    pub fn new(rules: Vec<Rule>, classes: Symbols) -> RuleSet {
        let mut order: Vec<_> = (0_u32..)
            .zip(&rules)
            .map(|(at, rule)| {
                let place = (product_key(rule.product), customer_key(rule.customer));
                (place, is_plain(rule), Reverse(rule.min), at)
            })
            .collect();
        order.sort_unstable();
        let mut glances = Vec::with_capacity(order.len());
        let mut places: HashMap<_, Range<u32>, _> = HashMap::default();
        for (at, (place, _, _, rule)) in (0_u32..).zip(&order) {
            places.entry(*place).or_insert(at..at).end = at + 1;
            glances.extend(rules.get(*rule as usize).map(|found| Glance::of(*rule, found)));
        }
        let words = (places.len() * BITS / 64).next_power_of_two();
        let mut seen = vec![0; words];
        for (product, customer) in places.keys() {
            let (word, bit) = bit(words, *product, *customer);
            if let Some(word) = seen.get_mut(word) {
                *word |= bit;
            }
        }
        let asks = rules.iter().any(|rule| rule.condition.is_some() || rule.counted.is_some());
        let on_documents = rules.iter().any(|rule| rule.stage == PriceStage::Document);
        let reads_more = rules.iter().any(|rule| rule.unit != 0 || rule.starts_from_cost());
        let makes =
            |rule: &Rule| rule.stage == PriceStage::List && rule.effect.method != PriceMethod::FreeGoods;
        let only_makes = rules.iter().all(makes);
        let amounts: BTreeSet<AmountAt> = rules.iter().filter_map(Rule::looks_at_amount).collect();
        let amounts = amounts.into_iter().collect();
        RuleSet { rules, glances, places, seen, classes, asks, on_documents, reads_more, only_makes, amounts }
    }

    /// How many rules there are.
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// True where there is no rule.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// All rules, by their ids.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The rule with an id.
    pub fn rule(&self, id: i64) -> Option<&Rule> {
        let at = self.rules.binary_search_by_key(&id, |rule| rule.id).ok()?;
        self.rules.get(at)
    }

    /// Whether some rule has a condition, or counts more than the line's quantity.
    pub fn asks(&self) -> bool {
        self.asks
    }

    /// Whether some rule takes off lines of a document together.
    pub fn on_documents(&self) -> bool {
        self.on_documents
    }

    /// Whether some rule is in another unit than the product's, or starts from what the product costs.
    pub fn reads_more(&self) -> bool {
        self.reads_more
    }

    /// Where rules of later stages look at what a line comes to, in the order of the stages.
    pub fn amounts(&self) -> &[AmountAt] {
        &self.amounts
    }

    /// Whether all rules are of the first stage: one of them makes the price, and nothing changes it.
    pub fn only_makes(&self) -> bool {
        self.only_makes
    }

    /// The longest rolling period that a rule counts, in days; 0 where none does.
    pub fn longest_period(&self) -> i64 {
        let counted = self.rules.iter().filter_map(|rule| rule.counted.as_ref());
        let periods = counted.filter(|counted| counted.basis == QuantityBasis::Period);
        periods.map(|counted| counted.days).max().unwrap_or(0)
    }

    /// What people call a rule.
    pub fn code(&self, rule: i64) -> &str {
        self.rule(rule).map_or("", |rule| &rule.code)
    }

    /// The rule with a code.
    pub fn by_code(&self, code: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| *rule.code == *code)
    }

    /// The number of a class of customers; one that no rule names is nobody's.
    pub fn class(&self, class: Option<&str>) -> u32 {
        class.map_or(0, |class| self.classes.find(class))
    }

    /// The classes of customers that rules name, with their numbers.
    pub fn classes(&self) -> impl Iterator<Item = (&str, u32)> {
        self.classes.all()
    }

    /// The rules for the product and the buyer of a question, by their ids.
    pub fn candidates(&self, question: &Question<'_>) -> Vec<&Rule> {
        let mut places: Vec<u32> = Vec::new();
        self.each_place(question, |glances| {
            places.extend(glances.iter().map(|glance| glance.rule));
            true
        });
        places.sort_unstable();
        places.iter().filter_map(|at| self.rules.get(*at as usize)).collect()
    }

    /// The rule that makes the price of one by a strategy, and the price in the product's unit, without telling why; none
    /// where no rule does. The same as [`resolve`] gives. Errors: `price.ambiguous`,
    /// `value.out_of_range`.
    pub fn winner(&self, question: &Question<'_>, strategy: &Strategy) -> Result<Option<Winner>> {
        let by_scope = matches!(strategy.keys.as_ref(), [Key::Product, Key::Customer, ..]);
        if !by_scope || question.lists.iter().any(|list| list.base != 0) {
            let all = self.candidates(question);
            return match resolve(&all, question, strategy)?.outcome {
                Outcome::Chosen { at, price, .. } => Ok(all.get(at).map(|rule| Winner::of(rule, price))),
                Outcome::None => Ok(None),
                Outcome::Ambiguous(_) => Err(ambiguous(strategy)),
            };
        }
        // The places are visited in the order of the first two keys: the winner is in the first where a rule passes.
        let (own, by_minimum) = (quantity_in(question, 0), is_by_minimum(strategy));
        let mut first: Option<&Glance> = None;
        let mut others: Vec<&Glance> = Vec::new();
        self.each_place(question, |glances| {
            for glance in glances {
                // Where the largest minimum wins, plain ones behind it are beaten unseen.
                if by_minimum && first.is_some_and(|first| first.plain && glance.min < first.min) {
                    break;
                }
                if self.passes(glance, question, own) {
                    match first {
                        None => first = Some(glance),
                        Some(_) => others.push(glance),
                    }
                }
            }
            first.is_none()
        });
        let Some(first) = first else { return Ok(None) };
        let winner = if others.is_empty() {
            Some(first)
        } else {
            others.push(first);
            self.best(&others, by_minimum, question, strategy)?
        };
        let Some(winner) = winner else { return Ok(None) };
        if winner.plain {
            let (rule, is_fixed) = (winner.id, winner.method == PriceMethod::FixedPrice);
            let price = price_at(winner.method, winner.value, question.base)?;
            return Ok(price.map(|price| Winner { rule, is_fixed, price }));
        }
        let Some(rule) = self.rules.get(winner.rule as usize) else { return Ok(None) };
        Ok(prices(rule, question)?.map(|(_, price)| Winner::of(rule, price)))
    }

    /// Whether a rule for the product and the buyer makes a price of a question.
    fn passes(&self, glance: &Glance, question: &Question<'_>, own: Option<i64>) -> bool {
        if glance.plain {
            return glance.passes(question, own);
        }
        let rule = self.rules.get(glance.rule as usize);
        rule.is_some_and(|rule| rule.stage == PriceStage::List && refuses(rule, question).is_none())
    }

    /// The best of several that pass and are for the same. Errors: `price.ambiguous`, `value.out_of_range`.
    fn best<'g>(
        &self,
        several: &[&'g Glance],
        by_minimum: bool,
        question: &Question<'_>,
        strategy: &Strategy,
    ) -> Result<Option<&'g Glance>> {
        if by_minimum && several.iter().all(|glance| glance.plain) {
            // Nothing but their smallest quantities tells them apart, so no rule has to be looked at.
            let most = several.iter().map(|glance| glance.min).max();
            let equal = || several.iter().filter(|glance| Some(glance.min) == most);
            // The places of rules are in the order of their ids.
            let best = match strategy.last {
                TieBreak::Refuse if equal().count() > 1 => return Err(ambiguous(strategy)),
                TieBreak::Refuse | TieBreak::Newest => equal().max_by_key(|glance| glance.rule),
                TieBreak::Oldest => equal().min_by_key(|glance| glance.rule),
            };
            return Ok(best.copied());
        }
        let rules: Vec<&Rule> =
            several.iter().filter_map(|glance| self.rules.get(glance.rule as usize)).collect();
        let mut left: Vec<usize> = (0..rules.len()).collect();
        choose(&rules, question, strategy, &mut left, |_, _| {})?;
        match left.as_slice() {
            [] => Ok(None),
            [at] => Ok(several.get(*at).copied()),
            _ => Err(ambiguous(strategy)),
        }
    }

    /// The rules of a place.
    fn place(&self, product: u64, customer: u64) -> &[Glance] {
        let range = self.places.get(&(product, customer));
        range.and_then(|range| self.glances.get(range.start as usize..range.end as usize)).unwrap_or_default()
    }

    /// Whether there may be a place.
    fn is_seen(&self, product: u64, customer: u64) -> bool {
        let (word, bit) = bit(self.seen.len(), product, customer);
        self.seen.get(word).is_some_and(|word| word & bit != 0)
    }

    /// The rules of each place, the nearer places first: by product, then by customer. Ends where `each` has enough.
    fn each_place<'s>(&'s self, question: &Question<'_>, mut each: impl FnMut(&'s [Glance]) -> bool) {
        let customers = [
            (question.customer != 0, customer_key(CustomerScope::Customer(question.customer))),
            (question.class != 0, customer_key(CustomerScope::Class(question.class))),
            (true, customer_key(CustomerScope::All)),
        ];
        let mut product = |scope: ProductScope| {
            let product = product_key(scope);
            // Most places are not there: all of a product are looked for before any is looked at.
            let there = customers.map(|(named, customer)| named & self.is_seen(product, customer));
            there == [false; 3]
                || customers.iter().zip(there).filter(|(_, there)| *there).all(|((_, customer), _)| {
                    let found = self.place(product, *customer);
                    found.is_empty() || each(found)
                })
        };
        let template = question.template != 0 && question.template != question.product;
        let named = question.product != 0;
        let _ = (!named || product(ProductScope::Product(question.product)))
            && (!template || product(ProductScope::Product(question.template)))
            && question.categories.iter().all(|category| product(ProductScope::Category(*category)))
            && product(ProductScope::All);
    }
}

/// Whether nothing but dates, currency and bounds can refuse a rule, and it makes a price by its value alone.
fn is_plain(rule: &Rule) -> bool {
    let effect = &rule.effect;
    rule.stage == PriceStage::List
        && (rule.position, rule.list, rule.unit) == (0, 0, 0)
        && rule.condition.is_none()
        && rule.counted.is_none()
        && effect.scale.is_none()
        && effect.formula.is_none()
        && effect.package == 0
        && matches!(effect.base, PriceBase::Running | PriceBase::List)
}

/// Whether a strategy looks at the product, the customer and then at the smallest quantity alone: what else it names is the
/// same for all rules that are plain.
fn is_by_minimum(strategy: &Strategy) -> bool {
    let mut rest = strategy.keys.iter().skip(2).filter(|key| !matches!(key, Key::Position | Key::List));
    matches!((rest.next(), rest.next()), (Some(Key::MinQuantity), None))
}

/// The active rules of the enterprise. Errors: those of reading.
pub(super) fn rule_set(work: &mut Work<'_>) -> Result<Arc<RuleSet>> {
    work.once(PriceRule::NO, "set", |work| Ok(Arc::new(active_rules(work)?.set())))
}

/// The longest rolling period that an active rule counts, in days; 0 where none does. Errors: those of reading.
pub(super) fn longest_period(work: &mut Work<'_>) -> Result<i64> {
    let rules = rule_set(work)?;
    Ok(if rules.asks() { rules.longest_period() } else { 0 })
}

/// Rules on their way into a set: those of the enterprise, of another time, or candidates.
#[derive(Default)]
pub(super) struct Rules {
    rules: Vec<Rule>,
    classes: Symbols,
}

impl Rules {
    /// Adds a rule. Errors: `value.out_of_range`.
    pub fn add(&mut self, catalogue: &Catalogue, id: Ref<PriceRule>, rule: &PriceRule) -> Result<()> {
        let mut row = compile(id, rule, &mut self.classes)?;
        if let Some(condition) = &rule.condition {
            let scope = Scope { catalogue, root: PriceInquiry::NO, names: &[] };
            let axes = Expr::condition(condition, &scope).map(|checked| conjuncts(checked.node()));
            row.axes = row.axes.saturating_add(axes.unwrap_or(1));
        }
        self.rules.push(row);
        Ok(())
    }

    /// The set of them.
    pub fn set(mut self) -> RuleSet {
        self.rules.sort_by_key(|rule| rule.id);
        RuleSet::new(self.rules, self.classes)
    }
}

fn ambiguous(strategy: &Strategy) -> Error {
    AMBIGUOUS.error().with("strategy", strategy.name.as_ref())
}

/// The word and the bit of a place in [`RuleSet::seen`], which has so many words, a power of two.
fn bit(words: usize, product: u64, customer: u64) -> (usize, u64) {
    let hash = BuildHasherDefault::<Mix>::default().hash_one((product, customer));
    ((hash >> 38) as usize & (words - 1), 1 << (hash >> 32 & 63))
}

fn product_key(scope: ProductScope) -> u64 {
    match scope {
        ProductScope::All => 0,
        ProductScope::Category(id) => id.cast_unsigned() << 1 | 1,
        ProductScope::Product(id) => id.cast_unsigned() << 1,
    }
}

fn customer_key(scope: CustomerScope) -> u64 {
    match scope {
        CustomerScope::All => 0,
        CustomerScope::Class(class) => u64::from(class) << 1 | 1,
        CustomerScope::Customer(id) => id.cast_unsigned() << 1,
    }
}

/// Mixes the two numbers of a place. The keys are the enterprise's own ids, nobody's choice, so a fast hash is enough.
#[derive(Default)]
struct Mix(u64);

impl Hasher for Mix {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = (self.0.rotate_left(5) ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}
