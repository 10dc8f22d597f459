//! Worked figures printed in Mambu's API documentation and public pages: which method they
//! force, with every input stated there.

use chrono::NaiveDate;
use ledger::Currency;
use lending_core::{
    dates::{Calendar, NonWorkingDayRule, Period},
    day_count::DayCount,
    schedule::{
        Amortization, ChargeFrequency, InterestDays, InterestGrowth, InterestMethod, Rate,
        Schedule, ScheduleTerms, generate,
    },
};
use rust_decimal::{Decimal, dec};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn euro() -> Currency {
    Currency::from_code("EUR").unwrap()
}

fn rows(schedule: &Schedule) -> Vec<(String, Decimal, Decimal)> {
    let rows = schedule.instalments.iter();
    rows.map(|row| (row.due.to_string(), row.principal, row.interest))
        .collect()
}

#[test]
fn flat_by_periodicity_rolled_to_working_days() {
    // 980 at 5 % flat in three months: 980 × 5 % × 30/360 = 4.0833..., three times 4.08 although
    // the exact total is 12.25. 1 November 2020 is a Sunday; later dates do not move with it.
    let mut terms = ScheduleTerms::new(3, Period::Months(1), Rate::per_year(dec!(5)));
    terms.interest.method = InterestMethod::Flat;
    terms.interest.day_count = DayCount::Thirty360EIsda;
    terms.interest.days = InterestDays::Nominal;
    terms.non_working_days = NonWorkingDayRule::Next;
    let calendar = Calendar::weekends();
    let schedule = generate(&terms, dec!(980), euro(), day("2020-10-01"), &calendar).unwrap();
    assert_eq!(
        rows(&schedule),
        [
            ("2020-11-02".into(), dec!(326.67), dec!(4.08)),
            ("2020-12-01".into(), dec!(326.67), dec!(4.08)),
            ("2021-01-01".into(), dec!(326.66), dec!(4.08)),
        ]
    );
}

#[test]
fn flat_per_four_weeks_by_actual_days() {
    // 950 × 2.5 % / 28 × 30 = 25.446 and × 31 = 26.294, both on the original principal.
    let rate = Rate {
        percent: dec!(2.5),
        per: ChargeFrequency::FourWeeks,
    };
    let mut terms = ScheduleTerms::new(5, Period::Months(1), rate);
    terms.interest.method = InterestMethod::Flat;
    let calendar = Calendar::default();
    let schedule = generate(&terms, dec!(950), euro(), day("2012-06-28"), &calendar).unwrap();
    assert_eq!(
        rows(&schedule)[..2],
        [
            ("2012-07-28".into(), dec!(190.00), dec!(25.45)),
            ("2012-08-28".into(), dec!(190.00), dec!(26.29)),
        ]
    );
}

#[test]
fn declining_per_four_weeks_by_months_of_thirty_days() {
    // 950 × 2.5 % × 30/28 = 25.446; then on 760: 20.357.
    let rate = Rate {
        percent: dec!(2.5),
        per: ChargeFrequency::FourWeeks,
    };
    let mut terms = ScheduleTerms::new(5, Period::Months(1), rate);
    terms.interest.days = InterestDays::Nominal;
    terms.amortization = Amortization::equal_principal();
    let calendar = Calendar::default();
    let schedule = generate(&terms, dec!(950), euro(), day("2014-09-02"), &calendar).unwrap();
    let interest: Vec<_> = schedule
        .instalments
        .iter()
        .map(|row| row.interest)
        .collect();
    assert_eq!(interest[..2], [dec!(25.45), dec!(20.36)]);
}

#[test]
fn equal_instalments_by_twelfths_with_interest_by_days() {
    // 2500 at 1 %, act/360, twelve months: the instalment 209.46 arises only from 1 %/12, the
    // interest 2.15 and 1.97 only from 31/360.
    let mut terms = ScheduleTerms::new(12, Period::Months(1), Rate::per_year(dec!(1)));
    terms.interest.day_count = DayCount::Act360;
    terms.non_working_days = NonWorkingDayRule::Next;
    let calendar = Calendar::weekends();
    let schedule = generate(&terms, dec!(2500), euro(), day("2019-12-01"), &calendar).unwrap();
    assert_eq!(
        rows(&schedule)[..2],
        [
            ("2020-01-01".into(), dec!(207.31), dec!(2.15)),
            ("2020-02-03".into(), dec!(207.49), dec!(1.97)),
        ]
    );
    assert_eq!(schedule.instalments[1].balance_after, dec!(2085.20));
    assert_eq!(schedule.instalments[0].total, dec!(209.46));
}

#[test]
fn simple_and_effective_interest() {
    let mut terms = ScheduleTerms::new(5, Period::Months(1), Rate::per_year(dec!(10)));
    terms.interest.day_count = DayCount::Thirty360E;
    let calendar = Calendar::default();
    let first = |terms: &ScheduleTerms| {
        let start = day("2021-01-01");
        let schedule = generate(terms, dec!(1000), euro(), start, &calendar).unwrap();
        let row = schedule.instalments[0];
        (row.total, row.interest, row.principal)
    };
    assert_eq!(first(&terms), (dec!(205.03), dec!(8.33), dec!(196.70)));
    terms.interest.growth = InterestGrowth::Compound;
    assert_eq!(first(&terms), (dec!(204.81), dec!(7.97), dec!(196.84)));
}
