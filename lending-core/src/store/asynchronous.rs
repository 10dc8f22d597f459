//! The same port for databases across a network.

use alloc::vec::Vec;
use core::{future::Future, num::NonZeroU32};

use chrono::NaiveDate;

use super::{
    Accruing, BalanceQuery, Commit, Delivery, Found, GlBalance, JournalKey, JournalQuery, Outcome,
    PageKey, PostedEntry, ReadSet, RecordScan, Scan, Statistics, Store, StoreError, StoredAccount,
    StoredCheckpoint, StoredEvent, StoredReceipt, StoredRecord,
};
use crate::ids::{AccountId, AccountRef, IdempotencyKey, JobId, RecordId, RecordKind};

/// [`Store`] for databases across a network: the same values, the same promises, futures that can
/// move between threads. Pages are given back instead of appended, so that nothing is borrowed
/// while a call is under way; `&self`, since a pool of connections is the adapter's own matter.
///
/// The end of day and the conformance kit work on it through [`Blocking`].
pub trait AsyncStore {
    /// See [`Store::account`].
    fn account(
        &self,
        id: AccountId,
    ) -> impl Future<Output = Result<Option<StoredAccount>, StoreError>> + Send;

    /// See [`Store::account_by_reference`].
    fn account_by_reference(
        &self,
        reference: AccountRef,
    ) -> impl Future<Output = Result<Option<StoredAccount>, StoreError>> + Send;

    /// See [`Store::accounts`].
    fn accounts(
        &self,
        scan: Scan,
        after: Option<PageKey>,
        limit: NonZeroU32,
    ) -> impl Future<Output = Result<Vec<StoredAccount>, StoreError>> + Send;

    /// See [`Store::accruing`].
    fn accruing(
        &self,
        date: NaiveDate,
        after: Option<AccountId>,
        limit: NonZeroU32,
    ) -> impl Future<Output = Result<Vec<Accruing>, StoreError>> + Send;

    /// See [`Store::events`].
    fn events(
        &self,
        account: AccountId,
        from: Option<NaiveDate>,
    ) -> impl Future<Output = Result<Vec<StoredEvent>, StoreError>> + Send;

    /// See [`Store::receipt`].
    fn receipt(
        &self,
        key: IdempotencyKey,
    ) -> impl Future<Output = Result<Option<StoredReceipt>, StoreError>> + Send;

    /// See [`Store::checkpoint`].
    fn checkpoint(
        &self,
        job: JobId,
    ) -> impl Future<Output = Result<Option<StoredCheckpoint>, StoreError>> + Send;

    /// See [`Store::record`].
    fn record(
        &self,
        kind: RecordKind,
        id: RecordId,
    ) -> impl Future<Output = Result<Option<StoredRecord>, StoreError>> + Send;

    /// See [`Store::records`].
    fn records(
        &self,
        scan: RecordScan,
        after: Option<RecordId>,
        limit: NonZeroU32,
    ) -> impl Future<Output = Result<Vec<StoredRecord>, StoreError>> + Send;

    /// See [`Store::balances`].
    fn balances(
        &self,
        query: BalanceQuery,
    ) -> impl Future<Output = Result<Vec<GlBalance>, StoreError>> + Send;

    /// See [`Store::journal`].
    fn journal(
        &self,
        query: JournalQuery,
        after: Option<JournalKey>,
        limit: NonZeroU32,
    ) -> impl Future<Output = Result<Vec<PostedEntry>, StoreError>> + Send;

    /// See [`Store::outbox`].
    fn outbox(
        &self,
        limit: NonZeroU32,
    ) -> impl Future<Output = Result<Vec<Delivery>, StoreError>> + Send;

    /// See [`Store::read`].
    fn read(&self, set: ReadSet) -> impl Future<Output = Result<Found, StoreError>> + Send;

    /// See [`Store::statistics`].
    fn statistics(&self) -> impl Future<Output = Result<Statistics, StoreError>> + Send;

    /// See [`Store::commit`].
    fn commit(&self, commit: &Commit) -> impl Future<Output = Result<Outcome, StoreError>> + Send;

    /// See [`Store::acknowledge`].
    fn acknowledge(&self, through: u64) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// See [`Store::expire_receipts`].
    fn expire_receipts(
        &self,
        today: NaiveDate,
    ) -> impl Future<Output = Result<u64, StoreError>> + Send;
}

/// Waits for a future: the host's runtime.
pub trait BlockOn {
    /// Runs a future to its end.
    fn block_on<F: Future>(&self, future: F) -> F::Output;
}

/// An [`AsyncStore`] as a [`Store`], for the end of day, for tools and for the conformance kit.
///
/// ```
/// use core::{future::Future, pin::pin, task::{Context, Poll, Waker}};
/// use lending_core::store::BlockOn;
///
/// /// A runtime for futures that never wait; a host gives its own, for example tokio's handle.
/// struct Ready;
///
/// impl BlockOn for Ready {
///     fn block_on<F: Future>(&self, future: F) -> F::Output {
///         match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
///             Poll::Ready(output) => output,
///             Poll::Pending => unreachable!("these futures never wait"),
///         }
///     }
/// }
///
/// assert_eq!(Ready.block_on(async { 1 + 1 }), 2);
/// ```
#[derive(Clone, Debug)]
pub struct Blocking<S, R> {
    store: S,
    runtime: R,
}

impl<S: AsyncStore, R: BlockOn> Blocking<S, R> {
    /// The store, with the runtime that waits for it.
    #[must_use]
    pub const fn new(store: S, runtime: R) -> Self {
        Self { store, runtime }
    }
}

impl<S: AsyncStore, R: BlockOn> Store for Blocking<S, R> {
    fn account(&mut self, id: AccountId) -> Result<Option<StoredAccount>, StoreError> {
        self.runtime.block_on(self.store.account(id))
    }

    fn account_by_reference(
        &mut self,
        reference: &AccountRef,
    ) -> Result<Option<StoredAccount>, StoreError> {
        self.runtime
            .block_on(self.store.account_by_reference(*reference))
    }

    fn accounts(
        &mut self,
        scan: &Scan,
        after: Option<PageKey>,
        limit: NonZeroU32,
        out: &mut Vec<StoredAccount>,
    ) -> Result<(), StoreError> {
        out.extend(
            self.runtime
                .block_on(self.store.accounts(*scan, after, limit))?,
        );
        Ok(())
    }

    fn accruing(
        &mut self,
        date: NaiveDate,
        after: Option<AccountId>,
        limit: NonZeroU32,
        out: &mut Vec<Accruing>,
    ) -> Result<(), StoreError> {
        out.extend(
            self.runtime
                .block_on(self.store.accruing(date, after, limit))?,
        );
        Ok(())
    }

    fn events(
        &mut self,
        account: AccountId,
        from: Option<NaiveDate>,
        out: &mut Vec<StoredEvent>,
    ) -> Result<(), StoreError> {
        out.extend(self.runtime.block_on(self.store.events(account, from))?);
        Ok(())
    }

    fn receipt(&mut self, key: IdempotencyKey) -> Result<Option<StoredReceipt>, StoreError> {
        self.runtime.block_on(self.store.receipt(key))
    }

    fn checkpoint(&mut self, job: &JobId) -> Result<Option<StoredCheckpoint>, StoreError> {
        self.runtime.block_on(self.store.checkpoint(*job))
    }

    fn record(
        &mut self,
        kind: &RecordKind,
        id: &RecordId,
    ) -> Result<Option<StoredRecord>, StoreError> {
        self.runtime.block_on(self.store.record(*kind, *id))
    }

    fn records(
        &mut self,
        scan: &RecordScan,
        after: Option<&RecordId>,
        limit: NonZeroU32,
        out: &mut Vec<StoredRecord>,
    ) -> Result<(), StoreError> {
        let page = self.store.records(scan.clone(), after.copied(), limit);
        out.extend(self.runtime.block_on(page)?);
        Ok(())
    }

    fn balances(&mut self, query: &BalanceQuery) -> Result<Vec<GlBalance>, StoreError> {
        self.runtime.block_on(self.store.balances(*query))
    }

    fn journal(
        &mut self,
        query: &JournalQuery,
        after: Option<JournalKey>,
        limit: NonZeroU32,
        out: &mut Vec<PostedEntry>,
    ) -> Result<(), StoreError> {
        out.extend(
            self.runtime
                .block_on(self.store.journal(*query, after, limit))?,
        );
        Ok(())
    }

    fn outbox(&mut self, limit: NonZeroU32, out: &mut Vec<Delivery>) -> Result<(), StoreError> {
        out.extend(self.runtime.block_on(self.store.outbox(limit))?);
        Ok(())
    }

    fn read(&mut self, set: &ReadSet) -> Result<Found, StoreError> {
        self.runtime.block_on(self.store.read(set.clone()))
    }

    fn statistics(&mut self) -> Result<Statistics, StoreError> {
        self.runtime.block_on(self.store.statistics())
    }

    fn commit(&mut self, commit: &Commit) -> Result<Outcome, StoreError> {
        self.runtime.block_on(self.store.commit(commit))
    }

    fn acknowledge(&mut self, through: u64) -> Result<(), StoreError> {
        self.runtime.block_on(self.store.acknowledge(through))
    }

    fn expire_receipts(&mut self, today: NaiveDate) -> Result<u64, StoreError> {
        self.runtime.block_on(self.store.expire_receipts(today))
    }
}
