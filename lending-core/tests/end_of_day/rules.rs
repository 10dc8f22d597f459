//! What a date does and what it refuses.

use core::ops::ControlFlow;

use lending_core::{
    end_of_day::{AccountChange, Ended, Opened, Page, Run, catch_up, run, set_aside},
    ids::AccountId,
    store::{AccountWrite, Commit, Store, StoredAccount, conformance::snapshot},
};

use crate::lender::{accrue, day, debits, go_on, header, job, lender, plan, run_day, ugx};

#[test]
fn a_date_posts_by_hand_figures() {
    let mut store = lender(23);
    let ended = run_day(&mut store, 1, 10).unwrap();
    let progress = ended.progress();
    assert_eq!(
        (progress.pages, progress.seen, progress.changed),
        (3, 23, 23)
    );
    // 23 accounts at 1 shilling; 7 and 17 pay a fee of 5.
    assert_eq!(debits(&mut store, "1300"), 23);
    assert_eq!(debits(&mut store, "1310"), 10);
    // Three pages with accounts of both products make six sums; two fees.
    assert_eq!(store.statistics().unwrap().entries, 8);
    assert_eq!(store.statistics().unwrap().messages_pending, 2);
}

#[test]
fn a_date_is_run_once() {
    let mut store = lender(5);
    run_day(&mut store, 1, 2).unwrap();
    let before = snapshot(&mut store).unwrap();
    assert!(matches!(
        run_day(&mut store, 1, 2).unwrap(),
        Ended::AlreadyDone(_)
    ));
    assert_eq!(snapshot(&mut store).unwrap(), before);
}

#[test]
fn dates_do_not_go_backwards_and_are_not_left_open() {
    let mut store = lender(5);
    run_day(&mut store, 3, 2).unwrap();
    let error = run_day(&mut store, 2, 2).unwrap_err();
    assert_eq!(error.code(), 2301, "{error}");
    assert!(error.to_string().contains("2024-03-03") && error.to_string().contains("2024-03-04"));

    let stop = |_: &_| ControlFlow::Break(());
    let ended = run(&mut store, &plan(4, 2), accrue, stop).unwrap();
    assert!(matches!(ended, Ended::Stopped(progress) if progress.pages == 1));
    assert_eq!(run_day(&mut store, 5, 2).unwrap_err().code(), 2302);
    assert!(matches!(run_day(&mut store, 4, 2).unwrap(), Ended::Done(_)));
}

#[test]
fn missed_days_are_caught_up_one_by_one() {
    let mut once = lender(9);
    for n in 1..=5 {
        run_day(&mut once, n, 4).unwrap();
    }
    let mut late = lender(9);
    run_day(&mut late, 1, 4).unwrap();
    let stop = |_: &_| ControlFlow::Break(());
    run(&mut late, &plan(2, 4), accrue, stop).unwrap();
    let size = plan(0, 4).page_size;
    let ended = catch_up(&mut late, job(), size, day(5), accrue, go_on).unwrap();
    assert!(matches!(ended, Ended::Done(progress) if progress.business_date == day(5)));
    assert_eq!(snapshot(&mut late).unwrap(), snapshot(&mut once).unwrap());
    // 9 accounts, 5 days, 1 shilling.
    assert_eq!(debits(&mut late, "1300"), 45);
    let again = catch_up(&mut late, job(), size, day(5), accrue, go_on).unwrap();
    assert!(matches!(again, Ended::AlreadyDone(_)));
    assert_eq!(
        catch_up(&mut late, job(), size, day(4), accrue, go_on)
            .unwrap_err()
            .code(),
        2301
    );
}

#[test]
fn a_poisoned_account_is_set_aside_and_the_others_go_on() {
    let mut store = lender(12);
    let poisoned = |account: &StoredAccount, date| match account.id.get() {
        4 => Err("rate table missing".to_owned()),
        5 => Ok(Some(AccountChange::new(account.header.clone(), vec![]))),
        6 => accrue(account, date).map(|change| {
            change.map(|mut change| {
                change.header.reference = "LN-OTHER".parse().unwrap();
                change
            })
        }),
        8 => accrue(account, date).map(|change| {
            change.map(|mut change| {
                change.transfers[0].amount = ugx(0);
                change
            })
        }),
        _ => accrue(account, date),
    };
    let ended = run(&mut store, &plan(1, 5), poisoned, go_on).unwrap();
    assert_eq!(
        (ended.progress().changed, ended.progress().set_aside),
        (8, 4)
    );
    assert_eq!(debits(&mut store, "1300"), 8);
    let found: Vec<_> = set_aside(&mut store, day(1))
        .unwrap()
        .into_iter()
        .map(|aside| (aside.reference.to_string(), aside.reason))
        .collect();
    let expected = [
        ("LN-0004", "rate table missing"),
        (
            "LN-0005",
            "the decision leaves work due on 2024-03-02, not after 2024-03-02",
        ),
        (
            "LN-0006",
            "the decision changes kind, reference or currency",
        ),
        (
            "LN-0008",
            "0 UGX cannot be posted: whole minor units of UGX above zero can",
        ),
    ];
    assert_eq!(found, expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
    // The next date tries again, and all is well.
    let ended = run_day(&mut store, 2, 5).unwrap();
    assert_eq!(
        (ended.progress().changed, ended.progress().set_aside),
        (12, 0)
    );
}

#[test]
fn an_account_the_store_refuses_is_set_aside() {
    let mut store = lender(7);
    // Account 3 makes an event number that its history has already.
    let doubled = |account: &StoredAccount, date| {
        accrue(account, date).map(|change| {
            change.map(|mut change| {
                if account.id.get() == 3 {
                    change.events[0].seq = 1;
                }
                change
            })
        })
    };
    run(&mut store, &plan(1, 3), doubled, go_on).unwrap();
    let ended = run(&mut store, &plan(2, 3), doubled, go_on).unwrap();
    assert_eq!(
        (ended.progress().changed, ended.progress().set_aside),
        (6, 1)
    );
    let aside = set_aside(&mut store, day(2)).unwrap();
    assert!(
        aside[0].reason.contains("has an event 1 already"),
        "{}",
        aside[0].reason
    );
}

#[test]
fn accounts_written_meanwhile_are_decided_again() {
    let mut store = lender(6);
    let plan = plan(1, 10);
    let Opened::Run(mut run) = Run::open(&mut store, &plan).unwrap() else {
        panic!()
    };
    let page = run.read_page(&mut store).unwrap().unwrap();
    let decisions = page.accounts().iter().map(|a| accrue(a, day(1))).collect();
    // While the page was decided, a payment changed account 2, and account 5 was worked on.
    let mut paid = header(2);
    paid.balances.principal = 400;
    let mut worked = header(5);
    worked.next_work_on = Some(day(2));
    let write = |n, header| AccountWrite {
        id: AccountId::new(n),
        expected: Some(1),
        header,
        state: vec![9],
    };
    let accounts = vec![write(2, paid), write(5, worked)];
    assert!(
        store
            .commit(&Commit {
                accounts,
                ..Commit::default()
            })
            .unwrap()
            .is_applied()
    );
    let mut again = |account: &_| accrue(account, day(1));
    let progress = run
        .commit_page(&mut store, page, decisions, &mut again)
        .unwrap();
    assert_eq!((progress.seen, progress.changed), (5, 5));
    run.finish(&mut store).unwrap();
    let account = store.account(AccountId::new(2)).unwrap().unwrap();
    assert_eq!(
        (
            account.header.balances.principal,
            account.header.balances.interest
        ),
        (400, 1)
    );
    assert_eq!(account.state, [9, 1]);
    assert_eq!(debits(&mut store, "1300"), 5);
}

#[test]
fn two_drivers_of_one_job_do_not_both_write() {
    let mut store = lender(6);
    let plan = plan(1, 10);
    let Opened::Run(mut first) = Run::open(&mut store, &plan).unwrap() else {
        panic!()
    };
    let Opened::Run(mut second) = Run::open(&mut store, &plan).unwrap() else {
        panic!()
    };
    let mut again = |account: &_| accrue(account, day(1));
    // Both read the same page; the first one lands it.
    let pages = [&mut first, &mut second].map(|run| run.read_page(&mut store).unwrap().unwrap());
    let [mine, theirs] = pages;
    let decided = |page: &Page| page.accounts().iter().map(|a| accrue(a, day(1))).collect();
    let decisions = decided(&mine);
    first
        .commit_page(&mut store, mine, decisions, &mut again)
        .unwrap();
    let before = snapshot(&mut store).unwrap();
    let decisions = decided(&theirs);
    let error = second
        .commit_page(&mut store, theirs, decisions, &mut again)
        .unwrap_err();
    assert_eq!(error.code(), 2303, "{error}");
    assert_eq!(snapshot(&mut store).unwrap(), before);
    first.finish(&mut store).unwrap();
}

#[test]
fn pages_land_in_order_with_a_decision_each() {
    let mut store = lender(6);
    let Opened::Run(mut run) = Run::open(&mut store, &plan(1, 2)).unwrap() else {
        panic!()
    };
    let mut again = |account: &_| accrue(account, day(1));
    let first = run.read_page(&mut store).unwrap().unwrap();
    let second = run.read_page(&mut store).unwrap().unwrap();
    let decisions: Vec<_> = second.accounts().iter().map(&mut again).collect();
    let error = run
        .commit_page(&mut store, second, decisions, &mut again)
        .unwrap_err();
    assert_eq!(error.code(), 2304);
    assert_eq!(
        run.commit_page(&mut store, first, vec![], &mut again)
            .unwrap_err()
            .code(),
        2304
    );
    assert_eq!(run.finish(&mut store).unwrap_err().code(), 2304);
}
