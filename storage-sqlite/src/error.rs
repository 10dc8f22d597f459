//! SQLite's errors in the words of the port.

use lending_core::store::{BackendKind, StoreError};
use rusqlite::{Error, ErrorCode};

/// The sort of trouble behind an error of SQLite.
fn kind_of(error: &Error) -> BackendKind {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => BackendKind::Busy,
        Some(ErrorCode::DiskFull) => BackendKind::Full,
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => BackendKind::ReadOnly,
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => BackendKind::Corrupt,
        Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen) => BackendKind::Io,
        _ => BackendKind::Other,
    }
}

/// An error of SQLite as the port shows it.
pub(crate) fn backend(error: Error) -> StoreError {
    StoreError::Backend {
        kind: kind_of(&error),
        message: error.to_string(),
        source: Some(Box::new(error)),
    }
}

/// Trouble that SQLite itself has not noticed.
pub(crate) fn trouble(kind: BackendKind, message: impl Into<String>) -> StoreError {
    StoreError::Backend {
        kind,
        message: message.into(),
        source: None,
    }
}

/// Content that cannot have been written by this program.
pub(crate) fn corrupt(message: impl Into<String>) -> StoreError {
    trouble(BackendKind::Corrupt, message)
}

/// Whether a unique key refused the row.
pub(crate) fn is_unique(error: &Error) -> bool {
    let extended = error.sqlite_error().map(|error| error.extended_code);
    extended == Some(rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE)
        || extended == Some(rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY)
}

/// Whether a sum left the range of 64 bits and a STRICT column refused the inexact result.
pub(crate) fn is_overflow(error: &Error) -> bool {
    let extended = error.sqlite_error().map(|error| error.extended_code);
    extended == Some(rusqlite::ffi::SQLITE_CONSTRAINT_DATATYPE)
}
