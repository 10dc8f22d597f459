//! Re-ageing: a new series of instalments.

use lending_core::{
    dates::Period,
    loan::{Command, FutureMoney, LoanError, MovedInterest, TransactionId, TransactionKind},
};
use rust_decimal::{Decimal, dec};

use super::{contract, disbursed, expected, level_at_7, principal, record};
use crate::common::{day, terms};

/// On 15 March all 1,200 are open: 1200 / 5 = 240 every two weeks from 20 March.
#[test]
fn re_ageing_makes_a_new_series() {
    let mut loan = disbursed(contract());
    let kind = TransactionKind::ReAge {
        every: Period::Weeks(2),
        first_due: day("2024-03-20"),
        instalments: 5,
        interest: MovedInterest::StaysDue,
    };
    record(&mut loan, 2, "2024-03-15", kind).unwrap();
    let rows = [
        ("2024-02-01", dec!(0)),
        ("2024-03-01", dec!(0)),
        ("2024-03-15", dec!(0)), // the running period, cut
        ("2024-03-20", dec!(240)),
        ("2024-04-03", dec!(240)),
        ("2024-04-17", dec!(240)),
        ("2024-05-01", dec!(240)),
        ("2024-05-15", dec!(240)),
    ];
    assert_eq!(principal(&loan), expected(&rows));
    assert!(!loan.account.arrears().in_arrears());
    loan.controls().unwrap();
}

/// A penalty due on 1 October joins the new instalment of 15 October, and one due after the last
/// of the series stands on its own.
#[test]
fn charges_to_come_keep_their_day() {
    let mut terms = terms();
    terms.schedule.interest.rate = lending_core::schedule::Rate::per_year(dec!(0));
    let penalty = |amount, due| TransactionKind::Charge {
        name: lending_core::loan::code("penalty").unwrap(),
        penalty: true,
        amount,
        due: day(due),
    };
    for (count, expected) in [(10, ("2024-10-15", 7)), (2, ("2024-11-01", 2))] {
        let mut loan = disbursed(terms.clone());
        record(&mut loan, 2, "2024-01-01", penalty(dec!(20), "2024-10-01")).unwrap();
        record(&mut loan, 3, "2024-01-01", penalty(dec!(30), "2024-11-01")).unwrap();
        let kind = TransactionKind::ReAge {
            every: Period::Months(1),
            first_due: day("2024-03-15"),
            instalments: count,
            interest: MovedInterest::StaysDue,
        };
        record(&mut loan, 4, "2024-03-09", kind).unwrap();
        let rows = loan.account.instalments();
        let charged = rows.iter().filter(|row| !row.due.penalty.is_zero());
        let charged: Vec<_> = charged.map(|row| (row.due_on, row.due.penalty)).collect();
        // Due 1 February and 1 March, the running one cut on 9 March, then the series.
        let first = (day(expected.0), rows[3 + expected.1].due.penalty);
        assert_eq!(charged[0], first, "{count}");
        let sum: Decimal = charged.iter().map(|row| row.1).sum();
        assert_eq!(sum, dec!(50));
        assert_eq!(charged.len(), if count == 10 { 2 } else { 1 });
        loan.controls().unwrap();
    }
}

#[test]
fn a_new_series_is_checked() {
    let mut loan = disbursed(contract());
    let kind = |first_due: &str, instalments| TransactionKind::ReAge {
        every: Period::Months(1),
        first_due: day(first_due),
        instalments,
        interest: MovedInterest::StaysDue,
    };
    let early = record(&mut loan, 2, "2024-03-15", kind("2024-03-14", 3));
    assert!(
        matches!(early, Err(LoanError::TooEarly { .. })),
        "{early:?}"
    );
    let none = record(&mut loan, 2, "2024-03-15", kind("2024-03-15", 0));
    assert!(matches!(none, Err(LoanError::Terms { .. })), "{none:?}");
}

/// Figures of Fineract's own tests (LoanReAging.feature, C4536 and C4537): the first instalment is
/// paid, on 15 March what is left is spread over six months from 1 April. Principal 83.57 / 6 =
/// 13.93, 13.92 in the last. Interest that has arisen: February's 0.49 and 14 days of March, 0.22:
/// 0.71 / 6 = 0.12, 0.11 in the last. Interest of the schedule as it stands: 1.51 / 6 = 0.25, 0.26
/// in the last.
#[test]
fn re_ageing_may_spread_interest_too() {
    for (interest, whole, part, last) in [
        (
            MovedInterest::SpreadArisen,
            dec!(0.71),
            dec!(0.12),
            dec!(0.11),
        ),
        (
            MovedInterest::SpreadScheduled,
            dec!(1.51),
            dec!(0.25),
            dec!(0.26),
        ),
    ] {
        let mut loan = disbursed(level_at_7());
        let on = day("2024-02-01");
        loan.decide(&Command::repay(TransactionId::new(2), on, dec!(17.01)), on)
            .unwrap();
        let date = day("2024-03-15");
        loan.decide(&Command::EndOfDay { date }, date).unwrap();
        let before = loan.clone();
        let kind = TransactionKind::ReAge {
            every: Period::Months(1),
            first_due: day("2024-04-01"),
            instalments: 6,
            interest,
        };
        record(&mut loan, 3, "2024-03-15", kind).unwrap();
        loan.controls().unwrap();
        let rows = &loan.account.instalments()[3..];
        let due: Vec<_> = rows
            .iter()
            .map(|row| (row.due_on.to_string(), row.due.principal, row.due.interest))
            .collect();
        let months = ["04", "05", "06", "07", "08", "09"];
        let expected: Vec<_> = months
            .iter()
            .map(|month| {
                let (principal, interest) = if *month == "09" {
                    (dec!(13.92), last)
                } else {
                    (dec!(13.93), part)
                };
                (format!("2024-{month}-01"), principal, interest)
            })
            .collect();
        assert_eq!(due, expected, "{interest:?}");
        let moved = &loan.history[2].outcome.applied;
        assert_eq!((moved.principal, moved.interest), (dec!(83.57), whole));
        assert!(!loan.account.arrears().in_arrears());
        // Nothing more arises; income is what was spread.
        let date = day("2024-09-01");
        let mut later = loan.clone();
        later.decide(&Command::EndOfDay { date }, date).unwrap();
        later.controls().unwrap();
        assert_eq!(later.book("interest-income"), -(dec!(0.58) + whole));
        // What is owed is owed whole, however early it is paid.
        let owed = loan.account.payoff(day("2024-05-10")).unwrap();
        assert_eq!(owed, dec!(83.57) + whole);
        let on = day("2024-05-10");
        let mut paid = loan.clone();
        paid.decide(&Command::repay(TransactionId::new(4), on, owed), on)
            .unwrap();
        assert_eq!(paid.account.status(), lending_core::loan::Status::Repaid);
        paid.controls().unwrap();
        // Undone, everything is as before.
        let transaction = TransactionId::new(3);
        loan.decide(&Command::Reverse { transaction }, day("2024-03-15"))
            .unwrap();
        assert_eq!(loan.account.instalments(), before.account.instalments());
        loan.controls().unwrap();
    }
}

/// Money that comes early pays the agreed instalments, whatever the contract says of principal.
#[test]
fn agreed_instalments_take_early_money() {
    let mut terms = level_at_7();
    terms.allocation.future =
        FutureMoney::ReducePrincipal(lending_core::loan::Recalculation::ReduceNumber);
    let mut loan = disbursed(terms);
    let kind = TransactionKind::ReAge {
        every: Period::Months(1),
        first_due: day("2024-04-01"),
        instalments: 2,
        interest: MovedInterest::SpreadArisen,
    };
    // Nothing has been paid: 50 and what has arisen by 1 February, 0.58, are due twice.
    record(&mut loan, 2, "2024-02-01", kind).unwrap();
    let on = day("2024-03-01");
    loan.decide(&Command::repay(TransactionId::new(3), on, dec!(60)), on)
        .unwrap();
    let open = loan.account.outstanding().unwrap();
    assert_eq!((open.principal, open.interest), (dec!(40.58), dec!(0)));
    assert_eq!(loan.account.credit_balance(), dec!(0));
    loan.controls().unwrap();
}
