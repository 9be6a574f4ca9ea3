//! The records of the analysis.

use crm_kernel::Record;
use crm_kernel::id::Ref;
use crm_kernel::json::Json;

/// A report kept for later: the request of `report.run` as data (ANA-15).
#[derive(Clone, Debug, Record)]
#[record(no = 480)]
pub struct SavedReport {
    /// A short code, unique.
    #[field(no = 1, text = 60, unique)]
    pub code: String,
    /// The name.
    #[field(no = 2, title)]
    pub name: String,
    /// The request of `report.run` without `report`.
    #[field(no = 3)]
    pub definition: Json,
    /// Whose report it is.
    #[field(no = 4, owner)]
    pub owner: Option<Ref<crate::org::Employee>>,
}
