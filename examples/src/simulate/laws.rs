//! The laws, and one life held against them.

use std::fmt;

use chrono::{Days, NaiveDate};
use fastrand::Rng;
use ledger::{JournalEntry, Side};
use lending_core::loan::{
    Command, Context, Decision, LoanError, NewTransaction, Refund, Transaction, TransactionKind,
};
use rust_decimal::Decimal;

use super::{
    life::{Life, Standing},
    model::Model,
    scenario::{FIRST, Scenario, Step, What},
};

/// What holds after every step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Law {
    /// What is refused is refused for a reason of the business.
    Refusal,
    /// Every entry balances and is booked today.
    Entries,
    /// Control accounts equal the account's own figures.
    Controls,
    /// Deciding is a function: a preview is what will happen, with or without history at hand.
    Preview,
    /// A day closed twice changes nothing.
    ClosedOnce,
    /// Reversing what was just recorded gives what was before.
    Reversal,
    /// The facts alone decide, whatever the order of arrival.
    Arrival,
    /// The account is the fold of its contract and the history that was kept.
    History,
    /// The second model agrees.
    Model,
}

impl fmt::Display for Law {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Refusal => "nothing fails but what the business refuses",
            Self::Entries => "entries balance",
            Self::Controls => "control accounts equal the account",
            Self::Preview => "a preview is what happens",
            Self::ClosedOnce => "a day closed twice changes nothing",
            Self::Reversal => "reversing gives what was before",
            Self::Arrival => "the same facts give the same state in any order of arrival",
            Self::History => "the account is the fold of its history",
            Self::Model => "the second model agrees",
        })
    }
}

/// A law that was broken.
#[derive(Clone, Debug)]
pub struct Broken {
    /// Which.
    pub law: Law,
    /// At which step.
    pub at: usize,
    /// How.
    pub what: String,
}

/// Counts of one life.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    pub steps: u64,
    pub refused: u64,
    pub modelled: u64,
}

type Checked = Result<(), (Law, String)>;

/// Lives a life and holds every law after every step.
pub fn check(scenario: &Scenario, seed: u64, tally: &mut Tally) -> Result<(), Broken> {
    let broken = |at| move |(law, what)| Broken { law, at, what };
    let start = scenario.contract.terms().expected_disbursement;
    let refused = |error: LoanError| (Law::Refusal, error.to_string());
    let mut lived = Lived {
        life: Life::begin(&scenario.contract)
            .map_err(refused)
            .map_err(broken(0))?,
        today: start,
        rng: Rng::with_seed(seed),
    };
    for (at, step) in scenario.steps.iter().enumerate() {
        tally.steps += 1;
        lived.step(step, scenario, tally).map_err(broken(at))?;
    }
    Ok(())
}

struct Lived {
    life: Life,
    today: NaiveDate,
    rng: Rng,
}

impl Lived {
    fn step(&mut self, step: &Step, scenario: &Scenario, tally: &mut Tally) -> Checked {
        if let What::Pass { days, each } = step.what {
            self.pass(days, each)?;
        } else if let Some(refund) = step.refund(&self.life.account, self.today) {
            self.refund(&refund, tally)?;
        } else {
            let Some(command) = step.command(&self.life.account, &self.life.history, self.today)
            else {
                return Ok(());
            };
            let decision = match self.life.preview(&command, self.today) {
                Ok(decision) => decision,
                Err(error) if is_business(&error) => {
                    tally.refused += 1;
                    return Ok(());
                }
                Err(error) => return Err((Law::Refusal, error.to_string())),
            };
            self.preview_is_execution(&command, &decision)?;
            self.entries_balance(&decision)?;
            let before = self.life.standing();
            self.keep(&decision)?;
            if let Some(recorded) = &decision.recorded {
                self.reversal_restores(recorded, &before)?;
            }
        }
        self.life.controls().map_err(|what| (Law::Controls, what))?;
        self.follows_from_history()?;
        self.facts_decide(scenario)?;
        if let Some(model) = Model::of(&scenario.contract, &self.life.history, self.today) {
            tally.modelled += 1;
            model
                .agrees(&self.life)
                .map_err(|what| (Law::Model, what))?;
        }
        Ok(())
    }

    fn follows_from_history(&self) -> Checked {
        let wrong = |what: String| (Law::History, what);
        let found = self.life.account.differences(&self.life.history);
        match found.map_err(|error| wrong(error.to_string()))?.first() {
            None => Ok(()),
            Some(difference) => Err(wrong(difference.to_string())),
        }
    }

    /// A refund makes two transactions, each held against the laws of one.
    fn refund(&mut self, refund: &Refund, tally: &mut Tally) -> Checked {
        let context = Context::with_history(self.today, &self.life.history);
        let made = self
            .life
            .account
            .refund(refund, &self.life.history, &context);
        let made = match made {
            Ok(made) => made,
            Err(error) if is_business(&error) => {
                tally.refused += 1;
                return Ok(());
            }
            Err(error) => return Err((Law::Refusal, error.to_string())),
        };
        for decision in &made.decisions {
            self.entries_balance(decision)?;
            let before = self.life.standing();
            self.keep(decision)?;
            if let Some(recorded) = &decision.recorded {
                self.reversal_restores(recorded, &before)?;
            }
        }
        Ok(())
    }

    fn keep(&mut self, decision: &Decision) -> Checked {
        self.life
            .keep(decision)
            .map_err(|error| (Law::Preview, error.to_string()))
    }

    fn pass(&mut self, days: u16, each: bool) -> Checked {
        let end = self
            .today
            .checked_add_days(Days::new(days.into()))
            .unwrap_or(self.today);
        while self.today < end {
            self.today = if each {
                self.today.succ_opt().unwrap_or(end)
            } else {
                end
            };
            let close = Command::EndOfDay { date: self.today };
            let closed = self.life.preview(&close, self.today);
            let closed = closed.map_err(|error| (Law::Refusal, error.to_string()))?;
            self.entries_balance(&closed)?;
            self.keep(&closed)?;
            let again = self.life.preview(&close, self.today);
            let again = again.map_err(|error| (Law::Refusal, error.to_string()))?;
            if again.account != self.life.account || !again.entries.is_empty() {
                return Err((Law::ClosedOnce, format!("{} closed again", self.today)));
            }
        }
        Ok(())
    }

    fn preview_is_execution(&self, command: &Command, decision: &Decision) -> Checked {
        let differs = |how: &str| Err((Law::Preview, format!("{} differs {how}", command.name())));
        match self.life.preview(command, self.today) {
            Ok(again) if again == *decision => {}
            _ => return differs("the second time"),
        }
        match self
            .life
            .account
            .decide(command, &Context::today(self.today))
        {
            Ok(bare) if bare == *decision => Ok(()),
            Err(LoanError::HistoryNeeded { .. }) => Ok(()),
            _ => differs("without history"),
        }
    }

    fn entries_balance(&self, decision: &Decision) -> Checked {
        for entry in &decision.entries {
            let signed = |(side, amount): (Side, Decimal)| {
                if side == Side::Debit { amount } else { -amount }
            };
            let lines = entry.lines().iter();
            let sum: Decimal = lines
                .map(|line| signed((line.side(), line.amount().amount())))
                .sum();
            if !sum.is_zero() || entry.booking_date() != self.today {
                return Err((Law::Entries, format!("{entry:?}")));
            }
        }
        let ids: std::collections::BTreeSet<_> =
            decision.entries.iter().map(JournalEntry::id).collect();
        if ids.len() == decision.entries.len() {
            return Ok(());
        }
        Err((Law::Entries, "two entries share an id".to_owned()))
    }

    fn reversal_restores(&self, recorded: &Transaction, before: &Standing) -> Checked {
        let mut life = self.life.clone();
        let undo = Command::Reverse {
            transaction: recorded.id,
        };
        if let Err(error) = life.decide(&undo, self.today) {
            return Err((Law::Reversal, error.to_string()));
        }
        let difference = before.difference(&life.standing());
        if difference.is_empty() {
            return life.controls().map_err(|what| (Law::Reversal, what));
        }
        Err((
            Law::Reversal,
            format!("{} reversed:\n{difference}", recorded.kind.name()),
        ))
    }

    /// A second account is told of the facts that count, mostly in their order, sometimes in
    /// another. A fact that is refused (a waiver before its charge) is told again later.
    fn facts_decide(&mut self, scenario: &Scenario) -> Checked {
        let wrong = |what: String| (Law::Arrival, what);
        let live = self
            .life
            .history
            .iter()
            .filter(|t| t.reversed_on.is_none() && t.id != FIRST);
        let mut facts: Vec<Transaction> = live.cloned().collect();
        if self.rng.u8(..4) == 0 {
            self.rng.shuffle(&mut facts);
        }
        let mut other =
            Life::begin(&scenario.contract).map_err(|error| wrong(error.to_string()))?;
        while !facts.is_empty() {
            let count = facts.len();
            let mut refused = Vec::new();
            for fact in facts {
                let new = NewTransaction::new(fact.id, fact.value_date, fact.kind.clone());
                match other.decide(&Command::Record(new), self.today) {
                    Ok(_) => {}
                    Err(error) if is_business(&error) => refused.push(fact),
                    Err(error) => return Err(wrong(error.to_string())),
                }
            }
            if refused.len() == count {
                // No order without a refusal: nothing to compare.
                return Ok(());
            }
            facts = refused;
        }
        let close = Command::EndOfDay { date: self.today };
        other
            .decide(&close, self.today)
            .map_err(|error| wrong(error.to_string()))?;
        let difference = self.life.standing().difference(&other.standing());
        if difference.is_empty() {
            Ok(())
        } else {
            Err(wrong(difference))
        }
    }
}

/// Whether a refusal is one that a lender's clerk should see; the others mean that figures went
/// out of hand.
fn is_business(error: &LoanError) -> bool {
    !matches!(
        error,
        LoanError::Overflow { .. }
            | LoanError::Entry(_)
            | LoanError::PostingRule(_)
            | LoanError::DateOverflow { .. }
            | LoanError::HistoryNeeded { .. }
            | LoanError::Schedule(_)
    )
}

/// Whether a fact is of a kind that the second model knows.
pub fn is_plain(kind: &TransactionKind) -> bool {
    matches!(
        kind,
        TransactionKind::Credit { split: None, .. }
            | TransactionKind::Charge { .. }
            | TransactionKind::InstalmentCharge { .. }
            | TransactionKind::Waiver { .. }
            | TransactionKind::Chargeback { .. }
            | TransactionKind::CreditRefund { .. }
            | TransactionKind::WriteOff
    )
}
