//! Whole numbers of 256 bits, and quotients of them.

use super::round::Rest;
use super::{DecError, div_rem, pow10, product};

/// A quotient cut toward zero and what it left over.
pub(super) struct Quotient {
    pub(super) floor: Wide,
    pub(super) rest: Rest,
    /// Decimals not written since all of them would be 0.
    pub(super) missing: u32,
}

impl Quotient {
    /// `dividend * 10^shift / by`, for `by` in 1..10^38, a dividend below 10^76 and a shift of at most 76 either
    /// way. Of the digits, the last `decimals` stand after the point: those may be missing where they are 0.
    pub(super) fn of(dividend: Wide, by: u128, shift: i32, decimals: u32) -> Result<Quotient, DecError> {
        let digits = shift.unsigned_abs();
        if dividend.high == 0 {
            // Nearly all values are small: one division, of 128 bits at most.
            let unit = pow10(digits);
            let whole = match shift < 0 {
                true => unit.and_then(|unit| product(by, unit)).map(|by| (dividend.low, by)),
                false => unit.and_then(|unit| product(dividend.low, unit)).map(|lifted| (lifted, by)),
            };
            if let Some((dividend, by)) = whole {
                let (floor, remainder) = div_rem(dividend, by);
                let rest = Rest::of(remainder, by, Rest::Zero);
                return Ok(Quotient { floor: Wide::from(floor), rest, missing: 0 });
            }
        }
        if shift < 0 {
            let (mut floor, remainder) = dividend.div_rem(by);
            let mut rest = Rest::of(remainder, by, Rest::Zero);
            let first = digits.min(38);
            for count in [first, digits.saturating_sub(first)] {
                let unit = pow10(count).ok_or(DecError::OutOfRange)?;
                let (shorter, remainder) = floor.div_rem(unit);
                (floor, rest) = (shorter, Rest::of(remainder, unit, rest));
            }
            return Ok(Quotient { floor, rest, missing: 0 });
        }
        // Long division, one decimal digit at a time.
        let (mut floor, mut remainder) = dividend.div_rem(by);
        let mut missing = digits;
        while missing > 0 && (remainder != 0 || missing > decimals) {
            let mut digit = 0;
            let mut tenfold = 0;
            for _ in 0..10 {
                // INVARIANT: both are below 10^38, so the sum is below 2^128.
                tenfold += remainder;
                if tenfold >= by {
                    tenfold -= by;
                    digit += 1;
                }
            }
            remainder = tenfold;
            floor = floor.times_ten_plus(digit).ok_or(DecError::OutOfRange)?;
            missing = missing.saturating_sub(1);
        }
        Ok(Quotient { floor, rest: Rest::of(remainder, by, Rest::Zero), missing })
    }
}

/// A whole number of 256 bits without sign, for products on their way to a division.
#[derive(Clone, Copy)]
pub(super) struct Wide {
    pub(super) high: u128,
    pub(super) low: u128,
}

impl From<u128> for Wide {
    fn from(low: u128) -> Wide {
        Wide { high: 0, low }
    }
}

impl Wide {
    const HALF: u128 = u64::MAX as u128;

    pub(super) fn product(left: u128, right: u128) -> Wide {
        if let Some(low) = product(left, right) {
            return Wide::from(low);
        }
        let (left_high, left_low) = (left >> 64, left & Wide::HALF);
        let (right_high, right_low) = (right >> 64, right & Wide::HALF);
        // INVARIANT: products of 64 bits each, and carries below 2^64, never leave 128 bits.
        let lowest = left_low * right_low;
        let cross = left_high * right_low + (lowest >> 64);
        let middle = left_low * right_high + (cross & Wide::HALF);
        Wide {
            high: left_high * right_high + (cross >> 64) + (middle >> 64),
            low: (middle << 64) | (lowest & Wide::HALF),
        }
    }

    pub(super) fn is_zero(self) -> bool {
        self.high == 0 && self.low == 0
    }

    pub(super) fn add(self, other: u128) -> Option<Wide> {
        let (low, carry) = self.low.overflowing_add(other);
        Some(Wide { high: self.high.checked_add(u128::from(carry))?, low })
    }

    pub(super) fn add_small(self, other: u8) -> Option<Wide> {
        self.add(u128::from(other))
    }

    fn times_ten_plus(self, digit: u8) -> Option<Wide> {
        let low = Wide::product(self.low, 10);
        let high = self.high.checked_mul(10)?.checked_add(low.high)?;
        Wide { high, low: low.low }.add_small(digit)
    }

    /// Quotient and remainder, for `by` in 1..2^127.
    pub(super) fn div_rem(self, by: u128) -> (Wide, u128) {
        if self.high == 0 {
            let (low, remainder) = div_rem(self.low, by);
            return (Wide::from(low), remainder);
        }
        if by <= Wide::HALF {
            // INVARIANT: each remainder is below 2^64, so shifting it by 64 bits loses nothing.
            let middle = ((self.high % by) << 64) | (self.low >> 64);
            let lowest = ((middle % by) << 64) | (self.low & Wide::HALF);
            let low = ((middle / by) << 64) | (lowest / by);
            return (Wide { high: self.high / by, low }, lowest % by);
        }
        let mut quotient = Wide { high: self.high / by, low: 0 };
        let mut remainder = self.high % by;
        for bit in (0..128).rev() {
            // INVARIANT: remainder < by < 2^127, so doubling it loses nothing.
            remainder = (remainder << 1) | ((self.low >> bit) & 1);
            if remainder >= by {
                remainder -= by;
                quotient.low |= 1 << bit;
            }
        }
        (quotient, remainder)
    }
}
