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
    /// Its place among all lines of the journal.
    pub(crate) line: u32,
    pub(crate) entry: EntryId,
    pub(crate) reference: Option<&'a str>,
    pub(crate) account: GlCode,
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
    /// Every line on an account, or on the accounts under a header, that a view sees: balance by
    /// balance, each in recorded order. Reads those lines only.
    pub(crate) fn lines_on<'a>(
        &'a self,
        account: &'a GlCode,
        currency: Currency,
        view: &'a View,
    ) -> impl Iterator<Item = BookedLine<'a>> {
        let last_day = view.date.map_or(i32::MAX, day_number);
        self.slots_under(account, currency, view)
            .filter_map(|slot| self.book.slot(slot))
            .flat_map(|slot| slot.lines.iter().map(move |line| (slot, *line)))
            .filter_map(move |(slot, line)| {
                let sequence = self.book.entry_of_line(line);
                let head = self.book.head(sequence)?;
                let day = match view.basis {
                    DateBasis::Value => head.value_day,
                    DateBasis::Booking => head.booking_day,
                };
                if view.is_before(sequence) || day > last_day {
                    return None;
                }
                let extra = self.book.extra(head);
                let at = usize::try_from(line).ok()?;
                Some(BookedLine {
                    date: day_from_number(day),
                    sequence,
                    line,
                    entry: head.id,
                    reference: extra.and_then(|extra| extra.reference.as_deref()),
                    account: slot.account,
                    minor: *self.book.line_minor.get(at)?,
                    extra,
                })
            })
    }

    /// Every balance: account, currency, branch, debits and credits.
    pub(crate) fn balances<'a>(
        &'a self,
        view: &'a View,
    ) -> impl Iterator<Item = (GlCode, Currency, Option<BranchCode>, Totals)> {
        let slots = self.book.slots.iter();
        slots.map(|slot| {
            (
                slot.account,
                slot.currency,
                slot.branch,
                slot.history.totals(view),
            )
        })
    }

    pub(crate) fn year_ends(&self) -> &[Sequence] {
        &self.book.year_ends
    }
}
