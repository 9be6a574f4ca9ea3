//! Certificates: a derivation in canonical bytes, with a hash, that anybody can check again (PRD-08, M1).
//!
//! A derivation says which rules it was made from: those of the change set that it names. Its bytes are its JSON text
//! (members in their order, numbers as canonical texts), its hash the SHA-256 of them. Checking asks for the price again
//! with every record as it was after that change set, and compares every member. What was written in an earlier form is
//! compared with that form. Only what no record tells is believed:
//! what other lines measured and shared, and what a seller set by hand.

use super::derivation::{LEFT_OUT, VERSION, facts_of, first_form, second_form, with_manual};
use super::error::{
    AMBIGUOUS, CERTIFICATE, LIST_NOT_OPEN, NEGATIVE_PRICE, NO_PRICE, NO_QUANTITY, UNIT, UNKNOWN_STRATEGY,
};
use super::judge::{Facts, Law};
use super::price::{Item, Terms, Told, ask_told, counts_others, one};
use super::records::PriceList;
use super::tariff::{Party, Tariff};
use super::waterfall::Beside;
use crate::catalog::Product;
use crate::org::Employee;
use crate::parties::Customer;
use crate::settings::{NO_RATE, Unit};
use crm_kernel::Record;
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::Dec;
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::id::{Id, Ref};
use crm_kernel::json::{Json, SharedJson};
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::record::Record;
use crm_kernel::work::Work;
use sha2::{Digest, Sha256};

/// The hash of a derivation: SHA-256 of its canonical bytes, in hexadecimal digits.
pub fn hash(derivation: &SharedJson) -> String {
    let digest = Sha256::digest(derivation.text().as_bytes());
    let digits = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(u32::from(digit), 16)).collect()
}

/// Checks a derivation: whether the records of the time when it was made give it again for what was asked, member by
/// member. Product, customer, seller and list have to be such that the actor may see. What has a `source` is refused there:
/// an imported price, and a line that is free with another, hold nothing that could be asked for again.
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
    /// What no record tells and was believed, as JSON pointers into the derivation: `/facts/measured` (together with other
    /// lines), `/facts/allocated`, `/facts/manual`, `/facts/discount_percent`, `/effects/manual` (who set the price, why and at what).
    pub believed: Vec<String>,
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
        let given = &by_rules(self.derivation.tree());
        let mut answer = PriceVerifyAnswer {
            valid: true,
            hash: hash.clone(),
            path: None,
            given: None,
            found: None,
            believed: Vec::new(),
        };
        let differs = match self.hash.filter(|told| *told != hash) {
            Some(told) => Some(("/hash".to_owned(), Json::text(told), Json::text(hash))),
            None => {
                let asked = Asked::read(given)?;
                asked.seen(work)?;
                let believed = &mut answer.believed;
                let mut again = |work: &mut Work<'_>| work.system(|work| asked.answer(work, given, believed));
                let found = match asked.change == work.last_change()? {
                    true => again(work),
                    false => work.past(asked.change, again),
                };
                match found {
                    Ok(found) => difference(given, &found, ""),
                    Err(error) => Some(refused(error, given)?),
                }
            }
        };
        if let Some((path, given, found)) = differs {
            (answer.valid, answer.path) = (false, Some(path));
            (answer.given, answer.found) = (Some(given), Some(found));
        }
        Ok(answer)
    }
}

/// A derivation without what became of free goods that are no longer sold: no price follows from it.
fn by_rules(derivation: &Json) -> Json {
    let mut told = derivation.clone();
    if let Json::Object(members) = &mut told
        && let Some((_, Json::List(effects))) = members.iter_mut().find(|(name, _)| name == "effects")
    {
        effects.retain(|effect| effect.get("stage").and_then(Json::as_text) != Some(LEFT_OUT));
    }
    told
}

/// What a derivation says was asked.
struct Asked {
    /// In which form it is written.
    version: i64,
    change: i64,
    date: Date,
    currency: Currency,
    quantity: Dec,
    unit: Option<Ref<Unit>>,
    facts: Facts,
}

impl Asked {
    /// Errors: `price.certificate` where it cannot be read.
    fn read(given: &Json) -> Result<Asked> {
        // What an import brought, and what is free with another line, was not made of what rules say of its own question.
        if given.get("source").is_some() {
            return Err(unread("source"));
        }
        let text = |name: &str| given.get(name).and_then(Json::as_text);
        let date = text("date").and_then(|text| Date::parse(text).ok());
        let currency = text("currency").and_then(|code| Currency::parse(code).ok());
        let quantity = text("quantity").and_then(|text| Dec::parse(text).ok());
        let unit = match given.get("unit") {
            None | Some(Json::Null) => None,
            Some(unit) => {
                let unit = unit.as_text().and_then(|unit| unit.parse().ok()).and_then(Id::new);
                Some(Ref::new(unit.ok_or_else(|| unread("unit"))?))
            }
        };
        let version = given.get("version").map_or(Some(1), Json::as_int);
        Ok(Asked {
            version: version
                .filter(|version| (1..=VERSION).contains(version))
                .ok_or_else(|| unread("version"))?,
            date: date.ok_or_else(|| unread("date"))?,
            currency: currency.ok_or_else(|| unread("currency"))?,
            quantity: quantity.ok_or_else(|| unread("quantity"))?,
            unit,
            change: given.get("change").and_then(Json::as_int).ok_or_else(|| unread("change"))?,
            facts: facts_of(given).ok_or_else(|| unread("facts"))?,
        })
    }

    /// Refuses what the actor may not see: an answer would tell of it. Errors: `price.certificate`.
    fn seen(&self, work: &mut Work<'_>) -> Result<()> {
        if self.change < 0 || self.change > work.last_change()? {
            return Err(unread("change"));
        }
        let actor = work.context().actor.map_or(0, Id::number);
        let seller = if self.facts.seller == actor { 0 } else { self.facts.seller };
        let named = [
            ("product", Product::NO, self.facts.product),
            ("customer", Customer::NO, self.facts.customer),
            ("seller", Employee::NO, seller),
            ("list", PriceList::NO, self.facts.list),
        ];
        for (name, kind, id) in named {
            if id == 0 && name != "product" {
                continue;
            }
            let row = match (work.row(kind, id)?, work.tx()?.tombstone(kind, id)?) {
                (None, Some(deleted)) => work.past(deleted - 1, |work| work.row(kind, id))?,
                (row, _) => row,
            };
            let catalogue = work.catalogue();
            let seen = row.map(|row| work.covers(catalogue.get(kind)?, &row, "read")).transpose()?;
            if seen != Some(true) {
                return Err(unread(&format!("facts/{name}")));
            }
        }
        Ok(())
    }

    /// The derivation that is right, from the records that are read now; `believed` takes what they do not tell. Errors:
    /// those of a price.
    fn answer(&self, work: &mut Work<'_>, given: &Json, believed: &mut Vec<String>) -> Result<Json> {
        let facts = &self.facts;
        let missing = |name: &'static str| move || unread(name);
        let id = |id: i64, name: &'static str| Id::new(id).ok_or_else(missing(name));
        let product = Ref::<Product>::new(id(facts.product, "facts/product")?);
        let product = work.look(product)?.ok_or_else(missing("facts/product"))?;
        let customer = Id::new(facts.customer).map(Ref::<Customer>::new);
        let seller = Id::new(facts.seller).map(Ref::<Employee>::new);
        if let Some(customer) = customer {
            work.look(customer)?.ok_or_else(missing("facts/customer"))?;
        }
        if let Some(seller) = seller {
            work.look(seller)?.ok_or_else(missing("facts/seller"))?;
        }
        if let Some(unit) = self.unit {
            work.look(unit)?.ok_or_else(missing("unit"))?;
        }
        let terms = Terms {
            customer,
            seller,
            date: self.date,
            currency: self.currency,
            list: Id::new(facts.list).map(Ref::new),
            bought: Vec::new(),
            beside: Vec::new(),
        };
        let (manual, discount_percent) = (facts.manual, facts.discount_percent);
        let item = Item { manual, discount_percent, ..Item::of(product, self.quantity, self.unit) };
        let tariff = Tariff::load(work)?;
        let party = Party::load(work, &terms)?;
        let law = tariff.law(&terms);
        let law = match self.version {
            ..3 => Law { beside: Beside::AsMade, strategy: law.strategy.of_second_form(), ..law },
            _ => law,
        };
        let told = Told { measured: &facts.measured, at_list: self.version == 1 };
        let asked = ask_told(work, &terms, &party, &law, std::slice::from_ref(&item), told)?.pop();
        let mut asked = asked.ok_or_else(|| Error::internal("a question without facts"))??;
        let is_told = |rule: i64| facts.measured.iter().any(|(known, _)| *known == rule);
        let others = |rule: i64| law.rules.rule(rule).is_some_and(counts_others);
        let with_others = asked.facts.measured.iter().any(|(rule, _)| is_told(*rule) && others(*rule));
        asked.facts.allocated.clone_from(&facts.allocated);
        let hand = by_hand(given);
        let told = [
            ("/facts/measured", with_others),
            ("/facts/allocated", !facts.allocated.is_empty()),
            ("/facts/manual", facts.manual),
            ("/facts/discount_percent", !facts.discount_percent.is_zero()),
            ("/effects/manual", hand.is_some()),
        ];
        believed.extend(told.into_iter().filter(|(_, told)| *told).map(|(name, _)| name.to_owned()));
        let (priced, derivation) = one(&law, self.change, &item, asked)?;
        let found = derivation.tree().clone();
        let found = match self.version {
            1 => first_form(found),
            2 => second_form(found),
            _ => found,
        };
        let Some(by_hand) = hand else { return Ok(found) };
        // Whoever set it, why and at what is told by the effect alone; the rest of it follows.
        let text = |name: &str| by_hand.get(name).and_then(Json::as_text);
        let here = || unread("effects");
        let price = text("price").and_then(|price| Dec::parse(price).ok()).ok_or_else(here)?;
        let by = text("by").and_then(|by| by.parse().ok()).and_then(Id::new).ok_or_else(here)?;
        let reason = text("reason").filter(|reason| !reason.trim().is_empty()).ok_or_else(here)?;
        Ok(with_manual(found, price, priced.unit_price, by, reason))
    }
}

fn unread(member: &str) -> Error {
    CERTIFICATE.at(format!("/derivation/{member}"))
}

/// The effect of a price set by hand.
fn by_hand(derivation: &Json) -> Option<&Json> {
    let effects = derivation.get("effects").and_then(Json::as_list)?;
    effects.iter().find(|effect| effect.get("stage").and_then(Json::as_text) == Some("manual"))
}

/// The difference where there is no price to compare with: what was asked has none. Errors: the others.
fn refused(error: Error, given: &Json) -> Result<(String, Json, Json)> {
    let member = match error.code() {
        AMBIGUOUS | NO_PRICE | NEGATIVE_PRICE | NO_RATE => "unit_price",
        LIST_NOT_OPEN => "facts/list",
        NO_QUANTITY => "quantity",
        UNIT => "unit",
        UNKNOWN_STRATEGY => "strategy",
        _ => return Err(error),
    };
    let told = member.split('/').try_fold(given, |told, name| told.get(name));
    Ok((format!("/{member}"), told.cloned().unwrap_or(Json::Null), Json::Null))
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
