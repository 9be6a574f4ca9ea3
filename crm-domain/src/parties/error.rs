//! Refusals of the parties.

use crm_kernel::error::{Class, Code};

/// A customer would belong to itself, or a contact report to himself, over others.
pub const PARTY_CYCLE: Code = Code::new("party.cycle", Class::Conflict);
/// The superior of a contact works for another customer.
pub const OTHER_CUSTOMER: Code = Code::new("contact.superior_elsewhere", Class::Invalid);
/// The customer has another main contact already.
pub const SECOND_MAIN: Code = Code::new("contact.second_main", Class::Conflict);
/// An employee who has left cannot take anything over.
pub const OWNER_LEFT: Code = Code::new("customer.owner_left", Class::Conflict);
/// A customer of whom an order was approved does not become a potential one again.
pub const HAS_TRADED: Code = Code::new("customer.has_traded", Class::Conflict);
/// Orders are not taken from a customer that is inactive.
pub const INACTIVE: Code = Code::new("customer.inactive", Class::Conflict);
