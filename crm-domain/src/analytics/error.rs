//! Refusals of the analysis.

use crm_kernel::error::{Class, Code};

/// A report names a group key or measure twice, or one that it does not have.
pub const BAD_REPORT: Code = Code::new("report.invalid", Class::Invalid);
/// A period key is no date.
pub const NOT_A_DATE: Code = Code::new("report.not_a_date", Class::Invalid);
