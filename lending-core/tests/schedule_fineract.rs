//! Schedules published in Apache Fineract's own tests, row by row.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use ledger::{Currency, Rounding};
use lending_core::{
    dates::{Calendar, DueDateRule, MonthEnd, Period},
    day_count::DayCount,
    schedule::{
        Amortization, AnnuityFormula, ElementRounding, Equalise, Grace, InterestDays,
        InterestMethod, InterestTerms, Multiple, Rate, Residue, RoundingTerms, ScheduleTerms,
        Tranche, generate,
    },
};
use rust_decimal::{Decimal, dec};

const PUBLISHED: &str = include_str!("data/fineract_schedules.txt");

type Row = (NaiveDate, Decimal, Decimal, Decimal);

fn published() -> BTreeMap<&'static str, Vec<Row>> {
    let mut cases: BTreeMap<&str, Vec<Row>> = BTreeMap::new();
    let mut current = "";
    for line in PUBLISHED.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            ["case", id] => current = id,
            [due, principal, interest, balance] if !due.starts_with('#') => {
                cases.entry(current).or_default().push((
                    due.parse().unwrap(),
                    principal.parse().unwrap(),
                    interest.parse().unwrap(),
                    balance.parse().unwrap(),
                ));
            }
            _ => {}
        }
    }
    cases
}

fn day(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap()
}

/// Progressive loans: factor form, one correction, money half-even.
fn progressive(count: u32, every: Period, percent: Decimal, day_count: DayCount) -> ScheduleTerms {
    ScheduleTerms {
        interest: InterestTerms {
            rate: Rate::per_year(percent),
            day_count,
            ..InterestTerms::default()
        },
        amortization: Amortization::EqualInstalments {
            formula: AnnuityFormula::Factor,
            equalise: Equalise::OneCorrection,
            amount: None,
        },
        rounding: RoundingTerms {
            mode: Rounding::HalfEven,
            ..RoundingTerms::default()
        },
        ..ScheduleTerms::new(count, every, Rate::default())
    }
}

/// 30/360: every month is a twelfth.
fn nominal(mut terms: ScheduleTerms) -> ScheduleTerms {
    terms.interest.day_count = DayCount::Thirty360E;
    terms.interest.days = InterestDays::Nominal;
    terms
}

/// Cumulative loans: closed form, whole instalments, interest residue of flat loans at the end.
fn cumulative(count: u32, percent: Decimal, days: InterestDays) -> ScheduleTerms {
    ScheduleTerms {
        interest: InterestTerms {
            rate: Rate::per_year(percent),
            days,
            ..InterestTerms::default()
        },
        rounding: RoundingTerms {
            mode: Rounding::HalfEven,
            elements: ElementRounding::Total,
            multiple: Some(Multiple {
                of: Decimal::ONE,
                mode: Rounding::HalfEven,
            }),
            ..RoundingTerms::default()
        },
        ..ScheduleTerms::new(count, Period::Months(1), Rate::default())
    }
}

fn flat(count: u32, percent: Decimal) -> ScheduleTerms {
    let mut terms = cumulative(count, percent, InterestDays::Nominal);
    terms.interest.method = InterestMethod::Flat;
    terms.rounding.residue = Residue::PrincipalAndInterest;
    terms
}

fn month_end(mut terms: ScheduleTerms, month_end: MonthEnd) -> ScheduleTerms {
    terms.due_dates = DueDateRule::Interval {
        every: Period::Months(1),
        month_end,
    };
    terms
}

fn tranche(mut terms: ScheduleTerms, on: NaiveDate) -> ScheduleTerms {
    terms.tranches = vec![Tranche {
        on,
        amount: dec!(100),
    }];
    terms
}

#[test]
fn every_published_schedule_to_the_cent() {
    use Period::{Months, Weeks};
    let new_year = day(2024, 1, 1);
    let end_of_january = day(2025, 1, 31);
    let actual = DayCount::ActActCalendarYear;
    let month = |count, percent| nominal(progressive(count, Months(1), percent, actual));
    let twelve = |rule| month_end(month(3, dec!(12)), rule);
    let mut bullet = month(8, dec!(30));
    bullet.grace.principal = 7;
    let grace = ScheduleTerms {
        grace: Grace {
            principal: 6,
            ..Grace::default()
        },
        ..cumulative(18, dec!(12), InterestDays::Nominal)
    };
    let mut equal_principal = cumulative(18, dec!(12), InterestDays::Nominal);
    equal_principal.amortization = Amortization::equal_principal();
    equal_principal.rounding.elements = ElementRounding::Each;
    equal_principal.rounding.multiple = None;
    let november = day(2022, 11, 1);
    let september = day(2023, 9, 1);
    let cases: Vec<(&str, ScheduleTerms, Decimal, NaiveDate)> = vec![
        (
            "me-roll-30360",
            twelve(MonthEnd::RollToFirst),
            dec!(10000),
            end_of_january,
        ),
        (
            "me-clamp-30360",
            twelve(MonthEnd::Clamp),
            dec!(10000),
            end_of_january,
        ),
        (
            "me-roll-actact",
            month_end(
                progressive(3, Months(1), dec!(12), actual),
                MonthEnd::RollToFirst,
            ),
            dec!(10000),
            end_of_january,
        ),
        (
            "pg-364-two-weekly",
            progressive(3, Weeks(2), dec!(9.4822), DayCount::Act364),
            dec!(100),
            new_year,
        ),
        (
            "pg-364-weekly",
            progressive(6, Weeks(1), dec!(9.4822), DayCount::Act364),
            dec!(100),
            new_year,
        ),
        (
            "pg-30360-9.4822",
            month(6, dec!(9.4822)),
            dec!(100),
            new_year,
        ),
        ("pg-30360-7", month(6, dec!(7)), dec!(100), new_year),
        (
            "pg-no-interest-4",
            progressive(4, Months(1), dec!(0), actual),
            dec!(1000),
            new_year,
        ),
        (
            "pg-actact-10.65",
            progressive(5, Months(1), dec!(10.65), actual),
            dec!(331.77),
            day(2023, 12, 12),
        ),
        (
            "pg-act365-15.678",
            progressive(6, Months(1), dec!(15.678), DayCount::Act365Fixed),
            dec!(100),
            new_year,
        ),
        ("pg-bullet-8", bullet, dec!(100), new_year),
        (
            "pt-on-due-date",
            tranche(month(6, dec!(9.4822)), day(2024, 3, 1)),
            dec!(100),
            new_year,
        ),
        (
            "pt-next-period",
            tranche(month(6, dec!(9.4822)), day(2024, 2, 15)),
            dec!(100),
            new_year,
        ),
        (
            "sch-multiple-annuity-4",
            cumulative(4, dec!(15), InterestDays::Nominal),
            dec!(1250),
            september,
        ),
        (
            "sch-multiple-flat-4",
            flat(4, dec!(15)),
            dec!(1250),
            september,
        ),
        ("sch-flat-18", flat(18, dec!(12)), dec!(5000), november),
        ("sch-grace-principal-6", grace, dec!(5000), november),
        (
            "sch-equal-principal-18",
            equal_principal,
            dec!(5000),
            november,
        ),
        (
            "sch-annuity-daily-18",
            cumulative(18, dec!(12), InterestDays::Counted),
            dec!(5000),
            november,
        ),
    ];
    let published = published();
    assert_eq!(cases.len(), published.len());
    let euro = Currency::from_code("EUR").unwrap();
    let mut wrong = String::new();
    for (id, terms, principal, from) in cases {
        let schedule = generate(&terms, principal, euro, from, &Calendar::default()).unwrap();
        let rows: Vec<Row> = schedule
            .instalments
            .iter()
            .map(|row| (row.due, row.principal, row.interest, row.balance_after))
            .collect();
        let expected = &published[id];
        if &rows != expected {
            wrong += &format!("{id}\n");
            for (ours, theirs) in rows.iter().zip(expected) {
                wrong += &format!("   {ours:?}\n   {theirs:?}\n");
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
