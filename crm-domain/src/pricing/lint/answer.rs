//! What the engine says of a question.

use super::{Look, Witness};
use crate::pricing::engine::{Outcome, Verdict};
use crate::pricing::judge::{Facts, Law, judge};
use crate::pricing::scale::{Measured, SCALE, dec};
use crate::pricing::unit_price::UnitPrice;
use crate::pricing::waterfall::{Beside, Posting};
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::error::Result;

impl Look<'_, '_> {
    /// What the engine says.
    pub(super) fn ask(&self, witness: &Witness) -> Result<Answer> {
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
        let (candidates, judged) = judge(&law, &facts)?;
        let made = match judged.decision.outcome {
            Outcome::Chosen { at, .. } => Some(at),
            _ => None,
        };
        let fixed = made.and_then(|at| candidates.get(at)).is_some_and(|rule| rule.effect.is_fixed());
        let steps = made.into_iter().chain(judged.steps.iter().map(|step| step.at));
        Ok(Answer {
            ambiguous: judged.ambiguous,
            trace: judged.decision.trace.iter().map(|one| (one.rule, one.verdict)).collect(),
            price: judged.price.map(|(_, price)| price),
            chain: steps.filter_map(|at| candidates.get(at)).map(|rule| rule.id).collect(),
            fixed,
        })
    }
}

/// What became of a question.
pub(super) struct Answer {
    pub(super) ambiguous: Vec<i64>,
    pub(super) trace: Vec<(i64, Verdict)>,
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
