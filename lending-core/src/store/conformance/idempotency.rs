//! At most once, and the same answer every time.

use alloc::vec;

use super::{Broken, Check, land, refused, same, sample::*};
use crate::{
    ids::IdempotencyKey,
    store::{Commit, Outcome, Store},
};

pub(super) const CHECKS: &[(&str, Check)] = &[
    (
        "a request sent twice lands once and gets the first receipt",
        replay,
    ),
    (
        "a replay is answered even when its versions are long stale",
        replay_of_stale,
    ),
    ("a key with another request is refused", reuse),
    ("a refused request leaves its key free", refused_key_is_free),
    ("a receipt is kept through its last day", expiry),
];

fn replay(store: &mut dyn Store) -> Result<(), Broken> {
    let mut commit = opening(1)?;
    commit.idempotency = Some(key(1, "open LN-1", "opened"));
    let first = store.commit(&commit)?;
    land(store, &Commit::default())?;
    let mut retry = commit.clone();
    retry.idempotency = Some(key(1, "open LN-1", "another answer"));
    let before = store.statistics()?;
    let second = store.commit(&retry)?;
    same(
        "outcome",
        &second,
        &Outcome::Replayed(first.receipt().clone()),
    )?;
    same("reply", &second.receipt().reply, &b"opened".to_vec())?;
    same("statistics", &store.statistics()?, &before)
}

fn replay_of_stale(store: &mut dyn Store) -> Result<(), Broken> {
    land(store, &opening(1)?)?;
    let mut commit = Commit {
        accounts: vec![account(1, Some(1))?],
        ..Commit::default()
    };
    commit.idempotency = Some(key(1, "pay", "paid"));
    land(store, &commit)?;
    land(
        store,
        &Commit {
            accounts: vec![account(1, Some(2))?],
            ..Commit::default()
        },
    )?;
    same("applied", &store.commit(&commit)?.is_applied(), &false)?;
    same(
        "version",
        &store.account(id(1))?.map(|account| account.version),
        &Some(3),
    )
}

fn reuse(store: &mut dyn Store) -> Result<(), Broken> {
    let mut first = opening(1)?;
    first.idempotency = Some(key(1, "open LN-1", ""));
    land(store, &first)?;
    let mut other = opening(2)?;
    other.idempotency = Some(key(1, "open LN-2", ""));
    refused(store, &other, 2202)
}

fn refused_key_is_free(store: &mut dyn Store) -> Result<(), Broken> {
    let mut commit = Commit {
        accounts: vec![account(1, Some(4))?],
        ..Commit::default()
    };
    commit.idempotency = Some(key(1, "pay", ""));
    refused(store, &commit, 2201)?;
    same("receipt", &store.receipt(IdempotencyKey::new(1))?, &None)?;
    let mut again = opening(1)?;
    again.idempotency = Some(key(1, "another request", ""));
    same("applied", &store.commit(&again)?.is_applied(), &true)
}

fn expiry(store: &mut dyn Store) -> Result<(), Broken> {
    let mut commit = opening(1)?;
    commit.idempotency = Some(key(1, "open", "opened"));
    land(store, &commit)?;
    let stored = store.receipt(IdempotencyKey::new(1))?;
    same(
        "kept until",
        &stored.map(|receipt| receipt.keep_until),
        &Some(day(30)),
    )?;
    same(
        "forgotten on its last day",
        &store.expire_receipts(day(30))?,
        &0,
    )?;
    same(
        "forgotten the day after",
        &store.expire_receipts(day(31))?,
        &1,
    )?;
    same("receipt", &store.receipt(IdempotencyKey::new(1))?, &None)?;
    // The versions still hold: the request cannot land a second time.
    refused(store, &commit, 2201)
}
