//! Everything that is asked.

use core::num::NonZeroU32;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use ledger::{BranchCode, Currency, EntryId, GlCode, JournalEntry, Money, Side};
use lending_core::{
    ids::{AccountId, AccountRef, HolderId, IdempotencyKey, JobId, RecordId, RecordKind},
    store::{
        AccountHeader, AccountKind, BalanceQuery, Balances, Clock, Commit, Delivery, Fingerprint,
        GlBalance, IndexKey, JournalKey, JournalQuery, Outcome, PageKey, PostedEntry, Receipt,
        RecordScan, Scan, Standing, Statistics, Store, StoreError, StoredAccount, StoredCheckpoint,
        StoredEvent, StoredReceipt, StoredRecord, Turnover,
    },
};
use rusqlite::{Connection, Row, ToSql, params};

use crate::{
    error::{backend, corrupt},
    open::SqliteStore,
    seen::Place,
    value::{Columns, to_day, to_integer},
    write::last_commit,
};

/// The columns that [`account_of`] reads.
macro_rules! account_columns {
    () => {
        "SELECT id, version, kind, reference, holder, product, branch, currency, standing,
                next_work_on, in_arrears_since, principal, interest, fees, penalties, overdue,
                state, row
         FROM account "
    };
}

/// The columns that [`entry_of`] reads.
macro_rules! entry_columns {
    () => {
        "SELECT entry.row, entry.id, account.id, value_day, booking_day, entry.reference, notes,
                tags, manual_by, reverses, sequence
         FROM entry LEFT JOIN account ON account.row = entry.account "
    };
}

/// The header in a row that has its columns from `at` on.
pub(crate) fn header_of(row: &Row<'_>, at: usize) -> Result<AccountHeader, StoreError> {
    let small =
        |column| u8::try_from(row.integer(column)?).map_err(|_| corrupt("a code is out of range"));
    let kind = small(at)?;
    let standing = small(at + 6)?;
    Ok(AccountHeader {
        kind: AccountKind::from_code(kind)
            .ok_or_else(|| corrupt(format!("{kind} is no kind of account")))?,
        reference: row.code(at + 1)?,
        holder: HolderId::new(row.id(at + 2)?),
        product: row.code(at + 3)?,
        branch: row.code(at + 4)?,
        currency: row.code(at + 5)?,
        standing: Standing::from_code(standing)
            .ok_or_else(|| corrupt(format!("{standing} is no standing")))?,
        next_work_on: row.optional_date(at + 7)?,
        in_arrears_since: row.optional_date(at + 8)?,
        balances: Balances {
            principal: row.integer(at + 9)?,
            interest: row.integer(at + 10)?,
            fees: row.integer(at + 11)?,
            penalties: row.integer(at + 12)?,
            overdue: row.integer(at + 13)?,
        },
    })
}

fn account_of(row: &Row<'_>) -> Result<StoredAccount, StoreError> {
    Ok(StoredAccount {
        id: AccountId::new(row.id(0)?),
        version: row.number(1)?,
        header: header_of(row, 2)?,
        state: row.bytes(16)?,
    })
}

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
fn find<T>(
    connection: &Connection,
    sql: &str,
    parameters: &[&dyn ToSql],
    read: impl Fn(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Option<T>, StoreError> {
    let mut statement = connection.prepare_cached(sql).map_err(backend)?;
    let mut rows = statement.query(parameters).map_err(backend)?;
    rows.next().map_err(backend)?.map(read).transpose()
}

pub(crate) fn read_receipt(
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

/// The lines of an entry's row, put back into its builder, which checks the balance again.
pub(crate) fn entry_of(
    connection: &Connection,
    row: &Row<'_>,
) -> Result<(i64, PostedEntry), StoreError> {
    let id = EntryId::new(row.id(1)?);
    let mut builder = JournalEntry::builder(id, row.date(3)?, row.date(4)?);
    let text = |column| row.get::<_, Option<String>>(column).map_err(backend);
    if let Some(reference) = text(5)? {
        builder = builder.reference(reference);
    }
    if let Some(notes) = text(6)? {
        builder = builder.notes(notes);
    }
    if let Some(tags) = text(7)? {
        let tags: BTreeMap<String, String> = serde_json::from_str(&tags)
            .map_err(|error| corrupt(format!("tags of entry {id}: {error}")))?;
        for (key, value) in tags {
            builder = builder.tag(key, value);
        }
    }
    if let Some(user) = text(8)? {
        builder = builder.manual(user);
    }
    if let Some(reversed) = row.optional_id(9)? {
        builder = builder.reverses(EntryId::new(reversed));
    }
    let mut lines = Vec::new();
    let sql = "SELECT gl, branch, currency, minor FROM line WHERE entry = ?1 ORDER BY number";
    collect(connection, sql, &[&row.integer(0)?], line_of, &mut lines)?;
    for (gl, branch, side, amount) in lines {
        builder = builder.line(gl, side, amount);
        if let Some(branch) = branch {
            builder = builder.on_branch(branch);
        }
    }
    let entry = builder
        .build()
        .map_err(|error| corrupt(error.to_string()))?;
    let account = row.optional_id(2)?.map(AccountId::new);
    Ok((row.integer(10)?, PostedEntry { account, entry }))
}

fn line_of(row: &Row<'_>) -> Result<(GlCode, Option<BranchCode>, Side, Money), StoreError> {
    let branch: Option<String> = row.get(1).map_err(backend)?;
    let branch = branch
        .map(|branch| branch.parse().map_err(|error| corrupt(format!("{error}"))))
        .transpose()?;
    let minor = row.integer(3)?;
    let side = if minor < 0 { Side::Credit } else { Side::Debit };
    let amount = Money::from_minor(i128::from(minor.unsigned_abs()), row.code(2)?)
        .map_err(|error| corrupt(error.to_string()))?;
    Ok((row.code(0)?, branch, side, amount))
}

pub(crate) fn event_of(row: &Row<'_>) -> Result<StoredEvent, StoreError> {
    Ok(StoredEvent {
        account: AccountId::new(row.id(0)?),
        seq: row.number(1)?,
        value_date: row.date(2)?,
        booking_date: row.date(3)?,
        body: row.bytes(4)?,
    })
}

/// Every entry with its commit, in the order in which they were written.
pub(crate) const ENTRIES_WRITTEN: &str = concat!(entry_columns!(), "ORDER BY entry.row");

impl Store for SqliteStore {
    fn account(&mut self, id: AccountId) -> Result<Option<StoredAccount>, StoreError> {
        let sql = concat!(account_columns!(), "WHERE id = ?1");
        find(&self.connection, sql, &[&id.to_bytes()], account_of)
    }

    fn account_by_reference(
        &mut self,
        reference: &AccountRef,
    ) -> Result<Option<StoredAccount>, StoreError> {
        let sql = concat!(account_columns!(), "WHERE reference = ?1");
        find(&self.connection, sql, &[&reference.as_str()], account_of)
    }

    fn accounts(
        &mut self,
        scan: &Scan,
        after: Option<PageKey>,
        limit: NonZeroU32,
        out: &mut Vec<StoredAccount>,
    ) -> Result<(), StoreError> {
        let limit = limit.get();
        // Before the first: no day is earlier, and no id is shorter than nothing.
        let on = after.and_then(|after| after.on).map_or(i64::MIN, to_day);
        let id = after
            .map(|after| after.id.to_bytes().to_vec())
            .unwrap_or_default();
        let connection = &self.connection;
        match scan {
            Scan::All => {
                let sql = concat!(account_columns!(), "WHERE id > ?1 ORDER BY id LIMIT ?2");
                collect(connection, sql, &[&id, &limit], account_of, out)
            }
            Scan::DueForWork { on_or_before } => {
                let sql = concat!(
                    account_columns!(),
                    "WHERE (next_work_on, id) > (?1, ?2) AND next_work_on <= ?3
                     ORDER BY next_work_on, id LIMIT ?4"
                );
                let through = to_day(*on_or_before);
                let seen = &mut self.seen;
                let read = |row: &Row<'_>| {
                    let account = account_of(row)?;
                    let (version, header) = (account.version, account.header.clone());
                    let row = row.integer(17)?;
                    seen.note(
                        account.id,
                        Place {
                            row,
                            version,
                            header,
                        },
                    );
                    Ok(account)
                };
                collect(connection, sql, &[&on, &id, &through, &limit], read, out)
            }
            Scan::InArrears => {
                let sql = concat!(
                    account_columns!(),
                    "WHERE (in_arrears_since, id) > (?1, ?2) ORDER BY in_arrears_since, id LIMIT ?3"
                );
                collect(connection, sql, &[&on, &id, &limit], account_of, out)
            }
            Scan::Holder(holder) => {
                let sql = concat!(
                    account_columns!(),
                    "WHERE holder = ?1 AND id > ?2 ORDER BY id LIMIT ?3"
                );
                collect(
                    connection,
                    sql,
                    &[&holder.to_bytes(), &id, &limit],
                    account_of,
                    out,
                )
            }
            Scan::Product(product) => {
                let sql = concat!(
                    account_columns!(),
                    "WHERE product = ?1 AND id > ?2 ORDER BY id LIMIT ?3"
                );
                collect(
                    connection,
                    sql,
                    &[&product.as_str(), &id, &limit],
                    account_of,
                    out,
                )
            }
            // The port may grow scans: one this adapter does not know must not look empty.
            other => Err(crate::error::trouble(
                lending_core::store::BackendKind::Unsupported,
                format!("the scan {other:?} is not known to this adapter"),
            )),
        }
    }

    fn events(
        &mut self,
        account: AccountId,
        from: Option<NaiveDate>,
        out: &mut Vec<StoredEvent>,
    ) -> Result<(), StoreError> {
        let sql = "SELECT account.id, seq, value_day, booking_day, body
                   FROM event JOIN account ON account.row = event.account
                   WHERE account.id = ?1 AND value_day >= ?2 ORDER BY value_day, seq";
        let from = from.map_or(i64::MIN, to_day);
        collect(
            &self.connection,
            sql,
            &[&account.to_bytes(), &from],
            event_of,
            out,
        )
    }

    fn receipt(&mut self, key: IdempotencyKey) -> Result<Option<StoredReceipt>, StoreError> {
        read_receipt(&self.connection, key)
    }

    fn checkpoint(&mut self, job: &JobId) -> Result<Option<StoredCheckpoint>, StoreError> {
        let sql = "SELECT version, body FROM checkpoint WHERE job = ?1";
        find(&self.connection, sql, &[&job.as_str()], |row| {
            Ok(StoredCheckpoint {
                job: *job,
                version: row.number(0)?,
                body: row.bytes(1)?,
            })
        })
    }

    fn record(
        &mut self,
        kind: &RecordKind,
        id: &RecordId,
    ) -> Result<Option<StoredRecord>, StoreError> {
        let sql = "SELECT row, id, version, body FROM record WHERE kind = ?1 AND id = ?2";
        let read = |row: &Row<'_>| record_of(&self.connection, *kind, row);
        find(&self.connection, sql, &[&kind.as_str(), &id.as_str()], read)
    }

    fn records(
        &mut self,
        scan: &RecordScan,
        after: Option<&RecordId>,
        limit: NonZeroU32,
        out: &mut Vec<StoredRecord>,
    ) -> Result<(), StoreError> {
        let connection = &self.connection;
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

    fn balances(&mut self, query: &BalanceQuery) -> Result<Vec<GlBalance>, StoreError> {
        let gl = query.gl;
        let gl = gl.as_ref().map(GlCode::as_str);
        let through = |date: Option<NaiveDate>| date.map_or(i64::MAX, to_day);
        // Summed here: the SUM of SQLite fails beyond 64 bits.
        let sql = "SELECT gl, branch, currency, debit, credit FROM turnover
                   WHERE booking_day <= ?1 AND value_day <= ?2";
        let (booked, valued) = (through(query.booked_through), through(query.valued_through));
        let mut rows = Vec::new();
        match gl {
            None => collect(
                &self.connection,
                sql,
                &[&booked, &valued],
                turnover_of,
                &mut rows,
            )?,
            Some(gl) => {
                let sql = format!("{sql} AND gl = ?3");
                collect(
                    &self.connection,
                    &sql,
                    &[&booked, &valued, &gl],
                    turnover_of,
                    &mut rows,
                )?;
            }
        }
        let mut sums = BTreeMap::<_, Turnover>::new();
        for (key, moved) in rows {
            let sum = sums.entry(key).or_default();
            *sum = sum.plus(moved);
        }
        let balance = |((gl, branch, currency), sum): (GlKey, Turnover)| GlBalance {
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
        let from = query.from.map_or(i64::MIN, to_day);
        let through = query.through.map_or(i64::MAX, to_day);
        let on = after.map_or(i64::MIN, |after| to_day(after.on));
        let id = after
            .map(|after| after.id.get().to_be_bytes().to_vec())
            .unwrap_or_default();
        let account = query.account.map(|account| account.to_bytes());
        let gl = query.gl;
        let gl = gl.as_ref().map(GlCode::as_str);
        let parameters: [&dyn ToSql; 7] = [&from, &through, &on, &id, &limit.get(), &account, &gl];
        let connection = &self.connection;
        let read = |row: &Row<'_>| entry_of(connection, row).map(|(_, posted)| posted);
        collect(connection, &journal_sql(query), &parameters, read, out)
    }

    fn outbox(&mut self, limit: NonZeroU32, out: &mut Vec<Delivery>) -> Result<(), StoreError> {
        let sql = "SELECT number, topic, account.id, body
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
        collect(&self.connection, sql, &[&limit.get()], read, out)
    }

    fn statistics(&mut self) -> Result<Statistics, StoreError> {
        let (head, totals) = last_commit(&self.connection)?;
        let sql = "SELECT (SELECT count(*) FROM receipt), (SELECT count(*) FROM outbox)";
        let counts = find(&self.connection, sql, &[], |row| {
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

type GlKey = (GlCode, Option<BranchCode>, Currency);

fn turnover_of(row: &Row<'_>) -> Result<(GlKey, Turnover), StoreError> {
    let branch = match row.text(1)?.as_str() {
        "" => None,
        branch => Some(
            branch
                .parse()
                .map_err(|error| corrupt(format!("{error}")))?,
        ),
    };
    let amount = |column| row.integer(column).map(i128::from);
    let moved = Turnover {
        debit: amount(3)?,
        credit: amount(4)?,
    };
    Ok(((row.code(0)?, branch, row.code(2)?), moved))
}

/// The query for a page of the journal. Parameters: from, through, on, id, limit, account, gl.
///
/// By value date it joins two ordered indexes: most entries count on the day they are booked and
/// are found by that day; the others have an index of their own.
fn journal_sql(query: &JournalQuery) -> String {
    let account = match query.account {
        Some(_) => "entry.account = (SELECT row FROM account WHERE id = ?6)",
        None => "?6 IS NULL",
    };
    let gl = match query.gl {
        Some(_) => "EXISTS (SELECT 1 FROM line WHERE line.entry = entry.row AND line.gl = ?7)",
        None => "?7 IS NULL",
    };
    let part = |day: &str, only: &str| {
        format!(
            concat!(
                "SELECT * FROM (",
                entry_columns!(),
                "WHERE {day} BETWEEN ?1 AND ?2 AND ({day}, entry.id) > (?3, ?4) AND {account}
                   AND {gl}{only} ORDER BY {day}, entry.id LIMIT ?5)"
            ),
            day = day,
            account = account,
            gl = gl,
            only = only
        )
    };
    match query.clock {
        Clock::Booking => part("booking_day", ""),
        Clock::Value => format!(
            "{} UNION ALL {} ORDER BY 4, 2 LIMIT ?5",
            part("booking_day", " AND value_day = booking_day"),
            part("value_day", " AND value_day <> booking_day"),
        ),
    }
}
