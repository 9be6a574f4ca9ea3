//! Pure decisions of finance: which debts a payment settles, parts of an order's amounts (commerce.md 2.6, 2.9).

use super::OVER_ALLOCATED;
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::{Dec, cumulative_share};
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::money::{Money, RoundingPolicy};

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
pub fn allocatable(wanted: Dec, open: Dec, currency: Currency) -> Result<()> {
    if !wanted.is_positive() {
        return Err(crate::settings::NOT_POSITIVE.error());
    }
    if wanted > open {
        return Err(over_allocated(wanted, open, currency));
    }
    Ok(())
}

/// `receipt.over_allocated` with what is open and what was wanted.
pub(super) fn over_allocated(wanted: Dec, open: Dec, currency: Currency) -> Error {
    let money = |amount| Money::new(amount, currency);
    OVER_ALLOCATED.error().with("open", money(open)).with("wanted", money(wanted))
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
