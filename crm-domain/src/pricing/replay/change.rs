//! A line that changes, and the rules that make the difference.

use super::charging::Side;
use super::history::Past;
use super::{ReplayChange, ReplayReason};
use crate::pricing::tariff::Tariff;
use crm_kernel::date::Date;
use crm_kernel::dec::Dec;
use crm_kernel::error::{Error, Result};
use crm_kernel::json::Json;
use std::collections::BTreeSet;

/// A line that is charged otherwise by the one rule set than by the other.
pub(super) struct Change<'a> {
    pub old: (&'a Tariff, &'a Side),
    pub new: (&'a Tariff, &'a Side),
    /// The rules that the actor may not read.
    pub hidden: &'a BTreeSet<i64>,
}

impl Change<'_> {
    pub fn tell(&self, past: &Past, date: Date) -> Result<ReplayChange> {
        let (old, new) = (self.old.1, self.new.1);
        let price = |side: &Side| -> Result<Option<Dec>> {
            side.as_ref().ok().map(|charged| Ok(charged.unit_price.stored()?.0)).transpose()
        };
        let revenue = |side: &Side| side.as_ref().ok().map(|charged| charged.revenue);
        let refused = |side: &Side| side.as_ref().err().map(|error| error.code().name.to_owned());
        Ok(ReplayChange {
            record: past.record,
            line: past.line,
            product: past.product,
            date,
            unit_price_before: price(old)?,
            unit_price_after: price(new)?,
            revenue_before: revenue(old),
            revenue_after: revenue(new),
            refused_before: refused(old),
            refused_after: refused(new),
            rules: self.rules()?,
        })
    }

    /// The rules that do something other on the one side than on the other, those of the first before those of the second.
    fn rules(&self) -> Result<Vec<ReplayReason>> {
        let (old, new) = (effects(self.old)?, effects(self.new)?);
        let of = |side: &[(i64, Option<Dec>)], rule: i64| {
            side.iter().find(|(known, _)| *known == rule).map(|(_, effect)| *effect)
        };
        let new_tied = self.new.1.is_err();
        let only_new = new.iter().filter(|(rule, _)| of(&old, *rule).is_none());
        let mut found: Vec<ReplayReason> = Vec::new();
        for (rule, _) in old.iter().chain(only_new) {
            let (before, after) = (of(&old, *rule), of(&new, *rule));
            if before == after {
                continue;
            }
            let without = match (before.flatten(), after.flatten()) {
                (Some(_), None) => Some(self.new),
                (None, Some(_)) => Some(self.old),
                (None, None) => Some(if new_tied { self.new } else { self.old }),
                _ => None,
            };
            let (reason, by) = without.map_or((None, None), |side| why(side, *rule));
            let hidden = self.hidden.contains(rule);
            let code = self.new.0.rules.rule(*rule).or(self.old.0.rules.rule(*rule));
            found.push(ReplayReason {
                rule: code.filter(|_| !hidden).map_or("*", |rule| &rule.code).to_owned(),
                effect_before: before.flatten(),
                effect_after: after.flatten(),
                reason: reason.filter(|_| !hidden),
                by: by.filter(|_| !hidden),
            });
        }
        Ok(found)
    }
}

/// The rules that take effect on a side with what each changes the revenue by; those that cannot be told apart with nothing.
fn effects((tariff, side): (&Tariff, &Side)) -> Result<Vec<(i64, Option<Dec>)>> {
    let mut found: Vec<(i64, Option<Dec>)> = Vec::new();
    match side {
        Ok(charged) => {
            for (rule, _, share) in &charged.effects {
                match found.iter_mut().find(|(known, _)| known == rule) {
                    Some((_, sum)) => *sum = Some(sum.unwrap_or_default().add(*share)?),
                    None => found.push((*rule, Some(*share))),
                }
            }
        }
        Err(error) => found.extend(tied(tariff, error).map(|rule| (rule, None))),
    }
    Ok(found)
}

/// The rules that a refusal says cannot be told apart.
fn tied(tariff: &Tariff, error: &Error) -> impl Iterator<Item = i64> {
    let codes = error.arg("rules").and_then(Json::as_list).unwrap_or_default();
    codes.iter().filter_map(|code| Some(tariff.rules.by_code(code.as_text()?)?.id))
}

/// Why a rule does nothing on a side, and by what it was beaten or excluded.
fn why((tariff, side): (&Tariff, &Side), rule: i64) -> (Option<String>, Option<String>) {
    let charged = match side {
        Ok(charged) => charged,
        Err(error) if tied(tariff, error).any(|known| known == rule) => {
            return (Some("tied".to_owned()), None);
        }
        Err(_) => return (None, None),
    };
    let considered = charged.derivation.tree().get("rules").and_then(Json::as_list).unwrap_or_default();
    let number = rule.to_string();
    let is = |one: &&Json| one.get("rule").and_then(Json::as_text) == Some(&*number);
    match considered.iter().find(is) {
        Some(one) => {
            let text = |name: &str| one.get(name).and_then(Json::as_text).map(str::to_owned);
            (text("reason"), text("by"))
        }
        None => (Some("absent".to_owned()), None),
    }
}
