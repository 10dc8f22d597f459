//! The end of day with every core deciding and one writer.

use core::{fmt::Display, num::NonZeroU32, ops::ControlFlow};

use chrono::NaiveDate;
use lending_core::{
    end_of_day::{
        AccountChange, Decided, EndOfDayError, Ended, Opened, Page, Plan, Progress, Run,
        dates_through,
    },
    ids::JobId,
    store::{Store, StoredAccount},
};
use rayon::prelude::*;

/// Runs a date, or the rest of it, as [`end_of_day::run`](lending_core::end_of_day::run) does, with
/// the same content at the end: while a page lands, the accounts of the next one are decided on
/// all cores and what they write is made ready.
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
    let all = &|page: &Page| -> Result<Decided, EndOfDayError> {
        page.decided(page.accounts().par_iter().map(one).collect())
    };
    let mut next = match run.read_page(store)? {
        Some(page) => Some((all(&page)?, page)),
        None => None,
    };
    while let Some((decided, page)) = next.take() {
        let ahead = run.read_page(store)?;
        let mut made = None;
        // In the caller's own pool, if he has installed one: a thread of ours would not be.
        let landed = rayon::in_place_scope(|scope| {
            if let Some(page) = ahead.as_ref() {
                let made = &mut made;
                scope.spawn(move |_| *made = Some(all(page)));
            }
            run.commit_decided(store, page, decided, &mut { one })
                .copied()
        });
        if watch(&landed?).is_break() {
            return Ok(Ended::Stopped(*run.progress()));
        }
        next = match (made, ahead) {
            (Some(decided), Some(page)) => Some((decided?, page)),
            _ => None,
        };
    }
    run.finish(store).map(Ended::Done)
}

/// Runs every date through `through`, an unfinished one first, as
/// [`end_of_day::catch_up`](lending_core::end_of_day::catch_up) does and with every core deciding.
/// Gives how each of them ended; the last one may have been stopped.
///
/// # Errors
/// As [`end_of_day::run`](lending_core::end_of_day::run).
pub fn catch_up_in_parallel<E: Display>(
    store: &mut dyn Store,
    job: JobId,
    page_size: NonZeroU32,
    through: NaiveDate,
    decide: impl Fn(&StoredAccount, NaiveDate) -> Result<Option<AccountChange>, E> + Sync,
    mut watch: impl FnMut(&Progress) -> ControlFlow<()>,
) -> Result<Vec<Ended>, EndOfDayError> {
    let mut ended = Vec::new();
    for business_date in dates_through(store, &job, through)? {
        let plan = Plan {
            job,
            business_date,
            page_size,
        };
        let last = run_in_parallel(store, &plan, &decide, &mut watch)?;
        ended.push(last);
        if matches!(last, Ended::Stopped(_)) {
            break;
        }
    }
    Ok(ended)
}
