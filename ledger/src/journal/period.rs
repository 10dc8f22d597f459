//! Periods: what is closed takes nothing more.

use alloc::{collections::BTreeMap, vec::Vec};

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{Journal, PostError, Refusal, Sequence};
use crate::{
    BranchCode, JournalEntry,
    evidence::{Act, LogHash},
};

/// What happens to an entry whose booking date lies in a closed period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum LateBooking {
    /// It is booked on the first open day of its branches; its value date stays. The usual rule:
    /// interest and balances are right from the value date, closed books stay as they were.
    #[default]
    FirstOpenDay,
    /// It is refused.
    Refuse,
}

/// A closed period: everything booked up to and including a day, for one branch or for all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Closure {
    /// The branch; `None` for the books as a whole.
    pub branch: Option<BranchCode>,
    /// The last closed day.
    pub through: NaiveDate,
    /// The day on which it was closed.
    pub closed_on: NaiveDate,
    /// The last entry at that moment.
    pub sequence: Sequence,
    /// The number of records at that moment: the size of the log under `root`.
    pub records: usize,
    /// The root of the Merkle log at that moment, when the journal keeps one: publishing it
    /// seals the period.
    pub root: Option<LogHash>,
}

/// Why a period could not be closed or opened again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PeriodError {
    /// The period is not over.
    #[error("a period through {through} cannot be closed on {on}: only past days can")]
    NotOver {
        /// The last day to close.
        through: NaiveDate,
        /// The day of the attempt.
        on: NaiveDate,
    },
    /// The days are closed already.
    #[error(
        "a period through {through} cannot be closed: days through {closed} are closed already"
    )]
    AlreadyClosed {
        /// The last day to close.
        through: NaiveDate,
        /// The last closed day.
        closed: NaiveDate,
    },
    /// There is nothing to undo.
    #[error("no closed period to open again")]
    NothingClosed,
    /// The time for undoing has passed.
    #[error("the period closed on {closed_on} cannot be opened on {on}: {days} days were allowed")]
    TooLate {
        /// When it was closed.
        closed_on: NaiveDate,
        /// The day of the attempt.
        on: NaiveDate,
        /// How many days were allowed.
        days: u32,
    },
}

impl PeriodError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::NotOver { .. } => 1801,
            Self::AlreadyClosed { .. } => 1802,
            Self::NothingClosed => 1803,
            Self::TooLate { .. } => 1804,
        }
    }
}

#[derive(Clone, Debug, Default)]
pub(super) struct Periods {
    closures: BTreeMap<Option<BranchCode>, Vec<Closure>>,
    late: LateBooking,
}

impl Periods {
    fn last(&self, branch: Option<BranchCode>) -> Option<&Closure> {
        self.closures.get(&branch)?.last()
    }

    /// The last day on which a branch takes nothing more.
    fn closed_through(&self, branch: Option<BranchCode>) -> Option<NaiveDate> {
        let whole = self.last(None).map(|closure| closure.through);
        let own = branch
            .and_then(|_| self.last(branch))
            .map(|closure| closure.through);
        whole.max(own)
    }
}

impl Journal {
    /// Says what happens to entries whose booking date lies in a closed period.
    pub fn set_late_booking(&mut self, rule: LateBooking) {
        self.periods.late = rule;
        self.note(&Act::LateBookingSet { rule });
    }

    /// Closes everything booked up to and including `through`, for one branch or (`None`) for the
    /// books as a whole. `on` is the business date.
    ///
    /// # Errors
    /// [`PeriodError::NotOver`], [`PeriodError::AlreadyClosed`].
    pub fn close_period(
        &mut self,
        branch: Option<BranchCode>,
        through: NaiveDate,
        on: NaiveDate,
    ) -> Result<Closure, PeriodError> {
        if through >= on {
            return Err(PeriodError::NotOver { through, on });
        }
        if let Some(closed) = self
            .periods
            .closed_through(branch)
            .filter(|day| *day >= through)
        {
            return Err(PeriodError::AlreadyClosed { through, closed });
        }
        let root = self.log().map(crate::evidence::MerkleLog::root);
        let sequence = self.last_sequence();
        let closure = Closure {
            branch,
            through,
            closed_on: on,
            sequence,
            records: self.record_count(),
            root,
        };
        self.periods
            .closures
            .entry(branch)
            .or_default()
            .push(closure);
        self.note(&Act::Closed {
            branch,
            through,
            on,
        });
        Ok(closure)
    }

    /// Opens the period closed last again, at most `days` days after it was closed.
    ///
    /// # Errors
    /// [`PeriodError::NothingClosed`], [`PeriodError::TooLate`].
    pub fn undo_close(
        &mut self,
        branch: Option<BranchCode>,
        on: NaiveDate,
        days: u32,
    ) -> Result<Closure, PeriodError> {
        let closure = *self
            .periods
            .last(branch)
            .ok_or(PeriodError::NothingClosed)?;
        let closed_on = closure.closed_on;
        let last_day = closed_on.checked_add_days(Days::new(u64::from(days)));
        if last_day.is_some_and(|last_day| on > last_day) {
            return Err(PeriodError::TooLate {
                closed_on,
                on,
                days,
            });
        }
        if let Some(closures) = self.periods.closures.get_mut(&branch) {
            closures.pop();
        }
        self.note(&Act::Reopened { branch, on, days });
        Ok(closure)
    }

    /// The last day on which a branch, or (`None`) the books as a whole, takes nothing more.
    #[must_use]
    pub fn closed_through(&self, branch: Option<BranchCode>) -> Option<NaiveDate> {
        self.periods.closed_through(branch)
    }

    /// The closed periods of a branch, or (`None`) of the books as a whole, oldest first.
    #[must_use]
    pub fn closures(&self, branch: Option<BranchCode>) -> &[Closure] {
        self.periods
            .closures
            .get(&branch)
            .map_or(&[], Vec::as_slice)
    }

    /// The booking date asked for, where the entry was booked on another day.
    pub(super) fn asked_booking_date(&self, sequence: Sequence) -> Option<NaiveDate> {
        self.book.extra(self.book.head(sequence)?)?.asked_booking
    }

    /// The day that takes the entry: its booking date, or the first day that is open in all of
    /// its branches.
    pub(super) fn open_booking_date(&self, entry: &JournalEntry) -> Result<NaiveDate, PostError> {
        let asked = entry.booking_date();
        if self.periods.closures.is_empty() {
            return Ok(asked);
        }
        let closed = entry
            .lines()
            .iter()
            .enumerate()
            .rev() // the last of equal maxima wins: name the first line
            .filter_map(|(at, line)| Some((self.periods.closed_through(line.branch())?, at)));
        let Some((through, line)) = closed.max_by_key(|(through, _)| *through) else {
            return Ok(asked);
        };
        if asked > through {
            return Ok(asked);
        }
        let refused = PostError::line(entry.id(), line, Refusal::PeriodClosed { asked, through });
        match self.periods.late {
            LateBooking::Refuse => Err(refused),
            LateBooking::FirstOpenDay => through.succ_opt().ok_or(refused),
        }
    }
}
