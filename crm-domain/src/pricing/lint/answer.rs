//! What the engine says of a question.

use super::walk::COST_SCALE;
use super::{Look, Witness, on_documents_by_group};
use crate::pricing::effects::{DocumentHit, LineEffect, Off, on_document};
use crate::pricing::engine::{AmountAt, Outcome, Verdict};
use crate::pricing::judge::{Facts, Law, judge};
use crate::pricing::records::PriceStage;
use crate::pricing::scale::{Measured, SCALE, dec};
use crate::pricing::unit_price::UnitPrice;
use crate::pricing::waterfall::{Beside, Posting};
use crate::settings::Ratio;
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::error::Result;

/// A question with what the engine needs to judge it.
struct Put<'l> {
    law: Law<'l>,
    facts: Facts,
}

impl Look<'_, '_> {
    fn put(&self, witness: &Witness) -> Result<Put<'_>> {
        let world = self.world;
        let known = world.products.get(&witness.product);
        let categories = match known {
            Some(known) => known.categories.clone(),
            None => world.categories.get(&witness.category).cloned().unwrap_or_default(),
        };
        let mut quantities = vec![(0, witness.quantity)];
        for unit in self.units.iter().copied() {
            let factor = known.map_or(Some(Dec::ONE), |known| known.units.get(&unit).copied());
            if let Some(factor) = factor {
                let quantity = dec(witness.quantity).mul(factor)?.round(SCALE, Rounding::HalfUp);
                quantities.push((unit, quantity.to_i64_at(SCALE)?));
            }
        }
        let hundred = || Some(UnitPrice::from(Dec::HUNDRED));
        let facts = Facts {
            product: witness.product,
            template: known.map_or(0, |known| known.template),
            categories,
            customer: witness.customer,
            class: witness.buyer.class.clone(),
            positions: witness.positions.clone(),
            lists: world
                .open(witness.list, witness.currency, witness.date, &witness.buyer)
                .unwrap_or_default(),
            quantities,
            asked: witness.quantity,
            measured: witness.measured.iter().map(|(rule, whole)| (*rule, Measured::alone(*whole))).collect(),
            base: known.map_or_else(hundred, |known| known.list_price),
            cost: known.map_or_else(hundred, |known| known.floor.cost.map(UnitPrice::from)),
            conditions: witness.conditions.iter().map(|rule| (*rule, true)).collect(),
            ..Facts::default()
        };
        let digits = world.policy.scale(witness.currency.digits());
        let law = Law {
            rules: self.rules,
            strategy: self.strategy,
            groups: &world.groups,
            date: witness.date,
            currency: witness.currency,
            beside: Beside::default(),
            posting: Posting { digits, rounding: world.policy.rounding() },
        };
        Ok(Put { law, facts })
    }

    /// What the engine says.
    pub(super) fn ask(&self, witness: &Witness) -> Result<Answer> {
        let Put { law, facts } = self.put(witness)?;
        let (candidates, judged) = judge(&law, &facts)?;
        let made = match judged.decision.outcome {
            Outcome::Chosen { at, .. } => Some(at),
            _ => None,
        };
        let fixed = made.and_then(|at| candidates.get(at)).is_some_and(|rule| rule.effect.is_fixed());
        let steps = made.into_iter().chain(judged.steps.iter().map(|step| step.at));
        let mut chain: Vec<i64> = steps.filter_map(|at| candidates.get(at)).map(|rule| rule.id).collect();
        let mut price = None;
        if let Some((_, of_line)) = judged.price {
            let mut hits = on_document(&law, &facts, &candidates, &judged)?;
            // Which effects of a group stay hangs on all lines of the document.
            hits.retain(|hit| !self.rules.rule(hit.rule.id().number()).is_some_and(on_documents_by_group));
            chain.extend(hits.iter().map(|hit| hit.rule.id().number()));
            price = Some(self.after(hits, &facts, of_line)?);
        }
        Ok(Answer {
            ambiguous: judged.ambiguous,
            trace: judged.decision.trace.iter().map(|one| (one.rule, one.verdict)).collect(),
            price,
            chain,
            fixed,
        })
    }

    /// What one costs after what rules take off its document, at worst: where it holds nothing but the line and what it takes
    /// to reach what the rules measure.
    fn after(&self, hits: Vec<DocumentHit>, facts: &Facts, price: UnitPrice) -> Result<UnitPrice> {
        if hits.is_empty() {
            return Ok(price);
        }
        let net = price.times(dec(facts.asked), Dec::ZERO, COST_SCALE, Rounding::HalfUp)?;
        let mut effects = Vec::with_capacity(hits.len());
        for hit in hits {
            let amount = match hit.off {
                Off::Percent(_) => Dec::ZERO,
                Off::Amount(off) | Off::Each(off) | Off::Share(off) => {
                    // Where what lines come to is measured, other lines bear their part of it.
                    let rule = self.rules.rule(hit.rule.id().number());
                    let amounts = rule.is_some_and(|rule| rule.measures_amount().is_some());
                    let whole = facts.measured.iter().find(|(id, _)| *id == hit.rule.id().number());
                    let all = match whole.filter(|_| amounts) {
                        Some((_, whole)) => dec(whole.whole).max(net),
                        None => net,
                    };
                    if all.is_zero() {
                        Dec::ZERO
                    } else {
                        off.min(all).mul_div(net, all, COST_SCALE, Rounding::HalfUp)?
                    }
                }
            };
            effects.push(LineEffect { hit, amount });
        }
        let left = LineEffect::left_of_hundred(&effects, net)?;
        price.converted(Ratio::new(left, Dec::HUNDRED)?)
    }

    /// What a line comes to at a point of the way to its price, at six decimals; none where it has no price there.
    pub(super) fn amount(&self, witness: &Witness, at: AmountAt) -> Result<Option<i64>> {
        let Put { law, facts } = self.put(witness)?;
        let (candidates, judged) = judge(&law, &facts)?;
        let Posting { digits, rounding } = law.posting;
        let amount = match at.stage {
            PriceStage::Document => {
                let price = judged.price.map(|(_, price)| price);
                price.map(|price| price.times(dec(facts.asked), Dec::ZERO, digits, rounding)).transpose()?
            }
            _ => {
                let price = judged.price_at(&candidates, at);
                price
                    .map(|price| price.times(dec(facts.asked), Dec::ZERO, 4, Rounding::HalfUp))
                    .transpose()?
            }
        };
        Ok(amount.and_then(|amount| amount.abs().to_i64_at(SCALE).ok()))
    }
}

/// What became of a question.
pub(super) struct Answer {
    pub(super) ambiguous: Vec<i64>,
    pub(super) trace: Vec<(i64, Verdict)>,
    /// What one costs, after what rules take off its document.
    pub(super) price: Option<UnitPrice>,
    /// The rules on the way to the price.
    pub(super) chain: Vec<i64>,
    /// The first of them names the price.
    pub(super) fixed: bool,
}

impl Answer {
    pub(super) fn verdict(&self, rule: i64) -> Option<Verdict> {
        self.trace.iter().find(|(id, _)| *id == rule).map(|(_, verdict)| *verdict)
    }

    pub(super) fn only_by_price(&self, rule: i64) -> bool {
        matches!(self.verdict(rule), Some(Verdict::Taken(_) | Verdict::Beaten("cheapest")))
    }

    /// The rules that were compared with one that was left out, by what they come to.
    pub(super) fn compared(&self, left_out: Verdict) -> impl Iterator<Item = i64> {
        let beside = move |one: &&(i64, Verdict)| match left_out {
            Verdict::Beaten(_) => {
                matches!(one.1, Verdict::Taken(_) | Verdict::Tied | Verdict::Beaten("cheapest"))
            }
            _ => one.1 == Verdict::Applied || one.1 == left_out,
        };
        self.trace.iter().filter(beside).map(|one| one.0)
    }

    pub(super) fn passed(&self, rule: i64) -> bool {
        matches!(self.verdict(rule), Some(Verdict::Applied | Verdict::Excluded(_)))
    }
}
