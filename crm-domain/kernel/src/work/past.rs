//! Reading records as they were: the change log undone, record by record.

use super::Work;
use crate::catalogue::Kind;
use crate::change::{Change, undo};
use crate::error::{Error, Result};
use crate::plan::{Found, Place, Query, Select};
use crate::value::{Row, Value};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

/// Deleted records that are looked through at once.
const DELETED_AT_ONCE: u32 = 1_000;

/// The changes of one kind that were read, by change set and record.
type Changes = HashMap<i64, HashMap<i64, Change>>;

impl Work<'_> {
    /// Runs a part that reads every record as it was after a change set, and judges rights by what it was. What was found
    /// out before is not known there, nor what was found there afterwards. Errors: `internal.error` where the part writes,
    /// or asks for lines, pages or groups.
    pub fn past<R>(&mut self, change: i64, part: impl FnOnce(&mut Self) -> Result<R>) -> Result<R> {
        self.flush()?;
        let known = std::mem::take(&mut self.context.known);
        let before = self.past.replace(change);
        let result = part(self);
        self.past = before;
        self.context.known = known;
        result
    }

    /// A record as it was after a change set; `None` where there was none.
    pub(super) fn row_then(&mut self, kind: u32, id: i64, change: i64) -> Result<Option<Arc<Row>>> {
        let catalogue = self.catalogue();
        let kind = catalogue.get(kind)?;
        let row = self.tx.get(kind.no(), id)?.map(Arc::new);
        let last = match &row {
            Some(row) => row.version,
            None => self.tx.tombstone(kind.no(), id)?.unwrap_or(0),
        };
        self.undone(kind, id, row, last, change, &mut Changes::new())
    }

    /// What a query would have found after a change set.
    pub(super) fn query_then(&mut self, plan: &Query, change: i64) -> Result<Vec<Found>> {
        if plan.after.is_some() {
            return Err(Error::internal("the past is not read page by page"));
        }
        let mut found: Vec<(Vec<Value>, Arc<Row>)> = Vec::new();
        for row in self.rows_then(plan.kind, change)?.iter() {
            let holds = match &plan.filter {
                Some(filter) => self.holds(filter, row)?,
                None => true,
            };
            if holds {
                let keys = plan.order.iter().map(|key| self.value_of(&key.by, row));
                found.push((keys.collect::<Result<_>>()?, row.clone()));
            }
        }
        found.sort_by(|(keys, row), (other_keys, other)| {
            plan.compare(
                &Place { keys, parent: 0, id: row.id },
                &Place { keys: other_keys, parent: 0, id: other.id },
            )
        });
        if let Some(limit) = plan.limit {
            found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        }
        let mut answer = Vec::with_capacity(found.len());
        for (keys, row) in found {
            let (shown, values) = match &plan.select {
                Select::Rows | Select::Heads => (Some((*row).clone()), Vec::new()),
                Select::Values(wanted) => {
                    let values = wanted.iter().map(|value| self.value_of(value, &row));
                    (None, values.collect::<Result<_>>()?)
                }
            };
            answer.push(Found { parent: 0, id: row.id, row: shown, values, keys });
        }
        Ok(answer)
    }

    /// All records of a kind as they were after a change set, by their ids.
    fn rows_then(&mut self, kind: u32, change: i64) -> Result<Arc<Vec<Arc<Row>>>> {
        const NAME: &str = "rows then";
        if let Some(known) = self.context.known.fact(kind, NAME) {
            return Ok(known);
        }
        let catalogue = self.catalogue();
        let kind = catalogue.get(kind)?;
        if kind.parent().is_some() {
            return Err(Error::internal("lines of the past are read with their record"));
        }
        let all = Query {
            kind: kind.no(),
            filter: None,
            order: Vec::new(),
            after: None,
            limit: None,
            select: Select::Rows,
        };
        let (mut rows, mut changes) = (Vec::new(), Changes::new());
        for row in self.tx.query(&all)?.into_iter().filter_map(|found| found.row) {
            let (id, last) = (row.id, row.version);
            rows.extend(self.undone(kind, id, Some(Arc::new(row)), last, change, &mut changes)?);
        }
        let mut after = None;
        loop {
            // Those that were deleted later, the latest first.
            let page = self.tx.tombstones(kind.no(), after, DELETED_AT_ONCE)?;
            let later = page.iter().take_while(|(_, deleted)| *deleted > change);
            for (id, deleted) in later.copied().collect::<Vec<_>>() {
                rows.extend(self.undone(kind, id, None, deleted, change, &mut changes)?);
            }
            after = page.last().copied().filter(|(_, deleted)| *deleted > change);
            if after.is_none() {
                break;
            }
        }
        rows.sort_by_key(|row| row.id);
        let rows = Arc::new(rows);
        self.context.known.keep_fact(kind.no(), NAME, rows.clone());
        Ok(rows)
    }

    /// A record without its change sets above a number; `last` is the one that it stands at.
    fn undone(
        &mut self,
        kind: &Kind,
        id: i64,
        mut row: Option<Arc<Row>>,
        mut last: i64,
        change: i64,
        read: &mut Changes,
    ) -> Result<Option<Arc<Row>>> {
        let catalogue = self.catalogue();
        while last > change {
            let missing = || Error::internal(format!("change set {last} is missing"));
            let changes = match read.entry(last) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(unread) => {
                    let set = self.tx.change(last)?.ok_or_else(missing)?;
                    let of_kind = set.changes.into_iter().filter(|one| one.kind == kind.no());
                    unread.insert(of_kind.map(|one| (one.id, one)).collect())
                }
            };
            let mine = changes.get(&id).ok_or_else(missing)?;
            row = undo(&catalogue, kind, row.as_deref(), mine)?.map(Arc::new);
            last = mine.previous;
        }
        Ok(row)
    }
}
