//! Rescheduling: a due date moves, principal rests for a while.
//!
//! Source: Fineract's reschedule requests.

use alloc::{collections::VecDeque, format, vec, vec::Vec};

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{
    Instalment, LoanAccount, LoanError, Outcome, Rescheduling,
    account::ChargeLine,
    amounts::{add, sub},
    instalment::PrincipalRule,
    terms::terms_error,
};
use crate::{
    dates::{DueDateRule, MonthEnd, Period},
    schedule::ScheduleError,
};

impl LoanAccount {
    /// Changes an instalment to come and those after it.
    pub(crate) fn reschedule(&mut self, change: &Rescheduling) -> Result<Outcome, LoanError> {
        let today = self.as_of;
        let due = change.due;
        let to_change = |row: &Instalment| {
            row.due_on == due && row.has_period() && due.min(row.interest_to) > today
        };
        let Some(at) = self.instalments.iter().position(to_change) else {
            let allowed = "the due date of an instalment to come";
            return Err(terms_error("rescheduled due date", &due, allowed));
        };
        let (every, month_end) = self.interval()?;
        if let Some(to) = change.new_due {
            self.move_due_dates(at, to, every, month_end)?;
        }
        let grace = change.principal_grace;
        if grace > 0 {
            self.append_periods(grace, every, month_end)?;
            self.rest_principal(at, grace);
        }
        if change.interest_grace > 0 {
            let rows = self.instalments.iter().skip(at);
            let resting: Vec<_> = rows
                .filter(|row| row.has_period())
                .take(change.interest_grace.into())
                .map(|row| row.interest_to)
                .collect();
            if let (Some(first), Some(last)) = (resting.first(), resting.last()) {
                self.rest_interest(*first, *last);
            }
        }
        if change.extra_instalments > 0 {
            self.append_periods(change.extra_instalments, every, month_end)?;
            self.spread_from(at)?;
        }
        if change.percent.is_some() || (change.extra_instalments > 0 && self.is_level()) {
            let percent = change.percent.unwrap_or(self.percent);
            self.plan_rate(at, percent)?;
        }
        if let Some(percent) = change.percent {
            self.rate_running_period(at, percent);
        }
        if grace > 0 && self.is_level() {
            self.relevel(Decimal::ZERO)?;
        } else if let Some(mut remaining) = self.remaining(Decimal::ZERO)? {
            self.forecast_rows(&mut remaining, &[])?;
        }
        Ok(Outcome::default())
    }

    /// Money lent when no instalment is to come opens one: at the contract's interval after the
    /// last one, the first such date after today.
    pub(crate) fn open_period(&mut self) -> Result<(), LoanError> {
        let today = self.as_of;
        let (every, month_end) = self.interval()?;
        let last = self.instalments.last();
        let (number, anchor) = last.map_or((0, today), |row| (row.number, row.due_on));
        for later in 1_u32.. {
            let nominal = every
                .after(anchor, later, month_end)
                .ok_or(LoanError::DateOverflow { after: anchor })?;
            if nominal > today {
                let mut row = Instalment::extra(number.saturating_add(1), today, nominal);
                row.due_on = self.working_day(nominal)?;
                row.principal_rule = if self.is_level() {
                    PrincipalRule::Level
                } else {
                    PrincipalRule::Planned
                };
                self.instalments.push(row);
                break;
            }
        }
        self.stretches.clear();
        self.start_stretch()
    }

    fn interval(&self) -> Result<(Period, MonthEnd), LoanError> {
        match &self.terms.schedule.due_dates {
            DueDateRule::Interval { every, month_end } => Ok((*every, *month_end)),
            other => Err(terms_error(
                "rescheduling with due dates",
                &format!("{other:?}"),
                "due dates at an interval",
            )),
        }
    }

    /// Moves one due date; later ones follow at the contract's interval.
    fn move_due_dates(
        &mut self,
        at: usize,
        to: NaiveDate,
        every: Period,
        month_end: MonthEnd,
    ) -> Result<(), LoanError> {
        let before = at.checked_sub(1).and_then(|at| self.instalments.get(at));
        let allowed = before.map_or(self.as_of, |row| row.due_on.max(self.as_of));
        if to <= allowed {
            return Err(LoanError::TooEarly {
                field: "new due date",
                given: to,
                allowed: allowed.succ_opt().unwrap_or(allowed),
            });
        }
        let mut from = None;
        let periods = self.instalments.iter_mut().skip(at);
        for (later, row) in (0_u32..).zip(periods.filter(|row| row.has_period())) {
            let nominal = every
                .after(to, later, month_end)
                .ok_or(LoanError::DateOverflow { after: to })?;
            row.from = from.unwrap_or(row.from);
            row.interest_to = nominal;
            row.due_on = if later == 0 {
                to
            } else {
                let rule = self.terms.schedule.non_working_days;
                let adjusted = self.terms.calendar.adjust(nominal, rule);
                adjusted.map_err(ScheduleError::from)?
            };
            from = Some(nominal);
            let mine =
                |line: &&mut ChargeLine| line.instalment == row.number && line.earned_when_due;
            for line in self.charges.iter_mut().filter(mine) {
                line.due = row.due_on;
            }
        }
        Ok(())
    }

    /// Adds `count` instalments at the end.
    fn append_periods(
        &mut self,
        count: u16,
        every: Period,
        month_end: MonthEnd,
    ) -> Result<(), LoanError> {
        let Some(end) = self.instalments.last().filter(|row| row.has_period()) else {
            let allowed = "none: there are charges after the last instalment";
            return Err(terms_error("added instalments", &count, allowed));
        };
        let (rule, anchor) = (end.principal_rule, end.interest_to);
        let (mut from, mut number) = (anchor, end.number);
        for later in 1..=u32::from(count) {
            let nominal = every
                .after(anchor, later, month_end)
                .ok_or(LoanError::DateOverflow { after: anchor })?;
            number = number.saturating_add(1);
            let mut row = Instalment::extra(number, from, nominal);
            row.due_on = self.working_day(nominal)?;
            row.principal_rule = rule;
            self.instalments.push(row);
            from = nominal;
        }
        Ok(())
    }

    /// Spreads planned principal equally over the instalments from `at` on.
    fn spread_from(&mut self, at: usize) -> Result<(), LoanError> {
        let periods = || {
            self.instalments
                .iter()
                .skip(at)
                .filter(|row| row.has_period())
        };
        let count = Decimal::from(periods().count().max(1));
        let mut left = periods()
            .map(|row| row.due.principal)
            .try_fold(Decimal::ZERO, add)?;
        let share = self.equal_share(left, count)?;
        let last = self.instalments.iter().rposition(Instalment::has_period);
        for (place, row) in self.instalments.iter_mut().enumerate().skip(at) {
            if row.has_period() {
                row.planned = if Some(place) == last {
                    left
                } else {
                    share.min(left)
                };
                left = sub(left, row.planned)?;
            }
        }
        Ok(())
    }

    /// `count` instalments from `at` on carry no principal.
    fn rest_principal(&mut self, at: usize, count: u16) {
        // Every plan moves back by `count` places.
        let mut plans = VecDeque::from(vec![Decimal::ZERO; usize::from(count)]);
        let rows = self.instalments.iter_mut().skip(at);
        for (place, row) in rows.filter(|row| row.has_period()).enumerate() {
            plans.push_back(row.planned);
            row.planned = plans.pop_front().unwrap_or_default();
            if place < usize::from(count) {
                row.principal_rule = PrincipalRule::Planned;
            }
        }
    }

    fn working_day(&self, nominal: NaiveDate) -> Result<NaiveDate, LoanError> {
        let rule = self.terms.schedule.non_working_days;
        let adjusted = self.terms.calendar.adjust(nominal, rule);
        Ok(adjusted.map_err(ScheduleError::from)?)
    }
}
