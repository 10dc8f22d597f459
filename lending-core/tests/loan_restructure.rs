//! Re-amortising, re-ageing and termination: what is owed moves to other dates, nothing else.

mod common;

use common::{Loan, day, terms};
use lending_core::{
    dates::Period,
    day_count::DayCount,
    loan::{
        BalanceInterest, Command, FutureMoney, InterestBasis, LoanError, LoanTerms, MovedInterest,
        NewTransaction, OverdueInterest, Rescheduling, TransactionId, TransactionKind,
    },
    schedule::{Amortization, AnnuityFormula, Equalise, InterestDays, InterestMethod, Rate},
};
use rust_decimal::{Decimal, dec};

fn record(loan: &mut Loan, id: u128, on: &str, kind: TransactionKind) -> Result<(), LoanError> {
    let new = NewTransaction::new(TransactionId::new(id), day(on), kind);
    loan.decide(&Command::Record(new), day(on))
}

/// 1,200 without interest in six equal principal parts of 200, due on the first of each month from
/// 1 February 2024.
fn contract() -> LoanTerms {
    let mut terms = terms();
    terms.principal = dec!(1200);
    terms.schedule.amortization = Amortization::equal_principal();
    terms.schedule.interest.method = InterestMethod::Flat;
    terms.schedule.interest.rate.percent = Decimal::ZERO;
    terms
}

fn disbursed(terms: LoanTerms) -> Loan {
    let amount = terms.principal;
    let mut loan = Loan::approved(terms);
    let on = day("2024-01-01");
    loan.decide(&Command::disburse(TransactionId::new(1), on, amount), on)
        .unwrap();
    loan
}

fn principal(loan: &Loan) -> Vec<(String, Decimal)> {
    let rows = loan.account.instalments().iter();
    rows.map(|row| (row.due_on.to_string(), row.due.principal))
        .collect()
}

fn expected(rows: &[(&str, Decimal)]) -> Vec<(String, Decimal)> {
    rows.iter()
        .map(|(on, due)| ((*on).to_owned(), *due))
        .collect()
}

/// 50 of the first 200 are paid; the 350 of the first two instalments that are overdue on 15 March
/// join the 800 still to come: 1150 / 4 = 287.50.
#[test]
fn re_amortising_spreads_what_is_overdue() {
    let mut loan = disbursed(contract());
    let on = day("2024-02-01");
    loan.decide(&Command::repay(TransactionId::new(2), on, dec!(50)), on)
        .unwrap();
    record(&mut loan, 3, "2024-03-15", TransactionKind::ReAmortise).unwrap();
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
    let late = record(&mut loan, 2, "2024-07-02", TransactionKind::ReAmortise);
    assert!(matches!(late, Err(LoanError::TooLate { .. })), "{late:?}");
}

/// On 15 March all 1,200 are open: 1200 / 5 = 240 every two weeks from 20 March.
#[test]
fn re_ageing_makes_a_new_series() {
    let mut loan = disbursed(contract());
    let kind = TransactionKind::ReAge {
        every: Period::Weeks(2),
        first_due: day("2024-03-20"),
        instalments: 5,
        interest: MovedInterest::StaysDue,
    };
    record(&mut loan, 2, "2024-03-15", kind).unwrap();
    let rows = [
        ("2024-02-01", dec!(0)),
        ("2024-03-01", dec!(0)),
        ("2024-03-15", dec!(0)), // the running period, cut
        ("2024-03-20", dec!(240)),
        ("2024-04-03", dec!(240)),
        ("2024-04-17", dec!(240)),
        ("2024-05-01", dec!(240)),
        ("2024-05-15", dec!(240)),
    ];
    assert_eq!(principal(&loan), expected(&rows));
    assert!(!loan.account.arrears().in_arrears());
    loan.controls().unwrap();
}

/// A penalty due on 1 October joins the new instalment of 15 October, and one due after the last
/// of the series stands on its own.
#[test]
fn charges_to_come_keep_their_day() {
    let mut terms = terms();
    terms.schedule.interest.rate = lending_core::schedule::Rate::per_year(dec!(0));
    let penalty = |amount, due| TransactionKind::Charge {
        name: lending_core::loan::code("penalty").unwrap(),
        penalty: true,
        amount,
        due: day(due),
    };
    for (count, expected) in [(10, ("2024-10-15", 7)), (2, ("2024-11-01", 2))] {
        let mut loan = disbursed(terms.clone());
        record(&mut loan, 2, "2024-01-01", penalty(dec!(20), "2024-10-01")).unwrap();
        record(&mut loan, 3, "2024-01-01", penalty(dec!(30), "2024-11-01")).unwrap();
        let kind = TransactionKind::ReAge {
            every: Period::Months(1),
            first_due: day("2024-03-15"),
            instalments: count,
            interest: MovedInterest::StaysDue,
        };
        record(&mut loan, 4, "2024-03-09", kind).unwrap();
        let rows = loan.account.instalments();
        let charged = rows.iter().filter(|row| !row.due.penalty.is_zero());
        let charged: Vec<_> = charged.map(|row| (row.due_on, row.due.penalty)).collect();
        // Due 1 February and 1 March, the running one cut on 9 March, then the series.
        let first = (day(expected.0), rows[3 + expected.1].due.penalty);
        assert_eq!(charged[0], first, "{count}");
        let sum: Decimal = charged.iter().map(|row| row.1).sum();
        assert_eq!(sum, dec!(50));
        assert_eq!(charged.len(), if count == 10 { 2 } else { 1 });
        loan.controls().unwrap();
    }
}

#[test]
fn a_new_series_is_checked() {
    let mut loan = disbursed(contract());
    let kind = |first_due: &str, instalments| TransactionKind::ReAge {
        every: Period::Months(1),
        first_due: day(first_due),
        instalments,
        interest: MovedInterest::StaysDue,
    };
    let early = record(&mut loan, 2, "2024-03-15", kind("2024-03-14", 3));
    assert!(
        matches!(early, Err(LoanError::TooEarly { .. })),
        "{early:?}"
    );
    let none = record(&mut loan, 2, "2024-03-15", kind("2024-03-15", 0));
    assert!(matches!(none, Err(LoanError::Terms { .. })), "{none:?}");
}

/// 1,000 at 12 %, actual days over 365, terminated on 16 January: 1000 x 12 % x 15/365 = 4.93.
#[test]
fn termination_makes_everything_due() {
    let mut loan = disbursed(terms());
    record(&mut loan, 2, "2024-01-16", TransactionKind::Terminate).unwrap();
    let [row] = loan.account.instalments() else {
        panic!("{:?}", loan.account.instalments());
    };
    assert_eq!(row.due_on, day("2024-01-16"));
    assert_eq!(
        (row.due.principal, row.due.interest),
        (dec!(1000), dec!(4.93))
    );
    let shown = loan.history.iter().find(|t| t.id == TransactionId::new(2));
    let owed = shown.map(|t| (t.outcome.applied.principal, t.outcome.applied.interest));
    assert_eq!(owed, Some((dec!(1000), dec!(4.93))));
    let on = day("2024-01-16");
    loan.decide(
        &Command::repay(TransactionId::new(3), on, dec!(1004.93)),
        on,
    )
    .unwrap();
    assert_eq!(loan.account.status(), lending_core::loan::Status::Repaid);
    loan.controls().unwrap();
}

/// The instalment of 1 March moves to the 15th, later ones follow by months.
#[test]
fn a_due_date_moves() {
    let mut loan = disbursed(contract());
    let kind = TransactionKind::Reschedule(Rescheduling {
        new_due: Some(day("2024-03-15")),
        ..Rescheduling::of(day("2024-03-01"))
    });
    record(&mut loan, 2, "2024-02-10", kind).unwrap();
    let rows = [
        ("2024-02-01", dec!(200)),
        ("2024-03-15", dec!(200)),
        ("2024-04-15", dec!(200)),
        ("2024-05-15", dec!(200)),
        ("2024-06-15", dec!(200)),
        ("2024-07-15", dec!(200)),
    ];
    assert_eq!(principal(&loan), expected(&rows));
    loan.controls().unwrap();
}

/// Two instalments rest, two are added.
#[test]
fn principal_rests() {
    let mut loan = disbursed(contract());
    let kind = |due: &str| {
        TransactionKind::Reschedule(Rescheduling {
            principal_grace: 2,
            ..Rescheduling::of(day(due))
        })
    };
    let past = record(&mut loan, 2, "2024-02-10", kind("2024-02-01"));
    assert!(matches!(past, Err(LoanError::Terms { .. })), "{past:?}");
    record(&mut loan, 3, "2024-02-10", kind("2024-04-01")).unwrap();
    let rows = [
        ("2024-02-01", dec!(200)),
        ("2024-03-01", dec!(200)),
        ("2024-04-01", dec!(0)),
        ("2024-05-01", dec!(0)),
        ("2024-06-01", dec!(200)),
        ("2024-07-01", dec!(200)),
        ("2024-08-01", dec!(200)),
        ("2024-09-01", dec!(200)),
    ];
    assert_eq!(principal(&loan), expected(&rows));
    loan.controls().unwrap();
}

/// 100 at 7 % in six months of 30/360, level instalments of 17.01, interest on the balance, overdue
/// principal carried daily.
fn level_at_7() -> LoanTerms {
    let mut terms = terms();
    terms.principal = dec!(100);
    let schedule = &mut terms.schedule;
    schedule.interest.rate = Rate::per_year(dec!(7));
    schedule.interest.day_count = DayCount::Thirty360E;
    schedule.interest.days = InterestDays::Nominal;
    schedule.rounding.significant_digits = Some(19);
    schedule.amortization = Amortization::EqualInstalments {
        formula: AnnuityFormula::Factor,
        equalise: Equalise::OneCorrection,
        amount: None,
    };
    terms.interest_basis = InterestBasis::OnBalance(BalanceInterest {
        overdue: OverdueInterest::EveryDay,
        ..BalanceInterest::default()
    });
    terms
}

/// Figures of Fineract's own tests (LoanReAging.feature, C4536 and C4537): the first instalment is
/// paid, on 15 March what is left is spread over six months from 1 April. Principal 83.57 / 6 =
/// 13.93, 13.92 in the last. Interest that has arisen: February's 0.49 and 14 days of March, 0.22:
/// 0.71 / 6 = 0.12, 0.11 in the last. Interest of the schedule as it stands: 1.51 / 6 = 0.25, 0.26
/// in the last.
#[test]
fn re_ageing_may_spread_interest_too() {
    for (interest, whole, part, last) in [
        (
            MovedInterest::SpreadArisen,
            dec!(0.71),
            dec!(0.12),
            dec!(0.11),
        ),
        (
            MovedInterest::SpreadScheduled,
            dec!(1.51),
            dec!(0.25),
            dec!(0.26),
        ),
    ] {
        let mut loan = disbursed(level_at_7());
        let on = day("2024-02-01");
        loan.decide(&Command::repay(TransactionId::new(2), on, dec!(17.01)), on)
            .unwrap();
        let date = day("2024-03-15");
        loan.decide(&Command::EndOfDay { date }, date).unwrap();
        let before = loan.clone();
        let kind = TransactionKind::ReAge {
            every: Period::Months(1),
            first_due: day("2024-04-01"),
            instalments: 6,
            interest,
        };
        record(&mut loan, 3, "2024-03-15", kind).unwrap();
        loan.controls().unwrap();
        let rows = &loan.account.instalments()[3..];
        let due: Vec<_> = rows
            .iter()
            .map(|row| (row.due_on.to_string(), row.due.principal, row.due.interest))
            .collect();
        let months = ["04", "05", "06", "07", "08", "09"];
        let expected: Vec<_> = months
            .iter()
            .map(|month| {
                let (principal, interest) = if *month == "09" {
                    (dec!(13.92), last)
                } else {
                    (dec!(13.93), part)
                };
                (format!("2024-{month}-01"), principal, interest)
            })
            .collect();
        assert_eq!(due, expected, "{interest:?}");
        let moved = &loan.history[2].outcome.applied;
        assert_eq!((moved.principal, moved.interest), (dec!(83.57), whole));
        assert!(!loan.account.arrears().in_arrears());
        // Nothing more arises; income is what was spread.
        let date = day("2024-09-01");
        let mut later = loan.clone();
        later.decide(&Command::EndOfDay { date }, date).unwrap();
        later.controls().unwrap();
        assert_eq!(later.book("interest-income"), -(dec!(0.58) + whole));
        // What is owed is owed whole, however early it is paid.
        let owed = loan.account.payoff(day("2024-05-10")).unwrap();
        assert_eq!(owed, dec!(83.57) + whole);
        let on = day("2024-05-10");
        let mut paid = loan.clone();
        paid.decide(&Command::repay(TransactionId::new(4), on, owed), on)
            .unwrap();
        assert_eq!(paid.account.status(), lending_core::loan::Status::Repaid);
        paid.controls().unwrap();
        // Undone, everything is as before.
        let transaction = TransactionId::new(3);
        loan.decide(&Command::Reverse { transaction }, day("2024-03-15"))
            .unwrap();
        assert_eq!(loan.account.instalments(), before.account.instalments());
        loan.controls().unwrap();
    }
}

/// Money that comes early pays the agreed instalments, whatever the contract says of principal.
#[test]
fn agreed_instalments_take_early_money() {
    let mut terms = level_at_7();
    terms.allocation.future =
        FutureMoney::ReducePrincipal(lending_core::loan::Recalculation::ReduceNumber);
    let mut loan = disbursed(terms);
    let kind = TransactionKind::ReAge {
        every: Period::Months(1),
        first_due: day("2024-04-01"),
        instalments: 2,
        interest: MovedInterest::SpreadArisen,
    };
    // Nothing has been paid: 50 and what has arisen by 1 February, 0.58, are due twice.
    record(&mut loan, 2, "2024-02-01", kind).unwrap();
    let on = day("2024-03-01");
    loan.decide(&Command::repay(TransactionId::new(3), on, dec!(60)), on)
        .unwrap();
    let open = loan.account.outstanding().unwrap();
    assert_eq!((open.principal, open.interest), (dec!(40.58), dec!(0)));
    assert_eq!(loan.account.credit_balance(), dec!(0));
    loan.controls().unwrap();
}
