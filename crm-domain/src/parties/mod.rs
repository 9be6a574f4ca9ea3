//! Parties: customers and the people there (CUS-01 to CUS-03).
//!
//! Words. A *customer* is potential until its first order is approved, then it is trading. It has an *owner*, the
//! salesperson, and belongs to a department, the owner's where none is given; both decide who sees it. A *contact* is a
//! person; who may see the customer may see its contacts.
//!
//! Promises. The state changes by `customer.set_state` and by the first approved order only. A change of owner leaves
//! its trace in the history with a reason. No customer belongs to itself, no contact reports to himself.
//!
//! Never. A balance never stands on the customer: it is always counted from documents and receipts.

mod error;
mod operations;
mod records;
mod rules;

pub use error::*;
pub use operations::*;
pub use records::*;

use crm_kernel::model::{Area, KindRules};
use crm_kernel::operation::OperationRow;
use crm_kernel::record::Record;

/// The area.
pub const AREA: Area = Area {
    name: "parties",
    kinds: &[Customer::def, Contact::def],
    operations: &[OperationRow::of::<SetState>(), OperationRow::of::<Assign>()],
    rules: &[
        KindRules::of(Customer::NO).save(rules::customer).errors(&[PARTY_CYCLE, OWNER_LEFT]),
        KindRules::of(Contact::NO).save(rules::contact).errors(&[PARTY_CYCLE, OTHER_CUSTOMER, SECOND_MAIN]),
    ],
    rights: &[],
};
