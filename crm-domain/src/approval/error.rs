//! Refusals of approval.

use crm_kernel::error::{Class, Code};

/// An approval of this record runs already.
pub const ALREADY_RUNNING: Code = Code::new("approval.already_running", Class::Conflict);
/// The approval has ended.
pub const ENDED: Code = Code::new("approval.ended", Class::Conflict);
/// The task is no longer open.
pub const TASK_CLOSED: Code = Code::new("approval.task_closed", Class::Conflict);
/// The task is somebody else's.
pub const NOT_APPROVER: Code = Code::new("approval.not_approver", Class::Forbidden);
/// The submitter may not approve what he submitted.
pub const SELF_APPROVAL: Code = Code::new("approval.self_approval", Class::Forbidden);
/// Only the submitter may withdraw.
pub const NOT_SUBMITTER: Code = Code::new("approval.not_submitter", Class::Forbidden);
/// Somebody has decided already, so the submitter can no longer withdraw.
pub const ALREADY_DECIDED: Code = Code::new("approval.already_decided", Class::Conflict);
/// What the routing read has changed since the record was submitted.
pub const SUBJECT_CHANGED: Code = Code::new("approval.subject_changed", Class::Conflict);
/// No published definition applies to the record.
pub const NO_DEFINITION: Code = Code::new("approval.no_definition", Class::Conflict);
/// Records of this kind are submitted by an operation of their own area.
pub const OWN_SUBMIT: Code = Code::new("approval.own_submit", Class::Conflict);
/// The definition is no draft.
pub const NOT_DRAFT: Code = Code::new("approval.not_draft", Class::Conflict);
/// The definition is not published.
pub const NOT_PUBLISHED: Code = Code::new("approval.not_published", Class::Conflict);
/// A definition without steps.
pub const NO_STEPS: Code = Code::new("approval.no_steps", Class::Invalid);
/// A step that contradicts itself.
pub const BAD_STEP: Code = Code::new("approval.bad_step", Class::Invalid);
/// A step that may find nobody does not say what happens then.
pub const NO_EMPTY_POLICY: Code = Code::new("approval.no_empty_policy", Class::Invalid);
/// Every step may be left out and nobody is named for that case.
pub const NO_FALLBACK: Code = Code::new("approval.no_fallback", Class::Invalid);
/// This person cannot take the task: gone, already asked, or the submitter.
pub const BAD_APPROVER: Code = Code::new("approval.bad_approver", Class::Conflict);
/// A delegated task is not delegated again.
pub const NOT_TRANSITIVE: Code = Code::new("approval.not_transitive", Class::Conflict);
/// Only an earlier step can be returned to.
pub const NO_EARLIER_STEP: Code = Code::new("approval.no_earlier_step", Class::Invalid);
/// Nobody is waited for: the approval is not held.
pub const NOT_HELD: Code = Code::new("approval.not_held", Class::Conflict);
