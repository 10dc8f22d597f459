//! Balances by tag, kept where the host asked for it.

use alloc::{boxed::Box, collections::BTreeMap, string::String, vec::Vec};

use super::{Journal, Sequence, Totals, View, book::History};
use crate::{Currency, GlCode};

/// The histories of the balances, by their numbers, of the lines with one value of a tag.
type Histories = BTreeMap<u32, History>;

/// Tag key, tag value, balance.
#[derive(Clone, Debug, Default)]
pub(super) struct TagIndex(BTreeMap<String, BTreeMap<Box<str>, Histories>>);

impl TagIndex {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn of(&self, key: &str, value: &str) -> Option<&Histories> {
        self.0.get(key)?.get(value)
    }

    /// Adds a line of an entry with these tags.
    pub(super) fn add(
        &mut self,
        tags: &BTreeMap<String, String>,
        slot: u32,
        (value_day, booking_day): (i32, i32),
        sequence: Sequence,
        amount: Totals,
    ) {
        for (key, values) in &mut self.0 {
            let Some(value) = tags.get(key) else { continue };
            if !values.contains_key(value.as_str()) {
                values.insert(value.as_str().into(), Histories::new());
            }
            if let Some(histories) = values.get_mut(value.as_str()) {
                let history = histories.entry(slot).or_default();
                history.post(value_day, booking_day, sequence, amount);
            }
        }
    }

    /// Forgets what entries with these tags added at `sequence` or later.
    pub(super) fn truncate(&mut self, tags: &BTreeMap<String, String>, sequence: Sequence) {
        for (key, values) in &mut self.0 {
            let histories = tags
                .get(key)
                .and_then(|value| values.get_mut(value.as_str()));
            for history in histories.into_iter().flat_map(BTreeMap::values_mut) {
                history.truncate(sequence);
            }
        }
    }
}

impl Journal {
    /// Keeps balances by the values of a tag from now on, for everything posted before as well:
    /// [`Journal::tagged_balance`] and [`Journal::tagged_movement`] then answer in O(log n),
    /// [`Journal::balance_by_tag`] in O(values × log n). Costs what the history of a balance
    /// costs, for each value and account that meet. Keys with few entries a value
    /// ([`EXTERNAL_ID`](crate::entry::tags::EXTERNAL_ID)) are not worth it.
    ///
    /// What the journal holds does not change, so this is not recorded: a journal that is read
    /// back is told again.
    pub fn index_tag(&mut self, key: &str) {
        if self.book.tags.0.contains_key(key) {
            return;
        }
        let mut index = TagIndex::default();
        index.0.insert(key.into(), BTreeMap::new());
        for sequence in (1..=self.last_sequence().get()).map(Sequence::new) {
            let Some(head) = self.book.head(sequence) else {
                continue;
            };
            let Some(extra) = self.book.extra(head) else {
                continue;
            };
            for at in self.book.line_range(sequence) {
                let line = self
                    .book
                    .line_slots
                    .get(at)
                    .zip(self.book.line_minor.get(at));
                if let Some((slot, minor)) = line {
                    let days = (head.value_day, head.booking_day);
                    index.add(&extra.tags, *slot, days, sequence, Totals::of(*minor));
                }
            }
        }
        self.book.tags.0.append(&mut index.0);
    }

    /// The balances that an account, or the accounts under a header, have in a currency and in the
    /// branch of a view.
    pub(super) fn slots_under<'a>(
        &'a self,
        account: &'a GlCode,
        currency: Currency,
        view: &'a View,
    ) -> impl Iterator<Item = u32> {
        let details = self.chart.details_under(account);
        let positions = details.filter_map(|detail| self.chart.position(&detail.code));
        positions.flat_map(move |position| self.book.numbers_of(position, currency, view.branch))
    }

    /// Debits and credits of the lines with one value of a tag.
    pub(crate) fn tagged_totals(
        &self,
        account: &GlCode,
        currency: Currency,
        (key, value): (&str, &str),
        view: &View,
    ) -> Totals {
        if !self.book.tags.0.contains_key(key) {
            return self
                .lines_on(account, currency, view)
                .filter(|line| line.tag(key) == Some(value))
                .fold(Totals::default(), |sum, line| {
                    sum.plus(Totals::of(line.minor))
                });
        }
        let histories = self.book.tags.of(key, value);
        let slots = self.slots_under(account, currency, view);
        slots
            .filter_map(|slot| histories?.get(&slot))
            .fold(Totals::default(), |sum, history| {
                sum.plus(history.totals(view))
            })
    }

    /// Debits and credits by the value of a tag; what has no such tag stands under `""`.
    pub(crate) fn totals_by_tag<'a>(
        &'a self,
        account: &'a GlCode,
        currency: Currency,
        key: &str,
        view: &'a View,
    ) -> BTreeMap<&'a str, Totals> {
        let mut sums: BTreeMap<&str, Totals> = BTreeMap::new();
        let mut add = |value, amount| {
            let sum = sums.entry(value).or_default();
            *sum = sum.plus(amount);
        };
        let Some(values) = self.book.tags.0.get(key) else {
            for line in self.lines_on(account, currency, view) {
                add(line.tag(key).unwrap_or(""), Totals::of(line.minor));
            }
            return sums;
        };
        let slots: Vec<u32> = self.slots_under(account, currency, view).collect();
        let mut left = self.totals(account, currency, view);
        for (value, histories) in values {
            let own = slots.iter().filter_map(|slot| histories.get(slot));
            let own = own.fold(Totals::default(), |sum, history| {
                sum.plus(history.totals(view))
            });
            left = left.minus(own);
            if own != Totals::default() {
                add(value, own);
            }
        }
        if left != Totals::default() {
            add("", left);
        }
        sums
    }
}
