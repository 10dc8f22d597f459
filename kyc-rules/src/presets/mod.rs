//! Published figures as rule books: examples to check and adapt, not legal advice.
//!
//! Each figure carries its source, the date of the source and how sure it is
//! ([`crate::rules::Confidence`]); doubtful ones (C) are there but switched off. The comparison is
//! the source's own: "exceeding" is `gt`, "or more" is `ge`.
//!
//! ```
//! use kyc_rules::{presets, rules::{Confidence, RuleState}};
//! for tier in presets::kenya()?.tiers {
//!     if tier.cite.iter().any(|c| c.confidence == Confidence::C) {
//!         assert_eq!(tier.state, RuleState::Inactive);
//!     }
//! }
//! # Ok::<(), kyc_rules::rules::BookError>(())
//! ```

use crate::rules::{BookError, RuleBook};

/// Uganda: wallet tiers of the national payment system rules, identity at agents, cash reports.
///
/// # Errors
/// Never for the book as shipped; a test compiles it.
pub fn uganda() -> Result<RuleBook, BookError> {
    RuleBook::from_json(include_str!("uganda.json"))
}

/// Kenya: the wallet tier, cash reports (switched off: the sources conflict).
///
/// # Errors
/// Never for the book as shipped; a test compiles it.
pub fn kenya() -> Result<RuleBook, BookError> {
    RuleBook::from_json(include_str!("kenya.json"))
}
