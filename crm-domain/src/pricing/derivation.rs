//! How a price came about, as data: it is kept on the line and shown to whoever asks why.
//!
//! Members, in this order: `strategy`, `date`, `currency`, `quantity`, `unit`; `rules`: each candidate with `taken` or the
//! `reason` why not; `effects`: each with `stage`, `base`, the `price` after it and its exact `share` of one unit;
//! `rounding`: each step; `list_price`, `unit_price`. Prices are exact: `62/6` where no decimal says it.

use super::engine::{Considered, Decision, Outcome, Rule, Verdict};
use super::price::Base;
use super::scale::dec;
use super::unit_price::{PRICE_SCALE, UnitPrice};
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::error::Result;
use crm_kernel::id::Id;
use crm_kernel::json::Json;
use crm_kernel::record::Choice;

/// What a derivation is made from.
pub(super) struct Story<'a> {
    pub strategy: &'a str,
    pub date: Date,
    pub currency: Currency,
    /// As asked, with its unit.
    pub quantity: Dec,
    pub unit: Option<Id>,
    /// The list price, in the unit asked for.
    pub base: Option<&'a Base>,
    pub rules: &'a [Rule],
    pub codes: &'a dyn Fn(i64) -> String,
    pub decision: &'a Decision,
    /// The price, in the unit asked for.
    pub price: UnitPrice,
}

/// The derivation of a price. Errors: `value.out_of_range`.
pub(super) fn tell(story: &Story<'_>) -> Result<Json> {
    let mut json = Json::object()
        .with("strategy", story.strategy)
        .with("date", story.date.to_string())
        .with("currency", story.currency.code())
        .with("quantity", story.quantity.to_string())
        .with("unit", story.unit.map_or(Json::Null, |unit| Json::text(unit.to_string())));
    let rules: Vec<Json> = story.decision.trace.iter().map(|one| considered(one, story.codes)).collect();
    json =
        json.with("rules", rules).with("effects", effects(story)?).with("rounding", rounding(story.price)?);
    let list = match story.base {
        Some(base) => Json::text(base.price.to_string()),
        None => Json::Null,
    };
    Ok(json.with("list_price", list).with("unit_price", story.price.to_string()))
}

/// The candidates of a question that came to nothing, for its refusal.
pub(super) fn considered(one: &Considered, codes: &dyn Fn(i64) -> String) -> Json {
    let json = Json::object().with("rule", one.rule.to_string()).with("code", codes(one.rule));
    match one.verdict {
        Verdict::Taken(None) => json.with("taken", true),
        Verdict::Taken(Some(last)) => json.with("taken", true).with("decided_by", last.code()),
        Verdict::Refused(reason) => json.with("taken", false).with("reason", reason.code()),
        Verdict::Beaten(key) => json.with("taken", false).with("reason", "beaten").with("by", key),
        Verdict::Tied => json.with("taken", false).with("reason", "tied"),
    }
}

fn effects(story: &Story<'_>) -> Result<Vec<Json>> {
    let mut effects = Vec::new();
    let mut running = UnitPrice::ZERO;
    if let Some(base) = story.base {
        let listed = Json::object().with("stage", "list").with("currency", base.currency.code());
        effects.push(listed.with("price", base.listed.to_string()));
        if base.currency != story.currency {
            let converted =
                Json::object().with("stage", "conversion").with("currency", story.currency.code());
            effects.push(converted.with("rate", base.rate.to_string()).with("price", base.price.to_string()));
        }
        running = base.price;
    }
    let Outcome::Chosen { at, .. } = story.decision.outcome else { return Ok(effects) };
    let Some(rule) = story.rules.get(at) else { return Ok(effects) };
    let mut effect = Json::object()
        .with("stage", "rule")
        .with("rule", rule.id.to_string())
        .with("code", (story.codes)(rule.id))
        .with("method", rule.effect.method.code());
    match &rule.effect.scale {
        None => effect = effect.with("value", dec(rule.effect.value).to_string()),
        Some(scale) => {
            let tiers: Vec<Json> = scale
                .tiers
                .iter()
                .map(|tier| {
                    let bound = if tier.bound == super::scale::OPEN {
                        Json::Null
                    } else {
                        Json::text(dec(tier.bound).to_string())
                    };
                    let json = Json::object().with("bound", bound).with("value", dec(tier.value).to_string());
                    if tier.flat_fee == 0 {
                        json
                    } else {
                        json.with("flat_fee", dec(tier.flat_fee).to_string())
                    }
                })
                .collect();
            effect = effect
                .with("mode", scale.mode.code())
                .with("bounds", scale.bound.code())
                .with("tiers", tiers);
        }
    }
    let share = story.price.minus(running)?;
    effects.push(
        effect
            .with("base", running.to_string())
            .with("price", story.price.to_string())
            .with("share", share.to_string()),
    );
    Ok(effects)
}

fn rounding(price: UnitPrice) -> Result<Vec<Json>> {
    let (column, exact) = price.stored()?;
    Ok(exact.map_or_else(Vec::new, |exact| {
        vec![
            Json::object()
                .with("of", "unit_price")
                .with("decimals", i64::from(PRICE_SCALE))
                .with("mode", Rounding::HalfUp.code())
                .with("exact", exact)
                .with("shown", column.to_string()),
        ]
    }))
}

/// A derivation with a price set by hand over what the rules gave.
pub(super) fn with_manual(before: Json, price: Dec, replaced: Dec, by: Id, reason: &str) -> Json {
    let effect = Json::object()
        .with("stage", "manual")
        .with("base", replaced.to_string())
        .with("price", price.to_string())
        .with("share", price.sub(replaced).unwrap_or(Dec::ZERO).to_string())
        .with("by", by.to_string())
        .with("reason", reason);
    let Json::Object(mut members) = before else { return Json::object().with("effects", vec![effect]) };
    match members.iter_mut().find(|(name, _)| name == "effects") {
        Some((_, Json::List(effects))) => {
            effects.retain(|one| one.get("stage").and_then(Json::as_text) != Some("manual"));
            effects.push(effect);
        }
        _ => members.push(("effects".to_owned(), Json::List(vec![effect]))),
    }
    if let Some((_, shown)) = members.iter_mut().find(|(name, _)| name == "unit_price") {
        *shown = Json::text(price.to_string());
    }
    Json::Object(members)
}
