//! The conformance kit: what every adapter of the storage port must do, as checks that run.
//!
//! # Write your own adapter in an afternoon
//!
//! 1. Implement [`Store`]. Start each read as the plainest query that gives the right order; every
//!    key the port pages by (id; date and id) wants an index.
//! 2. Write `commit` as one transaction in this order: [`Commit::check`]; the idempotency key
//!    (stored before: answer and stop); guards by version; accounts by `update ... where version = expected`,
//!    looking at the number of rows changed; events and entries by plain inserts whose unique keys
//!    refuse doubles; ledger sums from [`Commit::turnovers`] by `sum = sum + delta`; records;
//!    checkpoints; outbox; receipt. Any refusal rolls all of it back.
//!    A [plan](super::AccrualPlan) is a row of its own with the account's version in it, so that
//!    posting by plan writes that row only; whatever writes the account replaces or deletes it.
//! 3. Give the commit its number inside that transaction, so that numbers have no gaps.
//! 4. Say how to make a store with [`Fixture`] and call [`run`] from a test. It stops at the first
//!    broken promise and names it.
//!
//! `lending-core/tests/adapter.rs` is such an adapter, whole, on a log file; `docs/storage-adapter.md`
//! walks through it. The frame that any adapter starts from:
//!
//! ```
//! use lending_core::store::{MemoryStore, Store, StoreError, conformance};
//!
//! /// Makes stores for the kit: a fresh one for each check.
//! struct InMemory;
//!
//! impl conformance::Fixture for InMemory {
//!     fn fresh(&mut self) -> Result<Box<dyn Store>, StoreError> {
//!         Ok(Box::new(MemoryStore::new()))
//!     }
//! }
//!
//! let report = conformance::run(&mut InMemory).expect("every promise is kept");
//! assert!(report.passed.contains(&"a stale account in the middle of a page writes nothing"));
//! ```
//!
//! A store that outlives its process also overrides [`Fixture::reopen`]: each check then closes
//! the store when it is done, opens it again, and compares everything in it.

mod atomicity;
mod idempotency;
mod journal;
mod outbox;
mod paging;
mod plans;
mod read_sets;
mod records;
mod sample;
mod snapshot;
mod versions;

use alloc::{
    boxed::Box,
    format,
    string::{String, ToString},
    vec::Vec,
};

pub use snapshot::snapshot;

#[cfg(doc)]
use super::Commit;
use super::{Store, StoreError};

/// Makes the stores that the kit checks.
pub trait Fixture {
    /// An empty store.
    ///
    /// # Errors
    /// When it cannot be made.
    fn fresh(&mut self) -> Result<Box<dyn Store>, StoreError>;

    /// Closes a store and opens it again, as a new process would.
    ///
    /// A store without a life beyond its process is given back as it is.
    ///
    /// # Errors
    /// When it cannot be opened.
    fn reopen(&mut self, store: Box<dyn Store>) -> Result<Box<dyn Store>, StoreError> {
        Ok(store)
    }
}

/// A promise that an adapter does not keep.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{check}: {found}")]
pub struct Failure {
    /// Which check.
    pub check: &'static str,
    /// What was expected and what was found.
    pub found: String,
}

/// What was checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The checks passed, in order.
    pub passed: Vec<&'static str>,
}

/// What a check found; not an error type, so that `?` takes any error.
struct Broken(String);

impl<E: core::error::Error> From<E> for Broken {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

type Check = fn(&mut dyn Store) -> Result<(), Broken>;

/// Fails the check unless both sides are equal.
fn same<T: PartialEq + core::fmt::Debug>(
    what: &str,
    found: &T,
    expected: &T,
) -> Result<(), Broken> {
    if found == expected {
        Ok(())
    } else {
        Err(Broken(format!(
            "{what}: expected {expected:?}, found {found:?}"
        )))
    }
}

/// Fails the check unless the commit lands now.
fn land(store: &mut dyn Store, commit: &super::Commit) -> Result<(), Broken> {
    same(
        "commit is applied",
        &store.commit(commit)?.is_applied(),
        &true,
    )
}

/// Fails the check unless the commit is refused with this code and leaves no trace.
fn refused(store: &mut dyn Store, commit: &super::Commit, code: u16) -> Result<(), Broken> {
    let before = snapshot(store)?;
    match store.commit(commit) {
        Ok(outcome) => {
            return Err(Broken(format!(
                "expected a refusal {code}, found {outcome:?}"
            )));
        }
        Err(error) if error.code() == code => {}
        Err(error) => {
            let found = error.code();
            return Err(Broken(format!(
                "expected refusal {code}, found {found}: {error}"
            )));
        }
    }
    same("content after a refusal", &snapshot(store)?, &before)
}

/// Runs every check, each on a fresh store.
///
/// # Errors
/// The first promise that is not kept.
pub fn run(fixture: &mut dyn Fixture) -> Result<Report, Failure> {
    let themes: [&[(&'static str, Check)]; 9] = [
        atomicity::CHECKS,
        versions::CHECKS,
        idempotency::CHECKS,
        paging::CHECKS,
        plans::CHECKS,
        journal::CHECKS,
        records::CHECKS,
        read_sets::CHECKS,
        outbox::CHECKS,
    ];
    let mut report = Report::default();
    for (check, body) in themes.into_iter().flatten().copied() {
        run_one(fixture, body).map_err(|Broken(found)| Failure { check, found })?;
        report.passed.push(check);
    }
    Ok(report)
}

fn run_one(fixture: &mut dyn Fixture, body: Check) -> Result<(), Broken> {
    let mut store = fixture.fresh()?;
    body(&mut *store)?;
    let before = snapshot(&mut *store)?;
    let mut store = fixture.reopen(store)?;
    same(
        "content after it was closed and opened",
        &snapshot(&mut *store)?,
        &before,
    )
}
