//! Conventions that count actual days.
#![allow(
    clippy::arithmetic_side_effects,
    reason = "chrono dates span less than 530,000 years: every product below is under 2^53"
)]

use chrono::{Datelike, Months, NaiveDate};

use super::{DayCountError, Fraction};

/// 365 × 366: the common denominator of parts of ordinary and of leap years.
const BOTH: i64 = 133_590;

/// Actual days from `start` to `end`.
#[inline]
pub(super) fn days(start: NaiveDate, end: NaiveDate) -> i64 {
    i64::from(end.num_days_from_ce()) - i64::from(start.num_days_from_ce())
}

fn year_length(date: NaiveDate) -> i64 {
    if date.leap_year() { 366 } else { 365 }
}

/// Days of leap years over 366, the others over 365. The years between the first and the last
/// are whole whatever their length, so only the two ends are counted.
pub(super) fn isda(start: NaiveDate, end: NaiveDate) -> Fraction {
    let (first, last) = (year_length(start), year_length(end));
    if start.year() == end.year() {
        return Fraction::raw(days(start, end), first);
    }
    let whole = i64::from(end.year()) - i64::from(start.year()) - 1;
    let in_first = first + 1 - i64::from(start.ordinal());
    let in_last = i64::from(end.ordinal()) - 1;
    if first == last || in_last == 0 {
        Fraction::raw(whole * first + in_first + in_last, first)
    } else {
        let ends = in_first * (BOTH / first) + in_last * (BOTH / last);
        Fraction::raw(whole * BOTH + ends, BOTH)
    }
}

/// Each night belongs to the year of the day it leads into: ISDA's rule one day later.
pub(super) fn calendar_year(start: NaiveDate, end: NaiveDate) -> Result<Fraction, DayCountError> {
    match (start.succ_opt(), end.succ_opt()) {
        (Some(first), Some(last)) => Ok(isda(first, last)),
        _ => Err(DayCountError::OutOfRange { start, end }),
    }
}

/// Whole years back from the end, the rest by whether it holds a 29 February.
pub(super) fn afb(
    start: NaiveDate,
    end: NaiveDate,
    february_end: bool,
) -> Result<Fraction, DayCountError> {
    let back = |years: i64| -> Option<NaiveDate> {
        let months = u32::try_from(years.checked_mul(12)?).ok()?;
        let date = end.checked_sub_months(Months::new(months))?;
        if february_end && years > 0 && date.month() == 2 && date.day() == 28 && date.leap_year() {
            date.succ_opt()
        } else {
            Some(date)
        }
    };
    let out_of_range = DayCountError::OutOfRange { start, end };
    let mut whole = i64::from(end.year()) - i64::from(start.year());
    let mut rest_end = back(whole).ok_or(out_of_range)?;
    if rest_end < start {
        // One year less lands after the start: `whole` is above zero here.
        whole -= 1;
        rest_end = back(whole).ok_or(out_of_range)?;
    }
    let has_leap_day = leap_days_before(rest_end) > leap_days_before(start);
    let basis = if has_leap_day { 366 } else { 365 };
    let rest = days(start, rest_end);
    Ok(Fraction::raw(whole * basis + rest, basis))
}

/// 366 when a 29 February lies in `(start, end]`, else 365.
pub(super) fn leap_day(start: NaiveDate, end: NaiveDate) -> Fraction {
    let basis = if leap_days_up_to(end) > leap_days_up_to(start) {
        366
    } else {
        365
    };
    Fraction::raw(days(start, end), basis)
}

/// Actual days without those 29 Februaries that lie in `(start, end]`.
pub(super) fn no_leap(start: NaiveDate, end: NaiveDate) -> Fraction {
    let leap_days = leap_days_up_to(end) - leap_days_up_to(start);
    Fraction::raw(days(start, end) - leap_days, 365)
}

/// How many 29 Februaries lie before `date`, counted from an origin common to all dates.
fn leap_days_before(date: NaiveDate) -> i64 {
    let years = i64::from(date.year()) - 1;
    let full = years.div_euclid(4) - years.div_euclid(100) + years.div_euclid(400);
    // 29 February is day 60 of a leap year.
    full + i64::from(date.leap_year() && date.ordinal() > 60)
}

/// As [`leap_days_before`], `date` itself included.
fn leap_days_up_to(date: NaiveDate) -> i64 {
    leap_days_before(date) + i64::from(date.month() == 2 && date.day() == 29)
}
