//! Several writers: two connections to one file, and many callers of one.

mod common;

use common::movement;
use core::num::NonZeroU32;
use std::sync::atomic::{AtomicBool, Ordering};

use lending_core::{
    ids::{AccountId, RecordId, RecordKind},
    store::{
        Commit, Found, ReadSet, RecordContent, RecordWrite, Scan, Store, StoreError, carry_out,
    },
};
use storage_sqlite::{GroupCommit, Options, SqliteStore};

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

/// A commit that is refused behind its first write leaves nothing, and the rest of its group lands.
#[test]
fn a_commit_refused_half_way_leaves_the_others_of_its_group_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let mut store = SqliteStore::open(&path, &Options::default()).unwrap();
    assert!(store.commit(&movement(1, None)).unwrap().is_applied());
    let group = GroupCommit::start(store).unwrap();
    std::thread::scope(|scope| {
        for caller in 2..=17_u128 {
            let handle = group.handle();
            scope.spawn(move || {
                // Its account and event are new; its entry is in the journal already.
                let mut refused = movement(caller + 100, None);
                refused.idempotency = None;
                refused.entries = movement(1, None).entries;
                assert_eq!(handle.commit(refused).unwrap_err().code(), 2206);
                assert!(handle.commit(movement(caller, None)).unwrap().is_applied());
            });
        }
    });
    let mut store = group.close().unwrap();
    assert_eq!(store.statistics().unwrap().accounts, 17);
    assert_eq!(store.account(AccountId::new(102)).unwrap(), None);
    assert!(store.verify(None).unwrap().is_sound());
}

/// Whoever comes first makes the file; the others wait for it, as they wait for any writer.
#[test]
fn a_new_file_is_opened_by_many_at_once() {
    for _ in 0..40 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new.db");
        let start = std::sync::Barrier::new(8);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    start.wait();
                    SqliteStore::open(&path, &Options::default()).unwrap();
                });
            }
        });
    }
}

fn counter(name: &str) -> (RecordKind, RecordId) {
    ("counter".parse().unwrap(), name.parse().unwrap())
}

fn count((kind, id): (RecordKind, RecordId), found: &Found) -> u8 {
    found.record(kind, id).map_or(0, |record| record.body[0])
}

/// The counter one higher than it was found.
fn raised((kind, id): (RecordKind, RecordId), found: &Found) -> RecordWrite {
    RecordWrite {
        kind,
        id,
        expected: found.record(kind, id).map(|record| record.version),
        content: RecordContent::Put {
            body: vec![count((kind, id), found) + 1],
            keys: vec![],
        },
    }
}

#[test]
fn a_read_set_is_of_one_moment() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let both = [counter("left"), counter("right")];
    let reads = ReadSet::new()
        .record(both[0].0, both[0].1)
        .record(both[1].0, both[1].1);
    let mut reader = SqliteStore::open(&path, &Options::default()).unwrap();
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        // One commit after the other raises both.
        scope.spawn(|| {
            let mut writer = SqliteStore::open(&path, &Options::default()).unwrap();
            for _ in 0..200 {
                let found = writer.read(&reads).unwrap();
                let records = both.map(|counter| raised(counter, &found)).into();
                let commit = Commit {
                    records,
                    ..Commit::default()
                };
                let _landed = writer.commit(&commit).unwrap();
            }
            over.store(true, Ordering::Release);
        });
        let mut different = std::collections::BTreeSet::new();
        while !over.load(Ordering::Acquire) {
            let found = reader.read(&reads).unwrap();
            let [left, right] = both.map(|counter| count(counter, &found));
            assert_eq!(left, right);
            different.insert(left);
        }
        assert!(
            different.len() > 1,
            "the reader never saw the writer's work"
        );
    });
}

/// Two loans under one limit of one: both decisions see that nothing is lent yet, and each writes
/// something else.
#[test]
fn what_two_decisions_rest_on_lets_one_of_them_land() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let mut stores = [(); 2].map(|()| SqliteStore::open(&path, &Options::default()).unwrap());
    let [first, second] = &mut stores;
    let limit = counter("limit");
    let reads = ReadSet::new().record(limit.0, limit.1);
    let open = |n: u128| {
        let mut commit = movement(n, None);
        commit.idempotency = None;
        commit
    };
    // The other one raises the counter while this one decides, once.
    let mut decided = Vec::new();
    let tries = NonZeroU32::new(3).unwrap();
    let outcome = carry_out(first, &reads, tries, |found| {
        decided.push(count(limit, found));
        if decided.len() == 1 {
            let mut other = open(2);
            other.records.push(raised(limit, found));
            let _landed = second.commit(&other)?;
        }
        Ok::<_, StoreError>(open(1))
    });
    assert!(outcome.unwrap().unwrap().is_applied());
    assert_eq!(decided, [0, 1], "decided again on what the other one wrote");

    // With one try the caller hears of it, and nothing is written.
    let mut again = 0;
    let outcome = carry_out(first, &reads, NonZeroU32::MIN, |found| {
        again += 1;
        let records = vec![raised(limit, found)];
        let _landed = second.commit(&Commit {
            records,
            ..Commit::default()
        })?;
        Ok::<_, StoreError>(open(3))
    });
    assert!(
        matches!(outcome, Err(StoreError::Stale { .. })),
        "{outcome:?}"
    );
    assert_eq!(again, 1);
    assert!(first.account(AccountId::new(3)).unwrap().is_none());
}

#[test]
fn a_decision_with_nothing_to_say_writes_nothing() {
    let mut store = SqliteStore::in_memory().unwrap();
    let limit = counter("limit");
    let reads = ReadSet::new().record(limit.0, limit.1);
    let outcome = carry_out(&mut store, &reads, NonZeroU32::MIN, |_| {
        Ok::<_, StoreError>(Commit::default())
    });
    assert!(outcome.unwrap().is_none());
    assert_eq!(store.statistics().unwrap().commits, 0);
}
