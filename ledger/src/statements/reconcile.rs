//! Control accounts against their sub-ledger.

use alloc::{collections::BTreeMap, string::String, vec::Vec};

use super::natural;
use crate::{
    Currency, EntryId, GlCode, Journal, Money, QueryError,
    entry::tags,
    journal::{Totals, View},
};

/// One change of a sub-ledger account: an event of a loan or deposit account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubLedgerEvent<'a> {
    /// The account in the sub-ledger, as in the entry's [`tags::ACCOUNT`].
    pub account: &'a str,
    /// The journal entry that the event made.
    pub entry: EntryId,
    /// By how much the control account should move, positive on its normal side.
    pub amount: Money,
}

/// One event on which the books and the sub-ledger do not agree.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ControlDifference {
    /// The account in the sub-ledger; empty for an entry without the tag.
    pub account: String,
    /// The journal entry.
    pub entry: EntryId,
    /// What the books have.
    pub in_books: Money,
    /// What the sub-ledger has.
    pub in_sub_ledger: Money,
}

/// The comparison of a control account with its sub-ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reconciliation {
    /// The balance of the control account.
    pub in_books: Money,
    /// The sum of the sub-ledger.
    pub in_sub_ledger: Money,
    /// Where they differ, by account and entry.
    pub differences: Vec<ControlDifference>,
}

impl Reconciliation {
    /// Whether every event agrees. Equal totals are not enough: two errors may cancel.
    #[must_use]
    pub const fn is_equal(&self) -> bool {
        self.differences.is_empty()
    }
}

impl Journal {
    /// Compares a control account, or the accounts under a header, with the events of its
    /// sub-ledger: equal, or which account, which event, by how much. Events of other currencies
    /// are refused. Reads the lines of the control account only.
    ///
    /// # Errors
    /// [`QueryError::UnknownAccount`]; [`QueryError::Money`] for another currency or a sum that
    /// does not fit.
    pub fn reconcile<'a>(
        &self,
        control: &GlCode,
        currency: Currency,
        events: impl IntoIterator<Item = SubLedgerEvent<'a>>,
        view: &View,
    ) -> Result<Reconciliation, QueryError> {
        let unknown = QueryError::UnknownAccount { account: *control };
        let gl_type = self
            .chart()
            .get(control)
            .map(|found| found.gl_type)
            .ok_or(unknown)?;
        let zero = Money::zero(currency);
        let mut pairs: BTreeMap<(&str, EntryId), (Totals, Money)> = BTreeMap::new();
        for line in self.lines_on(control, currency, view) {
            let key = (line.tag(tags::ACCOUNT).unwrap_or(""), line.entry);
            let pair = pairs.entry(key).or_insert((Totals::default(), zero));
            pair.0 = pair.0.plus(Totals::of(line.minor));
        }
        for event in events {
            let pair = pairs.entry((event.account, event.entry));
            let pair = pair.or_insert((Totals::default(), zero));
            pair.1 = pair.1.checked_add(&event.amount)?;
        }
        let (mut books, mut sub_ledger) = (zero, zero);
        let mut differences = Vec::new();
        for ((account, entry), (totals, in_sub_ledger)) in pairs {
            let in_books = natural(gl_type, totals, currency)?;
            books = books.checked_add(&in_books)?;
            sub_ledger = sub_ledger.checked_add(&in_sub_ledger)?;
            if in_books != in_sub_ledger {
                let account = account.into();
                differences.push(ControlDifference {
                    account,
                    entry,
                    in_books,
                    in_sub_ledger,
                });
            }
        }
        Ok(Reconciliation {
            in_books: books,
            in_sub_ledger: sub_ledger,
            differences,
        })
    }
}
