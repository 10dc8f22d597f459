//! Day counts: which fraction of a year lies between two dates.
//!
//! A [`DayCount`] turns a period into an exact [`Fraction`] `days / basis`. Nothing is rounded
//! here: a caller multiplies first and rounds once. The start date is not counted and the end
//! date is (a loan disbursed on the 1st and repaid on the 2nd bears one day), except where a
//! convention says otherwise.
//!
//! ```
//! use chrono::NaiveDate;
//! use lending_core::day_count::{DayCount, DayCountContext};
//! let start = NaiveDate::from_ymd_opt(2024, 1, 31).unwrap();
//! let end = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();
//! let context = DayCountContext::default();
//! assert_eq!(DayCount::Act365Fixed.fraction(start, end, &context)?.to_string(), "29/365");
//! assert_eq!(DayCount::Thirty360E.fraction(start, end, &context)?.to_string(), "29/360");
//! assert_eq!(DayCount::Thirty360EIsda.fraction(start, end, &context)?.to_string(), "30/360");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Cost: no allocation. Every convention is a fixed number of integer operations, except
//! [`DayCount::Bus252`], which asks the calendar.

mod actual;
mod context;
mod error;
mod fraction;
mod icma;
mod thirty;

use core::fmt;

use chrono::NaiveDate;
pub use context::{BusinessDays, CouponPeriod, DayCountContext};
pub use error::DayCountError;
pub use fraction::Fraction;
use serde::{Deserialize, Serialize};

/// A day-count convention.
///
/// Serialised under the name in each variant's first words, for example `"ACT/365F"`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum DayCount {
    /// ACT/365F: actual days over 365, leap year or not. The most common rule of consumer
    /// lending, and the default. ISDA 2006 section 4.16(d).
    #[default]
    #[serde(rename = "ACT/365F")]
    Act365Fixed,
    /// ACT/360: actual days over 360. ISDA 2006 section 4.16(e).
    #[serde(rename = "ACT/360")]
    Act360,
    /// ACT/364: actual days over 364, a year of 52 whole weeks.
    #[serde(rename = "ACT/364")]
    Act364,
    /// ACT/ACT ISDA: days falling in a leap year over 366 plus the others over 365; the night
    /// from 31 December to 1 January belongs to the old year. ISDA 2006 section 4.16(b).
    #[serde(rename = "ACT/ACT ISDA")]
    ActActIsda,
    /// ACT/ACT ICMA: actual days over (days of the coupon period × coupons in a year); a period
    /// longer than a coupon is cut into notional coupon periods. Needs
    /// [`DayCountContext::coupon`]. ICMA rule 251.
    #[serde(rename = "ACT/ACT ICMA")]
    ActActIcma,
    /// ACT/ACT AFB: whole years counted back from the end date, then the rest over 366 when it
    /// holds a 29 February (start included, end excluded), else over 365. Years are subtracted
    /// from the end date as they are, as in the French text of 1994.
    #[serde(rename = "ACT/ACT AFB")]
    ActActAfb,
    /// ACT/ACT AFB EOM: as [`DayCount::ActActAfb`], but a period that ends on 28 February is
    /// counted back to 29 February where there is one (the reading of ISDA's paper of 1999).
    #[serde(rename = "ACT/ACT AFB EOM")]
    ActActAfbEom,
    /// ACT/ACT calendar year: as ISDA, but cut at 31 December instead of 1 January: each night
    /// belongs to the year of the day it leads into. What Apache Fineract's progressive loans do:
    /// 12 December 2023 to 12 January 2024 is 19/365 + 12/366.
    #[serde(rename = "ACT/ACT calendar year")]
    ActActCalendarYear,
    /// ACT/ACT leap day: actual days over 366 when a 29 February lies after the start and not
    /// after the end, else over 365. Apache Fineract's "29 February period only".
    #[serde(rename = "ACT/ACT leap day")]
    ActActLeapDay,
    /// 30/360 US: months of 30 days; the end of February counts as a 30th (the "EOM" rule of the
    /// US markets). The 31st of an end date becomes the 30th only after a start on the 30th or 31st.
    #[serde(rename = "30/360 US")]
    Thirty360Us,
    /// 30/360 Bond Basis: as 30/360 US without the rule for the end of February. ISDA 2006
    /// section 4.16(f).
    #[serde(rename = "30/360 Bond Basis")]
    Thirty360BondBasis,
    /// 30E/360: months of 30 days; every 31st becomes the 30th. ISDA 2006 section 4.16(g).
    #[serde(rename = "30E/360")]
    Thirty360E,
    /// 30E/360 ISDA: months of 30 days; the last day of every month becomes the 30th, except an
    /// end date in February that is the [`DayCountContext::termination`] date. ISDA 2006
    /// section 4.16(h).
    #[serde(rename = "30E/360 ISDA")]
    Thirty360EIsda,
    /// 30E+/360: months of 30 days; a start on the 31st becomes the 30th, an end on the 31st the
    /// first of the next month.
    #[serde(rename = "30E+/360")]
    Thirty360EPlus,
    /// NL/365: actual days without any 29 February (after the start, up to the end) over 365.
    #[serde(rename = "NL/365")]
    Nl365,
    /// 1/1: every period is one whole year, the empty one too. ISDA 2006 section 4.16(a).
    #[serde(rename = "1/1")]
    OneOne,
    /// BUS/252: business days (start included, end excluded) over 252. Needs
    /// [`DayCountContext::calendar`]. The Brazilian rule.
    #[serde(rename = "BUS/252")]
    Bus252,
}

impl DayCount {
    /// Every convention, in the order of declaration.
    pub const ALL: [Self; 17] = [
        Self::Act365Fixed,
        Self::Act360,
        Self::Act364,
        Self::ActActIsda,
        Self::ActActIcma,
        Self::ActActAfb,
        Self::ActActAfbEom,
        Self::ActActCalendarYear,
        Self::ActActLeapDay,
        Self::Thirty360Us,
        Self::Thirty360BondBasis,
        Self::Thirty360E,
        Self::Thirty360EIsda,
        Self::Thirty360EPlus,
        Self::Nl365,
        Self::OneOne,
        Self::Bus252,
    ];

    /// The name used in serialised form and in messages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Act365Fixed => "ACT/365F",
            Self::Act360 => "ACT/360",
            Self::Act364 => "ACT/364",
            Self::ActActIsda => "ACT/ACT ISDA",
            Self::ActActIcma => "ACT/ACT ICMA",
            Self::ActActAfb => "ACT/ACT AFB",
            Self::ActActAfbEom => "ACT/ACT AFB EOM",
            Self::ActActCalendarYear => "ACT/ACT calendar year",
            Self::ActActLeapDay => "ACT/ACT leap day",
            Self::Thirty360Us => "30/360 US",
            Self::Thirty360BondBasis => "30/360 Bond Basis",
            Self::Thirty360E => "30E/360",
            Self::Thirty360EIsda => "30E/360 ISDA",
            Self::Thirty360EPlus => "30E+/360",
            Self::Nl365 => "NL/365",
            Self::OneOne => "1/1",
            Self::Bus252 => "BUS/252",
        }
    }

    /// The fraction of a year from `start` to `end`, exact.
    ///
    /// The empty period is 0 in every convention but 1/1.
    ///
    /// # Errors
    /// [`DayCountError::Reversed`] when `end` is before `start`;
    /// [`DayCountError::MissingCouponPeriod`], [`DayCountError::CouponPeriod`] (ICMA) and
    /// [`DayCountError::MissingCalendar`] (BUS/252) when `context` lacks what the convention needs;
    /// [`DayCountError::OutOfRange`] when a date needed on the way is not in the calendar.
    #[inline]
    pub fn fraction(
        self,
        start: NaiveDate,
        end: NaiveDate,
        context: &DayCountContext<'_>,
    ) -> Result<Fraction, DayCountError> {
        if end < start {
            return Err(DayCountError::Reversed { start, end });
        }
        Ok(match self {
            Self::Act365Fixed => Fraction::raw(actual::days(start, end), 365),
            Self::Act360 => Fraction::raw(actual::days(start, end), 360),
            Self::Act364 => Fraction::raw(actual::days(start, end), 364),
            Self::ActActIsda => actual::isda(start, end),
            Self::ActActIcma => icma::fraction(start, end, context.coupon)?,
            Self::ActActAfb => actual::afb(start, end, false)?,
            Self::ActActAfbEom => actual::afb(start, end, true)?,
            Self::ActActCalendarYear => actual::calendar_year(start, end)?,
            Self::ActActLeapDay => actual::leap_day(start, end),
            Self::Thirty360Us => thirty::us(start, end),
            Self::Thirty360BondBasis => thirty::bond_basis(start, end),
            Self::Thirty360E => thirty::european(start, end),
            Self::Thirty360EIsda => thirty::isda(start, end, context.termination),
            Self::Thirty360EPlus => thirty::european_plus(start, end),
            Self::Nl365 => actual::no_leap(start, end),
            Self::OneOne => Fraction::ONE,
            Self::Bus252 => {
                let calendar = context.calendar.ok_or(DayCountError::MissingCalendar)?;
                Fraction::raw(calendar.business_days_between(start, end), 252)
            }
        })
    }
}

impl fmt::Display for DayCount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
