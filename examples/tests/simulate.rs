//! A short simulation: every law holds on lives that no one wrote.

use lending_examples::simulate::{self, Options};

#[test]
fn every_law_holds() {
    for seed in [1, 1_000_000, 2_000_000] {
        let options = Options {
            seed,
            steps: 700,
            length: 24,
        };
        let mut out = Vec::new();
        let held = simulate::print(&options, &mut out).unwrap();
        assert!(held, "{}", String::from_utf8_lossy(&out));
    }
}

/// The same seed gives the same lives.
#[test]
fn a_run_can_be_repeated() {
    let run = || {
        let report = simulate::run(&Options {
            seed: 7,
            steps: 100,
            length: 24,
        });
        (report.lives, report.steps, report.refused, report.modelled)
    };
    assert_eq!(run(), run());
}
