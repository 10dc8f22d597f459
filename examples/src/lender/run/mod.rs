//! `lender run`: from the data folder to the books, date by date.
//!
//! Each business date is one commit for its business and then an end of day in pages. Killed
//! anywhere, the next run goes on behind the last commit; with nothing left to do it writes
//! nothing.

mod day;
mod devices;
mod lending;
mod money;
pub mod office;
mod people;
mod reasons;

use std::ops::ControlFlow;

use chrono::NaiveDate;
use lending_core::{
    end_of_day::{AccountChange, Ended, Plan, close_loan},
    loan::Command,
    store::{AccrualPosting, Store, StoredAccount, StoredEvent, decode, encode},
};
use office::Office;
use products::product::AccrualDetail;
use storage_sqlite::run_in_parallel;

use super::{
    Failure, Folder,
    records::{self, LoanEvent, LoanState},
};

pub use money::TILL;

/// What a run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Business dates brought into the books.
    pub dates: u32,
    /// Accounts changed by ends of day.
    pub accounts: u64,
    /// Whether anything was written.
    pub wrote: bool,
}

/// Runs every business date of the folder that is not in the books yet, through `until` at most.
/// `watch` hears each date when it is done.
///
/// # Errors
/// The database fails or belongs to another folder.
pub fn run(
    folder: &Folder,
    store: &mut dyn Store,
    until: NaiveDate,
    mut watch: impl FnMut(NaiveDate),
) -> Result<Done, Failure> {
    let mut office = Office::open(folder, store)?;
    let mut done = Done::default();
    let mut next = folder.settings.start;
    if office.checkpoint.is_some() {
        // The business of this date has landed; its end of day may not have.
        let date = office.counted.date;
        let before = store.statistics()?.commits;
        done.accounts += end_of_day(folder, store, date)?;
        done.wrote = store.statistics()?.commits != before;
        next = date.succ_opt().unwrap_or(date);
    }
    let end = until.min(folder.settings.end());
    for date in next.iter_days().take_while(|date| *date <= end) {
        day::Day::open(&mut office, store, date).run()?;
        done.accounts += end_of_day(folder, store, date)?;
        done.dates += 1;
        done.wrote = true;
        watch(date);
    }
    Ok(done)
}

/// Closes a date for every running loan; the number of accounts closed. Loans that only accrue are
/// posted by their plans, the others are decided on all cores.
fn end_of_day(folder: &Folder, store: &mut dyn Store, date: NaiveDate) -> Result<u64, Failure> {
    let plan = Plan::new(records::name(records::END_OF_DAY_JOB), date);
    let posting = |product: &str| posting(folder, product);
    let close = |row: &StoredAccount, date| close(row, date, posting(row.header.product.as_str()));
    let ended = run_in_parallel(store, &plan, close, |_| ControlFlow::Continue(()))?;
    Ok(match ended {
        Ended::Done(progress) => progress.changed + progress.accrued,
        Ended::AlreadyDone(_) | Ended::Stopped(_) => 0,
    })
}

/// How the accruals of a product are posted.
fn posting(folder: &Folder, product: &str) -> AccrualPosting {
    match folder
        .product(product)
        .map(|product| product.accrual_detail)
    {
        Some(AccrualDetail::PerProductAndBranch) => AccrualPosting::Aggregated,
        _ => AccrualPosting::PerAccount,
    }
}

/// What a date does to one loan.
fn close(
    row: &StoredAccount,
    date: NaiveDate,
    posting: AccrualPosting,
) -> Result<Option<AccountChange>, Failure> {
    let LoanState(loan) = decode(&row.state)?;
    let closed = close_loan(&row.header, loan, row.plan.as_ref(), date, posting)
        .map_err(|error| Failure::refused("end of day", error))?;
    let seq = closed.loan.decisions().into();
    let mut change = AccountChange::new(closed.header, encode(&LoanState(closed.loan))?);
    change.entries = closed.entries;
    change.transfers = closed.transfers;
    change.plan = closed.plan;
    if !closed.changes.is_empty() {
        // The history must know: a later replay books the difference to what it says.
        let event = LoanEvent {
            command: Command::EndOfDay { date }.name().to_owned(),
            booking_date: date,
            recorded: None,
            reversed: None,
            changes: closed.changes,
        };
        change.events.push(StoredEvent {
            account: row.id,
            seq,
            value_date: date,
            booking_date: date,
            body: encode(&event)?,
        });
    }
    Ok(Some(change))
}
