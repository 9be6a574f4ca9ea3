//! What several lines cost together, shared out over them (commerce.md 2.2).

use super::allocation::Allocation;
use super::counting::Mark;
use super::engine::Outcome;
use super::judge::{Law, judge};
use super::price::{Asked, Item};
use super::records::UnitRounding;
use super::scale::dec;
use super::unit_price::UnitPrice;
use super::waterfall::{Posting, order};
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::error::Result;
use std::collections::BTreeMap;

/// Lines that share tiers with portions or fees, or packages, are priced together: what a rule makes of them in all is
/// posted once and shared out, so that their prices add up to it exactly (commerce.md 2.2).
pub(super) fn allocate_groups(law: &Law<'_>, items: &[Item], asked: &mut [Result<Asked>]) -> Result<()> {
    if items.len() < 2 || law.strategy.unit_rounding == UnitRounding::Unit || !law.rules.asks() {
        return Ok(());
    }
    let mut groups: BTreeMap<(_, &str, i64, Mark), Vec<usize>> = BTreeMap::new();
    for (at, one) in asked.iter().enumerate().take(items.len()) {
        let Ok(one) = one else { continue };
        for (id, _) in &one.facts.measured {
            let Some(rule) = law.rules.rule(*id) else { continue };
            if let Some(counted) = rule.counted.as_ref().filter(|_| rule.effect.shares()) {
                let mark = Mark::of(rule, counted.basis, at, &one.facts);
                // Later effects start from what earlier ones were shared out as.
                groups.entry((order(rule), &rule.code, *id, mark)).or_default().push(at);
            }
        }
    }
    for ((_, _, id, _), lines) in groups.into_iter().filter(|(_, lines)| lines.len() > 1) {
        let mut found = Vec::with_capacity(lines.len());
        for at in lines {
            let (Some(Ok(one)), Some(item)) = (asked.get(at), items.get(at)) else { continue };
            let (candidates, judged) = judge(law, &one.facts)?;
            let is = |at: &usize| candidates.get(*at).is_some_and(|rule| rule.id == id);
            let made = match &judged.decision.outcome {
                Outcome::Chosen { at, .. } if is(at) => judged.made,
                _ => judged.steps.iter().find(|step| is(&step.at)).map(|step| step.price),
            };
            if let Some(made) = made {
                let price = one.facts.in_asked(made)?;
                let amount = amount_of(price, dec(one.facts.asked))?;
                found.push(Shared { at, back: item.quantity.is_negative(), amount });
            }
        }
        // A price below zero is refused by itself.
        if found.len() < 2 || found.iter().any(|line| line.amount.amount().is_negative()) {
            continue;
        }
        for (at, share) in shares(&found, law.posting)? {
            if let Some(Ok(one)) = asked.get_mut(at) {
                one.facts.allocated.push((id, share));
            }
        }
    }
    Ok(())
}

/// What a rule makes of one of several lines.
struct Shared {
    /// The place of the line.
    at: usize,
    /// The line comes back.
    back: bool,
    /// What the line costs, exactly.
    amount: UnitPrice,
}

/// The amounts of lines, posted so that they add up to what all of them cost, which is posted once. Errors:
/// `value.out_of_range`.
fn shares(lines: &[Shared], posting: Posting) -> Result<Vec<(usize, Dec)>> {
    let post = |sum: UnitPrice| sum.rounded(posting.digits, posting.rounding);
    let all = post(sum_of(lines.iter())?)?;
    let one_way = lines.iter().all(|line| !line.back) || lines.iter().all(|line| line.back);
    let sold = match one_way {
        true => all.max(Dec::ZERO),
        false => post(sum_of(lines.iter().filter(|line| !line.back))?)?,
    };
    let mut found = Vec::with_capacity(lines.len());
    for (back, posted) in [(false, sold), (true, sold.sub(all)?)] {
        let mine: Vec<&Shared> = lines.iter().filter(|line| line.back == back).collect();
        let mut weights = Vec::with_capacity(mine.len());
        for line in &mine {
            weights.push(line.amount.rounded(WEIGHT_SCALE, Rounding::HalfUp)?);
        }
        if weights.iter().any(|weight| !weight.is_zero()) {
            let shares = Allocation::LargestRemainder.share(posted, &weights, posting.digits)?;
            found.extend(mine.iter().map(|line| line.at).zip(shares));
        }
    }
    Ok(found)
}

/// What so many cost. Exact, but where that needs more digits than there are.
fn amount_of(price: UnitPrice, quantity: Dec) -> Result<UnitPrice> {
    match price.amount().mul(quantity) {
        Ok(amount) => UnitPrice::new(amount, price.per()),
        Err(_) => Ok(price.times(quantity, Dec::ZERO, WEIGHT_SCALE, Rounding::HalfUp)?.into()),
    }
}

/// What lines cost in all, less those that come back. Exact, but where that needs more digits than there are.
fn sum_of<'s>(lines: impl Iterator<Item = &'s Shared> + Clone) -> Result<UnitPrice> {
    let add = |sum: UnitPrice, line: &Shared| match line.back {
        true => sum.minus(line.amount),
        false => sum.and(line.amount),
    };
    lines.clone().try_fold(UnitPrice::ZERO, add).or_else(|_| {
        let mut sum = Dec::ZERO;
        for line in lines {
            let amount = line.amount.rounded(WEIGHT_SCALE, Rounding::HalfUp)?;
            sum = if line.back { sum.sub(amount)? } else { sum.add(amount)? };
        }
        Ok(sum.into())
    })
}

/// Decimals of the weights by which amounts are shared out.
const WEIGHT_SCALE: u8 = 12;
