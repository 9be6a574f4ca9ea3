//! Operations of approval: submitting records of kinds without an operation of their own, and the approval centre.

use super::flow::{self, end, give_back, go_back, running, settle};
use super::subject::{as_of, changed, load, route_changed, summary};
use super::{
    ALREADY_DECIDED, ALREADY_RUNNING, ApprovalDefinition, ApprovalInstance, ApprovalState, ApprovalTask,
    ApprovalTaskState, ENDED, NO_DEFINITION, NO_EARLIER_STEP, NOT_APPROVER, NOT_SUBMITTER, OWN_SUBMIT,
    SELF_APPROVAL, SUBJECT_CHANGED, SelfApproval, Submission, TASK_CLOSED,
};
use crate::org::Employee;
use crate::records::page;
use crm_kernel::date::Instant;
use crm_kernel::encode::Encoder;
use crm_kernel::error::{Code, Result};
use crm_kernel::expr::node::Ty;
use crm_kernel::id::{Id, Ref};
use crm_kernel::json::Json;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::record::{Record as _, Whole};
use crm_kernel::value::Value;
use crm_kernel::work::{Stored, Work};
use crm_kernel::{Choice, Record};

/// Submits a record of a kind that has no operation of its own for that, such as a kind made at run time.
#[derive(Clone, Debug, Record)]
#[record(name = "approval_submit")]
pub struct SubmitRecord {
    /// The kind's name.
    #[field(text = 60)]
    pub kind: String,
    /// The record.
    pub id: Id,
    /// The version that the caller read; refused where it is another one.
    pub version: Option<i64>,
}

/// An approval.
#[derive(Clone, Debug, Record)]
#[record(name = "approval_instance_answer")]
pub struct InstanceAnswer {
    /// The approval.
    pub approval: Whole<ApprovalInstance>,
    /// The tasks that wait for an answer.
    pub open: Vec<Whole<ApprovalTask>>,
}

impl Operation for SubmitRecord {
    const NAME: &'static str = "approval.submit";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::OnKind { verb: "submit" };
    const ERRORS: &'static [Code] = &[OWN_SUBMIT, NO_DEFINITION, ALREADY_RUNNING];
    const CAPABILITIES: &'static [&'static str] = &["APR-01", "APR-04"];
    const EXAMPLE: &'static str = r#"{"kind":"customer","id":"$customer"}"#;
    type Answer = InstanceAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<InstanceAnswer> {
        let kind = work.catalogue().named(&self.kind).map_err(|error| error.at("/kind"))?.clone();
        // A kind whose area follows its approvals has states to go through: its own operation leads there.
        let followed = work.model().rules(kind.no()).any(|rules| rules.kind != 0 && rules.event.is_some());
        if kind.def.managed || kind.parent().is_some() || followed {
            return Err(OWN_SUBMIT.at("/kind").with("kind", self.kind));
        }
        let row = work.row_for(kind.no(), self.id, "submit")?;
        if let Some(version) = self.version.filter(|version| *version != row.version) {
            return Err(Code::STALE.at("/version").with("current", row.version).with("given", version));
        }
        match flow::submit(work, kind.no(), self.id)? {
            Submission::NoDefinition => Err(NO_DEFINITION.error().with("kind", self.kind)),
            Submission::Running(instance) | Submission::Approved(instance) => {
                work.system(|work| answer(work, instance))
            }
        }
    }
}

/// The tasks that wait for the actor, the oldest first, with what each is about.
#[derive(Clone, Debug, Record)]
#[record(name = "approval_inbox")]
pub struct Inbox {
    /// At most so many, 1 to 200.
    #[field(default = "50")]
    pub limit: i64,
    /// Only tasks behind this one: the `next` of the page before.
    pub after: Option<Ref<ApprovalTask>>,
}

/// A page of the inbox.
#[derive(Clone, Debug, Record)]
#[record(name = "approval_inbox_answer")]
pub struct InboxAnswer {
    /// The tasks.
    pub tasks: Vec<InboxItem>,
    /// What to give as `after` for the next page; none at the end.
    pub next: Option<Ref<ApprovalTask>>,
}

/// One task that waits for the actor.
#[derive(Clone, Debug, Record)]
#[record(name = "approval_inbox_item")]
pub struct InboxItem {
    /// The task.
    pub task: Whole<ApprovalTask>,
    /// The kind of the record.
    pub kind: String,
    /// The record.
    pub subject: Id,
    /// What it is called.
    pub subject_title: Option<String>,
    /// The record in short, as it was submitted: number, title, owner, department, date, amounts.
    pub summary: Option<Json>,
    /// Who submitted it.
    pub submitter: Ref<Employee>,
    /// His name.
    pub submitter_name: String,
    /// On whose behalf he did.
    pub on_behalf: Option<Ref<Employee>>,
    /// The name of that person.
    pub on_behalf_name: Option<String>,
    /// When.
    pub submitted_at: Instant,
}

impl Operation for Inbox {
    const NAME: &'static str = "approval.inbox";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::Right { kind: "approval", verb: "decide" };
    const CAPABILITIES: &'static [&'static str] = &["APR-04"];
    const EXAMPLE: &'static str = r#"{"limit":20}"#;
    type Answer = InboxAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<InboxAnswer> {
        let actor = work.actor()?;
        let limit = page(self.limit, 200)? as usize;
        let names = [
            ("$who", Ty::Ref(Employee::NO), Value::Ref(actor)),
            (
                "$after",
                Ty::Ref(ApprovalTask::NO),
                self.after.map_or(Value::Null, |after| Value::Ref(after.id())),
            ),
        ];
        work.system(|work| {
            // The whole inbox of one person is short; ids come in the order in which tasks were opened.
            let condition = "approver == $who && state == 'open'";
            let mut found = work.select::<ApprovalTask>(condition, &names)?;
            found.retain(|task| self.after.is_none_or(|after| task.id > after));
            let more = found.len() > limit;
            found.truncate(limit);
            let next = found.last().filter(|_| more).map(|last| last.id);
            let tasks = found.into_iter().map(|task| item(work, task)).collect::<Result<Vec<_>>>()?;
            Ok(InboxAnswer { tasks, next })
        })
    }
}

fn item(work: &mut Work<'_>, task: Stored<ApprovalTask>) -> Result<InboxItem> {
    let instance = work.find(task.instance)?;
    let (kind, now) = load(work, &instance)?;
    let then = as_of(work, &kind, &now, instance.snapshot)?;
    let on_behalf = instance.on_behalf.map(|who| work.find(who)).transpose()?;
    Ok(InboxItem {
        task: Whole::new(task.row),
        kind: instance.kind.clone(),
        subject: instance.subject,
        subject_title: instance.subject_title.clone(),
        summary: then.map(|then| summary(work, &kind, &then)),
        submitter: instance.submitter,
        submitter_name: work.find(instance.submitter)?.name.clone(),
        on_behalf: instance.on_behalf,
        on_behalf_name: on_behalf.map(|who| who.name.clone()),
        submitted_at: instance.submitted_at,
    })
}

/// An answer to a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum ApprovalDecision {
    /// Yes.
    Approve,
    /// No.
    Reject,
    /// To be changed first.
    Return,
}

/// Answers a task of the actor: approve, reject, or return for changes with a comment. Errors:
/// `approval.not_approver`, `approval.self_approval`, `approval.task_closed`, `approval.subject_changed` where a field
/// that decided the route is another one than when the record was submitted, `record.conflict`; those of the areas that
/// act on the end of the approval.
#[derive(Clone, Debug, Record)]
#[record(name = "approval_decide")]
pub struct Decide {
    /// The task.
    pub task: Ref<ApprovalTask>,
    /// The answer.
    pub decision: ApprovalDecision,
    /// Why.
    #[field(long_text)]
    pub comment: Option<String>,
    /// With `return`: the earlier step to go back to; the submitter where there is none.
    pub to_step: Option<i64>,
    /// The task's version that the caller read; refused where it is another one.
    pub version: Option<i64>,
}

/// What came of an answer.
#[derive(Clone, Debug, Record)]
#[record(name = "approval_decide_answer")]
pub struct DecideAnswer {
    /// The task.
    pub task: Whole<ApprovalTask>,
    /// The approval after it.
    pub approval: Whole<ApprovalInstance>,
    /// The tasks that wait for an answer.
    pub open: Vec<Whole<ApprovalTask>>,
}

impl Operation for Decide {
    const NAME: &'static str = "approval.decide";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "approval", verb: "decide" };
    const ERRORS: &'static [Code] =
        &[NOT_APPROVER, SELF_APPROVAL, TASK_CLOSED, SUBJECT_CHANGED, NO_EARLIER_STEP];
    const CAPABILITIES: &'static [&'static str] = &["APR-04", "APR-05"];
    const EXAMPLE: &'static str = r#"{"task":"$task","decision":"approve","comment":"as agreed"}"#;
    type Answer = DecideAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<DecideAnswer> {
        let actor = Ref::new(work.actor()?);
        work.system(|work| {
            let (mut task, mut instance, definition) = open_task_of(work, self.task, actor)?;
            task.expect_version(self.version)?;
            if self.decision == ApprovalDecision::Approve {
                let (kind, now) = load(work, &instance)?;
                if let Some(field) = route_changed(work, &instance, &definition, &kind, &now)? {
                    return Err(SUBJECT_CHANGED.error().with("field", field));
                }
            }
            let back_to = self.back_to(&instance, &definition)?;
            let state = match self.decision {
                ApprovalDecision::Approve => ApprovalTaskState::Approved,
                ApprovalDecision::Reject => ApprovalTaskState::Rejected,
                ApprovalDecision::Return => ApprovalTaskState::Returned,
            };
            close(work, &mut task, state, actor, self.comment.clone())?;
            match (self.decision, back_to) {
                (ApprovalDecision::Return, Some(step)) => go_back(work, &mut instance, step)?,
                (ApprovalDecision::Return, None) => give_back(work, &mut instance)?,
                _ => settle(work, &mut instance)?,
            }
            // A step that is not decided yet leaves the instance as it was.
            let answer = answer(work, instance.id)?;
            Ok(DecideAnswer { task: Whole::new(task.row), approval: answer.approval, open: answer.open })
        })
    }
}

impl Decide {
    fn back_to(&self, instance: &ApprovalInstance, definition: &ApprovalDefinition) -> Result<Option<i64>> {
        let Some(step) = self.to_step else { return Ok(None) };
        let earlier = definition.steps.iter().any(|line| line.step == step)
            && (step < instance.step || instance.step == flow::LAST_FALLBACK);
        if self.decision != ApprovalDecision::Return || !earlier {
            return Err(NO_EARLIER_STEP.at("/to_step").with("step", step));
        }
        Ok(Some(step))
    }
}

/// An open task of the actor with its approval and definition. Judged in this order: whose it is, self-approval, state.
pub(super) fn open_task_of(
    work: &mut Work<'_>,
    task: Ref<ApprovalTask>,
    actor: Ref<Employee>,
) -> Result<(Stored<ApprovalTask>, Stored<ApprovalInstance>, Stored<ApprovalDefinition>)> {
    let task = work.find(task)?;
    let instance = work.find(task.instance)?;
    let definition = work.find(instance.definition)?;
    let may_approve_own = policy(&definition, task.step) == SelfApproval::Allow;
    if instance.own().any(|who| work.acts_for(who.id())) && !may_approve_own {
        return Err(SELF_APPROVAL.error().with("task", task.id.to_string()));
    }
    if task.approver != actor {
        return Err(NOT_APPROVER.error().with("task", task.id.to_string()));
    }
    still_open(&task, &instance)?;
    Ok((task, instance, definition))
}

pub(super) fn still_open(task: &ApprovalTask, instance: &ApprovalInstance) -> Result<()> {
    if task.state != ApprovalTaskState::Open || instance.state != ApprovalState::Running {
        return Err(TASK_CLOSED.error().choice("state", task.state).choice("approval", instance.state));
    }
    Ok(())
}

pub(super) fn policy(definition: &ApprovalDefinition, step: i64) -> SelfApproval {
    definition
        .steps
        .iter()
        .find(|line| line.step == step)
        .map_or(SelfApproval::Forbid, |line| line.self_approval)
}

pub(super) fn close(
    work: &mut Work<'_>,
    task: &mut Stored<ApprovalTask>,
    state: ApprovalTaskState,
    by: Ref<Employee>,
    comment: Option<String>,
) -> Result<()> {
    task.state = state;
    task.closed_at = Some(work.now());
    task.closed_by = Some(by);
    task.comment = comment;
    work.save(task)
}

/// Withdraws a submission: by the submitter, or on whose behalf it was, until somebody has decided, later by who may
/// administer approvals.
#[derive(Clone, Debug, Record)]
#[record(name = "approval_withdraw")]
pub struct Withdraw {
    /// The approval; or the record in `kind` and `subject`.
    pub approval: Option<Ref<ApprovalInstance>>,
    /// The kind of the record.
    #[field(text = 60)]
    pub kind: Option<String>,
    /// The record whose running approval is meant.
    pub subject: Option<Id>,
    /// Why; kept as the reason of the change.
    pub comment: Option<String>,
    /// The approval's version that the caller read; refused where it is another one.
    pub version: Option<i64>,
}

impl Operation for Withdraw {
    const NAME: &'static str = "approval.withdraw";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "approval", verb: "withdraw" };
    const ERRORS: &'static [Code] = &[ENDED, NOT_SUBMITTER, ALREADY_DECIDED];
    const CAPABILITIES: &'static [&'static str] = &["APR-04"];
    const EXAMPLE: &'static str = r#"{"approval":"$approval","comment":"wrong customer"}"#;
    type Answer = InstanceAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<InstanceAnswer> {
        let actor: Ref<Employee> = Ref::new(work.actor()?);
        let administers = work.may("approval", "administer");
        if let Some(comment) = &self.comment {
            work.because(comment.clone());
        }
        let id = meant(work, self.approval, self.kind.as_deref(), self.subject)?;
        work.system(|work| {
            let mut instance = work.find(id)?;
            instance.expect_version(self.version)?;
            if !instance.is_own(actor) && !administers {
                return Err(NOT_SUBMITTER.error());
            }
            if instance.ended_at.is_some() {
                return Err(ENDED.error().choice("state", instance.state));
            }
            let decided = |task: &Stored<ApprovalTask>| {
                matches!(
                    task.state,
                    ApprovalTaskState::Approved | ApprovalTaskState::Rejected | ApprovalTaskState::Returned
                )
            };
            let decided = tasks(work, id)?.iter().any(decided);
            if decided && !administers {
                return Err(ALREADY_DECIDED.error());
            }
            let recalled = instance.is_own(actor) && !decided;
            let state = if recalled { ApprovalState::Recalled } else { ApprovalState::Cancelled };
            end(work, &mut instance, state)?;
            answer(work, id)
        })
    }
}

/// An approval with its definition, steps, tasks (who is asked and why), the record as it was submitted and what has
/// changed since. For the submitter, those who are or were asked, those who may read the record, and administrators.
#[derive(Clone, Debug, Record)]
#[record(name = "approval_show")]
pub struct Show {
    /// The approval; or the record in `kind` and `subject`.
    pub approval: Option<Ref<ApprovalInstance>>,
    /// The kind of the record.
    #[field(text = 60)]
    pub kind: Option<String>,
    /// The record whose last approval is meant.
    pub subject: Option<Id>,
}

/// An approval in full.
#[derive(Clone, Debug, Record)]
#[record(name = "approval_show_answer")]
pub struct ShowAnswer {
    /// The approval with its steps.
    pub approval: Whole<ApprovalInstance>,
    /// The definition in the version it runs on.
    pub definition: Whole<ApprovalDefinition>,
    /// Everybody asked, in order.
    pub tasks: Vec<Whole<ApprovalTask>>,
    /// The record as it was submitted.
    pub record: Option<Json>,
    /// Fields of the record that are different now.
    pub changed: Vec<String>,
}

impl Operation for Show {
    const NAME: &'static str = "approval.show";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::Right { kind: "approval", verb: "read" };
    const CAPABILITIES: &'static [&'static str] = &["APR-04"];
    const EXAMPLE: &'static str = r#"{"approval":"$approval"}"#;
    type Answer = ShowAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<ShowAnswer> {
        let actor = work.actor()?;
        let administers = work.may("approval", "administer");
        let id = match self.approval {
            Some(approval) => approval,
            None => last_of(work, self.kind.as_deref(), self.subject)?,
        };
        let missing = || {
            Code::NOT_FOUND
                .error()
                .with("kind", ApprovalInstance::def().name.to_string())
                .with("id", id.to_string())
        };
        let (instance, tasks) = work.system(|work| Ok((work.find(id)?, tasks(work, id)?)))?;
        let involved =
            instance.is_own(Ref::new(actor)) || tasks.iter().any(|task| task.approver.id() == actor);
        let (kind, now) = load(work, &instance)?;
        if !(administers || involved || work.covers(&kind, &now, "read")?) {
            return Err(missing());
        }
        work.system(|work| {
            let then = as_of(work, &kind, &now, instance.snapshot)?;
            let definition = work.find(instance.definition)?;
            let catalogue = work.catalogue();
            Ok(ShowAnswer {
                record: then.as_ref().map(|then| Encoder::new(&catalogue, work.base()).record(&kind, then)),
                changed: then.as_ref().map(|then| changed(&kind, then, &now)).unwrap_or_default(),
                approval: Whole::new(instance.row.clone()),
                definition: Whole::new(definition.row),
                tasks: tasks.into_iter().map(|task| Whole::new(task.row)).collect(),
            })
        })
    }
}

fn tasks(work: &mut Work<'_>, instance: Ref<ApprovalInstance>) -> Result<Vec<Stored<ApprovalTask>>> {
    let names = [("$instance", Ty::Ref(ApprovalInstance::NO), Value::Ref(instance.id()))];
    work.select("instance == $instance", &names)
}

pub(super) fn answer(work: &mut Work<'_>, instance: Ref<ApprovalInstance>) -> Result<InstanceAnswer> {
    let stored = work.find(instance)?;
    let open = tasks(work, instance)?.into_iter().filter(|task| task.state == ApprovalTaskState::Open);
    Ok(InstanceAnswer {
        open: open.map(|task| Whole::new(task.row)).collect(),
        approval: Whole::new(stored.row),
    })
}

/// The approval that a request means: named, or the running one of a record. Errors: `field.required`,
/// `record.not_found`.
fn meant(
    work: &mut Work<'_>,
    approval: Option<Ref<ApprovalInstance>>,
    kind: Option<&str>,
    subject: Option<Id>,
) -> Result<Ref<ApprovalInstance>> {
    let (kind, subject) = match (approval, kind, subject) {
        (Some(approval), _, _) => return Ok(approval),
        (None, Some(kind), Some(subject)) => (kind, subject),
        _ => return Err(Code::REQUIRED.at("/approval")),
    };
    let no = work.catalogue().named(kind).map_err(|error| error.at("/kind"))?.no();
    let missing = || Code::NOT_FOUND.at("/subject").with("kind", kind).with("id", subject.to_string());
    running(work, no, subject)?.map(|running| running.id).ok_or_else(missing)
}

/// The last approval of a record, running or not.
fn last_of(work: &mut Work<'_>, kind: Option<&str>, subject: Option<Id>) -> Result<Ref<ApprovalInstance>> {
    let (Some(kind), Some(subject)) = (kind, subject) else { return Err(Code::REQUIRED.at("/approval")) };
    let missing = || Code::NOT_FOUND.at("/subject").with("kind", kind).with("id", subject.to_string());
    work.catalogue().named(kind).map_err(|error| error.at("/kind"))?;
    let names =
        [("$kind", Ty::Text, Value::Text(kind.to_owned())), ("$subject", Ty::Ref(0), Value::Ref(subject))];
    let all =
        work.system(|work| work.select::<ApprovalInstance>("kind == $kind && subject == $subject", &names))?;
    all.last().map(|last| last.id).ok_or_else(missing)
}
