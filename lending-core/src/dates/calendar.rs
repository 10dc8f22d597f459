//! Working days and holidays.

use alloc::{collections::BTreeSet, vec::Vec};

use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

use super::DateError;
use crate::day_count::BusinessDays;

/// Which days are worked: weekly rest days, one-off holidays and holidays that return every year.
///
/// A value the host gives; a lender with branches keeps one per branch and passes the right one.
/// [`Calendar::default`] has no rest days and no holidays: every day is worked.
///
/// ```
/// use chrono::{NaiveDate, Weekday};
/// use lending_core::dates::Calendar;
/// let labour_day = (5, 1);
/// let calendar = Calendar::new([Weekday::Sun], [], [labour_day])?;
/// let day = |d| NaiveDate::from_ymd_opt(2026, 5, d).unwrap();
/// assert!(!calendar.is_working_day(day(1)));
/// assert!(calendar.is_working_day(day(2)));
/// assert_eq!(calendar.next_working_day(day(3))?, day(4));
/// # Ok::<(), lending_core::dates::DateError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, try_from = "CalendarForm")]
pub struct Calendar {
    rest_days: Vec<Weekday>,
    holidays: BTreeSet<NaiveDate>,
    yearly_holidays: BTreeSet<YearlyHoliday>,
}

/// The stored form, checked on the way in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CalendarForm {
    rest_days: Vec<Weekday>,
    holidays: BTreeSet<NaiveDate>,
    yearly_holidays: BTreeSet<YearlyHoliday>,
}

impl TryFrom<CalendarForm> for Calendar {
    type Error = DateError;
    fn try_from(form: CalendarForm) -> Result<Self, DateError> {
        let yearly = form.yearly_holidays.iter().map(|day| (day.month, day.day));
        Self::new(form.rest_days, form.holidays, yearly)
    }
}

/// A holiday on the same day of every year. 29 February is one only in leap years.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct YearlyHoliday {
    /// Month, 1 to 12.
    pub month: u8,
    /// Day of the month.
    pub day: u8,
}

/// Where a due date goes that falls on a day nobody works.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum NonWorkingDayRule {
    /// It stays.
    #[default]
    None,
    /// To the next working day.
    Next,
    /// To the working day before.
    Previous,
    /// To the next working day, unless that lies in another month: then to the one before.
    ModifiedNext,
    /// To the working day before, unless that lies in another month: then to the next.
    ModifiedPrevious,
    /// The instalment moves on by whole periods until it falls on a working day, and all later
    /// ones with it; its own period grows and bears interest for its whole length.
    Extend,
}

/// How far a search for a working day goes before it gives up: two years.
const REACH: u32 = 732;

impl Calendar {
    /// A calendar from weekly rest days, one-off holidays and yearly holidays as `(month, day)`.
    ///
    /// # Errors
    /// [`DateError::YearlyHoliday`] for a day that no year has, [`DateError::NoWorkingDay`] when
    /// all seven weekdays are rest days.
    pub fn new(
        rest_days: impl IntoIterator<Item = Weekday>,
        holidays: impl IntoIterator<Item = NaiveDate>,
        yearly_holidays: impl IntoIterator<Item = (u8, u8)>,
    ) -> Result<Self, DateError> {
        let mut rest: Vec<Weekday> = rest_days.into_iter().collect();
        rest.sort_unstable_by_key(Weekday::num_days_from_monday);
        rest.dedup();
        if rest.len() == 7 {
            return Err(DateError::NoWorkingDay {
                from: NaiveDate::default(),
                searched: 7,
            });
        }
        let mut yearly = BTreeSet::new();
        for (month, day) in yearly_holidays {
            // 2000 is a leap year: every day that exists at all exists in it.
            if NaiveDate::from_ymd_opt(2000, month.into(), day.into()).is_none() {
                return Err(DateError::YearlyHoliday { month, day });
            }
            yearly.insert(YearlyHoliday { month, day });
        }
        Ok(Self {
            rest_days: rest,
            holidays: holidays.into_iter().collect(),
            yearly_holidays: yearly,
        })
    }

    /// Saturday and Sunday rest, no holidays.
    #[must_use]
    pub fn weekends() -> Self {
        Self {
            rest_days: alloc::vec![Weekday::Sat, Weekday::Sun],
            ..Self::default()
        }
    }

    /// The weekly rest days, Monday first.
    #[must_use]
    pub fn rest_days(&self) -> &[Weekday] {
        &self.rest_days
    }

    /// The one-off holidays.
    #[must_use]
    pub const fn holidays(&self) -> &BTreeSet<NaiveDate> {
        &self.holidays
    }

    /// The holidays of every year.
    #[must_use]
    pub const fn yearly_holidays(&self) -> &BTreeSet<YearlyHoliday> {
        &self.yearly_holidays
    }

    /// Whether every day is worked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rest_days.is_empty() && self.holidays.is_empty() && self.yearly_holidays.is_empty()
    }

    /// Whether this day is worked.
    #[must_use]
    pub fn is_working_day(&self, date: NaiveDate) -> bool {
        if self.rest_days.contains(&date.weekday()) {
            return false;
        }
        let yearly = || YearlyHoliday {
            month: u8::try_from(date.month()).unwrap_or(0),
            day: u8::try_from(date.day()).unwrap_or(0),
        };
        !self.holidays.contains(&date)
            && (self.yearly_holidays.is_empty() || !self.yearly_holidays.contains(&yearly()))
    }

    /// This day when it is worked, otherwise the next one that is.
    ///
    /// # Errors
    /// [`DateError::NoWorkingDay`] when there is none within two years.
    pub fn next_working_day(&self, date: NaiveDate) -> Result<NaiveDate, DateError> {
        self.search(date, |day| day.succ_opt())
    }

    /// This day when it is worked, otherwise the last one before that is.
    ///
    /// # Errors
    /// [`DateError::NoWorkingDay`] when there is none within two years.
    pub fn previous_working_day(&self, date: NaiveDate) -> Result<NaiveDate, DateError> {
        self.search(date, |day| day.pred_opt())
    }

    /// The number of working days from `start` (included) to `end` (excluded); zero when `end`
    /// does not lie after `start`. This is the count of the BUS/252 convention.
    #[must_use]
    pub fn working_days_between(&self, start: NaiveDate, end: NaiveDate) -> u32 {
        let days = start.iter_days().take_while(|day| *day < end);
        let count = days.filter(|day| self.is_working_day(*day)).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// Where the rule puts a date. [`NonWorkingDayRule::Extend`] is a rule of whole schedules: for
    /// a single date it is the same as `None`.
    ///
    /// # Errors
    /// [`DateError::NoWorkingDay`].
    pub fn adjust(&self, date: NaiveDate, rule: NonWorkingDayRule) -> Result<NaiveDate, DateError> {
        if self.is_working_day(date) {
            return Ok(date);
        }
        let same_month = |other: NaiveDate| other.month() == date.month();
        match rule {
            NonWorkingDayRule::None | NonWorkingDayRule::Extend => Ok(date),
            NonWorkingDayRule::Next => self.next_working_day(date),
            NonWorkingDayRule::Previous => self.previous_working_day(date),
            NonWorkingDayRule::ModifiedNext => match self.next_working_day(date)? {
                next if same_month(next) => Ok(next),
                _ => self.previous_working_day(date),
            },
            NonWorkingDayRule::ModifiedPrevious => match self.previous_working_day(date)? {
                previous if same_month(previous) => Ok(previous),
                _ => self.next_working_day(date),
            },
        }
    }

    fn search(
        &self,
        from: NaiveDate,
        step: impl Fn(NaiveDate) -> Option<NaiveDate>,
    ) -> Result<NaiveDate, DateError> {
        let nothing = || DateError::NoWorkingDay {
            from,
            searched: REACH,
        };
        let mut day = from;
        for _ in 0..REACH {
            if self.is_working_day(day) {
                return Ok(day);
            }
            day = step(day).ok_or_else(nothing)?;
        }
        Err(nothing())
    }
}

impl BusinessDays for Calendar {
    fn is_business_day(&self, day: NaiveDate) -> bool {
        self.is_working_day(day)
    }
}
