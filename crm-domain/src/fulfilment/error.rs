//! Refusals of fulfilment.

use crm_kernel::error::{Class, Code};

/// The order has a plan already: it is made anew by `plan.replan`.
pub const PLAN_EXISTS: Code = Code::new("plan.exists", Class::Conflict);
/// The order has no plan.
pub const NO_PLAN: Code = Code::new("plan.none", Class::NotFound);
/// Neither a payment term nor a template says what is to be done.
pub const NOTHING_TO_PLAN: Code = Code::new("plan.nothing", Class::Invalid);
/// Shares of a template are above 0 and at most 100 per cent; those of money come to 100.
pub const BAD_SHARES: Code = Code::new("plan.bad_shares", Class::Invalid);
/// The template counts from the required date, and the order has none.
pub const NO_ANCHOR: Code = Code::new("plan.no_required_date", Class::Conflict);
/// The plan has no such step.
pub const NO_STEP: Code = Code::new("plan.no_step", Class::NotFound);
/// The step is done or was dropped.
pub const STEP_CLOSED: Code = Code::new("plan.step_closed", Class::Conflict);
/// A step that has begun stays as it is.
pub const STEP_FROZEN: Code = Code::new("plan.step_frozen", Class::Conflict);
/// Either a step or an action is executed.
pub const STEP_OR_ACTION: Code = Code::new("plan.step_or_action", Class::Invalid);
/// No step of the plan waits for this action.
pub const NOTHING_OPEN: Code = Code::new("plan.nothing_open", Class::Conflict);
/// More would be done than is planned.
pub const OVER_PLANNED: Code = Code::new("plan.over_planned", Class::Conflict);
/// The amounts of a plan come to its total.
pub const UNLIKE_TOTAL: Code = Code::new("plan.unlike_total", Class::Conflict);
/// Only holders of a certain position execute the action.
pub const NOT_EXECUTOR: Code = Code::new("plan.not_executor", Class::Forbidden);
/// The action has no use for this part of the request, or needs one that is missing.
pub const NO_EFFECT: Code = Code::new("plan.no_effect", Class::Invalid);
/// The action is no longer used.
pub const RETIRED_ACTION: Code = Code::new("plan.action_retired", Class::Conflict);
/// No action in use brings money and does nothing else, and the code of the one that would be made is taken.
pub const NO_RECEIPT_ACTION: Code = Code::new("plan.no_receipt_action", Class::Conflict);
/// Either an order or a customer is tracked.
pub const ORDER_OR_CUSTOMER: Code = Code::new("tracking.order_or_customer", Class::Invalid);
