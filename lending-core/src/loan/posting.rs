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
//! | chargeback | portfolio control, receivables (or income), credit balances | fund source |
//! | refund of a credit balance | credit balances | fund source |
//! | redraw deposit | fund source | credit balances |
//! | redraw withdrawal | credit balances | fund source |
//! | waiver of a charge or of interest, alone or by re-amortisation | income | receivables |
//! | interest payment waiver, interest refund | interest income | portfolio control, receivables, credit balances |
//! | write-off, partial write-off | write-off expense | portfolio control, receivables |
//! | recovery after a write-off | fund source | recovery income |
//! | charge-off | charge-off expense (principal), income forgone (other elements) | portfolio control, receivables |
//! | repayment after a charge-off | fund source | recovery income |
//! | chargeback after a charge-off | charge-off expense (principal), income forgone (other elements) | fund source |
//! | income earned (accrual basis) | receivables | income, taxes payable |
//! | change of tax rates: what was accrued of interest to come (accrual basis) | income | taxes payable |
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
    posting_rules::{AccountingMethod, FinancialResource as Resource},
};
use rust_decimal::Decimal;
use sha2::{Digest, Sha256};

use super::{
    AMORTISATION, CreditKind, Element, LoanAccount, LoanError, Outcome, OverdueInterestMove,
    Transaction, TransactionKind,
    amounts::add,
    legs::{CHARGES, Legs},
    tax_change::TaxState,
};
use crate::{compact::date::to_days, ids::AccountId};

/// The reference of entries that recognise income; entries of transactions have their id.
pub const ACCRUAL: &str = "accrual";

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
        let mut legs = Legs::new(rules);
        legs.channel = transaction.channel.as_ref().map(|code| code.as_str());
        legs.fee = fee;
        book(&mut legs, &transaction.kind, change)?;
        if let Some(taxes) = &change.tax {
            legs.taxes(taxes)?;
        }
        let reference = transaction.id.to_string();
        let name = transaction.kind.name();
        self.entry(
            legs.into_legs(),
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
        if earned == self.recognised && self.tax.is_none() {
            return Ok(None);
        }
        let incomes = (&earned, &self.recognised);
        let taxes = TaxState::of_income(self.tax.as_deref(), incomes, self.terms.taxed())?;
        let mut legs = Legs::new(rules);
        legs.earned((&earned, &taxes.0), (&self.recognised, &taxes.1))?;
        let dates = (self.as_of.min(booking_date), booking_date);
        let entry = self.entry(legs.into_legs(), dates, line, ACCRUAL, "income earned")?;
        self.recognised = earned;
        TaxState::tell(&mut self.tax, taxes.0);
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
        let mut legs = Legs::new(rules);
        for (income, amount) in moved {
            let named = rules.resolve(*income, None, None).is_ok();
            legs.debit(Resource::DeferredFeeIncome, *amount)?;
            legs.credit(if named { *income } else { Resource::FeeIncome }, *amount)?;
        }
        let dates = (self.as_of.min(booking_date), booking_date);
        self.entry(
            legs.into_legs(),
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
        TransactionKind::Disbursement { .. } => legs.lent(outcome),
        TransactionKind::Credit {
            kind: CreditKind::GoodwillCredit,
            ..
        } => legs.goodwill(outcome),
        TransactionKind::Credit {
            kind: CreditKind::ChargeAdjustment,
            ..
        } => {
            let whole = add(applied.total()?, outcome.credit_balance)?;
            legs.debit(Resource::FeeIncome, whole)?;
            legs.credit_paid(outcome)
        }
        TransactionKind::Credit {
            kind: CreditKind::InterestPaymentWaiver | CreditKind::InterestRefund,
            ..
        } => {
            let whole = add(applied.total()?, outcome.credit_balance)?;
            legs.debit(Resource::InterestIncome, whole)?;
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
        TransactionKind::Credit { .. } => legs.received(outcome),
        TransactionKind::RedrawDeposit { .. } => {
            legs.debit(Resource::FundSource, outcome.credit_balance)?;
            legs.credit(Resource::CreditBalance, outcome.credit_balance)
        }
        TransactionKind::Chargeback { .. }
        | TransactionKind::CreditRefund { .. }
        | TransactionKind::RedrawWithdrawal { .. } => legs.paid_back(outcome),
        TransactionKind::Waiver { .. }
        | TransactionKind::InterestWaiver { .. }
        | TransactionKind::ReAmortise {
            interest: OverdueInterestMove::Waived,
        } => legs.waived(outcome),
        TransactionKind::WriteOff | TransactionKind::PartialWriteOff { .. } => {
            legs.written_off(outcome)
        }
        TransactionKind::Recovery { .. } => legs.recovered(outcome),
        TransactionKind::ChargeOff { .. } => {
            let lost = legs.assets(outcome)?;
            legs.debit(Resource::ChargeOffExpense, lost.principal)?;
            for element in CHARGES {
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
        | TransactionKind::ReAmortise { .. }
        | TransactionKind::ReAge { .. }
        | TransactionKind::Terminate
        | TransactionKind::Reschedule(_)
        | TransactionKind::RateChange { .. }
        | TransactionKind::TaxRateChange(_)
        | TransactionKind::Transfer { .. }
        | TransactionKind::InterestPause { .. }
        | TransactionKind::DelinquencyPause { .. }
        | TransactionKind::DelinquencyResume => Ok(()),
    }
}
