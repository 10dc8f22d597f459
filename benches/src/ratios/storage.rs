//! Durable commits beside bare SQLite and beside the disk.

use std::rc::Rc;

use lending_core::{
    ids::AccountId,
    store::{AccountWrite, Commit, PostedEntry, Store},
};
use rusqlite::{Connection, params};
use storage_sqlite::{GroupCommit, Handle, Options, SqliteStore};
use tempfile::TempDir;

use super::{Beside, Measure, Pair, Relation, Side, Unit, clock::rate};
use crate::storage::{Failed, opening, synced_writes};

/// Commits of one round.
const COMMITS: u32 = 150;

pub const MEASURES: &[Measure] = &[
    Measure {
        name: "sqlite-commit",
        about: "durable commits of account, event, entry, message | bare SQLite, equal rows",
        unit: Unit::PerSecond,
        relation: Relation::AtLeast(0.7),
        prepare: beside_bare,
    },
    Measure {
        name: "sqlite-commit-disk",
        about: "durable commits of account, event, entry, message | 4-KiB writes with fdatasync",
        unit: Unit::PerSecond,
        relation: Relation::AtLeast(0.7),
        prepare: beside_disk,
    },
    Measure {
        name: "sqlite-group-commit",
        about: "durable commits of 64 callers at once | of one",
        unit: Unit::PerSecond,
        relation: Relation::AtLeast(3.0),
        prepare: grouped,
    },
];

/// A folder on the disk of the working directory: a temporary folder may be memory, where a sync
/// costs nothing.
fn folder() -> Result<Rc<TempDir>, Failed> {
    Ok(Rc::new(tempfile::tempdir_in(".")?))
}

fn ours(folder: &Rc<TempDir>) -> Result<Side, Failed> {
    let mut store = SqliteStore::open(folder.path().join("store.db"), &Options::default())?;
    let (mut next, folder) = (0, Rc::clone(folder));
    Ok(Box::new(move || {
        let _kept = &folder;
        let commits = following(&mut next)?;
        rate(COMMITS, || {
            for commit in &commits {
                let _landed = store.commit(commit)?;
            }
            Ok(())
        })
    }))
}

/// The commits of the next round: making them is not timed, on either side.
fn following(next: &mut u64) -> Result<Vec<Commit>, Failed> {
    let first = *next;
    *next += u64::from(COMMITS);
    (first..*next).map(opening).collect()
}

fn beside_disk() -> Result<Pair, Failed> {
    let folder = folder()?;
    let ours = ours(&folder)?;
    let disk: Side = Box::new(move || synced_writes(folder.path(), COMMITS));
    Ok(Pair {
        ours,
        beside: Beside::Measured(disk),
    })
}

/// Callers at once.
const CALLERS: u64 = 64;

fn grouped() -> Result<Pair, Failed> {
    let folder = folder()?;
    let one = ours(&folder)?;
    let store = SqliteStore::open(folder.path().join("group.db"), &Options::default())?;
    let group = GroupCommit::start(store)?;
    let mut round = 0;
    let many: Side = Box::new(move || {
        let _kept = &folder;
        let mut next = round * CALLERS * u64::from(COMMITS);
        round += 1;
        let shares = (0..CALLERS)
            .map(|_| following(&mut next))
            .collect::<Result<Vec<_>, _>>()?;
        rate(COMMITS * CALLERS as u32, || {
            std::thread::scope(|scope| {
                let callers: Vec<_> = shares
                    .into_iter()
                    .map(|share| {
                        let handle = group.handle();
                        scope.spawn(move || land(&handle, share))
                    })
                    .collect();
                callers.into_iter().try_for_each(|caller| {
                    caller
                        .join()
                        .unwrap_or_else(|_| Err("a caller panicked".to_owned()))
                })
            })
            .map_err(Failed::from)
        })
    });
    Ok(Pair {
        ours: many,
        beside: Beside::Measured(one),
    })
}

fn land(handle: &Handle, commits: Vec<Commit>) -> Result<(), String> {
    commits
        .into_iter()
        .try_for_each(|commit| handle.commit(commit).map(drop).map_err(|e| e.to_string()))
}

fn beside_bare() -> Result<Pair, Failed> {
    let folder = folder()?;
    let ours = ours(&folder)?;
    let mut connection = Connection::open(folder.path().join("bare.db"))?;
    connection.execute_batch(SCHEMA)?;
    let mut next = 0;
    let bare: Side = Box::new(move || {
        let _kept = &folder;
        let commits = following(&mut next)?;
        rate(COMMITS, || {
            for commit in &commits {
                insert(&mut connection, commit)?;
            }
            Ok(())
        })
    });
    Ok(Pair {
        ours,
        beside: Beside::Measured(bare),
    })
}

/// The rows that a commit of [`opening`] writes, with their keys and nothing else: no further
/// index, trigger, foreign key, turnover or hash chain.
const SCHEMA: &str = "
    PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    CREATE TABLE account (id BLOB PRIMARY KEY, reference TEXT, holder BLOB, product TEXT,
        branch TEXT, currency TEXT, due INTEGER, principal INTEGER, state BLOB) WITHOUT ROWID;
    CREATE TABLE event (account BLOB, seq INTEGER, value_day INTEGER, booking_day INTEGER,
        body BLOB, PRIMARY KEY (account, seq)) WITHOUT ROWID;
    CREATE TABLE entry (id BLOB PRIMARY KEY, account BLOB, value_day INTEGER,
        booking_day INTEGER) WITHOUT ROWID;
    CREATE TABLE line (entry BLOB, number INTEGER, gl TEXT, currency TEXT, minor INTEGER,
        PRIMARY KEY (entry, number)) WITHOUT ROWID;
    CREATE TABLE outbox (number INTEGER PRIMARY KEY, topic TEXT, account BLOB);";

/// One commit's rows in one durable transaction.
fn insert(connection: &mut Connection, commit: &Commit) -> Result<(), Failed> {
    let transaction = connection.transaction()?;
    for AccountWrite {
        id, header, state, ..
    } in &commit.accounts
    {
        let (key, holder) = (id.to_bytes(), header.holder.to_bytes());
        let (reference, product) = (header.reference.as_str(), header.product.as_str());
        let (branch, principal) = (header.branch.as_str(), header.balances.principal);
        transaction
            .prepare_cached("INSERT INTO account VALUES (?1, ?2, ?3, ?4, ?5, 'UGX', 1, ?6, ?7)")?
            .execute(params![
                key, reference, holder, product, branch, principal, state
            ])?;
    }
    for event in &commit.events {
        transaction
            .prepare_cached("INSERT INTO event VALUES (?1, 1, 0, 0, ?2)")?
            .execute(params![event.account.to_bytes(), event.body])?;
    }
    for PostedEntry { entry, .. } in &commit.entries {
        let key = entry.id().get().to_be_bytes();
        transaction
            .prepare_cached("INSERT INTO entry VALUES (?1, ?1, 0, 0)")?
            .execute(params![key])?;
        for (number, line) in entry.lines().iter().enumerate() {
            transaction
                .prepare_cached("INSERT INTO line VALUES (?1, ?2, ?3, 'UGX', 1000000)")?
                .execute(params![key, number as i64, line.account().as_str()])?;
        }
    }
    for message in &commit.outbox {
        let account = message.account.map(AccountId::to_bytes);
        transaction
            .prepare_cached("INSERT INTO outbox (topic, account) VALUES (?1, ?2)")?
            .execute(params![message.topic, account])?;
    }
    transaction.commit()?;
    Ok(())
}
