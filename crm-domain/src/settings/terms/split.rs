//! From a total to instalments that add up to it.

use super::{ShareKind, SplitMethod};
use crate::settings::AMOUNTS_EXCEED;
use crm_kernel::dec::{Dec, allocate};
use crm_kernel::error::Result;
use crm_kernel::money::{Money, RoundingPolicy};

/// Splits a posted total by shares; the parts, in order, add up to it. A negative total (a credit note) is the mirror
/// image of the positive one. Shares are as [`super::PaymentTerm`] allows them.
/// Errors: `payment_term.amounts_exceed` where fixed amounts are more than the total, `value.out_of_range`.
pub fn split(
    total: Money,
    shares: &[(ShareKind, Dec)],
    method: SplitMethod,
    policy: RoundingPolicy,
) -> Result<Vec<Money>> {
    let currency = total.currency;
    let digits = currency.digits();
    let whole = policy.post(total.amount, digits)?.abs();
    let mut parts = vec![Dec::ZERO; shares.len()];
    let mut left = whole;
    let of_kind = |kind: ShareKind| shares.iter().enumerate().filter(move |(_, share)| share.0 == kind);

    for (at, (_, amount)) in of_kind(ShareKind::Amount) {
        let amount = policy.post(*amount, digits)?;
        if amount > left {
            let amounts = Dec::sum(of_kind(ShareKind::Amount).map(|(_, share)| share.1))?;
            return Err(AMOUNTS_EXCEED
                .error()
                .with("total", Money::new(whole, currency))
                .with("amounts", Money::new(amounts, currency)));
        }
        left = left.sub(amount)?;
        set(&mut parts, at, amount);
    }

    // Percentages that make up everything are shares of it; beside a balance or weights each is rounded by itself.
    let rest_follows = shares.iter().any(|share| matches!(share.0, ShareKind::Weight | ShareKind::Balance));
    if !rest_follows {
        spread(&mut parts, left, of_kind(ShareKind::Percent), method, policy, digits)?;
        return Ok(signed(parts, total));
    }
    for (at, (_, percent)) in of_kind(ShareKind::Percent) {
        let part = whole.mul_div(*percent, Dec::from_int(100), policy.scale(digits), policy.rounding())?;
        // Rounding up several shares of very little could take more than there is.
        let part = part.min(left);
        left = left.sub(part)?;
        set(&mut parts, at, part);
    }
    match of_kind(ShareKind::Balance).next() {
        Some((at, _)) => set(&mut parts, at, left),
        None => spread(&mut parts, left, of_kind(ShareKind::Weight), method, policy, digits)?,
    }
    Ok(signed(parts, total))
}

/// Splits `left` among some lines by their weights.
fn spread<'a>(
    parts: &mut [Dec],
    left: Dec,
    lines: impl Iterator<Item = (usize, &'a (ShareKind, Dec))>,
    method: SplitMethod,
    policy: RoundingPolicy,
    digits: u8,
) -> Result<()> {
    let lines: Vec<(usize, Dec)> = lines.map(|(at, share)| (at, share.1)).collect();
    match method {
        SplitMethod::LargestRemainder => {
            let weights: Vec<Dec> = lines.iter().map(|line| line.1).collect();
            let shares = allocate(left, &weights, policy.scale(digits))?;
            for ((at, _), share) in lines.iter().zip(shares) {
                set(parts, *at, share);
            }
        }
        SplitMethod::LastAbsorbs => {
            let weights = Dec::sum(lines.iter().map(|line| line.1))?;
            let mut remaining = left;
            for (nth, (at, weight)) in lines.iter().enumerate() {
                let share = if nth + 1 == lines.len() {
                    remaining
                } else {
                    let share = left.mul_div(*weight, weights, policy.scale(digits), policy.rounding())?;
                    // What the last line absorbs is never negative.
                    share.min(remaining)
                };
                remaining = remaining.sub(share)?;
                set(parts, *at, share);
            }
        }
    }
    Ok(())
}

fn set(parts: &mut [Dec], at: usize, amount: Dec) {
    if let Some(part) = parts.get_mut(at) {
        *part = amount;
    }
}

fn signed(parts: Vec<Dec>, total: Money) -> Vec<Money> {
    let negative = total.amount.is_negative();
    parts
        .into_iter()
        .map(|part| Money::new(if negative { part.neg() } else { part }, total.currency))
        .collect()
}
