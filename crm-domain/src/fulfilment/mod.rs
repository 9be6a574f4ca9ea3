//! Fulfilment: what is to be done for an approved order, and what is done (ORD-03, ORD-04, ORD-09, FIN-09, CUS-08).
//!
//! Words. An *action* is something the enterprise does for orders (stock-out, invoice, receipt, dunning); its type says
//! what it does to goods, invoice and money. An *execution plan* has *steps*: an action with a due date, and an amount
//! or a share of the goods. Receipts come from the payment term, the other steps from a *template*. *Executing* a step
//! makes an *execution record*, in part or whole.
//!
//! Life of a step: planned -> partly -> done; dropped where a later plan does without it. Of the plans of an order one
//! is active, those before it are superseded and kept.
//!
//! Promises. Only an approved order is planned and executed. What a step does is done with it: goods by ordering,
//! invoices and receipts by finance, so a figure has one place. What is done by another way, or was done before there
//! was a plan, counts in the plan, the earliest due step first. Never more than is planned, never more than was
//! ordered. Making a plan anew touches nothing that is done or has begun, and its receipts come to the total.
//!
//! Never. A plan is never a debt: debts are booked by finance. This area stands above finance because executing a step
//! bills and collects (docs/adr/0004-fulfilment-above-finance.md).

mod error;
mod execute;
mod goods;
mod plans;
mod records;
mod rules;
mod status;
#[cfg(test)]
mod tests;
mod transactions;

pub use error::*;
pub use execute::{Execute, ExecuteAnswer};
pub use plans::{Make, PlanAnswer, Replan, StepChange};
pub use records::*;
pub use rules::*;
pub use status::*;
pub use transactions::*;

use crate::finance::{Invoice, Receipt};
use crm_kernel::model::{Area, KindRules};
use crm_kernel::operation::OperationRow;
use crm_kernel::record::Record;

/// The area.
pub const AREA: Area = Area {
    name: "fulfilment",
    kinds: &[
        ActionType::def,
        PlanTemplate::def,
        PlanTemplateStep::def,
        ExecutionPlan::def,
        PlanStep::def,
        ExecutionRecord::def,
        ExecutionLine::def,
    ],
    operations: &[
        OperationRow::of::<Make>(),
        OperationRow::of::<Replan>(),
        OperationRow::of::<Execute>(),
        OperationRow::of::<Status>(),
        OperationRow::of::<Tracking>(),
        OperationRow::of::<Transactions>(),
    ],
    rules: &[
        KindRules::of(PlanTemplate::NO)
            .save(plans::check_template)
            .errors(&[BAD_SHARES, crate::settings::BAD_DUE]),
        KindRules::of(Receipt::NO).event(execute::receipt_event),
        KindRules::of(Invoice::NO).event(execute::invoice_event),
    ],
    rights: &[],
};
