//! What can go wrong, and which exit code says so.

use std::{
    fmt,
    path::{Path, PathBuf},
    process::ExitCode,
};

use lending_core::{
    end_of_day::EndOfDayError,
    store::{CodecError, StoreError},
};

/// Input that is refused: one line that names the file, the line in it and the reason.
///
/// All input is read and checked before anything is written, so the database is unchanged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputError {
    /// The file.
    pub file: PathBuf,
    /// The line in it, from 1, where one is to blame.
    pub line: Option<u64>,
    /// What was given and what is allowed.
    pub reason: String,
}

impl InputError {
    /// An error of a whole file.
    pub fn of_file(file: &Path, reason: impl fmt::Display) -> Self {
        Self {
            file: file.to_owned(),
            line: None,
            reason: one_line(&reason),
        }
    }

    /// An error at a place.
    pub fn at(place: &Place, reason: impl fmt::Display) -> Self {
        let line = Some(place.line);
        Self {
            line,
            ..Self::of_file(&place.file, reason)
        }
    }
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", self.reason)
    }
}

impl std::error::Error for InputError {}

fn one_line(reason: &impl fmt::Display) -> String {
    let text = reason.to_string();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A line of an input file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1.
    pub line: u64,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file.display(), self.line)
    }
}

/// Why a command ended without doing what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The input was refused; nothing was written.
    #[error(transparent)]
    Input(#[from] InputError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Something in the database cannot be read.
    #[error(transparent)]
    Codec(#[from] CodecError),
    /// The end of day stopped.
    #[error(transparent)]
    EndOfDay(#[from] EndOfDayError),
    /// Writing the report failed.
    #[error("cannot write: {0}")]
    Output(#[from] std::io::Error),
    /// Something refused what the checks of the input had let through, or the books do not agree.
    #[error("{0}")]
    Refused(String),
}

impl Failure {
    /// A refusal by one of the libraries, with what was being done.
    pub fn refused(doing: impl fmt::Display, error: impl fmt::Display) -> Self {
        Self::Refused(format!("{doing}: {error}"))
    }

    /// 2 for refused input, 1 for everything else.
    #[must_use]
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(if matches!(self, Self::Input(_)) { 2 } else { 1 })
    }
}
