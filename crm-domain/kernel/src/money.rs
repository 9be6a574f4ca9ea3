//! Money: an exact amount in one currency.
//!
//! Amounts of two currencies never meet: adding them is an error, and so is comparing them by size (there is no
//! order on [`Money`]). Converting is a business step with a rate and a date, not arithmetic. Nothing rounds but
//! [`Money::round`], by the posting policy of the enterprise. (`spec/commerce.md` 2.4.)
//!
//! ```
//! use crm_kernel::currency::Currency;
//! use crm_kernel::dec::Dec;
//! use crm_kernel::money::{Money, MoneyError, RoundingPolicy};
//!
//! let net = Money::new(Dec::parse("12.345")?, Currency::EUR);
//! assert_eq!(net.round(RoundingPolicy::HalfUp)?.to_string(), "12.35 EUR");
//! assert!(net.checked_add(Money::zero(Currency::USD)).is_err());
//! # Ok::<(), MoneyError>(())
//! ```

use std::fmt;

use crate::currency::Currency;
use crate::dec::{self, Dec, DecError, Rounding};
use crate::json::Json;

/// An exact amount in one currency, in units of the currency (euros, not cents), not necessarily rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Money {
    /// The amount, in units of the currency.
    pub amount: Dec,
    /// The currency.
    pub currency: Currency,
}

/// Why amounts could not be taken together or calculated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MoneyError {
    /// The amounts are in two currencies.
    Currency {
        /// The currency of the first amount.
        left: Currency,
        /// The currency of the second amount.
        right: Currency,
    },
    /// The arithmetic was refused.
    Dec(DecError),
}

/// How the enterprise rounds an amount when it is posted: its policy for every amount that is stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum RoundingPolicy {
    /// To the minor unit of the currency; a half goes away from zero.
    #[default]
    HalfUp,
    /// To the minor unit of the currency; a half goes to the even neighbour.
    HalfEven,
    /// To the four decimals a money column has, whatever the currency; a half goes away from zero.
    Exact,
}

impl Money {
    /// `amount` in `currency`, as it is.
    pub const fn new(amount: Dec, currency: Currency) -> Money {
        Money { amount, currency }
    }

    /// Nothing, in `currency`.
    pub const fn zero(currency: Currency) -> Money {
        Money::new(Dec::ZERO, currency)
    }

    /// The sum, exactly.
    ///
    /// # Errors
    /// [`MoneyError::Currency`] if the currencies differ; [`MoneyError::Dec`] if the sum is out of range.
    pub fn checked_add(self, other: Money) -> Result<Money, MoneyError> {
        self.same_currency(other)?;
        Ok(Money::new(self.amount.add(other.amount)?, self.currency))
    }

    /// The difference, exactly.
    ///
    /// # Errors
    /// As [`Money::checked_add`].
    pub fn checked_sub(self, other: Money) -> Result<Money, MoneyError> {
        self.checked_add(other.negated())
    }

    /// The amount times `factor`, exactly and not rounded.
    ///
    /// # Errors
    /// [`MoneyError::Dec`] if the product is out of range.
    pub fn checked_mul(self, factor: Dec) -> Result<Money, MoneyError> {
        Ok(Money::new(self.amount.mul(factor)?, self.currency))
    }

    /// The same amount on the other side: an invoice becomes its credit note.
    #[must_use]
    pub const fn negated(self) -> Money {
        Money::new(self.amount.neg(), self.currency)
    }

    /// The amount as it is posted under `policy`.
    ///
    /// # Errors
    /// [`MoneyError::Dec`] if the rounded amount does not fit a money column.
    pub fn round(self, policy: RoundingPolicy) -> Result<Money, MoneyError> {
        Ok(Money::new(policy.post(self.amount, self.currency.digits())?, self.currency))
    }

    /// Splits a posted amount by weights into posted amounts that add up to it; see [`dec::allocate`].
    ///
    /// # Errors
    /// [`MoneyError::Dec`] as [`dec::allocate`], where the unit is the smallest amount `policy` posts.
    pub fn allocate(self, weights: &[Dec], policy: RoundingPolicy) -> Result<Vec<Money>, MoneyError> {
        let shares = dec::allocate(self.amount, weights, policy.scale(self.currency.digits()))?;
        Ok(shares.into_iter().map(|share| Money::new(share, self.currency)).collect())
    }

    /// The amount with at least the decimals of its currency, never cut: `12.50`, `1200` yen, `0.1234`.
    pub fn text(&self) -> String {
        self.amount.to_text_scale(self.currency.digits())
    }

    fn same_currency(self, other: Money) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            Ok(())
        } else {
            Err(MoneyError::Currency { left: self.currency, right: other.currency })
        }
    }
}

impl RoundingPolicy {
    /// Decimals of a money column: what [`RoundingPolicy::Exact`] keeps.
    pub const EXACT_SCALE: u8 = 4;

    /// The stable code: `half-up`, `half-even`, `exact`.
    pub const fn code(self) -> &'static str {
        match self {
            RoundingPolicy::HalfUp => "half-up",
            RoundingPolicy::HalfEven => "half-even",
            RoundingPolicy::Exact => "exact",
        }
    }

    /// The policy with this code, if there is one.
    pub fn parse(code: &str) -> Option<RoundingPolicy> {
        [RoundingPolicy::HalfUp, RoundingPolicy::HalfEven, RoundingPolicy::Exact]
            .into_iter()
            .find(|policy| policy.code() == code)
    }

    /// The decimals of a posted amount, for a currency with `digits` decimals.
    pub const fn scale(self, digits: u8) -> u8 {
        match self {
            RoundingPolicy::HalfUp | RoundingPolicy::HalfEven => digits,
            RoundingPolicy::Exact => RoundingPolicy::EXACT_SCALE,
        }
    }

    /// How this policy treats what falls between two amounts.
    pub const fn rounding(self) -> Rounding {
        match self {
            RoundingPolicy::HalfUp | RoundingPolicy::Exact => Rounding::HalfUp,
            RoundingPolicy::HalfEven => Rounding::HalfEven,
        }
    }

    /// The amount as it is posted, for a currency with `digits` decimals.
    ///
    /// # Errors
    /// [`DecError::OutOfRange`] if the rounded amount does not fit a money column: 18 digits, four of them
    /// decimals.
    pub fn post(self, amount: Dec, digits: u8) -> Result<Dec, DecError> {
        let posted = amount.round(self.scale(digits), self.rounding());
        if posted.fits(Dec::STORED_DIGITS, RoundingPolicy::EXACT_SCALE) {
            Ok(posted)
        } else {
            Err(DecError::OutOfRange)
        }
    }
}

impl fmt::Display for Money {
    /// The text of the amount and the code: `12.50 EUR`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.text(), self.currency)
    }
}

/// The amount as refusals and messages show it, with the decimals of its currency: [`Money::text`].
impl From<Money> for Json {
    fn from(money: Money) -> Json {
        Json::Text(money.text())
    }
}

impl From<DecError> for MoneyError {
    fn from(error: DecError) -> MoneyError {
        MoneyError::Dec(error)
    }
}

impl fmt::Display for MoneyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MoneyError::Currency { left, right } => write!(f, "amounts in `{left}` and in `{right}`"),
            MoneyError::Dec(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for MoneyError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            MoneyError::Currency { .. } => None,
            MoneyError::Dec(error) => Some(error),
        }
    }
}

impl fmt::Display for RoundingPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(text: &str) -> Money {
        let (amount, code) = text.split_once(' ').unwrap();
        Money::new(Dec::parse(amount).unwrap(), Currency::parse(code).unwrap())
    }

    #[test]
    fn amounts_of_one_currency_are_calculated_exactly() {
        assert_eq!(money("12.50 EUR").checked_add(money("0.005 EUR")), Ok(money("12.505 EUR")));
        assert_eq!(money("12.50 EUR").checked_sub(money("20 EUR")), Ok(money("-7.5 EUR")));
        assert_eq!(money("19.99 EUR").checked_mul(Dec::parse("0.25").unwrap()), Ok(money("4.9975 EUR")));
        assert_eq!(Money::zero(Currency::EUR).negated(), money("0 EUR"));
        let most = Money::new(Dec::new(10_i128.pow(38) - 1, 0).unwrap(), Currency::EUR);
        assert_eq!(most.checked_add(money("1 EUR")), Err(MoneyError::Dec(DecError::OutOfRange)));
    }

    #[test]
    fn amounts_of_two_currencies_never_meet() {
        let mixed = MoneyError::Currency { left: Currency::EUR, right: Currency::USD };
        assert_eq!(money("1 EUR").checked_add(money("1 USD")), Err(mixed));
        assert_eq!(money("1 EUR").checked_sub(money("1 USD")), Err(mixed));
        assert_ne!(money("1 EUR"), money("1 USD"));
        assert_eq!(mixed.to_string(), "amounts in `EUR` and in `USD`");
    }

    #[test]
    fn text_has_the_decimals_of_the_currency() {
        for (amount, text) in [
            ("12.5 EUR", "12.50 EUR"),
            ("1200 JPY", "1200 JPY"),
            ("0.5 KWD", "0.500 KWD"),
            ("0.1234 EUR", "0.1234 EUR"),
            ("-0.00 EUR", "0.00 EUR"),
        ] {
            assert_eq!(money(amount).to_string(), text);
        }
    }

    #[test]
    fn posting_rounds_by_the_policy() {
        use RoundingPolicy::*;
        for (amount, half_up, half_even, exact) in [
            ("1.005 EUR", "1.01", "1", "1.005"),
            ("-1.005 EUR", "-1.01", "-1", "-1.005"),
            ("1.015 EUR", "1.02", "1.02", "1.015"),
            ("0.12345 EUR", "0.12", "0.12", "0.1235"),
            ("2.5 JPY", "3", "2", "2.5"),
            ("0.0005 KWD", "0.001", "0", "0.0005"),
            ("0.00005 CLF", "0.0001", "0", "0.0001"),
        ] {
            for (policy, wanted) in [(HalfUp, half_up), (HalfEven, half_even), (Exact, exact)] {
                let posted = money(amount).round(policy).map(|posted| posted.amount);
                assert_eq!(posted, Ok(Dec::parse(wanted).unwrap()), "{amount} {policy}");
            }
        }
        assert_eq!(money("99999999999999.99 EUR").round(HalfUp), Ok(money("99999999999999.99 EUR")));
        assert_eq!(money("99999999999999.995 EUR").round(HalfUp), Err(MoneyError::Dec(DecError::OutOfRange)));
        for policy in [HalfUp, HalfEven, Exact] {
            assert_eq!(RoundingPolicy::parse(policy.code()), Some(policy));
        }
        assert_eq!(RoundingPolicy::parse("down"), None);
    }

    #[test]
    fn shares_are_posted_amounts() {
        let weights = [Dec::ONE, Dec::ONE, Dec::ONE];
        let shares = |amount: &str, policy| {
            let shares = money(amount).allocate(&weights, policy)?;
            Ok(shares.iter().map(Money::text).collect::<Vec<_>>().join(" "))
        };
        assert_eq!(shares("10 EUR", RoundingPolicy::HalfUp), Ok("3.34 3.33 3.33".to_owned()));
        assert_eq!(shares("10 JPY", RoundingPolicy::HalfUp), Ok("4 3 3".to_owned()));
        assert_eq!(shares("10 EUR", RoundingPolicy::Exact), Ok("3.3334 3.3333 3.3333".to_owned()));
        assert_eq!(shares("0.005 EUR", RoundingPolicy::HalfUp), Err(MoneyError::Dec(DecError::Inexact)));
    }
}
