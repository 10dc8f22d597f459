//! Lengths of time counted in calendar units.

use core::fmt;

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// A length of time in calendar units, for example one month or two weeks.
///
/// ```
/// use chrono::NaiveDate;
/// use lending_core::dates::{MonthEnd, Period};
/// let start = NaiveDate::from_ymd_opt(2025, 1, 31).unwrap();
/// let clamped = Period::Months(1).after(start, 1, MonthEnd::Clamp);
/// assert_eq!(clamped, NaiveDate::from_ymd_opt(2025, 2, 28));
/// let rolled = Period::Months(1).after(start, 1, MonthEnd::RollToFirst);
/// assert_eq!(rolled, NaiveDate::from_ymd_opt(2025, 3, 1));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Period {
    /// So many days.
    Days(u32),
    /// So many weeks of seven days.
    Weeks(u32),
    /// So many calendar months.
    Months(u32),
    /// So many calendar years.
    Years(u32),
}

/// What becomes of a day that a month does not have (the 31st in April, the 30th in February).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum MonthEnd {
    /// The last day of that month. The most common rule.
    #[default]
    Clamp,
    /// The first day of the month after it.
    RollToFirst,
    /// As `Clamp`, and an anchor on the last day of its month keeps every date on the last day
    /// (30 April, 31 May, 30 June): the end-of-month convention of ACTUS.
    StickToEnd,
}

impl Period {
    /// `start + count × self`, counted in one step from `start`. `None` outside of the years that
    /// can be represented.
    #[must_use]
    pub fn after(self, start: NaiveDate, count: u32, month_end: MonthEnd) -> Option<NaiveDate> {
        let count = u64::from(count);
        match self {
            Self::Days(days) => start.checked_add_days(Days::new(count.checked_mul(days.into())?)),
            Self::Weeks(weeks) => {
                let days = count.checked_mul(weeks.into())?.checked_mul(7)?;
                start.checked_add_days(Days::new(days))
            }
            Self::Months(months) => add_months(start, count.checked_mul(months.into())?, month_end),
            Self::Years(years) => {
                let months = count.checked_mul(years.into())?.checked_mul(12)?;
                add_months(start, months, month_end)
            }
        }
    }

    /// `start − count × self`, counted in one step; a day that the month lacks becomes its last.
    /// `None` outside of the years that can be represented.
    #[must_use]
    pub fn before(self, start: NaiveDate, count: u32) -> Option<NaiveDate> {
        let months =
            |months: u32| start.checked_sub_months(Months::new(months.checked_mul(count)?));
        let days = |days: u64| start.checked_sub_days(Days::new(days.checked_mul(count.into())?));
        match self {
            Self::Days(n) => days(n.into()),
            Self::Weeks(n) => days(u64::from(n).checked_mul(7)?),
            Self::Months(n) => months(n),
            Self::Years(n) => months(n.checked_mul(12)?),
        }
    }

    /// Whether the period has no length.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        matches!(
            self,
            Self::Days(0) | Self::Weeks(0) | Self::Months(0) | Self::Years(0)
        )
    }

    /// The length in months, when the period is made of months or years.
    #[must_use]
    pub const fn months(self) -> Option<u32> {
        match self {
            Self::Months(months) => Some(months),
            Self::Years(years) => years.checked_mul(12),
            Self::Days(_) | Self::Weeks(_) => None,
        }
    }

    /// The length in days, when the period is made of days or weeks.
    #[must_use]
    pub const fn days(self) -> Option<u32> {
        match self {
            Self::Days(days) => Some(days),
            Self::Weeks(weeks) => weeks.checked_mul(7),
            Self::Months(_) | Self::Years(_) => None,
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, unit) = match self {
            Self::Days(n) => (n, "day"),
            Self::Weeks(n) => (n, "week"),
            Self::Months(n) => (n, "month"),
            Self::Years(n) => (n, "year"),
        };
        let plural = if *count == 1 { "" } else { "s" };
        write!(f, "{count} {unit}{plural}")
    }
}

fn add_months(start: NaiveDate, months: u64, month_end: MonthEnd) -> Option<NaiveDate> {
    let at = i64::from(start.year())
        .checked_mul(12)?
        .checked_add(i64::from(start.month0()))?
        .checked_add(i64::try_from(months).ok()?)?;
    let sticky = matches!(month_end, MonthEnd::StickToEnd) && is_month_end(start);
    in_month(at, if sticky { 31 } else { start.day() }, month_end)
}

pub(super) fn is_month_end(date: NaiveDate) -> bool {
    date.succ_opt().is_none_or(|next| next.day() == 1)
}

/// Day `day` of the month counted `month` from month 0 of year 0.
pub(super) fn in_month(month: i64, day: u32, month_end: MonthEnd) -> Option<NaiveDate> {
    let year = i32::try_from(month.div_euclid(12)).ok()?;
    let month0 = u32::try_from(month.rem_euclid(12)).ok()?;
    day_in_month(year, month0, day, month_end)
}

/// Day `day` of a month, `month0` from 0.
#[inline]
pub(super) fn day_in_month(
    year: i32,
    month0: u32,
    day: u32,
    month_end: MonthEnd,
) -> Option<NaiveDate> {
    let month = month0.checked_add(1)?;
    // Every month has 28 days.
    let last = if day <= 28 {
        day
    } else {
        last_day(year, month)
    };
    let date = NaiveDate::from_ymd_opt(year, month, day.min(last))?;
    match month_end {
        MonthEnd::RollToFirst if day > last => date.succ_opt(),
        _ => Some(date),
    }
}

const fn last_day(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}
