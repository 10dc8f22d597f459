//! Payouts, money received, and money taken back.

use chrono::NaiveDate;
use lending_core::{
    loan::{CreditKind, Transaction, TransactionKind},
    schedule::ElementRounding,
};
use rust_decimal::Decimal;
use serde_json::Value;

use super::{
    super::super::values::{decimal, field},
    Loan, Refusal,
};

impl Loan {
    pub(super) fn disburse(&mut self, date: NaiveDate, event: &Value) -> Result<(), Refusal> {
        let lent = decimal(field(event, "amount")?)?;
        let disbursement = TransactionKind::Disbursement { amount: lent };
        self.record(date, disbursement, event)?;
        self.charge_waiting(date)?;
        let Some(percent) = self.contract.down_payment else {
            return Ok(());
        };
        let amount = self.down_payment(lent * percent / Decimal::ONE_HUNDRED, date);
        // A credit balance may have paid it.
        if amount.is_zero() {
            return Ok(());
        }
        let credit = TransactionKind::Credit {
            kind: CreditKind::DownPayment,
            amount,
            split: None,
        };
        self.record(date, credit, event)
    }

    /// What is to be paid of a down payment on the day of the payout.
    fn down_payment(&self, share: Decimal, date: NaiveDate) -> Decimal {
        let valid = |t: &&Transaction| t.reversed_on.is_none() && t.value_date > date;
        if self.history.iter().any(|t| valid(&t)) {
            // What happened since may have moved it.
            let rounding = &self.contract.terms.schedule.rounding;
            let cents = rounding.mode.round(share, 2);
            let whole = rounding
                .multiple
                .filter(|_| rounding.elements == ElementRounding::Total);
            let whole = whole.and_then(|unit| unit.mode.round_to_multiple(share, unit.of));
            return whole.unwrap_or(cents);
        }
        // The last of the day has no period: an instalment may be due on the day before it.
        let mut rows = self.account.instalments().iter();
        let row = rows.rfind(|row| row.due_on == date && row.from == date);
        let due = row.and_then(|row| row.open_amounts().ok()?.total().ok());
        due.unwrap_or(share)
    }

    pub(super) fn credit(
        &mut self,
        kind: CreditKind,
        date: NaiveDate,
        event: &Value,
    ) -> Result<(), Refusal> {
        let amount = decimal(field(event, "amount")?)?;
        let split = None;
        if self.gives_interest_back(kind, event) {
            return self.refund(kind, date, amount, event);
        }
        let credit = TransactionKind::Credit {
            kind,
            amount,
            split,
        };
        self.record(date, credit, event)
    }

    /// Whether a refund gives back the interest on what it returns: as the event says, or else the
    /// contract.
    fn gives_interest_back(&self, kind: CreditKind, event: &Value) -> bool {
        let kinds = &self.contract.terms.allocation.refunds_interest;
        let refund = matches!(kind, CreditKind::MerchantRefund | CreditKind::PayoutRefund);
        let said = event
            .get("interest_refund")
            .or_else(|| event.get("interest_refund_calculation"));
        refund
            && said
                .and_then(Value::as_bool)
                .unwrap_or(kinds.contains(&kind))
    }

    /// The refund, and the interest given back with it.
    fn refund(
        &mut self,
        kind: CreditKind,
        on: NaiveDate,
        amount: Decimal,
        event: &Value,
    ) -> Result<(), Refusal> {
        let account = &self.account;
        let interest = account.interest_on_refund(kind, amount, on, &self.history)?;
        for (kind, amount) in [(kind, amount), (CreditKind::InterestRefund, interest)] {
            if amount.is_zero() {
                continue;
            }
            let split = None;
            let credit = TransactionKind::Credit {
                kind,
                amount,
                split,
            };
            self.record(on, credit, event)?;
        }
        Ok(())
    }

    pub(super) fn charge_back(&mut self, date: NaiveDate, event: &Value) -> Result<(), Refusal> {
        let amount = decimal(field(event, "amount")?)?;
        if let Some(target) = event.get("target").filter(|target| target.is_object()) {
            let of = self.target(target)?;
            return self.record(date, TransactionKind::Chargeback { of, amount }, event);
        }
        let payments = |t: &&Transaction| matches!(t.kind, TransactionKind::Credit { .. });
        let mut ids: Vec<_> = self.history.iter().filter(payments).map(|t| t.id).collect();
        ids.sort();
        let of = match event.get("of_payment_no").and_then(Value::as_u64) {
            Some(number) => ids.get(usize::try_from(number).unwrap_or(0).wrapping_sub(1)),
            None => ids.last(),
        };
        let of = *of.ok_or("cannot read the case: of_payment_no".to_owned())?;
        self.record(date, TransactionKind::Chargeback { of, amount }, event)
    }
}
