//! Files of every released schema open, read as they were written, and go on.
//!
//! `tests/data/schema_N.sql` is the dump of a file that the program of schema N wrote with
//! [`write_sample`]: `SAMPLE_FILE=new.db cargo test -p storage-sqlite --test released`, then
//! `.dump` in the sqlite3 shell with `application_id` and `user_version` put behind. A released
//! dump is never made anew; the next schema adds its own.

mod common;

use common::movement;
use lending_core::{ids::AccountId, store::*};
use rusqlite::Connection;
use storage_sqlite::{Options, SqliteStore};

/// What every released program wrote: three accounts, ten movements, a client, a job.
fn sample() -> Vec<Commit> {
    let mut commits: Vec<_> = (1..=3).map(|n| movement(n, None)).collect();
    commits.extend((1..=7).map(|version| movement(2, Some(version))));
    commits.push(Commit {
        records: vec![RecordWrite {
            kind: "client".parse().unwrap(),
            id: "C-1".parse().unwrap(),
            expected: None,
            content: RecordContent::Put {
                body: b"Akello".to_vec(),
                keys: vec![IndexKey {
                    name: "phone".into(),
                    value: "+256700000001".into(),
                }],
            },
        }],
        checkpoints: vec![CheckpointWrite {
            job: "end-of-day".parse().unwrap(),
            expected: None,
            body: vec![1, 2, 3],
        }],
        ..Commit::default()
    });
    commits
}

#[test]
fn write_sample() {
    let Some(path) = std::env::var_os("SAMPLE_FILE") else {
        return;
    };
    let mut store = SqliteStore::open(path, &Options::default()).unwrap();
    for commit in sample() {
        assert!(store.commit(&commit).unwrap().is_applied());
    }
}

#[test]
fn every_released_schema_opens() {
    let released = [
        include_str!("data/schema_1.sql"),
        include_str!("data/schema_2.sql"),
        include_str!("data/schema_3.sql"),
    ];
    for (number, dump) in (1..).zip(released) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("old.db");
        Connection::open(&path)
            .unwrap()
            .execute_batch(dump)
            .unwrap();

        let mut store = SqliteStore::open(&path, &Options::default()).unwrap();
        let mut expected = MemoryStore::new();
        for commit in sample() {
            assert!(expected.commit(&commit).unwrap().is_applied());
        }
        assert_eq!(
            conformance::snapshot(&mut store).unwrap(),
            conformance::snapshot(&mut expected).unwrap(),
            "schema {number}"
        );
        assert!(store.verify(None).unwrap().is_sound(), "schema {number}");
        assert!(store.commit(&movement(2, Some(8))).unwrap().is_applied());
        assert_eq!(
            store.account(AccountId::new(2)).unwrap().unwrap().version,
            9
        );
    }
}
