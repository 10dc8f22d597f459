//! What the lender allows the ladder to do.

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Serialize};

/// The strength of the evidence, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Level {
    /// The reference as typed is the account's.
    Exact,
    /// Equal after dropping case, spaces, punctuation and a configured prefix.
    Canonical,
}

/// What the lender allows the ladder to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MatchRules {
    /// Words that payers put before a reference; dropped when what is left is a known reference.
    pub prefixes: Vec<String>,
}

impl Default for MatchRules {
    fn default() -> Self {
        Self {
            prefixes: ["ACCOUNT", "ACC", "AC", "LOAN", "NO"]
                .map(Into::into)
                .to_vec(),
        }
    }
}
