//! Money that comes early, ahead of time or for a part that the payer names.

use lending_core::loan::{
    Amounts, Command, Context, FutureMoney, InterestOnPrepayment, PaidEarly, Recalculation,
    TransactionId, TransactionKind,
};
use products::{LoanKind, product::FuturePayments};
use rust_decimal::{Decimal, dec};

use super::{close, dynamic, equal_principal, opened, record, tell};
use crate::common::{day, plain};

#[test]
fn interest_to_the_day_is_paid_before_early_principal_or_stays_due() {
    // 1000 x 12 % x 15/365 = 4.93 have arisen on 20 January.
    let table = [
        (InterestOnPrepayment::PaidFirst, dec!(504.93)),
        (InterestOnPrepayment::StaysDue, dec!(500)),
    ];
    for (rule, left) in table {
        let mut product = dynamic();
        product.payments.allocation.interest_on_prepayment = rule;
        product.payments.allocation.future =
            FutureMoney::ReducePrincipal(Recalculation::ReduceInstalment);
        let account = opened(&product, day(2026, 1, 5));
        let on = day(2026, 1, 20);
        let pay = Command::repay(TransactionId::new(2), on, dec!(500));
        assert_eq!(
            tell(account, &pay, on).principal_balance(),
            left,
            "{rule:?}"
        );
    }
}

#[test]
fn money_put_aside_can_be_taken_out_again() {
    let mut product = dynamic();
    product.payments.redraw = true;
    let account = opened(&product, day(2026, 1, 5));
    let amount = dec!(300);
    let account = record(
        account,
        2,
        day(2026, 1, 20),
        TransactionKind::RedrawDeposit { amount },
    );
    let amount = dec!(100);
    let account = record(
        account,
        3,
        day(2026, 1, 25),
        TransactionKind::RedrawWithdrawal { amount },
    );
    assert_eq!(account.redraw_balance(), dec!(200));
    // 15 days on 1000, 5 on 700, 11 on 800: (15000 + 3500 + 8800) x 12 % / 365 = 8.98.
    let account = close(account, day(2026, 2, 5));
    assert_eq!(account.instalments()[0].due.interest, dec!(8.98));
}

#[test]
fn a_payer_may_name_what_a_payment_is_for() {
    let mut product = plain();
    product.payments.custom_allocation = true;
    let account = opened(&product, day(2026, 1, 5));
    let kind = TransactionKind::Credit {
        kind: lending_core::loan::CreditKind::Repayment,
        amount: dec!(50),
        split: Some(Amounts {
            principal: dec!(50),
            ..Amounts::ZERO
        }),
    };
    let account = record(account, 2, day(2026, 2, 5), kind);
    assert_eq!(account.principal_balance(), dec!(950));
    assert_eq!(account.paid().interest, Decimal::ZERO);
}

/// 200.00 on 20 January are more than the 166.67 of the first instalment. Left open it asks for its
/// interest: 15 days on 1000 and 16 on 800 are 4.93 + 4.21 = 9.14. Closed, that is due with the
/// second: 9.14 and 28 days on 800, 7.36.
#[test]
fn an_instalment_paid_ahead_stays_open_or_not() {
    for (rule, first, second) in [
        (PaidEarly::StaysOpen, dec!(9.14), dec!(7.36)),
        (PaidEarly::ClosedWithPrincipal, dec!(0), dec!(16.50)),
    ] {
        let mut product = equal_principal();
        product.kind = LoanKind::DynamicTerm;
        product.payments.allocation.future =
            FutureMoney::ReducePrincipal(Recalculation::ReduceInstalment);
        product.payments.allocation.paid_early = rule;
        let account = opened(&product, day(2026, 1, 5));
        let on = day(2026, 1, 20);
        let account = tell(
            account,
            &Command::repay(TransactionId::new(2), on, dec!(200)),
            on,
        );
        let account = close(account, day(2026, 3, 5));
        let due = |at: usize| account.instalments()[at].due.interest;
        assert_eq!((due(0), due(1)), (first, second), "{rule:?}");
    }
    // On a schedule that is fixed nothing is paid early.
    let mut product = plain();
    product.payments.allocation.paid_early = PaidEarly::ClosedWithPrincipal;
    assert_eq!(
        product.not_carried()[0].field,
        "payments.allocation.paid_early"
    );
}

/// Due on 5 February: 166.67 and 10.19. On 20 January 1004.93 settle the loan, 4.93 of it interest
/// of 15 days.
#[test]
fn money_ahead_of_time_is_taken_as_the_product_says() {
    use FuturePayments::{Accepted, OverpaymentsAccepted, Refused};
    let (early, due) = (day(2026, 1, 20), day(2026, 2, 5));
    for (future, on, most) in [
        (Refused, early, Some(dec!(0))),
        (Refused, due, Some(dec!(176.86))),
        (Accepted, early, Some(dec!(1004.93))),
        (OverpaymentsAccepted, early, None),
    ] {
        let mut product = equal_principal();
        product.kind = LoanKind::DynamicTerm;
        product.payments.future = future;
        product.payments.prepayments = future != Refused;
        assert!(product.not_carried().is_empty(), "{future:?}");
        let account = opened(&product, day(2026, 1, 5));
        let takes = |amount| {
            let pay = Command::repay(TransactionId::new(2), on, amount);
            account.decide(&pay, &Context::today(on)).is_ok()
        };
        match most {
            Some(most) => {
                assert!(!takes(most + dec!(0.01)), "{future:?}");
                assert!(most.is_zero() || takes(most), "{future:?}");
            }
            None => assert!(takes(dec!(5000))),
        }
    }
}
