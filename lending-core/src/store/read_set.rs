//! What a decision reads: asked for first, at one moment, and guarded when it lands.
//!
//! A decision that looks at more than the account it writes (the credit line that limits a loan,
//! the rule book it was judged by, a client's record) names all of it in a [`ReadSet`]. The store
//! answers with [`Found`], everything as of one moment. What the decision then does not write
//! becomes a [`Guard`]: the commit lands only if it is still as it was read. Two decisions that
//! look at the same limit and each write another account cannot both land on it.
//!
//! [`carry_out`] is the whole round: read, decide, guard, commit, and again when somebody else was
//! faster.
//!
//! ```
//! use core::num::NonZeroU32;
//! use lending_core::store::{
//!     carry_out, Commit, MemoryStore, ReadSet, RecordContent, RecordWrite, Store, StoreError,
//! };
//!
//! let mut store = MemoryStore::new();
//! let (kind, id) = ("branch-limit".parse()?, "KLA-01".parse()?);
//! let reads = ReadSet::new().record(kind, id);
//! let tries = NonZeroU32::new(3).expect("three");
//! carry_out(&mut store, &reads, tries, |found| {
//!     let lent = found.record(kind, id).map_or(0, |record| record.body[0]);
//!     let content = RecordContent::Put { body: vec![lent + 1], keys: vec![] };
//!     let expected = found.record(kind, id).map(|record| record.version);
//!     Ok::<_, StoreError>(Commit {
//!         records: vec![RecordWrite { kind, id, expected, content }],
//!         ..Commit::default()
//!     })
//! })?;
//! assert_eq!(store.record(&kind, &id)?.map(|record| record.body), Some(vec![1]));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use alloc::{
    boxed::Box,
    collections::{BTreeMap, BTreeSet},
};
use core::num::NonZeroU32;

use serde::{Deserialize, Serialize};

use super::{
    Commit, Guard, Outcome, Store, StoreError, StoredAccount, StoredCheckpoint, StoredReceipt,
    StoredRecord, Subject,
};
use crate::ids::{AccountId, AccountRef, IdempotencyKey, JobId, RecordId, RecordKind};

/// The keys of everything that a decision looks at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadSet {
    /// Accounts by id.
    pub accounts: BTreeSet<AccountId>,
    /// Accounts by number.
    pub references: BTreeSet<AccountRef>,
    /// Records.
    pub records: BTreeSet<(RecordKind, RecordId)>,
    /// Progress of jobs.
    pub checkpoints: BTreeSet<JobId>,
    /// The receipt of the same request, if it may have been sent before.
    pub receipt: Option<IdempotencyKey>,
}

impl ReadSet {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// And an account.
    #[must_use]
    pub fn account(mut self, id: AccountId) -> Self {
        self.accounts.insert(id);
        self
    }

    /// And the account with this number.
    #[must_use]
    pub fn reference(mut self, reference: AccountRef) -> Self {
        self.references.insert(reference);
        self
    }

    /// And a record.
    #[must_use]
    pub fn record(mut self, kind: RecordKind, id: RecordId) -> Self {
        self.records.insert((kind, id));
        self
    }

    /// And the progress of a job.
    #[must_use]
    pub fn checkpoint(mut self, job: JobId) -> Self {
        self.checkpoints.insert(job);
        self
    }

    /// And the receipt of an earlier request with this key.
    #[must_use]
    pub fn receipt(mut self, key: IdempotencyKey) -> Self {
        self.receipt = Some(key);
        self
    }

    /// Reads key by key. This is the whole of [`Store::read`] for a store that nobody else writes to
    /// meanwhile; an adapter of a shared database calls it inside of one transaction.
    ///
    /// # Errors
    /// When the database fails.
    pub fn read_each<S: Store + ?Sized>(&self, store: &mut S) -> Result<Found, StoreError> {
        let mut found = Found::default();
        for id in &self.accounts {
            let _new = found.accounts.insert(*id, store.account(*id)?);
        }
        for reference in &self.references {
            let account = store.account_by_reference(reference)?;
            let id = account.as_ref().map(|account| account.id);
            let _new = found.references.insert(*reference, id);
            if let Some(id) = id {
                let _new = found.accounts.insert(id, account);
            }
        }
        for (kind, id) in &self.records {
            let _new = found.records.insert((*kind, *id), store.record(kind, id)?);
        }
        for job in &self.checkpoints {
            let _new = found.checkpoints.insert(*job, store.checkpoint(job)?);
        }
        if let Some(key) = self.receipt {
            found.receipt = store.receipt(key)?;
        }
        Ok(found)
    }
}

/// What a [`ReadSet`] found, all of it at one moment. What was asked for and does not exist is kept as
/// that: a guard then holds that it still does not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Accounts, also those asked for by number.
    pub accounts: BTreeMap<AccountId, Option<StoredAccount>>,
    /// Which accounts have the numbers asked for.
    pub references: BTreeMap<AccountRef, Option<AccountId>>,
    /// Records.
    pub records: BTreeMap<(RecordKind, RecordId), Option<StoredRecord>>,
    /// Progress of jobs.
    pub checkpoints: BTreeMap<JobId, Option<StoredCheckpoint>>,
    /// The receipt of the same request.
    pub receipt: Option<StoredReceipt>,
}

impl Found {
    /// An account that was asked for by id or number, if it exists.
    #[must_use]
    pub fn account(&self, id: AccountId) -> Option<&StoredAccount> {
        self.accounts.get(&id)?.as_ref()
    }

    /// The account with this number, if it was asked for and exists.
    #[must_use]
    pub fn reference(&self, reference: &AccountRef) -> Option<&StoredAccount> {
        self.account((*self.references.get(reference)?)?)
    }

    /// A record that was asked for, if it exists.
    #[must_use]
    pub fn record(&self, kind: RecordKind, id: RecordId) -> Option<&StoredRecord> {
        self.records.get(&(kind, id))?.as_ref()
    }

    /// The progress of a job that was asked for, if it has made any.
    #[must_use]
    pub fn checkpoint(&self, job: &JobId) -> Option<&StoredCheckpoint> {
        self.checkpoints.get(job)?.as_ref()
    }

    /// Adds a guard to a commit for all that was read, except what the commit writes (a write names
    /// the version it expects) or guards already. A number that no account had needs none: two
    /// accounts cannot take it.
    pub fn guard(&self, commit: &mut Commit) {
        let mut known: BTreeSet<Subject> = commit.written().collect();
        known.extend(commit.guards.iter().map(|guard| guard.subject.clone()));
        let accounts = self.accounts.iter().map(|(id, found)| {
            let version = found.as_ref().map(|account| account.version);
            (Subject::Account(*id), version)
        });
        let records = self.records.iter().map(|(key, found)| {
            let version = found.as_ref().map(|record| record.version);
            (Subject::Record(Box::new(*key)), version)
        });
        let checkpoints = self.checkpoints.iter().map(|(job, found)| {
            let version = found.as_ref().map(|checkpoint| checkpoint.version);
            (Subject::Checkpoint(Box::new(*job)), version)
        });
        let read = accounts.chain(records).chain(checkpoints);
        let guards = read
            .filter(|(subject, _)| !known.contains(subject))
            .map(|(subject, expected)| Guard { subject, expected });
        commit.guards.extend(guards);
    }
}

/// Reads, decides, guards what was only read, commits; when something was written in between, all of
/// it again, at most `tries` times.
///
/// A decision may be made several times and must not do anything but decide. One that leaves its
/// commit empty has nothing to say: nothing is written, and there is no outcome.
///
/// # Errors
/// The decision's own; of the store, the last [`StoreError::Stale`] when every try met one, and
/// anything else at once.
pub fn carry_out<S, E>(
    store: &mut S,
    reads: &ReadSet,
    tries: NonZeroU32,
    mut decide: impl FnMut(&Found) -> Result<Commit, E>,
) -> Result<Option<Outcome>, E>
where
    S: Store + ?Sized,
    E: From<StoreError>,
{
    let mut left = tries.get();
    loop {
        let found = store.read(reads)?;
        let mut commit = decide(&found)?;
        if commit.is_empty() {
            return Ok(None);
        }
        found.guard(&mut commit);
        left = left.saturating_sub(1);
        match store.commit(&commit) {
            Err(StoreError::Stale { .. }) if left > 0 => {}
            outcome => return Ok(Some(outcome?)),
        }
    }
}
