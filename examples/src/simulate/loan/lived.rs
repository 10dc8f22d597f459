//! One life held against the laws.

use chrono::{Days, NaiveDate};
use fastrand::Rng;
use lending_core::loan::{
    Command, Context, Decision, InstalmentShare, LoanError, NewTransaction, Refund, Transaction,
    TransactionId, TransactionKind,
};

use super::{
    Step,
    command::Known,
    contract::Contract,
    life::{Life, Standing},
    model::Model,
    owners::Owners,
    step::What,
};
use crate::simulate::{
    self, Contract as _,
    books::entries_balance,
    laws::{Checked, Law, arrive, is_business},
    tally::Tally,
};

pub struct Lived {
    pub life: Life,
    /// The loan as it was paid out first.
    pub base: Life,
    pub owners: Owners,
    /// Whether the loan took the place of the one that life began with.
    pub successor: bool,
    pub today: NaiveDate,
    rng: Rng,
}

impl simulate::Lived<Contract> for Lived {
    fn begin(
        contract: &Contract,
        seed: u64,
        tally: &mut Tally,
    ) -> Result<Option<Self>, (Law, String)> {
        let submitted = Life::submit(contract);
        tally.count("loan: contract", submitted.is_ok());
        let Ok(submitted) = submitted else {
            return Ok(None);
        };
        let life = submitted.begin(contract, tally).map_err(refusal)?;
        Ok(Some(Self {
            base: life.clone(),
            owners: Owners::of(&life),
            life,
            successor: false,
            today: Contract::start(),
            rng: Rng::with_seed(seed),
        }))
    }

    fn step(&mut self, step: &Step, contract: &Contract, tally: &mut Tally) -> Checked {
        match step.what {
            What::Pass { days, each } => self.pass(days, each, tally)?,
            What::Carry { .. } => self.carry(step, contract, tally)?,
            What::Sell { .. } | What::CancelSale { .. } => {
                self.owners
                    .ask(step, &self.life.account, self.today, tally)?
            }
            What::Return { .. } => {
                if let Some(refund) = step.refund(&self.life.account, self.today) {
                    self.refund(&refund, tally)?;
                }
            }
            _ => self.command(step, tally)?,
        }
        self.life.controls().map_err(|what| (Law::Controls, what))?;
        self.owners.hold(&self.life, self.today)?;
        self.follows_from_history()?;
        self.facts_decide()?;
        if self.successor {
            return Ok(());
        }
        if let Some(model) = Model::of(contract, &self.life.history, self.today) {
            tally.modelled += 1;
            model
                .agrees(&self.life)
                .map_err(|what| (Law::Model, what))?;
        }
        Ok(())
    }
}

fn refusal(error: LoanError) -> (Law, String) {
    (Law::Refusal, error.to_string())
}

impl Lived {
    fn command(&mut self, step: &Step, tally: &mut Tally) -> Checked {
        let kept = self.kept();
        let known = Known {
            account: &self.life.account,
            history: &self.life.history,
            today: self.today,
            kept: &kept,
        };
        let Some(command) = step.command(&known) else {
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
        let before = self.life.standing();
        self.keep(&decision)?;
        match &decision.recorded {
            Some(recorded) => self.reversal_restores(recorded, &before),
            None => Ok(()),
        }
    }

    /// Transactions that are never reversed: those that paid the loan out.
    pub fn kept(&self) -> Vec<TransactionId> {
        self.base.history.iter().map(|t| t.id).collect()
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
        tally.count("loan: refund that gives interest back", made.is_ok());
        let made = match made {
            Ok(made) => made,
            Err(error) if is_business(&error) => return Ok(()),
            Err(error) => return Err(refusal(error)),
        };
        for decision in &made.decisions {
            let before = self.life.standing();
            self.keep(decision)?;
            if let Some(recorded) = &decision.recorded {
                self.reversal_restores(recorded, &before)?;
            }
        }
        Ok(())
    }

    pub fn keep(&mut self, decision: &Decision) -> Checked {
        entries_balance(&decision.entries, self.today)?;
        self.owners.post(&decision.entries);
        self.life
            .keep(decision)
            .map_err(|error| (Law::Preview, error.to_string()))
    }

    /// Days pass. A day on which a transfer of ownership settles is closed by itself.
    fn pass(&mut self, days: u16, each: bool, tally: &mut Tally) -> Checked {
        let end = self
            .today
            .checked_add_days(Days::new(days.into()))
            .unwrap_or(self.today);
        while self.today < end {
            let settles = self.owners.next_settlement();
            if settles.is_some_and(|day| day <= self.today) {
                self.close(tally)?;
                self.owners.settle(&self.life.account, self.today, tally)?;
            }
            let settles = self.owners.next_settlement();
            let next = settles.map_or(end, |day| day.min(end));
            let tomorrow = self.today.succ_opt().unwrap_or(end);
            self.today = if each { tomorrow } else { next.max(tomorrow) };
            self.close(tally)?;
        }
        Ok(())
    }

    fn close(&mut self, tally: &mut Tally) -> Checked {
        let close = Command::EndOfDay { date: self.today };
        let closed = self.life.preview(&close, self.today).map_err(refusal)?;
        tally.count("loan: end of day", true);
        self.keep(&closed)?;
        let again = self.life.preview(&close, self.today).map_err(refusal)?;
        if again.account != self.life.account || !again.entries.is_empty() {
            return Err((Law::ClosedOnce, format!("{} closed again", self.today)));
        }
        Ok(())
    }

    fn preview_is_execution(&self, command: &Command, decision: &Decision) -> Checked {
        let differs = |how: &str| Err((Law::Preview, format!("{} differs {how}", command.name())));
        match self.life.preview(command, self.today) {
            Ok(again) if again == *decision => {}
            _ => return differs("the second time"),
        }
        match self.life.account.decide(
            command,
            &Context::today(self.today).by(Life::actor(command)),
        ) {
            Ok(bare) if bare == *decision => Ok(()),
            Err(LoanError::HistoryNeeded { .. }) => Ok(()),
            _ => differs("without history"),
        }
    }

    pub fn reversal_restores(&self, recorded: &Transaction, before: &Standing) -> Checked {
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

    /// A second account is told of the facts that count.
    fn facts_decide(&mut self) -> Checked {
        let wrong = |what: String| (Law::Arrival, what);
        let kept = self.kept();
        let live = self
            .life
            .history
            .iter()
            .filter(|t| t.reversed_on.is_none() && !kept.contains(&t.id));
        let facts: Vec<Transaction> = live.cloned().collect();
        let mut other = self.base.clone();
        let told = arrive(facts, &mut self.rng, |fact| {
            let mut new = NewTransaction::new(fact.id, fact.value_date, fact.kind.clone());
            new.channel = fact.channel;
            match other.decide(&Command::Record(new), self.today) {
                Ok(_) => Ok(true),
                Err(error) if is_business(&error) => Ok(false),
                Err(error) => Err(wrong(error.to_string())),
            }
        })?;
        if !told {
            return Ok(());
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

/// Whether a fact is of a kind that the second model knows; percentages of instalments where the
/// schedule says what they are of.
pub fn is_plain(kind: &TransactionKind, on_schedule: bool) -> bool {
    match kind {
        TransactionKind::InstalmentCharge { amount, .. } => {
            on_schedule || matches!(amount, InstalmentShare::Flat(_))
        }
        TransactionKind::Credit { split: None, .. }
        | TransactionKind::Charge { .. }
        | TransactionKind::Waiver { .. }
        | TransactionKind::Chargeback { .. }
        | TransactionKind::CreditRefund { .. }
        | TransactionKind::WriteOff => true,
        _ => false,
    }
}
