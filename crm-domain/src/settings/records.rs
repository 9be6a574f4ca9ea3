//! The records of the settings.

use crm_kernel::currency::Currency;
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
