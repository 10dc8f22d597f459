//! The life of a loan, scenario by scenario: every figure is worked out beside it.

#[path = "../common/mod.rs"]
mod common;

mod allocation;
mod application;
mod arrears;
mod backdated;
mod charge_back;
mod closed_books;
mod closing;
mod contract_fees;
mod corners;
mod delinquency;
mod explain;
mod fee_amortisation;
mod guards;
mod interest_refund;
mod late_interest;
mod level_instalments;
mod locks;
mod money_in;
mod payoff;
mod penalties;
mod prepayment;
mod refinance;
mod servicing;
mod undo;
mod write_off;

use common::{Loan, day, terms};
use lending_core::{
    loan::{
        BalanceInterest, Command, InterestBasis, LoanError, LoanTerms, NewTransaction,
        OverdueInterest, TransactionId, TransactionKind,
    },
    schedule::Amortization,
};
use rust_decimal::{Decimal, dec};

/// 1,000.00 in six equal principal parts (166.67, the last 166.65), 12 % a year on the balance by
/// actual days over 365, paid out on 1 January 2024, due on the first of each month.
///
/// Interest of January while nothing is repaid: 1000 x 12 % x 31/365 = 10.1918 = 10.19; of
/// February (29 days): 9.5342 = 9.53.
fn dynamic() -> LoanTerms {
    let mut terms = terms();
    terms.schedule.amortization = Amortization::equal_principal();
    terms.interest_basis = InterestBasis::OnBalance(BalanceInterest {
        overdue: OverdueInterest::ByPeriodEnd,
        ..BalanceInterest::default()
    });
    terms
}

fn paid_out(terms: LoanTerms) -> Loan {
    let (on, amount) = (terms.expected_disbursement, terms.principal);
    let mut loan = Loan::approved(terms);
    loan.decide(&Command::disburse(TransactionId::new(1), on, amount), on)
        .unwrap();
    loan
}

fn record(loan: &mut Loan, id: u128, on: &str, kind: TransactionKind) -> Result<(), LoanError> {
    let new = NewTransaction::new(TransactionId::new(id), day(on), kind);
    loan.decide(&Command::Record(new), day(on))
}

fn pay(loan: &mut Loan, id: u128, on: &str, amount: Decimal) {
    loan.decide(
        &Command::repay(TransactionId::new(id), day(on), amount),
        day(on),
    )
    .unwrap();
    loan.controls().unwrap();
}

fn close(loan: &mut Loan, date: &str) {
    let date = day(date);
    loan.decide(&Command::EndOfDay { date }, date).unwrap();
    loan.controls().unwrap();
}

fn reverse(loan: &mut Loan, id: u128, on: &str) -> Result<(), LoanError> {
    let transaction = TransactionId::new(id);
    loan.decide(&Command::Reverse { transaction }, day(on))
}

/// Principal and interest due of the instalments from a number on.
fn due_from(loan: &Loan, number: usize) -> Vec<(Decimal, Decimal)> {
    let rows = loan.account.instalments().iter().skip(number - 1);
    rows.map(|row| (row.due.principal, row.due.interest))
        .collect()
}

const NONE: (Decimal, Decimal) = (dec!(0), dec!(0));
