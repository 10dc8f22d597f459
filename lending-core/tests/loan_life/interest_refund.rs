//! Interest given back with money that is returned. Contract: [`dynamic`](super::dynamic).

use super::*;
use lending_core::loan::{Context, CreditKind, Refund};

fn refund(kind: CreditKind, amount: Decimal, on: &str, first: u128) -> Refund {
    Refund {
        kind,
        amount,
        on: day(on),
        channel: None,
        ids: [TransactionId::new(first), TransactionId::new(first + 1)],
    }
}

fn giving_back() -> LoanTerms {
    let mut terms = dynamic();
    terms.allocation.refunds_interest = vec![CreditKind::MerchantRefund];
    terms
}

fn returned(loan: &mut Loan, refund: &Refund) -> Decimal {
    let context = Context::with_history(refund.on, &loan.history);
    let made = loan
        .account
        .refund(refund, &loan.history, &context)
        .unwrap();
    for decision in &made.decisions {
        let credit = decision.recorded.clone().unwrap();
        let new = NewTransaction::new(credit.id, credit.value_date, credit.kind);
        loan.decide(&Command::Record(new), refund.on).unwrap();
    }
    assert_eq!(loan.account, made.decisions.last().unwrap().account);
    loan.controls().unwrap();
    made.interest
}

/// 400 of goods come back on 11 January: 400 x 12 % x 10/365 = 1.3151; 1,000 earned 3.29 by then,
/// 600 would have earned 1.97. Another 100 on the 21st: 20 days, 0.6575; 600 would have earned
/// 3.95, 500 3.29.
#[test]
fn interest_on_what_came_back_is_not_owed() {
    let mut loan = paid_out(giving_back());
    let first = refund(CreditKind::MerchantRefund, dec!(400), "2024-01-11", 2);
    assert_eq!(returned(&mut loan, &first), dec!(1.32));
    // 3.29 was earned, 1.32 of it given back.
    assert_eq!(loan.book("interest-income"), dec!(-1.97));
    let second = refund(CreditKind::MerchantRefund, dec!(100), "2024-01-21", 4);
    assert_eq!(returned(&mut loan, &second), dec!(0.66));
    // Undone by reversing both.
    reverse(&mut loan, 5, "2024-01-21").unwrap();
    reverse(&mut loan, 4, "2024-01-21").unwrap();
    reverse(&mut loan, 3, "2024-01-21").unwrap();
    reverse(&mut loan, 2, "2024-01-21").unwrap();
    assert_eq!(loan.account.principal_balance(), dec!(1000));
    // 1000 x 12 % x 20/365 = 6.58.
    assert_eq!(loan.book("interest-income"), dec!(-6.58));
    loan.controls().unwrap();
}

/// Everything comes back: so does everything earned.
#[test]
fn a_payout_returned_whole_bears_no_interest() {
    let mut terms = giving_back();
    terms.allocation.refunds_interest = vec![CreditKind::PayoutRefund];
    let mut loan = paid_out(terms);
    let whole = refund(CreditKind::PayoutRefund, dec!(1000), "2024-01-11", 2);
    assert_eq!(returned(&mut loan, &whole), dec!(3.29));
    assert_eq!(loan.book("interest-income"), dec!(0));
    assert_eq!(loan.account.status(), lending_core::loan::Status::Repaid);
}

#[test]
fn other_kinds_give_nothing_back() {
    let mut loan = paid_out(giving_back());
    let payout = refund(CreditKind::PayoutRefund, dec!(400), "2024-01-11", 2);
    assert_eq!(returned(&mut loan, &payout), dec!(0));
    assert_eq!(loan.history.len(), 2);
    let context = Context::with_history(day("2024-01-11"), &loan.history);
    let much = refund(CreditKind::MerchantRefund, dec!(1001), "2024-01-11", 4);
    let refused = loan.account.refund(&much, &loan.history, &context);
    assert_eq!(refused.unwrap_err().code(), 3004);
}
