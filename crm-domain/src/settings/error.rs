//! Refusals of the settings.

use crm_kernel::error::{Class, Code};

/// The enterprise has been set up already.
pub const ALREADY_SET_UP: Code = Code::new("enterprise.already_set_up", Class::Conflict);
/// The enterprise has not been set up yet.
pub const NOT_SET_UP: Code = Code::new("enterprise.not_set_up", Class::Conflict);
/// A zone whose rules are not known.
pub const UNKNOWN_ZONE: Code = Code::new("enterprise.unknown_zone", Class::Invalid);
