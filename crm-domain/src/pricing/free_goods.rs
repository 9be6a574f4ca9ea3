//! Free goods: how many are given for nothing with a quantity (PRD-04, commerce.md), and which come with a line.

use super::engine::{Rule, quantity_in, ratio_of};
use super::error::AMBIGUOUS;
use super::judge::{Facts, Judged};
use super::price::Item;
use super::records::{FreeCount, FreeReturns, PriceRule};
use super::scale::{SCALE, dec};
use super::unit_price::UnitPrice;
use crate::catalog::Product;
use crate::settings::{Ratio, Unit};
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::error::Result;
use crm_kernel::id::{Id, Ref};
use crm_kernel::json::{Json, SharedJson};
use crm_kernel::record::Choice as _;

/// How free goods are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FreeGoods {
    /// What is given; 0 is the product itself.
    pub product: i64,
    /// For every so many, at six decimals; above 0.
    pub per: i64,
    /// How a quantity that is no multiple of it is counted.
    pub count: FreeCount,
    /// They are part of the quantity; else they come on top.
    pub inclusive: bool,
    /// What becomes of them when what they came with comes back.
    pub returns: FreeReturns,
}

/// What a line of free goods keeps of the rule that gives them, in its derivation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FreeTerms {
    /// They are part of what was asked for of the line that they come with.
    pub included: bool,
    /// They are given in multiples of this.
    pub step: Dec,
    /// So many are free, in their unit ...
    pub value: Dec,
    /// ... for every so many that are charged of the line that they come with, in its unit; 0 where that is not known.
    pub per: Dec,
    /// What becomes of them when what they came with comes back. Where nothing is said they are kept: they were given
    /// before there was a choice.
    pub returns: FreeReturns,
}

impl FreeTerms {
    /// From the derivation of a line of free goods; none included, no step where it says nothing.
    pub fn read(derivation: Option<&SharedJson>) -> FreeTerms {
        let told = |name: &str| derivation.and_then(|told| told.tree().get(name));
        let figure = |name: &str| {
            let figure = told(name).and_then(Json::as_text).and_then(|text| Dec::parse(text).ok());
            figure.unwrap_or_default()
        };
        let returns = told("returns").and_then(Json::as_text).and_then(FreeReturns::from_code);
        FreeTerms {
            included: told("included") == Some(&Json::Bool(true)),
            step: figure("step"),
            value: figure("value"),
            per: figure("per"),
            returns: returns.unwrap_or_default(),
        }
    }

    /// The derivation of free goods that a rule gives with the line of a number.
    pub fn write(self, rule: Ref<PriceRule>, code: &str, of: i64) -> Json {
        Json::object()
            .with("source", "free_goods")
            .with("rule", rule.to_string())
            .with("code", code)
            .with("of", of)
            .with("included", self.included)
            .with("step", self.step.to_string())
            .with("value", self.value.to_string())
            .with("per", self.per.to_string())
            .with("returns", self.returns.code())
    }

    /// How many of `free` stay earned where so much is kept of the quantity that they came with: less those that the rule
    /// gives for all of it and not for what is kept, in whole steps; none with none of it. Errors: `value.out_of_range`.
    pub fn earned_by(self, free: Dec, kept: Dec, whole: Dec) -> Result<Dec> {
        if kept >= whole || !kept.is_positive() || !self.per.is_positive() {
            return self.with_part(free, kept.max(Dec::ZERO), whole);
        }
        let by_rule = |quantity: Dec| -> Result<Dec> {
            let exact = quantity.mul_div(self.value, self.per, SCALE, Rounding::Down)?;
            Ok(self.in_steps(exact)?.min(free))
        };
        // Of a quote that is ordered in parts an order may have others than the rule gives for its own quantity.
        let lost = by_rule(whole)?.sub(by_rule(kept)?)?;
        Ok(free.sub(lost)?.normalize())
    }

    /// How many of `free` go with `part` of the quantity that they come with: in proportion, in whole steps; all of them
    /// with all of it. Errors: `value.out_of_range`.
    pub fn with_part(self, free: Dec, part: Dec, whole: Dec) -> Result<Dec> {
        if part >= whole {
            return Ok(free);
        }
        let exact = free.mul_div(part, whole, SCALE, Rounding::Down)?;
        self.in_steps(exact)
    }

    /// The whole steps in a quantity.
    fn in_steps(self, quantity: Dec) -> Result<Dec> {
        if !self.step.is_positive() {
            return Ok(quantity);
        }
        Ok(quantity.div(self.step, 0, Rounding::Down)?.mul(self.step)?.normalize())
    }
}

/// What a quantity gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Given {
    /// How many are free.
    pub free: Dec,
    /// How many of what was ordered are charged.
    pub charged: Dec,
    /// How many are delivered in all, where free goods are the product itself.
    pub delivered: Dec,
}

impl FreeGoods {
    /// Free goods come in multiples of this where `value` are free for every [`FreeGoods::per`].
    pub fn step(&self, value: Dec) -> Dec {
        match self.count {
            FreeCount::Prorata => Dec::ONE,
            FreeCount::UnitReference | FreeCount::WholeUnit => value,
        }
    }

    /// What a quantity gives where `value` are free for every [`FreeGoods::per`]. Free goods that are part of the
    /// quantity are never more than it. Errors: `value.out_of_range`.
    pub fn given(&self, quantity: Dec, value: Dec) -> Result<Given> {
        let per = dec(self.per);
        let free = match self.count {
            FreeCount::Prorata => quantity.mul_div(value, per, 0, Rounding::Down)?,
            FreeCount::UnitReference => quantity.div(per, 0, Rounding::Down)?.mul(value)?,
            FreeCount::WholeUnit => {
                let times = quantity.div(per, SCALE, Rounding::Down)?;
                let whole = times.round(0, Rounding::Down);
                if whole.mul(per)? == quantity { whole.mul(value)? } else { Dec::ZERO }
            }
        };
        let free = if self.inclusive { free.min(quantity) } else { free }.normalize();
        Ok(match self.inclusive {
            true => Given { free, charged: quantity.sub(free)?.normalize(), delivered: quantity },
            false => Given { free, charged: quantity, delivered: quantity.add(free)?.normalize() },
        })
    }
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
    /// So many are free, in the same unit ...
    pub value: Dec,
    /// ... for every so many that are charged, in the unit asked for; 0 where the rule's unit cannot be converted.
    pub per: Dec,
    /// What becomes of them when what they came with comes back.
    pub returns: FreeReturns,
}

/// What of a quantity is charged: all but what is free of it. Errors: `value.out_of_range`.
pub(super) fn charged(quantity: Dec, free: &[FreeLine]) -> Result<Dec> {
    let included = Dec::sum(free.iter().filter_map(|free| free.included))?;
    Ok(quantity.sub(included)?)
}

/// Free goods that come with a line, those of a return coming back with it. Something of the line is always charged: one
/// that would leave nothing is not given. Errors: `price.ambiguous` at `/product` where several would leave nothing
/// together.
pub(super) fn free_goods(
    item: &Item,
    facts: &Facts,
    candidates: &[&Rule],
    judged: &Judged,
) -> Result<Vec<FreeLine>> {
    let signed = |many: Dec| if item.quantity.is_negative() { many.neg() } else { many };
    let mut found = Vec::new();
    for at in judged.decision.applied() {
        let Some(rule) = candidates.get(at) else { continue };
        let Some(free) = &rule.effect.free else { continue };
        let question = facts.question_of_units();
        let (Some(quantity), Some(id)) = (quantity_in(&question, rule.unit), Id::new(rule.id)) else {
            continue;
        };
        let given = free.given(dec(quantity), dec(rule.effect.value))?;
        if given.free.is_zero() {
            continue;
        }
        let of_rule = ratio_of(&question, rule.unit)?;
        let ratio = of_rule.filter(|_| free.inclusive);
        let in_asked = |many: Dec, ratio: Option<Ratio>, rounding: Rounding| -> Result<Dec> {
            let own =
                ratio.map_or(Ok(UnitPrice::from(many)), |ratio| UnitPrice::from(many).converted(ratio))?;
            Ok(own.split(facts.asked_ratio()?)?.rounded(SCALE, rounding)?.normalize())
        };
        let (value, step) = (dec(rule.effect.value), free.step(dec(rule.effect.value)));
        let (included, step, value) = match ratio {
            Some(_) => {
                let asked = |many: Dec| in_asked(many, ratio, Rounding::HalfUp);
                (Some(asked(given.free)?), asked(step)?, asked(value)?)
            }
            None => (None, step.normalize(), value.normalize()),
        };
        // Cut, so that a full count in another unit stays one.
        let per = match of_rule {
            Some(_) => in_asked(dec(free.per), of_rule, Rounding::Down)?,
            None => Dec::ZERO,
        };
        // Of what is part of the quantity the rest is charged.
        let per = if included.is_some() { per.sub(value)?.max(Dec::ZERO) } else { per };
        let own = (free.product == 0).then_some(item.product.unit).flatten();
        found.push(FreeLine {
            rule: Ref::new(id),
            product: Id::new(free.product).map_or(item.product.id, Ref::new),
            free: signed(given.free),
            charged: signed(given.charged),
            delivered: signed(given.delivered),
            unit: Id::new(rule.unit).map(Ref::new).or(own),
            code: rule.code.to_string(),
            included: included.map(signed),
            step,
            value,
            per,
            returns: free.returns,
        });
    }
    if charged(item.quantity, &found)?.signum() == item.quantity.signum() {
        return Ok(found);
    }
    let codes = found.iter().filter(|free| free.included.is_some()).map(|free| Json::text(free.code.clone()));
    let codes: Vec<Json> = codes.collect();
    if codes.len() > 1 {
        let error = AMBIGUOUS.at("/product").with("product", item.product.code.clone());
        return Err(error.with("rules", codes));
    }
    found.retain(|free| free.included.is_none());
    Ok(found)
}
