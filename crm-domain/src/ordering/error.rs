//! Refusals of ordering.

use crm_kernel::error::{Class, Code};

/// The order has left the draft: its content does not change any more.
pub const NOT_DRAFT: Code = Code::new("order.not_draft", Class::Conflict);
/// The order is not approved: nothing may be planned, delivered, invoiced or collected.
pub const NOT_APPROVED: Code = Code::new("order.not_approved", Class::NeedsApproval);
/// The order is held.
pub const HELD: Code = Code::new("order.held", Class::Conflict);
/// The step does not follow from the state that the order is in.
pub const WRONG_STATE: Code = Code::new("order.wrong_state", Class::Conflict);
/// An approval runs: it is decided there, or withdrawn.
pub const IN_APPROVAL: Code = Code::new("order.in_approval", Class::Conflict);
/// The submitter may not approve what he or she submitted.
pub const SELF_APPROVAL: Code = Code::new("order.self_approval", Class::Forbidden);
/// An order without lines is not submitted.
pub const NO_LINES: Code = Code::new("order.no_lines", Class::Conflict);
/// The order has no such line.
pub const NO_LINE: Code = Code::new("order.no_line", Class::NotFound);
/// The line comes from a quote: its product, unit and prices are those that were quoted.
pub const QUOTED_LINE: Code = Code::new("order.quoted_line", Class::Conflict);
/// Goods have been delivered or invoiced: the order cannot be cancelled.
pub const EXECUTED: Code = Code::new("order.executed", Class::Conflict);
/// More would be delivered, invoiced or returned than the line allows.
pub const OVER_EXECUTED: Code = Code::new("order.over_executed", Class::Conflict);
/// More of free goods would stay with the customer than go with what he keeps of the line that they came with.
pub const FREE_BEYOND: Code = Code::new("order.free_beyond", Class::Conflict);
/// The contact belongs to another customer.
pub const FOREIGN_CONTACT: Code = Code::new("order.foreign_contact", Class::Invalid);
/// An existing order is submitted as it is: fields of a new one do not go with it.
pub const NEW_OR_OLD: Code = Code::new("order.new_or_existing", Class::Invalid);
/// Negative quantities stand on credit notes only, and on nothing but imported ones.
pub const NEGATIVE_QUANTITY: Code = Code::new("order.negative_quantity", Class::Invalid);
/// A credit note takes back: its quantities are below zero.
pub const POSITIVE_QUANTITY: Code = Code::new("order.positive_quantity", Class::Invalid);
/// Prices, costs and what a line comes to are not below zero; what is taken back has a quantity below zero.
pub const NEGATIVE_PRICE: Code = Code::new("order.negative_price", Class::Invalid);
/// Nothing is shipped before it is ordered.
pub const SHIPPED_BEFORE_DATE: Code = Code::new("order.shipped_before_date", Class::Invalid);
/// The document's own total is not the sum of its lines.
pub const UNLIKE_SUM: Code = Code::new("order.unlike_sum", Class::Invalid);
/// A credit note corrects an order in effect of the same customer and currency, at prices of the same sort.
pub const CORRECTS: Code = Code::new("order.corrects", Class::Invalid);
/// More of a charge is given back than was billed and not given back before.
pub const OVER_CREDITED: Code = Code::new("order.over_credited", Class::Conflict);
/// A trace begins at an order or at a quote.
pub const ONE_END: Code = Code::new("order.one_end", Class::Invalid);
