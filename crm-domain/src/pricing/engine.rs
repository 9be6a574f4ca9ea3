//! The engine: which rule makes the price of one line, and which rules take effect after it. Pure, over plain numbers.
//!
//! Two steps (commerce.md 2.1). Hard filters: dates, currency, product, customer, seller, list, quantity, condition, and
//! whether the rule has something to give. Then the strategy, among the rules that make a price; those of later stages
//! go on to the [`waterfall`](super::waterfall). Records become [`Rule`]s once: ids are their numbers, texts are numbers
//! of [`Symbols`], quantities and values are integers at six decimals.

use super::records::{AccessAxis, PriceBase, PriceMethod, PriceStage, QuantityBasis, TieBreak};
use super::scale::{Effect, Gap, Measured, SCALE, dec};
use super::strategy::{Key, Strategy};
use super::unit_price::UnitPrice;
use crate::settings::Ratio;
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::Dec;
use crm_kernel::encode::{Sink, Text};
use crm_kernel::error::Result;
use crm_kernel::record::Choice;
use std::cmp::Ordering;
use std::collections::HashMap;

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
    /// What refusals and derivations call it.
    pub code: Box<str>,
    /// Both as they stand in derivations ([`told`]), where one line may name hundreds of rules.
    pub told: Box<str>,
    /// Its condition: it holds only where [`Question::conditions`] says so.
    pub condition: Option<Box<str>>,
    /// Its bounds and tiers look at what [`Question::measured`] says, found like this, not at the line's quantity in its
    /// unit.
    pub counted: Option<Box<Counted>>,
    /// By how many axes it restricts itself, its list's not counted.
    pub axes: u8,
    /// Where in the way to a price it comes.
    pub stage: PriceStage,
    /// The group within which effects exclude one another; 0 for none.
    pub group: i64,
    /// What it does.
    pub effect: Effect,
}

impl Rule {
    /// Whether it starts from what the product costs the enterprise.
    pub fn starts_from_cost(&self) -> bool {
        self.effect.base == PriceBase::Cost
    }

    /// Where its condition, bounds or tiers may look at what the line comes to before it. None for rules of the first stage,
    /// where that is the quantity at the list price.
    pub fn looks_at_amount(&self) -> Option<AmountAt> {
        let in_condition = self.condition.as_deref().is_some_and(names_amount);
        if in_condition { self.amount_at() } else { self.measures_amount() }
    }

    /// The same of its bounds and tiers alone.
    pub fn measures_amount(&self) -> Option<AmountAt> {
        let measure = self.counted.as_ref().and_then(|counted| counted.measure.as_deref());
        self.amount_at().filter(|_| measure.is_some_and(names_amount))
    }

    fn amount_at(&self) -> Option<AmountAt> {
        let of_first = self.effect.base == PriceBase::List && self.stage != PriceStage::Document;
        (self.stage != PriceStage::List).then_some(AmountAt { stage: self.stage, of_first })
    }
}

/// Whether an expression may look at the amount of an inquiry.
fn names_amount(expression: &str) -> bool {
    expression.contains("amount")
}

/// At which point of the way to a price the amount of a line is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AmountAt {
    /// Before this stage.
    pub stage: PriceStage,
    /// By the price that the first stage made; else by what the stages before left.
    pub of_first: bool,
}

/// The id and the code of a rule as members of an object: `"rule":"8","code":"TEN"`.
pub fn told(id: i64, code: &str) -> Box<str> {
    let mut told = Text::with_capacity(30 + code.len());
    told.key("rule");
    told.number(id, 0, 0);
    told.key("code");
    told.text(code);
    told.into_string().into()
}

/// How what bounds and tiers look at is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// What is counted together.
    pub basis: QuantityBasis,
    /// For a rolling period, how many days.
    pub days: i64,
    /// What is measured; the quantity where there is none.
    pub measure: Option<Box<str>>,
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
pub struct Symbols(HashMap<String, u32>);

impl Symbols {
    /// The number of a text.
    pub fn of(&mut self, text: Option<&str>) -> u32 {
        let Some(text) = text else { return 0 };
        if let Some(known) = self.0.get(text) {
            return *known;
        }
        let number = u32::try_from(self.0.len() + 1).unwrap_or(u32::MAX);
        self.0.insert(text.to_owned(), number);
        number
    }

    /// All texts with their numbers.
    pub fn all(&self) -> impl Iterator<Item = (&str, u32)> {
        self.0.iter().map(|(text, number)| (text.as_str(), *number))
    }

    /// The number of a text; the largest where nothing has it.
    pub fn find(&self, text: &str) -> u32 {
        self.0.get(text).copied().unwrap_or(u32::MAX)
    }
}

/// What a price is asked for. A negative quantity is asked as the positive one.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The product.
    pub product: i64,
    /// The product of which it is a variant; 0 for none.
    pub template: i64,
    /// Its category and those above, nearest first.
    pub categories: &'a [i64],
    /// Who buys; 0 for nobody.
    pub customer: i64,
    /// His class; 0 for none.
    pub class: u32,
    /// The positions of the seller.
    pub positions: &'a [i64],
    /// The price lists that are open here.
    pub lists: &'a [OpenList],
    /// The quantity by unit, 0 being the product's; above 0. A unit that is missing cannot be converted.
    pub quantities: &'a [(i64, i64)],
    /// How many of the product's unit one of a unit is, where the quantities are rounded and do not say it.
    pub ratios: &'a [(i64, Ratio)],
    /// What bounds and tiers look at, by rule. A rule that is missing cannot be measured.
    pub measured: &'a [(i64, Measured)],
    /// The pricing date.
    pub date: Date,
    /// The currency of the price.
    pub currency: Currency,
    /// The list price of one in the product's unit, in the currency asked for.
    pub base: Option<UnitPrice>,
    /// What one costs the enterprise, likewise.
    pub cost: Option<UnitPrice>,
    /// What one costs by the list on which a list builds, likewise, by the number of the list that builds on it.
    pub base_lists: &'a [(i64, UnitPrice)],
    /// Which conditions hold, by rule. That of a rule that is missing does not.
    pub conditions: &'a [(i64, bool)],
    /// The line has a discount or a price set by hand.
    pub manual: bool,
    /// The price of one in the product's unit that is the line's part of what a rule makes of several lines, by rule.
    pub allocated: &'a [(i64, UnitPrice)],
}

/// A price list that is open for a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenList {
    /// The list.
    pub id: i64,
    /// By how many axes it restricts itself.
    pub axes: u8,
    /// The price without it is told beside it.
    pub sale: bool,
    /// The list on which it builds; 0 for none.
    pub base: i64,
    /// Where it speaks of a product, the rules of that list do not count.
    pub shadows: bool,
}

impl OpenList {
    /// A list that builds on nothing.
    pub fn plain(id: i64) -> OpenList {
        OpenList { id, axes: 0, sale: false, base: 0, shadows: false }
    }
}

/// What came of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The rule, none, or those that cannot be told apart.
    pub outcome: Outcome,
    /// What became of each candidate, in the order in which they were given.
    pub trace: Vec<Considered>,
    /// The candidates of later stages that pass, by their places.
    pub later: Vec<usize>,
}

impl Decision {
    /// The candidates of later stages that pass and that neither a group nor a level excludes, by their places.
    pub fn applied(&self) -> impl Iterator<Item = usize> {
        let stays =
            |at: &usize| self.trace.get(*at).is_some_and(|considered| considered.verdict == Verdict::Applied);
        self.later.iter().copied().filter(stays)
    }
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
    /// The last resort of its group, where that named it among equals.
    pub named: Option<TieBreak>,
}

/// What became of a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It makes the price. The last resort, where this decided.
    Taken(Option<TieBreak>),
    /// It takes effect at its stage.
    Applied,
    /// A hard filter refused it.
    Refused(Reason),
    /// Another was better by a key of the strategy.
    Beaten(&'static str),
    /// It passed, but an effect of this group or, at 0, of a level before it goes before it.
    Excluded(i64),
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
    /// Of a unit that the product's cannot be converted into, or of which the quantity is next to nothing.
    Unit,
    /// What it measures cannot be told of the line, or is nothing where it shares something out by it.
    Measure,
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
    /// A list that builds on its list speaks of the product.
    Shadowed,
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
            Reason::Measure => "measure",
            Reason::BelowMinQuantity => "below_min_quantity",
            Reason::AboveMaxQuantity => "above_max_quantity",
            Reason::Condition => "condition",
            Reason::NoListPrice => "no_list_price",
            Reason::NoTier => "no_tier",
            Reason::Shadowed => "shadowed",
        }
    }
}

/// Chooses among candidates. Errors: `value.out_of_range` where a price needs more digits than there are.
pub fn resolve(candidates: &[&Rule], question: &Question<'_>, strategy: &Strategy) -> Result<Decision> {
    let mut trace: Vec<Considered> = Vec::with_capacity(candidates.len());
    for rule in candidates {
        let verdict = refuses(rule, question).map_or(Verdict::Applied, Verdict::Refused);
        trace.push(Considered { rule: rule.id, verdict, named: None });
    }
    shadow(candidates, question, &mut trace);
    let (mut left, mut later) = (Vec::new(), Vec::new());
    for (at, (rule, one)) in candidates.iter().zip(&trace).enumerate() {
        if one.verdict == Verdict::Applied {
            if rule.stage == PriceStage::List { left.push(at) } else { later.push(at) }
        }
    }
    let mut say = |at: usize, verdict: Verdict| {
        if let Some(one) = trace.get_mut(at) {
            one.verdict = verdict;
        }
    };
    let last = choose(candidates, question, strategy, &mut left, |at, key| say(at, Verdict::Beaten(key)))?;
    let verdict = if left.len() == 1 { Verdict::Taken(last) } else { Verdict::Tied };
    left.iter().for_each(|at| say(*at, verdict));
    let outcome = match left.as_slice() {
        [] => Outcome::None,
        [at] => match candidates.get(*at).map(|rule| prices(rule, question)).transpose()?.flatten() {
            Some((own_price, price)) => Outcome::Chosen { at: *at, price, own_price },
            None => Outcome::None,
        },
        _ => Outcome::Ambiguous(left),
    };
    Ok(Decision { outcome, trace, later })
}

/// Leaves of the rules at some places, which all make a price, those between which a strategy cannot choose; `beaten`
/// hears of the others and of what beat them. The last resort, where that decided. Errors: `value.out_of_range`.
pub fn choose(
    candidates: &[&Rule],
    question: &Question<'_>,
    strategy: &Strategy,
    left: &mut Vec<usize>,
    mut beaten: impl FnMut(usize, &'static str),
) -> Result<Option<TieBreak>> {
    for key in strategy.keys.iter() {
        keep_best(key, candidates, question, left, |at| beaten(at, key.code()))?;
    }
    if left.len() < 2 {
        return Ok(None);
    }
    let Some(winner) = last_resort(strategy.last, candidates, left) else { return Ok(None) };
    left.iter().filter(|at| **at != winner).for_each(|at| beaten(*at, strategy.last.code()));
    left.retain(|at| *at == winner);
    Ok(Some(strategy.last))
}

/// The one among equals that a last resort names; none where it refuses.
pub fn last_resort(last: TieBreak, candidates: &[&Rule], left: &[usize]) -> Option<usize> {
    let id = |at: &usize| candidates.get(*at).map(|rule| rule.id);
    match last {
        TieBreak::Refuse => None,
        TieBreak::Newest => left.iter().copied().max_by_key(id),
        TieBreak::Oldest => left.iter().copied().min_by_key(id),
    }
}

/// Refuses the rules of lists on which others build that speak of the product themselves, whatever the quantity.
fn shadow(candidates: &[&Rule], question: &Question<'_>, trace: &mut [Considered]) {
    if question.lists.iter().all(|list| list.base == 0) {
        return;
    }
    let speaks = |trace: &[Considered], list: i64| {
        candidates.iter().zip(trace).any(|(rule, one)| {
            let quantity = matches!(
                one.verdict,
                Verdict::Applied
                    | Verdict::Refused(Reason::BelowMinQuantity | Reason::AboveMaxQuantity | Reason::NoTier)
            );
            rule.list == list && rule.stage == PriceStage::List && quantity
        })
    };
    for list in question.lists.iter().filter(|list| list.shadows && list.base != 0) {
        if !speaks(trace, list.id) {
            continue;
        }
        let mut below = list.base;
        for _ in 0..question.lists.len() {
            for (rule, one) in candidates.iter().zip(trace.iter_mut()) {
                if rule.list == below && rule.stage == PriceStage::List && one.verdict == Verdict::Applied {
                    one.verdict = Verdict::Refused(Reason::Shadowed);
                }
            }
            below = match question.lists.iter().find(|list| list.id == below) {
                Some(next) if next.base != 0 => next.base,
                _ => break,
            };
        }
    }
}

/// The first hard filter that a rule does not pass.
pub fn refuses(rule: &Rule, question: &Question<'_>) -> Option<Reason> {
    match rule.product {
        ProductScope::Product(product) if product != question.product && product != question.template => {
            return Some(Reason::Product);
        }
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
    if rule.list != 0 && !question.lists.iter().any(|open| open.id == rule.list) {
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
    let Some(measured) = measured(rule, question) else {
        let counted = quantity_in(question, rule.unit).is_some();
        return Some(if counted { Reason::Measure } else { Reason::Unit });
    };
    if measured.whole < rule.min {
        return Some(Reason::BelowMinQuantity);
    }
    if measured.whole > rule.max {
        return Some(Reason::AboveMaxQuantity);
    }
    if rule.condition.is_some()
        && !question.conditions.iter().any(|(known, holds)| *known == rule.id && *holds)
    {
        return Some(Reason::Condition);
    }
    match rule.effect.applies(measured.whole, base_of(rule, question).is_some()) {
        Ok(()) => None,
        Err(Gap::NoBase) => Some(Reason::NoListPrice),
        Err(Gap::NoTier) => Some(Reason::NoTier),
        Err(Gap::NoMeasure) => Some(Reason::Measure),
    }
}

/// What a rule of the first stage starts from; for one of a later stage, whether there is something at all.
fn base_of(rule: &Rule, question: &Question<'_>) -> Option<UnitPrice> {
    match rule.effect.base {
        PriceBase::Cost => question.cost,
        PriceBase::BaseList => {
            question.base_lists.iter().find(|(list, _)| *list == rule.list).map(|(_, price)| *price)
        }
        // A later stage has the price of the first, whether or not the product has one of its own.
        PriceBase::Running | PriceBase::List if rule.stage != PriceStage::List => {
            question.base.or(Some(UnitPrice::ZERO))
        }
        PriceBase::Running | PriceBase::List => question.base,
    }
}

/// What a rule's bounds and tiers look at.
pub fn measured(rule: &Rule, question: &Question<'_>) -> Option<Measured> {
    let quantity = quantity_in(question, rule.unit)?;
    if rule.counted.is_none() {
        return Some(Measured::alone(quantity));
    }
    question.measured.iter().find(|(number, _)| *number == rule.id).map(|(_, measured)| *measured)
}

/// What one costs by a rule of the first stage: in its own unit and in the product's. Errors: `value.out_of_range`.
pub fn prices(rule: &Rule, question: &Question<'_>) -> Result<Option<(UnitPrice, UnitPrice)>> {
    priced(rule, question, base_of(rule, question))
}

/// What one costs by a price list alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListPrice {
    /// So much in the product's unit; none where neither rule nor product says it.
    Price(Option<UnitPrice>),
    /// It hangs on these rules, which cannot be told apart.
    Tied(Vec<i64>),
}

/// What one costs by a price list alone, with the lists on which it builds: the winner among their rules, else the
/// product's list price. Errors: `value.out_of_range`.
pub fn price_of_list(
    list: i64,
    candidates: &[&Rule],
    question: &Question<'_>,
    strategy: &Strategy,
) -> Result<ListPrice> {
    let Some(open) = question.lists.iter().find(|open| open.id == list) else {
        return Ok(ListPrice::Price(question.base));
    };
    let (below, tied) = match open.base {
        0 => (None, Vec::new()),
        base => {
            let without: Vec<OpenList> =
                question.lists.iter().filter(|other| other.id != list).copied().collect();
            let below =
                price_of_list(base, candidates, &Question { lists: &without, ..*question }, strategy)?;
            below.or_nothing()
        }
    };
    let mut lists = vec![*open];
    while let Some(next) = lists.last().and_then(|last| {
        question
            .lists
            .iter()
            .find(|open| open.id == last.base && !lists.iter().any(|list| list.id == open.id))
    }) {
        lists.push(*next);
    }
    let mine: Vec<&Rule> = candidates
        .iter()
        .filter(|rule| rule.stage == PriceStage::List && lists.iter().any(|list| list.id == rule.list))
        .copied()
        .collect();
    let base_lists: Vec<(i64, UnitPrice)> = below.into_iter().map(|price| (list, price)).collect();
    let asked = Question { lists: &lists, base_lists: &base_lists, ..*question };
    Ok(match resolve(&mine, &asked, strategy)?.outcome {
        Outcome::Chosen { at, .. }
            if !tied.is_empty() && mine.get(at).is_some_and(|rule| starts(rule, list)) =>
        {
            ListPrice::Tied(tied)
        }
        Outcome::Chosen { price, .. } => ListPrice::Price(Some(price)),
        Outcome::None => ListPrice::Price(question.base),
        Outcome::Ambiguous(left) => {
            ListPrice::Tied(left.iter().filter_map(|at| mine.get(*at)).map(|rule| rule.id).collect())
        }
    })
}

/// Whether a rule of a list starts from what the list below says.
pub fn starts(rule: &Rule, list: i64) -> bool {
    rule.list == list && rule.effect.base == PriceBase::BaseList
}

impl ListPrice {
    /// The price, and the rules on which it hangs. With those it is nothing, the least that it may be: a rule that starts
    /// from it and does not win then does not win whatever it is.
    pub fn or_nothing(self) -> (Option<UnitPrice>, Vec<i64>) {
        match self {
            ListPrice::Price(price) => (price, Vec::new()),
            ListPrice::Tied(rules) => (Some(UnitPrice::ZERO), rules),
        }
    }
}

/// The same from a price in the product's unit to start from.
pub fn priced(
    rule: &Rule,
    question: &Question<'_>,
    base: Option<UnitPrice>,
) -> Result<Option<(UnitPrice, UnitPrice)>> {
    let Some(quantity) = quantity_in(question, rule.unit) else { return Ok(None) };
    let Some(measured) = measured(rule, question) else { return Ok(None) };
    if rule.unit == 0 {
        return Ok(rule.effect.price(measured, quantity, base)?.map(|price| (price, price)));
    }
    let Some(ratio) = ratio_of(question, rule.unit)? else { return Ok(None) };
    let base = base.map(|base| base.converted(ratio)).transpose()?;
    let Some(price) = rule.effect.price(measured, quantity, base)? else { return Ok(None) };
    Ok(Some((price, price.split(ratio)?)))
}

/// How many of the product's unit one of a unit is: as the quantities say where they are exact. None for a unit that
/// cannot be converted.
pub fn ratio_of(question: &Question<'_>, unit: i64) -> Result<Option<Ratio>> {
    if unit == 0 {
        return Ok(Some(Ratio::ONE));
    }
    if let Some((_, ratio)) = question.ratios.iter().find(|(known, _)| *known == unit) {
        return Ok(Some(*ratio));
    }
    match (quantity_in(question, 0), quantity_in(question, unit)) {
        (Some(own), Some(quantity)) => Ratio::new(dec(own), dec(quantity)).map(Some),
        _ => Ok(None),
    }
}

/// The quantity asked for in a unit.
pub fn quantity_in(question: &Question<'_>, unit: i64) -> Option<i64> {
    question.quantities.iter().find(|(known, _)| *known == unit).map(|(_, quantity)| *quantity)
}

/// Keeps the candidates that are best by a key; `beaten` hears of the others.
fn keep_best(
    key: &Key,
    candidates: &[&Rule],
    question: &Question<'_>,
    left: &mut Vec<usize>,
    mut beaten: impl FnMut(usize),
) -> Result<()> {
    if let Key::Accesses(accesses) = key {
        // A rule that nobody looks for is no hit, also where it stands alone.
        let place = |at: usize| {
            let of = candidates.get(at).map(|rule| access_of(rule))?;
            accesses.iter().position(|access| (access.product, access.customer) == of)
        };
        let stop = accesses.iter().enumerate().filter(|(_, access)| access.stops);
        let stop = stop.map(|(at, _)| at).find(|stop| left.iter().any(|at| place(*at) == Some(*stop)));
        left.retain(|at| {
            let sought = place(*at).is_some_and(|at| stop.is_none_or(|stop| at <= stop));
            if !sought {
                beaten(*at);
            }
            sought
        });
        return Ok(());
    }
    if left.len() < 2 {
        return Ok(());
    }
    let Some(key) = meant(key, candidates, left) else { return Ok(()) };
    if *key == Key::MinQuantity && !one_measure(candidates, left) {
        return keep_highest_bounds(candidates, question, left, beaten);
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

/// What a key compares among the rules at some places; none where it has nothing to say of them together.
fn meant<'k>(key: &'k Key, candidates: &[&Rule], left: &[usize]) -> Option<&'k Key> {
    let mut rules = left.iter().filter_map(|at| candidates.get(*at));
    match key {
        Key::OneAxis => {
            let first = rules.next()?;
            let (mut product, mut customer, mut position) = (true, true, true);
            for rule in rules {
                product &= rule.product == first.product;
                customer &= rule.customer == first.customer;
                position &= rule.position == first.position;
            }
            match (position, product, customer) {
                (true, _, true) => Some(&Key::OwnProduct),
                (true, true, false) => Some(&Key::Customer),
                _ => None,
            }
        }
        Key::ListOfPercents => {
            rules.all(|rule| rule.effect.method == PriceMethod::DiscountPercent).then_some(&Key::List)
        }
        key => Some(key),
    }
}

/// What the bounds of a rule are of; none is the quantity.
fn measure(rule: &Rule) -> Option<&str> {
    rule.counted.as_ref().and_then(|counted| counted.measure.as_deref())
}

/// Whether the bounds of the rules at some places are all of one measure.
fn one_measure(candidates: &[&Rule], left: &[usize]) -> bool {
    let mut measures = left.iter().filter_map(|at| candidates.get(*at)).map(|rule| measure(rule));
    let first = measures.next();
    measures.all(|other| Some(other) == first)
}

/// Keeps the rules whose bound no other of the same measure exceeds: fifty pieces are neither more nor less than sixty
/// kilograms. Any bound is more than none.
fn keep_highest_bounds(
    candidates: &[&Rule],
    question: &Question<'_>,
    left: &mut Vec<usize>,
    mut beaten: impl FnMut(usize),
) -> Result<()> {
    let none = Rank::Price(Some(UnitPrice::ZERO));
    let mut bounds = Vec::with_capacity(left.len());
    for at in left.iter() {
        let Some(rule) = candidates.get(*at) else { continue };
        bounds.push((*at, measure(rule), min_quantity(rule, question)?));
    }
    left.retain(|at| {
        let Some((_, mine, bound)) = bounds.iter().find(|one| one.0 == *at) else { return false };
        let least = bound.order(&none) == Ordering::Equal;
        let exceeds = |other: &(usize, Option<&str>, Rank)| {
            (other.1 == *mine || least) && other.2.order(bound) == Ordering::Greater
        };
        let stays = !bounds.iter().any(exceeds);
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
    let place = |at: Option<usize>| at.and_then(|at| i64::try_from(at).ok()).unwrap_or(i64::MAX - 2);
    Ok(Rank::Number(match key {
        Key::Product => match rule.product {
            ProductScope::Product(product) if product == question.product => i64::MAX,
            // Then that of which it is a variant.
            ProductScope::Product(_) => i64::MAX - 1,
            ProductScope::Category(category) => {
                // Nearer is better, and any category is better than none.
                i64::MAX - 2 - place(question.categories.iter().position(|known| *known == category))
            }
            ProductScope::All => -1,
        },
        Key::ProductKind => match rule.product {
            ProductScope::Product(product) => 2 + i64::from(product == question.product),
            ProductScope::Category(_) => 1,
            ProductScope::All => 0,
        },
        Key::ProductAxis => match rule.product {
            ProductScope::Product(_) => 2,
            ProductScope::Category(_) => 1,
            ProductScope::All => 0,
        },
        Key::OwnProduct => match rule.product {
            ProductScope::Product(product) => i64::from(product == question.product),
            ProductScope::Category(category) => i64::from(question.categories.first() == Some(&category)),
            ProductScope::All => 0,
        },
        Key::NewestCategory => match rule.product {
            ProductScope::Category(category) => category,
            _ => 0,
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
        Key::RuleCount => {
            let list = question.lists.iter().find(|list| list.id == rule.list);
            i64::from(rule.axes) + list.map_or(0, |list| i64::from(list.axes))
        }
        Key::Cheapest => return Ok(Rank::Price(prices(rule, question)?.map(|(_, price)| price))),
        // The accesses have kept what they keep, and the others have said which key they mean.
        Key::Accesses(_) | Key::OneAxis | Key::ListOfPercents => 0,
    }))
}

/// The minimum quantity that is reached, in the product's unit, as a rank: the higher, the better. The tier that is
/// reached counts as one.
fn min_quantity(rule: &Rule, question: &Question<'_>) -> Result<Rank> {
    let whole = measured(rule, question).map(|measured| measured.whole);
    let tier =
        rule.effect.scale.as_ref().zip(whole).and_then(|(scale, whole)| scale.begins(scale.tier_at(whole)?));
    let reached = UnitPrice::from(dec(rule.min.max(tier.unwrap_or(0))));
    // What is measured by something else than the quantity is in no unit.
    let ratio = if measure(rule).is_none() { ratio_of(question, rule.unit)? } else { None };
    let scaled = reached.converted(ratio.unwrap_or(Ratio::ONE))?;
    // A rank by price prefers the lower one, so the sign is turned.
    Ok(Rank::Price(Some(UnitPrice::new(scaled.amount().neg(), scaled.per())?)))
}

fn access_of(rule: &Rule) -> (AccessAxis, AccessAxis) {
    let product = match rule.product {
        ProductScope::All => AccessAxis::All,
        ProductScope::Category(_) => AccessAxis::Group,
        ProductScope::Product(_) => AccessAxis::One,
    };
    let customer = match rule.customer {
        CustomerScope::All => AccessAxis::All,
        CustomerScope::Class(_) => AccessAxis::Group,
        CustomerScope::Customer(_) => AccessAxis::One,
    };
    (product, customer)
}

/// A quantity for the engine: its magnitude at six decimals. Errors: `value.out_of_range`.
pub fn figure(value: Dec) -> Result<i64> {
    Ok(value.abs().to_i64_at(SCALE)?)
}
