//! Sharing an amount out (commerce.md 2.4). Pure.

use crm_kernel::dec::{Dec, Rounding, allocate};
use crm_kernel::error::Result;

/// How an amount is shared out so that the shares add up to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Allocation {
    /// Each its exact share cut to the unit; what is left goes to the largest remainders, earlier ones first.
    #[default]
    LargestRemainder,
    /// Each its share rounded, the last with a weight what is left: it may be out of proportion, even of the other sign.
    LastAbsorbs,
    /// The largest weight first, each its share rounded up to what is left; then one unit each.
    Smooth,
}

impl Allocation {
    /// The shares of `total` by weights from 0 on, at `scale` decimals. Errors: `value.inexact` where the total has more
    /// decimals, `value.none` where all weights are 0 and the total is not, `value.out_of_range`.
    pub fn share(self, total: Dec, weights: &[Dec], scale: u8) -> Result<Vec<Dec>> {
        let largest = allocate(total, weights, scale)?;
        if total.is_zero() || self == Allocation::LargestRemainder {
            return Ok(largest);
        }
        let whole = Dec::sum(weights.iter().copied())?;
        match self {
            Allocation::LargestRemainder => Ok(largest),
            Allocation::LastAbsorbs => {
                let mut left = total;
                let last = weights.iter().rposition(|weight| !weight.is_zero());
                let mut shares = Vec::with_capacity(weights.len());
                for (at, weight) in weights.iter().enumerate() {
                    let share = match Some(at) == last {
                        true => left,
                        false => total.mul_div(*weight, whole, scale, Rounding::HalfUp)?,
                    };
                    left = left.sub(share)?;
                    shares.push(share);
                }
                Ok(shares)
            }
            Allocation::Smooth => {
                let mut order: Vec<(usize, Dec)> = weights.iter().copied().enumerate().collect();
                order.sort_by_key(|(at, weight)| (std::cmp::Reverse(*weight), *at));
                let unit = Dec::new(1, scale)?;
                let unit = if total.is_negative() { unit.neg() } else { unit };
                let (mut left, mut shares) = (total, vec![Dec::ZERO; weights.len()]);
                for (at, weight) in &order {
                    let wanted = total.mul_div(*weight, whole, scale, Rounding::HalfUp)?;
                    let share = if wanted.abs() > left.abs() { left } else { wanted };
                    left = left.sub(share)?;
                    if let Some(slot) = shares.get_mut(*at) {
                        *slot = share;
                    }
                }
                let takers = order.iter().filter(|(_, weight)| !weight.is_zero()).cycle();
                for (at, _) in takers {
                    if left.is_zero() {
                        break;
                    }
                    left = left.sub(unit)?;
                    if let Some(slot) = shares.get_mut(*at) {
                        *slot = slot.add(unit)?;
                    }
                }
                Ok(shares)
            }
        }
    }
}
