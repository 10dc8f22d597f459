//! Less of a life that still breaks the same law.

use std::fmt::Display;

use super::{
    laws::{Broken, Law},
    tally::Tally,
};

/// A life that can be lived, and lived with less.
pub trait Trial: Clone + Display {
    /// One thing that is tried.
    type Step: Clone + PartialEq;

    /// Lives it and holds every law after every step.
    fn check(&self, seed: u64, tally: &mut Tally) -> Result<(), Broken>;

    /// What is tried.
    fn steps(&self) -> &[Self::Step];

    /// The same with other steps.
    fn with(&self, steps: Vec<Self::Step>) -> Self;

    /// Steps that do the same with less.
    fn simpler_steps(step: &Self::Step) -> Vec<Self::Step>;

    /// The same under simpler contracts.
    fn simpler_contracts(&self) -> Vec<Self>;
}

/// Leaves out steps and simplifies figures as long as the same law stays broken.
pub fn shrink<T: Trial>(mut trial: T, seed: u64, mut broken: Broken) -> (T, Broken) {
    trial = up_to(&trial, broken.at);
    loop {
        let smaller = fewer(&trial).into_iter().chain(simpler(&trial));
        let found = smaller
            .into_iter()
            .find_map(|candidate| breaks(&candidate, seed, broken.law).map(|b| (candidate, b)));
        let Some((candidate, again)) = found else {
            return (trial, broken);
        };
        trial = up_to(&candidate, again.at);
        broken = again;
    }
}

fn breaks<T: Trial>(trial: &T, seed: u64, law: Law) -> Option<Broken> {
    let again = trial.check(seed, &mut Tally::default()).err()?;
    (again.law == law).then_some(again)
}

fn up_to<T: Trial>(trial: &T, at: usize) -> T {
    trial.with(trial.steps().iter().take(at + 1).cloned().collect())
}

/// Every life with a run of steps left out, long runs first.
fn fewer<T: Trial>(trial: &T) -> Vec<T> {
    let (count, mut all) = (trial.steps().len(), Vec::new());
    let mut run = count / 2;
    while run > 0 {
        for from in (0..count).step_by(run) {
            let mut steps = trial.steps().to_vec();
            steps.drain(from..count.min(from + run));
            all.push(trial.with(steps));
        }
        run /= 2;
    }
    all
}

/// Every life with one simpler step or a simpler contract.
fn simpler<T: Trial>(trial: &T) -> Vec<T> {
    let mut all = trial.simpler_contracts();
    for (at, step) in trial.steps().iter().enumerate() {
        for simple in T::simpler_steps(step) {
            let mut steps = trial.steps().to_vec();
            steps[at] = simple;
            all.push(trial.with(steps));
        }
    }
    all
}
