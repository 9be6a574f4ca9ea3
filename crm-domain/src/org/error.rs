//! Refusals of the organisation.

use crm_kernel::error::{Class, Code};

/// A department would stand below itself, or an employee report to himself over others.
pub const CYCLE: Code = Code::new("org.cycle", Class::Conflict);
/// Nothing asks for such a right: the kind of record, the area's word or the verb is none.
pub const UNKNOWN_RIGHT: Code = Code::new("org.unknown_right", Class::Invalid);
/// Nobody would be left who may do everything.
pub const LAST_ADMINISTRATOR: Code = Code::new("org.last_administrator", Class::Conflict);
