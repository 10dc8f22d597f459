//! Charges and their waivers.

use chrono::NaiveDate;
use lending_core::loan::{InstalmentShare, TransactionKind, code};
use rust_decimal::Decimal;
use serde_json::Value;

use super::{
    super::super::{
        Verdict,
        values::{decimal, field, parse_date, text},
    },
    Loan, Refusal,
};

impl Loan {
    pub(super) fn charge(&mut self, date: NaiveDate, event: &Value) -> Result<(), Refusal> {
        let kind = text(field(event, "kind")?)?;
        let first = self.account.disbursed_on().is_none();
        match kind {
            // Read with the terms.
            "disbursement" | "tranche_disbursement" if first => return Ok(()),
            "specified_due_date" | "each_installment" if first => {
                self.waiting.push(event.clone());
                return Ok(());
            }
            "specified_due_date" => {}
            "each_installment" => return self.charge_each(date, event),
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

    /// Charges agreed before the first payout, on its day.
    pub(super) fn charge_waiting(&mut self, on: NaiveDate) -> Result<(), Refusal> {
        for event in std::mem::take(&mut self.waiting) {
            self.charge(on, &event)?;
        }
        Ok(())
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
            "interest" => rows.iter().map(|row| row.due.interest).sum(),
            "principal" | "disbursed_amount" => self.account.disbursed(),
            other => return Err(Verdict::Skip(format!("charge in percent of {other}"))),
        };
        Ok((base * percent / Decimal::ONE_HUNDRED).round_dp(2))
    }

    /// A waiver counts from the day the charge is due.
    pub(super) fn waive(&mut self, event: &Value) -> Result<(), Refusal> {
        let target = event.get("target").filter(|target| target.is_object());
        let of = |name: &str| target.and_then(|target| target.get(name));
        let instalment = of("installment").and_then(Value::as_u64);
        let instalment: Option<u16> = instalment.and_then(|number| number.try_into().ok());
        let due = of("due").map(|due| parse_date(text(due)?)).transpose()?;
        let penal = of("penalty").and_then(Value::as_bool);
        let wanted = |kind: &TransactionKind| match kind {
            TransactionKind::Charge {
                due: on, penalty, ..
            } if instalment.is_none() => {
                due.is_none_or(|due| due == *on) && penal.is_none_or(|penal| penal == *penalty)
            }
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
        let (mut date, charge) = (charge.value_date, charge.id);
        if instalment.is_some() {
            date = parse_date(text(field(event, "date")?)?)?;
        }
        let waiver = TransactionKind::Waiver { charge, instalment };
        self.record(date, waiver, &Value::Null)
    }
}
