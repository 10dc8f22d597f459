//! Why a journal refused an entry.

use alloc::boxed::Box;

use chrono::NaiveDate;

use crate::{Currency, EntryId, GlCode};

/// An entry that was not posted; the journal is unchanged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("entry {entry}{}: {refusal}", at_line(line))]
#[non_exhaustive]
pub struct PostError {
    /// The entry.
    pub entry: EntryId,
    /// The line that was refused, counted from zero; `None` when it is the entry as a whole.
    pub line: Option<usize>,
    /// Why.
    pub refusal: Refusal,
}

fn at_line(line: &Option<usize>) -> alloc::string::String {
    line.map_or_else(alloc::string::String::new, |line| {
        alloc::format!(" line {line}")
    })
}

impl PostError {
    pub(crate) const fn entry(entry: EntryId, refusal: Refusal) -> Self {
        Self {
            entry,
            line: None,
            refusal,
        }
    }

    pub(crate) const fn line(entry: EntryId, line: usize, refusal: Refusal) -> Self {
        Self {
            entry,
            line: Some(line),
            refusal,
        }
    }

    /// The stable number of the refusal.
    #[must_use]
    pub const fn code(&self) -> u16 {
        self.refusal.code()
    }
}

/// The reasons for which a journal refuses an entry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The identifier was used before with other content.
    #[error("the identifier was used before with other content")]
    IdReused,
    /// The account is not in the chart.
    #[error("GL account {account} is not in the chart of accounts")]
    UnknownAccount {
        /// The account.
        account: GlCode,
    },
    /// The account is a header.
    #[error("GL account {account} is a header: only detail accounts are posted to")]
    HeaderAccount {
        /// The account.
        account: GlCode,
    },
    /// The account was deactivated.
    #[error("GL account {account} is not active")]
    InactiveAccount {
        /// The account.
        account: GlCode,
    },
    /// A person's entry on an account that takes none.
    #[error("GL account {account} takes no manual entries")]
    ManualNotAllowed {
        /// The account.
        account: GlCode,
    },
    /// The account is kept in another currency.
    #[error("GL account {account} is kept in {allowed}, not in {given}")]
    AccountCurrency {
        /// The account.
        account: GlCode,
        /// The line's currency.
        given: Currency,
        /// The account's currency.
        allowed: Currency,
    },
    /// The entry to reverse is not in the journal.
    #[error("it reverses entry {reversed}, which is not in the journal")]
    UnknownReversed {
        /// The entry to reverse.
        reversed: EntryId,
    },
    /// The entry to reverse was reversed before.
    #[error("it reverses entry {reversed}, which entry {by} reversed before")]
    AlreadyReversed {
        /// The entry to reverse.
        reversed: EntryId,
        /// The earlier reversal.
        by: EntryId,
    },
    /// The lines are not those of the entry to reverse on the other side.
    #[error("it reverses entry {reversed} but its lines are not the opposite of that entry's")]
    NotAMirror {
        /// The entry to reverse.
        reversed: EntryId,
    },
    /// The identifier belongs to a reservation, which is settled, not posted.
    #[error("the identifier belongs to a reservation: settle it instead")]
    Reserved,
    /// There is no reservation with this identifier.
    #[error("there is no reservation with this identifier")]
    NotReserved,
    /// The reservation was settled, voided or has expired.
    #[error("reservation {reservation} is no longer open")]
    ReservationClosed {
        /// The reservation.
        reservation: EntryId,
    },
    /// The entry is not within the reservation.
    #[error(
        "it takes more than reservation {reservation} holds on the same account, side and branch"
    )]
    BeyondReservation {
        /// The reservation.
        reservation: EntryId,
    },
    /// The balance would leave its limit.
    #[error(transparent)]
    Limit(Box<LimitBreach>),
    /// The booking date lies in a closed period.
    #[error("booking date {asked} lies in a period closed through {through}")]
    PeriodClosed {
        /// The booking date.
        asked: NaiveDate,
        /// The last closed day.
        through: NaiveDate,
    },
    /// More accounts, lines or entries than the journal can number.
    #[error("the journal is full: {limit} {what} are the most it can number")]
    Full {
        /// What there are too many of.
        what: &'static str,
        /// The limit.
        limit: u64,
    },
}

/// A balance that would leave its [`super::Limit`]. Amounts are minor units, positive on the
/// normal side of the account.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "GL account {account} would stand at {would_be} minor units of {currency}, {} its limit of {allowed}",
    if would_be < allowed { "below" } else { "above" }
)]
#[non_exhaustive]
pub struct LimitBreach {
    /// The account.
    pub account: GlCode,
    /// The currency.
    pub currency: Currency,
    /// The balance with the entry and open reservations.
    pub would_be: i128,
    /// The floor or the ceiling.
    pub allowed: i128,
}

impl Refusal {
    /// The stable number of this reason.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::IdReused => 1501,
            Self::UnknownAccount { .. } => 1502,
            Self::HeaderAccount { .. } => 1503,
            Self::InactiveAccount { .. } => 1504,
            Self::ManualNotAllowed { .. } => 1505,
            Self::AccountCurrency { .. } => 1506,
            Self::UnknownReversed { .. } => 1507,
            Self::AlreadyReversed { .. } => 1508,
            Self::NotAMirror { .. } => 1509,
            Self::Full { .. } => 1510,
            Self::Reserved => 1511,
            Self::NotReserved => 1512,
            Self::ReservationClosed { .. } => 1513,
            Self::BeyondReservation { .. } => 1514,
            Self::Limit(_) => 1515,
            Self::PeriodClosed { .. } => 1516,
        }
    }
}
