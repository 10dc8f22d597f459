//! Power cuts and failing operations at every point of a workload.
//!
//! After each one the file is opened again: every acknowledged commit is there, nothing is half,
//! and finishing the workload gives what an unbroken run gives. Two controls, a durability that is
//! known to lose and a disk that lies about its syncs, show that the harness finds losses.
//!
//! The tests visit every fifth operation. `POWER_CUT_SEEDS=20 cargo test --release -p storage-sqlite
//! --test power_cut -- --nocapture` visits every one, with that many seeds for what survives.

#[path = "../common/mod.rs"]
mod common;
mod disk;

use common::{kind, movement};
use disk::Fault;
use lending_core::store::{Commit, Store, StoreError, conformance::snapshot};
use storage_sqlite::{Durability, Options, SqliteStore};

/// Two accounts, moved in turns.
fn workload() -> Vec<Commit> {
    let turn = |at: u64| movement(u128::from(at % 2) + 1, Some(at / 2).filter(|seq| *seq > 0));
    (0..14).map(turn).collect()
}

fn options(durability: Durability) -> Options {
    // Small enough for several checkpoints on the way.
    let checkpoint_pages = 30;
    Options {
        durability,
        checkpoint_pages,
        vfs: Some(disk::NAME.into()),
        ..Options::default()
    }
}

/// Does the workload until something fails; how many commits were acknowledged, and whether all.
fn work(options: &Options) -> (u64, Result<(), StoreError>) {
    let mut acknowledged = 0;
    let mut all = || {
        let mut store = SqliteStore::open("a.db", options)?;
        for commit in workload() {
            let _landed = store.commit(&commit)?;
            acknowledged += 1;
        }
        Ok(())
    };
    let result = all();
    (acknowledged, result)
}

/// The content after an unbroken run, and the operations it took.
fn unbroken(options: &Options) -> (String, u64) {
    disk::fresh(Fault::None, false);
    let (acknowledged, result) = work(options);
    result.unwrap();
    assert_eq!(acknowledged, 14);
    let operations = disk::operations();
    (content(options).unwrap(), operations)
}

fn content(options: &Options) -> Result<String, StoreError> {
    snapshot(&mut SqliteStore::open("a.db", options)?)
}

/// What is wrong after a cut, if anything.
fn check(options: &Options, acknowledged: u64, expected: &str) -> Result<(), String> {
    let shown = |error: StoreError| format!("{error}");
    let mut store = SqliteStore::open("a.db", options).map_err(shown)?;
    let verification = store.verify(None).map_err(shown)?;
    if !verification.is_sound() {
        return Err(format!("{:?}", verification.findings));
    }
    let commits = store.statistics().map_err(shown)?.commits;
    // The one under way may have landed; more cannot, and fewer must not.
    if !(acknowledged..=acknowledged + 1).contains(&commits) {
        return Err(format!("{commits} commits of {acknowledged} acknowledged"));
    }
    // Everything is sent again: the keys tell what landed before.
    for commit in workload() {
        let _landed_or_replayed = store.commit(&commit).map_err(shown)?;
    }
    drop(store);
    match content(options).map_err(shown)? {
        content if content == expected => Ok(()),
        content => Err(format!("content differs:\n{content}\n{expected}")),
    }
}

/// The operations to visit and how many seeds for each.
fn visits(operations: u64) -> (impl Iterator<Item = u64>, u64) {
    let seeds = std::env::var("POWER_CUT_SEEDS")
        .ok()
        .and_then(|seeds| seeds.parse().ok());
    let step = if seeds.is_some() { 1 } else { 5 };
    ((1..=operations).step_by(step), seeds.unwrap_or(1))
}

/// Cuts the power again and again; the number of cuts, and what was wrong after which.
fn cuts(durability: Durability, lies: bool) -> (usize, Vec<String>) {
    let options = options(durability);
    let (expected, operations) = unbroken(&options);
    let (mut points, mut wrong) = (0, Vec::new());
    let (places, seeds) = visits(operations);
    for at in places {
        for seed in 0..seeds {
            disk::fresh(Fault::Cut { at }, lies);
            let (acknowledged, result) = work(&options);
            if let Err(error) = result {
                kind(&error);
            }
            disk::restore_power(at * 1_000 + seed);
            points += 1;
            if let Err(reason) = check(&options, acknowledged, &expected) {
                wrong.push(format!("cut at {at}, seed {seed}: {reason}"));
            }
        }
    }
    println!(
        "{durability:?}, lying disk: {lies}: {points} cuts, {} losses",
        wrong.len()
    );
    (points, wrong)
}

#[test]
fn nothing_acknowledged_is_lost_in_a_power_cut() {
    let (points, wrong) = cuts(Durability::PowerCut, false);
    assert_eq!(wrong, Vec::<String>::new());
    assert!(points > 50, "{points} points");
}

#[test]
fn control_the_weaker_durability_loses_commits_and_nothing_else() {
    let (points, wrong) = cuts(Durability::ProcessCrash, false);
    assert!(wrong.len() > points / 10, "{} of {points}", wrong.len());
    let lost = |reason: &String| reason.ends_with("acknowledged");
    assert!(wrong.iter().all(lost), "{wrong:?}");
}

#[test]
fn control_a_disk_that_lies_about_syncs_is_found_out() {
    let (points, wrong) = cuts(Durability::PowerCut, true);
    assert!(wrong.len() > points / 10, "{} of {points}", wrong.len());
}

#[test]
fn a_failing_operation_is_heard_and_the_retry_completes() {
    let options = options(Durability::PowerCut);
    let (expected, operations) = unbroken(&options);
    let (mut heard, mut points) = (0, 0);
    for at in visits(operations).0 {
        points += 1;
        disk::fresh(Fault::Fail { at }, false);
        let open = || SqliteStore::open("a.db", &options);
        let mut store = open().or_else(|error| {
            kind(&error);
            heard += 1;
            open()
        });
        for commit in workload() {
            let store = store.as_mut().unwrap();
            if let Err(error) = store.commit(&commit) {
                kind(&error);
                heard += 1;
                // One failure, one retry, on the same connection.
                let _landed_or_replayed = store.commit(&commit).unwrap();
            }
        }
        assert!(
            store.unwrap().verify(None).unwrap().is_sound(),
            "failed at {at}"
        );
        assert_eq!(content(&options).unwrap(), expected, "failed at {at}");
    }
    println!("{points} failing operations, {heard} heard by the caller");
    assert!(heard > points / 2, "{heard} of {points}");
}
