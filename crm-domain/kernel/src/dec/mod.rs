//! Exact decimals: the only number type of the engine.
//!
//! A [`Dec`] is a whole number (the mantissa) and a count of decimals (the scale): `12.50` is 1250 at scale 2.
//! It holds at most 38 digits, which is what a calculation may need on its way; what is stored has at most 18
//! digits at the scale of its field ([`Dec::to_i64_at`], [`Dec::from_i64_at`]).
//!
//! What it promises:
//! - Two decimals are equal, ordered and hashed by value: `1.0` is `1.00`.
//! - Sums and products are exact or refused with [`DecError::OutOfRange`]; nothing is ever rounded on the side.
//! - Only an operation that is given a [`Rounding`] rounds, and it rounds once: [`Dec::div`] and [`Dec::mul_div`]
//!   decide on the exact quotient, however long it is.
//! - Shares add up: [`allocate`] and [`cumulative_share`] give back the whole, to the last unit.
//!
//! What it never does: binary fractions, infinities, negative zero, a panic.
//!
//! ```
//! use crm_kernel::dec::{self, Dec, DecError, Rounding};
//!
//! let price = Dec::parse("19.99")?;
//! let discount = price.mul_div(25.into(), Dec::HUNDRED, 2, Rounding::HalfUp)?;
//! assert_eq!(price.sub(discount)?.to_string(), "14.99");
//!
//! let shares = dec::allocate(Dec::from_int(10), &[Dec::ONE; 3], 2)?;
//! assert_eq!(shares, [Dec::new(334, 2)?, Dec::new(333, 2)?, Dec::new(333, 2)?]);
//! # Ok::<(), DecError>(())
//! ```

mod allocate;
mod arithmetic;
mod round;
mod sum;
#[cfg(test)]
mod tests;
mod text;
mod wide;

pub use allocate::{allocate, allocate_even, cumulative_share};
pub use round::Rounding;
pub use sum::DecSum;

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use wide::Wide;

/// An exact decimal of at most 38 digits.
///
/// Comparison and hashing go by value, not by the number of decimals written.
#[derive(Clone, Copy, Default)]
pub struct Dec {
    // INVARIANT: |mantissa| < 10^38 and scale <= 38.
    mantissa: i128,
    scale: u8,
}

/// Why a decimal could not be read or a calculation could not be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DecError {
    /// The text is not a plain decimal such as `-12.50`.
    Syntax,
    /// The result would need more than 38 digits (or, where it is to be stored, more than 18).
    OutOfRange,
    /// The value has decimals that the wanted scale cannot keep.
    Inexact,
    /// Division by zero, or shares of something by weights that are all zero.
    DivisionByZero,
}

impl Dec {
    /// Most digits a decimal can have.
    pub const MAX_DIGITS: u8 = 38;
    /// Most decimals a decimal can have.
    pub const MAX_SCALE: u8 = 38;
    /// Most digits a stored decimal can have, at the scale of its field.
    pub const STORED_DIGITS: u8 = 18;

    /// 0.
    pub const ZERO: Dec = Dec { mantissa: 0, scale: 0 };
    /// 1.
    pub const ONE: Dec = Dec { mantissa: 1, scale: 0 };
    /// 100, to turn a percentage into a factor.
    pub const HUNDRED: Dec = Dec { mantissa: 100, scale: 0 };

    /// The value `mantissa / 10^scale`, as written if it fits, else without its trailing zeros.
    ///
    /// # Errors
    /// [`DecError::OutOfRange`] if it needs more than 38 digits or 38 decimals.
    pub fn new(mantissa: i128, scale: u8) -> Result<Dec, DecError> {
        fit(mantissa < 0, Wide::from(mantissa.unsigned_abs()), u32::from(scale))
    }

    /// The whole number `value`.
    pub const fn from_int(value: i64) -> Dec {
        Dec { mantissa: value as i128, scale: 0 }
    }

    /// A stored number: `mantissa` units of `10^-scale`. The scale is that of a field, at most 18; a scale over
    /// [`Dec::MAX_SCALE`] is a mistake in the program and is taken as [`Dec::MAX_SCALE`].
    pub const fn from_i64_at(mantissa: i64, scale: u8) -> Dec {
        debug_assert!(scale <= Dec::MAX_SCALE);
        let scale = if scale > Dec::MAX_SCALE { Dec::MAX_SCALE } else { scale };
        Dec { mantissa: mantissa as i128, scale }
    }

    /// The number as it is stored: how many units of `10^-scale` it is.
    ///
    /// # Errors
    /// [`DecError::Inexact`] if it has further decimals, [`DecError::OutOfRange`] if it has more than 18 digits
    /// at that scale.
    pub fn to_i64_at(self, scale: u8) -> Result<i64, DecError> {
        let mantissa = self.rescale(scale)?.mantissa;
        if mantissa.unsigned_abs() >= STORED_LIMIT {
            return Err(DecError::OutOfRange);
        }
        i64::try_from(mantissa).map_err(|_| DecError::OutOfRange)
    }

    /// The whole number that, divided by `10^scale`, is the value.
    pub const fn mantissa(self) -> i128 {
        self.mantissa
    }

    /// The number of decimals kept, 0 to 38.
    pub const fn scale(self) -> u8 {
        self.scale
    }

    /// The number of digits of the mantissa, 1 to 38: 3 for `1.50`, 1 for `0.05` and for 0.
    pub fn digits(self) -> u8 {
        let digits = self.mantissa.unsigned_abs().checked_ilog10().unwrap_or(0).saturating_add(1);
        u8::try_from(digits).unwrap_or(Dec::MAX_DIGITS)
    }

    /// The same value without trailing zeros after the point.
    pub fn normalize(self) -> Dec {
        let Dec { mut mantissa, mut scale } = self;
        if mantissa == 0 {
            return Dec::ZERO;
        }
        // Division is many times cheaper in 64 bits, and nearly all values fit.
        if let Ok(mut small) = i64::try_from(mantissa) {
            // What comes from a column of six decimals mostly has none of them.
            if scale >= 6 && small % 1_000_000 == 0 {
                small /= 1_000_000;
                scale -= 6;
            }
            while scale > 0 && small % 10 == 0 {
                small /= 10;
                scale -= 1;
            }
            return Dec { mantissa: i128::from(small), scale };
        }
        while scale > 0 && mantissa % 10 == 0 {
            mantissa /= 10;
            scale -= 1;
        }
        Dec { mantissa, scale }
    }

    /// Whether the value is 0.
    pub const fn is_zero(self) -> bool {
        self.mantissa == 0
    }

    /// Whether the value is below 0.
    pub const fn is_negative(self) -> bool {
        self.mantissa < 0
    }

    /// Whether the value is above 0.
    pub const fn is_positive(self) -> bool {
        self.mantissa > 0
    }

    /// -1, 0 or 1: the sign of the value.
    pub const fn signum(self) -> i32 {
        self.mantissa.signum() as i32
    }

    /// The value without its sign.
    pub const fn abs(self) -> Dec {
        // INVARIANT: |mantissa| < 10^38, so the lowest i128 never stands here.
        Dec { mantissa: self.mantissa.wrapping_abs(), scale: self.scale }
    }

    /// Whether the value can be held exactly with at most `digits` digits, `scale` of them after the point.
    pub fn fits(self, digits: u8, scale: u8) -> bool {
        self.magnitude_at(scale).is_ok_and(|magnitude| magnitude < unit_of(digits))
    }

    /// The value written with exactly `scale` decimals.
    ///
    /// # Errors
    /// [`DecError::Inexact`] if it has further decimals that are not zero; [`DecError::OutOfRange`] if it needs
    /// more than 38 digits at that scale.
    pub fn rescale(self, scale: u8) -> Result<Dec, DecError> {
        Ok(Dec::from_parts(self.is_negative(), self.magnitude_at(scale)?, scale))
    }

    /// How many units of `10^-scale` the value without its sign is. Errors as [`Dec::rescale`].
    fn magnitude_at(self, scale: u8) -> Result<u128, DecError> {
        if scale >= self.scale {
            return self.lifted(scale).filter(|magnitude| *magnitude < LIMIT).ok_or(DecError::OutOfRange);
        }
        match div_rem(self.magnitude(), unit_of(self.scale.abs_diff(scale))) {
            (magnitude, 0) => Ok(magnitude),
            _ => Err(DecError::Inexact),
        }
    }

    /// The same for a scale that is not below the value's own, where it fits 128 bits and the scale is none too many.
    fn lifted(self, scale: u8) -> Option<u128> {
        match scale.abs_diff(self.scale) {
            0 => Some(self.magnitude()),
            _ if scale > Dec::MAX_SCALE => None,
            more => product(self.magnitude(), unit_of(more)),
        }
    }

    /// The mantissa at a scale that is not below the value's own, where the own mantissa fits 64 bits and few decimals are
    /// added, as nearly always; below 10^37.
    #[inline]
    fn small_at(self, scale: u8) -> Option<i128> {
        let lift = *SMALL_POWERS.get(usize::from(scale.abs_diff(self.scale)))?;
        Some(i128::from(i64::try_from(self.mantissa).ok()?).wrapping_mul(i128::from(lift)))
    }

    /// INVARIANT of the caller: magnitude < 10^38, scale <= 38.
    fn from_parts(negative: bool, magnitude: u128, scale: u8) -> Dec {
        let mantissa = i128::try_from(magnitude).unwrap_or(i128::MAX);
        Dec { mantissa: if negative { mantissa.wrapping_neg() } else { mantissa }, scale }
    }

    fn magnitude(self) -> u128 {
        self.mantissa.unsigned_abs()
    }

    /// The magnitude as its whole part and its decimals in units of 10^-38, both below 10^38.
    fn split(self) -> (u128, u128) {
        let unit = unit_of(self.scale);
        let lift = unit_of(Dec::MAX_SCALE.abs_diff(self.scale));
        // INVARIANT: the remainder is below 10^scale, so lifting it by 10^(38 - scale) stays below 10^38.
        let (whole, decimals) = div_rem(self.magnitude(), unit);
        (whole, decimals.saturating_mul(lift))
    }
}

impl From<i64> for Dec {
    fn from(value: i64) -> Dec {
        Dec::from_int(value)
    }
}

impl From<i32> for Dec {
    fn from(value: i32) -> Dec {
        Dec::from_int(i64::from(value))
    }
}

impl From<u32> for Dec {
    fn from(value: u32) -> Dec {
        Dec::from_int(i64::from(value))
    }
}

impl From<rust_decimal::Decimal> for Dec {
    /// Exact: the other type has at most 28 decimals and 96 bits.
    fn from(value: rust_decimal::Decimal) -> Dec {
        let mantissa = value.mantissa();
        let scale = u8::try_from(value.scale()).unwrap_or(Dec::MAX_SCALE);
        Dec::from_parts(mantissa < 0, mantissa.unsigned_abs(), scale)
    }
}

impl TryFrom<Dec> for rust_decimal::Decimal {
    type Error = DecError;

    /// # Errors
    /// [`DecError::OutOfRange`] if the value has more than 28 decimals or does not fit 96 bits.
    fn try_from(value: Dec) -> Result<rust_decimal::Decimal, DecError> {
        let value = value.normalize();
        rust_decimal::Decimal::try_from_i128_with_scale(value.mantissa, u32::from(value.scale))
            .map_err(|_| DecError::OutOfRange)
    }
}

impl Eq for Dec {}

impl PartialEq for Dec {
    fn eq(&self, other: &Dec) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl PartialOrd for Dec {
    fn partial_cmp(&self, other: &Dec) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Dec {
    fn cmp(&self, other: &Dec) -> Ordering {
        if self.scale == other.scale {
            return self.mantissa.cmp(&other.mantissa);
        }
        let scale = self.scale.max(other.scale);
        let magnitudes = || match (self.lifted(scale), other.lifted(scale)) {
            (Some(left), Some(right)) => left.cmp(&right),
            _ => self.split().cmp(&other.split()),
        };
        match (self.is_negative(), other.is_negative()) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => magnitudes(),
            (true, true) => magnitudes().reverse(),
        }
    }
}

impl Hash for Dec {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let value = self.normalize();
        value.mantissa.hash(state);
        value.scale.hash(state);
    }
}

impl fmt::Display for DecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DecError::Syntax => "not a plain decimal number",
            DecError::OutOfRange => "number out of range",
            DecError::Inexact => "number has more decimals than allowed",
            DecError::DivisionByZero => "division by zero",
        })
    }
}

impl std::error::Error for DecError {}

/// 10^38: every mantissa is below it.
const LIMIT: u128 = 100_000_000_000_000_000_000_000_000_000_000_000_000;
/// 10^18: every stored mantissa is below it.
const STORED_LIMIT: u128 = 1_000_000_000_000_000_000;

/// 10^0 to 10^38.
#[allow(clippy::indexing_slicing, reason = "worked out by the compiler, which checks the bounds")]
static POWERS: [u128; 39] = {
    let mut powers = [1; 39];
    let mut at = 1;
    while at < powers.len() {
        powers[at] = powers[at - 1] * 10;
        at += 1;
    }
    powers
};

/// 10^0 to 10^18.
#[allow(clippy::indexing_slicing, reason = "worked out by the compiler, which checks the bounds")]
static SMALL_POWERS: [i64; 19] = {
    let mut powers = [1; 19];
    let mut at = 1;
    while at < powers.len() {
        powers[at] = powers[at - 1] * 10;
        at += 1;
    }
    powers
};

/// 10^scale, for a scale up to 38.
fn unit_of(scale: u8) -> u128 {
    POWERS.get(usize::from(scale)).copied().unwrap_or(LIMIT)
}

/// Quotient and remainder, for `by` above 0. Division is many times cheaper in 64 bits, and nearly all values fit.
#[inline]
fn div_rem(value: u128, by: u128) -> (u128, u128) {
    match (u64::try_from(value), u64::try_from(by)) {
        (Ok(value), Ok(by)) => (u128::from(value / by), u128::from(value % by)),
        _ => (value / by, value % by),
    }
}

/// The product, where it fits 128 bits. Nearly all factors fit 64.
#[inline]
fn product(left: u128, right: u128) -> Option<u128> {
    match (u64::try_from(left), u64::try_from(right)) {
        (Ok(left), Ok(right)) => Some(u128::from(left).wrapping_mul(u128::from(right))),
        _ => left.checked_mul(right),
    }
}

/// 10^n, if n is at most 38.
fn pow10(n: u32) -> Option<u128> {
    POWERS.get(usize::try_from(n).ok()?).copied()
}

/// The decimal `magnitude / 10^scale`, stripped of as many trailing zeros as it takes to fit.
fn fit(negative: bool, mut magnitude: Wide, mut scale: u32) -> Result<Dec, DecError> {
    if magnitude.is_zero() {
        let scale = u8::try_from(scale).unwrap_or(Dec::MAX_SCALE).min(Dec::MAX_SCALE);
        return Ok(Dec { mantissa: 0, scale });
    }
    while magnitude.high != 0 || magnitude.low >= LIMIT || scale > u32::from(Dec::MAX_SCALE) {
        let (shorter, digit) = magnitude.div_rem(10);
        if digit != 0 || scale == 0 {
            return Err(DecError::OutOfRange);
        }
        magnitude = shorter;
        scale = scale.saturating_sub(1);
    }
    Ok(Dec::from_parts(negative, magnitude.low, u8::try_from(scale).map_err(|_| DecError::OutOfRange)?))
}
