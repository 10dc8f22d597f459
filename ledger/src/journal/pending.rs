//! Reservations: entries that hold their amounts until they are settled, voided or expire.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Journal, PostError, Posted, Refusal, Totals, book::Place};
use crate::{EntryId, JournalEntry, evidence::Act};

/// What became of a reservation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum ReservationState {
    /// It holds its amounts.
    Open,
    /// This entry took all or part of it; the rest was released.
    Settled(EntryId),
    /// It was given up.
    Voided,
    /// Its last day passed.
    Expired,
}

/// An entry that is not posted yet but holds its amounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Reservation {
    /// The entry as it would be posted.
    pub entry: JournalEntry,
    /// The last day it holds.
    pub last_day: Option<NaiveDate>,
    /// What became of it.
    pub state: ReservationState,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Pending {
    all: BTreeMap<EntryId, Reservation>,
    /// Open ones with a last day.
    by_last_day: BTreeSet<(NaiveDate, EntryId)>,
}

impl Pending {
    pub(super) fn is_reserved(&self, id: EntryId) -> bool {
        self.all.contains_key(&id)
    }
}

impl Journal {
    /// Holds the amounts of an entry until it is settled, voided or its last day has passed.
    /// Balances do not change; [`Journal::available`] and limits do.
    ///
    /// The same reservation again changes nothing.
    ///
    /// # Errors
    /// What [`Journal::post`] would refuse, limits included; [`Refusal::IdReused`] when the
    /// identifier is taken by another entry or reservation.
    pub fn reserve(
        &mut self,
        entry: JournalEntry,
        last_day: Option<NaiveDate>,
    ) -> Result<(), PostError> {
        let id = entry.id();
        if let Some(known) = self.pending.all.get(&id) {
            return if known.entry == entry && known.last_day == last_day {
                Ok(())
            } else {
                Err(PostError::entry(id, Refusal::IdReused))
            };
        }
        if self.sequence_of(id).is_some() {
            return Err(PostError::entry(id, Refusal::IdReused));
        }
        self.check(&entry)?;
        self.book.line_places.clear();
        self.hold(&entry, 1);
        if let Some(day) = last_day {
            self.pending.by_last_day.insert((day, id));
        }
        self.note(&Act::Reserved {
            entry: entry.clone(),
            last_day,
        });
        let state = ReservationState::Open;
        self.pending.all.insert(
            id,
            Reservation {
                entry,
                last_day,
                state,
            },
        );
        Ok(())
    }

    /// A reservation.
    #[must_use]
    pub fn reservation(&self, id: EntryId) -> Option<&Reservation> {
        self.pending.all.get(&id)
    }

    /// Posts what a reservation held, in whole.
    ///
    /// # Errors
    /// See [`Journal::settle_with`].
    pub fn settle(&mut self, reservation: EntryId) -> Result<Posted, PostError> {
        let Some(known) = self.pending.all.get(&reservation) else {
            return Err(PostError::entry(reservation, Refusal::NotReserved));
        };
        let entry = known.entry.clone();
        self.settle_with(reservation, entry)
    }

    /// Posts `entry` against a reservation: the reserved entry itself, or a part of it under any
    /// free identifier, of which every account, side and branch is within the reserved amount.
    /// What is not taken is released. The same settlement again is replayed.
    ///
    /// # Errors
    /// [`Refusal::NotReserved`], [`Refusal::ReservationClosed`], [`Refusal::BeyondReservation`],
    /// and what [`Journal::post`] refuses; the reservation then still holds.
    pub fn settle_with(
        &mut self,
        reservation: EntryId,
        entry: JournalEntry,
    ) -> Result<Posted, PostError> {
        let id = entry.id();
        let refuse = |refusal| Err(PostError::entry(id, refusal));
        let Some(known) = self.pending.all.get(&reservation).cloned() else {
            return Err(PostError::entry(reservation, Refusal::NotReserved));
        };
        if known.state == ReservationState::Settled(id)
            && let Some(sequence) = self.sequence_of(id)
        {
            return self.replay(sequence, &entry);
        }
        if known.state != ReservationState::Open {
            return refuse(Refusal::ReservationClosed { reservation });
        }
        let id_taken =
            self.sequence_of(id).is_some() || (id != reservation && self.pending.is_reserved(id));
        if id_taken {
            return refuse(Refusal::IdReused);
        }
        if !is_part(&entry, &known.entry) {
            return refuse(Refusal::BeyondReservation { reservation });
        }
        self.hold(&known.entry, -1);
        match self.check(&entry) {
            Ok(booking_date) => {
                self.close_reservation(reservation, ReservationState::Settled(id));
                self.note(&Act::Settled { reservation });
                Ok(self.record(entry, booking_date))
            }
            Err(error) => {
                self.hold(&known.entry, 1);
                Err(error)
            }
        }
    }

    /// Gives a reservation up and releases its amounts. Voiding a voided one changes nothing.
    ///
    /// # Errors
    /// [`Refusal::NotReserved`]; [`Refusal::ReservationClosed`] when it was settled or expired.
    pub fn void(&mut self, reservation: EntryId) -> Result<(), PostError> {
        let refuse = |refusal| Err(PostError::entry(reservation, refusal));
        let Some(known) = self.pending.all.get(&reservation).cloned() else {
            return refuse(Refusal::NotReserved);
        };
        match known.state {
            ReservationState::Voided => Ok(()),
            ReservationState::Open => {
                self.hold(&known.entry, -1);
                self.close_reservation(reservation, ReservationState::Voided);
                self.note(&Act::Voided { reservation });
                Ok(())
            }
            _ => refuse(Refusal::ReservationClosed { reservation }),
        }
    }

    /// Releases every open reservation whose last day is before `today`, and names them.
    pub fn expire(&mut self, today: NaiveDate) -> Vec<EntryId> {
        let due = self
            .pending
            .by_last_day
            .iter()
            .take_while(|(day, _)| *day < today);
        let due: Vec<EntryId> = due.map(|(_, id)| *id).collect();
        for id in &due {
            if let Some(known) = self.pending.all.get(id).cloned() {
                self.hold(&known.entry, -1);
                self.close_reservation(*id, ReservationState::Expired);
            }
        }
        if !due.is_empty() {
            self.note(&Act::Expired { today });
        }
        due
    }

    fn close_reservation(&mut self, id: EntryId, state: ReservationState) {
        if let Some(known) = self.pending.all.get_mut(&id) {
            known.state = state;
            if let Some(day) = known.last_day {
                self.pending.by_last_day.remove(&(day, id));
            }
        }
    }

    /// Adds the amounts of an entry to what is reserved, or takes them away (`sign` -1).
    fn hold(&mut self, entry: &JournalEntry, sign: i8) {
        for line in entry.lines() {
            let Some(position) = self.chart.position(&line.account()) else {
                continue;
            };
            let place = self
                .book
                .find_slot(position, line.currency(), line.branch());
            let place = place.map_or(Place::New(position), Place::Slot);
            let at = match place {
                Place::Slot(at) => at,
                Place::New(position) => self.book.new_slot(position, line),
            };
            if let Some(slot) = self.book.slot_mut(at) {
                let amount = Totals::of(line.signed_minor());
                slot.reserved = match sign {
                    1 => slot.reserved.plus(amount),
                    _ => slot.reserved.minus(amount),
                };
            }
        }
    }
}

/// Whether every account, side and branch of `part` is within what `whole` has there.
fn is_part(part: &JournalEntry, whole: &JournalEntry) -> bool {
    let amounts = |entry: &JournalEntry| {
        let mut sums: BTreeMap<_, i128> = BTreeMap::new();
        for line in entry.lines() {
            let key = (line.account(), line.side(), line.currency(), line.branch());
            let sum = sums.entry(key).or_default();
            *sum = sum.saturating_add(i128::from(line.signed_minor()).saturating_abs());
        }
        sums
    };
    let whole = amounts(whole);
    amounts(part)
        .iter()
        .all(|(key, sum)| whole.get(key).is_some_and(|most| sum <= most))
}
