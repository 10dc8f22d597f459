//! A whole date, or all dates since the last, in one thread.

use alloc::string::ToString;
use core::{fmt::Display, num::NonZeroU32, ops::ControlFlow};

use chrono::NaiveDate;

use super::{AccountChange, EndOfDayError, Ended, Opened, Plan, Progress, Run, progress};
use crate::{
    ids::JobId,
    store::{Store, StoredAccount},
};

/// Runs a date, or the rest of it.
///
/// `decide` says what the date does to an account: a change, nothing, or why it cannot be decided.
/// It must depend on its arguments alone. `watch` hears the progress after every page and may stop
/// the run there.
///
/// # Errors
/// As [`Run::open`], [`Run::commit_page`] and [`Run::finish`].
pub fn run<E: Display>(
    store: &mut dyn Store,
    plan: &Plan,
    mut decide: impl FnMut(&StoredAccount, NaiveDate) -> Result<Option<AccountChange>, E>,
    mut watch: impl FnMut(&Progress) -> ControlFlow<()>,
) -> Result<Ended, EndOfDayError> {
    let mut run = match Run::open(store, plan)? {
        Opened::Run(run) => run,
        Opened::AlreadyDone(progress) => return Ok(Ended::AlreadyDone(progress)),
    };
    let mut decide = |account: &StoredAccount| {
        decide(account, plan.business_date).map_err(|error| error.to_string())
    };
    while let Some(page) = run.read_page(store)? {
        let decisions = page.accounts().iter().map(&mut decide).collect();
        let progress = run.commit_page(store, page, decisions, &mut decide)?;
        if watch(progress).is_break() {
            return Ok(Ended::Stopped(*run.progress()));
        }
    }
    run.finish(store).map(Ended::Done)
}

/// The dates to run through a date: an unfinished one first, then every calendar day after the last
/// one; for a job without a past, `through` alone.
///
/// # Errors
/// [`EndOfDayError::DateBackwards`] when an unfinished date lies behind `through`; the store's.
pub fn dates_through(
    store: &mut dyn Store,
    job: &JobId,
    through: NaiveDate,
) -> Result<impl Iterator<Item = NaiveDate> + use<>, EndOfDayError> {
    let last = progress(store, job)?;
    let first = match last {
        Some(last) if !last.done => last.business_date,
        // The day after the last one; `run` refuses what lies before it.
        Some(last) if last.business_date < through => {
            last.business_date.succ_opt().unwrap_or(through)
        }
        _ => through,
    };
    if first > through {
        let given = through;
        return Err(EndOfDayError::DateBackwards { given, last: first });
    }
    Ok(first.iter_days().take_while(move |date| *date <= through))
}

/// Runs every date through `through`, see [`dates_through`]. Gives how the last of them ended.
///
/// # Errors
/// As [`run`].
pub fn catch_up<E: Display>(
    store: &mut dyn Store,
    job: JobId,
    page_size: NonZeroU32,
    through: NaiveDate,
    mut decide: impl FnMut(&StoredAccount, NaiveDate) -> Result<Option<AccountChange>, E>,
    mut watch: impl FnMut(&Progress) -> ControlFlow<()>,
) -> Result<Ended, EndOfDayError> {
    let mut ended = None;
    for business_date in dates_through(store, &job, through)? {
        let plan = Plan {
            job,
            business_date,
            page_size,
        };
        let last = ended.insert(run(store, &plan, &mut decide, &mut watch)?);
        if matches!(last, Ended::Stopped(_)) {
            break;
        }
    }
    // There is a date: the iterator begins at or before `through`.
    ended.ok_or(EndOfDayError::DateBackwards {
        given: through,
        last: through,
    })
}
