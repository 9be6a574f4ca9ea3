//! Quoting: what is offered to a customer, in which versions, and what of it is taken (QUO-01, 02, 04, 05).
//!
//! Words. A *quote* is the identity: customer, owner, currency, date. What is offered stands in its *versions*: lines,
//! prices, discounts, charges, terms. A version is *offered* while it is approved and valid. The customer *accepts* one of
//! them; orders follow from that one, in whole or in part, once or several times.
//!
//! Life of a version: draft -> in_approval -> approved; voided out of any of them, with the reason: by hand, superseded,
//! because the quote expired or was taken back. Life of a quote: draft -> in_approval -> approved -> sent ->
//! in_negotiation -> accepted | declined; expired when its offers are; void when it is taken back.
//!
//! Promises. At most one version is open (a draft or in approval). An approved version never changes. A clone supersedes
//! what was still unapproved; beside an approved and valid version it stands only as a named alternative. Earlier
//! versions stay. Prices are those of the quote's date and keep their derivation; pricing again is an operation of its
//! own that tells what it changed. What rules take off lines together and free goods follow the lines of a draft. Never
//! more is ordered of a line than was quoted.
//!
//! Never. No order follows from what was not accepted. Accepting never prices anew.

mod document;
mod error;
mod free_goods;
mod operations;
mod records;
pub mod rules;
#[cfg(test)]
mod tests;
mod versions;

pub(crate) use document::beyond_range;
pub use document::{
    DocumentHead, DocumentLine, Edit, LookUp, NewLine, above_zero, belonging, beside, change_line,
    charges_taxes, contact_of, customer_of, edit_line, guard_head, guard_rules, guard_step, judge_whole,
    new_lines, price_again, standing, still_buys, tax_lines, total, works_here,
};
pub use error::*;
pub use free_goods::{counter, not_free, put_back, take_free};
pub(crate) use operations::one_line;
pub use operations::*;
pub use records::*;
pub use versions::{accepted, give_back, take, validity, versions};

use crm_kernel::model::{Area, KindRules};
use crm_kernel::operation::OperationRow;
use crm_kernel::record::Record;

/// The area.
pub const AREA: Area = Area {
    name: "quoting",
    kinds: &[Quote::def, QuoteVersion::def, QuoteLine::def],
    operations: &[
        OperationRow::of::<Create>(),
        OperationRow::of::<Change>(),
        OperationRow::of::<SetTerms>(),
        OperationRow::of::<AddLine>(),
        OperationRow::of::<ChangeLine>(),
        OperationRow::of::<RemoveLine>(),
        OperationRow::of::<Reprice>(),
        OperationRow::of::<NewVersion>(),
        OperationRow::of::<VoidVersion>(),
        OperationRow::of::<Submit>(),
        OperationRow::of::<Withdraw>(),
        OperationRow::of::<Approve>(),
        OperationRow::of::<Reject>(),
        OperationRow::of::<Send>(),
        OperationRow::of::<Negotiate>(),
        OperationRow::of::<Accept>(),
        OperationRow::of::<Decline>(),
        OperationRow::of::<Void>(),
        OperationRow::of::<Expire>(),
        OperationRow::of::<Difference>(),
        OperationRow::of::<Show>(),
    ],
    rules: &[KindRules::of(QuoteVersion::NO).event(versions::event)],
    rights: &[("quote", "accept_expired"), ("quote", "override_price")],
};
