//! Why a pay-as-you-go operation was refused.

use alloc::string::String;

use rust_decimal::Decimal;

/// Why a pay-as-you-go operation was refused. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PaygoError {
    /// A rate, price or period that cannot be.
    #[error("{what} {given} is not allowed: {allowed}")]
    Terms {
        /// Which term.
        what: &'static str,
        /// What was given.
        given: String,
        /// What is allowed.
        allowed: &'static str,
    },
    /// A payment below zero.
    #[error("the payment {given} is not allowed: zero or more is")]
    Payment {
        /// What was given.
        given: Decimal,
    },
    /// An exact result that does not fit.
    #[error("the exact result of {operation} does not fit: smaller amounts or periods are needed")]
    Overflow {
        /// What was tried.
        operation: &'static str,
    },
    /// A value that a token cannot carry.
    #[error("{what} {given} does not fit the token: {allowed}")]
    TokenValue {
        /// Which value.
        what: &'static str,
        /// What was given.
        given: u64,
        /// What is allowed.
        allowed: &'static str,
    },
    /// Text that is no code of this form.
    #[error("{given:?} is no code of this form: {allowed}")]
    TokenText {
        /// What was given.
        given: String,
        /// What is allowed.
        allowed: &'static str,
    },
    /// A device command that the state does not allow.
    #[error("{command} is not allowed while the device is {state}")]
    Device {
        /// What was asked.
        command: &'static str,
        /// The state.
        state: &'static str,
    },
}

impl PaygoError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::Terms { .. } => 6401,
            Self::Payment { .. } => 6402,
            Self::Overflow { .. } => 6403,
            Self::TokenValue { .. } => 6404,
            Self::TokenText { .. } => 6405,
            Self::Device { .. } => 6406,
        }
    }
}
