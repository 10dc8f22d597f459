//! The ladder.

use alloc::{string::String, vec::Vec};

use ledger::Currency;
use serde::{Deserialize, Serialize};

use super::{
    book::{AccountEntry, AccountStanding, ReferenceBook},
    canonical::canonical,
    rules::Level,
};
use crate::payment::Payment;

/// Why an account was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// How strong it is.
    pub level: Level,
    /// What of the payment was used.
    pub found_by: String,
    /// What of the account it met.
    pub met: String,
}

/// An account that the money may belong to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Candidate {
    /// The account.
    pub account: String,
    /// Why.
    pub evidence: Evidence,
}

/// Why the money stays in suspense.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum SuspenseReason {
    /// No account was found at any level.
    NoCandidate,
    /// More than one account was found at the best level.
    SeveralCandidates,
    /// The account is in another currency.
    CurrencyMismatch {
        /// The payment's currency.
        paid: Currency,
        /// The account's currency.
        account: Currency,
    },
    /// The account may not be paid.
    AccountNotActive,
    /// The account belongs to another wallet of ours.
    OtherWallet,
}

/// Whose money it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Match {
    /// Exactly one account, on evidence that may be applied.
    Matched {
        /// The account.
        account: String,
        /// Why.
        evidence: Evidence,
    },
    /// Not certain. The money stays in suspense.
    Suspense {
        /// Why.
        reason: SuspenseReason,
        /// Who it may be, best first.
        candidates: Vec<Candidate>,
    },
}

/// Finds the account that a payment belongs to.
///
/// Stops at the first level with a candidate. Two candidates, another currency, another wallet or
/// an account that is not active are never applied.
#[must_use]
pub fn match_payment(payment: &Payment, book: &ReferenceBook) -> Match {
    let typed = payment.reference.as_deref().unwrap_or("");
    let key = canonical(typed);
    let mut found = candidates(book, book.by_canonical(&key), typed, Level::Canonical);
    let exact = |c: &(&AccountEntry, Evidence)| c.0.reference == typed;
    if found.iter().any(exact) {
        found.retain(exact);
        for (_, evidence) in &mut found {
            evidence.level = Level::Exact;
        }
    }
    decide(payment, found)
}

fn candidates<'a>(
    book: &'a ReferenceBook,
    holders: &[u32],
    found_by: &str,
    level: Level,
) -> Vec<(&'a AccountEntry, Evidence)> {
    let entries = holders.iter().filter_map(|at| book.entry(*at));
    entries
        .map(|entry| {
            let evidence = Evidence {
                level,
                found_by: found_by.into(),
                met: entry.reference.clone(),
            };
            (entry, evidence)
        })
        .collect()
}

fn decide(payment: &Payment, found: Vec<(&AccountEntry, Evidence)>) -> Match {
    let reason = match found.as_slice() {
        [] => Some(SuspenseReason::NoCandidate),
        [(entry, _)] => objection(payment, entry),
        _ => Some(SuspenseReason::SeveralCandidates),
    };
    let mut candidates = found.into_iter().map(|(entry, evidence)| Candidate {
        account: entry.account.clone(),
        evidence,
    });
    match reason {
        Some(reason) => Match::Suspense {
            reason,
            candidates: candidates.collect(),
        },
        None => candidates.next().map_or(
            Match::Suspense {
                reason: SuspenseReason::NoCandidate,
                candidates: Vec::new(),
            },
            |one| Match::Matched {
                account: one.account,
                evidence: one.evidence,
            },
        ),
    }
}

fn objection(payment: &Payment, entry: &AccountEntry) -> Option<SuspenseReason> {
    if let Some(paid) = payment.currency
        && paid != entry.currency
    {
        return Some(SuspenseReason::CurrencyMismatch {
            paid,
            account: entry.currency,
        });
    }
    if let (Some(paid), Some(own)) = (&payment.wallet, &entry.wallet)
        && paid != own
    {
        return Some(SuspenseReason::OtherWallet);
    }
    (entry.standing != AccountStanding::Active).then_some(SuspenseReason::AccountNotActive)
}
