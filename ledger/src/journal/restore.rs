//! A journal as records, and back.

use alloc::{string::String, vec::Vec};

use chrono::NaiveDate;

use super::{Journal, Sequence};
use crate::{
    EntryId, JournalEntry,
    evidence::{Act, Record, write_record},
};

/// What was done besides posting: the last entry before it, and its record.
#[derive(Clone, Debug, Default)]
pub(super) struct Acts(Vec<(Sequence, Vec<u8>)>);

impl Acts {
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn truncate(&mut self, length: usize) {
        self.0.truncate(length);
    }

    /// How many acts stand before the entry at this place.
    fn before(&self, sequence: Sequence) -> usize {
        self.0.partition_point(|(after, _)| *after < sequence)
    }
}

/// Why records do not make a journal. Records count from zero.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RestoreError {
    /// The bytes are not those of a record.
    #[error("record {index} cannot be read")]
    Unreadable {
        /// The record.
        index: usize,
    },
    /// The journal refuses what the record says.
    #[error("record {index} is refused: {reason}")]
    Refused {
        /// The record.
        index: usize,
        /// The number of the refusal.
        code: u16,
        /// The refusal.
        reason: String,
    },
    /// The record can be read and carried out, but a journal would not have written it so.
    #[error("record {index} is not what a journal records there")]
    Differs {
        /// The record.
        index: usize,
    },
    /// The first record is not the chart of accounts, or the last one announces an entry.
    #[error("{records} records are not whole: the chart comes first, an announced entry follows")]
    Incomplete {
        /// How many records there are.
        records: usize,
    },
}

impl RestoreError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::Unreadable { .. } => 2401,
            Self::Refused { .. } => 2402,
            Self::Differs { .. } => 2403,
            Self::Incomplete { .. } => 2404,
        }
    }
}

/// What a record said about the entry that follows it.
#[derive(Default)]
struct Announced {
    settles: Option<EntryId>,
    asked: Option<NaiveDate>,
}

impl Journal {
    /// Records what was done.
    pub(super) fn note(&mut self, act: &Act) {
        let record = act.record();
        if let Some(log) = &mut self.log {
            log.append(&record);
        }
        self.acts.0.push((self.last_sequence(), record));
    }

    /// How many records there are: the chart, every entry, and everything else that was done.
    #[must_use]
    pub fn record_count(&self) -> usize {
        self.len().saturating_add(self.acts.len())
    }

    /// The place of an entry among the records, which count from zero: what
    /// [`MerkleLog::prove_inclusion`](crate::evidence::MerkleLog::prove_inclusion) asks for.
    #[must_use]
    pub fn record_of(&self, sequence: Sequence) -> Option<usize> {
        self.book.head(sequence)?;
        sequence.index()?.checked_add(self.acts.before(sequence))
    }

    /// The journal as it is stored: the canonical bytes of every record, in order. Reservations,
    /// limits, closures, imports, the clock and changes of the chart are among them.
    pub fn records(&self) -> impl Iterator<Item = Vec<u8>> {
        let acts = self.acts.0.iter();
        let mut acts = acts.peekable();
        let mut sequence = Sequence::new(0);
        core::iter::from_fn(move || {
            if let Some((_, record)) = acts.next_if(|(after, _)| *after == sequence) {
                return Some(record.clone());
            }
            sequence = sequence.next();
            let entry = self.entry(sequence)?;
            let mut record = Vec::with_capacity(128);
            write_record(&mut record, sequence, &entry);
            Some(record)
        })
    }

    /// The journal of these records, as it was: every entry is checked again, against the limits,
    /// closures and reservations of its moment. `evidence` makes it keep the Merkle log.
    ///
    /// Whether nobody changed the records is another question: compare the root of its log with
    /// one that was published, or see [`crate::evidence::examine`].
    ///
    /// # Errors
    /// [`RestoreError`] names the first record that is not as a journal writes it.
    ///
    /// ```
    /// use ledger::{chart::ready, Journal};
    /// let mut journal = Journal::with_evidence(ready::microfinance_lender());
    /// journal.set_active(&"1110".parse()?, false)?;
    /// let stored: Vec<Vec<u8>> = journal.records().collect();
    /// let again = Journal::from_records(&stored, true)?;
    /// assert_eq!(again.log(), journal.log());
    /// assert!(!again.chart().get(&"1110".parse()?).unwrap().active);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_records<R: AsRef<[u8]>>(
        records: impl IntoIterator<Item = R>,
        evidence: bool,
    ) -> Result<Self, RestoreError> {
        let mut journal: Option<Self> = None;
        let mut announced = Announced::default();
        let mut count = 0_usize;
        for (index, record) in records.into_iter().enumerate() {
            let record = record.as_ref();
            let read = Record::read(record).ok_or(RestoreError::Unreadable { index })?;
            match (&mut journal, read) {
                (None, Record::Act(Act::Opened { chart })) => {
                    let opened = if evidence {
                        Self::with_evidence(chart)
                    } else {
                        Self::new(chart)
                    };
                    journal = Some(opened);
                }
                (Some(journal), read) => journal.repeat(read, &mut announced, index)?,
                (None, _) => return Err(RestoreError::Incomplete { records: index }),
            }
            count = index.saturating_add(1);
            let same = journal
                .as_ref()
                .is_none_or(|journal| journal.wrote(record, &announced));
            if !same {
                return Err(RestoreError::Differs { index });
            }
        }
        match journal {
            Some(journal) if journal.record_count() == count => Ok(journal),
            _ => Err(RestoreError::Incomplete { records: count }),
        }
    }

    /// Whether the last record is this one. What was only announced is compared when the entry
    /// comes: the journal writes both then.
    fn wrote(&self, record: &[u8], announced: &Announced) -> bool {
        if announced.settles.is_some() || announced.asked.is_some() {
            return true;
        }
        let mut last = Vec::new();
        match self.acts.0.last() {
            Some((after, act)) if *after == self.last_sequence() => act == record,
            _ => match self.entry(self.last_sequence()) {
                Some(entry) => {
                    write_record(&mut last, self.last_sequence(), &entry);
                    last == record
                }
                None => false,
            },
        }
    }

    fn repeat(
        &mut self,
        record: Record,
        announced: &mut Announced,
        index: usize,
    ) -> Result<(), RestoreError> {
        let differs = Err(RestoreError::Differs { index });
        let waits = announced.settles.is_some() || announced.asked.is_some();
        match record {
            Record::Entry(_, entry) => {
                let announced = core::mem::take(announced);
                self.repeat_entry(entry, &announced, index)
            }
            // The order in which the journal writes them: first this, then the day.
            Record::Act(Act::Settled { reservation }) if !waits => {
                announced.settles = Some(reservation);
                Ok(())
            }
            Record::Act(Act::Moved { asked }) if announced.asked.is_none() => {
                announced.asked = Some(asked);
                Ok(())
            }
            Record::Act(_) if waits => differs,
            Record::Act(act) => {
                let before = self.acts.len();
                self.repeat_act(act)
                    .map_err(|(code, reason)| RestoreError::Refused {
                        index,
                        code,
                        reason,
                    })?;
                // Something that changes nothing is not recorded.
                if self.acts.len() == before {
                    return differs;
                }
                Ok(())
            }
        }
    }

    fn repeat_entry(
        &mut self,
        entry: JournalEntry,
        announced: &Announced,
        index: usize,
    ) -> Result<(), RestoreError> {
        let (before, booked) = (self.record_count(), entry.booking_date());
        let entry = entry.rebooked(announced.asked.unwrap_or(booked));
        let done = match announced.settles {
            Some(reservation) => self.settle_with(reservation, entry),
            None => self.post(entry),
        };
        let done = done.map_err(|error| RestoreError::Refused {
            index,
            code: error.code(),
            reason: alloc::format!("{error}"),
        })?;
        let announced = usize::from(announced.settles.is_some())
            .saturating_add(usize::from(announced.asked.is_some()));
        let wrote = self.record_count().saturating_sub(before);
        if done.replayed || wrote != announced.saturating_add(1) {
            return Err(RestoreError::Differs { index });
        }
        Ok(())
    }

    fn repeat_act(&mut self, act: Act) -> Result<(), (u16, String)> {
        macro_rules! done {
            ($result:expr) => {
                $result
                    .map(|_| ())
                    .map_err(|error| (error.code(), alloc::format!("{error}")))
            };
        }
        match act {
            Act::AccountAdded { account } => done!(self.add_account(account)),
            Act::Activation { account, active } => done!(self.set_active(&account, active)),
            Act::LimitSet {
                account,
                currency,
                limit,
            } => done!(self.set_limit(&account, currency, limit)),
            Act::Reserved { entry, last_day } => done!(self.reserve(entry, last_day)),
            Act::Voided { reservation } => done!(self.void(reservation)),
            Act::Expired { today } => {
                self.expire(today);
                Ok(())
            }
            Act::LateBookingSet { rule } => {
                self.set_late_booking(rule);
                Ok(())
            }
            Act::Closed {
                branch,
                through,
                on,
            } => done!(self.close_period(branch, through, on)),
            Act::Reopened { branch, on, days } => done!(self.undo_close(branch, on, days)),
            Act::ClockSet { now } => done!(self.set_clock(now)),
            Act::Imported { name, entries } => done!(self.repeat_import(name, entries)),
            Act::ImportFinal { name, approved } => done!(self.finish_migration(&name, approved)),
            // The first record, and what announces an entry, are taken before.
            Act::Opened { .. } | Act::Settled { .. } | Act::Moved { .. } => Ok(()),
        }
    }
}
