//! Changes that begin with a later interest period: a new rate, instalments without interest.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{
    Instalment, LoanAccount, LoanError,
    account::{InterestRest, OwedAgain},
    amounts::add,
    forecast::Remaining,
    interest_basis::PlannedRate,
};

impl LoanAccount {
    /// The rate of a period that begins on a day.
    pub(crate) fn percent_from(&self, day: NaiveDate) -> Decimal {
        self.planned_from(day)
            .map_or(self.percent, |planned| planned.percent)
    }

    /// The level instalment of a period that begins on a day.
    pub(crate) fn level_from(&self, day: NaiveDate) -> Decimal {
        self.planned_from(day)
            .map_or(self.level, |planned| planned.level)
    }

    /// What an instalment carries of principal and interest where it is level: the level, and what
    /// a chargeback made owed again beside it.
    pub(crate) fn level_of_row(&self, row: &super::Instalment) -> Result<Decimal, LoanError> {
        let mine = |again: &&OwedAgain| again.period_end == row.interest_to;
        let again = self.owed_again.iter().filter(mine);
        let level = self.level_from(row.from);
        again.map(|again| again.beside).try_fold(level, add)
    }

    fn planned_from(&self, day: NaiveDate) -> Option<&PlannedRate> {
        self.planned_rates
            .iter()
            .rfind(|planned| planned.from <= day)
    }

    /// Makes planned rates that begin today the running one.
    pub(crate) fn start_planned_rates(&mut self, today: NaiveDate) {
        while let Some(planned) = self.planned_rates.first().copied() {
            if planned.from > today {
                break;
            }
            (self.percent, self.level) = (planned.percent, planned.level);
            self.planned_rates.remove(0);
        }
    }

    /// Plans a rate for the instalments from `at` on; level instalments are levelled anew for it.
    pub(crate) fn plan_rate(&mut self, at: usize, percent: Decimal) -> Result<(), LoanError> {
        let Some(from) = self.instalments.get(at).map(|row| row.from) else {
            return Ok(());
        };
        let level = self.level_from(from);
        self.planned_rates.retain(|planned| planned.from < from);
        self.planned_rates.push(PlannedRate {
            from,
            percent,
            level,
        });
        if self.is_level()
            && let Some(remaining) = self.remaining(Decimal::ZERO)?
        {
            let level = self.level_planned(at, percent, &remaining)?;
            if let Some(planned) = self.planned_rates.last_mut() {
                planned.level = level;
            }
        }
        Ok(())
    }

    /// A planned rate whose period runs already counts for all of it.
    pub(crate) fn rate_running_period(&mut self, at: usize, percent: Decimal) {
        let today = self.as_of;
        if self.instalments.get(at).is_none_or(|row| row.from > today) {
            return;
        }
        let free = self.percent.is_zero();
        self.start_planned_rates(today);
        // What accrued under a lock that ended has been put aside.
        let counts = |percent: Decimal| free || !percent.is_zero();
        for stretch in &mut self.stretches {
            if !stretch.locked && counts(stretch.percent) {
                stretch.percent = percent;
            }
        }
    }

    /// Levels the instalments of planned rates anew, once those before them are.
    pub(crate) fn relevel_planned(&mut self, remaining: &Remaining) -> Result<(), LoanError> {
        for place in 0..self.planned_rates.len() {
            let Some(planned) = self.planned_rates.get(place).copied() else {
                break;
            };
            let begins = |row: &Instalment| row.has_period() && row.from >= planned.from;
            let Some(at) = self.instalments.iter().position(begins) else {
                continue;
            };
            let level = self.level_planned(at, planned.percent, remaining)?;
            if let Some(planned) = self.planned_rates.get_mut(place) {
                planned.level = level;
            }
            self.forecast_rows(&mut remaining.clone(), &[])?;
        }
        Ok(())
    }

    /// The level instalment of the rows from `at` on, at a rate of their own.
    fn level_planned(
        &mut self,
        at: usize,
        percent: Decimal,
        remaining: &Remaining,
    ) -> Result<Decimal, LoanError> {
        let tail = self.tail_of(remaining, at)?;
        let running = core::mem::replace(&mut self.percent, percent);
        let level = self.level_for(&tail);
        self.percent = running;
        level
    }

    /// Instalments whose interest period ends from `first` to `last` pay no interest.
    pub(crate) fn rest_interest(&mut self, first: NaiveDate, last: NaiveDate) {
        self.interest_rests.push(InterestRest { first, last });
    }

    /// Whether the instalment whose interest period ends on a day pays no interest.
    pub(crate) fn interest_rests_in(&self, end: NaiveDate) -> bool {
        self.interest_rests
            .iter()
            .any(|rest| rest.first <= end && end <= rest.last)
    }
}
