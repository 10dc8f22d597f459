//! Conventions with months of 30 days.
#![allow(
    clippy::arithmetic_side_effects,
    reason = "chrono dates span less than 530,000 years: 360 times that is under 2^31"
)]

use chrono::{Datelike, NaiveDate};

use super::Fraction;

fn fraction(start: NaiveDate, end: NaiveDate, start_day: u32, end_day: u32) -> Fraction {
    let years = i64::from(end.year()) - i64::from(start.year());
    let months = i64::from(end.month()) - i64::from(start.month());
    let days = i64::from(end_day) - i64::from(start_day);
    Fraction::raw(360 * years + 30 * months + days, 360)
}

fn is_february_end(date: NaiveDate) -> bool {
    date.month() == 2 && date.day() == if date.leap_year() { 29 } else { 28 }
}

pub(super) fn us(start: NaiveDate, end: NaiveDate) -> Fraction {
    let mut start_day = start.day();
    let mut end_day = end.day();
    if is_february_end(start) {
        if is_february_end(end) {
            end_day = 30;
        }
        start_day = 30;
    }
    if end_day == 31 && start_day >= 30 {
        end_day = 30;
    }
    fraction(start, end, start_day.min(30), end_day)
}

pub(super) fn bond_basis(start: NaiveDate, end: NaiveDate) -> Fraction {
    let start_day = start.day().min(30);
    let end_day = if start_day == 30 {
        end.day().min(30)
    } else {
        end.day()
    };
    fraction(start, end, start_day, end_day)
}

pub(super) fn european(start: NaiveDate, end: NaiveDate) -> Fraction {
    fraction(start, end, start.day().min(30), end.day().min(30))
}

pub(super) fn isda(start: NaiveDate, end: NaiveDate, termination: Option<NaiveDate>) -> Fraction {
    if start == end {
        // A termination date in February would come out a day or two below zero.
        return Fraction::raw(0, 360);
    }
    let start_day = if is_february_end(start) {
        30
    } else {
        start.day().min(30)
    };
    let end_day = if is_february_end(end) && termination != Some(end) {
        30
    } else {
        end.day().min(30)
    };
    fraction(start, end, start_day, end_day)
}

pub(super) fn european_plus(start: NaiveDate, end: NaiveDate) -> Fraction {
    if start == end {
        // An end on the 31st would count as the first of the next month.
        return Fraction::raw(0, 360);
    }
    // Day 31 of a month is day 1 of the next: 30 × months + 31 = 30 × (months + 1) + 1.
    fraction(start, end, start.day().min(30), end.day())
}
