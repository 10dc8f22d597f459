//! The books of a lender are the same bytes whatever number of threads decides and wherever the
//! program was killed.

use std::{
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use chrono::NaiveDate;
use lending_core::store::conformance::snapshot;
use lending_examples::lender::{Folder, generate, run};
use storage_sqlite::{Durability, Head, Options, SqliteStore};

const DAYS: u32 = 50;

fn data(home: &Path) -> PathBuf {
    let path = home.join("data");
    let size = generate::Size {
        clients: 40,
        days: DAYS,
        start: NaiveDate::from_ymd_opt(2026, 7, 1).unwrap(),
        seed: 11,
        folder: path.clone(),
    };
    generate::write(&size, &mut Vec::new()).unwrap();
    path
}

fn open(database: &Path) -> SqliteStore {
    let options = Options {
        durability: Durability::ProcessCrash,
        ..Options::default()
    };
    SqliteStore::open(database, &options).unwrap()
}

/// Everything in a store (states, plans, events, journal, records, messages, receipts), and the
/// head of its chain, which covers events and entries in the order in which they were written.
fn bytes(store: &mut SqliteStore) -> (String, Head) {
    (snapshot(store).unwrap(), store.head().unwrap())
}

/// All business dates in one go, with a number of threads.
fn unbroken(folder: &Folder, database: &Path, threads: usize) -> (String, Head) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
    pool.build().unwrap().install(|| {
        let mut store = open(database);
        let end = folder.settings.end();
        assert!(run::run(folder, &mut store, end, |_| {}).unwrap().accounts > 0);
        bytes(&mut store)
    })
}

#[test]
fn the_number_of_threads_does_not_show() {
    let home = tempfile::tempdir().unwrap();
    let folder = Folder::read(&data(home.path())).unwrap();
    let [one, two, four] =
        [1, 2, 4].map(|n| unbroken(&folder, &home.path().join(format!("{n}.sqlite")), n));
    assert!(one == two && two == four);
}

/// The program is killed again and again, a little later each time, until it once comes to its end.
#[test]
fn killed_anywhere_and_begun_again_it_ends_with_the_same_bytes() {
    let home = tempfile::tempdir().unwrap();
    let data = data(home.path());
    let database = home.path().join("killed.sqlite");
    let (mut kills, mut patience) = (0, Duration::from_millis(10));
    loop {
        let mut child = Command::new(env!("CARGO_BIN_EXE_lender"))
            .args(["run", "--quiet", "--database"])
            .args([&database, &data])
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(patience);
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.success());
            break;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        kills += 1;
        patience += Duration::from_millis(7);
    }
    assert!(kills > 2, "{kills} kills");
    let mut store = open(&database);
    assert!(store.verify(None).unwrap().is_sound());
    let folder = Folder::read(&data).unwrap();
    let expected = unbroken(&folder, &home.path().join("unbroken.sqlite"), 2);
    assert!(bytes(&mut store) == expected);
}
