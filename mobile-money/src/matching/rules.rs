//! What the lender allows the ladder to do.

use alloc::{string::String, vec::Vec};

use ledger::CheckDigit;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::grammar::CodeGrammar;
use crate::payment::DialPlan;

/// The strength of the evidence, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Level {
    /// The reference as typed is the account's.
    Exact,
    /// Equal after dropping case, spaces, punctuation and a configured prefix.
    Canonical,
    /// An alias of the account (older code, serial number, IMEI, deal number).
    Alias,
    /// Equal after taking characters that look alike for one another.
    Confusable,
    /// A reference or alias inside longer text.
    Embedded,
    /// One character away from a reference, and the only repair that satisfies the check digit.
    CheckDigit,
    /// One edit away from a reference, and the payer's phone or the amount agrees.
    EditDistance,
    /// No usable reference; the payer's phone belongs to exactly one active account.
    Phone,
}

/// What the lender allows the ladder to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MatchRules {
    /// Words that payers put before a reference; dropped when what is left is a known reference.
    pub prefixes: Vec<String>,
    /// The forms of the lender's references. Needed for references inside text without spaces and
    /// for check digits.
    pub grammars: Vec<CodeGrammar>,
    /// Whether J counts as looking like 1, beside I and L. Default no.
    pub fold_j: bool,
    /// The weakest level that may be applied without a person. Default: all levels.
    pub weakest: Level,
    /// The largest amount that [`Level::EditDistance`] and [`Level::Phone`] may apply; `None` (the
    /// default) for any.
    #[serde(with = "ledger::money::exact::option")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub weak_limit: Option<Decimal>,
    /// How national phone numbers become international ones.
    pub dial_plan: DialPlan,
}

impl Default for MatchRules {
    /// Common prefixes, no grammar, every level allowed, Kenyan numbers.
    fn default() -> Self {
        Self {
            prefixes: ["ACCOUNT", "ACC", "AC", "LOAN", "NO"]
                .map(Into::into)
                .to_vec(),
            grammars: Vec::new(),
            fold_j: false,
            weakest: Level::Phone,
            weak_limit: None,
            dial_plan: DialPlan::new("254", 9),
        }
    }
}

impl MatchRules {
    /// The check digits of the forms that a text of this shape may have.
    pub(super) fn checks<'a>(&'a self, text: &'a str) -> impl Iterator<Item = CheckDigit> + 'a {
        let fitting = self.grammars.iter().filter(|g| g.fits_loosely(text));
        fitting.filter_map(|grammar| grammar.check)
    }
}
