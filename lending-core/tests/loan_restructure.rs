//! Re-amortising, re-ageing and termination: what is owed moves to other dates, nothing else.

mod common;

use common::{Loan, day, terms};
use lending_core::{
    dates::Period,
    loan::{
        Command, LoanError, LoanTerms, NewTransaction, Rescheduling, TransactionId, TransactionKind,
    },
    schedule::{Amortization, InterestMethod},
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

#[test]
fn a_new_series_is_checked() {
    let mut loan = disbursed(contract());
    let kind = |first_due: &str, instalments| TransactionKind::ReAge {
        every: Period::Months(1),
        first_due: day(first_due),
        instalments,
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
