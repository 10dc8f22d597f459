//! What each kind of transaction does to the account, given everything that counts before it.

use rust_decimal::Decimal;

use super::{
    CreditKind, DeferredKind, Element, LoanAccount, LoanError, Outcome, Status, Transaction,
    TransactionKind,
    account::{LastTransaction, Pause},
    fold::Touched,
};

/// The element a charge is owed in.
const fn charged(penalty: bool) -> Element {
    if penalty {
        Element::Penalty
    } else {
        Element::Fee
    }
}

/// What a loan knows before money is paid out.
pub(super) const fn comes_before_a_payout(kind: &TransactionKind) -> bool {
    matches!(
        kind,
        TransactionKind::Disbursement { .. }
            | TransactionKind::TaxRateChange(_)
            | TransactionKind::Transfer { .. }
    )
}

/// What makes principal or interest of the instalments to come anew, beside payments.
const fn makes_instalments_anew(kind: &TransactionKind) -> bool {
    matches!(
        kind,
        TransactionKind::Disbursement { .. }
            | TransactionKind::CapitalisedIncome { .. }
            | TransactionKind::RateChange { .. }
            | TransactionKind::IndexReview { .. }
            | TransactionKind::InterestPause { .. }
            | TransactionKind::Reschedule(_)
            | TransactionKind::ReAmortise { .. }
    )
}

impl LoanAccount {
    /// Applies one transaction; the account stands at its value date afterwards. Records in
    /// `touched` what it did, and what it changed of earlier transactions.
    pub(crate) fn apply(
        &mut self,
        transaction: &Transaction,
        touched: &mut Touched,
    ) -> Result<(), LoanError> {
        if self.disbursed_on.is_none() && !comes_before_a_payout(&transaction.kind) {
            return Err(LoanError::WrongStatus {
                command: transaction.kind.name(),
                status: self.status,
                allowed: "active: of one day the smaller id counts first, and the payout comes later",
            });
        }
        self.advance(transaction.value_date, touched)?;
        self.recall_ended_period()?;
        if self.on_balance() {
            self.settle_late_interest()?;
        }
        if !matches!(transaction.kind, TransactionKind::Credit { .. }) {
            self.freshen()?;
        }
        self.require_written_off(&transaction.kind)?;
        let id = transaction.id;
        let off_books = self.charged_off.is_some();
        let marks = self.tax_marks()?;
        let mut outcome = match &transaction.kind {
            TransactionKind::Disbursement { amount } => self.disburse(id, *amount)?,
            TransactionKind::Credit {
                kind,
                amount,
                split,
            } => self.credit(id, *kind, *amount, split.as_ref())?,
            TransactionKind::Charge {
                penalty,
                amount,
                due,
                ..
            } => self.charge(id, charged(*penalty), *amount, *due)?,
            TransactionKind::Waiver { charge, instalment } => self.waive(*charge, *instalment)?,
            TransactionKind::Chargeback { of, amount } => {
                self.charge_back(id, (*of, *amount), touched)?
            }
            TransactionKind::CreditRefund { amount } => self.refund_credit(*amount)?,
            TransactionKind::RateChange { percent } => {
                self.change_rate(*percent)?;
                Outcome::default()
            }
            TransactionKind::TaxRateChange(rates) => self.change_taxes(rates)?,
            TransactionKind::Transfer { branch, officer } => self.hand_over(*branch, *officer),
            TransactionKind::InterestPause { first, last } => {
                self.pauses.push(Pause {
                    first: *first,
                    last: *last,
                });
                Outcome::default()
            }
            TransactionKind::DelinquencyPause { first, last } => {
                self.pause_delinquency(*first, *last)?
            }
            TransactionKind::DelinquencyResume => self.resume_delinquency()?,
            TransactionKind::WriteOff => self.write_off()?,
            TransactionKind::PartialWriteOff { amounts } => self.write_off_of(amounts)?,
            TransactionKind::Recovery { amount } => self.recover(*amount)?,
            TransactionKind::InstalmentCharge {
                penalty, amount, ..
            } => self.charge_instalments(id, charged(*penalty), amount)?,
            TransactionKind::InterestApplication => self.apply_interest()?,
            TransactionKind::IndexReview { index } => self.review_index(*index)?,
            TransactionKind::RedrawDeposit { amount } => self.put_aside(*amount)?,
            TransactionKind::RedrawWithdrawal { amount } => self.take_out(*amount)?,
            TransactionKind::Lock(operations) => self.lock_by_hand(*operations)?,
            TransactionKind::Unlock => self.unlock_by_hand()?,
            TransactionKind::ChargeOff { .. } => self.charge_off()?,
            TransactionKind::InterestWaiver { amount } => self.waive_interest(*amount)?,
            TransactionKind::ReAmortise { interest } => self.re_amortise(*interest)?,
            TransactionKind::ReAge {
                every,
                first_due,
                instalments,
                interest,
            } => {
                self.terminated_on = None;
                self.re_age((*every, *first_due, *instalments), *interest)?
            }
            TransactionKind::Terminate => {
                // Where nothing is owed there is nothing to end early.
                if self.status == Status::Active {
                    self.terminated_on = Some(self.as_of);
                }
                self.terminate()?
            }
            TransactionKind::Reschedule(change) => self.reschedule(change)?,
            TransactionKind::CapitalisedIncome { amount } => self.capitalise_income(id, *amount)?,
            TransactionKind::BuyDownFee { amount } => self.buy_down(id, *amount)?,
            TransactionKind::CapitalisedIncomeAdjustment { of, amount } => {
                self.adjust_deferred(id, DeferredKind::CapitalisedIncome, *of, *amount)?
            }
            TransactionKind::BuyDownFeeAdjustment { of, amount } => {
                self.adjust_deferred(id, DeferredKind::BuyDownFee, *of, *amount)?
            }
        };
        if off_books {
            outcome.off_books = outcome.applied;
        }
        outcome.tax = self.tax_of(&transaction.kind, &outcome, &marks)?;
        touched.set(id, outcome);
        self.last = Some(LastTransaction {
            value_date: transaction.value_date,
            id,
        });
        if self.on_balance() && self.status.is_disbursed() {
            self.restretch()?;
            self.forecast_later();
        }
        if makes_instalments_anew(&transaction.kind) {
            self.follow_shares()?;
        }
        self.use_credit(touched)?;
        self.age()?;
        if !self.credit_lots.is_empty() {
            // A lock that ended with the arrears has made something due.
            self.use_credit(touched)?;
            self.count_arrears()?;
            self.tag_today();
        }
        self.settle_status()?;
        if let Some(outcome) = touched.outcome_mut(id) {
            outcome.principal_after = self.principal;
        }
        Ok(())
    }

    pub(super) fn change_rate(&mut self, percent: Decimal) -> Result<(), LoanError> {
        self.percent = percent;
        self.restretch()?;
        self.relevel(Decimal::ZERO)
    }

    /// Closed when nothing is open, active when something is.
    pub(crate) fn settle_status(&mut self) -> Result<(), LoanError> {
        if !self.status.is_disbursed() || self.status == Status::WrittenOff {
            return Ok(());
        }
        // Some instalment carries the principal, whichever the forecast says.
        let carried = self.on_balance() && self.principal > Decimal::ZERO;
        let open = carried || {
            self.freshen()?;
            self.instalments.iter().any(|row| !row.is_settled())
        };
        self.status = match self.settled_by {
            _ if open => Status::Active,
            Some(CreditKind::Refinanced) => Status::Refinanced,
            Some(CreditKind::Rescheduled) => Status::Rescheduled,
            _ if self.terminated_on.is_some() => Status::Terminated,
            _ => Status::Repaid,
        };
        Ok(())
    }
}
