//! Business days and day counts of a contract.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Weekday};
use rust_decimal::Decimal;

use super::{
    code::{BusinessCalendar, BusinessDayConvention, DayCountConvention},
    error::{ActusError, fits},
    terms::ActusTerms,
};
use crate::{
    dates::{Calendar, NonWorkingDayRule},
    day_count::{DayCount, DayCountContext, Fraction},
};

/// How a contract shifts dates and counts days.
#[derive(Clone, Debug)]
pub(super) struct Conventions {
    calendar: Calendar,
    rule: NonWorkingDayRule,
    /// Interest is reckoned on the shifted date (SC*), not on the scheduled one (CS*).
    calculate_shifted: bool,
    day_count: DayCountConvention,
    /// The contract's last day, for 30E/360 ISDA.
    pub(super) maturity: Option<NaiveDate>,
}

impl Conventions {
    pub(super) fn new(
        calendar: Calendar,
        business_day: BusinessDayConvention,
        day_count: DayCountConvention,
    ) -> Self {
        use BusinessDayConvention as Rule;
        let rule = match business_day {
            Rule::Nos => NonWorkingDayRule::None,
            Rule::Scf | Rule::Csf => NonWorkingDayRule::Next,
            Rule::Scmf | Rule::Csmf => NonWorkingDayRule::ModifiedNext,
            Rule::Scp | Rule::Csp => NonWorkingDayRule::Previous,
            Rule::Scmp | Rule::Csmp => NonWorkingDayRule::ModifiedPrevious,
        };
        let calculate_shifted = !matches!(
            business_day,
            Rule::Csf | Rule::Csmf | Rule::Csp | Rule::Csmp
        );
        Self {
            calendar,
            rule,
            calculate_shifted,
            day_count,
            maturity: None,
        }
    }

    /// When an event scheduled for a time happens.
    pub(super) fn shift(&self, time: NaiveDateTime) -> Result<NaiveDateTime, ActusError> {
        let date = self.calendar.adjust(time.date(), self.rule)?;
        Ok(date.and_time(time.time()))
    }

    /// `amount` times the fraction of a year between two scheduled times, each shifted where the
    /// convention calculates on shifted dates.
    pub(super) fn of_year(
        &self,
        amount: Decimal,
        start: NaiveDateTime,
        end: NaiveDateTime,
    ) -> Result<Decimal, ActusError> {
        if amount.is_zero() || start == end {
            return Ok(Decimal::ZERO);
        }
        let (start, end) = if self.calculate_shifted {
            (self.shift(start)?, self.shift(end)?)
        } else {
            (start, end)
        };
        self.of_year_unshifted(amount, start, end)
    }

    /// As [`Self::of_year`], the times as they are.
    pub(super) fn of_year_unshifted(
        &self,
        amount: Decimal,
        start: NaiveDateTime,
        end: NaiveDateTime,
    ) -> Result<Decimal, ActusError> {
        // A shift can put an event before one that was scheduled earlier: its days are taken back.
        let (sign, start, end) = if end < start {
            (-Decimal::ONE, end, start)
        } else {
            (Decimal::ONE, start, end)
        };
        let fraction = self.fraction(start, end)?;
        let part = fraction
            .checked_mul(amount)
            .and_then(|part| part.checked_mul(sign));
        fits(part, "an amount over a period")
    }

    fn fraction(&self, start: NaiveDateTime, end: NaiveDateTime) -> Result<Fraction, ActusError> {
        let start = fits(full_hour(start), "a time")?;
        let end = fits(full_hour(end), "a time")?;
        let convention = match self.day_count {
            DayCountConvention::Aa => DayCount::ActActIsda,
            DayCountConvention::A360 => DayCount::Act360,
            DayCountConvention::A365 => DayCount::Act365Fixed,
            DayCountConvention::E30360 => DayCount::Thirty360E,
            DayCountConvention::E30360Isda => DayCount::Thirty360EIsda,
            DayCountConvention::B252 => DayCount::Bus252,
            DayCountConvention::E28336 => {
                return fits(twenty_eight(start.date(), end.date()), "a day count");
            }
        };
        // Whole days passed: a last day that is not over does not count.
        let actual = matches!(
            convention,
            DayCount::ActActIsda | DayCount::Act360 | DayCount::Act365Fixed
        );
        let last = if actual && end.time() < start.time() && end.date() > start.date() {
            fits(end.date().pred_opt(), "a date")?
        } else {
            end.date()
        };
        let context = DayCountContext {
            coupon: None,
            termination: self.maturity,
            calendar: Some(&self.calendar),
        };
        Ok(convention.fraction(start.date(), last, &context)?)
    }
}

/// The days off of a contract.
pub(super) fn calendar(terms: &ActusTerms) -> Result<Calendar, ActusError> {
    let holidays = terms.holidays.iter().copied();
    match terms.calendar.unwrap_or(BusinessCalendar::Nc) {
        BusinessCalendar::Mfh => Ok(Calendar::new([Weekday::Sat, Weekday::Sun], holidays, [])?),
        _ if !terms.holidays.is_empty() => Err(ActusError::Contradiction {
            term: "holidays",
            other: "calendar",
            reason: "only the calendar MFH has holidays",
        }),
        BusinessCalendar::Nc => Ok(Calendar::default()),
        BusinessCalendar::Mf => Ok(Calendar::weekends()),
    }
}

/// The nearest full hour; half an hour goes up.
fn full_hour(time: NaiveDateTime) -> Option<NaiveDateTime> {
    let whole = NaiveTime::from_hms_opt(time.hour(), 0, 0)?;
    let floor = time.date().and_time(whole);
    if time.minute() < 30 {
        Some(floor)
    } else {
        floor.checked_add_signed(TimeDelta::hours(1))
    }
}

/// 28E/336: every month has 28 days; the 29th to the 31st are its 28th.
fn twenty_eight(start: NaiveDate, end: NaiveDate) -> Option<Fraction> {
    let day = |date: NaiveDate| -> Option<i64> {
        let months = i64::from(date.year())
            .checked_mul(12)?
            .checked_add(i64::from(date.month0()))?;
        months
            .checked_mul(28)?
            .checked_add(i64::from(date.day().min(28)))
    };
    Fraction::new(day(end)?.checked_sub(day(start)?)?, 336)
}
