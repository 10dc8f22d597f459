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
        let totals = |view: &View| self.totals(account, currency, view);
        between(gl_type, currency, totals, from, view)
    }

    /// What happened on an account, or on all accounts under a header, in entries with one value
    /// of a tag, given as key and value: see [`Journal::movement`]. Reads the lines of those
    /// accounts, or is O(log n) after [`Journal::index_tag`].
    ///
    /// # Errors
    /// See [`Journal::movement`].
    pub fn tagged_movement(
        &self,
        account: &GlCode,
        currency: Currency,
        tag: (&str, &str),
        from: NaiveDate,
        view: &View,
    ) -> Result<Movement, QueryError> {
        let gl_type = self.type_of(account)?;
        let totals = |view: &View| self.tagged_totals(account, currency, tag, view);
        between(gl_type, currency, totals, from, view)
    }

    /// The balance that entries with one value of a tag, given as key and value, make on an
    /// account or on the accounts under a header: what one loan, product or channel stands for.
    /// Reads the lines of those accounts, or is O(log n) after [`Journal::index_tag`].
    ///
    /// # Errors
    /// [`QueryError::UnknownAccount`]; [`QueryError::Money`] when the sum does not fit.
    pub fn tagged_balance(
        &self,
        account: &GlCode,
        currency: Currency,
        tag: (&str, &str),
        view: &View,
    ) -> Result<Money, QueryError> {
        let totals = self.tagged_totals(account, currency, tag, view);
        natural(self.type_of(account)?, totals, currency)
    }

    /// Every line on an account, or on the accounts under a header, from the start of `from` to
    /// the end of the view's date. Reads the lines of those accounts only.
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
            .lines_on(account, currency, view)
            .filter(|line| line.date >= from)
            .collect();
        lines.sort_by_key(|line| (line.date, line.line));
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
    /// Reads the lines of those accounts, or is O(values × log n) after [`Journal::index_tag`].
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
        self.totals_by_tag(account, currency, key, view)
            .into_iter()
            .map(|(value, sum)| Ok((value.into(), natural(gl_type, sum, currency)?)))
            .collect()
    }
}

/// What moved from the start of `from` to the end of the view's date.
fn between(
    gl_type: GlType,
    currency: Currency,
    totals: impl Fn(&View) -> Totals,
    from: NaiveDate,
    view: &View,
) -> Result<Movement, QueryError> {
    let end = totals(view);
    let start = from.pred_opt().map(|day| totals(&view.at(day)));
    let start = start.unwrap_or_default();
    let moved = end.minus(start);
    Ok(Movement {
        opening: natural(gl_type, start, currency)?,
        debit: Money::from_minor(moved.debit, currency)?,
        credit: Money::from_minor(moved.credit, currency)?,
        closing: natural(gl_type, end, currency)?,
    })
}
