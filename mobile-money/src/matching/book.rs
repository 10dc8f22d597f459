//! The references that payments can be matched against.

use alloc::{collections::BTreeMap, string::String, vec::Vec};

use ledger::Currency;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{canonical::canonical, rules::MatchRules};

/// Whether an account may take a payment without a person looking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum AccountStanding {
    /// May be paid.
    #[default]
    Active,
    /// Paid off or closed: the money is a refund or belongs elsewhere.
    Closed,
    /// The device or collateral was taken back.
    Repossessed,
    /// Written off: the money is a recovery.
    WrittenOff,
}

/// An account as matching sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountEntry {
    /// The host's name for the account; returned on a match.
    pub account: String,
    /// The reference that the payer is told to use.
    pub reference: String,
    /// Other references: an older code, a serial number, an IMEI, a deal number.
    pub aliases: Vec<String>,
    /// Registered and previously used phones, with country code.
    pub phones: Vec<String>,
    /// The account's currency.
    pub currency: Currency,
    /// The wallet or short code whose payments may reach the account; `None` for any.
    pub wallet: Option<String>,
    /// Whether the account may be paid.
    pub standing: AccountStanding,
    /// The amount that is expected next.
    #[serde(with = "rust_decimal::serde::str_option")]
    pub expected: Option<Decimal>,
}

impl AccountEntry {
    /// An active account without aliases or phones.
    #[must_use]
    pub fn new(account: &str, reference: &str, currency: Currency) -> Self {
        Self {
            account: account.into(),
            reference: reference.into(),
            aliases: Vec::new(),
            phones: Vec::new(),
            currency,
            wallet: None,
            standing: AccountStanding::Active,
            expected: None,
        }
    }
}

/// Why the book refused an entry. The book is unchanged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BookError {
    /// Nothing is left of the reference in canonical form.
    #[error("the reference {reference:?} of account {account:?} has no letter or digit")]
    EmptyReference {
        /// The account.
        account: String,
        /// Its reference.
        reference: String,
    },
    /// More accounts than can be numbered.
    #[error("the book holds {given} accounts: at most {allowed} are allowed")]
    Full {
        /// Accounts held.
        given: usize,
        /// Accounts allowed.
        allowed: u32,
    },
}

impl BookError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::EmptyReference { .. } => 6201,
            Self::Full { .. } => 6202,
        }
    }
}

/// The accounts that hold one key; nearly always one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Holders {
    One(u32),
    Many(Vec<u32>),
}

impl Holders {
    pub(super) fn as_slice(&self) -> &[u32] {
        match self {
            Self::One(at) => core::slice::from_ref(at),
            Self::Many(all) => all,
        }
    }
}

/// The references that payments can be matched against, indexed for every level of the ladder.
#[derive(Clone, Debug)]
pub struct ReferenceBook {
    pub(super) rules: MatchRules,
    entries: Vec<AccountEntry>,
    by_canonical: BTreeMap<String, Holders>,
}

impl ReferenceBook {
    /// An empty book.
    ///
    /// # Errors
    /// None yet.
    pub fn new(rules: MatchRules) -> Result<Self, BookError> {
        Ok(Self {
            rules,
            entries: Vec::new(),
            by_canonical: BTreeMap::new(),
        })
    }

    /// Adds an account.
    ///
    /// # Errors
    /// [`BookError::EmptyReference`], [`BookError::Full`].
    pub fn insert(&mut self, entry: AccountEntry) -> Result<(), BookError> {
        let key = canonical(&entry.reference);
        if key.is_empty() {
            return Err(BookError::EmptyReference {
                account: entry.account,
                reference: entry.reference,
            });
        }
        let at = u32::try_from(self.entries.len()).map_err(|_| BookError::Full {
            given: self.entries.len(),
            allowed: u32::MAX,
        })?;
        self.entries.push(entry);
        hold(&mut self.by_canonical, key, at);
        Ok(())
    }

    pub(super) fn entry(&self, at: u32) -> Option<&AccountEntry> {
        self.entries.get(usize::try_from(at).ok()?)
    }

    pub(super) fn by_canonical(&self, key: &str) -> &[u32] {
        self.by_canonical.get(key).map_or(&[], Holders::as_slice)
    }
}

fn hold(index: &mut BTreeMap<String, Holders>, key: String, at: u32) {
    match index.get_mut(&key) {
        None => {
            index.insert(key, Holders::One(at));
        }
        Some(Holders::One(first)) if *first != at => {
            let both = alloc::vec![*first, at];
            index.insert(key, Holders::Many(both));
        }
        Some(Holders::Many(all)) if !all.contains(&at) => all.push(at),
        Some(_) => {}
    }
}
