//! Who is asked at a step: names, positions, heads, superiors and fields turned into people through the organisation.
//! Runs as the engine: who may approve does not depend on whom the submitter may see.

use super::rules::{Asked, Staff, approvers_of, asked};
use super::{
    ApprovalApprover, ApprovalDefinition, ApprovalInstance, ApprovalStep, ApproverSource, SelfApproval,
};
use crate::org::{Department, Employee, Holding, Position, superiors};
use crm_kernel::error::Result;
use crm_kernel::expr::node::Ty;
use crm_kernel::id::{Id, Ref};
use crm_kernel::record::Record;
use crm_kernel::value::{Row, Value};
use crm_kernel::work::Work;

/// The organisation as approval sees it; `leaving` stands over what is stored, where somebody is just being saved as
/// having left.
pub(super) struct Organisation<'w, 'a> {
    pub work: &'w mut Work<'a>,
    pub leaving: Option<(i64, Employee)>,
}

impl<'w, 'a> Organisation<'w, 'a> {
    /// As it is stored.
    pub fn new(work: &'w mut Work<'a>) -> Organisation<'w, 'a> {
        Organisation { work, leaving: None }
    }

    fn employee(&mut self, who: i64) -> Result<Option<Employee>> {
        if let Some((id, leaving)) = &self.leaving
            && *id == who
        {
            return Ok(Some(leaving.clone()));
        }
        let row = self.work.row(Employee::NO, who)?;
        row.as_deref().map(Employee::from_row).transpose()
    }

    fn holders(&mut self, position: Ref<Position>) -> Result<Vec<i64>> {
        let names = [("$held", Ty::Ref(Position::NO), Value::Ref(position.id()))];
        let found =
            self.work.select::<Employee>("active && positions.exists(p, p.holds == $held)", &names)?;
        let leaving = self.leaving.as_ref().map(|(id, _)| *id);
        Ok(found.iter().map(|found| found.row.id).filter(|id| Some(*id) != leaving).collect())
    }
}

impl Staff for Organisation<'_, '_> {
    fn active(&mut self, who: i64) -> Result<bool> {
        Ok(self.employee(who)?.is_some_and(|employee| employee.active))
    }

    fn successor(&mut self, who: i64) -> Result<Option<i64>> {
        Ok(self.employee(who)?.and_then(|employee| employee.successor).map(number))
    }

    fn fellow_holders(&mut self, who: i64) -> Result<Vec<i64>> {
        let Some(employee) = self.employee(who)? else { return Ok(Vec::new()) };
        let held: Vec<Ref<Position>> = employee.positions.iter().map(|holding: &_| holds(holding)).collect();
        let mut found = Vec::new();
        for position in held {
            for other in self.holders(position)? {
                if other != who && !found.contains(&other) {
                    found.push(other);
                }
            }
        }
        Ok(found)
    }

    fn superiors(&mut self, who: i64) -> Result<Vec<i64>> {
        let Some(id) = Id::new(who) else { return Ok(Vec::new()) };
        let mut chain: Vec<i64> = Vec::new();
        if let Some(first) =
            self.employee(who)?.and_then(|employee| employee.superior).filter(|first| number(*first) != who)
        {
            chain.push(number(first));
            chain.extend(superiors(self.work, first)?.into_iter().map(number));
        } else {
            chain.extend(superiors(self.work, Ref::new(id))?.into_iter().map(number));
        }
        chain.retain(|above| *above != who);
        Ok(chain)
    }

    fn administrators(&mut self) -> Result<Vec<i64>> {
        const ADMINISTERS: &str = "rights.exists(r, (r.kind == '*' || r.kind == 'approval') && \
                                   (r.verb == '*' || r.verb == 'administer'))";
        let mut found = Vec::new();
        for position in self.work.select::<Position>(ADMINISTERS, &[])? {
            found.extend(self.holders(position.id)?);
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }
}

fn holds(holding: &crm_kernel::record::Line<Holding>) -> Ref<Position> {
    holding.holds
}

pub(super) fn number(employee: Ref<Employee>) -> i64 {
    employee.id().number()
}

/// One person to be asked.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub who: Ref<Employee>,
    pub source: ApproverSource,
    pub instead_of: Option<Ref<Employee>>,
    pub reason: Option<String>,
}

/// Who is asked at a step.
#[derive(Clone, Debug)]
pub(super) enum People {
    /// These, each once, in the order of the definition.
    Found(Vec<Person>),
    /// Only those whose own it is were meant, and the step passes over them.
    PassedOver,
    /// Nobody.
    Nobody,
}

/// The people of a step for a record.
pub(super) fn people(
    work: &mut Work<'_>,
    definition: &ApprovalDefinition,
    step: &ApprovalStep,
    subject: (u32, &Row),
    instance: &ApprovalInstance,
) -> Result<People> {
    let mut found: Vec<Person> = Vec::new();
    let mut passed_over = false;
    for approver in approvers_of(definition, step.step) {
        for meant in meant(work, approver, subject, instance.submitter)? {
            match ask(work, step.self_approval, instance, meant, approver.source)? {
                Ok(person) if found.iter().all(|other| other.who != person.who) => found.push(person),
                Ok(_) | Err(Asked::Nobody | Asked::Person { .. }) => {}
                Err(Asked::PassedOver) => passed_over = true,
            }
        }
    }
    if step.mode == super::ApprovalMode::One {
        found.truncate(1);
    }
    Ok(match (found.is_empty(), passed_over) {
        (false, _) => People::Found(found),
        (true, true) => People::PassedOver,
        (true, false) => People::Nobody,
    })
}

/// One person meant, as the one who is asked; the inner error says why nobody is.
pub(super) fn ask(
    work: &mut Work<'_>,
    policy: SelfApproval,
    instance: &ApprovalInstance,
    meant: Ref<Employee>,
    source: ApproverSource,
) -> Result<std::result::Result<Person, Asked>> {
    let own: Vec<i64> = instance.own().map(number).collect();
    let answer = asked(&mut Organisation::new(work), policy, &own, number(meant))?;
    Ok(person(answer, source))
}

/// A decided person with typed ids.
pub(super) fn person(answer: Asked, source: ApproverSource) -> std::result::Result<Person, Asked> {
    match answer {
        Asked::Person { who, instead_of, reason } => match Id::new(who) {
            Some(id) => Ok(Person {
                who: Ref::new(id),
                source,
                instead_of: instead_of.and_then(Id::new).map(Ref::new),
                reason,
            }),
            None => Err(Asked::Nobody),
        },
        other => Err(other),
    }
}

/// Those whom a line of the definition means, before leavers and self-approval are looked at.
fn meant(
    work: &mut Work<'_>,
    approver: &ApprovalApprover,
    (kind, subject): (u32, &Row),
    submitter: Ref<Employee>,
) -> Result<Vec<Ref<Employee>>> {
    Ok(match approver.source {
        ApproverSource::Employee => approver.employee.into_iter().collect(),
        ApproverSource::Position => match approver.held {
            Some(position) => {
                let holders = Organisation::new(work).holders(position)?;
                holders.into_iter().filter_map(Id::new).map(Ref::new).collect()
            }
            None => Vec::new(),
        },
        ApproverSource::DepartmentHead => {
            let department: Ref<Department> = match approver.department {
                Some(department) => department,
                None => work.find(submitter)?.department,
            };
            work.find(department)?.head.into_iter().collect()
        }
        ApproverSource::Superior => {
            let level = usize::try_from(approver.levels.unwrap_or(1)).unwrap_or(1).max(1);
            superiors(work, submitter)?.get(level - 1).copied().into_iter().collect()
        }
        ApproverSource::Field => {
            let Some(text) = &approver.expression else { return Ok(Vec::new()) };
            let names = [("submitter", Ty::Ref(Employee::NO), Value::Ref(submitter.id()))];
            let expression = work.expression(kind, text, &names)?;
            work.value_of(&expression, subject)?.as_id().map(Ref::new).into_iter().collect()
        }
        ApproverSource::Fallback | ApproverSource::Administrator => Vec::new(),
    })
}
