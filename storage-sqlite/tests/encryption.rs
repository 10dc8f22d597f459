//! Encrypted files: nothing readable on the disk, no way in without the key.
#![cfg(feature = "encryption")]

mod common;

use common::{kind, movement};
use lending_core::store::{BackendKind, Store};
use storage_sqlite::{Key, Options, Replace, Reports, SqliteStore, restore};

fn options(key: u8) -> Options {
    Options {
        key: Some(Key::new([key; 32])),
        ..Options::default()
    }
}

fn contains(file: &std::path::Path, text: &[u8]) -> bool {
    let bytes = std::fs::read(file).unwrap();
    bytes.windows(text.len()).any(|window| window == text)
}

#[test]
fn nothing_is_readable_without_the_key() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let mut store = SqliteStore::open(path("a.db"), &options(7)).unwrap();
    for n in 1..=20 {
        assert!(store.commit(&movement(n, None)).unwrap().is_applied());
    }
    let head = store.backup(path("copy.db")).unwrap();
    drop(store);
    for name in ["a.db", "copy.db"] {
        assert!(!contains(&path(name), b"SQLite format 3"), "{name}");
        assert!(!contains(&path(name), b"LN-1"), "{name}");
    }
    for wrong in [Options::default(), options(8)] {
        let error = SqliteStore::open(path("a.db"), &wrong).unwrap_err();
        assert_eq!(kind(&error), BackendKind::Corrupt, "{error}");
    }
    let store = SqliteStore::open(path("a.db"), &options(7)).unwrap();
    assert!(store.verify(Some(&head)).unwrap().is_sound());
    let reports = Reports::open(path("a.db"), &options(7)).unwrap();
    let accounts: i64 = reports
        .sql()
        .query_row("SELECT count(*) FROM report_accounts", [], |row| row.get(0))
        .unwrap();
    assert_eq!(accounts, 20);
    let key = Key::new([7; 32]);
    assert_eq!(
        restore(
            path("copy.db"),
            path("back.db"),
            Some(&key),
            Replace::Nothing
        )
        .unwrap(),
        head
    );
}

#[test]
fn a_plain_file_stays_plain() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    drop(SqliteStore::open(&path, &Options::default()).unwrap());
    assert!(contains(&path, b"SQLite format 3"));
}
