//! What can go wrong at the storage port.

use alloc::{boxed::Box, string::String};
use core::fmt;

use chrono::NaiveDate;
use ledger::{Currency, EntryId, GlCode};
use serde::{Deserialize, Serialize};

use super::CodecError;
use crate::ids::{AccountId, AccountRef, IdempotencyKey, JobId, RecordId, RecordKind};

/// What a version belongs to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Subject {
    /// An account.
    Account(AccountId),
    /// A record.
    Record(Box<(RecordKind, RecordId)>),
    /// The checkpoint of a job.
    Checkpoint(Box<JobId>),
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account(id) => write!(f, "account {id}"),
            Self::Record(record) => write!(f, "{} {}", record.0, record.1),
            Self::Checkpoint(job) => write!(f, "checkpoint of {job}"),
        }
    }
}

/// A version for people: its number, or that there is none.
struct Shown(Option<u64>);

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(version) => write!(f, "version {version}"),
            None => f.write_str("nothing"),
        }
    }
}

/// What sort of trouble the database has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum BackendKind {
    /// Another writer holds it; try again later.
    Busy,
    /// No space is left.
    Full,
    /// It may be read and not written.
    ReadOnly,
    /// Its content is damaged, or is not a file of ours.
    Corrupt,
    /// It was written by a newer program, or the engine under it is too old.
    Unsupported,
    /// Reading or writing failed below the database.
    Io,
    /// Anything else.
    Other,
}

/// Why a store refused or failed. A refused or failed commit leaves nothing behind.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Someone else has written it in the meantime: read again, decide again, commit again.
    #[error("{subject} was expected at {}, found at {}", Shown(*.expected), Shown(*.found))]
    Stale {
        /// What was to be written or guarded.
        subject: Subject,
        /// The version the commit was decided on; none for "does not exist".
        expected: Option<u64>,
        /// The version in the store; none when it does not exist.
        found: Option<u64>,
    },
    /// The idempotency key was used by another request.
    #[error("idempotency key {key} was used by a request with another fingerprint")]
    KeyReused {
        /// The key.
        key: IdempotencyKey,
    },
    /// Another account has this reference.
    #[error("account reference {reference} belongs to another account")]
    ReferenceTaken {
        /// The reference.
        reference: AccountRef,
    },
    /// An account was to change its kind, reference or currency.
    #[error("account {account} cannot change its kind, its reference or its currency")]
    IdentityChanged {
        /// The account.
        account: AccountId,
    },
    /// An event, an entry or a message names an account that does not exist.
    #[error("account {account} does not exist")]
    UnknownAccount {
        /// The account named.
        account: AccountId,
    },
    /// The history has an event of this number.
    #[error("account {account} has an event {seq} already")]
    DuplicateEvent {
        /// The account.
        account: AccountId,
        /// The event's number.
        seq: u64,
    },
    /// The journal has an entry of this id.
    #[error("the journal has an entry {id} already")]
    DuplicateEntry {
        /// The entry.
        id: EntryId,
    },
    /// The commit contradicts itself, for example by writing one account twice.
    #[error("the commit is malformed: {reason}: {subject}")]
    Malformed {
        /// What is wrong.
        reason: &'static str,
        /// Where.
        subject: String,
    },
    /// An amount or a total is not a whole number of minor units within 64 bits.
    #[error(
        "the amount on GL account {gl} in {currency} is not a whole number of minor units within 64 bits"
    )]
    AmountRange {
        /// The GL account.
        gl: GlCode,
        /// The currency.
        currency: Currency,
    },
    /// A date is outside of what the store can keep.
    #[error("date {given} is out of range: years 1 to 9999 are allowed")]
    DateRange {
        /// What was given.
        given: NaiveDate,
    },
    /// Messages were acknowledged that were never given out.
    #[error("message {through} cannot be acknowledged: the last one written is {last}")]
    UnknownMessage {
        /// What was given.
        through: u64,
        /// The last message there is.
        last: u64,
    },
    /// A value that the port itself keeps (a checkpoint) cannot be read.
    #[error(transparent)]
    Codec(#[from] CodecError),
    /// The database failed.
    #[error("database failed ({kind:?}): {message}")]
    Backend {
        /// What sort of trouble.
        kind: BackendKind,
        /// What the database said.
        message: String,
        /// The database's own error.
        source: Option<Box<dyn core::error::Error + Send + Sync>>,
    },
}

impl StoreError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::Stale { .. } => 2201,
            Self::KeyReused { .. } => 2202,
            Self::ReferenceTaken { .. } => 2203,
            Self::UnknownAccount { .. } => 2204,
            Self::DuplicateEvent { .. } => 2205,
            Self::DuplicateEntry { .. } => 2206,
            Self::Malformed { .. } => 2207,
            Self::AmountRange { .. } => 2208,
            Self::DateRange { .. } => 2209,
            Self::UnknownMessage { .. } => 2210,
            Self::IdentityChanged { .. } => 2211,
            Self::Codec(error) => error.code(),
            Self::Backend { .. } => 2220,
        }
    }

    /// An accrual was to be posted by a plan that the account does not have.
    #[must_use]
    pub fn no_plan(account: AccountId) -> Self {
        Self::Malformed {
            reason: "an account without a plan is posted by plan",
            subject: alloc::string::ToString::to_string(&account),
        }
    }

    /// Whether the same intent may succeed when it is read, decided and committed again.
    ///
    /// After a stale version: at once, on what is stored now. After a busy database: later.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        matches!(
            self,
            Self::Stale { .. }
                | Self::Backend {
                    kind: BackendKind::Busy,
                    ..
                }
        )
    }

    /// The account whose part of the commit was refused, when it is one account's fault.
    #[must_use]
    pub const fn account(&self) -> Option<AccountId> {
        match self {
            Self::Stale {
                subject: Subject::Account(account),
                ..
            }
            | Self::UnknownAccount { account }
            | Self::IdentityChanged { account }
            | Self::DuplicateEvent { account, .. } => Some(*account),
            _ => None,
        }
    }
}
