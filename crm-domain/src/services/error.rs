//! Refusals of services.

use crm_kernel::error::{Class, Code};

/// Less is left of the service than would be used.
pub const USED_UP: Code = Code::new("service.used_up", Class::Conflict);
/// The service is used before its first day.
pub const NOT_BEGUN: Code = Code::new("service.not_begun", Class::Conflict);
/// The service is used behind its last day.
pub const EXPIRED: Code = Code::new("service.expired", Class::Conflict);
/// What was sold came back, or its order was cancelled: the service has ended.
pub const ENDED: Code = Code::new("service.ended", Class::Conflict);
/// A service that is sold by times is used a whole number of times, or all of it that is left.
pub const NOT_WHOLE: Code = Code::new("service.not_whole", Class::Invalid);
/// The use was taken back already, or is itself the taking back of one.
pub const TAKEN_BACK: Code = Code::new("service.taken_back", Class::Conflict);
