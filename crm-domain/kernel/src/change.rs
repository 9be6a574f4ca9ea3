//! The change log: one change set per operation that changed anything. History, as-of reads, undo, the outbox to the
//! host and the recycle bin are readers of it.
//!
//! A record's version is the number of the change set that last wrote it, and each change names the record's previous
//! change set, so a reader walks back from the present row and the log needs no index rows.

mod body;
mod diff;

pub use body::{decode, encode};
pub use diff::{diff, undo};

use crate::date::Instant;
use crate::value::Value;

/// What one operation changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeSet {
    /// Its number, one above the last.
    pub no: i64,
    /// When.
    pub at: Instant,
    /// The employee who did it; 0 where nobody was signed in.
    pub actor: i64,
    /// On whose behalf; 0 for the actor's own.
    pub on_behalf: i64,
    /// The operation's name.
    pub operation: String,
    /// Why: a reason given by the caller, an import's name.
    pub reason: Option<String>,
    /// The records.
    pub changes: Vec<Change>,
}

/// What happened to one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The kind's number.
    pub kind: u32,
    /// The record.
    pub id: i64,
    /// The record's previous change set; 0 for its first.
    pub previous: i64,
    /// What was done.
    pub action: Action,
    /// Fields that differ, by number. A created record lists its non-null fields, a deleted one too.
    pub fields: Vec<FieldChange>,
    /// Lines that differ.
    pub lines: Vec<LineChange>,
    /// The line numbers in their new order, by field number, where lines were added, removed or moved. With the old order.
    pub orders: Vec<OrderChange>,
}

/// What was done to a record or a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// It is new.
    Created,
    /// Fields changed.
    Updated,
    /// It is gone.
    Deleted,
    /// It came back from the recycle bin.
    Restored,
}

impl Action {
    /// The word in histories.
    pub fn code(self) -> &'static str {
        match self {
            Action::Created => "created",
            Action::Updated => "updated",
            Action::Deleted => "deleted",
            Action::Restored => "restored",
        }
    }
}

/// Raw old and new value of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChange {
    /// The field's number.
    pub field: u32,
    /// Before.
    pub old: Value,
    /// After.
    pub new: Value,
}

/// What happened to a line, matched by its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineChange {
    /// The number of the field that holds the lines.
    pub field: u32,
    /// The line's number.
    pub line: i64,
    /// `Created`, `Updated` or `Deleted`.
    pub action: Action,
    /// Fields that differ.
    pub fields: Vec<FieldChange>,
}

/// The order of lines before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderChange {
    /// The number of the field that holds the lines.
    pub field: u32,
    /// Line numbers before.
    pub old: Vec<i64>,
    /// Line numbers after.
    pub new: Vec<i64>,
}
