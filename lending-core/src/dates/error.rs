//! Why dates could not be made.

use alloc::string::String;

use chrono::NaiveDate;

/// Why a date rule, a calendar or a date was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DateError {
    /// The result lies outside of the years that can be represented.
    #[error("{steps} steps of the due-date rule from {anchor} leave the range of dates")]
    OutOfRange {
        /// Where counting started.
        anchor: NaiveDate,
        /// How many steps were asked for.
        steps: u32,
    },
    /// A period of no length never reaches a next date.
    #[error("the period {given} has no length: at least 1 is allowed")]
    EmptyPeriod {
        /// What was given.
        given: String,
    },
    /// Days of the month must be 1 to 31, without repeats, at least one.
    #[error("days of month {given}: one or more different days from 1 to 31 are allowed")]
    DaysOfMonth {
        /// What was given.
        given: String,
    },
    /// Explicit dates must increase and be as many as the instalments.
    #[error("explicit due dates: {given}; {allowed}")]
    ExplicitDates {
        /// What was given.
        given: String,
        /// What is allowed.
        allowed: &'static str,
    },
    /// The first due date does not lie after the start.
    #[error("the first due date {given} must lie after the start {start}")]
    FirstDue {
        /// What was given.
        given: NaiveDate,
        /// The start of the schedule.
        start: NaiveDate,
    },
    /// No working day was found within reach of a date: the calendar has none, or a rule of whole
    /// weeks that extends always meets the same rest day.
    #[error(
        "no working day in {searched} steps from {from}: the calendar must have some within reach"
    )]
    NoWorkingDay {
        /// Where the search started.
        from: NaiveDate,
        /// How many dates were looked at.
        searched: u32,
    },
    /// A yearly holiday that no year has.
    #[error("yearly holiday on day {day} of month {month}: that day exists in no year")]
    YearlyHoliday {
        /// Month, 1 to 12.
        month: u8,
        /// Day of the month.
        day: u8,
    },
}

impl DateError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::OutOfRange { .. } => 2001,
            Self::EmptyPeriod { .. } => 2002,
            Self::DaysOfMonth { .. } => 2003,
            Self::ExplicitDates { .. } => 2004,
            Self::FirstDue { .. } => 2005,
            Self::NoWorkingDay { .. } => 2006,
            Self::YearlyHoliday { .. } => 2007,
        }
    }
}
