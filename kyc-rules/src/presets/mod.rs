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

/// Nigeria: mobile-money and bank tiers with their dated steps, BVN/NIN from 2023-12-01, foreign transfers.
///
/// # Errors
/// Never for the book as shipped; a test compiles it.
pub fn nigeria() -> Result<RuleBook, BookError> {
    RuleBook::from_json(include_str!("nigeria.json"))
}

/// Ghana: wallet tiers with their dated steps, cash and transfer reports.
///
/// # Errors
/// Never for the book as shipped; a test compiles it.
pub fn ghana() -> Result<RuleBook, BookError> {
    RuleBook::from_json(include_str!("ghana.json"))
}

/// Tanzania: cash reports; the wallet tier and transfer reports are doubtful and switched off.
///
/// # Errors
/// Never for the book as shipped; a test compiles it.
pub fn tanzania() -> Result<RuleBook, BookError> {
    RuleBook::from_json(include_str!("tanzania.json"))
}

/// FATF recommendations 10, 15 and 16: when a customer has to be identified.
///
/// # Errors
/// Never for the book as shipped; a test compiles it.
pub fn fatf() -> Result<RuleBook, BookError> {
    RuleBook::from_json(include_str!("fatf.json"))
}

/// European Union: Regulation (EU) 2024/1624, applying from 2027-07-10.
///
/// # Errors
/// Never for the book as shipped; a test compiles it.
pub fn eu() -> Result<RuleBook, BookError> {
    RuleBook::from_json(include_str!("eu.json"))
}

/// United States: currency transaction reports, transfer records, monetary instruments.
///
/// # Errors
/// Never for the book as shipped; a test compiles it.
pub fn us() -> Result<RuleBook, BookError> {
    RuleBook::from_json(include_str!("us.json"))
}
