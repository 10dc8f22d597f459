//! Single durable commits, and the floors that stand beside them.

use std::{
    fs::File,
    io::{Seek, SeekFrom, Write},
    path::Path,
    time::Instant,
};

use chrono::{Days, NaiveDate};
use ledger::{Currency, EntryId, JournalEntry, Money};
use lending_core::{
    ids::{AccountId, HolderId},
    store::{
        AccountHeader, AccountKind, AccountWrite, Balances, Commit, Message, PostedEntry, Standing,
        StoredEvent,
    },
};
use rusqlite::Connection;

use super::Failed;

/// About the size of a 12-instalment loan in its compact encoding.
const STATE_BYTES: usize = 320;

/// The `n`-th business date.
#[must_use]
pub fn date(n: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 1, 1)
        .and_then(|first| first.checked_add_days(Days::new(n)))
        .unwrap_or_default()
}

/// A time-ordered id, as a host makes them.
#[must_use]
pub const fn id(n: u64) -> AccountId {
    AccountId::new(((1_700_000_000_000 + n as u128) << 80) | n as u128)
}

/// The header of account `n`.
///
/// # Errors
/// Never: the codes are well formed.
pub fn header(n: u64, next_work_on: NaiveDate) -> Result<AccountHeader, Failed> {
    Ok(AccountHeader {
        kind: AccountKind::Loan,
        reference: format!("LN-{n:09}").parse()?,
        holder: HolderId::new(id(n).get() ^ 1),
        product: "MICRO-12".parse()?,
        branch: "KLA".parse()?,
        currency: Currency::from_code("UGX")?,
        standing: Standing::Active,
        next_work_on: Some(next_work_on),
        in_arrears_since: None,
        balances: Balances {
            principal: 1_000_000,
            ..Balances::default()
        },
    })
}

/// Opens account `n` with an event, an entry and a message: what a disbursement writes.
///
/// # Errors
/// Never: the values are well formed.
pub fn opening(n: u64) -> Result<Commit, Failed> {
    moved(n, None, id(n), "disbursed")
}

/// A payment on account `n`, opened before: the account again, an event, an entry and a message.
/// `number` is that of the entry among all payments.
///
/// # Errors
/// Never: the values are well formed.
pub fn payment(n: u64, number: u64) -> Result<Commit, Failed> {
    moved(n, Some(1), id(1_000_000_000 + number), "paid")
}

fn moved(n: u64, expected: Option<u64>, entry: AccountId, topic: &str) -> Result<Commit, Failed> {
    let account = id(n);
    let amount = Money::from_minor(1_000_000, Currency::from_code("UGX")?)?;
    let entry = JournalEntry::builder(EntryId::new(entry.get()), date(0), date(0))
        .debit("1200".parse()?, amount)
        .credit("1100".parse()?, amount)
        .build()?;
    Ok(Commit {
        accounts: vec![AccountWrite {
            id: account,
            expected,
            header: header(n, date(1))?,
            state: vec![1; STATE_BYTES],
        }],
        events: vec![StoredEvent {
            account,
            seq: expected.unwrap_or(0) + 1,
            value_date: date(0),
            booking_date: date(0),
            body: vec![1; 40],
        }],
        entries: vec![PostedEntry {
            account: Some(account),
            entry,
        }],
        outbox: vec![Message {
            topic: topic.into(),
            account: Some(account),
            body: vec![],
        }],
        ..Commit::default()
    })
}

/// The floor of a durable commit: a 4-KiB write and a sync of its data; writes a second.
///
/// # Errors
/// The disk's.
pub fn synced_writes(folder: &Path, writes: u32) -> Result<f64, Failed> {
    let mut file = File::create(folder.join("floor.bin"))?;
    file.write_all(&vec![0; 4096 * 64])?;
    file.sync_all()?;
    let start = Instant::now();
    for n in 0..writes {
        file.seek(SeekFrom::Start(u64::from(n % 64) * 4096))?;
        file.write_all(&[7; 4096])?;
        file.sync_data()?;
    }
    Ok(f64::from(writes) / start.elapsed().as_secs_f64())
}

/// What the disk writes in one go with a sync at the end: bytes a second.
///
/// # Errors
/// The disk's.
pub fn sequential_write(folder: &Path, bytes: usize) -> Result<f64, Failed> {
    let block = vec![7_u8; 1 << 20];
    let mut file = File::create(folder.join("sequential.bin"))?;
    let start = Instant::now();
    for _ in 0..bytes >> 20 {
        file.write_all(&block)?;
    }
    file.sync_data()?;
    Ok(bytes as f64 / start.elapsed().as_secs_f64())
}

/// A bare table in SQLite with the same durability: what a commit costs without any promise.
///
/// # Errors
/// SQLite's.
pub fn bare(path: &Path) -> Result<Connection, Failed> {
    let connection = Connection::open(path)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE row (id BLOB PRIMARY KEY, state BLOB NOT NULL) WITHOUT ROWID;",
    )?;
    Ok(connection)
}

/// One row, one durable transaction.
///
/// # Errors
/// SQLite's.
pub fn bare_insert(connection: &Connection, n: u64) -> Result<(), Failed> {
    let state = [1_u8; STATE_BYTES];
    let mut insert = connection.prepare_cached("INSERT INTO row VALUES (?1, ?2)")?;
    insert.execute(rusqlite::params![id(n).to_bytes(), state])?;
    Ok(())
}
