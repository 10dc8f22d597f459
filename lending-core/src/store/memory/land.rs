//! Writing what was admitted.

use alloc::{collections::BTreeMap, vec::Vec};

use super::MemoryStore;
use crate::store::{
    AccrualPlan, Commit, Delivery, IndexKey, Receipt, RecordContent, StoredAccount,
    StoredCheckpoint, StoredReceipt, StoredRecord,
};

impl MemoryStore {
    /// Writes what was admitted: nothing in here can fail.
    pub(super) fn land(&mut self, commit: &Commit) -> Receipt {
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
