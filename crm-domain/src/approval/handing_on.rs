//! Handing tasks on: delegated by the one who is asked, reassigned or given to somebody by an administrator.

use super::flow::{appoint, counts, open_task, tasks_of_step};
use super::operations::{DecideAnswer, InstanceAnswer, answer, close, open_task_of, policy, still_open};
use super::people::Person;
use super::{
    ApprovalDefinition, ApprovalInstance, ApprovalState, ApprovalTask, ApprovalTaskState, BAD_APPROVER,
    NOT_APPROVER, NOT_HELD, NOT_TRANSITIVE, SELF_APPROVAL, SelfApproval, TASK_CLOSED,
};
use crate::org::Employee;
use crm_kernel::Record;
use crm_kernel::error::{Code, Result};
use crm_kernel::id::Ref;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::record::Whole;
use crm_kernel::work::{Stored, Work};

const DELEGATED: &str = "delegated";

/// Hands a task of the actor to somebody else, who answers in his place. Not handed on a second time.
#[derive(Clone, Debug, Record)]
#[record(name = "approval_delegate")]
pub struct Delegate {
    /// The task.
    pub task: Ref<ApprovalTask>,
    /// To whom.
    pub to: Ref<Employee>,
    /// Why.
    #[field(long_text)]
    pub comment: Option<String>,
    /// The task's version that the caller read; refused where it is another one.
    pub version: Option<i64>,
}

impl Operation for Delegate {
    const NAME: &'static str = "approval.delegate";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "approval", verb: "decide" };
    const ERRORS: &'static [Code] = &[NOT_APPROVER, SELF_APPROVAL, TASK_CLOSED, BAD_APPROVER, NOT_TRANSITIVE];
    const CAPABILITIES: &'static [&'static str] = &["APR-04"];
    const EXAMPLE: &'static str = r#"{"task":"$task","to":"$employee","comment":"on leave"}"#;
    type Answer = DecideAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<DecideAnswer> {
        let actor = Ref::new(work.actor()?);
        work.system(|work| {
            let (mut task, instance, definition) = open_task_of(work, self.task, actor)?;
            task.expect_version(self.version)?;
            if task.reason.as_deref() == Some(DELEGATED) {
                return Err(NOT_TRANSITIVE.error());
            }
            may_take(work, &instance, &definition, self.to).map_err(|error| error.at("/to"))?;
            close(work, &mut task, ApprovalTaskState::Delegated, actor, self.comment)?;
            hand_over(work, &instance, &task, self.to, DELEGATED)
        })
    }
}

/// An administrator hands an open task to somebody else.
#[derive(Clone, Debug, Record)]
#[record(name = "approval_reassign")]
pub struct Reassign {
    /// The task.
    pub task: Ref<ApprovalTask>,
    /// To whom.
    pub to: Ref<Employee>,
    /// Why.
    #[field(long_text)]
    pub comment: Option<String>,
    /// The task's version that the caller read; refused where it is another one.
    pub version: Option<i64>,
}

impl Operation for Reassign {
    const NAME: &'static str = "approval.reassign";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "approval", verb: "administer" };
    const ERRORS: &'static [Code] = &[TASK_CLOSED, BAD_APPROVER];
    const CAPABILITIES: &'static [&'static str] = &["APR-04"];
    const EXAMPLE: &'static str = r#"{"task":"$task","to":"$employee","comment":"on sick leave"}"#;
    type Answer = DecideAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<DecideAnswer> {
        let actor = Ref::new(work.actor()?);
        work.system(|work| {
            let mut task = work.find(self.task)?;
            task.expect_version(self.version)?;
            let instance = work.find(task.instance)?;
            let definition = work.find(instance.definition)?;
            still_open(&task, &instance)?;
            may_take(work, &instance, &definition, self.to).map_err(|error| error.at("/to"))?;
            close(work, &mut task, ApprovalTaskState::Reassigned, actor, self.comment)?;
            hand_over(work, &instance, &task, self.to, "reassigned")
        })
    }
}

/// An administrator names who decides a step for which nobody was found.
#[derive(Clone, Debug, Record)]
#[record(name = "approval_appoint")]
pub struct Appoint {
    /// The held approval.
    pub approval: Ref<ApprovalInstance>,
    /// Who decides.
    pub approver: Ref<Employee>,
    /// Why; kept as the reason of the change.
    pub comment: Option<String>,
    /// The approval's version that the caller read; refused where it is another one.
    pub version: Option<i64>,
}

impl Operation for Appoint {
    const NAME: &'static str = "approval.appoint";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "approval", verb: "administer" };
    const ERRORS: &'static [Code] = &[NOT_HELD, BAD_APPROVER];
    const CAPABILITIES: &'static [&'static str] = &["APR-02", "APR-04"];
    const EXAMPLE: &'static str = r#"{"approval":"$held_approval","approver":"$employee"}"#;
    type Answer = InstanceAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<InstanceAnswer> {
        if let Some(comment) = &self.comment {
            work.because(comment.clone());
        }
        work.system(|work| {
            let mut instance = work.find(self.approval)?;
            instance.expect_version(self.version)?;
            if instance.state != ApprovalState::Held {
                return Err(NOT_HELD.error().choice("state", instance.state));
            }
            let definition = work.find(instance.definition)?;
            may_take(work, &instance, &definition, self.approver).map_err(|error| error.at("/approver"))?;
            appoint(work, &mut instance, self.approver)?;
            answer(work, self.approval)
        })
    }
}

/// Whether somebody can be asked at the present step: works here, is not asked there already, and it is not his own
/// where that is forbidden. Errors: `approval.bad_approver` with the `reason`.
fn may_take(
    work: &mut Work<'_>,
    instance: &Stored<ApprovalInstance>,
    definition: &ApprovalDefinition,
    who: Ref<Employee>,
) -> Result<()> {
    let refuse = |reason: &'static str| {
        BAD_APPROVER.error().with("employee", who.to_string()).coded("reason", "word", reason)
    };
    if !work.find(who)?.active {
        return Err(refuse("inactive"));
    }
    if instance.is_own(who) && policy(definition, instance.step) != SelfApproval::Allow {
        return Err(refuse(if who == instance.submitter { "submitter" } else { "on_behalf" }));
    }
    if tasks_of_step(work, instance)?.iter().any(|task| counts(task) && task.approver == who) {
        return Err(refuse("already_asked"));
    }
    Ok(())
}

fn hand_over(
    work: &mut Work<'_>,
    instance: &Stored<ApprovalInstance>,
    from: &Stored<ApprovalTask>,
    to: Ref<Employee>,
    reason: &str,
) -> Result<DecideAnswer> {
    let person = Person {
        who: to,
        source: from.source,
        instead_of: Some(from.approver),
        reason: Some(reason.to_owned()),
    };
    open_task(work, instance, (from.step, &from.step_name), &person)?;
    let answer = answer(work, instance.id)?;
    Ok(DecideAnswer { task: Whole::new(from.row.clone()), approval: answer.approval, open: answer.open })
}
