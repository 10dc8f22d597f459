//! Suspense: money whose owner is not certain, until a person has decided, with a trail.
//!
//! ```
//! use chrono::{TimeZone, Utc};
//! use mobile_money::Provider;
//! use mobile_money::intake::TransactionKey;
//! use mobile_money::matching::SuspenseReason;
//! use mobile_money::suspense::{Resolution, SuspenseDesk};
//! let key = TransactionKey::Provider(Provider::Mpesa, "SFB41KX7PQ".into());
//! let day = |n| Utc.with_ymd_and_hms(2024, 6, n, 12, 0, 0).unwrap();
//! let mut desk = SuspenseDesk::default();
//! desk.open(key.clone(), None, SuspenseReason::NoCandidate, vec![], day(1));
//! assert_eq!(desk.ageing(day(5)).two_to_seven, 1);
//! desk.resolve(&key, Resolution::Applied { account: "loan-7".into() }, "amina", "slip shown", day(5))?;
//! assert_eq!(desk.waiting().count(), 0);
//! assert_eq!(desk.get(&key).unwrap().trail.len(), 2);
//! # Ok::<(), mobile_money::suspense::SuspenseError>(())
//! ```

use alloc::{collections::BTreeMap, string::String, vec::Vec};

use chrono::{DateTime, Utc};
use ledger::Money;
use serde::{Deserialize, Serialize};

use crate::{
    intake::TransactionKey,
    matching::{Candidate, SuspenseReason},
};

/// How an item was resolved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum Resolution {
    /// Applied to an account.
    Applied {
        /// The account.
        account: String,
    },
    /// Paid back to the payer.
    Refunded {
        /// The payout that does it.
        payout: String,
    },
    /// Taken to income, as the law allows after its period.
    TakenToIncome,
    /// There never was any money (a forged or mistaken notice).
    NeverReceived,
}

/// One thing that was done to an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// When.
    pub at: DateTime<Utc>,
    /// By whom; empty for the ladder.
    pub by: String,
    /// What.
    pub action: Action,
    /// Why, in words.
    pub note: String,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum Action {
    /// Put into suspense.
    Opened(SuspenseReason),
    /// Given to a person.
    Assigned,
    /// Resolved.
    Resolved(Resolution),
    /// The resolution was taken back.
    Reopened,
}

/// An item of suspense.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// The amount, when known.
    pub amount: Option<Money>,
    /// Who it may be, best first.
    pub candidates: Vec<Candidate>,
    /// Since when.
    pub opened_at: DateTime<Utc>,
    /// Who works on it.
    pub owner: Option<String>,
    /// How it was resolved; `None` while it waits.
    pub resolution: Option<Resolution>,
    /// Everything that was done, oldest first. Never shortened.
    pub trail: Vec<Step>,
}

/// Items by age: whole days since they were opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ageing {
    /// 0 and 1 day.
    pub to_one: usize,
    /// 2 to 7 days.
    pub two_to_seven: usize,
    /// 8 to 30 days.
    pub eight_to_thirty: usize,
    /// More than 30 days.
    pub over_thirty: usize,
}

/// Why a step was refused. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SuspenseError {
    /// No such item.
    #[error("{key:?} is not in suspense")]
    NoSuchItem {
        /// The transaction.
        key: TransactionKey,
    },
    /// The item is already resolved.
    #[error("{key:?} is already resolved: reopen it first")]
    AlreadyResolved {
        /// The transaction.
        key: TransactionKey,
    },
    /// The item is not resolved.
    #[error("{key:?} is not resolved: only a resolved item can be reopened")]
    NotResolved {
        /// The transaction.
        key: TransactionKey,
    },
}

impl SuspenseError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::NoSuchItem { .. } => 6701,
            Self::AlreadyResolved { .. } => 6702,
            Self::NotResolved { .. } => 6703,
        }
    }
}

/// All items of suspense, waiting and resolved. Plain data: the host keeps it, as a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    from = "Vec<(TransactionKey, Item)>",
    into = "Vec<(TransactionKey, Item)>"
)]
pub struct SuspenseDesk {
    items: BTreeMap<TransactionKey, Item>,
}

impl From<SuspenseDesk> for Vec<(TransactionKey, Item)> {
    fn from(desk: SuspenseDesk) -> Self {
        desk.items.into_iter().collect()
    }
}

impl From<Vec<(TransactionKey, Item)>> for SuspenseDesk {
    fn from(items: Vec<(TransactionKey, Item)>) -> Self {
        let items = items.into_iter().collect();
        Self { items }
    }
}

impl SuspenseDesk {
    /// Puts a transaction into suspense. One that is there already keeps its age and trail and
    /// gets the new candidates.
    pub fn open(
        &mut self,
        key: TransactionKey,
        amount: Option<Money>,
        reason: SuspenseReason,
        candidates: Vec<Candidate>,
        at: DateTime<Utc>,
    ) {
        let item = self.items.entry(key).or_insert_with(|| Item {
            amount,
            candidates: Vec::new(),
            opened_at: at,
            owner: None,
            resolution: None,
            trail: Vec::from([Step {
                at,
                by: String::new(),
                action: Action::Opened(reason),
                note: String::new(),
            }]),
        });
        item.candidates = candidates;
        item.amount = item.amount.or(amount);
    }

    /// Gives an item to a person.
    ///
    /// # Errors
    /// [`SuspenseError::NoSuchItem`].
    pub fn assign(
        &mut self,
        key: &TransactionKey,
        owner: &str,
        by: &str,
        at: DateTime<Utc>,
    ) -> Result<(), SuspenseError> {
        let item = self.item(key)?;
        item.owner = Some(owner.into());
        item.note(at, by, Action::Assigned, owner);
        Ok(())
    }

    /// Resolves an item.
    ///
    /// # Errors
    /// [`SuspenseError::NoSuchItem`], [`SuspenseError::AlreadyResolved`].
    pub fn resolve(
        &mut self,
        key: &TransactionKey,
        resolution: Resolution,
        by: &str,
        note: &str,
        at: DateTime<Utc>,
    ) -> Result<(), SuspenseError> {
        let item = self.item(key)?;
        if item.resolution.is_some() {
            return Err(SuspenseError::AlreadyResolved { key: key.clone() });
        }
        item.resolution = Some(resolution.clone());
        item.note(at, by, Action::Resolved(resolution), note);
        Ok(())
    }

    /// Takes a resolution back.
    ///
    /// # Errors
    /// [`SuspenseError::NoSuchItem`], [`SuspenseError::NotResolved`].
    pub fn reopen(
        &mut self,
        key: &TransactionKey,
        by: &str,
        note: &str,
        at: DateTime<Utc>,
    ) -> Result<(), SuspenseError> {
        let item = self.item(key)?;
        if item.resolution.take().is_none() {
            return Err(SuspenseError::NotResolved { key: key.clone() });
        }
        item.note(at, by, Action::Reopened, note);
        Ok(())
    }

    /// One item.
    #[must_use]
    pub fn get(&self, key: &TransactionKey) -> Option<&Item> {
        self.items.get(key)
    }

    /// Items that wait.
    pub fn waiting(&self) -> impl Iterator<Item = (&TransactionKey, &Item)> {
        self.items
            .iter()
            .filter(|(_, item)| item.resolution.is_none())
    }

    /// Waiting items by age.
    #[must_use]
    pub fn ageing(&self, now: DateTime<Utc>) -> Ageing {
        let mut ageing = Ageing::default();
        for (_, item) in self.waiting() {
            let days = now.signed_duration_since(item.opened_at).num_days();
            let class = match days {
                ..=1 => &mut ageing.to_one,
                2..=7 => &mut ageing.two_to_seven,
                8..=30 => &mut ageing.eight_to_thirty,
                _ => &mut ageing.over_thirty,
            };
            *class = class.saturating_add(1);
        }
        ageing
    }

    fn item(&mut self, key: &TransactionKey) -> Result<&mut Item, SuspenseError> {
        let missing = || SuspenseError::NoSuchItem { key: key.clone() };
        self.items.get_mut(key).ok_or_else(missing)
    }
}

impl Item {
    fn note(&mut self, at: DateTime<Utc>, by: &str, action: Action, note: &str) {
        self.trail.push(Step {
            at,
            by: by.into(),
            action,
            note: note.into(),
        });
    }
}
