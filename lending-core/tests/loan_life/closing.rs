//! Closing by hand. Contract: [`dynamic`](super::dynamic).

use super::*;
use lending_core::loan::{Context, Status, code};

fn closed(loan: &mut Loan, on: &str) -> Result<(), LoanError> {
    loan.decide(&Command::Close, day(on))
}

/// 1,004.93 settles the loan on 16 January: 1000 x 12 % x 15/365 = 4.93.
fn repaid(terms: LoanTerms) -> Loan {
    let mut loan = paid_out(terms);
    pay(&mut loan, 2, "2024-01-16", dec!(1004.93));
    assert_eq!(loan.account.status(), Status::Repaid);
    loan
}

fn fee() -> TransactionKind {
    TransactionKind::Charge {
        name: code("visit").unwrap(),
        penalty: false,
        amount: dec!(5),
        due: day("2024-01-20"),
    }
}

#[test]
fn what_is_closed_by_hand_stays_closed() {
    let mut loan = repaid(dynamic());
    // Closed by itself it may be opened again, by a fee for example.
    let mut reopened = loan.clone();
    record(&mut reopened, 3, "2024-01-20", fee()).unwrap();
    assert_eq!(reopened.account.status(), Status::Active);
    closed(&mut loan, "2024-01-20").unwrap();
    assert_eq!(loan.account.closed_by_hand_on(), Some(day("2024-01-20")));
    for refused in [
        record(&mut loan, 3, "2024-01-20", fee()),
        reverse(&mut loan, 2, "2024-01-20"),
        closed(&mut loan, "2024-01-20"),
    ] {
        assert_eq!(refused.unwrap_err().code(), 3001);
    }
    // Days go on.
    close(&mut loan, "2024-01-21");
    loan.decide(&Command::UndoClose, day("2024-06-30")).unwrap();
    reverse(&mut loan, 2, "2024-06-30").unwrap();
    assert_eq!(loan.account.status(), Status::Active);
    loan.controls().unwrap();
}

#[test]
fn nothing_may_be_owed() {
    // 3001: not in this status; 3004: something is owed to the borrower.
    let mut active = paid_out(dynamic());
    assert_eq!(closed(&mut active, "2024-01-16").unwrap_err().code(), 3001);
    let mut given_up = active.clone();
    record(&mut given_up, 2, "2024-01-16", TransactionKind::WriteOff).unwrap();
    assert_eq!(
        closed(&mut given_up, "2024-01-16").unwrap_err().code(),
        3001
    );
    let mut overpaid = active.clone();
    pay(&mut overpaid, 2, "2024-01-16", dec!(1005.00));
    let refused = closed(&mut overpaid, "2024-01-16").unwrap_err();
    assert_eq!(refused.code(), 3004, "{refused}");
    let refund = TransactionKind::CreditRefund { amount: dec!(0.07) };
    record(&mut overpaid, 3, "2024-01-16", refund).unwrap();
    closed(&mut overpaid, "2024-01-16").unwrap();
    assert!(overpaid.last.unwrap().entries.is_empty());
}

/// Closed on 20 January, to be undone within 30 days: until 19 February.
#[test]
fn undoing_is_limited() {
    let mut terms = dynamic();
    terms.safeguards.undo_close_days = Some(30);
    let mut loan = repaid(terms);
    let never = loan
        .account
        .decide(&Command::UndoClose, &Context::today(day("2024-01-20")));
    assert_eq!(never.unwrap_err().code(), 3001);
    closed(&mut loan, "2024-01-20").unwrap();
    let late = loan.clone().decide(&Command::UndoClose, day("2024-02-20"));
    assert_eq!(late.unwrap_err().code(), 3006);
    loan.decide(&Command::UndoClose, day("2024-02-19")).unwrap();
    assert_eq!(loan.account.closed_by_hand_on(), None);
}
