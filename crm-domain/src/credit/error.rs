//! Refusals of credit.

use crm_kernel::error::{Class, Code};

/// The order is beyond a credit limit: somebody with the right may release it.
pub const LIMIT_EXCEEDED: Code = Code::new("credit.limit_exceeded", Class::NeedsApproval);
/// The order is beyond a credit limit, and the enterprise refuses such orders.
pub const REFUSED: Code = Code::new("credit.refused", Class::Conflict);
/// A limit is a customer's or an employee's: exactly one of them.
pub const ONE_HOLDER: Code = Code::new("credit.one_holder", Class::Invalid);
/// A limit is not below zero.
pub const NEGATIVE_LIMIT: Code = Code::new("credit.negative_limit", Class::Invalid);
/// A release ends in the future, and a validity does not end before it begins.
pub const BAD_DATES: Code = Code::new("credit.bad_dates", Class::Invalid);
/// The order has taken effect already, or was given up: there is nothing to release.
pub const NOT_WAITING: Code = Code::new("credit.order_not_waiting", Class::Conflict);
/// The holder has no limit.
pub const NO_LIMIT: Code = Code::new("credit.no_limit", Class::NotFound);
