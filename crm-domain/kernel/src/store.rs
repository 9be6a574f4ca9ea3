//! What a store is: transactions over records, plans, sequences and the change log. It knows no business word.

use crate::catalogue::Catalogue;
use crate::change::ChangeSet;
use crate::error::Result;
use crate::plan::{Aggregate, Found, Group, Query};
use crate::value::Row;
use std::sync::Arc;

/// A place where records are kept.
pub trait Store {
    /// Starts a transaction. Only one that writes can be open at a time. Dropping it undoes everything.
    /// Errors: `store.busy` where another writer does not let go, `store.io`, `store.corrupt`.
    fn begin(&mut self, write: bool, catalogue: &Arc<Catalogue>) -> Result<Box<dyn Tx + '_>>;

    /// A one-word name for descriptions: `memory`, `sqlite`.
    fn name(&self) -> &'static str;

    /// What stops a step that takes long, where the store has such a thing.
    fn interrupter(&self) -> Option<Interrupter> {
        None
    }
}

/// Stops the step that a store is busy with, from any thread: it ends with `store.interrupted`. Where there is none,
/// nothing happens.
pub type Interrupter = Box<dyn Fn() + Send + Sync>;

/// A transaction.
pub trait Tx {
    /// The change set that last changed definitions made at run time, as the store has it: where it differs from the
    /// catalogue's revision another process has changed them, and the caller reads them again.
    fn definitions_revision(&mut self) -> Result<i64>;

    /// Makes the store fit a catalogue, within this transaction: tables, columns and indexes that are missing.
    /// `revision` of the catalogue becomes the store's.
    fn migrate(&mut self, catalogue: &Arc<Catalogue>) -> Result<()>;

    /// A record with its lines. Lines come in their order.
    fn get(&mut self, kind: u32, id: i64) -> Result<Option<Row>>;

    /// Writes a record: inserts where there is no `old`, otherwise changes what differs. `old` is the row as it was
    /// read in this transaction. Errors: `record.conflict` where the stored version is not `old.version`,
    /// `record.not_found`, `field.duplicate` with the fields, `field.dangling_reference` and `field.required` with the field.
    fn put(&mut self, kind: u32, old: Option<&Row>, new: &Row) -> Result<()>;

    /// Takes a record and its lines away. Errors: `record.conflict`, `record.not_found`, `record.in_use`.
    fn delete(&mut self, kind: u32, old: &Row) -> Result<()>;

    /// Records or lines in order.
    fn query(&mut self, plan: &Query) -> Result<Vec<Found>>;

    /// Groups and measures.
    fn aggregate(&mut self, plan: &Aggregate) -> Result<Vec<Group>>;

    /// The next number of a sequence, from 1, without gaps: it is given back when the transaction is undone.
    fn next_number(&mut self, sequence: &str) -> Result<i64>;

    /// The last number of a sequence, 0 where none was taken.
    fn last_number(&mut self, sequence: &str) -> Result<i64>;

    /// Raises a sequence so that the next number is above `at_least`; never lowers it.
    fn raise_number(&mut self, sequence: &str, at_least: i64) -> Result<()>;

    /// The number of the last change set, 0 in a new store.
    fn last_change(&mut self) -> Result<i64>;

    /// Writes a change set, whose number is one above the last.
    fn append(&mut self, change: &ChangeSet) -> Result<()>;

    /// A change set by number.
    fn change(&mut self, no: i64) -> Result<Option<ChangeSet>>;

    /// Change sets above a number, ascending, at most `limit`.
    fn changes_after(&mut self, no: i64, limit: u32) -> Result<Vec<ChangeSet>>;

    /// Remembers that a record was deleted by a change set: the head of its history. `None` forgets it (restored).
    fn set_tombstone(&mut self, kind: u32, id: i64, change: Option<i64>) -> Result<()>;

    /// The change set that deleted a record.
    fn tombstone(&mut self, kind: u32, id: i64) -> Result<Option<i64>>;

    /// Deleted records of a kind, the latest first, those of one change set by their ids: ids and change sets. Only those
    /// behind `after`, the last of the page before.
    fn tombstones(&mut self, kind: u32, after: Option<(i64, i64)>, limit: u32) -> Result<Vec<(i64, i64)>>;

    /// Opens a savepoint inside the transaction.
    fn savepoint(&mut self) -> Result<()>;

    /// Closes the innermost savepoint, keeping (`true`) or undoing (`false`) what came after it.
    fn release(&mut self, keep: bool) -> Result<()>;

    /// Makes it permanent.
    fn commit(self: Box<Self>) -> Result<()>;
}
