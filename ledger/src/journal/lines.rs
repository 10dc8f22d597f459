//! Reading the booked lines themselves.

use chrono::NaiveDate;

use super::{
    DateBasis, Journal, Sequence, Totals, View,
    book::{Extra, day_from_number, day_number},
};
use crate::{BranchCode, Currency, EntryId, GlCode};

/// One line of the journal as a report reads it.
pub(crate) struct BookedLine<'a> {
    /// The date the view goes by.
    pub(crate) date: NaiveDate,
    pub(crate) sequence: Sequence,
    pub(crate) entry: EntryId,
    pub(crate) reference: Option<&'a str>,
    pub(crate) account: GlCode,
    pub(crate) currency: Currency,
    /// Debits positive.
    pub(crate) minor: i64,
    extra: Option<&'a Extra>,
}

impl<'a> BookedLine<'a> {
    pub(crate) fn tag(&self, key: &str) -> Option<&'a str> {
        self.extra?.tags.get(key).map(alloc::string::String::as_str)
    }
}

impl View {
    /// Whether an entry was recorded after the moment of this view.
    pub(crate) fn is_before(&self, sequence: Sequence) -> bool {
        self.known_at.is_some_and(|known| sequence > known)
    }

    pub(crate) const fn branch(&self) -> Option<BranchCode> {
        self.branch
    }

    /// The same view at the end of another date.
    pub(crate) const fn at(mut self, date: NaiveDate) -> Self {
        self.date = Some(date);
        self
    }
}

impl Journal {
    /// Every line that a view sees, in recorded order.
    pub(crate) fn lines_in<'a>(&'a self, view: &'a View) -> impl Iterator<Item = BookedLine<'a>> {
        let last_day = view.date.map_or(i32::MAX, day_number);
        let entries = (1..=self.last_sequence().get()).map(Sequence::new);
        entries
            .take_while(|sequence| !view.is_before(*sequence))
            .flat_map(move |sequence| {
                let head = self.book.head(sequence).copied();
                let day = head.map_or(i32::MAX, |head| match view.basis {
                    DateBasis::Value => head.value_day,
                    DateBasis::Booking => head.booking_day,
                });
                let extra = head.and_then(|head| self.book.extra(&head));
                let lines = if day > last_day {
                    0..0
                } else {
                    self.book.line_range(sequence)
                };
                lines.filter_map(move |at| {
                    let slot = self.book.slot(*self.book.line_slots.get(at)?)?;
                    if view.branch.is_some() && slot.branch != view.branch {
                        return None;
                    }
                    Some(BookedLine {
                        date: day_from_number(day),
                        sequence,
                        entry: head?.id,
                        reference: extra.and_then(|extra| extra.reference.as_deref()),
                        account: slot.account,
                        currency: slot.currency,
                        minor: *self.book.line_minor.get(at)?,
                        extra,
                    })
                })
            })
    }

    /// Every balance: account, currency, branch, debits and credits.
    pub(crate) fn balances<'a>(
        &'a self,
        view: &'a View,
    ) -> impl Iterator<Item = (GlCode, Currency, Option<BranchCode>, Totals)> {
        let slots = self.book.slots.iter();
        slots.map(|slot| (slot.account, slot.currency, slot.branch, slot.totals(view)))
    }

    pub(crate) fn year_ends(&self) -> &[Sequence] {
        &self.book.year_ends
    }
}
