//! Files that are damaged, foreign, newer, full or may not be written: a clear error each, and
//! nothing half.

mod common;

use core::{convert::Infallible, ops::ControlFlow};
use std::{
    fs,
    io::{Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    process::Command,
};

use common::{day, kind, movement};
use lending_core::{
    end_of_day::{EndOfDayError, Ended, Plan},
    store::{BackendKind, Store, StoredAccount},
};
use rusqlite::Connection;
use storage_sqlite::{
    Finding, Head, Options, Reports, SqliteStore, catch_up_in_parallel, run_in_parallel,
};

struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }
    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

/// A closed file in which `movements` were made on account 1.
fn written(path: &Path, movements: u64) -> Head {
    let mut store = SqliteStore::open(path, &Options::default()).unwrap();
    for version in 0..movements {
        let expected = Some(version).filter(|version| *version > 0);
        assert!(store.commit(&movement(1, expected)).unwrap().is_applied());
    }
    store.head().unwrap()
}

/// Changes a closed file behind the store's back.
fn tamper(path: &Path, sql: &str) {
    Connection::open(path).unwrap().execute_batch(sql).unwrap();
}

fn findings(path: &Path, anchor: Option<&Head>) -> Vec<Finding> {
    let store = SqliteStore::open(path, &Options::default()).unwrap();
    store.verify(anchor).unwrap().findings
}

#[test]
fn a_file_of_another_program_is_refused_untouched() {
    let place = Place::new();
    let other = place.file("other.db");
    tamper(&other, "CREATE TABLE notes (text TEXT)");
    let before = fs::read(&other).unwrap();
    let error = SqliteStore::open(&other, &Options::default()).unwrap_err();
    assert_eq!(kind(&error), BackendKind::Corrupt, "{error}");
    assert_eq!(fs::read(&other).unwrap(), before);

    let text = place.file("text.db");
    fs::write(
        &text,
        "not a database, but long enough to look at its first hundred bytes".repeat(9),
    )
    .unwrap();
    let error = SqliteStore::open(&text, &Options::default()).unwrap_err();
    assert_eq!(kind(&error), BackendKind::Corrupt, "{error}");
}

#[test]
fn a_newer_schema_is_refused() {
    let place = Place::new();
    let path = place.file("a.db");
    written(&path, 1);
    tamper(&path, "PRAGMA user_version = 99");
    for error in [
        SqliteStore::open(&path, &Options::default()).unwrap_err(),
        Reports::open(&path, &Options::default()).unwrap_err(),
    ] {
        assert_eq!(kind(&error), BackendKind::Unsupported);
        assert!(error.to_string().contains("schema 99"), "{error}");
    }
}

#[test]
fn an_edited_migration_is_refused() {
    let place = Place::new();
    let path = place.file("a.db");
    written(&path, 1);
    tamper(&path, "UPDATE migration SET checksum = zeroblob(32)");
    let error = SqliteStore::open(&path, &Options::default()).unwrap_err();
    assert_eq!(kind(&error), BackendKind::Corrupt, "{error}");
}

#[test]
fn a_damaged_page_is_found() {
    let place = Place::new();
    let path = place.file("a.db");
    written(&path, 60);
    let length = fs::metadata(&path).unwrap().len();
    let mut file = fs::File::options().write(true).open(&path).unwrap();
    for page in (2..length / 4096).step_by(3) {
        file.seek(SeekFrom::Start(page * 4096 + 16)).unwrap();
        file.write_all(&[0xA5; 64]).unwrap();
    }
    drop(file);
    match SqliteStore::open(&path, &Options::default()) {
        Err(error) => assert_eq!(kind(&error), BackendKind::Corrupt, "{error}"),
        Ok(store) => match store.verify(None) {
            Err(error) => assert_eq!(kind(&error), BackendKind::Corrupt, "{error}"),
            Ok(verification) => assert!(!verification.is_sound()),
        },
    }
}

#[test]
fn whatever_is_rewritten_behind_the_store_is_found() {
    let unlock = "DROP TRIGGER entry_update; DROP TRIGGER entry_delete; DROP TRIGGER line_update;
        DROP TRIGGER line_delete; DROP TRIGGER event_update; DROP TRIGGER commit_log_delete;
        DROP TRIGGER commit_log_update; PRAGMA foreign_keys = OFF;";
    type Expected = fn(&Finding) -> bool;
    let cases: [(&str, Expected); 8] = [
        ("UPDATE entry SET notes = 'x' WHERE row = 2", |f| {
            matches!(f, Finding::Chain { sequence: 2 })
        }),
        (
            "UPDATE line SET gl = '9999' WHERE entry = 3 AND number = 0",
            |f| matches!(f, Finding::Chain { sequence: 3 }),
        ),
        (
            "UPDATE line SET minor = 101 WHERE entry = 3 AND number = 0",
            |f| matches!(f, Finding::Entry(_)),
        ),
        ("UPDATE event SET body = x'00' WHERE row = 4", |f| {
            matches!(f, Finding::Chain { sequence: 4 })
        }),
        ("DELETE FROM commit_log WHERE sequence = 2", |f| {
            matches!(f, Finding::Gap { sequence: 3 })
        }),
        (
            "DELETE FROM line WHERE entry = 5; DELETE FROM entry WHERE row = 5",
            |f| matches!(f, Finding::Chain { sequence: 5 }),
        ),
        (
            "UPDATE turnover SET debit = debit + 1 WHERE gl = '1100'",
            |f| matches!(f, Finding::Balance { gl } if gl == "1100"),
        ),
        ("DELETE FROM account WHERE row = 1", |f| {
            matches!(f, Finding::ForeignKey { .. })
        }),
    ];
    for (sql, expected) in cases {
        let place = Place::new();
        let path = place.file("a.db");
        let head = written(&path, 6);
        assert_eq!(findings(&path, Some(&head)), []);
        tamper(
            &path,
            &format!("{unlock} DROP TRIGGER account_delete; {sql}"),
        );
        let found = findings(&path, None);
        assert!(found.iter().any(expected), "{sql}: {found:?}");
    }
}

#[test]
fn a_cut_off_or_rewritten_chain_does_not_hold_its_anchor() {
    let place = Place::new();
    let (path, other) = (place.file("a.db"), place.file("b.db"));
    let anchor = written(&path, 3);
    written(&other, 2);
    // The other file is sound in itself: only the head kept outside tells.
    assert_eq!(findings(&other, None), []);
    assert_eq!(
        findings(&other, Some(&anchor)),
        [Finding::Anchor { expected: anchor }]
    );
    // More commits keep an older anchor.
    let mut store = SqliteStore::open(&path, &Options::default()).unwrap();
    assert!(store.commit(&movement(1, Some(3))).unwrap().is_applied());
    assert!(store.verify(Some(&anchor)).unwrap().is_sound());
}

#[test]
fn a_second_writer_waits_and_then_hears_busy() {
    let place = Place::new();
    let path = place.file("a.db");
    written(&path, 1);
    let blocker = Connection::open(&path).unwrap();
    let options = Options {
        busy_timeout: core::time::Duration::from_millis(20),
        ..Options::default()
    };
    let mut store = SqliteStore::open(&path, &options).unwrap();
    blocker.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = store.commit(&movement(1, Some(1))).unwrap_err();
    assert_eq!(kind(&error), BackendKind::Busy, "{error}");
    assert!(error.is_retryable());
    // Readers do not wait.
    assert_eq!(store.statistics().unwrap().commits, 1);
    let reports = Reports::open(&path, &Options::default()).unwrap();
    let rows: i64 = reports
        .sql()
        .query_row("SELECT count(*) FROM report_journal", [], |r| r.get(0))
        .unwrap();
    assert_eq!(rows, 2);
    blocker.execute_batch("ROLLBACK").unwrap();
    assert!(store.commit(&movement(1, Some(1))).unwrap().is_applied());
}

#[cfg(not(feature = "encryption"))]
#[test]
fn a_key_is_refused_where_there_is_no_encryption() {
    let place = Place::new();
    let options = Options {
        key: Some(storage_sqlite::Key::new([7; 32])),
        ..Options::default()
    };
    let error = SqliteStore::open(place.file("a.db"), &options).unwrap_err();
    assert_eq!(kind(&error), BackendKind::Unsupported, "{error}");
}

/// Runs a test of this file in a process of its own: alone, by name, with a path to work on.
fn child(shell: &str, test: &str, path: &Path) -> String {
    let output = Command::new("sh")
        .args(["-c", shell])
        .arg(std::env::current_exe().unwrap())
        .args([test, "--exact", "--nocapture", "--test-threads=1"])
        .env("STORE_FILE", path)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{text}{errors}");
    text
}

/// The file a child works on; none when the test runs as one among all, with nothing to do.
fn given_file() -> Option<PathBuf> {
    std::env::var_os("STORE_FILE").map(PathBuf::from)
}

#[test]
fn child_fills_the_disk() {
    let Some(path) = given_file() else { return };
    let mut store = SqliteStore::open(path, &Options::default()).unwrap();
    let mut version = 1;
    let error = loop {
        match store.commit(&movement(1, Some(version))) {
            Ok(_) => version += 1,
            Err(error) => break error,
        }
    };
    assert!(
        matches!(kind(&error), BackendKind::Full | BackendKind::Io),
        "{error}"
    );
    // The store is still good for reading, and has all that was acknowledged.
    assert_eq!(store.statistics().unwrap().commits, version);
    println!("acknowledged={version}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_loses_nothing() {
    let place = Place::new();
    let path = place.file("a.db");
    written(&path, 1);
    // 512-byte blocks; without the signal the write fails as on a full disk.
    let shell = "trap '' XFSZ; ulimit -f 8000; exec \"$0\" \"$@\"";
    let text = child(shell, "child_fills_the_disk", &path);
    let acknowledged: u64 = text
        .lines()
        .find_map(|line| line.rsplit_once("acknowledged=")?.1.trim().parse().ok())
        .unwrap_or_else(|| panic!("{text}"));
    assert!(acknowledged > 20, "{acknowledged}");
    let mut store = SqliteStore::open(&path, &Options::default()).unwrap();
    assert!(store.verify(None).unwrap().is_sound());
    assert_eq!(store.statistics().unwrap().commits, acknowledged);
    assert!(
        store
            .commit(&movement(1, Some(acknowledged)))
            .unwrap()
            .is_applied()
    );
}

/// Moves account `n` until it stands at `movements`, waiting for the other process when it must.
fn move_beside(path: &Path, n: u128, movements: u64) {
    let options = Options {
        busy_timeout: core::time::Duration::from_millis(1),
        ..Options::default()
    };
    let mut store = SqliteStore::open(path, &options).unwrap();
    let mut version = 0;
    while version < movements {
        match store.commit(&movement(n, Some(version).filter(|version| *version > 0))) {
            Ok(outcome) => version += u64::from(outcome.is_applied()),
            Err(error) => assert_eq!(kind(&error), BackendKind::Busy, "{error}"),
        }
    }
}

#[test]
fn child_writes_beside() {
    let Some(path) = given_file() else { return };
    move_beside(&path, 2, 200);
    println!("written");
}

/// Each process hears of the other as busy and nothing else, and both land everything.
#[test]
fn two_processes_write_one_file() {
    let place = Place::new();
    let path = place.file("a.db");
    drop(SqliteStore::open(&path, &Options::default()).unwrap());
    std::thread::scope(|scope| {
        let other = scope.spawn(|| child("exec \"$0\" \"$@\"", "child_writes_beside", &path));
        move_beside(&path, 1, 200);
        assert!(other.join().unwrap().contains("written"));
    });
    let mut store = SqliteStore::open(&path, &Options::default()).unwrap();
    let statistics = store.statistics().unwrap();
    assert_eq!((statistics.commits, statistics.accounts), (400, 2));
    assert!(store.verify(None).unwrap().is_sound());
}

/// The host's clock went back: a business date before the last one is refused by name, in a file
/// that was closed since, and nothing is written.
#[test]
fn a_business_date_before_the_last_is_refused() {
    let place = Place::new();
    let path = place.file("a.db");
    written(&path, 1);
    let run = |store: &mut SqliteStore, date| {
        let plan = Plan::new("end-of-day".parse().unwrap(), day(date));
        let nothing = |_: &StoredAccount, _| Ok::<_, Infallible>(None);
        run_in_parallel(store, &plan, nothing, |_| ControlFlow::Continue(()))
    };
    let mut store = SqliteStore::open(&path, &Options::default()).unwrap();
    assert!(matches!(run(&mut store, 9).unwrap(), Ended::Done(_)));
    drop(store);

    let mut store = SqliteStore::open(&path, &Options::default()).unwrap();
    let head = store.head().unwrap();
    let error = run(&mut store, 8).unwrap_err();
    let EndOfDayError::DateBackwards { given, last } = error else {
        panic!("{error}");
    };
    assert_eq!((given, last, error.code()), (day(8), day(9), 2301));
    assert!(
        error.to_string().contains("lies before 2024-01-09"),
        "{error}"
    );
    assert_eq!(store.head().unwrap(), head);
    assert!(matches!(run(&mut store, 9).unwrap(), Ended::AlreadyDone(_)));
    assert!(matches!(run(&mut store, 10).unwrap(), Ended::Done(_)));
    // Days that were missed are caught up one by one.
    let (job, page) = ("end-of-day".parse().unwrap(), core::num::NonZeroU32::MIN);
    let nothing = |_: &StoredAccount, _| Ok::<_, Infallible>(None);
    let go_on = |_: &_| ControlFlow::Continue(());
    let ended = catch_up_in_parallel(&mut store, job, page, day(13), nothing, go_on).unwrap();
    let dates: Vec<_> = ended
        .iter()
        .map(|ended| ended.progress().business_date)
        .collect();
    assert_eq!(dates, [day(11), day(12), day(13)]);
}

/// Every decision is made in the pool that the caller has installed.
#[test]
fn the_callers_pool_decides() {
    let place = Place::new();
    for threads in [1, 3] {
        let path = place.file(&format!("{threads}.db"));
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        pool.build().unwrap().install(|| {
            let mut store = SqliteStore::open(&path, &Options::default()).unwrap();
            for n in 1..=40 {
                assert!(store.commit(&movement(n, None)).unwrap().is_applied());
            }
            let plan = Plan {
                page_size: core::num::NonZeroU32::new(7).unwrap(),
                ..Plan::new("end-of-day".parse().unwrap(), day(9))
            };
            let decide = |_: &StoredAccount, _| {
                let found = (
                    rayon::current_thread_index().is_some(),
                    rayon::current_num_threads(),
                );
                if found == (true, threads) {
                    Ok(None)
                } else {
                    Err(format!("{found:?}"))
                }
            };
            let ended = run_in_parallel(&mut store, &plan, decide, |_| ControlFlow::Continue(()));
            let progress = *ended.unwrap().progress();
            assert_eq!((progress.seen, progress.set_aside), (40, 0));
        });
    }
}

#[test]
fn child_opens_read_only() {
    let Some(path) = given_file() else { return };
    let error = SqliteStore::open(path, &Options::default()).unwrap_err();
    assert_eq!(kind(&error), BackendKind::ReadOnly, "{error}");
    println!("refused");
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_may_not_be_written_says_so() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    let path = place.file("a.db");
    written(&path, 1);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    let shell = if fs::File::options().write(true).open(&path).is_ok() {
        // Root may write anything: the child gives its rights away first.
        fs::set_permissions(place.0.path(), fs::Permissions::from_mode(0o755)).unwrap();
        "exec setpriv --reuid=65534 --regid=65534 --clear-groups \"$0\" \"$@\""
    } else {
        "exec \"$0\" \"$@\""
    };
    let text = child(shell, "child_opens_read_only", &path);
    assert!(text.contains("refused"), "{text}");
}
