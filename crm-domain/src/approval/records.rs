//! The records of approval (APR-01 to APR-05).

use crate::org::{Department, Employee, Position};
use crm_kernel::date::Instant;
use crm_kernel::dec::Dec;
use crm_kernel::id::{Id, Ref};
use crm_kernel::record::Lines;
use crm_kernel::{Choice, Record};

/// How records of a kind are approved: steps in order, with the conditions under which they are needed. A published
/// version never changes; what runs on it ends on it.
#[derive(Clone, Debug, Record)]
#[record(no = 190, managed, unique("kind", "code", "version_no"), index("kind", "state"))]
pub struct ApprovalDefinition {
    /// The kind of record that it is for, by name.
    #[field(no = 1, text = 60)]
    pub kind: String,
    /// The code that its versions share.
    #[field(no = 2, text = 60)]
    pub code: String,
    /// The version: 1, 2, ...
    #[field(no = 3)]
    pub version_no: i64,
    /// The name.
    #[field(no = 4, title)]
    pub name: String,
    /// Where it stands.
    #[field(no = 5)]
    pub state: ApprovalDefinitionState,
    /// The condition over the record under which it applies; always where there is none.
    #[field(no = 6, text = 8192)]
    pub condition: Option<String>,
    /// Who decides where no step is left: an approval never passes by itself.
    #[field(no = 7)]
    pub fallback: Option<Ref<Employee>>,
    /// When it was published.
    #[field(no = 8)]
    pub published_at: Option<Instant>,
    /// Notes.
    #[field(no = 9, long_text)]
    pub notes: Option<String>,
    /// The steps.
    #[field(no = 10)]
    pub steps: Lines<ApprovalStep>,
    /// Who is asked at which step.
    #[field(no = 11)]
    pub approvers: Lines<ApprovalApprover>,
}

/// Where a definition stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum ApprovalDefinitionState {
    /// Being written; applies to nothing.
    Draft,
    /// In force.
    Published,
    /// Replaced or taken out of force; what runs on it goes on.
    Retired,
}

/// One step of a definition.
#[derive(Clone, Debug, Record)]
#[record(no = 191, parent = ApprovalDefinition)]
pub struct ApprovalStep {
    /// Its number: the steps come in this order.
    #[field(no = 1)]
    pub step: i64,
    /// The name.
    #[field(no = 2)]
    pub name: String,
    /// The condition over the record under which it is needed; always where there is none. Unknown is not true.
    #[field(no = 3, text = 8192)]
    pub condition: Option<String>,
    /// How many of those asked decide.
    #[field(no = 4, default = "\"all\"")]
    pub mode: ApprovalMode,
    /// For a quorum: how many approvals are needed.
    #[field(no = 5)]
    pub need: Option<i64>,
    /// For a quorum: how many per cent of those asked are needed, rounded up.
    #[field(no = 6, percent)]
    pub need_percent: Option<Dec>,
    /// What happens where nobody is found.
    #[field(no = 7)]
    pub on_empty: Option<OnEmpty>,
    /// Who decides where nobody is found and `on_empty` is `fallback`.
    #[field(no = 8)]
    pub fallback: Option<Ref<Employee>>,
    /// What happens where the submitter would be asked.
    #[field(no = 9, default = "\"forbid\"")]
    pub self_approval: SelfApproval,
}

/// How many of those asked at a step decide it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum ApprovalMode {
    /// One person is asked: the first who is found.
    One,
    /// Everybody approves (countersign); one rejection rejects.
    All,
    /// The first answer decides, whichever it is.
    AnyFirstResponse,
    /// The first approval decides; rejected only once everybody has rejected.
    AnyFirstApproval,
    /// A number or share of those asked approves.
    Quorum,
}

/// What happens at a step for which nobody is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum OnEmpty {
    /// The step is left out, and that is recorded.
    Skip,
    /// Somebody named decides.
    Fallback,
    /// The approval waits until an administrator names somebody.
    Hold,
}

/// What happens where the submitter would be asked for his own record. Judged against who submits, not who created.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum SelfApproval {
    /// He may approve.
    Allow,
    /// His superior is asked in his place.
    Forbid,
    /// He is not asked; the others of the step are.
    Skip,
}

/// Somebody asked at a step, found when the step begins.
#[derive(Clone, Debug, Record)]
#[record(no = 194, parent = ApprovalDefinition)]
pub struct ApprovalApprover {
    /// The number of the step.
    #[field(no = 1)]
    pub step: i64,
    /// How he is found.
    #[field(no = 2)]
    pub source: ApproverSource,
    /// The employee, where `source` is `employee`.
    #[field(no = 3)]
    pub employee: Option<Ref<Employee>>,
    /// The position whose active holders are asked, where `source` is `position`.
    #[field(no = 4)]
    pub held: Option<Ref<Position>>,
    /// The department whose head is asked, where `source` is `department_head`; else the submitter's.
    #[field(no = 5)]
    pub department: Option<Ref<Department>>,
    /// How many levels above the submitter, where `source` is `superior`: 1 is the direct superior.
    #[field(no = 6)]
    pub levels: Option<i64>,
    /// An expression over the record that gives an employee, where `source` is `field`.
    #[field(no = 7, text = 8192)]
    pub expression: Option<String>,
}

/// How an approver is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum ApproverSource {
    /// By name.
    Employee,
    /// Everybody who holds a position.
    Position,
    /// The head of a department.
    DepartmentHead,
    /// A superior of the submitter.
    Superior,
    /// An employee to whom the record refers.
    Field,
    /// The person named for the case that nobody else is found.
    Fallback,
    /// Named by an administrator.
    Administrator,
}

/// One approval of one record. It keeps the version of the definition it runs on.
#[derive(Clone, Debug, Record)]
#[record(no = 192, managed, index("kind", "subject"))]
pub struct ApprovalInstance {
    /// The kind of the record, by name.
    #[field(no = 1, text = 60)]
    pub kind: String,
    /// The record.
    #[field(no = 2)]
    pub subject: Id,
    /// What the record was called when it was submitted.
    #[field(no = 3)]
    pub subject_title: Option<String>,
    /// The definition, in the version it runs on.
    #[field(no = 4)]
    pub definition: Ref<ApprovalDefinition>,
    /// Where it stands.
    #[field(no = 5, index)]
    pub state: ApprovalState,
    /// Who submitted: self-approval is judged against him and `on_behalf`.
    #[field(no = 6, owner)]
    pub submitter: Ref<Employee>,
    /// The submitter's department then.
    #[field(no = 7, department)]
    pub department: Ref<Department>,
    /// When.
    #[field(no = 8)]
    pub submitted_at: Instant,
    /// The change set as of which the record was submitted: reading it as of then shows what was asked for.
    #[field(no = 9)]
    pub snapshot: i64,
    /// The step that is being decided; 0 for the last fallback.
    #[field(no = 10)]
    pub step: i64,
    /// How often a step has been gone back to.
    #[field(no = 11)]
    pub round: i64,
    /// When it ended.
    #[field(no = 12)]
    pub ended_at: Option<Instant>,
    /// What became of each step, in order of time.
    #[field(no = 13)]
    pub steps: Lines<ApprovalStepRun>,
    /// On whose behalf he submitted: self-approval is judged against that person too.
    #[field(no = 14)]
    pub on_behalf: Option<Ref<Employee>>,
}

impl ApprovalInstance {
    /// Those whose own the submission is: who submitted, and on whose behalf.
    pub fn own(&self) -> impl Iterator<Item = Ref<Employee>> {
        std::iter::once(self.submitter).chain(self.on_behalf)
    }

    /// True for who submitted and for whom he did so.
    pub fn is_own(&self, who: Ref<Employee>) -> bool {
        self.own().any(|own| own == who)
    }
}

/// Where an approval stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum ApprovalState {
    /// Somebody is asked.
    Running,
    /// Approved to the end.
    Approved,
    /// Rejected.
    Rejected,
    /// Given back to the submitter to be changed.
    Returned,
    /// Withdrawn by the submitter.
    Recalled,
    /// Ended by an administrator.
    Cancelled,
    /// Nobody is found for a step: waits for an administrator.
    Held,
}

/// What became of a step of a running approval.
#[derive(Clone, Debug, Record)]
#[record(no = 195, parent = ApprovalInstance)]
pub struct ApprovalStepRun {
    /// The number of the step; 0 for the last fallback.
    #[field(no = 1)]
    pub step: i64,
    /// Its name.
    #[field(no = 2)]
    pub name: String,
    /// The round.
    #[field(no = 3)]
    pub round: i64,
    /// What became of it.
    #[field(no = 4)]
    pub state: ApprovalStepState,
    /// Why, as a stable word: `condition`, `nobody_found`, `quorum_out_of_reach`, ...
    #[field(no = 5, text = 60)]
    pub reason: Option<String>,
    /// When it began, or was passed over.
    #[field(no = 6)]
    pub at: Instant,
    /// When it was decided.
    #[field(no = 7)]
    pub decided_at: Option<Instant>,
}

/// What became of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum ApprovalStepState {
    /// Being decided.
    Open,
    /// Approved.
    Approved,
    /// Rejected.
    Rejected,
    /// Given back.
    Returned,
    /// Its condition is not true.
    NotNeeded,
    /// Nobody was found, and the definition leaves it out then.
    Skipped,
    /// Nobody was found: waits for an administrator.
    Held,
    /// The approval ended before it was decided.
    Ended,
}

/// One question to one person. Who is asked and why is fixed when the step begins.
#[derive(Clone, Debug, Record)]
#[record(no = 193, managed, index("approver", "state"))]
pub struct ApprovalTask {
    /// The approval.
    #[field(no = 1, index)]
    pub instance: Ref<ApprovalInstance>,
    /// The number of the step; 0 for the last fallback.
    #[field(no = 2)]
    pub step: i64,
    /// The step's name.
    #[field(no = 3)]
    pub step_name: String,
    /// The round.
    #[field(no = 4)]
    pub round: i64,
    /// Who is asked.
    #[field(no = 5, owner)]
    pub approver: Ref<Employee>,
    /// Where it stands.
    #[field(no = 6)]
    pub state: ApprovalTaskState,
    /// How the approver was found.
    #[field(no = 7)]
    pub source: ApproverSource,
    /// Why he stands in for somebody, as a stable word: `self_approval`, `user_inactive:successor`, `delegated`, ...
    #[field(no = 8, text = 120)]
    pub reason: Option<String>,
    /// For whom he stands in.
    #[field(no = 9)]
    pub instead_of: Option<Ref<Employee>>,
    /// When he was asked.
    #[field(no = 10)]
    pub opened_at: Instant,
    /// When it was closed.
    #[field(no = 11)]
    pub closed_at: Option<Instant>,
    /// Who closed it; nobody where the engine did.
    #[field(no = 12)]
    pub closed_by: Option<Ref<Employee>>,
    /// What he said.
    #[field(no = 13, long_text)]
    pub comment: Option<String>,
}

/// Where a task stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum ApprovalTaskState {
    /// Waits for an answer.
    Open,
    /// Approved.
    Approved,
    /// Rejected.
    Rejected,
    /// Given back.
    Returned,
    /// Handed on by the approver.
    Delegated,
    /// Handed on by an administrator, or because the approver left.
    Reassigned,
    /// Decided without this answer.
    NotNeeded,
}
