//! The annual percentage rate: the EU's equation and US Regulation Z.
//!
//! ```
//! use lending_core::cost::apr::{RegularUnit, eu_interval};
//! use lending_core::day_count::Fraction;
//!
//! let date = |text: &str| text.parse().unwrap();
//! let interval = eu_interval(date("2012-01-12"), date("2012-02-15"), RegularUnit::Month)?;
//! assert_eq!(Some(interval), Fraction::new(365 + 36, 12 * 365)); // 1/12 + 3/365
//! # Ok::<(), lending_core::cost::CostError>(())
//! ```

use chrono::{Days, Months, NaiveDate};
use rust_decimal::{Decimal, RoundingStrategy};

use super::{CostError, Flow, rate};
use crate::day_count::Fraction;

/// The unit in which the regular intervals of a credit are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegularUnit {
    /// Years of 365 or 366 days.
    Year,
    /// Twelve equal months a year.
    Month,
    /// 52 weeks a year.
    Week,
}

/// The effective annual rate of the EU's equation (Directive 2008/48/EC and 2014/17/EU,
/// Annex I), as a fraction. Times are years; drawdowns and payments have opposite signs. Where
/// several rates fit, the one that [`super::rate`] takes; [`super::rates`] gives them all.
///
/// # Errors
/// [`CostError::NoRate`] and the refusals of unfit flows.
pub fn eu_apr(flows: &[Flow]) -> Result<Decimal, CostError> {
    rate(flows, None)
}

/// The nominal annual rate of Regulation Z (12 CFR 1026 Appendix J), as a fraction: the rate of
/// a unit-period times the unit-periods a year. A flow's `time` is whole unit-periods and its
/// `simple` the odd days as a part of one.
///
/// # Errors
/// [`CostError::NoRate`] and the refusals of unfit flows.
pub fn regulation_z_apr(flows: &[Flow], periods_per_year: Decimal) -> Result<Decimal, CostError> {
    if periods_per_year <= Decimal::ZERO {
        return Err(CostError::Argument {
            name: "periods_per_year",
            allowed: "above zero",
        });
    }
    rate(flows, None)?
        .checked_mul(periods_per_year)
        .ok_or(CostError::Overflow)
}

/// A rate as a percentage of so many decimals, a half rounded up (Annex I, remark (d)).
///
/// # Errors
/// [`CostError::Overflow`].
pub fn percent(rate: Decimal, decimals: u32) -> Result<Decimal, CostError> {
    let percent = rate
        .checked_mul(Decimal::ONE_HUNDRED)
        .ok_or(CostError::Overflow)?;
    Ok(percent.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero))
}

/// The interval between two dates in years by the Commission's guidelines (SWD(2012) 128,
/// 4.1.1): whole units are counted back from the end; the days that remain are taken over the
/// length of the year that ends where the counting stopped.
///
/// # Errors
/// [`CostError::Reversed`] when the end is before the start.
pub fn eu_interval(
    start: NaiveDate,
    end: NaiveDate,
    unit: RegularUnit,
) -> Result<Fraction, CostError> {
    let days = end.signed_duration_since(start).num_days();
    if days < 0 {
        return Err(CostError::Reversed { start, end });
    }
    let back = |count: i64| -> Option<NaiveDate> {
        let count = u32::try_from(count).ok()?;
        match unit {
            RegularUnit::Year => end.checked_sub_months(Months::new(count.checked_mul(12)?)),
            RegularUnit::Month => end.checked_sub_months(Months::new(count)),
            RegularUnit::Week => end.checked_sub_days(Days::new(u64::from(count).checked_mul(7)?)),
        }
    };
    // No unit is shorter than this many days, so that the first guess is not too low.
    let (shortest, per_year) = match unit {
        RegularUnit::Year => (365, 1),
        RegularUnit::Month => (28, 12),
        RegularUnit::Week => (7, 52),
    };
    let mut fits = 0_i64;
    let mut beyond = days
        .checked_div(shortest)
        .and_then(|guess| guess.checked_add(1))
        .ok_or(CostError::Overflow)?;
    while beyond.saturating_sub(fits) > 1 {
        let middle = fits.midpoint(beyond);
        if back(middle).is_some_and(|date| date >= start) {
            fits = middle;
        } else {
            beyond = middle;
        }
    }
    let interval = || {
        let stop = back(fits)?;
        let rest = stop.signed_duration_since(start).num_days();
        let year_before = stop.checked_sub_months(Months::new(12))?;
        let year = stop.signed_duration_since(year_before).num_days();
        Fraction::new(
            fits.checked_mul(year)?
                .checked_add(rest.checked_mul(per_year)?)?,
            year.checked_mul(per_year)?,
        )
    };
    interval().ok_or(CostError::Overflow)
}
