//! Why a contract gives no events.

use alloc::string::String;

use chrono::NaiveDateTime;

use crate::{dates::DateError, day_count::DayCountError};

/// Why a contract gives no events.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ActusError {
    /// A term that this contract cannot do without.
    #[error("{term} is missing: {reason}")]
    Missing {
        /// The term, by its ACTUS name.
        term: &'static str,
        /// Why it is needed.
        reason: &'static str,
    },
    /// A value that its term does not allow.
    #[error("{term} {given}: {allowed}")]
    Value {
        /// The term, by its ACTUS name.
        term: &'static str,
        /// What was given.
        given: String,
        /// What is allowed.
        allowed: &'static str,
    },
    /// Terms that exclude each other.
    #[error("{term} and {other}: {reason}")]
    Contradiction {
        /// One term, by its ACTUS name.
        term: &'static str,
        /// The other.
        other: &'static str,
        /// Why they cannot both hold.
        reason: &'static str,
    },
    /// A value of the standard that this module does not carry out.
    #[error("{term} {given} is not carried out: {allowed}")]
    Unsupported {
        /// The term, by its ACTUS name.
        term: &'static str,
        /// What was given.
        given: String,
        /// What is carried out.
        allowed: &'static str,
    },
    /// No observed value for an identifier at or before a time.
    #[error("no observed value of {identifier} at or before {time}")]
    NotObserved {
        /// The market object.
        identifier: String,
        /// When its value is needed.
        time: NaiveDateTime,
    },
    /// The redemption payments never redeem the principal.
    #[error(
        "nextPrincipalRedemptionPayment does not redeem the principal: give a maturityDate or a \
         payment above the interest of a cycle"
    )]
    NeverRedeemed,
    /// A cycle with more dates than are taken.
    #[error("a cycle has more than {allowed} dates before its end")]
    TooManyDates {
        /// How many dates one cycle may have.
        allowed: usize,
    },
    /// A figure does not fit 28 digits, or a date the calendar.
    #[error("a figure of {what} does not fit")]
    Overflow {
        /// What was being calculated.
        what: &'static str,
    },
    /// The day count refused a period.
    #[error(transparent)]
    DayCount(#[from] DayCountError),
    /// The calendar refused a date.
    #[error(transparent)]
    Dates(#[from] DateError),
}

impl ActusError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::Missing { .. } => 2801,
            Self::Value { .. } => 2802,
            Self::Contradiction { .. } => 2803,
            Self::Unsupported { .. } => 2804,
            Self::NotObserved { .. } => 2805,
            Self::NeverRedeemed => 2806,
            Self::TooManyDates { .. } => 2807,
            Self::Overflow { .. } => 2808,
            Self::DayCount(error) => error.code(),
            Self::Dates(error) => error.code(),
        }
    }
}

/// A figure that has to fit.
pub(super) fn fits<T>(value: Option<T>, what: &'static str) -> Result<T, ActusError> {
    value.ok_or(ActusError::Overflow { what })
}
