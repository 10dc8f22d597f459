//! Accounts that say what they will post, and are posted by it.

use alloc::{vec, vec::Vec};
use core::num::NonZeroU32;

use super::{Broken, Check, land, refused, same, sample::*};
use crate::{
    ids::AccountId,
    store::{
        AccrualPlan, AccrualPosting, AccrualWrite, Commit, Guard, PlanWrite, Store, StoredAccount,
        Subject,
    },
};

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("a plan is posted without writing its account", posted),
    ("a plan ends when its account is written", replaced),
    ("a plan stands against versions as its account does", stale),
    ("a plan must fit its account", malformed),
    ("accounts with a plan come in pages", pages),
];

/// Days 2, 3 and 4 post 5, 6 and 7.
fn plan() -> Result<AccrualPlan, Broken> {
    AccrualPlan::new(
        ("1300".parse()?, "4100".parse()?),
        AccrualPosting::Aggregated,
        day(1),
        &[5, 6, 7],
    )
    .ok_or_else(|| Broken("no plan of three days".into()))
}

/// Writes account `n` with a plan; work is due on day 5.
fn planned(n: u128, expected: Option<u64>) -> Result<Commit, Broken> {
    let mut write = account(n, expected)?;
    write.header.next_work_on = Some(day(5));
    Ok(Commit {
        accounts: vec![write],
        plans: vec![PlanWrite {
            account: id(n),
            plan: plan()?,
        }],
        ..Commit::default()
    })
}

fn posting(n: u128, expected: u64, through: u64, amount: i64) -> Commit {
    Commit {
        accruals: vec![AccrualWrite {
            account: id(n),
            expected,
            through: day(through),
            amount,
        }],
        ..Commit::default()
    }
}

fn stored(store: &mut dyn Store, n: u128) -> Result<StoredAccount, Broken> {
    let found = store.account(id(n))?;
    found.ok_or_else(|| Broken(alloc::format!("account {n} is missing")))
}

fn posted(store: &mut dyn Store) -> Result<(), Broken> {
    land(store, &planned(1, None)?)?;
    same("plan", &stored(store, 1)?.plan, &Some(plan()?))?;
    let before = stored(store, 1)?;
    land(store, &posting(1, 1, 3, 11))?;
    let after = stored(store, 1)?;
    same("version", &after.version, &2)?;
    same("state", &after.state, &before.state)?;
    same("interest", &after.header.balances.interest, &11)?;
    same("plan moved", &after.plan, &Some(plan()?.moved(day(3), 11)))?;
    land(store, &posting(1, 2, 4, 7))?;
    same("interest", &stored(store, 1)?.header.balances.interest, &18)
}

fn replaced(store: &mut dyn Store) -> Result<(), Broken> {
    land(store, &planned(1, None)?)?;
    land(store, &posting(1, 1, 2, 5))?;
    land(store, &planned(1, Some(2))?)?;
    let again = stored(store, 1)?;
    same("version", &again.version, &3)?;
    same("plan is new", &again.plan, &Some(plan()?))?;
    same(
        "interest is as written",
        &again.header.balances.interest,
        &0,
    )?;
    let bare = Commit {
        accounts: vec![account(1, Some(3))?],
        ..Commit::default()
    };
    land(store, &bare)?;
    let bare = stored(store, 1)?;
    same("version", &bare.version, &4)?;
    same("no plan", &bare.plan, &None)
}

fn stale(store: &mut dyn Store) -> Result<(), Broken> {
    land(store, &planned(1, None)?)?;
    land(store, &posting(1, 1, 2, 5))?;
    refused(store, &posting(1, 1, 3, 6), 2201)?;
    refused(store, &posting(9, 1, 3, 6), 2201)?;
    // Whoever read the account before it was posted decides again.
    refused(store, &planned(1, Some(1))?, 2201)?;
    let guarded = Commit {
        guards: vec![Guard {
            subject: Subject::Account(id(1)),
            expected: Some(1),
        }],
        ..opening(2)?
    };
    refused(store, &guarded, 2201)
}

fn malformed(store: &mut dyn Store) -> Result<(), Broken> {
    land(store, &opening(1)?)?;
    refused(store, &posting(1, 1, 2, 5), 2207)?;
    let mut early = planned(1, Some(1))?;
    for write in &mut early.accounts {
        write.header.next_work_on = Some(day(4));
    }
    refused(store, &early, 2207)?;
    let mut alone = planned(1, Some(1))?;
    alone.accounts.clear();
    refused(store, &alone, 2207)?;
    let mut used = planned(1, Some(1))?;
    for write in &mut used.plans {
        write.plan = plan()?.moved(day(2), 5);
    }
    refused(store, &used, 2207)?;
    let mut both = planned(1, Some(1))?;
    both.merge(posting(1, 1, 2, 5))?;
    refused(store, &both, 2207)
}

fn pages(store: &mut dyn Store) -> Result<(), Broken> {
    for n in [4, 2, 3, 1] {
        land(store, &planned(n, None)?)?;
    }
    land(store, &opening(5)?)?;
    land(store, &posting(2, 1, 3, 11))?;
    let two = NonZeroU32::MIN.saturating_add(1);
    let read = |store: &mut dyn Store, date, after: Option<u128>| {
        let mut page = Vec::new();
        store.accruing(day(date), after.map(id), two, &mut page)?;
        Ok::<Vec<AccountId>, Broken>(page.into_iter().map(|found| found.account).collect())
    };
    same("first page", &read(store, 3, None)?, &vec![id(1), id(3)])?;
    same("second page", &read(store, 3, Some(3))?, &vec![id(4)])?;
    same("the next date", &read(store, 4, None)?, &vec![id(1), id(2)])?;
    same("before the first date", &read(store, 1, None)?, &Vec::new())?;
    same("behind the last date", &read(store, 5, None)?, &Vec::new())
}
