//! What happens to level instalments: their total stays when money comes early, chargebacks are
//! due beside them, and tranches without interest raise all of them.

use super::*;
use ledger::Rounding;
use lending_core::{
    day_count::DayCount,
    loan::{LevelBasis, PaidEarly},
    schedule::{AnnuityFormula, ElementRounding, InterestDays, InterestMethod, Multiple, Rate},
};

/// 1,000 in six months at 12 %, actual days over 365: 1000 x 1 % / (1 - 1.01^-6) = 172.5484.
fn level() -> LoanTerms {
    let mut terms = dynamic();
    terms.schedule.amortization = Amortization::equal_instalments(AnnuityFormula::ClosedForm);
    terms
}

fn keeps_total() -> Loan {
    let mut terms = level();
    terms.allocation.paid_early = PaidEarly::KeepsTotal;
    paid_out(terms)
}

/// 172.55 on 16 January: 1000 x 12 % x 15/365 = 4.9315 has arisen, 167.62 repay. The rest of
/// January brings 832.38 x 12 % x 16/365 = 4.3785, in all 9.31: 4.38 have no room and are due with
/// February's 832.38 x 12 % x 29/365 = 7.9361, 12.32.
#[test]
fn an_instalment_paid_early_keeps_its_total() {
    let mut loan = keeps_total();
    pay(&mut loan, 2, "2024-01-16", dec!(172.55));
    let rows = due_from(&loan, 1);
    assert_eq!(rows[0], (dec!(167.62), dec!(4.93)));
    assert_eq!(rows[1], (dec!(160.23), dec!(12.32)));
    let first = &loan.account.instalments()[0];
    assert_eq!(first.settled_on, Some(day("2024-01-16")));
    // Income arises by days all the same.
    close(&mut loan, "2024-02-01");
    assert_eq!(loan.book("interest-income"), dec!(-9.31));
    close(&mut loan, "2024-03-01");
    assert_eq!(due_from(&loan, 1)[..2], rows[..2]);
    pay(&mut loan, 3, "2024-03-01", dec!(172.55));
    assert!(loan.account.instalments()[1].is_settled());
    loan.controls().unwrap();
    reverse(&mut loan, 2, "2024-03-01").unwrap();
    // As if nothing had been paid early: 1000 x 12 % x 31/365 = 10.19.
    assert_eq!(due_from(&loan, 1)[0], (dec!(162.36), dec!(10.19)));
    loan.controls().unwrap();
}

/// Money for two instalments: the second has no interest yet and takes its whole total as
/// principal. 345.10 less 4.93 leave 659.83: 659.83 x 12 % x 16/365 = 3.4709 of January (8.40 with
/// 4.9315, 3.47 without room), 659.83 x 12 % x 29/365 = 6.2910 of February (6.29) and 6.7248 of
/// March's 31 days (6.72): 16.48 are due with the third.
#[test]
fn instalments_to_come_take_principal_first() {
    let mut loan = keeps_total();
    pay(&mut loan, 2, "2024-01-16", dec!(345.10));
    let rows = due_from(&loan, 1);
    assert_eq!(rows[0], (dec!(167.62), dec!(4.93)));
    assert_eq!(rows[1], (dec!(172.55), dec!(0)));
    assert_eq!(rows[2], (dec!(156.07), dec!(16.48)));
}

/// 100 on 16 January pay 4.93 of interest and 95.07 of principal; nothing makes way: 904.93 x 12 %
/// x 16/365 = 4.7601, in all 9.69, and 172.55 - 9.69 of principal.
#[test]
fn a_part_paid_early_makes_nothing_way() {
    let mut loan = keeps_total();
    pay(&mut loan, 2, "2024-01-16", dec!(100));
    assert_eq!(due_from(&loan, 1)[0], (dec!(162.86), dec!(9.69)));
    assert!(!loan.account.instalments()[0].is_settled());
}

/// After 172.55 on 1 February 837.64 are owed: 9 days of it and 20 days of 887.64 bear 2.4785 +
/// 5.8366 = 8.32. The 50 charged back on 10 February are due on 1 March beside 172.55, those of
/// 1 March, a due date, with the instalment after it.
#[test]
fn principal_charged_back_is_due_beside_the_level() {
    let mut loan = paid_out(level());
    pay(&mut loan, 2, "2024-02-01", dec!(172.55));
    let chargeback = |of: u128, amount| TransactionKind::Chargeback {
        of: TransactionId::new(of),
        amount,
    };
    record(&mut loan, 3, "2024-02-10", chargeback(2, dec!(50))).unwrap();
    assert_eq!(due_from(&loan, 1)[1], (dec!(214.23), dec!(8.32)));
    pay(&mut loan, 4, "2024-03-01", dec!(222.55));
    assert!(loan.account.instalments()[1].is_settled());
    // 673.41 + 20 bear 693.41 x 12 % x 31/365 = 7.0671 in March.
    record(&mut loan, 5, "2024-03-01", chargeback(4, dec!(20))).unwrap();
    assert_eq!(due_from(&loan, 1)[2], (dec!(185.48), dec!(7.07)));
    loan.controls().unwrap();
}

/// Without interest, 25 % down: 1,000 in three instalments of 250. The first is due, and unpaid,
/// when 400 more are paid out: 100 down, and (750 + 300) / 3 = 350 for each, the one due today too.
#[test]
fn a_tranche_may_raise_all_instalments() {
    let mut terms = terms();
    terms.principal = dec!(1400);
    terms.tranches = true;
    terms.schedule = lending_core::schedule::ScheduleTerms::new(
        3,
        lending_core::dates::Period::Months(1),
        Rate::per_year(dec!(0)),
    );
    terms.schedule.down_payment_percent = Some(dec!(25));
    terms.level_basis = LevelBasis::LentFromStart;
    for (on, expected) in [
        (
            "2024-02-01",
            [dec!(250), dec!(100), dec!(350), dec!(350), dec!(350)],
        ),
        (
            "2024-02-10",
            [dec!(250), dec!(350), dec!(100), dec!(350), dec!(350)],
        ),
    ] {
        let mut loan = Loan::approved(terms.clone());
        let disburse = |amount| TransactionKind::Disbursement { amount };
        record(&mut loan, 1, "2024-01-01", disburse(dec!(1000))).unwrap();
        record(&mut loan, 2, on, disburse(dec!(400))).unwrap();
        let due: Vec<_> = due_from(&loan, 1).into_iter().map(|row| row.0).collect();
        assert_eq!(due, expected, "{on}");
        loan.controls().unwrap();
    }
    terms.schedule.interest.rate = Rate::per_year(dec!(1));
    assert!(matches!(
        terms.validate(),
        Err(LoanError::Terms {
            field: "level_basis",
            ..
        })
    ));
}

/// Flat interest by days, totals equal (source: Apache Fineract, `EMICalculation`, C3893): 1,000 at
/// 12 % from 1 June 2024, 30, 31 and 31 days over 366: 9.84, 10.16, 10.16, so 1030.16 / 3 = 343.39.
/// 250 more on 15 July bear 17 days of July, 250 x 12 % x 17/366 = 1.39: 11.56, then 12.70, and
/// (916.45 + 24.26) / 2 = 470.355 = 470.36 half to even.
#[test]
fn flat_interest_may_leave_equal_totals() {
    let mut terms = terms();
    terms.principal = dec!(3000);
    terms.expected_disbursement = day("2024-06-01");
    terms.tranches = true;
    terms.schedule.instalments = 3;
    terms.schedule.interest.method = InterestMethod::Flat;
    terms.schedule.interest.day_count = DayCount::ActActCalendarYear;
    terms.schedule.rounding.mode = Rounding::HalfEven;
    terms.schedule.amortization = Amortization::equal_instalments(AnnuityFormula::Factor);
    let mut loan = Loan::approved(terms);
    let disburse = |amount| TransactionKind::Disbursement { amount };
    record(&mut loan, 1, "2024-06-01", disburse(dec!(1000))).unwrap();
    let rows = [
        (dec!(333.55), dec!(9.84)),
        (dec!(333.23), dec!(10.16)),
        (dec!(333.22), dec!(10.16)),
    ];
    assert_eq!(due_from(&loan, 1), rows);
    record(&mut loan, 2, "2024-07-15", disburse(dec!(250))).unwrap();
    let rows = [
        (dec!(333.55), dec!(9.84)),
        (dec!(458.80), dec!(11.56)),
        (dec!(457.65), dec!(12.70)),
    ];
    assert_eq!(due_from(&loan, 1), rows);
    loan.controls().unwrap();
}

/// 0.40 in two instalments of whole units: a level of nothing repays nothing, so it is one unit.
#[test]
fn a_level_is_never_nothing() {
    let mut terms = terms();
    terms.principal = dec!(0.4);
    terms.schedule.instalments = 2;
    terms.schedule.interest.rate = Rate::per_year(dec!(0));
    terms.schedule.rounding.elements = ElementRounding::Total;
    terms.schedule.rounding.multiple = Some(Multiple {
        of: dec!(1),
        mode: Rounding::HalfUp,
    });
    let loan = paid_out(terms);
    assert_eq!(due_from(&loan, 1), [(dec!(0.4), dec!(0)), NONE]);
}

/// A lower rate levels instalments anew, but not one that took more than the new level (source:
/// Apache Fineract, `ProgressiveEMICalculatorTest`): 100 at 7 % in six months of 1/12 year, 17.01
/// and 16.90 more paid on 1 February; 4 % from then on. The second keeps 17.01, all principal, and
/// 66.67 x 4 % / 12 = 0.22 of its interest are due with the third:
/// (66.56 + 0.22) x 1.0033^4 / 4.0201 = 16.83.
#[test]
fn an_instalment_paid_ahead_keeps_its_level() {
    let mut terms = level();
    terms.principal = dec!(100);
    terms.schedule.interest.rate = Rate::per_year(dec!(7));
    terms.schedule.interest.days = InterestDays::Nominal;
    terms.schedule.amortization = Amortization::equal_instalments(AnnuityFormula::Factor);
    terms.allocation.paid_early = PaidEarly::KeepsTotal;
    let mut loan = paid_out(terms);
    pay(&mut loan, 2, "2024-02-01", dec!(33.91));
    let percent = dec!(4);
    record(
        &mut loan,
        3,
        "2024-02-01",
        TransactionKind::RateChange { percent },
    )
    .unwrap();
    let rows = [
        (dec!(16.43), dec!(0.58)),
        (dec!(17.01), dec!(0)),
        (dec!(16.39), dec!(0.44)),
        (dec!(16.66), dec!(0.17)),
        (dec!(16.72), dec!(0.11)),
        (dec!(16.79), dec!(0.06)),
    ];
    assert_eq!(due_from(&loan, 1), rows);
    loan.controls().unwrap();
}
