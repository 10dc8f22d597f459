//! From the events of a case to commands.

mod charges;
mod money;
mod restructuring;
mod undo;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use ledger::JournalEntry;
use lending_core::{
    ids::AccountId,
    loan::{
        Command, Context, CreditKind, History, LoanAccount, LoanError, NewTransaction, Status,
        TransactionId, TransactionKind, code,
    },
};
use serde_json::Value;

use super::{
    super::{
        Verdict,
        values::{decimal, field, parse_date, text},
    },
    known,
    terms::Contract,
};

/// A loan, its history and what it posted.
#[derive(Clone)]
pub(super) struct Loan {
    pub(super) account: LoanAccount,
    pub(super) history: History,
    pub(super) entries: Vec<JournalEntry>,
    contract: Contract,
    business_date: NaiveDate,
    /// The day that close of business last brought the loan to.
    brought_to: Option<NaiveDate>,
    /// Whether the borrower is known for a fraud.
    fraud: bool,
    /// Charges made before the first payout: they stand from that day on.
    waiting: Vec<Value>,
    /// Payouts taken back: they leave the lists of the source.
    pub(super) withdrawn: BTreeSet<TransactionId>,
    next_id: u128,
}

impl Loan {
    pub(super) fn new(contract: Contract) -> Result<Self, Verdict> {
        let (terms, on) = (contract.terms.clone(), contract.submitted);
        let submitted = LoanAccount::submit(AccountId::new(1), terms, on).map_err(refused)?;
        let approve = Command::Approve { on };
        let decision = submitted
            .decide(&approve, &Context::today(on))
            .map_err(refused)?;
        Ok(Self {
            account: decision.account,
            history: History::new(),
            entries: Vec::new(),
            business_date: on,
            brought_to: None,
            fraud: false,
            waiting: Vec::new(),
            contract,
            withdrawn: BTreeSet::new(),
            next_id: 1,
        })
    }

    /// The account, or before disbursement what it would be if all were paid out as expected.
    /// Close of business closes the day before its date, and shows the loan as of its date.
    pub(super) fn shown(&self) -> Result<LoanAccount, Verdict> {
        if self.account.status() != Status::Approved {
            let Some(date) = self.brought_to.filter(|date| *date > self.account.as_of()) else {
                return Ok(self.account.clone());
            };
            let today = self
                .account
                .decide(&Command::EndOfDay { date }, &Context::today(date));
            return Ok(today.map_err(refused)?.account);
        }
        let (on, amount) = (
            self.contract.terms.expected_disbursement,
            self.contract.terms.principal,
        );
        let mut expected = self.clone();
        let id = TransactionId::new(expected.next_id);
        expected.next_id += 1;
        let preview = self
            .account
            .decide(&Command::disburse(id, on, amount), &Context::today(on));
        expected.account = preview.map_err(refused)?.account;
        expected.business_date = on;
        match expected.charge_waiting(on) {
            Ok(()) => Ok(expected.account),
            Err(Refusal::Loan(error)) => Err(refused(error)),
            Err(Refusal::Case(verdict)) => Err(verdict),
        }
    }

    pub(super) fn handle(&mut self, event: &Value) -> Result<(), Verdict> {
        let rejected = event
            .get("expect")
            .is_some_and(|expect| expect == "rejected");
        match self.try_handle(event) {
            Ok(()) if rejected => Err(Verdict::Fail(
                "expected a refusal, got an acceptance".into(),
            )),
            Ok(()) => Ok(()),
            Err(Refusal::Loan(_)) if rejected => Ok(()),
            Err(Refusal::Loan(error)) => Err(refused(error)),
            Err(Refusal::Case(verdict)) => Err(verdict),
        }
    }

    fn try_handle(&mut self, event: &Value) -> Result<(), Refusal> {
        let date = parse_date(text(field(event, "date")?)?)?;
        let kind = text(field(event, "type")?)?;
        known::event(event, kind)?;
        match kind {
            "business_date" => {
                self.business_date = date;
                Ok(())
            }
            // Approved before the first event, for what is lent.
            "approve" => Ok(()),
            "disburse" => self.disburse(date, event),
            "repayment" => self.credit(CreditKind::Repayment, date, event),
            "goodwill_credit" => self.credit(CreditKind::GoodwillCredit, date, event),
            "merchant_issued_refund" => self.credit(CreditKind::MerchantRefund, date, event),
            "payout_refund" => self.credit(CreditKind::PayoutRefund, date, event),
            "interest_payment_waiver" => {
                self.credit(CreditKind::InterestPaymentWaiver, date, event)
            }
            "interest_refund" => self.credit(CreditKind::InterestRefund, date, event),
            "down_payment" => self.credit(CreditKind::DownPayment, date, event),
            "recovery" | "recovery_repayment" => {
                let amount = decimal(field(event, "amount")?)?;
                self.record(date, TransactionKind::Recovery { amount }, event)
            }
            "charge_adjustment" => self.credit(CreditKind::ChargeAdjustment, date, event),
            "waive_interest" => {
                let amount = decimal(field(event, "amount")?)?;
                self.record(date, TransactionKind::InterestWaiver { amount }, event)
            }
            "undo_disbursal" => self.undo_disbursal(),
            "undo_last_disbursal" => self.undo_last_payout(),
            "undo_write_off" => self.undo_last("close_as_written_off"),
            "undo_waive_charge" => self.undo_last("waive_loan_charges"),
            "undo_approval" => self.decide(&Command::UndoApproval),
            "reject" => {
                self.decide(&Command::UndoApproval)?;
                self.decide(&Command::Reject)
            }
            "withdraw" => {
                self.decide(&Command::UndoApproval)?;
                self.decide(&Command::Withdraw)
            }
            "undo_terminate_contract" => self.undo_last("contract_termination"),
            "mark_as_fraud" => {
                self.fraud = true;
                Ok(())
            }
            "capitalized_income_adjustment" => {
                let amount = decimal(field(event, "amount")?)?;
                let of = self.last_of("capitalized_income")?;
                let kind = TransactionKind::CapitalisedIncomeAdjustment { of, amount };
                self.record(date, kind, event)
            }
            "buy_down_fee_adjustment" => {
                let amount = decimal(field(event, "amount")?)?;
                let of = self.last_of("buy_down_fee")?;
                self.record(
                    date,
                    TransactionKind::BuyDownFeeAdjustment { of, amount },
                    event,
                )
            }
            "charge" => self.charge(date, event),
            "waive_charge" => self.waive(event),
            "chargeback" => self.charge_back(date, event),
            "credit_balance_refund" => {
                let amount = decimal(field(event, "amount")?)?;
                self.record(date, TransactionKind::CreditRefund { amount }, event)
            }
            "capitalize_income" | "capitalized_income" => {
                let amount = decimal(field(event, "amount")?)?;
                self.record(date, TransactionKind::CapitalisedIncome { amount }, event)
            }
            "buy_down_fee" => {
                let amount = decimal(field(event, "amount")?)?;
                self.record(date, TransactionKind::BuyDownFee { amount }, event)
            }
            "pause_interest" => {
                let first = parse_date(text(field(event, "from")?)?)?;
                let last = parse_date(text(field(event, "to")?)?)?;
                let from = date.min(first);
                self.record(from, TransactionKind::InterestPause { first, last }, event)
            }
            "change_rate" => {
                let from = parse_date(text(field(event, "from")?)?)?;
                let percent = decimal(field(event, "new_annual_rate_pct")?)?;
                // Here a rate given from a day governs the night that leads into that day.
                let from = from
                    .pred_opt()
                    .ok_or("cannot read the case: from".to_owned())?;
                self.record(from, TransactionKind::RateChange { percent }, event)
            }
            "pay_off" => {
                let amount = self.account.payoff(date)?;
                let kind = CreditKind::Repayment;
                self.record(
                    date,
                    TransactionKind::Credit {
                        kind,
                        amount,
                        split: None,
                    },
                    event,
                )
            }
            "write_off" => self.record(date, TransactionKind::WriteOff, event),
            "charge_off" => {
                let fraud = self.fraud || event.get("fraud") == Some(&Value::Bool(true));
                let reason = fraud.then(|| code("fraud")).transpose()?;
                self.record(date, TransactionKind::ChargeOff { reason }, event)
            }
            "re_amortize" => self.re_amortise(date, event),
            "re_age" => self.re_age(date, event),
            "terminate_contract" => self.record(date, TransactionKind::Terminate, event),
            "reschedule" => self.reschedule(date, event),
            "undo_re_age" => self.undo_last("re_age"),
            "undo_re_amortize" => self.undo_last("re_amortize"),
            "delinquency_pause" => {
                let first = parse_date(text(field(event, "from")?)?)?;
                let last = parse_date(text(field(event, "to")?)?)?;
                self.record(
                    first,
                    TransactionKind::DelinquencyPause { first, last },
                    event,
                )
            }
            "delinquency_resume" => self.record(date, TransactionKind::DelinquencyResume, event),
            "undo_charge_off" => self.undo_last("charge_off"),
            "undo" => self.undo(event),
            "close_of_business" => {
                self.brought_to = self.brought_to.max(Some(date));
                let before = date.pred_opt().unwrap_or(date);
                self.decide(&Command::EndOfDay { date: before })
            }
            "accrue" => self.decide(&Command::EndOfDay { date }),
            other => Err(Verdict::Skip(format!("event {}", other.replace('_', " "))).into()),
        }
    }

    fn record(
        &mut self,
        date: NaiveDate,
        kind: TransactionKind,
        event: &Value,
    ) -> Result<(), Refusal> {
        let id = TransactionId::new(self.next_id);
        self.next_id += 1;
        let mut new = NewTransaction::new(id, date, kind);
        if let Some(channel) = event.get("channel").and_then(Value::as_str) {
            new = new.through(code(channel.get(..24).unwrap_or(channel))?);
        }
        self.business_date = self.business_date.max(date);
        self.decide(&Command::Record(new))
    }

    fn decide(&mut self, command: &Command) -> Result<(), Refusal> {
        let reversal = matches!(command, Command::Reverse { .. });
        if (reversal && self.contract.recalculates) || self.contract.as_of_entry {
            // What is taken back makes the source calculate anew, as of today.
            self.brought_to = self.brought_to.max(Some(self.business_date));
        }
        let context = Context::with_history(self.business_date, &self.history);
        let decision = self.account.decide(command, &context)?;
        decision.update(&mut self.history)?;
        self.entries.extend(decision.entries);
        self.account = decision.account;
        Ok(())
    }
}

/// Refused by the library, or not readable or not built.
pub(super) enum Refusal {
    Loan(LoanError),
    Case(Verdict),
}

impl From<LoanError> for Refusal {
    fn from(error: LoanError) -> Self {
        Self::Loan(error)
    }
}

impl From<Verdict> for Refusal {
    fn from(verdict: Verdict) -> Self {
        Self::Case(verdict)
    }
}

impl From<String> for Refusal {
    fn from(text: String) -> Self {
        Self::Case(Verdict::Fail(text))
    }
}

fn refused(error: LoanError) -> Verdict {
    Verdict::Fail(format!("refused: {error}"))
}
