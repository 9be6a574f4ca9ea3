//! The table of operations: one row for each, from which come the dispatcher of every door, OpenRPC, types and pages.

use crate::error::{Code, Result};
use crate::permission::Needs;
use crate::record::{Record, RecordDef, page_text};
use crate::value::Row;
use crate::work::Work;

/// An operation. The request type is the operation: its doc comment is the description, its fields the request.
pub trait Operation: Record {
    /// `noun.verb`.
    const NAME: &'static str;
    /// True where it may change something: it then runs in a transaction that writes, and makes one change set.
    const WRITES: bool;
    /// What the actor needs.
    const NEEDS: Needs;
    /// Refusals of its own, beside the kernel's.
    const ERRORS: &'static [Code] = &[];
    /// Rows of the capability list that it serves.
    const CAPABILITIES: &'static [&'static str];
    /// A request on the demonstration company; `$name` stands for a value captured there.
    const EXAMPLE: &'static str;
    /// True where it brings historic documents: it runs inside `import.history` only.
    const HISTORY: bool = false;
    /// The answer.
    type Answer: Record;

    /// Loads, decides, saves.
    fn run(self, work: &mut Work<'_>) -> Result<Self::Answer>;

    /// Runs many requests of an operation that only reads, at one moment: an answer or a refusal for each, in their order, as
    /// [`Operation::run`] gives it. For operations that can read together what requests have in common.
    fn run_each(requests: Vec<Self>, work: &mut Work<'_>) -> Vec<Result<Self::Answer>>
    where
        Self: Sized,
    {
        requests.into_iter().map(|request| request.run(work)).collect()
    }
}

/// A row of the table.
#[derive(Clone, Copy)]
pub struct OperationRow {
    /// `noun.verb`.
    pub name: &'static str,
    /// True where it may change something.
    pub writes: bool,
    /// What the actor needs.
    pub needs: Needs,
    /// Refusals of its own.
    pub errors: &'static [Code],
    /// Rows of the capability list.
    pub capabilities: &'static [&'static str],
    /// A request on the demonstration company.
    pub example: &'static str,
    /// True where it brings historic documents: it runs inside `import.history` only.
    pub history: bool,
    /// The request.
    pub request: fn() -> &'static RecordDef,
    /// The answer.
    pub answer: fn() -> &'static RecordDef,
    /// Runs it on a decoded request.
    pub run: fn(&mut Work<'_>, &Row) -> Result<Row>,
}

impl OperationRow {
    /// The row of an operation.
    pub const fn of<O: Operation>() -> OperationRow {
        OperationRow {
            name: O::NAME,
            writes: O::WRITES,
            needs: O::NEEDS,
            errors: O::ERRORS,
            capabilities: O::CAPABILITIES,
            example: page_text(O::EXAMPLE),
            history: O::HISTORY,
            request: O::def,
            answer: <O::Answer as Record>::def,
            run: run::<O>,
        }
    }
}

fn run<O: Operation>(work: &mut Work<'_>, request: &Row) -> Result<Row> {
    O::from_row(request)?.run(work)?.to_row()
}

impl std::fmt::Debug for OperationRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}
