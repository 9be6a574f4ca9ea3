//! Refusals of finance.

use crm_kernel::error::{Class, Code};

/// Everything of the order has been invoiced, or nothing was asked for.
pub const NOTHING_TO_INVOICE: Code = Code::new("invoice.nothing", Class::Conflict);
/// Either a payment term or a due date, not both.
pub const TERM_OR_DATE: Code = Code::new("invoice.term_or_date", Class::Invalid);
/// A line of the order stands twice in the request.
pub const LINE_TWICE: Code = Code::new("invoice.line_twice", Class::Invalid);
/// A cancelled order is not billed.
pub const CANCELLED: Code = Code::new("invoice.order_cancelled", Class::Conflict);
/// Only orders of another system have invoices of another system.
pub const NOT_IMPORTED: Code = Code::new("invoice.not_imported", Class::Conflict);
/// Another currency than the document's.
pub const RECEIPT_CURRENCY: Code = Code::new("receipt.currency", Class::Invalid);
/// More would be allocated than the debt or the receipt holds.
pub const OVER_ALLOCATED: Code = Code::new("receipt.over_allocated", Class::Conflict);
/// The debt or the order is another customer's.
pub const OTHER_CUSTOMER: Code = Code::new("receipt.other_customer", Class::Invalid);
/// A refund is no payment of a debt.
pub const REFUND_ALLOCATED: Code = Code::new("receipt.refund_allocated", Class::Invalid);
/// More would be refunded than the customer has in advance.
pub const REFUND_EXCEEDS: Code = Code::new("receipt.refund_exceeds", Class::Conflict);
/// Less of the receipt lies on the debt than would be taken back.
pub const NOT_ALLOCATED: Code = Code::new("receipt.not_allocated", Class::Conflict);
/// Opening balances lie before the cutover.
pub const AFTER_CUTOVER: Code = Code::new("opening.after_cutover", Class::Invalid);
/// The sort of interest year is none that is known.
pub const BAD_PERIOD: Code = Code::new("interest.bad_period", Class::Invalid);
/// The end lies before the beginning.
pub const BAD_RANGE: Code = Code::new("statement.bad_range", Class::Invalid);
/// Limits of ageing rise, from one day on.
pub const BAD_LIMITS: Code = Code::new("ageing.bad_limits", Class::Invalid);
/// An invoice is not dated before its order.
pub const BEFORE_ORDER: Code = Code::new("invoice.before_order", Class::Invalid);
/// A debt is not due before it is made.
pub const DUE_BEFORE_DATE: Code = Code::new("invoice.due_before_date", Class::Invalid);
