//! Settings: what the enterprise decides about itself.
//!
//! Words. The *enterprise* is one record: base currency, zone, rounding policy. It is made by `enterprise.setup`, which
//! also makes the first department, an administrator position with every right and its holder.
//!
//! Never. A setting is never read from anywhere but a record: two processes on one database decide alike.

mod error;
mod operations;
mod records;

pub use error::*;
pub use operations::*;
pub use records::*;

use crm_kernel::model::Area;
use crm_kernel::operation::OperationRow;
use crm_kernel::record::Record;

/// Kinds whose records every call needs: zone and currency.
pub const PROFILE_KINDS: &[u32] = &[Enterprise::NO];

/// The area.
pub const AREA: Area = Area {
    name: "settings",
    kinds: &[Enterprise::def],
    operations: &[OperationRow::of::<Setup>()],
    rules: &[],
};
