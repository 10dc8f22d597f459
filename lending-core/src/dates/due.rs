//! From a rule to dates.

use alloc::{format, vec::Vec};

use chrono::{Datelike, Days, NaiveDate, TimeDelta, Weekday};
use serde::{Deserialize, Serialize};

use super::{
    Calendar, DateError, DueDateRule, FirstDue, MonthEnd, NonWorkingDayRule, NthOfMonth, Period,
    period::{day_in_month, in_month, is_month_end},
};

/// One due date: where the rule puts it, and where the calendar moves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DueDate {
    /// The date of the rule. Interest is counted between nominal dates.
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub nominal: NaiveDate,
    /// The date on which payment is due.
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub due: NaiveDate,
}

/// The first `count` due dates after `start`, in order.
///
/// # Errors
/// A rule that does not validate, a first due date not after the start, a calendar without working
/// days, or dates beyond the years that can be represented; see [`DateError`].
pub fn due_dates(
    rule: &DueDateRule,
    first: FirstDue,
    non_working: NonWorkingDayRule,
    calendar: &Calendar,
    start: NaiveDate,
    count: u32,
) -> Result<Vec<DueDate>, DateError> {
    rule.validate()?;
    let mut dates = NominalDates::new(rule, first, start)?;
    let mut out = Vec::with_capacity(usize::try_from(count).unwrap_or(0));
    for _ in 0..count {
        out.push(dates.next_due(non_working, calendar)?);
    }
    Ok(out)
}

/// The nominal dates of a rule, one after the other. Allocates nothing for intervals.
pub(crate) struct NominalDates<'a> {
    steps: Steps<'a>,
    start: NaiveDate,
    last: NaiveDate,
    taken: u32,
    offset: TimeDelta,
    /// A first date that the rule does not name.
    given_first: Option<NaiveDate>,
    /// Neither an offset nor a first date of its own.
    plain: bool,
}

enum Steps<'a> {
    Days {
        anchor: NaiveDate,
        each: u64,
        at: u64,
    },
    Months {
        year: i32,
        /// From 0.
        month: u32,
        each: u32,
        day: u32,
        month_end: MonthEnd,
    },
    FixedDays {
        month: i64,
        days: Vec<u8>,
        at: usize,
        month_end: MonthEnd,
    },
    Weekday {
        month: i64,
        each: i64,
        nth: NthOfMonth,
        weekday: Weekday,
    },
    Explicit(core::slice::Iter<'a, NaiveDate>),
}

/// A rule that yields nothing new for so many steps never will.
const PATIENCE: u32 = 100_000;

/// An instalment that is moved on so many times never meets a working day.
const EXTENSIONS: u32 = 1_000;

fn month_of(date: NaiveDate) -> i64 {
    i64::from(date.year())
        .saturating_mul(12)
        .saturating_add(i64::from(date.month0()))
}

impl<'a> NominalDates<'a> {
    pub(crate) fn new(
        rule: &'a DueDateRule,
        first: FirstDue,
        start: NaiveDate,
    ) -> Result<Self, DateError> {
        let mut offset = TimeDelta::zero();
        let mut given_first = None;
        let anchor = match first {
            FirstDue::AfterOnePeriod => start,
            FirstDue::OffsetDays(days) => {
                offset = TimeDelta::days(days.into());
                start
            }
            FirstDue::On(given) if given > start => {
                given_first = Some(given);
                given
            }
            FirstDue::On(given) => return Err(DateError::FirstDue { given, start }),
            FirstDue::CountedFrom(anchor) => anchor,
        };
        if matches!(rule, DueDateRule::Explicit { .. }) && first != FirstDue::AfterOnePeriod {
            return Err(DateError::ExplicitDates {
                given: format!("explicit dates with {first:?}"),
                allowed: "explicit dates name the first date themselves",
            });
        }
        Ok(Self {
            steps: Steps::new(rule, anchor),
            start,
            last: start,
            taken: 0,
            offset,
            given_first,
            plain: offset.is_zero() && given_first.is_none(),
        })
    }

    /// The next date and where the calendar moves it.
    #[inline]
    pub(crate) fn next_due(
        &mut self,
        non_working: NonWorkingDayRule,
        calendar: &Calendar,
    ) -> Result<DueDate, DateError> {
        let nominal = match non_working {
            NonWorkingDayRule::Extend => self.next_working(calendar)?,
            _ => self.next_nominal()?,
        };
        let due = match non_working {
            NonWorkingDayRule::None | NonWorkingDayRule::Extend => nominal,
            _ => calendar.adjust(nominal, non_working)?,
        };
        Ok(DueDate { nominal, due })
    }

    /// The next date of the rule that is a working day.
    fn next_working(&mut self, calendar: &Calendar) -> Result<NaiveDate, DateError> {
        let from = self.last;
        for _ in 0..EXTENSIONS {
            let nominal = self.next_nominal()?;
            if calendar.is_working_day(nominal) {
                return Ok(nominal);
            }
        }
        Err(DateError::NoWorkingDay {
            from,
            searched: EXTENSIONS,
        })
    }

    /// The next date of the rule that lies after the one before.
    #[inline]
    pub(crate) fn next_nominal(&mut self) -> Result<NaiveDate, DateError> {
        self.taken = self.taken.saturating_add(1);
        // Nearly always the rule's next date is the answer.
        if self.plain
            && let Some(date) = self.steps.next()
            && date > self.last
        {
            self.last = date;
            return Ok(date);
        }
        self.next_moved()
    }

    /// As [`NominalDates::next_nominal`], for dates that are moved, given or passed over.
    fn next_moved(&mut self) -> Result<NaiveDate, DateError> {
        if let Some(first) = self.given_first.take() {
            self.last = first;
            return Ok(first);
        }
        for _ in 0..PATIENCE {
            let Some(ruled) = self.steps.next() else {
                break;
            };
            // The offset moves dates of the rule that lie after the start, not earlier ones into
            // its reach.
            if ruled <= self.start {
                continue;
            }
            let moved = if self.offset.is_zero() {
                Some(ruled)
            } else {
                ruled.checked_add_signed(self.offset)
            };
            let Some(date) = moved else { break };
            if date > self.last {
                self.last = date;
                return Ok(date);
            }
            if self.taken == 1 && !self.offset.is_zero() {
                // An offset back over the start names no first date; passing on to the second
                // would silently change the contract.
                return Err(DateError::FirstDue {
                    given: date,
                    start: self.start,
                });
            }
        }
        if let Steps::Explicit(_) = self.steps {
            return Err(DateError::ExplicitDates {
                given: format!("no date for instalment {}", self.taken),
                allowed: "one date after the start for each instalment",
            });
        }
        Err(DateError::OutOfRange {
            anchor: self.start,
            steps: self.taken,
        })
    }
}

impl<'a> Steps<'a> {
    fn new(rule: &'a DueDateRule, anchor: NaiveDate) -> Self {
        match rule {
            DueDateRule::Interval { every, month_end } => {
                Self::interval(*every, *month_end, anchor)
            }
            DueDateRule::FixedDaysOfMonth { days, month_end } => {
                let mut days = days.clone();
                days.sort_unstable();
                Self::FixedDays {
                    // A day of the month before may roll into the anchor's month.
                    month: month_of(anchor).saturating_sub(1),
                    days,
                    at: 0,
                    month_end: *month_end,
                }
            }
            DueDateRule::NthWeekday {
                every_months,
                nth,
                weekday,
            } => Self::Weekday {
                month: month_of(anchor),
                each: i64::from(*every_months),
                nth: *nth,
                weekday: *weekday,
            },
            DueDateRule::Explicit { dates } => Self::Explicit(dates.iter()),
        }
    }

    fn interval(every: Period, month_end: MonthEnd, anchor: NaiveDate) -> Self {
        match (every.months(), every.days()) {
            (Some(months), _) => {
                let sticky = matches!(month_end, MonthEnd::StickToEnd) && is_month_end(anchor);
                Self::Months {
                    year: anchor.year(),
                    month: anchor.month0(),
                    each: months,
                    day: if sticky { 31 } else { anchor.day() },
                    month_end,
                }
            }
            (None, days) => Self::Days {
                anchor,
                each: u64::from(days.unwrap_or(u32::MAX)),
                at: 0,
            },
        }
    }

    #[inline]
    fn next(&mut self) -> Option<NaiveDate> {
        match self {
            Self::Days { anchor, each, at } => {
                *at = at.checked_add(*each)?;
                anchor.checked_add_days(Days::new(*at))
            }
            Self::Months {
                year,
                month,
                each,
                day,
                month_end,
            } => {
                let months = month.checked_add(*each)?;
                *year = year.checked_add(i32::try_from(months / 12).ok()?)?;
                *month = months % 12;
                day_in_month(*year, *month, *day, *month_end)
            }
            Self::FixedDays {
                month,
                days,
                at,
                month_end,
            } => {
                if *at >= days.len() {
                    *at = 0;
                    *month = month.checked_add(1)?;
                }
                let day = days.get(*at)?;
                *at = at.checked_add(1)?;
                in_month(*month, u32::from(*day), *month_end)
            }
            Self::Weekday {
                month,
                each,
                nth,
                weekday,
            } => {
                *month = month.checked_add(*each)?;
                nth_weekday(*month, *nth, *weekday)
            }
            Self::Explicit(dates) => dates.next().copied(),
        }
    }
}

fn nth_weekday(month: i64, nth: NthOfMonth, weekday: Weekday) -> Option<NaiveDate> {
    let first = in_month(month, 1, MonthEnd::Clamp)?;
    let place = match nth {
        NthOfMonth::First => 1,
        NthOfMonth::Second => 2,
        NthOfMonth::Third => 3,
        NthOfMonth::Fourth => 4,
        NthOfMonth::Last => 5,
    };
    let at = |n| NaiveDate::from_weekday_of_month_opt(first.year(), first.month(), weekday, n);
    at(place).or_else(|| at(4))
}
