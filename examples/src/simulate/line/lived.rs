//! One life of a line held against the laws.

use std::fmt::Debug;

use chrono::NaiveDate;
use fastrand::Rng;
use lending_core::revolving::{
    Command, Context, Decision, NewTransaction, RevolvingError, Transaction,
};

use super::{
    Step,
    contract::Contract,
    life::Life,
    model::Model,
    step::{Closed, What},
};
use crate::simulate::{
    self, Contract as _,
    books::entries_balance,
    laws::{self, Checked, Law, arrive, differing},
    scenario::later,
    tally::Tally,
};

fn refusal(error: RevolvingError) -> (Law, String) {
    (Law::Refusal, error.to_string())
}

/// Whether a refusal is one that a lender's clerk should see.
fn is_business(error: &RevolvingError) -> bool {
    match error {
        RevolvingError::Common(error) => laws::is_business(error),
        RevolvingError::Terms(_) | RevolvingError::Amount { .. } => false,
        _ => true,
    }
}

/// The first lines in which two states differ, if they do.
fn same<T: PartialEq + Debug>(law: Law, one: &T, other: &T) -> Checked {
    if one == other {
        return Ok(());
    }
    Err((law, differing(one, other)))
}

pub struct Lived {
    life: Life,
    /// The line as it was activated.
    base: Life,
    today: NaiveDate,
    rng: Rng,
}

impl simulate::Lived<Contract> for Lived {
    fn begin(
        contract: &Contract,
        seed: u64,
        tally: &mut Tally,
    ) -> Result<Option<Self>, (Law, String)> {
        let submitted = Life::submit(contract);
        tally.count("line: contract", submitted.is_ok());
        let Ok(submitted) = submitted else {
            return Ok(None);
        };
        let life = submitted.begin(tally).map_err(refusal)?;
        Ok(Some(Self {
            base: life.clone(),
            life,
            today: Contract::start(),
            rng: Rng::with_seed(seed),
        }))
    }

    fn step(&mut self, step: &Step, contract: &Contract, tally: &mut Tally) -> Checked {
        if let What::Pass { days, closed } = step.what {
            self.pass(days, closed, tally)?;
        } else {
            self.command(step, tally)?;
        }
        self.life.controls().map_err(|what| (Law::Controls, what))?;
        let made = self.life.line.statements(&self.life.history);
        same(Law::History, &self.life.statements, &made.map_err(refusal)?)?;
        let ended = self.life.at_end_of(self.today).map_err(refusal)?;
        if !contract.lateness_costs() {
            self.facts_decide(&ended)?;
        }
        if let Some(model) = Model::of(contract, &self.life.history, self.today) {
            tally.modelled += 1;
            model
                .agrees(&ended.line)
                .map_err(|what| (Law::Model, what))?;
        }
        Ok(())
    }
}

impl Lived {
    fn command(&mut self, step: &Step, tally: &mut Tally) -> Checked {
        let command = step.command(&self.life.line, &self.life.history, self.today);
        let Some(command) = command else {
            return Ok(());
        };
        let tried = self.life.preview(&command, self.today);
        tally.count(&step.name(&command), tried.is_ok());
        let decision = match tried {
            Ok(decision) => decision,
            Err(error) if is_business(&error) => return Ok(()),
            Err(error) => return Err(refusal(error)),
        };
        self.preview_is_execution(&command, &decision)?;
        let before = self.life.clone();
        self.keep(&decision)?;
        match &decision.recorded {
            Some(recorded) => self.reversal_restores(recorded, &before),
            None => Ok(()),
        }
    }

    fn preview_is_execution(&self, command: &Command, decision: &Decision) -> Checked {
        let differs = |how: &str| Err((Law::Preview, format!("{} differs {how}", command.name())));
        match self.life.preview(command, self.today) {
            Ok(again) if again == *decision => {}
            _ => return differs("the second time"),
        }
        match self.life.line.decide(command, &Context::today(self.today)) {
            Ok(bare) if bare == *decision => Ok(()),
            Err(error) if error.needs_history() => Ok(()),
            _ => differs("without history"),
        }
    }

    fn keep(&mut self, decision: &Decision) -> Checked {
        entries_balance(&decision.entries, decision.booking_date)?;
        self.life.keep(decision).map_err(refusal)
    }

    /// Days pass: a day is closed when everything of it has happened.
    fn pass(&mut self, days: u16, closed: Closed, tally: &mut Tally) -> Checked {
        let end = later(self.today, days);
        let last = end.pred_opt().unwrap_or(end);
        if days > 0 && closed != Closed::None {
            let at_once = self.life.at_end_of(last).map_err(refusal)?;
            let first = if closed == Closed::Each {
                self.today
            } else {
                last
            };
            for day in first.iter_days().take_while(|day| *day <= last) {
                let close = Command::EndOfDay { date: day };
                let decision = self.life.preview(&close, day).map_err(refusal)?;
                tally.count("line: end of day", true);
                self.keep(&decision)?;
                let again = self.life.preview(&close, day).map_err(refusal)?;
                if again.line != self.life.line || !again.entries.is_empty() {
                    return Err((Law::ClosedOnce, format!("{day} closed again")));
                }
            }
            let standing = |life: &Life| life.standing().map_err(refusal);
            same(Law::CaughtUp, &standing(&self.life)?, &standing(&at_once)?)?;
        }
        self.today = end;
        Ok(())
    }

    /// Seen at the end of the day: a reversal does not turn back time.
    fn reversal_restores(&self, recorded: &Transaction, before: &Life) -> Checked {
        let mut life = self.life.clone();
        let undo = Command::Reverse {
            transaction: recorded.id,
        };
        if let Err(error) = life.decide(&undo, self.today) {
            return Err((Law::Reversal, error.to_string()));
        }
        let end = |life: &Life| {
            let ended = life.at_end_of(self.today).map_err(refusal)?;
            ended.standing().map_err(refusal)
        };
        same(Law::Reversal, &end(before)?, &end(&life)?)?;
        life.controls().map_err(|what| (Law::Reversal, what))
    }

    /// A second line is told of the facts that count.
    fn facts_decide(&mut self, ended: &Life) -> Checked {
        let live = self.life.history.iter();
        let live = live.filter(|t| t.reversed_on.is_none());
        let facts: Vec<Transaction> = live.cloned().collect();
        let mut other = self.base.clone();
        let told = arrive(facts, &mut self.rng, |fact| {
            let new = NewTransaction::new(fact.id, fact.value_date, fact.kind.clone());
            match other.decide(&Command::Record(new), self.today) {
                Ok(()) => Ok(true),
                Err(error) if is_business(&error) => Ok(false),
                Err(error) => Err((Law::Arrival, error.to_string())),
            }
        })?;
        if !told {
            return Ok(());
        }
        let other = other.at_end_of(self.today).map_err(refusal)?;
        let money = |life: &Life| life.money().map_err(refusal);
        same(Law::Arrival, &money(ended)?, &money(&other)?)
    }
}
