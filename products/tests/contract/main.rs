//! Settings of a product in the life of an account opened on it. The expected figures are worked
//! out by hand beside each test: 1000.00 lent on a Monday, 12 % a year by actual days over 365.

#[path = "../common/mod.rs"]
mod common;

mod interest;
mod lateness;
mod opening;
mod payments;

use chrono::NaiveDate;
use common::plain;
use ledger::posting_rules::{AccountingMethod, PostingRules};
use lending_core::{
    dates::Calendar,
    ids::AccountId,
    loan::{Command, Context, LoanAccount, NewTransaction, TransactionId, TransactionKind},
};
use products::{LoanKind, LoanProduct, QuoteContext, QuoteRequest, product::PrincipalSettings};
use rust_decimal::dec;

/// The contract of a product for 1000.00 on a day.
fn contract(
    product: &LoanProduct,
    on: NaiveDate,
    calendar: &Calendar,
) -> lending_core::loan::LoanTerms {
    product.validate().unwrap();
    let context = QuoteContext::new(calendar, "KES".parse().unwrap());
    let request = QuoteRequest::new(dec!(1000), on);
    let mut terms = product.quote(&request, &context).unwrap();
    terms.accounting = PostingRules::new(AccountingMethod::None, []).unwrap();
    terms
}

/// An account on a product, paid out on a day.
fn opened(product: &LoanProduct, on: NaiveDate) -> LoanAccount {
    opened_in(product, on, &Calendar::default())
}

fn opened_in(product: &LoanProduct, on: NaiveDate, calendar: &Calendar) -> LoanAccount {
    let terms = contract(product, on, calendar);
    let account = LoanAccount::submit(AccountId::new(1), terms, on).unwrap();
    let account = tell(account, &Command::Approve { on }, on);
    tell(
        account,
        &Command::disburse(TransactionId::new(1), on, dec!(1000)),
        on,
    )
}

fn tell(account: LoanAccount, command: &Command, on: NaiveDate) -> LoanAccount {
    account
        .decide(command, &Context::today(on))
        .unwrap()
        .account
}

fn close(account: LoanAccount, date: NaiveDate) -> LoanAccount {
    tell(account, &Command::EndOfDay { date }, date)
}

fn record(account: LoanAccount, id: u64, on: NaiveDate, kind: TransactionKind) -> LoanAccount {
    let new = NewTransaction::new(TransactionId::new(id.into()), on, kind);
    tell(account, &Command::Record(new), on)
}

fn equal_principal() -> LoanProduct {
    let mut product = plain();
    product.schedule.principal = PrincipalSettings::EqualPrincipal { every: 1 };
    product
}

fn dynamic() -> LoanProduct {
    let mut product = plain();
    product.kind = LoanKind::DynamicTerm;
    product
}
