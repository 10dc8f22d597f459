//! How accounts of a product are opened, numbered, linked and documented.

use alloc::{collections::BTreeSet, string::String, vec::Vec};

use lending_core::ids::ProductId;
use serde::{Deserialize, Serialize};

use crate::{id_pattern::NumberScheme, settings::FormName};

/// How accounts of a product are opened, numbered, linked and documented.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccountSettings {
    /// How account numbers are made.
    pub numbers: NumberScheme,
    /// The state of a new account.
    pub initial_state: AccountState,
    /// Whether an account must hang under a line of credit.
    pub credit_line: CreditLineRequirement,
    /// The deposit account that instalments are taken from; `None`: there is none.
    pub linked_deposit: Option<LinkedDeposit>,
    /// Days without activity after which an account that owes nothing is closed; `None`: never by
    /// itself.
    pub dormant_after_days: Option<u16>,
    /// Documents that are made for accounts.
    pub documents: Vec<DocumentTemplate>,
    /// Forms with additional fields that accounts of this product answer, beside those of every
    /// account of their kind.
    pub forms: BTreeSet<FormName>,
}

/// The state of a new account.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum AccountState {
    /// The application is not complete.
    PartialApplication,
    /// The application waits for a decision.
    #[default]
    PendingApproval,
    /// Approved at once.
    Approved,
}

/// Whether an account must hang under a line of credit.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum CreditLineRequirement {
    /// It may.
    #[default]
    Optional,
    /// It must.
    Required,
    /// It must not.
    NotAllowed,
}

/// A deposit account that instalments are taken from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LinkedDeposit {
    /// Only accounts of this product; `None`: of any.
    pub product: Option<ProductId>,
    /// Whether an existing account is linked by itself.
    pub link_automatically: bool,
    /// Whether an account is opened by itself when there is none.
    pub open_automatically: bool,
    /// What is taken on a due date.
    pub settlement: Settlement,
}

/// What is taken from a linked deposit account on a due date.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Settlement {
    /// Everything due, or nothing.
    #[default]
    FullAmount,
    /// What is there, up to everything due.
    PartialAmount,
    /// Nothing by itself.
    None,
}

/// A document that is made for accounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DocumentTemplate {
    /// Its name.
    pub name: String,
    /// What it is about.
    pub kind: DocumentKind,
}

/// What a document is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum DocumentKind {
    /// An account.
    Account,
    /// An account with its transactions.
    AccountWithTransactions,
    /// One transaction.
    Transaction,
}
