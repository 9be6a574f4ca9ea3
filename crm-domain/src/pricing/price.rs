//! The prices of the lines of a document: loads what can matter, asks the engine, tells how it came about.

use super::allocation::Allocation;
use super::derivation::{Story, tell};
use super::effects::{DocumentHit, Off};
use super::engine::{Counted, OpenList, Outcome, Rule, between, figure, quantity_in};
use super::error::{AMBIGUOUS, LIST_NOT_OPEN, NEGATIVE_PRICE, NO_PRICE, NO_QUANTITY, UNIT};
use super::index::{RuleSet, rule_set};
use super::judge::{Base, Facts, Judged, Law, judge};
use super::records::{
    BaseRules, ExclusionGroup, ListUsage, PriceBase, PriceInquiry, PriceList, PriceMethod, PriceRule,
    PriceStage, QuantityBasis, TierMode,
};
use super::rules::strategy_named;
use super::scale::{Measured, dec};
use super::strategy::{STRATEGY_SETTING, Strategy};
use super::unit_price::UnitPrice;
use super::waterfall::{Group, Posting};
use crate::catalog::{Product, ProductCategory, category_path};
use crate::org::Employee;
use crate::parties::Customer;
use crate::settings::{self, NO_CONVERSION, NO_RATE, Unit, convert_quantity, rate, setting};
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::error::{Error, Result};
use crm_kernel::expr::{Expr, Scope};
use crm_kernel::id::Ref;
use crm_kernel::json::{Json, SharedJson};
use crm_kernel::record::Record;
use crm_kernel::value::Row;
use crm_kernel::work::{Stored, Work};
use std::borrow::Cow;
use std::collections::HashMap;
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
pub fn charged(quantity: Dec, free: &[FreeLine]) -> Result<Dec> {
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
        if all.len() == items.len() {
            allocate_groups(&law, items, &mut asked)?;
        }
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
    for at in 0..items.len() {
        let Some(Ok(one)) = asked.get(at) else { continue };
        let question = one.facts.question(law, &[]);
        let (mut held, mut measured) = (Vec::new(), Vec::new());
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
                && let Some(found) = count(work, terms, items, &asked, &rows, at, rule, counted)?
            {
                measured.push((rule.id, found));
            }
        }
        if let Some(Ok(one)) = asked.get_mut(at) {
            (one.facts.conditions, one.facts.measured) = (held, measured);
        }
    }
    Ok(asked)
}

/// What a rule's bounds and tiers look at on a line, together with what is counted with it.
fn count(
    work: &mut Work<'_>,
    terms: &Terms,
    items: &[Item],
    asked: &[Result<Asked>],
    rows: &[Option<Row>],
    at: usize,
    rule: &Rule,
    counted: &Counted,
) -> Result<Option<Measured>> {
    let measure = match &counted.measure {
        Some(text) => {
            let catalogue = work.catalogue();
            let scope = Scope { catalogue: &catalogue, root: PriceInquiry::NO, names: &[] };
            Some(Expr::check(text, &scope)?)
        }
        None => None,
    };
    let of = |work: &mut Work<'_>, at: usize| -> Result<Option<i64>> {
        match (&measure, rows.get(at), asked.get(at)) {
            (Some(measure), Some(Some(row)), _) => match work.value_of(measure, row)?.as_dec() {
                Some(found) => Ok(Some(figure(found.round(super::scale::SCALE, Rounding::HalfUp))?)),
                None => Ok(None),
            },
            (None, _, Some(Ok(one))) => Ok(quantity_in(&one.facts.question_of_units(), rule.unit)),
            _ => Ok(None),
        }
    };
    let Some(own) = of(work, at)? else { return Ok(None) };
    let Some(Ok(me)) = asked.get(at) else { return Ok(None) };
    let mut whole = own;
    let add = |whole: i64, more: i64| {
        whole.checked_add(more).ok_or_else(|| Error::from(crm_kernel::dec::DecError::OutOfRange))
    };
    for (place, other) in asked.iter().enumerate().filter(|(place, _)| *place != at) {
        let Ok(other) = other else { continue };
        if together(rule, counted.basis, &me.facts, &other.facts)
            && let Some(more) = of(work, place)?
        {
            whole = add(whole, more)?;
        }
    }
    if counted.basis == QuantityBasis::Period
        && let Some(item) = items.get(at)
    {
        let from = terms.date.add_days(-counted.days);
        for bought in &terms.bought {
            let same = bought.product == item.product.id;
            if same && bought.date <= terms.date && from.is_none_or(|from| bought.date > from) {
                // What was bought before is counted as this line is: in proportion to its quantity.
                let quantity = dec(me.facts.own());
                let more =
                    bought.quantity.mul_div(dec(own), quantity, super::scale::SCALE, Rounding::HalfUp)?;
                whole = add(whole, more.to_i64_at(super::scale::SCALE)?)?.max(0);
            }
        }
    }
    Ok(Some(Measured { whole, own }))
}

/// Whether another line is counted with one.
fn together(rule: &Rule, basis: QuantityBasis, me: &Facts, other: &Facts) -> bool {
    use super::engine::ProductScope;
    let root = |facts: &Facts| if facts.template == 0 { facts.product } else { facts.template };
    match basis {
        QuantityBasis::Line => false,
        QuantityBasis::Template => root(me) == root(other),
        QuantityBasis::Category => match rule.product {
            ProductScope::Category(category) => other.categories.contains(&category),
            _ => !me.categories.is_empty() && me.categories.first() == other.categories.first(),
        },
        QuantityBasis::Document => match rule.product {
            ProductScope::All => true,
            ProductScope::Category(category) => other.categories.contains(&category),
            ProductScope::Product(product) => other.product == product || other.template == product,
        },
        QuantityBasis::Period => me.product == other.product,
    }
}

/// Lines that share a graduated scale are priced together: what they cost in all is posted once and shared out, so that
/// their prices add up to it exactly (commerce.md 2.2).
fn allocate_groups(law: &Law<'_>, items: &[Item], asked: &mut [Result<Asked>]) -> Result<()> {
    let counts_others = |rule: &Rule| {
        let shares = rule.counted.as_ref();
        let shares = shares
            .is_some_and(|counted| !matches!(counted.basis, QuantityBasis::Line | QuantityBasis::Period));
        let graduated = rule.effect.scale.as_ref().is_some_and(|scale| scale.mode == TierMode::Graduated);
        shares && graduated
    };
    if items.len() < 2 || !law.rules.rules().iter().any(counts_others) {
        return Ok(());
    }
    // The rule, what it measured in all, the line, the price of one in the product's unit.
    let mut found: Vec<(i64, i64, usize, UnitPrice)> = Vec::new();
    for (at, one) in asked.iter().enumerate() {
        let Ok(one) = one else { continue };
        let (candidates, judged) = judge(law, &one.facts)?;
        if let (Outcome::Chosen { at: place, .. }, Some(made)) = (&judged.decision.outcome, judged.made)
            && let Some(rule) = candidates.get(*place).filter(|rule| counts_others(rule))
            && let Some((_, measured)) = one.facts.measured.iter().find(|(known, _)| *known == rule.id)
        {
            found.push((rule.id, measured.whole, at, made));
        }
    }
    let mut groups: Vec<(i64, i64)> = found.iter().map(|one| (one.0, one.1)).collect();
    groups.sort_unstable();
    groups.dedup();
    for group in groups {
        let mine: Vec<_> = found.iter().filter(|one| (one.0, one.1) == group).collect();
        if mine.len() < 2 {
            continue;
        }
        let (mut weights, mut all) = (Vec::new(), Dec::ZERO);
        for (_, _, at, price) in &mine {
            let quantity = match asked.get(*at) {
                Some(Ok(one)) => dec(one.facts.own()),
                _ => Dec::ZERO,
            };
            let amount = price.times(quantity, Dec::ZERO, 12, Rounding::HalfUp)?;
            all = all.add(amount)?;
            weights.push(amount);
        }
        let posted = all.round(law.posting.digits, law.posting.rounding);
        let shares = Allocation::LargestRemainder.share(posted, &weights, law.posting.digits)?;
        for ((_, _, at, _), share) in mine.into_iter().zip(shares) {
            if let Some(Ok(one)) = asked.get_mut(*at) {
                one.facts.allocated = Some(share);
            }
        }
    }
    Ok(())
}

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
    let mut at = 0;
    while let Some(list) = open.get(at) {
        if let Some(base) = list.base_list
            && let Some(below) = all.iter().find(|found| found.id == base)
            && closed(below, terms, class, region).is_none()
            && !open.iter().any(|list| list.id == base)
        {
            open.push(below);
        }
        at += 1;
    }
    let number = |list: &Ref<PriceList>| list.id().number();
    let ids: Vec<i64> = open.iter().map(|list| number(&list.id)).collect();
    let of = |list: &&Stored<PriceList>| OpenList {
        id: number(&list.id),
        axes: u8::from(list.customer_class.is_some()) + u8::from(list.region.is_some()),
        sale: list.sale,
        base: list.base_list.as_ref().map(number).filter(|base| ids.contains(base)).unwrap_or(0),
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
    facts.quantities = quantities(work, item, &candidates)?;
    let own = facts.own();
    let (base, no_rate) = match base(work, terms, item, own, facts.asked) {
        Ok(base) => (base, None),
        Err(error) if error.code() == NO_RATE => (None, Some(error)),
        Err(error) => return Err(error),
    };
    facts.base = base.as_ref().map(|base| between(base.price, facts.asked, own)).transpose()?;
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
    let own = facts.own();
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
    let price = between(price, own, facts.asked)?;
    let (unit_price, exact_price) = price.stored()?;
    let list_price =
        asked.base.as_ref().map(|base| base.price.stored()).transpose()?.map(|(column, _)| column);
    let original = match without_sale(law, facts, &candidates, &judged)? {
        Some(original) => between(original, own, facts.asked)?,
        None => price,
    };
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
        free: free_goods(item, facts, &candidates, &judged)?,
        document: on_document(law, facts, &candidates, &judged)?,
        derivation,
    })
}

/// What one would cost without sale lists, in the product's unit; none where no sale list makes the price.
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
    let here = judged.decision.later.iter().filter_map(|at| candidates.get(*at));
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

/// Free goods that come with a line. Something of it is always charged: what would leave nothing is not given.
fn free_goods(item: &Item, facts: &Facts, candidates: &[&Rule], judged: &Judged) -> Result<Vec<FreeLine>> {
    let asked = dec(facts.asked);
    let mut left = asked;
    let mut found = Vec::new();
    for at in &judged.decision.later {
        let Some(rule) = candidates.get(*at) else { continue };
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
        let step = free.step(dec(rule.effect.value));
        let in_asked =
            |given: Dec| given.mul_div(asked, dec(quantity), super::scale::SCALE, Rounding::HalfUp);
        let (included, step) = match free.inclusive {
            true => (Some(in_asked(given.free)?.normalize()), in_asked(step)?.normalize()),
            false => (None, step.normalize()),
        };
        if included.is_some_and(|included| included >= left) {
            continue;
        }
        left = left.sub(included.unwrap_or_default())?;
        let own = (free.product == 0).then_some(item.product.unit).flatten();
        found.push(FreeLine {
            rule: Ref::new(id),
            product: crm_kernel::id::Id::new(free.product).map_or(item.product.id, Ref::new),
            free: given.free,
            charged: given.charged,
            delivered: given.delivered,
            unit: crm_kernel::id::Id::new(rule.unit).map(Ref::new).or(own),
            code: rule.code.to_string(),
            included,
            step,
        });
    }
    Ok(found)
}

/// The quantity asked for in the product's unit (first, as unit 0) and in the units of the rules. A unit that cannot be
/// converted into is left out.
fn quantities(work: &mut Work<'_>, item: &Item, rules: &[&Rule]) -> Result<Vec<(i64, i64)>> {
    let asked = item.unit.or(item.product.unit);
    let convert = |work: &mut Work<'_>, to: Option<Ref<Unit>>| match (asked, to) {
        (Some(from), Some(to)) => convert_quantity(work, item.quantity, from, to).and_then(figure),
        // A product without unit has no quantity in any.
        (None, Some(_)) => Err(NO_CONVERSION.error()),
        (_, None) => figure(item.quantity),
    };
    let own = convert(work, item.product.unit).map_err(|error| {
        let cannot = error.code() == NO_CONVERSION;
        if cannot { UNIT.at("/unit").with("product", item.product.code.clone()) } else { error }
    })?;
    let mut quantities = vec![(0, own)];
    for number in rules.iter().map(|rule| rule.unit) {
        let known = quantities.iter().any(|(known, _)| *known == number);
        let Some(unit) = crm_kernel::id::Id::new(number).filter(|_| !known) else { continue };
        match convert(work, Some(Ref::new(unit))) {
            Ok(quantity) => quantities.push((number, quantity)),
            Err(error) if error.code() == NO_CONVERSION => {}
            Err(error) => return Err(error),
        }
    }
    Ok(quantities)
}

/// The list price of one of the unit asked for, converted at the pricing date and not rounded.
fn base(work: &mut Work<'_>, terms: &Terms, item: &Item, own: i64, asked: i64) -> Result<Option<Base>> {
    let Some(list_price) = item.product.list_price else { return Ok(None) };
    let currency = match item.product.currency.or(work.base()) {
        Some(currency) => currency,
        None => terms.currency,
    };
    let rate = rate(work, currency, terms.currency, terms.date)?;
    let listed = between(UnitPrice::from(list_price), own, asked)?;
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
    let amount = asked.facts.base.and_then(|base| base.times(own, Dec::ZERO, 4, Rounding::HalfUp).ok());
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
