//! Termination: everything is due.

use lending_core::{
    dates::Period,
    loan::{Command, CreditKind, MovedInterest, Status, TransactionId, TransactionKind, code},
};
use rust_decimal::dec;

use super::{disbursed, record};
use crate::common::{Loan, day, terms};

/// 1,000 at 12 %, actual days over 365, terminated on 16 January: 1000 x 12 % x 15/365 = 4.93.
#[test]
fn termination_makes_everything_due() {
    let mut loan = disbursed(terms());
    record(&mut loan, 2, "2024-01-16", TransactionKind::Terminate).unwrap();
    let [row] = loan.account.instalments() else {
        panic!("{:?}", loan.account.instalments());
    };
    assert_eq!(row.due_on, day("2024-01-16"));
    assert_eq!(
        (row.due.principal, row.due.interest),
        (dec!(1000), dec!(4.93))
    );
    let shown = loan.history.iter().find(|t| t.id == TransactionId::new(2));
    let owed = shown.map(|t| (t.outcome.applied.principal, t.outcome.applied.interest));
    assert_eq!(owed, Some((dec!(1000), dec!(4.93))));
    let on = day("2024-01-16");
    loan.decide(
        &Command::repay(TransactionId::new(3), on, dec!(1004.93)),
        on,
    )
    .unwrap();
    assert_eq!(loan.account.status(), Status::Terminated);
    assert!(loan.account.status().is_closed());
    assert_eq!(loan.account.terminated_on(), Some(on));
    loan.controls().unwrap();
}

/// What closes a terminated loan, and what brings it back. Contract and figures as before.
#[test]
fn a_terminated_loan_closes_as_terminated() {
    let on = day("2024-01-16");
    let reverse = |loan: &mut Loan, id| {
        let transaction = TransactionId::new(id);
        loan.decide(&Command::Reverse { transaction }, on).unwrap();
        loan.controls().unwrap();
    };
    let terminated = || {
        let mut loan = disbursed(terms());
        record(&mut loan, 2, "2024-01-16", TransactionKind::Terminate).unwrap();
        assert_eq!(loan.account.status(), Status::Active);
        loan
    };
    let settled = |kind| {
        let mut loan = terminated();
        let (amount, split) = (dec!(1004.93), None);
        let credit = TransactionKind::Credit {
            kind,
            amount,
            split,
        };
        record(&mut loan, 3, "2024-01-16", credit).unwrap();
        loan
    };
    // Another loan that settles it says more than the termination does.
    for (kind, status) in [
        (CreditKind::Repayment, Status::Terminated),
        (CreditKind::GoodwillCredit, Status::Terminated),
        (CreditKind::Refinanced, Status::Refinanced),
        (CreditKind::Rescheduled, Status::Rescheduled),
    ] {
        let mut loan = settled(kind);
        assert_eq!(loan.account.status(), status, "{kind:?}");
        reverse(&mut loan, 3);
        assert_eq!(loan.account.status(), Status::Active, "{kind:?}");
    }
    // Given up, it is written off; that undone, terminated and open.
    let mut loan = terminated();
    record(&mut loan, 3, "2024-01-16", TransactionKind::WriteOff).unwrap();
    assert_eq!(loan.account.status(), Status::WrittenOff);
    reverse(&mut loan, 3);
    assert_eq!(loan.account.status(), Status::Active);
    assert_eq!(loan.account.terminated_on(), Some(on));
    // The termination undone: the money paid ahead of a schedule that runs on.
    let mut loan = settled(CreditKind::Repayment);
    reverse(&mut loan, 2);
    assert_eq!(loan.account.status(), Status::Active);
    assert_eq!(loan.account.terminated_on(), None);
    let mut never = disbursed(terms());
    let amount = dec!(1004.93);
    let command = Command::repay(TransactionId::new(3), on, amount);
    never.decide(&command, on).unwrap();
    assert_eq!(loan.account.instalments(), never.account.instalments());
    // A fee opens it again; paid, it is closed as before. Closed by hand it stays closed.
    let mut loan = settled(CreditKind::Repayment);
    let fee = TransactionKind::Charge {
        name: code("visit").unwrap(),
        penalty: false,
        amount: dec!(5),
        due: on,
    };
    record(&mut loan, 4, "2024-01-16", fee.clone()).unwrap();
    assert_eq!(loan.account.status(), Status::Active);
    let command = Command::repay(TransactionId::new(5), on, dec!(5));
    loan.decide(&command, on).unwrap();
    assert_eq!(loan.account.status(), Status::Terminated);
    loan.decide(&Command::Close, on).unwrap();
    assert_eq!(
        record(&mut loan, 6, "2024-01-16", fee).unwrap_err().code(),
        3001
    );
    loan.decide(&Command::UndoClose, on).unwrap();
    // A new series of instalments is a new agreement.
    let mut loan = terminated();
    let every = Period::Months(1);
    let re_age = TransactionKind::ReAge {
        every,
        first_due: day("2024-02-16"),
        instalments: 3,
        interest: MovedInterest::default(),
    };
    record(&mut loan, 3, "2024-01-16", re_age).unwrap();
    assert_eq!(loan.account.terminated_on(), None);
    reverse(&mut loan, 3);
    assert_eq!(loan.account.terminated_on(), Some(on));
}
