//! What comes back (commerce.md 2.7): what the customer gets for it, and what of free goods comes back with it.
//!
//! Both follow from how much of each line is out and back in all, never from a single return: in whatever order goods
//! come back, in whatever parts, it comes to the same.

use super::{FREE_BEYOND, Order, OrderLine, worth_of};
use crate::pricing::{FreeReturns, FreeTerms, taxes_on};
use crate::settings::Taxes;
use crm_kernel::dec::Dec;
use crm_kernel::error::Result;
use crm_kernel::money::RoundingPolicy;
use crm_kernel::record::Line;

/// What the customer gets in all for what has come back: of each line what so much of it was billed for, less
/// what free goods cost that stay with him and are charged. Freight and other charges stay. `present` is how amounts are
/// posted now. Errors: `value.out_of_range`.
pub fn returned_amount(order: &Order, present: RoundingPolicy) -> Result<Dec> {
    let policy = order.rounding(present);
    let digits = order.currency.digits();
    let mut sum = Dec::ZERO;
    for line in order.lines.iter().filter(|line| !line.quantity.is_zero()) {
        sum = sum.add(worth_of(order, line, line.returned, policy)?)?;
    }
    for (free, paid) in free_lines(order) {
        let terms = FreeTerms::read(free.derivation.as_ref());
        if terms.returns == FreeReturns::Charge {
            // As a line of what stays would come to: its net posted, and each of its taxes by itself.
            let price = list_price(free, paid).unwrap_or_default();
            let net = policy.post(unearned(free, paid)?.mul(price)?, digits)?;
            sum = sum.sub(net)?;
            if !order.prices_include_tax {
                let taxes = Taxes::read(free.tax, free.tax_percent, free.tax_parts.as_ref())?;
                sum = sum.sub(Dec::sum(taxes_on(&taxes, net, policy, digits)?)?)?;
            }
        }
    }
    Ok(sum)
}

/// The same for parts of lines that are about to come back. Errors: `value.out_of_range`.
pub fn amount_of_return(
    order: &Order,
    parts: impl IntoIterator<Item = (i64, Dec)>,
    present: RoundingPolicy,
) -> Result<Dec> {
    let mut then = order.clone();
    for (no, quantity) in parts {
        if let Some(line) = then.lines.by_no_mut(no) {
            line.returned = line.returned.add(quantity)?;
        }
    }
    Ok(returned_amount(&then, present)?.sub(returned_amount(order, present)?)?)
}

/// Free goods that are to come back with what they came with are not more than what stays of it earns. Errors:
/// `order.free_beyond` with the line, the one that it came with, the most that may stay and what would.
pub(super) fn no_free_beyond(order: &Order) -> Result<()> {
    for (free, paid) in free_lines(order) {
        let terms = FreeTerms::read(free.derivation.as_ref());
        let beyond = unearned(free, paid)?;
        if terms.returns == FreeReturns::ClawBack && beyond.is_positive() {
            let stays = free.delivered.sub(free.returned)?;
            let error = FREE_BEYOND.error().with("line", free.no).with("of", paid.no);
            let error = error.with("most", stays.sub(beyond)?.normalize().to_string());
            return Err(error.with("kept", stays.normalize().to_string()));
        }
    }
    Ok(())
}

/// The lines of free goods, each with the line that it comes with.
fn free_lines(order: &Order) -> impl Iterator<Item = (&Line<OrderLine>, &Line<OrderLine>)> {
    let paid = |free: &OrderLine| order.lines.by_no(free.free_of?);
    order.lines.iter().filter_map(move |free| Some((free, paid(free)?)))
}

/// How many of a line of free goods are with the customer though he gave back what earned them.
fn unearned(free: &OrderLine, paid: &OrderLine) -> Result<Dec> {
    let terms = FreeTerms::read(free.derivation.as_ref());
    let kept = paid.billable().sub(paid.returned)?;
    let earned = terms.earned_by(free.quantity, kept, paid.quantity)?;
    let stays = free.delivered.sub(free.returned)?.min(free.quantity);
    Ok(stays.sub(earned)?.max(Dec::ZERO))
}

/// What one of a line of free goods would have cost: its list price, or the price of the line that it comes with where
/// both are the same.
fn list_price(free: &OrderLine, paid: &OrderLine) -> Option<Dec> {
    let same = (free.product, free.unit) == (paid.product, paid.unit);
    free.list_price.or_else(|| same.then_some(paid.unit_price))
}
