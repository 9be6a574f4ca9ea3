//! Services: what customers who bought times, hours, days or a period still have of them (PRD-05).
//!
//! Words. A product that is a service says what one of it is good for: fifteen washes within a year, a year of support.
//! An order line of one that takes effect makes an *entitlement*: so many times, hours or days *granted*, from a first
//! day to a last one. A *use* takes of it. What is granted and not used is *left*.
//!
//! Life: an entitlement begins when its order takes effect, and ends when it is used up, with its last day, or when the
//! order is cancelled or what was sold comes back: what is used by then stays used.
//!
//! Promises. What is granted is that of the product on the day on which the order took effect, so a change of the product
//! changes nothing that was sold. Never more is used than is left, nothing before the first day and nothing behind the
//! last; times are used whole, but a part of one that is all that is left can be used, so nothing that was sold is lost.
//! What is left is read and taken in one transaction. The log of uses is only added to: a use that was none is
//! taken back by an entry of its own. What every use is worth adds up, over all of them, to what the line came to.
//!
//! Never. A use is no delivery: it moves no stock, bills nothing and does not fulfil the order. Goods make no entitlement.

mod error;
mod list;
mod records;
mod rules;
mod sale;
#[cfg(test)]
mod tests;
mod uses;

pub use error::*;
pub use list::*;
pub use records::*;
pub use rules::*;
pub(crate) use sale::follow;
pub use uses::*;

use crate::ordering::Order;
use crate::settings::NO_CONVERSION;
use crm_kernel::model::{Area, KindRules};
use crm_kernel::operation::OperationRow;
use crm_kernel::record::Record;

/// The area.
pub const AREA: Area = Area {
    name: "services",
    kinds: &[ServiceEntitlement::def, ServiceGrant::def, ServiceUse::def],
    operations: &[OperationRow::of::<Use>(), OperationRow::of::<TakeBack>(), OperationRow::of::<List>()],
    rules: &[KindRules::of(Order::NO).event(sale::order_event).errors(&[NO_CONVERSION])],
    rights: &[],
};
