//! Shares that add up to the whole.

use super::wide::Wide;
use super::{Dec, DecError, LIMIT, Rounding};
use std::cmp::Reverse;

/// Splits `total` by `weights` into parts with `scale` decimals that add up to `total`: every part is its exact
/// share cut toward zero, and the units left over go one each to the parts with the largest remainders, the
/// earlier first among equals. A part with weight 0 is 0. A negative total is the mirror image of the positive
/// one. (`spec/commerce.md` 2.4.)
///
/// # Errors
/// [`DecError::Inexact`] if `total` is not a multiple of `10^-scale`; [`DecError::OutOfRange`] if a weight is
/// negative or the numbers need more than 38 digits; [`DecError::DivisionByZero`] if the weights add up to 0 (or
/// there are none) while `total` is not 0.
pub fn allocate(total: Dec, weights: &[Dec], scale: u8) -> Result<Vec<Dec>, DecError> {
    if weights.iter().any(|weight| weight.is_negative()) {
        return Err(DecError::OutOfRange);
    }
    let units = total.rescale(scale)?.magnitude();
    if units == 0 {
        return Ok(vec![Dec::from_parts(false, 0, scale); weights.len()]);
    }
    let common = weights.iter().map(|weight| weight.normalize().scale).max().unwrap_or(0);
    let mut shares = Vec::with_capacity(weights.len());
    let mut whole: u128 = 0;
    for weight in weights {
        let weight = weight.normalize().rescale(common)?.magnitude();
        whole = whole.checked_add(weight).filter(|sum| *sum < LIMIT).ok_or(DecError::OutOfRange)?;
        shares.push((weight, 0_u128));
    }
    if whole == 0 {
        return Err(DecError::DivisionByZero);
    }
    // From here each entry is (units of the part, remainder of its share in parts of `whole`).
    let mut left = units;
    for share in &mut shares {
        let (part, remainder) = Wide::product(units, share.0).div_rem(whole);
        *share = (part.low, remainder);
        // INVARIANT: the parts are cut down, so together they never exceed the total.
        left = left.saturating_sub(part.low);
    }
    let mut order: Vec<usize> = (0..shares.len()).collect();
    order.sort_by_key(|&at| Reverse(shares.get(at).map(|share| share.1)));
    // INVARIANT: the remainders add up to `left` times `whole` and each is below `whole`, so there are more parts
    // with a remainder than units left.
    for at in order {
        if left == 0 {
            break;
        }
        if let Some(share) = shares.get_mut(at) {
            share.0 = share.0.saturating_add(1);
            left = left.saturating_sub(1);
        }
    }
    Ok(shares.into_iter().map(|(part, _)| Dec::from_parts(total.is_negative(), part, scale)).collect())
}

/// Splits `total` into `parts` equal parts with `scale` decimals that add up to `total`; the first parts take the
/// units left over.
///
/// # Errors
/// As [`allocate`] with equal weights.
pub fn allocate_even(total: Dec, parts: usize, scale: u8) -> Result<Vec<Dec>, DecError> {
    allocate(total, &vec![Dec::ONE; parts], scale)
}

/// The next part of `total` when `cum_qty` of `qty` are done and `already` was given for what was done before:
/// `round(total * cum_qty / qty) - already`. Whatever the steps, the parts add up to `total` once all is done.
/// (`spec/commerce.md` 2.6: partial invoices and partial returns.)
///
/// # Errors
/// [`DecError::DivisionByZero`] if `qty` is 0; [`DecError::OutOfRange`] if the result needs more than 38 digits.
pub fn cumulative_share(
    total: Dec,
    cum_qty: Dec,
    qty: Dec,
    already: Dec,
    scale: u8,
    rounding: Rounding,
) -> Result<Dec, DecError> {
    total.mul_div(cum_qty, qty, scale, rounding)?.sub(already)
}
