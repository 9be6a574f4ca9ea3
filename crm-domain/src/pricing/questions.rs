//! Questions about prices (QUO-03, PRD-08): why a rule does not make the price, at which quantity, on which day and in which
//! bundle it is lower.

use super::bundle_price::PriceBundle;
use super::certificate::hash;
use super::derivation::reason;
use super::effects::{LineEffect, exclude_effects, grouped};
use super::engine::{Question, Reason, Rule, priced, prices as price_by, quantity_in, ratio_of, refuses};
use super::error::{AMBIGUOUS, LIST_NOT_OPEN, NEGATIVE_PRICE, NO_PRICE, NO_QUANTITY, UNIT};
use super::guard::{Floor, MarginOf, min_margin};
use super::judge::{Facts, Law, judge};
use super::line::{allocation, unit_cost};
use super::lint::figures;
use super::operations::{FreeGoodsAnswer, PriceGet, REFUSALS};
use super::price::{Item, Priced, Terms, ask, price_alone, prices};
use super::records::{PriceList, PriceMethod, PriceRule, PriceStage, TierBound};
use super::scale::{OPEN, dec};
use super::tariff::{Party, Tariff};
use super::totals::{DocumentInput, LineInput, document};
use super::unit_price::{PRICE_SCALE, UnitPrice};
use super::waterfall::{Flow, flow};
use crate::catalog::{BundleComponent, Product, RETIRED};
use crate::records::page;
use crate::settings::{self, NO_RATE, Ratio, Taxes};
use crm_kernel::Record;
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::expr::node::Ty;
use crm_kernel::id::Ref;
use crm_kernel::json::SharedJson;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::record::Record as _;
use crm_kernel::value::Value;
use crm_kernel::work::Work;
use std::collections::BTreeSet;

/// Why a rule does not make the price of a product, or that it does; and what one would cost by it alone.
#[derive(Clone, Debug, Record)]
#[record(name = "price_why_not")]
pub struct PriceWhyNot {
    /// The rule.
    pub rule: Ref<PriceRule>,
    /// What is asked for.
    #[field(flatten)]
    pub asked: PriceGet,
}

/// Why a rule does not make a price.
#[derive(Clone, Debug, Record)]
#[record(name = "price_why_not_answer")]
pub struct PriceWhyNotAnswer {
    /// What people call the rule.
    pub code: String,
    /// True where it makes the price or takes effect on it.
    pub taken: bool,
    /// Why not, as derivations say it; `inactive` for a rule that is not used.
    pub reason: Option<String>,
    /// By what it was beaten or excluded.
    pub by: Option<String>,
    /// What the rule asks for where that can be said: the day, the quantity, the currency.
    pub wanted: Option<String>,
    /// What one would cost by this rule alone, where it has something to say for the quantity.
    #[field(unit_price)]
    pub unit_price: Option<Dec>,
    /// The derivation of the price as it is; none where there is no price.
    pub derivation: Option<SharedJson>,
    /// The SHA-256 of its canonical bytes.
    #[field(text = 64)]
    pub hash: Option<String>,
}

impl Operation for PriceWhyNot {
    const NAME: &'static str = "price.why_not";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::Right { kind: "price_rule", verb: "read" };
    const ERRORS: &'static [Code] = REFUSALS;
    const CAPABILITIES: &'static [&'static str] = &["PRD-08", "QUO-03"];
    const EXAMPLE: &'static str = r#"{"rule":"$price_rule","product":"$product","quantity":"10"}"#;
    type Answer = PriceWhyNotAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<PriceWhyNotAnswer> {
        let record = work.find(self.rule).map_err(|error| error.at("/rule"))?;
        let id = self.rule.id().number();
        let (terms, item) = (self.asked.terms(work)?, self.asked.item(work)?);
        let derivation = prices(work, &terms, std::slice::from_ref(&item))?.pop();
        let derivation = match derivation {
            Some(Ok((_, derivation))) => Some(derivation),
            // A tie is an answer to this question, not a refusal of it.
            Some(Err(error)) if [AMBIGUOUS, NO_PRICE, NEGATIVE_PRICE].contains(&error.code()) => None,
            Some(Err(error)) => return Err(error),
            None => None,
        };
        let mut answer = PriceWhyNotAnswer {
            code: record.code.clone(),
            taken: false,
            reason: Some("inactive".to_owned()),
            by: None,
            wanted: None,
            unit_price: None,
            hash: derivation.as_ref().map(hash),
            derivation,
        };
        if !record.active {
            return Ok(answer);
        }
        work.system(|work| {
            let tariff = Tariff::load(work)?;
            let party = Party::load(work, &terms)?;
            let law = tariff.law(&terms);
            let asked = ask(work, &terms, &party, &law, std::slice::from_ref(&item))?.pop();
            let facts = asked.ok_or_else(|| Error::internal("a question without facts"))??.facts;
            let Some(rule) = law.rules.rule(id) else { return Ok(()) };
            let (candidates, judged) = judge(&law, &facts)?;
            let mine = judged.decision.trace.iter().find(|one| one.rule == id);
            let base_lists = facts.base_lists(&law, &candidates)?;
            let question = facts.question(&law, &base_lists.prices);
            let refused = refuses(rule, &question);
            match mine {
                Some(one) => {
                    let reason = reason(one.verdict, law.groups);
                    answer.taken = reason.is_none();
                    answer.reason = reason.map(|(reason, _)| reason.to_owned());
                    answer.by = reason.and_then(|(_, by)| by).map(str::to_owned);
                }
                // It is for other products or buyers, so it was not looked at.
                None => answer.reason = refused.map(|reason| reason.code().to_owned()),
            }
            answer.wanted = refused.and_then(|reason| wanted(rule, reason));
            answer.unit_price = match by_rule_alone(&law, rule, &question, judged.made) {
                Ok(Some(price)) if refused != Some(Reason::Currency) => {
                    Some(facts.in_asked(price)?.stored()?.0)
                }
                _ => None,
            };
            Ok(())
        })?;
        Ok(answer)
    }
}

/// What one costs by a rule alone, in the product's unit: by the rule, or where it is of a later stage by what the first
/// stage `made` and then by the rule. None where it says nothing of what one costs. Errors: `value.out_of_range`.
fn by_rule_alone(
    law: &Law<'_>,
    rule: &Rule,
    question: &Question<'_>,
    made: Option<UnitPrice>,
) -> Result<Option<UnitPrice>> {
    if rule.stage == PriceStage::List {
        return Ok(price_by(rule, question)?.map(|(_, price)| price));
    }
    let Some(start) = made.or(rule.effect.is_fixed().then_some(UnitPrice::ZERO)) else { return Ok(None) };
    if rule.stage == PriceStage::Document {
        // An amount off a document is none off one.
        let percent = rule.effect.method == PriceMethod::DiscountPercent;
        let price = if percent { priced(rule, question, Some(start))? } else { None };
        return Ok(price.map(|(_, price)| price));
    }
    match flow(start, &[rule], &[0], question, law.strategy, &[], law.beside, law.posting, &mut [])? {
        Flow::Price(price, steps) if !steps.is_empty() => Ok(Some(price)),
        _ => Ok(None),
    }
}

/// What a rule asks for, where a single value says it.
fn wanted(rule: &Rule, reason: Reason) -> Option<String> {
    match reason {
        Reason::NotYetValid => Some(rule.from.to_string()),
        Reason::Expired => Some(rule.until.to_string()),
        Reason::BelowMinQuantity => Some(dec(rule.min).to_string()),
        Reason::AboveMaxQuantity => Some(dec(rule.max).to_string()),
        Reason::Currency => rule.currency.map(|currency| currency.code().to_owned()),
        Reason::Product | Reason::Category => match rule.product {
            super::engine::ProductScope::Product(id) | super::engine::ProductScope::Category(id) => {
                Some(id.to_string())
            }
            super::engine::ProductScope::All => None,
        },
        // What its tiers are from, or up to.
        Reason::NoTier => rule.effect.scale.as_ref().and_then(|scale| {
            let tier = match scale.bound {
                TierBound::From => scale.tiers.first(),
                TierBound::UpTo => scale.tiers.last(),
            };
            tier.map(|tier| dec(tier.bound).to_string())
        }),
        Reason::SellerPosition => Some(rule.position.to_string()),
        Reason::List => Some(rule.list.to_string()),
        _ => None,
    }
}

/// From which quantities on, from which days on and in which bundles one costs less than now: each with its price.
#[derive(Clone, Debug, Record)]
#[record(name = "price_next_break")]
pub struct PriceNextBreak {
    /// At most so many breaks of either sort, from 1 to 100.
    #[field(default = "3")]
    pub limit: i64,
    /// What is asked for.
    #[field(flatten)]
    pub asked: PriceGet,
}

/// Where one costs less.
#[derive(Clone, Debug, Record)]
#[record(name = "price_next_break_answer")]
pub struct PriceNextBreakAnswer {
    /// The currency of the amounts.
    pub currency: Currency,
    /// What one costs now.
    #[field(unit_price)]
    pub unit_price: Dec,
    /// What the quantity costs now.
    #[field(money)]
    pub amount: Dec,
    /// What rules take off a document that holds nothing else.
    #[field(money)]
    pub document_discount: Dec,
    /// What one costs after that: what is compared.
    #[field(unit_price)]
    pub net_unit_price: Dec,
    /// Larger quantities, the nearest first, each cheaper for one than the one before, or with more free goods for one. For
    /// less than 0 they are less still. Each is the smallest that may be ordered behind its bound: the next whole number where
    /// a whole number is asked for, else the next at six decimals. So behind a tier `up_to` 12 stand 13, and 12.000001.
    pub quantities: Vec<PriceBreak>,
    /// Later days, the nearest first, each cheaper than the one before.
    pub dates: Vec<PriceBreak>,
    /// Bundles that hold the product, and in which one of it is worth less than now, the cheapest first.
    pub bundles: Vec<BundleBreak>,
    /// True where every bound was looked at as far as `limit`; false where there are too many of them, or others may be: a
    /// condition that looks at the quantity or the day.
    pub complete: bool,
}

/// A bundle in which a product is worth less.
#[derive(Clone, Debug, Record)]
#[record(name = "price_break_bundle")]
pub struct BundleBreak {
    /// The bundle.
    pub bundle: Ref<Product>,
    /// What one bundle costs.
    #[field(money)]
    pub amount: Dec,
    /// How many of the product are in one, in its own unit.
    #[field(quantity)]
    pub quantity: Dec,
    /// What one of the product is worth in it, in the unit asked for.
    #[field(unit_price)]
    pub unit_price: Dec,
}

/// A quantity or a day from which on one costs less.
#[derive(Clone, Debug, Record)]
#[record(name = "price_break")]
pub struct PriceBreak {
    /// How many.
    #[field(quantity)]
    pub quantity: Dec,
    /// When.
    pub date: Date,
    /// What one costs then.
    #[field(unit_price)]
    pub unit_price: Dec,
    /// What the quantity costs then.
    #[field(money)]
    pub amount: Dec,
    /// What rules take off a document then that holds nothing else.
    #[field(money)]
    pub document_discount: Dec,
    /// What one costs after that.
    #[field(unit_price)]
    pub net_unit_price: Dec,
    /// Less than what is asked for costs now: more for less.
    pub costs_less: bool,
    /// The rule that makes the price.
    pub rule: Option<Ref<PriceRule>>,
    /// Free goods that come with the quantity.
    pub free_goods: Vec<FreeGoodsAnswer>,
}

/// Behind the last bound so many steps are looked at.
const FAR: i64 = 1_000_000_000;
/// Bounds of either sort that are tried at most.
const ATTEMPTS: usize = 200;
/// Bundles that are looked at at most.
const BUNDLES: u32 = 50;

impl Operation for PriceNextBreak {
    const NAME: &'static str = "price.next_break";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::Right { kind: "product", verb: "read" };
    const ERRORS: &'static [Code] = REFUSALS;
    const CAPABILITIES: &'static [&'static str] = &["PRD-03", "PRD-08", "QUO-03"];
    const EXAMPLE: &'static str = r#"{"product":"$product","quantity":"1","customer":"$customer"}"#;
    type Answer = PriceNextBreakAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<PriceNextBreakAnswer> {
        let limit = page(self.limit, 100)? as usize;
        let (terms, item) = (self.asked.terms(work)?, self.asked.item(work)?);
        let now = at(work, &terms, &item)?;
        let Breaks { mut bounds, mut days, glides, mut complete } = breaks(work, &terms, &item)?;
        let step = step(&item);
        if glides {
            bounds.insert(item.quantity.abs().add(step)?);
        }
        bounds.retain(|bound| *bound > item.quantity.abs());
        days.retain(|day| *day > terms.date);
        let mut quantities = Vec::new();
        let mut best = now.clone();
        let ends = bounds.iter().skip(1).map(|next| next.sub(step).ok()).chain([None]);
        for (tried, (bound, end)) in bounds.iter().zip(ends).enumerate() {
            if quantities.len() >= limit || tried >= ATTEMPTS {
                complete &= quantities.len() >= limit;
                break;
            }
            let mut found = at_quantity(work, &terms, &item, *bound, &best)?;
            if found.is_none() && glides {
                let most = bound.add(step.mul(Dec::from_int(FAR))?)?;
                found = first_below(work, &terms, &item, (*bound, end.unwrap_or(most)), &best)?;
            }
            if let Some(found) = found {
                best = found.clone();
                let costs_less = found.costs_less(&now)?;
                quantities.push(PriceBreak { costs_less, ..found });
            }
        }
        let mut dates = Vec::new();
        let mut best = now.clone();
        for (tried, day) in days.into_iter().enumerate() {
            if dates.len() >= limit || tried >= ATTEMPTS {
                complete &= dates.len() >= limit;
                break;
            }
            let found = at(work, &Terms { date: day, ..terms.clone() }, &item);
            if let Some(found) = better(found, &best)? {
                best = found.clone();
                dates.push(PriceBreak { costs_less: found.costs_less(&now)?, ..found });
            }
        }
        let (mut bundles, all) = bundles(work, &self.asked, &item, now.unit_price)?;
        bundles.truncate(limit);
        Ok(PriceNextBreakAnswer {
            currency: terms.currency,
            unit_price: now.unit_price,
            amount: now.amount,
            document_discount: now.document_discount,
            net_unit_price: now.net_unit_price,
            quantities,
            dates,
            bundles,
            complete: complete && all,
        })
    }
}

/// Prices that cannot be had at a quantity, on a day or in a bundle are not better.
fn had<T>(found: Result<T>) -> Result<Option<T>> {
    const NOT: [Code; 8] =
        [AMBIGUOUS, NO_PRICE, NEGATIVE_PRICE, NO_QUANTITY, LIST_NOT_OPEN, NO_RATE, UNIT, RETIRED];
    match found {
        Ok(found) => Ok(Some(found)),
        Err(error) if NOT.contains(&error.code()) => Ok(None),
        Err(error) => Err(error),
    }
}

/// A price found that is below another, or that gives more for nothing at the same; none where it does not.
fn better(found: Result<PriceBreak>, than: &PriceBreak) -> Result<Option<PriceBreak>> {
    let Some(found) = had(found)? else { return Ok(None) };
    let more = found.net_unit_price == than.net_unit_price && found.free_of_one()? > than.free_of_one()?;
    Ok((found.net_unit_price < than.net_unit_price || more).then_some(found))
}

impl PriceBreak {
    /// Whether all of it costs less than something else does.
    fn costs_less(&self, than: &PriceBreak) -> Result<bool> {
        let all = |one: &PriceBreak| one.amount.sub(one.document_discount).map(Dec::abs);
        Ok(all(self)? < all(than)?)
    }

    /// How many are free for one.
    fn free_of_one(&self) -> Result<Dec> {
        let free = Dec::sum(self.free_goods.iter().map(|free| free.free.abs()))?;
        Ok(free.div(self.quantity.abs(), 6, Rounding::HalfUp)?)
    }
}

/// The bundles that hold a product and in which it is worth less, the cheapest first; false where there are too many.
fn bundles(
    work: &mut Work<'_>,
    asked: &PriceGet,
    item: &Item,
    than: Dec,
) -> Result<(Vec<BundleBreak>, bool)> {
    let names = [("part", Ty::Ref(Product::NO), Value::Ref(item.product.id.id()))];
    let holds = |work: &mut Work<'_>| {
        work.select_by::<BundleComponent>("component == part", &names, &[], Some(BUNDLES + 1))
    };
    let holds = work.system(holds)?;
    let complete = holds.len() <= usize::try_from(BUNDLES).unwrap_or(usize::MAX);
    let own = own_of_one(work, item)?;
    let mut found = Vec::new();
    for component in holds {
        // A bundle that the actor may not see is none for him.
        if work.look(component.bundle)?.is_none() {
            continue;
        }
        let of_one = PriceGet { product: component.bundle, quantity: Dec::ONE, unit: None, ..asked.clone() };
        let bundle = PriceBundle { asked: of_one };
        let Some(priced) = had(bundle.run(work))? else { continue };
        let Some(part) = priced.parts.iter().find(|part| part.product == item.product.id) else { continue };
        let of_part = UnitPrice::new(part.share, part.quantity)?;
        let unit_price = of_part.converted(own)?.rounded(PRICE_SCALE, Rounding::HalfUp)?;
        if unit_price < than {
            let (bundle, quantity) = (component.bundle, part.quantity);
            found.push(BundleBreak { bundle, amount: priced.amount, quantity, unit_price });
        }
    }
    found.sort_by_key(|found| (found.unit_price, found.bundle));
    Ok((found, complete))
}

/// What a quantity costs on a day.
fn at(work: &mut Work<'_>, terms: &Terms, item: &Item) -> Result<PriceBreak> {
    let (tariff, party) = (Tariff::load(work)?, Party::load(work, terms)?);
    let priced = price_alone(work, &tariff, &party, terms, item)?;
    let (document_discount, left) = off_document(work, &tariff, terms, &priced)?;
    let net_unit_price = priced.exact.converted(Ratio::new(left, Dec::HUNDRED)?)?;
    Ok(PriceBreak {
        quantity: item.quantity,
        date: terms.date,
        unit_price: priced.unit_price,
        amount: priced.amount(tariff.policy, terms.currency)?,
        document_discount,
        net_unit_price: net_unit_price.rounded(PRICE_SCALE, Rounding::HalfUp)?,
        costs_less: false,
        rule: priced.rule,
        free_goods: FreeGoodsAnswer::of(&priced.free),
    })
}

/// What rules take off a document that holds nothing but a line, and what that leaves of a hundred. Errors:
/// `price.ambiguous`, `value.out_of_range`.
fn off_document(work: &mut Work<'_>, tariff: &Tariff, terms: &Terms, priced: &Priced) -> Result<(Dec, Dec)> {
    if priced.document.is_empty() {
        return Ok((Dec::ZERO, Dec::HUNDRED));
    }
    let line = LineInput {
        quantity: priced.charged,
        unit_price: priced.exact,
        discount_percent: Dec::ZERO,
        taxes: Taxes::default(),
    };
    let of = DocumentInput::of(terms.currency, tariff.policy, work.system(allocation)?);
    let mut input = DocumentInput { lines: vec![line], ..of };
    let mut hits = [priced.document.clone()];
    let (effects, hits) = exclude_effects(&tariff.rules, &tariff.groups, &input, &mut hits, |_| false)
        .and_then(|()| grouped(hits.iter().map(Vec::as_slice)))
        .map_err(|error| error.at("/product"))?;
    input.effects = effects;
    let totals = document(&input)?;
    let Some(line) = totals.lines.first() else { return Ok((Dec::ZERO, Dec::HUNDRED)) };
    let amounts = totals.effects.iter().map(|shares| shares.first().copied().unwrap_or_default());
    let effects: Vec<LineEffect> =
        hits.into_iter().zip(amounts).map(|(hit, amount)| LineEffect { hit, amount }).collect();
    Ok((line.document_discount, LineEffect::left_of_hundred(&effects, line.net)?))
}

/// The next quantity that may be asked for is so much larger: what is asked in whole numbers goes on in them.
fn step(item: &Item) -> Dec {
    let whole = item.quantity.round(0, Rounding::Down) == item.quantity;
    if whole { Dec::ONE } else { dec(1) }
}

/// The smallest quantity that may be asked for and is no less than one. Errors: `value.out_of_range`.
fn up_to_step(quantity: Dec, item: &Item) -> Result<Dec> {
    Ok(quantity.round_to_multiple(step(item), Rounding::Up)?)
}

/// The smallest number of full packages that hold a quantity.
fn full(quantity: i64, package: i64) -> i64 {
    let packages = quantity.div_euclid(package) + i64::from(quantity.rem_euclid(package) > 0);
    packages.saturating_mul(package)
}

/// What so many cost where one costs less than in a price found before.
fn at_quantity(
    work: &mut Work<'_>,
    terms: &Terms,
    item: &Item,
    quantity: Dec,
    best: &PriceBreak,
) -> Result<Option<PriceBreak>> {
    let quantity = if item.quantity.is_negative() { quantity.neg() } else { quantity };
    better(at(work, terms, &Item { quantity, ..item.clone() }), best)
}

/// The smallest quantity from one to another at which one costs less than in a price found before. Between two bounds the
/// price of one only falls or only rises: a fee, or dearer portions before, are borne by ever more.
fn first_below(
    work: &mut Work<'_>,
    terms: &Terms,
    item: &Item,
    (from, until): (Dec, Dec),
    best: &PriceBreak,
) -> Result<Option<PriceBreak>> {
    let step = step(item);
    let Some(mut found) = at_quantity(work, terms, item, until, best)? else { return Ok(None) };
    // In steps behind the first quantity, at which one does not cost less.
    let mut low = 0;
    let mut high = until.sub(from)?.div(step, 0, Rounding::Down)?.to_i64_at(0)?;
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        let quantity = from.add(step.mul(Dec::from_int(middle))?)?;
        match at_quantity(work, terms, item, quantity, best)? {
            Some(here) => (found, high) = (here, middle),
            None => low = middle,
        }
    }
    Ok(Some(found))
}

/// Where one may cost less.
struct Breaks {
    /// The quantities, in the unit asked for, at which another rule or tier begins or a package is full.
    bounds: BTreeSet<Dec>,
    /// The days on which another rule begins.
    days: BTreeSet<Date>,
    /// The price of one may change from bound to bound.
    glides: bool,
    /// There are no others.
    complete: bool,
}

/// Whether a condition looks at what a larger quantity or a later day changes.
fn looks_ahead(condition: &str) -> bool {
    ["quantity", "amount", "weight", "volume", "date"].iter().any(|name| condition.contains(name))
}

/// The quantities and the days at which one may cost less.
fn breaks(work: &mut Work<'_>, terms: &Terms, item: &Item) -> Result<Breaks> {
    work.system(|work| {
        let tariff = Tariff::load(work)?;
        let party = Party::load(work, terms)?;
        let law = tariff.law(terms);
        let asked = |work: &mut Work<'_>, item: &Item| {
            let asked = ask(work, terms, &party, &law, std::slice::from_ref(item))?.pop();
            Ok(asked.ok_or_else(|| Error::internal("a question without facts"))??.facts)
        };
        let facts: Facts = asked(work, item)?;
        let candidates = law.rules.candidates(&facts.question(&law, &[]));
        let mut found =
            Breaks { bounds: BTreeSet::new(), days: BTreeSet::new(), glides: false, complete: true };
        let lists = work.select::<PriceList>("active", &[])?;
        for (from, until) in lists.iter().map(|list| (list.valid_from, list.valid_until)) {
            found.days.extend(from.into_iter().chain(until.and_then(|until| until.add_days(1))));
        }
        for rule in &candidates {
            found.days.insert(rule.from);
            found.days.extend(rule.until.add_days(1));
            if let Some(condition) = rule.condition.as_deref().filter(|condition| looks_ahead(condition)) {
                // Such a condition may begin to hold anywhere; most do at a figure that they name.
                found.complete = false;
                for figure in figures(condition) {
                    found.bounds.insert(up_to_step(dec(figure), item)?);
                }
            }
            let package = rule.effect.package;
            // A portion of packages is no part of the next, and a fee goes on falling with them.
            found.complete &= package == 0 || rule.effect.scale.as_ref().is_none_or(|scale| scale.is_plain());
            found.glides |= package == 0 && rule.effect.shares();
            found.begins(rule, &law, &facts, item)?;
        }
        // An amount off a document is borne by ever more, too: with other prices that fall or rise it goes up and down.
        let off =
            |rule: &&Rule| rule.stage == PriceStage::Document && rule.effect.method == PriceMethod::AmountOff;
        found.complete &= !(found.glides && candidates.iter().any(off));
        // What a line comes to grows with its quantity up to where another price begins.
        let by_amount: Vec<&Rule> =
            candidates.into_iter().filter(|rule| rule.measures_amount().is_some()).collect();
        if !by_amount.is_empty() {
            let more = found.bounds.iter().filter(|bound| **bound > item.quantity.abs());
            for bound in more.copied().take(ATTEMPTS).collect::<Vec<_>>() {
                let quantity = if item.quantity.is_negative() { bound.neg() } else { bound };
                let item = Item { quantity, ..item.clone() };
                let Some(facts) = had(asked(work, &item))? else { continue };
                for rule in &by_amount {
                    found.begins(rule, &law, &facts, &item)?;
                }
            }
        }
        Ok(found)
    })
}

impl Breaks {
    /// Takes in the quantities at which a rule or a tier of it begins or has ended, or a package of it is full.
    fn begins(&mut self, rule: &Rule, law: &Law<'_>, facts: &Facts, item: &Item) -> Result<()> {
        // What the line counts of what the rule looks at, and what others do.
        let measured = facts.measured.iter().find(|(id, _)| *id == rule.id).map(|(_, found)| *found);
        let counted = match rule.counted {
            Some(_) => measured.map(|found| (found.own, found.whole.saturating_sub(found.own))),
            None => quantity_in(&facts.question(law, &[]), rule.unit).map(|quantity| (quantity, 0)),
        };
        let Some((own, others)) = counted.filter(|(own, _)| *own > 0) else { return Ok(()) };
        let mut begins = vec![rule.min];
        if rule.max != OPEN {
            begins.push(rule.max.saturating_add(1));
        }
        let package = rule.effect.package;
        if let Some(scale) = &rule.effect.scale {
            for tier in 0..scale.tiers.len() {
                let up_to = scale.bound == TierBound::UpTo;
                let begin = scale.begins(tier).unwrap_or(0);
                begins.push(if up_to && tier > 0 { begin.saturating_add(1) } else { begin });
            }
            // Behind a last tier that ends the rule says nothing, and others do.
            begins.extend(scale.ends().map(|end| end.saturating_add(1)));
        }
        if package > 0 {
            let counted = own.saturating_add(others);
            let ends = begins.iter().chain([&counted]).map(|begin| full(*begin, package));
            begins.extend(ends.collect::<Vec<_>>());
        }
        for begin in &mut begins {
            *begin = begin.saturating_sub(others);
        }
        if let Some(per) = rule.effect.free.as_ref().map(|free| free.per).filter(|per| *per > 0) {
            begins.extend((own / per).checked_add(1).and_then(|times| times.checked_mul(per)));
        }
        // What is asked for counts so much: by what the units are where the quantities are rounded. A whole number in the
        // unit asked for is what people order.
        let counted = (dec(facts.asked), dec(own));
        let (asked, counts) = match rule.counted {
            Some(_) => counted,
            None => in_asked(law, facts, rule.unit)?.unwrap_or(counted),
        };
        for begin in begins.into_iter().filter(|begin| *begin > 0) {
            let bound = dec(begin).mul_div(asked, counts, 6, Rounding::Up)?;
            let asked = up_to_step(bound, item)?;
            self.complete &= package == 0 || asked == bound;
            self.bounds.insert(asked);
        }
        Ok(())
    }
}

/// How many of the unit asked for stand for how many of another unit; none where that cannot be converted. Errors:
/// `value.out_of_range`.
fn in_asked(law: &Law<'_>, facts: &Facts, unit: i64) -> Result<Option<(Dec, Dec)>> {
    let question = facts.question(law, &[]);
    let one = match (facts.ratio, quantity_in(&question, 0)) {
        (Some(ratio), _) => ratio,
        (None, Some(own)) => Ratio::new(dec(own), dec(facts.asked))?,
        (None, None) => return Ok(None),
    };
    let Some(of_unit) = ratio_of(&question, unit)? else { return Ok(None) };
    Ok(Some((of_unit.of().mul(one.per())?, of_unit.per().mul(one.of())?)))
}

/// How many of the product's unit one of an item's unit is. Errors: `unit.no_conversion`.
fn own_of_one(work: &mut Work<'_>, item: &Item) -> Result<Ratio> {
    match (item.unit, item.product.unit) {
        (Some(unit), Some(own)) => settings::unit_ratio(work, unit, own),
        _ => Ok(Ratio::ONE),
    }
}

/// What an item must not be sold below, for one of its unit in the currency of the terms. Errors: `unit.no_conversion`,
/// `currency.no_rate`, those of reading.
pub fn floor_of(work: &mut Work<'_>, terms: &Terms, item: &Item) -> Result<Floor> {
    let own = own_of_one(work, item)?;
    let currency = item.product.currency.or(work.base()).unwrap_or(terms.currency);
    let named = item.product.floor_price.is_some() || item.product.list_price.is_some();
    let rate =
        if named { settings::exact_rate(work, currency, terms.currency, terms.date)? } else { Ratio::ONE };
    let of_one = |price: Option<Dec>| -> Result<Option<Dec>> {
        let of_one = |price: Dec| UnitPrice::from(price).converted(own)?.converted(rate);
        price.map(|price| of_one(price)?.rounded(PRICE_SCALE, Rounding::HalfUp)).transpose()
    };
    let margin_of = match settings::setting(work, "pricing.margin_of")?.as_text() {
        Some("list") => MarginOf::List,
        _ => MarginOf::Price,
    };
    Ok(Floor {
        cost: unit_cost(work, &item.product, item.unit, terms)?,
        floor_price: of_one(item.product.floor_price)?,
        min_margin_percent: min_margin(work, &item.product)?,
        margin_of,
        list_price: of_one(item.product.list_price)?,
    })
}
