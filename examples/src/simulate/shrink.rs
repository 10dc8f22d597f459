//! Less of a life that still breaks the same law.

use super::{
    laws::{Broken, Law},
    scenario::{Contract, Scenario, Step},
    tally::Tally,
};

/// Leaves out steps and simplifies figures as long as the same law stays broken.
pub fn shrink<C: Contract>(
    life: Scenario<C>,
    seed: u64,
    mut broken: Broken,
) -> (Scenario<C>, Broken) {
    let mut life = life.up_to(broken.at);
    loop {
        let mut smaller = life.fewer().into_iter().chain(life.simpler());
        let found =
            smaller.find_map(|less| breaks(&less, seed, broken.law).map(|again| (less, again)));
        let Some((less, again)) = found else {
            return (life, broken);
        };
        life = less.up_to(again.at);
        broken = again;
    }
}

fn breaks<C: Contract>(life: &Scenario<C>, seed: u64, law: Law) -> Option<Broken> {
    let again = life.check(seed, &mut Tally::default()).err()?;
    (again.law == law).then_some(again)
}

impl<C: Contract> Scenario<C> {
    fn with(&self, steps: Vec<Step<C::What>>) -> Self {
        let contract = self.contract;
        Self { contract, steps }
    }

    fn up_to(mut self, at: usize) -> Self {
        self.steps.truncate(at + 1);
        self
    }

    /// Every life with a run of steps left out, long runs first.
    fn fewer(&self) -> Vec<Self> {
        let (count, mut all) = (self.steps.len(), Vec::new());
        let mut run = count / 2;
        while run > 0 {
            for from in (0..count).step_by(run) {
                let mut steps = self.steps.clone();
                steps.drain(from..count.min(from + run));
                all.push(self.with(steps));
            }
            run /= 2;
        }
        all
    }

    /// Every life with a simpler contract or one simpler step.
    fn simpler(&self) -> Vec<Self> {
        let contracts = self.contract.simpler().into_iter();
        let mut all: Vec<Self> = contracts
            .map(|contract| Self {
                contract,
                steps: self.steps.clone(),
            })
            .collect();
        for (at, step) in self.steps.iter().enumerate() {
            for simple in step.simpler() {
                let mut steps = self.steps.clone();
                steps[at] = simple;
                all.push(self.with(steps));
            }
        }
        all
    }
}
