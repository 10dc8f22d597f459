//! Loans: contracts, what is tried under them, and the laws held against them.

mod carry;
mod command;
mod contract;
mod life;
mod lived;
mod model;
mod money;
mod options;
mod owners;
pub mod random;
mod simpler;
mod step;

use std::fmt;

use chrono::{Days, NaiveDate};

pub use contract::Contract;
pub use step::{Step, What};

use super::{laws::Broken, shrink::Trial, tally::Tally};

/// A contract and what is tried under it, in the order of arrival.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The contract.
    pub contract: Contract,
    /// What is tried.
    pub steps: Vec<Step>,
}

impl Trial for Scenario {
    type Step = Step;

    fn check(&self, seed: u64, tally: &mut Tally) -> Result<(), Broken> {
        lived::check(self, seed, tally)
    }

    fn steps(&self) -> &[Step] {
        &self.steps
    }

    fn with(&self, steps: Vec<Step>) -> Self {
        let contract = self.contract;
        Self { contract, steps }
    }

    fn simpler_steps(step: &Step) -> Vec<Step> {
        step.simpler()
    }

    fn simpler_contracts(&self) -> Vec<Self> {
        let simpler = self.contract.simpler().into_iter();
        let with = |contract| Self {
            contract,
            steps: self.steps.clone(),
        };
        simpler.map(with).collect()
    }
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "contract: {}", self.contract)?;
        writeln!(f, "2024-01-01 disburse 500.00 (transaction 1)")?;
        let mut today = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap_or_default();
        for step in &self.steps {
            if let What::Pass { days, each } = step.what {
                let from = today;
                today = step::later(today, days);
                let how = if each {
                    "each day closed"
                } else {
                    "closed at once"
                };
                writeln!(f, "{from} .. {today} {how}")?;
                continue;
            }
            write!(f, "{today} {:?} (transaction {})", step.what, step.id)?;
            if step.back > 0 {
                let on = today.checked_sub_days(Days::new(step.back.into()));
                write!(f, " counting from {}", on.unwrap_or(today))?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}
