//! What approval does when somebody leaves, and when a record would be deleted under its approval.

use super::flow::{counts, is_running, open_task, settle, tasks_of_step};
use super::people::{Organisation, number, person};
use super::rules::asked;
use super::{ALREADY_RUNNING, ApprovalTask, ApprovalTaskState, SelfApproval};
use crate::org::Employee;
use crm_kernel::error::Result;
use crm_kernel::expr::node::Ty;
use crm_kernel::id::{Id, Ref};
use crm_kernel::record::Record;
use crm_kernel::value::{Row, Value};
use crm_kernel::work::Work;

/// The open tasks of somebody who leaves go to who stands in for him: successor, other holder of his position,
/// superior, administrator (appr-05).
pub(super) fn employee_saved(
    work: &mut Work<'_>,
    _kind: u32,
    old: Option<&Row>,
    new: &mut Row,
) -> Result<()> {
    let Some(old) = old else { return Ok(()) };
    let leaving = Employee::from_row(new)?;
    if leaving.active || !Employee::from_row(old)?.active {
        return Ok(());
    }
    let Some(who) = Id::new(old.id) else { return Ok(()) };
    work.system(|work| {
        let names = [("$who", Ty::Ref(Employee::NO), Value::Ref(who))];
        for task in work.select::<ApprovalTask>("approver == $who && state == 'open'", &names)? {
            // Settling a step may have closed others of these tasks.
            let mut task = work.find(task.id)?;
            if task.state != ApprovalTaskState::Open {
                continue;
            }
            let mut instance = work.find(task.instance)?;
            let definition = work.find(instance.definition)?;
            let step = definition.steps.iter().find(|line| line.step == task.step);
            let policy = step.map_or(SelfApproval::Forbid, |line| line.self_approval);
            let mut staff = Organisation::new(work);
            staff.leaving = Some((old.id, leaving.clone()));
            let own: Vec<i64> = instance.own().map(number).collect();
            let answer = asked(&mut staff, policy, &own, old.id)?;
            task.state = ApprovalTaskState::Reassigned;
            task.closed_at = Some(work.now());
            task.comment = Some("user_inactive".to_owned());
            work.save(&mut task)?;
            if let Ok(mut next) = person(answer, task.source) {
                let already = tasks_of_step(work, &instance)?
                    .iter()
                    .any(|other| counts(other) && other.approver == next.who);
                if !already {
                    next.instead_of = Some(Ref::new(who));
                    open_task(work, &instance, (task.step, &task.step_name), &next)?;
                }
            }
            settle(work, &mut instance)?;
        }
        Ok(())
    })
}

/// A record is not deleted while its approval runs.
pub(super) fn no_delete_while_running(work: &mut Work<'_>, kind: u32, old: &Row) -> Result<()> {
    match Id::new(old.id) {
        Some(id) if is_running(work, kind, id)? => Err(ALREADY_RUNNING.error()),
        _ => Ok(()),
    }
}
