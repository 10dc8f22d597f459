//! Everything that is asked.

use alloc::{collections::BTreeMap, vec::Vec};
use core::{num::NonZeroU32, ops::Bound};

use chrono::NaiveDate;

use super::MemoryStore;
use crate::{
    ids::{AccountId, AccountRef, IdempotencyKey, JobId, RecordId, RecordKind},
    store::{
        Accruing, BalanceQuery, Commit, Delivery, Found, GlBalance, JournalKey, JournalQuery,
        Outcome, PageKey, PostedEntry, ReadSet, RecordScan, Scan, Statistics, Store, StoreError,
        StoredAccount, StoredCheckpoint, StoredEvent, StoredReceipt, StoredRecord, Turnover,
    },
};

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
        } else if matches!(scan, Scan::Reference { .. }) {
            let after = after.and_then(|after| self.accounts.get(&after.id));
            let from = after.map_or(Bound::Unbounded, |last| {
                Bound::Excluded(last.header.reference)
            });
            let behind = self.references.range((from, Bound::Unbounded));
            let found = behind.filter_map(|(_, id)| self.accounts.get(id));
            let found = found.filter(|account| scan.includes(account));
            out.extend(found.take(up_to(limit)).cloned());
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

    fn read(&mut self, set: &ReadSet) -> Result<Found, StoreError> {
        set.read_each(self)
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
