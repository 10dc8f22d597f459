//! Any sequence of commands gives decisions or typed errors, and the history folds to the account.
#![no_main]

use arbitrary::{Result, Unstructured};
use chrono::{Days, NaiveDate};
use lending_core::{
    dates::Period,
    ids::AccountId,
    loan::{
        BalanceInterest, Command, Context, CreditKind, History, InterestBasis, LoanAccount,
        LoanTerms, NewTransaction, OverdueInterest, TransactionId, TransactionKind, code,
    },
    schedule::{Rate, ScheduleTerms},
};
use ledger::posting_rules::PostingRules;
use libfuzzer_sys::fuzz_target;
use rust_decimal::Decimal;

fn command(u: &mut Unstructured<'_>, start: NaiveDate, next: u128) -> Result<(Command, NaiveDate)> {
    let on = start + Days::new(u.int_in_range(0..=400)?);
    let amount = Decimal::new(u.int_in_range(-5..=150_000)?, u.int_in_range(0..=4)?);
    let id = TransactionId::new(next);
    let past = TransactionId::new(u.int_in_range(0..=next)?);
    let record = |kind| Command::Record(NewTransaction::new(id, on, kind));
    let command = match u.int_in_range(0..=10)? {
        0 => Command::disburse(id, on, amount),
        1..=3 => Command::repay(id, on, amount),
        4 => Command::Reverse { transaction: past },
        5 => Command::EndOfDay { date: on },
        6 => record(TransactionKind::Charge {
            name: code("visit").unwrap(),
            penalty: u.arbitrary()?,
            amount,
            due: start + Days::new(u.int_in_range(0..=500)?),
        }),
        7 => record(TransactionKind::Chargeback { of: past, amount }),
        8 => record(TransactionKind::CreditRefund { amount }),
        9 => record(TransactionKind::RateChange { percent: amount }),
        _ => record(TransactionKind::Credit {
            kind: CreditKind::GoodwillCredit,
            amount,
            split: None,
        }),
    };
    Ok((command, on))
}

fuzz_target!(|data: &[u8]| {
    let mut u = Unstructured::new(data);
    let start = NaiveDate::from_ymd_opt(2024, 1, 31).unwrap();
    let on_balance = u.arbitrary().unwrap_or(false);
    let terms = LoanTerms {
        tranches: u.arbitrary().unwrap_or(false),
        interest_basis: if on_balance {
            InterestBasis::OnBalance(BalanceInterest {
                overdue: OverdueInterest::EveryDay,
                ..BalanceInterest::default()
            })
        } else {
            InterestBasis::OnSchedule
        },
        ..LoanTerms::new(
            "KES".parse().unwrap(),
            Decimal::new(100_000, 2),
            start,
            ScheduleTerms::new(6, Period::Months(1), Rate::per_year(Decimal::from(24))),
            PostingRules::default(),
        )
    };
    let mut account = LoanAccount::submit(AccountId::new(1), terms, start).unwrap();
    let approve = Command::Approve { on: start };
    account = account.decide(&approve, &Context::today(start)).unwrap().account;
    let mut history = History::new();
    for next in 1..40 {
        let Ok((command, booking)) = command(&mut u, start, next) else { break };
        let context = Context::with_history(booking, &history);
        if let Ok(decision) = account.decide(&command, &context) {
            decision.update(&mut history).unwrap();
            account = decision.account;
        }
    }
    let owed: Decimal = account
        .instalments()
        .iter()
        .map(|row| row.open(lending_core::loan::Element::Principal).unwrap())
        .sum();
    assert_eq!(owed, account.principal_balance());
});
