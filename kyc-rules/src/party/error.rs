//! Why a change to a client was refused.

use alloc::string::String;

use super::{ClientState, Transition};
use crate::rules::Verdict;

/// Why a change to a client was refused. The client is unchanged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PartyError {
    /// The state does not allow this step.
    #[error("a client that is {from} cannot {step}: allowed is {allowed}")]
    Step {
        /// Current state.
        from: ClientState,
        /// What was tried.
        step: Transition,
        /// The steps that are allowed from there.
        allowed: String,
    },
    /// Approval without a decision that passed.
    #[error("approval needs a decision that passed: {given}")]
    NotPassed {
        /// The verdict given, or that there was none.
        given: String,
        /// The verdict, when there was one.
        verdict: Option<Verdict>,
    },
    /// The client still has accounts.
    #[error("a client with {open} open accounts cannot {step}: none may be open")]
    OpenAccounts {
        /// How many.
        open: u32,
        /// What was tried.
        step: Transition,
    },
    /// A day before the last change of state.
    #[error("{given} is before the last change of state on {last}")]
    Backdated {
        /// The day given.
        given: chrono::NaiveDate,
        /// The day of the last change.
        last: chrono::NaiveDate,
    },
}

impl PartyError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::Step { .. } => 4201,
            Self::NotPassed { .. } => 4202,
            Self::OpenAccounts { .. } => 4203,
            Self::Backdated { .. } => 4204,
        }
    }
}
