//! Amortization, grace, rounding, fees, taxes and prices: each with figures worked out by hand.

mod amortization;
mod contract;
mod grace;
mod periods;
mod pricing;

use chrono::NaiveDate;
use ledger::Currency;
use lending_core::{
    dates::{Calendar, Period},
    day_count::DayCount,
    schedule::{InterestDays, Rate, Schedule, ScheduleTerms, generate},
};
use rust_decimal::Decimal;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn euro() -> Currency {
    Currency::from_code("EUR").unwrap()
}

/// `count` months at a yearly rate, a month a twelfth.
fn months(count: u32, percent: Decimal) -> ScheduleTerms {
    let mut terms = ScheduleTerms::new(count, Period::Months(1), Rate::per_year(percent));
    terms.interest.day_count = DayCount::Thirty360E;
    terms.interest.days = InterestDays::Nominal;
    terms
}

fn make(terms: &ScheduleTerms, principal: Decimal) -> Schedule {
    make_on(terms, principal, "2025-01-01")
}

fn make_on(terms: &ScheduleTerms, principal: Decimal, on: &str) -> Schedule {
    generate(terms, principal, euro(), day(on), &Calendar::default()).unwrap()
}

/// `principal+interest` of each row.
fn figures(schedule: &Schedule) -> String {
    let rows = schedule.instalments.iter();
    let cells: Vec<_> = rows
        .map(|row| format!("{}+{}", row.principal, row.interest))
        .collect();
    cells.join(" ")
}
