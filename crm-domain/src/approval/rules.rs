//! Decisions of approval: votes, who is asked in whose place, and what a definition must say. Nothing here reads.

use super::{
    ApprovalApprover, ApprovalDefinition, ApprovalMode, ApprovalStep, ApproverSource, BAD_STEP,
    NO_EMPTY_POLICY, NO_FALLBACK, NO_STEPS, OnEmpty, SelfApproval,
};
use crm_kernel::dec::Dec;
use crm_kernel::error::{Error, Result};

/// One answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vote {
    /// Yes.
    Approve,
    /// No.
    Reject,
}

/// What the answers so far come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Not decided.
    Pending,
    /// Approved, whatever the rest would say.
    Approved,
    /// Rejected, whatever the rest would say.
    Rejected,
}

/// What a step comes to: `approvers` are those asked, those who voted among them; `need` is the number of approvals of a
/// quorum. Decided as soon as the rest can no longer change it. Where nobody is asked nothing is decided.
pub fn outcome(mode: ApprovalMode, approvers: usize, votes: &[Vote], need: usize) -> Outcome {
    let approvals = votes.iter().filter(|vote| **vote == Vote::Approve).count();
    let rejections = votes.len() - approvals;
    let decided = |approved: bool, rejected: bool| match (approved, rejected) {
        (true, _) => Outcome::Approved,
        (false, true) => Outcome::Rejected,
        (false, false) => Outcome::Pending,
    };
    if approvers == 0 {
        return Outcome::Pending;
    }
    match mode {
        ApprovalMode::One | ApprovalMode::AnyFirstResponse => match votes.first() {
            None => Outcome::Pending,
            Some(Vote::Approve) => Outcome::Approved,
            Some(Vote::Reject) => Outcome::Rejected,
        },
        ApprovalMode::All => decided(rejections == 0 && approvals >= approvers, rejections > 0),
        ApprovalMode::AnyFirstApproval => decided(approvals > 0, rejections >= approvers),
        ApprovalMode::Quorum => {
            let open = approvers.saturating_sub(votes.len());
            let need = need.max(1);
            decided(approvals >= need, approvals + open < need)
        }
    }
}

/// The approvals that a quorum needs of so many asked: a number, or a share of them rounded up, exactly; at least one.
pub fn needed(approvers: usize, need: Option<i64>, percent: Option<Dec>) -> Result<usize> {
    let count = match (need, percent) {
        (Some(need), _) => need,
        (None, Some(percent)) => {
            let asked = Dec::from_int(i64::try_from(approvers).unwrap_or(i64::MAX));
            let hundred = Dec::from_int(100);
            // The ceiling is taken of the exact product: moving the point by two places loses nothing.
            asked.mul(percent)?.div(hundred, 8, crm_kernel::dec::Rounding::HalfUp)?.ceil_to(0).to_i64_at(0)?
        }
        (None, None) => 1,
    };
    Ok(usize::try_from(count).unwrap_or(0).max(1))
}

/// What approval asks of the organisation. Ids are employees'.
pub trait Staff {
    /// True while somebody works here.
    fn active(&mut self, who: i64) -> Result<bool>;
    /// Who takes over somebody's open approvals.
    fn successor(&mut self, who: i64) -> Result<Option<i64>>;
    /// The others who hold a position that somebody holds, by id.
    fn fellow_holders(&mut self, who: i64) -> Result<Vec<i64>>;
    /// Superiors, nearest first.
    fn superiors(&mut self, who: i64) -> Result<Vec<i64>>;
    /// Employees who may administer approvals, by id.
    fn administrators(&mut self) -> Result<Vec<i64>>;
}

/// Who acts for somebody: himself while he works here, else his successor, else another holder of his position, else
/// the nearest superior, else an administrator; with the reason unless it is himself. Cycles are cut (appr-05).
pub fn stand_in(staff: &mut dyn Staff, who: i64) -> Result<Option<(i64, Option<&'static str>)>> {
    if staff.active(who)? {
        return Ok(Some((who, None)));
    }
    let mut seen = vec![who];
    let mut here = who;
    while let Some(next) = staff.successor(here)?.filter(|next| !seen.contains(next)) {
        if staff.active(next)? {
            return Ok(Some((next, Some("successor"))));
        }
        seen.push(next);
        here = next;
    }
    let others = [
        (staff.fellow_holders(who)?, "position"),
        (staff.superiors(who)?, "superior"),
        (staff.administrators()?, "administrator"),
    ];
    for (people, reason) in others {
        for other in people {
            if other != who && staff.active(other)? {
                return Ok(Some((other, Some(reason))));
            }
        }
    }
    Ok(None)
}

/// Who is asked where somebody was meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// This person; where it is another one, for whom and why.
    Person {
        /// Who.
        who: i64,
        /// In whose place.
        instead_of: Option<i64>,
        /// A stable word.
        reason: Option<String>,
    },
    /// Nobody: it is his own, and the step passes over him.
    PassedOver,
    /// Nobody is to be found.
    Nobody,
}

/// Who is asked where `meant` was meant and the submission is `own` to who submitted and on whose behalf: leavers are
/// replaced first, then self-approval is judged (appr-03); forbidden, it goes to the nearest active superior whose own
/// it is not.
pub fn asked(staff: &mut dyn Staff, policy: SelfApproval, own: &[i64], meant: i64) -> Result<Asked> {
    let Some((who, why)) = stand_in(staff, meant)? else { return Ok(Asked::Nobody) };
    if !own.contains(&who) || policy == SelfApproval::Allow {
        let reason = why.map(|why| format!("user_inactive:{why}"));
        return Ok(Asked::Person { who, instead_of: (who != meant).then_some(meant), reason });
    }
    if policy == SelfApproval::Skip {
        return Ok(Asked::PassedOver);
    }
    for superior in staff.superiors(who)? {
        if !own.contains(&superior) && staff.active(superior)? {
            let reason = Some("self_approval".to_owned());
            return Ok(Asked::Person { who: superior, instead_of: Some(who), reason });
        }
    }
    Ok(Asked::Nobody)
}

/// True where a step may find nobody. Somebody named is never lost: his place is taken by another. But where he may
/// not approve for himself and has no superior, nobody is left.
pub fn can_be_empty(step: &ApprovalStep, approvers: &[&ApprovalApprover]) -> bool {
    let named = approvers.iter().any(|approver| approver.source == ApproverSource::Employee);
    !(named && matches!(step.self_approval, SelfApproval::Allow | SelfApproval::Skip))
}

/// True where a step may be passed over without anybody having decided.
fn can_be_left_out(step: &ApprovalStep) -> bool {
    step.condition.is_some()
        || step.on_empty == Some(OnEmpty::Skip)
        || step.self_approval == SelfApproval::Skip
}

/// What a definition says wrongly whatever its state: the first fault, at the place of the step in the request.
pub fn sound(definition: &ApprovalDefinition) -> Result<()> {
    for (at, step) in definition.steps.iter().enumerate() {
        let bad = |fault: &'static str, field: &str| -> Error {
            BAD_STEP.at(format!("/steps/{at}{field}")).with("step", step.step).coded("fault", "word", fault)
        };
        if step.step < 1 || definition.steps.iter().take(at).any(|other| other.step == step.step) {
            return Err(bad("step_number", "/step"));
        }
        if step.mode == ApprovalMode::Quorum {
            match (step.need, step.need_percent) {
                (Some(need), None) if need >= 1 => {}
                (None, Some(percent)) if percent > Dec::ZERO && percent <= Dec::from_int(100) => {}
                _ => return Err(bad("quorum", "/need")),
            }
        } else if step.need.is_some() || step.need_percent.is_some() {
            return Err(bad("need_without_quorum", "/need"));
        }
        if (step.on_empty == Some(OnEmpty::Fallback)) != step.fallback.is_some() {
            return Err(bad("fallback", "/fallback"));
        }
        let asked: Vec<&ApprovalApprover> = approvers_of(definition, step.step);
        if asked.is_empty() {
            return Err(bad("no_approvers", "/approvers"));
        }
        for (nth, approver) in asked.iter().enumerate() {
            let given = match approver.source {
                ApproverSource::Employee => approver.employee.is_some(),
                ApproverSource::Position => approver.held.is_some(),
                ApproverSource::DepartmentHead => true,
                ApproverSource::Superior => approver.levels.is_none_or(|levels| (1..=64).contains(&levels)),
                ApproverSource::Field => approver.expression.is_some(),
                // These are how the engine and administrators name people, not how a definition does.
                ApproverSource::Fallback | ApproverSource::Administrator => false,
            };
            if !given {
                return Err(bad("approver", &format!("/approvers/{nth}")));
            }
        }
    }
    Ok(())
}

/// What keeps a definition from being published. Errors: `approval.no_steps`, `approval.no_empty_policy` with the step
/// (appr-04), `approval.no_fallback` where every step may be left out and nobody would decide.
pub fn publishable(definition: &ApprovalDefinition) -> Result<()> {
    sound(definition)?;
    if definition.steps.is_empty() {
        return Err(NO_STEPS.error());
    }
    for step in &definition.steps {
        if step.on_empty.is_none() && can_be_empty(step, &approvers_of(definition, step.step)) {
            return Err(NO_EMPTY_POLICY.error().with("step", step.step).with("name", step.name.clone()));
        }
    }
    if definition.fallback.is_none() && definition.steps.iter().all(|step| can_be_left_out(step)) {
        return Err(NO_FALLBACK.error());
    }
    Ok(())
}

/// Who is named at a step, in order.
pub fn approvers_of(definition: &ApprovalDefinition, step: i64) -> Vec<&ApprovalApprover> {
    definition
        .approvers
        .iter()
        .filter(|approver| approver.step == step)
        .map(|approver| &approver.line)
        .collect()
}

/// The steps of a definition behind a step, in their order.
pub fn steps_after(definition: &ApprovalDefinition, step: i64) -> Vec<ApprovalStep> {
    let mut steps: Vec<ApprovalStep> =
        definition.steps.iter().filter(|line| line.step > step).map(|line| line.line.clone()).collect();
    steps.sort_by_key(|line| line.step);
    steps
}
