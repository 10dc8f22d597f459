//! Messages: in order, at least once, and none from a commit that did not land.

use alloc::{string::String, vec, vec::Vec};
use core::num::NonZeroU32;

use super::{Broken, Check, land, refused, same, sample::*};
use crate::store::{Commit, Store, StoreError};

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("messages come in order until they are acknowledged", order),
    ("numbers are never used twice", numbers),
    ("a refused commit sends nothing", silent),
    ("what was never given out cannot be acknowledged", future),
];

fn pending(store: &mut dyn Store, limit: u32) -> Result<Vec<(u64, String)>, Broken> {
    let mut out = Vec::new();
    store.outbox(NonZeroU32::new(limit).unwrap_or(NonZeroU32::MIN), &mut out)?;
    Ok(out
        .into_iter()
        .map(|delivery| (delivery.number, delivery.topic))
        .collect())
}

fn send(store: &mut dyn Store, topics: &[&str]) -> Result<(), Broken> {
    let outbox = topics.iter().map(|topic| message(topic, "")).collect();
    land(
        store,
        &Commit {
            outbox,
            ..Commit::default()
        },
    )?;
    Ok(())
}

fn order(store: &mut dyn Store) -> Result<(), Broken> {
    send(store, &["a", "b"])?;
    send(store, &["c"])?;
    same(
        "first two",
        &pending(store, 2)?,
        &vec![(1, "a".into()), (2, "b".into())],
    )?;
    same("again", &pending(store, 1)?, &vec![(1, "a".into())])?;
    store.acknowledge(2)?;
    same("rest", &pending(store, 9)?, &vec![(3, "c".into())])?;
    store.acknowledge(1)?;
    same(
        "acknowledged twice",
        &pending(store, 9)?,
        &vec![(3, "c".into())],
    )
}

fn numbers(store: &mut dyn Store) -> Result<(), Broken> {
    send(store, &["a", "b"])?;
    store.acknowledge(2)?;
    send(store, &["c"])?;
    same("next", &pending(store, 9)?, &vec![(3, "c".into())])
}

fn silent(store: &mut dyn Store) -> Result<(), Broken> {
    land(store, &opening(1)?)?;
    let mut stale = opening(1)?;
    stale.outbox = vec![message("opened", "")];
    refused(store, &stale, 2201)?;
    same("pending", &pending(store, 9)?, &vec![])
}

fn future(store: &mut dyn Store) -> Result<(), Broken> {
    send(store, &["a"])?;
    match store.acknowledge(2) {
        Err(StoreError::UnknownMessage {
            through: 2,
            last: 1,
        }) => Ok(()),
        other => Err(Broken(alloc::format!(
            "expected a refusal, found {other:?}"
        ))),
    }
}
