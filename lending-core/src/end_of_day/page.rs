//! A page of accounts, and what it writes.

use alloc::{string::String, vec::Vec};

use super::{
    AccountChange, EndOfDayError, Plan, Progress, SetAside, accrue,
    aggregate::{Ids, Sums},
};
use crate::{
    ids::AccountId,
    store::{AccountWrite, Accruing, Commit, PageKey, PlanWrite, PostedEntry, StoredAccount},
};

/// What was decided for one account: a change, nothing, or the reason why it cannot be decided.
pub type Decision = Result<Option<AccountChange>, String>;

/// A page of accounts to decide, or of accounts that their plans have decided.
#[derive(Clone, Debug)]
pub struct Page {
    pub(super) plan: Plan,
    pub(super) number: u32,
    pub(super) accounts: Vec<StoredAccount>,
    pub(super) accruing: Vec<Accruing>,
    pub(super) last: Last,
}

/// Where a page ends.
#[derive(Clone, Copy, Debug)]
pub(super) enum Last {
    Due(PageKey),
    Accruing {
        after: Option<AccountId>,
        last: AccountId,
    },
}

/// What a page writes, all but its checkpoint.
#[derive(Clone, Debug)]
pub struct Decided {
    pub(super) commit: Commit,
    pub(super) counted: Counted,
}

/// What a page adds to the progress.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counted {
    number: u32,
    last: Last,
    seen: u64,
    changed: u64,
    set_aside: u64,
    accrued: u64,
}

impl Counted {
    const fn nothing(page: &Page) -> Self {
        Self {
            number: page.number,
            last: page.last,
            seen: 0,
            changed: 0,
            set_aside: 0,
            accrued: 0,
        }
    }

    /// The progress once the page has landed.
    pub(super) fn on(&self, before: &Progress) -> Progress {
        let mut progress = *before;
        progress.pages = self.number;
        match self.last {
            Last::Due(last) => progress.after = Some(last),
            Last::Accruing { last, .. } => progress.accrued_after = Some(last),
        }
        progress.seen = progress.seen.saturating_add(self.seen);
        progress.changed = progress.changed.saturating_add(self.changed);
        progress.set_aside = progress.set_aside.saturating_add(self.set_aside);
        progress.accrued = progress.accrued.saturating_add(self.accrued);
        progress
    }
}

impl Page {
    /// The accounts to decide, in order; none in a page of accounts that are posted by plan.
    #[must_use]
    pub fn accounts(&self) -> &[StoredAccount] {
        &self.accounts
    }

    /// Makes what the page writes of a decision for each of its accounts. It needs no store: another
    /// thread can do it while the page before lands.
    ///
    /// # Errors
    /// [`EndOfDayError::TooMany`] beyond 65,536 entries made by the job in a page; the encoding's.
    pub fn decided(&self, decisions: Vec<Decision>) -> Result<Decided, EndOfDayError> {
        let date = self.plan.business_date;
        let mut commit = Commit::default();
        let mut sums = Sums::default();
        let mut counted = Counted::nothing(self);
        for (account, decision) in self.accounts.iter().zip(decisions) {
            counted.seen = counted.seen.saturating_add(1);
            let admitted = decision.and_then(|change| match change {
                Some(change) => match change.refusal(account, date) {
                    None => Ok(Some(change)),
                    Some(reason) => Err(reason),
                },
                None => Ok(None),
            });
            match admitted {
                Ok(Some(change)) => {
                    counted.changed = counted.changed.saturating_add(1);
                    take(&mut commit, &mut sums, account, change);
                }
                Ok(None) => {}
                Err(reason) => {
                    counted.set_aside = counted.set_aside.saturating_add(1);
                    let (account, reference) = (account.id, account.header.reference);
                    let aside = SetAside {
                        business_date: date,
                        account,
                        reference,
                        reason,
                    };
                    commit.records.push(aside.write()?);
                }
            }
        }
        counted.accrued = u64::try_from(self.accruing.len()).unwrap_or(u64::MAX);
        counted.seen = counted.seen.saturating_add(counted.accrued);
        let own = accrue::page(&mut commit, &mut sums, &self.accruing, date);
        let ids = Ids::new(&self.plan, self.number);
        let summed = u32::try_from(sums.len()).unwrap_or(u32::MAX);
        commit.entries.reserve(sums.len().saturating_add(own.len()));
        commit.entries.extend(sums.entries(&self.plan, &ids)?);
        for (index, accruing) in (summed..).zip(own) {
            commit
                .entries
                .push(accrue::entry(accruing, ids.at(index)?, date)?);
        }
        Ok(Decided { commit, counted })
    }
}

/// Adds one account's change to the page's commit.
fn take(commit: &mut Commit, sums: &mut Sums, account: &StoredAccount, change: AccountChange) {
    let id = account.id;
    for transfer in &change.transfers {
        sums.add(change.header.product, transfer);
    }
    commit.accounts.push(AccountWrite {
        id,
        expected: Some(account.version),
        header: change.header,
        state: change.state,
    });
    commit.events.extend(change.events);
    if let Some(plan) = change.plan {
        commit.plans.push(PlanWrite { account: id, plan });
    }
    let posted = |entry| PostedEntry {
        account: Some(id),
        entry,
    };
    commit
        .entries
        .extend(change.entries.into_iter().map(posted));
    commit.outbox.extend(change.outbox);
    commit.records.extend(change.records);
}
