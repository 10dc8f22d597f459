//! When a loan is late. Contract: [`dynamic`](super::dynamic); 176.86 is due on 1 February 2024, a
//! Thursday.

use super::*;
use lending_core::{dates::Calendar, loan::ArrearsStart};

/// The contract's rule, the last day that is tolerated and the first day in arrears.
#[test]
fn tolerances() {
    let by = |change: fn(&mut LoanTerms)| {
        let mut terms = dynamic();
        change(&mut terms);
        terms
    };
    let cases = [
        // No tolerance: in arrears on the day after.
        (by(|_| {}), "2024-02-01", "2024-02-02"),
        (
            by(|t| t.arrears.tolerance_days = 3),
            "2024-02-04",
            "2024-02-05",
        ),
        // Friday 2, Monday 5, Tuesday 6 are the three working days tolerated.
        (
            by(|t| {
                t.arrears.tolerance_days = 3;
                t.arrears.working_days_only = true;
                t.calendar = Calendar::weekends();
            }),
            "2024-02-06",
            "2024-02-07",
        ),
        // The 5th of the month after the due date.
        (
            by(|t| t.arrears.tolerance_day = Some(5)),
            "2024-03-05",
            "2024-03-06",
        ),
        // The 31st of the month after: its last day.
        (
            by(|t| t.arrears.tolerance_day = Some(31)),
            "2024-03-31",
            "2024-04-01",
        ),
    ];
    for (terms, tolerated, late) in cases {
        let mut loan = paid_out(terms);
        close(&mut loan, tolerated);
        assert!(!loan.account.arrears().in_arrears(), "{tolerated}");
        close(&mut loan, late);
        assert!(loan.account.arrears().in_arrears(), "{late}");
        let days = (day(late) - day("2024-02-01")).num_days();
        assert_eq!(
            i64::from(loan.account.arrears().days_past_due),
            days,
            "calendar days"
        );
    }
}

/// 176.86 is overdue: tolerated up to 17.7 % of 1,000.00 = 177.00, not up to 17.6 %; a floor of
/// 200.00 tolerates it whatever the percentage.
#[test]
fn amounts() {
    for (percent, floor, late) in [
        (dec!(17.6), dec!(0), true),
        (dec!(17.7), dec!(0), false),
        (dec!(0), dec!(200), false),
        // To the cent: what is tolerated is tolerated.
        (dec!(17.686), dec!(0), false),
        (dec!(17.685), dec!(0), true),
        (dec!(0), dec!(176.86), false),
        (dec!(17.6), dec!(176.85), true),
    ] {
        let mut terms = dynamic();
        (
            terms.arrears.tolerance_percent,
            terms.arrears.tolerance_floor,
        ) = (percent, floor);
        let mut loan = paid_out(terms);
        close(&mut loan, "2024-02-10");
        assert_eq!(
            loan.account.arrears().in_arrears(),
            late,
            "{percent} {floor}"
        );
    }
}

/// The first instalment is missed and paid in March, when the second is missed too.
#[test]
fn the_date_of_arrears() {
    for (rule, since) in [
        (ArrearsStart::OldestUnpaid, "2024-03-01"),
        (ArrearsStart::FirstMissed, "2024-02-01"),
    ] {
        let mut terms = dynamic();
        terms.arrears.counted_from = rule;
        let mut loan = paid_out(terms);
        close(&mut loan, "2024-03-10");
        assert_eq!(loan.account.arrears().since, Some(day("2024-02-01")));
        pay(&mut loan, 2, "2024-03-10", dec!(176.86));
        assert_eq!(loan.account.arrears().since, Some(day(since)), "{rule:?}");
        assert_eq!(
            loan.account.arrears().oldest_unpaid,
            Some(day("2024-03-01"))
        );
    }
}
