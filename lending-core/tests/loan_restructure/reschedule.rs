//! Rescheduling: dates, rates and interest of single instalments.

use lending_core::loan::{Command, LoanError, Rescheduling, TransactionId, TransactionKind};
use rust_decimal::{Decimal, dec};

use super::{contract, disbursed, expected, interest, one_percent_a_month, principal, record};
use crate::common::{Loan, day};

/// The instalment of 1 March moves to the 15th, later ones follow by months.
#[test]
fn a_due_date_moves() {
    let mut loan = disbursed(contract());
    let kind = TransactionKind::Reschedule(Rescheduling {
        new_due: Some(day("2024-03-15")),
        ..Rescheduling::of(day("2024-03-01"))
    });
    record(&mut loan, 2, "2024-02-10", kind).unwrap();
    let rows = [
        ("2024-02-01", dec!(200)),
        ("2024-03-15", dec!(200)),
        ("2024-04-15", dec!(200)),
        ("2024-05-15", dec!(200)),
        ("2024-06-15", dec!(200)),
        ("2024-07-15", dec!(200)),
    ];
    assert_eq!(principal(&loan), expected(&rows));
    loan.controls().unwrap();
}

/// Two instalments rest, two are added.
#[test]
fn principal_rests() {
    let mut loan = disbursed(contract());
    let kind = |due: &str| {
        TransactionKind::Reschedule(Rescheduling {
            principal_grace: 2,
            ..Rescheduling::of(day(due))
        })
    };
    let past = record(&mut loan, 2, "2024-02-10", kind("2024-02-01"));
    assert!(matches!(past, Err(LoanError::Terms { .. })), "{past:?}");
    record(&mut loan, 3, "2024-02-10", kind("2024-04-01")).unwrap();
    let rows = [
        ("2024-02-01", dec!(200)),
        ("2024-03-01", dec!(200)),
        ("2024-04-01", dec!(0)),
        ("2024-05-01", dec!(0)),
        ("2024-06-01", dec!(200)),
        ("2024-07-01", dec!(200)),
        ("2024-08-01", dec!(200)),
        ("2024-09-01", dec!(200)),
    ];
    assert_eq!(principal(&loan), expected(&rows));
    loan.controls().unwrap();
}

/// The second instalment pays no interest: its 10 are due with the third, 18. On 16 March, after
/// the rest, the rate doubles: the third owes the 10 put off and 800 x (1 % x 15 + 2 % x 16)/31 =
/// 12.13; those after it 600 x 2 % = 12, 8 and 4.
#[test]
fn interest_put_off_outlives_a_new_rate() {
    let mut loan = disbursed(one_percent_a_month());
    let kind = TransactionKind::Reschedule(Rescheduling {
        interest_grace: 1,
        ..Rescheduling::of(day("2024-03-01"))
    });
    record(&mut loan, 2, "2024-01-10", kind).unwrap();
    let before = [12, 0, 18, 6, 4, 2].map(Decimal::from);
    assert_eq!(interest(&loan), before);
    // Put off is not unearned: it arises on its days.
    let earned = |loan: &mut Loan, on: &str| {
        let date = day(on);
        loan.decide(&Command::EndOfDay { date }, date).unwrap();
        loan.controls().unwrap();
        -loan.book("interest-income")
    };
    assert_eq!(earned(&mut loan, "2024-02-16"), dec!(17.17)); // 12 + 10 x 15/29
    assert_eq!(earned(&mut loan, "2024-03-01"), dec!(22));
    assert_eq!(earned(&mut loan, "2024-03-16"), dec!(25.87)); // + 8 x 15/31
    let percent = dec!(24);
    record(
        &mut loan,
        3,
        "2024-03-16",
        TransactionKind::RateChange { percent },
    )
    .unwrap();
    let [a, b, c, d, e, f] = [12, 0, 0, 12, 8, 4].map(Decimal::from);
    assert_eq!(interest(&loan), [a, b, c + dec!(22.13), d, e, f]);
    assert_eq!(earned(&mut loan, "2024-07-01"), dec!(58.13));
}

/// As before, terminated on 16 February: 12 were due on the 1st, of the 10 put off 5.17 have arisen.
/// Terminated on 16 March: the 10 and 8 x 15/31 = 3.87 more.
#[test]
fn interest_put_off_is_owed_at_an_early_end() {
    for (on, owed) in [("2024-02-16", dec!(17.17)), ("2024-03-16", dec!(25.87))] {
        let mut loan = disbursed(one_percent_a_month());
        let kind = TransactionKind::Reschedule(Rescheduling {
            interest_grace: 1,
            ..Rescheduling::of(day("2024-03-01"))
        });
        record(&mut loan, 2, "2024-01-10", kind).unwrap();
        record(&mut loan, 3, on, TransactionKind::Terminate).unwrap();
        assert_eq!(loan.account.outstanding().unwrap().interest, owed, "{on}");
        loan.controls().unwrap();
    }
}

/// The period of the instalment of 1 March runs since 1 February. Told on 11 February, a rate of 24 %
/// from this instalment on counts for all of it: 1,000 x 2 % = 20; then 800 x 2 % = 16 and so on.
/// Nothing of it before: January's 12 stay.
#[test]
fn a_new_rate_counts_from_the_period_that_runs() {
    let mut loan = disbursed(one_percent_a_month());
    let date = day("2024-02-11");
    loan.decide(&Command::EndOfDay { date }, date).unwrap();
    // January, and 10 of February's 29 nights: 10 x 10/29 = 3.45.
    assert_eq!(loan.book("interest-income"), dec!(-15.45));
    let kind = TransactionKind::Reschedule(Rescheduling {
        percent: Some(dec!(24)),
        ..Rescheduling::of(day("2024-03-01"))
    });
    record(&mut loan, 2, "2024-02-11", kind).unwrap();
    let doubled = [dec!(12), dec!(20), dec!(16), dec!(12), dec!(8), dec!(4)];
    assert_eq!(interest(&loan), doubled);
    // 20 x 10/29 = 6.90.
    assert_eq!(loan.book("interest-income"), dec!(-18.90));
    loan.controls().unwrap();
    let date = day("2024-03-01");
    loan.decide(&Command::EndOfDay { date }, date).unwrap();
    assert_eq!(interest(&loan), doubled);
    let transaction = TransactionId::new(2);
    loan.decide(&Command::Reverse { transaction }, date)
        .unwrap();
    assert_eq!(interest(&loan), [12, 10, 8, 6, 4, 2].map(Decimal::from));
    loan.controls().unwrap();
}
