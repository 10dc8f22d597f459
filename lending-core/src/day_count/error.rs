//! Why a fraction could not be counted.

use chrono::NaiveDate;

use super::CouponPeriod;

/// Why a fraction could not be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DayCountError {
    /// The end is before the start.
    #[error("the period {start} to {end} ends before it starts")]
    Reversed {
        /// Start given.
        start: NaiveDate,
        /// End given.
        end: NaiveDate,
    },
    /// ACT/ACT ICMA without a coupon period.
    #[error("ACT/ACT ICMA needs the regular coupon period in the context")]
    MissingCouponPeriod,
    /// A coupon period that is empty, reversed, or of a frequency that does not fit its use.
    #[error(
        "coupon period {} to {}, {} a year: {reason}",
        given.start, given.end, given.per_year
    )]
    CouponPeriod {
        /// The period given.
        given: CouponPeriod,
        /// What is allowed.
        reason: &'static str,
    },
    /// BUS/252 without a calendar.
    #[error("BUS/252 needs a calendar of business days in the context")]
    MissingCalendar,
    /// A date needed on the way lies outside the calendar.
    #[error("a date needed to count {start} to {end} is outside the calendar")]
    OutOfRange {
        /// Start given.
        start: NaiveDate,
        /// End given.
        end: NaiveDate,
    },
}

impl DayCountError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::Reversed { .. } => 2901,
            Self::MissingCouponPeriod => 2902,
            Self::CouponPeriod { .. } => 2903,
            Self::MissingCalendar => 2904,
            Self::OutOfRange { .. } => 2905,
        }
    }
}
