//! The first due date of a contract.

use alloc::{format, vec::Vec};

use chrono::{Datelike, Days, NaiveDate};
use lending_core::dates::{Calendar, DueDateRule, FirstDue, NonWorkingDayRule, due_dates};

use super::{QuoteRequest, findings::Findings};
use crate::{LoanProduct, ViolationKind as Kind};

impl LoanProduct {
    pub(super) fn first_due(
        &self,
        request: &QuoteRequest,
        found: &mut Findings,
    ) -> Option<FirstDue> {
        let range = &self.schedule.first_due_offset;
        if !self.schedule.seasons.is_empty() {
            let allowed = "none: due dates are the product's seasons";
            found.unused("first_due_offset", request.first_due_offset, allowed);
            found.unused("first_due", request.first_due, allowed);
            return Some(FirstDue::AfterOnePeriod);
        }
        let Some(date) = request.first_due else {
            return Some(
                match found.take("first_due_offset", range, request.first_due_offset)? {
                    0 => FirstDue::AfterOnePeriod,
                    days => FirstDue::OffsetDays(days),
                },
            );
        };
        if request.first_due_offset.is_some() {
            let allowed = "a first due date or an offset, not both";
            found.add(Kind::NotOffered, "first_due", date, allowed);
            return None;
        }
        let usual = due_dates(
            &self.schedule.due_dates,
            FirstDue::AfterOnePeriod,
            NonWorkingDayRule::None,
            &Calendar::default(),
            request.disbursement,
            1,
        );
        let usual = match usual.as_deref() {
            Ok([first, ..]) => first.nominal,
            _ => {
                found.add(
                    Kind::Date,
                    "disbursement",
                    request.disbursement,
                    "a day with due dates after it",
                );
                return None;
            }
        };
        let offset = i32::try_from(date.signed_duration_since(usual).num_days()).ok();
        if date <= request.disbursement || !offset.is_some_and(|days| range.contains(days)) {
            let allowed = format!("after {}, {range} days from {usual}", request.disbursement);
            found.add(Kind::Date, "first_due", date, allowed);
            return None;
        }
        Some(if date == usual {
            FirstDue::AfterOnePeriod
        } else {
            FirstDue::On(date)
        })
    }

    /// The rule of due dates, or the dates of the seasons after the disbursement.
    pub(super) fn due_rule(
        &self,
        request: &QuoteRequest,
        instalments: Option<u32>,
        found: &mut Findings,
    ) -> Option<DueDateRule> {
        let seasons = &self.schedule.seasons;
        if seasons.is_empty() {
            return Some(self.schedule.due_dates.clone());
        }
        let count = usize::try_from(instalments?).ok()?;
        let wait = Days::new(self.schedule.season_after_days.max(1).into());
        let start = request.disbursement.checked_add_days(wait);
        let mut dates: Vec<NaiveDate> = Vec::with_capacity(count);
        let mut year = request.disbursement.year();
        while let Some(start) = start
            && dates.len() < count
        {
            let of_year = seasons.iter().filter_map(|day| day.in_year(year));
            let last = dates.last().copied();
            let later = of_year.filter(|on| *on >= start && last.is_none_or(|last| *on > last));
            let before = dates.len();
            dates.extend(later);
            // Two seasons may clamp to one last day of a month.
            dates.dedup();
            year = year.saturating_add(1);
            // Only the years before the first season may have none.
            if dates.len() == before && year > start.year().saturating_add(8) {
                break;
            }
        }
        dates.truncate(count);
        if dates.len() < count {
            let given = request.disbursement;
            found.add(
                Kind::Date,
                "disbursement",
                given,
                "a day with seasons after it",
            );
            return None;
        }
        Some(DueDateRule::Explicit { dates })
    }
}
