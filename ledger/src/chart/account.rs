//! One general-ledger account.

use alloc::string::String;

use serde::{Deserialize, Serialize};

use crate::{Currency, GlCode};

/// The side of a journal line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Side {
    /// Left: raises assets and expenses.
    Debit,
    /// Right: raises liabilities, equity and income.
    Credit,
}

impl Side {
    /// The other side.
    #[must_use]
    pub const fn opposite(self) -> Self {
        match self {
            Self::Debit => Self::Credit,
            Self::Credit => Self::Debit,
        }
    }
}

/// The type of a general-ledger account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum GlType {
    /// What the company owns or is owed.
    Asset,
    /// What the company owes.
    Liability,
    /// What belongs to the owners.
    Equity,
    /// What was earned.
    Income,
    /// What was spent or lost.
    Expense,
}

impl GlType {
    /// All five, in the order of a balance sheet followed by an income statement.
    pub const ALL: [Self; 5] = [
        Self::Asset,
        Self::Liability,
        Self::Equity,
        Self::Income,
        Self::Expense,
    ];

    /// The side that raises the balance: debit for assets and expenses, credit for the rest.
    #[must_use]
    pub const fn normal_side(self) -> Side {
        match self {
            Self::Asset | Self::Expense => Side::Debit,
            Self::Liability | Self::Equity | Self::Income => Side::Credit,
        }
    }

    /// Whether the account is emptied into retained earnings at the end of a year.
    #[must_use]
    pub const fn is_result(self) -> bool {
        matches!(self, Self::Income | Self::Expense)
    }

    /// The name used in serialised form: `"ASSET"`, `"LIABILITY"`, ...
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Asset => "ASSET",
            Self::Liability => "LIABILITY",
            Self::Equity => "EQUITY",
            Self::Income => "INCOME",
            Self::Expense => "EXPENSE",
        }
    }
}

/// Whether an account carries postings itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Usage {
    /// A heading: its balance is the sum of the accounts under it, posting to it is refused.
    Header,
    /// A leaf that is posted to.
    Detail,
}

impl Usage {
    /// The name used in serialised form: `"HEADER"` or `"DETAIL"`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Header => "HEADER",
            Self::Detail => "DETAIL",
        }
    }
}

/// A general-ledger account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct GlAccount {
    /// The code, unique in its chart.
    pub code: GlCode,
    /// The name shown to people.
    pub name: String,
    /// The type.
    #[serde(rename = "type")]
    pub gl_type: GlType,
    /// Header or detail.
    pub usage: Usage,
    /// The header this account is summed under, of the same type; `None` at the top.
    #[serde(default)]
    pub parent: Option<GlCode>,
    /// The only currency the account may carry; `None` allows any.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// Whether the account takes postings now. Its history stays readable when it does not.
    #[serde(default = "yes")]
    pub active: bool,
    /// Whether entries made by a person may touch the account. Control accounts usually say no.
    #[serde(default = "yes")]
    pub manual_entries: bool,
}

const fn yes() -> bool {
    true
}

impl GlAccount {
    fn new(code: GlCode, name: impl Into<String>, gl_type: GlType, usage: Usage) -> Self {
        Self {
            code,
            name: name.into(),
            gl_type,
            usage,
            parent: None,
            currency: None,
            active: true,
            manual_entries: true,
        }
    }

    /// An active detail account that allows any currency and manual entries.
    #[must_use]
    pub fn detail(code: GlCode, name: impl Into<String>, gl_type: GlType) -> Self {
        Self::new(code, name, gl_type, Usage::Detail)
    }

    /// A header account.
    #[must_use]
    pub fn header(code: GlCode, name: impl Into<String>, gl_type: GlType) -> Self {
        Self::new(code, name, gl_type, Usage::Header)
    }

    /// Puts the account under a header.
    #[must_use]
    pub fn under(mut self, header: GlCode) -> Self {
        self.parent = Some(header);
        self
    }

    /// Allows one currency only.
    #[must_use]
    pub fn in_currency(mut self, currency: Currency) -> Self {
        self.currency = Some(currency);
        self
    }

    /// Refuses entries made by a person: a control account fed by a sub-ledger.
    #[must_use]
    pub fn without_manual_entries(mut self) -> Self {
        self.manual_entries = false;
        self
    }
}
