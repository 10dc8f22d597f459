//! Re-amortising: what is overdue is spread over the instalments to come.

use lending_core::{
    loan::{Command, LoanError, OverdueInterestMove, Rescheduling, TransactionId, TransactionKind},
    schedule::{Amortization, AnnuityFormula, TaxKind},
};
use rust_decimal::{Decimal, dec};

use super::{
    RE_AMORTISE, contract, disbursed, expected, level_at_7, one_percent_a_month, principal, record,
};
use crate::common::{Loan, day};

/// 50 of the first 200 are paid; the 350 of the first two instalments that are overdue on 15 March
/// join the 800 still to come: 1150 / 4 = 287.50.
#[test]
fn re_amortising_spreads_what_is_overdue() {
    let mut loan = disbursed(contract());
    let on = day("2024-02-01");
    loan.decide(&Command::repay(TransactionId::new(2), on, dec!(50)), on)
        .unwrap();
    record(&mut loan, 3, "2024-03-15", RE_AMORTISE).unwrap();
    let rows = [
        ("2024-02-01", dec!(50)),
        ("2024-03-01", dec!(0)),
        ("2024-04-01", dec!(287.5)),
        ("2024-05-01", dec!(287.5)),
        ("2024-06-01", dec!(287.5)),
        ("2024-07-01", dec!(287.5)),
    ];
    assert_eq!(principal(&loan), expected(&rows));
    assert_eq!(loan.account.arrears().days_past_due, 0);
    assert_eq!(loan.account.principal_balance(), dec!(1150));
    loan.controls().unwrap();
    // Undone, everything is as before.
    let transaction = TransactionId::new(3);
    loan.decide(&Command::Reverse { transaction }, day("2024-03-15"))
        .unwrap();
    assert_eq!(loan.account.arrears().days_past_due, 43); // 1 February to 15 March
    assert_eq!(loan.account.instalments()[1].due.principal, dec!(200));
}

#[test]
fn re_amortising_needs_an_instalment_to_come() {
    let mut loan = disbursed(contract());
    let late = record(&mut loan, 2, "2024-07-02", RE_AMORTISE);
    assert!(matches!(late, Err(LoanError::TooLate { .. })), "{late:?}");
}

/// Due dates, principal and interest from the second instalment on.
fn rest(loan: &Loan) -> Vec<(Decimal, Decimal)> {
    let rows = loan.account.instalments().iter().skip(1);
    rows.map(|row| (row.due.principal, row.due.interest))
        .collect()
}

/// The loan of [`level_at_7`], its first instalment paid, re-amortised on 15 March.
fn re_amortised(interest: OverdueInterestMove) -> Loan {
    let mut loan = disbursed(level_at_7());
    let on = day("2024-02-01");
    loan.decide(&Command::repay(TransactionId::new(2), on, dec!(17.01)), on)
        .unwrap();
    let date = day("2024-03-15");
    loan.decide(&Command::EndOfDay { date }, date).unwrap();
    record(
        &mut loan,
        3,
        "2024-03-15",
        TransactionKind::ReAmortise { interest },
    )
    .unwrap();
    loan.controls().unwrap();
    loan
}

/// Figures of Fineract's own tests (LoanReAmortizationPreview.feature C4314, default;
/// LoanReAmortization-Part2.feature C4496, equal split). On 15 March 16.52 and 0.49 are overdue;
/// 83.57 go on at 7 %/12. The next instalment takes the 0.49 and its own 0.49; all four are level
/// at 21.32. Split, the 0.49 are 0.12, 0.12, 0.12 and 0.13: 0.61, 0.49, 0.37 and 0.12 + 0.13.
/// Fineract splits them unrounded and shows 0.24 and 21.32 in the last.
#[test]
fn re_amortising_may_move_interest_too() {
    let next = [
        (dec!(0), dec!(0)),
        (dec!(20.34), dec!(0.98)),
        (dec!(20.95), dec!(0.37)),
        (dec!(21.07), dec!(0.25)),
        (dec!(21.21), dec!(0.12)),
    ];
    let spread = [
        (dec!(0), dec!(0)),
        (dec!(20.71), dec!(0.61)),
        (dec!(20.83), dec!(0.49)),
        (dec!(20.95), dec!(0.37)),
        (dec!(21.08), dec!(0.25)),
    ];
    for (interest, expected) in [
        (OverdueInterestMove::NextInstalment, next),
        (OverdueInterestMove::Spread, spread),
    ] {
        let mut loan = re_amortised(interest);
        assert_eq!(rest(&loan), expected, "{interest:?}");
        assert!(!loan.account.arrears().in_arrears());
        let moved = &loan.history[2].outcome.applied;
        assert_eq!((moved.principal, moved.interest), (dec!(16.52), dec!(0.49)));
        // Early money settles what was moved with the rest: 83.57, the 0.49 and 14 days of March,
        // 0.49 x 14/31 = 0.22.
        assert_eq!(loan.account.payoff(day("2024-03-15")).unwrap(), dec!(84.28));
        // All of it becomes income once: 0.58 of January and what the instalments carry.
        let date = day("2024-07-01");
        loan.decide(&Command::EndOfDay { date }, date).unwrap();
        loan.controls().unwrap();
    }
}

/// The 0.49 are given up: the level of 83.57 in four months is 21.20. What was income is not.
#[test]
fn re_amortising_may_waive_interest() {
    let mut loan = re_amortised(OverdueInterestMove::Waived);
    let expected = [
        (dec!(0), dec!(0.49)),
        (dec!(20.71), dec!(0.49)),
        (dec!(20.83), dec!(0.37)),
        (dec!(20.95), dec!(0.25)),
        (dec!(21.08), dec!(0.12)),
    ];
    assert_eq!(rest(&loan), expected);
    let forgiven = &loan.account.instalments()[1].forgiven;
    assert_eq!(forgiven.interest, dec!(0.49));
    assert!(loan.account.arrears().oldest_unpaid.is_none());
    // 0.58 of January and 0.22 of March; the 0.49 of February were income and are booked back.
    assert_eq!(loan.book("interest-income"), -dec!(0.80));
    let transaction = TransactionId::new(3);
    loan.decide(&Command::Reverse { transaction }, day("2024-03-15"))
        .unwrap();
    assert_eq!(loan.account.outstanding().unwrap().principal, dec!(83.57));
    loan.controls().unwrap();
}

/// Interest of the schedule: 12, 10, 8, 6, 4, 2 on six parts of 200. Nothing is paid; on 16 March
/// 400 and 22 are overdue. 1,200 / 4 = 300; interest 800 x 1 % x 15/31 + 1,200 x 1 % x 16/31 =
/// 10.06, then 9, 6, 3; of the 22 each takes 5.50, or the next all.
#[test]
fn interest_of_the_schedule_moves_as_well() {
    for (interest, expected) in [
        (
            OverdueInterestMove::Spread,
            [dec!(15.56), dec!(14.50), dec!(11.50), dec!(8.50)],
        ),
        (
            OverdueInterestMove::NextInstalment,
            [dec!(32.06), dec!(9), dec!(6), dec!(3)],
        ),
    ] {
        let mut loan = disbursed(one_percent_a_month());
        let kind = TransactionKind::ReAmortise { interest };
        record(&mut loan, 2, "2024-03-16", kind).unwrap();
        let rows = rest(&loan);
        let got: Vec<_> = rows.iter().skip(1).map(|(_, interest)| *interest).collect();
        assert_eq!(got, expected, "{interest:?}");
        assert!(
            rows.iter()
                .skip(1)
                .all(|(principal, _)| *principal == dec!(300))
        );
        loan.controls().unwrap();
        // 22 and 10.06: what was moved is earned once.
        let date = day("2024-04-01");
        loan.decide(&Command::EndOfDay { date }, date).unwrap();
        loan.controls().unwrap();
        assert_eq!(loan.book("interest-income"), dec!(-32.06));
    }
}

/// 1,200 in six level months, 2 % a month agreed from 1 May on. What is overdue on 10 April joins:
/// the instalments of the new rate are levelled anew as well, and the last is level but for cents:
/// 802.80 at 2 % in two months are 413.48 each.
#[test]
fn instalments_of_a_planned_rate_are_levelled_anew() {
    let mut terms = one_percent_a_month();
    terms.schedule.amortization = Amortization::equal_instalments(AnnuityFormula::Factor);
    let mut loan = disbursed(terms);
    let kind = TransactionKind::Reschedule(Rescheduling {
        percent: Some(dec!(24)),
        ..Rescheduling::of(day("2024-06-01"))
    });
    record(&mut loan, 2, "2024-01-10", kind).unwrap();
    record(&mut loan, 3, "2024-04-10", RE_AMORTISE).unwrap();
    let rows = loan.account.instalments();
    let total = |at: usize| rows[at].due.principal + rows[at].due.interest;
    // 1 June and 1 July at 2 % a month on what is left after 1 May.
    assert_eq!(total(4), dec!(413.48), "{rows:?}");
    assert!((total(4) - total(5)).abs() <= dec!(0.02), "{rows:?}");
    loan.controls().unwrap();
}

/// Interest contains 16 %. February's becomes (1,000 x 1 + 1,200 x 28)/29 x 1 % = 11.93; by 2
/// February 12 and 11.93 x 1/29 = 0.41 are earned, which contain 12.41 x 16/116 = 1.71. 5 have been
/// paid and 7 are waived, which contain 0.97: 0.74 are left. That the 5 had been paid may be learned
/// of afterwards.
#[test]
fn a_waiver_that_shrinks_keeps_no_cent_of_tax() {
    let mut terms = one_percent_a_month();
    terms.schedule.taxes.interest_percent = Some(dec!(16));
    terms.schedule.taxes.kind = TaxKind::Inclusive;
    let waive = TransactionKind::ReAmortise {
        interest: OverdueInterestMove::Waived,
    };
    let paid = |loan: &mut Loan| {
        let repay = Command::repay(TransactionId::new(2), day("2024-02-01"), dec!(5));
        loan.decide(&repay, day("2024-02-02")).unwrap();
    };
    let mut known = disbursed(terms.clone());
    paid(&mut known);
    record(&mut known, 3, "2024-02-02", waive.clone()).unwrap();
    let mut learned = disbursed(terms);
    record(&mut learned, 3, "2024-02-02", waive).unwrap();
    paid(&mut learned);
    assert_eq!(known.history[2].outcome.applied.interest, dec!(7));
    for account in [
        "taxes",
        "interest-income",
        "interest-receivable",
        "portfolio",
    ] {
        assert_eq!(known.book(account), learned.book(account), "{account}");
    }
    assert_eq!(known.book("taxes"), dec!(-0.74));
    known.controls().unwrap();
    learned.controls().unwrap();
}
