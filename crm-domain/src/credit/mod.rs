//! Credit: how much customers may owe and salespeople may give, checked and taken in one step (CRD-01, CRD-02, CRD-04;
//! commerce.md 2.11).
//!
//! Words. A *limit* belongs to a customer or a salesperson. The *exposure* is what open orders, deliveries and debts
//! use of it, less advances. A *reservation* is what one order takes. A *release* lets one order pass beyond a limit.
//!
//! Promises. No limit is not a limit of zero: who has none is not checked, and who has zero prepays. An order that is
//! about to take effect is checked against the limits of its customer and its salesperson, and takes from them in the
//! same transaction; all must hold it, and beyond means strictly more. What is used is kept with the limit and always
//! equals what orders, debts and receipts say. Delivered goods can always be invoiced: that only moves value.
//!
//! Never. A release covers no more than it says: an order that grew past it, or came too late, is refused again. Whoever
//! has no limit costs nothing.

mod account;
mod discount;
mod error;
mod hooks;
mod limits;
mod overview;
mod records;
mod release;
mod rules;
#[cfg(test)]
mod tests;

pub use discount::*;
pub use error::*;
pub use limits::*;
pub use overview::*;
pub use records::*;
pub use release::*;
pub use rules::*;

use crate::finance::{Receipt, Receivable};
use crate::ordering::Order;
use crm_kernel::model::{Area, KindRules};
use crm_kernel::operation::OperationRow;
use crm_kernel::record::Record;

/// The area.
pub const AREA: Area = Area {
    name: "credit",
    kinds: &[CreditLimit::def, CreditReservation::def, CreditRelease::def],
    operations: &[
        OperationRow::of::<SetLimit>(),
        OperationRow::of::<Check>(),
        OperationRow::of::<Use>(),
        OperationRow::of::<Recount>(),
        OperationRow::of::<Release>(),
        OperationRow::of::<Overview>(),
        OperationRow::of::<MaxDiscount>(),
    ],
    rules: &[
        KindRules::of(Order::NO)
            .save(hooks::order_saved)
            .event(hooks::order_event)
            .errors(&[LIMIT_EXCEEDED, REFUSED]),
        KindRules::of(Receivable::NO).save(hooks::receivable_saved),
        KindRules::of(Receipt::NO).save(hooks::receipt_saved),
    ],
    rights: &[],
};
