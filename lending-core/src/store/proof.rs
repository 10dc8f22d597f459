//! Proofs over any store: states follow from histories, control accounts equal their sub-ledgers.

use alloc::{collections::BTreeMap, string::String, vec::Vec};
use core::num::NonZeroU32;

use ledger::{Currency, GlCode};

use super::{BalanceQuery, Balances, Scan, Store, StoreError, StoredAccount, StoredEvent};
use crate::ids::AccountId;

/// Accounts read at a time.
const PAGE: NonZeroU32 = match NonZeroU32::new(1_000) {
    Some(page) => page,
    None => NonZeroU32::MIN,
};

/// An account whose state is not what its history gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateFinding {
    /// The account.
    pub account: AccountId,
    /// What differs, in the words of the fold.
    pub difference: String,
}

/// An engine's comparison of an account with its history: says what differs.
pub type Fold<'a> = dyn FnMut(&StoredAccount, &[StoredEvent]) -> Result<(), String> + 'a;

/// Folds the history of every account and compares it with the stored state.
///
/// `fold` is the engine's: it gets the account and its whole history in the order in which it was
/// learned, and says what differs.
///
/// # Errors
/// When the store fails. A difference is a finding.
pub fn states_follow_from_histories(
    store: &mut dyn Store,
    fold: &mut Fold<'_>,
) -> Result<Vec<StateFinding>, StoreError> {
    let mut findings = Vec::new();
    let mut events = Vec::new();
    each_account(store, &mut |store, account| {
        events.clear();
        store.events(account.id, None, &mut events)?;
        events.sort_by_key(|event| event.seq);
        if let Err(difference) = fold(account, &events) {
            findings.push(StateFinding {
                account: account.id,
                difference,
            });
        }
        Ok(())
    })?;
    Ok(findings)
}

/// GL accounts that together carry one part of the sub-ledgers.
#[derive(Clone, Debug)]
pub struct Control {
    /// The GL accounts, for example the portfolio accounts of all products.
    pub gl: Vec<GlCode>,
    /// Which part of an account's balances they carry, for example `|b| b.principal`.
    pub part: fn(&Balances) -> i64,
}

/// A control account beside its sub-ledgers, in one currency, minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ControlProof {
    /// The currency.
    pub currency: Currency,
    /// Debits less credits of the GL accounts; a liability is negative.
    pub control: i128,
    /// The sum over all accounts.
    pub sub_ledgers: i128,
}

impl ControlProof {
    /// Whether both are the same.
    #[must_use]
    pub const fn holds(&self) -> bool {
        self.control == self.sub_ledgers
    }
}

/// Compares control accounts with the sums of their sub-ledgers, a proof for each currency found.
///
/// ```
/// use lending_core::store::{Balances, Control, MemoryStore, control_equals_sub_ledgers};
/// let portfolio = Control { gl: vec!["1200".parse()?], part: |balances| balances.principal };
/// let proofs = control_equals_sub_ledgers(&mut MemoryStore::new(), &portfolio)?;
/// assert!(proofs.iter().all(|proof| proof.holds()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// When the store fails. A difference is a proof that does not hold.
pub fn control_equals_sub_ledgers(
    store: &mut dyn Store,
    control: &Control,
) -> Result<Vec<ControlProof>, StoreError> {
    let mut sums = BTreeMap::<Currency, (i128, i128)>::new();
    for gl in &control.gl {
        let query = BalanceQuery {
            gl: Some(*gl),
            ..BalanceQuery::default()
        };
        for balance in store.balances(&query)? {
            let (sum, _) = sums.entry(balance.currency).or_default();
            *sum = sum.saturating_add(balance.net());
        }
    }
    each_account(store, &mut |_, account| {
        let (_, sum) = sums.entry(account.header.currency).or_default();
        *sum = sum.saturating_add(i128::from((control.part)(&account.header.balances)));
        Ok(())
    })?;
    let proof = |(currency, (control, sub_ledgers))| ControlProof {
        currency,
        control,
        sub_ledgers,
    };
    Ok(sums.into_iter().map(proof).collect())
}

/// Visits every account, page by page.
fn each_account(
    store: &mut dyn Store,
    visit: &mut dyn FnMut(&mut dyn Store, &StoredAccount) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut after = None;
    let mut page = Vec::new();
    loop {
        page.clear();
        store.accounts(&Scan::All, after, PAGE, &mut page)?;
        for account in &page {
            visit(store, account)?;
        }
        match page.last() {
            Some(last) => after = Some(Scan::All.key_of(last)),
            None => return Ok(()),
        }
    }
}
