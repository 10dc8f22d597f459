//! The ladder.

use alloc::{string::String, vec::Vec};

use ledger::Currency;
use serde::{Deserialize, Serialize};

use super::{
    book::{AccountEntry, AccountStanding, Purpose, ReferenceBook},
    canonical::{canonical, edits, imei14, repairs},
    rules::Level,
};
use crate::payment::{Payment, Phone};

/// Something beside the reference that speaks for an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum Agreement {
    /// The payer's phone is registered for the account or has paid it before.
    Phone,
    /// The amount is what the account expects next.
    Amount,
}

/// Why an account was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// How strong it is.
    pub level: Level,
    /// What of the payment was used, as it was compared.
    pub found_by: String,
    /// What else speaks for the account.
    pub agreements: Vec<Agreement>,
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
    /// The account may not be paid without a person.
    AccountNotActive {
        /// What it is.
        standing: AccountStanding,
    },
    /// The account belongs to another wallet of ours.
    OtherWallet,
    /// The evidence is weaker than the rules allow for this amount.
    EvidenceTooWeak,
    /// The message could not be read at all.
    Unreadable,
    /// The intake holds the transaction: conflict, verification or unknown amount.
    HeldByIntake,
}

/// Whose money it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Match {
    /// Exactly one account, on evidence that may be applied.
    Matched {
        /// The account.
        account: String,
        /// What the money is for.
        purpose: Purpose,
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
/// Climbs from the strongest evidence to the weakest and stops at the first level with a
/// candidate. Two candidates, another currency, another wallet, an account that is not active or
/// evidence weaker than the rules allow are never applied. A payer whose phone differs from the
/// registered one is normal (agents, relatives) and does not count against a reference.
#[must_use]
pub fn match_payment(payment: &Payment, book: &ReferenceBook) -> Match {
    let typed = payment.reference.as_deref().unwrap_or("");
    let search = Search {
        payment,
        book,
        typed,
        key: canonical(typed),
    };
    let levels = [
        Search::exact,
        Search::canonical,
        Search::alias,
        Search::confusable,
        Search::embedded,
        Search::check_digit,
    ];
    let found = levels
        .iter()
        .map(|level| level(&search))
        .find(|f| !f.is_empty());
    if let Some(found) = found {
        return search.decide(found);
    }
    let near = search.edit_distance();
    let (agreed, lonely): (Vec<_>, Vec<_>) = near
        .into_iter()
        .partition(|hit| !search.agreements(hit.at).is_empty());
    if !agreed.is_empty() {
        return search.decide(agreed);
    }
    let by_phone = search.phone();
    if by_phone.is_empty() {
        return search.suspense(SuspenseReason::NoCandidate, lonely);
    }
    search.decide(by_phone)
}

/// An account found at a level, by a text.
struct Hit {
    at: u32,
    level: Level,
    found_by: String,
}

struct Search<'a> {
    payment: &'a Payment,
    book: &'a ReferenceBook,
    typed: &'a str,
    key: String,
}

impl Search<'_> {
    fn hits(level: Level, found_by: &str, found: &[u32]) -> Vec<Hit> {
        let hit = |at: &u32| Hit {
            at: *at,
            level,
            found_by: found_by.into(),
        };
        found.iter().map(hit).collect()
    }

    fn exact(&self) -> Vec<Hit> {
        let mut found = Self::hits(Level::Exact, self.typed, self.book.by_reference(&self.key));
        found.retain(|hit| {
            let entry = self.book.entry(hit.at);
            entry.is_some_and(|entry| entry.reference == self.typed)
        });
        found
    }

    fn canonical(&self) -> Vec<Hit> {
        let found = self.book.by_reference(&self.key);
        if !found.is_empty() {
            return Self::hits(Level::Canonical, &self.key, found);
        }
        // A prefix is only a prefix when what is left is a reference.
        let rests = self.book.rules.prefixes.iter();
        let rests = rests.filter_map(|prefix| self.key.strip_prefix(prefix.as_str()));
        rests
            .map(|rest| Self::hits(Level::Canonical, rest, self.book.by_reference(rest)))
            .find(|found| !found.is_empty())
            .unwrap_or_default()
    }

    fn alias(&self) -> Vec<Hit> {
        let found = self.book.by_alias(&self.key);
        if !found.is_empty() {
            return Self::hits(Level::Alias, &self.key, found);
        }
        let device = imei14(&self.key).unwrap_or("");
        Self::hits(Level::Alias, device, self.book.by_alias(device))
    }

    fn confusable(&self) -> Vec<Hit> {
        Self::hits(Level::Confusable, &self.key, &self.book.by_looks(&self.key))
    }

    fn embedded(&self) -> Vec<Hit> {
        let mut found: Vec<Hit> = Vec::new();
        for part in embedded_parts(self.typed, &self.key, &self.book.rules.grammars) {
            let mut here = self.book.by_reference(&part).to_vec();
            here.extend(self.book.by_alias(&part));
            for hit in Self::hits(Level::Embedded, &part, &here) {
                if found.iter().all(|known| known.at != hit.at) {
                    found.push(hit);
                }
            }
        }
        found
    }

    /// Only the repairs that satisfy the check digit, and only where the form has one.
    fn check_digit(&self) -> Vec<Hit> {
        let checks: Vec<_> = self.book.rules.checks(&self.key).collect();
        if checks.is_empty() || checks.iter().any(|check| check.holds(&self.key)) {
            return Vec::new();
        }
        let right = |text: &String| checks.iter().any(|check| check.holds(text));
        self.lookup(
            Level::CheckDigit,
            repairs(&self.key).into_iter().filter(right),
        )
    }

    fn edit_distance(&self) -> Vec<Hit> {
        // Below four characters everything is near everything.
        if self.key.len() < 4 {
            return Vec::new();
        }
        self.lookup(Level::EditDistance, edits(&self.key).into_iter())
    }

    fn lookup(&self, level: Level, texts: impl Iterator<Item = String>) -> Vec<Hit> {
        let mut found: Vec<Hit> = Vec::new();
        for text in texts {
            for at in self.book.by_reference(&text) {
                if found.iter().all(|known| known.at != *at) {
                    found.push(Hit {
                        at: *at,
                        level,
                        found_by: text.clone(),
                    });
                }
            }
        }
        found
    }

    /// Active accounts of the payer's phone, or of a phone typed as the reference.
    fn phone(&self) -> Vec<Hit> {
        let typed = self
            .book
            .rules
            .dial_plan
            .normalise(self.typed)
            .map(Phone::Plain);
        let mut found: Vec<Hit> = Vec::new();
        for phone in typed.iter().chain(&self.payment.phone) {
            let here = self.book.by_phone(phone);
            for hit in Self::hits(Level::Phone, &phone.shown(), &here) {
                let entry = self.book.entry(hit.at);
                let active = entry.is_some_and(|e| e.standing == AccountStanding::Active);
                if active && found.iter().all(|known| known.at != hit.at) {
                    found.push(hit);
                }
            }
        }
        found
    }

    fn agreements(&self, at: u32) -> Vec<Agreement> {
        let mut agreements = Vec::new();
        let phone = self.payment.phone.as_ref();
        if phone.is_some_and(|phone| self.book.has_phone(at, phone)) {
            agreements.push(Agreement::Phone);
        }
        let expected = self.book.entry(at).and_then(|entry| entry.expected);
        if expected.is_some() && expected == self.payment.amount {
            agreements.push(Agreement::Amount);
        }
        agreements
    }

    fn decide(&self, found: Vec<Hit>) -> Match {
        let [hit] = found.as_slice() else {
            return self.suspense(SuspenseReason::SeveralCandidates, found);
        };
        let Some(entry) = self.book.entry(hit.at) else {
            return self.suspense(SuspenseReason::NoCandidate, found);
        };
        if let Some(reason) = self.objection(entry, hit.level) {
            return self.suspense(reason, found);
        }
        Match::Matched {
            account: entry.account.clone(),
            purpose: entry.purpose,
            evidence: self.evidence(hit),
        }
    }

    fn evidence(&self, hit: &Hit) -> Evidence {
        Evidence {
            level: hit.level,
            found_by: hit.found_by.clone(),
            agreements: self.agreements(hit.at),
        }
    }

    fn suspense(&self, reason: SuspenseReason, found: Vec<Hit>) -> Match {
        let mut candidates: Vec<Candidate> = found
            .iter()
            .filter_map(|hit| {
                Some(Candidate {
                    account: self.book.entry(hit.at)?.account.clone(),
                    evidence: self.evidence(hit),
                })
            })
            .collect();
        // Most agreements first, then the strongest level, then by name: a fixed order.
        candidates.sort_by(|a, b| {
            let weight = |c: &Candidate| {
                (
                    c.evidence.agreements.len(),
                    core::cmp::Reverse(c.evidence.level),
                )
            };
            weight(b)
                .cmp(&weight(a))
                .then_with(|| a.account.cmp(&b.account))
        });
        Match::Suspense { reason, candidates }
    }

    fn objection(&self, entry: &AccountEntry, level: Level) -> Option<SuspenseReason> {
        let payment = self.payment;
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
        if entry.standing != AccountStanding::Active {
            return Some(SuspenseReason::AccountNotActive {
                standing: entry.standing,
            });
        }
        let rules = &self.book.rules;
        let limited = level >= Level::EditDistance
            && rules
                .weak_limit
                .is_some_and(|limit| payment.amount.is_none_or(|amount| amount > limit));
        (limited || level > rules.weakest).then_some(SuspenseReason::EvidenceTooWeak)
    }
}

/// Words of free text rarely matter beyond this many.
const WORDS_MAX: usize = 16;

/// Parts of a longer text that may be a reference: runs of one to three words, and every piece of
/// the text without spaces that has the form of a reference.
fn embedded_parts(typed: &str, key: &str, grammars: &[super::CodeGrammar]) -> Vec<String> {
    let words = typed.split(|sign: char| !sign.is_alphanumeric());
    let words: Vec<String> = words
        .filter(|word| !word.is_empty())
        .take(WORDS_MAX)
        .map(canonical)
        .collect();
    let mut parts: Vec<String> = Vec::new();
    for length in 1..=3_usize {
        // Three letters are a word, not a reference.
        let runs = words.windows(length).map(|run| run.concat());
        parts.extend(runs.filter(|run| run.len() >= 4 && run != key));
    }
    for grammar in grammars {
        let length = grammar.pattern.chars().count();
        let starts = key.char_indices().map(|(at, _)| at);
        let pieces = starts.filter_map(|at| {
            let rest = key.get(at..)?;
            let end = rest
                .char_indices()
                .nth(length)
                .map_or(rest.len(), |(end, _)| end);
            rest.get(..end)
        });
        parts.extend(pieces.filter(|piece| grammar.fits(piece)).map(Into::into));
    }
    parts.sort_unstable();
    parts.dedup();
    parts
}
