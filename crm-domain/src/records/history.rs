//! The change log read for one record: its history, its state at a past time, the recycle bin.

use super::list::page;
use super::operations::{by_hand, show};
use crm_kernel::Record;
use crm_kernel::catalogue::{Catalogue, Kind};
use crm_kernel::change::{Action, Change, ChangeSet, FieldChange, undo};
use crm_kernel::date::Instant;
use crm_kernel::encode::{Encoder, currency_of};
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::id::Id;
use crm_kernel::json::Json;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::value::Row;
use crm_kernel::work::Work;
use std::sync::Arc;

/// Every change of a record, the latest first: who, when, by which operation, which fields with old and new values.
#[derive(Clone, Debug, Record)]
#[record(name = "record_history")]
pub struct History {
    /// The kind's name.
    pub kind: String,
    /// The record.
    pub id: Id,
    /// At most so many entries.
    #[field(default = "100")]
    pub limit: i64,
    /// Only entries below this change set: the `next` of the page before.
    pub before: Option<i64>,
}

/// A page of history.
#[derive(Clone, Debug, Record)]
#[record(name = "record_history_answer")]
pub struct HistoryAnswer {
    /// Entries, the latest first.
    pub entries: Vec<HistoryEntry>,
    /// What to give as `before` for the next page; none at the end.
    pub next: Option<i64>,
}

/// One change set as far as it changed the record.
#[derive(Clone, Debug, Record)]
#[record(name = "history_entry")]
pub struct HistoryEntry {
    /// The change set: the record's version after it.
    pub change: i64,
    /// When.
    pub at: Instant,
    /// The employee who did it; none before anybody was signed in.
    pub actor: Option<Id>,
    /// On whose behalf.
    pub on_behalf: Option<Id>,
    /// The operation.
    pub operation: String,
    /// Why.
    pub reason: Option<String>,
    /// `created`, `updated`, `deleted` or `restored`.
    pub action: String,
    /// Fields: `{field, old, new}`.
    pub fields: Vec<Json>,
    /// Lines: `{field, line, action, fields}` and `{field, action: "reordered", order}`.
    pub lines: Vec<Json>,
}

impl Operation for History {
    const NAME: &'static str = "record.history";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::OnKind { verb: "read" };
    const CAPABILITIES: &'static [&'static str] = &["SYS-01"];
    const EXAMPLE: &'static str = r#"{"kind":"department","id":"$headquarters"}"#;
    type Answer = HistoryAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<HistoryAnswer> {
        let catalogue = work.catalogue();
        let kind = catalogue.named(&self.kind).map_err(|error| error.at("/kind"))?;
        let mut walk = Walk::start(work, kind, self.id)?;
        let limit = page(self.limit, 1_000)? as usize;
        let mut entries = Vec::new();
        while let Some((set, change)) = walk.here(work)? {
            if self.before.is_none_or(|before| set.no < before) {
                if entries.len() == limit {
                    return Ok(HistoryAnswer {
                        next: entries.last().map(|entry: &HistoryEntry| entry.change),
                        entries,
                    });
                }
                entries.push(entry(work, &catalogue, kind, walk.row.as_deref(), &set, &change)?);
            }
            walk.back(&catalogue, kind, &change)?;
        }
        Ok(HistoryAnswer { entries, next: None })
    }
}

/// Deleted records of a kind, the latest first, as they were when they were deleted.
#[derive(Clone, Debug, Record)]
#[record(name = "record_bin")]
pub struct Bin {
    /// The kind's name.
    pub kind: String,
    /// At most so many, 1 to 1,000.
    #[field(default = "100")]
    pub limit: i64,
    /// Only what comes behind the page before: its `next`.
    pub after: Option<BinMark>,
}

/// The last deleted record of a page.
#[derive(Clone, Copy, Debug, Record)]
#[record(name = "bin_mark")]
pub struct BinMark {
    /// The change set that deleted it.
    pub change: i64,
    /// The record.
    pub record: Id,
}

/// The recycle bin of a kind.
#[derive(Clone, Debug, Record)]
#[record(name = "record_bin_answer")]
pub struct BinAnswer {
    /// What lies in it.
    pub entries: Vec<BinEntry>,
    /// What to give as `after` for the next page; none at the end.
    pub next: Option<BinMark>,
}

/// A deleted record.
#[derive(Clone, Debug, Record)]
#[record(name = "bin_entry")]
pub struct BinEntry {
    /// When it was deleted.
    pub at: Instant,
    /// By whom.
    pub actor: Option<Id>,
    /// The record as it was.
    pub record: Json,
}

impl Operation for Bin {
    const NAME: &'static str = "record.bin";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::OnKind { verb: "delete" };
    const CAPABILITIES: &'static [&'static str] = &["SYS-02"];
    const EXAMPLE: &'static str = r#"{"kind":"department"}"#;
    type Answer = BinAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<BinAnswer> {
        let kind = by_hand(work, &self.kind)?;
        let catalogue = work.catalogue();
        let limit = page(self.limit, 1_000)? as usize;
        let (mut entries, mut next) = (Vec::new(), None);
        let mut after = self.after.map(|mark| (mark.record.number(), mark.change));
        loop {
            let deleted = work.tx()?.tombstones(kind.no(), after, DELETED_AT_ONCE)?;
            let Some(last) = deleted.last().copied() else { return Ok(BinAnswer { entries, next: None }) };
            for (id, deleted) in deleted {
                let mut walk = Walk { row: None, next: deleted, kind: kind.no(), id };
                let Some((set, change)) = walk.here(work)? else { continue };
                walk.back(&catalogue, &kind, &change)?;
                let Some(row) = walk.row else { continue };
                // What may be seen here is what may be brought back.
                if !(work.covers(&kind, &row, "read")? && work.covers(&kind, &row, "delete")?) {
                    continue;
                }
                if entries.len() == limit {
                    return Ok(BinAnswer { entries, next });
                }
                next = Id::new(id).map(|record| BinMark { change: deleted, record });
                entries.push(BinEntry {
                    at: set.at,
                    actor: Id::new(set.actor),
                    record: show(work, &kind, &row),
                });
            }
            after = Some(last);
        }
    }
}

/// How many deleted records are looked through at once for those that the actor may see.
const DELETED_AT_ONCE: u32 = 1_000;

/// The state of a record at a point in time. Errors: `record.not_found` where it did not exist then, or where the
/// actor may not see it as it is now (or was when it was deleted).
pub fn as_of(work: &mut Work<'_>, kind: &Kind, id: Id, at: Instant) -> Result<Arc<Row>> {
    let catalogue = work.catalogue();
    let mut walk = Walk::start(work, kind, id)?;
    while let Some((set, change)) = walk.here(work)? {
        if set.at <= at {
            break;
        }
        walk.back(&catalogue, kind, &change)?;
    }
    walk.row.ok_or_else(|| Code::NOT_FOUND.error().with("kind", kind.name()).with("id", id.to_string()))
}

/// A walk back along a record's chain of change sets.
struct Walk {
    kind: u32,
    id: i64,
    /// The state before the steps taken; none where the record does not exist there.
    row: Option<Arc<Row>>,
    /// The change set to undo next; 0 at the beginning of the record.
    next: i64,
}

impl Walk {
    fn start(work: &mut Work<'_>, kind: &Kind, id: Id) -> Result<Walk> {
        let mut walk = Walk { kind: kind.no(), id: id.number(), row: None, next: 0 };
        if let Some(deleted) = work.tx()?.tombstone(kind.no(), id.number())? {
            walk.next = deleted;
            // A deleted record is judged by what it was.
            let catalogue = work.catalogue();
            let mut before = Walk { row: None, ..walk };
            if let Some((_, change)) = before.here(work)? {
                before.back(&catalogue, kind, &change)?;
            }
            let row = before.row.ok_or_else(|| Error::internal("a tombstone without a record"))?;
            if !work.covers(kind, &row, "read")? {
                return Err(Code::NOT_FOUND.error().with("kind", kind.name()).with("id", id.to_string()));
            }
            return Ok(walk);
        }
        let row = work.row_for(kind.no(), id, "read")?;
        walk.next = row.version;
        walk.row = Some(row);
        Ok(walk)
    }

    fn here(&self, work: &mut Work<'_>) -> Result<Option<(ChangeSet, Change)>> {
        if self.next == 0 {
            return Ok(None);
        }
        let missing = || Error::internal(format!("change set {} is missing", self.next));
        let mut set = work.tx()?.change(self.next)?.ok_or_else(missing)?;
        let at = set.changes.iter().position(|change| change.kind == self.kind && change.id == self.id);
        let change = set.changes.swap_remove(at.ok_or_else(missing)?);
        Ok(Some((set, change)))
    }

    fn back(&mut self, catalogue: &Catalogue, kind: &Kind, change: &Change) -> Result<()> {
        self.row = undo(catalogue, kind, self.row.as_deref(), change)?.map(Arc::new);
        self.next = change.previous;
        Ok(())
    }
}

fn entry(
    work: &Work<'_>,
    catalogue: &Catalogue,
    kind: &Kind,
    row: Option<&Row>,
    set: &ChangeSet,
    change: &Change,
) -> Result<HistoryEntry> {
    let currency = row.and_then(|row| currency_of(&kind.def, row, None));
    let encoder = Encoder::new(catalogue, work.base());
    let show = |kind: &Kind, fields: &[FieldChange]| -> Vec<Json> {
        let known = fields.iter().filter_map(|change| {
            let field = kind.field(kind.position_of_no(change.field)?)?;
            (field.role != crm_kernel::record::FieldRole::LineCounter).then(|| {
                Json::object()
                    .with("field", field.name.to_string())
                    .with("old", encoder.value(&field.ty, &change.old, currency))
                    .with("new", encoder.value(&field.ty, &change.new, currency))
            })
        });
        known.collect()
    };
    let mut lines = Vec::new();
    for (position, child) in kind.children() {
        let (Some(field), child) = (kind.field(*position), catalogue.get(*child)?) else { continue };
        let mut changed: Vec<_> = change.lines.iter().filter(|line| line.field == field.no).collect();
        changed.sort_by_key(|line| line.line);
        for line in changed {
            let action = match line.action {
                Action::Created => "added",
                Action::Deleted => "removed",
                Action::Updated | Action::Restored => "changed",
            };
            lines.push(
                Json::object()
                    .with("field", field.name.to_string())
                    .with("line", line.line)
                    .with("action", action)
                    .with("fields", show(child, &line.fields)),
            );
        }
        for order in change.orders.iter().filter(|order| order.field == field.no) {
            let kept: Vec<i64> = order.old.iter().filter(|no| order.new.contains(no)).copied().collect();
            let now: Vec<i64> = order.new.iter().filter(|no| order.old.contains(no)).copied().collect();
            let appended = order.new.starts_with(&now);
            // Lines added at the end or taken away move nothing: only a change of order is told as one.
            if kept != now || !appended {
                let numbers = order.new.iter().map(|no| Json::Int(*no)).collect::<Vec<_>>();
                lines.push(
                    Json::object()
                        .with("field", field.name.to_string())
                        .with("action", "reordered")
                        .with("order", numbers),
                );
            }
        }
    }
    Ok(HistoryEntry {
        change: set.no,
        at: set.at,
        actor: Id::new(set.actor),
        on_behalf: Id::new(set.on_behalf),
        operation: set.operation.clone(),
        reason: set.reason.clone(),
        action: change.action.code().to_owned(),
        fields: show(kind, &change.fields),
        lines,
    })
}
