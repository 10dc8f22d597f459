//! Additional fields of records: which forms hold them.
//!
//! A form, its fields and the check of answers are defined once, by the crate `kyc-rules`
//! (`forms::Form`): kinds of values, choices, patterns, dependencies, uniqueness, who may see and
//! change what. Settings and products name forms; the host asks them.

use alloc::{collections::BTreeMap, collections::BTreeSet, string::String};
use core::fmt;

use serde::{Deserialize, Serialize};

/// What a form adds fields to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum RecordKind {
    /// A client.
    Client,
    /// A group.
    Group,
    /// A loan account.
    LoanAccount,
    /// A deposit account.
    DepositAccount,
    /// A line of credit.
    CreditLine,
    /// A transaction through a channel.
    Transaction,
    /// A branch.
    Branch,
    /// A place where groups meet.
    Centre,
    /// A member of staff.
    User,
    /// Who guarantees a loan.
    Guarantor,
    /// What is pledged for a loan.
    Asset,
}

/// The forms of each kind of record.
pub type Forms = BTreeMap<RecordKind, BTreeSet<FormName>>;

/// The name of a form: 1 to 64 characters of `a` to `z`, `0` to `9`, `_`, `-` and `.`, as codes of
/// rule books are.
///
/// ```
/// use products::settings::FormName;
/// assert_eq!(FormName::new("loan-purpose")?.as_str(), "loan-purpose");
/// assert_eq!(FormName::new("Two words").unwrap_err().code(), 5203);
/// # Ok::<(), products::settings::FormNameError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(with = "String"))]
pub struct FormName(String);

/// Why a name of a form was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{given:?} is no name of a form: 1 to 64 characters of a-z, 0-9, `_`, `-` and `.` are allowed"
)]
pub struct FormNameError {
    /// What was given.
    pub given: String,
}

impl FormNameError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        5203
    }
}

impl FormName {
    /// Checks and wraps a name.
    ///
    /// # Errors
    /// [`FormNameError`].
    pub fn new(name: impl Into<String>) -> Result<Self, FormNameError> {
        let given = name.into();
        let allowed = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' | b'.');
        if (1..=64).contains(&given.len()) && given.bytes().all(allowed) {
            Ok(Self(given))
        } else {
            Err(FormNameError { given })
        }
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for FormName {
    type Error = FormNameError;
    fn try_from(name: String) -> Result<Self, FormNameError> {
        Self::new(name)
    }
}

impl From<FormName> for String {
    fn from(name: FormName) -> Self {
        name.0
    }
}

impl fmt::Display for FormName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
