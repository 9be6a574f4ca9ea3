//! The records of the analysis.

use super::PeriodBy;
use crate::org::Employee;
use crm_kernel::Record;
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::Dec;
use crm_kernel::id::Ref;
use crm_kernel::json::Json;

/// A report kept for later: the request of `report.run` as data (ANA-15).
#[derive(Clone, Debug, Record)]
#[record(no = 480)]
pub struct SavedReport {
    /// A short code, unique.
    #[field(no = 1, text = 60, unique)]
    pub code: String,
    /// The name.
    #[field(no = 2, title)]
    pub name: String,
    /// The request of `report.run` without `report`.
    #[field(no = 3)]
    pub definition: Json,
    /// Whose report it is.
    #[field(no = 4, owner)]
    pub owner: Option<Ref<Employee>>,
}

/// What an employee is to sell in a period (ANA-11, ANA-18): one target for each beginning of a period.
#[derive(Clone, Debug, Record)]
#[record(no = 481, unique("employee", "period_start"))]
pub struct SalesTarget {
    /// Whose target it is.
    #[field(no = 1, owner)]
    pub employee: Ref<Employee>,
    /// The first day of the period; periods of an enterprise need not be those of the calendar.
    #[field(no = 2, business_date)]
    pub period_start: Date,
    /// How long the period is.
    #[field(no = 3, default = "\"quarter\"")]
    pub period: PeriodBy,
    /// The currency of the amount.
    #[field(no = 4)]
    pub currency: Currency,
    /// How much is to be sold.
    #[field(no = 5, money)]
    pub amount: Dec,
    /// Its key in the system that it came from.
    #[field(no = 6, text = 80, unique)]
    pub external_key: Option<String>,
    /// Notes.
    #[field(no = 7, long_text)]
    pub notes: Option<String>,
}
