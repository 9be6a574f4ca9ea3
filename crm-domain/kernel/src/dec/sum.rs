//! Sums of many values.

use super::wide::Wide;
use super::{Dec, DecError, LIMIT, fit};

/// 10^19: the base of the limbs of [`DecSum`].
pub(super) const LIMB: u128 = 10_000_000_000_000_000_000;
/// Digits of a limb.
pub(super) const LIMB_DIGITS: usize = 19;

impl Dec {
    /// The exact sum of all values, whatever their order: a partial sum out of range does no harm.
    ///
    /// # Errors
    /// [`DecError::OutOfRange`] if the sum needs more than 38 digits.
    pub fn sum<I: IntoIterator<Item = Dec>>(values: I) -> Result<Dec, DecError> {
        let mut sum = DecSum::default();
        for value in values {
            sum.add(value);
        }
        sum.total()
    }
}

/// An exact running sum that cannot overflow on the way: only its total has to fit.
///
/// For the aggregates of a store: the order of the rows does not matter.
#[derive(Clone, Copy, Debug, Default)]
pub struct DecSum {
    near: Dec,
    // Limbs of 19 digits: two before the point, two after it. Used once `near` cannot take a value.
    // INVARIANT: each limb grows by less than 10^19 a value, so 10^19 values fit.
    far: [i128; 4],
    is_far: bool,
}

impl DecSum {
    /// Adds one value.
    pub fn add(&mut self, value: Dec) {
        let scale = self.near.scale.max(value.scale);
        if let (Ok(left), Ok(right)) = (self.near.rescale(scale), value.rescale(scale))
            && let Some(sum) = left.mantissa.checked_add(right.mantissa)
            && sum.unsigned_abs() < LIMIT
        {
            self.near = Dec { mantissa: sum, scale };
            return;
        }
        self.add_wide(value);
    }

    /// The sum of all values added so far.
    ///
    /// # Errors
    /// [`DecError::OutOfRange`] if it needs more than 38 digits.
    pub fn total(mut self) -> Result<Dec, DecError> {
        if !self.is_far {
            return Ok(self.near);
        }
        self.add_wide(self.near);
        let (negative, [top, upper, lower, last]) = match carried(self.far) {
            Some(limbs) => (false, limbs),
            None => (true, carried(self.far.map(i128::wrapping_neg)).ok_or(DecError::OutOfRange)?),
        };
        if top >= LIMB {
            return Err(DecError::OutOfRange);
        }
        // INVARIANT: all four limbs are below 10^19 now, so both halves are below 10^38.
        let (whole, decimals) = (top * LIMB + upper, lower * LIMB + last);
        let magnitude = Wide::product(whole, LIMIT).add(decimals).ok_or(DecError::OutOfRange)?;
        fit(negative, magnitude, u32::from(Dec::MAX_SCALE))
    }

    pub(super) fn add_wide(&mut self, value: Dec) {
        self.is_far = true;
        let (whole, decimals) = value.split();
        let parts = [whole / LIMB, whole % LIMB, decimals / LIMB, decimals % LIMB];
        for (limb, part) in self.far.iter_mut().zip(parts) {
            let part = i128::try_from(part).unwrap_or_default();
            *limb = limb.saturating_add(if value.is_negative() { part.wrapping_neg() } else { part });
        }
    }
}

/// Carries between limbs, so that all but the first lie in 0..10^19; none if the number is negative.
fn carried([top, upper, lower, last]: [i128; 4]) -> Option<[u128; 4]> {
    let base = i128::try_from(LIMB).ok()?;
    let step = |limb: i128, carry: i128| {
        let limb = limb.saturating_add(carry);
        (limb.rem_euclid(base).unsigned_abs(), limb.div_euclid(base))
    };
    let (last, carry) = step(last, 0);
    let (lower, carry) = step(lower, carry);
    let (upper, carry) = step(upper, carry);
    let top = u128::try_from(top.saturating_add(carry)).ok()?;
    Some([top, upper, lower, last])
}
