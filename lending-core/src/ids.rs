//! Identifiers: small `Copy` values that the host supplies.
//!
//! Numbers are 128 bits wide, so that time-ordered identifiers (UUIDv7) fit; a database keeps them
//! quick only when they grow with time. Shown and written to JSON as 32 hexadecimal digits, in
//! compact encodings as 16 bytes, most significant first, which sort as the numbers do.
//!
//! ```
//! use lending_core::ids::{AccountId, AccountRef};
//! let id = AccountId::new(255);
//! assert_eq!(id.to_string(), "000000000000000000000000000000ff");
//! assert_eq!("000000000000000000000000000000FF".parse::<AccountId>()?, id);
//! assert!("LN 7".parse::<AccountRef>().is_err(), "no blanks in an account number");
//! # Ok::<(), lending_core::ids::IdError>(())
//! ```

use alloc::string::String;
use core::{fmt, str::FromStr};

use ledger::text::{FromText, write_hex};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Why an identifier was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IdError {
    /// Not 32 hexadecimal digits.
    #[error("{kind} {given:?} is not allowed: 32 hexadecimal digits are")]
    Number {
        /// What the identifier stands for.
        kind: &'static str,
        /// What was given.
        given: String,
    },
    /// Empty, too long, or with characters outside of printable ASCII without the blank.
    #[error(
        "{kind} {given:?} is not allowed: 1 to {most} printable ASCII characters without blanks are"
    )]
    Text {
        /// What the identifier stands for.
        kind: &'static str,
        /// What was given.
        given: String,
        /// The most characters allowed.
        most: usize,
    },
}

impl IdError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::Number { .. } => 2001,
            Self::Text { .. } => 2002,
        }
    }
}

fn not_text(kind: &'static str, text: &str, most: usize) -> IdError {
    let given = text.into();
    IdError::Text { kind, given, most }
}

macro_rules! number_id {
    ($(#[$doc:meta])* $name:ident, $kind:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u128);

        impl $name {
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

            /// The 16 bytes, most significant first: they sort as the numbers do.
            #[must_use]
            pub const fn to_bytes(self) -> [u8; 16] {
                self.0.to_be_bytes()
            }

            /// The identifier of these 16 bytes, most significant first.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(u128::from_be_bytes(bytes))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_hex(self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            /// Exactly 32 hexadecimal digits, of either case.
            fn from_str(text: &str) -> Result<Self, IdError> {
                let refused = || IdError::Number { kind: $kind, given: text.into() };
                if text.len() != 32 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                    return Err(refused());
                }
                u128::from_str_radix(text, 16).map(Self).map_err(|_| refused())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if serializer.is_human_readable() {
                    serializer.collect_str(self)
                } else {
                    self.to_bytes().serialize(serializer)
                }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                if deserializer.is_human_readable() {
                    deserializer.deserialize_str(FromText::new($kind))
                } else {
                    <[u8; 16]>::deserialize(deserializer).map(Self::from_bytes)
                }
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> alloc::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "pattern": "^[0-9A-Fa-f]{32}$" })
            }
        }
    };
}

number_id! {
    /// A loan, credit-line or deposit account.
    AccountId, "account id"
}
number_id! {
    /// Who holds accounts: a client or a group.
    HolderId, "holder id"
}
number_id! {
    /// A person or a system that acts: a clerk, an API client.
    ActorId, "actor id"
}
number_id! {
    /// The key under which a request is carried out at most once.
    ///
    /// The host makes it (time-ordered) or takes it from the request; a retry carries the same.
    IdempotencyKey, "idempotency key"
}
ledger::inline_text! {
    /// The number of an account as people write it, unique in its store.
    AccountRef, "account reference", 32, IdError, not_text
}
ledger::inline_text! {
    /// A product of the lender's catalogue.
    ProductId, "product id", 32, IdError, not_text
}
ledger::inline_text! {
    /// A long-running job, which keeps its progress under this name.
    JobId, "job id", 64, IdError, not_text
}
ledger::inline_text! {
    /// What a record is: `"product"`, `"client"`, `"rule-book"`, `"payment"`, `"device"`, ...
    RecordKind, "record kind", 32, IdError, not_text
}
ledger::inline_text! {
    /// A record among those of its kind: a product id, a provider's transaction id, ...
    RecordId, "record id", 64, IdError, not_text
}
