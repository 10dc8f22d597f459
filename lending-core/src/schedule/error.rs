//! Why a schedule could not be made.

use alloc::string::String;

use rust_decimal::Decimal;

use crate::{dates::DateError, day_count::DayCountError};

/// Why terms were refused or a schedule could not be made. Nothing is made in part.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScheduleError {
    /// A due-date rule, calendar or date does not work out.
    #[error("due dates: {0}")]
    Dates(#[from] DateError),
    /// A day count lacks something or cannot be counted.
    #[error("day count: {0}")]
    DayCount(#[from] DayCountError),
    /// The number of instalments is not allowed.
    #[error("{given} instalments: 1 to {allowed} are allowed")]
    Instalments {
        /// What was given.
        given: u32,
        /// The largest number allowed.
        allowed: u32,
    },
    /// The principal is not above zero, too large, or finer than the schedule's decimals.
    #[error("principal {given}: {allowed}")]
    Principal {
        /// What was given.
        given: Decimal,
        /// What is allowed.
        allowed: &'static str,
    },
    /// A setting of the contract is not allowed, by itself or beside another.
    #[error("{setting} {given}: {allowed}")]
    Setting {
        /// The setting's name.
        setting: &'static str,
        /// What was given.
        given: String,
        /// What is allowed.
        allowed: &'static str,
    },
    /// A rule that needs a nominal interval has due dates without one.
    #[error("{needs} needs due dates at a regular interval; {given} has none")]
    NoPeriodicity {
        /// What needs it.
        needs: &'static str,
        /// The due-date rule.
        given: String,
    },
    /// The given payments do not repay the principal, or no rate makes them do so.
    #[error("{what} on principal {principal}: {reason}")]
    Unpayable {
        /// Which payments.
        what: &'static str,
        /// The principal.
        principal: Decimal,
        /// Why not.
        reason: &'static str,
    },
    /// A change of a schedule does not fit it.
    #[error("edit: {given} given, allowed are {allowed}")]
    Edit {
        /// What was given.
        given: String,
        /// What is allowed.
        allowed: &'static str,
    },
    /// A figure on the way does not fit.
    #[error("{what} does not fit 28 significant digits")]
    Overflow {
        /// Which figure.
        what: &'static str,
    },
}

impl ScheduleError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::Dates(error) => error.code(),
            Self::DayCount(error) => error.code(),
            Self::Instalments { .. } => 2101,
            Self::Principal { .. } => 2102,
            Self::Setting { .. } => 2103,
            Self::NoPeriodicity { .. } => 2104,
            Self::Unpayable { .. } => 2105,
            Self::Overflow { .. } => 2106,
            Self::Edit { .. } => 2107,
        }
    }

    pub(crate) const fn overflow(what: &'static str) -> Self {
        Self::Overflow { what }
    }
}
