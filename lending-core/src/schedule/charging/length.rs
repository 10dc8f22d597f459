//! How long a period is: counted days, or its nominal length.

use alloc::format;

use chrono::NaiveDate;

use super::{
    super::{InterestDays, OddFirstPeriod, ScheduleError, ScheduleTerms, exact::Ratio},
    Charging, Span, days_between,
};
use crate::{
    dates::{DueDateRule, FirstDue, MonthEnd, NonWorkingDayRule, Period},
    day_count::{CouponPeriod, DayCount},
};

impl Charging<'_> {
    pub(super) fn counted_piece(
        &self,
        from: NaiveDate,
        to: NaiveDate,
        span: Span,
    ) -> Result<(Ratio, Ratio), ScheduleError> {
        let mut context = self.context;
        if matches!(self.terms.interest.day_count, DayCount::ActActIcma) {
            context.coupon = Some(self.coupon(span)?);
        }
        let day_count = self.terms.interest.day_count;
        let fraction = day_count.fraction(from, to, &context)?;
        let days = match day_count {
            DayCount::Thirty360Us
            | DayCount::Thirty360BondBasis
            | DayCount::Thirty360E
            | DayCount::Thirty360EIsda
            | DayCount::Thirty360EPlus
            | DayCount::Nl365
            | DayCount::Bus252 => fraction.numerator(),
            _ => days_between(from, to),
        };
        let years = Ratio {
            num: fraction.numerator().into(),
            den: fraction.denominator().into(),
        };
        Ok((years, Ratio::of_integer(days)))
    }

    pub(super) fn nominal_piece(
        &self,
        from: NaiveDate,
        to: NaiveDate,
        span: Span,
    ) -> Result<(Ratio, Ratio), ScheduleError> {
        let overflow = || ScheduleError::overflow("the length of a period");
        let Some((mut years, mut days)) = self.nominal else {
            return Err(no_periodicity("interest by nominal periods", self.terms));
        };
        if years_differ(self.terms) {
            // The year is the one that the period has by the day count.
            let (counted, actual) = self.counted_piece(span.start, span.end, span)?;
            let year = counted.checked_mul(Ratio {
                num: actual.den,
                den: actual.num.max(1),
            });
            let year = year.ok_or_else(overflow)?;
            years = days.checked_mul(year).ok_or_else(overflow)?;
        }
        let by_share = self.terms.interest.odd_first_period == OddFirstPeriod::PeriodsAndShare;
        let periods = by_share.then(|| self.periods_and_share(span)).flatten();
        if let Some(periods) = periods {
            years = years.checked_mul(periods).ok_or_else(overflow)?;
            days = days.checked_mul(periods).ok_or_else(overflow)?;
        } else if let Some(extra) = self.first_extra(span) {
            match self.terms.interest.odd_first_period {
                OddFirstPeriod::Nominal | OddFirstPeriod::PeriodsAndShare => {}
                OddFirstPeriod::Counted => return self.counted_piece(from, to, span),
                OddFirstPeriod::NominalAndDays => {
                    let year = year_days(self.terms.interest.day_count);
                    let part = Ratio {
                        num: extra.into(),
                        den: year.into(),
                    };
                    years = years.checked_add(part).ok_or_else(overflow)?;
                    days = days
                        .checked_add(Ratio::of_integer(extra))
                        .ok_or_else(overflow)?;
                }
            }
        }
        if matches!(self.terms.non_working_days, NonWorkingDayRule::Extend) && !by_share {
            let steps = Ratio::of_integer(self.steps(span));
            years = years.checked_mul(steps).ok_or_else(overflow)?;
            days = days.checked_mul(steps).ok_or_else(overflow)?;
        }
        if from == span.start && to == span.end {
            return Ok((years, days));
        }
        let share = share(from, to, span);
        let years = years.checked_mul(share).ok_or_else(overflow)?;
        Ok((years, days.checked_mul(share).ok_or_else(overflow)?))
    }

    /// Days by which the first period is longer than a nominal one (negative: shorter).
    pub(super) fn first_extra(&self, span: Span) -> Option<i64> {
        let odd = !matches!(self.terms.first_due, FirstDue::AfterOnePeriod)
            || matches!(self.terms.due_dates, DueDateRule::FixedDaysOfMonth { .. });
        if span.number != 1 || !odd {
            return None;
        }
        let month_end = match &self.terms.due_dates {
            DueDateRule::Interval { month_end, .. }
            | DueDateRule::FixedDaysOfMonth { month_end, .. } => *month_end,
            _ => MonthEnd::Clamp,
        };
        let regular = self.terms.due_dates.periodicity()?;
        let expected = regular.after(span.start, 1, month_end)?;
        Some(days_between(expected, span.end))
    }

    /// How many regular periods a period spans, the last one by the share of its days. `None` where
    /// it is one: the day that a month lacks makes no difference.
    fn periods_and_share(&self, span: Span) -> Option<Ratio> {
        let DueDateRule::Interval { every, month_end } = self.terms.due_dates else {
            return None;
        };
        let regular_end = every.after(span.start, 1, month_end)?;
        let rolled = month_end == MonthEnd::RollToFirst && every.months().is_some();
        if regular_end == span.end
            || every.before(span.end, 1) == Some(span.start)
            || (rolled && days_between(regular_end, span.end).abs() <= 3)
        {
            return None;
        }
        let (mut whole, mut from, mut next) = (0_u32, span.start, regular_end);
        while next <= span.end {
            whole = whole.checked_add(1)?;
            from = next;
            next = every.after(span.start, whole.checked_add(1)?, month_end)?;
        }
        let share = Ratio {
            num: days_between(from, span.end).into(),
            den: i128::from(days_between(from, next)).max(1),
        };
        share.checked_add(Ratio::of_integer(whole))
    }

    /// How many regular periods a period of an extended schedule spans.
    pub(super) fn steps(&self, span: Span) -> u32 {
        let Some(regular) = self.terms.due_dates.periodicity() else {
            return 1;
        };
        let mut steps = 1_u32;
        while let Some(date) = regular.after(span.start, steps, MonthEnd::Clamp)
            && date < span.end
            && days_between(date, span.end) > 3
        {
            steps = steps.saturating_add(1);
        }
        steps
    }

    /// The regular coupon period of ICMA fractions.
    pub(super) fn coupon(&self, span: Span) -> Result<CouponPeriod, ScheduleError> {
        let none = || no_periodicity("ACT/ACT ICMA", self.terms);
        let regular = self.terms.due_dates.periodicity().ok_or_else(none)?;
        let per_year = match regular {
            Period::Months(_) | Period::Years(_) => {
                12_u32.checked_div(regular.months().unwrap_or(0))
            }
            Period::Weeks(_) | Period::Days(_) => 365_u32.checked_div(regular.days().unwrap_or(0)),
        };
        let per_year = u16::try_from(per_year.unwrap_or(0)).unwrap_or(u16::MAX);
        let start = if span.number == 1 {
            regular.before(span.end, 1).ok_or_else(none)?
        } else {
            span.start
        };
        Ok(CouponPeriod {
            start,
            end: span.end,
            per_year,
        })
    }
}

/// The part of a period that lies between two dates, by actual days.
pub(super) fn share(from: NaiveDate, to: NaiveDate, span: Span) -> Ratio {
    if from == span.start && to == span.end {
        return Ratio::ONE;
    }
    Ratio {
        num: days_between(from, to).into(),
        den: i128::from(days_between(span.start, span.end)).max(1),
    }
}

/// Whether months of 30 days are divided by years of different lengths.
pub(super) const fn years_differ(terms: &ScheduleTerms) -> bool {
    matches!(terms.interest.days, InterestDays::ThirtyDayMonths)
        && matches!(
            terms.interest.day_count,
            DayCount::ActActIsda | DayCount::ActActCalendarYear | DayCount::ActActLeapDay
        )
}

/// The year that days are divided by when a period has a nominal number of days.
pub(super) const fn year_days(day_count: DayCount) -> u32 {
    match day_count {
        DayCount::Act364 => 364,
        DayCount::Act360
        | DayCount::Thirty360Us
        | DayCount::Thirty360BondBasis
        | DayCount::Thirty360E
        | DayCount::Thirty360EIsda
        | DayCount::Thirty360EPlus => 360,
        DayCount::Bus252 => 252,
        _ => 365,
    }
}

/// The nominal length of one period: in years, and in days with months of 30.
pub(super) fn nominal_length(terms: &ScheduleTerms) -> Option<(Ratio, Ratio)> {
    let (years, days) = calendar_length(terms)?;
    if matches!(terms.interest.days, InterestDays::ThirtyDayMonths) {
        let year = Ratio {
            num: 1,
            den: year_days(terms.interest.day_count).into(),
        };
        return Some((days.checked_mul(year)?, days));
    }
    Some((years, days))
}

/// The same with a month as a twelfth.
pub(super) fn calendar_length(terms: &ScheduleTerms) -> Option<(Ratio, Ratio)> {
    if let DueDateRule::FixedDaysOfMonth { days, .. } = &terms.due_dates {
        let count = i128::try_from(days.len()).ok()?;
        let years = Ratio {
            num: 1,
            den: count.checked_mul(12)?,
        };
        return Some((
            years,
            Ratio {
                num: 30,
                den: count,
            },
        ));
    }
    let regular = terms.due_dates.periodicity()?;
    match (regular.months(), regular.days()) {
        (Some(months), _) => Some((
            Ratio {
                num: months.into(),
                den: 12,
            },
            Ratio::of_integer(i128::from(months).checked_mul(30)?),
        )),
        (None, days) => {
            let days = i128::from(days?);
            let year = i128::from(year_days(terms.interest.day_count));
            Some((
                Ratio {
                    num: days,
                    den: year,
                },
                Ratio::of_integer(days),
            ))
        }
    }
}

pub(super) fn no_periodicity(needs: &'static str, terms: &ScheduleTerms) -> ScheduleError {
    ScheduleError::NoPeriodicity {
        needs,
        given: format!("{:?}", terms.due_dates),
    }
}
