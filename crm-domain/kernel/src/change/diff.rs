//! The difference of two rows, and the way back.

use super::{Action, Change, FieldChange, LineChange, OrderChange};
use crate::catalogue::{Catalogue, Kind};
use crate::error::{Error, Result};
use crate::value::{Row, Value};

/// What changed between two rows of a kind; `None` where nothing did. Without `old` the record is new, without `new`
/// it is gone. Lines are matched by their number; values are compared raw.
pub fn diff(catalogue: &Catalogue, kind: &Kind, old: Option<&Row>, new: Option<&Row>) -> Option<Change> {
    let (action, id) = match (old, new) {
        (None, Some(new)) => (Action::Created, new.id),
        (Some(old), Some(_)) => (Action::Updated, old.id),
        (Some(old), None) => (Action::Deleted, old.id),
        (None, None) => return None,
    };
    let mut change = Change {
        kind: kind.no(),
        id,
        previous: old.map_or(0, |old| old.version),
        action,
        fields: fields(kind, old, new),
        lines: Vec::new(),
        orders: Vec::new(),
    };
    for (position, child) in kind.children() {
        let (Some(field), Some(child)) = (kind.field(*position), catalogue.kind(*child)) else { continue };
        let before = old.map_or(&[][..], |row| row.at(*position).as_rows());
        let after = new.map_or(&[][..], |row| row.at(*position).as_rows());
        lines(field.no, child, before, after, &mut change);
    }
    let empty = change.fields.is_empty() && change.lines.is_empty() && change.orders.is_empty();
    (action != Action::Updated || !empty).then_some(change)
}

/// The row as it was before a change; `None` where the change created it. `row` is the state after the change, `None`
/// where the change deleted it. Errors: `store.corrupt` where the change does not fit.
pub fn undo(catalogue: &Catalogue, kind: &Kind, row: Option<&Row>, change: &Change) -> Result<Option<Row>> {
    if matches!(change.action, Action::Created | Action::Restored) {
        return Ok(None);
    }
    let mut before = match (row, change.action) {
        (Some(row), Action::Updated) => row.clone(),
        (None, Action::Deleted) => {
            let mut fresh = Row { id: change.id, version: 0, values: vec![Value::Null; kind.fields().len()] };
            for (position, _) in kind.children() {
                fresh.set(*position, Value::Rows(Vec::new()));
            }
            fresh
        }
        _ => return Err(Error::internal("a change does not follow the state that it left")),
    };
    before.version = change.previous;
    for field in &change.fields {
        // A field that the kind no longer has is left out: its history stays readable in the log.
        if let Some(position) = kind.position_of_no(field.field) {
            before.set(position, field.old.clone());
        }
    }
    for (position, child) in kind.children() {
        let (Some(field), Some(child)) = (kind.field(*position), catalogue.kind(*child)) else { continue };
        let touched = change.lines.iter().any(|line| line.field == field.no)
            || change.orders.iter().any(|order| order.field == field.no);
        if touched {
            let rows = undo_lines(field.no, child, before.at(*position).as_rows(), change);
            before.set(*position, Value::Rows(rows));
        }
    }
    Ok(Some(before))
}

/// The fields that differ, by number.
fn fields(kind: &Kind, old: Option<&Row>, new: Option<&Row>) -> Vec<FieldChange> {
    let pair = |position: usize| (value(old, position), value(new, position));
    let differing = || {
        let columns = kind.fields().iter().enumerate().filter(|(_, field)| field.ty.is_column());
        columns.map(move |(position, field)| (field.no, pair(position))).filter(|(_, (old, new))| old != new)
    };
    // Counted first: a list that grows is moved again and again.
    let mut changes = Vec::with_capacity(differing().count());
    let change = |(field, (old, new)): (u32, (&Value, &Value))| {
        changes.push(FieldChange { field, old: old.clone(), new: new.clone() });
    };
    differing().for_each(change);
    changes
}

fn value(row: Option<&Row>, position: usize) -> &Value {
    row.map_or(&Value::Null, |row| row.at(position))
}

fn lines(field: u32, child: &Kind, before: &[Row], after: &[Row], change: &mut Change) {
    for new in after {
        let old = before.iter().find(|old| old.id == new.id);
        let action = if old.is_some() { Action::Updated } else { Action::Created };
        let fields = fields(child, old, Some(new));
        if action == Action::Created || !fields.is_empty() {
            change.lines.push(LineChange { field, line: new.id, action, fields });
        }
    }
    for old in before.iter().filter(|old| !after.iter().any(|new| new.id == old.id)) {
        let fields = fields(child, Some(old), None);
        change.lines.push(LineChange { field, line: old.id, action: Action::Deleted, fields });
    }
    let order = |rows: &[Row]| rows.iter().map(|row| row.id).collect::<Vec<_>>();
    let (old, new) = (order(before), order(after));
    if old != new {
        change.orders.push(OrderChange { field, old, new });
    }
}

fn undo_lines(field: u32, child: &Kind, now: &[Row], change: &Change) -> Vec<Row> {
    let mut rows: Vec<Row> = now.to_vec();
    for line in change.lines.iter().filter(|line| line.field == field) {
        match line.action {
            Action::Created | Action::Restored => rows.retain(|row| row.id != line.line),
            Action::Updated | Action::Deleted => {
                if line.action == Action::Deleted {
                    let values = vec![Value::Null; child.fields().len()];
                    rows.push(Row { id: line.line, version: 0, values });
                }
                if let Some(row) = rows.iter_mut().find(|row| row.id == line.line) {
                    for field in &line.fields {
                        if let Some(position) = child.position_of_no(field.field) {
                            row.set(position, field.old.clone());
                        }
                    }
                }
            }
        }
    }
    if let Some(order) = change.orders.iter().find(|order| order.field == field) {
        rows.sort_by_key(|row| order.old.iter().position(|no| *no == row.id));
    }
    rows
}
