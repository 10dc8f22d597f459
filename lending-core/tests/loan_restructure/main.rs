//! Re-amortising, re-ageing and termination: what is owed moves to other dates, nothing else.

#[path = "../common/mod.rs"]
mod common;

mod re_age;
mod re_amortise;
mod reschedule;
mod terminate;

use common::{Loan, day, terms};
use lending_core::{
    day_count::DayCount,
    loan::{
        BalanceInterest, Command, InterestBasis, LoanError, LoanTerms, NewTransaction,
        OverdueInterest, OverdueInterestMove, TransactionId, TransactionKind,
    },
    schedule::{Amortization, AnnuityFormula, Equalise, InterestDays, InterestMethod, Rate},
};
use rust_decimal::{Decimal, dec};

fn record(loan: &mut Loan, id: u128, on: &str, kind: TransactionKind) -> Result<(), LoanError> {
    let new = NewTransaction::new(TransactionId::new(id), day(on), kind);
    loan.decide(&Command::Record(new), day(on))
}

const RE_AMORTISE: TransactionKind = TransactionKind::ReAmortise {
    interest: OverdueInterestMove::StaysDue,
};

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

/// 1,200 at 1 % a month, by the nights of the month within one, in six equal principal parts;
/// interest is that of the schedule: 12, 10, 8, 6, 4, 2.
fn one_percent_a_month() -> LoanTerms {
    let mut terms = contract();
    let interest = &mut terms.schedule.interest;
    interest.method = InterestMethod::Declining;
    interest.rate = Rate::per_year(dec!(12));
    interest.day_count = DayCount::Thirty360E;
    interest.days = InterestDays::Nominal;
    terms
}

fn interest(loan: &Loan) -> Vec<Decimal> {
    let rows = loan.account.instalments().iter();
    rows.map(|row| row.due.interest).collect()
}
