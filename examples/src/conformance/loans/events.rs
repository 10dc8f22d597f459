//! From the events of a case to commands.

use chrono::NaiveDate;
use ledger::JournalEntry;
use lending_core::{
    dates::Period,
    ids::AccountId,
    loan::{
        Command, Context, CreditKind, History, InstalmentShare, LoanAccount, LoanError,
        MovedInterest, NewTransaction, OverdueInterestMove, Rescheduling, Status, Transaction,
        TransactionId, TransactionKind, code,
    },
};
use rust_decimal::Decimal;
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
            contract,
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
        let id = TransactionId::new(u128::MAX);
        let preview = self
            .account
            .decide(&Command::disburse(id, on, amount), &Context::today(on));
        Ok(preview.map_err(refused)?.account)
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
            "approve" => self.approve(event),
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
            "undo_last_disbursal" => self.undo_last("disbursement"),
            "undo_write_off" => self.undo_last("close_as_written_off"),
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

    fn approve(&mut self, event: &Value) -> Result<(), Refusal> {
        let amount = event.get("amount").map(decimal).transpose()?;
        if amount.is_some_and(|amount| amount > self.contract.terms.principal) {
            return Err(Verdict::Skip("approval above the contract's principal".into()).into());
        }
        Ok(())
    }

    fn disburse(&mut self, date: NaiveDate, event: &Value) -> Result<(), Refusal> {
        let amount = decimal(field(event, "amount")?)?;
        self.record(date, TransactionKind::Disbursement { amount }, event)?;
        if let Some(percent) = self.contract.down_payment {
            let row = self
                .account
                .instalments()
                .iter()
                .find(|row| row.due_on == date);
            let due = row.and_then(|row| row.open_amounts().ok()?.total().ok());
            let amount = due.unwrap_or_else(|| amount * percent / Decimal::ONE_HUNDRED);
            // A credit balance has paid it.
            if amount.is_zero() {
                return Ok(());
            }
            let kind = CreditKind::DownPayment;
            self.record(
                date,
                TransactionKind::Credit {
                    kind,
                    amount,
                    split: None,
                },
                event,
            )?;
        }
        Ok(())
    }

    fn credit(&mut self, kind: CreditKind, date: NaiveDate, event: &Value) -> Result<(), Refusal> {
        let amount = decimal(field(event, "amount")?)?;
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

    fn charge(&mut self, date: NaiveDate, event: &Value) -> Result<(), Refusal> {
        let kind = text(field(event, "kind")?)?;
        match kind {
            "specified_due_date" => {}
            "each_installment" => return self.charge_each(date, event),
            // Read with the terms.
            "disbursement" if self.account.disbursed_on().is_none() => return Ok(()),
            other => {
                return Err(Verdict::Skip(format!("charge {}", other.replace('_', " "))).into());
            }
        }
        let amount = match event.get("percent") {
            None => decimal(field(event, "amount")?)?,
            Some(percent) => self.percent_of(decimal(percent)?, text(field(event, "basis")?)?)?,
        };
        let due = parse_date(text(field(event, "due")?)?)?;
        let penalty = event.get("penalty") == Some(&Value::Bool(true));
        let name = code(if penalty { "nsf_fee" } else { "snooze_fee" })?;
        let charge = TransactionKind::Charge {
            name,
            penalty,
            amount,
            due,
        };
        self.record(date.min(due), charge, event)
    }

    fn charge_each(&mut self, date: NaiveDate, event: &Value) -> Result<(), Refusal> {
        let amount = match event.get("percent") {
            None => InstalmentShare::Flat(decimal(field(event, "amount")?)?),
            Some(percent) => {
                let percent = decimal(percent)?;
                match text(field(event, "basis")?)? {
                    "installment_principal_plus_interest" | "principal_plus_interest" => {
                        InstalmentShare::PercentOfPrincipalAndInterest(percent)
                    }
                    "installment_principal" | "principal" => {
                        InstalmentShare::PercentOfPrincipal(percent)
                    }
                    "installment_interest" | "interest" => {
                        InstalmentShare::PercentOfInterest(percent)
                    }
                    other => {
                        return Err(Verdict::Skip(format!("charge in percent of {other}")).into());
                    }
                }
            }
        };
        let penalty = event.get("penalty") == Some(&Value::Bool(true));
        let name = code("instalment_fee")?;
        let charge = TransactionKind::InstalmentCharge {
            name,
            penalty,
            amount,
        };
        self.record(date, charge, event)
    }

    fn percent_of(&self, percent: Decimal, basis: &str) -> Result<Decimal, Verdict> {
        let rows = self.account.instalments();
        let base: Decimal = match basis {
            "principal_plus_interest" => rows
                .iter()
                .map(|row| row.due.principal + row.due.interest)
                .sum(),
            "principal" | "disbursed_amount" => self.account.disbursed(),
            other => return Err(Verdict::Skip(format!("charge in percent of {other}"))),
        };
        Ok((base * percent / Decimal::ONE_HUNDRED).round_dp(2))
    }

    /// A waiver counts from the day the charge is due.
    fn waive(&mut self, event: &Value) -> Result<(), Refusal> {
        let target = event.get("target").filter(|target| target.is_object());
        let of = |name: &str| target.and_then(|target| target.get(name));
        let due = of("due").map(|due| parse_date(text(due)?)).transpose()?;
        let penal = of("penalty").and_then(Value::as_bool);
        let wanted = |kind: &TransactionKind| match kind {
            TransactionKind::Charge {
                due: on, penalty, ..
            } => due.is_none_or(|due| due == *on) && penal.is_none_or(|penal| penal == *penalty),
            TransactionKind::InstalmentCharge { penalty, .. } => {
                due.is_none() && penal.is_none_or(|penal| penal == *penalty)
            }
            _ => false,
        };
        let last = self
            .history
            .iter()
            .filter(|t| wanted(&t.kind) && t.reversed_on.is_none());
        let charge = last
            .max_by_key(|t| t.id)
            .ok_or("no charge to waive".to_owned())?;
        let (date, charge) = (charge.value_date, charge.id);
        self.record(date, TransactionKind::Waiver { charge }, &Value::Null)
    }

    fn charge_back(&mut self, date: NaiveDate, event: &Value) -> Result<(), Refusal> {
        let amount = decimal(field(event, "amount")?)?;
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

    fn undo(&mut self, event: &Value) -> Result<(), Refusal> {
        let target = field(event, "target")?;
        let kind = target.get("type").map(text).transpose()?;
        let on = target
            .get("on")
            .map(|on| parse_date(text(on)?))
            .transpose()?;
        let mut found: Vec<_> = self
            .history
            .iter()
            .filter(|t| kind.is_none_or(|kind| type_name(&t.kind) == kind))
            .filter(|t| on.is_none_or(|on| t.value_date == on))
            .filter(|t| kind.is_none() || t.reversed_on.is_none() || target.get("on").is_some())
            .filter(|t| !is_charge(&t.kind))
            .map(|t| t.id)
            .collect();
        found.sort();
        let nth = field(target, "nth")?;
        let transaction = match nth.as_u64() {
            Some(nth) => found.get(usize::try_from(nth).unwrap_or(0).wrapping_sub(1)),
            None => found.last(),
        };
        let transaction = *transaction.ok_or("cannot find what to undo".to_owned())?;
        self.decide(&Command::Reverse { transaction })
    }

    fn re_amortise(&mut self, date: NaiveDate, event: &Value) -> Result<(), Refusal> {
        let interest = match event.get("interest_handling").map(text).transpose()? {
            None => OverdueInterestMove::StaysDue,
            Some("default") => OverdueInterestMove::NextInstalment,
            Some("waive_interest") => OverdueInterestMove::Waived,
            Some("equal_amortization_interest_split") => OverdueInterestMove::Spread,
            Some(other) => return Err(Verdict::Skip(format!("re-amortise with {other}")).into()),
        };
        self.record(date, TransactionKind::ReAmortise { interest }, event)
    }

    fn re_age(&mut self, date: NaiveDate, event: &Value) -> Result<(), Refusal> {
        let number = |name: &str| -> Result<u32, Verdict> {
            let number = field(event, name)?.as_u64().and_then(|n| n.try_into().ok());
            Ok(number.ok_or_else(|| format!("cannot read the case: {name}"))?)
        };
        let every = number("every")?;
        let every = match text(field(event, "unit")?)? {
            "months" => Period::Months(every),
            "weeks" => Period::Weeks(every),
            "days" => Period::Days(every),
            other => return Err(Verdict::Skip(format!("instalments every {other}")).into()),
        };
        let kind = TransactionKind::ReAge {
            every,
            first_due: parse_date(text(field(event, "start")?)?)?,
            instalments: number("installments")?.try_into().unwrap_or(0),
            interest: match event.get("interest_handling").map(text).transpose()? {
                None | Some("default") => MovedInterest::StaysDue,
                Some("equal_amortization_payable_interest") => MovedInterest::SpreadArisen,
                Some("equal_amortization_full_interest") => MovedInterest::SpreadScheduled,
                Some(other) => return Err(Verdict::Skip(format!("re-age with {other}")).into()),
            },
        };
        self.record(date, kind, event)
    }

    fn reschedule(&mut self, date: NaiveDate, event: &Value) -> Result<(), Refusal> {
        let new_due = event.get("new_due").map(|due| parse_date(text(due)?));
        let number = |name: &str| {
            let number = event.get(name).and_then(Value::as_u64);
            number.and_then(|n| n.try_into().ok()).unwrap_or(0)
        };
        let percent = event.get("new_annual_rate_pct").map(decimal).transpose()?;
        let change = Rescheduling {
            due: parse_date(text(field(event, "from")?)?)?,
            new_due: new_due.transpose()?,
            principal_grace: number("grace_principal"),
            interest_grace: number("grace_interest"),
            extra_instalments: number("extra_installments").max(number("extra_terms")),
            percent,
        };
        self.record(date, TransactionKind::Reschedule(change), event)
    }

    fn undo_last(&mut self, kind: &str) -> Result<(), Refusal> {
        let transaction = self.last_of(kind)?;
        self.decide(&Command::Reverse { transaction })
    }

    /// The transaction of a type that was recorded last.
    fn last_of(&self, kind: &str) -> Result<TransactionId, Refusal> {
        let of_kind = self
            .history
            .iter()
            .filter(|t| type_name(&t.kind) == kind && t.reversed_on.is_none());
        let last = of_kind.map(|t| t.id).max();
        Ok(last.ok_or(format!("cannot find a {kind}"))?)
    }

    /// Everything that happened goes, the payouts last.
    fn undo_disbursal(&mut self) -> Result<(), Refusal> {
        let valid = self.history.iter().filter(|t| t.reversed_on.is_none());
        let mut ids: Vec<_> = valid.map(Transaction::order).collect();
        ids.sort();
        for (_, transaction) in ids.into_iter().rev() {
            self.decide(&Command::Reverse { transaction })?;
        }
        Ok(())
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
        let context = Context::with_history(self.business_date, &self.history);
        let decision = self.account.decide(command, &context)?;
        decision.update(&mut self.history)?;
        self.entries.extend(decision.entries);
        self.account = decision.account;
        Ok(())
    }
}

/// Charges are no transactions in the case files.
pub(super) const fn is_charge(kind: &TransactionKind) -> bool {
    matches!(
        kind,
        TransactionKind::Charge { .. } | TransactionKind::InstalmentCharge { .. }
    )
}

/// The name of a transaction in the case files.
pub(super) fn type_name(kind: &TransactionKind) -> &'static str {
    match kind {
        TransactionKind::Disbursement { .. } => "disbursement",
        TransactionKind::Credit { kind, .. } => match kind {
            CreditKind::Repayment => "repayment",
            CreditKind::DownPayment => "down_payment",
            CreditKind::GoodwillCredit => "goodwill_credit",
            CreditKind::MerchantRefund => "merchant_issued_refund",
            CreditKind::PayoutRefund => "payout_refund",
            CreditKind::ChargeAdjustment => "charge_adjustment",
            CreditKind::InterestPaymentWaiver => "interest_payment_waiver",
            CreditKind::InterestRefund => "interest_refund",
            _ => "credit",
        },
        TransactionKind::Waiver { .. } => "waive_loan_charges",
        TransactionKind::Chargeback { .. } => "chargeback",
        TransactionKind::CreditRefund { .. } => "credit_balance_refund",
        TransactionKind::WriteOff => "close_as_written_off",
        TransactionKind::ChargeOff { .. } => "charge_off",
        TransactionKind::InterestWaiver { .. } => "waive_interest",
        TransactionKind::Recovery { .. } => "recovery_repayment",
        TransactionKind::ReAmortise { .. } => "re_amortize",
        TransactionKind::ReAge { .. } => "re_age",
        TransactionKind::Terminate => "contract_termination",
        TransactionKind::CapitalisedIncome { .. } => "capitalized_income",
        TransactionKind::CapitalisedIncomeAdjustment { .. } => "capitalized_income_adjustment",
        TransactionKind::BuyDownFee { .. } => "buy_down_fee",
        TransactionKind::BuyDownFeeAdjustment { .. } => "buy_down_fee_adjustment",
        _ => "other",
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
