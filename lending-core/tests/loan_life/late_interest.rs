//! Interest on principal that is late. Contract: [`dynamic`](super::dynamic); 176.86 (166.67 +
//! 10.19) is not paid on 1 February 2024.

use super::*;
use lending_core::loan::{LateInterest, Rest};

fn late(rule: LateInterest) -> LoanTerms {
    let mut terms = dynamic();
    terms.interest_basis = InterestBasis::OnBalance(BalanceInterest {
        late: rule,
        ..BalanceInterest::default()
    });
    terms
}

/// First, second and last instalment's interest.
fn interest(loan: &Loan) -> [Decimal; 3] {
    let rows = due_from(loan, 1);
    [rows[0].1, rows[1].1, rows[5].1]
}

/// February bears 1000 x 12 % x 29/365 = 9.5342, of which 166.67 x 12 % x 29/365 = 1.5891 on what
/// is late: 1.59, 7.94 is left (alone: 833.33, 7.9451, 7.95). The last instalment is forecast 166.65
/// x 12 % x 30/365 = 1.64.
#[test]
fn where_it_falls_due() {
    for (rule, expected) in [
        (
            LateInterest::RunningInstalment,
            [dec!(10.19), dec!(9.53), dec!(1.64)],
        ),
        (
            LateInterest::OverdueInstalment,
            [dec!(11.78), dec!(7.94), dec!(1.64)],
        ),
        (
            LateInterest::LastInstalment,
            [dec!(10.19), dec!(7.94), dec!(3.23)],
        ),
        (
            LateInterest::NotCharged,
            [dec!(10.19), dec!(7.95), dec!(1.64)],
        ),
    ] {
        let mut loan = paid_out(late(rule));
        close(&mut loan, "2024-03-01");
        assert_eq!(interest(&loan), expected, "{rule:?}");
        // Wherever it is due, it is earned: 10.19 + 9.53, or 7.95.
        let february = if rule == LateInterest::NotCharged {
            dec!(7.95)
        } else {
            dec!(9.53)
        };
        assert_eq!(
            loan.book("interest-income"),
            -(dec!(10.19) + february),
            "{rule:?}"
        );
        let owed = loan.account.payoff(day("2024-03-01")).unwrap();
        assert_eq!(owed, dec!(1010.19) + february, "{rule:?}");
        pay(&mut loan, 2, "2024-03-01", owed);
        assert_eq!(
            loan.account.status(),
            lending_core::loan::Status::Repaid,
            "{rule:?}"
        );
        // Never paid, it is owed to the end.
        reverse(&mut loan, 2, "2024-03-01").unwrap();
        close(&mut loan, "2024-07-01");
        let rows = due_from(&loan, 1);
        let whole: Decimal = rows.iter().map(|row| row.1).sum();
        assert_eq!(loan.book("interest-income"), -whole, "{rule:?}");
    }
}

/// Paid ten days late: 166.67 x 12 % x 10/365 = 0.5480 joins the first instalment before the
/// payment counts, so that 177.41 settles it.
#[test]
fn it_is_taken_up_before_a_payment() {
    let mut loan = paid_out(late(LateInterest::OverdueInstalment));
    pay(&mut loan, 2, "2024-02-11", dec!(177.41));
    assert_eq!(
        loan.account.instalments()[0].settled_on,
        Some(day("2024-02-11"))
    );
    assert_eq!(loan.account.credit_balance(), dec!(0));
    close(&mut loan, "2024-03-01");
    // 1000 x 10 days + 833.33 x 19 days: 3.2877 + 5.2055 = 8.4932, less 0.55.
    assert_eq!(interest(&loan), [dec!(10.74), dec!(7.94), dec!(1.64)]);
    // Learned of in March, the same.
    let mut told_late = paid_out(late(LateInterest::OverdueInstalment));
    close(&mut told_late, "2024-03-01");
    let on = day("2024-02-11");
    let payment = Command::repay(TransactionId::new(2), on, dec!(177.41));
    told_late.decide(&payment, day("2024-03-01")).unwrap();
    assert_eq!(told_late.account.instalments(), loan.account.instalments());
    told_late.controls().unwrap();
}

#[test]
fn it_needs_interest_by_days() {
    let mut terms = late(LateInterest::LastInstalment);
    if let InterestBasis::OnBalance(basis) = &mut terms.interest_basis {
        basis.rest = Rest::DueDates;
    }
    let on = terms.expected_disbursement;
    let id = lending_core::ids::AccountId::new(1);
    let refused = lending_core::loan::LoanAccount::submit(id, terms, on);
    assert_eq!(refused.unwrap_err().code(), 3012);
}

/// Of 1,000 owed 900 are put aside on 1 February: 100 bear interest, and no more of the late 166.67.
/// February costs 100 x 12 % x 29/365 = 0.9534, 0.95, all of it on what is late; nothing is left for
/// the second instalment.
#[test]
fn money_put_aside_lowers_what_bears_interest_for_being_late() {
    for (rule, first) in [
        (LateInterest::OverdueInstalment, dec!(11.14)), // 10.19 + 0.95
        (LateInterest::LastInstalment, dec!(10.19)),
    ] {
        let mut loan = paid_out(late(rule));
        let aside = TransactionKind::RedrawDeposit { amount: dec!(900) };
        record(&mut loan, 2, "2024-02-01", aside).unwrap();
        close(&mut loan, "2024-03-01");
        assert_eq!(interest(&loan)[..2], [first, dec!(0)], "{rule:?}");
        assert_eq!(loan.book("interest-income"), dec!(-11.14), "{rule:?}");
        let owed = loan.account.payoff(day("2024-03-01")).unwrap();
        assert_eq!(owed, dec!(1011.14), "{rule:?}");
    }
}
