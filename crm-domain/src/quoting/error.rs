//! Refusals of quoting.

use crm_kernel::error::{Class, Code};

/// The version is approved or voided: nothing of it changes any more.
pub const FROZEN: Code = Code::new("quote.frozen", Class::Conflict);
/// The version is being approved; withdraw it first.
pub const IN_APPROVAL: Code = Code::new("quote.in_approval", Class::Conflict);
/// A clone would stand beside an approved version without being called an alternative.
pub const APPROVED_VERSION_EXISTS: Code = Code::new("quote.approved_version_exists", Class::Conflict);
/// The quote is accepted, declined or void.
pub const CLOSED: Code = Code::new("quote.closed", Class::Conflict);
/// The step does not follow from the state that the quote is in.
pub const WRONG_STATE: Code = Code::new("quote.wrong_state", Class::Conflict);
/// No version of the quote is approved.
pub const NOT_APPROVED: Code = Code::new("quote.not_approved", Class::NeedsApproval);
/// The quote is not accepted: no order follows from it.
pub const NOT_ACCEPTED: Code = Code::new("quote.not_accepted", Class::Conflict);
/// The version's validity is over.
pub const EXPIRED: Code = Code::new("quote.expired", Class::Conflict);
/// The validity would end before the date of the quote.
pub const OVER_BEFORE_DATE: Code = Code::new("quote.over_before_date", Class::Invalid);
/// Several versions are offered: the one meant has to be named.
pub const VERSION_NEEDED: Code = Code::new("quote.version_needed", Class::Invalid);
/// The quote has no such version.
pub const NO_VERSION: Code = Code::new("quote.no_version", Class::NotFound);
/// The version has no such line.
pub const NO_LINE: Code = Code::new("quote.no_line", Class::NotFound);
/// A version without lines is not offered to anybody.
pub const NO_LINES: Code = Code::new("quote.no_lines", Class::Conflict);
/// Versions of two quotes are not compared.
pub const ANOTHER_QUOTE: Code = Code::new("quote.another_quote", Class::Invalid);
/// More would be ordered than was quoted.
pub const OVER_QUOTED: Code = Code::new("quote.over_quantity", Class::Conflict);
/// The submitter may not approve what he or she submitted.
pub const SELF_APPROVAL: Code = Code::new("quote.self_approval", Class::Forbidden);
/// The contact belongs to another customer.
pub const FOREIGN_CONTACT: Code = Code::new("quote.foreign_contact", Class::Invalid);
/// A line is for more than nothing.
pub const LINE_QUANTITY: Code = Code::new("line.quantity", Class::Invalid);
/// Free goods follow the line that they come with: they are not changed, removed or ordered for themselves.
pub const LINE_FREE: Code = Code::new("line.free", Class::Conflict);
pub use crate::pricing::{NEGATIVE_CHARGE, TWO_DISCOUNTS};
/// Who has left takes no new documents.
pub const OWNER_LEFT: Code = Code::new("document.owner_left", Class::Conflict);
