//! What goes in and what comes out.

use alloc::{string::String, vec::Vec};

use chrono::{DateTime, TimeDelta, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::Item;
use crate::{
    intake::{Standing, Transaction},
    payment::{PaymentKind, Status},
};

/// The time that a statement covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// From here, included.
    pub from: DateTime<Utc>,
    /// Up to here, not included.
    pub to: DateTime<Utc>,
    /// What happens this close to either end may be on the next or the last statement. 120 minutes
    /// are common.
    pub tolerance_minutes: u32,
}

impl Window {
    /// Whether a time lies so close to an end of the window that it may be on a neighbour.
    #[must_use]
    pub fn is_edge(&self, at: DateTime<Utc>) -> bool {
        let tolerance = TimeDelta::minutes(i64::from(self.tolerance_minutes));
        let near = |end: DateTime<Utc>| at.signed_duration_since(end).abs() <= tolerance;
        near(self.from) || near(self.to)
    }

    /// Whether a time lies in the window or at its edge.
    #[must_use]
    pub fn covers(&self, at: DateTime<Utc>) -> bool {
        (self.from <= at && at < self.to) || self.is_edge(at)
    }
}

/// A notice as reconciliation sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notification {
    /// The provider's id.
    pub id: String,
    /// When, by the provider's clock if it gave a time.
    pub at: DateTime<Utc>,
    /// Into the wallet above zero, out of it below; `None` when unknown.
    #[serde(with = "ledger::money::exact::option")]
    pub amount: Option<Decimal>,
}

impl Notification {
    /// The notice of a transaction that moved money; `None` for others.
    #[must_use]
    pub fn of(transaction: &Transaction) -> Option<Self> {
        let merged = &transaction.merged;
        let moved = !matches!(transaction.standing, Standing::Open | Standing::Failed);
        let sign = match merged.kind {
            PaymentKind::Collection => Decimal::ONE,
            _ => Decimal::NEGATIVE_ONE,
        };
        // Taken back under its own id: a statement may show it once, twice or not at all.
        let stays = merged.status != Status::Reversed;
        let amount = merged.amount.filter(|_| stays);
        let amount = amount.and_then(|amount| amount.checked_mul(sign));
        moved.then_some(Self {
            id: merged.provider_id.clone()?,
            at: merged.provider_time.unwrap_or(transaction.received_at),
            amount,
        })
    }
}

/// A posting on the float account of our ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LedgerPosting {
    /// The provider's id that it was posted under.
    pub id: String,
    /// Value time.
    pub at: DateTime<Utc>,
    /// Into the float above zero, out of it below, without fee.
    #[serde(with = "ledger::money::exact")]
    pub amount: Decimal,
    /// Fee taken out of the float, zero or more.
    #[serde(with = "ledger::money::exact")]
    pub fee: Decimal,
}

/// Whether our float follows from the statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BalanceProof {
    /// What the statement's rows moved, fees included.
    #[serde(with = "ledger::money::exact")]
    pub statement_moved: Decimal,
    /// What the ledger's postings moved, fees included.
    #[serde(with = "ledger::money::exact")]
    pub ledger_moved: Decimal,
    /// On the statement, not (or otherwise) in the ledger.
    #[serde(with = "ledger::money::exact")]
    pub unposted: Decimal,
    /// In the ledger, not on the statement.
    #[serde(with = "ledger::money::exact")]
    pub not_on_statement: Decimal,
    /// The difference of the opening balances: ledger less statement.
    #[serde(with = "ledger::money::exact")]
    pub opening_difference: Decimal,
}

impl BalanceProof {
    /// `ledger = statement - unposted + not on statement`, always; what is left is the opening
    /// difference.
    #[must_use]
    pub fn holds(&self) -> bool {
        let left = self
            .statement_moved
            .checked_sub(self.unposted)
            .and_then(|sum| sum.checked_add(self.not_on_statement));
        left == Some(self.ledger_moved)
    }
}

/// The result, for a cashier to work through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// One item for each transaction id; what needs work comes first, then by id.
    pub items: Vec<Item>,
    /// The proof.
    pub proof: BalanceProof,
}

impl Report {
    /// Items that somebody has to do something about.
    pub fn open(&self) -> impl Iterator<Item = &Item> {
        self.items
            .iter()
            .filter(|item| item.action != super::Action::None)
    }
}

/// Why reconciliation was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReconcileError {
    /// The window ends before it begins.
    #[error("the window from {from} to {to} is empty: it must end after it begins")]
    Window {
        /// Its begin.
        from: DateTime<Utc>,
        /// Its end.
        to: DateTime<Utc>,
    },
    /// A sum does not fit an exact decimal.
    #[error("the amounts of {id:?} do not add up to an exact decimal of 28 digits")]
    Overflow {
        /// The transaction.
        id: String,
    },
}

impl ReconcileError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::Window { .. } => 6801,
            Self::Overflow { .. } => 6802,
        }
    }
}
