//! How late something is, by the contract's tolerances. Shared by every sort of account.

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::{ArrearsTerms, LoanError, amounts::mul};
use crate::dates::Calendar;

impl ArrearsTerms {
    /// Days since a due date, as they count against tolerances.
    pub(crate) fn days_late(&self, calendar: &Calendar, due: NaiveDate, today: NaiveDate) -> u32 {
        if self.working_days_only {
            // The day after the due date is the first that can be late, today the last.
            let days = due.iter_days().skip(1).take_while(|day| *day <= today);
            let worked = days.filter(|day| calendar.is_working_day(*day));
            return u32::try_from(worked.count()).unwrap_or(u32::MAX);
        }
        u32::try_from(today.signed_duration_since(due).num_days()).unwrap_or(0)
    }

    /// Whether something due on a day and unpaid is late beyond the tolerated days.
    pub(crate) fn is_past_tolerance(
        &self,
        calendar: &Calendar,
        due: NaiveDate,
        today: NaiveDate,
    ) -> bool {
        let Some(day) = self.tolerance_day else {
            return self.days_late(calendar, due, today) > u32::from(self.tolerance_days);
        };
        let first = due.checked_add_months(chrono::Months::new(1));
        let last = first.and_then(|month| {
            let days = month.num_days_in_month().min(day);
            month.with_day(days.into())
        });
        last.is_some_and(|last| today > last)
    }

    /// The overdue amount that is tolerated.
    pub(crate) fn tolerated(&self, principal: Decimal) -> Result<Decimal, LoanError> {
        let percent = mul(mul(principal, self.tolerance_percent)?, Decimal::new(1, 2))?;
        Ok(percent.max(self.tolerance_floor))
    }
}
