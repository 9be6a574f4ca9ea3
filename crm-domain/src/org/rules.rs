//! Decisions of the organisation.

use super::rights::departments;
use super::{
    CYCLE, Department, Employee, LAST_ADMINISTRATOR, Position, PositionRight, Restriction, UNKNOWN_RIGHT,
};
use crm_kernel::error::{Code, Result};
use crm_kernel::id::Ref;
use crm_kernel::permission::Scope;
use crm_kernel::record::Record;
use crm_kernel::value::Row;
use crm_kernel::work::Work;

/// A chain of superiors longer than this is taken for a cycle.
const LONGEST_CHAIN: usize = 64;

/// A department and all below it.
pub fn tree(work: &mut Work<'_>, top: Ref<Department>) -> Result<Vec<i64>> {
    Ok(below(&departments(work.tx()?)?, top.id().number()))
}

/// A department and all below it, among departments with the one above each. Also ends where the tree is damaged.
pub(super) fn below(departments: &[(i64, i64)], top: i64) -> Vec<i64> {
    let mut found = vec![top];
    let mut at = 0;
    while let Some(here) = found.get(at).copied() {
        let next =
            departments.iter().filter(|(id, above)| *above == here && !found.contains(id)).map(|(id, _)| *id);
        let next: Vec<i64> = next.collect();
        found.extend(next);
        at += 1;
    }
    found
}

/// The superiors of an employee, nearest first: the one he reports to, else the head of his department, else the head
/// of the department above, and so on. Nobody stands twice, and nobody above himself.
pub fn superiors(work: &mut Work<'_>, of: Ref<Employee>) -> Result<Vec<Ref<Employee>>> {
    let mut chain: Vec<Ref<Employee>> = Vec::new();
    let mut here = work.system(|work| work.find(of))?;
    while chain.len() < LONGEST_CHAIN {
        let above = match here.superior {
            Some(superior) => Some(superior),
            None => head_above(work, here.department, here.id)?,
        };
        match above {
            Some(next) if next != of && !chain.contains(&next) => {
                chain.push(next);
                here = work.system(|work| work.find(next))?;
            }
            _ => break,
        }
    }
    Ok(chain)
}

/// The head of a department or of the nearest one above it, other than somebody.
fn head_above(
    work: &mut Work<'_>,
    department: Ref<Department>,
    other_than: Ref<Employee>,
) -> Result<Option<Ref<Employee>>> {
    let mut here = Some(department);
    for _ in 0..LONGEST_CHAIN {
        let Some(department) = here else { break };
        let department = work.system(|work| work.find(department))?;
        match department.head {
            Some(head) if head != other_than => return Ok(Some(head)),
            _ => here = department.superior,
        }
    }
    Ok(None)
}

/// A department does not stand below itself.
pub(super) fn department(work: &mut Work<'_>, kind: u32, _old: Option<&Row>, new: &mut Row) -> Result<()> {
    let department = Department::from_row(new)?;
    let first = department.superior.map(|above| above.id().number());
    no_cycle(work, kind, new.id, first, |row| {
        Ok(Department::from_row(row)?.superior.map(|above| above.id().number()))
    })
}

/// Nobody reports to himself over others, and the last who may do everything neither leaves nor gives that up.
pub(super) fn employee(work: &mut Work<'_>, kind: u32, old: Option<&Row>, new: &mut Row) -> Result<()> {
    let employee = Employee::from_row(new)?;
    if let Some(old) = old {
        let before = Employee::from_row(old)?;
        if administers(work, &before)? && !administers(work, &employee)? {
            let path = if employee.active { "/positions" } else { "/active" };
            others_administer(work, new.id, None).map_err(|error| error.at(path))?;
        }
    }
    let first = employee.superior.map(|above| above.id().number());
    no_cycle(work, kind, new.id, first, |row| {
        Ok(Employee::from_row(row)?.superior.map(|above| above.id().number()))
    })
}

/// The last who may do everything is not deleted.
pub(super) fn employee_removed(work: &mut Work<'_>, _kind: u32, old: &Row) -> Result<()> {
    if administers(work, &Employee::from_row(old)?)? { others_administer(work, old.id, None) } else { Ok(()) }
}

/// A right is one that something asks for, and the last position that lets somebody do everything keeps doing so.
pub(super) fn position(work: &mut Work<'_>, _kind: u32, old: Option<&Row>, new: &mut Row) -> Result<()> {
    let old = old.map(Position::from_row).transpose()?;
    let position = Position::from_row(new)?;
    rights_are_known(work, old.as_ref(), &position)?;
    if old.as_ref().is_some_and(everything) && !everything(&position) {
        return others_administer(work, 0, Some(new.id)).map_err(|error| error.at("/rights"));
    }
    Ok(())
}

/// Refuses a right that nothing asks for, as one that is misspelt. One that the position has had stays: the kind that it
/// was for may be gone. Errors: `org.unknown_right`.
fn rights_are_known(work: &Work<'_>, old: Option<&Position>, new: &Position) -> Result<()> {
    let catalogue = work.catalogue();
    for (at, right) in new.rights.iter().enumerate() {
        let same = |other: &PositionRight| (&other.kind, &other.verb) == (&right.kind, &right.verb);
        if old.is_some_and(|old| old.rights.iter().any(|other| same(other))) {
            continue;
        }
        let verbs = work.model().verbs(&catalogue, &right.kind);
        let wrong = match (verbs.is_empty(), right.verb.as_str()) {
            (true, _) => "kind",
            (false, verb) if verb != "*" && !verbs.contains(verb) => "verb",
            _ => continue,
        };
        let (kind, verb) = (right.kind.clone(), right.verb.clone());
        return Err(UNKNOWN_RIGHT.at(format!("/rights/{at}/{wrong}")).with("kind", kind).with("verb", verb));
    }
    Ok(())
}

/// True for a position that gives every right everywhere.
fn everything(position: &Position) -> bool {
    position.rights.iter().any(|right| right.kind == "*" && right.verb == "*" && right.scope == Scope::All)
}

fn administers(work: &mut Work<'_>, employee: &Employee) -> Result<bool> {
    if !employee.active {
        return Ok(false);
    }
    for holding in &employee.positions {
        if let Some(position) = work.system(|work| work.look(holding.holds))?
            && everything(&position)
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Refuses where nobody but one employee, or nobody but through one position, may do everything.
/// Errors: `org.last_administrator`.
fn others_administer(work: &mut Work<'_>, but: i64, but_through: Option<i64>) -> Result<()> {
    let staff = work.system(|work| work.select::<Employee>("active", &[]))?;
    for mut employee in staff.into_iter().filter(|employee| employee.row.id != but) {
        employee.positions.retain(|holding| Some(holding.holds.id().number()) != but_through);
        if administers(work, &employee)? {
            return Ok(());
        }
    }
    Err(LAST_ADMINISTRATOR.error())
}

/// A restriction is a condition over its kind. Restrictions themselves are not restricted: nobody could lift one that
/// hides itself.
pub(super) fn restriction(work: &mut Work<'_>, kind: u32, _old: Option<&Row>, new: &mut Row) -> Result<()> {
    let restriction = Restriction::from_row(new)?;
    let about = work.catalogue().named(&restriction.kind).map_err(|error| error.at("/kind"))?.no();
    if about == kind {
        return Err(Code::NOT_AN_OPTION.at("/kind").with("value", restriction.kind));
    }
    work.condition(about, &restriction.condition, &[]).map_err(|error| error.at("/condition")).map(|_| ())
}

fn no_cycle(
    work: &mut Work<'_>,
    kind: u32,
    id: i64,
    first: Option<i64>,
    above: fn(&Row) -> Result<Option<i64>>,
) -> Result<()> {
    let mut here = first;
    for _ in 0..LONGEST_CHAIN {
        let Some(next) = here else { return Ok(()) };
        if next == id {
            return Err(CYCLE.at("/superior"));
        }
        here = match work.row(kind, next)? {
            Some(row) => above(&row)?,
            None => None,
        };
    }
    Err(CYCLE.at("/superior"))
}
