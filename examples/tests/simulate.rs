//! A short simulation: every law holds on lives that no one wrote.

use lending_examples::simulate::{self, Options, Tally};

/// Every kind of command is accepted somewhere: what is only refused proves nothing.
#[test]
fn every_law_holds_for_every_kind() {
    let mut all = Tally::default();
    for seed in [1, 1_000_000, 2_000_000] {
        let report = simulate::run(&Options {
            seed,
            steps: 5_000,
            length: 24,
        });
        if let Some((seed, scenario, broken)) = &report.failure {
            panic!("seed {seed}: {}\n{scenario}\n{}", broken.law, broken.what);
        }
        all.add(&report.tally);
    }
    assert_eq!(all.never_accepted(), [""; 0], "{all}");
    assert!(all.modelled > 4_000, "{} compared", all.modelled);
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
        (report.lives, report.tally)
    };
    assert_eq!(run(), run());
}

/// What a run prints ends with the kinds that were tried and a line of sums.
#[test]
fn a_run_says_what_was_tried() {
    let (mut out, options) = (
        Vec::new(),
        Options {
            seed: 1,
            steps: 200,
            length: 24,
        },
    );
    assert!(simulate::print(&options, &mut out).unwrap());
    let text = String::from_utf8(out).unwrap();
    assert!(text.contains("loan: repayment  "), "{text}");
    assert!(text.ends_with("every law held\n"), "{text}");
}
