//! Sums, products and quotients.

use super::wide::{Quotient, Wide};
use super::{Dec, DecError, DecSum, Rounding, fit};

/// Arithmetic. Every operation is exact or says why not.
#[allow(
    clippy::should_implement_trait,
    reason = "the operators of std cannot refuse; a sum out of range is an error here, not a panic"
)]
impl Dec {
    /// `self + other`, exactly.
    ///
    /// # Errors
    /// [`DecError::OutOfRange`] if the sum needs more than 38 digits.
    pub fn add(self, other: Dec) -> Result<Dec, DecError> {
        let scale = self.scale.max(other.scale);
        if let (Some(left), Some(right)) = (self.small_at(scale), other.small_at(scale)) {
            // INVARIANT: both below 10^37.
            return Ok(Dec { mantissa: left.wrapping_add(right), scale });
        }
        if let (Ok(left), Ok(right)) = (self.rescale(scale), other.rescale(scale)) {
            // INVARIANT: both below 10^38, so the sum stays inside i128.
            if let Some(sum) = left.mantissa.checked_add(right.mantissa) {
                return Dec::new(sum, scale);
            }
        }
        let mut sum = DecSum::default();
        sum.add_wide(self);
        sum.add_wide(other);
        sum.total()
    }

    /// `self - other`, exactly.
    ///
    /// # Errors
    /// [`DecError::OutOfRange`] if the difference needs more than 38 digits.
    pub fn sub(self, other: Dec) -> Result<Dec, DecError> {
        self.add(other.neg())
    }

    /// `-self`. Zero has no sign.
    pub const fn neg(self) -> Dec {
        // INVARIANT: |mantissa| < 10^38, so the lowest i128 never stands here.
        Dec { mantissa: self.mantissa.wrapping_neg(), scale: self.scale }
    }

    /// `self * other`, exactly.
    ///
    /// # Errors
    /// [`DecError::OutOfRange`] if the product needs more than 38 digits or 38 decimals.
    pub fn mul(self, other: Dec) -> Result<Dec, DecError> {
        if let (Ok(left), Ok(right)) = (i64::try_from(self.mantissa), i64::try_from(other.mantissa))
            && let scale @ ..=Dec::MAX_SCALE = self.scale.saturating_add(other.scale)
        {
            // INVARIANT: at most 2^126, which is below 10^38.
            return Ok(Dec { mantissa: i128::from(left).wrapping_mul(i128::from(right)), scale });
        }
        let negative = self.is_negative() != other.is_negative();
        let scale = u32::from(self.scale).saturating_add(u32::from(other.scale));
        fit(negative, Wide::product(self.magnitude(), other.magnitude()), scale)
    }

    /// `self / by`, rounded once at `scale` decimals. The rounding decides on the exact quotient.
    ///
    /// # Errors
    /// [`DecError::DivisionByZero`]; [`DecError::OutOfRange`] if the result needs more than 38 digits or `scale`
    /// is over 38.
    pub fn div(self, by: Dec, scale: u8, rounding: Rounding) -> Result<Dec, DecError> {
        self.mul_div(Dec::ONE, by, scale, rounding)
    }

    /// `self * num / den`, rounded once at `scale` decimals: shares, conversions, percentages.
    /// The product may have up to 76 digits on the way.
    ///
    /// # Errors
    /// [`DecError::DivisionByZero`] if `den` is 0; [`DecError::OutOfRange`] if the result needs more than 38
    /// digits or `scale` is over 38.
    pub fn mul_div(self, num: Dec, den: Dec, scale: u8, rounding: Rounding) -> Result<Dec, DecError> {
        if den.is_zero() {
            return Err(DecError::DivisionByZero);
        }
        if scale > Dec::MAX_SCALE {
            return Err(DecError::OutOfRange);
        }
        let negative = (self.is_negative() != num.is_negative()) != den.is_negative();
        let product = Wide::product(self.magnitude(), num.magnitude());
        // The quotient of the mantissas has scale self + num - den; `shift` more decimals are wanted.
        let shift = i32::from(scale) + i32::from(den.scale) - i32::from(self.scale) - i32::from(num.scale);
        let quotient = Quotient::of(product, den.magnitude(), shift, u32::from(scale))?;
        let odd = quotient.floor.low % 2 == 1;
        let rounded = if rounding.adds_unit(quotient.rest, negative, odd) {
            quotient.floor.add_small(1).ok_or(DecError::OutOfRange)?
        } else {
            quotient.floor
        };
        fit(negative, rounded, u32::from(scale).saturating_sub(quotient.missing))
    }
}
