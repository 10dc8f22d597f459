//! Screening a client against a list the host loads: sanctions, politically exposed persons, the
//! lender's own blacklist.
//!
//! The list is indexed once; a query looks up a few keys, compares the best candidates and gives
//! every potential match with its reasons. A hit is never a verdict: a rule decides what a score
//! means ([`crate::rules::Cond::Screened`]), and a person decides whether it is the same person.
//!
//! Cost: indexing is linear in the list; a query compares at most [`CANDIDATES_MAX`] entries.
//!
//! ```
//! use kyc_rules::screening::{ListEntry, ScreenOptions, ScreeningList, Subject};
//! let list = ScreeningList::new("own-blacklist".try_into()?, "2026-11-20", vec![
//!     ListEntry::person("E1", "Moses Byaruhanga").born(1970),
//!     ListEntry::person("E2", "Sarah Nakato"),
//! ]);
//! let on = chrono::NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
//! let hits = list.screen(&Subject::person("C-1", "BYARUHANGA Moses K."), &ScreenOptions::default(), on);
//! assert_eq!(hits[0].entry, "E1");
//! assert!(hits[0].score >= 9_000);
//! # Ok::<(), kyc_rules::code::CodeError>(())
//! ```

mod index;
mod subject;

pub use index::{CANDIDATES_MAX, ScreeningList};
pub use subject::{
    Alias, AliasStrength, Band, Hit, ListEntry, Qualifier, QualifierKind, ScreenOptions, Subject,
    Suppression,
};
