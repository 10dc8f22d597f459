//! Versioned records and the keys they are found under.

use alloc::{string::String, vec, vec::Vec};
use core::num::NonZeroU32;

use super::{Broken, Check, land, refused, same, sample::*};
use crate::store::{Commit, IndexKey, RecordContent, RecordScan, RecordWrite, Store};

pub(super) const CHECKS: &[(&str, Check)] = &[
    (
        "a record is created, read and replaced by version",
        lifecycle,
    ),
    (
        "a record is found under each of its keys, and under no old one",
        keys,
    ),
    ("records page by id within their kind", pages),
    ("an erased record is gone with its keys", erase),
];

fn put(store: &mut dyn Store, write: RecordWrite) -> Result<(), Broken> {
    land(
        store,
        &Commit {
            records: vec![write],
            ..Commit::default()
        },
    )?;
    Ok(())
}

fn under(
    store: &mut dyn Store,
    key: Option<(&str, &str)>,
    size: u32,
) -> Result<Vec<String>, Broken> {
    let key = key.map(|(name, value)| IndexKey {
        name: name.into(),
        value: value.into(),
    });
    let scan = RecordScan { kind: kind()?, key };
    let limit = NonZeroU32::new(size).unwrap_or(NonZeroU32::MIN);
    let (mut after, mut ids) = (None, Vec::new());
    loop {
        let mut page = Vec::new();
        store.records(&scan, after.as_ref(), limit, &mut page)?;
        ids.extend(page.iter().map(|record| String::from(record.id.as_str())));
        match page.last() {
            Some(last) => after = Some(last.id),
            None => return Ok(ids),
        }
    }
}

fn lifecycle(store: &mut dyn Store) -> Result<(), Broken> {
    put(store, record("C-1", None, "Akello", &[])?)?;
    refused(store, &one(record("C-1", None, "Okot", &[])?), 2201)?;
    put(
        store,
        record(
            "C-1",
            Some(1),
            "Akello Grace",
            &[("b", "2"), ("a", "1"), ("b", "2")],
        )?,
    )?;
    refused(store, &one(record("C-1", Some(1), "Okot", &[])?), 2201)?;
    let found = store
        .record(&kind()?, &"C-1".parse()?)?
        .ok_or(Broken("missing".into()))?;
    same("version", &found.version, &2)?;
    same("body", &found.body, &b"Akello Grace".to_vec())?;
    let names: Vec<_> = found.keys.iter().map(|key| key.name.as_str()).collect();
    same("keys, in order and once each", &names, &vec!["a", "b"])?;
    same(
        "other kind",
        &store.record(&"product".parse()?, &"C-1".parse()?)?,
        &None,
    )
}

fn one(write: RecordWrite) -> Commit {
    Commit {
        records: vec![write],
        ..Commit::default()
    }
}

fn keys(store: &mut dyn Store) -> Result<(), Broken> {
    put(
        store,
        record(
            "C-1",
            None,
            "a",
            &[("phone", "1"), ("phone", "2"), ("id", "CM1")],
        )?,
    )?;
    put(
        store,
        record("C-2", None, "b", &[("phone", "2"), ("id", "CM2")])?,
    )?;
    same(
        "shared",
        &under(store, Some(("phone", "2")), 1)?,
        &vec!["C-1".into(), "C-2".into()],
    )?;
    same(
        "own",
        &under(store, Some(("phone", "1")), 9)?,
        &vec!["C-1".into()],
    )?;
    same(
        "name and value go together",
        &under(store, Some(("id", "1")), 9)?,
        &vec![],
    )?;
    put(store, record("C-1", Some(1), "a", &[("phone", "3")])?)?;
    same("old key", &under(store, Some(("phone", "1")), 9)?, &vec![])?;
    same(
        "new key",
        &under(store, Some(("phone", "3")), 9)?,
        &vec!["C-1".into()],
    )
}

fn pages(store: &mut dyn Store) -> Result<(), Broken> {
    for id in ["C", "A", "E", "B", "D"] {
        put(store, record(id, None, id, &[("all", "x")])?)?;
    }
    let mut other = record("A1", None, "", &[("all", "x")])?;
    other.kind = "device".parse()?;
    put(store, other)?;
    let all: Vec<String> = ["A", "B", "C", "D", "E"].map(String::from).to_vec();
    for size in [1, 2, 5, 9] {
        same("by kind", &under(store, None, size)?, &all)?;
        same("by key", &under(store, Some(("all", "x")), size)?, &all)?;
    }
    Ok(())
}

fn erase(store: &mut dyn Store) -> Result<(), Broken> {
    let erase = |expected| -> Result<Commit, Broken> {
        let (kind, id) = (kind()?, "C-1".parse()?);
        Ok(one(RecordWrite {
            kind,
            id,
            expected,
            content: RecordContent::Erase,
        }))
    };
    put(store, record("C-1", None, "Akello", &[("phone", "1")])?)?;
    refused(store, &erase(Some(2))?, 2201)?;
    refused(store, &erase(None)?, 2207)?;
    land(store, &erase(Some(1))?)?;
    same("record", &store.record(&kind()?, &"C-1".parse()?)?, &None)?;
    same("key", &under(store, Some(("phone", "1")), 9)?, &vec![])?;
    put(store, record("C-1", None, "Another", &[])?)
}
