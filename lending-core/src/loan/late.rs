//! Interest on principal that is late, where it does not fall due with the running instalment.
//!
//! It is part of the interest of the running period. With every transaction, and when the period
//! ends, what of it has arisen is moved: to the oldest instalment whose principal is late, or aside
//! for the last one. Source: Mambu's methods of recalculation after late payments; the arithmetic
//! is what their names say, no article shows any.

use alloc::vec::Vec;

use rust_decimal::Decimal;

use super::{
    Element, Instalment, LateInterest, LoanAccount, LoanError,
    account::Stretch,
    amounts::{add, sub},
};

impl LoanAccount {
    pub(crate) fn late_rule(&self) -> LateInterest {
        self.balance_interest()
            .map_or(LateInterest::RunningInstalment, |interest| interest.late)
    }

    /// Principal that should have been repaid by the end of a period that has ended, where its
    /// interest goes its own way. Of a balance that money put aside lowers, no more than bears
    /// interest counts as late.
    pub(crate) fn late_principal(&self) -> Result<Decimal, LoanError> {
        if self.late_rule() == LateInterest::RunningInstalment {
            return Ok(Decimal::ZERO);
        }
        let today = self.as_of;
        let ended = self.instalments.iter();
        ended
            .take_while(|row| row.interest_to <= today)
            .try_fold(Decimal::ZERO, |sum, row| {
                add(sum, row.open(Element::Principal)?.max(Decimal::ZERO))
            })
    }

    /// Moves interest on late principal that has arisen by today.
    pub(crate) fn settle_late_interest(&mut self) -> Result<(), LoanError> {
        let rule = self.late_rule();
        let moves = matches!(
            rule,
            LateInterest::OverdueInstalment | LateInterest::LastInstalment
        );
        let none = self.stretches.iter().all(|stretch| stretch.late.is_zero());
        if !moves || none || !self.status.is_disbursed() {
            return Ok(());
        }
        let late: Vec<Stretch> = self.stretches.iter().map(Stretch::of_late).collect();
        let start = late.first().map_or(self.as_of, |stretch| stretch.from);
        let runs = |row: &&Instalment| row.has_period() && row.interest_to > start;
        let Some(running) = self.instalments.iter().find(runs) else {
            return Ok(());
        };
        let (span, end) = (running.span(), running.interest_to);
        let to = self.as_of.min(end);
        let arisen = self.interest_of(&self.charging()?, span, &late, to)?;
        let part = sub(self.round(arisen), self.late_moved)?;
        if part <= Decimal::ZERO {
            return Ok(());
        }
        self.freshen()?;
        let gross = self.with_tax(Element::Interest, part)?;
        if rule == LateInterest::LastInstalment {
            self.late_carried = add(self.late_carried, gross)?;
        } else {
            let is_late = |row: &&mut Instalment| {
                row.interest_to < end
                    && row
                        .open(Element::Principal)
                        .is_ok_and(|open| open > Decimal::ZERO)
            };
            let Some(row) = self.instalments.iter_mut().find(is_late) else {
                return Ok(());
            };
            row.due.add_to(Element::Interest, gross)?;
        }
        self.late_moved = add(self.late_moved, part)?;
        self.applied_early = add(self.applied_early, part)?;
        self.forecast_later();
        Ok(())
    }
}

impl Stretch {
    /// The same days with what is late of the balance.
    const fn of_late(&self) -> Self {
        Self {
            base: self.late,
            ..*self
        }
    }
}
