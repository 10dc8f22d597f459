//! Where amounts come from, and how fees become income.

use super::*;
use ledger::Rounding;
use lending_core::loan::{
    Amortisation, Explanation, PenaltyBase, PenaltyTerms, Question, amortised,
};

fn explained(loan: &Loan, question: Question) -> Explanation {
    loan.account.explain(question, &loan.history).unwrap()
}

/// 300 of principal paid by the tenth: 1000 for 10 days, 700 for 21, at 12 %/365:
/// 3.2877 + 4.8329 = 8.1206.
#[test]
fn interest_is_derived_stretch_by_stretch() {
    let mut terms = dynamic();
    let rule = lending_core::loan::Recalculation::ReduceNumber;
    terms.allocation.future = lending_core::loan::FutureMoney::ReducePrincipal(rule);
    let mut loan = paid_out(terms);
    pay(&mut loan, 2, "2024-01-11", dec!(300));
    close(&mut loan, "2024-02-15");
    let explanation = explained(&loan, Question::InstalmentInterest(1));
    let Explanation::Sum {
        stretches,
        rounded,
        due,
        ..
    } = &explanation
    else {
        panic!("{explanation:?}");
    };
    assert_eq!((*rounded, *due), (dec!(8.12), dec!(8.12)));
    let bases: Vec<Decimal> = stretches.iter().map(|stretch| stretch.base).collect();
    assert_eq!(bases, [dec!(1000), dec!(700)]);
    let line = explanation.to_string();
    let start = "interest of instalment 1: 1000 x 12 % from 2024-01-01 to 2024-01-11 + 700 x 12 % \
                 from 2024-01-11 to 2024-02-01 = 8.12054";
    assert!(line.starts_with(start), "{line}");
    assert!(line.ends_with("HalfUp to 2 decimals: 8.12"), "{line}");
    // The running period, 1 to 15 February: 700 x 12 % x 14/365 = 3.2219.
    let Explanation::Sum { rounded, .. } = explained(&loan, Question::AccruedInterest) else {
        panic!("a sum");
    };
    assert_eq!(rounded, dec!(3.22));
    let none = loan
        .account
        .explain(Question::InstalmentInterest(9), &loan.history);
    assert!(matches!(none, Err(LoanError::Terms { .. })));
}

/// 200 on 1 March: the first instalment takes 176.86, the second 9.53 of interest and 13.61.
#[test]
fn an_allocation_names_its_instalments() {
    let mut loan = paid_out(dynamic());
    pay(&mut loan, 2, "2024-03-01", dec!(200));
    let explanation = explained(&loan, Question::Allocation(TransactionId::new(2)));
    let Explanation::Allocation { shares, .. } = &explanation else {
        panic!("{explanation:?}");
    };
    let parts = |at: usize| (shares[at].amounts.principal, shares[at].amounts.interest);
    assert_eq!(parts(0), (dec!(166.67), dec!(10.19)));
    assert_eq!(parts(1), (dec!(13.61), dec!(9.53)));
    let unknown = loan
        .account
        .explain(Question::Allocation(TransactionId::new(9)), &loan.history);
    assert!(matches!(unknown, Err(LoanError::UnknownTransaction { .. })));
}

#[test]
fn arrears_and_penalties_are_derived() {
    let mut terms = dynamic();
    terms.arrears.tolerance_days = 3;
    let (base, daily_percent, grace_days) = (PenaltyBase::OverduePrincipal, dec!(0.1), 0);
    terms.penalty = Some(PenaltyTerms {
        base,
        daily_percent,
        grace_days,
    });
    let mut loan = paid_out(terms);
    close(&mut loan, "2024-02-11");
    assert_eq!(
        explained(&loan, Question::ArrearsDays).to_string(),
        "178.53 unpaid since 2024-02-01, on 2024-02-11 10 days past due; 10 days count, 3 days and \
         0 are tolerated: in arrears since 2024-02-01"
    );
    // 166.67 x 0.1 % x 10 days = 1.6667.
    assert_eq!(
        explained(&loan, Question::Penalty).to_string(),
        "penalty of this spell of late payment: 166.67 x 0.1 % from 2024-02-01 to 2024-02-11 = \
         1.6667, HalfUp to 2 decimals: 1.67"
    );
}

/// A fee of 60.00 on 600.00 in three parts of 200.00 with 6.00, 4.00 and 2.00 of interest.
/// Straight line 20.00 each. Sum of digits 3 + 2 + 1 = 6: 30.00, 20.00, 10.00. Effective rate:
/// 540 = 206/(1+e) + 204/(1+e)^2 + 202/(1+e)^3 at e = 6.551659 %: 540 x e - 6 = 29.38, then
/// (540 x (1+e) - 206) x e - 4 = 20.20.
#[test]
fn fees_become_income() {
    let rows = [
        (dec!(200), dec!(6)),
        (dec!(200), dec!(4)),
        (dec!(200), dec!(2)),
    ];
    let parts = |profile| amortised(profile, dec!(60), &rows, (Rounding::HalfUp, 2)).unwrap();
    assert_eq!(
        parts(Amortisation::StraightLine),
        [dec!(20), dec!(20), dec!(20)]
    );
    assert_eq!(
        parts(Amortisation::SumOfDigits),
        [dec!(30), dec!(20), dec!(10)]
    );
    assert_eq!(
        parts(Amortisation::EffectiveRate),
        [dec!(29.38), dec!(20.20), dec!(10.42)]
    );
    let none = amortised(
        Amortisation::StraightLine,
        dec!(60),
        &[],
        (Rounding::HalfUp, 2),
    );
    assert!(matches!(none, Err(LoanError::Terms { .. })));
}
