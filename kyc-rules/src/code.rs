//! Short identifiers: a code is what a lender types into a rule book.
//!
//! Every code is lower-case ASCII letters, digits, `_`, `-` and `.`, at most 64 characters, so that
//! two books never differ by an invisible character.
//!
//! ```
//! use kyc_rules::code::{CountryCode, RuleId};
//! assert_eq!(RuleId::new("ug-agent-id")?.as_str(), "ug-agent-id");
//! assert!(RuleId::new("Two words").is_err());
//! assert_eq!(CountryCode::new("UG")?.to_string(), "UG");
//! # Ok::<(), kyc_rules::code::CodeError>(())
//! ```

use alloc::string::{String, ToString};
use core::fmt;

use serde::{Deserialize, Serialize};

/// Longest accepted code.
pub const CODE_LENGTH_MAX: usize = 64;

/// Why a code was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CodeError {
    /// Empty, too long, or with a character outside the alphabet.
    #[error(
        "`{given}` is not a code: 1 to 64 characters of a-z, 0-9, `_`, `-` and `.` are allowed"
    )]
    Code {
        /// What was given.
        given: String,
    },
    /// Not two upper-case letters.
    #[error("`{given}` is not a country: two upper-case letters (ISO 3166-1 alpha-2) are allowed")]
    Country {
        /// What was given.
        given: String,
    },
}

impl CodeError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::Code { .. } => 4001,
            Self::Country { .. } => 4002,
        }
    }
}

fn check(given: &str) -> Result<(), CodeError> {
    let alphabet = |b: u8| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' | b'.');
    if (1..=CODE_LENGTH_MAX).contains(&given.len()) && given.bytes().all(alphabet) {
        Ok(())
    } else {
        Err(CodeError::Code {
            given: given.chars().take(CODE_LENGTH_MAX).collect(),
        })
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[cfg_attr(feature = "schema", schemars(with = "String"))]
        pub struct $name(String);

        impl $name {
            /// Checks and wraps a code.
            ///
            /// # Errors
            /// [`CodeError::Code`] when it is empty, too long or outside the alphabet.
            pub fn new(code: impl Into<String>) -> Result<Self, CodeError> {
                let code = code.into();
                check(&code)?;
                Ok(Self(code))
            }

            /// The code itself.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = CodeError;
            fn try_from(code: String) -> Result<Self, CodeError> {
                Self::new(code)
            }
        }

        impl TryFrom<&str> for $name {
            type Error = CodeError;
            fn try_from(code: &str) -> Result<Self, CodeError> {
                Self::new(code)
            }
        }

        impl From<$name> for String {
            fn from(code: $name) -> Self {
                code.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

codes! {
    /// Names a rule book.
    BookId,
    /// Names a rule inside a book.
    RuleId,
    /// Names a KYC tier.
    TierId,
    /// A kind of document: `national_id`, `passport`, `proof_of_residence`, ...
    DocumentKind,
    /// Names a form (a risk assessment, an eligibility questionnaire).
    FormId,
    /// Names a screening list.
    ListId,
    /// Names a stream of rows the host passes for aggregates: `cash`, `transfers`, ...
    StreamId,
    /// Names a set of values used by several rules.
    SetId,
    /// Names a scorecard.
    CardId,
    /// Names a decision table.
    TableId,
    /// A reason, queue, tag or role name that a lender chooses.
    Label,
    /// A dotted path of one fact: `client.birth_date`, `document.passport`, `transaction.amount`.
    FactPath,
    /// A field name inside a row of a stream.
    FieldName,
}

impl Label {
    /// A label written in the code.
    pub(crate) fn from_static(label: &'static str) -> Self {
        Self(String::from(label))
    }
}

impl FactPath {
    /// A path put together from a fixed prefix and a code; both are in the alphabet, and a path
    /// that grows beyond the limit is still one path.
    pub(crate) const fn from_parts(path: String) -> Self {
        Self(path)
    }
}

/// An ISO 3166-1 alpha-2 country code. Only the form is checked; which codes exist is list data.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(with = "String"))]
pub struct CountryCode([u8; 2]);

impl CountryCode {
    /// Checks and wraps two upper-case letters.
    ///
    /// # Errors
    /// [`CodeError::Country`] for anything else.
    pub fn new(code: &str) -> Result<Self, CodeError> {
        match code.as_bytes() {
            [a @ b'A'..=b'Z', b @ b'A'..=b'Z'] => Ok(Self([*a, *b])),
            _ => Err(CodeError::Country {
                given: code.chars().take(CODE_LENGTH_MAX).collect(),
            }),
        }
    }

    /// The two letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.0).unwrap_or("??")
    }
}

impl TryFrom<String> for CountryCode {
    type Error = CodeError;
    fn try_from(code: String) -> Result<Self, CodeError> {
        Self::new(&code)
    }
}

impl From<CountryCode> for String {
    fn from(code: CountryCode) -> Self {
        code.as_str().to_string()
    }
}

impl fmt::Display for CountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for CountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
