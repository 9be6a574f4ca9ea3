//! The life of an approval: submitted, from step to step, to its end. Everything here runs as the engine, within
//! [`Work::system`]; the operations judge who may ask for it.

use super::people::{People, Person, ask, people};
use super::rules::{Outcome, Vote, needed, outcome, steps_after};
use super::{
    ALREADY_RUNNING, ApprovalDefinition, ApprovalInstance, ApprovalMode, ApprovalState, ApprovalStep,
    ApprovalStepRun, ApprovalStepState, ApprovalTask, ApprovalTaskState, ApproverSource, OnEmpty,
    SelfApproval,
};
use crate::org::Employee;
use crm_kernel::catalogue::Kind;
use crm_kernel::error::{Error, Result};
use crm_kernel::expr::node::Ty;
use crm_kernel::id::{Id, Ref};
use crm_kernel::record::{FieldRole, Record};
use crm_kernel::value::{Row, Value};
use crm_kernel::work::{Stored, Work};

/// The number under which the last fallback of a definition stands where a step's number is wanted.
pub(super) const LAST_FALLBACK: i64 = 0;

/// What came of submitting a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Submission {
    /// No published definition applies. Nothing was approved by that.
    NoDefinition,
    /// Somebody is asked, or an administrator has to name somebody.
    Running(Ref<ApprovalInstance>),
    /// It was approved within the submission. The areas' event rules have been told.
    Approved(Ref<ApprovalInstance>),
}

/// Submits a record for approval under the newest published definition of its kind whose condition holds; the actor is
/// the submitter. When it ends, the event `approved`, `rejected`, `returned` or `withdrawn` is told of the record.
/// Errors: `approval.already_running`, `permission.no_actor`, `record.not_found`.
pub fn submit(work: &mut Work<'_>, kind: u32, id: Id) -> Result<Submission> {
    let submitter = Ref::new(work.actor()?);
    work.system(|work| start(work, kind, id, submitter))
}

/// On whose behalf the actor submits, where that is somebody else.
pub fn on_behalf(work: &Work<'_>) -> Option<Ref<Employee>> {
    let context = work.context();
    context.on_behalf.filter(|who| Some(*who) != context.actor).map(Ref::new)
}

/// True while an approval of the record runs or waits for an administrator.
pub fn is_running(work: &mut Work<'_>, kind: u32, id: Id) -> Result<bool> {
    Ok(running(work, kind, id)?.is_some())
}

/// The approval of a record that runs or is held.
pub(super) fn running(work: &mut Work<'_>, kind: u32, id: Id) -> Result<Option<Stored<ApprovalInstance>>> {
    let name = work.catalogue().get(kind)?.name().to_owned();
    let names = [("$kind", Ty::Text, Value::Text(name)), ("$subject", Ty::Ref(0), Value::Ref(id))];
    let condition = "kind == $kind && subject == $subject && state in ['running', 'held']";
    work.system(|work| work.only::<ApprovalInstance>(condition, &names))
}

fn start(work: &mut Work<'_>, kind: u32, id: Id, submitter: Ref<Employee>) -> Result<Submission> {
    let catalogue = work.catalogue();
    let subject_kind = catalogue.get(kind)?;
    let subject = work.row_for(kind, id, "read")?;
    if let Some(running) = running(work, kind, id)? {
        return Err(ALREADY_RUNNING.error().with("instance", running.id.to_string()));
    }
    let Some(definition) = applying(work, subject_kind, &subject, submitter)? else {
        return Ok(Submission::NoDefinition);
    };
    let department = work.find(submitter)?.department;
    let mut instance = work.insert(&ApprovalInstance {
        kind: subject_kind.name().to_owned(),
        subject: id,
        subject_title: title(subject_kind, &subject),
        definition: definition.id,
        state: ApprovalState::Running,
        submitter,
        department,
        submitted_at: work.now(),
        snapshot: 0,
        step: LAST_FALLBACK,
        round: 1,
        ended_at: None,
        steps: crm_kernel::record::Lines::default(),
        on_behalf: on_behalf(work),
    })?;
    // The number of this operation's change set: what the area still writes to the record belongs to it.
    instance.snapshot = instance.row.version;
    advance(work, &mut instance, &definition, LAST_FALLBACK)?;
    Ok(match instance.state {
        ApprovalState::Approved => Submission::Approved(instance.id),
        _ => Submission::Running(instance.id),
    })
}

/// The newest published definition of a kind whose condition holds for a record.
fn applying(
    work: &mut Work<'_>,
    kind: &Kind,
    subject: &Row,
    submitter: Ref<Employee>,
) -> Result<Option<Stored<ApprovalDefinition>>> {
    let names = [("$kind", Ty::Text, Value::Text(kind.name().to_owned()))];
    let condition = "kind == $kind && state == 'published'";
    let mut published = work.select::<ApprovalDefinition>(condition, &names)?;
    published.sort_by_key(|definition| std::cmp::Reverse((definition.published_at, definition.id)));
    for definition in published {
        if holds(work, kind.no(), definition.condition.as_deref(), subject, submitter)? {
            return Ok(Some(definition));
        }
    }
    Ok(None)
}

/// True where a condition of a definition holds; `submitter` is known beside the fields. No condition always holds.
fn holds(
    work: &mut Work<'_>,
    kind: u32,
    condition: Option<&str>,
    subject: &Row,
    submitter: Ref<Employee>,
) -> Result<bool> {
    let Some(text) = condition else { return Ok(true) };
    let names = [("submitter", Ty::Ref(Employee::NO), Value::Ref(submitter.id()))];
    let condition = work.expression(kind, text, &names)?;
    work.holds(&condition, subject)
}

/// Goes on behind a step: to the next one that is needed and for which somebody is found, or to the end.
pub(super) fn advance(
    work: &mut Work<'_>,
    instance: &mut Stored<ApprovalInstance>,
    definition: &ApprovalDefinition,
    after: i64,
) -> Result<()> {
    let kind = work.catalogue().named(&instance.kind)?.no();
    let subject = work.row_for(kind, instance.subject, "read")?;
    for step in steps_after(definition, after) {
        if !holds(work, kind, step.condition.as_deref(), &subject, instance.submitter)? {
            note(work, instance, (step.step, &step.name), ApprovalStepState::NotNeeded, Some("condition"));
            continue;
        }
        match people(work, definition, &step, (kind, &subject), instance)? {
            People::Found(found) => {
                let out_of_reach = step.mode == ApprovalMode::Quorum
                    && needed(found.len(), step.need, step.need_percent)? > found.len();
                if out_of_reach {
                    return hold(work, instance, (step.step, &step.name), OUT_OF_REACH);
                }
                return ask_all(work, instance, (step.step, &step.name), &found);
            }
            People::PassedOver => {
                note(
                    work,
                    instance,
                    (step.step, &step.name),
                    ApprovalStepState::Skipped,
                    Some("self_approval"),
                );
            }
            People::Nobody => match step.on_empty {
                Some(OnEmpty::Skip) => {
                    note(
                        work,
                        instance,
                        (step.step, &step.name),
                        ApprovalStepState::Skipped,
                        Some("nobody_found"),
                    );
                }
                Some(OnEmpty::Fallback) => {
                    return fall_back(work, instance, (step.step, &step.name), step.fallback);
                }
                Some(OnEmpty::Hold) | None => {
                    return hold(work, instance, (step.step, &step.name), "nobody_found");
                }
            },
        }
    }
    if somebody_approved(instance) {
        return end(work, instance, ApprovalState::Approved);
    }
    // INVARIANT: an approval never passes without somebody having approved.
    fall_back(work, instance, (LAST_FALLBACK, FALLBACK_NAME), definition.fallback)
}

const FALLBACK_NAME: &str = "fallback";
const OUT_OF_REACH: &str = "quorum_out_of_reach";

/// True where the last word on some step is an approval.
fn somebody_approved(instance: &ApprovalInstance) -> bool {
    let last = |step: i64| instance.steps.iter().rev().find(|run| run.step == step).map(|run| run.state);
    instance.steps.iter().any(|run| last(run.step) == Some(ApprovalStepState::Approved))
}

fn fall_back(
    work: &mut Work<'_>,
    instance: &mut Stored<ApprovalInstance>,
    step: (i64, &str),
    fallback: Option<Ref<Employee>>,
) -> Result<()> {
    if let Some(meant) = fallback
        && let Ok(person) = ask(work, SelfApproval::Forbid, instance, meant, ApproverSource::Fallback)?
    {
        return ask_all(work, instance, step, &[person]);
    }
    hold(work, instance, step, "nobody_found")
}

fn hold(
    work: &mut Work<'_>,
    instance: &mut Stored<ApprovalInstance>,
    step: (i64, &str),
    reason: &str,
) -> Result<()> {
    note(work, instance, step, ApprovalStepState::Held, Some(reason));
    instance.step = step.0;
    instance.state = ApprovalState::Held;
    work.save(instance)
}

fn note(
    work: &Work<'_>,
    instance: &mut ApprovalInstance,
    (step, name): (i64, &str),
    state: ApprovalStepState,
    reason: Option<&str>,
) {
    let run = ApprovalStepRun {
        step,
        name: name.to_owned(),
        round: instance.round,
        state,
        reason: reason.map(str::to_owned),
        at: work.now(),
        decided_at: None,
    };
    instance.steps.push(run);
}

/// Begins a step: one task for each person.
fn ask_all(
    work: &mut Work<'_>,
    instance: &mut Stored<ApprovalInstance>,
    step: (i64, &str),
    people: &[Person],
) -> Result<()> {
    note(work, instance, step, ApprovalStepState::Open, None);
    instance.step = step.0;
    instance.state = ApprovalState::Running;
    work.save(instance)?;
    for person in people {
        open_task(work, instance, step, person)?;
    }
    Ok(())
}

/// One more person of the step that is being decided.
pub(super) fn open_task(
    work: &mut Work<'_>,
    instance: &Stored<ApprovalInstance>,
    (step, name): (i64, &str),
    person: &Person,
) -> Result<Stored<ApprovalTask>> {
    work.insert(&ApprovalTask {
        instance: instance.id,
        step,
        step_name: name.to_owned(),
        round: instance.round,
        approver: person.who,
        state: ApprovalTaskState::Open,
        source: person.source,
        reason: person.reason.clone(),
        instead_of: person.instead_of,
        opened_at: work.now(),
        closed_at: None,
        closed_by: None,
        comment: None,
    })
}

/// An administrator names who decides a held step.
pub(super) fn appoint(
    work: &mut Work<'_>,
    instance: &mut Stored<ApprovalInstance>,
    who: Ref<Employee>,
) -> Result<()> {
    let Some(name) = instance.steps.last().map(|run| run.name.clone()) else {
        return Err(Error::internal("a held approval without a step"));
    };
    let person = Person { who, source: ApproverSource::Administrator, instead_of: None, reason: None };
    ask_all(work, instance, (instance.step, &name), &[person])
}

/// The tasks of the step that is being decided.
pub(super) fn tasks_of_step(
    work: &mut Work<'_>,
    instance: &Stored<ApprovalInstance>,
) -> Result<Vec<Stored<ApprovalTask>>> {
    let names = [
        ("$instance", Ty::Ref(ApprovalInstance::NO), Value::Ref(instance.id.id())),
        ("$step", Ty::Num { digits: 16, scale: 0 }, Value::int(instance.step)),
        ("$round", Ty::Num { digits: 16, scale: 0 }, Value::int(instance.round)),
    ];
    work.select("instance == $instance && step == $step && round == $round", &names)
}

/// True where a task still counts at its step: it waits, or it was answered.
pub(super) fn counts(task: &ApprovalTask) -> bool {
    matches!(task.state, ApprovalTaskState::Open | ApprovalTaskState::Approved | ApprovalTaskState::Rejected)
}

/// Decides the present step from the answers so far and goes on where it is decided. Also after somebody was taken
/// out of it: then those who are left may have decided it already (appr-10).
pub(super) fn settle(work: &mut Work<'_>, instance: &mut Stored<ApprovalInstance>) -> Result<()> {
    let definition = work.find(instance.definition)?;
    let tasks: Vec<Stored<ApprovalTask>> =
        tasks_of_step(work, instance)?.into_iter().filter(|task| counts(task)).collect();
    let step = definition.steps.iter().find(|line| line.step == instance.step).map(|line| line.line.clone());
    let name = instance.steps.last().map(|run| run.name.clone()).unwrap_or_default();
    if tasks.is_empty() {
        close_run(work, instance, ApprovalStepState::Ended);
        return match step.as_ref().and_then(|step| step.on_empty) {
            Some(OnEmpty::Fallback) => {
                let fallback = step.and_then(|step| step.fallback);
                fall_back(work, instance, (instance.step, &name), fallback)
            }
            _ => hold(work, instance, (instance.step, &name), "nobody_found"),
        };
    }
    let votes: Vec<Vote> = tasks
        .iter()
        .filter_map(|task| match task.state {
            ApprovalTaskState::Approved => Some(Vote::Approve),
            ApprovalTaskState::Rejected => Some(Vote::Reject),
            _ => None,
        })
        .collect();
    let (mode, need) = weighed(step.as_ref(), &tasks)?;
    if mode == ApprovalMode::Quorum && need > tasks.len() {
        // Somebody was taken out: that decides nothing against the record. An administrator names another.
        close_run(work, instance, ApprovalStepState::Ended);
        return hold(work, instance, (instance.step, &name), OUT_OF_REACH);
    }
    match outcome(mode, tasks.len(), &votes, need) {
        Outcome::Pending => Ok(()),
        Outcome::Approved => {
            close_rest(work, &tasks)?;
            close_run(work, instance, ApprovalStepState::Approved);
            if instance.step == LAST_FALLBACK {
                return end(work, instance, ApprovalState::Approved);
            }
            let after = instance.step;
            advance(work, instance, &definition, after)
        }
        Outcome::Rejected => {
            close_rest(work, &tasks)?;
            close_run(work, instance, ApprovalStepState::Rejected);
            end(work, instance, ApprovalState::Rejected)
        }
    }
}

/// How a step is decided. Who was named in place of everybody decides alone.
fn weighed(step: Option<&ApprovalStep>, tasks: &[Stored<ApprovalTask>]) -> Result<(ApprovalMode, usize)> {
    let named = |task: &Stored<ApprovalTask>| {
        matches!(task.source, ApproverSource::Fallback | ApproverSource::Administrator)
    };
    match step {
        Some(step) if !tasks.iter().all(named) => {
            Ok((step.mode, needed(tasks.len(), step.need, step.need_percent)?))
        }
        _ => Ok((ApprovalMode::One, 1)),
    }
}

/// Gives the record back to its submitter: the approval ends.
pub(super) fn give_back(work: &mut Work<'_>, instance: &mut Stored<ApprovalInstance>) -> Result<()> {
    let tasks = tasks_of_step(work, instance)?;
    close_rest(work, &tasks)?;
    close_run(work, instance, ApprovalStepState::Returned);
    end(work, instance, ApprovalState::Returned)
}

/// Goes back to an earlier step, which is decided anew, as are those behind it.
pub(super) fn go_back(work: &mut Work<'_>, instance: &mut Stored<ApprovalInstance>, to: i64) -> Result<()> {
    let definition = work.find(instance.definition)?;
    let tasks = tasks_of_step(work, instance)?;
    close_rest(work, &tasks)?;
    close_run(work, instance, ApprovalStepState::Returned);
    // What was approved from that step on no longer stands.
    for run in
        instance.steps.iter_mut().filter(|run| run.step >= to && run.state == ApprovalStepState::Approved)
    {
        run.state = ApprovalStepState::Returned;
    }
    instance.round += 1;
    advance(work, instance, &definition, to - 1)
}

/// Ends an approval and tells the areas above.
pub(super) fn end(
    work: &mut Work<'_>,
    instance: &mut Stored<ApprovalInstance>,
    state: ApprovalState,
) -> Result<()> {
    let tasks = tasks_of_step(work, instance)?;
    close_rest(work, &tasks)?;
    close_run(work, instance, ApprovalStepState::Ended);
    instance.state = state;
    instance.ended_at = Some(work.now());
    work.save(instance)?;
    let event = match state {
        ApprovalState::Approved => "approved",
        ApprovalState::Rejected => "rejected",
        ApprovalState::Returned => "returned",
        ApprovalState::Recalled | ApprovalState::Cancelled => "withdrawn",
        ApprovalState::Running | ApprovalState::Held => {
            return Err(Error::internal("an approval does not end running"));
        }
    };
    let kind = work.catalogue().named(&instance.kind)?.no();
    work.tell(kind, instance.subject, event)
}

fn close_rest(work: &mut Work<'_>, tasks: &[Stored<ApprovalTask>]) -> Result<()> {
    for task in tasks.iter().filter(|task| task.state == ApprovalTaskState::Open) {
        let mut task = task.clone();
        task.state = ApprovalTaskState::NotNeeded;
        task.closed_at = Some(work.now());
        work.save(&mut task)?;
    }
    Ok(())
}

fn close_run(work: &Work<'_>, instance: &mut ApprovalInstance, state: ApprovalStepState) {
    let now = work.now();
    if let Some(run) = instance
        .steps
        .last_mut()
        .filter(|run| matches!(run.state, ApprovalStepState::Open | ApprovalStepState::Held))
    {
        run.state = state;
        run.decided_at = Some(now);
    }
}

/// What a record is called: its number and its title.
pub(super) fn title(kind: &Kind, row: &Row) -> Option<String> {
    let text = |role| kind.role(role).and_then(|position| row.at(position).as_text());
    let parts: Vec<&str> = [text(FieldRole::Number), text(FieldRole::Title)].into_iter().flatten().collect();
    let all: String = parts.join(" ").chars().take(255).collect();
    (!all.is_empty()).then_some(all)
}
