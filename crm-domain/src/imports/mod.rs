//! Import: rows of files become requests of operations, by a mapping that is data.
//!
//! Words. A *mapping* says what a file's columns are, which rows are left out or rejected, and how a row becomes a
//! record of a kind or the request of an operation. Columns are typed, and every value and condition is an expression
//! over them: the same language as everywhere. An *import* is one operation for each chunk of rows under one import
//! record; each row or document has its own change set.
//!
//! Promises. Nothing passes that the operation would refuse by hand. `per_row` keeps the good rows and reports the bad
//! ones; `atomic` keeps all or none. Every refusal names file, row and column. `import.preview` does everything but keep it.
//!
//! Never. A value is never guessed: what separates cells and decimals is what the mapping says; no thousands separators, no
//! two-digit years, no silent cut. Historic documents come by operations of their own (`order.import`), under their own right.

mod chunks;
mod csv;
mod error;
mod field;
mod importer;
mod lines;
mod mapping;
mod operations;
mod records;
mod report;
mod resolve;
mod sieve;
mod source;
mod target;
#[cfg(test)]
mod tests;

pub use self::csv::{Table, decode_text, read};
pub use chunks::{chunks, latest_date};
pub use error::*;
pub use mapping::*;
pub use operations::*;
pub use records::*;

use crm_kernel::model::Area;
use crm_kernel::operation::OperationRow;
use crm_kernel::record::Record;

/// The area.
pub const AREA: Area = Area {
    name: "imports",
    kinds: &[ImportRun::def],
    operations: &[OperationRow::of::<Preview>(), OperationRow::of::<Run>(), OperationRow::of::<RunHistory>()],
    rules: &[],
    rights: &[],
};
