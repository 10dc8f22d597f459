//! Principal paid early. The inputs are those of Mambu's public article: 1,000 in six months at
//! 10 % a year, a month being 30 of 360 days, paid out on 21 January 2017, 600 paid by the second
//! due date. The article shows its results as pictures; the figures below are worked out by hand.

use super::*;
use lending_core::{
    day_count::DayCount,
    loan::{FutureMoney, InterestOnPrepayment, Recalculation},
    schedule::{AnnuityFormula, InterestDays, Rate},
};

fn contract(amortization: Amortization, recalculation: Recalculation) -> LoanTerms {
    let mut terms = dynamic();
    terms.expected_disbursement = day("2017-01-21");
    terms.schedule.interest.rate = Rate::per_year(dec!(10));
    terms.schedule.interest.day_count = DayCount::Thirty360EIsda;
    terms.schedule.interest.days = InterestDays::Nominal;
    terms.schedule.amortization = amortization;
    terms.allocation.future = FutureMoney::ReducePrincipal(recalculation);
    terms
}

fn annuity() -> Amortization {
    Amortization::equal_instalments(AnnuityFormula::ClosedForm)
}

/// The first instalment is paid on its day, the rest of 600 on the second due date.
fn after_600(terms: LoanTerms, first: Decimal) -> Loan {
    let mut loan = paid_out(terms);
    pay(&mut loan, 2, "2017-02-21", first);
    pay(&mut loan, 3, "2017-03-21", dec!(600) - first);
    loan
}

/// First instalment 166.67 + 8.33, second 166.67 + 6.94: 348.61 of 600 was due, 251.39 is early
/// and 415.27 outstanding.
#[test]
fn equal_principal() {
    let cases = [
        // 415.27 x 10 %/12 = 3.46; of 251.39 the third takes 166.67, the fourth 84.72 of 166.67.
        (
            Recalculation::NextInstalments,
            [
                (dec!(0), dec!(3.46)),
                (dec!(81.95), dec!(3.46)),
                (dec!(166.67), dec!(2.78)),
                (dec!(166.65), dec!(1.39)),
            ],
        ),
        // 415.27 / 4 = 103.8175.
        (
            Recalculation::ReduceInstalment,
            [
                (dec!(103.82), dec!(3.46)),
                (dec!(103.82), dec!(2.60)),
                (dec!(103.82), dec!(1.73)),
                (dec!(103.81), dec!(0.87)),
            ],
        ),
        (
            Recalculation::SpreadPrincipal,
            [
                (dec!(103.82), dec!(3.46)),
                (dec!(103.82), dec!(2.60)),
                (dec!(103.82), dec!(1.73)),
                (dec!(103.81), dec!(0.87)),
            ],
        ),
        // 415.27 = 2 x 166.67 + 81.93.
        (
            Recalculation::KeepPrincipal,
            [
                (dec!(166.67), dec!(3.46)),
                (dec!(166.67), dec!(2.07)),
                (dec!(81.93), dec!(0.68)),
                NONE,
            ],
        ),
        (
            Recalculation::ReduceNumber,
            [
                (dec!(166.67), dec!(3.46)),
                (dec!(166.67), dec!(2.07)),
                (dec!(81.93), dec!(0.68)),
                NONE,
            ],
        ),
        // Totals before: 166.67 + 5.56 = 172.23, 166.67 + 4.17 = 170.84. 172.23 - 3.46 = 168.77;
        // 246.50 x 10 %/12 = 2.05, 170.84 - 2.05 = 168.79; 77.71 is left, interest 0.65.
        (
            Recalculation::KeepTotal,
            [
                (dec!(168.77), dec!(3.46)),
                (dec!(168.79), dec!(2.05)),
                (dec!(77.71), dec!(0.65)),
                NONE,
            ],
        ),
    ];
    for (recalculation, expected) in cases {
        let terms = contract(Amortization::equal_principal(), recalculation);
        let loan = after_600(terms, dec!(175.00));
        assert_eq!(
            loan.account.principal_balance(),
            dec!(415.27),
            "{recalculation:?}"
        );
        assert_eq!(due_from(&loan, 3), expected, "{recalculation:?}");
    }
}

/// The level instalment is 171.56: 343.12 of 600 was due, 256.88 is early, 415.30 outstanding.
#[test]
fn level_instalments() {
    // A level of 106.00 over four months: 415.30 x 10 %/12 = 3.46, 312.76: 2.61, 209.37: 1.74,
    // 105.11: 0.88.
    let smaller = [
        (dec!(102.54), dec!(3.46)),
        (dec!(103.39), dec!(2.61)),
        (dec!(104.26), dec!(1.74)),
        (dec!(105.11), dec!(0.88)),
    ];
    // 171.56 kept: 168.10 + 3.46, 169.50 + 2.06, 77.70 + 0.65 = 78.35.
    let fewer = [
        (dec!(168.10), dec!(3.46)),
        (dec!(169.50), dec!(2.06)),
        (dec!(77.70), dec!(0.65)),
        NONE,
    ];
    // 415.30 / 4 = 103.825.
    let spread = [
        (dec!(103.83), dec!(3.46)),
        (dec!(103.83), dec!(2.60)),
        (dec!(103.83), dec!(1.73)),
        (dec!(103.81), dec!(0.87)),
    ];
    let cases = [
        (Recalculation::ReduceInstalment, smaller),
        (Recalculation::ReduceNumber, fewer),
        (Recalculation::KeepTotal, fewer),
        (Recalculation::SpreadPrincipal, spread),
    ];
    for (recalculation, expected) in cases {
        let loan = after_600(contract(annuity(), recalculation), dec!(171.56));
        assert_eq!(
            loan.account.principal_balance(),
            dec!(415.30),
            "{recalculation:?}"
        );
        assert_eq!(due_from(&loan, 3), expected, "{recalculation:?}");
    }
}

/// All 600 on the second due date, the first instalment being late: the interest still to come is
/// most without recalculation, less with the same number, least with fewer instalments.
#[test]
fn interest_left_is_ordered() {
    for amortization in [Amortization::equal_principal(), annuity()] {
        let left = |recalculation| {
            let mut loan = paid_out(contract(amortization.clone(), recalculation));
            pay(&mut loan, 2, "2017-03-21", dec!(600));
            due_from(&loan, 3)
                .iter()
                .map(|(_, interest)| *interest)
                .sum::<Decimal>()
        };
        let none = left(Recalculation::NextInstalments);
        let same = left(Recalculation::ReduceInstalment);
        let fewer = left(Recalculation::ReduceNumber);
        assert!(none > same && same > fewer, "{none} {same} {fewer}");
    }
}

/// 300 on 16 January, 15 days after the payout: 1000 x 12 % x 15/365 = 4.93 has arisen.
#[test]
fn interest_to_date_stays_due_or_is_paid_first() {
    let mut terms = dynamic();
    terms.allocation.future = FutureMoney::ReducePrincipal(Recalculation::ReduceNumber);
    let mut by_hand = paid_out(terms.clone());
    pay(&mut by_hand, 2, "2024-01-16", dec!(300));
    assert_eq!(by_hand.account.principal_balance(), dec!(700));
    terms.allocation.interest_on_prepayment = InterestOnPrepayment::PaidFirst;
    let mut automatic = paid_out(terms);
    pay(&mut automatic, 2, "2024-01-16", dec!(300));
    assert_eq!(automatic.account.principal_balance(), dec!(704.93));
    assert_eq!(automatic.history[1].outcome.applied.interest, dec!(4.93));
    // January: 4.9315 + 704.93 x 12 % x 16/365 = 3.7081, together 8.64, of which 4.93 is paid.
    close(&mut automatic, "2024-02-01");
    let row = &automatic.account.instalments()[0];
    assert_eq!(
        (row.due.interest, row.paid.interest),
        (dec!(8.64), dec!(4.93))
    );
    // Undone, nothing is paid.
    reverse(&mut automatic, 2, "2024-02-01").unwrap();
    assert_eq!(automatic.account.principal_balance(), dec!(1000));
    assert_eq!(automatic.account.instalments()[0].due.interest, dec!(10.19));
    automatic.controls().unwrap();
}

/// 200 more than due on 1 February stays a credit balance and pays what falls due in March.
#[test]
fn a_credit_balance_by_choice_waits() {
    let mut terms = dynamic();
    terms.allocation.future = FutureMoney::CreditBalance;
    let mut loan = paid_out(terms);
    pay(&mut loan, 2, "2024-02-01", dec!(376.86)); // 166.67 + 10.19 + 200.00
    assert_eq!(loan.account.credit_balance(), dec!(200));
    assert_eq!(loan.account.principal_balance(), dec!(833.33));
    close(&mut loan, "2024-02-29");
    assert_eq!(loan.account.credit_balance(), dec!(200));
    // 833.33 x 12 % x 29/365 = 7.9451 = 7.95: 166.67 + 7.95 = 174.62, 25.38 is left.
    close(&mut loan, "2024-03-01");
    assert_eq!(loan.account.credit_balance(), dec!(25.38));
    assert!(loan.account.instalments()[1].is_settled());
    // What the payment did is known to have changed.
    let change = &loan.last.as_ref().unwrap().changes[0];
    assert_eq!(change.transaction, TransactionId::new(2));
    assert_eq!(
        (change.by.applied.principal, change.by.applied.interest),
        (dec!(166.67), dec!(7.95))
    );
    assert_eq!(change.by.credit_balance, dec!(-174.62));
}
