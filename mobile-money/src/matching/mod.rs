//! Matching: whose money is it?
//!
//! [`match_payment`] climbs a ladder of ever weaker evidence and stops at the first level that
//! has exactly one candidate. The level and the evidence are part of the answer. What cannot be
//! told for certain goes to suspense with ranked candidates; it is never guessed.
//!
//! ```
//! use mobile_money::{Channel, Match, Message, match_payment, parse};
//! use mobile_money::matching::{AccountEntry, Level, MatchRules, ReferenceBook};
//! let mut book = ReferenceBook::new(MatchRules::default());
//! book.insert(AccountEntry::new("loan-7", "EO41877", "KES".parse()?))?;
//! let body = br#"{"TransID":"SFB41KX7PQ","TransAmount":"1500.00","BillRefNumber":"eo-41877 ","MSISDN":""}"#;
//! let Message::Payment(payment) = parse(Channel::MpesaC2bConfirmation, body)? else { unreachable!() };
//! let Match::Matched { account, evidence, .. } = match_payment(&payment, &book) else { unreachable!() };
//! assert_eq!((account.as_str(), evidence.level), ("loan-7", Level::Canonical));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod book;
mod canonical;
mod grammar;
mod ladder;
mod rules;

pub use book::{AccountEntry, AccountStanding, BookError, Purpose, ReferenceBook};
pub use grammar::CodeGrammar;
pub use ladder::{Agreement, Candidate, Evidence, Match, SuspenseReason, match_payment};
pub use ledger::CheckDigit;
pub use rules::{Level, MatchRules};
