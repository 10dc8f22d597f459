//! Periods that are odd, short or of any length.

use lending_core::{
    dates::{DueDateRule, FirstDue, MonthEnd, Period},
    schedule::{Amortization, ChargeFrequency, OddFirstPeriod, Rate, ScheduleTerms},
};
use rust_decimal::dec;

use super::{day, make, make_on, months};

#[test]
fn an_odd_first_period() {
    // The first instalment ten days late: 1200 at 12 %.
    let first = |odd| {
        let mut terms = months(2, dec!(12));
        terms.amortization = Amortization::Bullet;
        terms.first_due = FirstDue::OffsetDays(10);
        terms.interest.odd_first_period = odd;
        make(&terms, dec!(1200)).instalments[0].interest
    };
    assert_eq!(first(OddFirstPeriod::NominalAndDays), dec!(16.00)); // 30 + 10 of 360 days
    assert_eq!(first(OddFirstPeriod::Counted), dec!(16.00)); // 1 January to 11 February, 30E/360
    assert_eq!(first(OddFirstPeriod::Nominal), dec!(12.00));
    // 1 month to 1 February and 10 of the 28 days to 1 March: 12 x 1.357143 = 16.2857.
    assert_eq!(first(OddFirstPeriod::PeriodsAndShare), dec!(16.29));
}

/// 100,000 at 24 % in three instalments, the first after two months: it bears 2 x 2,000. The level
/// instalment of three months is 34,675.47; the second bears (100000 - 30675.47) x 2 % = 1,386.49,
/// the last takes the rest: 36035.55 x 1.02 = 36,756.26. Figures of Apache Fineract's loan of four
/// instalments without its first.
#[test]
fn a_first_period_of_two_months() {
    let mut terms = months(3, dec!(24));
    terms.first_due = FirstDue::On(day("2011-11-20"));
    terms.interest.odd_first_period = OddFirstPeriod::PeriodsAndShare;
    let rows = make_on(&terms, dec!(100_000), "2011-09-20").instalments;
    let totals: Vec<_> = rows
        .iter()
        .map(|row| row.principal + row.interest)
        .collect();
    assert_eq!(totals, [dec!(34675.47), dec!(34675.47), dec!(36756.26)]);
}

/// Months that lack the day are whole months: 1,200 at 12 % from 31 January bears 12.00 each.
#[test]
fn short_months_are_whole() {
    for month_end in [MonthEnd::Clamp, MonthEnd::RollToFirst] {
        let mut terms = months(3, dec!(12));
        terms.amortization = Amortization::Bullet;
        terms.due_dates = DueDateRule::Interval {
            every: Period::Months(1),
            month_end,
        };
        terms.interest.odd_first_period = OddFirstPeriod::PeriodsAndShare;
        let rows = make_on(&terms, dec!(1200), "2025-01-31").instalments;
        assert!(
            rows.iter().all(|row| row.interest == dec!(12.00)),
            "{rows:?}"
        );
    }
}

#[test]
fn rates_for_any_length_of_time() {
    // 2 % for each ten days: January has 31 days, 3.1 times 2 % of 1000.
    let rate = |per| {
        let rate = Rate {
            percent: dec!(2),
            per,
        };
        let mut terms = ScheduleTerms::new(2, Period::Months(1), rate);
        terms.amortization = Amortization::Bullet;
        make(&terms, dec!(1000)).instalments[0].interest
    };
    assert_eq!(rate(ChargeFrequency::Days(10)), dec!(62.00));
    assert_eq!(rate(ChargeFrequency::Day), dec!(620.00));
    assert_eq!(rate(ChargeFrequency::Week), dec!(88.57)); // 31/7
    assert_eq!(rate(ChargeFrequency::Month), dec!(20.38)); // 12·31/365
    assert_eq!(rate(ChargeFrequency::WholeTerm), dec!(10.00));
}
