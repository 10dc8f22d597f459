//! The reference store: everything in ordered maps.

mod land;
mod read;

use alloc::{
    boxed::Box,
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};

use ledger::EntryId;

use super::{
    AccountWrite, Commit, Delivery, LedgerKey, Outcome, PostedEntry, StoreError, StoredAccount,
    StoredCheckpoint, StoredEvent, StoredReceipt, StoredRecord, Subject, Turnover,
};
use crate::ids::{AccountId, AccountRef, IdempotencyKey, JobId, RecordId, RecordKind};

/// A store in memory: the reference that other adapters are compared with, for tests, simulations
/// and previews. Scans other than by id walk all accounts.
///
/// It can be cloned: a clone is a snapshot that goes its own way.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore {
    accounts: BTreeMap<AccountId, StoredAccount>,
    references: BTreeMap<AccountRef, AccountId>,
    events: BTreeMap<AccountId, BTreeMap<u64, StoredEvent>>,
    entries: BTreeMap<EntryId, PostedEntry>,
    turnovers: BTreeMap<LedgerKey, Turnover>,
    records: BTreeMap<(RecordKind, RecordId), StoredRecord>,
    checkpoints: BTreeMap<JobId, StoredCheckpoint>,
    receipts: BTreeMap<IdempotencyKey, StoredReceipt>,
    outbox: BTreeMap<u64, Delivery>,
    messages: u64,
    commits: u64,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What came of the request when it was sent before.
    fn earlier(&self, commit: &Commit) -> Result<Option<Outcome>, StoreError> {
        let Some(idempotency) = &commit.idempotency else {
            return Ok(None);
        };
        match self.receipts.get(&idempotency.key) {
            None => Ok(None),
            Some(earlier) if earlier.fingerprint == idempotency.fingerprint => {
                Ok(Some(Outcome::Replayed(earlier.receipt.clone())))
            }
            Some(_) => Err(StoreError::KeyReused {
                key: idempotency.key,
            }),
        }
    }

    /// Refuses a commit that cannot land, before anything is written.
    fn admit(&self, commit: &Commit) -> Result<(), StoreError> {
        for guard in &commit.guards {
            let found = self.version(&guard.subject);
            expect(guard.subject.clone(), guard.expected, found)?;
        }
        for write in &commit.accounts {
            expect(
                Subject::Account(write.id),
                write.expected,
                self.account_version(write.id),
            )?;
        }
        for write in &commit.accruals {
            let (id, expected) = (write.account, Some(write.expected));
            expect(Subject::Account(id), expected, self.account_version(id))?;
            if self
                .accounts
                .get(&id)
                .is_none_or(|account| account.plan.is_none())
            {
                return Err(StoreError::no_plan(id));
            }
        }
        self.admit_identities(&commit.accounts)?;
        for write in &commit.records {
            let subject = Subject::Record(Box::new((write.kind, write.id)));
            let found = self.version(&subject);
            expect(subject, write.expected, found)?;
        }
        for write in &commit.checkpoints {
            let subject = Subject::Checkpoint(Box::new(write.job));
            let found = self.version(&subject);
            expect(subject, write.expected, found)?;
        }
        self.admit_history(commit)
    }

    fn version(&self, subject: &Subject) -> Option<u64> {
        match subject {
            Subject::Account(id) => self.account_version(*id),
            Subject::Record(at) => self.records.get(&**at).map(|record| record.version),
            Subject::Checkpoint(job) => self.checkpoints.get(&**job).map(|found| found.version),
        }
    }

    fn account_version(&self, id: AccountId) -> Option<u64> {
        self.accounts.get(&id).map(|account| account.version)
    }

    fn admit_identities(&self, writes: &[AccountWrite]) -> Result<(), StoreError> {
        let mut taken = BTreeSet::new();
        for write in writes {
            if let Some(old) = self.accounts.get(&write.id) {
                if !old.header.is_same_identity(&write.header) {
                    return Err(StoreError::IdentityChanged { account: write.id });
                }
                continue;
            }
            let reference = write.header.reference;
            if self.references.contains_key(&reference) || !taken.insert(reference) {
                return Err(StoreError::ReferenceTaken { reference });
            }
        }
        Ok(())
    }

    fn admit_history(&self, commit: &Commit) -> Result<(), StoreError> {
        let mut created: Vec<_> = commit.accounts.iter().map(|write| write.id).collect();
        created.sort_unstable();
        let known =
            |id: &AccountId| self.accounts.contains_key(id) || created.binary_search(id).is_ok();
        for event in &commit.events {
            let (account, seq) = (event.account, event.seq);
            if !known(&account) {
                return Err(StoreError::UnknownAccount { account });
            }
            if self
                .events
                .get(&account)
                .is_some_and(|history| history.contains_key(&seq))
            {
                return Err(StoreError::DuplicateEvent { account, seq });
            }
        }
        for posted in &commit.entries {
            if let Some(account) = posted.account.filter(|account| !known(account)) {
                return Err(StoreError::UnknownAccount { account });
            }
            if self.entries.contains_key(&posted.entry.id()) {
                return Err(StoreError::DuplicateEntry {
                    id: posted.entry.id(),
                });
            }
        }
        let messages = commit.outbox.iter().filter_map(|message| message.account);
        match messages.into_iter().find(|account| !known(account)) {
            Some(account) => Err(StoreError::UnknownAccount { account }),
            None => Ok(()),
        }
    }
}

fn expect(subject: Subject, expected: Option<u64>, found: Option<u64>) -> Result<(), StoreError> {
    if expected == found {
        Ok(())
    } else {
        Err(StoreError::Stale {
            subject,
            expected,
            found,
        })
    }
}
