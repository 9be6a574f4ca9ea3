//! The prices of the lines of a document: loads what can matter, asks the engine, tells how it came about.

use super::counting::Counts;
use super::derivation::{Story, tell};
use super::effects::{DocumentHit, on_document};
use super::engine::{AmountAt, Outcome, Rule, figure};
use super::error::{AMBIGUOUS, NEGATIVE_PRICE, NO_PRICE, NO_QUANTITY, UNIT, of_quantity};
use super::free_goods::{FreeLine, charged, free_goods};
use super::judge::{Base, Facts, Judged, Law, judge, price_only};
use super::records::{PriceInquiry, PriceList, PriceRule, PriceStage, QuantityBasis};
use super::scale::{Measured, dec};
use super::sharing::allocate_groups;
use super::strategy::Key;
use super::tariff::{Party, Tariff};
use super::unit_price::UnitPrice;
use super::waterfall::Posting;
use crate::catalog::{Product, ProductCategory, category_path};
use crate::org::Employee;
use crate::parties::Customer;
use crate::settings::{NO_CONVERSION, NO_RATE, Ratio, Unit, exact_rate, unit_ratio};
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::error::{Error, Result};
use crm_kernel::expr::{Expr, Scope};
use crm_kernel::id::{Id, Ref};
use crm_kernel::json::{Json, SharedJson};
use crm_kernel::money::RoundingPolicy;
use crm_kernel::record::Record;
use crm_kernel::value::Row;
use crm_kernel::work::{Stored, Work};
use std::borrow::Cow;
use std::collections::HashMap;

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
    /// What it comes to.
    pub net: Dec,
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
    /// How much that is, per cent.
    pub discount_percent: Dec,
    /// What the line comes to, posted, where it has its price already.
    pub stands: Option<Dec>,
}

impl Item {
    /// So many of a product, with nothing set by hand.
    pub fn of(product: Stored<Product>, quantity: Dec, unit: Option<Ref<Unit>>) -> Item {
        Item { product, quantity, unit, manual: false, discount_percent: Dec::ZERO, stands: None }
    }

    /// The same with a discount of the seller's, per cent.
    #[must_use]
    pub fn less(self, discount_percent: Dec) -> Item {
        Item { manual: !discount_percent.is_zero(), discount_percent, ..self }
    }
}

/// A price.
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
}

impl Priced {
    /// A price that a rule made, or none did, and nothing beside it. Errors: `value.out_of_range`.
    fn alone(price: UnitPrice, rule: Option<i64>, item: &Item, asked: &Asked) -> Result<Priced> {
        let (unit_price, exact_price) = price.stored()?;
        let listed = asked.base.as_ref().map(|base| base.price.stored()).transpose()?;
        Ok(Priced {
            unit_price,
            exact_price,
            exact: price,
            list_price: listed.map(|(column, _)| column),
            original: price,
            rule: rule.and_then(Id::new).map(Ref::new),
            free: Vec::new(),
            charged: item.quantity,
            document: Vec::new(),
        })
    }

    /// What the quantity that is charged costs, posted. Errors: `value.out_of_range`.
    pub(super) fn amount(&self, policy: RoundingPolicy, currency: Currency) -> Result<Dec> {
        let digits = currency.digits();
        let exact = self.exact.times(self.charged, Dec::ZERO, policy.scale(digits), policy.rounding())?;
        Ok(policy.post(exact, digits)?)
    }
}

/// A price and its derivation: how it came about.
pub type Explained = (Priced, SharedJson);

/// The prices of several products for one party and date: what they have in common is read once. The outer error is of
/// the terms (`price.list_not_open`, ...), the inner ones of single items, with paths such as `/quantity`.
pub fn prices(work: &mut Work<'_>, terms: &Terms, items: &[Item]) -> Result<Vec<Result<Explained>>> {
    let tariff = Tariff::load(work)?;
    prices_by(work, &tariff, terms, items)
}

/// The same by a tariff that need not be the enterprise's.
pub(super) fn prices_by(
    work: &mut Work<'_>,
    tariff: &Tariff,
    terms: &Terms,
    items: &[Item],
) -> Result<Vec<Result<Explained>>> {
    work.system(|work| {
        let party = Party::load(work, terms)?;
        let law = tariff.law(terms);
        let mut all = Cow::Borrowed(items);
        if law.rules.asks() {
            for beside in &terms.beside {
                let product = work.find(beside.product)?;
                let item = Item::of(product, beside.quantity, beside.unit);
                all.to_mut().push(Item { stands: Some(beside.net), ..item });
            }
        }
        let mut asked = ask(work, terms, &party, &law, &all)?;
        asked.truncate(items.len());
        allocate_groups(&law, items, &mut asked)?;
        let priced = items.iter().zip(asked).map(|(item, asked)| {
            asked.and_then(|asked| one(&law, tariff.change, item, asked)).map_err(of_quantity)
        });
        Ok(priced.collect())
    })
}

/// The price of a product that is asked for by itself, without the story of how it came about. Errors: those of [`prices`].
pub(super) fn price_alone(
    work: &mut Work<'_>,
    tariff: &Tariff,
    party: &Party,
    terms: &Terms,
    item: &Item,
) -> Result<Priced> {
    work.system(|work| {
        let law = tariff.law(terms);
        let asked = ask(work, terms, party, &law, std::slice::from_ref(item))?.pop();
        let asked = asked.ok_or_else(|| Error::internal("a question without facts"))??;
        match price_only(&law, &asked.facts)? {
            Some((rule, price)) if !price.amount().is_negative() => Priced::alone(price, rule, item, &asked),
            _ => {
                let (candidates, judged) = judge(&law, &asked.facts)?;
                priced(&law, item, &asked, &candidates, &judged)
            }
        }
    })
}

/// A question and what else its answer tells.
pub(super) struct Asked {
    pub facts: Facts,
    pub base: Option<Base>,
    pub no_rate: Option<Error>,
    pub unit: Option<Ref<Unit>>,
}

/// What a derivation tells that only the other lines of its document say, or that was otherwise when it was written.
#[derive(Clone, Copy, Default)]
pub(super) struct Told<'a> {
    /// What rules measured, by rule: believed of those that count other lines.
    pub measured: &'a [(i64, Measured)],
    /// Amounts that rules look at are those at the list price.
    pub at_list: bool,
}

/// The facts of the lines of a document.
pub(super) fn ask(
    work: &mut Work<'_>,
    terms: &Terms,
    party: &Party,
    law: &Law<'_>,
    items: &[Item],
) -> Result<Vec<Result<Asked>>> {
    ask_told(work, terms, party, law, items, Told::default())
}

/// The same for a line of which a derivation tells.
pub(super) fn ask_told(
    work: &mut Work<'_>,
    terms: &Terms,
    party: &Party,
    law: &Law<'_>,
    items: &[Item],
    told: Told<'_>,
) -> Result<Vec<Result<Asked>>> {
    let mut asked = Vec::with_capacity(items.len());
    for item in items {
        asked.push(facts_of(work, terms, party, law, item));
    }
    if !law.rules.asks() {
        return Ok(asked);
    }
    let mut inquiries = Vec::with_capacity(items.len());
    for (item, one) in items.iter().zip(&asked) {
        inquiries.push(one.as_ref().ok().map(|one| inquiry(terms, item, one)).transpose()?);
    }
    let mut look = Look { terms, law, items, told, conditions: HashMap::new() };
    look.at(work, &mut asked, &inquiries, |rule| told.at_list || rule.looks_at_amount().is_none())?;
    let later = law.rules.amounts().iter().filter(|_| !told.at_list);
    for at in later {
        for ((item, one), inquiry) in items.iter().zip(&mut asked).zip(&mut inquiries) {
            if let (Ok(one), Some(inquiry)) = (one, inquiry) {
                inquiry.amount = amount_at(law, item, one, *at)?;
            }
        }
        look.at(work, &mut asked, &inquiries, |rule| rule.looks_at_amount() == Some(*at))?;
    }
    Ok(asked)
}

/// What a line comes to at a point of the way to its price; none where it has no price, or one that no amount holds.
fn amount_at(law: &Law<'_>, item: &Item, asked: &mut Asked, at: AmountAt) -> Result<Option<Dec>> {
    let held = |amount: Dec| Some(amount.abs()).filter(|amount| amount.fits(Dec::STORED_DIGITS, 4));
    if at.stage != PriceStage::Document {
        let (candidates, judged) = judge(law, &asked.facts)?;
        let Some(price) = judged.price_at(&candidates, at) else { return Ok(None) };
        let amount =
            asked.facts.in_asked(price)?.times(dec(asked.facts.asked), Dec::ZERO, 4, Rounding::HalfUp);
        return Ok(amount.ok().and_then(held));
    }
    // The whole line has its price and its discount then.
    asked.facts.discount_percent = item.discount_percent;
    if let Some(stands) = item.stands {
        return Ok(held(stands));
    }
    let (candidates, judged) = judge(law, &asked.facts)?;
    let Some((_, price)) = judged.price else { return Ok(None) };
    let free = match free_goods(item, &asked.facts, &candidates, &judged) {
        Ok(free) => free,
        Err(error) if error.code() == AMBIGUOUS => return Ok(None),
        Err(error) => return Err(error),
    };
    let charged = charged(item.quantity, &free)?;
    let Posting { digits, rounding } = law.posting;
    Ok(price.times(charged, item.discount_percent, digits, rounding).ok().and_then(held))
}

/// Looks for what rules ask beyond the line itself.
struct Look<'a> {
    terms: &'a Terms,
    law: &'a Law<'a>,
    items: &'a [Item],
    told: Told<'a>,
    conditions: HashMap<i64, Expr>,
}

impl Look<'_> {
    /// Finds what the conditions and measures of some rules say of each line.
    fn at(
        &mut self,
        work: &mut Work<'_>,
        asked: &mut [Result<Asked>],
        inquiries: &[Option<PriceInquiry>],
        wanted: impl Fn(&Rule) -> bool,
    ) -> Result<()> {
        let mut rows: Vec<Option<Row>> = Vec::with_capacity(inquiries.len());
        for inquiry in inquiries {
            rows.push(inquiry.as_ref().map(PriceInquiry::to_row).transpose()?);
        }
        let mut counts = Counts::of(self.items, asked, &rows);
        let mut found = Vec::with_capacity(asked.len());
        for (at, one) in asked.iter().enumerate() {
            let (mut held, mut measured) = (Vec::new(), Vec::new());
            if let Ok(one) = one {
                let asks = |rule: &&&Rule| rule.condition.is_some() || rule.counted.is_some();
                let candidates = self.law.rules.candidates(&one.facts.question(self.law, &[]));
                for rule in candidates.iter().filter(asks).filter(|rule| wanted(rule)) {
                    if let (Some(condition), Some(Some(row))) = (&rule.condition, rows.get(at)) {
                        held.push((rule.id, self.holds(work, rule.id, condition, row)?));
                    }
                    if let Some(counted) = &rule.counted
                        && let Some(found) = counts.measured(work, self.terms, at, rule, counted)?
                    {
                        measured.push((rule.id, self.believed(rule, found)));
                    }
                }
            }
            found.push((held, measured));
        }
        for (one, (held, measured)) in asked.iter_mut().zip(found) {
            if let Ok(one) = one {
                one.facts.conditions.extend(held);
                one.facts.measured.extend(measured);
            }
        }
        Ok(())
    }

    fn holds(&mut self, work: &mut Work<'_>, rule: i64, condition: &str, row: &Row) -> Result<bool> {
        if let Some(checked) = self.conditions.get(&rule) {
            return work.holds(checked, row);
        }
        let catalogue = work.catalogue();
        let scope = Scope { catalogue: &catalogue, root: PriceInquiry::NO, names: &[] };
        let checked = Expr::condition(condition, &scope)?;
        let holds = work.holds(&checked, row)?;
        self.conditions.insert(rule, checked);
        Ok(holds)
    }

    /// What a rule measured, with what is told of other lines.
    fn believed(&self, rule: &Rule, found: Measured) -> Measured {
        let told = self.told.measured.iter().find(|(known, _)| *known == rule.id);
        match told.filter(|_| counts_others(rule)) {
            Some((_, told)) => Measured { whole: told.whole, before: told.before, ..found },
            None => found,
        }
    }
}

/// Whether a rule counts more than the line, which the line alone cannot tell.
pub(super) fn counts_others(rule: &Rule) -> bool {
    rule.counted.as_ref().is_some_and(|counted| counted.basis != QuantityBasis::Line)
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
    let candidates = match law.rules.reads_more() {
        true => law.rules.candidates(&facts.question(law, &[])),
        false => Vec::new(),
    };
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

/// The price of one line and how it came about.
pub(super) fn one(law: &Law<'_>, change: i64, item: &Item, asked: Asked) -> Result<Explained> {
    let (candidates, judged) = judge(law, &asked.facts)?;
    let priced = priced(law, item, &asked, &candidates, &judged)?;
    let derivation = tell(&Story {
        law,
        change,
        quantity: item.quantity,
        unit: asked.unit.map(Ref::id),
        base: asked.base.as_ref(),
        facts: &asked.facts,
        candidates: &candidates,
        judged: &judged,
        price: priced.exact,
        free: &priced.free,
    })?;
    Ok((priced, derivation))
}

/// The price that a judgement says. Errors: `price.ambiguous`, `price.none`, `price.negative`, `currency.no_rate`,
/// `value.out_of_range`.
fn priced(
    law: &Law<'_>,
    item: &Item,
    asked: &Asked,
    candidates: &[&Rule],
    judged: &Judged,
) -> Result<Priced> {
    let facts = &asked.facts;
    let product = || item.product.code.clone();
    if !judged.ambiguous.is_empty() {
        let codes = judged.ambiguous.iter().map(|rule| Json::text(law.rules.code(*rule)));
        let error = AMBIGUOUS.at("/product").with("product", product());
        return Err(error
            .with("strategy", law.strategy.name.as_ref())
            .with("rules", codes.collect::<Vec<_>>()));
    }
    let Some((_, price)) = judged.price else {
        return Err(match &asked.no_rate {
            Some(error) => error.clone().at("/product"),
            None => NO_PRICE.at("/product").with("product", product()),
        });
    };
    let rule = match &judged.decision.outcome {
        Outcome::Chosen { at, .. } => candidates.get(*at).map(|rule| rule.id),
        _ => None,
    };
    if price.amount().is_negative() {
        let error = NEGATIVE_PRICE.at("/product").with("product", product());
        return Err(error.with("rule", rule.map_or("", |rule| law.rules.code(rule))));
    }
    let free = free_goods(item, facts, candidates, judged)
        .map_err(|error| error.with("strategy", law.strategy.name.as_ref()))?;
    let alone = Priced::alone(price, rule, item, asked)?;
    Ok(Priced {
        original: without_sale(law, facts, candidates, judged)?.unwrap_or(price),
        charged: charged(item.quantity, &free)?,
        free,
        document: on_document(law, facts, candidates, judged)?,
        ..alone
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
    // Where prices of lists go before all others, what they are compared with is the price without any.
    let lists_first = law.strategy.keys.first() == Some(&Key::List);
    let regular = facts.lists.iter().copied().filter(|list| !(list.sale || lists_first));
    let regular = Facts { lists: regular.collect(), ..facts.clone() };
    Ok(judge(law, &regular)?.1.price.map(|(_, price)| price))
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
        let Some(unit) = Id::new(number).map(Ref::new).filter(|_| !known) else { continue };
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
