//! Refusals of the import.

use crm_kernel::error::{Class, Code};

/// A file is not UTF-8.
pub const ENCODING: Code = Code::new("import.encoding", Class::Invalid);
/// The header of a file shows that another separator stands between its cells than the mapping says.
pub const SEPARATOR: Code = Code::new("import.separator", Class::Invalid);
/// A quote that is not closed, or text behind a closing quote.
pub const QUOTING: Code = Code::new("import.quoting", Class::Invalid);
/// A row has more or fewer cells than the header.
pub const WIDTH: Code = Code::new("import.width", Class::Invalid);
/// A file that the mapping names was not given.
pub const MISSING_FILE: Code = Code::new("import.missing_file", Class::Invalid);
/// A column that the mapping names is not in the file, or two columns have one name.
pub const MISSING_COLUMN: Code = Code::new("import.missing_column", Class::Invalid);
/// The mapping contradicts itself or names what does not exist.
pub const BAD_MAPPING: Code = Code::new("import.mapping", Class::Invalid);
/// The file has two rows with one key.
pub const DUPLICATE_KEY: Code = Code::new("import.duplicate_key", Class::Conflict);
/// A reference names a key that no record has.
pub const UNKNOWN_REFERENCE: Code = Code::new("import.unknown_reference", Class::Invalid);
/// A line names a document that the file does not have.
pub const NO_DOCUMENT: Code = Code::new("import.no_document", Class::Invalid);
/// A value map has no entry for the value.
pub const UNMAPPED: Code = Code::new("import.unmapped_value", Class::Invalid);
/// The mapping rejects the row, with its reason.
pub const REJECTED: Code = Code::new("import.rejected", Class::Invalid);
/// Rows were refused in an import that takes all or none; they are listed.
pub const REFUSED: Code = Code::new("import.refused", Class::Invalid);

/// Refusals of all import operations.
pub(super) const ALL: &[Code] = &[
    ENCODING,
    SEPARATOR,
    QUOTING,
    WIDTH,
    MISSING_FILE,
    MISSING_COLUMN,
    BAD_MAPPING,
    DUPLICATE_KEY,
    UNKNOWN_REFERENCE,
    NO_DOCUMENT,
    UNMAPPED,
    REJECTED,
    REFUSED,
    Code::HISTORY_ONLY,
];
