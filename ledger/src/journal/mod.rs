//! The journal: entries in recorded order and every balance they make.
//!
//! Posting an entry checks it against the chart, gives it the next [`Sequence`] and moves the
//! balances, or refuses it and changes nothing. Nothing is ever edited or removed.
//!
//! Cost: posting is O(lines × log balances); a balance of any date, as known at any recorded
//! moment, is O(log postings) per currency and branch of the account.
//!
//! ```
//! use chrono::NaiveDate;
//! use ledger::{journal::View, ChartOfAccounts, Currency, EntryId, GlAccount, GlType, Journal, JournalEntry, Money};
//! let kes = Currency::from_code("KES")?;
//! let (bank, loans) = ("1100".parse()?, "1200".parse()?);
//! let mut journal = Journal::new(ChartOfAccounts::new([
//!     GlAccount::detail(bank, "Bank", GlType::Asset),
//!     GlAccount::detail(loans, "Loans to customers", GlType::Asset),
//! ])?);
//! let day = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
//! let entry = JournalEntry::builder(EntryId::new(1), day, day)
//!     .debit(loans, Money::from_minor(100_000, kes)?)
//!     .credit(bank, Money::from_minor(100_000, kes)?)
//!     .build()?;
//! let posted = journal.post(entry.clone())?;
//! assert_eq!((posted.sequence.get(), posted.replayed), (1, false));
//! assert_eq!(journal.balance(&loans, kes)?.to_string(), "1000.00 KES");
//! // The same entry again changes nothing and gives the first answer.
//! assert!(journal.post(entry)?.replayed);
//! assert!(journal.trial_balance(kes, &View::latest())?.is_balanced());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod balance;
mod book;
mod clock;
mod error;
mod limit;
mod lines;
mod migration;
mod pending;
mod period;
mod post;
mod restore;
mod tag_index;
mod timeline;
mod view;

use alloc::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use balance::{QueryError, TrialBalance, TrialBalanceRow};
pub(crate) use book::Totals;
pub use clock::ClockWentBack;
pub use error::{LimitBreach, PostError, Refusal};
pub use limit::Limit;
pub(crate) use lines::BookedLine;
pub use migration::{MigrationError, MigrationState};
pub use pending::{Reservation, ReservationState};
pub use period::{Closure, LateBooking, PeriodError};
pub use post::{BatchError, Posted};
pub use restore::RestoreError;
pub use view::{DateBasis, View};

use crate::{
    ChartError, ChartOfAccounts, Currency, EntryId, GlAccount, GlCode, JournalEntry, JournalLine,
    entry::RawEntry,
    evidence::{Act, MerkleLog},
};

/// The position of an entry in recorded order: 1, 2, 3, ... without gaps.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Sequence(u32);

impl Sequence {
    /// A sequence number; 0 stands before the first entry.
    #[must_use]
    pub const fn new(number: u32) -> Self {
        Self(number)
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    pub(crate) fn index(self) -> Option<usize> {
        usize::try_from(self.0).ok()?.checked_sub(1)
    }

    pub(crate) const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// A journal over one chart of accounts.
#[derive(Clone, Debug)]
pub struct Journal {
    chart: ChartOfAccounts,
    book: book::Book,
    log: Option<MerkleLog>,
    limits: BTreeMap<(u32, Currency), limit::MinorLimit>,
    pending: pending::Pending,
    periods: period::Periods,
    migrations: migration::Migrations,
    clock: clock::Clock,
    acts: restore::Acts,
}

impl Journal {
    /// An empty journal.
    #[must_use]
    pub fn new(chart: ChartOfAccounts) -> Self {
        Self::open(chart, None)
    }

    fn open(chart: ChartOfAccounts, log: Option<MerkleLog>) -> Self {
        let opened = Act::Opened {
            chart: chart.clone(),
        };
        let mut journal = Self {
            chart,
            book: book::Book::default(),
            log,
            limits: BTreeMap::new(),
            pending: pending::Pending::default(),
            periods: period::Periods::default(),
            migrations: migration::Migrations::default(),
            clock: clock::Clock::default(),
            acts: restore::Acts::default(),
        };
        journal.note(&opened);
        journal
    }

    /// An empty journal that keeps a Merkle log of everything done to it, see
    /// [`crate::evidence`]. The first record is the chart.
    #[must_use]
    pub fn with_evidence(chart: ChartOfAccounts) -> Self {
        Self::open(chart, Some(MerkleLog::new()))
    }

    /// The Merkle log over [`Journal::records`]; [`Journal::record_of`] says where an entry is.
    /// `None` for a journal made without evidence.
    #[must_use]
    pub const fn log(&self) -> Option<&MerkleLog> {
        self.log.as_ref()
    }

    /// The chart of accounts.
    #[must_use]
    pub const fn chart(&self) -> &ChartOfAccounts {
        &self.chart
    }

    /// Adds an account to the chart.
    ///
    /// # Errors
    /// What would be wrong with the larger chart.
    pub fn add_account(&mut self, account: GlAccount) -> Result<(), ChartError> {
        let added = Act::AccountAdded {
            account: account.clone(),
        };
        self.chart.add(account)?;
        self.note(&added);
        Ok(())
    }

    /// Lets an account take postings, or no longer; what was posted stays readable.
    ///
    /// # Errors
    /// [`QueryError::UnknownAccount`].
    pub fn set_active(&mut self, account: &GlCode, active: bool) -> Result<(), QueryError> {
        let unknown = QueryError::UnknownAccount { account: *account };
        self.chart.set_active(account, active).ok_or(unknown)?;
        self.note(&Act::Activation {
            account: *account,
            active,
        });
        Ok(())
    }

    /// The number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.book.heads.len()
    }

    /// Whether nothing was posted yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.book.heads.is_empty()
    }

    /// The sequence of the last entry; zero for an empty journal.
    #[must_use]
    pub fn last_sequence(&self) -> Sequence {
        Sequence::new(u32::try_from(self.len()).unwrap_or(u32::MAX))
    }

    /// Where an entry stands.
    #[must_use]
    pub fn sequence_of(&self, id: EntryId) -> Option<Sequence> {
        self.book.ids.get(&id).copied().map(Sequence::new)
    }

    /// The entry that reversed this one.
    #[must_use]
    pub fn reversed_by(&self, id: EntryId) -> Option<EntryId> {
        self.book.reversed_by.get(&id).copied()
    }

    /// The entry at a position, as it was booked.
    #[must_use]
    pub fn entry(&self, sequence: Sequence) -> Option<JournalEntry> {
        let head = self.book.head(sequence)?;
        let lines = self.book.line_range(sequence).filter_map(|at| {
            let slot = self.book.slot(*self.book.line_slots.get(at)?)?;
            let minor = *self.book.line_minor.get(at)?;
            Some(JournalLine::from_parts(
                slot.account,
                slot.currency,
                minor,
                slot.branch,
            ))
        });
        let extra = self.book.extra(head).cloned().unwrap_or_default();
        Some(JournalEntry::from_stored(RawEntry {
            id: head.id,
            value_date: book::day_from_number(head.value_day),
            booking_date: book::day_from_number(head.booking_day),
            lines: lines.collect(),
            reference: extra.reference.map(Into::into),
            notes: extra.notes.map(Into::into),
            tags: extra.tags,
            manual_by: extra.manual_by.map(Into::into),
            reverses: extra.reverses,
        }))
    }

    /// All entries in recorded order.
    pub fn entries(&self) -> impl Iterator<Item = (Sequence, JournalEntry)> {
        (1..=self.last_sequence().get())
            .map(Sequence::new)
            .filter_map(|sequence| Some((sequence, self.entry(sequence)?)))
    }
}
