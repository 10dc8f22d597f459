//! Principal paid early. The inputs are those of Mambu's public article: 1,000 in six months at
//! 10 % a year, a month being 30 of 360 days, paid out on 21 January 2017, 600 paid by the second
//! due date. The article shows its results as pictures; the figures below are worked out by hand.

use super::*;
use lending_core::{
    day_count::DayCount,
    loan::{FutureMoney, InterestOnPrepayment, PaidEarly, Prepayment, Recalculation},
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
        // 415.27 / 3 = 138.4233, at most 166.67.
        (
            Recalculation::ReduceNumberLevelled,
            [
                (dec!(138.42), dec!(3.46)),
                (dec!(138.42), dec!(2.31)),
                (dec!(138.43), dec!(1.15)),
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
    // Three instalments still do: 415.30 x 10 %/12 / (1 - 1/(1 + 10 %/12)^3) = 140.75.
    let fewer_equal = [
        (dec!(137.29), dec!(3.46)),
        (dec!(138.43), dec!(2.32)),
        (dec!(139.58), dec!(1.16)),
        NONE,
    ];
    // 256.88 counts for the third instalment, 171.56 - 3.46 = 168.10, and 88.78 of the fourth,
    // 171.56 - 3.46; the fifth owes 335.98 x 10 %/12 = 2.80, the sixth the rest of 167.22, 1.39.
    let none = [
        (dec!(0), dec!(3.46)),
        (dec!(79.32), dec!(3.46)),
        (dec!(168.76), dec!(2.80)),
        (dec!(167.22), dec!(1.39)),
    ];
    let cases = [
        (Recalculation::NextInstalments, none),
        (Recalculation::ReduceNumberLevelled, fewer_equal),
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
        let levelled = left(Recalculation::ReduceNumberLevelled);
        assert!(
            same > levelled && levelled >= fewer,
            "{same} {levelled} {fewer}"
        );
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

/// The first instalment is 166.67 + 10.19. 170 on 16 January cover its principal, not its total of
/// 176.86; 180 cover both. Its interest, 4.9315 + 830 x 12 % x 16/365 = 4.3660, 9.30 (with 180:
/// 820, 4.3134, 9.24), is due on 1 February or, when the instalment is closed, with March's on 830
/// (820): 830 x 12 % x 29/365 = 7.9134, 7.91 (7.8181, 7.82).
#[test]
fn an_instalment_whose_principal_is_paid() {
    let cases = [
        (
            PaidEarly::StaysOpen,
            dec!(180),
            false,
            dec!(9.24),
            dec!(7.82),
        ),
        (
            PaidEarly::ClosedWithPrincipal,
            dec!(160),
            false,
            dec!(9.35),
            dec!(8.01),
        ),
        (
            PaidEarly::ClosedWithPrincipal,
            dec!(170),
            true,
            dec!(0),
            dec!(17.21),
        ),
        (
            PaidEarly::ClosedWithTotal,
            dec!(170),
            false,
            dec!(9.30),
            dec!(7.91),
        ),
        (
            PaidEarly::ClosedWithTotal,
            dec!(180),
            true,
            dec!(0),
            dec!(17.06),
        ),
    ];
    for (rule, amount, closed, first, second) in cases {
        let mut terms = dynamic();
        terms.allocation.future = FutureMoney::ReducePrincipal(Recalculation::ReduceNumber);
        terms.allocation.paid_early = rule;
        let mut loan = paid_out(terms);
        pay(&mut loan, 2, "2024-01-16", amount);
        let what = format!("{rule:?} {amount}");
        assert_eq!(loan.account.instalments()[0].is_settled(), closed, "{what}");
        let settled = closed.then(|| day("2024-01-16"));
        assert_eq!(loan.account.instalments()[0].settled_on, settled, "{what}");
        let interest = |loan: &Loan| {
            let rows = due_from(loan, 1);
            (rows[0].1, rows[1].1)
        };
        // 160: the 6.67 left are repaid on their day, 833.33 bear interest from then on.
        if amount == dec!(160) {
            pay(&mut loan, 3, "2024-02-01", dec!(6.67) + first);
            assert_eq!(interest(&loan), (first, dec!(7.95)), "{what}");
            continue;
        }
        assert_eq!(interest(&loan), (first, second), "{what}");
        // Income arises by days all the same: 9.30 (9.24) by 1 February.
        close(&mut loan, "2024-02-01");
        let january = if amount == dec!(180) {
            dec!(9.24)
        } else {
            dec!(9.30)
        };
        assert_eq!(loan.book("interest-income"), -january, "{what}");
        close(&mut loan, "2024-03-01");
        assert_eq!(interest(&loan), (first, second), "{what}");
        reverse(&mut loan, 2, "2024-03-01").unwrap();
        assert_eq!(interest(&loan).0, dec!(10.19), "{what}");
        loan.controls().unwrap();
    }
}

/// 176.86 (166.67 + 10.19) is due on 1 February; on 20 January 19 days have borne 1000 x 12 % x
/// 19/365 = 6.25.
#[test]
fn money_ahead_of_time_is_taken_as_the_contract_says() {
    let cases = [
        (Prepayment::Refused, "2024-01-20", dec!(0)),
        (Prepayment::Refused, "2024-02-01", dec!(176.86)),
        (Prepayment::UpToOwed, "2024-01-20", dec!(1006.25)),
    ];
    for (rule, on, allowed) in cases {
        let mut terms = dynamic();
        terms.safeguards.prepayment = rule;
        let mut loan = paid_out(terms);
        let on = day(on);
        let above = allowed + dec!(0.01);
        let refused = loan.decide(&Command::repay(TransactionId::new(2), on, above), on);
        let expected = LoanError::AboveLimit {
            field: "repayment",
            given: above,
            allowed,
        };
        assert_eq!(refused, Err(expected), "{rule:?}");
        if allowed > dec!(0) {
            let taken = loan.decide(&Command::repay(TransactionId::new(2), on, allowed), on);
            assert_eq!(taken, Ok(()), "{rule:?}");
            assert_eq!(loan.account.credit_balance(), dec!(0));
        }
    }
    // Told late it is judged by what is due by now: 176.86 and, on 1 March, 176.20 (166.67 + 9.53).
    let mut terms = dynamic();
    terms.safeguards.prepayment = Prepayment::Refused;
    let mut loan = paid_out(terms);
    close(&mut loan, "2024-03-01");
    let told = |amount| Command::repay(TransactionId::new(2), day("2024-01-20"), amount);
    assert!(loan.decide(&told(dec!(353.07)), day("2024-03-01")).is_err());
    loan.decide(&told(dec!(353.06)), day("2024-03-01")).unwrap();
}
