//! Why an end of day stopped.

use chrono::NaiveDate;

use crate::{
    ids::JobId,
    store::{CodecError, StoreError},
};

/// Why an end of day was refused or stopped. What landed before stays; the next run goes on there.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EndOfDayError {
    /// The store failed or refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The job's progress cannot be read.
    #[error(transparent)]
    Codec(#[from] CodecError),
    /// A later date was run before.
    #[error("business date {given} lies before {last}, which was run already")]
    DateBackwards {
        /// The date given.
        given: NaiveDate,
        /// The last date run.
        last: NaiveDate,
    },
    /// An earlier date is not finished: finish it first.
    #[error("business date {unfinished} is not finished: finish it before {given}")]
    Unfinished {
        /// The date given.
        given: NaiveDate,
        /// The date to finish.
        unfinished: NaiveDate,
    },
    /// Another driver works on the same job; it goes on, this one has written nothing more.
    #[error("another driver works on job {job}")]
    Concurrent {
        /// The job.
        job: JobId,
    },
    /// A page was committed out of order, or with another number of decisions than accounts.
    #[error(
        "page {given} with {decisions} decisions for {accounts} accounts cannot be committed: \
         page {expected} is next, with a decision for each account"
    )]
    Page {
        /// The page given.
        given: u32,
        /// The page that is next.
        expected: u32,
        /// The accounts of the page.
        accounts: usize,
        /// The decisions given.
        decisions: usize,
    },
    /// More pages or entries than the ids made by the job can number.
    #[error("the day has more than {most} {what}: use larger pages")]
    TooMany {
        /// What there are too many of.
        what: &'static str,
        /// The most that can be numbered.
        most: u32,
    },
}

impl EndOfDayError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::Store(error) => error.code(),
            Self::Codec(error) => error.code(),
            Self::DateBackwards { .. } => 2301,
            Self::Unfinished { .. } => 2302,
            Self::Concurrent { .. } => 2303,
            Self::Page { .. } => 2304,
            Self::TooMany { .. } => 2305,
        }
    }
}
