//! Reading the canonical bytes back.

use alloc::{collections::BTreeMap, string::String, vec::Vec};
use core::str::FromStr;

use chrono::NaiveDate;

use super::{Act, act, record};
use crate::{Currency, EntryId, JournalEntry, JournalLine, Sequence, entry::RawEntry};

/// One record of the log, read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Record {
    /// An entry at its place, as it was booked.
    Entry(Sequence, JournalEntry),
    /// Something else that was done to the journal.
    Act(Act),
}

impl Record {
    /// Reads the bytes of a record; `None` when they are not those of any.
    ///
    /// An entry that is read is checked as every other one is: it balances.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader(bytes);
        let read = match reader.byte()? {
            record::VERSION => {
                let sequence = Sequence::new(reader.number().map(u32::from_be_bytes)?);
                Self::Entry(sequence, reader.entry()?)
            }
            act::VERSION => Self::Act(Act::read(&mut reader)?),
            _ => return None,
        };
        reader.0.is_empty().then_some(read)
    }
}

/// What is left to read.
pub(super) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    /// The bytes of a number, most significant first.
    pub(super) fn number<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    pub(super) fn flag(&mut self) -> Option<bool> {
        match self.byte()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }

    pub(super) fn optional<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<Option<T>> {
        if self.flag()? {
            read(self).map(Some)
        } else {
            Some(None)
        }
    }

    pub(super) fn list<T>(&mut self, read: impl Fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = self.number().map(u32::from_be_bytes)?;
        // Nothing is reserved for a count that the bytes may not keep.
        (0..count).map(|_| read(self)).collect()
    }

    pub(super) fn text(&mut self) -> Option<&'a str> {
        let length = self.number().map(u32::from_be_bytes)?;
        core::str::from_utf8(self.take(usize::try_from(length).ok()?)?).ok()
    }

    pub(super) fn code<T: FromStr>(&mut self) -> Option<T> {
        self.text()?.parse().ok()
    }

    pub(super) fn currency(&mut self) -> Option<Currency> {
        Currency::from_code(core::str::from_utf8(self.take(3)?).ok()?).ok()
    }

    pub(super) fn date(&mut self) -> Option<NaiveDate> {
        let day = self.number().map(i32::from_be_bytes)?;
        NaiveDate::from_num_days_from_ce_opt(day)
    }

    pub(super) fn entry_id(&mut self) -> Option<EntryId> {
        self.number().map(u128::from_be_bytes).map(EntryId::new)
    }

    fn line(&mut self) -> Option<JournalLine> {
        let (account, currency) = (self.code()?, self.currency()?);
        let minor = self.number().map(i64::from_be_bytes)?;
        let branch = self.optional(Self::code)?;
        let allowed = minor != 0 && minor != i64::MIN;
        allowed.then(|| JournalLine::from_parts(account, currency, minor, branch))
    }

    /// In the order of their keys, each once, as they are written.
    fn tags(&mut self) -> Option<BTreeMap<String, String>> {
        let pair = |reader: &mut Self| Some((reader.text()?.into(), reader.text()?.into()));
        let pairs: Vec<(String, String)> = self.list(pair)?;
        let in_order = pairs.is_sorted_by(|(before, _), (after, _)| before < after);
        in_order.then(|| pairs.into_iter().collect())
    }

    pub(super) fn entry(&mut self) -> Option<JournalEntry> {
        let raw = RawEntry {
            id: self.entry_id()?,
            value_date: self.date()?,
            booking_date: self.date()?,
            lines: self.list(Self::line)?,
            reference: self.optional(Self::text)?.map(Into::into),
            notes: self.optional(Self::text)?.map(Into::into),
            tags: self.tags()?,
            manual_by: self.optional(Self::text)?.map(Into::into),
            reverses: self.optional(Self::entry_id)?,
        };
        raw.try_into().ok()
    }
}
