//! Fields and kinds made at run time (CFG-02, CFG-03).
//!
//! Words. A *custom field* stands on a declared kind or on a *custom kind*; both are the same descriptor as declared
//! ones and take the same path through every operation.
//!
//! Promises. Numbers of fields (from 1,000) and kinds (from 10,000) are never used again. A field is retired, never
//! taken away: what it holds stays readable and cannot be set any more. Names do not change; labels do.

mod build;
mod checks;
mod operations;

pub use build::definitions;
pub(super) use checks::{check_custom, fill_defaults};
pub use operations::*;

use crm_kernel::json::Json;
use crm_kernel::{Choice, Record};

/// A kind made at run time.
#[derive(Clone, Debug, Record)]
#[record(no = 44, managed)]
pub struct CustomKind {
    /// The name in operations and expressions.
    #[field(no = 1, text = 60, unique, title)]
    pub name: String,
    /// The stable number of the kind.
    #[field(no = 2, unique)]
    pub kind_no: i64,
    /// The label in English.
    #[field(no = 3)]
    pub label_en: String,
    /// The label in simplified Chinese.
    #[field(no = 4)]
    pub label_zh_cn: String,
    /// The label in traditional Chinese.
    #[field(no = 5)]
    pub label_zh_tw: String,
}

/// A field made at run time.
#[derive(Clone, Debug, Record)]
#[record(no = 45, managed, unique("kind", "name"))]
pub struct CustomField {
    /// The kind's name.
    #[field(no = 1, text = 60)]
    pub kind: String,
    /// The name in operations and expressions.
    #[field(no = 2, text = 60, title)]
    pub name: String,
    /// The stable number within the kind.
    #[field(no = 3)]
    pub field_no: i64,
    /// The type.
    #[field(no = 4)]
    pub field_type: CustomType,
    /// Longest text, in characters.
    #[field(no = 5)]
    pub longest: Option<i64>,
    /// Decimals of a number.
    #[field(no = 6)]
    pub decimals: Option<i64>,
    /// The list of a picklist field.
    #[field(no = 7, text = 60)]
    pub list: Option<String>,
    /// The kind that a reference refers to.
    #[field(no = 8, text = 60)]
    pub target: Option<String>,
    /// What the field is to the machinery.
    #[field(no = 9, default = "\"plain\"")]
    pub role: CustomRole,
    /// True where a record without it is refused.
    #[field(no = 10, default = "false")]
    pub required: bool,
    /// The value of new records that have none.
    #[field(no = 11)]
    pub default_value: Option<Json>,
    /// True where lists by this field are fast.
    #[field(no = 12, default = "false")]
    pub indexed: bool,
    /// True where no two records may have the same value.
    #[field(no = 13, default = "false")]
    pub is_unique: bool,
    /// True where summaries, such as those that approvers are shown, leave it out.
    #[field(no = 14, default = "false")]
    pub sensitive: bool,
    /// The label in English.
    #[field(no = 15)]
    pub label_en: String,
    /// The label in simplified Chinese.
    #[field(no = 16)]
    pub label_zh_cn: String,
    /// The label in traditional Chinese.
    #[field(no = 17)]
    pub label_zh_tw: String,
    /// True once it can no longer be set.
    #[field(no = 18, default = "false")]
    pub retired: bool,
    /// A condition that every record with this field has to fulfil; one that is unknown refuses nothing.
    #[field(no = 19, text = 1000)]
    pub check: Option<String>,
}

/// The type of a field made at run time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum CustomType {
    /// Text of one line, 255 characters where nothing else is said.
    Text,
    /// A note.
    LongText,
    /// Yes or no.
    Boolean,
    /// A whole number.
    Integer,
    /// A number with so many decimals.
    Decimal,
    /// An amount in the record's currency, else in the enterprise's.
    Money,
    /// Per cent.
    Percent,
    /// A date.
    Date,
    /// A point in time.
    Instant,
    /// A currency.
    Currency,
    /// A code of an option list.
    Picklist,
    /// A record of another kind.
    Reference,
}

/// What a field of a custom kind is to the machinery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum CustomRole {
    /// Nothing special.
    Plain,
    /// What people call the record.
    Title,
    /// Its business number, from a numbering rule.
    Number,
    /// The date that chooses its counter.
    BusinessDate,
    /// The employee whose record it is.
    Owner,
    /// The department that it belongs to.
    Department,
}

/// Labels in three languages.
#[derive(Clone, Debug, Record)]
#[record(name = "labels")]
pub struct Labels {
    /// In English.
    pub en: String,
    /// In simplified Chinese.
    pub zh_cn: String,
    /// In traditional Chinese.
    pub zh_tw: String,
}

/// Digits of a number, decimals among them.
const DIGITS: u8 = 18;
/// Decimals of a number where nothing else is said.
const DECIMALS: i64 = 2;

/// A default as the text that the codec reads.
fn default_text(value: &Json) -> String {
    value.as_text().map_or_else(|| value.to_string(), str::to_owned)
}
