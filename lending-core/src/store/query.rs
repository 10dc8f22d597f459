//! What can be asked of a store, and what it answers.

use alloc::{string::String, vec::Vec};

use chrono::NaiveDate;
use ledger::{BranchCode, Currency, EntryId, GlCode};
use serde::{Deserialize, Serialize};

use super::{Fingerprint, IndexKey, PostedEntry, Receipt, StoredAccount};
use crate::ids::{AccountId, AccountRef, HolderId, JobId, ProductId, RecordId, RecordKind};

/// Which accounts a page is made of, and in which order.
///
/// Every scan is ordered by a date and then by account id, by account id alone, or by the account's
/// number, so that a page begins where the last one ended however the accounts changed in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scan {
    /// Every account, by id.
    All,
    /// Accounts with work for the end of day, by the date it is due and id.
    DueForWork {
        /// The last due date to include.
        on_or_before: NaiveDate,
    },
    /// Accounts in arrears, the longest first.
    InArrears,
    /// The accounts of a holder, by id.
    Holder(HolderId),
    /// The accounts of a product, by id.
    Product(ProductId),
    /// Accounts by their number, byte by byte, as a list for people: those whose number begins with
    /// this text, or all. Numbers never change, so that the id of the last one says where it ended.
    Reference {
        /// How the number begins.
        prefix: Option<AccountRef>,
    },
}

impl Scan {
    /// Whether the scan includes this account.
    #[must_use]
    pub fn includes(&self, account: &StoredAccount) -> bool {
        let header = &account.header;
        match self {
            Self::All => true,
            Self::DueForWork { on_or_before } => header
                .next_work_on
                .is_some_and(|date| date <= *on_or_before),
            Self::InArrears => header.in_arrears_since.is_some(),
            Self::Holder(holder) => header.holder == *holder,
            Self::Product(product) => header.product == *product,
            Self::Reference { prefix } => {
                prefix.is_none_or(|prefix| header.reference.as_str().starts_with(prefix.as_str()))
            }
        }
    }

    /// Where the account stands in the order of this scan: give it as `after` for the next page.
    #[must_use]
    pub const fn key_of(&self, account: &StoredAccount) -> PageKey {
        let on = match self {
            Self::DueForWork { .. } => account.header.next_work_on,
            Self::InArrears => account.header.in_arrears_since,
            _ => None,
        };
        PageKey { on, id: account.id }
    }
}

/// A place in a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageKey {
    /// The date the scan is ordered by; none for scans without one.
    pub on: Option<NaiveDate>,
    /// The account.
    pub id: AccountId,
}

/// Which records a page is made of; ordered by id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordScan {
    /// Of this kind.
    pub kind: RecordKind,
    /// With this key, if one is given.
    pub key: Option<IndexKey>,
}

/// A record as a store gives it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoredRecord {
    /// What it is.
    pub kind: RecordKind,
    /// Which one.
    pub id: RecordId,
    /// How often it was written: 1 after the first commit.
    pub version: u64,
    /// The content.
    pub body: Vec<u8>,
    /// The keys it is found under, in order.
    pub keys: Vec<IndexKey>,
}

/// The progress of a job as a store gives it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoredCheckpoint {
    /// The job.
    pub job: JobId,
    /// How often it was written: 1 after the first commit.
    pub version: u64,
    /// The job's own progress.
    pub body: Vec<u8>,
}

/// The receipt of a request as a store gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredReceipt {
    /// What the request asked for.
    pub fingerprint: Fingerprint,
    /// The last day on which it is kept.
    pub keep_until: NaiveDate,
    /// What the caller was told.
    pub receipt: Receipt,
}

/// Which ledger balances to sum. The default asks for all of them.
///
/// Both clocks may be set: "what did the books of the 5th know about the 1st?".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BalanceQuery {
    /// Only what counts on or before this date.
    pub valued_through: Option<NaiveDate>,
    /// Only what the books took on or before this date.
    pub booked_through: Option<NaiveDate>,
    /// Only this GL account.
    pub gl: Option<GlCode>,
}

/// The turnover of one GL account in one branch and currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GlBalance {
    /// The GL account.
    pub gl: GlCode,
    /// The branch, if lines are kept by branch.
    pub branch: Option<BranchCode>,
    /// The currency.
    pub currency: Currency,
    /// Sum of debits, minor units.
    pub debit: i128,
    /// Sum of credits, minor units.
    pub credit: i128,
}

impl GlBalance {
    /// Debits less credits, minor units.
    #[must_use]
    pub const fn net(&self) -> i128 {
        self.debit.saturating_sub(self.credit)
    }
}

/// Which of an entry's dates a journal query goes by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Clock {
    /// The day whose books took it.
    #[default]
    Booking,
    /// The day it counts.
    Value,
}

/// Which entries a page of the journal is made of; ordered by the clock's date and entry id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JournalQuery {
    /// Which date the query goes by.
    pub clock: Clock,
    /// From this date on.
    pub from: Option<NaiveDate>,
    /// Through this date.
    pub through: Option<NaiveDate>,
    /// Only entries of this account.
    pub account: Option<AccountId>,
    /// Only entries with a line on this GL account.
    pub gl: Option<GlCode>,
}

impl JournalQuery {
    /// Where an entry stands in the order of this query: give it as `after` for the next page.
    #[must_use]
    pub const fn key_of(&self, posted: &PostedEntry) -> JournalKey {
        let on = match self.clock {
            Clock::Booking => posted.entry.booking_date(),
            Clock::Value => posted.entry.value_date(),
        };
        JournalKey {
            on,
            id: posted.entry.id(),
        }
    }

    /// Whether the query includes this entry.
    #[must_use]
    pub fn includes(&self, posted: &PostedEntry) -> bool {
        let on = self.key_of(posted).on;
        self.from.is_none_or(|from| on >= from)
            && self.through.is_none_or(|through| on <= through)
            && self
                .account
                .is_none_or(|account| posted.account == Some(account))
            && self
                .gl
                .is_none_or(|gl| posted.entry.lines().iter().any(|l| l.account() == gl))
    }
}

/// A place in the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JournalKey {
    /// The date of the query's clock.
    pub on: NaiveDate,
    /// The entry.
    pub id: EntryId,
}

/// A message of the outbox, not yet acknowledged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delivery {
    /// Its number, growing in the order in which commits landed; never used twice.
    pub number: u64,
    /// What it is about.
    pub topic: String,
    /// The account it is about, if it is about one.
    pub account: Option<AccountId>,
    /// The content.
    pub body: Vec<u8>,
}

/// How much a store holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statistics {
    /// Commits landed: the sequence of the last one.
    pub commits: u64,
    /// Accounts.
    pub accounts: u64,
    /// Events of all histories.
    pub events: u64,
    /// Journal entries.
    pub entries: u64,
    /// Records of all kinds.
    pub records: u64,
    /// Receipts kept.
    pub receipts: u64,
    /// Messages not yet acknowledged.
    pub messages_pending: u64,
}
