//! Analysis: figures over everything below, each of which can be opened.
//!
//! Words. A *report* is data: a kind, a condition, group keys, measures, formulas over the measures. `report.run` runs
//! one, given in the request or kept as a *saved report*. *Trend* compares periods with the one before and the same
//! one a year before. A *target* is what an employee is to sell in a period. *RFM* scores customers by recency, frequency
//! and money, by a named method.
//!
//! Promises. Row rules hold: a total is a total within the actor's scope, and says so. A part of a period is never
//! compared with a whole one. A ratio over nothing is null, never zero. Ranks and scores with ties say how.
//!
//! Never. No report reads another way than conditions in the expression language; no figure is kept, all are computed.

mod error;
mod records;
mod report;
mod rfm;
mod rules;
#[cfg(test)]
mod tests;
mod trend;

pub use error::*;
pub use records::*;
pub use report::*;
pub use rfm::*;
pub use trend::*;

use crate::settings::NOT_POSITIVE;
use crm_kernel::model::{Area, KindRules};
use crm_kernel::operation::OperationRow;
use crm_kernel::record::Record;

/// The area.
pub const AREA: Area = Area {
    name: "analytics",
    kinds: &[SavedReport::def, SalesTarget::def],
    operations: &[OperationRow::of::<RunReport>(), OperationRow::of::<Trend>(), OperationRow::of::<Rfm>()],
    rules: &[KindRules::of(SalesTarget::NO).save(rules::sales_target).errors(&[NOT_POSITIVE])],
    rights: &[],
};
