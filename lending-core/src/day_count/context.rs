//! What some conventions need beside the two dates.

use core::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Which days are business days. The host gives the calendar; this crate knows no holidays.
pub trait BusinessDays {
    /// Whether business is done on this day.
    fn is_business_day(&self, day: NaiveDate) -> bool;

    /// The number of business days from `start` (included) to `end` (excluded). A calendar that
    /// can count faster than day by day should do so.
    fn business_days_between(&self, start: NaiveDate, end: NaiveDate) -> i64 {
        let count = start
            .iter_days()
            .take_while(|day| *day < end)
            .filter(|day| self.is_business_day(*day))
            .count();
        i64::try_from(count).unwrap_or(i64::MAX)
    }
}

/// The regular coupon period that ICMA fractions refer to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CouponPeriod {
    /// First day of the regular period.
    pub start: NaiveDate,
    /// Last day of the regular period, which is the first day of the next.
    pub end: NaiveDate,
    /// How many such periods make a year: 1, 2, 3, 4, 6 or 12 where an interest period may be
    /// longer than one of them or begin before it, any positive number where it lies inside.
    pub per_year: u16,
}

/// What some conventions need beside the two dates. The default carries nothing, which is
/// enough for all but ACT/ACT ICMA and BUS/252.
#[derive(Clone, Copy, Default)]
pub struct DayCountContext<'a> {
    /// The regular coupon period, for ACT/ACT ICMA.
    pub coupon: Option<CouponPeriod>,
    /// The contract's last day, for 30E/360 ISDA: an end date in February that is this day keeps
    /// its number. `None`: no date is the last.
    pub termination: Option<NaiveDate>,
    /// The business days, for BUS/252.
    pub calendar: Option<&'a dyn BusinessDays>,
}

impl fmt::Debug for DayCountContext<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DayCountContext")
            .field("coupon", &self.coupon)
            .field("termination", &self.termination)
            .field("calendar", &self.calendar.is_some())
            .finish()
    }
}
