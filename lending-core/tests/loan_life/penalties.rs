//! What lateness costs by the day. Contract: [`dynamic`](super::dynamic): 166.67 + 10.19 = 176.86 are
//! due on 1 February 2024, a Thursday, 166.67 + 9.53 = 176.20 on 1 March; 0.1 % a day.
//!
//! | by | late since 1 February | late since 1 March |
//! |---|---|---|
//! | 11 February | 10 days | |
//! | 11 March | 39 days | 10 days |

use super::*;
use chrono::Weekday;
use lending_core::{
    dates::Calendar,
    loan::{PenaltyBase, PenaltyTerms},
};

fn costing(base: PenaltyBase, grace_days: u16) -> LoanTerms {
    let mut terms = dynamic();
    terms.penalty = Some(PenaltyTerms {
        base,
        daily_percent: dec!(0.1),
        grace_days,
    });
    terms
}

fn charged(loan: &Loan) -> Decimal {
    loan.account
        .instalments()
        .iter()
        .map(|row| row.due.penalty)
        .sum()
}

/// On the 11th of February and of March; days are closed one by one or at once.
#[test]
fn bases() {
    for (base, february, march) in [
        // 166.67 x 10 = 1.6667; 166.67 x 29 + 333.34 x 10 = 8.1668.
        (PenaltyBase::OverduePrincipal, dec!(1.67), dec!(8.17)),
        // 176.86 x 10 = 1.7686; 176.86 x 29 + 353.06 x 10 = 8.6595.
        (
            PenaltyBase::OverduePrincipalAndInterest,
            dec!(1.77),
            dec!(8.66),
        ),
        // 1,000.00, the whole of it.
        (PenaltyBase::OutstandingPrincipal, dec!(10.00), dec!(39.00)),
    ] {
        let mut loan = paid_out(costing(base, 0));
        close(&mut loan, "2024-02-01");
        assert_eq!(charged(&loan), dec!(0), "{base:?}: due is not late");
        close(&mut loan, "2024-02-11");
        assert_eq!(charged(&loan), february, "{base:?}");
        for date in day("2024-02-12").iter_days().take(29) {
            close(&mut loan, &date.to_string());
        }
        assert_eq!(charged(&loan), march, "{base:?}");
        assert_eq!(loan.book("penalty-income"), -march, "{base:?}");
        let mut at_once = paid_out(costing(base, 0));
        close(&mut at_once, "2024-03-10");
        close(&mut at_once, "2024-03-11");
        // What is rounded day by day is the sum, never the day.
        assert_eq!(charged(&at_once), march, "{base:?}");
    }
}

/// Nothing until both the days without penalty and the tolerated days have passed, then all of it.
/// Each row: days without penalty, contract, the last free day, what the day after it costs.
#[test]
fn days_that_cost_nothing_cost_it_all_afterwards() {
    let tolerant = |grace_days, change: fn(&mut LoanTerms)| {
        let mut terms = costing(PenaltyBase::OverduePrincipal, grace_days);
        change(&mut terms);
        terms
    };
    let cases = [
        // 32 and 40, whichever is which: 13 March is the 41st day. 166.67 x 29 + 333.34 x 12 = 8.8335.
        (
            tolerant(32, |t| t.arrears.tolerance_days = 40),
            "2024-03-12",
            "2024-03-13",
            dec!(8.83),
        ),
        (
            tolerant(40, |t| t.arrears.tolerance_days = 32),
            "2024-03-12",
            "2024-03-13",
            dec!(8.83),
        ),
        // Up to the 5th of the next month: 166.67 x 29 + 333.34 x 5 = 6.5001.
        (
            tolerant(0, |t| t.arrears.tolerance_day = Some(5)),
            "2024-03-05",
            "2024-03-06",
            dec!(6.50),
        ),
        // Three working days: the 2nd, 5th, 6th. It costs by the calendar: 166.67 x 6 = 1.0000.
        (
            tolerant(3, |t| {
                t.arrears.working_days_only = true;
                t.calendar = Calendar::weekends();
            }),
            "2024-02-06",
            "2024-02-07",
            dec!(1.00),
        ),
        // The 5th is a holiday: the 7th is the third working day; 166.67 x 7 = 1.1667.
        (
            tolerant(3, |t| {
                t.arrears.working_days_only = true;
                let weekend = [Weekday::Sat, Weekday::Sun];
                t.calendar = Calendar::new(weekend, [day("2024-02-05")], []).unwrap();
            }),
            "2024-02-07",
            "2024-02-08",
            dec!(1.17),
        ),
    ];
    for (terms, free, first, cost) in cases {
        let mut loan = paid_out(terms.clone());
        close(&mut loan, free);
        assert_eq!(charged(&loan), dec!(0), "{free}");
        let mut cured = loan.clone();
        close(&mut loan, first);
        assert_eq!(charged(&loan), cost, "{first}");
        // Paid on the last free day it costs nothing, then or later.
        let owed = cured.account.arrears().overdue.total().unwrap();
        pay(&mut cured, 2, free, owed);
        assert!(!cured.account.arrears().in_arrears(), "{free}");
        close(&mut cured, first);
        assert_eq!(charged(&cured), dec!(0), "cured on {free}");
    }
}

/// 100.00 on 11 February pay 1.67, 10.19 and 88.14; 78.53 stay late and cost 0.7853 by the 21st: in
/// all 2.4520 = 2.45, of which 1.67 has been charged.
#[test]
fn a_part_paid_costs_less() {
    let mut loan = paid_out(costing(PenaltyBase::OverduePrincipal, 0));
    pay(&mut loan, 2, "2024-02-11", dec!(100));
    let overdue = loan.account.arrears().overdue;
    assert_eq!(
        (overdue.principal, overdue.interest, overdue.penalty),
        (dec!(78.53), dec!(0), dec!(0))
    );
    close(&mut loan, "2024-02-21");
    assert_eq!(loan.account.arrears().overdue.penalty, dec!(0.78));
    assert_eq!(loan.book("penalty-income"), dec!(-2.45));
}

/// On 11 March 8.17 has been charged. Then we learn that the first instalment was paid on its day:
/// ten days of the second are left, 166.67 x 10 = 1.6667.
#[test]
fn a_payment_known_late_takes_penalties_back() {
    let mut loan = paid_out(costing(PenaltyBase::OverduePrincipal, 0));
    close(&mut loan, "2024-03-11");
    let before = loan.clone();
    let on = day("2024-02-01");
    let payment = Command::repay(TransactionId::new(2), on, dec!(176.86));
    loan.decide(&payment, day("2024-03-11")).unwrap();
    loan.controls().unwrap();
    assert_eq!(charged(&loan), dec!(1.67));
    assert_eq!(loan.book("penalty-income"), dec!(-1.67));
    for entry in &loan.last.as_ref().unwrap().entries {
        assert_eq!(entry.booking_date(), day("2024-03-11"));
    }
    // It bounces.
    reverse(&mut loan, 2, "2024-03-11").unwrap();
    loan.controls().unwrap();
    assert_eq!(charged(&loan), dec!(8.17));
    assert_eq!(loan.account.arrears(), before.account.arrears());
}
