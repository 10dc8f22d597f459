//! What a store keeps of an account: a header it can search, and a state it cannot read.

use alloc::vec::Vec;

use chrono::NaiveDate;
use ledger::{BranchCode, Currency};
use serde::{Deserialize, Serialize};

use super::AccrualPlan;
use crate::ids::{AccountId, AccountRef, HolderId, ProductId};

/// What sort of account it is. The numbers are stable: adapters store them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[repr(u8)]
pub enum AccountKind {
    /// A loan with a schedule.
    Loan = 1,
    /// A credit line drawn and repaid again and again.
    CreditLine = 2,
    /// A deposit.
    Deposit = 3,
}

impl AccountKind {
    const ALL: [Self; 3] = [Self::Loan, Self::CreditLine, Self::Deposit];

    /// The stable number.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// The kind with this number.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// Where an account stands, as far as lists and reports need to know.
///
/// The account's own state may tell finer; this is what a store can search. The numbers are
/// stable: adapters store them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[repr(u8)]
pub enum Standing {
    /// Applied for, not yet decided.
    Pending = 1,
    /// Approved, nothing paid out yet.
    Approved = 2,
    /// Running, nothing late beyond its tolerance.
    Active = 3,
    /// Running, late beyond its tolerance.
    InArrears = 4,
    /// Running, closed for new movements of the client's own making.
    Locked = 5,
    /// Over: everything paid.
    Closed = 6,
    /// Over: the rest written off.
    WrittenOff = 7,
    /// Over before it began: refused or withdrawn.
    Rejected = 8,
}

impl Standing {
    /// Every standing, by its number.
    pub const ALL: [Self; 8] = [
        Self::Pending,
        Self::Approved,
        Self::Active,
        Self::InArrears,
        Self::Locked,
        Self::Closed,
        Self::WrittenOff,
        Self::Rejected,
    ];

    /// The stable number.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// The standing with this number.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|standing| standing.code() == code)
    }
}

/// What the account's sub-ledger carries, in whole minor units of its currency.
///
/// Reports and the proof "control account = sum of sub-ledgers" read these; the engine writes them
/// with every change of the account. Amounts are as posted, so accrued fractions of a minor unit
/// are not in them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Balances {
    /// Principal outstanding (a deposit: its balance).
    pub principal: i64,
    /// Interest posted and not paid.
    pub interest: i64,
    /// Fees posted and not paid.
    pub fees: i64,
    /// Penalties posted and not paid.
    pub penalties: i64,
    /// The part of all these that is past its due date.
    pub overdue: i64,
}

/// The searchable part of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountHeader {
    /// What sort of account it is.
    pub kind: AccountKind,
    /// The account's number as people write it; unique in the store.
    pub reference: AccountRef,
    /// Whose account it is.
    pub holder: HolderId,
    /// The product it was opened under.
    pub product: ProductId,
    /// The branch that keeps it.
    pub branch: BranchCode,
    /// The currency it is kept in.
    pub currency: Currency,
    /// Where it stands.
    pub standing: Standing,
    /// The first business date on which the end of day has something to do; none when it has not.
    pub next_work_on: Option<NaiveDate>,
    /// Since when it is in arrears; none when it is not. Days past due count from here.
    pub in_arrears_since: Option<NaiveDate>,
    /// What its sub-ledger carries.
    pub balances: Balances,
}

impl AccountHeader {
    /// Whether both name the same account: kind, reference and currency never change.
    #[must_use]
    pub fn is_same_identity(&self, other: &Self) -> bool {
        (self.kind, self.reference, self.currency) == (other.kind, other.reference, other.currency)
    }
}

/// An account as a store gives it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoredAccount {
    /// Its identifier.
    pub id: AccountId,
    /// How often it was written or posted by plan: 1 after the first commit.
    pub version: u64,
    /// What can be searched. Interest that was posted by plan is in its balances.
    pub header: AccountHeader,
    /// The engine's state, see [`encode`](super::encode). It knows nothing yet of what was posted
    /// by plan since it was written.
    pub state: Vec<u8>,
    /// What it posts on the coming days, if it said so.
    pub plan: Option<AccrualPlan>,
}

/// One event of an account's history.
///
/// Three clocks: `value_date` says when it counts, `booking_date` when the books took it, `seq`
/// when it was learned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoredEvent {
    /// Whose history.
    pub account: AccountId,
    /// Its number in that history, from 1; unique, growing as events are learned.
    pub seq: u64,
    /// When it counts.
    pub value_date: NaiveDate,
    /// When the books took it.
    pub booking_date: NaiveDate,
    /// The engine's event, see [`encode`](super::encode).
    pub body: Vec<u8>,
}
