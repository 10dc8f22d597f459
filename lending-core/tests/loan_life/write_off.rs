//! Write-off, whole and by element, and recovery.

use super::*;
use lending_core::loan::{Amounts, Element, Status};

/// On 1 February 1,000.00 and the interest of January, 10.19, are given up; 300 comes in later.
#[test]
fn a_write_off_closes_and_recovery_is_income() {
    let mut loan = paid_out(dynamic());
    record(&mut loan, 2, "2024-02-01", TransactionKind::WriteOff).unwrap();
    assert_eq!(loan.account.status(), Status::WrittenOff);
    assert_eq!(loan.book("write-off"), dec!(1010.19));
    assert_eq!(loan.account.written_off().principal, dec!(1000));
    let recovery = |amount| TransactionKind::Recovery { amount };
    record(&mut loan, 3, "2024-05-01", recovery(dec!(300))).unwrap();
    assert_eq!(loan.book("recovery"), dec!(-300));
    assert_eq!(loan.account.written_off().principal, dec!(700));
    loan.controls().unwrap();
    let more = record(&mut loan, 4, "2024-05-02", recovery(dec!(710.20)));
    assert!(
        matches!(more, Err(LoanError::AboveLimit { .. })),
        "{more:?}"
    );
    // While there is recovery the write-off stays; undone in turn, all is as before.
    assert!(reverse(&mut loan, 2, "2024-05-02").is_err());
    reverse(&mut loan, 3, "2024-05-02").unwrap();
    reverse(&mut loan, 2, "2024-05-02").unwrap();
    assert_eq!(loan.account.status(), Status::Active);
    assert_eq!(loan.account.principal_balance(), dec!(1000));
    assert_eq!(
        (loan.book("write-off"), loan.book("recovery")),
        (dec!(0), dec!(0))
    );
    loan.controls().unwrap();
}

#[test]
fn nothing_but_recovery_follows_a_write_off() {
    let mut loan = paid_out(dynamic());
    pay(&mut loan, 2, "2024-02-01", dec!(50));
    // A write-off that counts before a payment that is known is refused, as is a payment after it.
    let before = record(&mut loan, 3, "2024-01-20", TransactionKind::WriteOff);
    assert!(
        matches!(before, Err(LoanError::WrongStatus { .. })),
        "{before:?}"
    );
    record(&mut loan, 4, "2024-02-02", TransactionKind::WriteOff).unwrap();
    let repay = Command::repay(TransactionId::new(5), day("2024-02-03"), dec!(1));
    assert!(matches!(
        loan.decide(&repay, day("2024-02-03")),
        Err(LoanError::WrongStatus { .. })
    ));
}

/// 100 of principal and the 10.19 of January are given up on 1 February, then taken back.
#[test]
fn single_elements_are_written_off() {
    let mut loan = paid_out(dynamic());
    let amounts = Amounts {
        principal: dec!(100),
        interest: dec!(10.19),
        ..Amounts::ZERO
    };
    record(
        &mut loan,
        2,
        "2024-02-01",
        TransactionKind::PartialWriteOff { amounts },
    )
    .unwrap();
    assert_eq!(loan.account.principal_balance(), dec!(900));
    assert_eq!(loan.account.status(), Status::Active);
    assert_eq!(loan.book("write-off"), dec!(110.19));
    // 166.67 less 100 is still due.
    assert_eq!(loan.account.arrears().overdue.principal, dec!(66.67));
    loan.controls().unwrap();
    let amounts = Amounts::of(Element::Interest, dec!(0.01));
    let none_left = record(
        &mut loan,
        3,
        "2024-02-01",
        TransactionKind::PartialWriteOff { amounts },
    );
    assert!(
        matches!(none_left, Err(LoanError::AboveLimit { .. })),
        "{none_left:?}"
    );
    reverse(&mut loan, 2, "2024-02-01").unwrap();
    assert_eq!(loan.book("write-off"), Decimal::ZERO);
    assert_eq!(loan.account.arrears().overdue.principal, dec!(166.67));
    loan.controls().unwrap();
}
