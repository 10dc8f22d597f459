//! The one value that is written: all of it lands, or none.

use alloc::{
    boxed::Box,
    collections::{BTreeMap, BTreeSet},
    format,
    string::{String, ToString},
    vec::Vec,
};

use chrono::{Datelike, NaiveDate};
use ledger::{BranchCode, Currency, GlCode, JournalEntry, Side};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{AccountHeader, AccrualWrite, CodecError, PlanWrite, StoreError, StoredEvent, Subject};
use crate::ids::{AccountId, IdempotencyKey, JobId, RecordId, RecordKind};

/// The SHA-256 of a request in its canonical form: two requests with one key must have one
/// fingerprint, or the second is another request and is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// The fingerprint of a request given as canonical bytes.
    #[must_use]
    pub fn of(request: &[u8]) -> Self {
        Self(Sha256::digest(request).into())
    }

    /// The fingerprint of a request given as a value, through its compact encoding.
    ///
    /// # Errors
    /// [`CodecError::Encode`] for a type without a compact encoding.
    pub fn of_value<T: Serialize>(request: &T) -> Result<Self, CodecError> {
        postcard::to_allocvec(request)
            .map(|bytes| Self::of(&bytes))
            .map_err(|error| CodecError::Encode {
                reason: error.to_string(),
            })
    }

    /// A fingerprint that was stored.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// At most once: what identifies the request, and what a retry gets to hear.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Idempotency {
    /// The key that the request and its retries carry.
    pub key: IdempotencyKey,
    /// What the request asked for.
    pub fingerprint: Fingerprint,
    /// The last day on which the receipt must be kept, see
    /// [`Store::expire_receipts`](super::Store::expire_receipts).
    pub keep_until: NaiveDate,
    /// What the caller answers; a replay gives it back.
    pub reply: Vec<u8>,
}

/// Something that was read for the decision and must not have changed; it is not written. See
/// [`Found::guard`](super::Found::guard).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guard {
    /// What was read.
    pub subject: Subject,
    /// The version it was read at; none: it did not exist, and must not have come to be.
    pub expected: Option<u64>,
}

/// An account to create or to replace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountWrite {
    /// The account.
    pub id: AccountId,
    /// The version it was read at; none creates it. It lands at the next version, from 1.
    pub expected: Option<u64>,
    /// What can be searched.
    pub header: AccountHeader,
    /// The engine's state, see [`encode`](super::encode).
    pub state: Vec<u8>,
}

/// A journal entry and the account it belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PostedEntry {
    /// The account; none for entries of the house (manual, aggregated).
    pub account: Option<AccountId>,
    /// The entry, balanced by construction.
    pub entry: JournalEntry,
}

/// A message that others are to hear once this commit has landed, and never otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// What it is about, for routing.
    pub topic: String,
    /// The account it is about, if it is about one.
    pub account: Option<AccountId>,
    /// The content.
    pub body: Vec<u8>,
}

/// A key under which records are found; a record may have several, also of one name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndexKey {
    /// The name: `"phone"`, `"national-id"`, `"account"`, ...
    pub name: String,
    /// The value, compared byte by byte: the host normalises it.
    pub value: String,
}

/// What becomes of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordContent {
    /// It is created or replaced.
    Put {
        /// The content, see [`encode`](super::encode).
        body: Vec<u8>,
        /// The keys it is found under; these replace all earlier ones.
        keys: Vec<IndexKey>,
    },
    /// It is erased (a person's right, a withdrawn draft). Only an existing record can be.
    Erase,
}

/// A record to create, replace or erase: a product, a client, a rule book, a payment, a device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordWrite {
    /// What it is.
    pub kind: RecordKind,
    /// Which one.
    pub id: RecordId,
    /// The version it was read at; none creates it. It lands at the next version, from 1.
    pub expected: Option<u64>,
    /// What becomes of it.
    pub content: RecordContent,
}

/// How far a job has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckpointWrite {
    /// The job.
    pub job: JobId,
    /// The version it was read at; none creates it. It lands at the next version, from 1.
    pub expected: Option<u64>,
    /// The job's own progress, see [`encode`](super::encode).
    pub body: Vec<u8>,
}

/// Everything one decision writes.
///
/// Plain data: it can be logged, compared, sent elsewhere, merged into a page, carried out again.
///
/// ```
/// use lending_core::store::{Commit, MemoryStore, Message, Outcome, Store};
/// let mut store = MemoryStore::new();
/// let commit = Commit {
///     outbox: vec![Message { topic: "greeting".into(), account: None, body: b"hello".to_vec() }],
///     ..Commit::default()
/// };
/// assert!(matches!(store.commit(&commit)?, Outcome::Applied(_)));
/// assert_eq!(store.statistics()?.messages_pending, 1);
/// # Ok::<(), lending_core::store::StoreError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Commit {
    /// At most once, if the request has a key.
    pub idempotency: Option<Idempotency>,
    /// What was read only.
    pub guards: Vec<Guard>,
    /// Accounts written.
    pub accounts: Vec<AccountWrite>,
    /// Plans of accounts written.
    pub plans: Vec<PlanWrite>,
    /// Accruals posted by plan.
    pub accruals: Vec<AccrualWrite>,
    /// History appended.
    pub events: Vec<StoredEvent>,
    /// Journal entries posted.
    pub entries: Vec<PostedEntry>,
    /// Messages for others, in order.
    pub outbox: Vec<Message>,
    /// Records written.
    pub records: Vec<RecordWrite>,
    /// Progress of jobs.
    pub checkpoints: Vec<CheckpointWrite>,
}

/// Which balance of the general ledger a posting moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LedgerKey {
    /// The day whose books take it.
    pub booking_date: NaiveDate,
    /// When it counts.
    pub value_date: NaiveDate,
    /// The GL account.
    pub gl: GlCode,
    /// The branch, if the line has one.
    pub branch: Option<BranchCode>,
    /// The currency.
    pub currency: Currency,
}

/// By how much postings move a balance, in minor units; both are zero or more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Turnover {
    /// Sum of debits.
    pub debit: i128,
    /// Sum of credits.
    pub credit: i128,
}

impl Turnover {
    /// The sum of two turnovers.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        // Sums of 63-bit amounts: 2^64 postings would be needed to reach the limit of 127 bits.
        Self {
            debit: self.debit.saturating_add(other.debit),
            credit: self.credit.saturating_add(other.credit),
        }
    }
}

impl Commit {
    /// Whether there is nothing to write and nothing to guard.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Takes everything of `other` in behind what is here, so that both land or none.
    ///
    /// # Errors
    /// [`StoreError::Malformed`] when both carry an idempotency key; `self` is then unchanged.
    /// That both write one account is found by [`Commit::check`].
    pub fn merge(&mut self, other: Self) -> Result<(), StoreError> {
        match (&self.idempotency, &other.idempotency) {
            (Some(_), Some(second)) => {
                return Err(malformed(
                    "two idempotency keys cannot land in one",
                    &second.key,
                ));
            }
            (None, Some(_)) => self.idempotency = other.idempotency,
            (_, None) => {}
        }
        self.guards.extend(other.guards);
        self.accounts.extend(other.accounts);
        self.plans.extend(other.plans);
        self.accruals.extend(other.accruals);
        self.events.extend(other.events);
        self.entries.extend(other.entries);
        self.outbox.extend(other.outbox);
        self.records.extend(other.records);
        self.checkpoints.extend(other.checkpoints);
        Ok(())
    }

    /// What has a version and is written: accounts (also by plan), records, checkpoints.
    pub(crate) fn written(&self) -> impl Iterator<Item = Subject> {
        let accounts = self.accounts.iter().map(|write| write.id);
        let posted = self.accruals.iter().map(|write| write.account);
        let records = self.records.iter().map(|write| (write.kind, write.id));
        let checkpoints = self.checkpoints.iter().map(|write| write.job);
        accounts
            .chain(posted)
            .map(Subject::Account)
            .chain(records.map(|record| Subject::Record(Box::new(record))))
            .chain(checkpoints.map(|job| Subject::Checkpoint(Box::new(job))))
    }

    /// What the entries add to the general ledger. Such sums commute, so that commits which touch
    /// the same GL account need no version of it.
    #[must_use]
    pub fn turnovers(&self) -> BTreeMap<LedgerKey, Turnover> {
        let mut sums = BTreeMap::<LedgerKey, Turnover>::new();
        for PostedEntry { entry, .. } in &self.entries {
            for line in entry.lines() {
                let key = LedgerKey {
                    booking_date: entry.booking_date(),
                    value_date: entry.value_date(),
                    gl: line.account(),
                    branch: line.branch(),
                    currency: line.currency(),
                };
                let amount = i128::from(line.signed_minor().unsigned_abs());
                let moved = match line.side() {
                    Side::Debit => Turnover {
                        debit: amount,
                        credit: 0,
                    },
                    Side::Credit => Turnover {
                        debit: 0,
                        credit: amount,
                    },
                };
                let sum = sums.entry(key).or_default();
                *sum = sum.plus(moved);
            }
        }
        sums
    }

    /// Whether the commit agrees with itself; every adapter calls this before it writes.
    ///
    /// # Errors
    /// [`StoreError::Malformed`] when an account, record or checkpoint is written twice or guarded
    /// and written, or a record that does not exist is to be erased;
    /// [`StoreError::DuplicateEvent`] and [`StoreError::DuplicateEntry`] when two of one id are
    /// inside; [`StoreError::DateRange`] for a date beyond the years 1 to 9999.
    pub fn check(&self) -> Result<(), StoreError> {
        if let Some(twice) = twice(self.accounts.iter().map(|write| write.id)) {
            return Err(malformed("an account is written twice", &twice));
        }
        if !self.guards.is_empty() {
            let written: BTreeSet<_> = self.written().collect();
            let guarded = |guard: &&Guard| written.contains(&guard.subject);
            if let Some(guard) = self.guards.iter().find(guarded) {
                return Err(malformed("what is guarded is written", &guard.subject));
            }
        }
        self.check_plans()?;
        if let Some((account, seq)) = twice(self.events.iter().map(|e| (e.account, e.seq))) {
            return Err(StoreError::DuplicateEvent { account, seq });
        }
        if let Some(id) = twice(self.entries.iter().map(|posted| posted.entry.id())) {
            return Err(StoreError::DuplicateEntry { id });
        }
        if let Some((kind, id)) = twice(self.records.iter().map(|write| (write.kind, write.id))) {
            return Err(malformed(
                "a record is written twice",
                &format!("{kind} {id}"),
            ));
        }
        if let Some(job) = twice(self.checkpoints.iter().map(|write| write.job)) {
            return Err(malformed("a checkpoint is written twice", &job));
        }
        self.check_parts()
    }

    fn check_plans(&self) -> Result<(), StoreError> {
        let posted = self.accruals.iter().map(|write| write.account);
        let written = self.accounts.iter().map(|write| write.id);
        if !self.accruals.is_empty()
            && let Some(twice) = twice(posted.chain(written))
        {
            return Err(malformed(
                "an account is written and posted by plan",
                &twice,
            ));
        }
        if self.plans.is_empty() {
            return Ok(());
        }
        if let Some(twice) = twice(self.plans.iter().map(|write| write.account)) {
            return Err(malformed("an account has two plans", &twice));
        }
        let due: BTreeMap<_, _> = self
            .accounts
            .iter()
            .map(|write| (write.id, write.header.next_work_on))
            .collect();
        for PlanWrite { account, plan } in &self.plans {
            let Some(next_work_on) = due.get(account) else {
                return Err(malformed("a plan is of an account not written", account));
            };
            if !plan.is_new() {
                return Err(malformed("a plan is written that was posted by", account));
            }
            if next_work_on.and_then(|on| on.pred_opt()) != Some(plan.last()) {
                return Err(malformed(
                    "work is not due on the day after the plan's last",
                    account,
                ));
            }
        }
        Ok(())
    }

    fn check_parts(&self) -> Result<(), StoreError> {
        let erased = |write: &&RecordWrite| {
            write.content == RecordContent::Erase && write.expected.is_none()
        };
        if let Some(write) = self.records.iter().find(erased) {
            return Err(malformed(
                "a record that does not exist is erased",
                &write.id,
            ));
        }
        if let Some(event) = self.events.iter().find(|event| event.seq == 0) {
            return Err(malformed("events count from 1", &event.account));
        }
        let headers = self.accounts.iter().map(|write| &write.header);
        let dates = headers
            .flat_map(|header| [header.next_work_on, header.in_arrears_since])
            .flatten()
            .chain(
                self.events
                    .iter()
                    .flat_map(|e| [e.value_date, e.booking_date]),
            )
            .chain(
                self.entries
                    .iter()
                    .flat_map(|p| [p.entry.value_date(), p.entry.booking_date()]),
            )
            .chain(self.idempotency.iter().map(|i| i.keep_until));
        match dates
            .into_iter()
            .find(|date| !(1..=9999).contains(&date.year()))
        {
            Some(given) => Err(StoreError::DateRange { given }),
            None => Ok(()),
        }
    }
}

/// The first value that occurs twice. Free of sorting when the values come in order.
fn twice<T: Ord + Copy>(values: impl Iterator<Item = T>) -> Option<T> {
    let mut values: Vec<T> = values.collect();
    values.sort();
    values.windows(2).find_map(|pair| match pair {
        [a, b] if a == b => Some(*a),
        _ => None,
    })
}

fn malformed(reason: &'static str, subject: &dyn ToString) -> StoreError {
    StoreError::Malformed {
        reason,
        subject: subject.to_string(),
    }
}

/// The proof that a commit landed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// The number of the commit in its store, from 1 without gaps.
    pub sequence: u64,
    /// What the caller answers, as given with the idempotency key; empty without one.
    pub reply: Vec<u8>,
}

/// What came of a commit that was not refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Outcome {
    /// It landed now.
    Applied(Receipt),
    /// It landed earlier, under the same key: nothing was written now.
    Replayed(Receipt),
}

impl Outcome {
    /// The receipt, of now or of then.
    #[must_use]
    pub const fn receipt(&self) -> &Receipt {
        match self {
            Self::Applied(receipt) | Self::Replayed(receipt) => receipt,
        }
    }

    /// Whether this call wrote anything.
    #[must_use]
    pub const fn is_applied(&self) -> bool {
        matches!(self, Self::Applied(_))
    }
}
