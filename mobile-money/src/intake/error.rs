//! Why the intake refused.

use alloc::string::String;

/// Why the intake refused a payment. Its state is unchanged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IntakeError {
    /// The payment carries neither the provider's id nor ours.
    #[error(
        "a payment without any id cannot be told from another: a provider id or an own id is needed"
    )]
    NoIdentity,
    /// Reversals together exceed the largest number that can be held.
    #[error("the reversals of {id:?} do not add up to an exact decimal of 28 digits")]
    Overflow {
        /// The transaction taken back.
        id: String,
    },
}

impl IntakeError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::NoIdentity => 6101,
            Self::Overflow { .. } => 6102,
        }
    }
}
