//! From what a transaction did to the journal entry that books it.
//!
//! Legs are linear in the outcome, so a replay books the difference to what was booked before by
//! the same rule. Income, and what credit balances pay of themselves, are functions of the state:
//! what was booked of them is subtracted.
//!
//! | what happens | debit | credit |
//! |---|---|---|
//! | draw | portfolio control (draw, added fees) | fund source (payout), fee income |
//! | repayment, refund by a merchant | fund source | portfolio control, receivables or income, credit balances |
//! | goodwill credit | goodwill expense (principal, credit balance), income | the same |
//! | interest, fees, penalties earned (accrual basis) | receivables | income |
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
    posting_rules::{AccountingMethod, FinancialResource as Resource, PostingRules},
};
use rust_decimal::Decimal;

use super::{CreditLine, RevolvingError, Transaction, TransactionKind};
use crate::loan::{
    ACCRUAL, Amounts, CreditKind, Element, Outcome,
    amounts::{add, sub},
    posting::{carried, entry_id, entry_of, income},
};

/// The reference of entries that book what credit balances paid by themselves.
pub const CREDIT_USED: &str = "credit used";

/// Charges, which are income when they are earned.
const CHARGES: [Element; 3] = [Element::Interest, Element::Fee, Element::Penalty];

/// Legs by account: debits positive, credits negative.
struct Legs<'a> {
    rules: &'a PostingRules,
    fee: Option<&'a str>,
    channel: Option<&'a str>,
    legs: Vec<(GlCode, Decimal)>,
}

impl<'a> Legs<'a> {
    const fn new(rules: &'a PostingRules) -> Self {
        Self {
            rules,
            fee: None,
            channel: None,
            legs: Vec::new(),
        }
    }

    fn debit(&mut self, resource: Resource, amount: Decimal) -> Result<(), RevolvingError> {
        if amount.is_zero() {
            return Ok(());
        }
        let account = self.rules.resolve(resource, self.fee, self.channel)?;
        match self.legs.iter_mut().find(|(code, _)| *code == account) {
            Some((_, sum)) => *sum = add(*sum, amount)?,
            None => self.legs.push((account, amount)),
        }
        Ok(())
    }

    fn credit(&mut self, resource: Resource, amount: Decimal) -> Result<(), RevolvingError> {
        self.debit(resource, sub(Decimal::ZERO, amount)?)
    }

    /// Credits principal and charges where they are carried.
    fn credit_elements(&mut self, amounts: &Amounts) -> Result<(), RevolvingError> {
        let method = self.rules.method();
        for element in Element::ALL {
            self.credit(carried(element, method), amounts.get(element))?;
        }
        Ok(())
    }

    fn book(&mut self, kind: &TransactionKind, outcome: &Outcome) -> Result<(), RevolvingError> {
        let (applied, credit) = (&outcome.applied, outcome.credit_balance);
        match kind {
            TransactionKind::Draw { .. } => {
                // Fees kept back lower the payout, fees added raise what is lent: either way the
                // payout is what is lent less the fees.
                self.debit(Resource::PortfolioControl, applied.principal)?;
                self.credit(Resource::FundSource, sub(applied.principal, applied.fee)?)?;
                self.credit(Resource::FeeIncome, applied.fee)
            }
            TransactionKind::Credit {
                kind: CreditKind::GoodwillCredit,
                ..
            } => {
                self.debit(Resource::GoodwillExpense, add(applied.principal, credit)?)?;
                for element in CHARGES {
                    self.debit(income(element), applied.get(element))?;
                }
                self.credit(Resource::CreditBalance, credit)?;
                self.credit_elements(applied)
            }
            TransactionKind::Credit { .. } => {
                self.debit(Resource::FundSource, add(applied.total()?, credit)?)?;
                self.credit(Resource::CreditBalance, credit)?;
                self.credit_elements(applied)
            }
            TransactionKind::CreditRefund { .. } => {
                self.debit(Resource::PortfolioControl, applied.principal)?;
                self.credit(Resource::CreditBalance, credit)?;
                self.credit(Resource::FundSource, sub(applied.principal, credit)?)
            }
            TransactionKind::Waiver { .. } => {
                if self.rules.method() == AccountingMethod::Accrual {
                    for element in CHARGES {
                        self.debit(income(element), applied.get(element))?;
                    }
                    self.credit_elements(applied)?;
                }
                Ok(())
            }
            TransactionKind::WriteOff => {
                let given_up = match self.rules.method() {
                    AccountingMethod::Cash => Amounts::of(Element::Principal, applied.principal),
                    _ => *applied,
                };
                self.debit(Resource::WriteOffExpense, given_up.total()?)?;
                self.credit_elements(&given_up)
            }
            TransactionKind::Recovery { .. } => {
                self.debit(Resource::FundSource, applied.total()?)?;
                self.credit(Resource::RecoveryIncome, applied.total()?)
            }
            // Fees are booked when they are recognised as income; the others move no money.
            _ => Ok(()),
        }
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
        legs.book(&transaction.kind, change)?;
        let reference = transaction.id.to_string();
        let dates = (transaction.value_date, booking_date);
        let notes = (reference.as_str(), transaction.kind.name());
        self.entry(legs.legs, dates, line, notes)
    }

    /// The entry that recognises income earned (accrual basis).
    pub(crate) fn recognise(
        &mut self,
        booking_date: NaiveDate,
    ) -> Result<Option<JournalEntry>, RevolvingError> {
        let terms = self.terms.clone();
        let rules = &terms.accounting;
        if rules.method() != AccountingMethod::Accrual {
            return Ok(None);
        }
        let earned = self.earned()?;
        let new = earned.minus(&self.told.recognised)?;
        let mut legs = Legs::new(rules);
        for element in CHARGES {
            let amount = new.get(element);
            legs.debit(carried(element, rules.method()), amount)?;
            legs.credit(income(element), amount)?;
        }
        let dates = (self.as_of.min(booking_date), booking_date);
        let entry = self.entry(legs.legs, dates, 0, (ACCRUAL, "income earned"))?;
        self.told.recognised = earned;
        Ok(entry)
    }

    /// The entry that books what credit balances paid since it was booked last.
    pub(crate) fn book_credit_used(
        &mut self,
        booking_date: NaiveDate,
    ) -> Result<Option<JournalEntry>, RevolvingError> {
        let used = self.from_credit.minus(&self.told.from_credit)?;
        self.told.from_credit = self.from_credit;
        let terms = self.terms.clone();
        let rules = &terms.accounting;
        if rules.method() == AccountingMethod::None {
            return Ok(None);
        }
        let mut legs = Legs::new(rules);
        legs.debit(Resource::CreditBalance, used.total()?)?;
        legs.credit_elements(&used)?;
        let dates = (self.as_of.min(booking_date), booking_date);
        let notes = (CREDIT_USED, "credit balance used");
        self.entry(legs.legs, dates, u32::MAX, notes)
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
