//! The reference store: everything in ordered maps.

use alloc::{
    boxed::Box,
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};
use core::{num::NonZeroU32, ops::Bound};

use chrono::NaiveDate;
use ledger::EntryId;

use super::{
    AccountWrite, AccrualPlan, Accruing, BalanceQuery, Commit, Delivery, GlBalance, IndexKey,
    JournalKey, JournalQuery, LedgerKey, Outcome, PageKey, PostedEntry, Receipt, RecordContent,
    RecordScan, Scan, Statistics, Store, StoreError, StoredAccount, StoredCheckpoint, StoredEvent,
    StoredReceipt, StoredRecord, Subject, Turnover,
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
            let found = self.account_version(guard.account);
            if found.is_none() {
                return Err(StoreError::UnknownAccount {
                    account: guard.account,
                });
            }
            expect(Subject::Account(guard.account), Some(guard.version), found)?;
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
            let found = self
                .records
                .get(&(write.kind, write.id))
                .map(|record| record.version);
            expect(
                Subject::Record(Box::new((write.kind, write.id))),
                write.expected,
                found,
            )?;
        }
        for write in &commit.checkpoints {
            let found = self
                .checkpoints
                .get(&write.job)
                .map(|checkpoint| checkpoint.version);
            expect(
                Subject::Checkpoint(Box::new(write.job)),
                write.expected,
                found,
            )?;
        }
        self.admit_history(commit)
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

    /// Writes what was admitted: nothing in here can fail.
    fn land(&mut self, commit: &Commit) -> Receipt {
        self.commits = self.commits.saturating_add(1);
        let plans: BTreeMap<_, _> = commit
            .plans
            .iter()
            .map(|write| (write.account, &write.plan))
            .collect();
        for write in &commit.accounts {
            self.references.insert(write.header.reference, write.id);
            let account = StoredAccount {
                id: write.id,
                version: next(write.expected),
                header: write.header.clone(),
                state: write.state.clone(),
                plan: plans.get(&write.id).copied().cloned(),
            };
            self.accounts.insert(write.id, account);
        }
        for write in &commit.accruals {
            if let Some(account) = self.accounts.get_mut(&write.account) {
                account.version = next(Some(account.version));
                let interest = &mut account.header.balances.interest;
                *interest = interest.saturating_add(write.amount);
                let moved = |plan: AccrualPlan| plan.moved(write.through, write.amount);
                account.plan = account.plan.take().map(moved);
            }
        }
        for event in &commit.events {
            self.events
                .entry(event.account)
                .or_default()
                .insert(event.seq, event.clone());
        }
        for posted in &commit.entries {
            self.entries.insert(posted.entry.id(), posted.clone());
        }
        for (key, moved) in commit.turnovers() {
            let sum = self.turnovers.entry(key).or_default();
            *sum = sum.plus(moved);
        }
        self.land_rest(commit);
        let reply = commit
            .idempotency
            .as_ref()
            .map(|i| i.reply.clone())
            .unwrap_or_default();
        let receipt = Receipt {
            sequence: self.commits,
            reply,
        };
        if let Some(idempotency) = &commit.idempotency {
            let stored = StoredReceipt {
                fingerprint: idempotency.fingerprint,
                keep_until: idempotency.keep_until,
                receipt: receipt.clone(),
            };
            self.receipts.insert(idempotency.key, stored);
        }
        receipt
    }

    fn land_rest(&mut self, commit: &Commit) {
        for write in &commit.records {
            let at = (write.kind, write.id);
            match &write.content {
                RecordContent::Erase => {
                    self.records.remove(&at);
                }
                RecordContent::Put { body, keys } => {
                    let (kind, id) = at;
                    let version = next(write.expected);
                    let (body, keys) = (body.clone(), in_order(keys));
                    self.records.insert(
                        at,
                        StoredRecord {
                            kind,
                            id,
                            version,
                            body,
                            keys,
                        },
                    );
                }
            }
        }
        for write in &commit.checkpoints {
            let (job, version) = (write.job, next(write.expected));
            let body = write.body.clone();
            self.checkpoints
                .insert(job, StoredCheckpoint { job, version, body });
        }
        for message in &commit.outbox {
            self.messages = self.messages.saturating_add(1);
            let delivery = Delivery {
                number: self.messages,
                topic: message.topic.clone(),
                account: message.account,
                body: message.body.clone(),
            };
            self.outbox.insert(self.messages, delivery);
        }
    }
}

/// Keys in order and once each, as every store gives them back.
fn in_order(keys: &[IndexKey]) -> Vec<IndexKey> {
    let mut keys = keys.to_vec();
    keys.sort();
    keys.dedup();
    keys
}

fn next(expected: Option<u64>) -> u64 {
    expected.unwrap_or(0).saturating_add(1)
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

fn up_to(limit: NonZeroU32) -> usize {
    usize::try_from(limit.get()).unwrap_or(usize::MAX)
}

/// The lowest `limit` values behind `after` by key, in order, appended to `out`.
fn page<'a, T: Clone + 'a, K: Ord + Copy>(
    values: impl Iterator<Item = &'a T>,
    key_of: impl Fn(&T) -> K,
    after: Option<K>,
    limit: NonZeroU32,
    out: &mut Vec<T>,
) {
    let mut found: Vec<_> = values
        .map(|value| (key_of(value), value))
        .filter(|(key, _)| after.is_none_or(|after| *key > after))
        .collect();
    found.sort_unstable_by_key(|(key, _)| *key);
    out.extend(
        found
            .into_iter()
            .take(up_to(limit))
            .map(|(_, value)| value.clone()),
    );
}

impl Store for MemoryStore {
    fn account(&mut self, id: AccountId) -> Result<Option<StoredAccount>, StoreError> {
        Ok(self.accounts.get(&id).cloned())
    }

    fn account_by_reference(
        &mut self,
        reference: &AccountRef,
    ) -> Result<Option<StoredAccount>, StoreError> {
        let id = self.references.get(reference);
        Ok(id.and_then(|id| self.accounts.get(id)).cloned())
    }

    fn accounts(
        &mut self,
        scan: &Scan,
        after: Option<PageKey>,
        limit: NonZeroU32,
        out: &mut Vec<StoredAccount>,
    ) -> Result<(), StoreError> {
        if matches!(scan, Scan::All) {
            let from = after.map_or(Bound::Unbounded, |after| Bound::Excluded(after.id));
            let behind = self.accounts.range((from, Bound::Unbounded));
            out.extend(
                behind
                    .take(up_to(limit))
                    .map(|(_, account)| account.clone()),
            );
        } else {
            let found = self
                .accounts
                .values()
                .filter(|account| scan.includes(account));
            page(found, |account| scan.key_of(account), after, limit, out);
        }
        Ok(())
    }

    fn accruing(
        &mut self,
        date: NaiveDate,
        after: Option<AccountId>,
        limit: NonZeroU32,
        out: &mut Vec<Accruing>,
    ) -> Result<(), StoreError> {
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        let found = self
            .accounts
            .range((from, Bound::Unbounded))
            .filter_map(|(id, account)| {
                let plan = account.plan.as_ref().filter(|plan| plan.covers(date))?;
                Some(Accruing {
                    account: *id,
                    version: account.version,
                    product: account.header.product,
                    branch: account.header.branch,
                    currency: account.header.currency,
                    plan: plan.clone(),
                })
            });
        out.extend(found.take(up_to(limit)));
        Ok(())
    }

    fn events(
        &mut self,
        account: AccountId,
        from: Option<NaiveDate>,
        out: &mut Vec<StoredEvent>,
    ) -> Result<(), StoreError> {
        let Some(history) = self.events.get(&account) else {
            return Ok(());
        };
        let mut found: Vec<_> = history
            .values()
            .filter(|event| from.is_none_or(|from| event.value_date >= from))
            .collect();
        found.sort_by_key(|event| (event.value_date, event.seq));
        out.extend(found.into_iter().cloned());
        Ok(())
    }

    fn receipt(&mut self, key: IdempotencyKey) -> Result<Option<StoredReceipt>, StoreError> {
        Ok(self.receipts.get(&key).cloned())
    }

    fn checkpoint(&mut self, job: &JobId) -> Result<Option<StoredCheckpoint>, StoreError> {
        Ok(self.checkpoints.get(job).cloned())
    }

    fn record(
        &mut self,
        kind: &RecordKind,
        id: &RecordId,
    ) -> Result<Option<StoredRecord>, StoreError> {
        Ok(self.records.get(&(*kind, *id)).cloned())
    }

    fn records(
        &mut self,
        scan: &RecordScan,
        after: Option<&RecordId>,
        limit: NonZeroU32,
        out: &mut Vec<StoredRecord>,
    ) -> Result<(), StoreError> {
        let found = self.records.values().filter(|record| {
            record.kind == scan.kind
                && scan
                    .key
                    .as_ref()
                    .is_none_or(|key| record.keys.contains(key))
        });
        page(found, |record| record.id, after.copied(), limit, out);
        Ok(())
    }

    fn balances(&mut self, query: &BalanceQuery) -> Result<Vec<GlBalance>, StoreError> {
        let mut sums = BTreeMap::<_, Turnover>::new();
        for (key, moved) in &self.turnovers {
            let wanted = query
                .valued_through
                .is_none_or(|through| key.value_date <= through)
                && query
                    .booked_through
                    .is_none_or(|through| key.booking_date <= through)
                && query.gl.is_none_or(|gl| key.gl == gl);
            if wanted {
                let sum = sums.entry((key.gl, key.branch, key.currency)).or_default();
                *sum = sum.plus(*moved);
            }
        }
        let balance = |((gl, branch, currency), sum): (_, Turnover)| GlBalance {
            gl,
            branch,
            currency,
            debit: sum.debit,
            credit: sum.credit,
        };
        Ok(sums.into_iter().map(balance).collect())
    }

    fn journal(
        &mut self,
        query: &JournalQuery,
        after: Option<JournalKey>,
        limit: NonZeroU32,
        out: &mut Vec<PostedEntry>,
    ) -> Result<(), StoreError> {
        let found = self
            .entries
            .values()
            .filter(|posted| query.includes(posted));
        page(found, |posted| query.key_of(posted), after, limit, out);
        Ok(())
    }

    fn outbox(&mut self, limit: NonZeroU32, out: &mut Vec<Delivery>) -> Result<(), StoreError> {
        out.extend(self.outbox.values().take(up_to(limit)).cloned());
        Ok(())
    }

    fn statistics(&mut self) -> Result<Statistics, StoreError> {
        let count = |length: usize| u64::try_from(length).unwrap_or(u64::MAX);
        Ok(Statistics {
            commits: self.commits,
            accounts: count(self.accounts.len()),
            events: count(self.events.values().map(BTreeMap::len).sum()),
            entries: count(self.entries.len()),
            records: count(self.records.len()),
            receipts: count(self.receipts.len()),
            messages_pending: count(self.outbox.len()),
        })
    }

    fn commit(&mut self, commit: &Commit) -> Result<Outcome, StoreError> {
        commit.check()?;
        if let Some(outcome) = self.earlier(commit)? {
            return Ok(outcome);
        }
        self.admit(commit)?;
        Ok(Outcome::Applied(self.land(commit)))
    }

    fn acknowledge(&mut self, through: u64) -> Result<(), StoreError> {
        if through > self.messages {
            return Err(StoreError::UnknownMessage {
                through,
                last: self.messages,
            });
        }
        self.outbox.retain(|number, _| *number > through);
        Ok(())
    }

    fn expire_receipts(&mut self, today: NaiveDate) -> Result<u64, StoreError> {
        let before = self.receipts.len();
        self.receipts
            .retain(|_, receipt| receipt.keep_until >= today);
        let forgotten = before.saturating_sub(self.receipts.len());
        Ok(u64::try_from(forgotten).unwrap_or(u64::MAX))
    }
}
