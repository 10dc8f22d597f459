//! Journal entries: balanced by construction.
//!
//! An entry can only be made through its builder or by reading a serialised one, and both check
//! that debits equal credits in every currency and in every branch. Amounts are positive whole
//! minor units; the side says the direction. Nothing changes an entry afterwards: a mistake is
//! put right by [`JournalEntry::reversal`] and a new entry.
//!
//! ```
//! use chrono::NaiveDate;
//! use ledger::{Currency, EntryId, GlCode, JournalEntry, Money};
//! let kes = Currency::from_code("KES")?;
//! let (portfolio, bank): (GlCode, GlCode) = ("1200".parse()?, "1100".parse()?);
//! let day = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
//! let disbursement = JournalEntry::builder(EntryId::new(1), day, day)
//!     .debit(portfolio, Money::from_minor(100_000, kes)?)
//!     .credit(bank, Money::from_minor(100_000, kes)?)
//!     .reference("LOAN-7")
//!     .build()?;
//! assert_eq!(disbursement.lines().len(), 2);
//!
//! let unbalanced = JournalEntry::builder(EntryId::new(2), day, day)
//!     .debit(portfolio, Money::from_minor(100_000, kes)?)
//!     .credit(bank, Money::from_minor(99_999, kes)?)
//!     .build();
//! assert!(unbalanced.is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod builder;
mod error;
mod line;

use alloc::{collections::BTreeMap, string::String, vec::Vec};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use builder::EntryBuilder;
pub use error::EntryError;
pub use line::JournalLine;

use crate::EntryId;

/// Tag keys with an agreed meaning. Any other key may be used as well.
pub mod tags {
    /// The loan, deposit or credit-line account the entry belongs to.
    pub const ACCOUNT: &str = "account";
    /// The product of that account.
    pub const PRODUCT: &str = "product";
    /// The channel the money came or went through.
    pub const CHANNEL: &str = "channel";
    /// The identifier of the entry in another system.
    pub const EXTERNAL_ID: &str = "external_id";
    /// What ties together all entries of one interaction.
    pub const INTERACTION_ID: &str = "interaction_id";
    /// Who owns the account the entry belongs to, where that is not the lender.
    pub const OWNER: &str = "owner";
    /// The year that the entry closes; income statements leave such entries out.
    pub const YEAR_END: &str = "year_end";
    /// The import that brought the entry in.
    pub const MIGRATION: &str = "migration";
}

/// A balanced journal entry.
///
/// - The *value date* says when the entry counts (interest runs from it).
/// - The *booking date* says which accounting period takes it.
/// - The recorded order is given by the journal when it is posted.
///
/// Reading a serialised entry goes through the same checks as the builder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RawEntry")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct JournalEntry {
    id: EntryId,
    value_date: NaiveDate,
    booking_date: NaiveDate,
    lines: Vec<JournalLine>,
    reference: Option<String>,
    notes: Option<String>,
    tags: BTreeMap<String, String>,
    manual_by: Option<String>,
    reverses: Option<EntryId>,
}

/// The same fields in the same order, not yet checked.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "JournalEntry"))]
pub(crate) struct RawEntry {
    pub(crate) id: EntryId,
    pub(crate) value_date: NaiveDate,
    pub(crate) booking_date: NaiveDate,
    pub(crate) lines: Vec<JournalLine>,
    #[serde(default)]
    pub(crate) reference: Option<String>,
    #[serde(default)]
    pub(crate) notes: Option<String>,
    #[serde(default)]
    pub(crate) tags: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) manual_by: Option<String>,
    #[serde(default)]
    pub(crate) reverses: Option<EntryId>,
}

impl TryFrom<RawEntry> for JournalEntry {
    type Error = EntryError;
    fn try_from(raw: RawEntry) -> Result<Self, EntryError> {
        builder::check_balance(raw.id, &raw.lines)?;
        if raw.reverses == Some(raw.id) {
            return Err(EntryError::ReversesItself { entry: raw.id });
        }
        if raw.tags.keys().any(String::is_empty) {
            return Err(EntryError::EmptyTagKey { entry: raw.id });
        }
        Ok(Self::from_stored(raw))
    }
}

impl JournalEntry {
    /// Starts an entry.
    pub fn builder(id: EntryId, value_date: NaiveDate, booking_date: NaiveDate) -> EntryBuilder {
        EntryBuilder::new(id, value_date, booking_date)
    }

    /// The identifier.
    #[must_use]
    pub const fn id(&self) -> EntryId {
        self.id
    }

    /// When the entry counts.
    #[must_use]
    pub const fn value_date(&self) -> NaiveDate {
        self.value_date
    }

    /// Which day of the books takes the entry.
    #[must_use]
    pub const fn booking_date(&self) -> NaiveDate {
        self.booking_date
    }

    /// The debits and credits, in the order they were given.
    #[must_use]
    pub fn lines(&self) -> &[JournalLine] {
        &self.lines
    }

    /// A short text for people: a receipt, a contract number.
    #[must_use]
    pub fn reference(&self) -> Option<&str> {
        self.reference.as_deref()
    }

    /// A longer text for people.
    #[must_use]
    pub fn notes(&self) -> Option<&str> {
        self.notes.as_deref()
    }

    /// All tags, see [`tags`] for the keys with an agreed meaning.
    #[must_use]
    pub const fn tags(&self) -> &BTreeMap<String, String> {
        &self.tags
    }

    /// The value of one tag.
    #[must_use]
    pub fn tag(&self, key: &str) -> Option<&str> {
        self.tags.get(key).map(String::as_str)
    }

    /// Who made the entry by hand; `None` for entries made by a program.
    #[must_use]
    pub fn manual_by(&self) -> Option<&str> {
        self.manual_by.as_deref()
    }

    /// The entry that this one takes back.
    #[must_use]
    pub const fn reverses(&self) -> Option<EntryId> {
        self.reverses
    }

    /// The entry that takes this one back: the same lines on the other side, on the same value
    /// date, booked on `booking_date`, with the same reference and tags and a link to this entry.
    ///
    /// # Errors
    /// [`EntryError::ReversesItself`] when `id` is this entry's own.
    pub fn reversal(&self, id: EntryId, booking_date: NaiveDate) -> Result<Self, EntryError> {
        if id == self.id {
            return Err(EntryError::ReversesItself { entry: id });
        }
        Ok(Self {
            id,
            booking_date,
            lines: self.lines.iter().map(JournalLine::opposite).collect(),
            reverses: Some(self.id),
            ..self.clone()
        })
    }

    /// The same entry with one more tag.
    #[must_use]
    pub fn tagged(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.tags.insert(key.into(), value.into());
        self
    }

    /// The same entry booked on another day.
    #[must_use]
    pub fn rebooked(mut self, booking_date: NaiveDate) -> Self {
        self.booking_date = booking_date;
        self
    }

    /// An entry that was checked before it was stored.
    pub(crate) fn from_stored(raw: RawEntry) -> Self {
        Self {
            id: raw.id,
            value_date: raw.value_date,
            booking_date: raw.booking_date,
            lines: raw.lines,
            reference: raw.reference,
            notes: raw.notes,
            tags: raw.tags,
            manual_by: raw.manual_by,
            reverses: raw.reverses,
        }
    }

    /// The parts of a checked entry.
    pub(crate) fn into_raw(self) -> RawEntry {
        RawEntry {
            id: self.id,
            value_date: self.value_date,
            booking_date: self.booking_date,
            lines: self.lines,
            reference: self.reference,
            notes: self.notes,
            tags: self.tags,
            manual_by: self.manual_by,
            reverses: self.reverses,
        }
    }

    /// Whether the lines of `other` are the lines of this entry on the other side, in any order.
    pub(crate) fn mirrors(&self, other: &Self) -> bool {
        let mut mine = self.lines.clone();
        let mut theirs: Vec<_> = other.lines.iter().map(JournalLine::opposite).collect();
        mine.sort_unstable();
        theirs.sort_unstable();
        mine == theirs
    }
}
