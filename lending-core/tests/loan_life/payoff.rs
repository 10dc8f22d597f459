//! Settling a loan before its time: what is quoted closes it, wherever interest is due. Contract:
//! [`dynamic`](super::dynamic).

use super::*;
use ledger::Rounding;
use lending_core::{
    dates::Period,
    loan::{
        CreditKind, FutureMoney, MovedInterest, OverdueInterestMove, Recalculation, Rescheduling,
        Status,
    },
    schedule::{ElementRounding, Multiple},
};

const FUTURE: [FutureMoney; 5] = [
    FutureMoney::NextInstalment,
    FutureMoney::LastInstalment,
    FutureMoney::NextThenLast,
    FutureMoney::Spread,
    FutureMoney::ReducePrincipal(Recalculation::ReduceNumber),
];

/// The loan's place is taken by another on a day, for what is quoted.
fn settled(loan: &mut Loan, on: &str, quoted: Decimal) {
    close(loan, on);
    assert_eq!(loan.account.payoff(day(on)).unwrap(), quoted);
    let kind = TransactionKind::Credit {
        kind: CreditKind::Rescheduled,
        amount: quoted,
        split: None,
    };
    record(loan, 90, on, kind).unwrap();
    loan.controls().unwrap();
    assert_eq!(loan.account.status(), Status::Rescheduled, "{on} {quoted}");
    assert_eq!(loan.account.outstanding().unwrap().total(), Ok(dec!(0)));
    assert_eq!(loan.account.credit_balance(), dec!(0));
}

/// Interest in whole units: of 3 days 1000 x 12 % x 3/365 = 0.9863, of 19 days 6.2466.
#[test]
fn interest_of_whole_units_is_settled_in_whole_units() {
    let cases = [
        ("2024-01-04", Rounding::Up, dec!(1001)),
        ("2024-01-04", Rounding::HalfUp, dec!(1001)),
        ("2024-01-04", Rounding::Down, dec!(1000)),
        ("2024-01-20", Rounding::Up, dec!(1007)),
        ("2024-01-20", Rounding::HalfUp, dec!(1006)),
        ("2024-01-20", Rounding::Down, dec!(1006)),
    ];
    for future in FUTURE {
        for (on, mode, quoted) in cases {
            let mut terms = dynamic();
            terms.allocation.future = future;
            terms.schedule.rounding.elements = ElementRounding::WholeUnits;
            let of = dec!(1);
            terms.schedule.rounding.multiple = Some(Multiple { of, mode });
            settled(&mut paid_out(terms), on, quoted);
        }
    }
}

/// The first two instalments pay no interest; 166.67 are paid on 1 February. On the 16th the 10.19 of
/// January and 833.33 x 12 % x 15/365 = 4.1096 are owed, 14.30, due with the third.
#[test]
fn interest_put_off_is_settled_where_it_would_be_due() {
    for future in FUTURE {
        let mut terms = dynamic();
        terms.allocation.future = future;
        let mut loan = paid_out(terms);
        let put_off = TransactionKind::Reschedule(Rescheduling {
            interest_grace: 2,
            ..Rescheduling::of(day("2024-02-01"))
        });
        record(&mut loan, 2, "2024-01-01", put_off).unwrap();
        pay(&mut loan, 3, "2024-02-01", dec!(166.67));
        settled(&mut loan, "2024-02-16", dec!(847.63));
        assert_eq!(loan.account.instalments()[2].paid.interest, dec!(14.30));
        assert_eq!(loan.book("interest-income"), dec!(-14.30));
    }
}

/// Put off as above and nothing paid. On 16 February the interest that has arisen is made due: 10.19
/// and 1000 x 12 % x 15/365 = 4.9315, 15.12. On 1 April the third instalment owes what is left of the
/// 91 days, 10.19 + 9.53 + 1000 x 12 % x 31/365 = 10.19, together 29.91.
#[test]
fn interest_put_off_is_applied_by_hand() {
    let mut loan = paid_out(dynamic());
    let put_off = TransactionKind::Reschedule(Rescheduling {
        interest_grace: 2,
        ..Rescheduling::of(day("2024-02-01"))
    });
    record(&mut loan, 2, "2024-01-01", put_off).unwrap();
    let apply = TransactionKind::InterestApplication;
    record(&mut loan, 3, "2024-02-16", apply).unwrap();
    let applied = loan.account.instalments()[1];
    let due = (applied.due_on, applied.due.principal, applied.due.interest);
    assert_eq!(due, (day("2024-02-16"), dec!(0), dec!(15.12)));
    close(&mut loan, "2024-04-01");
    assert_eq!(due_from(&loan, 3)[0], (dec!(166.67), dec!(0)));
    assert_eq!(due_from(&loan, 4)[0], (dec!(166.67), dec!(14.79))); // 29.91 - 15.12
    assert_eq!(loan.book("interest-income"), dec!(-29.91));
}

/// The interest of the whole schedule is agreed for two instalments: 10.19, 7.95 of 833.33, 6.79 of
/// 666.66, 4.93 of 499.99, 3.40 of 333.32 and 1.64 of 166.65, in sum 34.90. It is owed whole on the
/// first day.
#[test]
fn interest_agreed_as_an_amount_is_settled_whole() {
    for future in FUTURE {
        let mut terms = dynamic();
        terms.allocation.future = future;
        let mut loan = paid_out(terms);
        let agreed = TransactionKind::ReAge {
            every: Period::Months(1),
            first_due: day("2024-02-01"),
            instalments: 2,
            interest: MovedInterest::SpreadScheduled,
        };
        record(&mut loan, 2, "2024-01-01", agreed).unwrap();
        settled(&mut loan, "2024-01-01", dec!(1034.90));
    }
}

/// Nothing is paid; the fourth and the fifth instalment rest. On 2 April what is past due, 500.01 and
/// the interest of three months, 10.19 + 9.53 + 10.19 = 29.91, is spread over the three to come: 9.97
/// each, resting or not. Beside it one day is owed, 1000 x 12 % x 1/365 = 0.3288, due with the last.
#[test]
fn interest_moved_to_an_instalment_that_rests_is_settled_there() {
    for future in FUTURE {
        let mut terms = dynamic();
        terms.allocation.future = future;
        let mut loan = paid_out(terms);
        let put_off = TransactionKind::Reschedule(Rescheduling {
            interest_grace: 2,
            ..Rescheduling::of(day("2024-05-01"))
        });
        record(&mut loan, 2, "2024-02-03", put_off).unwrap();
        let spread = TransactionKind::ReAmortise {
            interest: OverdueInterestMove::Spread,
        };
        record(&mut loan, 3, "2024-04-02", spread).unwrap();
        settled(&mut loan, "2024-04-02", dec!(1030.24));
        let paid = [3, 4, 5].map(|at| loan.account.instalments()[at].paid.interest);
        assert_eq!(paid, [dec!(9.97), dec!(9.97), dec!(10.30)]);
    }
}
