//! Why a command on a loan was refused.

use alloc::{boxed::Box, string::String};

use chrono::NaiveDate;
use ledger::{EntryError, posting_rules::PostingRuleError};
use rust_decimal::Decimal;

use super::{Status, TransactionId};
use crate::{ids::ActorId, schedule::ScheduleError};

/// A refusal. The account is unchanged.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum LoanError {
    /// The command is not allowed in the account's status.
    #[error("{command} is not allowed while the loan is {status}: allowed while {allowed}")]
    WrongStatus {
        /// What was asked.
        command: &'static str,
        /// The status the account is in.
        status: Status,
        /// The statuses in which it is allowed.
        allowed: &'static str,
    },
    /// An amount that must be positive was not.
    #[error("{field} {given} is not allowed: it must be above zero")]
    NotPositive {
        /// Which amount.
        field: &'static str,
        /// What was given.
        given: Decimal,
    },
    /// An amount has more decimals than the currency.
    #[error("{field} {given} has more decimals than the currency: at most {allowed} are allowed")]
    NotWholeMinor {
        /// Which amount.
        field: &'static str,
        /// What was given.
        given: Decimal,
        /// How many decimals are allowed.
        allowed: u8,
    },
    /// An amount is above what is allowed.
    #[error("{field} {given} is above the allowed {allowed}")]
    AboveLimit {
        /// Which amount.
        field: &'static str,
        /// What was given.
        given: Decimal,
        /// The largest amount allowed.
        allowed: Decimal,
    },
    /// A date lies before the first date allowed.
    #[error("{field} {given} is before {allowed}, the first date allowed")]
    TooEarly {
        /// Which date.
        field: &'static str,
        /// What was given.
        given: NaiveDate,
        /// The first date allowed.
        allowed: NaiveDate,
    },
    /// A date lies after the last date allowed.
    #[error("{field} {given} is after {allowed}, the last date allowed")]
    TooLate {
        /// Which date.
        field: &'static str,
        /// What was given.
        given: NaiveDate,
        /// The last date allowed.
        allowed: NaiveDate,
    },
    /// The parts of a custom allocation do not sum to the amount paid.
    #[error("the allocation sums to {given}, but the amount paid is {allowed}")]
    AllocationSum {
        /// The sum of the parts.
        given: Decimal,
        /// The amount paid.
        allowed: Decimal,
    },
    /// No transaction with that id is in the history.
    #[error("transaction {given} is not in the history of this loan")]
    UnknownTransaction {
        /// What was given.
        given: TransactionId,
    },
    /// A transaction with that id exists already.
    #[error("transaction {given} exists already: every transaction needs an id of its own")]
    DuplicateTransaction {
        /// What was given.
        given: TransactionId,
    },
    /// The transaction is reversed already, or is of a kind that cannot be reversed this way.
    #[error("transaction {given} cannot be reversed: {reason}")]
    NotReversible {
        /// What was given.
        given: TransactionId,
        /// Why not.
        reason: &'static str,
    },
    /// The command lands in the past and needs the account's history, which was not supplied.
    #[error("the history from {from} is needed: load it and call again")]
    HistoryNeeded {
        /// The value date from which transactions are replayed.
        from: NaiveDate,
    },
    /// The terms contradict themselves.
    #[error("terms refused: {field} is {given}, allowed is {allowed}")]
    Terms {
        /// Which setting.
        field: &'static str,
        /// What was given.
        given: String,
        /// What is allowed.
        allowed: &'static str,
    },
    /// The two-man rule: who acts is who acted before.
    #[error("{command} by {given} is not allowed: somebody else must do it")]
    SameActor {
        /// What was asked.
        command: &'static str,
        /// Who asked.
        given: ActorId,
    },
    /// The two-man rule needs to know who acts, and who acted before.
    #[error("{command} needs the actor, and that of the step before: the two-man rule applies")]
    ActorNeeded {
        /// What was asked.
        command: &'static str,
    },
    /// Less stands behind the loan than the contract asks for.
    #[error("{what} of {given} do not cover the loan: {needed} are needed")]
    NotCovered {
        /// What is missing.
        what: &'static str,
        /// What was given.
        given: Decimal,
        /// What is needed.
        needed: Decimal,
    },
    /// The loan is not in arrears for long enough.
    #[error("{command} after {given} days in arrears is not allowed: {needed} are needed")]
    ArrearsNeeded {
        /// What was asked.
        command: &'static str,
        /// Days in arrears, beyond the tolerated ones.
        given: u32,
        /// How many the contract asks for.
        needed: u32,
    },
    /// The schedule could not be made.
    #[error(transparent)]
    Schedule(Box<ScheduleError>),
    /// A general-ledger account is missing in the accounting rules.
    #[error(transparent)]
    PostingRule(Box<PostingRuleError>),
    /// A journal entry was refused.
    #[error(transparent)]
    Entry(Box<EntryError>),
    /// The owner of a loan cannot change so.
    #[error("{command} is allowed only {allowed}")]
    Ownership {
        /// What was asked.
        command: &'static str,
        /// When it is allowed.
        allowed: &'static str,
    },
    /// A result does not fit 28 significant digits.
    #[error("the result of {operation} on {left} and {right} does not fit 28 significant digits")]
    Overflow {
        /// What was tried.
        operation: &'static str,
        /// Left operand.
        left: Decimal,
        /// Right operand.
        right: Decimal,
    },
    /// A date outside the calendar was reached.
    #[error("a date after {after} outside the calendar was reached")]
    DateOverflow {
        /// The date the calculation started from.
        after: NaiveDate,
    },
}

// Boxed: results of the hot path stay small.
impl From<ScheduleError> for LoanError {
    fn from(error: ScheduleError) -> Self {
        Self::Schedule(Box::new(error))
    }
}

impl From<PostingRuleError> for LoanError {
    fn from(error: PostingRuleError) -> Self {
        Self::PostingRule(Box::new(error))
    }
}

impl From<EntryError> for LoanError {
    fn from(error: EntryError) -> Self {
        Self::Entry(Box::new(error))
    }
}

impl LoanError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::WrongStatus { .. } => 3001,
            Self::NotPositive { .. } => 3002,
            Self::NotWholeMinor { .. } => 3003,
            Self::AboveLimit { .. } => 3004,
            Self::TooEarly { .. } => 3005,
            Self::TooLate { .. } => 3006,
            Self::AllocationSum { .. } => 3007,
            Self::UnknownTransaction { .. } => 3008,
            Self::DuplicateTransaction { .. } => 3009,
            Self::NotReversible { .. } => 3010,
            Self::HistoryNeeded { .. } => 3011,
            Self::Terms { .. } => 3012,
            Self::Schedule(_) => 3013,
            Self::PostingRule(_) => 3014,
            Self::Entry(_) => 3015,
            Self::SameActor { .. } => 3031,
            Self::ActorNeeded { .. } => 3032,
            Self::NotCovered { .. } => 3033,
            Self::Ownership { .. } => 3034,
            Self::ArrearsNeeded { .. } => 3035,
            Self::Overflow { .. } => 3016,
            Self::DateOverflow { .. } => 3017,
        }
    }

    /// Whether the same call may succeed once the caller has supplied the history.
    #[must_use]
    pub const fn needs_history(&self) -> bool {
        matches!(self, Self::HistoryNeeded { .. })
    }
}
