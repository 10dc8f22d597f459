//! Changes of a schedule that exists: each keeps what must hold of any schedule, or is refused.

use chrono::NaiveDate;
use law_runs::runs;
use ledger::Currency;
use lending_core::{
    dates::{Calendar, Period},
    schedule::{
        Amortization, DueDateChange, HolidayInterest, InstalmentFee, InterestAfterEdit,
        InterestDays, PaymentHoliday, PrincipalChange, Rate, RunningContract, Schedule,
        ScheduleEdit, ScheduleError, ScheduleTerms, generate,
    },
};
use proptest::prelude::*;
use rust_decimal::{Decimal, dec};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn euro() -> Currency {
    Currency::from_code("EUR").unwrap()
}

/// 1200 in six shares of 200 at 1 % a month, from 1 January 2025.
fn terms() -> ScheduleTerms {
    let mut terms = ScheduleTerms::new(6, Period::Months(1), Rate::per_month(dec!(1)));
    terms.amortization = Amortization::equal_principal();
    terms.interest.days = InterestDays::Nominal;
    terms
}

fn make(terms: &ScheduleTerms) -> Schedule {
    let on = day("2025-01-01");
    generate(terms, dec!(1200), euro(), on, &Calendar::default()).unwrap()
}

fn edit(
    terms: &ScheduleTerms,
    schedule: &Schedule,
    first_open: u32,
    edit: &ScheduleEdit,
) -> Result<Schedule, ScheduleError> {
    let calendar = Calendar::default();
    let contract = RunningContract::of(terms, euro(), &calendar, schedule).unwrap();
    let edited = schedule.edit(&contract, first_open, edit)?;
    edited.terms.validate().unwrap();
    Ok(edited.schedule)
}

/// `due principal+interest=left` of each row.
fn figures(schedule: &Schedule) -> Vec<String> {
    let rows = schedule.instalments.iter();
    rows.map(|row| {
        let left = row.balance_after;
        format!("{} {}+{}={left}", row.due, row.principal, row.interest)
    })
    .collect()
}

fn principals(changes: &[(u32, Decimal)], interest: InterestAfterEdit) -> ScheduleEdit {
    let changes = changes
        .iter()
        .map(|(instalment, principal)| PrincipalChange {
            instalment: *instalment,
            principal: *principal,
        });
    ScheduleEdit::Principals {
        changes: changes.collect(),
        interest,
    }
}

fn dates(changes: &[(u32, &str)], interest: InterestAfterEdit) -> ScheduleEdit {
    let changes = changes.iter().map(|(instalment, due)| DueDateChange {
        instalment: *instalment,
        due: day(due),
    });
    ScheduleEdit::DueDates {
        changes: changes.collect(),
        interest,
    }
}

#[test]
fn principals_move_and_interest_follows_when_asked() {
    let (terms, schedule) = (terms(), make(&terms()));
    let changes = [(2, dec!(0)), (6, dec!(400))];
    let kept = principals(&changes, InterestAfterEdit::Keep);
    assert_eq!(
        figures(&edit(&terms, &schedule, 2, &kept).unwrap()),
        [
            "2025-02-01 200.00+12.00=1000.00",
            "2025-03-01 0.00+10.00=1000.00",
            "2025-04-01 200.00+8.00=800.00",
            "2025-05-01 200.00+6.00=600.00",
            "2025-06-01 200.00+4.00=400.00",
            "2025-07-01 400.00+2.00=0.00",
        ]
    );
    // 1 % of what is owed by then: 1000, 1000, 800, 600, 400.
    let anew = principals(&changes, InterestAfterEdit::Recompute);
    assert_eq!(
        figures(&edit(&terms, &schedule, 2, &anew).unwrap())[1..],
        [
            "2025-03-01 0.00+10.00=1000.00",
            "2025-04-01 200.00+10.00=800.00",
            "2025-05-01 200.00+8.00=600.00",
            "2025-06-01 200.00+6.00=400.00",
            "2025-07-01 400.00+4.00=0.00",
        ]
    );
}

#[test]
fn dates_move_and_interest_follows_when_asked() {
    let mut terms = terms();
    let schedule = make(&terms);
    let kept = dates(&[(3, "2025-04-20")], InterestAfterEdit::Keep);
    let edited = edit(&terms, &schedule, 1, &kept).unwrap();
    assert_eq!(edited.instalments[2].due, day("2025-04-20"));
    assert_eq!(edited.totals(), schedule.totals());
    // Days over 365 at 36.5 %: a thousandth a day. 1200 for 41 days, then 1000 for 18.
    terms.interest.days = InterestDays::Counted;
    terms.interest.rate = Rate::per_year(dec!(36.5));
    let schedule = make(&terms);
    let anew = dates(&[(1, "2025-02-11")], InterestAfterEdit::Recompute);
    let edited = edit(&terms, &schedule, 1, &anew).unwrap();
    assert_eq!(edited.instalments[0].interest, dec!(49.20));
    assert_eq!(edited.instalments[1].interest, dec!(18.00));
    assert_eq!(edited.instalments[2..], schedule.instalments[2..]);
}

#[test]
fn more_or_fewer_instalments() {
    let (terms, schedule) = (terms(), make(&terms()));
    // 1000 left after the first, in three: 333.33, 333.33, 333.34.
    let fewer = ScheduleEdit::InstalmentCount { instalments: 4 };
    assert_eq!(
        figures(&edit(&terms, &schedule, 2, &fewer).unwrap()),
        [
            "2025-02-01 200.00+12.00=1000.00",
            "2025-03-01 333.33+10.00=666.67",
            "2025-04-01 333.33+6.67=333.34",
            "2025-05-01 333.34+3.33=0.00",
        ]
    );
    let more = ScheduleEdit::InstalmentCount { instalments: 11 };
    let more = edit(&terms, &schedule, 2, &more).unwrap();
    assert_eq!(more.instalments.len(), 11);
    assert_eq!(more.instalments[1].principal, dec!(100.00));
    assert_eq!(more.totals().principal, dec!(1200));
}

#[test]
fn holidays_lengthen_the_schedule() {
    let (terms, schedule) = (terms(), make(&terms()));
    for (interest, second) in [
        (HolidayInterest::Due, "2025-03-01 0.00+10.00=1000.00"),
        (HolidayInterest::Waived, "2025-03-01 0.00+0.00=1000.00"),
    ] {
        let add = vec![PaymentHoliday {
            instalment: 2,
            interest,
        }];
        let edited = edit(&terms, &schedule, 2, &ScheduleEdit::PaymentHolidays { add }).unwrap();
        let rows = figures(&edited);
        assert_eq!(rows.len(), 7);
        assert_eq!(rows[1], second);
        assert_eq!(rows[6], "2025-08-01 200.00+2.00=0.00");
    }
}

#[test]
fn fees_follow_the_principal() {
    let mut terms = terms();
    terms.fees = vec![InstalmentFee::PrincipalPercent { percent: dec!(1) }];
    let schedule = make(&terms);
    let moved = principals(&[(1, dec!(100)), (2, dec!(300))], InterestAfterEdit::Keep);
    let edited = edit(&terms, &schedule, 1, &moved).unwrap();
    assert_eq!(edited.instalments[0].fee, dec!(1.00));
    assert_eq!(edited.instalments[0].total, dec!(113.00));
    assert_eq!(edited.totals().fee, schedule.totals().fee);
}

#[test]
fn changes_that_do_not_fit_are_refused() {
    let (terms, schedule) = (terms(), make(&terms()));
    let keep = InterestAfterEdit::Keep;
    for (name, change) in [
        ("a sum that differs", principals(&[(2, dec!(100))], keep)),
        (
            "a paid row",
            principals(&[(1, dec!(100)), (2, dec!(300))], keep),
        ),
        ("no such row", principals(&[(7, dec!(0))], keep)),
        (
            "below zero",
            principals(&[(2, dec!(-1)), (3, dec!(401))], keep),
        ),
        ("dates out of order", dates(&[(2, "2025-04-02")], keep)),
        (
            "before the row that stays",
            dates(&[(2, "2025-02-01")], keep),
        ),
        (
            "dates out of order, anew",
            dates(&[(2, "2025-04-01")], InterestAfterEdit::Recompute),
        ),
        (
            "fewer than are paid",
            ScheduleEdit::InstalmentCount { instalments: 1 },
        ),
        (
            "a holiday in the past",
            ScheduleEdit::PaymentHolidays {
                add: vec![PaymentHoliday {
                    instalment: 1,
                    interest: HolidayInterest::Due,
                }],
            },
        ),
    ] {
        let error = edit(&terms, &schedule, 2, &change).unwrap_err();
        assert_eq!(error.code(), 2107, "{name}: {error}");
    }
    let none = ScheduleEdit::InstalmentCount { instalments: 0 };
    assert_eq!(edit(&terms, &schedule, 2, &none).unwrap_err().code(), 2101);
    let finer = principals(&[(2, dec!(199.999)), (3, dec!(200.001))], keep);
    assert_eq!(edit(&terms, &schedule, 2, &finer).unwrap_err().code(), 2102);
}

proptest! {
    #![proptest_config(runs(500))]

    /// Whatever is moved between two instalments, the totals hold.
    #[test]
    fn totals_hold(count in 2_u32..40, one in 1_u32..40, other in 1_u32..40, cents in 0_i64..5000,
                   anew in any::<bool>(), more in 1_u32..60, first_open in 1_u32..40) {
        let mut terms = terms();
        terms.instalments = count;
        let schedule = make(&terms);
        let interest = if anew { InterestAfterEdit::Recompute } else { InterestAfterEdit::Keep };
        let row = |number: u32| schedule.instalments.iter().find(|row| row.number == number);
        let moved = Decimal::new(cents, 2);
        if let (Some(a), Some(b)) = (row(one), row(other)) && one != other {
            let change = principals(&[(one, a.principal - moved), (other, b.principal + moved)], interest);
            if let Ok(edited) = edit(&terms, &schedule, 1, &change) {
                prop_assert_eq!(edited.totals().principal, dec!(1200));
                prop_assert_eq!(edited.instalments.last().unwrap().balance_after, Decimal::ZERO);
            } else {
                prop_assert!(a.principal < moved || anew);
            }
        }
        let change = ScheduleEdit::InstalmentCount { instalments: more };
        match edit(&terms, &schedule, first_open, &change) {
            Ok(edited) => {
                prop_assert_eq!(edited.totals().principal, dec!(1200));
                prop_assert_eq!(edited.instalments.len(), usize::try_from(more).unwrap());
            }
            Err(_) => prop_assert!(more < first_open || first_open > count),
        }
    }
}
