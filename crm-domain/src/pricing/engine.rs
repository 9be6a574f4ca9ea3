//! The engine: which rule makes the price of one line. Pure, over plain numbers.
//!
//! Two stages (commerce.md 2.1). Hard filters: dates, currency, product, customer, seller, list, quantity, condition, and
//! whether the rule has a price to give. Then the strategy. Records become [`Rule`]s once: ids are their numbers, texts
//! are numbers of [`Symbols`], quantities and values are integers at six decimals.

use super::scale::{Effect, Gap, SCALE, dec};
use super::strategy::{Access, Axis, Key, Last, Strategy};
use super::unit_price::UnitPrice;
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::Dec;
use crm_kernel::error::Result;
use std::cmp::Ordering;

/// A price rule as the engine reads it.
#[derive(Clone, Debug)]
pub struct Rule {
    /// The record: names the rule, and tells which is older.
    pub id: i64,
    /// For which products.
    pub product: ProductScope,
    /// For which customers.
    pub customer: CustomerScope,
    /// For sellers with this position; 0 for all.
    pub position: i64,
    /// Of this price list; 0 beside all lists.
    pub list: i64,
    /// The unit of its quantities and prices; 0 is the product's.
    pub unit: i64,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
    /// The smallest quantity, included.
    pub min: i64,
    /// The largest quantity, included; [`super::scale::OPEN`] for none.
    pub max: i64,
    /// The only currency in which it holds; none for all.
    pub currency: Option<Currency>,
    /// The larger, the earlier.
    pub priority: Option<i64>,
    /// The place of its condition in [`Question::conditions`], plus 1; 0 for none.
    pub condition: u32,
    /// By how many axes it restricts itself.
    pub axes: u8,
    /// What it does.
    pub effect: Effect,
}

/// For which products a rule is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProductScope {
    /// All.
    All,
    /// Those of a category and below it.
    Category(i64),
    /// One.
    Product(i64),
}

/// For which customers a rule is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CustomerScope {
    /// All.
    All,
    /// Those of a class, by its number in [`Symbols`].
    Class(u32),
    /// One.
    Customer(i64),
}

/// Texts as numbers, from 1 on; 0 is no text.
#[derive(Clone, Debug, Default)]
pub struct Symbols(Vec<String>);

impl Symbols {
    /// The number of a text.
    pub fn of(&mut self, text: Option<&str>) -> u32 {
        let Some(text) = text else { return 0 };
        let at = self.0.iter().position(|known| known == text).unwrap_or_else(|| {
            self.0.push(text.to_owned());
            self.0.len() - 1
        });
        u32::try_from(at + 1).unwrap_or(u32::MAX)
    }
}

/// What a price is asked for. A negative quantity is asked as the positive one.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The product.
    pub product: i64,
    /// Its category and those above, nearest first.
    pub categories: &'a [i64],
    /// Who buys; 0 for nobody.
    pub customer: i64,
    /// His class; 0 for none.
    pub class: u32,
    /// The positions of the seller.
    pub positions: &'a [i64],
    /// The price lists that are open here.
    pub lists: &'a [i64],
    /// The quantity by unit, 0 being the product's; above 0. A unit that is missing cannot be converted.
    pub quantities: &'a [(i64, i64)],
    /// The pricing date.
    pub date: Date,
    /// The currency of the price.
    pub currency: Currency,
    /// The list price of one in the product's unit, in the currency asked for.
    pub base: Option<UnitPrice>,
    /// Which conditions hold, by their place.
    pub conditions: &'a [bool],
}

/// What came of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The rule, none, or those that cannot be told apart.
    pub outcome: Outcome,
    /// What became of each candidate, in the order in which they were given.
    pub trace: Vec<Considered>,
}

/// The rule that wins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// No rule holds.
    None,
    /// The candidate at this place.
    Chosen {
        /// The place among the candidates.
        at: usize,
        /// What one costs in the product's unit.
        price: UnitPrice,
        /// What one costs in the rule's unit.
        own_price: UnitPrice,
    },
    /// The candidates at these places.
    Ambiguous(Vec<usize>),
}

/// What became of a candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Considered {
    /// The rule.
    pub rule: i64,
    /// What became of it.
    pub verdict: Verdict,
}

/// What became of a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It makes the price. The last resort, where this decided.
    Taken(Option<Last>),
    /// A hard filter refused it.
    Refused(Reason),
    /// Another was better by a key of the strategy.
    Beaten(&'static str),
    /// It cannot be told apart from others.
    Tied,
}

/// Why a hard filter refuses a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// For another product.
    Product,
    /// For another category.
    Category,
    /// For another customer.
    Customer,
    /// For another class of customers.
    CustomerClass,
    /// For another position.
    SellerPosition,
    /// Of a price list that is not open here.
    List,
    /// Not yet.
    NotYetValid,
    /// No longer.
    Expired,
    /// In another currency.
    Currency,
    /// Of a unit that the product's cannot be converted into.
    Unit,
    /// For larger quantities.
    BelowMinQuantity,
    /// For smaller quantities.
    AboveMaxQuantity,
    /// Its condition is not true.
    Condition,
    /// It changes the list price, and there is none.
    NoListPrice,
    /// None of its tiers is for the quantity.
    NoTier,
}

impl Reason {
    /// The word in derivations.
    pub fn code(self) -> &'static str {
        match self {
            Reason::Product => "product",
            Reason::Category => "category",
            Reason::Customer => "customer",
            Reason::CustomerClass => "customer_class",
            Reason::SellerPosition => "seller_position",
            Reason::List => "list",
            Reason::NotYetValid => "not_yet_valid",
            Reason::Expired => "expired",
            Reason::Currency => "currency",
            Reason::Unit => "unit",
            Reason::BelowMinQuantity => "below_min_quantity",
            Reason::AboveMaxQuantity => "above_max_quantity",
            Reason::Condition => "condition",
            Reason::NoListPrice => "no_list_price",
            Reason::NoTier => "no_tier",
        }
    }
}

/// Chooses among candidates. Errors: `value.out_of_range` where a price needs more digits than there are.
pub fn resolve(candidates: &[Rule], question: &Question<'_>, strategy: &Strategy) -> Result<Decision> {
    let mut verdicts: Vec<Option<Verdict>> = Vec::with_capacity(candidates.len());
    let mut left: Vec<usize> = Vec::new();
    for (at, rule) in candidates.iter().enumerate() {
        match refuses(rule, question) {
            Some(reason) => verdicts.push(Some(Verdict::Refused(reason))),
            None => {
                verdicts.push(None);
                left.push(at);
            }
        }
    }
    for key in strategy.keys.iter() {
        keep_best(key, candidates, question, &mut left, |at| {
            if let Some(slot) = verdicts.get_mut(at) {
                *slot = Some(Verdict::Beaten(key.code()));
            }
        })?;
    }
    let mut last = None;
    if left.len() > 1 && strategy.last != Last::Refuse {
        let id = |at: &usize| candidates.get(*at).map(|rule| rule.id);
        let winner = match strategy.last {
            Last::Newest => left.iter().copied().max_by_key(id),
            Last::Oldest | Last::Refuse => left.iter().copied().min_by_key(id),
        };
        for at in left.iter().filter(|at| Some(**at) != winner) {
            if let Some(slot) = verdicts.get_mut(*at) {
                *slot = Some(Verdict::Beaten(strategy.last.code()));
            }
        }
        left.retain(|at| Some(*at) == winner);
        last = Some(strategy.last);
    }
    let verdict = if left.len() == 1 { Verdict::Taken(last) } else { Verdict::Tied };
    let trace = candidates.iter().zip(verdicts);
    let trace =
        trace.map(|(rule, found)| Considered { rule: rule.id, verdict: found.unwrap_or(verdict) }).collect();
    let outcome = match left.as_slice() {
        [] => Outcome::None,
        [at] => match candidates.get(*at).map(|rule| prices(rule, question)).transpose()?.flatten() {
            Some((own_price, price)) => Outcome::Chosen { at: *at, price, own_price },
            None => Outcome::None,
        },
        _ => Outcome::Ambiguous(left),
    };
    Ok(Decision { outcome, trace })
}

/// The first hard filter that a rule does not pass.
pub fn refuses(rule: &Rule, question: &Question<'_>) -> Option<Reason> {
    match rule.product {
        ProductScope::Product(product) if product != question.product => return Some(Reason::Product),
        ProductScope::Category(category) if !question.categories.contains(&category) => {
            return Some(Reason::Category);
        }
        _ => {}
    }
    match rule.customer {
        CustomerScope::Customer(customer) if customer != question.customer => return Some(Reason::Customer),
        CustomerScope::Class(class) if class != question.class => return Some(Reason::CustomerClass),
        _ => {}
    }
    if rule.position != 0 && !question.positions.contains(&rule.position) {
        return Some(Reason::SellerPosition);
    }
    if rule.list != 0 && !question.lists.contains(&rule.list) {
        return Some(Reason::List);
    }
    if question.date < rule.from {
        return Some(Reason::NotYetValid);
    }
    if question.date > rule.until {
        return Some(Reason::Expired);
    }
    if rule.currency.is_some_and(|currency| currency != question.currency) {
        return Some(Reason::Currency);
    }
    let Some(quantity) = quantity_in(question, rule.unit) else { return Some(Reason::Unit) };
    if quantity < rule.min {
        return Some(Reason::BelowMinQuantity);
    }
    if quantity > rule.max {
        return Some(Reason::AboveMaxQuantity);
    }
    if let Some(condition) = usize::try_from(rule.condition).ok().and_then(|number| number.checked_sub(1))
        && question.conditions.get(condition) != Some(&true)
    {
        return Some(Reason::Condition);
    }
    match rule.effect.applies(quantity, question.base.is_some()) {
        Ok(()) => None,
        Err(Gap::NoBase) => Some(Reason::NoListPrice),
        Err(Gap::NoTier) => Some(Reason::NoTier),
    }
}

/// What one costs by a rule: in its own unit and in the product's. Errors: `value.out_of_range`.
pub fn prices(rule: &Rule, question: &Question<'_>) -> Result<Option<(UnitPrice, UnitPrice)>> {
    let (Some(quantity), Some(own)) = (quantity_in(question, rule.unit), quantity_in(question, 0)) else {
        return Ok(None);
    };
    let base = question.base.map(|base| between(base, own, quantity)).transpose()?;
    let Some(price) = rule.effect.price(quantity, base)? else { return Ok(None) };
    Ok(Some((price, between(price, quantity, own)?)))
}

/// The price of one of a unit, in another: `from` and `to` are one quantity in both. Errors: `value.out_of_range`.
pub fn between(price: UnitPrice, from: i64, to: i64) -> Result<UnitPrice> {
    if from == to {
        return Ok(price);
    }
    UnitPrice::new(price.amount().mul(dec(from))?, price.per().mul(dec(to))?)
}

/// The quantity asked for in a unit.
fn quantity_in(question: &Question<'_>, unit: i64) -> Option<i64> {
    question.quantities.iter().find(|(known, _)| *known == unit).map(|(_, quantity)| *quantity)
}

/// Keeps the candidates that are best by a key; `beaten` hears of the others.
fn keep_best(
    key: &Key,
    candidates: &[Rule],
    question: &Question<'_>,
    left: &mut Vec<usize>,
    mut beaten: impl FnMut(usize),
) -> Result<()> {
    if let Key::Accesses(accesses) = key {
        // An access that nobody looks for is no hit, also where it stands alone.
        left.retain(|at| {
            let sought = candidates.get(*at).is_some_and(|rule| accesses.contains(&access_of(rule)));
            if !sought {
                beaten(*at);
            }
            sought
        });
    }
    if left.len() < 2 {
        return Ok(());
    }
    let mut ranks = Vec::with_capacity(left.len());
    for rule in left.iter().filter_map(|at| candidates.get(*at)) {
        ranks.push(rank(key, rule, question)?);
    }
    let Some(best) = ranks.iter().copied().max_by(Rank::order) else { return Ok(()) };
    let mut ranks = ranks.into_iter();
    left.retain(|at| {
        let stays = ranks.next().is_some_and(|rank| rank.order(&best) == Ordering::Equal);
        if !stays {
            beaten(*at);
        }
        stays
    });
    Ok(())
}

/// The value of a key: the larger, the better.
#[derive(Clone, Copy, Debug)]
enum Rank {
    Number(i64),
    Price(Option<UnitPrice>),
}

impl Rank {
    fn order(&self, other: &Rank) -> Ordering {
        match (self, other) {
            (Rank::Number(left), Rank::Number(right)) => left.cmp(right),
            (Rank::Price(Some(left)), Rank::Price(Some(right))) => right.compare(*left),
            (Rank::Price(left), Rank::Price(right)) => left.is_some().cmp(&right.is_some()),
            _ => Ordering::Equal,
        }
    }
}

fn rank(key: &Key, rule: &Rule, question: &Question<'_>) -> Result<Rank> {
    let place = |at: Option<usize>| at.and_then(|at| i64::try_from(at).ok()).unwrap_or(i64::MAX - 1);
    Ok(Rank::Number(match key {
        Key::Product => match rule.product {
            ProductScope::Product(_) => i64::MAX,
            ProductScope::Category(category) => {
                // Nearer is better, and any category is better than none.
                i64::MAX - 1 - place(question.categories.iter().position(|known| *known == category))
            }
            ProductScope::All => -1,
        },
        Key::Customer => match rule.customer {
            CustomerScope::Customer(_) => 2,
            CustomerScope::Class(_) => 1,
            CustomerScope::All => 0,
        },
        Key::Position => i64::from(rule.position != 0),
        Key::List => i64::from(rule.list != 0),
        // Bounds in different units are compared by what part of the quantity they are.
        Key::MinQuantity => return min_quantity(rule, question),
        Key::Priority => rule.priority.unwrap_or(i64::MIN),
        Key::RuleCount => i64::from(rule.axes),
        Key::Cheapest => return Ok(Rank::Price(prices(rule, question)?.map(|(_, price)| price))),
        Key::Accesses(accesses) => -place(accesses.iter().position(|access| *access == access_of(rule))),
    }))
}

/// The minimum quantity that is reached, in the product's unit, as a rank: the higher, the better. The tier that is
/// reached counts as one.
fn min_quantity(rule: &Rule, question: &Question<'_>) -> Result<Rank> {
    let (own, product) = (quantity_in(question, rule.unit), quantity_in(question, 0));
    let tier = rule.effect.scale.as_ref().zip(own).and_then(|(scale, own)| scale.begins(scale.tier_at(own)?));
    let reached = dec(rule.min.max(tier.unwrap_or(0)));
    let scaled = match (own, product) {
        (Some(own), Some(product)) if own != product && own > 0 => {
            UnitPrice::new(reached.mul(dec(product))?, dec(own))?
        }
        _ => UnitPrice::from(reached),
    };
    // A rank by price prefers the lower one, so the sign is turned.
    Ok(Rank::Price(Some(UnitPrice::new(scaled.amount().neg(), scaled.per())?)))
}

fn access_of(rule: &Rule) -> Access {
    let product = match rule.product {
        ProductScope::All => Axis::All,
        ProductScope::Category(_) => Axis::Group,
        ProductScope::Product(_) => Axis::One,
    };
    let customer = match rule.customer {
        CustomerScope::All => Axis::All,
        CustomerScope::Class(_) => Axis::Group,
        CustomerScope::Customer(_) => Axis::One,
    };
    Access { product, customer }
}

/// A quantity for the engine: its magnitude at six decimals. Errors: `value.out_of_range`.
pub fn figure(value: Dec) -> Result<i64> {
    Ok(value.abs().to_i64_at(SCALE)?)
}
