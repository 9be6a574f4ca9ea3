//! Finance: what customers owe, what they paid, and which payment settled what (FIN-01 to FIN-03, FIN-05, FIN-09,
//! CUS-06 to CUS-09; commerce.md 2.6, 2.9).
//!
//! Words. An *invoice* bills an order or a part of it. A *receivable* is one debt with one due date: an instalment of an
//! invoice, of an order (setting `receivables.start`), or an opening balance. A *receipt* is money from a customer, or
//! back to him; what of it settles no debt yet is an *advance*. An *allocation* is the entry that a receipt settles a
//! debt.
//!
//! Promises. The invoices of an order add up to it, however it is split. A debt is never settled beyond its amount, a
//! receipt never spent beyond its own. Allocations are never changed: a correction is an entry with the other sign. So
//! ageing on a past day, as it was known at a past time, is right by construction. Amounts of two currencies never meet
//! but in the enterprise's, each at the rate of its document.
//!
//! Never. An order without its approval is not invoiced and nothing is collected for it. Advances and credit notes are
//! never netted silently against debts.

mod ageing;
mod debts;
mod error;
mod interest;
mod invoices;
mod ledger;
mod opening;
mod receipts;
mod records;
mod rules;
mod standing;
mod statement;
mod taxes;
#[cfg(test)]
mod tests;

pub use ageing::*;
pub(crate) use debts::in_base;
pub use error::*;
pub use interest::{
    Claim, Compute, DayCount, InterestAnswer, InterestPayment, InterestSegment, Segment, interest,
};
pub use invoices::{ImportInvoice, InvoiceAnswer, Issue, IssueLine, issue};
pub use ledger::*;
pub use opening::*;
pub use receipts::{
    Allocate, AllocateReceipt, AllocationPart, ImportReceipt, ReceiptAnswer, RecordReceipt,
    UnallocateReceipt, record,
};
pub use records::*;
pub use rules::{OpenDebt, settle, share_of_order};
pub use statement::*;
pub use taxes::{InvoiceTaxes, InvoiceTaxesAnswer};

use crate::ordering::Order;
use crm_kernel::model::{Area, KindRules};
use crm_kernel::operation::OperationRow;
use crm_kernel::record::Record;

/// The area.
pub const AREA: Area = Area {
    name: "finance",
    kinds: &[Invoice::def, InvoiceLine::def, Receipt::def, Allocation::def, Receivable::def],
    operations: &[
        OperationRow::of::<Issue>(),
        OperationRow::of::<ImportInvoice>(),
        OperationRow::of::<InvoiceTaxes>(),
        OperationRow::of::<RecordReceipt>(),
        OperationRow::of::<AllocateReceipt>(),
        OperationRow::of::<UnallocateReceipt>(),
        OperationRow::of::<ImportReceipt>(),
        OperationRow::of::<RecordOpening>(),
        OperationRow::of::<Balance>(),
        OperationRow::of::<Statement>(),
        OperationRow::of::<Ageing>(),
        OperationRow::of::<DueList>(),
        OperationRow::of::<Compute>(),
        OperationRow::of::<Ledger>(),
    ],
    rules: &[KindRules::of(Order::NO).event(debts::order_event).errors(debts::ORDER_ERRORS)],
    rights: &[],
};
