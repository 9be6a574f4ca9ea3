//! Rounding, by name only.

use super::{Dec, DecError, div_rem, unit_of};
use std::cmp::Ordering;
use std::fmt;

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
    /// The value rounded to `scale` decimals. A value that has no more decimals than that stays as it is.
    #[must_use]
    pub fn round(self, scale: u8, rounding: Rounding) -> Dec {
        if scale >= self.scale {
            return self;
        }
        let dropped = unit_of(self.scale.abs_diff(scale));
        let (kept, rest) = div_rem(self.magnitude(), dropped);
        let rest = Rest::of(rest, dropped, Rest::Zero);
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
    pub(super) fn adds_unit(self, rest: Rest, negative: bool, odd: bool) -> bool {
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

impl fmt::Display for Rounding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// What a division left over, against half of the last unit kept.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rest {
    Zero,
    Below,
    Half,
    Above,
}

impl Rest {
    /// `remainder` of a division by `by`, after an earlier division already left `earlier` behind.
    pub(super) fn of(remainder: u128, by: u128, earlier: Rest) -> Rest {
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
