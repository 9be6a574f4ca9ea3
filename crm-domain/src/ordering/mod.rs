//! Ordering: what customers have ordered, and from when on it binds (ORD-01, ORD-02).
//!
//! Words. An *order* is made of an accepted quote, whole or in part, or directly. It is *submitted* for approval and takes
//! effect when it is *approved*; it may be *held* and *released*; it is *fulfilled* once all of it is delivered and
//! invoiced, and what was delivered beyond it within the tolerance too. *Executed* quantities of a line are what was
//! delivered, invoiced and returned.
//!
//! Life: draft -> submitted -> approved <-> held, approved -> fulfilled; cancelled out of any of them as long as nothing was
//! delivered or invoiced; back to draft when the approval does not come.
//!
//! Promises. Content changes in the draft only. Prices, derivations and document effects of a quote come along as they
//! were frozen; what is ordered of a quote line is taken from it in the same transaction. Nobody approves what he or she
//! submitted, unless the enterprise allows it. What comes back is worth its share of what was agreed on, in whatever order
//! and parts it comes. Before an order takes effect the areas above are told `approving` and may refuse; afterwards
//! `approved`. Executed quantities change through [`set_executed`] only, and never beyond what the line allows.
//!
//! Never. No path plans, delivers, invoices or collects for an order that is not approved: areas above begin with
//! [`require_approved`]. An imported order is never taken for one that was entered here.

mod credit_notes;
mod error;
mod execution;
mod import;
mod life;
mod operations;
mod quoted;
mod records;
mod returns;
pub mod rules;
#[cfg(test)]
mod tests;

pub use error::*;
pub use execution::{require_approved, require_effective, set_executed, tolerance_percent};
pub use import::{IMPORT_ERRORS, ImportedLine, ImportedOrder, insert_imported};
pub use operations::*;
pub use records::*;
pub use returns::{amount_of_return, returned_amount};
pub use rules::{Executed, IN_EFFECT, cumulative_amount, most_deliverable, worth, worth_of};

use crm_kernel::model::{Area, KindRules};
use crm_kernel::operation::OperationRow;
use crm_kernel::record::Record;

/// The area.
pub const AREA: Area = Area {
    name: "ordering",
    kinds: &[Order::def, OrderLine::def],
    operations: &[
        OperationRow::of::<Create>(),
        OperationRow::of::<FromQuote>(),
        OperationRow::of::<Change>(),
        OperationRow::of::<AddLine>(),
        OperationRow::of::<ChangeLine>(),
        OperationRow::of::<RemoveLine>(),
        OperationRow::of::<Submit>(),
        OperationRow::of::<Withdraw>(),
        OperationRow::of::<Approve>(),
        OperationRow::of::<Reject>(),
        OperationRow::of::<Hold>(),
        OperationRow::of::<Release>(),
        OperationRow::of::<Cancel>(),
        OperationRow::of::<Trace>(),
        OperationRow::of::<ImportedOrder>(),
    ],
    rules: &[KindRules::of(Order::NO).event(life::event).errors(&[WRONG_STATE])],
    rights: &[("order", "override_price")],
};
