//! Fees of the contract: at the payout, with instalments, for late payment; and a down payment.
//!
//! 1,200 without interest in six equal parts, due on the first of each month from 1 February.

use super::*;
use lending_core::{
    loan::{CreditKind, FeeAmount, FeeTerms, FeeTrigger, Status, code},
    schedule::InterestMethod,
};

fn contract(fees: &[(&str, FeeTrigger, FeeAmount)]) -> LoanTerms {
    let mut terms = terms();
    terms.principal = dec!(1200);
    terms.schedule.amortization = Amortization::equal_principal();
    terms.schedule.interest.method = InterestMethod::Flat;
    terms.schedule.interest.rate.percent = Decimal::ZERO;
    let fee = |(name, trigger, amount): &(&str, FeeTrigger, FeeAmount)| FeeTerms {
        name: code(name).unwrap(),
        trigger: *trigger,
        amount: *amount,
        amortisation: None,
        tax: None,
    };
    terms.fees = fees.iter().map(fee).collect();
    terms
}

/// 2 % of 1,200 kept back: 1,176 are paid out. 50 added: 1,250 are lent, 208.33 a month and 208.35.
#[test]
fn fees_at_the_payout() {
    let mut loan = paid_out(contract(&[
        (
            "kept",
            FeeTrigger::DeductedFromDisbursement,
            FeeAmount::PercentOfPrincipal(dec!(2)),
        ),
        (
            "added",
            FeeTrigger::CapitalisedAtDisbursement,
            FeeAmount::Flat(dec!(50)),
        ),
    ]));
    loan.controls().unwrap();
    assert_eq!(loan.book("bank"), dec!(-1176));
    assert_eq!(loan.book("portfolio"), dec!(1250));
    assert_eq!(loan.book("fee-income"), dec!(-74));
    assert_eq!(loan.account.disbursed(), dec!(1200));
    let due: Vec<_> = due_from(&loan, 1).iter().map(|row| row.0).collect();
    assert_eq!(due[..5], [dec!(208.33); 5]);
    assert_eq!(due[5], dec!(208.35));
    reverse(&mut loan, 1, "2024-01-02").unwrap();
    assert_eq!(loan.account.status(), Status::Approved);
    assert!(
        loan.books.values().all(Decimal::is_zero),
        "{:?}",
        loan.books
    );
}

/// 15 with the first instalment, 5 with each: 20, then 5. Earned when they fall due.
#[test]
fn fees_with_instalments() {
    let mut loan = paid_out(contract(&[
        (
            "first",
            FeeTrigger::FirstInstalment,
            FeeAmount::Flat(dec!(15)),
        ),
        (
            "each",
            FeeTrigger::EveryInstalment,
            FeeAmount::Flat(dec!(5)),
        ),
    ]));
    let fees: Vec<_> = loan
        .account
        .instalments()
        .iter()
        .map(|row| row.due.fee)
        .collect();
    assert_eq!(fees[0], dec!(20));
    assert_eq!(fees[1..], [dec!(5); 5]);
    close(&mut loan, "2024-01-31");
    assert_eq!(loan.book("fee-income"), dec!(0));
    close(&mut loan, "2024-02-01");
    assert_eq!(loan.book("fee-income"), dec!(-20));
    // Fees are paid first.
    pay(&mut loan, 2, "2024-02-01", dec!(30));
    assert_eq!(loan.book("fee-receivable"), dec!(0));
    assert_eq!(loan.account.principal_balance(), dec!(1190));
}

/// 3 % of 200.00 for each instalment unpaid when three days have passed: 6.00 on 5 February, 6.00 on
/// 5 March. Known late, a payment on the due date takes the first one back.
#[test]
fn fees_for_late_payment() {
    let mut terms = contract(&[(
        "late",
        FeeTrigger::LatePayment,
        FeeAmount::PercentOfPrincipal(dec!(3)),
    )]);
    terms.arrears.tolerance_days = 3;
    let mut loan = paid_out(terms);
    for (date, charged) in [
        ("2024-02-04", dec!(0)),
        ("2024-02-05", dec!(6)),
        ("2024-02-29", dec!(6)),
        ("2024-03-04", dec!(6)),
        ("2024-03-05", dec!(12)),
        ("2024-03-10", dec!(12)),
    ] {
        close(&mut loan, date);
        let owed = loan.account.outstanding().unwrap();
        assert_eq!(owed.fee, charged, "{date}");
        assert_eq!(loan.book("fee-income"), -charged, "{date}");
    }
    let command = Command::repay(TransactionId::new(2), day("2024-02-01"), dec!(200));
    loan.decide(&command, day("2024-03-10")).unwrap();
    loan.controls().unwrap();
    assert_eq!(loan.account.outstanding().unwrap().fee, dec!(6));
    assert_eq!(loan.book("fee-income"), dec!(-6));
    assert_eq!(
        loan.account.arrears().oldest_unpaid,
        Some(day("2024-03-01"))
    );
    reverse(&mut loan, 2, "2024-03-10").unwrap();
    assert_eq!(loan.account.outstanding().unwrap().fee, dec!(12));
}

/// A quarter, 300, is due on the day of the payout; 150 with each instalment.
#[test]
fn a_down_payment() {
    let mut terms = contract(&[]);
    terms.schedule.down_payment_percent = Some(dec!(25));
    let mut loan = paid_out(terms);
    let rows = loan.account.instalments();
    assert_eq!(
        (rows[0].due_on, rows[0].due.principal),
        (day("2024-01-01"), dec!(300))
    );
    assert!(rows[1..].iter().all(|row| row.due.principal == dec!(150)));
    assert_eq!(rows.len(), 7);
    let (amount, split) = (dec!(300), None);
    let kind = TransactionKind::Credit {
        kind: CreditKind::DownPayment,
        amount,
        split,
    };
    record(&mut loan, 2, "2024-01-01", kind).unwrap();
    loan.controls().unwrap();
    assert!(loan.account.instalments()[0].is_settled());
    assert_eq!(loan.account.principal_balance(), dec!(900));
    close(&mut loan, "2024-01-20");
    assert!(!loan.account.arrears().in_arrears());
    reverse(&mut loan, 2, "2024-01-20").unwrap();
    assert_eq!(
        loan.account.arrears().oldest_unpaid,
        Some(day("2024-01-01"))
    );
    assert_eq!(loan.account.arrears().days_past_due, 19);
}
