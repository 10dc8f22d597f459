//! Rules that name due dates.

use alloc::{format, vec::Vec};

use chrono::{NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

use super::{DateError, MonthEnd, Period};

/// Which nominal dates a schedule falls due on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum DueDateRule {
    /// Every so many days, weeks, months or years from the anchor.
    Interval {
        /// The length of one step.
        every: Period,
        /// What becomes of days that a month lacks.
        #[serde(default)]
        month_end: MonthEnd,
    },
    /// Each of these days of every month, in order.
    FixedDaysOfMonth {
        /// Days, 1 to 31, any order.
        days: Vec<u8>,
        /// What becomes of days that a month lacks. Two days that fall together count once.
        #[serde(default)]
        month_end: MonthEnd,
    },
    /// A weekday by its place in the month, for example the second Tuesday.
    NthWeekday {
        /// Every so many months.
        every_months: u32,
        /// Its place in the month.
        nth: NthOfMonth,
        /// The weekday.
        #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
        weekday: Weekday,
    },
    /// These dates, in order: one for each instalment.
    Explicit {
        /// Strictly increasing dates.
        #[cfg_attr(feature = "schema", schemars(with = "Vec<alloc::string::String>"))]
        dates: Vec<NaiveDate>,
    },
}

/// The place of a weekday in its month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum NthOfMonth {
    /// The first one.
    First,
    /// The second one.
    Second,
    /// The third one.
    Third,
    /// The fourth one.
    Fourth,
    /// The last one, the fourth or the fifth.
    Last,
}

/// Where counting of due dates starts.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum FirstDue {
    /// The first date of the rule after the disbursement: one interval later, or the next fixed day.
    #[default]
    AfterOnePeriod,
    /// The first date of the rule after the disbursement, and all later ones, moved by this many
    /// days (the first-due-date offset). The offset belongs to the first period.
    OffsetDays(i32),
    /// This date is the first; an interval rule counts the later ones from it, fixed days and
    /// weekdays take the first date of the rule after it.
    On(NaiveDate),
    /// An interval rule counts from this date instead of the disbursement; dates up to the
    /// disbursement are passed over.
    CountedFrom(NaiveDate),
}

impl DueDateRule {
    /// Every `period` from the anchor, days that a month lacks held inside the month.
    #[must_use]
    pub const fn every(period: Period) -> Self {
        Self::Interval {
            every: period,
            month_end: MonthEnd::Clamp,
        }
    }

    /// Checks that the rule reaches a next date.
    ///
    /// # Errors
    /// [`DateError::EmptyPeriod`], [`DateError::DaysOfMonth`], [`DateError::ExplicitDates`].
    pub fn validate(&self) -> Result<(), DateError> {
        match self {
            Self::Interval { every, .. } if every.is_empty() => Err(DateError::EmptyPeriod {
                given: format!("{every}"),
            }),
            Self::NthWeekday {
                every_months: 0, ..
            } => Err(DateError::EmptyPeriod {
                given: "0 months".into(),
            }),
            Self::FixedDaysOfMonth { days, .. } => {
                let mut sorted = days.clone();
                sorted.sort_unstable();
                sorted.dedup();
                let known = sorted.iter().all(|day| (1..=31).contains(day));
                if known && !sorted.is_empty() && sorted.len() == days.len() {
                    Ok(())
                } else {
                    Err(DateError::DaysOfMonth {
                        given: format!("{days:?}"),
                    })
                }
            }
            Self::Explicit { dates } => {
                let mut pairs = dates.iter().zip(dates.iter().skip(1));
                match pairs.find(|(one, next)| one >= next) {
                    Some((one, next)) => Err(DateError::ExplicitDates {
                        given: format!("{next} after {one}"),
                        allowed: "dates must increase",
                    }),
                    None => Ok(()),
                }
            }
            Self::Interval { .. } | Self::NthWeekday { .. } => Ok(()),
        }
    }

    /// The interval between two dates of the rule as a calendar length: the nominal periodicity.
    /// `None` for several days in one month and for explicit dates, which have none.
    #[must_use]
    pub fn periodicity(&self) -> Option<Period> {
        match self {
            Self::Interval { every, .. } => Some(*every),
            Self::NthWeekday { every_months, .. } => Some(Period::Months(*every_months)),
            Self::FixedDaysOfMonth { days, .. } if days.len() == 1 => Some(Period::Months(1)),
            Self::FixedDaysOfMonth { .. } | Self::Explicit { .. } => None,
        }
    }
}
