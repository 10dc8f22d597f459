//! Lines of credit: contracts, what is tried under them, and the laws held against them.

mod contract;
mod life;
mod lived;
mod model;
pub mod random;
mod step;

use std::fmt;

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
        let mut today = contract::start();
        writeln!(f, "{today} activate")?;
        for step in &self.steps {
            if let What::Pass { days, closed } = step.what {
                let from = today;
                today = step::later(today, days);
                writeln!(f, "{from} .. {today} {closed:?}")?;
                continue;
            }
            write!(f, "{today} {:?} (transaction {})", step.what, step.id)?;
            if step.back > 0 {
                write!(f, " counting from {}", step.counts_from(today))?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}
