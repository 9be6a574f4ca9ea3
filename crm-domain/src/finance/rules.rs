//! Pure decisions of finance: which debts a payment settles, parts of an order's amounts (commerce.md 2.6, 2.9).

use super::OVER_ALLOCATED;
use crm_kernel::date::Date;
use crm_kernel::dec::{Dec, cumulative_share};
use crm_kernel::error::{Code, Result};
use crm_kernel::money::RoundingPolicy;

/// A debt that a payment may settle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenDebt<K> {
    /// Which one: among debts due on one day the smaller key goes first.
    pub key: K,
    /// True where it is a debt of the order that the payment is for.
    pub of_order: bool,
    /// When it is due.
    pub due: Date,
    /// How much of it is not settled; above zero.
    pub open: Dec,
}

/// Which debts an amount settles, in the order of settling, and what is left of it: the order's first, then the oldest
/// due, then the smaller key. Never more than a debt, never more than the amount (vectors recv-08, -09, -11).
pub fn settle<K: Ord + Copy>(amount: Dec, debts: &[OpenDebt<K>]) -> Result<(Vec<(K, Dec)>, Dec)> {
    let mut queue: Vec<&OpenDebt<K>> = debts.iter().filter(|debt| debt.open.is_positive()).collect();
    queue.sort_by_key(|debt| (!debt.of_order, debt.due, debt.key));
    let (mut left, mut parts) = (amount, Vec::new());
    for debt in queue {
        if !left.is_positive() {
            break;
        }
        let part = left.min(debt.open);
        left = left.sub(part)?;
        parts.push((debt.key, part));
    }
    Ok((parts, left))
}

/// A part of a payment may be put on a debt. Errors: `value.not_positive`, `receipt.over_allocated` with what is open
/// and what was wanted.
pub fn allocatable(wanted: Dec, open: Dec) -> Result<()> {
    if !wanted.is_positive() {
        return Err(crate::settings::NOT_POSITIVE.error());
    }
    if wanted > open {
        return Err(OVER_ALLOCATED.error().with("open", open.to_string()).with("wanted", wanted.to_string()));
    }
    Ok(())
}

/// An amount that somebody gives has no more decimals than are posted. Errors: `value.out_of_range`.
pub fn posted(amount: Dec, policy: RoundingPolicy, digits: u8) -> Result<Dec> {
    let posted = policy.post(amount, digits)?;
    if posted == amount {
        return Ok(posted);
    }
    let decimals = i64::from(policy.scale(digits));
    Err(Code::OUT_OF_RANGE
        .error()
        .with("value", amount.to_string())
        .with("digits", 18_i64)
        .with("decimals", decimals))
}

/// The share of an amount of the whole order (freight, tax on it) that goes with a part of its lines, when lines worth
/// `done` of `whole` are billed with this part and `already` went with the parts before. The last part takes all that
/// is left, so the shares add up to the amount. Errors: `value.out_of_range`.
pub fn share_of_order(
    amount: Dec,
    done: Dec,
    whole: Dec,
    already: Dec,
    policy: RoundingPolicy,
    digits: u8,
) -> Result<Dec> {
    if done.abs() >= whole.abs() {
        return Ok(amount.sub(already)?);
    }
    Ok(cumulative_share(amount, done, whole, already, policy.scale(digits), policy.rounding())?)
}

/// What claims of one debt a payment settles, in an order that is policy: fee, interest and principal, or the
/// principal first (vector recv-13). The answer is (fee, interest, principal).
pub fn settle_claims(
    payment: Dec,
    fee: Dec,
    interest: Dec,
    principal: Dec,
    principal_first: bool,
) -> Result<[Dec; 3]> {
    let mut left = payment;
    let mut take = |claim: Dec| -> Result<Dec> {
        let part = left.min(claim);
        left = left.sub(part)?;
        Ok(part)
    };
    if principal_first {
        let principal = take(principal)?;
        let interest = take(interest)?;
        return Ok([take(fee)?, interest, principal]);
    }
    Ok([take(fee)?, take(interest)?, take(principal)?])
}

/// True once the earliest unpaid debt is so many days old: on the day itself too (vector recv-14).
pub fn is_overdue(earliest_unpaid: Date, threshold_days: i64, today: Date) -> bool {
    earliest_unpaid.days_between(today) >= threshold_days
}
