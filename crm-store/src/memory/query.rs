//! Lists: every row is looked at, those for which the filter is true are sorted, and the page is cut out.

use super::state::State;
use crm_kernel::error::Result;
use crm_kernel::expr::{Expr, RowEnv, Source};
use crm_kernel::plan::{Found, Place, Query, Select};
use crm_kernel::record::FieldType;
use crm_kernel::value::{Row, Value};

impl Source for State {
    fn row(&self, kind: u32, id: i64) -> Option<&Row> {
        State::row(self, kind, id)
    }
}

/// A record, or a line with its parent.
#[derive(Clone, Copy)]
pub(super) struct Item<'a> {
    parent: Option<&'a Row>,
    row: &'a Row,
}

/// All records or lines of a kind for which a filter is true, parents by id, lines as they stand in their parent.
pub(super) fn items<'a>(
    state: &'a State,
    kind: u32,
    filter: Option<&'a Expr>,
) -> Result<Box<dyn Iterator<Item = Item<'a>> + 'a>> {
    let kind = state.catalogue.get(kind)?;
    let all: Box<dyn Iterator<Item = Item<'a>> + 'a> = match kind.parent() {
        None => Box::new(state.rows(kind.no()).map(|row| Item { parent: None, row })),
        Some(parent) => {
            let holder = state.catalogue.get(parent)?;
            let position = holder
                .children()
                .iter()
                .find(|(_, child)| *child == kind.no())
                .map(|(position, _)| *position);
            Box::new(state.rows(parent).flat_map(move |parent| {
                let lines = position.map_or(&[][..], |position| parent.at(position).as_rows());
                lines.iter().map(move |row| Item { parent: Some(parent), row })
            }))
        }
    };
    Ok(Box::new(all.filter(move |item| filter.is_none_or(|filter| filter.holds(&item.env(state))))))
}

impl<'a> Item<'a> {
    fn env(&self, state: &'a State) -> RowEnv<'a> {
        RowEnv { root: self.row, parent: self.parent, source: state }
    }

    /// What an expression gives for it, a number as it can be stored.
    pub(super) fn value(&self, state: &'a State, expr: &Expr) -> Value {
        expr.value(&self.env(state))
    }

    fn parent_id(&self) -> i64 {
        self.parent.map_or(0, |parent| parent.id)
    }
}

pub(super) fn run(state: &State, plan: &Query) -> Result<Vec<Found>> {
    let mut found: Vec<(Vec<Value>, Item)> = Vec::new();
    for item in items(state, plan.kind, plan.filter.as_ref())? {
        let keys: Vec<Value> = plan.order.iter().map(|key| item.value(state, &key.by)).collect();
        let mark =
            plan.after.as_ref().map(|mark| Place { keys: &mark.keys, parent: mark.parent, id: mark.id });
        if mark.is_none_or(|mark| plan.compare(&place(&keys, item), &mark).is_gt()) {
            found.push((keys, item));
        }
    }
    found.sort_unstable_by(|(a_keys, a), (b_keys, b)| plan.compare(&place(a_keys, *a), &place(b_keys, *b)));
    if let Some(limit) = plan.limit {
        found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    }
    found.into_iter().map(|(keys, item)| read(state, plan, keys, item)).collect()
}

fn place<'a>(keys: &'a [Value], item: Item<'_>) -> Place<'a> {
    Place { keys, parent: item.parent_id(), id: item.row.id }
}

fn read(state: &State, plan: &Query, keys: Vec<Value>, item: Item) -> Result<Found> {
    let kind = state.catalogue.get(plan.kind)?;
    let (row, values) = match &plan.select {
        Select::Rows => (Some(super::whole(&state.catalogue, kind, item.row)), Vec::new()),
        Select::Heads => {
            let mut row = Row { id: item.row.id, version: item.row.version, values: Vec::new() };
            for (position, field) in kind.fields().iter().enumerate() {
                let lines = matches!(field.ty, FieldType::Children(_));
                row.values.push(if lines { Value::Null } else { item.row.at(position).clone() });
            }
            (Some(row), Vec::new())
        }
        Select::Values(exprs) => (None, exprs.iter().map(|expr| item.value(state, expr)).collect()),
    };
    Ok(Found { parent: item.parent_id(), id: item.row.id, row, values, keys })
}
