//! The one map from SQLite's faults to the engine's codes.

use crm_kernel::error::{Code, Error, Result};
use rusqlite::ErrorCode;

/// Turns a driver's result into the engine's. Constraint violations are told apart where the row is known.
pub(super) trait Mapped<T> {
    /// The engine's error in the place of the driver's.
    fn mapped(self) -> Result<T>;
}

impl<T> Mapped<T> for rusqlite::Result<T> {
    fn mapped(self) -> Result<T> {
        self.map_err(error)
    }
}

/// The engine's error for a fault of SQLite.
pub(super) fn error(fault: rusqlite::Error) -> Error {
    use rusqlite::Error as Fault;
    match &fault {
        Fault::SqliteFailure(code, message) => {
            let what = message.clone().unwrap_or_else(|| code.to_string());
            of_code(code.code).error().with("what", what)
        }
        // A column that holds another sort of value than the schema says: STRICT tables do not let that happen.
        Fault::InvalidColumnType(..) | Fault::FromSqlConversionFailure(..) | Fault::Utf8Error(..) => {
            Code::CORRUPT.error().with("what", fault.to_string())
        }
        Fault::InvalidPath(_) | Fault::NulError(_) => {
            Code::IO.error().with("what", "the path cannot be used")
        }
        _ => Error::internal(fault.to_string()),
    }
}

fn of_code(code: ErrorCode) -> Code {
    match code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Code::BUSY,
        ErrorCode::DiskFull => Code::FULL,
        ErrorCode::ReadOnly => Code::READ_ONLY_STORE,
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Code::CORRUPT,
        ErrorCode::OperationInterrupted => Code::INTERRUPTED,
        ErrorCode::SystemIoFailure
        | ErrorCode::CannotOpen
        | ErrorCode::PermissionDenied
        | ErrorCode::OperationAborted
        | ErrorCode::FileLockingProtocolFailed
        | ErrorCode::NoLargeFileSupport
        | ErrorCode::OutOfMemory => Code::IO,
        _ => Code::INTERNAL,
    }
}

/// What a write ran into, as far as SQLite tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Constraint {
    /// A unique index.
    Unique,
    /// The id, or the line's number, exists.
    Key,
    /// A foreign key; SQLite does not say which.
    Reference,
    /// A column that must not be null.
    NotNull,
}

/// The constraint that a fault names, `None` for any other fault.
pub(super) fn constraint(fault: &rusqlite::Error) -> Option<Constraint> {
    use rusqlite::ffi;
    match fault {
        rusqlite::Error::SqliteFailure(code, _) => match code.extended_code {
            ffi::SQLITE_CONSTRAINT_UNIQUE => Some(Constraint::Unique),
            ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => Some(Constraint::Key),
            ffi::SQLITE_CONSTRAINT_FOREIGNKEY => Some(Constraint::Reference),
            ffi::SQLITE_CONSTRAINT_NOTNULL => Some(Constraint::NotNull),
            _ => None,
        },
        _ => None,
    }
}
