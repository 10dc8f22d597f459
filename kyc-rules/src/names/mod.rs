//! Names: how alike two of them are, and why.
//!
//! A name is prepared once ([`Name::new`]): accents and invisible characters go, other scripts are
//! written in ASCII (feature `translit`), titles, particles, legal forms and numbers are known for
//! what they are. [`compare`] then aligns the words of two names and gives a score in basis points
//! with the pairs behind it. Scores are whole numbers: every platform gives the same.
//!
//! ```
//! use kyc_rules::names::{Name, NameKind, compare};
//! let name = |text| Name::new(text, NameKind::Person);
//! let found = compare(&name("Ssekandi Edward"), &name("Edward Sekandi"));
//! assert!(found.score >= 9_000, "{}", found.score);
//! assert_eq!(found.pairs.len(), 2);
//! assert!(compare(&name("Kato John"), &name("Wasswa John")).score < 6_000);
//! ```

mod compare;
pub mod distance;
mod edit;
mod normal;
pub mod phonetic;
mod tables;
mod token;
mod wade;

pub use compare::{FULL, NameMatch, WordPair, compare, similarity};
pub use token::{Name, NameKind, Tag};
