//! Mappings: what a file is, as data.

use crm_kernel::catalogue::{RESERVED, is_name};
use crm_kernel::json::Json;
use crm_kernel::{Choice, Record};

/// How the rows of a file become records of a kind, or requests of an operation.
#[derive(Clone, Debug, Record)]
#[record(name = "import_mapping")]
pub struct Mapping {
    /// A name for reports and the change log.
    pub name: String,
    /// The file.
    pub file: String,
    /// What stands between the cells of the file.
    #[field(default = "\"comma\"")]
    pub separator: Separator,
    /// What stands before the decimals of its numbers.
    #[field(default = "\"point\"")]
    pub decimal: DecimalMark,
    /// The kind of record that a row is; found again by `key`, else made. Either this or `operation`.
    #[field(text = 60)]
    pub kind: Option<String>,
    /// The operation that a row is a request of.
    #[field(text = 60)]
    pub operation: Option<String>,
    /// The field that names a record of the kind.
    #[field(text = 60, default = "\"external_key\"")]
    pub key: String,
    /// What is done with records that exist.
    #[field(default = "\"both\"")]
    pub mode: Mode,
    /// Types, names and formats of columns; a column not listed is text under its own name in snake case.
    pub columns: Vec<Column>,
    /// Rows for which this condition holds are left out and counted.
    #[field(text = 8192)]
    pub skip: Option<String>,
    /// Rows for which a condition holds are refused with its reason.
    pub reject: Vec<Reject>,
    /// The order in which rows are taken, by expressions over the columns; as in the file where there is none.
    pub order: Vec<String>,
    /// Rows with the same value belong to one document; its fields are read from the first of them.
    #[field(text = 8192)]
    pub group: Option<String>,
    /// The fields.
    pub fields: Vec<FieldMap>,
    /// Lines of a document.
    pub lines: Option<LineMap>,
    /// Operations that follow on each row, in order; `id` is what the row's operation answered.
    pub then: Vec<Follow>,
}

/// What stands between the cells of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum Separator {
    /// A comma.
    Comma,
    /// A semicolon.
    Semicolon,
    /// A tab.
    Tab,
}

impl Separator {
    /// All of them.
    pub const ALL: [Separator; 3] = [Separator::Comma, Separator::Semicolon, Separator::Tab];

    /// The character.
    pub fn char(self) -> char {
        match self {
            Separator::Comma => ',',
            Separator::Semicolon => ';',
            Separator::Tab => '\t',
        }
    }
}

/// What stands before the decimals of a number. Nothing else stands between digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum DecimalMark {
    /// A point: `1234.56`.
    Point,
    /// A comma: `1234,56`.
    Comma,
}

/// What is done with records that exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum Mode {
    /// New records only; an existing one is refused.
    Create,
    /// Existing records only; a new one is refused.
    Update,
    /// Both.
    Both,
}

/// A column.
#[derive(Clone, Debug, Record)]
#[record(name = "import_column")]
pub struct Column {
    /// Its name in the header.
    pub column: String,
    /// Its name in expressions; where there is none the header's in snake case, or `column_3`, by place, where that is no
    /// name for a column: `id` and `row` have a meaning of their own, others do not begin with a letter.
    #[field(text = 60)]
    pub name: Option<String>,
    /// Its type.
    #[field(default = "\"text\"")]
    pub r#type: ColumnType,
    /// How a date is written, by the usual `%` letters; ISO 8601 where there is none. The year has four digits (`%Y`). A
    /// date may be cut from a date with time.
    #[field(text = 60)]
    pub format: Option<String>,
    /// True where blanks at the ends do not belong to the value.
    #[field(default = "false")]
    pub trim: bool,
}

/// Types of columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum ColumnType {
    /// Text as it stands.
    Text,
    /// A whole number.
    Integer,
    /// A decimal of up to 12 digits before and 6 behind the point, or the comma where the mapping says so.
    Decimal,
    /// A date.
    Date,
    /// `true` or `false`.
    Boolean,
}

/// A reason to refuse a row.
#[derive(Clone, Debug, Record)]
#[record(name = "import_reject")]
pub struct Reject {
    /// The condition.
    #[field(text = 8192)]
    pub when: String,
    /// What the report says.
    pub reason: String,
}

/// How a field is filled.
#[derive(Clone, Debug, Record)]
#[record(name = "import_field")]
pub struct FieldMap {
    /// The field of the kind or request; `/` names a field inside another (`address/city`).
    pub field: String,
    /// An expression over the columns; `row` is the number of the row within its document, from 1.
    #[field(text = 8192)]
    pub value: Option<String>,
    /// A fixed value.
    pub constant: Option<Json>,
    /// From the file's value to the field's: an object of texts. A value that is not listed is refused.
    pub map: Option<Json>,
    /// The value is the key of another record.
    pub reference: Option<Reference>,
    /// An option that the picklist does not have yet is added to it.
    #[field(default = "false")]
    pub add_option: bool,
}

/// A record named by a key.
#[derive(Clone, Debug, Record)]
#[record(name = "import_reference")]
pub struct Reference {
    /// Its kind.
    #[field(text = 60)]
    pub kind: String,
    /// The field that holds the key.
    #[field(text = 60, default = "\"external_key\"")]
    pub by: String,
}

/// Lines of a document.
#[derive(Clone, Debug, Record)]
#[record(name = "import_lines")]
pub struct LineMap {
    /// The field that holds them.
    #[field(text = 60, default = "\"lines\"")]
    pub field: String,
    /// The file; the document's own where there is none (then `group` joins the rows).
    pub file: Option<String>,
    /// What stands between the cells of that file; as in the document's where nothing is said.
    pub separator: Option<Separator>,
    /// What stands before the decimals of its numbers; as in the document's where nothing is said.
    pub decimal: Option<DecimalMark>,
    /// In the document's file: the value that lines name.
    #[field(text = 8192)]
    pub document: Option<String>,
    /// In the lines' file: the value of their document.
    #[field(text = 8192)]
    pub of: Option<String>,
    /// The order of lines, by expressions over their columns; as in the file where there is none.
    pub order: Vec<String>,
    /// Types, names and formats of the lines' columns.
    pub columns: Vec<Column>,
    /// Lines for which this condition holds are left out and counted.
    #[field(text = 8192)]
    pub skip: Option<String>,
    /// Lines for which a condition holds are refused with its reason; the document keeps the others.
    pub reject: Vec<Reject>,
    /// The fields.
    pub fields: Vec<FieldMap>,
}

/// An operation that follows on a row.
#[derive(Clone, Debug, Record)]
#[record(name = "import_follow")]
pub struct Follow {
    /// Only where this condition over the row's columns holds.
    #[field(text = 8192)]
    pub when: Option<String>,
    /// The operation.
    #[field(text = 60)]
    pub operation: String,
    /// Its request; `id_text` in expressions is the id of the record that the row became.
    pub fields: Vec<FieldMap>,
}

/// How a file of a mapping is written, and where the mapping says so.
pub(super) struct Written<'a> {
    pub(super) file: &'a str,
    pub(super) separator: Separator,
    pub(super) decimal: DecimalMark,
    pub(super) columns: &'a [Column],
    pub(super) path: &'static str,
}

impl Mapping {
    /// How the file is written.
    pub(super) fn written(&self) -> Written<'_> {
        let Mapping { file, separator, decimal, columns, .. } = self;
        Written { file, separator: *separator, decimal: *decimal, columns, path: "/mapping" }
    }

    /// How the file of the lines is written; none where they stand in the document's own.
    pub(super) fn lines_written(&self) -> Option<Written<'_>> {
        let LineMap { file, separator, decimal, columns, .. } = self.lines.as_ref()?;
        Some(Written {
            file: file.as_deref()?,
            separator: separator.unwrap_or(self.separator),
            decimal: decimal.unwrap_or(self.decimal),
            columns,
            path: "/mapping/lines",
        })
    }
}

/// Names that mean something else in the expressions of a mapping.
const TAKEN: &[&str] = &["row", "id_text", "true", "false", "null", "in"];

/// The name of a column without one: its header in snake case. `CustomerID` is `customer_id`, `priceEach` is
/// `price_each`. A header that comes to no name for a column (in another script, `ID`, `2025`) becomes `column_3`, by
/// place, and is better given a name.
pub fn column_name(header: &str, place: usize) -> String {
    snake(header).filter(|name| may_name_column(name)).unwrap_or_else(|| format!("column_{place}"))
}

/// True where a column may be called so.
pub(super) fn may_name_column(name: &str) -> bool {
    is_name(name) && !RESERVED.contains(&name) && !TAKEN.contains(&name)
}

/// A header in snake case; none for other scripts.
fn snake(header: &str) -> Option<String> {
    let chars: Vec<char> = header.trim().chars().collect();
    let mut out = String::new();
    for (at, c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| chars.get(at)).copied();
        let after = chars.get(at + 1).copied();
        if c.is_ascii_alphanumeric() {
            let lower_before = before.is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
            let word_ends = before.is_some_and(|c| c.is_ascii_uppercase())
                && after.is_some_and(|c| c.is_ascii_lowercase());
            if c.is_ascii_uppercase() && (lower_before || word_ends) && !out.ends_with('_') {
                out.push('_');
            }
            out.push(c.to_ascii_lowercase());
        } else if !c.is_ascii() {
            return None;
        } else if !out.is_empty() && !out.ends_with('_') {
            out.push('_');
        }
    }
    Some(out.trim_end_matches('_').to_owned())
}
