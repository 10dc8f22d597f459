//! The storage port: values in, values out, one atomic commit.
//!
//! A decision reads what it needs, computes without a store in sight, and writes one [`Commit`].
//! All of it lands, or none: account states, history, journal entries, outbox, records, job
//! progress and the receipt of the request.
//!
//! | question | answer |
//! |---|---|
//! | a decision looks at several things | [`ReadSet`]: all of it at one moment, and guarded when it lands; [`carry_out`] |
//! | two writers decided on one version | the second is refused as [`StoreError::Stale`]; read, decide and commit again |
//! | a request is sent twice | same key and fingerprint: [`Outcome::Replayed`] with the first receipt; same key, other request: [`StoreError::KeyReused`] |
//! | every loan posts to one income account | ledger balances are sums that commute and carry no version |
//! | a million accounts a night | keyset pages, one commit a page, see [`end_of_day`](crate::end_of_day) |
//! | the state's layout changes | the leading format byte says how to read it, see [`Stored`] |
//!
//! What a read costs: [`Store::account`] and [`Store::receipt`] touch one row; a page touches its
//! own rows; [`Store::balances`] touches one row for every GL account, branch and pair of dates.
//! Nothing returned borrows from the store, so no read keeps a transaction open.
//!
//! [`AsyncStore`] carries the same values for databases across a network.
//!
//! [`MemoryStore`] is the reference. An adapter proves itself with the kit in
//! `store::conformance` (feature `conformance`).
//!
//! ```
//! use core::num::NonZeroU32;
//! use lending_core::store::{MemoryStore, Scan, Store};
//! let mut store = MemoryStore::new();
//! let mut page = Vec::new();
//! store.accounts(&Scan::InArrears, None, NonZeroU32::MIN, &mut page)?;
//! assert!(page.is_empty());
//! # Ok::<(), lending_core::store::StoreError>(())
//! ```

mod account;
mod accrual;
mod asynchronous;
mod codec;
mod commit;
#[cfg(feature = "conformance")]
pub mod conformance;

mod error;
mod memory;
mod proof;
mod query;
mod read_set;

use alloc::{boxed::Box, vec::Vec};
use core::num::NonZeroU32;

pub use account::{AccountHeader, AccountKind, Balances, Standing, StoredAccount, StoredEvent};
pub use accrual::{AccrualPlan, AccrualPosting, AccrualWrite, Accruing, PlanWrite};
pub use asynchronous::{AsyncStore, BlockOn, Blocking};
pub use codec::{CodecError, Stored, decode, decode_body, encode};
pub use commit::{
    AccountWrite, CheckpointWrite, Commit, Fingerprint, Guard, Idempotency, IndexKey, LedgerKey,
    Message, Outcome, PostedEntry, Receipt, RecordContent, RecordWrite, Turnover,
};
pub use error::{BackendKind, StoreError, Subject};
pub use memory::MemoryStore;
pub use proof::{
    Control, ControlProof, Fold, StateFinding, control_equals_sub_ledgers,
    states_follow_from_histories,
};
pub use query::{
    BalanceQuery, Clock, Delivery, GlBalance, JournalKey, JournalQuery, PageKey, RecordScan, Scan,
    Statistics, StoredCheckpoint, StoredReceipt, StoredRecord,
};
pub use read_set::{Found, ReadSet, carry_out};

use chrono::NaiveDate;

use crate::ids::{AccountId, AccountRef, IdempotencyKey, JobId, RecordId, RecordKind};

/// A place to keep accounts, synchronous and object-safe.
///
/// Pages append to a buffer of the caller's, which can be used again for the next page.
/// Every method may fail with [`StoreError::Backend`]; only other errors are listed.
pub trait Store {
    /// An account with its version.
    ///
    /// # Errors
    /// When the database fails.
    fn account(&mut self, id: AccountId) -> Result<Option<StoredAccount>, StoreError>;

    /// The account with this number.
    ///
    /// # Errors
    /// When the database fails.
    fn account_by_reference(
        &mut self,
        reference: &AccountRef,
    ) -> Result<Option<StoredAccount>, StoreError>;

    /// Appends up to `limit` accounts of a scan that stand behind `after`, in the scan's order.
    /// Fewer than `limit` mean that the scan is at its end.
    ///
    /// # Errors
    /// When the database fails.
    fn accounts(
        &mut self,
        scan: &Scan,
        after: Option<PageKey>,
        limit: NonZeroU32,
        out: &mut Vec<StoredAccount>,
    ) -> Result<(), StoreError>;

    /// Appends up to `limit` accounts behind `after` whose [plan](AccrualPlan) says what `date`
    /// posts and is not posted through it yet, by id.
    ///
    /// # Errors
    /// When the database fails.
    fn accruing(
        &mut self,
        date: NaiveDate,
        after: Option<AccountId>,
        limit: NonZeroU32,
        out: &mut Vec<Accruing>,
    ) -> Result<(), StoreError>;

    /// Appends the history of an account from a value date on (all of it for none), ordered by
    /// value date and number.
    ///
    /// # Errors
    /// When the database fails.
    fn events(
        &mut self,
        account: AccountId,
        from: Option<NaiveDate>,
        out: &mut Vec<StoredEvent>,
    ) -> Result<(), StoreError>;

    /// The receipt of an earlier request.
    ///
    /// # Errors
    /// When the database fails.
    fn receipt(&mut self, key: IdempotencyKey) -> Result<Option<StoredReceipt>, StoreError>;

    /// How far a job has come.
    ///
    /// # Errors
    /// When the database fails.
    fn checkpoint(&mut self, job: &JobId) -> Result<Option<StoredCheckpoint>, StoreError>;

    /// A record.
    ///
    /// # Errors
    /// When the database fails.
    fn record(
        &mut self,
        kind: &RecordKind,
        id: &RecordId,
    ) -> Result<Option<StoredRecord>, StoreError>;

    /// Appends up to `limit` records behind `after`, ordered by id.
    ///
    /// # Errors
    /// When the database fails.
    fn records(
        &mut self,
        scan: &RecordScan,
        after: Option<&RecordId>,
        limit: NonZeroU32,
        out: &mut Vec<StoredRecord>,
    ) -> Result<(), StoreError>;

    /// The turnover of GL accounts, ordered by account, branch and currency.
    ///
    /// # Errors
    /// When the database fails.
    fn balances(&mut self, query: &BalanceQuery) -> Result<Vec<GlBalance>, StoreError>;

    /// Appends up to `limit` journal entries behind `after`, in the query's order.
    ///
    /// # Errors
    /// When the database fails.
    fn journal(
        &mut self,
        query: &JournalQuery,
        after: Option<JournalKey>,
        limit: NonZeroU32,
        out: &mut Vec<PostedEntry>,
    ) -> Result<(), StoreError>;

    /// Appends up to `limit` messages that are not yet acknowledged, in order. Until they are,
    /// the same messages are given again: delivery is at least once.
    ///
    /// # Errors
    /// When the database fails.
    fn outbox(&mut self, limit: NonZeroU32, out: &mut Vec<Delivery>) -> Result<(), StoreError>;

    /// Everything that a decision looks at, as of one moment: see [`ReadSet`].
    ///
    /// # Errors
    /// When the database fails.
    fn read(&mut self, set: &ReadSet) -> Result<Found, StoreError>;

    /// How much the store holds.
    ///
    /// # Errors
    /// When the database fails.
    fn statistics(&mut self) -> Result<Statistics, StoreError>;

    /// Lands a commit, all of it or nothing, and durably before it returns.
    ///
    /// # Errors
    /// What [`Commit::check`] finds; [`StoreError::KeyReused`]; [`StoreError::Stale`];
    /// [`StoreError::ReferenceTaken`]; [`StoreError::IdentityChanged`]; [`StoreError::UnknownAccount`];
    /// [`StoreError::DuplicateEvent`]; [`StoreError::DuplicateEntry`]. A key seen before is looked
    /// at first, so that a retry gets its receipt whatever has happened since.
    fn commit(&mut self, commit: &Commit) -> Result<Outcome, StoreError>;

    /// Acknowledges messages through this number: they are not given again.
    ///
    /// # Errors
    /// [`StoreError::UnknownMessage`].
    fn acknowledge(&mut self, through: u64) -> Result<(), StoreError>;

    /// Forgets the receipts that had to be kept until a day before `today`; gives their number.
    /// A key whose receipt is forgotten counts as new.
    ///
    /// # Errors
    /// When the database fails.
    fn expire_receipts(&mut self, today: NaiveDate) -> Result<u64, StoreError>;
}

impl<S: Store + ?Sized> Store for Box<S> {
    fn account(&mut self, id: AccountId) -> Result<Option<StoredAccount>, StoreError> {
        (**self).account(id)
    }
    fn account_by_reference(
        &mut self,
        reference: &AccountRef,
    ) -> Result<Option<StoredAccount>, StoreError> {
        (**self).account_by_reference(reference)
    }
    fn accounts(
        &mut self,
        scan: &Scan,
        after: Option<PageKey>,
        limit: NonZeroU32,
        out: &mut Vec<StoredAccount>,
    ) -> Result<(), StoreError> {
        (**self).accounts(scan, after, limit, out)
    }
    fn accruing(
        &mut self,
        date: NaiveDate,
        after: Option<AccountId>,
        limit: NonZeroU32,
        out: &mut Vec<Accruing>,
    ) -> Result<(), StoreError> {
        (**self).accruing(date, after, limit, out)
    }
    fn events(
        &mut self,
        account: AccountId,
        from: Option<NaiveDate>,
        out: &mut Vec<StoredEvent>,
    ) -> Result<(), StoreError> {
        (**self).events(account, from, out)
    }
    fn receipt(&mut self, key: IdempotencyKey) -> Result<Option<StoredReceipt>, StoreError> {
        (**self).receipt(key)
    }
    fn checkpoint(&mut self, job: &JobId) -> Result<Option<StoredCheckpoint>, StoreError> {
        (**self).checkpoint(job)
    }
    fn record(
        &mut self,
        kind: &RecordKind,
        id: &RecordId,
    ) -> Result<Option<StoredRecord>, StoreError> {
        (**self).record(kind, id)
    }
    fn records(
        &mut self,
        scan: &RecordScan,
        after: Option<&RecordId>,
        limit: NonZeroU32,
        out: &mut Vec<StoredRecord>,
    ) -> Result<(), StoreError> {
        (**self).records(scan, after, limit, out)
    }
    fn balances(&mut self, query: &BalanceQuery) -> Result<Vec<GlBalance>, StoreError> {
        (**self).balances(query)
    }
    fn journal(
        &mut self,
        query: &JournalQuery,
        after: Option<JournalKey>,
        limit: NonZeroU32,
        out: &mut Vec<PostedEntry>,
    ) -> Result<(), StoreError> {
        (**self).journal(query, after, limit, out)
    }
    fn outbox(&mut self, limit: NonZeroU32, out: &mut Vec<Delivery>) -> Result<(), StoreError> {
        (**self).outbox(limit, out)
    }
    fn read(&mut self, set: &ReadSet) -> Result<Found, StoreError> {
        (**self).read(set)
    }
    fn statistics(&mut self) -> Result<Statistics, StoreError> {
        (**self).statistics()
    }
    fn commit(&mut self, commit: &Commit) -> Result<Outcome, StoreError> {
        (**self).commit(commit)
    }
    fn acknowledge(&mut self, through: u64) -> Result<(), StoreError> {
        (**self).acknowledge(through)
    }
    fn expire_receipts(&mut self, today: NaiveDate) -> Result<u64, StoreError> {
        (**self).expire_receipts(today)
    }
}
