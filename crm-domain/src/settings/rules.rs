//! Rules that hold for every kind.

use super::{definitions, numbering, picklists};
use crate::org::Employee;
use crm_kernel::catalogue::Kind;
use crm_kernel::error::Result;
use crm_kernel::id::Ref;
use crm_kernel::record::{FieldRole, Record};
use crm_kernel::value::{Row, Value};
use crm_kernel::work::Work;

/// Before any record is written: defaults, the department of its owner, its number, its options, checks.
pub(super) fn every(work: &mut Work<'_>, kind: u32, old: Option<&Row>, new: &mut Row) -> Result<()> {
    let catalogue = work.catalogue();
    let kind = catalogue.get(kind)?;
    definitions::fill_defaults(&catalogue, kind, old, new);
    fill_department(work, kind, new)?;
    numbering::fill(work, kind, old, new)?;
    picklists::check(work, kind, old, new)?;
    definitions::check_custom(work, kind, new)
}

/// A record with an owner and no department belongs to the owner's.
fn fill_department(work: &mut Work<'_>, kind: &Kind, new: &mut Row) -> Result<()> {
    let (Some(owner), Some(department)) = (kind.role(FieldRole::Owner), kind.role(FieldRole::Department))
    else {
        return Ok(());
    };
    let owner = match new.at(owner) {
        Value::Ref(owner) if new.at(department).is_null() => *owner,
        _ => return Ok(()),
    };
    // An owner that does not exist is the store's to refuse, with the field.
    let belongs = work.once(Employee::NO, &format!("department of {owner}"), |work| {
        let found = work.look(Ref::<Employee>::new(owner))?;
        Ok(found.map(|found| found.department.id()))
    })?;
    if let Some(belongs) = belongs {
        new.set(department, Value::Ref(belongs));
    }
    Ok(())
}
