//! Account numbers: how they are made and how they are recognised.
//!
//! Two dialects of one small pattern language are in use, and they read `@` and `#` in opposite
//! ways. A pattern therefore always says which dialect it is written in:
//!
//! | sign | [`Dialect::IdPattern`] | [`Dialect::ValidationPattern`] |
//! |---|---|---|
//! | `@` | a capital letter | a digit |
//! | `#` | a digit | a letter |
//! | `$` | a capital letter or a digit | a letter or a digit |
//! | other | itself | itself |
//!
//! Source of the first column: Mambu's product `idPattern` `"@@@@###"` beside account numbers such
//! as `XNZR612`; of the second: its description of `validationPattern` of custom fields.
//!
//! ```
//! use products::id_pattern::{Dialect, NumberPattern};
//! let pattern = NumberPattern::new("@@@@###", Dialect::IdPattern)?;
//! assert!(pattern.matches("XNZR612"));
//! assert!(!pattern.matches("1234ABC"));
//! let same = NumberPattern::new("####@@@", Dialect::ValidationPattern)?;
//! assert!(same.matches("XNZR612"));
//! let mut last = 0;
//! let number = pattern.make(|choices| { last = (last + 7) % choices; last });
//! assert!(pattern.matches(&number));
//! # Ok::<(), products::id_pattern::PatternError>(())
//! ```

use alloc::string::String;

use serde::{Deserialize, Serialize};

/// How a pattern is read.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Dialect {
    /// `@` a capital letter, `#` a digit: patterns that numbers are made from.
    #[default]
    IdPattern,
    /// `@` a digit, `#` a letter of either case: patterns that input is checked against.
    ValidationPattern,
}

/// Why a pattern was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PatternError {
    /// Empty, too long for an account number, or with signs that a number cannot have.
    #[error(
        "pattern {given:?} is not allowed: 1 to 32 printable ASCII characters without blanks are"
    )]
    Malformed {
        /// What was given.
        given: String,
    },
}

impl PatternError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::Malformed { .. } => 5201,
        }
    }
}

/// A pattern in its dialect.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Form")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NumberPattern {
    pattern: String,
    dialect: Dialect,
}

/// The same fields, not yet checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "NumberPattern"))]
struct Form {
    pattern: String,
    #[serde(default)]
    dialect: Dialect,
}

impl TryFrom<Form> for NumberPattern {
    type Error = PatternError;
    fn try_from(form: Form) -> Result<Self, PatternError> {
        Self::new(&form.pattern, form.dialect)
    }
}

/// What one sign of a pattern stands for.
#[derive(Clone, Copy)]
enum Sign {
    Letter,
    Digit,
    Either,
    Itself(u8),
}

const LETTERS: &[u8; 26] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const DIGITS: &[u8; 10] = b"0123456789";

impl NumberPattern {
    /// A pattern in its dialect.
    ///
    /// # Errors
    /// [`PatternError::Malformed`].
    pub fn new(pattern: &str, dialect: Dialect) -> Result<Self, PatternError> {
        let fits = (1..=32).contains(&pattern.len());
        if !fits || !pattern.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(PatternError::Malformed {
                given: pattern.into(),
            });
        }
        Ok(Self {
            pattern: pattern.into(),
            dialect,
        })
    }

    /// A pattern of this crate's own, known to be one.
    pub(crate) fn of_known(pattern: &str, dialect: Dialect) -> Self {
        debug_assert!(Self::new(pattern, dialect).is_ok());
        Self {
            pattern: pattern.into(),
            dialect,
        }
    }

    /// The pattern as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.pattern
    }

    /// How it is read.
    #[must_use]
    pub const fn dialect(&self) -> Dialect {
        self.dialect
    }

    fn signs(&self) -> impl Iterator<Item = Sign> {
        let dialect = self.dialect;
        self.pattern.bytes().map(move |byte| match (byte, dialect) {
            (b'@', Dialect::IdPattern) | (b'#', Dialect::ValidationPattern) => Sign::Letter,
            (b'#', Dialect::IdPattern) | (b'@', Dialect::ValidationPattern) => Sign::Digit,
            (b'$', _) => Sign::Either,
            (byte, _) => Sign::Itself(byte),
        })
    }

    /// Whether a number has this pattern.
    #[must_use]
    pub fn matches(&self, number: &str) -> bool {
        let any_case = self.dialect == Dialect::ValidationPattern;
        let letter =
            |byte: u8| byte.is_ascii_uppercase() || (any_case && byte.is_ascii_lowercase());
        number.len() == self.pattern.len()
            && self
                .signs()
                .zip(number.bytes())
                .all(|(sign, byte)| match sign {
                    Sign::Letter => letter(byte),
                    Sign::Digit => byte.is_ascii_digit(),
                    Sign::Either => letter(byte) || byte.is_ascii_digit(),
                    Sign::Itself(own) => own == byte,
                })
    }

    /// A number of this pattern. `choose(n)` gives a number from 0 to n − 1, from the host's
    /// source of randomness; a larger one counts from 0 again.
    #[must_use]
    pub fn make(&self, mut choose: impl FnMut(u8) -> u8) -> String {
        let mut pick = |from: &[u8]| {
            let count = u8::try_from(from.len()).unwrap_or(1);
            let at = choose(count).checked_rem(count).unwrap_or(0);
            char::from(from.get(usize::from(at)).copied().unwrap_or(b'0'))
        };
        let either: [u8; 36] = *b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
        self.signs()
            .map(|sign| match sign {
                Sign::Letter => pick(LETTERS),
                Sign::Digit => pick(DIGITS),
                Sign::Either => pick(&either),
                Sign::Itself(byte) => char::from(byte),
            })
            .collect()
    }

    /// How many different numbers there are; `None` beyond 2^128.
    #[must_use]
    pub fn count(&self) -> Option<u128> {
        self.signs().try_fold(1_u128, |count, sign| {
            count.checked_mul(match sign {
                Sign::Letter => 26,
                Sign::Digit => 10,
                Sign::Either => 36,
                Sign::Itself(_) => 1,
            })
        })
    }
}

/// How account numbers are made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum NumberScheme {
    /// One after the other.
    Incremental {
        /// The first number.
        first: u64,
    },
    /// At random, by a pattern.
    Pattern(NumberPattern),
}

impl Default for NumberScheme {
    /// One after the other from 1.
    fn default() -> Self {
        Self::Incremental { first: 1 }
    }
}
