//! Stores full of accounts, what is done to them, and the floors that stand beside.

use std::{
    fs::File,
    io::{Seek, SeekFrom, Write},
    num::NonZeroU32,
    ops::ControlFlow,
    path::Path,
    time::Instant,
};

use chrono::{Days, NaiveDate};
use ledger::{Currency, EntryId, JournalEntry, Money};
use lending_core::{
    end_of_day::{self, AccountChange, Ended, Plan, Transfer},
    ids::{AccountId, HolderId},
    store::{
        AccountHeader, AccountKind, AccountWrite, Balances, Commit, Message, PostedEntry, Standing,
        Store, StoredAccount, StoredEvent,
    },
};
use rusqlite::Connection;

/// Any error of a measurement.
pub type Failed = Box<dyn std::error::Error>;

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

/// Fills a store with `accounts` active loans, all of them due on the first date.
///
/// # Errors
/// The store's.
pub fn fill(store: &mut dyn Store, accounts: u64) -> Result<(), Failed> {
    for first in (0..accounts).step_by(10_000) {
        let mut commit = Commit::default();
        for n in first..accounts.min(first + 10_000) {
            commit.accounts.push(AccountWrite {
                id: id(n),
                expected: None,
                header: header(n, date(1))?,
                state: vec![1; STATE_BYTES],
            });
        }
        let _landed = store.commit(&commit)?;
    }
    Ok(())
}

/// Opens account `n` with an event, an entry and a message: what a disbursement writes.
///
/// # Errors
/// Never: the values are well formed.
pub fn opening(n: u64) -> Result<Commit, Failed> {
    let account = id(n);
    let amount = Money::from_minor(1_000_000, Currency::from_code("UGX")?)?;
    let entry = JournalEntry::builder(EntryId::new(account.get()), date(0), date(0))
        .debit("1200".parse()?, amount)
        .credit("1100".parse()?, amount)
        .build()?;
    Ok(Commit {
        accounts: vec![AccountWrite {
            id: account,
            expected: None,
            header: header(n, date(1))?,
            state: vec![1; STATE_BYTES],
        }],
        events: vec![StoredEvent {
            account,
            seq: 1,
            value_date: date(0),
            booking_date: date(0),
            body: vec![1; 40],
        }],
        entries: vec![PostedEntry {
            account: Some(account),
            entry,
        }],
        outbox: vec![Message {
            topic: "disbursed".into(),
            account: Some(account),
            body: vec![],
        }],
        ..Commit::default()
    })
}

/// How accruals are posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Posting {
    /// Summed per page, product and branch; one account in 30 has something due and posts an
    /// entry and an event of its own.
    Aggregated,
    /// An entry and an event for every account.
    PerAccount,
}

/// One day of one account with next to no arithmetic: what is left is the store and the driver.
///
/// # Errors
/// Never: the values are well formed.
pub fn accrue(
    account: &StoredAccount,
    on: NaiveDate,
    posting: Posting,
) -> Result<AccountChange, Failed> {
    let mut header = account.header.clone();
    header.next_work_on = on.succ_opt();
    header.balances.interest += 1;
    let mut change = AccountChange::new(header, account.state.clone());
    let amount = Money::from_minor(1, account.header.currency)?;
    let (debit, credit) = ("1300".parse()?, "4100".parse()?);
    let has_own = posting == Posting::PerAccount
        || (account.id.get() as u64)
            .wrapping_add(account.version)
            .is_multiple_of(30);
    if posting == Posting::Aggregated {
        let branch = Some(account.header.branch);
        change.transfers.push(Transfer {
            value_date: on,
            debit,
            credit,
            branch,
            amount,
        });
    }
    if has_own {
        // Day first: ids grow with time.
        let id = (u128::from(account.version) << 96) | (account.id.get() & ((1 << 96) - 1));
        let entry = JournalEntry::builder(EntryId::new(id), on, on)
            .debit(debit, amount)
            .credit(credit, amount)
            .branch(account.header.branch)
            .build()?;
        change.entries.push(entry);
        change.events.push(StoredEvent {
            account: account.id,
            seq: account.version,
            value_date: on,
            booking_date: on,
            body: vec![1; 24],
        });
    }
    Ok(change)
}

/// Runs the `n`-th business date over the whole store; gives the accounts changed a second.
///
/// # Errors
/// The driver's.
pub fn end_of_day(
    store: &mut dyn Store,
    n: u64,
    page: u32,
    posting: Posting,
) -> Result<f64, Failed> {
    let page_size = NonZeroU32::new(page).unwrap_or(NonZeroU32::MIN);
    let plan = Plan {
        job: "end-of-day".parse()?,
        business_date: date(n),
        page_size,
    };
    let start = Instant::now();
    let ended = end_of_day::run(
        store,
        &plan,
        |account, on| accrue(account, on, posting).map(Some),
        |_| ControlFlow::Continue(()),
    )?;
    match ended {
        Ended::Done(progress) if progress.set_aside == 0 => {
            Ok(progress.changed as f64 / start.elapsed().as_secs_f64())
        }
        other => Err(format!("{other:?}").into()),
    }
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
