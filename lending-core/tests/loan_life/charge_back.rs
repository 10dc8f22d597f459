//! A payment charged back makes owed again what it had paid. Contract: [`dynamic`](super::dynamic),
//! penalty before fee before interest before principal.
//!
//! 5.00 of a fee and the first instalment, 166.67 and 10.19 of interest, are paid on 1 February.
//! 20.00 of them are charged back on the 10th: the fee, the interest, 4.81 of principal. They are
//! due on 1 March: 166.67 + 4.81 = 171.48 of principal. Interest of February, 9 days on 833.33 and
//! 20 on 838.14: (833.33 x 9 + 838.14 x 20) x 12 % / 365 = 7.9768 = 7.98, and 10.19 once more.

use super::*;
use ledger::posting_rules::AccountingMethod;
use lending_core::loan::{Amounts, ChargedBack, Context, Element, code};

fn in_order() -> LoanTerms {
    let mut terms = dynamic();
    terms.allocation.charged_back = ChargedBack::InOrder(vec![
        Element::Penalty,
        Element::Fee,
        Element::Interest,
        Element::Principal,
    ]);
    terms
}

fn paid(terms: LoanTerms) -> Loan {
    let mut loan = paid_out(terms);
    let (name, due) = (code("visit").unwrap(), day("2024-02-01"));
    let (penalty, amount) = (false, dec!(5));
    let fee = TransactionKind::Charge {
        name,
        penalty,
        amount,
        due,
    };
    record(&mut loan, 2, "2024-01-15", fee).unwrap();
    pay(&mut loan, 3, "2024-02-01", dec!(181.86));
    loan
}

fn charge_back(loan: &mut Loan, id: u128, on: &str, amount: Decimal) {
    let of = TransactionId::new(3);
    record(loan, id, on, TransactionKind::Chargeback { of, amount }).unwrap();
    loan.controls().unwrap();
}

fn applied(loan: &Loan, id: u128) -> Amounts {
    let id = TransactionId::new(id);
    let found = loan.history.iter().find(|t| t.id == id);
    found.unwrap().outcome.applied
}

fn amounts(principal: Decimal, interest: Decimal, fee: Decimal) -> Amounts {
    Amounts {
        principal,
        interest,
        fee,
        penalty: dec!(0),
    }
}

#[test]
fn what_the_payment_had_paid_is_owed_again() {
    let mut loan = paid(in_order());
    charge_back(&mut loan, 4, "2024-02-10", dec!(20));
    assert_eq!(applied(&loan, 4), amounts(dec!(4.81), dec!(10.19), dec!(5)));
    let march = loan.account.instalments()[1].due;
    assert_eq!(march, amounts(dec!(171.48), dec!(18.17), dec!(5)));
    // Income was earned before: nine days of February are all that is new,
    // 833.33 x 12 % x 9/365 = 2.47.
    assert_eq!(loan.book("interest-income"), dec!(-12.66));
    assert_eq!(loan.book("fee-income"), dec!(-5));
    assert_eq!(loan.book("interest-receivable"), dec!(12.66));
    assert_eq!(loan.book("fee-receivable"), dec!(5));
    assert_eq!(loan.book("portfolio"), dec!(838.14));
    assert_eq!(loan.book("bank"), dec!(-838.14));
    // What is left of the payment is principal.
    charge_back(&mut loan, 5, "2024-02-10", dec!(100));
    assert_eq!(applied(&loan, 5), amounts(dec!(100), dec!(0), dec!(0)));
}

#[test]
fn paid_again_it_is_no_income_again() {
    let mut loan = paid(in_order());
    charge_back(&mut loan, 4, "2024-02-10", dec!(20));
    pay(&mut loan, 5, "2024-03-01", dec!(194.65));
    assert!(loan.account.instalments()[1].is_settled());
    // 10.19 of January and 7.98 of February.
    assert_eq!(loan.book("interest-income"), dec!(-18.17));
    assert_eq!(loan.book("fee-income"), dec!(-5));
    assert_eq!(loan.book("interest-receivable"), dec!(0));
}

#[test]
fn it_may_be_reversed_and_arrive_late() {
    let mut loan = paid(in_order());
    charge_back(&mut loan, 4, "2024-02-10", dec!(20));
    reverse(&mut loan, 4, "2024-02-10").unwrap();
    loan.controls().unwrap();
    assert_eq!(due_from(&loan, 2), due_from(&paid(in_order()), 2));
    assert_eq!(loan.book("fee-receivable"), dec!(0));

    let mut early = paid(in_order());
    charge_back(&mut early, 4, "2024-02-10", dec!(20));
    pay(&mut early, 5, "2024-03-01", dec!(100));
    let mut late = paid(in_order());
    pay(&mut late, 5, "2024-03-01", dec!(100));
    let (of, amount) = (TransactionId::new(3), dec!(20));
    let kind = TransactionKind::Chargeback { of, amount };
    let new = NewTransaction::new(TransactionId::new(4), day("2024-02-10"), kind);
    late.decide(&Command::Record(new), day("2024-03-01"))
        .unwrap();
    late.controls().unwrap();
    assert_eq!(early.account.instalments(), late.account.instalments());
    assert_eq!(early.books, late.books);
}

/// A payment stands while a chargeback of it does: its money went back once.
#[test]
fn a_payment_charged_back_is_not_reversed() {
    let mut loan = paid(in_order());
    charge_back(&mut loan, 4, "2024-02-10", dec!(20));
    let refused = reverse(&mut loan, 3, "2024-02-10");
    assert!(matches!(refused, Err(LoanError::NotReversible { .. })));
    reverse(&mut loan, 4, "2024-02-10").unwrap();
    reverse(&mut loan, 3, "2024-02-10").unwrap();
    loan.controls().unwrap();
}

/// A payment that counts later had paid nothing yet.
#[test]
fn before_its_payment_it_is_principal() {
    let mut loan = paid(in_order());
    charge_back(&mut loan, 4, "2024-01-20", dec!(20));
    assert_eq!(applied(&loan, 4), amounts(dec!(20), dec!(0), dec!(0)));
}

/// On the cash basis what was income when it was paid is none when it is taken back.
#[test]
fn on_the_cash_basis_income_goes_back() {
    let mut terms = in_order();
    terms.accounting = common::rules(AccountingMethod::Cash);
    let mut loan = paid_out(terms);
    let first = Command::repay(TransactionId::new(3), day("2024-02-01"), dec!(176.86));
    loan.decide(&first, day("2024-02-01")).unwrap();
    assert_eq!(loan.book("interest-income"), dec!(-10.19));
    let (of, amount) = (TransactionId::new(3), dec!(15));
    let kind = TransactionKind::Chargeback { of, amount };
    record(&mut loan, 4, "2024-02-10", kind).unwrap();
    assert_eq!(loan.book("interest-income"), dec!(0));
    // 833.33 and the 4.81 that no interest was charged back for.
    assert_eq!(loan.book("portfolio"), dec!(838.14));
    assert_eq!(loan.book("bank"), dec!(-838.14));
}

/// The default: principal. What the payment brought must be known.
#[test]
fn by_default_it_is_principal() {
    let mut loan = paid(dynamic());
    charge_back(&mut loan, 4, "2024-02-10", dec!(20));
    assert_eq!(applied(&loan, 4), amounts(dec!(20), dec!(0), dec!(0)));

    let (of, amount) = (TransactionId::new(3), dec!(20));
    let kind = TransactionKind::Chargeback { of, amount };
    let new = NewTransaction::new(TransactionId::new(9), day("2024-02-11"), kind);
    let (command, today) = (Command::Record(new), Context::today(day("2024-02-11")));
    for account in [loan.account, paid(in_order()).account] {
        let refused = account.decide(&command, &today);
        assert!(matches!(refused, Err(LoanError::HistoryNeeded { .. })));
    }
}

#[test]
fn an_order_names_every_element_once() {
    for order in [vec![Element::Fee], vec![Element::Fee; 4]] {
        let mut terms = dynamic();
        terms.allocation.charged_back = ChargedBack::InOrder(order);
        assert!(matches!(terms.validate(), Err(LoanError::Terms { .. })));
    }
}
