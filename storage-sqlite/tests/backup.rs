//! Copies of a store in use, and what putting one back may replace.

mod common;

use std::{
    fs,
    path::{Path, PathBuf},
};

use common::{kind, movement};
use lending_core::store::{BackendKind, Store, StoreError};
use rusqlite::Connection;
use storage_sqlite::{Head, Options, Replace, SqliteStore, restore};

/// A folder with a store of some commits and a backup of the first three of them.
struct Place {
    folder: tempfile::TempDir,
    copied: Head,
}

impl Place {
    /// A store that went on for `more` commits after its backup.
    fn new(more: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let mut store = SqliteStore::open(path("store.db"), &Options::default()).unwrap();
        write(&mut store, 0..3);
        let copied = store.backup(path("copy.db")).unwrap();
        write(&mut store, 3..3 + more);
        drop(store);
        Self { folder, copied }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn restore(&self, replace: Replace) -> Result<Head, StoreError> {
        restore(self.file("copy.db"), self.file("store.db"), None, replace)
    }

    /// Nothing is restored, the reason is told, and what was there is as it was.
    #[track_caller]
    fn refuses(&self, replace: Replace, of: BackendKind, reason: &str) {
        let before = fs::read(self.file("store.db")).ok();
        let error = self.restore(replace).unwrap_err();
        assert_eq!(kind(&error), of, "{error}");
        assert!(error.to_string().contains(reason), "{error}");
        assert_eq!(fs::read(self.file("store.db")).ok(), before);
        assert!(!self.file("store.db.restoring").exists());
    }

    /// The backup is in place, sound, and can be gone on with.
    #[track_caller]
    fn restores(&self, replace: Replace) {
        assert_eq!(self.restore(replace).unwrap(), self.copied);
        let mut store = SqliteStore::open(self.file("store.db"), &Options::default()).unwrap();
        let verification = store.verify(Some(&self.copied)).unwrap();
        assert!(verification.is_sound(), "{:?}", verification.findings);
        assert_eq!(verification.head, self.copied);
        write(&mut store, 3..4);
        drop(store);
        let names = fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<_> = names.map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["copy.db", "store.db"], "nothing is left over");
    }
}

/// Opens account 1 with the first movement and pays into it with the others.
fn write(store: &mut SqliteStore, movements: core::ops::Range<u64>) {
    for version in movements {
        let expected = Some(version).filter(|version| *version > 0);
        assert!(store.commit(&movement(1, expected)).unwrap().is_applied());
    }
}

fn on(path: &Path, sql: &str) {
    Connection::open(path).unwrap().execute_batch(sql).unwrap();
}

#[test]
fn a_backup_is_a_copy_of_one_moment() {
    let place = Place::new(1);
    let store = SqliteStore::open(place.file("store.db"), &Options::default()).unwrap();
    assert_eq!(
        store.backup(place.file("copy.db")).unwrap_err().code(),
        2220,
        "nothing is overwritten"
    );
    let mut copy = SqliteStore::open(place.file("copy.db"), &Options::default()).unwrap();
    assert!(copy.verify(Some(&place.copied)).unwrap().is_sound());
    assert_eq!(copy.statistics().unwrap().commits, 3);
}

#[test]
fn a_backup_is_restored_where_nothing_is() {
    for replace in [Replace::Nothing, Replace::Contained, Replace::Anything] {
        let place = Place::new(1);
        fs::remove_file(place.file("store.db")).unwrap();
        place.restores(replace);
    }
}

#[test]
fn a_store_that_the_backup_contains_is_replaced_unless_nothing_may_be() {
    let place = Place::new(0);
    place.refuses(Replace::Nothing, BackendKind::Other, "nothing may be");
    place.restores(Replace::Contained);
}

#[test]
fn a_store_that_went_on_is_replaced_when_asked_for() {
    let place = Place::new(2);
    place.refuses(
        Replace::Contained,
        BackendKind::Other,
        "it goes on to commit 5, which the backup does not have",
    );
    place.restores(Replace::Anything);
}

#[test]
fn a_store_with_another_history_is_replaced_when_asked_for() {
    let place = Place::new(0);
    fs::remove_file(place.file("store.db")).unwrap();
    let mut other = SqliteStore::open(place.file("store.db"), &Options::default()).unwrap();
    assert!(other.commit(&movement(9, None)).unwrap().is_applied());
    drop(other);
    place.refuses(
        Replace::Contained,
        BackendKind::Other,
        "its history is another",
    );
    place.restores(Replace::Anything);
}

/// A process that died leaves a log with its last commits behind: they count.
#[test]
fn commits_that_are_only_in_the_log_are_seen() {
    let place = Place::new(0);
    let mut store = SqliteStore::open(place.file("store.db"), &Options::default()).unwrap();
    write(&mut store, 3..5);
    let died = place.file("died.db");
    fs::copy(place.file("store.db"), &died).unwrap();
    fs::copy(place.file("store.db-wal"), place.file("died.db-wal")).unwrap();
    drop(store);
    let restored = restore(place.file("copy.db"), &died, None, Replace::Contained);
    let error = restored.unwrap_err().to_string();
    assert!(error.contains("it goes on to commit 5"), "{error}");
    restore(place.file("copy.db"), &died, None, Replace::Anything).unwrap();
    let store = SqliteStore::open(&died, &Options::default()).unwrap();
    assert_eq!(store.head().unwrap(), place.copied, "the old log is gone");
}

#[test]
fn what_is_no_store_of_ours_is_replaced_when_asked_for() {
    type Spoil = fn(&Path);
    let spoils: [(&str, Spoil); 5] = [
        ("a text", |path| fs::write(path, "accounts\n").unwrap()),
        ("an empty file", |path| fs::write(path, "").unwrap()),
        ("another program's", |path| {
            fs::remove_file(path).unwrap();
            on(path, "PRAGMA application_id = 77; CREATE TABLE t (x)");
        }),
        ("a newer program's", |path| {
            on(path, "PRAGMA user_version = 99")
        }),
        ("damaged", |path| {
            let bytes = fs::read(path).unwrap();
            fs::write(path, &bytes[..bytes.len() / 3]).unwrap();
        }),
    ];
    for (what, spoil) in spoils {
        let place = Place::new(1);
        spoil(&place.file("store.db"));
        eprintln!("{what}");
        place.refuses(Replace::Contained, BackendKind::Other, "is not replaced");
        place.restores(Replace::Anything);
    }
}

#[test]
fn a_store_in_use_is_never_replaced() {
    for replace in [Replace::Contained, Replace::Anything] {
        let place = Place::new(0);
        let mut store = SqliteStore::open(place.file("store.db"), &Options::default()).unwrap();
        let error = place.restore(replace).unwrap_err();
        assert_eq!(kind(&error), BackendKind::Busy, "{error}");
        write(&mut store, 3..4);
        drop(store);
        let store = SqliteStore::open(place.file("store.db"), &Options::default()).unwrap();
        assert_eq!(store.head().unwrap().sequence, 4);
    }
}

#[test]
fn an_unsound_backup_is_not_restored() {
    let spoil = |sql: &str| {
        let place = Place::new(1);
        on(&place.file("copy.db"), sql);
        place.refuses(
            Replace::Anything,
            BackendKind::Corrupt,
            "the backup is not sound",
        );
    };
    spoil("UPDATE turnover SET debit = debit + 1");
    spoil("DROP TRIGGER event_update; UPDATE event SET value_day = value_day + 1 WHERE row = 2");
    spoil("DROP TRIGGER commit_log_delete; DELETE FROM commit_log WHERE sequence = 2");

    let place = Place::new(1);
    let copy = fs::read(place.file("copy.db")).unwrap();
    fs::write(place.file("copy.db"), &copy[..20_000]).unwrap();
    assert!(place.restore(Replace::Anything).is_err());
    let place = Place::new(1);
    fs::write(place.file("copy.db"), "").unwrap();
    place.refuses(Replace::Anything, BackendKind::Corrupt, "it holds no store");
    on(&place.file("copy.db"), "PRAGMA application_id = 77");
    place.refuses(Replace::Anything, BackendKind::Corrupt, "another program");
}

#[test]
fn what_an_interrupted_restore_left_is_written_over() {
    let place = Place::new(1);
    fs::write(place.file("store.db.restoring"), "half").unwrap();
    fs::write(place.file("store.db.restoring-journal"), "half").unwrap();
    place.restores(Replace::Anything);
}
