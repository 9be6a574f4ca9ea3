//! The record that an approval is about: as it was submitted, what has changed since, and what it is in short.

use super::{ApprovalDefinition, ApprovalInstance};
use crate::org::Employee;
use crm_kernel::catalogue::Kind;
use crm_kernel::change::undo;
use crm_kernel::encode::Encoder;
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::expr::node::Ty;
use crm_kernel::json::Json;
use crm_kernel::record::{FieldRole, FieldType, Record, Role};
use crm_kernel::value::{Row, Value};
use crm_kernel::work::Work;
use std::sync::Arc;

/// A record as it stood after a change set; none where it did not exist then.
pub(super) fn as_of(work: &mut Work<'_>, kind: &Kind, row: &Row, change: i64) -> Result<Option<Row>> {
    let catalogue = work.catalogue();
    let mut here = row.clone();
    while here.version > change {
        let missing = || Error::internal(format!("change set {} is missing", here.version));
        let set = work.tx()?.change(here.version)?.ok_or_else(missing)?;
        let entry = set.changes.iter().find(|entry| entry.kind == kind.no() && entry.id == row.id);
        match undo(&catalogue, kind, Some(&here), entry.ok_or_else(missing)?)? {
            Some(before) => here = before,
            None => return Ok(None),
        }
    }
    Ok(Some(here))
}

/// Names of the fields whose values differ between two states of a record.
pub(super) fn changed(kind: &Kind, then: &Row, now: &Row) -> Vec<String> {
    let fields = kind.fields().iter().enumerate();
    fields
        .filter(|(at, field)| field.role != FieldRole::LineCounter && then.at(*at) != now.at(*at))
        .map(|(_, field)| field.name.to_string())
        .collect()
}

/// The first field that decided the route of an approval (in a condition, or to find somebody) and is another one now
/// than when the record was submitted: what was approved would not be what stands.
pub(super) fn route_changed(
    work: &mut Work<'_>,
    instance: &ApprovalInstance,
    definition: &ApprovalDefinition,
    kind: &Kind,
    now: &Row,
) -> Result<Option<String>> {
    if now.version <= instance.snapshot {
        return Ok(None);
    }
    let read = reads(work, kind, definition)?;
    let Some(then) = as_of(work, kind, now, instance.snapshot)? else { return Ok(None) };
    Ok(changed(kind, &then, now).into_iter().find(|name| read.contains(name)))
}

/// The fields of the record that a definition reads, lines by the name of the field that holds them.
fn reads(work: &Work<'_>, kind: &Kind, definition: &ApprovalDefinition) -> Result<Vec<String>> {
    let conditions = definition.steps.iter().filter_map(|step| step.condition.as_deref());
    let people = definition.approvers.iter().filter_map(|approver| approver.expression.as_deref());
    let names = [("submitter", Ty::Ref(Employee::NO), Value::Null)];
    let mut found = Vec::new();
    for text in definition.condition.as_deref().into_iter().chain(conditions).chain(people) {
        for (of, no) in work.expression(kind.no(), text, &names)?.uses() {
            let position = if *of == kind.no() {
                kind.position_of_no(*no)
            } else {
                kind.children().iter().find(|(_, child)| child == of).map(|(position, _)| *position)
            };
            if let Some(field) = position.and_then(|position| kind.field(position)) {
                found.push(field.name.to_string());
            }
        }
    }
    Ok(found)
}

/// A record in short: what it is called, whose it is, its date and its amounts.
pub(super) fn summary(work: &Work<'_>, kind: &Kind, row: &Row) -> Json {
    let json = Encoder::new(&work.catalogue(), work.base()).record(kind, row);
    let tells = |name: &str| {
        kind.position(name).and_then(|position| kind.field(position)).is_some_and(|field| {
            !field.sensitive
                && (!matches!(field.role, FieldRole::Plain | FieldRole::LineCounter)
                    || matches!(
                        field.ty,
                        FieldType::Currency | FieldType::Num { role: Role::Money | Role::BaseMoney, .. }
                    ))
        })
    };
    match json {
        Json::Object(members) => Json::Object(members.into_iter().filter(|(name, _)| tells(name)).collect()),
        other => other,
    }
}

/// The record of an approval as it stands. Errors: `record.not_found`.
pub(super) fn load(work: &mut Work<'_>, instance: &ApprovalInstance) -> Result<(Arc<Kind>, Arc<Row>)> {
    let kind = work.catalogue().named(&instance.kind)?.clone();
    let row = work.row(kind.no(), instance.subject.number())?;
    let missing =
        || Code::NOT_FOUND.error().with("kind", kind.name()).with("id", instance.subject.to_string());
    Ok((kind.clone(), row.ok_or_else(missing)?))
}
