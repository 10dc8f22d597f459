//! Processes killed at any moment: what was acknowledged is there, nothing is half.
#![cfg(unix)]

mod common;

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use common::movement;
use lending_core::{
    ids::AccountId,
    store::{BalanceQuery, Scan, Store, StoreError},
};
use storage_sqlite::{GroupCommit, Options, SqliteStore};

/// The commits of one writer, acknowledged on its standard output as `ack <account> <version>`.
///
/// Runs when started by a test of this file; among all tests it has nothing to do.
#[test]
fn child_writes() {
    let (Some(path), Some(first)) = (std::env::var_os("STORE_FILE"), std::env::var_os("FIRST"))
    else {
        return;
    };
    let first: u128 = first.to_string_lossy().parse().unwrap();
    let mut store = SqliteStore::open(path, &Options::default()).unwrap();
    let mut out = std::io::stdout().lock();
    loop {
        for n in first..first + 5 {
            let expected = store
                .account(AccountId::new(n))
                .unwrap()
                .map(|account| account.version);
            match store.commit(&movement(n, expected)) {
                Ok(_) => {
                    writeln!(out, "ack {n} {}", expected.unwrap_or(0) + 1).unwrap();
                    out.flush().unwrap();
                }
                Err(error) => assert!(error.is_retryable(), "{error}"),
            }
        }
    }
}

fn start(path: &Path, first: u128) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["child_writes", "--exact", "--nocapture", "--test-threads=1"])
        .env("STORE_FILE", path)
        .env("FIRST", first.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Kills the child with SIGKILL and notes what it had acknowledged.
fn kill(mut child: Child, acknowledged: &mut BTreeMap<u128, u64>) {
    child.kill().unwrap();
    child.wait().unwrap();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        // The child's test runner writes its own lines, and may write one in front of ours.
        let Some((_, ack)) = line.split_once("ack ") else {
            continue;
        };
        let mut words = ack.split(' ').filter_map(|word| word.parse::<u64>().ok());
        if let (Some(account), Some(version)) = (words.next(), words.next()) {
            let last = acknowledged.entry(u128::from(account)).or_default();
            *last = version.max(*last);
        }
    }
}

/// Everything acknowledged is there, every version has its event and entry, and the books balance.
fn check(path: &Path, acknowledged: &BTreeMap<u128, u64>) {
    let mut store = SqliteStore::open(path, &Options::default()).unwrap();
    let verification = store.verify(None).unwrap();
    assert!(verification.is_sound(), "{:?}", verification.findings);
    let mut versions = 0;
    for (account, last) in acknowledged {
        let found = store.account(AccountId::new(*account)).unwrap().unwrap();
        assert!(
            found.version >= *last,
            "account {account}: {} of {last}",
            found.version
        );
        let mut events = Vec::new();
        store.events(found.id, None, &mut events).unwrap();
        assert_eq!(events.len() as u64, found.version, "account {account}");
        versions += found.version;
    }
    let statistics = store.statistics().unwrap();
    if statistics.accounts == acknowledged.len() as u64 {
        assert_eq!(statistics.entries, versions);
    }
    let query = BalanceQuery {
        gl: Some("1100".parse().unwrap()),
        ..BalanceQuery::default()
    };
    let debits: i128 = store
        .balances(&query)
        .unwrap()
        .iter()
        .map(|balance| balance.debit)
        .sum();
    assert_eq!(debits, i128::from(statistics.entries) * 100);
}

fn rounds(writers: u128, kills: u64) {
    let folder = tempfile::tempdir().unwrap();
    let path: PathBuf = folder.path().join("a.db");
    drop(SqliteStore::open(&path, &Options::default()).unwrap());
    let mut acknowledged = BTreeMap::new();
    for round in 0..kills {
        let children: Vec<_> = (0..writers)
            .map(|writer| start(&path, writer * 100 + 1))
            .collect();
        // Moments spread over the life of a commit: start, write, sync, checkpoint.
        std::thread::sleep(Duration::from_micros(25_000 + round * 7_919 % 60_000));
        for child in children {
            kill(child, &mut acknowledged);
        }
        check(&path, &acknowledged);
    }
    assert!(
        acknowledged.values().sum::<u64>() > kills,
        "{acknowledged:?}"
    );
}

#[test]
fn one_writer_killed_again_and_again() {
    rounds(1, 12);
}

#[test]
fn four_writers_killed_at_once() {
    rounds(4, 5);
}

#[test]
fn two_connections_take_turns() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let mut stores = [(); 2].map(|()| SqliteStore::open(&path, &Options::default()).unwrap());
    for n in 1..=20 {
        assert!(
            stores[n % 2]
                .commit(&movement(n as u128, None))
                .unwrap()
                .is_applied()
        );
    }
    // What one has written, the other one sees, and cannot overwrite.
    assert!(
        stores[0]
            .commit(&movement(1, Some(1)))
            .unwrap()
            .is_applied()
    );
    let mut late = movement(1, Some(1));
    late.idempotency = None;
    let stale = stores[1].commit(&late).unwrap_err();
    assert!(
        matches!(stale, StoreError::Stale { found: Some(2), .. }),
        "{stale}"
    );
    // A page read before the other one wrote is no excuse.
    let scan = Scan::DueForWork {
        on_or_before: common::day(1),
    };
    let mut page = Vec::new();
    stores[0]
        .accounts(&scan, None, core::num::NonZeroU32::MAX, &mut page)
        .unwrap();
    assert!(
        stores[1]
            .commit(&movement(5, Some(1)))
            .unwrap()
            .is_applied()
    );
    let mut late = movement(5, Some(1));
    late.idempotency = None;
    let stale = stores[0].commit(&late).unwrap_err();
    assert!(
        matches!(stale, StoreError::Stale { found: Some(2), .. }),
        "{stale}"
    );
    assert!(
        stores[0]
            .commit(&movement(5, Some(2)))
            .unwrap()
            .is_applied()
    );
    assert_eq!(stores[1].head().unwrap(), stores[0].head().unwrap());
}

#[test]
fn a_group_keeps_each_callers_fate() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let group = GroupCommit::start(SqliteStore::open(&path, &Options::default()).unwrap()).unwrap();
    std::thread::scope(|scope| {
        for caller in 1..=16_u128 {
            let handle = group.handle();
            scope.spawn(move || {
                for version in 0..5 {
                    let expected = Some(version).filter(|version| *version > 0);
                    let sent = movement(caller, expected);
                    let first = handle.commit(sent.clone()).unwrap();
                    assert!(first.is_applied());
                    assert_eq!(handle.commit(sent).unwrap().receipt(), first.receipt());
                    let mut stale = movement(caller, Some(99));
                    stale.idempotency = None;
                    assert_eq!(handle.commit(stale).unwrap_err().code(), 2201);
                }
            });
        }
    });
    let mut store = group.close().unwrap();
    let statistics = store.statistics().unwrap();
    assert_eq!(
        (statistics.commits, statistics.accounts, statistics.entries),
        (80, 16, 80)
    );
    assert!(store.verify(None).unwrap().is_sound());
}
