//! A portfolio of running loans: a thirtieth of them has an instalment due on each date, and pays.

use std::{num::NonZeroU32, ops::ControlFlow, time::Instant};

use chrono::{Days, NaiveDate};
use ledger::{
    Currency,
    posting_rules::{AccountingMethod, FinancialResource as R, PostingRule, PostingRules},
};
use lending_core::{
    dates::Period,
    end_of_day::{
        self, AccountChange, ClosedLoan, Ended, Plan, Progress, close_loan, loan_header, wake_loan,
    },
    ids::{AccountId, JobId},
    loan::{Command, Context, LoanAccount, LoanTerms, TransactionId},
    schedule::{Rate, ScheduleTerms},
    store::{
        AccountWrite, AccrualPosting, Commit, PlanWrite, PostedEntry, Scan, Store, Stored,
        StoredAccount, decode, encode,
    },
};
use rayon::prelude::*;
use rust_decimal::{Decimal, dec};
use serde::{Deserialize, Serialize};
use storage_sqlite::{Options, run_in_parallel};

use super::{Failed, commits};

/// Loans that begin one after the other before the first date.
const DAYS: u64 = 30;

/// Accounts of one commit.
const PAGE: u64 = 10_000;

/// The state of a loan as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept(LoanAccount);

impl Stored for Kept {
    const FORMAT: u8 = 1;
}

/// The first business date that is run: every loan is closed through the day before.
#[must_use]
pub fn first_day() -> NaiveDate {
    commits::date(DAYS + 1)
}

/// A store's options for work on whole portfolios.
#[must_use]
pub fn options() -> Options {
    Options {
        checkpoint_pages: 16_384,
        cache_kib: 256 * 1024,
        ..Options::default()
    }
}

fn terms(n: u64, accounting: PostingRules) -> Result<LoanTerms, Failed> {
    let schedule = ScheduleTerms::new(12, Period::Months(1), Rate::per_year(dec!(24)));
    let principal = Decimal::from(50_000 + n % 5_000);
    let (currency, on) = (Currency::from_code("KES")?, commits::date(n % DAYS));
    Ok(LoanTerms::new(
        currency, principal, on, schedule, accounting,
    ))
}

fn accounting() -> Result<PostingRules, Failed> {
    let accounts = [
        (R::PortfolioControl, "1200"),
        (R::FundSource, "1100"),
        (R::InterestReceivable, "1300"),
        (R::InterestIncome, "4100"),
        (R::CreditBalance, "2100"),
    ];
    let rules = accounts
        .into_iter()
        .map(|(resource, code)| Ok(PostingRule::new(resource, code.parse()?)))
        .collect::<Result<Vec<_>, Failed>>()?;
    Ok(PostingRules::new(AccountingMethod::Accrual, rules)?)
}

/// Loan `n`, paid out and closed through the eve of the first date.
fn running(n: u64, accounting: PostingRules, posting: AccrualPosting) -> Result<Commit, Failed> {
    let terms = terms(n, accounting)?;
    let (on, amount) = (terms.expected_disbursement, terms.principal);
    let mut loan = LoanAccount::submit(commits::id(n), terms, on)?;
    for command in [
        Command::Approve { on },
        Command::disburse(TransactionId::new(1), on, amount),
    ] {
        loan = loan.decide(&command, &Context::today(on))?.account;
    }
    let mut header = commits::header(n, on)?;
    header.currency = loan.terms().currency;
    let eve = commits::date(DAYS);
    let closed = close_loan(&header, loan, None, eve, posting)?;
    let account = commits::id(n);
    let plans = closed.plan.map(|plan| PlanWrite { account, plan });
    Ok(Commit {
        accounts: vec![AccountWrite {
            id: account,
            expected: None,
            header: closed.header,
            state: encode(&Kept(closed.loan))?,
        }],
        plans: plans.into_iter().collect(),
        ..Commit::default()
    })
}

/// Fills a store with `accounts` active loans of twelve instalments.
///
/// # Errors
/// The store's.
pub fn fill(store: &mut dyn Store, accounts: u64, posting: AccrualPosting) -> Result<(), Failed> {
    let accounting = accounting()?;
    for first in (0..accounts).step_by(PAGE as usize) {
        let numbers: Vec<u64> = (first..accounts.min(first + PAGE)).collect();
        let parts: Vec<Result<Commit, String>> = numbers
            .into_par_iter()
            .map(|n| running(n, accounting.clone(), posting).map_err(|error| error.to_string()))
            .collect();
        let mut page = Commit::default();
        for part in parts {
            page.merge(part?)?;
        }
        let _landed = store.commit(&page)?;
    }
    Ok(())
}

fn no_more(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// Everybody whose instalment is due pays it: the counter's work of the morning.
///
/// # Errors
/// The store's, or a loan's.
pub fn pay_due(store: &mut dyn Store, date: NaiveDate) -> Result<u64, Failed> {
    let scan = Scan::DueForWork { on_or_before: date };
    let limit = NonZeroU32::new(PAGE as u32).unwrap_or(NonZeroU32::MIN);
    let (mut after, mut paid) = (None, 0);
    loop {
        let mut page = Vec::new();
        store.accounts(&scan, after, limit, &mut page)?;
        let Some(last) = page.last() else {
            return Ok(paid);
        };
        after = Some(scan.key_of(last));
        let parts: Vec<Result<Option<Commit>, String>> = page
            .par_iter()
            .map(|stored| pay(stored, date).map_err(no_more))
            .collect();
        let mut commit = Commit::default();
        for part in parts {
            if let Some(part) = part? {
                paid += 1;
                commit.merge(part)?;
            }
        }
        let _landed = store.commit(&commit)?;
    }
}

fn pay(stored: &StoredAccount, date: NaiveDate) -> Result<Option<Commit>, Failed> {
    let Kept(loan) = decode(&stored.state)?;
    let loan = wake_loan(loan, stored.plan.as_ref())?;
    let Some(row) = loan.instalments().iter().find(|row| row.due_on == date) else {
        return Ok(None);
    };
    let command = Command::repay(TransactionId::new(stored.id.get()), date, row.due.total()?);
    let decision = loan.decide(&command, &Context::today(date))?;
    let mut header = loan_header(&stored.header, &decision.account)?;
    header.next_work_on = Some(date);
    let posted = |entry| PostedEntry {
        account: Some(stored.id),
        entry,
    };
    Ok(Some(Commit {
        entries: decision.entries.into_iter().map(posted).collect(),
        accounts: vec![AccountWrite {
            id: stored.id,
            expected: Some(stored.version),
            header,
            state: encode(&Kept(decision.account))?,
        }],
        ..Commit::default()
    }))
}

/// What a date does to one loan.
fn close(
    stored: &StoredAccount,
    date: NaiveDate,
    posting: AccrualPosting,
) -> Result<Option<AccountChange>, String> {
    let Kept(loan) = decode(&stored.state).map_err(no_more)?;
    let plan = stored.plan.as_ref();
    let ClosedLoan {
        loan,
        header,
        entries,
        transfers,
        plan,
        ..
    } = close_loan(&stored.header, loan, plan, date, posting).map_err(no_more)?;
    let mut change = AccountChange::new(header, encode(&Kept(loan)).map_err(no_more)?);
    (change.entries, change.transfers, change.plan) = (entries, transfers, plan);
    Ok(Some(change))
}

/// Closes a date for the whole portfolio: how it ended, and in how many seconds. `watch` hears of
/// every page.
///
/// # Errors
/// The driver's, or that an account was set aside.
pub fn close_day(
    store: &mut dyn Store,
    date: NaiveDate,
    page_size: NonZeroU32,
    posting: AccrualPosting,
    mut watch: impl FnMut(&Progress),
) -> Result<(Progress, f64), Failed> {
    let job: JobId = "end-of-day".parse()?;
    let plan = Plan {
        job,
        business_date: date,
        page_size,
    };
    let start = Instant::now();
    let ended = run_in_parallel(
        store,
        &plan,
        |stored, date| close(stored, date, posting),
        |progress| {
            watch(progress);
            ControlFlow::Continue(())
        },
    )?;
    match ended {
        Ended::Done(progress) if progress.set_aside == 0 => {
            Ok((progress, start.elapsed().as_secs_f64()))
        }
        Ended::Done(_) => {
            let first = end_of_day::set_aside(store, date)?;
            let reason = first.into_iter().next().map(|aside| aside.reason);
            Err(format!("accounts were set aside: {reason:?}").into())
        }
        other => Err(format!("{other:?}").into()),
    }
}

/// An account of the portfolio, spread over all of it.
#[must_use]
pub fn nth(n: u64, accounts: u64) -> AccountId {
    commits::id(n.wrapping_mul(7_919) % accounts.max(1))
}

/// The date after another.
#[must_use]
pub fn following(date: NaiveDate) -> NaiveDate {
    date.checked_add_days(Days::new(1)).unwrap_or(date)
}
