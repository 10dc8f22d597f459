//! When a payment falls due: periods, due-date rules, calendars.
//!
//! Due dates are counted from a fixed anchor (`anchor + k × period`), never from the date before, so
//! that 31 January, 28 February, 31 March keeps its day. A date moved off a non-working day keeps its
//! *nominal* date: the move changes neither the interest of its period nor any later date, unless the
//! contract says [`NonWorkingDayRule::Extend`].
//!
//! ```
//! use chrono::NaiveDate;
//! use lending_core::dates::{Calendar, DueDateRule, FirstDue, NonWorkingDayRule, Period, due_dates};
//! let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
//! let weekends = Calendar::weekends();
//! let dates = due_dates(
//!     &DueDateRule::every(Period::Months(1)),
//!     FirstDue::AfterOnePeriod,
//!     NonWorkingDayRule::Next,
//!     &weekends,
//!     day(2020, 10, 1),
//!     3,
//! )?;
//! // 1 November 2020 is a Sunday: it is paid on Monday, and December still falls on the 1st.
//! assert_eq!(dates[0].nominal, day(2020, 11, 1));
//! assert_eq!(dates[0].due, day(2020, 11, 2));
//! assert_eq!(dates[1].due, day(2020, 12, 1));
//! # Ok::<(), lending_core::dates::DateError>(())
//! ```

mod calendar;
mod due;
mod error;
mod period;
mod rule;

pub use calendar::{Calendar, NonWorkingDayRule, YearlyHoliday};
pub(crate) use due::NominalDates;
pub use due::{DueDate, due_dates};
pub use error::DateError;
pub use period::{MonthEnd, Period};
pub use rule::{DueDateRule, FirstDue, NthOfMonth};
