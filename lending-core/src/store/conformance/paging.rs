//! Pages by key: nothing twice, nothing left out, whatever changes in between.

use alloc::{vec, vec::Vec};
use core::num::NonZeroU32;

use super::{Broken, Check, land, same, sample::*};
use crate::{
    ids::HolderId,
    store::{AccountHeader, AccountWrite, Commit, Scan, Standing, Store},
};

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("pages of every size give every account once, by id", sizes),
    ("accounts due for work come by date and id", due),
    ("an account that was worked on does not come again", worked),
    ("accounts in arrears come longest first", arrears),
    (
        "accounts are found by holder and by product",
        holder_and_product,
    ),
    ("accounts are listed by number, whole or in part", by_number),
    ("numbers beyond 64 bits keep their order", wide_ids),
];

fn create(
    store: &mut dyn Store,
    n: u128,
    change: impl Fn(&mut AccountHeader),
) -> Result<(), Broken> {
    let mut commit = opening(n)?;
    commit
        .accounts
        .iter_mut()
        .for_each(|write| change(&mut write.header));
    land(store, &commit)
}

/// Every id of a scan, read in pages of `size`.
fn walk(store: &mut dyn Store, scan: &Scan, size: u32) -> Result<Vec<u128>, Broken> {
    let limit = NonZeroU32::new(size).unwrap_or(NonZeroU32::MIN);
    let (mut after, mut ids) = (None, Vec::new());
    loop {
        let mut page = Vec::new();
        store.accounts(scan, after, limit, &mut page)?;
        same(
            "page is not longer than its limit",
            &(page.len() > size as usize),
            &false,
        )?;
        ids.extend(page.iter().map(|account| account.id.get()));
        match page.last() {
            Some(last) => after = Some(scan.key_of(last)),
            None => return Ok(ids),
        }
    }
}

fn sizes(store: &mut dyn Store) -> Result<(), Broken> {
    for n in [5, 3, 9, 1, 7] {
        create(store, n, |_| ())?;
    }
    for size in [1, 2, 3, 5, 6] {
        same("ids", &walk(store, &Scan::All, size)?, &vec![1, 3, 5, 7, 9])?;
    }
    Ok(())
}

fn due(store: &mut dyn Store) -> Result<(), Broken> {
    for (n, on) in [
        (1, Some(5)),
        (2, Some(4)),
        (3, None),
        (4, Some(5)),
        (5, Some(6)),
        (6, Some(4)),
    ] {
        create(store, n, |header| header.next_work_on = on.map(day))?;
    }
    let scan = Scan::DueForWork {
        on_or_before: day(5),
    };
    for size in [1, 2, 10] {
        same("ids", &walk(store, &scan, size)?, &vec![2, 6, 1, 4])?;
    }
    Ok(())
}

fn worked(store: &mut dyn Store) -> Result<(), Broken> {
    for n in 1..=6 {
        create(store, n, |header| header.next_work_on = Some(day(1)))?;
    }
    let scan = Scan::DueForWork {
        on_or_before: day(1),
    };
    let limit = NonZeroU32::new(2).unwrap_or(NonZeroU32::MIN);
    let (mut after, mut seen) = (None, Vec::new());
    loop {
        let mut page = Vec::new();
        store.accounts(&scan, after, limit, &mut page)?;
        let Some(last) = page.last() else { break };
        after = Some(scan.key_of(last));
        let mut commit = Commit::default();
        for account in page {
            seen.push(account.id.get());
            let mut header = account.header;
            header.next_work_on = Some(day(2));
            let expected = Some(account.version);
            let write = AccountWrite {
                id: account.id,
                expected,
                header,
                state: account.state,
            };
            commit.accounts.push(write);
        }
        land(store, &commit)?;
    }
    same("ids", &seen, &vec![1, 2, 3, 4, 5, 6])?;
    same("left over", &walk(store, &scan, 10)?, &vec![])
}

fn arrears(store: &mut dyn Store) -> Result<(), Broken> {
    for (n, since) in [(1, Some(9)), (2, None), (3, Some(2)), (4, Some(9))] {
        create(store, n, |header| {
            header.in_arrears_since = since.map(day);
            header.standing = if since.is_some() {
                Standing::InArrears
            } else {
                Standing::Active
            };
        })?;
    }
    for size in [1, 2, 10] {
        same("ids", &walk(store, &Scan::InArrears, size)?, &vec![3, 1, 4])?;
    }
    Ok(())
}

fn holder_and_product(store: &mut dyn Store) -> Result<(), Broken> {
    for n in 1..=8_u128 {
        create(store, n, |header| {
            header.holder = HolderId::new(n & 1);
            header.product = if n > 4 { "AGRI" } else { "MICRO" }
                .parse()
                .unwrap_or(header.product);
        })?;
    }
    same(
        "odd",
        &walk(store, &Scan::Holder(HolderId::new(1)), 3)?,
        &vec![1, 3, 5, 7],
    )?;
    same(
        "agri",
        &walk(store, &Scan::Product("AGRI".parse()?), 3)?,
        &vec![5, 6, 7, 8],
    )?;
    same(
        "nobody",
        &walk(store, &Scan::Holder(HolderId::new(9)), 3)?,
        &vec![],
    )
}

fn wide_ids(store: &mut dyn Store) -> Result<(), Broken> {
    let ids = [1, u128::from(u64::MAX), 1 << 64, 1 << 100, u128::MAX];
    for n in ids.into_iter().rev() {
        create(store, n, |_| ())?;
    }
    same("ids", &walk(store, &Scan::All, 2)?, &ids.to_vec())
}

fn by_number(store: &mut dyn Store) -> Result<(), Broken> {
    for (n, number) in [(1, "B-2"), (2, "A-10"), (3, "A-2"), (4, "B-10"), (5, "C")] {
        create(store, n, |header| {
            header.reference = number.parse().unwrap_or(header.reference);
        })?;
    }
    let list = |prefix: &str| -> Result<Scan, Broken> {
        let prefix = if prefix.is_empty() {
            None
        } else {
            Some(prefix.parse()?)
        };
        Ok(Scan::Reference { prefix })
    };
    for (prefix, expected) in [
        ("", vec![2, 3, 4, 1, 5]),
        ("B", vec![4, 1]),
        ("A-2", vec![3]),
        ("A-3", vec![]),
    ] {
        for size in [1, 2, 10] {
            same(prefix, &walk(store, &list(prefix)?, size)?, &expected)?;
        }
    }
    Ok(())
}
