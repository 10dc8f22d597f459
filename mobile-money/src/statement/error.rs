//! Why a statement could not be read.

use alloc::string::String;

/// Why a statement could not be read. Nothing of it is used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StatementError {
    /// Not UTF-8.
    #[error("the statement is not UTF-8 text (first wrong byte at {at})")]
    NotUtf8 {
        /// Position of the first wrong byte.
        at: usize,
    },
    /// No row has the columns that the layout needs.
    #[error("no heading row with the columns {needed}: a statement of layout {layout:?} has one")]
    NoHeading {
        /// The layout.
        layout: String,
        /// The columns.
        needed: String,
    },
    /// No built-in layout fits.
    #[error("no built-in layout fits the file: describe its columns in a layout")]
    UnknownLayout,
    /// A field cannot be read.
    #[error("line {line}, column {column:?}: {given:?} is not {allowed}")]
    Field {
        /// Line of the file, from 1.
        line: usize,
        /// The column.
        column: String,
        /// What it holds.
        given: String,
        /// What is allowed.
        allowed: &'static str,
    },
}

impl StatementError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::NotUtf8 { .. } => 6501,
            Self::NoHeading { .. } => 6502,
            Self::UnknownLayout => 6503,
            Self::Field { .. } => 6504,
        }
    }
}
