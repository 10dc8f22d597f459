//! Killed anywhere and started again: the same content as without a break.

use lending_core::{
    end_of_day::{Decision, Ended, Opened, Run, progress},
    store::{Store, conformance::snapshot},
};

use crate::lender::{Fault, Interrupted, accrue, day, job, lender, plan, run_day};

const ACCOUNTS: u128 = 23;
const PAGE: u32 = 4;
/// 23 accounts in pages of 4 are 6 pages; one more commit marks the date as done.
const COMMITS: usize = 7;

fn unbroken() -> String {
    let mut store = lender(ACCOUNTS);
    for n in 1..=2 {
        assert!(matches!(
            run_day(&mut store, n, PAGE).unwrap(),
            Ended::Done(_)
        ));
    }
    snapshot(&mut store).unwrap()
}

#[test]
fn every_commit_lost_or_unheard() {
    let expected = unbroken();
    for fault in [Fault::Lost, Fault::Unheard] {
        for at in 1..=2 * COMMITS {
            let mut store = Interrupted {
                inner: lender(ACCOUNTS),
                at,
                fault,
            };
            // Two days, begun again after the break, as an operator would.
            let mut breaks = 0;
            for n in [1, 1, 2, 2] {
                if let Err(error) = run_day(&mut store, n, PAGE) {
                    assert_eq!(error.code(), 2220, "{error}");
                    breaks += 1;
                }
            }
            assert_eq!(breaks, 1, "{fault:?} at commit {at}");
            let content = snapshot(&mut store).unwrap();
            assert_eq!(content, expected, "{fault:?} at commit {at}");
        }
    }
}

#[test]
fn a_date_begun_with_another_page_size_is_finished_with_that_one() {
    let mut store = Interrupted {
        inner: lender(ACCOUNTS),
        at: 3,
        fault: Fault::Lost,
    };
    run_day(&mut store, 1, PAGE).unwrap_err();
    run_day(&mut store, 1, 1_000).unwrap();
    run_day(&mut store, 2, PAGE).unwrap();
    assert_eq!(snapshot(&mut store).unwrap(), unbroken());
}

/// Decides every page with `threads` threads and reads one page ahead.
fn run_in_threads(store: &mut dyn Store, n: u64, threads: usize) {
    let plan = plan(n, PAGE);
    let Opened::Run(mut run) = Run::open(store, &plan).unwrap() else {
        panic!("done before")
    };
    let mut ahead = run.read_page(store).unwrap();
    while let Some(page) = ahead.take() {
        ahead = run.read_page(store).unwrap();
        let share = page.accounts().len().div_ceil(threads);
        let decisions: Vec<Decision> = std::thread::scope(|scope| {
            let shares = page.accounts().chunks(share);
            let workers: Vec<_> = shares
                .map(|share| {
                    scope.spawn(|| {
                        share
                            .iter()
                            .map(|a| accrue(a, plan.business_date))
                            .collect::<Vec<_>>()
                    })
                })
                .collect();
            workers
                .into_iter()
                .flat_map(|worker| worker.join().unwrap())
                .collect()
        });
        let mut again = |account: &_| accrue(account, plan.business_date);
        run.commit_page(store, page, decisions, &mut again).unwrap();
    }
    run.finish(store).unwrap();
}

#[test]
fn the_number_of_threads_does_not_show() {
    for threads in [1, 2, 3, 8] {
        let mut store = lender(ACCOUNTS);
        run_in_threads(&mut store, 1, threads);
        run_in_threads(&mut store, 2, threads);
        assert_eq!(
            snapshot(&mut store).unwrap(),
            unbroken(),
            "{threads} threads"
        );
    }
}

#[test]
fn progress_tells_what_has_landed() {
    let mut store = Interrupted {
        inner: lender(ACCOUNTS),
        at: 4,
        fault: Fault::Lost,
    };
    run_day(&mut store, 1, PAGE).unwrap_err();
    let found = progress(&mut store, &job()).unwrap().unwrap();
    assert_eq!((found.business_date, found.done), (day(1), false));
    assert_eq!(
        (found.pages, found.seen, found.changed, found.set_aside),
        (3, 12, 12, 0)
    );
}
