//! Replay: the state of an account as a fold over its transactions.
//!
//! The order of transactions is `(value_date, id)`, never the order of arrival. A transaction that
//! comes last in that order, and not before the account's date, is applied to the state as it is.
//! Any other (backdated, or a reversal) folds the whole history again and compares what each
//! transaction did before with what it does now; the difference is what gets booked.
//!
//! Cost: a fold is linear in the number of transactions; each costs what it costs when it is new.

use alloc::{boxed::Box, collections::BTreeMap, vec::Vec};

use chrono::NaiveDate;
use ledger::posting_rules::AccountingMethod;
use rust_decimal::Decimal;

use super::{
    Amounts, CreditKind, LoanAccount, LoanError, Outcome, Transaction, TransactionId,
    account::CreditLot,
    amounts::{add, sub},
    tax_change::{TaxState, some},
};

/// Outcomes of the transactions that an operation applied or changed.
#[derive(Debug, Default)]
pub(crate) struct Touched {
    outcomes: BTreeMap<TransactionId, Outcome>,
    /// Outcomes of earlier transactions known before the operation.
    moved: BTreeMap<TransactionId, (CreditKind, Outcome)>,
    /// What was charged back of payments.
    charged_back: BTreeMap<TransactionId, Amounts>,
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
        (applied, used, tax): (&Amounts, Decimal, &Amounts),
        charged_off: bool,
    ) -> Result<(), LoanError> {
        // A transaction of this operation is corrected in place; of an earlier one only the
        // difference is known here.
        let outcome = match self.outcomes.get_mut(&lot.transaction) {
            Some(outcome) => outcome,
            None => {
                let fresh = || (lot.kind, Outcome::default());
                &mut self.moved.entry(lot.transaction).or_insert_with(fresh).1
            }
        };
        outcome.applied = outcome.applied.plus(applied)?;
        if charged_off {
            outcome.off_books = outcome.off_books.plus(applied)?;
        }
        outcome.credit_balance = sub(outcome.credit_balance, used)?;
        if !tax.is_zero() {
            outcome.tax = some(outcome.taxes().plus(tax)?);
        }
        Ok(())
    }

    /// What a payment of this operation paid and was not charged back: nothing for one that does
    /// not count yet.
    pub(crate) fn left_of(&self, payment: TransactionId) -> Result<Amounts, LoanError> {
        let paid = self.outcomes.get(&payment).map(|outcome| outcome.applied);
        let back = self.charged_back.get(&payment);
        let paid = paid.unwrap_or(Amounts::ZERO);
        back.map_or(Ok(paid), |back| paid.minus(back))
    }

    pub(crate) fn charge_back(
        &mut self,
        payment: TransactionId,
        parts: &Amounts,
    ) -> Result<(), LoanError> {
        let back = self.charged_back.entry(payment).or_default();
        *back = back.plus(parts)?;
        Ok(())
    }

    /// What the operation's own transactions did.
    pub(crate) fn outcome(&self, id: TransactionId) -> Option<&Outcome> {
        self.outcomes.get(&id)
    }

    /// By how much earlier transactions changed.
    pub(crate) fn into_moved(self) -> BTreeMap<TransactionId, (CreditKind, Outcome)> {
        self.moved
    }
}

impl Outcome {
    /// The tax it made owed; zero where there is none.
    pub(crate) fn taxes(&self) -> Amounts {
        self.tax.as_deref().copied().unwrap_or_default()
    }

    /// Element by element sum.
    pub(crate) fn changed_by(&self, change: &Self) -> Result<Self, LoanError> {
        Ok(Self {
            applied: self.applied.plus(&change.applied)?,
            off_books: self.off_books.plus(&change.off_books)?,
            credit_balance: add(self.credit_balance, change.credit_balance)?,
            deferred: add(self.deferred, change.deferred)?,
            principal_after: add(self.principal_after, change.principal_after)?,
            tax: some(self.taxes().plus(&change.taxes())?),
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
            tax: some(self.taxes().minus(&before.taxes())?),
        })
    }

    pub(crate) fn moves_nothing(&self) -> bool {
        self.applied.is_zero()
            && self.off_books.is_zero()
            && self.credit_balance.is_zero()
            && self.deferred.is_zero()
            && self.tax.is_none()
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
        if account.terms.accounting.method() != AccountingMethod::Accrual {
            TaxState::tell(&mut account.tax, Amounts::ZERO);
        }
        let outcomes = history
            .iter()
            .map(|t| (t.id, touched.outcome(t.id).cloned().unwrap_or_default()))
            .collect();
        Ok((account, outcomes))
    }

    /// The account as it was approved: the start of every fold.
    pub(crate) fn before_disbursement(&self) -> Self {
        let (branch, officer) = self.home();
        let mut account = Self {
            as_of: self.opened_on,
            closed_through: self.closed_through,
            recognised: self.recognised,
            tax: self
                .tax
                .as_ref()
                .map(|state| Box::new(state.told(&self.terms.schedule.taxes))),
            amortised: self.amortised,
            sequence: self.sequence,
            application: self.application,
            closed_by_hand: self.closed_by_hand,
            branch,
            officer,
            successor: self.successor,
            predecessor: self.predecessor,
            ..Self::approved(self.id, self.terms.clone(), self.opened_on)
        };
        if self.disbursed_on.is_none() {
            // An application stands where it stands: no transaction approves it.
            account.status = self.status;
        }
        account
    }
}
