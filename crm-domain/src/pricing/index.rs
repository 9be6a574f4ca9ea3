//! All active price rules, ready for the engine, found by what they are for.
//!
//! A set is made once for an open engine ([`rule_set`]) and forgotten when a rule is written. Rules stand in it by
//! (product scope, customer scope): what can matter for a question are the rules of a few such places, however many
//! rules there are.

use super::engine::{
    CustomerScope, Outcome, ProductScope, Question, Rule, Symbols, prices, refuses, resolve,
};
use super::error::AMBIGUOUS;
use super::records::{PriceInquiry, PriceRule, PriceStage, QuantityBasis};
use super::rules::{compile, conjuncts};
use super::strategy::{Key, Strategy};
use super::unit_price::UnitPrice;
use crm_kernel::error::Result;
use crm_kernel::expr::{Expr, Scope};
use crm_kernel::record::Record;
use crm_kernel::work::Work;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;
use std::sync::Arc;

/// Rules by what they are for.
#[derive(Debug, Default)]
pub struct RuleSet {
    /// By their ids.
    rules: Vec<Rule>,
    /// What a rule says beside its figures, by its place.
    words: Vec<Words>,
    /// Places of rules, those for the same together.
    order: Vec<u32>,
    places: HashMap<(u64, u64), Range<u32>, BuildHasherDefault<Mix>>,
    classes: Symbols,
    /// Some rule has a condition, or counts more than the line's quantity.
    asks: bool,
}

/// What a rule says beside its figures.
#[derive(Clone, Debug)]
pub struct Words {
    /// What refusals and derivations call it.
    pub code: String,
    /// Its condition.
    pub condition: Option<String>,
    /// How what its bounds and tiers look at is found, unless it is the line's quantity.
    pub counted: Option<Box<Counted>>,
}

/// How what bounds and tiers look at is found.
#[derive(Clone, Debug)]
pub struct Counted {
    /// What is counted together.
    pub basis: QuantityBasis,
    /// For a rolling period, how many days.
    pub days: i64,
    /// What is measured; the quantity where there is none.
    pub measure: Option<String>,
}

impl RuleSet {
    /// Puts rules into their places; `words` are those of the rule at the same place. Rules are given by their ids.
    pub fn new(rules: Vec<Rule>, words: Vec<Words>, classes: Symbols) -> RuleSet {
        let mut order: Vec<u32> = (0..rules.len()).map_while(|at| u32::try_from(at).ok()).collect();
        let key = |at: &u32| {
            rules.get(*at as usize).map(|rule| (product_key(rule.product), customer_key(rule.customer)))
        };
        order.sort_by_key(|at| (key(at), *at));
        let mut places: HashMap<_, Range<u32>, _> = HashMap::default();
        for (at, place) in (0_u32..).zip(&order) {
            if let Some(key) = key(place) {
                places.entry(key).or_insert(at..at).end = at + 1;
            }
        }
        let asks = rules.iter().any(|rule| rule.conditional || rule.counted);
        RuleSet { rules, words, order, places, classes, asks }
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

    /// What a rule says beside its figures.
    pub fn words(&self, rule: i64) -> Option<&Words> {
        let at = self.rules.binary_search_by_key(&rule, |rule| rule.id).ok()?;
        self.words.get(at)
    }

    /// Whether some rule has a condition, or counts more than the line's quantity.
    pub fn asks(&self) -> bool {
        self.asks
    }

    /// The longest rolling period that a rule counts, in days; 0 where none does.
    pub fn longest_period(&self) -> i64 {
        let counted = self.words.iter().filter_map(|words| words.counted.as_ref());
        let periods = counted.filter(|counted| counted.basis == QuantityBasis::Period);
        periods.map(|counted| counted.days).max().unwrap_or(0)
    }

    /// What people call a rule.
    pub fn code(&self, rule: i64) -> &str {
        self.words(rule).map_or("", |words| &words.code)
    }

    /// The rule with a code.
    pub fn by_code(&self, code: &str) -> Option<&Rule> {
        self.rules.get(self.words.iter().position(|words| words.code == code)?)
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
        self.each_place(question, |range| {
            places.extend_from_slice(self.order.get(range).unwrap_or_default());
            true
        });
        places.sort_unstable();
        places.iter().filter_map(|at| self.rules.get(*at as usize)).collect()
    }

    /// The rule that makes the price of one by a strategy, and the price in the product's unit, without telling why; none
    /// where no rule does. The same as [`resolve`] gives. Errors: `price.ambiguous`, `value.out_of_range`.
    pub fn winner(&self, question: &Question<'_>, strategy: &Strategy) -> Result<Option<(&Rule, UnitPrice)>> {
        let made = |rules: &[&'_ Rule]| -> Result<Option<(usize, UnitPrice)>> {
            match resolve(rules, question, strategy)?.outcome {
                Outcome::Chosen { at, price, .. } => Ok(Some((at, price))),
                Outcome::None => Ok(None),
                Outcome::Ambiguous(_) => Err(AMBIGUOUS.error().with("strategy", strategy.name.as_ref())),
            }
        };
        let by_scope = matches!(strategy.keys.as_ref(), [Key::Product, Key::Customer, ..]);
        if !by_scope || question.lists.iter().any(|list| list.base != 0) {
            let all = self.candidates(question);
            return Ok(made(&all)?.and_then(|(at, price)| Some((*all.get(at)?, price))));
        }
        // The places are visited in the order of the first two keys: the winner is in the first where a rule passes.
        let mut passing: Vec<&Rule> = Vec::new();
        self.each_place(question, |range| {
            let places = self.order.get(range).unwrap_or_default();
            let rules = places.iter().filter_map(|at| self.rules.get(*at as usize));
            passing.extend(
                rules.filter(|rule| rule.stage == PriceStage::List && refuses(rule, question).is_none()),
            );
            passing.is_empty()
        });
        match passing.as_slice() {
            [] => Ok(None),
            [only] => Ok(prices(only, question)?.map(|(_, price)| (*only, price))),
            several => Ok(made(several)?.and_then(|(at, price)| Some((*several.get(at)?, price)))),
        }
    }

    /// The rules of each place, by their ids, the nearer places first: by product, then by customer. Ends where `each`
    /// has enough.
    fn each_place(&self, question: &Question<'_>, mut each: impl FnMut(Range<usize>) -> bool) {
        let mut product = |scope: ProductScope| {
            let product = product_key(scope);
            let mut customer = |customer: CustomerScope| {
                let found = self.places.get(&(product, customer_key(customer)));
                found.is_none_or(|range| each(range.start as usize..range.end as usize))
            };
            (question.customer == 0 || customer(CustomerScope::Customer(question.customer)))
                && (question.class == 0 || customer(CustomerScope::Class(question.class)))
                && customer(CustomerScope::All)
        };
        let template = question.template != 0 && question.template != question.product;
        let named = question.product != 0;
        let _ = (!named || product(ProductScope::Product(question.product)))
            && (!template || product(ProductScope::Product(question.template)))
            && question.categories.iter().all(|category| product(ProductScope::Category(*category)))
            && product(ProductScope::All);
    }
}

/// The active rules of the enterprise. Errors: those of reading.
pub(super) fn rule_set(work: &mut Work<'_>) -> Result<Arc<RuleSet>> {
    work.once(PriceRule::NO, "set", |work| {
        let found = work.select::<PriceRule>("active", &[])?;
        made(work, found.iter().map(|rule| (rule.id, &**rule))).map(Arc::new)
    })
}

/// The longest rolling period that an active rule counts, in days; 0 where none does. Errors: those of reading.
pub fn longest_period(work: &mut Work<'_>) -> Result<i64> {
    let rules = rule_set(work)?;
    Ok(if rules.asks() { rules.longest_period() } else { 0 })
}

/// A set of rules that are not the enterprise's: those of another time, or candidates. Errors: `value.out_of_range`.
pub(super) fn made<'r>(
    work: &mut Work<'_>,
    found: impl IntoIterator<Item = (crm_kernel::id::Ref<PriceRule>, &'r PriceRule)>,
) -> Result<RuleSet> {
    let catalogue = work.catalogue();
    let scope = Scope { catalogue: &catalogue, root: PriceInquiry::NO, names: &[] };
    let (mut rules, mut words, mut classes) = (Vec::new(), Vec::new(), Symbols::default());
    let mut found: Vec<_> = found.into_iter().collect();
    found.sort_by_key(|(id, _)| id.id().number());
    for (id, rule) in found {
        let mut row = compile(id, rule, &mut classes)?;
        if let Some(condition) = &rule.condition {
            let axes = Expr::condition(condition, &scope).map(|checked| conjuncts(checked.node()));
            row.axes = row.axes.saturating_add(axes.unwrap_or(1));
        }
        words.push(Words {
            code: rule.code.clone(),
            condition: rule.condition.clone(),
            counted: row.counted.then(|| {
                Box::new(Counted {
                    basis: rule.basis,
                    days: rule.period_days.unwrap_or_default(),
                    measure: rule.measure.clone(),
                })
            }),
        });
        rules.push(row);
    }
    Ok(RuleSet::new(rules, words, classes))
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
