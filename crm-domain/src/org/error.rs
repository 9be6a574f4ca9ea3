//! Refusals of the organisation.

use crm_kernel::error::{Class, Code};

/// A department would stand below itself, or an employee report to himself over others.
pub const CYCLE: Code = Code::new("org.cycle", Class::Conflict);
