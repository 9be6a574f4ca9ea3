//! The price of one unit, never rounded: an amount for so many units.
//!
//! `62 for 6` is a price that no decimal can say (graduated tiers, a flat fee); `17.4912345` has more decimals than a
//! price column (a conversion). A line therefore keeps its price at six decimals for people, and beside it the exact
//! one as text wherever the six decimals do not say it all. Amounts come from the exact one.

use crate::settings::Ratio;
use crm_kernel::dec::{Dec, DecError, Rounding};
use crm_kernel::error::{Code, Result};
use std::cmp::Ordering;
use std::fmt;

/// Decimals of a price column.
pub const PRICE_SCALE: u8 = 6;

/// A price of one unit: `amount` for `per` units. `per` is above zero.
#[derive(Clone, Copy, Debug)]
pub struct UnitPrice {
    amount: Dec,
    per: Dec,
}

impl UnitPrice {
    /// Nothing.
    pub const ZERO: UnitPrice = UnitPrice { amount: Dec::ZERO, per: Dec::ONE };

    /// `amount` for `per` units. Errors: `value.none` unless `per` is above zero.
    pub fn new(amount: Dec, per: Dec) -> Result<UnitPrice> {
        if !per.is_positive() {
            return Err(DecError::DivisionByZero.into());
        }
        Ok(UnitPrice { amount: amount.normalize(), per: per.normalize() }.reduced())
    }

    /// The amount for so many units.
    pub fn amount(self) -> Dec {
        self.amount
    }

    /// For how many units the amount is.
    pub fn per(self) -> Dec {
        self.per
    }

    /// What `quantity` units cost less `discount_percent`, rounded once. Errors: `value.out_of_range`.
    pub fn times(self, quantity: Dec, discount_percent: Dec, scale: u8, rounding: Rounding) -> Result<Dec> {
        if discount_percent.is_zero() {
            return Ok(self.amount.mul_div(quantity, self.per, scale, rounding)?);
        }
        let factor = quantity.mul(Dec::HUNDRED.sub(discount_percent)?)?;
        Ok(self.amount.mul_div(factor, self.per.mul(Dec::HUNDRED)?, scale, rounding)?)
    }

    /// The price with so many per cent added to it (taken off where negative), exactly. Errors: `value.out_of_range`.
    pub fn plus_percent(self, percent: Dec) -> Result<UnitPrice> {
        let factor = Dec::HUNDRED.add(percent)?.mul(Dec::from_i64_at(1, 2))?;
        UnitPrice::new(self.amount.mul(factor.normalize())?, self.per)
    }

    /// The price with an amount a unit added to it, exactly. Errors: `value.out_of_range`.
    pub fn plus(self, amount: Dec) -> Result<UnitPrice> {
        UnitPrice::new(self.amount.add(amount.mul(self.per)?)?, self.per)
    }

    /// The difference of two prices, exactly. Errors: `value.out_of_range`.
    pub fn minus(self, other: UnitPrice) -> Result<UnitPrice> {
        if self.per == other.per {
            return UnitPrice::new(self.amount.sub(other.amount)?, self.per);
        }
        UnitPrice::new(
            self.amount.mul(other.per)?.sub(other.amount.mul(self.per)?)?,
            self.per.mul(other.per)?,
        )
    }

    /// The price in another currency, or of another unit: `ratio` times as much, exactly. Errors: `value.out_of_range`.
    pub fn converted(self, ratio: Ratio) -> Result<UnitPrice> {
        if ratio == Ratio::ONE {
            return Ok(self);
        }
        UnitPrice::new(self.amount.mul(ratio.of())?, self.per.mul(ratio.per())?)
    }

    /// The price of one where this is that of `ratio`, exactly. Errors: `value.out_of_range`, `value.none` for none.
    pub fn split(self, ratio: Ratio) -> Result<UnitPrice> {
        if ratio == Ratio::ONE {
            return Ok(self);
        }
        UnitPrice::new(self.amount.mul(ratio.per())?, self.per.mul(ratio.of())?)
    }

    /// The price of one at `scale` decimals.  Errors: `value.out_of_range`.
    pub fn rounded(self, scale: u8, rounding: Rounding) -> Result<Dec> {
        Ok(self.amount.div(self.per, scale, rounding)?)
    }

    /// The price of one as a multiple of `step`, which is above zero. Errors: `value.out_of_range`.
    pub fn to_multiple(self, step: Dec, rounding: Rounding) -> Result<Dec> {
        Ok(self.amount.div(self.per.mul(step)?, 0, rounding)?.mul(step)?)
    }

    /// The sum of two prices, exactly. Errors: `value.out_of_range`.
    pub fn and(self, other: UnitPrice) -> Result<UnitPrice> {
        self.minus(UnitPrice { amount: other.amount.neg(), per: other.per })
    }

    /// What a price column holds, and the exact price as text where that is not all of it. Errors:
    /// `value.out_of_range` beyond 18 digits.
    pub fn stored(self) -> Result<(Dec, Option<String>)> {
        let shown = self.rounded(PRICE_SCALE, Rounding::HalfUp)?;
        if !shown.fits(Dec::STORED_DIGITS, PRICE_SCALE) {
            return Err(Code::OUT_OF_RANGE.error().with("value", shown.to_string()));
        }
        let whole = self.compare(UnitPrice::from(shown)) == Ordering::Equal;
        Ok((shown, (!whole).then(|| self.to_string())))
    }

    /// The price of a line: the exact text where there is one, else what the column holds. Errors: `field.malformed`.
    pub fn of_line(column: Dec, exact: Option<&str>) -> Result<UnitPrice> {
        match exact {
            None => Ok(UnitPrice::from(column)),
            Some(text) => {
                let (amount, per) = text.split_once('/').unwrap_or((text, "1"));
                UnitPrice::new(Dec::parse(amount)?, Dec::parse(per)?)
            }
        }
    }

    /// Which is dearer. Prices whose exact comparison would need more digits than there are are compared at 20 decimals.
    pub fn compare(self, other: UnitPrice) -> Ordering {
        if self.per == other.per {
            return self.amount.cmp(&other.amount);
        }
        match (self.amount.mul(other.per), other.amount.mul(self.per)) {
            (Ok(left), Ok(right)) => left.cmp(&right),
            _ => {
                let at = |price: UnitPrice| price.rounded(20, Rounding::HalfUp).unwrap_or(price.amount);
                at(self).cmp(&at(other))
            }
        }
    }

    /// `12/4` is `3`: a price that a decimal can say is said by one.
    fn reduced(self) -> UnitPrice {
        if self.per == Dec::ONE {
            return self;
        }
        for scale in [PRICE_SCALE, 18] {
            if let Ok(one) = self.amount.div(self.per, scale, Rounding::Down)
                && one.mul(self.per).is_ok_and(|back| back == self.amount)
            {
                return UnitPrice { amount: one.normalize(), per: Dec::ONE };
            }
        }
        self
    }
}

impl From<Dec> for UnitPrice {
    fn from(amount: Dec) -> UnitPrice {
        UnitPrice { amount, per: Dec::ONE }
    }
}

impl PartialEq for UnitPrice {
    fn eq(&self, other: &UnitPrice) -> bool {
        self.compare(*other) == Ordering::Equal
    }
}

impl Eq for UnitPrice {}

impl fmt::Display for UnitPrice {
    /// `12.5`, or `62/6` where no decimal says it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.per == Dec::ONE {
            write!(f, "{}", self.amount)
        } else {
            write!(f, "{}/{}", self.amount, self.per)
        }
    }
}
