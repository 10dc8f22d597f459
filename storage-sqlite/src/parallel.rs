//! The end of day with every core deciding and one writer.

use core::fmt::Display;
use std::ops::ControlFlow;

use chrono::NaiveDate;
use lending_core::{
    end_of_day::{
        AccountChange, Decision, EndOfDayError, Ended, Opened, Page, Plan, Progress, Run,
    },
    store::{Store, StoredAccount},
};
use rayon::prelude::*;

/// Runs a date, or the rest of it, as [`end_of_day::run`](lending_core::end_of_day::run) does, with
/// the same content at the end: while a page lands, the accounts of the next one are decided on
/// all cores.
///
/// `decide` must depend on its arguments alone. `watch` hears the progress after every page and may
/// stop the run there. The number of threads is rayon's: one for each core, unless the caller
/// installs a pool of its own.
///
/// Memory: two pages of accounts and their decisions.
///
/// ```
/// use core::{convert::Infallible, ops::ControlFlow};
/// use lending_core::end_of_day::{Ended, Plan};
/// use storage_sqlite::{SqliteStore, run_in_parallel};
/// let mut store = SqliteStore::in_memory()?;
/// let plan = Plan::new("end-of-day".parse()?, "2024-01-31".parse()?);
/// let ended = run_in_parallel(
///     &mut store,
///     &plan,
///     |_account, _date| Ok::<_, Infallible>(None),
///     |_progress| ControlFlow::Continue(()),
/// )?;
/// assert!(matches!(ended, Ended::Done(_)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// As [`end_of_day::run`](lending_core::end_of_day::run).
pub fn run_in_parallel<E: Display>(
    store: &mut dyn Store,
    plan: &Plan,
    decide: impl Fn(&StoredAccount, NaiveDate) -> Result<Option<AccountChange>, E> + Sync,
    mut watch: impl FnMut(&Progress) -> ControlFlow<()>,
) -> Result<Ended, EndOfDayError> {
    let mut run = match Run::open(store, plan)? {
        Opened::Run(run) => run,
        Opened::AlreadyDone(progress) => return Ok(Ended::AlreadyDone(progress)),
    };
    let one = |account: &StoredAccount| {
        decide(account, plan.business_date).map_err(|error| error.to_string())
    };
    let all = &|page: &Page| -> Vec<Decision> { page.accounts().par_iter().map(one).collect() };
    let mut next = run.read_page(store)?.map(|page| (all(&page), page));
    while let Some((decisions, page)) = next.take() {
        let ahead = run.read_page(store)?;
        let mut decided = Vec::new();
        // In the caller's own pool, if he has installed one: a thread of ours would not be.
        let landed = rayon::in_place_scope(|scope| {
            if let Some(page) = ahead.as_ref().filter(|page| !page.accounts().is_empty()) {
                let decided = &mut decided;
                scope.spawn(move |_| *decided = all(page));
            }
            run.commit_page(store, page, decisions, &mut { one })
                .copied()
        });
        if watch(&landed?).is_break() {
            return Ok(Ended::Stopped(*run.progress()));
        }
        next = ahead.map(|page| (decided, page));
    }
    run.finish(store).map(Ended::Done)
}
