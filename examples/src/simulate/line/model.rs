//! The second model of a line: one day after the other, written without the library.
//!
//! Facts of the day, then its end: on a statement's day the nights so far are charged, rounded once.
//! Then the night on the principal.

use chrono::{Datelike, NaiveDate};
use lending_core::{
    loan::{Amounts, Element},
    revolving::{CreditLine, History, Transaction, TransactionKind},
};
use rust_decimal::{Decimal, RoundingStrategy, dec};

use super::contract::Contract;
use crate::simulate::Contract as _;

/// The second model of one line.
pub struct Model {
    order: Vec<Element>,
    owed: Amounts,
    credit: Decimal,
    percent: Decimal,
    stopped: bool,
    pauses: Vec<(NaiveDate, NaiveDate)>,
    /// Interest of the nights of the cycle, unrounded.
    nights: Decimal,
}

impl Model {
    /// Recomputed from the facts through the end of a day; `None` when contract or facts are not
    /// covered.
    pub fn of(contract: &Contract, history: &History, last: NaiveDate) -> Option<Self> {
        let live = || history.iter().filter(|t| t.reversed_on.is_none());
        if !contract.is_modelled() || !live().all(is_plain) {
            return None;
        }
        // Instalments ask for principal in an order of their own.
        let planned = contract.terms().minimum.instalments().is_some();
        let mut model = Self {
            order: contract.elements(),
            owed: Amounts::ZERO,
            credit: Decimal::ZERO,
            percent: dec!(24),
            stopped: false,
            // The night that ends on the day of the pause is free as well.
            pauses: live().filter_map(pause).collect(),
            nights: Decimal::ZERO,
        };
        if planned && model.order.last() != Some(&Element::Principal) {
            return None;
        }
        for today in Contract::start()
            .iter_days()
            .take_while(|today| *today <= last)
        {
            for fact in live().filter(|t| t.value_date == today) {
                model.happen(fact);
                model.use_credit();
            }
            if contract.has_statement(today) {
                let cents = RoundingStrategy::MidpointAwayFromZero;
                model.owed.interest += model.nights.round_dp_with_strategy(2, cents);
                model.nights = Decimal::ZERO;
                model.use_credit();
            }
            model.night(today);
        }
        Some(model)
    }

    fn happen(&mut self, fact: &Transaction) {
        match &fact.kind {
            TransactionKind::Draw { amount, .. } => self.owed.principal += amount,
            TransactionKind::Credit { amount, .. } => self.credit += amount,
            TransactionKind::Fee {
                penalty, amount, ..
            } => {
                let amount = amount.unwrap_or_default();
                if *penalty {
                    self.owed.penalty += amount;
                } else {
                    self.owed.fee += amount;
                }
            }
            TransactionKind::CreditRefund { amount } => {
                let drawn = self.credit.min(*amount);
                self.credit -= drawn;
                self.owed.principal += amount - drawn;
            }
            TransactionKind::RateChange { percent } => self.percent = *percent,
            TransactionKind::StopInterest => self.stopped = true,
            TransactionKind::StartInterest => self.stopped = false,
            _ => {}
        }
    }

    fn use_credit(&mut self) {
        for element in self.order.clone() {
            let owed = self.owed.get(element);
            let part = owed.min(self.credit);
            self.credit -= part;
            match element {
                Element::Principal => self.owed.principal -= part,
                Element::Interest => self.owed.interest -= part,
                Element::Fee => self.owed.fee -= part,
                Element::Penalty => self.owed.penalty -= part,
            }
        }
    }

    /// The night that begins today; a pause frees the nights that end on its days.
    fn night(&mut self, today: NaiveDate) {
        let tomorrow = today.succ_opt().unwrap_or(today);
        let paused =
            |(first, last): &(NaiveDate, NaiveDate)| *first <= tomorrow && tomorrow <= *last;
        if !self.stopped && !self.pauses.iter().any(paused) {
            self.nights += self.owed.principal * self.percent / dec!(36500);
        }
    }

    /// Whether the line says the same.
    pub fn agrees(&self, line: &CreditLine) -> Result<(), String> {
        if self.owed != *line.owed() {
            return Err(format!("owed: model {}, line {}", self.owed, line.owed()));
        }
        if self.credit != line.credit_balance() {
            let found = line.credit_balance();
            return Err(format!("credit: model {}, line {found}", self.credit));
        }
        Ok(())
    }
}

impl Contract {
    /// Whether a statement is made at the end of a day.
    fn has_statement(&self, day: NaiveDate) -> bool {
        let since = (day - Contract::start()).num_days();
        let tomorrow = day.succ_opt().unwrap_or(day);
        since > 0
            && match self.statement_days() {
                [] => since % 14 == 0,
                [31] => tomorrow.day() == 1,
                days => days.contains(&day.day()),
            }
    }
}

fn pause(fact: &Transaction) -> Option<(NaiveDate, NaiveDate)> {
    match fact.kind {
        TransactionKind::InterestPause { first, last } => Some((first, last)),
        _ => None,
    }
}

/// Whether a fact is of a kind that the model knows, or moves no money.
fn is_plain(fact: &Transaction) -> bool {
    matches!(
        fact.kind,
        TransactionKind::Draw { .. }
            | TransactionKind::Credit { .. }
            | TransactionKind::Fee { .. }
            | TransactionKind::CreditRefund { .. }
            | TransactionKind::RateChange { .. }
            | TransactionKind::StopInterest
            | TransactionKind::StartInterest
            | TransactionKind::InterestPause { .. }
            | TransactionKind::Hold { .. }
            | TransactionKind::ReleaseHold { .. }
            | TransactionKind::ChangeLimit { .. }
            | TransactionKind::Freeze
            | TransactionKind::Unfreeze
            | TransactionKind::MarkArrears
            | TransactionKind::MarkDefault
            | TransactionKind::ClearMarks
    )
}
