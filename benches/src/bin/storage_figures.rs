//! The storage figures in one run: `storage_figures [ACCOUNTS]`, 100,000 by default.
//!
//! Each line is a figure beside its floor. Run it on an idle machine.

use std::time::Instant;

use lending_benches::storage::{
    Failed, Posting, bare, bare_insert, end_of_day, fill, id, opening, synced_writes,
};
use lending_core::store::Store;
use storage_sqlite::{GroupCommit, Options, SqliteStore};

fn main() -> Result<(), Failed> {
    let accounts = std::env::args()
        .nth(1)
        .map_or(Ok(100_000), |given| given.parse::<u64>())?;
    let folder = tempfile::tempdir_in(".")?;
    let path = |name: &str| folder.path().join(name);

    let floor = synced_writes(folder.path(), 2_000)?;
    println!("4-KiB write + fdatasync           {floor:>12.0}/s");

    let table = bare(&path("bare.db"))?;
    let start = Instant::now();
    for n in 0..2_000 {
        bare_insert(&table, n)?;
    }
    println!(
        "bare SQLite insert, durable       {:>12.0}/s",
        2_000.0 / start.elapsed().as_secs_f64()
    );

    let mut store = SqliteStore::open(path("single.db"), &Options::default())?;
    let commits = (0..2_000).map(opening).collect::<Result<Vec<_>, _>>()?;
    let start = Instant::now();
    for commit in &commits {
        let _landed = store.commit(commit)?;
    }
    let single = 2_000.0 / start.elapsed().as_secs_f64();
    println!(
        "one caller, durable commit        {single:>12.0}/s  {:.2} x floor",
        single / floor
    );

    let group = GroupCommit::start(SqliteStore::open(path("group.db"), &Options::default())?)?;
    let start = Instant::now();
    std::thread::scope(|scope| {
        for caller in 0..64_u64 {
            let handle = group.handle();
            scope.spawn(move || {
                for n in 0..200 {
                    let commit = opening(caller * 1_000 + n).expect("well formed");
                    let _landed = handle.commit(commit).expect("lands");
                }
            });
        }
    });
    let grouped = 12_800.0 / start.elapsed().as_secs_f64();
    println!(
        "64 callers, durable commits       {grouped:>12.0}/s  {:.2} x one",
        grouped / single
    );
    drop(group.close()?);

    for (posting, name) in [
        (Posting::Aggregated, "aggregated"),
        (Posting::PerAccount, "an entry each"),
    ] {
        let file = path(&format!("{posting:?}.db"));
        let options = Options {
            checkpoint_pages: 16_384,
            cache_kib: 256 * 1024,
            ..Options::default()
        };
        let mut store = SqliteStore::open(&file, &options)?;
        let start = Instant::now();
        fill(&mut store, accounts)?;
        let filled = accounts as f64 / start.elapsed().as_secs_f64();
        println!("fill, 10,000 accounts a commit    {filled:>12.0}/s");
        for n in 1..=3 {
            let rate = end_of_day(&mut store, n, 10_000, posting)?;
            println!("end of day, {name:<21} {rate:>12.0}/s");
        }
        let start = Instant::now();
        for n in 0..2_000 {
            store.account(id(n * 7_919 % accounts))?;
        }
        println!(
            "load one account                  {:>12.1} us",
            start.elapsed().as_secs_f64() * 500.0
        );
        drop(store);
        let start = Instant::now();
        let store = SqliteStore::open(&file, &options)?;
        println!(
            "open                              {:>12.2} ms",
            start.elapsed().as_secs_f64() * 1_000.0
        );
        let start = Instant::now();
        let sound = store.verify(None)?.is_sound();
        println!(
            "verify (sound: {sound})             {:>12.2} s",
            start.elapsed().as_secs_f64()
        );
        drop(store);
        let size = std::fs::metadata(&file)?.len();
        println!(
            "file                              {:>12.0} bytes an account",
            size as f64 / accounts as f64
        );
    }
    Ok(())
}
