//! Check, then apply: an entry that is refused leaves no trace.

use alloc::vec::Vec;

use chrono::NaiveDate;

use super::{
    Journal, PostError, Refusal, Sequence, Totals,
    book::{Extra, Head, NO_EXTRA, Place, day_number},
};
use crate::{
    EntryId, JournalEntry, Usage,
    entry::tags,
    evidence::{Act, write_record},
};

/// An entry that is in the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Posted {
    /// Its place in recorded order.
    pub sequence: Sequence,
    /// The day of the books that took it.
    pub booking_date: NaiveDate,
    /// Whether the journal had the entry before, with the same content.
    pub replayed: bool,
}

/// A batch that was not posted; the journal is unchanged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("batch item {index}: {error}")]
#[non_exhaustive]
pub struct BatchError {
    /// The entry that was refused, counted from zero.
    pub index: usize,
    /// Why.
    #[source]
    pub error: PostError,
}

/// The most lines and entries that 32-bit positions number.
const POSITIONS_MAX: usize = u32::MAX as usize - 1;

impl Journal {
    /// Posts an entry, or refuses it and changes nothing.
    ///
    /// An entry whose identifier and content the journal already has is not posted again: the
    /// first answer comes back with `replayed` set.
    ///
    /// # Errors
    /// [`PostError`] with the entry, the line and the [`Refusal`].
    pub fn post(&mut self, entry: JournalEntry) -> Result<Posted, PostError> {
        if let Some(sequence) = self.sequence_of(entry.id()) {
            return self.replay(sequence, &entry);
        }
        if self.pending.is_reserved(entry.id()) {
            return Err(PostError::entry(entry.id(), Refusal::Reserved));
        }
        let booking_date = self.check(&entry)?;
        Ok(self.record(entry, booking_date))
    }

    /// Posts all entries in order, or none of them.
    ///
    /// # Errors
    /// [`BatchError`] with the index of the first entry that was refused; the journal is as it was
    /// before the call.
    pub fn post_batch(
        &mut self,
        entries: impl IntoIterator<Item = JournalEntry>,
    ) -> Result<Vec<Posted>, BatchError> {
        let (before, acts) = (self.last_sequence(), self.acts.len());
        let mut posted = Vec::new();
        for (index, entry) in entries.into_iter().enumerate() {
            match self.post(entry) {
                Ok(answer) => posted.push(answer),
                Err(error) => {
                    self.forget_after(before, acts);
                    return Err(BatchError { index, error });
                }
            }
        }
        Ok(posted)
    }

    /// Takes back everything recorded after `keep` and the first `acts`: a batch that failed.
    fn forget_after(&mut self, keep: Sequence, acts: usize) {
        self.book.truncate(keep);
        self.acts.truncate(acts);
        let length = self.record_count();
        if let Some(log) = &mut self.log {
            log.truncate(length);
        }
    }

    pub(super) fn replay(
        &self,
        sequence: Sequence,
        entry: &JournalEntry,
    ) -> Result<Posted, PostError> {
        let asked = |known: JournalEntry| match self.asked_booking_date(sequence) {
            Some(date) => known.rebooked(date),
            None => known,
        };
        match self.entry(sequence) {
            Some(known) if asked(known.clone()) == *entry => Ok(Posted {
                sequence,
                booking_date: known.booking_date(),
                replayed: true,
            }),
            _ => Err(PostError::entry(entry.id(), Refusal::IdReused)),
        }
    }

    /// Whether the entry may be posted; gives the booking date and leaves the places of its lines
    /// in `book.line_places`.
    pub(super) fn check(&mut self, entry: &JournalEntry) -> Result<NaiveDate, PostError> {
        let checked = self.check_all(entry);
        if checked.is_err() {
            self.book.line_places.clear();
        }
        checked
    }

    fn check_all(&mut self, entry: &JournalEntry) -> Result<NaiveDate, PostError> {
        self.find_places(entry)?;
        if let Some(reversed) = entry.reverses() {
            self.check_reversal(entry, reversed)?;
        }
        let booking_date = self.open_booking_date(entry)?;
        self.check_limits(entry)?;
        let refuse_full = |what| {
            let limit = u64::try_from(POSITIONS_MAX).unwrap_or(u64::MAX);
            Err(PostError::entry(entry.id(), Refusal::Full { what, limit }))
        };
        if self.len() >= POSITIONS_MAX {
            return refuse_full("entries");
        }
        if self
            .book
            .line_slots
            .len()
            .saturating_add(entry.lines().len())
            > POSITIONS_MAX
        {
            return refuse_full("lines");
        }
        Ok(booking_date)
    }

    fn find_places(&mut self, entry: &JournalEntry) -> Result<(), PostError> {
        self.book.line_places.clear();
        for (at, line) in entry.lines().iter().enumerate() {
            let account = line.account();
            let refuse = |refusal| Err(PostError::line(entry.id(), at, refusal));
            let position = self.chart.position(&account);
            let Some((position, found)) =
                position.and_then(|position| Some((position, self.chart.at(position)?)))
            else {
                return refuse(Refusal::UnknownAccount { account });
            };
            if found.usage == Usage::Header {
                return refuse(Refusal::HeaderAccount { account });
            }
            if !found.active {
                return refuse(Refusal::InactiveAccount { account });
            }
            if entry.manual_by().is_some() && !found.manual_entries {
                return refuse(Refusal::ManualNotAllowed { account });
            }
            let given = line.currency();
            if let Some(allowed) = found.currency.filter(|allowed| *allowed != given) {
                return refuse(Refusal::AccountCurrency {
                    account,
                    given,
                    allowed,
                });
            }
            let slot = self.book.find_slot(position, given, line.branch());
            self.book
                .line_places
                .push(slot.map_or(Place::New(position), Place::Slot));
        }
        Ok(())
    }

    fn check_reversal(&self, entry: &JournalEntry, reversed: EntryId) -> Result<(), PostError> {
        let refuse = |refusal| Err(PostError::entry(entry.id(), refusal));
        let Some(original) = self.sequence_of(reversed).and_then(|at| self.entry(at)) else {
            return refuse(Refusal::UnknownReversed { reversed });
        };
        if let Some(by) = self.reversed_by(reversed) {
            return refuse(Refusal::AlreadyReversed { reversed, by });
        }
        if !entry.mirrors(&original) {
            return refuse(Refusal::NotAMirror { reversed });
        }
        Ok(())
    }

    /// Applies a checked entry. Positions fit: the check counted them.
    pub(super) fn record(&mut self, entry: JournalEntry, booking_date: NaiveDate) -> Posted {
        let asked_booking = Some(entry.booking_date()).filter(|asked| *asked != booking_date);
        if let Some(asked) = asked_booking {
            self.note(&Act::Moved { asked });
        }
        let entry = entry.rebooked(booking_date);
        let sequence = self.last_sequence().next();
        if let Some(log) = &mut self.log {
            write_record(&mut self.book.scratch, sequence, &entry);
            log.append(&self.book.scratch);
            self.book.scratch.clear();
        }
        let position = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        let (value_day, booking_day) = (day_number(entry.value_date()), day_number(booking_date));
        let first_line = position(self.book.line_slots.len());
        let mut places = core::mem::take(&mut self.book.line_places);
        for (booked, place) in entry.lines().iter().zip(&places) {
            let at = match *place {
                Place::Slot(at) => at,
                // An earlier line of this entry may have made it.
                Place::New(account) => self
                    .book
                    .find_slot(account, booked.currency(), booked.branch())
                    .unwrap_or_else(|| self.book.new_slot(account, booked)),
            };
            let minor = booked.signed_minor();
            let line = position(self.book.line_slots.len());
            self.book.line_slots.push(at);
            self.book.line_minor.push(minor);
            let amount = Totals::of(minor);
            if let Some(slot) = self.book.slot_mut(at) {
                slot.history.post(value_day, booking_day, sequence, amount);
                slot.lines.push(line);
            }
            if !self.book.tags.is_empty() {
                let days = (value_day, booking_day);
                let tags = &mut self.book.tags;
                tags.add(entry.tags(), at, days, sequence, amount);
            }
        }
        places.clear();
        self.book.line_places = places;
        let id = entry.id();
        if entry.tag(tags::YEAR_END).is_some() {
            self.book.year_ends.push(sequence);
        }
        if let Some(reversed) = entry.reverses() {
            self.book.reversed_by.insert(reversed, id);
        }
        let extra = extra_of(entry, asked_booking);
        let extra_at = if extra == Extra::default() {
            NO_EXTRA
        } else {
            self.book.extras.push(extra);
            position(self.book.extras.len().saturating_sub(1))
        };
        self.book.heads.push(Head {
            id,
            value_day,
            booking_day,
            first_line,
            extra: extra_at,
        });
        self.book.ids.insert(id, sequence.get());
        Posted {
            sequence,
            booking_date,
            replayed: false,
        }
    }
}

fn extra_of(entry: JournalEntry, asked_booking: Option<NaiveDate>) -> Extra {
    let raw = entry.into_raw();
    Extra {
        reference: raw.reference.map(Into::into),
        notes: raw.notes.map(Into::into),
        tags: raw.tags,
        manual_by: raw.manual_by.map(Into::into),
        reverses: raw.reverses,
        asked_booking,
    }
}
