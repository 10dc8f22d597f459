//! Evidence: the journal as a Merkle log (RFC 6962), so that nothing can be changed unseen.
//!
//! Every entry becomes one record, and so does everything else that is done to a journal (an
//! [`Act`]): the chart it is opened over, limits, reservations, closed periods, imports. The root over all records is 32 bytes that can be published,
//! signed or sent to an auditor. An [`InclusionProof`] shows that an entry is under a root, a
//! [`ConsistencyProof`] that a later journal only added to an earlier one; verifying either needs
//! the proof and the roots, not the journal.
//!
//! A journal keeps the log when it is made with [`Journal::with_evidence`](crate::Journal::with_evidence).
//!
//! ```
//! use chrono::NaiveDate;
//! use ledger::{chart::ready, evidence::entry_record, Currency, EntryId, Journal, JournalEntry, Money, Sequence};
//! let kes = Currency::from_code("KES")?;
//! let day = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
//! let mut journal = Journal::with_evidence(ready::microfinance_lender());
//! for number in 1..=5 {
//!     let amount = Money::from_minor(number * 100, kes)?;
//!     let id = EntryId::new(number.unsigned_abs());
//!     let entry = JournalEntry::builder(id, day, day);
//!     journal.post(entry.debit("1110".parse()?, amount).credit("1120".parse()?, amount).build()?)?;
//! }
//! let log = journal.log().unwrap();
//! let third = entry_record(Sequence::new(3), &journal.entry(Sequence::new(3)).unwrap());
//! let proof = log.prove_inclusion(journal.record_of(Sequence::new(3)).unwrap(), log.len()).unwrap();
//! assert!(proof.verify(&third, &log.root()));
//! let earlier = log.root_at(3).unwrap();
//! assert!(log.prove_consistency(3, log.len()).unwrap().verify(&earlier, &log.root()));
//! // The journal is stored as its records, and comes back from them.
//! let records: Vec<Vec<u8>> = journal.records().collect();
//! assert_eq!(ledger::evidence::examine(&records, &log.record_hashes(), &log.root()), Ok(()));
//! assert_eq!(Journal::from_records(&records, true)?.log(), Some(log));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod act;
mod examine;
mod hash;
mod log;
mod proof;
mod read;
mod record;

pub use act::Act;
pub use examine::{Tampering, examine};
pub use hash::{LogHash, NotAHash};
pub use log::MerkleLog;
pub use proof::{ConsistencyProof, InclusionProof};
pub use read::Record;
pub use record::entry_record;
pub(crate) use record::write_record;
