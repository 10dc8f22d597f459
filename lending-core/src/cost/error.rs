//! Why a figure could not be given.

use chrono::NaiveDate;

/// Why a figure could not be given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CostError {
    /// No rate in the documented range brings the flows to zero.
    #[error("no rate: nothing from -99.9999% to 800000% brings the flows to zero")]
    NoRate,
    /// All flows are zero, so that any rate fits.
    #[error("any rate fits flows that are all zero")]
    AnyRate,
    /// The flows change their sign so often, and so nearly cancel, that rates cannot be told apart
    /// in the time that is given to a search.
    #[error("the rates of these flows cannot be told apart")]
    Unresolved,
    /// More flows than are taken.
    #[error("{given} flows are given, at most {allowed} are allowed")]
    TooMany {
        /// How many were given.
        given: usize,
        /// How many are allowed.
        allowed: usize,
    },
    /// An argument outside of what the function is defined for.
    #[error("{name}: {allowed}")]
    Argument {
        /// The argument.
        name: &'static str,
        /// What is allowed.
        allowed: &'static str,
    },
    /// An interval that ends before it starts.
    #[error("the interval {start} to {end} ends before it starts")]
    Reversed {
        /// Start given.
        start: NaiveDate,
        /// End given.
        end: NaiveDate,
    },
    /// A figure on the way does not fit 28 digits.
    #[error("a figure does not fit 28 digits")]
    Overflow,
}

impl CostError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::NoRate => 2701,
            Self::AnyRate => 2702,
            Self::TooMany { .. } => 2703,
            Self::Argument { .. } => 2704,
            Self::Reversed { .. } => 2705,
            Self::Overflow => 2706,
            Self::Unresolved => 2707,
        }
    }
}
