//! What a line comes to as the only one of its document, with a discount of the seller's on it: as an order of it would
//! be judged. Nothing is made.

use super::effects::{LineEffect, exclude_effects, grouped};
use super::engine::Rule;
use super::judge::judge;
use super::line::{allocation, left_of_one, percent_off, tax_rules};
use super::lint::figures;
use super::price::{Item, Priced, Terms, ask, prices_by};
use super::records::PriceStage;
use super::scale::{OPEN, dec};
use super::tariff::{Party, Tariff};
use super::totals::{DocumentInput, LineInput, document};
use crate::settings::Taxes;
use crm_kernel::dec::Dec;
use crm_kernel::error::{Error, Result};
use crm_kernel::work::Work;
use std::collections::BTreeSet;

/// A line that is the only one of its document.
#[derive(Clone, Debug)]
pub struct Alone {
    /// Its price by the rules.
    pub priced: Priced,
    /// How many per cent the seller takes off the price of one, as his authority is asked.
    pub percent_off: Dec,
    /// What is left of the price of one behind his discount and what rules take off the document, as floors are asked.
    pub left: Dec,
    /// What the document comes to, with tax.
    pub total: Dec,
}

/// What an item comes to as the only line of a document, with taxes and the item's discount. Errors: those of
/// [`prices`](super::prices), `price.ambiguous` for rules of documents, too.
pub fn alone(work: &mut Work<'_>, terms: &Terms, item: &Item, taxes: &Taxes) -> Result<Alone> {
    let tariff = Tariff::load(work)?;
    let priced = prices_by(work, &tariff, terms, std::slice::from_ref(item))?.pop();
    let (mut priced, _) = priced.ok_or_else(|| Error::internal("a question without a price"))??;
    let line = LineInput {
        quantity: priced.charged,
        unit_price: priced.exact,
        discount_percent: item.discount_percent,
        taxes: taxes.clone(),
    };
    let mut input = DocumentInput {
        lines: vec![line],
        tax: tax_rules(work, None)?,
        ..DocumentInput::of(terms.currency, tariff.policy, allocation(work)?)
    };
    let mut hits = [std::mem::take(&mut priced.document)];
    exclude_effects(&tariff.rules, &tariff.groups, &input, &mut hits, |_| false)?;
    let (effects, told) = grouped(hits.iter().map(Vec::as_slice))?;
    input.effects = effects;
    let totals = document(&input)?;
    let effect = |(hit, shares): (_, &Vec<Dec>)| LineEffect {
        hit,
        amount: shares.first().copied().unwrap_or_default(),
    };
    let effects: Vec<LineEffect> = told.into_iter().zip(&totals.effects).map(effect).collect();
    let by_rules = LineEffect::left_of_hundred(&effects, totals.net)?;
    let (price, discount) = (priced.unit_price, item.discount_percent);
    let left = left_of_one(price, discount, Dec::ZERO, by_rules)?;
    let percent_off = percent_off(price, price, discount, Dec::ZERO)?;
    Ok(Alone { priced, percent_off, left, total: totals.total })
}

/// The amounts at which a rule of documents may take effect on an item alone, or another tier of it. Errors: those of
/// [`prices`](super::prices).
pub fn document_bounds(work: &mut Work<'_>, terms: &Terms, item: &Item) -> Result<BTreeSet<Dec>> {
    work.system(|work| {
        let tariff = Tariff::load(work)?;
        let mut bounds = BTreeSet::new();
        if !tariff.rules.on_documents() {
            return Ok(bounds);
        }
        let party = Party::load(work, terms)?;
        let law = tariff.law(terms);
        let asked = ask(work, terms, &party, &law, std::slice::from_ref(item))?.pop();
        let facts = asked.ok_or_else(|| Error::internal("a question without facts"))??.facts;
        let (candidates, _) = judge(&law, &facts)?;
        let looks = |rule: &&&Rule| rule.stage == PriceStage::Document && rule.looks_at_amount().is_some();
        for rule in candidates.iter().filter(looks) {
            // Of what it measures, purchases before this one come to so much.
            let measured = facts.measured.iter().find(|(id, _)| *id == rule.id);
            let before = measured.map_or(0, |(_, found)| found.whole.saturating_sub(found.own));
            let tiers = rule.effect.scale.iter().flat_map(|scale| scale.tiers.iter().map(|tier| tier.bound));
            let named = rule.condition.iter().flat_map(|condition| figures(condition));
            let all = [rule.min, rule.max].into_iter().chain(tiers);
            let all = all.map(|bound| bound.saturating_sub(before)).chain(named);
            bounds.extend(all.filter(|bound| *bound > 0 && *bound < OPEN.saturating_sub(before)).map(dec));
        }
        Ok(bounds)
    })
}
