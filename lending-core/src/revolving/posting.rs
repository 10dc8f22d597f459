//! From what a transaction did to the journal entry that books it.
//!
//! Legs are linear in the outcome, so a replay books the difference to what was booked before by
//! the same rule. Income, and what credit balances pay of themselves, are functions of the state:
//! what was booked of them is subtracted.
//!
//! | what happens | debit | credit |
//! |---|---|---|
//! | draw | portfolio control (draw, added fees) | fund source (payout), fee income, taxes payable |
//! | repayment, refund by a merchant | fund source | portfolio control, receivables or income, credit balances |
//! | goodwill credit | goodwill expense (principal, credit balance), income forgone | the same |
//! | interest, fees, penalties earned (accrual basis) | receivables | income, taxes payable |
//! | credit balance used | credit balances | portfolio control, receivables or income |
//! | refund of a credit balance | credit balances | fund source |
//! | waiver (accrual basis) | income | receivables |
//! | write-off | write-off expense | portfolio control, receivables |
//! | recovery | fund source | recovery income |
//!
//! On the cash basis there are no receivables: income is credited when it is paid, a waiver books
//! nothing and a write-off gives up principal only.

use alloc::{string::ToString, vec::Vec};

use chrono::NaiveDate;
use ledger::{
    GlCode, JournalEntry,
    posting_rules::{AccountingMethod, FinancialResource as Resource},
};
use rust_decimal::Decimal;

use super::{CreditLine, RevolvingError, Transaction, TransactionKind};
use crate::loan::{
    ACCRUAL, Amounts, CreditKind, LoanError, Outcome,
    legs::Legs,
    posting::{entry_id, entry_of},
    tax_change::TaxState,
};

/// The reference of entries that book what credit balances paid by themselves.
pub const CREDIT_USED: &str = "credit used";

/// Adds the legs of an outcome.
fn book(legs: &mut Legs<'_>, kind: &TransactionKind, outcome: &Outcome) -> Result<(), LoanError> {
    match kind {
        TransactionKind::Draw { .. } => legs.lent(outcome),
        TransactionKind::Credit {
            kind: CreditKind::GoodwillCredit,
            ..
        } => legs.goodwill(outcome),
        TransactionKind::Credit { .. } => legs.received(outcome),
        TransactionKind::CreditRefund { .. } => legs.paid_back(outcome),
        TransactionKind::Waiver { .. } => legs.waived(outcome),
        TransactionKind::WriteOff => legs.written_off(outcome),
        TransactionKind::Recovery { .. } => legs.recovered(outcome),
        // Fees are booked when they are recognised as income; the others move no money.
        _ => Ok(()),
    }
}

impl CreditLine {
    /// The entry that books a change of a transaction's outcome, if it books anything.
    pub(crate) fn entry_for(
        &self,
        transaction: &Transaction,
        change: &Outcome,
        booking_date: NaiveDate,
        line: u32,
    ) -> Result<Option<JournalEntry>, RevolvingError> {
        let rules = &self.terms.accounting;
        if rules.method() == AccountingMethod::None {
            return Ok(None);
        }
        let mut legs = Legs::new(rules);
        legs.channel = transaction.channel.as_ref().map(|code| code.as_str());
        book(&mut legs, &transaction.kind, change)?;
        if let Some(taxes) = &change.tax {
            legs.taxes(taxes)?;
        }
        let reference = transaction.id.to_string();
        let dates = (transaction.value_date, booking_date);
        let notes = (reference.as_str(), transaction.kind.name());
        self.entry(legs.into_legs(), dates, line, notes)
    }

    /// The entry that recognises income earned (accrual basis).
    pub(crate) fn recognise(
        &mut self,
        booking_date: NaiveDate,
    ) -> Result<Option<JournalEntry>, RevolvingError> {
        let terms = self.terms.clone();
        let rules = &terms.accounting;
        if rules.method() != AccountingMethod::Accrual {
            TaxState::tell(&mut self.tax, Amounts::ZERO);
            return Ok(None);
        }
        let earned = self.earned()?;
        let mut legs = Legs::new(rules);
        let incomes = (&earned, &self.told.recognised);
        let taxes = TaxState::of_income(self.tax.as_deref(), incomes, terms.taxed())?;
        legs.earned((&earned, &taxes.0), (&self.told.recognised, &taxes.1))?;
        let dates = (self.as_of.min(booking_date), booking_date);
        let entry = self.entry(legs.into_legs(), dates, 0, (ACCRUAL, "income earned"))?;
        self.told.recognised = earned;
        TaxState::tell(&mut self.tax, taxes.0);
        Ok(entry)
    }

    /// The entry that books what credit balances paid since it was booked last.
    pub(crate) fn book_credit_used(
        &mut self,
        booking_date: NaiveDate,
    ) -> Result<Option<JournalEntry>, RevolvingError> {
        let used = self.from_credit.minus(&self.told.from_credit)?;
        let tax = self.credit_tax().minus(&self.told_credit_tax())?;
        self.told.from_credit = self.from_credit;
        self.told.from_credit_tax.clone_from(&self.from_credit_tax);
        let terms = self.terms.clone();
        let rules = &terms.accounting;
        if rules.method() == AccountingMethod::None {
            return Ok(None);
        }
        let mut legs = Legs::new(rules);
        legs.debit(Resource::CreditBalance, used.total()?)?;
        legs.credit_elements(&used)?;
        legs.taxes(&tax)?;
        let dates = (self.as_of.min(booking_date), booking_date);
        let notes = (CREDIT_USED, "credit balance used");
        self.entry(legs.into_legs(), dates, u32::MAX, notes)
    }

    fn entry(
        &self,
        legs: Vec<(GlCode, Decimal)>,
        dates: (NaiveDate, NaiveDate),
        line: u32,
        notes: (&str, &str),
    ) -> Result<Option<JournalEntry>, RevolvingError> {
        let id = entry_id(self.id, self.told.sequence, dates.1, line);
        let place = (self.terms.currency, self.branch);
        Ok(entry_of(id, place, legs, dates, notes)?)
    }
}
