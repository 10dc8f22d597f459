//! `simulate`: random lives of loans against laws and against a second, dumber model.
//!
//! A life is a contract and a list of steps, each plain data drawn from a seed: transactions with
//! value dates in the past, reversals, days that pass. After every step:
//!
//! - every journal entry balances, and control accounts equal what the account says;
//! - deciding twice gives the same decision, so that a preview is what will happen;
//! - a second account told of the surviving facts only, from scratch and in another order of
//!   arrival, stands the same;
//! - reversing what was just recorded gives the account and the books of before;
//! - where the contract is plain enough, a slower model has recomputed every instalment and balance
//!   from the facts, day by day, without any code of the account.
//!
//! A life that breaks a law is shrunk: steps are left out and figures made simple as long as the
//! same law stays broken. What is left is printed as a scenario.

mod contract;
mod laws;
mod life;
mod model;
mod money;
mod random;
mod scenario;
mod shrink;

use std::{
    io::{self, Write},
    time::{Duration, Instant},
};

use clap::Parser;

pub use laws::{Broken, Law};
pub use scenario::Scenario;

/// Random lives of loans against laws and a second model.
#[derive(Clone, Debug, Parser)]
#[command(name = "simulate")]
pub struct Options {
    /// Where random choices start: the same seed gives the same lives.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// How many steps in all.
    #[arg(long, default_value_t = 10_000)]
    pub steps: u64,
    /// Steps of one life.
    #[arg(long, default_value_t = 24)]
    pub length: usize,
}

/// What a run did.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Lives lived.
    pub lives: u64,
    /// Steps taken.
    pub steps: u64,
    /// Of them: refused with a typed error, as they should be.
    pub refused: u64,
    /// Steps after which the second model agreed.
    pub modelled: u64,
    /// The first life that broke a law, shrunk.
    pub failure: Option<(u64, Scenario, Broken)>,
    /// How long it took.
    pub took: Duration,
}

/// Lives until the steps are used up or a law is broken.
#[must_use]
pub fn run(options: &Options) -> Report {
    let (start, mut report) = (Instant::now(), Report::default());
    let mut seed = options.seed;
    while report.steps < options.steps {
        let left = usize::try_from(options.steps.saturating_sub(report.steps));
        let length = options.length.min(left.unwrap_or(options.length)).max(1);
        let scenario = random::scenario(seed, length);
        let mut tally = laws::Tally::default();
        let outcome = laws::check(&scenario, seed, &mut tally);
        report.lives += 1;
        report.steps += tally.steps;
        report.refused += tally.refused;
        report.modelled += tally.modelled;
        if let Err(broken) = outcome {
            let (small, broken) = shrink::shrink(scenario, seed, broken);
            report.failure = Some((seed, small, broken));
            break;
        }
        seed = seed.wrapping_add(1);
    }
    report.took = start.elapsed();
    report
}

/// Runs and prints; whether every law held.
///
/// # Errors
/// When nothing can be printed.
pub fn print(options: &Options, out: &mut impl Write) -> io::Result<bool> {
    let report = run(options);
    if let Some((seed, scenario, broken)) = &report.failure {
        writeln!(out, "seed {seed} broke a law: {}", broken.law)?;
        writeln!(out, "{scenario}")?;
        writeln!(out, "{}", broken.what)?;
    }
    writeln!(
        out,
        "{} steps in {} lives, {} refused, {} compared with the second model, {:.1} s: {}",
        report.steps,
        report.lives,
        report.refused,
        report.modelled,
        report.took.as_secs_f64(),
        if report.failure.is_none() {
            "every law held"
        } else {
            "FAILED"
        },
    )?;
    Ok(report.failure.is_none())
}
