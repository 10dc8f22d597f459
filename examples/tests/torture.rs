//! A short run of every torture, and the controls that must find losses.
#![cfg(unix)]

use std::path::Path;

use lending_examples::torture::{Control, cuts, kills};

fn quiet() {}

#[test]
fn power_cuts_lose_nothing_acknowledged() {
    let tally = cuts::power_cuts(150, 1, None, &quiet);
    assert!(tally.is_clean(), "{tally:?}");
    assert_eq!(tally.faults, 150);
    assert!(tally.acknowledged > 150, "{tally:?}");
}

#[test]
fn every_failing_operation_is_survived_and_the_retry_completes() {
    let tally = cuts::failures(2, 9, &quiet);
    assert!(tally.is_clean(), "{tally:?}");
    assert!(
        tally.faults > 50 && tally.heard > tally.faults / 2,
        "{tally:?}"
    );
}

#[test]
fn killed_processes_lose_nothing_acknowledged() {
    let program = Path::new(env!("CARGO_BIN_EXE_torture"));
    let tally = kills::kills(program, 24, 3, &quiet);
    assert!(tally.is_clean(), "{tally:?}");
    assert!(tally.faults >= 24 && tally.acknowledged > 0, "{tally:?}");
}

#[test]
fn control_the_weaker_durability_loses_commits_and_nothing_else() {
    let tally = cuts::power_cuts(150, 4, Some(Control::Normal), &quiet);
    assert!(tally.lost > 15, "{tally:?}");
    assert_eq!(tally.wrong, 0, "{tally:?}");
}

#[test]
fn control_a_disk_that_lies_about_syncs_is_found_out() {
    let tally = cuts::power_cuts(150, 5, Some(Control::LyingFsync), &quiet);
    assert!(tally.lost + tally.wrong > 15, "{tally:?}");
}
