//! Records: plain work on any kind, by descriptor.
//!
//! Words. A *record* is of a *kind*. `record.create`, `get`, `list`, `update`, `delete`, `restore`, `history`, `export`
//! and `describe` take the kind's name and work on kinds made at run time as on declared ones.
//!
//! Promises. Row rules hold on every path. Fields marked managed are set by their operations only; kinds marked managed
//! are made and changed by operations of their areas only. A save that changes nothing writes nothing.

mod csv;
mod describe;
mod export;
mod history;
mod list;
mod operations;

pub use csv::write_csv_record;
pub use describe::*;
pub use export::*;
pub use history::*;
pub(crate) use list::page;
pub use list::*;
pub use operations::*;

use crm_kernel::model::Area;
use crm_kernel::operation::OperationRow;

/// The area.
pub const AREA: Area = Area {
    name: "records",
    kinds: &[],
    operations: &[
        OperationRow::of::<Create>(),
        OperationRow::of::<Get>(),
        OperationRow::of::<List>(),
        OperationRow::of::<Count>(),
        OperationRow::of::<Update>(),
        OperationRow::of::<Delete>(),
        OperationRow::of::<Restore>(),
        OperationRow::of::<History>(),
        OperationRow::of::<Bin>(),
        OperationRow::of::<Export>(),
        OperationRow::of::<Describe>(),
        OperationRow::of::<Batch>(),
        OperationRow::of::<Info>(),
    ],
    rules: &[],
    rights: &[],
};
