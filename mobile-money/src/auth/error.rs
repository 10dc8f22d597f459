//! Why a message was not believed.

use alloc::string::String;

use super::Trust;

/// Why a message was not believed. It is not to be parsed as the provider's word; whether to keep
/// the bytes is the host's decision.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AuthError {
    /// No signature where one is needed.
    #[error("no signature in {place}: one is needed")]
    NoSignature {
        /// Where it was looked for.
        place: &'static str,
    },
    /// None of the signatures fits any of the keys.
    #[error("none of the signatures in {place} fits any of the {keys} keys")]
    Mismatch {
        /// Where the signatures were.
        place: &'static str,
        /// Number of keys tried.
        keys: usize,
    },
    /// The timestamp is no whole number of seconds.
    #[error("the timestamp {given:?} is not a whole number of seconds since 1970")]
    Timestamp {
        /// What was given.
        given: String,
    },
    /// The message is older than the tolerance.
    #[error("signed {age_seconds} seconds ago: at most {tolerance_seconds} are allowed")]
    TooOld {
        /// Its age.
        age_seconds: i64,
        /// Allowed.
        tolerance_seconds: u32,
    },
    /// The message is from the future by more than the tolerance.
    #[error(
        "signed {ahead_seconds} seconds in the future: at most {tolerance_seconds} are allowed"
    )]
    TooNew {
        /// How far ahead.
        ahead_seconds: i64,
        /// Allowed.
        tolerance_seconds: u32,
    },
    /// A key is not of the scheme's form.
    #[error("a key of {scheme} is not usable: {allowed}")]
    Key {
        /// The scheme.
        scheme: &'static str,
        /// What is allowed.
        allowed: &'static str,
    },
    /// A header is missing, empty or given twice.
    #[error("the header {header:?} was given {given} times: exactly one, not empty, is needed")]
    Header {
        /// The header.
        header: &'static str,
        /// How often it was given.
        given: usize,
    },
    /// The message was accepted before. Answer with success and do nothing.
    #[error("the message {id:?} was accepted before")]
    Replay {
        /// Its id.
        id: String,
    },
    /// A rule demands more trust than the message has.
    #[error("the message is trusted as {given:?}: the rule demands {required:?}")]
    TrustTooLow {
        /// Its level.
        given: Trust,
        /// The level demanded.
        required: Trust,
    },
    /// The message cannot be read far enough to check it.
    #[error("not readable far enough to be checked: {given}")]
    Unreadable {
        /// What is wrong.
        given: String,
    },
}

impl AuthError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::NoSignature { .. } => 6301,
            Self::Mismatch { .. } => 6302,
            Self::Timestamp { .. } => 6303,
            Self::TooOld { .. } => 6304,
            Self::TooNew { .. } => 6305,
            Self::Key { .. } => 6306,
            Self::Header { .. } => 6307,
            Self::Replay { .. } => 6308,
            Self::Unreadable { .. } => 6309,
            Self::TrustTooLow { .. } => 6310,
        }
    }
}
