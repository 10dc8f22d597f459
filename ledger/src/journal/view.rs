//! From where a balance is looked at.

use chrono::NaiveDate;

use super::Sequence;
use crate::BranchCode;

/// Which of an entry's two dates a report goes by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DateBasis {
    /// The value date: when entries count. Interest and customer balances go by it.
    #[default]
    Value,
    /// The booking date: which period's books took them. Financial statements go by it.
    Booking,
}

/// What part of the journal a report looks at; [`View::latest`] is all of it.
///
/// ```
/// use chrono::NaiveDate;
/// use ledger::journal::{Sequence, View};
/// // The balance of 31 January as it was known after the 500th entry had been recorded.
/// let view = View::latest()
///     .on_value_date(NaiveDate::from_ymd_opt(2024, 1, 31).unwrap())
///     .known_at(Sequence::new(500));
/// # let _ = view;
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct View {
    pub(super) basis: DateBasis,
    pub(super) date: Option<NaiveDate>,
    pub(super) known_at: Option<Sequence>,
    pub(super) branch: Option<BranchCode>,
}

impl View {
    /// Everything that was ever posted, in all branches.
    pub const fn latest() -> Self {
        Self {
            basis: DateBasis::Value,
            date: None,
            known_at: None,
            branch: None,
        }
    }

    /// Up to and including the end of this value date.
    pub const fn on_value_date(mut self, date: NaiveDate) -> Self {
        self.basis = DateBasis::Value;
        self.date = Some(date);
        self
    }

    /// Up to and including the end of this booking date.
    pub const fn on_booking_date(mut self, date: NaiveDate) -> Self {
        self.basis = DateBasis::Booking;
        self.date = Some(date);
        self
    }

    /// Only what had been recorded up to and including this entry.
    pub const fn known_at(mut self, sequence: Sequence) -> Self {
        self.known_at = Some(sequence);
        self
    }

    /// Only lines of this branch.
    pub const fn in_branch(mut self, branch: BranchCode) -> Self {
        self.branch = Some(branch);
        self
    }
}
