//! The records of the import.

use crm_kernel::Record;
use crm_kernel::date::Instant;
use crm_kernel::id::Ref;

/// An import: what came, what was kept, what was refused (SYS-04).
#[derive(Clone, Debug, Record)]
#[record(no = 500, managed)]
pub struct ImportRun {
    /// The name of the mapping.
    #[field(no = 1, title)]
    pub name: String,
    /// When it began.
    #[field(no = 2)]
    pub started: Instant,
    /// By whom.
    #[field(no = 3, owner)]
    pub owner: Option<Ref<crate::org::Employee>>,
    /// Rows or documents seen.
    #[field(no = 4)]
    pub seen: i64,
    /// Records made.
    #[field(no = 5)]
    pub created: i64,
    /// Records changed.
    #[field(no = 6)]
    pub updated: i64,
    /// Rows left out by the mapping, or without a difference.
    #[field(no = 7)]
    pub skipped: i64,
    /// Rows refused.
    #[field(no = 8)]
    pub rejected: i64,
    /// True where it brought historic documents.
    #[field(no = 9)]
    pub history: bool,
}
