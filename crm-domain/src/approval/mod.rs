//! Approval: nothing that needs approval acts before it (APR-01 to APR-05, platform.md 2.3).
//!
//! Words. A *definition* says for a kind of record who is asked in which *steps*; it has versions, of which only
//! published ones apply. An *instance* is one approval of one record; it stays on the version it began with. A *task*
//! asks one person. The *submitter* is who submitted, whoever created the record. Where he acted on somebody's behalf
//! the submission is that person's own as well: neither approves it.
//!
//! Life of an instance: running -> approved | rejected | returned | recalled | cancelled; held while nobody is found
//! for a step. A record rejected, returned or recalled is submitted again, on the newest version.
//!
//! Promises. A record has at most one running approval. A step whose condition is not true, also where it is unknown,
//! is recorded as not needed. A step for which nobody is found does what its definition says, and never passes
//! silently; where no step is left the definition's last fallback decides, where there is none an administrator. People
//! and the reason why they are asked are fixed when a step begins. Somebody who leaves is replaced at once: successor,
//! other holder of his position, superior, administrator. Whoever is asked may read what he is asked about.
//!
//! Never. A definition that is published does not change. The engine itself never approves.

mod define;
mod error;
mod flow;
mod handing_on;
mod leavers;
mod operations;
mod people;
mod records;
mod rules;
mod subject;
#[cfg(test)]
mod tests;

pub use define::*;
pub use error::*;
pub use flow::{Submission, is_running, on_behalf, submit};
pub use handing_on::*;
pub use operations::*;
pub use records::*;
pub use rules::*;

use crate::org::Employee;
use crm_kernel::model::{Area, KindRules};
use crm_kernel::operation::OperationRow;
use crm_kernel::record::Record;

/// The area.
pub const AREA: Area = Area {
    name: "approval",
    kinds: &[
        ApprovalDefinition::def,
        ApprovalStep::def,
        ApprovalApprover::def,
        ApprovalInstance::def,
        ApprovalStepRun::def,
        ApprovalTask::def,
    ],
    operations: &[
        OperationRow::of::<Define>(),
        OperationRow::of::<Publish>(),
        OperationRow::of::<Retire>(),
        OperationRow::of::<SubmitRecord>(),
        OperationRow::of::<Inbox>(),
        OperationRow::of::<Decide>(),
        OperationRow::of::<Withdraw>(),
        OperationRow::of::<Show>(),
        OperationRow::of::<Delegate>(),
        OperationRow::of::<Reassign>(),
        OperationRow::of::<Appoint>(),
    ],
    rules: &[
        KindRules::of(Employee::NO).save(leavers::employee_saved),
        KindRules::of(0).delete(leavers::no_delete_while_running).errors(&[ALREADY_RUNNING]),
    ],
    rights: &[],
};
