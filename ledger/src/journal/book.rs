//! How entries lie in memory: interned codes, minor units, columns instead of structures.
//!
//! An entry costs 32 bytes of head; a line 16 bytes here and 48 in the history of its balance.
//! Text, tags and links are kept apart, for the entries that have them.

use alloc::{boxed::Box, collections::BTreeMap, string::String, vec::Vec};

use chrono::{Datelike, NaiveDate};

use super::{DateBasis, Sequence, View, tag_index::TagIndex, timeline::Timeline};
use crate::{BranchCode, Currency, EntryId, GlCode, JournalLine};

/// Debits and credits in minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    pub(crate) debit: i128,
    pub(crate) credit: i128,
}

impl Totals {
    pub(crate) const fn of(signed_minor: i64) -> Self {
        // i64 to i128 never fails; `From` is not const.
        let minor = signed_minor as i128;
        if minor < 0 {
            Self {
                debit: 0,
                credit: minor.saturating_neg(),
            }
        } else {
            Self {
                debit: minor,
                credit: 0,
            }
        }
    }

    // Sums of up to 2^32 lines of 63 bits each: these never saturate.
    pub(crate) const fn plus(self, other: Self) -> Self {
        Self {
            debit: self.debit.saturating_add(other.debit),
            credit: self.credit.saturating_add(other.credit),
        }
    }

    pub(crate) const fn minus(self, other: Self) -> Self {
        Self {
            debit: self.debit.saturating_sub(other.debit),
            credit: self.credit.saturating_sub(other.credit),
        }
    }

    /// Debits less credits.
    pub(crate) const fn net(self) -> i128 {
        self.debit.saturating_sub(self.credit)
    }
}

/// One balance: an account in one currency in one branch.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    pub(super) account: GlCode,
    pub(super) currency: Currency,
    pub(super) branch: Option<BranchCode>,
    /// Of open reservations.
    pub(super) reserved: Totals,
    pub(super) history: History,
    /// Its lines, as positions in the line columns, in recorded order.
    pub(super) lines: Vec<u32>,
}

/// What a balance was, on both clocks.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    pub(super) posted: Totals,
    /// By value date.
    by_value: Timeline,
    /// What to add for booking dates: a line booked on another day than its value date is taken
    /// away on the one and put on the other. Empty for most balances.
    booking_shift: Timeline,
}

impl History {
    pub(super) fn post(&mut self, value: i32, booking: i32, sequence: Sequence, amount: Totals) {
        self.posted = self.posted.plus(amount);
        self.by_value.push(value, sequence.get(), amount);
        if booking != value {
            let away = Totals::default().minus(amount);
            self.booking_shift.push(value, sequence.get(), away);
            self.booking_shift.push(booking, sequence.get(), amount);
        }
    }

    pub(super) fn totals(&self, view: &View) -> Totals {
        if view.date.is_none() && view.known_at.is_none() {
            return self.posted;
        }
        let date = view.date.map_or(i32::MAX, day_number);
        let known = view.known_at.map_or(u32::MAX, Sequence::get);
        let by_value = self.by_value.sum(date, known);
        match view.basis {
            DateBasis::Value => by_value,
            DateBasis::Booking => by_value.plus(self.booking_shift.sum(date, known)),
        }
    }

    /// Forgets everything recorded at `sequence` or later: a batch that failed.
    pub(super) fn truncate(&mut self, sequence: Sequence) {
        self.by_value.truncate(sequence.get());
        self.booking_shift.truncate(sequence.get());
        self.posted = self.by_value.sum(i32::MAX, u32::MAX);
    }
}

/// Parts of an entry that many entries do not have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Extra {
    pub(super) reference: Option<Box<str>>,
    pub(super) notes: Option<Box<str>>,
    pub(super) tags: BTreeMap<String, String>,
    pub(super) manual_by: Option<Box<str>>,
    pub(super) reverses: Option<EntryId>,
    /// The booking date asked for, where the journal had to move it to an open day.
    pub(super) asked_booking: Option<NaiveDate>,
}

/// Where a line goes: an existing balance, or a new one of the account at this position.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    Slot(u32),
    New(u32),
}

pub(super) const NO_EXTRA: u32 = u32::MAX;

#[derive(Clone, Copy, Debug)]
pub(super) struct Head {
    pub(super) id: EntryId,
    pub(super) value_day: i32,
    pub(super) booking_day: i32,
    pub(super) first_line: u32,
    pub(super) extra: u32,
}

/// Everything recorded, append-only.
#[derive(Clone, Debug, Default)]
pub(super) struct Book {
    pub(super) heads: Vec<Head>,
    pub(super) line_slots: Vec<u32>,
    /// Positive for debits, negative for credits.
    pub(super) line_minor: Vec<i64>,
    pub(super) extras: Vec<Extra>,
    pub(super) slots: Vec<Slot>,
    /// The balances of each account by its position in the chart, sorted.
    account_slots: Vec<Vec<(Currency, Option<BranchCode>, u32)>>,
    pub(super) ids: BTreeMap<EntryId, u32>,
    /// Reversed entry to its reversal.
    pub(super) reversed_by: BTreeMap<EntryId, EntryId>,
    /// The entries that close a year, which an income statement leaves out.
    pub(super) year_ends: Vec<Sequence>,
    pub(super) tags: TagIndex,
    /// Room for the record of one entry while it is hashed.
    pub(super) scratch: Vec<u8>,
    /// The balances that the lines of one entry go to, while it is posted.
    pub(super) line_places: Vec<Place>,
}

/// The number of days since the common era, as timelines count them.
pub(super) fn day_number(date: NaiveDate) -> i32 {
    date.num_days_from_ce()
}

pub(super) fn day_from_number(day: i32) -> NaiveDate {
    // Only numbers that came from a date are stored.
    NaiveDate::from_num_days_from_ce_opt(day).unwrap_or(NaiveDate::MIN)
}

impl Book {
    pub(super) fn head(&self, sequence: Sequence) -> Option<&Head> {
        self.heads.get(sequence.index()?)
    }

    /// The lines of an entry as positions in the two line columns.
    pub(super) fn line_range(&self, sequence: Sequence) -> core::ops::Range<usize> {
        let first = |at: Option<&Head>| at.and_then(|head| usize::try_from(head.first_line).ok());
        let end = self.line_slots.len();
        let start = first(self.head(sequence)).unwrap_or(end);
        start..first(self.head(sequence.next())).unwrap_or(end)
    }

    /// Takes back everything recorded after `keep`, newest first.
    pub(super) fn truncate(&mut self, keep: Sequence) {
        let Some(first) = self
            .heads
            .get(keep.next().index().unwrap_or(usize::MAX))
            .copied()
        else {
            return;
        };
        let first_line = usize::try_from(first.first_line).unwrap_or(usize::MAX);
        self.line_minor.truncate(first_line);
        for at in self
            .line_slots
            .drain(first_line.min(self.line_slots.len())..)
        {
            let slot = usize::try_from(at)
                .ok()
                .and_then(|at| self.slots.get_mut(at));
            if let Some(slot) = slot {
                slot.history.truncate(keep.next());
                slot.lines.pop();
            }
        }
        for head in self
            .heads
            .drain(usize::try_from(keep.get()).unwrap_or(usize::MAX)..)
        {
            self.ids.remove(&head.id);
            let extra = usize::try_from(head.extra)
                .ok()
                .filter(|_| head.extra != NO_EXTRA);
            let Some(extra) = extra.and_then(|extra| self.extras.get(extra)) else {
                continue;
            };
            if let Some(reversed) = extra.reverses {
                self.reversed_by.remove(&reversed);
            }
            self.tags.truncate(&extra.tags, keep.next());
        }
        self.year_ends.retain(|sequence| *sequence <= keep);
        let used = self.heads.iter().rev().find(|head| head.extra != NO_EXTRA);
        let used = used.map_or(0, |head| head.extra.saturating_add(1));
        self.extras
            .truncate(usize::try_from(used).unwrap_or(usize::MAX));
    }

    pub(super) fn extra(&self, head: &Head) -> Option<&Extra> {
        self.extras.get(usize::try_from(head.extra).ok()?)
    }

    pub(super) fn slot(&self, at: u32) -> Option<&Slot> {
        self.slots.get(usize::try_from(at).ok()?)
    }

    pub(super) fn slot_mut(&mut self, at: u32) -> Option<&mut Slot> {
        self.slots.get_mut(usize::try_from(at).ok()?)
    }

    /// The sorted balances of the account at this position of the chart.
    fn of_account(&self, position: u32) -> &[(Currency, Option<BranchCode>, u32)] {
        let at = usize::try_from(position).ok();
        at.and_then(|at| self.account_slots.get(at))
            .map_or(&[], Vec::as_slice)
    }

    /// The number of a balance, if it exists.
    pub(super) fn find_slot(
        &self,
        position: u32,
        currency: Currency,
        branch: Option<BranchCode>,
    ) -> Option<u32> {
        let slots = self.of_account(position);
        let at = slots
            .binary_search_by(|(c, b, _)| (c, b).cmp(&(&currency, &branch)))
            .ok()?;
        slots.get(at).map(|(_, _, slot)| *slot)
    }

    /// The numbers of the balances of one account in a currency, in one branch or in all.
    pub(super) fn numbers_of(
        &self,
        position: u32,
        currency: Currency,
        branch: Option<BranchCode>,
    ) -> impl Iterator<Item = u32> {
        self.of_account(position)
            .iter()
            .filter(move |(c, b, _)| *c == currency && (branch.is_none() || *b == branch))
            .map(|(_, _, slot)| *slot)
    }

    /// The entry that a line belongs to.
    pub(super) fn entry_of_line(&self, line: u32) -> Sequence {
        let upto = self.heads.partition_point(|head| head.first_line <= line);
        Sequence::new(u32::try_from(upto).unwrap_or(u32::MAX))
    }

    /// All balances of one account.
    pub(super) fn slots_of(&self, position: u32) -> impl Iterator<Item = &Slot> {
        self.of_account(position)
            .iter()
            .filter_map(|(_, _, slot)| self.slot(*slot))
    }

    /// Adds a balance that does not exist yet.
    pub(super) fn new_slot(&mut self, position: u32, line: &JournalLine) -> u32 {
        let number = u32::try_from(self.slots.len()).unwrap_or(u32::MAX);
        let at = usize::try_from(position).unwrap_or(usize::MAX);
        if self.account_slots.len() <= at {
            self.account_slots
                .resize_with(at.saturating_add(1), Vec::new);
        }
        let key = (line.currency(), line.branch());
        if let Some(slots) = self.account_slots.get_mut(at) {
            let place = slots.partition_point(|(c, b, _)| (*c, *b) < key);
            slots.insert(place, (key.0, key.1, number));
        }
        self.slots.push(Slot {
            account: line.account(),
            currency: key.0,
            branch: key.1,
            reserved: Totals::default(),
            history: History::default(),
            lines: Vec::new(),
        });
        number
    }
}
