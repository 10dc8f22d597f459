//! From what a transaction did to the journal entry that books it.
//!
//! Legs are linear in the outcome: what a change of outcome books is the legs of the difference,
//! so a replay books the difference to what was booked before, by the same rule.
//!
//! | transaction | debit | credit |
//! |---|---|---|
//! | disbursement | portfolio control | fund source (payout), fee income, deferred fee income |
//! | repayment and refunds by a merchant | fund source | portfolio control, receivables or income, credit balances |
//! | goodwill credit | goodwill expense (principal), income (other elements) | portfolio control, receivables, credit balances |
//! | chargeback | portfolio control, credit balances | fund source |
//! | refund of a credit balance | credit balances | fund source |
//! | redraw deposit | fund source | credit balances |
//! | redraw withdrawal | credit balances | fund source |
//! | waiver of a charge or of interest | income | receivables |
//! | interest payment waiver, interest refund | interest income | portfolio control, receivables, credit balances |
//! | write-off, partial write-off | write-off expense | portfolio control, receivables |
//! | recovery after a write-off | fund source | recovery income |
//! | charge-off | charge-off expense (principal), income forgone (other elements) | portfolio control, receivables |
//! | repayment after a charge-off | fund source | recovery income |
//! | chargeback after a charge-off | charge-off expense | fund source |
//! | income earned (accrual basis) | receivables | income, taxes payable |
//! | capitalised income | portfolio control | deferred fee income |
//! | capitalised income adjustment | deferred fee income | portfolio control, receivables, credit balances |
//! | buy-down fee | buy-down expense | deferred fee income |
//! | deferred income earned | deferred fee income | capitalised income, buy-down income, fee income |
//!
//! On the cash basis there are no receivables: income is credited when it is paid, a waiver books
//! nothing and a write-off gives up principal only. Source: the accounting tables of Mambu's
//! product pages; goodwill after Fineract.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use chrono::NaiveDate;
use ledger::{
    BranchCode, Currency, EntryId, GlCode, JournalEntry, Money,
    posting_rules::{AccountingMethod, FinancialResource as Resource, PostingRules},
};
use rust_decimal::Decimal;
use sha2::{Digest, Sha256};

use super::{
    AMORTISATION, Amounts, CreditKind, Element, LoanAccount, LoanError, LoanTerms, Outcome,
    Transaction, TransactionKind,
    amounts::{add, sub},
};
use crate::{compact::date::to_days, ids::AccountId};

/// The reference of entries that recognise income; entries of transactions have their id.
pub const ACCRUAL: &str = "accrual";

/// Legs by account: debits positive, credits negative.
struct Legs<'a> {
    rules: &'a PostingRules,
    channel: Option<&'a str>,
    fee: Option<&'a str>,
    legs: Vec<(GlCode, Decimal)>,
    terms: &'a LoanTerms,
}

impl Legs<'_> {
    fn debit(&mut self, resource: Resource, amount: Decimal) -> Result<(), LoanError> {
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

    fn credit(&mut self, resource: Resource, amount: Decimal) -> Result<(), LoanError> {
        self.debit(resource, sub(Decimal::ZERO, amount)?)
    }

    /// Debits income, and the tax it contains.
    fn debit_income(&mut self, element: Element, amount: Decimal) -> Result<(), LoanError> {
        let tax = self.terms.tax_in(element, amount)?;
        self.debit(Resource::TaxesPayable, tax)?;
        self.debit(income(element), sub(amount, tax)?)
    }

    /// Debits income that is given up: to an account of its own where the rules name one, else
    /// to the income account.
    fn debit_forgone(&mut self, element: Element, amount: Decimal) -> Result<(), LoanError> {
        let own = match element {
            Element::Interest => Resource::InterestForgone,
            _ => Resource::ChargesForgone,
        };
        let named = self.rules.resolve(own, self.fee, self.channel).is_ok();
        self.debit(if named { own } else { income(element) }, amount)
    }

    /// Credits principal and the other elements where they are carried.
    fn credit_elements(&mut self, amounts: &Amounts) -> Result<(), LoanError> {
        for element in Element::ALL {
            let amount = amounts.get(element);
            let carried = carried(element, self.rules.method());
            if element != Element::Principal && carried == income(element) {
                self.debit_income(element, sub(Decimal::ZERO, amount)?)?;
            } else {
                self.credit(carried, amount)?;
            }
        }
        Ok(())
    }

    /// What an outcome takes off the assets: on the cash basis only principal is one.
    fn assets(&self, outcome: &Outcome) -> Result<Amounts, LoanError> {
        let carried = outcome.on_books()?;
        Ok(match self.rules.method() {
            AccountingMethod::Cash => Amounts::of(Element::Principal, carried.principal),
            _ => carried,
        })
    }

    /// Credits what was paid: assets where they are carried, and income from recovery for what
    /// was charged off before.
    fn credit_paid(&mut self, outcome: &Outcome) -> Result<(), LoanError> {
        self.credit(Resource::CreditBalance, outcome.credit_balance)?;
        self.credit(Resource::RecoveryIncome, outcome.off_books.total()?)?;
        self.credit_elements(&outcome.on_books()?)
    }
}

pub(crate) const fn income(element: Element) -> Resource {
    match element {
        Element::Principal => Resource::PortfolioControl,
        Element::Interest => Resource::InterestIncome,
        Element::Fee => Resource::FeeIncome,
        Element::Penalty => Resource::PenaltyIncome,
    }
}

/// Where an open element is carried: principal in the portfolio, the others as receivables on the
/// accrual basis and nowhere (so income when paid) on the cash basis.
pub(crate) const fn carried(element: Element, method: AccountingMethod) -> Resource {
    match (element, method) {
        (Element::Interest, AccountingMethod::Accrual) => Resource::InterestReceivable,
        (Element::Fee, AccountingMethod::Accrual) => Resource::FeeReceivable,
        (Element::Penalty, AccountingMethod::Accrual) => Resource::PenaltyReceivable,
        _ => income(element),
    }
}

impl LoanAccount {
    /// The entry that books a change of a transaction's outcome, if it books anything.
    pub(crate) fn entry_for(
        &self,
        transaction: &Transaction,
        change: &Outcome,
        booking_date: NaiveDate,
        line: u32,
    ) -> Result<Option<JournalEntry>, LoanError> {
        let rules = &self.terms.accounting;
        if rules.method() == AccountingMethod::None {
            return Ok(None);
        }
        let fee = match &transaction.kind {
            TransactionKind::Charge { name, .. }
            | TransactionKind::InstalmentCharge { name, .. } => Some(name.as_str()),
            TransactionKind::ChargeOff { reason } => reason.as_ref().map(|code| code.as_str()),
            _ => None,
        };
        let mut legs = Legs {
            rules,
            channel: transaction.channel.as_ref().map(|code| code.as_str()),
            fee,
            legs: Vec::with_capacity(5),
            terms: &self.terms,
        };
        book(&mut legs, &transaction.kind, change)?;
        let reference = transaction.id.to_string();
        let name = transaction.kind.name();
        self.entry(
            legs.legs,
            (transaction.value_date, booking_date),
            line,
            reference,
            name,
        )
    }

    /// The entry that recognises income earned (accrual basis), and its amounts.
    pub(crate) fn recognise(
        &mut self,
        booking_date: NaiveDate,
        line: u32,
    ) -> Result<Option<JournalEntry>, LoanError> {
        let rules = &self.terms.accounting;
        if rules.method() != AccountingMethod::Accrual {
            return Ok(None);
        }
        let earned = match &self.charged_off {
            Some(charged_off) => charged_off.earned,
            None => self.earned()?,
        };
        let new = earned.minus(&self.recognised)?;
        if new.is_zero() {
            return Ok(None);
        }
        let mut legs = Legs {
            rules,
            channel: None,
            fee: None,
            legs: Vec::with_capacity(6),
            terms: &self.terms,
        };
        for element in [Element::Interest, Element::Fee, Element::Penalty] {
            legs.debit(carried(element, rules.method()), new.get(element))?;
            // In sum, so that no cent is lost between days.
            let tax = sub(
                self.terms.tax_in(element, earned.get(element))?,
                self.terms.tax_in(element, self.recognised.get(element))?,
            )?;
            legs.credit(Resource::TaxesPayable, tax)?;
            legs.credit(income(element), sub(new.get(element), tax)?)?;
        }
        let legs = legs.legs;
        let dates = (self.as_of.min(booking_date), booking_date);
        let entry = self.entry(legs, dates, line, ACCRUAL, "income earned")?;
        self.recognised = earned;
        Ok(entry)
    }

    /// The entry that takes deferred income into income, each part to an account of its own where
    /// the rules name one, else to fee income.
    pub(crate) fn amortisation_entry(
        &self,
        moved: &[(Resource, Decimal)],
        booking_date: NaiveDate,
    ) -> Result<Option<JournalEntry>, LoanError> {
        let rules = &self.terms.accounting;
        let mut legs = Legs {
            rules,
            channel: None,
            fee: None,
            legs: Vec::with_capacity(3),
            terms: &self.terms,
        };
        for (income, amount) in moved {
            let named = rules.resolve(*income, None, None).is_ok();
            legs.debit(Resource::DeferredFeeIncome, *amount)?;
            legs.credit(if named { *income } else { Resource::FeeIncome }, *amount)?;
        }
        let dates = (self.as_of.min(booking_date), booking_date);
        self.entry(
            legs.legs,
            dates,
            u32::MAX,
            AMORTISATION,
            "deferred income earned",
        )
    }

    /// A balanced entry from signed legs.
    fn entry(
        &self,
        legs: Vec<(GlCode, Decimal)>,
        dates: (NaiveDate, NaiveDate),
        line: u32,
        reference: impl Into<String>,
        notes: &str,
    ) -> Result<Option<JournalEntry>, LoanError> {
        let id = self.entry_id(dates.1, line);
        let place = (self.terms.currency, self.branch);
        entry_of(id, place, legs, dates, (reference, notes))
    }

    pub(super) fn entry_id(&self, booking_date: NaiveDate, line: u32) -> EntryId {
        entry_id(self.id, self.sequence, booking_date, line)
    }
}

/// A balanced entry from signed legs, debits positive; none when nothing moves.
pub(crate) fn entry_of(
    id: EntryId,
    (currency, branch): (Currency, Option<BranchCode>),
    legs: Vec<(GlCode, Decimal)>,
    (value_date, booking_date): (NaiveDate, NaiveDate),
    (reference, notes): (impl Into<String>, &str),
) -> Result<Option<JournalEntry>, LoanError> {
    let mut builder = JournalEntry::builder(id, value_date, booking_date);
    let mut any = false;
    for (account, amount) in legs {
        if amount > Decimal::ZERO {
            builder = builder.debit(account, Money::new(amount, currency));
        } else if amount < Decimal::ZERO {
            builder = builder.credit(account, Money::new(amount.abs(), currency));
        }
        any |= !amount.is_zero();
    }
    if !any {
        return Ok(None);
    }
    if let Some(branch) = branch {
        builder = builder.branch(branch);
    }
    Ok(Some(builder.reference(reference).notes(notes).build()?))
}

/// Ids are derived, so an operation that is run again collides with itself instead of booking
/// twice: 32 bits of booking day, to keep them in order of time, then 96 bits of a hash over
/// account, sequence and line.
pub(crate) fn entry_id(
    account: AccountId,
    sequence: u32,
    booking_date: NaiveDate,
    line: u32,
) -> EntryId {
    let mut hash = Sha256::new();
    hash.update(account.get().to_be_bytes());
    hash.update(sequence.to_be_bytes());
    hash.update(line.to_be_bytes());
    let mut bytes = [0_u8; 16];
    let (day, rest) = bytes.split_at_mut(4);
    day.copy_from_slice(&to_days(booking_date).to_be_bytes());
    for (to, from) in rest.iter_mut().zip(hash.finalize()) {
        *to = from;
    }
    EntryId::new(u128::from_be_bytes(bytes))
}

/// Adds the legs of an outcome.
fn book(legs: &mut Legs<'_>, kind: &TransactionKind, outcome: &Outcome) -> Result<(), LoanError> {
    let applied = &outcome.applied;
    match kind {
        TransactionKind::Disbursement { .. } => {
            // Fees taken at disbursement lower the payout (deducted) or raise what is lent
            // (capitalised): either way the payout is what is lent less the fees.
            legs.debit(Resource::PortfolioControl, applied.principal)?;
            legs.credit(Resource::FundSource, sub(applied.principal, applied.fee)?)?;
            legs.debit_income(Element::Fee, sub(Decimal::ZERO, applied.fee)?)?;
            // Of them: what is earned over the life of the loan.
            legs.debit(Resource::FeeIncome, outcome.deferred)?;
            legs.credit(Resource::DeferredFeeIncome, outcome.deferred)
        }
        TransactionKind::Credit {
            kind: CreditKind::GoodwillCredit,
            ..
        } => {
            let credit = outcome.credit_balance;
            legs.debit(Resource::GoodwillExpense, add(applied.principal, credit)?)?;
            for element in [Element::Interest, Element::Fee, Element::Penalty] {
                legs.debit_forgone(element, applied.get(element))?;
            }
            legs.credit_paid(outcome)
        }
        TransactionKind::Credit {
            kind: CreditKind::ChargeAdjustment,
            ..
        } => {
            legs.debit_income(Element::Fee, add(applied.total()?, outcome.credit_balance)?)?;
            legs.credit_paid(outcome)
        }
        TransactionKind::Credit {
            kind: CreditKind::InterestPaymentWaiver | CreditKind::InterestRefund,
            ..
        } => {
            legs.debit_income(
                Element::Interest,
                add(applied.total()?, outcome.credit_balance)?,
            )?;
            legs.credit_paid(outcome)
        }
        // A credit that comes out of deferred income: what it leaves as a credit balance moves
        // later, without the transaction that made it.
        TransactionKind::Credit {
            kind: CreditKind::CapitalisedIncomeAdjustment,
            ..
        } => {
            legs.debit(
                Resource::DeferredFeeIncome,
                add(applied.total()?, outcome.credit_balance)?,
            )?;
            legs.credit_paid(outcome)
        }
        TransactionKind::CapitalisedIncome { .. } => {
            legs.debit(Resource::PortfolioControl, applied.principal)?;
            legs.credit(Resource::DeferredFeeIncome, outcome.deferred)
        }
        TransactionKind::CapitalisedIncomeAdjustment { .. } => {
            legs.credit(Resource::DeferredFeeIncome, outcome.deferred)?;
            legs.credit_paid(outcome)
        }
        TransactionKind::BuyDownFee { .. } | TransactionKind::BuyDownFeeAdjustment { .. } => {
            legs.debit(Resource::BuyDownExpense, outcome.deferred)?;
            legs.credit(Resource::DeferredFeeIncome, outcome.deferred)
        }
        TransactionKind::Credit { .. } => {
            legs.debit(
                Resource::FundSource,
                add(applied.total()?, outcome.credit_balance)?,
            )?;
            legs.credit_paid(outcome)
        }
        TransactionKind::RedrawDeposit { .. } => {
            legs.debit(Resource::FundSource, outcome.credit_balance)?;
            legs.credit(Resource::CreditBalance, outcome.credit_balance)
        }
        TransactionKind::Chargeback { .. }
        | TransactionKind::CreditRefund { .. }
        | TransactionKind::RedrawWithdrawal { .. } => {
            legs.debit(Resource::PortfolioControl, outcome.on_books()?.principal)?;
            legs.debit(Resource::ChargeOffExpense, outcome.off_books.principal)?;
            legs.credit(Resource::CreditBalance, outcome.credit_balance)?;
            let taken = sub(applied.principal, outcome.credit_balance)?;
            legs.credit(Resource::FundSource, taken)
        }
        TransactionKind::Waiver { .. } | TransactionKind::InterestWaiver { .. } => {
            if legs.rules.method() == AccountingMethod::Accrual {
                let given_up = outcome.on_books()?;
                for element in [Element::Interest, Element::Fee, Element::Penalty] {
                    legs.debit_income(element, given_up.get(element))?;
                }
                legs.credit_elements(&given_up)?;
            }
            Ok(())
        }
        TransactionKind::WriteOff | TransactionKind::PartialWriteOff { .. } => {
            let given_up = legs.assets(outcome)?;
            legs.debit(Resource::WriteOffExpense, given_up.total()?)?;
            legs.credit_elements(&given_up)
        }
        TransactionKind::Recovery { .. } => {
            let recovered = outcome.off_books.total()?;
            legs.debit(Resource::FundSource, recovered)?;
            legs.credit(Resource::RecoveryIncome, recovered)
        }
        TransactionKind::ChargeOff { .. } => {
            let lost = legs.assets(outcome)?;
            legs.debit(Resource::ChargeOffExpense, lost.principal)?;
            for element in [Element::Interest, Element::Fee, Element::Penalty] {
                legs.debit_forgone(element, lost.get(element))?;
            }
            legs.credit_elements(&lost)
        }
        // Charges are booked when they are recognised as income; the others move no money.
        TransactionKind::Charge { .. }
        | TransactionKind::InstalmentCharge { .. }
        | TransactionKind::InterestApplication
        | TransactionKind::IndexReview { .. }
        | TransactionKind::Lock(_)
        | TransactionKind::Unlock
        | TransactionKind::ReAmortise
        | TransactionKind::ReAge { .. }
        | TransactionKind::Terminate
        | TransactionKind::Reschedule(_)
        | TransactionKind::RateChange { .. }
        | TransactionKind::InterestPause { .. }
        | TransactionKind::DelinquencyPause { .. }
        | TransactionKind::DelinquencyResume => Ok(()),
    }
}
