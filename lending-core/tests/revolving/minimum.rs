//! The least that a statement asks for, rule by rule.

use lending_core::{
    dates::{Calendar, MonthEnd, NonWorkingDayRule},
    revolving::{
        Bill, BillingTerms, ChargesInMinimum, MinimumPayment, MinimumRule, OverdueInMinimum,
        PaymentDue, TransactionKind,
    },
};
use rust_decimal::{Decimal, dec};

use crate::{
    common::day,
    line::{Line, terms},
};

fn due(minimum: &MinimumPayment, bill: &Bill) -> Decimal {
    minimum.due(bill, |amount| amount.round_dp(2)).unwrap()
}

/// 600.00 of principal, 12.00 of interest and 5.00 of fees, nothing overdue.
fn bill() -> Bill {
    Bill {
        principal: dec!(600),
        balance: dec!(617),
        interest: dec!(12),
        fees: dec!(5),
        ..Bill::default()
    }
}

#[test]
fn rules_floors_and_ceilings() {
    let of = MinimumPayment::of;
    let (principal, balance) = (
        MinimumRule::PercentOfPrincipal(dec!(5)),
        MinimumRule::PercentOfBalance(dec!(5)),
    );
    let included = ChargesInMinimum::Included;
    let cases = [
        // Flat: 100 of principal, and 17 of charges.
        (of(MinimumRule::Flat(dec!(100))), dec!(117)),
        // Never more than is owed.
        (of(MinimumRule::Flat(dec!(1000))), dec!(617)),
        // 5 % of 600, and of 617 = 30.85.
        (of(principal), dec!(47)),
        (of(balance), dec!(47.85)),
        // A floor of principal, then one that interest, fees or both count towards.
        (
            MinimumPayment {
                floor: Some(dec!(50)),
                ..of(principal)
            },
            dec!(67),
        ),
        (
            MinimumPayment {
                floor: Some(dec!(50)),
                floor_includes_interest: true,
                ..of(principal)
            },
            dec!(55),
        ),
        (
            MinimumPayment {
                floor: Some(dec!(50)),
                floor_includes_interest: true,
                floor_includes_fees: true,
                ..of(principal)
            },
            dec!(50),
        ),
        (
            MinimumPayment {
                ceiling: Some(dec!(20)),
                ..of(principal)
            },
            dec!(37),
        ),
        // Charges are part of what the rule gives.
        (
            MinimumPayment {
                charges: included,
                ..of(balance)
            },
            dec!(30.85),
        ),
        (
            MinimumPayment {
                charges: included,
                floor: Some(dec!(40)),
                ..of(balance)
            },
            dec!(40),
        ),
    ];
    for (minimum, expected) in cases {
        assert_eq!(due(&minimum, &bill()), expected, "{minimum:?}");
    }
}

#[test]
fn overdue_minimums_and_what_is_above_the_limit() {
    let rule = MinimumPayment::of(MinimumRule::PercentOfPrincipal(dec!(5)));
    let overdue = Bill {
        overdue: dec!(40),
        ..bill()
    };
    assert_eq!(due(&rule, &overdue), dec!(87));
    let within = MinimumPayment {
        overdue: OverdueInMinimum::Within,
        ..rule
    };
    assert_eq!(due(&within, &overdue), dec!(47));
    assert_eq!(
        due(
            &within,
            &Bill {
                overdue: dec!(60),
                ..bill()
            }
        ),
        dec!(60)
    );
    let above = Bill {
        above_limit: dec!(100),
        ..bill()
    };
    assert_eq!(due(&rule, &above), dec!(47));
    assert_eq!(
        due(
            &MinimumPayment {
                above_limit: true,
                ..rule
            },
            &above
        ),
        dec!(117)
    );
}

#[test]
fn a_lowered_limit_leaves_what_is_drawn_and_asks_for_the_rest() {
    let mut terms = terms();
    terms.minimum.above_limit = true;
    let mut line = Line::active(terms);
    line.draw("2025-01-05", dec!(3650));
    line.on(
        "2025-01-10",
        TransactionKind::ChangeLimit { limit: dec!(3000) },
    );
    assert_eq!(line.line.available().unwrap(), dec!(0));
    assert_eq!(line.line.over_limit().unwrap(), dec!(650));
    line.end_of_day("2025-01-25");
    // 650 is more than 10 % of 3650; 48.00 of interest.
    assert_eq!(line.statement().minimum, dec!(698.00));
    line.controls().unwrap();
}

#[test]
fn due_dates_follow_the_calendar() {
    // Statements on 31 January, 28 February, …; due on the 10th, a Saturday or Sunday moves.
    let on = |rule, due| {
        let mut terms = terms();
        terms.billing = BillingTerms {
            due,
            non_working_days: rule,
            ..BillingTerms::monthly(31, 0)
        };
        terms.calendar = Calendar::weekends();
        let mut line = Line::active(terms);
        line.draw("2025-01-05", dec!(100));
        line.end_of_day("2025-04-30");
        let made = line.statements.iter();
        made.map(|s| (s.on, s.due)).collect::<Vec<_>>()
    };
    let tenth = PaymentDue::DayOfMonth {
        day: 10,
        month_end: MonthEnd::Clamp,
    };
    // 10 May 2025 is a Saturday.
    assert_eq!(
        on(NonWorkingDayRule::Next, tenth),
        [
            (day("2025-01-31"), day("2025-02-10")),
            (day("2025-02-28"), day("2025-03-10")),
            (day("2025-03-31"), day("2025-04-10")),
            (day("2025-04-30"), day("2025-05-12")),
        ]
    );
    let days = PaymentDue::DaysAfterStatement(15);
    let previous: Vec<_> = on(NonWorkingDayRule::Previous, days)
        .into_iter()
        .map(|d| d.1)
        .collect();
    // 15 February and 15 March 2025 are Saturdays.
    assert_eq!(
        previous,
        [
            day("2025-02-14"),
            day("2025-03-14"),
            day("2025-04-15"),
            day("2025-05-15")
        ]
    );
}
