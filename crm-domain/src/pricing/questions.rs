//! Questions about prices (QUO-03, PRD-08): why a rule does not make the price, from which quantity on it is lower, how
//! much may be taken off.

use super::certificate::hash;
use super::derivation::reason;
use super::engine::{Reason, Rule, between, prices as price_by, refuses};
use super::error::{AMBIGUOUS, LIST_NOT_OPEN, NEGATIVE_PRICE, NO_PRICE, NO_QUANTITY, UNIT, UNKNOWN_STRATEGY};
use super::guard::{Floor, MarginOf, authority, min_margin};
use super::index::rule_set;
use super::judge::judge;
use super::line::unit_cost;
use super::operations::PriceGet;
use super::price::{Item, Party, Terms, ask, prices};
use super::records::{PriceList, PriceRule, PriceStage};
use super::scale::{OPEN, dec};
use crate::catalog::{Product, RETIRED};
use crate::org::Employee;
use crate::parties::Customer;
use crate::settings::{self, NO_RATE, NOT_SET_UP, Unit};
use crm_kernel::Record;
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::id::Ref;
use crm_kernel::json::SharedJson;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::work::Work;

const ERRORS: &[Code] = &[
    AMBIGUOUS,
    NO_PRICE,
    NEGATIVE_PRICE,
    NO_QUANTITY,
    UNIT,
    UNKNOWN_STRATEGY,
    LIST_NOT_OPEN,
    NO_RATE,
    NOT_SET_UP,
    RETIRED,
];

/// Why a rule does not make the price of a product, or that it does; and what one would cost by it alone.
#[derive(Clone, Debug, Record)]
#[record(name = "price_why_not")]
pub struct PriceWhyNot {
    /// The rule.
    pub rule: Ref<PriceRule>,
    /// The product; it has to be sold still.
    pub product: Ref<Product>,
    /// How many, in `unit`.
    #[field(quantity, default = "\"1\"")]
    pub quantity: Dec,
    /// The unit; none is the product's.
    pub unit: Option<Ref<Unit>>,
    /// Who buys; none is anybody.
    pub customer: Option<Ref<Customer>>,
    /// Who sells; none is the actor.
    pub seller: Option<Ref<Employee>>,
    /// The pricing date; none is today.
    pub date: Option<Date>,
    /// The currency; none is the price list's, else the customer's, else the enterprise's.
    pub currency: Option<Currency>,
    /// The price list; none is whatever lists hold for everybody.
    pub list: Option<Ref<PriceList>>,
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
    const ERRORS: &'static [Code] = ERRORS;
    const CAPABILITIES: &'static [&'static str] = &["PRD-08", "QUO-03"];
    const EXAMPLE: &'static str = r#"{"rule":"$price_rule","product":"$product","quantity":"10"}"#;
    type Answer = PriceWhyNotAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<PriceWhyNotAnswer> {
        let record = work.find(self.rule).map_err(|error| error.at("/rule"))?;
        let id = self.rule.id().number();
        let asked = PriceGet::from(self);
        let (terms, item) = (asked.terms(work)?, asked.item(work)?);
        let derivation = prices(work, &terms, std::slice::from_ref(&item))?.pop();
        let derivation = match derivation {
            Some(Ok(priced)) => Some(priced.derivation),
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
            let rules = rule_set(work)?;
            let party = Party::load(work, &terms)?;
            let law = party.law(&terms, &rules);
            let asked = ask(work, &terms, &party, &law, std::slice::from_ref(&item))?.pop();
            let facts = asked.ok_or_else(|| Error::internal("a question without facts"))??.facts;
            let Some(rule) = rules.rules().iter().find(|rule| rule.id == id) else { return Ok(()) };
            let (_, judged) = judge(&law, &facts)?;
            let mine = judged.decision.trace.iter().find(|one| one.rule == id);
            let question = facts.question(&law, &[]);
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
            answer.unit_price = match price_by(rule, &question) {
                Ok(Some((_, price))) if rule.stage == PriceStage::List => {
                    Some(between(price, facts.own(), facts.asked)?.stored()?.0)
                }
                _ => None,
            };
            Ok(())
        })?;
        Ok(answer)
    }
}

impl From<PriceWhyNot> for PriceGet {
    fn from(asked: PriceWhyNot) -> PriceGet {
        PriceGet {
            product: asked.product,
            quantity: asked.quantity,
            unit: asked.unit,
            customer: asked.customer,
            seller: asked.seller,
            date: asked.date,
            currency: asked.currency,
            list: asked.list,
        }
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
        Reason::SellerPosition => Some(rule.position.to_string()),
        Reason::List => Some(rule.list.to_string()),
        _ => None,
    }
}

/// From which quantities on, and from which days on, one costs less than now: each with its price.
#[derive(Clone, Debug, Record)]
#[record(name = "price_next_break")]
pub struct PriceNextBreak {
    /// The product; it has to be sold still.
    pub product: Ref<Product>,
    /// How many, in `unit`.
    #[field(quantity, default = "\"1\"")]
    pub quantity: Dec,
    /// The unit; none is the product's.
    pub unit: Option<Ref<Unit>>,
    /// Who buys; none is anybody.
    pub customer: Option<Ref<Customer>>,
    /// Who sells; none is the actor.
    pub seller: Option<Ref<Employee>>,
    /// The pricing date; none is today.
    pub date: Option<Date>,
    /// The currency; none is the price list's, else the customer's, else the enterprise's.
    pub currency: Option<Currency>,
    /// The price list; none is whatever lists hold for everybody.
    pub list: Option<Ref<PriceList>>,
    /// At most so many breaks of either sort.
    #[field(default = "3")]
    pub limit: i64,
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
    /// Larger quantities, the nearest first, each cheaper for one than the one before.
    pub quantities: Vec<PriceBreak>,
    /// Later days, the nearest first, each cheaper than the one before.
    pub dates: Vec<PriceBreak>,
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
    /// Less than what is asked for costs now: more for less.
    pub costs_less: bool,
    /// The rule that makes the price.
    pub rule: Option<Ref<PriceRule>>,
}

impl Operation for PriceNextBreak {
    const NAME: &'static str = "price.next_break";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::Right { kind: "product", verb: "read" };
    const ERRORS: &'static [Code] = ERRORS;
    const CAPABILITIES: &'static [&'static str] = &["PRD-03", "PRD-08", "QUO-03"];
    const EXAMPLE: &'static str = r#"{"product":"$product","quantity":"1","customer":"$customer"}"#;
    type Answer = PriceNextBreakAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<PriceNextBreakAnswer> {
        let limit = usize::try_from(self.limit.clamp(0, 100)).unwrap_or(0);
        let asked = PriceGet {
            product: self.product,
            quantity: self.quantity,
            unit: self.unit,
            customer: self.customer,
            seller: self.seller,
            date: self.date,
            currency: self.currency,
            list: self.list,
        };
        let (terms, item) = (asked.terms(work)?, asked.item(work)?);
        let now = at(work, &terms, &item)?;
        let (mut bounds, mut days) = breaks(work, &terms, &item)?;
        bounds.retain(|bound| *bound > item.quantity.abs());
        days.retain(|day| *day > terms.date);
        let mut quantities = Vec::new();
        let mut best = now.unit_price;
        for bound in bounds {
            if quantities.len() >= limit {
                break;
            }
            let found = at(work, &terms, &Item { quantity: bound, ..item.clone() });
            if let Some(found) = cheaper(found, best)? {
                best = found.unit_price;
                quantities.push(PriceBreak { costs_less: found.amount < now.amount, ..found });
            }
        }
        let mut dates = Vec::new();
        let mut best = now.unit_price;
        for day in days {
            if dates.len() >= limit {
                break;
            }
            let found = at(work, &Terms { date: day, ..terms.clone() }, &item);
            if let Some(found) = cheaper(found, best)? {
                best = found.unit_price;
                dates.push(PriceBreak { costs_less: true, ..found });
            }
        }
        Ok(PriceNextBreakAnswer {
            currency: terms.currency,
            unit_price: now.unit_price,
            amount: now.amount,
            quantities,
            dates,
        })
    }
}

/// A price found that is below another; none where it is not, or where there is none at that quantity or day.
fn cheaper(found: Result<PriceBreak>, than: Dec) -> Result<Option<PriceBreak>> {
    match found {
        Ok(found) => Ok((found.unit_price < than).then_some(found)),
        Err(error)
            if [AMBIGUOUS, NO_PRICE, NEGATIVE_PRICE, LIST_NOT_OPEN, NO_RATE].contains(&error.code()) =>
        {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// What a quantity costs on a day.
fn at(work: &mut Work<'_>, terms: &Terms, item: &Item) -> Result<PriceBreak> {
    let none = || NO_PRICE.at("/product").with("product", item.product.code.clone());
    let priced = prices(work, terms, std::slice::from_ref(item))?.pop().ok_or_else(none)??;
    let policy = settings::policy(work)?;
    let digits = terms.currency.digits();
    let exact = priced.exact.times(item.quantity, Dec::ZERO, policy.scale(digits), policy.rounding())?;
    Ok(PriceBreak {
        quantity: item.quantity,
        date: terms.date,
        unit_price: priced.unit_price,
        amount: policy.post(exact, digits)?,
        costs_less: false,
        rule: priced.rule,
    })
}

/// The quantities, in the unit asked for, and the days at which another rule or tier begins; rising.
fn breaks(work: &mut Work<'_>, terms: &Terms, item: &Item) -> Result<(Vec<Dec>, Vec<Date>)> {
    work.system(|work| {
        let rules = rule_set(work)?;
        let party = Party::load(work, terms)?;
        let law = party.law(terms, &rules);
        let asked = ask(work, terms, &party, &law, std::slice::from_ref(item))?.pop();
        let facts = asked.ok_or_else(|| Error::internal("a question without facts"))??.facts;
        let (mut bounds, mut days) = (Vec::new(), Vec::new());
        for rule in rules.candidates(&facts.question(&law, &[])) {
            days.push(rule.from);
            let Some((_, quantity)) = facts.quantities.iter().find(|(unit, _)| *unit == rule.unit) else {
                continue;
            };
            let mut begins = vec![rule.min];
            if rule.max != OPEN {
                begins.push(rule.max.saturating_add(1));
            }
            if let Some(scale) = &rule.effect.scale {
                for tier in 0..scale.tiers.len() {
                    let up_to = scale.bound == super::records::TierBound::UpTo;
                    let begin = scale.begins(tier).unwrap_or(0);
                    begins.push(if up_to && tier > 0 { begin.saturating_add(1) } else { begin });
                }
            }
            if let Some(per) = rule.effect.free.as_ref().map(|free| free.per) {
                begins.push(per);
            }
            // What is asked for is so many of the rule's unit; a whole number in the unit asked for is what people order.
            for begin in begins.into_iter().filter(|begin| *begin > 0) {
                let bound = dec(begin).mul_div(dec(facts.asked), dec(*quantity), 6, Rounding::Up)?;
                let whole = bound.round(0, Rounding::Up);
                bounds.push(if item.quantity.round(0, Rounding::Down) == item.quantity {
                    whole
                } else {
                    bound
                });
            }
        }
        bounds.sort_unstable();
        bounds.dedup();
        days.sort_unstable();
        days.dedup();
        Ok((bounds, days))
    })
}

/// How much may be taken off the price of a product at most: within the authority of who sells, the least margin and the
/// floor price.
#[derive(Clone, Debug, Record)]
#[record(name = "price_max_discount")]
pub struct PriceMaxDiscount {
    /// The product; it has to be sold still.
    pub product: Ref<Product>,
    /// How many, in `unit`.
    #[field(quantity, default = "\"1\"")]
    pub quantity: Dec,
    /// The unit; none is the product's.
    pub unit: Option<Ref<Unit>>,
    /// Who buys; none is anybody.
    pub customer: Option<Ref<Customer>>,
    /// Who sells; none is the actor.
    pub seller: Option<Ref<Employee>>,
    /// The pricing date; none is today.
    pub date: Option<Date>,
    /// The currency; none is the price list's, else the customer's, else the enterprise's.
    pub currency: Option<Currency>,
    /// The price list; none is whatever lists hold for everybody.
    pub list: Option<Ref<PriceList>>,
}

/// How much may be taken off.
#[derive(Clone, Debug, Record)]
#[record(name = "price_max_discount_answer")]
pub struct PriceMaxDiscountAnswer {
    /// The currency of the prices.
    pub currency: Currency,
    /// What one costs by the rules.
    #[field(unit_price)]
    pub unit_price: Dec,
    /// The largest discount, in per cent, cut to two decimals; 0 where nothing may be taken off.
    #[field(percent)]
    pub max_discount_percent: Dec,
    /// What one costs after it.
    #[field(unit_price)]
    pub lowest_price: Dec,
    /// What sets the limit: `authority` or `floor`; none where nothing does.
    pub bound_by: Option<String>,
    /// The authority of who sells, in per cent; none where the enterprise asks for none.
    #[field(percent)]
    pub authority_percent: Option<Dec>,
    /// What floor price and margin leave, in per cent; none where there is no floor.
    #[field(percent)]
    pub floor_percent: Option<Dec>,
}

impl Operation for PriceMaxDiscount {
    const NAME: &'static str = "price.max_discount";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::Right { kind: "product", verb: "read" };
    const ERRORS: &'static [Code] = ERRORS;
    const CAPABILITIES: &'static [&'static str] = &["PRD-08", "ORG-08", "QUO-03"];
    const EXAMPLE: &'static str = r#"{"product":"$product","quantity":"10","customer":"$customer"}"#;
    type Answer = PriceMaxDiscountAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<PriceMaxDiscountAnswer> {
        let asked = PriceGet {
            product: self.product,
            quantity: self.quantity,
            unit: self.unit,
            customer: self.customer,
            seller: self.seller,
            date: self.date,
            currency: self.currency,
            list: self.list,
        };
        let (terms, item) = (asked.terms(work)?, asked.item(work)?);
        let now = at(work, &terms, &item)?;
        let floor = floor_of(work, &terms, &item)?;
        let floored = match floor.price(super::unit_price::PRICE_SCALE)? {
            Some(_) => Some(floor.max_discount(now.unit_price, 2)?),
            None => None,
        };
        let may = authority(work, terms.seller, &item.product)?;
        let authority = may.most;
        let (most, bound_by) = match (authority, floored.filter(|_| !may.below_floor)) {
            (Some(authority), Some(floored)) if floored < authority => (floored, Some("floor")),
            (Some(authority), _) => (authority, Some("authority")),
            (None, Some(floored)) => (floored, Some("floor")),
            (None, None) => (Dec::HUNDRED, None),
        };
        let most = most.max(Dec::ZERO);
        let left = Dec::HUNDRED.sub(most)?;
        Ok(PriceMaxDiscountAnswer {
            currency: terms.currency,
            unit_price: now.unit_price,
            max_discount_percent: most,
            lowest_price: now.unit_price.mul_div(left, Dec::HUNDRED, 6, Rounding::Up)?,
            bound_by: bound_by.map(str::to_owned),
            authority_percent: authority,
            floor_percent: floored,
        })
    }
}

/// What an item must not be sold below, for one of its unit in the currency of the terms.
pub(super) fn floor_of(work: &mut Work<'_>, terms: &Terms, item: &Item) -> Result<Floor> {
    let own = match (item.unit, item.product.unit) {
        (Some(unit), Some(own)) => settings::convert_quantity(work, Dec::ONE, unit, own)?,
        _ => Dec::ONE,
    };
    let currency = item.product.currency.or(work.base()).unwrap_or(terms.currency);
    let named = item.product.floor_price.is_some() || item.product.list_price.is_some();
    let rate = if named { settings::rate(work, currency, terms.currency, terms.date)? } else { Dec::ONE };
    let of_one = |price: Option<Dec>| -> Result<Option<Dec>> {
        price.map(|price| Ok(price.mul(own)?.mul(rate)?.round(6, Rounding::HalfUp))).transpose()
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
