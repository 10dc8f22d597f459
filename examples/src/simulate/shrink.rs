//! Less of a life that still breaks the same law.

use super::{
    laws::{self, Broken, Tally},
    scenario::{Scenario, Step},
};

/// Leaves out steps and simplifies figures as long as the same law stays broken.
pub fn shrink(mut scenario: Scenario, seed: u64, mut broken: Broken) -> (Scenario, Broken) {
    scenario.steps.truncate(broken.at.saturating_add(1));
    loop {
        let smaller = fewer(&scenario).into_iter().chain(simpler(&scenario));
        let found = smaller.into_iter().find_map(|candidate| {
            let again = laws::check(&candidate, seed, &mut Tally::default()).err()?;
            (again.law == broken.law).then_some((candidate, again))
        });
        let Some((candidate, again)) = found else {
            return (scenario, broken);
        };
        scenario = candidate;
        scenario.steps.truncate(again.at.saturating_add(1));
        broken = again;
    }
}

/// Every life with a run of steps left out, long runs first.
fn fewer(scenario: &Scenario) -> Vec<Scenario> {
    let (count, mut all) = (scenario.steps.len(), Vec::new());
    let mut run = count / 2;
    while run > 0 {
        for from in (0..count).step_by(run) {
            let mut steps = scenario.steps.clone();
            steps.drain(from..count.min(from + run));
            all.push(Scenario {
                steps,
                ..scenario.clone()
            });
        }
        run /= 2;
    }
    all
}

/// Every life with one simpler step or a simpler contract.
fn simpler(scenario: &Scenario) -> Vec<Scenario> {
    let contracts = scenario.contract.simpler().into_iter();
    let mut all: Vec<Scenario> = contracts
        .map(|contract| Scenario {
            contract,
            ..scenario.clone()
        })
        .collect();
    for (at, step) in scenario.steps.iter().enumerate() {
        for simple in step.simpler() {
            let mut steps: Vec<Step> = scenario.steps.clone();
            steps[at] = simple;
            all.push(Scenario {
                steps,
                ..scenario.clone()
            });
        }
    }
    all
}
