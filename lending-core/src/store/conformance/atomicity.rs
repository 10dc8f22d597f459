//! All of it lands, or none.

use alloc::vec;

use super::{Broken, Check, land, refused, same, sample::*};
use crate::store::{Commit, Outcome, Statistics, Store};

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("an empty store is empty", empty),
    ("every part of a commit lands", everything),
    (
        "a stale account in the middle of a page writes nothing",
        stale_in_a_page,
    ),
    ("a double entry id at the end writes nothing", double_entry),
    ("a double event writes nothing", double_event),
    (
        "an event or entry of an unknown account writes nothing",
        unknown_account,
    ),
    ("a commit that contradicts itself is refused", contradiction),
    ("an empty commit lands and is numbered", nothing),
];

fn empty(store: &mut dyn Store) -> Result<(), Broken> {
    same("statistics", &store.statistics()?, &Statistics::default())
}

fn everything(store: &mut dyn Store) -> Result<(), Broken> {
    let commit = full(1, None)?;
    let outcome = store.commit(&commit)?;
    same("applied", &outcome.is_applied(), &true)?;
    same("sequence", &outcome.receipt().sequence, &1)?;
    let account = store
        .account(id(1))?
        .ok_or(Broken("the account is missing".into()))?;
    same("version", &account.version, &1)?;
    same(
        "header",
        &Some(&account.header),
        &commit.accounts.first().map(|a| &a.header),
    )?;
    same(
        "state",
        &Some(&account.state),
        &commit.accounts.first().map(|a| &a.state),
    )?;
    let by_reference = store.account_by_reference(&account.header.reference)?;
    same("by reference", &by_reference, &Some(account))?;
    let mut events = vec![];
    store.events(id(1), None, &mut events)?;
    same("events", &events, &commit.events)?;
    let checkpoint = store.checkpoint(&"job-1".parse()?)?;
    same(
        "checkpoint",
        &checkpoint.map(|c| (c.version, c.body)),
        &Some((1, vec![7])),
    )?;
    let expected = Statistics {
        commits: 1,
        accounts: 1,
        events: 1,
        entries: 1,
        records: 1,
        receipts: 1,
        messages_pending: 1,
    };
    same("statistics", &store.statistics()?, &expected)
}

fn stale_in_a_page(store: &mut dyn Store) -> Result<(), Broken> {
    let mut opened = Commit::default();
    for n in 1..=3 {
        opened.merge(opening(n)?)?;
    }
    land(store, &opened)?;
    land(
        store,
        &Commit {
            accounts: vec![account(2, Some(1))?],
            ..Commit::default()
        },
    )?;
    let mut page = full(1, Some(1))?;
    page.records.clear();
    page.checkpoints.clear();
    page.idempotency = None;
    let mut second = page.clone();
    second.accounts = vec![account(2, Some(1))?];
    second.events = vec![event(2, 9, day(1), b"accrued")];
    second.entries = vec![entry(77, Some(2), (day(1), day(1)), ("1300", "4100"), 9)?];
    page.merge(second)?;
    page.merge(Commit {
        accounts: vec![account(3, Some(1))?],
        ..Commit::default()
    })?;
    refused(store, &page, 2201)
}

fn double_entry(store: &mut dyn Store) -> Result<(), Broken> {
    let posted = entry(5, None, (day(0), day(0)), ("1100", "3000"), 100)?;
    let first = Commit {
        entries: vec![posted.clone()],
        ..Commit::default()
    };
    land(store, &first)?;
    let mut second = opening(1)?;
    second.outbox = vec![message("opened", "1")];
    second.entries = vec![
        entry(6, None, (day(0), day(0)), ("1100", "3000"), 1)?,
        posted,
    ];
    refused(store, &second, 2206)
}

fn double_event(store: &mut dyn Store) -> Result<(), Broken> {
    let mut first = opening(1)?;
    first.events = vec![event(1, 1, day(0), b"opened")];
    land(store, &first)?;
    let second = Commit {
        accounts: vec![account(1, Some(1))?],
        events: vec![event(1, 2, day(0), b"paid"), event(1, 1, day(3), b"other")],
        ..Commit::default()
    };
    refused(store, &second, 2205)
}

fn unknown_account(store: &mut dyn Store) -> Result<(), Broken> {
    let mut commit = opening(1)?;
    commit.events = vec![event(2, 1, day(0), b"opened")];
    refused(store, &commit, 2204)?;
    let mut commit = opening(1)?;
    commit.entries = vec![entry(1, Some(2), (day(0), day(0)), ("1100", "3000"), 100)?];
    refused(store, &commit, 2204)
}

fn contradiction(store: &mut dyn Store) -> Result<(), Broken> {
    let mut twice = opening(1)?;
    twice.merge(opening(1)?)?;
    refused(store, &twice, 2207)?;
    let mut zero = opening(1)?;
    zero.events = vec![event(1, 0, day(0), b"opened")];
    refused(store, &zero, 2207)
}

fn nothing(store: &mut dyn Store) -> Result<(), Broken> {
    let first = store.commit(&Commit::default())?;
    let second = store.commit(&Commit::default())?;
    let numbers = [first, second].map(|outcome| match outcome {
        Outcome::Applied(receipt) => receipt.sequence,
        Outcome::Replayed(_) => 0,
    });
    same("sequences", &numbers, &[1, 2])
}
