//! Why a command on a line of credit was refused.

use alloc::{boxed::Box, string::String, vec::Vec};
use core::fmt;

use chrono::NaiveDate;
use ledger::{EntryError, posting_rules::PostingRuleError};
use rust_decimal::Decimal;

use super::Status;
use crate::{
    dates::DateError,
    loan::{Code, LoanError, TransactionId},
    schedule::ScheduleError,
};

/// One setting of a contract that is not allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermsViolation {
    /// Its stable number; see [`CreditLineTerms::validate`](super::CreditLineTerms::validate).
    pub code: u16,
    /// Which setting.
    pub field: &'static str,
    /// What was given.
    pub given: String,
    /// What is allowed.
    pub allowed: &'static str,
}

impl fmt::Display for TermsViolation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            field,
            given,
            allowed,
            ..
        } = self;
        write!(f, "{field} is {given}, allowed is {allowed}")
    }
}

/// Everything that is wrong with a contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermsViolations(pub(super) Vec<TermsViolation>);

impl TermsViolations {
    /// What is wrong, in the order of the contract's fields; at least one.
    #[must_use]
    pub fn all(&self) -> &[TermsViolation] {
        &self.0
    }
}

impl fmt::Display for TermsViolations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, violation) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str("; ")?;
            }
            violation.fmt(f)?;
        }
        Ok(())
    }
}

/// A refusal. The account is unchanged.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RevolvingError {
    /// The command is not allowed in the account's status.
    #[error("{command} is not allowed while the line is {status}: allowed while {allowed}")]
    WrongStatus {
        /// What was asked.
        command: &'static str,
        /// The status the account is in.
        status: Status,
        /// The statuses in which it is allowed.
        allowed: &'static str,
    },
    /// The terms contradict themselves.
    #[error("terms refused: {0}")]
    Terms(TermsViolations),
    /// A draw, or a hold, is above what is available.
    #[error("{given} is above what is available: {available} of a limit of {limit}")]
    AboveAvailable {
        /// What is asked for, added fees included.
        given: Decimal,
        /// What is available.
        available: Decimal,
        /// The limit in force.
        limit: Decimal,
    },
    /// The limit is frozen.
    #[error("{command} is not allowed while the limit is frozen: unfreeze it first")]
    Frozen {
        /// What was asked.
        command: &'static str,
    },
    /// The account is already in the state asked for, or not in the state to be left.
    #[error("{command} is not allowed: {reason}")]
    NothingToDo {
        /// What was asked.
        command: &'static str,
        /// Why not.
        reason: &'static str,
    },
    /// A fee without an amount is not in the contract, or one with an amount is.
    #[error("fee {name} is not allowed: {allowed}")]
    Fee {
        /// Its name.
        name: Code,
        /// What is allowed.
        allowed: &'static str,
    },
    /// A draw takes up a hold that does not exist.
    #[error("hold {given} is not among the pending holds of this line")]
    UnknownHold {
        /// What was given.
        given: TransactionId,
    },
    /// The account cannot be closed: something is owed, or a credit balance is left.
    #[error("the line cannot be closed: {owed} are owed, the credit balance is {credit}")]
    NotSettled {
        /// What is owed, interest to the day included.
        owed: Decimal,
        /// The credit balance.
        credit: Decimal,
    },
    /// The booking date lies in a business day that is closed, or behind a statement.
    #[error("booking date {given} is not after {closed}, the last day closed")]
    BookedTooEarly {
        /// What was given.
        given: NaiveDate,
        /// The last business day closed, or the date of the last statement.
        closed: NaiveDate,
    },
    /// A draw is below the least amount of the contract.
    #[error("draw {given} is below {allowed}, the least that may be drawn at once")]
    DrawTooSmall {
        /// What was given.
        given: Decimal,
        /// The least amount allowed.
        allowed: Decimal,
    },
    /// An amount cannot be kept in a header.
    #[error("{given} cannot be kept: whole minor units within 64 bits can")]
    Amount {
        /// The amount.
        given: Decimal,
    },
    /// A refusal that loans have as well: amounts, dates, history, figures that do not fit.
    #[error(transparent)]
    Common(Box<LoanError>),
}

impl From<LoanError> for RevolvingError {
    fn from(error: LoanError) -> Self {
        Self::Common(Box::new(error))
    }
}

impl From<ScheduleError> for RevolvingError {
    fn from(error: ScheduleError) -> Self {
        LoanError::from(error).into()
    }
}

impl From<DateError> for RevolvingError {
    fn from(error: DateError) -> Self {
        ScheduleError::from(error).into()
    }
}

impl From<PostingRuleError> for RevolvingError {
    fn from(error: PostingRuleError) -> Self {
        LoanError::from(error).into()
    }
}

impl From<EntryError> for RevolvingError {
    fn from(error: EntryError) -> Self {
        LoanError::from(error).into()
    }
}

impl RevolvingError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::WrongStatus { .. } => 3101,
            Self::Terms(_) => 3102,
            Self::AboveAvailable { .. } => 3103,
            Self::Frozen { .. } => 3104,
            Self::NothingToDo { .. } => 3105,
            Self::Fee { .. } => 3106,
            Self::UnknownHold { .. } => 3107,
            Self::NotSettled { .. } => 3108,
            Self::BookedTooEarly { .. } => 3109,
            Self::Amount { .. } => 3110,
            Self::DrawTooSmall { .. } => 3111,
            Self::Common(error) => error.code(),
        }
    }

    /// Whether the same call may succeed once the caller has supplied the history.
    #[must_use]
    pub const fn needs_history(&self) -> bool {
        match self {
            Self::Common(error) => error.needs_history(),
            _ => false,
        }
    }
}
