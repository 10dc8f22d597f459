//! Draws that are repaid in instalments.

use alloc::vec::Vec;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{CreditLine, EarlyRepayment, RevolvingError};
use crate::{
    dates::FirstDue,
    loan::{
        TransactionId,
        amounts::{add, sub},
    },
    schedule::generate,
};

/// An instalment of a draw that no statement has billed yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedInstalment {
    /// The day of the statement that bills it.
    #[serde(with = "crate::compact::date")]
    pub on: NaiveDate,
    /// Its principal.
    #[serde(with = "crate::compact::decimal")]
    pub principal: Decimal,
}

/// The instalments of a draw to come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrawPlan {
    /// The draw.
    pub draw: TransactionId,
    /// In the order of their statements.
    pub instalments: Vec<PlannedInstalment>,
}

impl DrawPlan {
    fn principal(&self) -> Result<Decimal, RevolvingError> {
        let parts = self.instalments.iter().map(|row| row.principal);
        Ok(parts.into_iter().try_fold(Decimal::ZERO, add)?)
    }
}

impl CreditLine {
    /// Plans the repayment of a draw, where the contract has instalments.
    pub(crate) fn plan_draw(
        &mut self,
        draw: TransactionId,
        principal: Decimal,
    ) -> Result<(), RevolvingError> {
        let Some(count) = self.terms.minimum.instalments().map(|plan| plan.count) else {
            return Ok(());
        };
        let instalments = self.spread(principal, count.into(), self.as_of)?;
        self.plans.push(DrawPlan { draw, instalments });
        Ok(())
    }

    /// Spreads principal over the next statements, as a schedule from a day.
    fn spread(
        &self,
        principal: Decimal,
        count: u32,
        start: NaiveDate,
    ) -> Result<Vec<PlannedInstalment>, RevolvingError> {
        let mut terms = self.terms.schedule(count);
        terms.first_due = FirstDue::CountedFrom(self.activated_on.unwrap_or(self.opened_on));
        terms.interest.rate.percent = self.percent();
        let currency = self.terms.currency;
        let schedule = generate(&terms, principal, currency, start, &self.terms.calendar)?;
        let rows = schedule.instalments.iter();
        Ok(rows
            .filter(|row| !row.principal.is_zero())
            .map(|row| PlannedInstalment {
                on: row.nominal_due,
                principal: row.principal,
            })
            .collect())
    }

    /// Principal billed today: instalments that fall due with today's statement.
    pub(crate) fn bill_instalments(&mut self) -> Result<Decimal, RevolvingError> {
        let today = self.as_of;
        let mut billed = Decimal::ZERO;
        for plan in &mut self.plans {
            for row in plan.instalments.iter().filter(|row| row.on <= today) {
                billed = add(billed, row.principal)?;
            }
            plan.instalments.retain(|row| row.on > today);
        }
        self.plans.retain(|plan| !plan.instalments.is_empty());
        self.instalments_due = add(self.instalments_due, billed)?;
        Ok(billed)
    }

    /// Takes principal that was paid off instalments: those that are due first, then, by the
    /// contract's rule, those to come.
    pub(crate) fn pay_plans(&mut self, principal: Decimal) -> Result<(), RevolvingError> {
        let Some(terms) = self.terms.minimum.instalments().copied() else {
            return Ok(());
        };
        let due = principal.min(self.instalments_due);
        self.instalments_due = sub(self.instalments_due, due)?;
        let mut early = sub(principal, due)?;
        let mut plans = core::mem::take(&mut self.plans);
        for plan in &mut plans {
            let whole = plan.principal()?;
            let part = early.min(whole);
            if part.is_zero() {
                continue;
            }
            early = sub(early, part)?;
            let left = sub(whole, part)?;
            match terms.early {
                EarlyRepayment::FromLastInstalment => take_from_last(plan, part)?,
                EarlyRepayment::ReducedInstalments if left.is_zero() => plan.instalments.clear(),
                EarlyRepayment::ReducedInstalments => {
                    let count = u32::try_from(plan.instalments.len()).unwrap_or(u32::MAX);
                    // A statement made at the end of this very day still bills an instalment.
                    let first = plan.instalments.first().map(|row| row.on);
                    let start = match self.as_of.pred_opt() {
                        Some(before) if first == Some(self.as_of) => before,
                        _ => self.as_of,
                    };
                    plan.instalments = self.spread(left, count, start)?;
                }
            }
        }
        plans.retain(|plan| !plan.instalments.is_empty());
        self.plans = plans;
        Ok(())
    }
}

fn take_from_last(plan: &mut DrawPlan, mut part: Decimal) -> Result<(), RevolvingError> {
    while let Some(last) = plan.instalments.last_mut() {
        let taken = part.min(last.principal);
        last.principal = sub(last.principal, taken)?;
        part = sub(part, taken)?;
        if !last.principal.is_zero() {
            break;
        }
        plan.instalments.pop();
    }
    Ok(())
}
