//! Forecast and schedule are one rule: paying as agreed changes nothing, whatever the rounding, the
//! residue and the length of the first period.

mod common;

use common::{Loan, day, terms};
use ledger::Rounding;
use lending_core::{
    dates::{FirstDue, Period},
    loan::{
        BalanceInterest, Command, FutureMoney, InterestBasis, LoanTerms, OverdueInterest,
        Recalculation, TransactionId,
    },
    schedule::{
        Amortization, AnnuityFormula, ElementRounding, Equalise, InterestDays, Multiple, Rate,
        Residue, ScheduleTerms,
    },
};
use rust_decimal::{Decimal, dec};

fn due(loan: &Loan) -> Vec<(Decimal, Decimal)> {
    let rows = loan.account.instalments().iter();
    rows.map(|row| (row.due.principal.normalize(), row.due.interest.normalize()))
        .collect()
}

fn disbursed(terms: LoanTerms) -> Loan {
    let (on, amount) = (terms.expected_disbursement, terms.principal);
    let mut loan = Loan::approved(terms);
    loan.decide(&Command::disburse(TransactionId::new(1), on, amount), on)
        .unwrap();
    loan
}

/// Pays every instalment on its day and holds every forecast against the first schedule.
fn pays_as_agreed(terms: LoanTerms, what: &str) {
    let mut loan = disbursed(terms);
    let agreed = due(&loan);
    let rows = loan.account.instalments().to_vec();
    for (id, row) in (2..).zip(&rows) {
        let on = row.due_on;
        loan.decide(&Command::EndOfDay { date: on }, on).unwrap();
        assert_eq!(due(&loan), agreed, "{what}, closed on {on}");
        let amount = row.due.principal + row.due.interest;
        if amount.is_zero() {
            continue;
        }
        loan.decide(&Command::repay(TransactionId::new(id), on, amount), on)
            .unwrap();
        assert_eq!(due(&loan), agreed, "{what}, paid on {on}");
        loan.controls().unwrap();
    }
    assert_eq!(loan.account.principal_balance(), Decimal::ZERO, "{what}");
    assert_eq!(
        loan.account.status(),
        lending_core::loan::Status::Repaid,
        "{what}"
    );
}

fn on_balance(overdue: OverdueInterest) -> InterestBasis {
    InterestBasis::OnBalance(BalanceInterest {
        overdue,
        ..BalanceInterest::default()
    })
}

#[test]
fn paying_as_agreed_changes_nothing() {
    let amortizations = [
        Amortization::equal_principal(),
        Amortization::equal_instalments(AnnuityFormula::ClosedForm),
        Amortization::equal_instalments(AnnuityFormula::Factor),
    ];
    let one = Some(Multiple {
        of: dec!(1),
        mode: Rounding::HalfUp,
    });
    for amortization in amortizations {
        for residue in [Residue::Principal, Residue::PrincipalAndInterest] {
            for (elements, multiple) in [
                (ElementRounding::Each, None),
                (ElementRounding::WholeUnits, one),
            ] {
                for days in [InterestDays::Counted, InterestDays::Nominal] {
                    for overdue in [OverdueInterest::ByPeriodEnd, OverdueInterest::EveryDay] {
                        let mut terms = terms();
                        terms.principal = dec!(12345);
                        terms.schedule =
                            ScheduleTerms::new(7, Period::Months(1), Rate::per_year(dec!(17.3)));
                        terms.schedule.amortization = amortization.clone();
                        terms.schedule.rounding.residue = residue;
                        terms.schedule.rounding.elements = elements;
                        terms.schedule.rounding.multiple = multiple;
                        terms.schedule.interest.days = days;
                        terms.interest_basis = on_balance(overdue);
                        let what = format!(
                            "{amortization:?} {residue:?} {elements:?} {days:?} {overdue:?}"
                        );
                        pays_as_agreed(terms, &what);
                    }
                }
            }
        }
    }
}

/// 1,000 at 12 % in 24 months, actual days over 365, the first instalment after eight: 1000 x 12 % x
/// 244/365 = 80.22 of interest is more than the level, 1000 x 1 % / (1 - 1.01^-24) = 47.07, so the
/// first instalment repays nothing; the second is 47.07 again, 9.86 of it interest of the 30 days of September.
#[test]
fn a_first_interest_above_the_level_is_no_level() {
    let mut terms = terms();
    terms.schedule = ScheduleTerms::new(24, Period::Months(1), Rate::per_year(dec!(12)));
    terms.schedule.amortization = Amortization::equal_instalments(AnnuityFormula::ClosedForm);
    terms.schedule.first_due = FirstDue::On(day("2024-09-01"));
    terms.interest_basis = on_balance(OverdueInterest::ByPeriodEnd);
    let loan = disbursed(terms.clone());
    assert_eq!(
        due(&loan)[..2],
        [(dec!(0), dec!(80.22)), (dec!(37.21), dec!(9.86))]
    );
    pays_as_agreed(terms, "a long first period");
}

/// 1,000 in whole units, 6 equal parts of 167 (165 in the last), 12 % on actual days over 365. 400
/// are paid early on 1 February beside the 177 due: 433 is left, and February's interest is 433 x
/// 12 % x 29/365 = 4.13, 4 in whole units; March's (433 - 167 = 266) 2.71, 3; April's (99) 0.98, 1.
/// 10,000 at 24 % in four weeks, 52 to the year. The level instalment is 2,528.91. The first week
/// bears 10000 x 24 % / 52 = 46.15 and pays principal alone: 2528.91 - 46.15 = 2,482.76. The second
/// bears 7517.24 x 24 % / 52 = 34.69, pays 2528.91 - 34.69 = 2,494.22 of principal and 34.69 + 46.15
/// = 80.84 of interest. Figures of Apache Fineract's loan with one instalment of grace on interest.
#[test]
fn interest_deferred_by_grace_is_due_beside_the_next_level_instalment() {
    let mut schedule = ScheduleTerms::new(4, Period::Weeks(1), Rate::per_year(dec!(24)));
    schedule.interest.day_count = lending_core::day_count::DayCount::Act364;
    schedule.interest.days = InterestDays::Nominal;
    schedule.grace.interest_deferred = 1;
    let mut weekly = terms();
    (weekly.principal, weekly.expected_disbursement) = (dec!(10_000), day("2023-05-14"));
    weekly.schedule = schedule;
    weekly.interest_basis = on_balance(OverdueInterest::default());
    let mut loan = disbursed(weekly.clone());
    let expected = [
        (dec!(2482.76), dec!(0)),
        (dec!(2494.22), dec!(80.84)),
        (dec!(2505.73), dec!(23.18)),
        (dec!(2517.29), dec!(11.62)),
    ];
    assert_eq!(due(&loan), expected);
    // A day of it: 10000 x 24 % / 364 = 6.59.
    let next = day("2023-05-15");
    assert_eq!(loan.account.payoff(next).unwrap(), dec!(10006.59));
    loan.decide(
        &Command::repay(TransactionId::new(2), next, dec!(10006.59)),
        next,
    )
    .unwrap();
    assert_eq!(
        loan.account.status(),
        lending_core::loan::Status::Repaid,
        "settled within the grace"
    );
    pays_as_agreed(weekly, "interest deferred once");
}

/// 100 at 7 % in six months, actual days, levels in whole units: 17.00 a month. After two of them
/// 67.05 are owed; with 100 more on 3 March a level of 42.37 would be even to the last, in whole units
/// it is 42.00 and the last takes 43.47. April bears (67.05 x 2 + 167.05 x 29) x 7 % / 366 = 0.95.
/// Figures of Apache Fineract's loan with a tranche and fees on every instalment.
#[test]
fn a_level_made_even_stays_in_whole_units() {
    let mut schedule = ScheduleTerms::new(6, Period::Months(1), Rate::per_year(dec!(7)));
    schedule.interest.day_count = lending_core::day_count::DayCount::ActActCalendarYear;
    schedule.amortization = Amortization::EqualInstalments {
        formula: AnnuityFormula::Factor,
        equalise: Equalise::OneCorrection,
        amount: None,
    };
    schedule.rounding.mode = Rounding::HalfEven;
    schedule.rounding.elements = ElementRounding::Total;
    schedule.rounding.multiple = Some(Multiple {
        of: dec!(1),
        mode: Rounding::HalfUp,
    });
    let mut whole = terms();
    (whole.principal, whole.tranches, whole.schedule) = (dec!(1000), true, schedule);
    let mut loan = Loan::approved(whole);
    let (first, second) = (day("2024-01-01"), day("2024-03-03"));
    loan.decide(
        &Command::disburse(TransactionId::new(1), first, dec!(100)),
        first,
    )
    .unwrap();
    for (id, on) in [(2, "2024-02-01"), (3, "2024-03-01")] {
        let pay = Command::repay(TransactionId::new(id), day(on), dec!(17));
        loan.decide(&pay, day(on)).unwrap();
    }
    loan.decide(
        &Command::disburse(TransactionId::new(4), second, dec!(100)),
        second,
    )
    .unwrap();
    let expected = [
        (dec!(16.41), dec!(0.59)),
        (dec!(16.54), dec!(0.46)),
        (dec!(41.05), dec!(0.95)),
        (dec!(41.28), dec!(0.72)),
        (dec!(41.5), dec!(0.5)),
        (dec!(43.22), dec!(0.25)),
    ];
    assert_eq!(due(&loan), expected);
}

#[test]
fn forecasts_are_in_whole_units_too() {
    let mut terms = terms();
    terms.schedule.amortization = Amortization::equal_principal();
    terms.schedule.rounding.elements = ElementRounding::WholeUnits;
    terms.schedule.rounding.multiple = Some(Multiple {
        of: dec!(1),
        mode: Rounding::HalfUp,
    });
    terms.interest_basis = on_balance(OverdueInterest::ByPeriodEnd);
    terms.allocation.future = FutureMoney::ReducePrincipal(Recalculation::ReduceNumber);
    let mut loan = disbursed(terms);
    let on = day("2024-02-01");
    loan.decide(&Command::repay(TransactionId::new(2), on, dec!(577)), on)
        .unwrap();
    assert_eq!(
        due(&loan)[1..5],
        [
            (dec!(167), dec!(4)),
            (dec!(167), dec!(3)),
            (dec!(99), dec!(1)),
            (dec!(0), dec!(0)),
        ]
    );
    loan.controls().unwrap();
}
