//! The storage port of `lending-core` on SQLite: one durable, atomic commit at a time.
//!
//! One file holds accounts, histories, the journal, records, receipts, the outbox and the progress
//! of jobs. A [`Commit`](lending_core::store::Commit) is one transaction: when it returns, it is on
//! the disk; when it fails, nothing of it is.
//!
//! ```
//! use lending_core::store::{Commit, Message, Store};
//! use storage_sqlite::{Options, SqliteStore};
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("lender.db");
//! let mut store = SqliteStore::open(&path, &Options::default())?;
//! let outbox = vec![Message { topic: "greeting".into(), account: None, body: vec![] }];
//! let outcome = store.commit(&Commit { outbox, ..Commit::default() })?;
//! assert_eq!(outcome.receipt().sequence, 1);
//! drop(store);
//!
//! let mut store = SqliteStore::open(&path, &Options::default())?;
//! assert_eq!(store.statistics()?.messages_pending, 1);
//! assert!(store.verify(None)?.is_sound());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What it promises
//!
//! - **Durable**: write-ahead log, every commit synced (`synchronous=EXTRA`). [`Durability::ProcessCrash`] is a
//!   choice with its loss named.
//!   A build on Linux should sync with `fdatasync`: `LIBSQLITE3_FLAGS=-DHAVE_FDATASYNC=1` in the
//!   environment of cargo, or in `[env]` of its configuration. The `fsync` that SQLite calls otherwise
//!   also writes the time of change, and keeps no more of a commit.
//! - **Exact**: money is an INTEGER of minor units, a date an INTEGER of days. Tables are STRICT.
//! - **Append-only**: events, entries, lines and the commit log refuse UPDATE and DELETE by
//!   triggers, and the connection refuses to drop a table or a trigger. Every commit's hash covers
//!   the one before, see [`SqliteStore::head`]: keep a head outside of the file, since whoever
//!   holds the file can write the whole chain anew.
//! - **One writer**: a second writer waits for [`Options::busy_timeout`] and then hears
//!   [`BackendKind::Busy`](lending_core::store::BackendKind::Busy). Readers never wait. For many
//!   callers in one process, [`GroupCommit`] lands what waits together in one durable write, and
//!   [`run_in_parallel`] closes a business date with every core deciding
//!   ([`catch_up_in_parallel`] several).
//! - **Copies**: [`SqliteStore::backup`] copies a file while it is in use; [`restore`] verifies a copy
//!   and puts it in its place in one step, and by itself replaces only what the copy contains.
//! - **Old files**: migrations run forward at open, each under a checksum. A file of a newer
//!   program, or of another program, is refused untouched.
//! - **Encrypted, if you say so**: with feature `encryption` and [`Options::key`] the file is
//!   SQLCipher's; a build without the feature refuses a key.
//!
//! # Reports in SQL
//!
//! [`Reports`] opens a file for reading only. The views, with amounts in minor units (divide by
//! 10 to the power of `minor_units`) and dates as `YYYY-MM-DD`:
//!
//! | view | a row is | columns |
//! |---|---|---|
//! | `report_accounts` | an account | account, reference, kind, holder, product, branch, currency, minor_units, standing, next_work_on, in_arrears_since, principal, interest, fees, penalties, total, overdue |
//! | `report_arrears` | an account in arrears | account, reference, holder, product, branch, currency, minor_units, in_arrears_since, overdue, principal, total |
//! | `report_journal` | a debit or credit | entry, line, commit_sequence, booking_date, value_date, account, gl, branch, currency, debit, credit, reference, notes, tags, manual_by, reverses |
//! | `report_trial_balance` | a GL account in a branch and currency | gl, branch, currency, minor_units, debit, credit, net |
//! | `report_plans` | an account posted by plan | account, posted_through, posted, last_day |
//! | `report_events` | an event of a history | account, seq, value_date, booking_date, commit_sequence, bytes |
//! | `report_schedule` | an instalment, with [`Reports::with_schedules`] | account, reference, holder, product, branch, currency, minor_units, instalment, due_date, then principal, interest, fees and penalties each `_expected`, `_paid`, `_outstanding`, and total_outstanding |
#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod backup;
mod chain;
mod error;
mod group;
mod key;
mod log;
mod migrate;
mod open;
mod parallel;
mod plan;
mod read;
mod reports;
mod restore;
mod schedule;
mod seen;
mod value;
mod verify;
mod write;

pub use chain::{Head, HeadError};
pub use group::{GroupCommit, Handle};
pub use key::Key;
pub use open::{Durability, Options, SqliteStore};
pub use parallel::{catch_up_in_parallel, run_in_parallel};
pub use reports::Reports;
pub use restore::{Replace, restore};
pub use schedule::{InstalmentAmounts, ScheduledInstalment};
pub use verify::{Finding, Verification};
