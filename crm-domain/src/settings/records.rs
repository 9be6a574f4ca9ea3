//! The records of the settings: the enterprise, units, rates, taxes, option lists, calendars.

use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::Dec;
use crm_kernel::id::Ref;
use crm_kernel::json::Json;
use crm_kernel::record::Lines;
use crm_kernel::{Choice, Record};

/// The enterprise: exactly one record.
#[derive(Clone, Debug, Record)]
#[record(no = 30, table = "enterprise")]
pub struct Enterprise {
    /// The name.
    #[field(no = 1, title)]
    pub name: String,
    /// The currency of its books.
    #[field(no = 2, managed)]
    pub base_currency: Currency,
    /// The zone of its business dates, by IANA name.
    #[field(no = 3, text = 60, default = "\"UTC\"")]
    pub zone: String,
    /// How posted amounts are rounded.
    #[field(no = 4, managed)]
    pub rounding: Rounding,
    /// True once amounts were posted exactly and no longer are: what follows from documents of that time keeps its four
    /// decimals.
    #[field(no = 5, default = "false", managed)]
    pub posted_exactly: bool,
}

/// How an amount is posted: to the currency's digits, or exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum Rounding {
    /// Half away from zero.
    HalfUp,
    /// Half to the even digit.
    HalfEven,
    /// Not rounded: four decimals are kept.
    Exact,
}

/// A decision of the enterprise, by key; keys never set have their defaults.
#[derive(Clone, Debug, Record)]
#[record(no = 31, managed)]
pub struct Setting {
    /// The key, such as `order.approval`.
    #[field(no = 1, text = 60, unique, title)]
    pub key: String,
    /// The value.
    #[field(no = 2)]
    pub value: Json,
}

/// A unit of measure. Units with the same base unit convert into each other.
#[derive(Clone, Debug, Record)]
#[record(no = 35)]
pub struct Unit {
    /// A short code, unique.
    #[field(no = 1, text = 40, unique)]
    pub code: String,
    /// The name.
    #[field(no = 2, title)]
    pub name: String,
    /// The unit in which this one is counted; none for a unit of its own.
    #[field(no = 3, index)]
    pub base: Option<Ref<Unit>>,
    /// How many base units one of this is; above zero.
    #[field(no = 4, decimal(18, 9), default = "\"1\"")]
    pub factor: Dec,
    /// False once it is no longer used.
    #[field(no = 5, default = "true")]
    pub active: bool,
}

/// An exchange rate from a date on, until the next one.
#[derive(Clone, Debug, Record)]
#[record(no = 36, unique("from_currency", "to_currency", "valid_from"))]
pub struct ExchangeRate {
    /// The currency that is converted.
    #[field(no = 1)]
    pub from_currency: Currency,
    /// The currency it becomes.
    #[field(no = 2)]
    pub to_currency: Currency,
    /// The first day on which it holds.
    #[field(no = 3)]
    pub valid_from: Date,
    /// How many of `to_currency` one of `from_currency` is; above zero.
    #[field(no = 4, rate)]
    pub rate: Dec,
}

/// A tax with its rates over time.
#[derive(Clone, Debug, Record)]
#[record(no = 37, table = "taxes")]
pub struct Tax {
    /// A short code, unique.
    #[field(no = 1, text = 40, unique)]
    pub code: String,
    /// The name.
    #[field(no = 2, title)]
    pub name: String,
    /// Its rates.
    #[field(no = 3)]
    pub rates: Lines<TaxRate>,
    /// False once it is no longer used.
    #[field(no = 4, default = "true")]
    pub active: bool,
    /// The taxes that it is made of, in their order: they stand side by side on a line, each with its own rates. None for
    /// a tax with rates.
    #[field(no = 5)]
    pub parts: Lines<TaxPart>,
}

/// A tax that another is made of.
#[derive(Clone, Debug, Record)]
#[record(no = 47, parent = Tax)]
pub struct TaxPart {
    /// A tax with rates.
    #[field(no = 1)]
    pub component: Ref<Tax>,
    /// True where it is of the taxes before it too, as one on a price with excise.
    #[field(no = 2, default = "false")]
    pub on_taxes: bool,
}

/// The rate of a tax from a date on, until the next one.
#[derive(Clone, Debug, Record)]
#[record(no = 38, parent = Tax)]
pub struct TaxRate {
    /// The first day on which it holds.
    #[field(no = 1)]
    pub valid_from: Date,
    /// Per cent of the net amount.
    #[field(no = 2, percent)]
    pub percent: Dec,
}

/// One option of a list that the enterprise edits.
#[derive(Clone, Debug, Record)]
#[record(no = 39, unique("list", "code"))]
pub struct PicklistValue {
    /// The list, such as `region`.
    #[field(no = 1, text = 60)]
    pub list: String,
    /// What is stored: it never changes, whatever the names become.
    #[field(no = 2, text = 60)]
    pub code: String,
    /// The name in English.
    #[field(no = 3, title)]
    pub name_en: String,
    /// The name in simplified Chinese.
    #[field(no = 4)]
    pub name_zh_cn: String,
    /// The name in traditional Chinese.
    #[field(no = 5)]
    pub name_zh_tw: String,
    /// Where it stands among the others, ascending.
    #[field(no = 6, default = "0")]
    pub sort_order: i64,
    /// True once it can no longer be chosen.
    #[field(no = 7, default = "false")]
    pub retired: bool,
}

/// Which days are working days.
#[derive(Clone, Debug, Record)]
#[record(no = 40)]
pub struct Calendar {
    /// A short code, unique.
    #[field(no = 1, text = 40, unique)]
    pub code: String,
    /// The name.
    #[field(no = 2, title)]
    pub name: String,
    /// The calendar taken where none is named; at most one is.
    #[field(no = 3, default = "false")]
    pub is_default: bool,
    /// Mondays are working days.
    #[field(no = 4, default = "true")]
    pub monday: bool,
    /// Tuesdays are working days.
    #[field(no = 5, default = "true")]
    pub tuesday: bool,
    /// Wednesdays are working days.
    #[field(no = 6, default = "true")]
    pub wednesday: bool,
    /// Thursdays are working days.
    #[field(no = 7, default = "true")]
    pub thursday: bool,
    /// Fridays are working days.
    #[field(no = 8, default = "true")]
    pub friday: bool,
    /// Saturdays are working days.
    #[field(no = 9, default = "false")]
    pub saturday: bool,
    /// Sundays are working days.
    #[field(no = 10, default = "false")]
    pub sunday: bool,
    /// Days that differ: holidays, and days worked in exchange for them.
    #[field(no = 11)]
    pub days: Lines<CalendarDay>,
}

/// A day that differs from its week.
#[derive(Clone, Debug, Record)]
#[record(no = 41, parent = Calendar)]
pub struct CalendarDay {
    /// The day.
    #[field(no = 1)]
    pub date: Date,
    /// Whether it is worked.
    #[field(no = 2, default = "false")]
    pub working: bool,
    /// What it is.
    #[field(no = 3)]
    pub name: Option<String>,
}

/// Where a date goes that is no working day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum WorkingDayShift {
    /// It stays.
    None,
    /// To the next working day.
    Next,
    /// To the working day before.
    Previous,
}
