//! From positions to rights.

use super::rules::below;
use super::{Department, Employee, Position, Restriction};
use crm_kernel::error::Result;
use crm_kernel::permission::{self, Grant, Rights};
use crm_kernel::plan::{Query, Select};
use crm_kernel::record::Record;
use crm_kernel::store::Tx;
use crm_kernel::value::Row;

/// The rights of an employee from all positions held, and what restricts them; none for nobody and for those who left.
pub fn rights(tx: &mut dyn Tx, actor: i64) -> Result<Rights> {
    let mut rights = Rights { actor, ..Rights::default() };
    let Some(row) = (if actor == 0 { None } else { tx.get(Employee::NO, actor)? }) else { return Ok(rights) };
    let employee = Employee::from_row(&row)?;
    if !employee.active {
        return Ok(rights);
    }
    let tree = departments(tx)?;
    for holding in &employee.positions {
        let Some(row) = tx.get(Position::NO, holding.holds.id().number())? else { continue };
        let position = Position::from_row(&row)?;
        let department = holding.department.or(position.department).unwrap_or(employee.department);
        let department = department.id().number();
        for right in &position.rights {
            rights.grants.push(Grant {
                kind: right.kind.clone(),
                verb: right.verb.clone(),
                scope: right.scope,
                department,
                tree: below(&tree, department),
                position: row.id,
            });
        }
    }
    for row in heads(tx, Restriction::NO)? {
        let restriction = Restriction::from_row(&row)?;
        let binds = restriction
            .holders
            .is_none_or(|position| employee.positions.iter().any(|holding| holding.holds == position));
        if restriction.active && binds {
            let (kind, condition) = (restriction.kind, restriction.condition);
            rights.restrictions.push(permission::Restriction { kind, condition });
        }
    }
    Ok(rights)
}

/// All departments with the one above each.
pub(super) fn departments(tx: &mut dyn Tx) -> Result<Vec<(i64, i64)>> {
    let above = |row: Row| {
        let above = Department::from_row(&row)?.superior.map_or(0, |above| above.id().number());
        Ok((row.id, above))
    };
    heads(tx, Department::NO)?.into_iter().map(above).collect()
}

/// All records of a kind, without their lines.
fn heads(tx: &mut dyn Tx, kind: u32) -> Result<Vec<Row>> {
    let plan =
        Query { kind, filter: None, order: Vec::new(), after: None, limit: None, select: Select::Heads };
    Ok(tx.query(&plan)?.into_iter().filter_map(|found| found.row).collect())
}
