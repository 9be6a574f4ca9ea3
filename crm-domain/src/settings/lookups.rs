//! Asking what measures say: conversions, rates, working days.

use super::{
    Calendar, NO_CONVERSION, NO_RATE, NO_TAX_RATE, NO_WORKING_DAY, NOT_SET_UP, Tax, TaxRates, Taxes, Unit,
    WorkingDayShift, convert, convert_quantity, exact_rate, taxes_of, working_day_of,
};
use crm_kernel::Record;
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::Dec;
use crm_kernel::error::{Code, Result};
use crm_kernel::id::Ref;
use crm_kernel::money::Money;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::work::Work;

/// Converts a quantity of one unit into another with the same base unit.
#[derive(Clone, Debug, Record)]
#[record(name = "unit_convert")]
pub struct ConvertQuantity {
    /// The quantity.
    #[field(quantity)]
    pub quantity: Dec,
    /// Its unit.
    pub from: Ref<Unit>,
    /// The unit wanted.
    pub to: Ref<Unit>,
}

/// A quantity in another unit.
#[derive(Clone, Debug, Record)]
#[record(name = "unit_convert_answer")]
pub struct ConvertQuantityAnswer {
    /// Exact, or rounded half up to six decimals.
    #[field(quantity)]
    pub quantity: Dec,
}

impl Operation for ConvertQuantity {
    const NAME: &'static str = "unit.convert";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::Right { kind: "unit", verb: "read" };
    const ERRORS: &'static [Code] = &[NO_CONVERSION];
    const CAPABILITIES: &'static [&'static str] = &["CFG-04"];
    const EXAMPLE: &'static str = r#"{"quantity":"3","from":"$unit","to":"$unit"}"#;
    type Answer = ConvertQuantityAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<ConvertQuantityAnswer> {
        Ok(ConvertQuantityAnswer { quantity: convert_quantity(work, self.quantity, self.from, self.to)? })
    }
}

/// Converts an amount into another currency at the rate of a date.
#[derive(Clone, Debug, Record)]
#[record(name = "currency_convert")]
pub struct ConvertAmount {
    /// The amount.
    #[field(money)]
    pub amount: Dec,
    /// Its currency.
    pub from: Currency,
    /// The currency wanted; the enterprise's where none is given.
    pub to: Option<Currency>,
    /// The date of the rate; today where none is given.
    pub date: Option<Date>,
}

/// An amount in another currency.
#[derive(Clone, Debug, Record)]
#[record(name = "currency_convert_answer")]
pub struct ConvertAmountAnswer {
    /// The currency of the amount.
    pub currency: Currency,
    /// Posted by the enterprise's rounding policy.
    #[field(money)]
    pub amount: Dec,
    /// How many of it one of the other currency is.
    #[field(rate)]
    pub rate: Dec,
}

impl Operation for ConvertAmount {
    const NAME: &'static str = "currency.convert";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::Right { kind: "exchange_rate", verb: "read" };
    const ERRORS: &'static [Code] = &[NO_RATE, NOT_SET_UP];
    const CAPABILITIES: &'static [&'static str] = &["CFG-05"];
    const EXAMPLE: &'static str = r#"{"amount":"100","from":"CNY"}"#;
    type Answer = ConvertAmountAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<ConvertAmountAnswer> {
        let to = self.to.or(work.base()).ok_or_else(|| NOT_SET_UP.error())?;
        let date = self.date.unwrap_or_else(|| work.today());
        let (rate, _) = exact_rate(work, self.from, to, date)?.columns()?;
        let amount = convert(work, Money::new(self.amount, self.from), to, date)?;
        Ok(ConvertAmountAnswer { currency: to, amount: amount.amount, rate })
    }
}

/// Tells the rate of a tax on a date.
#[derive(Clone, Debug, Record)]
#[record(name = "tax_percent")]
pub struct TaxPercent {
    /// The tax.
    pub tax: Ref<Tax>,
    /// The date; today where none is given.
    pub date: Option<Date>,
}

/// The rate of a tax.
#[derive(Clone, Debug, Record)]
#[record(name = "tax_percent_answer")]
pub struct TaxPercentAnswer {
    /// Per cent of the net amount; of a tax that is made of others what they come to together.
    #[field(percent)]
    pub percent: Dec,
    /// The taxes that it is made of, in their order; none for a tax with rates.
    pub parts: Vec<TaxPartAnswer>,
}

/// A tax that another is made of, on a date.
#[derive(Clone, Debug, Record)]
#[record(name = "tax_percent_part")]
pub struct TaxPartAnswer {
    /// The tax.
    pub tax: Ref<Tax>,
    /// Its rate.
    #[field(percent)]
    pub percent: Dec,
    /// True where it is of the taxes before it too.
    pub on_taxes: bool,
}

impl Operation for TaxPercent {
    const NAME: &'static str = "tax.percent";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::Right { kind: "tax", verb: "read" };
    const ERRORS: &'static [Code] = &[NO_TAX_RATE];
    const CAPABILITIES: &'static [&'static str] = &["CFG-06"];
    const EXAMPLE: &'static str = r#"{"tax":"$tax"}"#;
    type Answer = TaxPercentAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<TaxPercentAnswer> {
        let taxes = taxes_of(work, self.tax, self.date.unwrap_or_else(|| work.today()))?;
        let several = taxes.single().is_none();
        let parts = taxes.iter().filter(|_| several).filter_map(|one| {
            Some(TaxPartAnswer { tax: one.tax?, percent: one.percent, on_taxes: one.on_taxes })
        });
        Ok(TaxPercentAnswer { percent: taxes.percent()?, parts: parts.collect() })
    }
}

/// Tells what a price that holds a tax is with another in it: the net price stays the same (commerce.md 2.5).
#[derive(Clone, Debug, Record)]
#[record(name = "tax_map_price")]
pub struct TaxMapPrice {
    /// The price of one, with the tax in it.
    #[field(unit_price)]
    pub price: Dec,
    /// The tax that it holds; none where it holds none.
    pub from: Option<Ref<Tax>>,
    /// The tax that it is to hold; none gives the net price.
    pub to: Option<Ref<Tax>>,
    /// The date of the rates; today where none is given.
    pub date: Option<Date>,
}

/// A price under another tax.
#[derive(Clone, Debug, Record)]
#[record(name = "tax_map_price_answer")]
pub struct TaxMapPriceAnswer {
    /// The price without tax, rounded half up to six decimals.
    #[field(unit_price)]
    pub net: Dec,
    /// The price with the other tax in it, rounded once from the exact net price.
    #[field(unit_price)]
    pub price: Dec,
}

impl Operation for TaxMapPrice {
    const NAME: &'static str = "tax.map_price";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::Right { kind: "tax", verb: "read" };
    const ERRORS: &'static [Code] = &[NO_TAX_RATE];
    const CAPABILITIES: &'static [&'static str] = &["CFG-06"];
    const EXAMPLE: &'static str = r#"{"price":"106.00","from":"$tax"}"#;
    type Answer = TaxMapPriceAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<TaxMapPriceAnswer> {
        let mut rates = TaxRates::new(self.date.unwrap_or_else(|| work.today()));
        let from = rates.of(work, self.from).map_err(|error| error.at("/from"))?;
        let to = rates.of(work, self.to).map_err(|error| error.at("/to"))?;
        Ok(TaxMapPriceAnswer {
            net: from.map_price(self.price, &Taxes::default())?,
            price: from.map_price(self.price, &to)?,
        })
    }
}

/// Moves a date to a working day.
#[derive(Clone, Debug, Record)]
#[record(name = "calendar_working_day")]
pub struct WorkingDay {
    /// The date.
    pub date: Date,
    /// Where it goes when it is no working day.
    #[field(default = "\"next\"")]
    pub shift: WorkingDayShift,
    /// The calendar; the default one where none is given, Monday to Friday where there is none.
    pub calendar: Option<Ref<Calendar>>,
}

/// A working day.
#[derive(Clone, Debug, Record)]
#[record(name = "calendar_working_day_answer")]
pub struct WorkingDayAnswer {
    /// The date itself where it is worked.
    pub date: Date,
}

impl Operation for WorkingDay {
    const NAME: &'static str = "calendar.working_day";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::Right { kind: "calendar", verb: "read" };
    const ERRORS: &'static [Code] = &[NO_WORKING_DAY];
    const CAPABILITIES: &'static [&'static str] = &["CFG-07"];
    const EXAMPLE: &'static str = r#"{"date":"2026-01-10"}"#;
    type Answer = WorkingDayAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<WorkingDayAnswer> {
        let date = working_day_of(work, self.calendar, self.date, self.shift);
        let date =
            date.map_err(|error| if error.code() == NO_WORKING_DAY { error.at("/date") } else { error })?;
        Ok(WorkingDayAnswer { date })
    }
}
