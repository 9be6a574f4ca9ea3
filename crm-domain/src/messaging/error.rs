//! Refusals of messaging.

use crm_kernel::error::{Class, Code};

/// A reminder rule that contradicts itself.
pub const BAD_RULE: Code = Code::new("reminder.bad_rule", Class::Invalid);
/// The message was delivered before.
pub const ALREADY_DELIVERED: Code = Code::new("outbox.already_delivered", Class::Conflict);
