//! Replay: the state of an account as a fold over its transactions.
//!
//! The order of transactions is `(value_date, id)`, never the order of arrival. A transaction that
//! comes last in that order, and not before the account's date, is applied to the state as it is.
//! Any other (backdated, or a reversal) folds the whole history again and compares what each
//! transaction did before with what it does now; the difference is what gets booked.
//!
//! Cost: a fold is linear in the number of transactions; each costs what it costs when it is new.

use alloc::{collections::BTreeMap, vec::Vec};

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{
    Amounts, CreditKind, LoanAccount, LoanError, Outcome, Transaction, TransactionId,
    account::CreditLot,
    amounts::{add, sub},
};

/// Outcomes of the transactions that an operation applied or changed.
#[derive(Debug, Default)]
pub(crate) struct Touched {
    outcomes: BTreeMap<TransactionId, Outcome>,
    /// Outcomes of earlier transactions known before the operation.
    moved: BTreeMap<TransactionId, Moved>,
}

/// How an earlier payment's outcome changed.
#[derive(Debug)]
pub(crate) struct Moved {
    pub(crate) kind: CreditKind,
    /// What it had paid before.
    pub(crate) before: Outcome,
    pub(crate) by: Outcome,
}

impl Touched {
    pub(crate) fn set(&mut self, id: TransactionId, outcome: Outcome) {
        self.outcomes.insert(id, outcome);
    }

    pub(crate) fn outcome_mut(&mut self, id: TransactionId) -> Option<&mut Outcome> {
        self.outcomes.get_mut(&id)
    }

    /// Records that part of the credit balance left by a payment paid something after all.
    pub(crate) fn move_credit(
        &mut self,
        lot: &CreditLot,
        applied: &Amounts,
        used: Decimal,
        charged_off: bool,
    ) -> Result<(), LoanError> {
        // A transaction of this operation is corrected in place; of an earlier one only the
        // difference is known here.
        let outcome = match self.outcomes.get_mut(&lot.transaction) {
            Some(outcome) => outcome,
            None => {
                let fresh = || Moved {
                    kind: lot.kind,
                    before: Outcome {
                        applied: lot.applied,
                        off_books: lot.off_books,
                        credit_balance: lot.left,
                        ..Outcome::default()
                    },
                    by: Outcome::default(),
                };
                &mut self.moved.entry(lot.transaction).or_insert_with(fresh).by
            }
        };
        outcome.applied = outcome.applied.plus(applied)?;
        if charged_off {
            outcome.off_books = outcome.off_books.plus(applied)?;
        }
        outcome.credit_balance = sub(outcome.credit_balance, used)?;
        Ok(())
    }

    /// What the operation's own transactions did.
    pub(crate) fn outcome(&self, id: TransactionId) -> Option<&Outcome> {
        self.outcomes.get(&id)
    }

    /// By how much earlier transactions changed.
    pub(crate) fn into_moved(self) -> BTreeMap<TransactionId, Moved> {
        self.moved
    }
}

impl Outcome {
    /// Element by element sum.
    pub(crate) fn changed_by(&self, change: &Self) -> Result<Self, LoanError> {
        Ok(Self {
            applied: self.applied.plus(&change.applied)?,
            off_books: self.off_books.plus(&change.off_books)?,
            credit_balance: add(self.credit_balance, change.credit_balance)?,
            deferred: add(self.deferred, change.deferred)?,
            principal_after: add(self.principal_after, change.principal_after)?,
        })
    }

    /// What must be added to `before` to get this outcome.
    pub(crate) fn since(&self, before: &Self) -> Result<Self, LoanError> {
        Ok(Self {
            applied: self.applied.minus(&before.applied)?,
            off_books: self.off_books.minus(&before.off_books)?,
            credit_balance: sub(self.credit_balance, before.credit_balance)?,
            deferred: sub(self.deferred, before.deferred)?,
            principal_after: sub(self.principal_after, before.principal_after)?,
        })
    }

    pub(crate) fn moves_nothing(&self) -> bool {
        self.applied.is_zero()
            && self.off_books.is_zero()
            && self.credit_balance.is_zero()
            && self.deferred.is_zero()
    }
}

impl LoanAccount {
    /// Whether a transaction can be applied to the state as it is.
    pub(crate) fn is_next(&self, value_date: NaiveDate, id: TransactionId) -> bool {
        value_date >= self.as_of
            && self
                .last
                .is_none_or(|last| (last.value_date, last.id) < (value_date, id))
    }

    /// Folds a history, in the order of `(value_date, id)`, up to the account's date. The result
    /// has the income recognised so far, which only posting moves.
    ///
    /// # Errors
    /// What the first transaction is refused with that does not fit the changed history.
    pub(crate) fn refold(
        &self,
        history: &[Transaction],
    ) -> Result<(Self, Vec<(TransactionId, Outcome)>), LoanError> {
        let mut account = self.before_disbursement();
        let mut touched = Touched::default();
        for transaction in history.iter().filter(|t| t.reversed_on.is_none()) {
            account.apply(transaction, &mut touched)?;
        }
        account.advance(self.as_of, &mut touched)?;
        account.freshen()?;
        let outcomes = history
            .iter()
            .map(|t| (t.id, touched.outcome(t.id).cloned().unwrap_or_default()))
            .collect();
        Ok((account, outcomes))
    }

    /// The account as it was approved: the start of every fold.
    pub(crate) fn before_disbursement(&self) -> Self {
        Self {
            as_of: self.opened_on,
            closed_through: self.closed_through,
            recognised: self.recognised,
            amortised: self.amortised,
            sequence: self.sequence,
            application: self.application,
            closed_by_hand: self.closed_by_hand,
            branch: self.branch,
            officer: self.officer,
            successor: self.successor,
            predecessor: self.predecessor,
            ..Self::approved(self.id, self.terms.clone(), self.opened_on)
        }
    }
}
