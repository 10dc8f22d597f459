//! Records, checkpoints, receipts, messages and counts.

use core::num::NonZeroU32;

use lending_core::{
    ids::{AccountId, IdempotencyKey, JobId, RecordId, RecordKind},
    store::{
        Delivery, Fingerprint, IndexKey, Receipt, RecordScan, Statistics, StoreError,
        StoredCheckpoint, StoredReceipt, StoredRecord,
    },
};
use rusqlite::{Connection, Row, ToSql};

use super::{collect, find};
use crate::{error::backend, log::last_commit, value::Columns};

pub(crate) fn receipt(
    connection: &Connection,
    key: IdempotencyKey,
) -> Result<Option<StoredReceipt>, StoreError> {
    let sql = "SELECT fingerprint, keep_until, sequence, reply FROM receipt WHERE key = ?1";
    find(connection, sql, &[&key.to_bytes()], |row| {
        Ok(StoredReceipt {
            fingerprint: Fingerprint::from_bytes(row.get(0).map_err(backend)?),
            keep_until: row.date(1)?,
            receipt: Receipt {
                sequence: row.number(2)?,
                reply: row.bytes(3)?,
            },
        })
    })
}

pub(super) fn checkpoint(
    connection: &Connection,
    job: &JobId,
) -> Result<Option<StoredCheckpoint>, StoreError> {
    let sql = "SELECT version, body FROM checkpoint WHERE job = ?1";
    find(connection, sql, &[&job.as_str()], |row| {
        Ok(StoredCheckpoint {
            job: *job,
            version: row.number(0)?,
            body: row.bytes(1)?,
        })
    })
}

pub(super) fn record(
    connection: &Connection,
    kind: &RecordKind,
    id: &RecordId,
) -> Result<Option<StoredRecord>, StoreError> {
    let sql = "SELECT row, id, version, body FROM record WHERE kind = ?1 AND id = ?2";
    let read = |row: &Row<'_>| record_of(connection, *kind, row);
    find(connection, sql, &[&kind.as_str(), &id.as_str()], read)
}

pub(super) fn records(
    connection: &Connection,
    scan: &RecordScan,
    after: Option<&RecordId>,
    limit: NonZeroU32,
    out: &mut Vec<StoredRecord>,
) -> Result<(), StoreError> {
    let (kind, limit) = (scan.kind.as_str(), limit.get());
    let after = after.map_or("", RecordId::as_str);
    let read = |row: &Row<'_>| record_of(connection, scan.kind, row);
    match &scan.key {
        None => {
            let sql = "SELECT row, id, version, body FROM record
                           WHERE kind = ?1 AND id > ?2 ORDER BY id LIMIT ?3";
            collect(connection, sql, &[&kind, &after, &limit], read, out)
        }
        Some(key) => {
            let sql = "SELECT record.row, record.id, version, body
                           FROM record_key JOIN record ON record.row = record_key.record
                           WHERE record_key.kind = ?1 AND name = ?2 AND value = ?3
                             AND record_key.id > ?4
                           ORDER BY record_key.id LIMIT ?5";
            let parameters: [&dyn ToSql; 5] = [&kind, &key.name, &key.value, &after, &limit];
            collect(connection, sql, &parameters, read, out)
        }
    }
}

pub(super) fn outbox(
    connection: &Connection,
    limit: NonZeroU32,
    out: &mut Vec<Delivery>,
) -> Result<(), StoreError> {
    let sql = "SELECT number, topic, account.id, outbox.body
                   FROM outbox LEFT JOIN account ON account.row = outbox.account
                   ORDER BY number LIMIT ?1";
    let read = |row: &Row<'_>| {
        Ok(Delivery {
            number: row.number(0)?,
            topic: row.text(1)?,
            account: row.optional_id(2)?.map(AccountId::new),
            body: row.bytes(3)?,
        })
    };
    collect(connection, sql, &[&limit.get()], read, out)
}

pub(super) fn statistics(connection: &Connection) -> Result<Statistics, StoreError> {
    let (head, totals) = last_commit(connection)?;
    let sql = "SELECT (SELECT count(*) FROM receipt), (SELECT count(*) FROM outbox)";
    let counts = find(connection, sql, &[], |row| {
        Ok((row.number(0)?, row.number(1)?))
    })?;
    let (receipts, messages_pending) = counts.unwrap_or_default();
    Ok(Statistics {
        commits: head.sequence,
        accounts: totals.accounts,
        events: totals.events,
        entries: totals.entries,
        records: totals.records,
        receipts,
        messages_pending,
    })
}

fn record_of(
    connection: &Connection,
    kind: RecordKind,
    row: &Row<'_>,
) -> Result<StoredRecord, StoreError> {
    let mut keys = Vec::new();
    let sql = "SELECT name, value FROM record_key WHERE record = ?1 ORDER BY name, value";
    let key = |row: &Row<'_>| {
        Ok(IndexKey {
            name: row.text(0)?,
            value: row.text(1)?,
        })
    };
    collect(connection, sql, &[&row.integer(0)?], key, &mut keys)?;
    let (id, version, body) = (row.code(1)?, row.number(2)?, row.bytes(3)?);
    Ok(StoredRecord {
        kind,
        id,
        version,
        body,
        keys,
    })
}
