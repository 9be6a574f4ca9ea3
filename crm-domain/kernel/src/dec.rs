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

use std::cmp::{Ordering, Reverse};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::iter::repeat_n;
use std::str::FromStr;

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

/// How a result that falls between two neighbours is rounded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Rounding {
    /// To the nearest; a half goes away from zero, so that a credit note mirrors its invoice.
    #[default]
    HalfUp,
    /// To the nearest; a half goes to the even neighbour.
    HalfEven,
    /// Away from zero.
    Up,
    /// Toward zero.
    Down,
    /// Toward positive infinity.
    Ceiling,
    /// Toward negative infinity.
    Floor,
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

    /// Reads a plain decimal: an optional `-`, digits, and optionally `.` and digits. The decimals written are
    /// kept as the scale. `-0` is 0.
    ///
    /// # Errors
    /// [`DecError::Syntax`] for anything else: `+1`, `1e3`, `1,000`, `.5`, `5.`, `007`, blanks.
    /// [`DecError::OutOfRange`] if the value needs more than 38 digits.
    pub fn parse(text: &str) -> Result<Dec, DecError> {
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, decimals) = match unsigned.split_once('.') {
            Some((_, "")) => return Err(DecError::Syntax),
            Some(parts) => parts,
            None => (unsigned, ""),
        };
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !all_digits(whole) || !all_digits(decimals) {
            return Err(DecError::Syntax);
        }
        if whole.len() > 1 && whole.starts_with('0') {
            return Err(DecError::Syntax);
        }
        let magnitude =
            read_digits(whole, decimals).or_else(|| read_digits(whole, decimals.trim_end_matches('0')));
        match magnitude {
            Some((magnitude, scale)) => Ok(Dec::from_parts(negative, magnitude, scale)),
            None => Err(DecError::OutOfRange),
        }
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
        match self.normalize().rescale(scale) {
            Ok(value) => value.is_zero() || value.digits() <= digits,
            Err(_) => false,
        }
    }

    /// The value written with exactly `scale` decimals.
    ///
    /// # Errors
    /// [`DecError::Inexact`] if it has further decimals that are not zero; [`DecError::OutOfRange`] if it needs
    /// more than 38 digits at that scale.
    pub fn rescale(self, scale: u8) -> Result<Dec, DecError> {
        if scale == self.scale {
            return Ok(self);
        }
        if scale > self.scale {
            if scale > Dec::MAX_SCALE {
                return Err(DecError::OutOfRange);
            }
            return match self.magnitude().checked_mul(unit_of(scale.abs_diff(self.scale))) {
                Some(magnitude) if magnitude < LIMIT => {
                    Ok(Dec::from_parts(self.is_negative(), magnitude, scale))
                }
                _ => Err(DecError::OutOfRange),
            };
        }
        let rounded = self.round(scale, Rounding::Down);
        if rounded == self { Ok(rounded) } else { Err(DecError::Inexact) }
    }

    /// The value rounded to `scale` decimals. A value that has no more decimals than that stays as it is.
    #[must_use]
    pub fn round(self, scale: u8, rounding: Rounding) -> Dec {
        if scale >= self.scale {
            return self;
        }
        let dropped = unit_of(self.scale.abs_diff(scale));
        let magnitude = self.magnitude();
        let (kept, rest) = (magnitude / dropped, Rest::of(magnitude % dropped, dropped, Rest::Zero));
        // INVARIANT: kept <= 10^37, so the unit added cannot leave the range.
        let unit = u128::from(rounding.adds_unit(rest, self.is_negative(), kept % 2 == 1));
        Dec::from_parts(self.is_negative(), kept.saturating_add(unit), scale)
    }

    /// The greatest value with `scale` decimals that is not above this one.
    #[must_use]
    pub fn floor_to(self, scale: u8) -> Dec {
        self.round(scale, Rounding::Floor)
    }

    /// The least value with `scale` decimals that is not below this one.
    #[must_use]
    pub fn ceil_to(self, scale: u8) -> Dec {
        self.round(scale, Rounding::Ceiling)
    }

    /// The value rounded to a multiple of `step`: prices that end on 0.05, quantities that come in packs of 12.
    ///
    /// # Errors
    /// [`DecError::DivisionByZero`] if `step` is 0; [`DecError::OutOfRange`] if `step` is negative, or if the
    /// count of steps or the result needs more than 38 digits.
    pub fn round_to_multiple(self, step: Dec, rounding: Rounding) -> Result<Dec, DecError> {
        if step.is_negative() {
            return Err(DecError::OutOfRange);
        }
        self.div(step, 0, rounding)?.mul(step)
    }

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

    /// Canonical text with at least `decimals` decimals, padded with zeros: the text of money. Decimals beyond
    /// that are never cut.
    pub fn to_text_scale(&self, decimals: u8) -> String {
        let mut text = String::new();
        write_text(&mut text, *self, decimals).unwrap_or_default();
        text
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
        (self.magnitude() / unit, (self.magnitude() % unit).saturating_mul(lift))
    }
}

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

impl Rounding {
    /// All roundings, in the order of their declaration.
    pub const ALL: [Rounding; 6] = [
        Rounding::HalfUp,
        Rounding::HalfEven,
        Rounding::Up,
        Rounding::Down,
        Rounding::Ceiling,
        Rounding::Floor,
    ];

    /// The stable code: `half-up`, `half-even`, `up`, `down`, `ceiling`, `floor`.
    pub const fn code(self) -> &'static str {
        match self {
            Rounding::HalfUp => "half-up",
            Rounding::HalfEven => "half-even",
            Rounding::Up => "up",
            Rounding::Down => "down",
            Rounding::Ceiling => "ceiling",
            Rounding::Floor => "floor",
        }
    }

    /// The rounding with this code, if there is one.
    pub fn parse(code: &str) -> Option<Rounding> {
        Rounding::ALL.into_iter().find(|rounding| rounding.code() == code)
    }

    /// Whether the magnitude, cut toward zero with `rest` left over, is raised by one unit.
    fn adds_unit(self, rest: Rest, negative: bool, odd: bool) -> bool {
        match self {
            Rounding::HalfUp => rest >= Rest::Half,
            Rounding::HalfEven => rest > Rest::Half || (rest == Rest::Half && odd),
            Rounding::Up => rest != Rest::Zero,
            Rounding::Down => false,
            Rounding::Ceiling => rest != Rest::Zero && !negative,
            Rounding::Floor => rest != Rest::Zero && negative,
        }
    }
}

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

    fn add_wide(&mut self, value: Dec) {
        self.is_far = true;
        let (whole, decimals) = value.split();
        let parts = [whole / LIMB, whole % LIMB, decimals / LIMB, decimals % LIMB];
        for (limb, part) in self.far.iter_mut().zip(parts) {
            let part = i128::try_from(part).unwrap_or_default();
            *limb = limb.saturating_add(if value.is_negative() { part.wrapping_neg() } else { part });
        }
    }
}

impl fmt::Display for Dec {
    /// Canonical text: no trailing zeros, no `-0`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not `pad`: it would cut the text where a precision is given.
        f.pad_integral(!self.is_negative(), "", &self.abs().to_text_scale(0))
    }
}

impl fmt::Debug for Dec {
    /// All decimals kept, so that 1.0 and 1.00 can be told apart.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Dec({})", self.to_text_scale(self.scale))
    }
}

impl FromStr for Dec {
    type Err = DecError;

    /// As [`Dec::parse`].
    fn from_str(text: &str) -> Result<Dec, DecError> {
        Dec::parse(text)
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
        match (self.is_negative(), other.is_negative()) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => self.split().cmp(&other.split()),
            (true, true) => other.split().cmp(&self.split()),
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

impl fmt::Display for Rounding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// 10^38: every mantissa is below it.
const LIMIT: u128 = 100_000_000_000_000_000_000_000_000_000_000_000_000;
/// 10^18: every stored mantissa is below it.
const STORED_LIMIT: u128 = 1_000_000_000_000_000_000;
/// 10^19: the base of the limbs of [`DecSum`].
const LIMB: u128 = 10_000_000_000_000_000_000;

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

/// 10^scale, for a scale up to 38.
fn unit_of(scale: u8) -> u128 {
    POWERS.get(usize::from(scale)).copied().unwrap_or(LIMIT)
}

/// 10^n, if n is at most 38.
fn pow10(n: u32) -> Option<u128> {
    POWERS.get(usize::try_from(n).ok()?).copied()
}

/// The digits of both parts as one number, with the count of decimals; none if it has more than 38 digits.
fn read_digits(whole: &str, decimals: &str) -> Option<(u128, u8)> {
    let scale = u8::try_from(decimals.len()).ok().filter(|scale| *scale <= Dec::MAX_SCALE)?;
    let mut magnitude: u128 = 0;
    for byte in whole.bytes().chain(decimals.bytes()) {
        let digit = u128::from(byte.saturating_sub(b'0'));
        magnitude = magnitude.checked_mul(10)?.checked_add(digit).filter(|value| *value < LIMIT)?;
    }
    Some((magnitude, scale))
}

fn write_text(out: &mut String, value: Dec, decimals: u8) -> fmt::Result {
    use fmt::Write;
    let value = value.normalize();
    let unit = unit_of(value.scale);
    let (whole, fraction) = (value.magnitude() / unit, value.magnitude() % unit);
    if value.is_negative() {
        out.push('-');
    }
    write!(out, "{whole}")?;
    let width = usize::from(value.scale);
    if value.scale > 0 {
        write!(out, ".{fraction:0width$}")?;
    } else if decimals > 0 {
        out.push('.');
    }
    out.extend(repeat_n('0', usize::from(decimals.saturating_sub(value.scale))));
    Ok(())
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

/// What a division left over, against half of the last unit kept.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rest {
    Zero,
    Below,
    Half,
    Above,
}

impl Rest {
    /// `remainder` of a division by `by`, after an earlier division already left `earlier` behind.
    fn of(remainder: u128, by: u128, earlier: Rest) -> Rest {
        if by == 1 {
            return earlier;
        }
        // INVARIANT: remainder < by.
        match (remainder.cmp(&by.saturating_sub(remainder)), earlier) {
            (Ordering::Less, Rest::Zero) if remainder == 0 => Rest::Zero,
            (Ordering::Less, _) => Rest::Below,
            (Ordering::Equal, Rest::Zero) => Rest::Half,
            (Ordering::Equal | Ordering::Greater, _) => Rest::Above,
        }
    }
}

/// A quotient cut toward zero and what it left over.
struct Quotient {
    floor: Wide,
    rest: Rest,
    /// Decimals not written since all of them would be 0.
    missing: u32,
}

impl Quotient {
    /// `dividend * 10^shift / by`, for `by` in 1..10^38, a dividend below 10^76 and a shift of at most 76 either
    /// way. Of the digits, the last `decimals` stand after the point: those may be missing where they are 0.
    fn of(dividend: Wide, by: u128, shift: i32, decimals: u32) -> Result<Quotient, DecError> {
        let digits = shift.unsigned_abs();
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
        if dividend.high == 0
            && let Some(lifted) = pow10(digits).and_then(|unit| dividend.low.checked_mul(unit))
        {
            let rest = Rest::of(lifted % by, by, Rest::Zero);
            return Ok(Quotient { floor: Wide::from(lifted / by), rest, missing: 0 });
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
struct Wide {
    high: u128,
    low: u128,
}

impl From<u128> for Wide {
    fn from(low: u128) -> Wide {
        Wide { high: 0, low }
    }
}

impl Wide {
    const HALF: u128 = u64::MAX as u128;

    fn product(left: u128, right: u128) -> Wide {
        if let Some(low) = left.checked_mul(right) {
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

    fn is_zero(self) -> bool {
        self.high == 0 && self.low == 0
    }

    fn add(self, other: u128) -> Option<Wide> {
        let (low, carry) = self.low.overflowing_add(other);
        Some(Wide { high: self.high.checked_add(u128::from(carry))?, low })
    }

    fn add_small(self, other: u8) -> Option<Wide> {
        self.add(u128::from(other))
    }

    fn times_ten_plus(self, digit: u8) -> Option<Wide> {
        let low = Wide::product(self.low, 10);
        let high = self.high.checked_mul(10)?.checked_add(low.high)?;
        Wide { high, low: low.low }.add_small(digit)
    }

    /// Quotient and remainder, for `by` in 1..2^127.
    fn div_rem(self, by: u128) -> (Wide, u128) {
        if self.high == 0 {
            return (Wide::from(self.low / by), self.low % by);
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

#[cfg(test)]
#[path = "dec_tests.rs"]
mod tests;
