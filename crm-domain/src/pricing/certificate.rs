//! Certificates: a derivation in canonical bytes, with a hash, that anybody can check again (PRD-08, M1).
//!
//! A derivation says which rules it was made from: those of the change set that it names. Its bytes are its JSON text
//! (members in their order, numbers as canonical texts), its hash the SHA-256 of them. Checking takes the rules, groups,
//! strategy and rounding of that time out of the change log, judges the facts again and compares every member. What the
//! facts say of product and customer is compared with what these were.

use super::derivation::{LEFT_OUT, Story, facts_of, tell};
use super::engine::between;
use super::error::CERTIFICATE;
use super::index::{made, rule_set};
use super::judge::{Base, Law, judge};
use super::price::group_of;
use super::records::{ExclusionGroup, PriceRule, PriceStrategy};
use super::rules::strategy_of;
use super::strategy::Strategy;
use super::unit_price::{PRICE_SCALE, UnitPrice};
use super::waterfall::{Group, Posting};
use crate::catalog::Product;
use crate::parties::Customer;
use crate::settings::{self, Enterprise};
use crm_kernel::Record;
use crm_kernel::change::undo;
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::id::{Id, Ref};
use crm_kernel::json::{Json, SharedJson};
use crm_kernel::money::RoundingPolicy;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::record::{Choice, Record};
use crm_kernel::value::Row;
use crm_kernel::work::Work;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::sync::Arc;

/// The hash of a derivation: SHA-256 of its canonical bytes, in hexadecimal digits.
pub fn hash(derivation: &SharedJson) -> String {
    let digest = Sha256::digest(derivation.text().as_bytes());
    let digits = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(u32::from(digit), 16)).collect()
}

/// Checks a derivation: whether the rules of the time when it was made give it again from its facts, member by member.
/// A price set by hand is checked up to where a hand set it.
#[derive(Clone, Debug, Record)]
#[record(name = "price_verify")]
pub struct PriceVerify {
    /// The derivation, as an answer or a line has it.
    pub derivation: SharedJson,
    /// Its hash, where that is to be compared too.
    #[field(text = 64)]
    pub hash: Option<String>,
}

/// What came of checking.
#[derive(Clone, Debug, Record)]
#[record(name = "price_verify_answer")]
pub struct PriceVerifyAnswer {
    /// True where nothing differs.
    pub valid: bool,
    /// The hash of the derivation that was given.
    pub hash: String,
    /// Where the first difference is, as a JSON pointer into the derivation; `/hash` for the hash itself.
    pub path: Option<String>,
    /// What was given there.
    pub given: Option<Json>,
    /// What is found there.
    pub found: Option<Json>,
}

impl Operation for PriceVerify {
    const NAME: &'static str = "price.verify";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::Right { kind: "product", verb: "read" };
    const ERRORS: &'static [Code] = &[CERTIFICATE];
    const CAPABILITIES: &'static [&'static str] = &["PRD-08"];
    const EXAMPLE: &'static str = r#"{"derivation":"$derivation"}"#;
    type Answer = PriceVerifyAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<PriceVerifyAnswer> {
        let hash = hash(&self.derivation);
        let mut answer =
            PriceVerifyAnswer { valid: true, hash: hash.clone(), path: None, given: None, found: None };
        let mut differs = |path: String, given: Json, found: Json| {
            (answer.valid, answer.path) = (false, Some(path));
            (answer.given, answer.found) = (Some(given), Some(found));
        };
        if let Some(given) = self.hash.filter(|given| *given != hash) {
            differs("/hash".to_owned(), Json::text(given), Json::text(hash));
            return Ok(answer);
        }
        let given = without_manual(self.derivation.tree());
        let found = work.system(|work| again(work, &given))?;
        if let Some((path, given, found)) = difference(&given, found.tree(), "") {
            differs(path, given, found);
        }
        Ok(answer)
    }
}

/// A derivation as it was before somebody set the price by hand, and without what became of free goods.
fn without_manual(derivation: &Json) -> Json {
    let mut told = derivation.clone();
    let Json::Object(members) = &mut told else { return told };
    let mut before = None;
    if let Some((_, Json::List(effects))) = members.iter_mut().find(|(name, _)| name == "effects") {
        effects.retain(|effect| effect.get("stage").and_then(Json::as_text) != Some(LEFT_OUT));
        effects.retain(|effect| {
            let manual = effect.get("stage").and_then(Json::as_text) == Some("manual");
            if manual {
                before = effect.get("exact").or(effect.get("base")).cloned();
            }
            !manual
        });
    }
    if let (Some(before), Some((_, price))) =
        (before, members.iter_mut().find(|(name, _)| name == "unit_price"))
    {
        *price = before;
    }
    told
}

/// The derivation that the rules of its time give from its facts. Errors: `price.certificate` where it cannot be read.
fn again(work: &mut Work<'_>, given: &Json) -> Result<SharedJson> {
    let text = |name: &str| given.get(name).and_then(Json::as_text);
    let unread = |name: &str| CERTIFICATE.at(format!("/derivation/{name}"));
    let date = text("date").and_then(|text| Date::parse(text).ok()).ok_or_else(|| unread("date"))?;
    let currency =
        text("currency").and_then(|code| Currency::parse(code).ok()).ok_or_else(|| unread("currency"))?;
    let quantity =
        text("quantity").and_then(|text| Dec::parse(text).ok()).ok_or_else(|| unread("quantity"))?;
    let change = given.get("change").and_then(Json::as_int).ok_or_else(|| unread("change"))?;
    let mut facts = facts_of(given).ok_or_else(|| unread("facts"))?;
    let own = facts.quantities.first().filter(|(unit, own)| *unit == 0 && *own > 0);
    let own = own.map(|(_, own)| *own).filter(|_| facts.asked > 0).ok_or_else(|| unread("facts"))?;
    if change < 0 || change > work.last_change()? {
        return Err(unread("change"));
    }
    // What was given as facts has to be what the records said.
    let product =
        one_as_of::<Product>(work, facts.product, change)?.ok_or_else(|| unread("facts/product"))?;
    facts.template = product.variant_of.map_or(0, |template| template.id().number());
    if let Some(customer) = one_as_of::<Customer>(work, facts.customer, change)? {
        facts.class = customer.customer_class.clone();
    }
    let enterprise = all_as_of::<Enterprise>(work, change)?;
    let policy = enterprise.first().map(|(_, one)| one.rounding.code()).unwrap_or_default();
    let policy = RoundingPolicy::parse(&policy.replace('_', "-")).unwrap_or(RoundingPolicy::HalfUp);
    let rules = if change == work.last_change()? {
        rule_set(work)?
    } else {
        let found = all_as_of::<PriceRule>(work, change)?;
        Arc::new(made(work, found.iter().filter(|(_, rule)| rule.active).map(|(id, rule)| (*id, rule)))?)
    };
    let groups: Vec<Group> =
        all_as_of::<ExclusionGroup>(work, change)?.iter().map(|(id, group)| group_of(*id, group)).collect();
    let name = text("strategy").ok_or_else(|| unread("strategy"))?;
    let strategy = match Strategy::named(name) {
        Some(named) => Cow::Borrowed(named),
        None => {
            let made = all_as_of::<PriceStrategy>(work, change)?;
            let found = made.iter().find(|(_, made)| made.code == name).ok_or_else(|| unread("strategy"))?;
            Cow::Owned(strategy_of(&found.1))
        }
    };
    let law = Law {
        rules: &rules,
        strategy: &strategy,
        groups: &groups,
        date,
        currency,
        posting: Posting { digits: policy.scale(currency.digits()), rounding: policy.rounding() },
    };
    let base = listed(given, &product, own, facts.asked)?;
    facts.base = base.as_ref().map(|base| between(base.price, facts.asked, own)).transpose()?;
    if law.rules.candidates(&facts.question(&law, &[])).iter().any(|rule| rule.starts_from_cost()) {
        let rate = match &base {
            Some(base) => base.rate,
            None => {
                let own = product.currency.or(work.base()).unwrap_or(currency);
                settings::rate(work, own, currency, date)?
            }
        };
        let cost = product.cost.map(|cost| cost.mul(rate)).transpose()?;
        facts.cost = cost.map(|cost| UnitPrice::from(cost.round(PRICE_SCALE, Rounding::HalfUp)));
    }
    let (candidates, judged) = judge(&law, &facts)?;
    let price = match judged.price {
        Some((_, price)) => between(price, own, facts.asked)?,
        None => UnitPrice::ZERO,
    };
    tell(&Story {
        law: &law,
        change,
        quantity,
        unit: text("unit").and_then(|unit| unit.parse().ok()).and_then(Id::new),
        base: base.as_ref(),
        facts: &facts,
        candidates: &candidates,
        judged: &judged,
        price,
    })
}

/// The list price of one of the unit asked for, as the product had it, in the currency of the derivation by the rate
/// that it names.
fn listed(given: &Json, product: &Product, own: i64, asked: i64) -> Result<Option<Base>> {
    let Some(list_price) = product.list_price else { return Ok(None) };
    let effects = given.get("effects").and_then(Json::as_list).unwrap_or_default();
    let stage = |stage: &str| {
        effects.iter().find(|effect| effect.get("stage").and_then(Json::as_text) == Some(stage))
    };
    let Some(list) = stage("list") else { return Ok(None) };
    let word = |effect: &Json, name: &str| effect.get(name).and_then(Json::as_text).map(str::to_owned);
    let unread = |what: &str| CERTIFICATE.at(format!("/derivation/effects/{what}"));
    let currency =
        word(list, "currency").and_then(|code| Currency::parse(&code).ok()).ok_or_else(|| unread("0"))?;
    let rate = match stage("conversion") {
        Some(conversion) => {
            word(conversion, "rate").and_then(|rate| Dec::parse(&rate).ok()).ok_or_else(|| unread("1"))?
        }
        None => Dec::ONE,
    };
    let listed = between(UnitPrice::from(list_price), own, asked)?;
    Ok(Some(Base { listed, currency, rate, price: listed.converted(rate)? }))
}

/// The first place where two derivations differ.
fn difference(given: &Json, found: &Json, path: &str) -> Option<(String, Json, Json)> {
    let differ = || Some((path.to_owned(), given.clone(), found.clone()));
    match (given, found) {
        (Json::Object(left), Json::Object(right)) => {
            for ((name, one), (other_name, other)) in left.iter().zip(right) {
                if name != other_name {
                    return differ();
                }
                if let Some(found) = difference(one, other, &format!("{path}/{name}")) {
                    return Some(found);
                }
            }
            if left.len() == right.len() { None } else { differ() }
        }
        (Json::List(left), Json::List(right)) => {
            for (at, (one, other)) in left.iter().zip(right).enumerate() {
                if let Some(found) = difference(one, other, &format!("{path}/{at}")) {
                    return Some(found);
                }
            }
            if left.len() == right.len() { None } else { differ() }
        }
        _ if given == found => None,
        _ => differ(),
    }
}

/// All records of a kind as they were after a change set, by their ids.
pub(super) fn all_as_of<T: Record>(work: &mut Work<'_>, change: i64) -> Result<Vec<(Ref<T>, T)>> {
    let mut found = Vec::new();
    for record in work.select::<T>("true", &[])? {
        let (row, next) = (Some(record.row.clone()), record.row.version);
        found.extend(walked::<T>(work, record.row.id, row, next, change)?);
    }
    for (id, deleted) in work.tx()?.tombstones(T::NO, None, u32::MAX)? {
        found.extend(walked::<T>(work, id, None, deleted, change)?);
    }
    let mut typed = Vec::with_capacity(found.len());
    for row in found {
        let id = Id::new(row.id).ok_or_else(|| Error::internal("a record without id"))?;
        typed.push((Ref::new(id), T::from_row(&row)?));
    }
    typed.sort_by_key(|(id, _)| id.id().number());
    Ok(typed)
}

/// One record as it was after a change set; none where there was none.
fn one_as_of<T: Record>(work: &mut Work<'_>, id: i64, change: i64) -> Result<Option<T>> {
    if id == 0 {
        return Ok(None);
    }
    let row = work.row(T::NO, id)?;
    let next = match &row {
        Some(row) => row.version,
        None => work.tx()?.tombstone(T::NO, id)?.unwrap_or(0),
    };
    walked::<T>(work, id, row, next, change)?.map(|row| T::from_row(&row)).transpose()
}

/// A record walked back along its chain of change sets, `next` being the last that wrote it.
fn walked<T: Record>(
    work: &mut Work<'_>,
    id: i64,
    mut row: Option<Arc<Row>>,
    mut next: i64,
    change: i64,
) -> Result<Option<Arc<Row>>> {
    let catalogue = work.catalogue();
    let kind = catalogue.get(T::NO)?;
    while next > change {
        let missing = || Error::internal(format!("change set {next} is missing"));
        let set = work.tx()?.change(next)?.ok_or_else(missing)?;
        let mine = set.changes.iter().find(|one| one.kind == T::NO && one.id == id).ok_or_else(missing)?;
        row = undo(&catalogue, kind, row.as_deref(), mine)?.map(Arc::new);
        next = mine.previous;
    }
    Ok(row)
}
