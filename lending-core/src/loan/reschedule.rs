//! Rescheduling: a due date moves, principal rests for a while.
//!
//! Source: Fineract's reschedule requests.

use alloc::{collections::VecDeque, format, vec};

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{
    Instalment, LoanAccount, LoanError, Outcome, account::ChargeLine, instalment::PrincipalRule,
    terms::terms_error,
};
use crate::{
    dates::{DueDateRule, MonthEnd, Period},
    schedule::ScheduleError,
};

impl LoanAccount {
    /// Changes the instalment due on `due` and those after it.
    pub(crate) fn reschedule(
        &mut self,
        due: NaiveDate,
        new_due: Option<NaiveDate>,
        principal_grace: u16,
    ) -> Result<Outcome, LoanError> {
        let today = self.as_of;
        let to_change = |row: &Instalment| {
            row.due_on == due && row.has_period() && due.min(row.interest_to) > today
        };
        let Some(at) = self.instalments.iter().position(to_change) else {
            let allowed = "the due date of an instalment to come";
            return Err(terms_error("rescheduled due date", &due, allowed));
        };
        let (every, month_end) = self.interval()?;
        if let Some(to) = new_due {
            self.move_due_dates(at, to, every, month_end)?;
        }
        if principal_grace > 0 {
            self.rest_principal(at, principal_grace, every, month_end)?;
        }
        if principal_grace > 0 && self.is_level() {
            self.relevel(Decimal::ZERO)?;
        } else if let Some(mut remaining) = self.remaining(Decimal::ZERO)? {
            self.forecast_rows(&mut remaining, &[])?;
        }
        Ok(Outcome::default())
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

    /// `count` instalments from `at` on carry no principal; as many are added at the end.
    fn rest_principal(
        &mut self,
        at: usize,
        count: u16,
        every: Period,
        month_end: MonthEnd,
    ) -> Result<(), LoanError> {
        let Some(end) = self.instalments.last().filter(|row| row.has_period()) else {
            let allowed = "a schedule without charges after its last instalment";
            return Err(terms_error("principal grace", &count, allowed));
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
        Ok(())
    }

    fn working_day(&self, nominal: NaiveDate) -> Result<NaiveDate, LoanError> {
        let rule = self.terms.schedule.non_working_days;
        let adjusted = self.terms.calendar.adjust(nominal, rule);
        Ok(adjusted.map_err(ScheduleError::from)?)
    }
}
