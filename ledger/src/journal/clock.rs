//! When entries were recorded, as far as the host says.

use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use super::{Journal, Sequence};
use crate::evidence::Act;

/// The host's clock went back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the recording clock cannot go back from {last} to {given}")]
pub struct ClockWentBack {
    /// What it was set to last.
    pub last: DateTime<Utc>,
    /// What was given.
    pub given: DateTime<Utc>,
}

impl ClockWentBack {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        2201
    }
}

/// Moments with the last sequence before each, both rising.
#[derive(Clone, Debug, Default)]
pub(super) struct Clock(Vec<(DateTime<Utc>, Sequence)>);

impl Journal {
    /// Tells the journal what time it is: entries posted from now on are recorded at `now`,
    /// until told otherwise. Every call is a record; an entry costs nothing more.
    ///
    /// # Errors
    /// [`ClockWentBack`]; recorded order and recorded time never disagree.
    pub fn set_clock(&mut self, now: DateTime<Utc>) -> Result<(), ClockWentBack> {
        if let Some(&(last, _)) = self.clock.0.last().filter(|(last, _)| *last > now) {
            return Err(ClockWentBack { last, given: now });
        }
        let sequence = self.last_sequence();
        match self.clock.0.last_mut() {
            // Nothing was recorded since: the earlier moment says nothing.
            Some(last) if last.1 == sequence => last.0 = now,
            _ => self.clock.0.push((now, sequence)),
        }
        self.note(&Act::ClockSet { now });
        Ok(())
    }

    /// The last entry recorded at or before a moment, for [`super::View::known_at`]; before the
    /// first moment the host told, nothing was known.
    #[must_use]
    pub fn sequence_at(&self, moment: DateTime<Utc>) -> Sequence {
        let later = self.clock.0.partition_point(|(at, _)| *at <= moment);
        match (later, self.clock.0.get(later)) {
            (0, _) => Sequence::new(0),
            (_, Some((_, before))) => *before,
            (_, None) => self.last_sequence(),
        }
    }

    /// When an entry was recorded, if the host had told the time by then.
    #[must_use]
    pub fn recorded_at(&self, sequence: Sequence) -> Option<DateTime<Utc>> {
        self.book.head(sequence)?;
        let after = self
            .clock
            .0
            .partition_point(|(_, before)| *before < sequence);
        self.clock.0.get(after.checked_sub(1)?).map(|(at, _)| *at)
    }
}
