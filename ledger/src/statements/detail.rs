//! What moved on one account.

use alloc::{collections::BTreeMap, string::String, vec::Vec};

use chrono::NaiveDate;

use super::natural;
use crate::{
    Currency, EntryId, GlCode, GlType, Journal, Money, QueryError, Sequence,
    journal::{BookedLine, Totals, View},
};

/// What happened to a balance from one day to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Movement {
    /// The balance before the first day, positive on the account's normal side.
    pub opening: Money,
    /// Sum of debits.
    pub debit: Money,
    /// Sum of credits.
    pub credit: Money,
    /// The balance at the end, positive on the account's normal side.
    pub closing: Money,
}

/// One line of an account's general-ledger detail.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DetailRow {
    /// The date the report goes by.
    pub date: NaiveDate,
    /// Where the entry stands in the journal.
    pub sequence: Sequence,
    /// The entry.
    pub entry: EntryId,
    /// Its reference.
    pub reference: Option<String>,
    /// The account that was posted to: the one asked for, or one under it.
    pub account: GlCode,
    /// The amount, if it is a debit; else zero.
    pub debit: Money,
    /// The amount, if it is a credit; else zero.
    pub credit: Money,
    /// The balance after this line, positive on the account's normal side.
    pub balance: Money,
}

/// The general-ledger detail of an account: every line of a range of days.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AccountDetail {
    /// Opening, sums and closing.
    pub movement: Movement,
    /// By date, then in recorded order.
    pub rows: Vec<DetailRow>,
}

impl Journal {
    fn type_of(&self, account: &GlCode) -> Result<GlType, QueryError> {
        let unknown = QueryError::UnknownAccount { account: *account };
        self.chart()
            .get(account)
            .map(|found| found.gl_type)
            .ok_or(unknown)
    }

    /// What happened to an account, or to all accounts under a header, from the start of `from`
    /// to the end of the view's date, in O(log n).
    ///
    /// # Errors
    /// [`QueryError::UnknownAccount`]; [`QueryError::Money`] when a sum does not fit.
    pub fn movement(
        &self,
        account: &GlCode,
        currency: Currency,
        from: NaiveDate,
        view: &View,
    ) -> Result<Movement, QueryError> {
        let gl_type = self.type_of(account)?;
        let end = self.totals(account, currency, view);
        let start = from
            .pred_opt()
            .map(|day| self.totals(account, currency, &view.at(day)));
        let start = start.unwrap_or_default();
        let moved = end.minus(start);
        Ok(Movement {
            opening: natural(gl_type, start, currency)?,
            debit: Money::from_minor(moved.debit, currency)?,
            credit: Money::from_minor(moved.credit, currency)?,
            closing: natural(gl_type, end, currency)?,
        })
    }

    /// Every line on an account, or on the accounts under a header, from the start of `from` to
    /// the end of the view's date. Reads the whole journal once.
    ///
    /// # Errors
    /// See [`Journal::movement`].
    pub fn account_detail(
        &self,
        account: &GlCode,
        currency: Currency,
        from: NaiveDate,
        view: &View,
    ) -> Result<AccountDetail, QueryError> {
        let gl_type = self.type_of(account)?;
        let movement = self.movement(account, currency, from, view)?;
        let mut lines: Vec<BookedLine<'_>> = self
            .lines_in(view)
            .filter(|line| line.currency == currency && line.date >= from)
            .filter(|line| self.chart().is_under(&line.account, account))
            .collect();
        lines.sort_by_key(|line| (line.date, line.sequence));
        let mut balance = movement.opening;
        let mut rows = Vec::with_capacity(lines.len());
        for line in lines {
            let amount = Totals::of(line.minor);
            balance = balance.checked_add(&natural(gl_type, amount, currency)?)?;
            rows.push(DetailRow {
                date: line.date,
                sequence: line.sequence,
                entry: line.entry,
                reference: line.reference.map(Into::into),
                account: line.account,
                debit: Money::from_minor(amount.debit, currency)?,
                credit: Money::from_minor(amount.credit, currency)?,
                balance,
            });
        }
        Ok(AccountDetail { movement, rows })
    }

    /// The balance of an account, or of the accounts under a header, by the value of a tag:
    /// by customer account, product, channel. What carries no such tag stands under `""`.
    /// Reads the whole journal once.
    ///
    /// # Errors
    /// [`QueryError::UnknownAccount`]; [`QueryError::Money`] when a sum does not fit.
    pub fn balance_by_tag(
        &self,
        account: &GlCode,
        currency: Currency,
        key: &str,
        view: &View,
    ) -> Result<BTreeMap<String, Money>, QueryError> {
        let gl_type = self.type_of(account)?;
        let mut sums: BTreeMap<&str, Totals> = BTreeMap::new();
        let lines = self.lines_in(view).filter(|line| line.currency == currency);
        for line in lines.filter(|line| self.chart().is_under(&line.account, account)) {
            let sum = sums.entry(line.tag(key).unwrap_or("")).or_default();
            *sum = sum.plus(Totals::of(line.minor));
        }
        sums.into_iter()
            .map(|(value, sum)| Ok((value.into(), natural(gl_type, sum, currency)?)))
            .collect()
    }
}
