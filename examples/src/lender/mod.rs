//! A lender in one program: the crates composed into a day-by-day business on one SQLite file.
//!
//! ```text
//! files ─► folder (read, checked) ─► run: per business date ─► store (one commit)
//!                                     clients    kyc-rules
//!                                     loans      products ─► lending-core
//!                                     money      mobile-money ─► suspense ─► lending-core
//!                                     devices    mobile-money: deals, tokens, locks
//!                                     end of day lending-core, in pages
//! desk ─► refinance: two accounts decided on as of one moment, one commit
//! store ─► report: portfolio, arrears, devices, suspense, statements,
//!                   trial balance, proof
//! store ─► export: the journal for ledger, hledger, beancount
//! ```
//!
//! All input is read and checked before the database is opened, so refused input changes nothing.

pub mod care;
pub mod catalogue;
mod check;
pub mod cli;
pub mod desk;
mod error;
pub mod export;
pub mod folder;
pub mod generate;
mod ids;
pub mod paygo;
pub mod preview;
pub mod records;
pub mod report;
pub mod run;
pub mod show;
pub mod source;
pub mod sql;

pub use error::{Failure, InputError, Place};
pub use folder::Folder;
