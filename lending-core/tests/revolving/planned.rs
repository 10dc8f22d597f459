//! Lines whose quiet days are posted by plan end up where lines end up that are decided every day.

use core::{num::NonZeroU32, ops::ControlFlow};

use chrono::NaiveDate;
use lending_core::{
    end_of_day::{AccountChange, Ended, Plan, close_line, run, wake_line},
    ids::AccountId,
    loan::TransactionId,
    revolving::{Command, Context, CreditLine, line_header},
    store::*,
};
use rust_decimal::{Decimal, dec};

use crate::{common::day, end_of_day::lender};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    Decided,
    Planned,
}

fn close(
    way: Way,
    stored: &StoredAccount,
    date: NaiveDate,
) -> Result<Option<AccountChange>, String> {
    let line: CreditLine = decode(&stored.state).map_err(|error| error.to_string())?;
    let closed = close_line(&stored.header, line, stored.plan.as_ref(), date)
        .map_err(|error| error.to_string())?;
    let mut change = AccountChange::new(closed.header, encode(&closed.line).unwrap());
    change.entries = closed.entries;
    change.transfers = closed.transfers;
    change.plan = closed.plan.filter(|_| way == Way::Planned);
    if way == Way::Decided && change.header.next_work_on.is_some() {
        change.header.next_work_on = date.succ_opt();
    }
    Ok(Some(change))
}

/// Closes a date; gives how many lines were posted by plan.
fn close_day(store: &mut MemoryStore, way: Way, date: NaiveDate) -> u64 {
    let plan = Plan {
        job: "end-of-day".parse().unwrap(),
        business_date: date,
        page_size: NonZeroU32::new(3).unwrap(),
    };
    let decide = |stored: &StoredAccount, date| close(way, stored, date);
    let ended = run(store, &plan, decide, |_| ControlFlow::Continue(())).unwrap();
    let Ended::Done(progress) = ended else {
        panic!("{ended:?}");
    };
    assert_eq!(progress.set_aside, 0);
    progress.accrued
}

/// Line `n` pays in the morning.
fn pay(store: &mut MemoryStore, n: u128, date: NaiveDate, amount: Decimal) {
    let stored = store.account(AccountId::new(n)).unwrap().unwrap();
    let line = wake_line(decode(&stored.state).unwrap(), stored.plan.as_ref()).unwrap();
    let id = TransactionId::new(
        u128::from(
            line.as_of()
                .signed_duration_since(day("2024-01-01"))
                .num_days()
                .unsigned_abs(),
        ) + 1_000,
    );
    let command = Command::repay(id, date, amount);
    let decision = line.decide(&command, &Context::today(date)).unwrap();
    let mut header = line_header(&stored.header, &decision.line).unwrap();
    header.next_work_on = Some(date);
    let posted = |entry| PostedEntry {
        account: Some(stored.id),
        entry,
    };
    let commit = Commit {
        entries: decision.entries.into_iter().map(posted).collect(),
        accounts: vec![AccountWrite {
            id: stored.id,
            expected: Some(stored.version),
            header,
            state: encode(&decision.line).unwrap(),
        }],
        ..Commit::default()
    };
    assert!(store.commit(&commit).unwrap().is_applied());
}

/// The line without the count of its decisions: a planned day is none.
fn facts(stored: &StoredAccount) -> serde_json::Value {
    let line: CreditLine = decode(&stored.state).unwrap();
    let mut value = serde_json::to_value(&line).unwrap();
    let told = value.get_mut("told").unwrap().as_object_mut().unwrap();
    told.remove("sequence").unwrap();
    value
}

/// Ten lines with draws of 0 to 900 on 5 January. Line 4 pays in a cycle, line 5 what its first
/// statement asks for, line 6 that and more than it owes; the others go into arrears.
#[test]
fn a_planned_portfolio_has_the_books_of_a_decided_one_every_day() {
    let (mut planned, mut decided) = (lender(), lender());
    let mut by_plan = 0;
    for date in day("2025-01-05").iter_days().take(100) {
        for (store, way) in [(&mut planned, Way::Planned), (&mut decided, Way::Decided)] {
            if date == day("2025-01-15") {
                pay(store, 4, date, dec!(50));
            }
            if date == day("2025-02-07") {
                pay(store, 5, date, dec!(45.26));
                pay(store, 6, date, dec!(600));
            }
            by_plan += close_day(store, way, date);
        }
        let query = BalanceQuery::default();
        assert_eq!(
            planned.balances(&query).unwrap(),
            decided.balances(&query).unwrap(),
            "{date}"
        );
        for n in 1..=10 {
            let [a, b] = [&mut planned, &mut decided]
                .map(|store| store.account(AccountId::new(n)).unwrap().unwrap());
            assert_eq!(a.header.balances, b.header.balances, "{date}, {n}");
            assert_eq!(a.header.in_arrears_since, b.header.in_arrears_since);
            if a.plan.as_ref().is_some_and(AccrualPlan::is_new) {
                assert_eq!(facts(&a), facts(&b), "{date}, {n}");
            }
        }
        let receivable = Control {
            gl: vec!["1300".parse().unwrap()],
            part: |balances| balances.interest,
        };
        for proof in control_equals_sub_ledgers(&mut planned, &receivable).unwrap() {
            assert!(proof.holds(), "{date}: {proof:?}");
        }
    }
    // Nine lines on the 34 days before the first due date, but those of the statement and a few
    // on which somebody decided.
    assert!(by_plan > 280, "{by_plan}");
}
