//! The prices of the lines of a document: loads what can matter, asks the engine, tells how it came about.

use super::allocation::Allocation;
use super::derivation::{Story, tell};
use super::effects::{DocumentHit, Off};
use super::engine::{Counted, OpenList, Outcome, ProductScope, Rule, figure, quantity_in, ratio_of};
use super::error::{AMBIGUOUS, LIST_NOT_OPEN, NEGATIVE_PRICE, NO_PRICE, NO_QUANTITY, UNIT};
use super::index::{RuleSet, rule_set};
use super::judge::{Base, Facts, Judged, Law, judge};
use super::records::{
    BaseRules, ExclusionGroup, ListUsage, PriceBase, PriceInquiry, PriceList, PriceMethod, PriceRule,
    PriceStage, QuantityBasis, UnitRounding,
};
use super::rules::strategy_named;
use super::scale::{Measured, dec};
use super::strategy::{STRATEGY_SETTING, Strategy};
use super::unit_price::UnitPrice;
use super::waterfall::{Group, Posting, order};
use crate::catalog::{Product, ProductCategory, category_path};
use crate::org::Employee;
use crate::parties::Customer;
use crate::settings::{self, NO_CONVERSION, NO_RATE, Ratio, Unit, exact_rate, setting, unit_ratio};
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::{Dec, DecError, Rounding};
use crm_kernel::error::{Error, Result};
use crm_kernel::expr::{Expr, Scope};
use crm_kernel::id::Ref;
use crm_kernel::json::{Json, SharedJson};
use crm_kernel::record::Record;
use crm_kernel::value::Row;
use crm_kernel::work::{Stored, Work};
use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// What all lines of a document ask with.
#[derive(Clone, Debug)]
pub struct Terms {
    /// Who buys.
    pub customer: Option<Ref<Customer>>,
    /// Who sells.
    pub seller: Option<Ref<Employee>>,
    /// The pricing date.
    pub date: Date,
    /// The currency of the prices.
    pub currency: Currency,
    /// The price list that was chosen.
    pub list: Option<Ref<PriceList>>,
    /// What the customer bought before, for rules that count a rolling period.
    pub bought: Vec<Bought>,
    /// Lines of the document that keep their prices: rules that count lines together count them too.
    pub beside: Vec<Beside>,
}

impl Terms {
    /// The same for a line that is among those beside.
    #[must_use]
    pub fn except(mut self, line: i64) -> Terms {
        self.beside.retain(|beside| beside.line != line);
        self
    }
}

/// A line of a document that keeps its price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beside {
    /// Its number.
    pub line: i64,
    /// The product.
    pub product: Ref<Product>,
    /// How many, in `unit`.
    pub quantity: Dec,
    /// The unit; none is the product's.
    pub unit: Option<Ref<Unit>>,
}

/// What a customer bought of a product on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bought {
    /// The product.
    pub product: Ref<Product>,
    /// How many, in the product's unit.
    pub quantity: Dec,
    /// When.
    pub date: Date,
}

/// One product of several that are priced together.
#[derive(Clone, Debug)]
pub struct Item {
    /// The product.
    pub product: Stored<Product>,
    /// How many, in `unit`; not 0.
    pub quantity: Dec,
    /// The unit; none is the product's.
    pub unit: Option<Ref<Unit>>,
    /// The line has a discount of the seller's.
    pub manual: bool,
}

/// A price and how it came about.
#[derive(Clone, Debug)]
pub struct Priced {
    /// The price of one, after the price rules and before a line discount, at six decimals.
    pub unit_price: Dec,
    /// The exact price as text where six decimals do not say it all.
    pub exact_price: Option<String>,
    /// The exact price.
    pub exact: UnitPrice,
    /// The product's list price in the currency asked for, at six decimals; none where it has none.
    pub list_price: Option<Dec>,
    /// The price without sale lists; the price itself where none makes it.
    pub original: UnitPrice,
    /// The rule that made it; none where the list price holds.
    pub rule: Option<Ref<PriceRule>>,
    /// Free goods that come with it.
    pub free: Vec<FreeLine>,
    /// How many of the quantity are charged: all but free goods that are part of it.
    pub charged: Dec,
    /// What rules take off the line together with others.
    pub document: Vec<DocumentHit>,
    /// How it came about.
    pub derivation: SharedJson,
}

/// Free goods that come with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FreeLine {
    /// The rule.
    pub rule: Ref<PriceRule>,
    /// What is free.
    pub product: Ref<Product>,
    /// How many, in the unit of the rule.
    pub free: Dec,
    /// How many of the line are charged, likewise.
    pub charged: Dec,
    /// How many of the product are delivered, likewise.
    pub delivered: Dec,
    /// The unit of the rule; none is the product's.
    pub unit: Option<Ref<Unit>>,
    /// What people call the rule.
    pub code: String,
    /// Where they are part of the quantity asked for: how many, in the unit asked for.
    pub included: Option<Dec>,
    /// They come in multiples of this; of the unit asked for where they are part of it.
    pub step: Dec,
}

/// What of a quantity is charged: all but what is free of it. Errors: `value.out_of_range`.
fn charged(quantity: Dec, free: &[FreeLine]) -> Result<Dec> {
    let included = Dec::sum(free.iter().filter_map(|free| free.included))?;
    Ok(quantity.sub(included)?)
}

/// The prices of several products for one party and date: what they have in common is read once. The outer error is of
/// the terms (`price.list_not_open`, ...), the inner ones of single items, with paths such as `/quantity`.
pub fn prices(work: &mut Work<'_>, terms: &Terms, items: &[Item]) -> Result<Vec<Result<Priced>>> {
    let rules = rule_set(work)?;
    prices_by(work, terms, items, &rules)
}

/// The same by rules that need not be the enterprise's.
pub(super) fn prices_by(
    work: &mut Work<'_>,
    terms: &Terms,
    items: &[Item],
    rules: &RuleSet,
) -> Result<Vec<Result<Priced>>> {
    work.system(|work| {
        let party = Party::load(work, terms)?;
        let law = party.law(terms, rules);
        let mut all = Cow::Borrowed(items);
        if rules.asks() {
            for beside in &terms.beside {
                let product = work.find(beside.product)?;
                let (quantity, unit) = (beside.quantity, beside.unit);
                all.to_mut().push(Item { product, quantity, unit, manual: false });
            }
        }
        let mut asked = ask(work, terms, &party, &law, &all)?;
        asked.truncate(items.len());
        allocate_groups(&law, items, &mut asked)?;
        let change = work.last_change()?;
        let priced = items.iter().zip(asked).map(|(item, asked)| one(&law, change, item, asked?));
        Ok(priced.collect())
    })
}

/// A question and what else its answer tells.
pub(super) struct Asked {
    pub facts: Facts,
    pub base: Option<Base>,
    pub no_rate: Option<Error>,
    pub unit: Option<Ref<Unit>>,
}

/// The facts of the lines of a document.
pub(super) fn ask(
    work: &mut Work<'_>,
    terms: &Terms,
    party: &Party,
    law: &Law<'_>,
    items: &[Item],
) -> Result<Vec<Result<Asked>>> {
    let mut asked = Vec::with_capacity(items.len());
    for item in items {
        asked.push(facts_of(work, terms, party, law, item));
    }
    if !law.rules.asks() {
        return Ok(asked);
    }
    let mut rows: Vec<Option<Row>> = Vec::with_capacity(items.len());
    for (item, one) in items.iter().zip(&asked) {
        let row = one.as_ref().ok().map(|one| inquiry(terms, item, one).and_then(|one| one.to_row()));
        rows.push(row.transpose()?);
    }
    let mut conditions: HashMap<i64, Expr> = HashMap::new();
    let mut counts = Counts::of(items, &asked, &rows);
    let mut found = Vec::with_capacity(items.len());
    for (at, one) in asked.iter().enumerate() {
        let (mut held, mut measured) = (Vec::new(), Vec::new());
        let Ok(one) = one else {
            found.push((held, measured));
            continue;
        };
        let question = one.facts.question(law, &[]);
        for rule in law
            .rules
            .candidates(&question)
            .iter()
            .filter(|rule| rule.condition.is_some() || rule.counted.is_some())
        {
            if let (Some(condition), Some(Some(row))) = (&rule.condition, rows.get(at)) {
                let holds = match conditions.get(&rule.id) {
                    Some(checked) => work.holds(checked, row)?,
                    None => {
                        let catalogue = work.catalogue();
                        let scope = Scope { catalogue: &catalogue, root: PriceInquiry::NO, names: &[] };
                        let checked = Expr::condition(condition, &scope)?;
                        let holds = work.holds(&checked, row)?;
                        conditions.insert(rule.id, checked);
                        holds
                    }
                };
                held.push((rule.id, holds));
            }
            if let Some(counted) = &rule.counted
                && let Some(found) = counts.measured(work, terms, at, rule, counted)?
            {
                measured.push((rule.id, found));
            }
        }
        found.push((held, measured));
    }
    for (one, (held, measured)) in asked.iter_mut().zip(found) {
        if let Ok(one) = one {
            (one.facts.conditions, one.facts.measured) = (held, measured);
        }
    }
    Ok(asked)
}

/// Which lines a rule counts together: those that bear the same mark of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Mark {
    /// Every line.
    Any,
    /// The line at a place.
    Line(usize),
    /// The product.
    Product(i64),
    /// The product, or that of which it is a variant.
    Named(i64),
    /// That of which it is a variant, else itself.
    Template(i64),
    /// Its category or one above.
    Category(i64),
    /// Its category.
    Nearest(i64),
}

impl Mark {
    /// The mark by which a rule that may hold for a line counts others with it.
    fn of(rule: &Rule, basis: QuantityBasis, at: usize, line: &Facts) -> Mark {
        let template = if line.template == 0 { line.product } else { line.template };
        match (basis, rule.product) {
            (QuantityBasis::Line, _) => Mark::Line(at),
            (QuantityBasis::Period, _) => Mark::Product(line.product),
            (QuantityBasis::Template, _) => Mark::Template(template),
            (_, ProductScope::Category(category)) => Mark::Category(category),
            (QuantityBasis::Category, _) => {
                line.categories.first().map_or(Mark::Line(at), |at| Mark::Nearest(*at))
            }
            (QuantityBasis::Document, ProductScope::All) => Mark::Any,
            (QuantityBasis::Document, ProductScope::Product(product)) => Mark::Named(product),
        }
    }

    /// All marks of a line.
    fn all(at: usize, line: &Facts) -> Vec<Mark> {
        let mut marks =
            vec![Mark::Any, Mark::Line(at), Mark::Product(line.product), Mark::Named(line.product)];
        if line.template == 0 {
            marks.push(Mark::Template(line.product));
        } else {
            marks.push(Mark::Template(line.template));
            if line.template != line.product {
                marks.push(Mark::Named(line.template));
            }
        }
        marks.extend(line.categories.first().map(|category| Mark::Nearest(*category)));
        marks.extend(line.categories.iter().map(|category| Mark::Category(*category)));
        marks
    }
}

/// What rules count on the lines of a document: of each rule each line once.
struct Counts<'a> {
    items: &'a [Item],
    asked: &'a [Result<Asked>],
    rows: &'a [Option<Row>],
    lines: HashMap<Mark, Vec<usize>>,
    measures: HashMap<i64, Option<Expr>>,
    own: HashMap<(i64, usize), Option<i64>>,
    sums: HashMap<(i64, Mark), i128>,
}

impl<'a> Counts<'a> {
    fn of(items: &'a [Item], asked: &'a [Result<Asked>], rows: &'a [Option<Row>]) -> Counts<'a> {
        let mut lines: HashMap<Mark, Vec<usize>> = HashMap::new();
        for (at, one) in asked.iter().enumerate() {
            let Ok(one) = one else { continue };
            for mark in Mark::all(at, &one.facts) {
                lines.entry(mark).or_default().push(at);
            }
        }
        let (measures, own, sums) = (HashMap::new(), HashMap::new(), HashMap::new());
        Counts { items, asked, rows, lines, measures, own, sums }
    }

    /// What a rule's bounds and tiers look at on a line, together with what is counted with it. What comes back counts
    /// against what is sold; a document of returns counts as the sale that it mirrors.
    fn measured(
        &mut self,
        work: &mut Work<'_>,
        terms: &Terms,
        at: usize,
        rule: &Rule,
        counted: &Counted,
    ) -> Result<Option<Measured>> {
        let Some(own) = self.own(work, at, rule, counted)? else { return Ok(None) };
        let (Some(item), Some(Ok(me))) = (self.items.get(at), self.asked.get(at)) else { return Ok(None) };
        let mark = Mark::of(rule, counted.basis, at, &me.facts);
        let here = match self.sums.get(&(rule.id, mark)) {
            Some(known) => *known,
            None => {
                let mut sum = 0_i128;
                for place in self.lines.get(&mark).cloned().unwrap_or_default() {
                    let more = i128::from(self.own(work, place, rule, counted)?.unwrap_or(0));
                    let back = self.items.get(place).is_some_and(|item| item.quantity.is_negative());
                    sum += if back { -more } else { more };
                }
                self.sums.insert((rule.id, mark), sum.abs());
                sum.abs()
            }
        };
        let mut before = 0;
        let quantity = me.facts.own();
        if counted.basis == QuantityBasis::Period && quantity > 0 {
            let from = terms.date.add_days(-counted.days);
            let mine = terms.bought.iter().filter(|bought| {
                let past = bought.date <= terms.date && from.is_none_or(|from| bought.date > from);
                bought.product == item.product.id && past
            });
            // What was bought before is counted as this line is: in proportion to its quantity.
            let bought = Dec::sum(mine.map(|bought| bought.quantity))?;
            let bought = bought.mul_div(dec(own), dec(quantity), super::scale::SCALE, Rounding::HalfUp)?;
            before = bought.to_i64_at(super::scale::SCALE)?;
        }
        let whole = i64::try_from((here + i128::from(before)).max(0)).map_err(|_| DecError::OutOfRange)?;
        Ok(Some(Measured { whole, own, before: before.clamp(0, whole) }))
    }

    /// What a rule counts on one line.
    fn own(&mut self, work: &mut Work<'_>, at: usize, rule: &Rule, counted: &Counted) -> Result<Option<i64>> {
        if let Some(known) = self.own.get(&(rule.id, at)) {
            return Ok(*known);
        }
        let (row, asked) = (self.rows.get(at), self.asked.get(at));
        let found = match (self.measure(work, rule, counted)?, row, asked) {
            (Some(measure), Some(Some(row)), _) => match work.value_of(measure, row)?.as_dec() {
                Some(found) => Some(figure(found.round(super::scale::SCALE, Rounding::HalfUp))?),
                None => None,
            },
            (None, _, Some(Ok(one))) => quantity_in(&one.facts.question_of_units(), rule.unit),
            _ => None,
        };
        self.own.insert((rule.id, at), found);
        Ok(found)
    }

    /// The measure of a rule; none where it counts quantities.
    fn measure(&mut self, work: &Work<'_>, rule: &Rule, counted: &Counted) -> Result<Option<&Expr>> {
        let slot = match self.measures.entry(rule.id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(slot) => {
                let catalogue = work.catalogue();
                let scope = Scope { catalogue: &catalogue, root: PriceInquiry::NO, names: &[] };
                slot.insert(counted.measure.as_ref().map(|text| Expr::check(text, &scope)).transpose()?)
            }
        };
        Ok(slot.as_ref())
    }
}

/// Lines that share tiers with portions or fees, or packages, are priced together: what a rule makes of them in all is
/// posted once and shared out, so that their prices add up to it exactly (commerce.md 2.2).
fn allocate_groups(law: &Law<'_>, items: &[Item], asked: &mut [Result<Asked>]) -> Result<()> {
    if items.len() < 2 || law.strategy.unit_rounding == UnitRounding::Unit || !law.rules.asks() {
        return Ok(());
    }
    let mut groups: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (at, one) in asked.iter().enumerate().take(items.len()) {
        let Ok(one) = one else { continue };
        for (id, _) in &one.facts.measured {
            let Some(rule) = law.rules.rule(*id) else { continue };
            if let Some(counted) = rule.counted.as_ref().filter(|_| rule.effect.shares()) {
                let mark = Mark::of(rule, counted.basis, at, &one.facts);
                // Later stages start from what earlier ones were shared out as.
                groups.entry((order(rule), *id, mark)).or_default().push(at);
            }
        }
    }
    for ((_, id, _), lines) in groups.into_iter().filter(|(_, lines)| lines.len() > 1) {
        let mut found = Vec::with_capacity(lines.len());
        for at in lines {
            let (Some(Ok(one)), Some(item)) = (asked.get(at), items.get(at)) else { continue };
            let (candidates, judged) = judge(law, &one.facts)?;
            let is = |at: &usize| candidates.get(*at).is_some_and(|rule| rule.id == id);
            let made = match &judged.decision.outcome {
                Outcome::Chosen { at, .. } if is(at) => judged.made,
                _ => judged.steps.iter().find(|step| is(&step.at)).map(|step| step.price),
            };
            if let Some(made) = made {
                let price = one.facts.in_asked(made)?;
                let amount = amount_of(price, dec(one.facts.asked))?;
                found.push(Shared { at, back: item.quantity.is_negative(), amount });
            }
        }
        // A price below zero is refused by itself.
        if found.len() < 2 || found.iter().any(|line| line.amount.amount().is_negative()) {
            continue;
        }
        for (at, share) in shares(&found, law.posting)? {
            if let Some(Ok(one)) = asked.get_mut(at) {
                one.facts.allocated.push((id, share));
            }
        }
    }
    Ok(())
}

/// What a rule makes of one of several lines.
struct Shared {
    /// The place of the line.
    at: usize,
    /// The line comes back.
    back: bool,
    /// What the line costs, exactly.
    amount: UnitPrice,
}

/// The amounts of lines, posted so that they add up to what all of them cost, which is posted once. Errors:
/// `value.out_of_range`.
fn shares(lines: &[Shared], posting: Posting) -> Result<Vec<(usize, Dec)>> {
    let post = |sum: UnitPrice| sum.rounded(posting.digits, posting.rounding);
    let all = post(sum_of(lines.iter())?)?;
    let one_way = lines.iter().all(|line| !line.back) || lines.iter().all(|line| line.back);
    let sold = match one_way {
        true => all.max(Dec::ZERO),
        false => post(sum_of(lines.iter().filter(|line| !line.back))?)?,
    };
    let mut found = Vec::with_capacity(lines.len());
    for (back, posted) in [(false, sold), (true, sold.sub(all)?)] {
        let mine: Vec<&Shared> = lines.iter().filter(|line| line.back == back).collect();
        let mut weights = Vec::with_capacity(mine.len());
        for line in &mine {
            weights.push(line.amount.rounded(WEIGHT_SCALE, Rounding::HalfUp)?);
        }
        if weights.iter().any(|weight| !weight.is_zero()) {
            let shares = Allocation::LargestRemainder.share(posted, &weights, posting.digits)?;
            found.extend(mine.iter().map(|line| line.at).zip(shares));
        }
    }
    Ok(found)
}

/// What so many cost. Exact, but where that needs more digits than there are.
fn amount_of(price: UnitPrice, quantity: Dec) -> Result<UnitPrice> {
    match price.amount().mul(quantity) {
        Ok(amount) => UnitPrice::new(amount, price.per()),
        Err(_) => Ok(price.times(quantity, Dec::ZERO, WEIGHT_SCALE, Rounding::HalfUp)?.into()),
    }
}

/// What lines cost in all, less those that come back. Exact, but where that needs more digits than there are.
fn sum_of<'s>(lines: impl Iterator<Item = &'s Shared> + Clone) -> Result<UnitPrice> {
    let add = |sum: UnitPrice, line: &Shared| match line.back {
        true => sum.minus(line.amount),
        false => sum.and(line.amount),
    };
    lines.clone().try_fold(UnitPrice::ZERO, add).or_else(|_| {
        let mut sum = Dec::ZERO;
        for line in lines {
            let amount = line.amount.rounded(WEIGHT_SCALE, Rounding::HalfUp)?;
            sum = if line.back { sum.sub(amount)? } else { sum.add(amount)? };
        }
        Ok(sum.into())
    })
}

/// Decimals of the weights by which amounts are shared out.
const WEIGHT_SCALE: u8 = 12;

/// What the rules ask of buyer, seller and enterprise.
pub(super) struct Party {
    class: Option<String>,
    positions: Vec<i64>,
    lists: Vec<OpenList>,
    strategy: Cow<'static, Strategy>,
    groups: Arc<Vec<Group>>,
    posting: Posting,
}

impl Party {
    pub(super) fn load(work: &mut Work<'_>, terms: &Terms) -> Result<Party> {
        let customer = terms.customer.map(|customer| work.find(customer)).transpose()?;
        let class = customer.as_ref().and_then(|customer| customer.customer_class.clone());
        let region = customer.as_ref().and_then(|customer| customer.region.clone());
        let positions = match terms.seller {
            Some(seller) => {
                work.find(seller)?.positions.iter().map(|holding| holding.holds.id().number()).collect()
            }
            None => Vec::new(),
        };
        let lists = open_lists(work, terms, class.as_deref(), region.as_deref())?;
        let name = setting(work, STRATEGY_SETTING)?;
        let strategy = strategy_named(work, name.as_text().unwrap_or_default())?;
        let policy = settings::policy(work)?;
        let posting = Posting { digits: policy.scale(terms.currency.digits()), rounding: policy.rounding() };
        Ok(Party { class, positions, lists, strategy, groups: groups(work)?, posting })
    }

    pub(super) fn law<'l>(&'l self, terms: &Terms, rules: &'l RuleSet) -> Law<'l> {
        Law {
            rules,
            strategy: &self.strategy,
            groups: &self.groups,
            date: terms.date,
            currency: terms.currency,
            posting: self.posting,
        }
    }
}

/// The exclusion groups of the enterprise.
fn groups(work: &mut Work<'_>) -> Result<Arc<Vec<Group>>> {
    work.once(ExclusionGroup::NO, "groups", |work| {
        let found = work.select::<ExclusionGroup>("true", &[])?;
        Ok(Arc::new(found.iter().map(|group| group_of(group.id, group)).collect()))
    })
}

/// A group as the waterfall reads it.
pub(super) fn group_of(id: Ref<ExclusionGroup>, group: &ExclusionGroup) -> Group {
    Group {
        id: id.id().number(),
        code: group.code.clone(),
        comparator: group.comparator,
        against: group.against.map_or(0, |other| other.id().number()),
        last: group.last,
    }
}

/// The price lists that hold for a question, with those on which they build. Errors: `price.list_not_open` where the
/// one that was named does not.
fn open_lists(
    work: &mut Work<'_>,
    terms: &Terms,
    class: Option<&str>,
    region: Option<&str>,
) -> Result<Vec<OpenList>> {
    let all =
        work.once(PriceList::NO, "lists", |work| Ok(Arc::new(work.select::<PriceList>("true", &[])?)))?;
    let mut open: Vec<&Stored<PriceList>> = match terms.list {
        Some(list) => {
            let found = all.iter().find(|found| found.id == list);
            let refused = |list: String, reason: &str| {
                LIST_NOT_OPEN.at("/list").with("list", list).coded("reason", "word.list", reason)
            };
            let found = found.ok_or_else(|| refused(list.to_string(), "inactive"))?;
            if let Some(reason) = closed(found, terms, class, region) {
                return Err(refused(found.code.clone(), reason));
            }
            vec![found]
        }
        None => {
            let always = all.iter().filter(|list| list.usage == ListUsage::Always);
            always.filter(|list| closed(list, terms, class, region).is_none()).collect()
        }
    };
    // A list that does not hold is passed over: what builds on it builds on what is below.
    let below = |list: &Stored<PriceList>| -> Option<&Stored<PriceList>> {
        let mut next = list.base_list;
        for _ in 0..all.len() {
            let found = all.iter().find(|found| Some(found.id) == next)?;
            if closed(found, terms, class, region).is_none() {
                return Some(found);
            }
            next = found.base_list;
        }
        None
    };
    let mut at = 0;
    while let Some(list) = open.get(at) {
        if let Some(next) = below(list)
            && !open.iter().any(|list| list.id == next.id)
        {
            open.push(next);
        }
        at += 1;
    }
    let number = |list: &Ref<PriceList>| list.id().number();
    let of = |list: &&Stored<PriceList>| OpenList {
        id: number(&list.id),
        axes: u8::from(list.customer_class.is_some()) + u8::from(list.region.is_some()),
        sale: list.sale,
        base: below(list).map_or(0, |below| number(&below.id)),
        shadows: list.base_rules == BaseRules::Shadow,
    };
    Ok(open.iter().map(of).collect())
}

/// Why a price list does not hold for a question.
fn closed(
    list: &PriceList,
    terms: &Terms,
    class: Option<&str>,
    region: Option<&str>,
) -> Option<&'static str> {
    let other = |wanted: &Option<String>, given| wanted.is_some() && wanted.as_deref() != given;
    if !list.active {
        Some("inactive")
    } else if list.currency != terms.currency {
        Some("currency")
    } else if list.valid_from.is_some_and(|from| terms.date < from) {
        Some("not_yet_valid")
    } else if list.valid_until.is_some_and(|until| terms.date > until) {
        Some("expired")
    } else if other(&list.customer_class, class) {
        Some("customer_class")
    } else if other(&list.region, region) {
        Some("region")
    } else {
        None
    }
}

/// The facts of one line, but for conditions and measures.
fn facts_of(work: &mut Work<'_>, terms: &Terms, party: &Party, law: &Law<'_>, item: &Item) -> Result<Asked> {
    if item.quantity.is_zero() {
        return Err(NO_QUANTITY.at("/quantity"));
    }
    let path = category_path(work, item.product.category)?;
    let number = |category: &Ref<ProductCategory>| category.id().number();
    let mut facts = Facts {
        product: item.product.id.id().number(),
        template: item.product.variant_of.map_or(0, |template| template.id().number()),
        categories: path.iter().map(number).collect(),
        customer: terms.customer.map_or(0, |customer| customer.id().number()),
        class: party.class.clone(),
        seller: terms.seller.map_or(0, |seller| seller.id().number()),
        positions: party.positions.clone(),
        list: terms.list.map_or(0, |list| list.id().number()),
        lists: party.lists.clone(),
        asked: figure(item.quantity)?,
        manual: item.manual,
        ..Facts::default()
    };
    let candidates = law.rules.candidates(&facts.question(law, &[]));
    put_quantities(work, item, &candidates, &mut facts)?;
    let (base, no_rate) = match base(work, terms, item, &facts) {
        Ok(base) => (base, None),
        Err(error) if error.code() == NO_RATE => (None, Some(error)),
        Err(error) => return Err(error),
    };
    let own = |base: &Base| UnitPrice::from(item.product.list_price.unwrap_or_default()).converted(base.rate);
    facts.base = base.as_ref().map(own).transpose()?;
    if candidates.iter().any(|rule| rule.starts_from_cost()) {
        let cost = super::line::unit_cost(work, &item.product, None, terms)?;
        facts.cost = cost.map(UnitPrice::from);
    }
    Ok(Asked { facts, base, no_rate, unit: item.unit.or(item.product.unit) })
}

/// The price of one line.
pub(super) fn one(law: &Law<'_>, change: i64, item: &Item, asked: Asked) -> Result<Priced> {
    let (candidates, judged) = judge(law, &asked.facts)?;
    let facts = &asked.facts;
    if !judged.ambiguous.is_empty() {
        let codes = judged.ambiguous.iter().map(|rule| Json::text(law.rules.code(*rule)));
        let error = AMBIGUOUS.at("/product").with("product", item.product.code.clone());
        return Err(error
            .with("strategy", law.strategy.name.as_ref())
            .with("rules", codes.collect::<Vec<_>>()));
    }
    let Some((_, price)) = judged.price else {
        return Err(match asked.no_rate {
            Some(error) => error.at("/product"),
            None => NO_PRICE.at("/product").with("product", item.product.code.clone()),
        });
    };
    let rule = match &judged.decision.outcome {
        Outcome::Chosen { at, .. } => candidates.get(*at).map(|rule| rule.id),
        _ => None,
    };
    if price.amount().is_negative() {
        let error = NEGATIVE_PRICE.at("/product").with("product", item.product.code.clone());
        return Err(error.with("rule", rule.map_or("", |rule| law.rules.code(rule))));
    }
    let (unit_price, exact_price) = price.stored()?;
    let list_price =
        asked.base.as_ref().map(|base| base.price.stored()).transpose()?.map(|(column, _)| column);
    let original = without_sale(law, facts, &candidates, &judged)?.unwrap_or(price);
    let free = free_goods(item, facts, &candidates, &judged)?;
    let derivation = tell(&Story {
        law,
        change,
        quantity: item.quantity,
        unit: asked.unit.map(Ref::id),
        base: asked.base.as_ref(),
        facts,
        candidates: &candidates,
        judged: &judged,
        price,
    })?;
    let reference = |id: i64| crm_kernel::id::Id::new(id).map(Ref::<PriceRule>::new);
    Ok(Priced {
        unit_price,
        exact_price,
        exact: price,
        list_price,
        original,
        rule: rule.and_then(reference),
        charged: charged(item.quantity, &free)?,
        free,
        document: on_document(law, facts, &candidates, &judged)?,
        derivation,
    })
}

/// What one would cost without sale lists, in the unit asked for; none where no sale list makes the price.
fn without_sale(
    law: &Law<'_>,
    facts: &Facts,
    candidates: &[&Rule],
    judged: &Judged,
) -> Result<Option<UnitPrice>> {
    let Outcome::Chosen { at, .. } = judged.decision.outcome else { return Ok(None) };
    let sale = |list: i64| facts.lists.iter().any(|open| open.id == list && open.sale);
    if !candidates.get(at).is_some_and(|rule| sale(rule.list)) {
        return Ok(None);
    }
    let regular =
        Facts { lists: facts.lists.iter().copied().filter(|list| !list.sale).collect(), ..facts.clone() };
    Ok(judge(law, &regular)?.1.price.map(|(_, price)| price))
}

/// What rules take off the line together with others.
pub(super) fn on_document(
    law: &Law<'_>,
    facts: &Facts,
    candidates: &[&Rule],
    judged: &Judged,
) -> Result<Vec<DocumentHit>> {
    let mut found = Vec::new();
    let here = judged.decision.applied().filter_map(|at| candidates.get(at));
    for rule in here.filter(|rule| rule.stage == PriceStage::Document) {
        let question = facts.question(law, &[]);
        let (Some(measured), Some(id)) =
            (super::engine::measured(rule, &question), crm_kernel::id::Id::new(rule.id))
        else {
            continue;
        };
        // What is left of a hundred, or of nothing, says what is taken off.
        let percent = rule.effect.method == PriceMethod::DiscountPercent;
        let (from, digits) = if percent { (Dec::HUNDRED, 6) } else { (Dec::ZERO, 4) };
        let quantity = quantity_in(&question, rule.unit).unwrap_or_default();
        let Some(left) = rule.effect.price(measured, quantity, Some(UnitPrice::from(from)))? else {
            continue;
        };
        let value = from.sub(left.rounded(digits, Rounding::HalfUp)?)?;
        found.push(DocumentHit {
            rule: Ref::new(id),
            code: rule.code.to_string(),
            priority: rule.priority,
            running: percent && rule.effect.base == PriceBase::Running,
            off: if percent { Off::Percent(value) } else { Off::Amount(value) },
        });
    }
    Ok(found)
}

/// Free goods that come with a line, those of a return coming back with it. Something of the line is always charged: what
/// would leave nothing is not given.
fn free_goods(item: &Item, facts: &Facts, candidates: &[&Rule], judged: &Judged) -> Result<Vec<FreeLine>> {
    let signed = |many: Dec| if item.quantity.is_negative() { many.neg() } else { many };
    let mut left = item.quantity.abs();
    let mut found = Vec::new();
    for at in judged.decision.applied() {
        let Some(rule) = candidates.get(at) else { continue };
        let Some(free) = &rule.effect.free else { continue };
        let question = facts.question_of_units();
        let (Some(quantity), Some(id)) =
            (quantity_in(&question, rule.unit), crm_kernel::id::Id::new(rule.id))
        else {
            continue;
        };
        let given = free.given(dec(quantity), dec(rule.effect.value))?;
        if given.free.is_zero() {
            continue;
        }
        let ratio = if free.inclusive { ratio_of(&question, rule.unit)? } else { None };
        let in_asked = |many: Dec| -> Result<Dec> {
            let own =
                ratio.map_or(Ok(UnitPrice::from(many)), |ratio| UnitPrice::from(many).converted(ratio))?;
            Ok(own.split(facts.asked_ratio()?)?.rounded(super::scale::SCALE, Rounding::HalfUp)?.normalize())
        };
        let step = free.step(dec(rule.effect.value));
        let (included, step) = match ratio {
            Some(_) => (Some(in_asked(given.free)?), in_asked(step)?),
            None => (None, step.normalize()),
        };
        if included.is_some_and(|included| included >= left) {
            continue;
        }
        left = left.sub(included.unwrap_or_default())?;
        let own = (free.product == 0).then_some(item.product.unit).flatten();
        found.push(FreeLine {
            rule: Ref::new(id),
            product: crm_kernel::id::Id::new(free.product).map_or(item.product.id, Ref::new),
            free: signed(given.free),
            charged: signed(given.charged),
            delivered: signed(given.delivered),
            unit: crm_kernel::id::Id::new(rule.unit).map(Ref::new).or(own),
            code: rule.code.to_string(),
            included: included.map(signed),
            step,
        });
    }
    Ok(found)
}

/// Finds the quantity asked for in the product's unit (first, as unit 0) and in the units of the rules, and how many of
/// the product's unit one of each is where the quantities are rounded and do not say it. A unit that cannot be converted
/// into, or of which the quantity is next to nothing, is left out. Errors: `price.unit`.
fn put_quantities(work: &mut Work<'_>, item: &Item, rules: &[&Rule], facts: &mut Facts) -> Result<()> {
    let cannot = || UNIT.at("/unit").with("product", item.product.code.clone());
    let (asked, own) = match (item.unit.or(item.product.unit), item.product.unit) {
        (Some(asked), Some(own)) => (asked, own),
        // A product without unit is counted in none.
        (Some(_), None) => return Err(cannot()),
        (None, _) => {
            facts.quantities.push((0, facts.asked));
            return Ok(());
        }
    };
    let told = |error: Error| if error.code() == NO_CONVERSION { cannot() } else { error };
    let ratio = unit_ratio(work, asked, own).map_err(told)?;
    let quantity = figure(ratio.times(item.quantity, super::scale::SCALE, Rounding::HalfUp)?)?;
    if quantity > 0 {
        facts.quantities.push((0, quantity));
    }
    if !says(quantity, facts.asked, ratio)? {
        facts.ratio = Some(ratio);
    }
    for number in rules.iter().map(|rule| rule.unit) {
        let known = facts.quantities.iter().any(|(known, _)| *known == number);
        let Some(unit) = crm_kernel::id::Id::new(number).map(Ref::new).filter(|_| !known) else { continue };
        let (into, back) =
            match unit_ratio(work, asked, unit).and_then(|into| Ok((into, unit_ratio(work, unit, own)?))) {
                Ok(found) => found,
                Err(error) if error.code() == NO_CONVERSION => continue,
                Err(error) => return Err(error),
            };
        let counted = figure(into.times(item.quantity, super::scale::SCALE, Rounding::HalfUp)?)?;
        if counted > 0 {
            facts.quantities.push((number, counted));
            if !says(quantity, counted, back)? {
                facts.ratios.push((number, back));
            }
        }
    }
    Ok(())
}

/// Whether two quantities stand in a ratio exactly.
fn says(own: i64, other: i64, ratio: Ratio) -> Result<bool> {
    Ok(dec(own).mul(ratio.per())? == dec(other).mul(ratio.of())?)
}

/// The list price of one of the unit asked for, converted at the pricing date and not rounded.
fn base(work: &mut Work<'_>, terms: &Terms, item: &Item, facts: &Facts) -> Result<Option<Base>> {
    let Some(list_price) = item.product.list_price else { return Ok(None) };
    let currency = match item.product.currency.or(work.base()) {
        Some(currency) => currency,
        None => terms.currency,
    };
    let rate = exact_rate(work, currency, terms.currency, terms.date)?;
    let listed = facts.in_asked(UnitPrice::from(list_price))?;
    Ok(Some(Base { listed, currency, rate, price: listed.converted(rate)? }))
}

/// What the conditions and measures of rules see: the question, never the clock.
fn inquiry(terms: &Terms, item: &Item, asked: &Asked) -> Result<PriceInquiry> {
    let own = dec(asked.facts.own());
    let of_one = |one: Option<Dec>| -> Option<Dec> {
        Some(one?.mul(own).ok()?.round(6, Rounding::HalfUp)).filter(|all| all.fits(18, 6))
    };
    let list_price =
        asked.base.as_ref().map(|base| base.price.stored()).transpose()?.map(|(column, _)| column);
    let all = dec(asked.facts.asked);
    let amount =
        asked.base.as_ref().and_then(|base| base.price.times(all, Dec::ZERO, 4, Rounding::HalfUp).ok());
    Ok(PriceInquiry {
        product: item.product.id,
        quantity: item.quantity.abs(),
        unit: asked.unit,
        customer: terms.customer,
        seller: terms.seller,
        date: terms.date,
        currency: terms.currency,
        list: terms.list,
        list_price,
        amount: amount.filter(|amount| amount.fits(18, 4)),
        weight: of_one(item.product.weight),
        volume: of_one(item.product.volume),
    })
}
