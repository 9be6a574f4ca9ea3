//! Refusals of the organisation.

use crm_kernel::error::{Class, Code};

/// A department would stand below itself, or an employee report to himself over others.
pub const CYCLE: Code = Code::new("org.cycle", Class::Conflict);
/// Nobody would be left who may do everything.
pub const LAST_ADMINISTRATOR: Code = Code::new("org.last_administrator", Class::Conflict);
