//! What a decision looks at is read at one moment and guarded when it lands.

use alloc::{vec, vec::Vec};

use super::{Broken, Check, land, refused, same, sample::*};
use crate::{
    ids::{JobId, RecordId},
    store::{CheckpointWrite, Commit, Found, IndexKey, ReadSet, RecordContent, RecordWrite, Store},
};

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("a read set gives what each single read gives", everything),
    ("a read set says what does not exist", nothing),
    ("what was only read is guarded: an account", account_moved),
    ("what was only read is guarded: a record", record_moved),
    (
        "what was only read is guarded: a checkpoint",
        checkpoint_moved,
    ),
    ("what was not there is guarded", came_to_be),
    ("what is written needs no guard", written),
];

fn client() -> Result<RecordId, Broken> {
    Ok("C-1".parse()?)
}

fn job() -> Result<JobId, Broken> {
    Ok("job-1".parse()?)
}

/// Reads account 1, client C-1 and the progress of job-1.
fn all() -> Result<ReadSet, Broken> {
    let set = ReadSet::new().account(id(1)).record(kind()?, client()?);
    Ok(set.checkpoint(job()?))
}

fn client_write(expected: Option<u64>) -> Result<RecordWrite, Broken> {
    record("C-1", expected, "Akello", &[])
}

fn job_write(expected: Option<u64>) -> Result<CheckpointWrite, Broken> {
    let (job, body) = (job()?, vec![1]);
    Ok(CheckpointWrite {
        job,
        expected,
        body,
    })
}

/// Account 1, client C-1 and job-1, each at version 1.
fn begun(store: &mut dyn Store) -> Result<Found, Broken> {
    let commit = Commit {
        records: vec![client_write(None)?],
        checkpoints: vec![job_write(None)?],
        ..opening(1)?
    };
    land(store, &commit)?;
    Ok(store.read(&all()?)?)
}

/// Account 2 is opened on what was found.
fn decided(found: &Found) -> Result<Commit, Broken> {
    let mut commit = opening(2)?;
    found.guard(&mut commit);
    Ok(commit)
}

fn everything(store: &mut dyn Store) -> Result<(), Broken> {
    let found = begun(store)?;
    land(store, &full(2, None)?)?;
    let reference = header(2)?.reference;
    let sent = full(2, None)?.idempotency.map(|sent| sent.key);
    let mut set = all()?.reference(reference);
    set.receipt = sent;
    let again = store.read(&set)?;
    same(
        "account",
        &again.account(id(1)),
        &store.account(id(1))?.as_ref(),
    )?;
    same("first read", &again.account(id(1)), &found.account(id(1)))?;
    let second = store.account_by_reference(&reference)?;
    same("by number", &again.reference(&reference), &second.as_ref())?;
    let stored = store.record(&kind()?, &client()?)?;
    same(
        "record",
        &again.record(kind()?, client()?),
        &stored.as_ref(),
    )?;
    let progress = store.checkpoint(&job()?)?;
    same("checkpoint", &again.checkpoint(&job()?), &progress.as_ref())?;
    let receipt = sent.map(|key| store.receipt(key)).transpose()?.flatten();
    same("a receipt", &receipt.is_some(), &true)?;
    same("receipt", &again.receipt, &receipt)
}

fn nothing(store: &mut dyn Store) -> Result<(), Broken> {
    let reference = header(1)?.reference;
    let found = store.read(&all()?.reference(reference))?;
    same("account", &found.account(id(1)), &None)?;
    same("asked for", &found.accounts.contains_key(&id(1)), &true)?;
    same("by number", &found.reference(&reference), &None)?;
    same("record", &found.record(kind()?, client()?), &None)?;
    same("checkpoint", &found.checkpoint(&job()?), &None)?;
    same("receipt", &found.receipt, &None)
}

fn account_moved(store: &mut dyn Store) -> Result<(), Broken> {
    let found = begun(store)?;
    let accounts = vec![account(1, Some(1))?];
    land(
        store,
        &Commit {
            accounts,
            ..Commit::default()
        },
    )?;
    refused(store, &decided(&found)?, 2201)
}

fn record_moved(store: &mut dyn Store) -> Result<(), Broken> {
    let found = begun(store)?;
    let body = vec![9];
    let keys: Vec<IndexKey> = vec![];
    let mut write = client_write(Some(1))?;
    write.content = RecordContent::Put { body, keys };
    let records = vec![write];
    land(
        store,
        &Commit {
            records,
            ..Commit::default()
        },
    )?;
    refused(store, &decided(&found)?, 2201)
}

fn checkpoint_moved(store: &mut dyn Store) -> Result<(), Broken> {
    let found = begun(store)?;
    let checkpoints = vec![job_write(Some(1))?];
    land(
        store,
        &Commit {
            checkpoints,
            ..Commit::default()
        },
    )?;
    refused(store, &decided(&found)?, 2201)
}

fn came_to_be(store: &mut dyn Store) -> Result<(), Broken> {
    let found = store.read(&all()?)?;
    land(store, &decided(&found)?)?;
    let found = store.read(&all()?)?;
    let records = vec![client_write(None)?];
    land(
        store,
        &Commit {
            records,
            ..Commit::default()
        },
    )?;
    let mut late = opening(3)?;
    found.guard(&mut late);
    refused(store, &late, 2201)
}

fn written(store: &mut dyn Store) -> Result<(), Broken> {
    let found = begun(store)?;
    let mut commit = Commit {
        accounts: vec![account(1, Some(1))?],
        records: vec![client_write(Some(1))?],
        checkpoints: vec![job_write(Some(1))?],
        ..Commit::default()
    };
    found.guard(&mut commit);
    same("guards", &commit.guards, &vec![])?;
    land(store, &commit)?;
    let mut twice = opening(2)?;
    let found = store.read(&all()?)?;
    found.guard(&mut twice);
    let guards = twice.guards.len();
    found.guard(&mut twice);
    same("guarded once", &(guards, twice.guards.len()), &(3, 3))?;
    land(store, &twice).map(|_| ())
}
