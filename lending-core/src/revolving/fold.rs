//! Replay: the state of a line as a fold over its transactions.
//!
//! The order of transactions is `(value_date, id)`, never the order of arrival. A transaction that
//! comes last in that order, on a day that has not ended, is applied to the state as it is. Any
//! other (backdated, or a reversal) folds the whole history again; the difference is booked.

use alloc::{boxed::Box, collections::BTreeMap, vec::Vec};

use chrono::NaiveDate;

use super::{
    CreditLine, InterestGrace, LineFeeTrigger, RevolvingError, Statement, Status, Transaction,
    account::{Cycle, CycleInterest, Date},
};
use crate::loan::{LoanError, Outcome, TransactionId};

/// What an operation did, beside the new state.
#[derive(Debug, Default)]
pub(crate) struct Trace {
    pub(crate) outcomes: BTreeMap<TransactionId, Outcome>,
    /// Statements made on the way.
    pub(crate) statements: Vec<Statement>,
    /// Facts booked up to here are known to the statements made; `None`: up to their own day.
    pub(crate) known: Option<NaiveDate>,
}

impl Trace {
    /// For a state that is thrown away.
    pub(crate) fn preview() -> Self {
        Self::default()
    }
}

impl CreditLine {
    /// Whether a transaction can be applied to the state as it is.
    pub(crate) fn is_next(&self, value_date: NaiveDate, id: TransactionId) -> bool {
        value_date > self.ended && self.last.is_none_or(|last| last < (Date(value_date), id))
    }

    /// The account as it was activated: the start of every fold. What books and borrower were told
    /// stays.
    pub(crate) fn activated(&self) -> Result<Self, RevolvingError> {
        let Some(on) = self.activated_on else {
            return Err(RevolvingError::WrongStatus {
                command: "fold",
                status: self.status,
                allowed: "active",
            });
        };
        let mut line = Self {
            status: Status::Active,
            branch: self.branch,
            activated_on: Some(on),
            as_of: on,
            penalty_through: on,
            ended: on.pred_opt().ok_or(LoanError::DateOverflow { after: on })?,
            told: self.told.clone(),
            application: self.application,
            tax: self
                .tax
                .as_ref()
                .map(|state| Box::new(state.told(&self.terms.taxes))),
            ..Self::opened(self.id, self.terms.clone(), self.opened_on)
        };
        line.cycle = Cycle {
            number: 1,
            from: on,
            to: line.statement_after(on)?,
            interest: match self.terms.grace {
                InterestGrace::None => CycleInterest::Bears,
                InterestGrace::PaidInFull => CycleInterest::Held,
            },
        };
        line.charge_own_fees(LineFeeTrigger::Activation)?;
        line.restretch()?;
        Ok(line)
    }

    /// Applies facts in their order and lets every day up to `to` end.
    pub(crate) fn fold(
        &mut self,
        history: &[Transaction],
        to: NaiveDate,
        trace: &mut Trace,
    ) -> Result<(), RevolvingError> {
        for transaction in history.iter().filter(|t| t.reversed_on.is_none()) {
            self.apply(transaction, trace)?;
        }
        self.advance(to, trace)
    }
}
