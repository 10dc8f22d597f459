//! Published day-count examples, and what each convention needs.
//!
//! `data/daycount.csv` holds the figures: ISDA's worked 30/360 examples and its paper on
//! actual/actual, the tables of OpenGamma Strata's `DayCountTest` and QuantLib's results; the
//! source stands in each row.

use chrono::{NaiveDate, Weekday};
use lending_core::day_count::{
    BusinessDays, CouponPeriod, DayCount, DayCountContext, DayCountError, Fraction,
};

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Splits a line of comma-separated values with double quotes.
fn fields(line: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => out.push(String::new()),
            c => out.last_mut().unwrap().push(c),
        }
    }
    out
}

fn convention(name: &str) -> DayCount {
    match name {
        "30/360 US (EOM rule)" => DayCount::Thirty360Us,
        "30/360 Bond Basis (ISDA 4.16(f))" => DayCount::Thirty360BondBasis,
        other => serde_json::from_value(other.into()).unwrap(),
    }
}

#[test]
fn every_published_fraction_is_met_exactly() {
    let table = include_str!("data/daycount.csv");
    let mut rows = 0;
    for line in table.lines().skip(1) {
        let row = fields(line);
        let coupon = (!row[3].is_empty()).then(|| CouponPeriod {
            start: date(&row[3]),
            end: date(&row[4]),
            per_year: row[5].parse().unwrap(),
        });
        let context = DayCountContext {
            coupon,
            termination: (!row[6].is_empty()).then(|| date(&row[6])),
            calendar: None,
        };
        let (numerator, denominator) = row[8].split_once('/').unwrap();
        let expected =
            Fraction::new(numerator.parse().unwrap(), denominator.parse().unwrap()).unwrap();
        let got = convention(&row[0])
            .fraction(date(&row[1]), date(&row[2]), &context)
            .unwrap();
        assert_eq!(got, expected, "{line}");
        rows += 1;
    }
    assert_eq!(rows, 236);
}

#[test]
fn calendar_year_cut_gives_the_night_of_31_december_to_the_old_year() {
    let context = DayCountContext::default();
    // 12 December to 31 December: 19 nights of 2023; 31 December to 12 January: 12 of 2024.
    let expected = Fraction::new(19 * 366 + 12 * 365, 365 * 366).unwrap();
    let got = DayCount::ActActCalendarYear
        .fraction(date("2023-12-12"), date("2024-01-12"), &context)
        .unwrap();
    assert_eq!(got, expected);
    // ISDA: 20 nights begin in 2023, 11 in 2024.
    let isda = DayCount::ActActIsda
        .fraction(date("2023-12-12"), date("2024-01-12"), &context)
        .unwrap();
    assert_eq!(isda, Fraction::new(20 * 366 + 11 * 365, 365 * 366).unwrap());
}

#[test]
fn leap_day_rule_looks_for_29_february_only() {
    let cases = [
        ("2024-01-01", "2024-02-01", "31/365"),
        ("2024-02-01", "2024-03-01", "29/366"),
        ("2024-02-28", "2024-02-29", "1/366"),
        ("2024-02-29", "2024-03-31", "31/365"),
        ("2023-02-01", "2023-03-01", "28/365"),
    ];
    for (start, end, expected) in cases {
        let got = DayCount::ActActLeapDay
            .fraction(date(start), date(end), &DayCountContext::default())
            .unwrap();
        assert_eq!(got.to_string(), expected, "{start} {end}");
    }
}

#[test]
fn afb_years_back_from_28_february() {
    // Back from 28 February 2016 lies 28 February 2012 (62 days after 28 December 2011) in the
    // plain reading, 29 February 2012 (63 days) in ISDA's.
    let (start, end) = (date("2011-12-28"), date("2016-02-28"));
    let context = DayCountContext::default();
    let plain = DayCount::ActActAfb.fraction(start, end, &context).unwrap();
    assert_eq!(plain, Fraction::new(4 * 365 + 62, 365).unwrap());
    let month_end = DayCount::ActActAfbEom
        .fraction(start, end, &context)
        .unwrap();
    assert_eq!(month_end, Fraction::new(4 * 365 + 63, 365).unwrap());
}

#[test]
fn icma_long_last_period_keeps_to_month_ends() {
    // ISDA's paper on actual/actual: quarterly coupons on the last of the month, last period
    // 30 November 1999 to 30 April 2000: one quarter, then 61 of the 92 days to 31 May.
    let context = DayCountContext {
        coupon: Some(CouponPeriod {
            start: date("1999-11-30"),
            end: date("2000-02-29"),
            per_year: 4,
        }),
        ..DayCountContext::default()
    };
    let got = DayCount::ActActIcma
        .fraction(date("1999-11-30"), date("2000-04-30"), &context)
        .unwrap();
    assert_eq!(got, Fraction::new(92 + 61, 4 * 92).unwrap());
}

struct Weekdays;

impl BusinessDays for Weekdays {
    fn is_business_day(&self, day: NaiveDate) -> bool {
        use chrono::Datelike;
        !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
    }
}

#[test]
fn bus_252_counts_the_start_and_not_the_end() {
    let context = DayCountContext {
        calendar: Some(&Weekdays),
        ..DayCountContext::default()
    };
    // Friday 5 to Monday 8 January 2024: the Friday only.
    let got = DayCount::Bus252
        .fraction(date("2024-01-05"), date("2024-01-08"), &context)
        .unwrap();
    assert_eq!(got.to_string(), "1/252");
    // January 2024 has 23 weekdays.
    let january = DayCount::Bus252
        .fraction(date("2024-01-01"), date("2024-02-01"), &context)
        .unwrap();
    assert_eq!(january.to_string(), "23/252");
}

#[test]
fn what_is_missing_is_said() {
    let context = DayCountContext::default();
    let (start, end) = (date("2024-01-01"), date("2024-02-01"));
    let of = |convention: DayCount, start, end, context: &DayCountContext<'_>| {
        convention.fraction(start, end, context).unwrap_err()
    };
    assert_eq!(
        of(DayCount::Act360, end, start, &context).to_string(),
        "the period 2024-02-01 to 2024-01-01 ends before it starts"
    );
    assert_eq!(
        of(DayCount::ActActIcma, start, end, &context),
        DayCountError::MissingCouponPeriod
    );
    assert_eq!(
        of(DayCount::Bus252, start, end, &context),
        DayCountError::MissingCalendar
    );
    let fortnights = DayCountContext {
        coupon: Some(CouponPeriod {
            start,
            end: date("2024-01-15"),
            per_year: 26,
        }),
        ..context
    };
    assert_eq!(
        of(DayCount::ActActIcma, start, end, &fortnights).code(),
        2903
    );
    // Inside of its own period any frequency will do.
    let inside = DayCount::ActActIcma.fraction(start, date("2024-01-08"), &fortnights);
    assert_eq!(inside.unwrap(), Fraction::new(7, 14 * 26).unwrap());
}

#[test]
fn the_name_is_the_serialised_form() {
    for convention in DayCount::ALL {
        assert_eq!(
            serde_json::to_value(convention).unwrap(),
            convention.as_str()
        );
    }
}
