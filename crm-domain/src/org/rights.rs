//! From positions to rights.

use super::rules::below;
use super::{Department, Employee, Position};
use crm_kernel::catalogue::Catalogue;
use crm_kernel::error::Result;
use crm_kernel::permission::{Grant, Rights};
use crm_kernel::plan::{Query, Select};
use crm_kernel::record::Record;
use crm_kernel::store::Tx;

/// The rights of an employee from all positions held; none for nobody and for those who left.
pub fn rights(tx: &mut dyn Tx, catalogue: &Catalogue, actor: i64) -> Result<Rights> {
    let _ = catalogue;
    let mut rights = Rights { actor, grants: Vec::new() };
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
    Ok(rights)
}

/// All departments with the one above each.
pub(super) fn departments(tx: &mut dyn Tx) -> Result<Vec<(i64, i64)>> {
    let plan = Query {
        kind: Department::NO,
        filter: None,
        order: Vec::new(),
        after: None,
        limit: None,
        select: Select::Heads,
    };
    let found = tx.query(&plan)?;
    found
        .into_iter()
        .filter_map(|found| found.row)
        .map(|row| {
            let above = Department::from_row(&row)?.superior.map_or(0, |above| above.id().number());
            Ok((row.id, above))
        })
        .collect()
}
