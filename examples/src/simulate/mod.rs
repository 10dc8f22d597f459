//! `simulate`: random lives of loans and of lines of credit against laws and a second, dumber model.
//!
//! A life is a contract and a list of steps, each plain data drawn from a seed. Three of four lives
//! are loans, the fourth is a line of credit.
//!
//! # What is drawn
//!
//! - **Loans**: every kind of transaction and every command; value dates in the past, reversals,
//!   days that are closed one by one or at once, payment channels, the application with its ways
//!   back, transfers between branches, officers and owners, refunds that give interest back,
//!   refinancing and rescheduling into another loan (two accounts; the life goes on with either).
//! - **Lines of credit**: every kind of transaction; billing cycles, minimum payments, penalties by
//!   the night, fees of the contract, index reviews, pauses, taxes, graces; backdated and reversed.
//! - **Contracts**: one option after the other, see [`loan`] and [`mod@line`].
//!
//! A run ends with a table of how often each kind was accepted and refused: what is never accepted
//! proves nothing.
//!
//! # Laws
//!
//! After every step each [`Law`] is held:
//!
//! - every journal entry balances, and control accounts equal what the account says, also between
//!   the owners of a loan that was sold;
//! - deciding twice gives the same decision, with or without history at hand, so that a preview is
//!   what will happen;
//! - a second account told of the surviving facts only, from scratch and (one time in four) in
//!   another order of arrival, stands the same. A line's statements say what was known when they
//!   were made, and lateness follows them: where lateness costs fees the law is not asked of a
//!   line, otherwise of its money;
//! - reversing what was just recorded gives the account and the books of before;
//! - the account is the fold of its history; the statements of a line are made again from it;
//! - closing days late gives what closing each of them gives;
//! - a loan and the one that takes its place carry the same amount, only a top-up leaves the house,
//!   and the way back leaves no trace;
//! - where the contract is plain enough, a slower model has recomputed every instalment and balance
//!   from the facts, day by day, without any code of the account.
//!
//! # Reading a failing seed
//!
//! A life that breaks a law is shrunk: steps are left out and figures made simple as long as the
//! same law stays broken. What is left is printed: the law, the contract, every step with its day
//! and the day from which it counts, and how the two sides differ. The seed printed is that of the
//! life, so `--seed N --steps 24` starts the same life; the scenario alone is enough to
//! write the test that holds the mended fault.

mod books;
pub mod laws;
pub mod line;
pub mod loan;
mod scenario;
mod shrink;
mod tally;

use std::{
    io::{self, Write},
    time::{Duration, Instant},
};

use clap::Parser;

pub use laws::{Broken, Law};
pub use scenario::{Contract, Lived, Scenario, Step, What};
pub use tally::{Count, KINDS, Tally};

/// Random lives of loans and lines of credit against laws and a second model.
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
    /// What was tried in them.
    pub tally: Tally,
    /// The first life that broke a law: its seed, what is left of it, and how.
    pub failure: Option<(u64, String, Broken)>,
    /// How long it took.
    pub took: Duration,
}

/// Lives until the steps are used up or a law is broken.
#[must_use]
pub fn run(options: &Options) -> Report {
    let (start, mut report) = (Instant::now(), Report::default());
    let mut seed = options.seed;
    while report.tally.steps < options.steps {
        let left = usize::try_from(options.steps.saturating_sub(report.tally.steps));
        let length = options.length.min(left.unwrap_or(options.length)).max(1);
        let failure = if seed % 4 == 3 {
            let life = line::random::scenario(seed, length);
            live(life, seed, &mut report.tally)
        } else {
            let life = loan::random::scenario(seed, length);
            live(life, seed, &mut report.tally)
        };
        report.lives += 1;
        if let Some((scenario, broken)) = failure {
            report.failure = Some((seed, scenario, broken));
            break;
        }
        seed = seed.wrapping_add(1);
    }
    report.took = start.elapsed();
    report
}

/// Lives one life; what is left of it when it broke a law.
fn live<C: Contract>(life: Scenario<C>, seed: u64, tally: &mut Tally) -> Option<(String, Broken)> {
    let broken = life.check(seed, tally).err()?;
    let (small, broken) = shrink::shrink(life, seed, broken);
    Some((small.to_string(), broken))
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
    writeln!(out, "{}", report.tally)?;
    writeln!(
        out,
        "{} steps in {} lives, {} refused, {} compared with the second model, {:.1} s: {}",
        report.tally.steps,
        report.lives,
        report.tally.refused(),
        report.tally.modelled,
        report.took.as_secs_f64(),
        if report.failure.is_none() {
            "every law held"
        } else {
            "FAILED"
        },
    )?;
    Ok(report.failure.is_none())
}
