//! Units and exchange rates: what they convert and how they are checked.

use super::{
    ExchangeRate, NO_CONVERSION, NO_RATE, NOT_POSITIVE, NOT_SET_UP, SAME_CURRENCY, UNIT_CHAIN, Unit, policy,
};
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::{Dec, DecError, Rounding};
use crm_kernel::error::{Code, Result};
use crm_kernel::expr::node::Ty;
use crm_kernel::id::Ref;
use crm_kernel::money::{Money, RoundingPolicy};
use crm_kernel::record::Record;
use crm_kernel::value::{Row, Value};
use crm_kernel::work::Work;
use std::fmt;

/// Decimals of a quantity.
const QUANTITY_SCALE: u8 = 6;
/// Decimals of a rate.
const RATE_SCALE: u8 = 12;

/// How many of one thing one of another is, exactly: `of` for every `per`, which is above zero. A third has no decimals
/// that say it, and what is worked out with it is rounded once, at its own end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ratio {
    of: Dec,
    per: Dec,
}

impl Ratio {
    /// One for one.
    pub const ONE: Ratio = Ratio { of: Dec::ONE, per: Dec::ONE };

    /// `of` for every `per`; for every one where decimals say it. Errors: `value.none` unless `per` is above zero.
    pub fn new(of: Dec, per: Dec) -> Result<Ratio> {
        if !per.is_positive() {
            return Err(DecError::DivisionByZero.into());
        }
        let exact = of.div(per, RATE_SCALE, Rounding::Down).ok();
        Ok(match exact.filter(|one| one.mul(per).is_ok_and(|back| back == of)) {
            Some(one) => Ratio { of: one.normalize(), per: Dec::ONE },
            None => Ratio { of: of.normalize(), per: per.normalize() },
        })
    }

    /// How many there are.
    pub fn of(self) -> Dec {
        self.of
    }

    /// For every how many.
    pub fn per(self) -> Dec {
        self.per
    }

    /// So many of one thing in the other, rounded once. Errors: `value.out_of_range`.
    pub fn times(self, many: Dec, scale: u8, rounding: Rounding) -> Result<Dec> {
        Ok(many.mul_div(self.of, self.per, scale, rounding)?)
    }

    /// An amount of one thing in the other, posted by a policy for a currency with so many decimals. Errors:
    /// `value.out_of_range`.
    pub fn post(self, amount: Dec, policy: RoundingPolicy, digits: u8) -> Result<Dec> {
        Ok(policy.post(self.times(amount, policy.scale(digits), policy.rounding())?, digits)?)
    }

    /// An exchange rate as records keep it: so many for one, or one for so many where it stands the other way round.
    /// Errors: `value.none` unless `inverse` is above zero.
    pub fn kept(rate: Dec, inverse: Option<Dec>) -> Result<Ratio> {
        match inverse {
            None => Ratio::new(rate, Dec::ONE),
            Some(inverse) => Ratio::new(Dec::ONE, inverse),
        }
    }

    /// How records keep an exchange rate: at twelve decimals, and how many stand for one the other way round where these
    /// do not say it all. Errors: `value.out_of_range`.
    pub fn columns(self) -> Result<(Dec, Option<Dec>)> {
        let rate = self.times(Dec::ONE, RATE_SCALE, Rounding::HalfUp)?.normalize();
        Ok((rate, (self.of == Dec::ONE && self.per != Dec::ONE).then_some(self.per)))
    }

    /// As it is written: `7.1`, or `1/3` where no decimals say it. Errors: those of figures.
    pub fn parse(text: &str) -> Result<Ratio> {
        let (of, per) = text.split_once('/').unwrap_or((text, "1"));
        Ratio::new(Dec::parse(of)?, Dec::parse(per)?)
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.per == Dec::ONE { write!(f, "{}", self.of) } else { write!(f, "{}/{}", self.of, self.per) }
    }
}

/// A quantity of one unit in another with the same base: exact, or rounded half up to six decimals.
/// Errors: `unit.no_conversion`, `value.out_of_range`.
pub fn convert_quantity(work: &mut Work<'_>, quantity: Dec, from: Ref<Unit>, to: Ref<Unit>) -> Result<Dec> {
    if from == to {
        return Ok(quantity);
    }
    converted(quantity, unit_ratio(work, from, to)?)
}

/// How many of one unit one of another with the same base is. Errors: `unit.no_conversion`.
pub fn unit_ratio(work: &mut Work<'_>, from: Ref<Unit>, to: Ref<Unit>) -> Result<Ratio> {
    if from == to {
        return Ok(Ratio::ONE);
    }
    let mut unit = |unit: Ref<Unit>| work.once(Unit::NO, &unit.to_string(), |work| work.find(unit));
    let (from, to) = (unit(from)?, unit(to)?);
    if from.base.unwrap_or(from.id) != to.base.unwrap_or(to.id) {
        return Err(NO_CONVERSION.error().with("from", from.code.clone()).with("to", to.code.clone()));
    }
    Ratio::new(from.factor, to.factor)
}

/// A quantity in a unit of which one of its own is so many.
pub(super) fn converted(quantity: Dec, ratio: Ratio) -> Result<Dec> {
    Ok(ratio.times(quantity, QUANTITY_SCALE, Rounding::HalfUp)?.normalize())
}

/// How many of the enterprise's currency one of a document's currency is: as the document brings it, else that of its
/// date. Errors: `value.not_positive` and `currency.same` (the enterprise's own is always 1) at `/rate`;
/// `currency.no_rate` without a path, `enterprise.not_set_up`.
pub fn document_rate(
    work: &mut Work<'_>,
    given: Option<Dec>,
    currency: Currency,
    date: Date,
) -> Result<Ratio> {
    let base = work.base().ok_or_else(|| NOT_SET_UP.error())?;
    match given {
        None => exact_rate(work, currency, base, date),
        Some(given) if !given.is_positive() => Err(NOT_POSITIVE.at("/rate")),
        Some(given) if currency == base && given != Dec::ONE => Err(SAME_CURRENCY.at("/rate")),
        Some(given) => Ratio::new(given, Dec::ONE),
    }
}

/// How many of `to` one of `from` is on a date, exactly: the latest direct rate on or before it, else through the base
/// currency, where a rate against the base may stand in either direction. Errors: `currency.no_rate` with both
/// currencies and the date.
pub fn exact_rate(work: &mut Work<'_>, from: Currency, to: Currency, date: Date) -> Result<Ratio> {
    if from == to {
        return Ok(Ratio::ONE);
    }
    if let Some(rate) = stored_rate(work, from, to, date)? {
        return Ratio::new(rate, Dec::ONE);
    }
    let missing = || {
        let error = NO_RATE.error().with("from", from.code().to_owned()).with("to", to.code().to_owned());
        error.with("date", date.to_string())
    };
    let base = work.base().ok_or_else(missing)?;
    let from_base = against_base(work, from, base, date)?.ok_or_else(missing)?;
    let to_base = against_base(work, to, base, date)?.ok_or_else(missing)?;
    // from/base over to/base, each a fraction: (a/b) / (c/d) = a·d / (b·c).
    Ratio::new(from_base.0.mul(to_base.1)?, from_base.1.mul(to_base.0)?)
}

/// An amount in another currency at the rate of a date, posted by the enterprise's policy. Errors as [`exact_rate`].
pub fn convert(work: &mut Work<'_>, amount: Money, to: Currency, date: Date) -> Result<Money> {
    let rate = exact_rate(work, amount.currency, to, date)?;
    Ok(Money::new(rate.post(amount.amount, policy(work)?, to.digits())?, to))
}

/// How many of the base one of a currency is, as a fraction.
fn against_base(
    work: &mut Work<'_>,
    currency: Currency,
    base: Currency,
    date: Date,
) -> Result<Option<(Dec, Dec)>> {
    if currency == base {
        return Ok(Some((Dec::ONE, Dec::ONE)));
    }
    if let Some(rate) = stored_rate(work, currency, base, date)? {
        return Ok(Some((rate, Dec::ONE)));
    }
    Ok(stored_rate(work, base, currency, date)?.map(|rate| (Dec::ONE, rate)))
}

fn stored_rate(work: &mut Work<'_>, from: Currency, to: Currency, date: Date) -> Result<Option<Dec>> {
    let names = [
        ("f", Ty::Text, Value::Text(from.code().to_owned())),
        ("t", Ty::Text, Value::Text(to.code().to_owned())),
        ("d", Ty::Date, Value::Date(date)),
    ];
    let condition = "from_currency == f && to_currency == t && valid_from <= d";
    let found =
        work.system(|work| work.select_by::<ExchangeRate>(condition, &names, &["-valid_from"], Some(1)))?;
    Ok(found.first().map(|found| found.rate))
}

/// A unit counts in a base unit that is its own base, with a factor above zero; a unit of its own has the factor 1.
pub(super) fn check_unit(work: &mut Work<'_>, kind: u32, old: Option<&Row>, new: &mut Row) -> Result<()> {
    let unit = Unit::from_row(new)?;
    if !unit.factor.is_positive() {
        return Err(NOT_POSITIVE.at("/factor"));
    }
    let Some(base) = unit.base else {
        return if unit.factor == Dec::ONE { Ok(()) } else { Err(Code::REQUIRED.at("/base")) };
    };
    let above = work.row(kind, base.id().number())?;
    let derived = match above {
        Some(row) => Unit::from_row(&row)?.base.is_some(),
        None => false,
    };
    if base.id().number() == new.id || derived {
        return Err(UNIT_CHAIN.at("/base"));
    }
    let becomes_derived = match old {
        Some(old) => Unit::from_row(old)?.base.is_none(),
        None => false,
    };
    if becomes_derived {
        // Others that count in it would then stand two steps from their base.
        let me = [("me", Ty::Ref(kind), crm_kernel::id::Id::new(new.id).map_or(Value::Null, Value::Ref))];
        if work.system(|work| work.only::<Unit>("base == me", &me))?.is_some() {
            return Err(UNIT_CHAIN.at("/base"));
        }
    }
    Ok(())
}

/// A rate is above zero and between two currencies.
pub(super) fn check_rate(_work: &mut Work<'_>, _kind: u32, _old: Option<&Row>, new: &mut Row) -> Result<()> {
    let rate = ExchangeRate::from_row(new)?;
    if rate.from_currency == rate.to_currency {
        return Err(SAME_CURRENCY.at("/to_currency"));
    }
    if rate.rate.is_positive() { Ok(()) } else { Err(NOT_POSITIVE.at("/rate")) }
}
