//! Charge-off: the loan leaves the books, the claim on the borrower stays.
//!
//! Principal becomes an expense, and income recognised but not received is taken back; income not
//! recognised yet never is. The schedule is what the borrower still owes, so it runs on: payments
//! are allocated as ever, and booked as recovery. Source: Fineract's regular charge-off.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Amounts, LoanAccount, LoanError, Outcome, account::ChargedOff};

/// What a charge-off does beside taking the loan off the books.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChargeOffTerms {
    /// What becomes of the schedule.
    pub schedule: AfterChargeOff,
    /// Which income is charged off.
    pub income: IncomeChargedOff,
}

/// What becomes of the schedule of a loan charged off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum AfterChargeOff {
    /// It runs on: the borrower owes what he owed (Fineract: regular).
    #[default]
    RunsOn,
    /// No interest arises any more (Fineract: zero interest).
    WithoutInterest,
    /// Everything is due at once, with the interest that has arisen (Fineract: accelerate
    /// maturity).
    DueAtOnce,
}

/// Which income a charge-off takes back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum IncomeChargedOff {
    /// What was earned and not received; the most common.
    #[default]
    Earned,
    /// Everything of the schedule that was not received: income to come is recognised and charged
    /// off on the same day (Fineract).
    Scheduled,
}

impl Outcome {
    /// The part that the books carry, or carried, as an asset.
    pub(crate) fn on_books(&self) -> Result<Amounts, LoanError> {
        self.applied.minus(&self.off_books)
    }
}

impl LoanAccount {
    pub(crate) fn charge_off(&mut self) -> Result<Outcome, LoanError> {
        self.require_on_books("charge-off")?;
        let terms = self.terms.charge_off;
        let on = self.as_of;
        let mut earned = self.earned()?;
        match terms.schedule {
            AfterChargeOff::RunsOn => {}
            AfterChargeOff::WithoutInterest => self.stop_interest()?,
            AfterChargeOff::DueAtOnce => {
                self.terminate()?;
            }
        }
        if terms.income == IncomeChargedOff::Scheduled {
            earned = self.scheduled_income()?;
        }
        let applied = self.outstanding()?;
        let carried = Amounts {
            principal: applied.principal,
            ..self.unsettled(&earned)?
        };
        self.charged_off = Some(ChargedOff { on, earned });
        Ok(Outcome {
            applied,
            off_books: applied.minus(&carried)?,
            ..Outcome::default()
        })
    }

    /// Interest, fees and penalties of the whole schedule.
    fn scheduled_income(&self) -> Result<Amounts, LoanError> {
        let rows = self.instalments.iter();
        let due = rows.map(|row| row.due);
        let mut sum = due
            .into_iter()
            .try_fold(Amounts::ZERO, |sum, due| sum.plus(&due))?
            .minus(&self.income_owed_again())?;
        sum.principal = Decimal::ZERO;
        Ok(sum)
    }

    /// No interest arises from today on; level instalments keep their amount, so that more of it
    /// repays principal.
    fn stop_interest(&mut self) -> Result<(), LoanError> {
        self.percent = Decimal::ZERO;
        self.planned_rates.clear();
        self.restretch()?;
        if let Some(mut remaining) = self.remaining(Decimal::ZERO)? {
            self.forecast_rows(&mut remaining, &[])?;
        }
        Ok(())
    }

    /// Refuses what cannot follow a charge-off.
    pub(crate) const fn require_on_books(&self, command: &'static str) -> Result<(), LoanError> {
        if self.charged_off.is_none() {
            return Ok(());
        }
        Err(LoanError::WrongStatus {
            command,
            status: self.status,
            allowed: "active and not charged off",
        })
    }
}
