//! The references that payments can be matched against.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    string::String,
    vec::Vec,
};

use ledger::Currency;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    canonical::{canonical, folded, imei14},
    rules::MatchRules,
};
use crate::payment::Phone;

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

/// What money that reaches an account is for.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum Purpose {
    /// Repayment of a loan; the loan engine allocates it.
    #[default]
    Repayment,
    /// Deposit into a savings or wallet account.
    Deposit,
    /// Down payment of a deal that has not started.
    DownPayment,
    /// A fee that is due on its own.
    Fee,
    /// Money that is to go back.
    Refund,
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
    /// Registered and previously used phones.
    pub phones: Vec<String>,
    /// The account's currency.
    pub currency: Currency,
    /// The wallet or short code whose payments may reach the account; `None` for any.
    pub wallet: Option<String>,
    /// Whether the account may be paid.
    pub standing: AccountStanding,
    /// What a payment to the account is for.
    pub purpose: Purpose,
    /// The amount that is expected next.
    #[serde(with = "ledger::money::exact::option")]
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
            purpose: Purpose::Repayment,
            expected: None,
        }
    }

    /// With one more phone.
    #[must_use]
    pub fn with_phone(mut self, phone: &str) -> Self {
        self.phones.push(phone.into());
        self
    }

    /// With one more alias.
    #[must_use]
    pub fn with_alias(mut self, alias: &str) -> Self {
        self.aliases.push(alias.into());
        self
    }
}

/// Why the book refused an entry. The book is unchanged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BookError {
    /// Nothing is left of a reference or alias in canonical form.
    #[error("the reference {reference:?} of account {account:?} has no letter or digit")]
    EmptyReference {
        /// The account.
        account: String,
        /// Its reference.
        reference: String,
    },
    /// A phone is not a number of the country.
    #[error("the phone {phone:?} of account {account:?} is not a number of the dial plan")]
    Phone {
        /// The account.
        account: String,
        /// Its phone.
        phone: String,
    },
    /// The account is already in the book.
    #[error("the account {account:?} is already in the book: remove it first")]
    AccountTwice {
        /// The account.
        account: String,
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
            Self::Phone { .. } => 6203,
            Self::AccountTwice { .. } => 6204,
        }
    }
}

/// The accounts that hold one key; nearly always one.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Holders {
    One(u32),
    Many(Vec<u32>),
}

impl Holders {
    fn as_slice(&self) -> &[u32] {
        match self {
            Self::One(at) => core::slice::from_ref(at),
            Self::Many(all) => all,
        }
    }
}

type Index<K> = BTreeMap<K, Holders>;

fn hold<K: Ord>(index: &mut Index<K>, key: K, at: u32) {
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

fn drop_holder<K: Ord>(index: &mut Index<K>, key: &K, at: u32) {
    let empty = match index.get_mut(key) {
        Some(Holders::Many(all)) => {
            all.retain(|held| *held != at);
            all.is_empty()
        }
        Some(Holders::One(held)) => *held == at,
        None => false,
    };
    if empty {
        index.remove(key);
    }
}

/// The references that payments can be matched against, indexed for every level of the ladder.
///
/// A lookup is O(log n). The book is derived data: build it from the accounts at start and keep it
/// up with [`ReferenceBook::insert`] and [`ReferenceBook::remove`].
#[derive(Clone, Debug)]
pub struct ReferenceBook {
    pub(super) rules: MatchRules,
    /// By number; a number is never used again.
    entries: Vec<Option<AccountEntry>>,
    by_account: BTreeMap<String, u32>,
    by_reference: Index<String>,
    by_alias: Index<String>,
    /// Only references and aliases that folding changes; the others are found above.
    by_folded: Index<String>,
    by_phone: Index<String>,
    /// First eight bytes of the SHA-256 of a phone.
    by_phone_hash: Index<u64>,
    /// Last three digits of a phone, for masked ones.
    by_phone_tail: Index<u16>,
}

/// The keys under which one entry is held.
struct Keys {
    reference: String,
    aliases: Vec<String>,
    folded: Vec<String>,
    phones: Vec<String>,
}

impl ReferenceBook {
    /// An empty book.
    #[must_use]
    pub fn new(rules: MatchRules) -> Self {
        Self {
            rules,
            entries: Vec::new(),
            by_account: BTreeMap::new(),
            by_reference: Index::new(),
            by_alias: Index::new(),
            by_folded: Index::new(),
            by_phone: Index::new(),
            by_phone_hash: Index::new(),
            by_phone_tail: Index::new(),
        }
    }

    /// Adds an account.
    ///
    /// # Errors
    /// [`BookError`]; the book is unchanged then.
    pub fn insert(&mut self, entry: AccountEntry) -> Result<(), BookError> {
        if self.by_account.contains_key(&entry.account) {
            return Err(BookError::AccountTwice {
                account: entry.account,
            });
        }
        let keys = self.keys(&entry)?;
        let at = u32::try_from(self.entries.len()).map_err(|_| BookError::Full {
            given: self.entries.len(),
            allowed: u32::MAX,
        })?;
        hold(&mut self.by_reference, keys.reference, at);
        for alias in keys.aliases {
            hold(&mut self.by_alias, alias, at);
        }
        for key in keys.folded {
            hold(&mut self.by_folded, key, at);
        }
        for phone in keys.phones {
            hold(
                &mut self.by_phone_hash,
                hash_start(&Sha256::digest(&phone)),
                at,
            );
            hold(&mut self.by_phone_tail, tail(&phone), at);
            hold(&mut self.by_phone, phone, at);
        }
        self.by_account.insert(entry.account.clone(), at);
        self.entries.push(Some(entry));
        Ok(())
    }

    /// Takes an account out, for example before it is inserted again with other phones.
    pub fn remove(&mut self, account: &str) -> Option<AccountEntry> {
        let at = self.by_account.remove(account)?;
        let slot = self.entries.get_mut(usize::try_from(at).ok()?)?;
        let entry = slot.take()?;
        let keys = self.keys(&entry).ok()?;
        drop_holder(&mut self.by_reference, &keys.reference, at);
        for alias in &keys.aliases {
            drop_holder(&mut self.by_alias, alias, at);
        }
        for key in &keys.folded {
            drop_holder(&mut self.by_folded, key, at);
        }
        for phone in &keys.phones {
            let hash = hash_start(&Sha256::digest(phone));
            drop_holder(&mut self.by_phone_hash, &hash, at);
            drop_holder(&mut self.by_phone_tail, &tail(phone), at);
            drop_holder(&mut self.by_phone, phone, at);
        }
        Some(entry)
    }

    /// The entry of an account.
    #[must_use]
    pub fn get(&self, account: &str) -> Option<&AccountEntry> {
        self.entry(*self.by_account.get(account)?)
    }

    /// The number of accounts.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_account.len()
    }

    /// Whether there is no account.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_account.is_empty()
    }

    fn keys(&self, entry: &AccountEntry) -> Result<Keys, BookError> {
        let key = |text: &String| {
            let key = canonical(text);
            if key.is_empty() {
                return Err(BookError::EmptyReference {
                    account: entry.account.clone(),
                    reference: text.clone(),
                });
            }
            Ok(key)
        };
        let reference = key(&entry.reference)?;
        let mut aliases = Vec::new();
        for alias in &entry.aliases {
            let alias = key(alias)?;
            aliases.extend(imei14(&alias).map(Into::into));
            aliases.push(alias);
        }
        let all = core::iter::once(&reference).chain(&aliases);
        let folded = all
            .map(|key| (key, folded(key, self.rules.fold_j)))
            .filter(|(key, folded)| *key != folded);
        let folded = folded.map(|(_, folded)| folded).collect();
        let phones = entry.phones.iter().map(|phone| {
            let normal = self.rules.dial_plan.normalise(phone);
            normal.ok_or_else(|| BookError::Phone {
                account: entry.account.clone(),
                phone: phone.clone(),
            })
        });
        let phones: BTreeSet<String> = phones.collect::<Result<_, _>>()?;
        Ok(Keys {
            reference,
            aliases,
            folded,
            phones: phones.into_iter().collect(),
        })
    }

    pub(super) fn entry(&self, at: u32) -> Option<&AccountEntry> {
        self.entries.get(usize::try_from(at).ok()?)?.as_ref()
    }

    pub(super) fn by_reference(&self, key: &str) -> &[u32] {
        self.by_reference.get(key).map_or(&[], Holders::as_slice)
    }

    pub(super) fn by_alias(&self, key: &str) -> &[u32] {
        self.by_alias.get(key).map_or(&[], Holders::as_slice)
    }

    /// Everything that looks like a canonical text.
    pub(super) fn by_looks(&self, key: &str) -> Vec<u32> {
        let folded = folded(key, self.rules.fold_j);
        let mut found = self.by_reference(&folded).to_vec();
        found.extend(self.by_alias(&folded));
        found.extend(
            self.by_folded
                .get(&folded)
                .map_or(&[][..], Holders::as_slice),
        );
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The accounts that a phone may belong to.
    pub(super) fn by_phone(&self, phone: &Phone) -> Vec<u32> {
        let plan = &self.rules.dial_plan;
        let found = match phone {
            Phone::Plain(digits) => {
                let normal = plan.normalise(digits).unwrap_or_default();
                self.by_phone.get(&normal)
            }
            Phone::Masked(mask) => self.by_phone_tail.get(&tail(mask)),
            Phone::Hashed(hash) => self.by_phone_hash.get(&hash_start(hash)),
        };
        let found = found.map_or(&[][..], Holders::as_slice).iter().copied();
        found.filter(|at| self.has_phone(*at, phone)).collect()
    }

    pub(super) fn has_phone(&self, at: u32, phone: &Phone) -> bool {
        let plan = &self.rules.dial_plan;
        self.entry(at).is_some_and(|entry| {
            let normal = entry.phones.iter().filter_map(|p| plan.normalise(p));
            normal.into_iter().any(|normal| phone.may_be(&normal, plan))
        })
    }
}

fn hash_start(hash: &[u8]) -> u64 {
    hash.iter()
        .take(8)
        .fold(0, |sum, byte| (sum << 8) | u64::from(*byte))
}

fn tail(digits: &str) -> u16 {
    let from = digits.len().saturating_sub(3);
    digits
        .get(from..)
        .and_then(|tail| tail.parse().ok())
        .unwrap_or(u16::MAX)
}
