//! Why a message could not be read.

use alloc::string::String;

/// Why a message could not be read. The bytes are still a receipt until somebody has looked at
/// them: hand them to [`crate::Intake::receive_unreadable`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseError {
    /// Larger than the limit.
    #[error("the message has {given} bytes: at most {allowed} are read")]
    TooLarge {
        /// Bytes given.
        given: usize,
        /// Bytes allowed.
        allowed: usize,
    },
    /// Not UTF-8.
    #[error("the message is not UTF-8 text (first wrong byte at {at})")]
    NotUtf8 {
        /// Position of the first wrong byte.
        at: usize,
    },
    /// Not well-formed JSON, or nested too deeply.
    #[error(
        "not readable as JSON: {given}; well-formed JSON nested at most {depth} deep is allowed"
    )]
    Json {
        /// What the JSON reader found.
        given: String,
        /// Levels allowed.
        depth: usize,
    },
    /// A key occurs twice in one object: two readers would see two different messages.
    #[error("the key {key:?} occurs twice in one object: each key is allowed once")]
    DuplicateKey {
        /// The key.
        key: String,
    },
    /// Not well-formed XML, or XML with a document type definition.
    #[error("not readable as XML: {given}; a well-formed document without DTD is allowed")]
    Xml {
        /// What the XML reader found.
        given: String,
    },
    /// A field without which the message means nothing is absent or empty.
    #[error("the field {field:?} is missing or empty: the {message} message needs it")]
    Missing {
        /// The field.
        field: &'static str,
        /// Which message.
        message: &'static str,
    },
    /// An amount is not of the provider's form.
    #[error("the amount {given:?} in {field:?} is not allowed: {allowed}")]
    Amount {
        /// The field.
        field: &'static str,
        /// What it holds.
        given: String,
        /// What is allowed.
        allowed: &'static str,
    },
    /// No reader knows this content.
    #[error("the content is no known provider message: name the channel")]
    Unrecognised,
}

impl ParseError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::TooLarge { .. } => 6001,
            Self::NotUtf8 { .. } => 6002,
            Self::Json { .. } => 6003,
            Self::DuplicateKey { .. } => 6004,
            Self::Xml { .. } => 6005,
            Self::Missing { .. } => 6006,
            Self::Amount { .. } => 6007,
            Self::Unrecognised => 6008,
        }
    }
}
