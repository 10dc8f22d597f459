//! Loans whose quiet days are posted by plan end up where loans end up that are decided every day.

use core::ops::ControlFlow;
use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use law_runs::runs;
use ledger::{
    Currency,
    posting_rules::{AccountingMethod, FinancialResource as R, PostingRule, PostingRules},
};
use lending_core::{
    dates::Period,
    end_of_day::{AccountChange, Ended, Plan, close_loan, run, wake_loan},
    ids::AccountId,
    loan::{Command, Context, InterestBasis, LoanAccount, LoanTerms, TransactionId},
    schedule::{Rate, ScheduleTerms},
    store::{conformance::snapshot, *},
};
use proptest::prelude::*;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::lender::{Fault, Interrupted, header, job};

#[derive(Serialize, Deserialize)]
struct Kept(LoanAccount);

impl Stored for Kept {
    const FORMAT: u8 = 1;
}

/// Whether quiet days are planned or decided.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    Decided,
    Planned,
}

#[derive(Clone, Debug)]
struct Case {
    principal: u32,
    percent: u32,
    on_balance: bool,
    first_day: u32,
    /// On which due dates nothing is paid.
    missed: u8,
    posting: AccrualPosting,
    /// Whether interest contains a tax.
    taxed: bool,
}

fn first() -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 1, 1).unwrap()
}

fn terms(case: &Case) -> LoanTerms {
    let rule = |resource, code: &str| PostingRule::new(resource, code.parse().unwrap());
    let rules = PostingRules::new(
        AccountingMethod::Accrual,
        [
            rule(R::PortfolioControl, "1200"),
            rule(R::FundSource, "1100"),
            rule(R::InterestReceivable, "1300"),
            rule(R::InterestIncome, "4100"),
            rule(R::CreditBalance, "2100"),
            rule(R::TaxesPayable, "2200"),
        ],
    )
    .unwrap();
    let on = first() + chrono::Days::new(case.first_day.into());
    let rate = Rate::per_year(Decimal::from(case.percent));
    let schedule = ScheduleTerms::new(4, Period::Months(1), rate);
    let currency = Currency::from_code("KES").unwrap();
    let mut terms = LoanTerms::new(currency, case.principal.into(), on, schedule, rules);
    terms.accrual_posting = case.posting;
    if case.taxed {
        terms.schedule.taxes.interest_percent = Some(Decimal::from(16));
    }
    if case.on_balance {
        terms.interest_basis =
            InterestBasis::OnBalance(lending_core::loan::BalanceInterest::default());
    }
    terms
}

fn id(n: usize) -> AccountId {
    AccountId::new(n as u128 + 1)
}

/// Opens the loans on their first day, all in one commit a loan.
fn open(store: &mut dyn Store, cases: &[Case]) {
    for (n, case) in cases.iter().enumerate() {
        let terms = terms(case);
        let on = terms.expected_disbursement;
        let amount = terms.principal;
        let mut loan = LoanAccount::submit(id(n), terms, on).unwrap();
        let mut commit = Commit::default();
        for command in [
            Command::Approve { on },
            Command::disburse(TransactionId::new(1), on, amount),
        ] {
            let decision = loan.decide(&command, &Context::today(on)).unwrap();
            loan = decision.account;
            let posted = |entry| PostedEntry {
                account: Some(id(n)),
                entry,
            };
            commit
                .entries
                .extend(decision.entries.into_iter().map(posted));
        }
        let mut header = header(n as u128 + 1);
        header.currency = Currency::from_code("KES").unwrap();
        header = lending_core::end_of_day::loan_header(&header, &loan).unwrap();
        header.next_work_on = Some(on);
        commit.accounts.push(AccountWrite {
            id: id(n),
            expected: None,
            header,
            state: encode(&Kept(loan)).unwrap(),
        });
        assert!(store.commit(&commit).unwrap().is_applied());
    }
}

/// What falls due today is paid in the morning, unless it is missed.
fn pay(store: &mut dyn Store, cases: &[Case], date: NaiveDate) {
    for (n, case) in cases.iter().enumerate() {
        let stored = store.account(id(n)).unwrap().unwrap();
        let Kept(loan) = decode(&stored.state).unwrap();
        let loan = wake_loan(loan, stored.plan.as_ref()).unwrap();
        let Some(row) = loan.instalments().iter().find(|row| row.due_on == date) else {
            continue;
        };
        if case.missed & (1 << (row.number % 8)) != 0 {
            continue;
        }
        let amount = row.due.total().unwrap();
        let transaction = TransactionId::new(u128::from(date.num_days_from_ce().unsigned_abs()));
        let command = Command::repay(transaction, date, amount);
        let decision = loan.decide(&command, &Context::today(date)).unwrap();
        let mut header =
            lending_core::end_of_day::loan_header(&stored.header, &decision.account).unwrap();
        header.next_work_on = Some(date);
        let posted = |entry| PostedEntry {
            account: Some(id(n)),
            entry,
        };
        let commit = Commit {
            entries: decision.entries.into_iter().map(posted).collect(),
            accounts: vec![AccountWrite {
                id: id(n),
                expected: Some(stored.version),
                header,
                state: encode(&Kept(decision.account)).unwrap(),
            }],
            ..Commit::default()
        };
        assert!(store.commit(&commit).unwrap().is_applied());
    }
}

fn close(
    way: Way,
    stored: &StoredAccount,
    date: NaiveDate,
) -> Result<Option<AccountChange>, String> {
    let Kept(loan) = decode(&stored.state).map_err(|error| error.to_string())?;
    let closed = close_loan(&stored.header, loan, stored.plan.as_ref(), date)
        .map_err(|error| error.to_string())?;
    let mut change = AccountChange::new(closed.header, encode(&Kept(closed.loan)).unwrap());
    change.entries = closed.entries;
    change.transfers = closed.transfers;
    change.plan = closed.plan.filter(|_| way == Way::Planned);
    if way == Way::Decided && change.header.next_work_on.is_some() {
        change.header.next_work_on = date.succ_opt();
    }
    Ok(Some(change))
}

fn close_day(store: &mut dyn Store, way: Way, date: NaiveDate) -> Option<u64> {
    let plan = Plan {
        job: job(),
        business_date: date,
        page_size: core::num::NonZeroU32::new(3).unwrap(),
    };
    let decide = |stored: &StoredAccount, date| close(way, stored, date);
    match run(store, &plan, decide, |_| ControlFlow::Continue(())) {
        Ok(Ended::Done(progress)) => {
            assert_eq!(progress.set_aside, 0);
            Some(progress.accrued)
        }
        Ok(Ended::AlreadyDone(_)) => Some(0),
        Ok(Ended::Stopped(_)) | Err(_) => None,
    }
}

/// The loan without the count of its decisions: a planned day is none.
fn facts(stored: &StoredAccount) -> serde_json::Value {
    let Kept(loan) = decode(&stored.state).unwrap();
    let mut value = serde_json::to_value(&loan).unwrap();
    value.as_object_mut().unwrap().remove("sequence");
    value
}

fn agree(planned: &mut MemoryStore, decided: &mut MemoryStore, cases: &[Case]) {
    let query = BalanceQuery::default();
    assert_eq!(
        planned.balances(&query).unwrap(),
        decided.balances(&query).unwrap()
    );
    for n in 0..cases.len() {
        let [a, b] = [&mut *planned, &mut *decided].map(|s| s.account(id(n)).unwrap().unwrap());
        assert_eq!(
            (a.version, a.header.balances),
            (b.version, b.header.balances),
            "{n}"
        );
        assert_eq!(a.header.in_arrears_since, b.header.in_arrears_since);
        if a.plan.as_ref().is_none_or(AccrualPlan::is_new) {
            assert_eq!(facts(&a), facts(&b), "loan {n}");
        }
    }
    let receivable = Control {
        gl: vec!["1300".parse().unwrap()],
        part: |balances| balances.interest,
    };
    for proof in control_equals_sub_ledgers(planned, &receivable).unwrap() {
        assert!(proof.holds(), "{proof:?}");
    }
}

fn cases() -> Vec<Case> {
    (0..11)
        .map(|n| Case {
            principal: 1_000 + 137 * n,
            percent: 9 + 7 * n,
            on_balance: n % 2 == 1,
            first_day: n % 5,
            missed: if n % 4 == 3 { 0b100 } else { 0 },
            posting: [AccrualPosting::Aggregated, AccrualPosting::PerAccount][n as usize / 6],
            taxed: false,
        })
        .collect()
}

#[test]
fn a_planned_portfolio_has_the_books_of_a_decided_one_every_day() {
    let mut cases = cases();
    cases[4].taxed = true;
    let (mut planned, mut decided) = (MemoryStore::new(), MemoryStore::new());
    open(&mut planned, &cases);
    open(&mut decided, &cases);
    let mut posted_by_plan = 0;
    for date in first().iter_days().skip(5).take(150) {
        for (store, way) in [(&mut planned, Way::Planned), (&mut decided, Way::Decided)] {
            pay(store, &cases, date);
            posted_by_plan += close_day(store, way, date).unwrap();
        }
        agree(&mut planned, &mut decided, &cases);
    }
    assert!(posted_by_plan > 900, "{posted_by_plan}");
}

/// Two days with payments, killed at every commit and begun again.
#[test]
fn killed_anywhere_a_planned_day_ends_with_the_same_bytes() {
    let cases = cases();
    let mut before = MemoryStore::new();
    open(&mut before, &cases);
    let dates: Vec<NaiveDate> = first().iter_days().skip(5).take(3).collect();
    let mut unbroken = before.clone();
    for date in &dates {
        close_day(&mut unbroken, Way::Planned, *date).unwrap();
    }
    let expected = snapshot(&mut unbroken).unwrap();
    for fault in [Fault::Lost, Fault::Unheard] {
        let mut breaks = BTreeMap::new();
        for at in 1..=15 {
            let mut store = Interrupted {
                inner: before.clone(),
                at,
                fault,
            };
            for date in &dates {
                if close_day(&mut store, Way::Planned, *date).is_none() {
                    breaks.insert(at, *date);
                    close_day(&mut store, Way::Planned, *date).unwrap();
                }
            }
            assert_eq!(snapshot(&mut store).unwrap(), expected, "{fault:?} at {at}");
        }
        assert!(breaks.len() >= 13, "{breaks:?}");
    }
}

/// A store that lets somebody pay between the reading and the writing of a page.
#[test]
fn an_account_written_between_read_and_commit_is_read_again() {
    use lending_core::end_of_day::{Opened, Run};
    let cases = cases();
    let mut store = MemoryStore::new();
    open(&mut store, &cases);
    let dates: Vec<NaiveDate> = first().iter_days().skip(5).take(2).collect();
    close_day(&mut store, Way::Planned, dates[0]).unwrap();
    let plan = Plan::new(job(), dates[1]);
    let Opened::Run(mut day) = Run::open(&mut store, &plan).unwrap() else {
        panic!("done before")
    };
    let page = day.read_page(&mut store).unwrap().unwrap();
    assert!(page.accounts().is_empty(), "everybody is posted by plan");
    // Account 1 is closed by its own branch meanwhile.
    let stored = store.account(id(0)).unwrap().unwrap();
    let change = close(Way::Planned, &stored, dates[1]).unwrap().unwrap();
    let alone = Commit {
        accounts: vec![AccountWrite {
            id: id(0),
            expected: Some(stored.version),
            header: change.header,
            state: change.state,
        }],
        plans: vec![PlanWrite {
            account: id(0),
            plan: change.plan.unwrap(),
        }],
        ..Commit::default()
    };
    assert!(store.commit(&alone).unwrap().is_applied());
    let mut never = |_: &StoredAccount| unreachable!();
    let progress = *day
        .commit_page(&mut store, page, Vec::new(), &mut never)
        .unwrap();
    assert_eq!(progress.accrued, cases.len() as u64 - 1);
    assert!(day.read_page(&mut store).unwrap().is_none());
    day.finish(&mut store).unwrap();
}

proptest! {
    #![proptest_config(runs(24))]

    #[test]
    fn any_loan_is_planned_as_it_would_be_decided(
        principal in 50..2_000_000_u32,
        percent in 0..180_u32,
        on_balance in any::<bool>(),
        missed in any::<u8>(),
        taxed in any::<bool>(),
    ) {
        let case = Case {
            principal, percent, on_balance, missed, first_day: 0, taxed,
            posting: AccrualPosting::Aggregated,
        };
        let cases = [case];
        let (mut planned, mut decided) = (MemoryStore::new(), MemoryStore::new());
        open(&mut planned, &cases);
        open(&mut decided, &cases);
        for date in first().iter_days().take(100) {
            for (store, way) in [(&mut planned, Way::Planned), (&mut decided, Way::Decided)] {
                pay(store, &cases, date);
                close_day(store, way, date).unwrap();
            }
            agree(&mut planned, &mut decided, &cases);
        }
    }
}
