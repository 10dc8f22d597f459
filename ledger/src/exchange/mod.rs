//! Charts and journals in and out: CSV, and text for hledger, ledger-cli and beancount.
//!
//! JSON needs nothing from here: [`ChartOfAccounts`](crate::ChartOfAccounts) and
//! [`JournalEntry`](crate::JournalEntry) are `serde` types that check themselves when read.
//!
//! ```
//! use ledger::{chart::ready, exchange};
//! let chart = ready::microfinance_lender();
//! let csv = exchange::chart_to_csv(&chart);
//! assert_eq!(exchange::chart_from_csv(&csv)?, chart);
//! # Ok::<(), ledger::exchange::ImportError>(())
//! ```

mod chart_csv;
mod csv;
mod entry_csv;
mod plain_text;

use alloc::string::String;

pub use chart_csv::{chart_from_csv, chart_to_csv};
pub use entry_csv::{entries_from_csv, entries_to_csv};
pub use plain_text::{PlainText, journal_to_text};

use crate::{ChartError, EntryError, EntryId};

/// Why an import was refused. Nothing of the text is taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// A column that is not known, stands twice or is missing.
    #[error(
        "CSV header: {given:?} is not allowed; columns are {allowed}, of which {required} are needed"
    )]
    Header {
        /// What was given.
        given: String,
        /// All columns.
        allowed: String,
        /// The columns that must be there.
        required: String,
    },
    /// A row that does not fit its table.
    #[error("CSV line {line}: {allowed} is needed")]
    Row {
        /// The line, counted from one.
        line: u64,
        /// What is needed.
        allowed: &'static str,
    },
    /// A field that cannot be read.
    #[error("CSV line {line}, {column}: {given:?} is not allowed: {allowed}")]
    Field {
        /// The line, counted from one.
        line: u64,
        /// The column.
        column: &'static str,
        /// What was given.
        given: String,
        /// What is allowed.
        allowed: String,
    },
    /// The rows of one entry say different things about it.
    #[error("CSV line {line}: entry {entry} has another {column} here than on its first line")]
    Inconsistent {
        /// The line, counted from one.
        line: u64,
        /// The entry.
        entry: EntryId,
        /// The column.
        column: &'static str,
    },
    /// The rows of an entry are not next to each other.
    #[error("CSV line {line}: entry {entry} was complete before; its rows must stand together")]
    Scattered {
        /// The line, counted from one.
        line: u64,
        /// The entry.
        entry: EntryId,
    },
    /// The accounts do not make a chart.
    #[error(transparent)]
    Chart(#[from] ChartError),
    /// The rows do not make an entry.
    #[error(transparent)]
    Entry(#[from] EntryError),
}

impl ImportError {
    const fn row(line: u64, allowed: &'static str) -> Self {
        Self::Row { line, allowed }
    }

    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::Header { .. } => 1901,
            Self::Row { .. } => 1902,
            Self::Field { .. } => 1903,
            Self::Inconsistent { .. } => 1904,
            Self::Scattered { .. } => 1905,
            Self::Chart(error) => error.code(),
            Self::Entry(error) => error.code(),
        }
    }
}
