//! Codes and identifiers: small `Copy` values that are stored inline.
//!
//! ```
//! use ledger::{BranchCode, EntryId, GlCode};
//! let cash: GlCode = "1110".parse()?;
//! assert_eq!(cash.as_str(), "1110");
//! assert!("".parse::<BranchCode>().is_err());
//! assert_eq!(EntryId::new(255).to_string(), "000000000000000000000000000000ff");
//! # Ok::<(), ledger::CodeError>(())
//! ```

use alloc::string::String;
use core::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::text::{FromText, write_hex};

/// Why a code or an identifier was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CodeError {
    /// Empty, too long, or with characters outside of printable ASCII without the blank.
    #[error(
        "{kind} {given:?} is not allowed: 1 to 32 printable ASCII characters without blanks are"
    )]
    Malformed {
        /// What the code stands for.
        kind: &'static str,
        /// What was given.
        given: String,
    },
    /// Not 32 hexadecimal digits.
    #[error("entry id {given:?} is not allowed: 32 hexadecimal digits are")]
    EntryId {
        /// What was given.
        given: String,
    },
}

impl CodeError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::Malformed { .. } => 1201,
            Self::EntryId { .. } => 1202,
        }
    }
}

fn malformed(kind: &'static str, text: &str, _most: usize) -> CodeError {
    let given = text.into();
    CodeError::Malformed { kind, given }
}

crate::inline_text! {
    /// The code of a general-ledger account, 1 to 32 printable ASCII characters without blanks.
    ///
    /// Ordered by its bytes, so charts list in code order.
    GlCode, "GL code", 32, CodeError, malformed
}

crate::inline_text! {
    /// The code of a branch, 1 to 32 printable ASCII characters without blanks.
    BranchCode, "branch code", 32, CodeError, malformed
}

/// The identifier of a journal entry, chosen by the host and unique in its journal.
///
/// Time-ordered identifiers (UUIDv7, or derived from account, event and line) keep the indexes of
/// this crate and of any database quick. Shown and serialised as 32 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId(u128);

impl EntryId {
    /// An identifier from its number.
    #[must_use]
    pub const fn new(number: u128) -> Self {
        Self(number)
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u128 {
        self.0
    }
}

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hex(self.0, f)
    }
}

impl fmt::Debug for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EntryId({self})")
    }
}

impl FromStr for EntryId {
    type Err = CodeError;
    /// Exactly 32 hexadecimal digits, of either case.
    fn from_str(text: &str) -> Result<Self, CodeError> {
        let malformed = || CodeError::EntryId { given: text.into() };
        if text.len() != 32 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(malformed());
        }
        u128::from_str_radix(text, 16)
            .map(Self)
            .map_err(|_| malformed())
    }
}

impl Serialize for EntryId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for EntryId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(FromText::new("entry id"))
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for EntryId {
    fn schema_name() -> alloc::borrow::Cow<'static, str> {
        "EntryId".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[0-9A-Fa-f]{32}$" })
    }
}
