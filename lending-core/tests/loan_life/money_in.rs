//! Every kind of money that comes in, what it pays and what the books make of it; what reopens a
//! loan that was paid. Contract: [`dynamic`](super::dynamic): on 1 February 166.67 and 10.19 are due.

use super::*;
use lending_core::loan::{Amounts, CreditKind, Element, Status, code};

const PAID_OUT: Decimal = dec!(-1000);

fn credit(kind: CreditKind, amount: Decimal, split: Option<Amounts>) -> TransactionKind {
    TransactionKind::Credit {
        kind,
        amount,
        split,
    }
}

fn in_february() -> Loan {
    let mut loan = paid_out(dynamic());
    close(&mut loan, "2024-02-01");
    loan
}

/// 100.00 pay 10.19 of interest and 89.81 of principal, wherever they come from. Each row: money in
/// the bank beside the payout, goodwill, interest income, fee income.
#[test]
fn the_books_know_where_money_came_from() {
    let bank = |kind| (kind, dec!(100), dec!(0), dec!(-10.19), dec!(0));
    for (kind, paid_in, goodwill, interest, fees) in [
        bank(CreditKind::Repayment),
        bank(CreditKind::MerchantRefund),
        bank(CreditKind::PayoutRefund),
        bank(CreditKind::DownPayment),
        bank(CreditKind::Refinanced),
        bank(CreditKind::Rescheduled),
        // The principal is an expense, the interest was none.
        (
            CreditKind::GoodwillCredit,
            dec!(0),
            dec!(89.81),
            dec!(0),
            dec!(0),
        ),
        // 100.00 of fees are taken back, whatever they pay.
        (
            CreditKind::ChargeAdjustment,
            dec!(0),
            dec!(0),
            dec!(-10.19),
            dec!(100),
        ),
        // Out of interest income: 100.00 less the 10.19 earned.
        (
            CreditKind::InterestPaymentWaiver,
            dec!(0),
            dec!(0),
            dec!(89.81),
            dec!(0),
        ),
        (
            CreditKind::InterestRefund,
            dec!(0),
            dec!(0),
            dec!(89.81),
            dec!(0),
        ),
    ] {
        let mut loan = in_february();
        record(&mut loan, 2, "2024-02-01", credit(kind, dec!(100), None)).unwrap();
        loan.controls().unwrap();
        let paid = Amounts {
            principal: dec!(89.81),
            interest: dec!(10.19),
            ..Amounts::ZERO
        };
        assert_eq!(loan.history[1].outcome.applied, paid, "{kind:?}");
        let books = [
            ("bank", PAID_OUT + paid_in),
            ("portfolio", dec!(910.19)),
            ("interest-receivable", dec!(0)),
            ("goodwill", goodwill),
            ("interest-income", interest),
            ("fee-income", fees),
        ];
        for (account, sum) in books {
            assert_eq!(loan.book(account), sum, "{kind:?}: {account}");
        }
        reverse(&mut loan, 2, "2024-02-01").unwrap();
        loan.controls().unwrap();
        assert_eq!(loan.book("bank"), PAID_OUT, "{kind:?}");
        assert_eq!(loan.book("portfolio"), dec!(1000), "{kind:?}");
        assert_eq!(loan.book("interest-income"), dec!(-10.19), "{kind:?}");
    }
}

/// The payer says that 30.00 are principal and 5.00 interest; the parts must be the whole, and no
/// more than what is open: of interest 10.19 and what is forecast.
#[test]
fn the_payer_may_say_what_he_pays() {
    let mut loan = in_february();
    let split = Amounts {
        principal: dec!(30),
        interest: dec!(5),
        ..Amounts::ZERO
    };
    let wrong = credit(CreditKind::Repayment, dec!(36), Some(split));
    let refused = record(&mut loan, 2, "2024-02-01", wrong);
    assert_eq!(refused.unwrap_err().code(), 3007);
    let fees = Amounts::of(Element::Fee, dec!(5));
    let wrong = credit(CreditKind::Repayment, dec!(5), Some(fees));
    let refused = record(&mut loan, 2, "2024-02-01", wrong);
    assert_eq!(refused.unwrap_err().code(), 3004);
    let kind = credit(CreditKind::Repayment, dec!(35), Some(split));
    record(&mut loan, 2, "2024-02-01", kind).unwrap();
    loan.controls().unwrap();
    assert_eq!(loan.account.instalments()[0].paid, split);
    assert_eq!(loan.account.principal_balance(), dec!(970));
    assert_eq!(loan.book("interest-receivable"), dec!(5.19));
    reverse(&mut loan, 2, "2024-02-01").unwrap();
    assert!(loan.account.instalments()[0].paid.is_zero());
}

/// 1,004.93 settle the loan on 16 January (15 days of interest); four days later something is owed
/// again. Undone, it is paid again.
#[test]
fn a_paid_loan_comes_back() {
    let visit = TransactionKind::Charge {
        name: code("visit").unwrap(),
        penalty: true,
        amount: dec!(5),
        due: day("2024-01-20"),
    };
    let of = TransactionId::new(2);
    let amount = dec!(50);
    for (kind, principal, penalty) in [
        (
            TransactionKind::Chargeback { of, amount },
            dec!(50),
            dec!(0),
        ),
        (
            TransactionKind::Disbursement { amount: dec!(300) },
            dec!(300),
            dec!(0),
        ),
        (visit, dec!(0), dec!(5)),
    ] {
        let mut terms = dynamic();
        (terms.principal, terms.tranches) = (dec!(1500), true);
        let mut loan = Loan::approved(terms);
        let on = day("2024-01-01");
        loan.decide(
            &Command::disburse(TransactionId::new(1), on, dec!(1000)),
            on,
        )
        .unwrap();
        pay(&mut loan, 2, "2024-01-16", dec!(1004.93));
        assert_eq!(loan.account.status(), Status::Repaid);
        let name = kind.name();
        record(&mut loan, 3, "2024-01-20", kind).unwrap();
        loan.controls().unwrap();
        assert_eq!(loan.account.status(), Status::Active, "{name}");
        assert_eq!(loan.account.principal_balance(), principal, "{name}");
        let owed = loan.account.outstanding().unwrap();
        assert_eq!(owed.penalty, penalty, "{name}");
        reverse(&mut loan, 3, "2024-01-20").unwrap();
        assert_eq!(loan.account.status(), Status::Repaid, "{name} undone");
        // The payment itself.
        reverse(&mut loan, 2, "2024-01-20").unwrap();
        assert_eq!(loan.account.status(), Status::Active);
        assert_eq!(loan.account.principal_balance(), dec!(1000));
    }
}

/// What must be paid on a day to owe nothing: principal, interest that has arisen, fees.
#[test]
fn a_pay_off_is_quoted_for_a_day() {
    let mut loan = paid_out(dynamic());
    let fee = TransactionKind::Charge {
        name: code("visit").unwrap(),
        penalty: false,
        amount: dec!(5),
        due: day("2024-02-20"),
    };
    record(&mut loan, 2, "2024-01-10", fee).unwrap();
    // 1000 x 12 %/365: 9 days 2.96, 15 days 4.93, 31 days 10.19, 46 days 10.19 + 4.93.
    for (on, owed) in [
        ("2024-01-10", dec!(1007.96)),
        ("2024-01-16", dec!(1009.93)),
        ("2024-02-01", dec!(1015.19)),
        ("2024-02-16", dec!(1020.12)),
    ] {
        assert_eq!(loan.account.payoff(day(on)).unwrap(), owed, "{on}");
    }
    pay(&mut loan, 3, "2024-01-16", dec!(1009.93));
    assert_eq!(loan.account.status(), Status::Repaid);
}
