//! Optimistic concurrency: nobody overwrites what he has not seen.

use alloc::vec;

use super::{Broken, Check, land, refused, same, sample::*};
use crate::store::{CheckpointWrite, Commit, Guard, Store, StoreError, Subject};

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("versions count from one", counting),
    ("an account that exists cannot be created", created_twice),
    (
        "an account that does not exist cannot be updated",
        updated_unborn,
    ),
    (
        "a stale version is refused, retryable and names the account",
        stale,
    ),
    ("a guard holds what was only read", guards),
    ("a reference belongs to one account", references),
    (
        "an account keeps its kind, reference and currency",
        identity,
    ),
    ("a checkpoint has a version", checkpoints),
];

fn counting(store: &mut dyn Store) -> Result<(), Broken> {
    land(store, &opening(1)?)?;
    for version in 1..5 {
        let update = Commit {
            accounts: vec![account(1, Some(version))?],
            ..Commit::default()
        };
        land(store, &update)?;
    }
    same(
        "version",
        &store.account(id(1))?.map(|account| account.version),
        &Some(5),
    )
}

fn created_twice(store: &mut dyn Store) -> Result<(), Broken> {
    land(store, &opening(1)?)?;
    refused(store, &opening(1)?, 2201)
}

fn updated_unborn(store: &mut dyn Store) -> Result<(), Broken> {
    refused(
        store,
        &Commit {
            accounts: vec![account(1, Some(1))?],
            ..Commit::default()
        },
        2201,
    )
}

fn stale(store: &mut dyn Store) -> Result<(), Broken> {
    land(store, &opening(1)?)?;
    let update = Commit {
        accounts: vec![account(1, Some(1))?],
        ..Commit::default()
    };
    land(store, &update)?;
    match store.commit(&update) {
        Err(
            error @ StoreError::Stale {
                expected: Some(1),
                found: Some(2),
                ..
            },
        ) => {
            same("retryable", &error.is_retryable(), &true)?;
            same("account", &error.account(), &Some(id(1)))
        }
        other => Err(Broken(alloc::format!(
            "expected version 1 stale, found {other:?}"
        ))),
    }
}

fn guards(store: &mut dyn Store) -> Result<(), Broken> {
    land(store, &opening(1)?)?;
    let mut good = opening(2)?;
    good.guards = vec![guard(1, Some(1))];
    land(store, &good)?;
    land(
        store,
        &Commit {
            accounts: vec![account(1, Some(1))?],
            ..Commit::default()
        },
    )?;
    let mut late = opening(3)?;
    late.guards = vec![guard(1, Some(1))];
    refused(store, &late, 2201)?;
    let mut unknown = opening(3)?;
    unknown.guards = vec![guard(9, Some(1))];
    refused(store, &unknown, 2201)?;
    let mut born = opening(3)?;
    born.guards = vec![guard(2, None)];
    refused(store, &born, 2201)?;
    let mut both = opening(3)?;
    both.guards = vec![guard(3, None)];
    refused(store, &both, 2207)
}

fn guard(n: u128, expected: Option<u64>) -> Guard {
    let subject = Subject::Account(id(n));
    Guard { subject, expected }
}

fn references(store: &mut dyn Store) -> Result<(), Broken> {
    land(store, &opening(1)?)?;
    let mut other = opening(2)?;
    for write in &mut other.accounts {
        write.header.reference = header(1)?.reference;
    }
    refused(store, &other, 2203)?;
    let mut both = opening(3)?;
    both.merge(opening(4)?)?;
    for write in &mut both.accounts {
        write.header.reference = "LN-SAME".parse()?;
    }
    refused(store, &both, 2203)
}

fn identity(store: &mut dyn Store) -> Result<(), Broken> {
    land(store, &opening(1)?)?;
    let mut renamed = account(1, Some(1))?;
    renamed.header.reference = "LN-OTHER".parse()?;
    refused(
        store,
        &Commit {
            accounts: vec![renamed],
            ..Commit::default()
        },
        2211,
    )?;
    let mut moved = account(1, Some(1))?;
    moved.header.branch = "GULU".parse()?;
    let expected = moved.header.clone();
    land(
        store,
        &Commit {
            accounts: vec![moved],
            ..Commit::default()
        },
    )?;
    same(
        "header",
        &store.account(id(1))?.map(|account| account.header),
        &Some(expected),
    )
}

fn checkpoints(store: &mut dyn Store) -> Result<(), Broken> {
    let job = "end-of-day".parse()?;
    let write = |expected, body: u8| Commit {
        checkpoints: vec![CheckpointWrite {
            job,
            expected,
            body: vec![body],
        }],
        ..Commit::default()
    };
    land(store, &write(None, 1))?;
    land(store, &write(Some(1), 2))?;
    match store.commit(&write(Some(1), 3)) {
        Err(StoreError::Stale {
            subject: Subject::Checkpoint(found),
            ..
        }) => {
            same("job", &*found, &job)?;
        }
        other => {
            return Err(Broken(alloc::format!(
                "expected a stale checkpoint, found {other:?}"
            )));
        }
    }
    same(
        "body",
        &store.checkpoint(&job)?.map(|c| (c.version, c.body)),
        &Some((2, vec![2])),
    )
}
