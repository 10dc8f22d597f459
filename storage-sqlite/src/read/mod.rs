//! Everything that is asked.

mod account;
mod journal;
mod records;

use core::num::NonZeroU32;

use chrono::NaiveDate;
use lending_core::{
    ids::{AccountId, AccountRef, IdempotencyKey, JobId, RecordId, RecordKind},
    store::{
        Accruing, BalanceQuery, Commit, Delivery, Found, GlBalance, JournalKey, JournalQuery,
        Outcome, PageKey, PostedEntry, ReadSet, RecordScan, Scan, Statistics, Store, StoreError,
        StoredAccount, StoredCheckpoint, StoredEvent, StoredReceipt, StoredRecord,
    },
};
use rusqlite::{Connection, Row, ToSql, params};

pub(crate) use account::{event_of, place, plan_of, version};
pub(crate) use journal::{entries_written, entry_of};
pub(crate) use records::receipt;

use crate::{
    error::backend,
    log::last_commit,
    open::SqliteStore,
    value::{to_day, to_integer},
};

/// Runs a query and appends what each row stands for.
fn collect<T>(
    connection: &Connection,
    sql: &str,
    parameters: &[&dyn ToSql],
    mut read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    out: &mut Vec<T>,
) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(sql).map_err(backend)?;
    let mut rows = statement.query(parameters).map_err(backend)?;
    while let Some(row) = rows.next().map_err(backend)? {
        out.push(read(row)?);
    }
    Ok(())
}

/// Runs a query for one row.
pub(crate) fn find<T>(
    connection: &Connection,
    sql: &str,
    parameters: &[&dyn ToSql],
    read: impl Fn(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Option<T>, StoreError> {
    let mut statement = connection.prepare_cached(sql).map_err(backend)?;
    let mut rows = statement.query(parameters).map_err(backend)?;
    rows.next().map_err(backend)?.map(read).transpose()
}

impl Store for SqliteStore {
    fn account(&mut self, id: AccountId) -> Result<Option<StoredAccount>, StoreError> {
        account::by_id(&self.connection, id)
    }

    fn account_by_reference(
        &mut self,
        reference: &AccountRef,
    ) -> Result<Option<StoredAccount>, StoreError> {
        account::by_reference(&self.connection, reference)
    }

    fn accounts(
        &mut self,
        scan: &Scan,
        after: Option<PageKey>,
        limit: NonZeroU32,
        out: &mut Vec<StoredAccount>,
    ) -> Result<(), StoreError> {
        account::page(&self.connection, &mut self.seen, scan, after, limit, out)
    }

    fn accruing(
        &mut self,
        date: NaiveDate,
        after: Option<AccountId>,
        limit: NonZeroU32,
        out: &mut Vec<Accruing>,
    ) -> Result<(), StoreError> {
        account::accruing(&self.connection, &mut self.seen, date, after, limit, out)
    }

    fn events(
        &mut self,
        account: AccountId,
        from: Option<NaiveDate>,
        out: &mut Vec<StoredEvent>,
    ) -> Result<(), StoreError> {
        account::events(&self.connection, account, from, out)
    }

    fn receipt(&mut self, key: IdempotencyKey) -> Result<Option<StoredReceipt>, StoreError> {
        records::receipt(&self.connection, key)
    }

    fn checkpoint(&mut self, job: &JobId) -> Result<Option<StoredCheckpoint>, StoreError> {
        records::checkpoint(&self.connection, job)
    }

    fn record(
        &mut self,
        kind: &RecordKind,
        id: &RecordId,
    ) -> Result<Option<StoredRecord>, StoreError> {
        records::record(&self.connection, kind, id)
    }

    fn records(
        &mut self,
        scan: &RecordScan,
        after: Option<&RecordId>,
        limit: NonZeroU32,
        out: &mut Vec<StoredRecord>,
    ) -> Result<(), StoreError> {
        records::records(&self.connection, scan, after, limit, out)
    }

    fn balances(&mut self, query: &BalanceQuery) -> Result<Vec<GlBalance>, StoreError> {
        journal::balances(&self.connection, query)
    }

    fn journal(
        &mut self,
        query: &JournalQuery,
        after: Option<JournalKey>,
        limit: NonZeroU32,
        out: &mut Vec<PostedEntry>,
    ) -> Result<(), StoreError> {
        journal::page(&self.connection, query, after, limit, out)
    }

    fn outbox(&mut self, limit: NonZeroU32, out: &mut Vec<Delivery>) -> Result<(), StoreError> {
        records::outbox(&self.connection, limit, out)
    }

    fn read(&mut self, set: &ReadSet) -> Result<Found, StoreError> {
        // A transaction sees the file as it was at its first read, whatever others commit meanwhile.
        self.connection.execute_batch("BEGIN").map_err(backend)?;
        let found = set.read_each(self);
        let ended = self.connection.execute_batch("COMMIT").map_err(backend);
        found.and_then(|found| ended.map(|()| found))
    }

    fn statistics(&mut self) -> Result<Statistics, StoreError> {
        records::statistics(&self.connection)
    }

    fn commit(&mut self, commit: &Commit) -> Result<Outcome, StoreError> {
        self.write(commit)
    }

    fn acknowledge(&mut self, through: u64) -> Result<(), StoreError> {
        let (_, totals) = last_commit(&self.connection)?;
        if through > totals.messages {
            return Err(StoreError::UnknownMessage {
                through,
                last: totals.messages,
            });
        }
        self.connection
            .execute(
                "DELETE FROM outbox WHERE number <= ?1",
                [to_integer(through)?],
            )
            .map_err(backend)?;
        Ok(())
    }

    fn expire_receipts(&mut self, today: NaiveDate) -> Result<u64, StoreError> {
        let forgotten = self
            .connection
            .execute(
                "DELETE FROM receipt WHERE keep_until < ?1",
                params![to_day(today)],
            )
            .map_err(backend)?;
        Ok(forgotten as u64)
    }
}
