//! The closing of a year.

use alloc::{collections::BTreeMap, string::ToString};

use chrono::NaiveDate;

use crate::{
    Currency, EntryId, GlCode, GlType, Journal, JournalEntry, Money, QueryError, Side, Usage,
    entry::tags,
    journal::{Totals, View},
};

impl Journal {
    /// The entry that empties every income and expense account into retained earnings as of the
    /// end of a year, in every currency and branch. Post it, then close the period.
    ///
    /// It carries the tag [`tags::YEAR_END`], by which income statements leave it out.
    ///
    /// # Errors
    /// [`QueryError::UnknownAccount`]; [`QueryError::NotEquity`] when `retained_earnings` is not
    /// an equity account, [`QueryError::HeaderAccount`] when it is a header;
    /// [`QueryError::Entry`] when there is nothing to close.
    pub fn year_end_entry(
        &self,
        id: EntryId,
        year_end: NaiveDate,
        retained_earnings: &GlCode,
    ) -> Result<JournalEntry, QueryError> {
        let account = *retained_earnings;
        let found = self
            .chart()
            .get(&account)
            .ok_or(QueryError::UnknownAccount { account })?;
        if found.gl_type != GlType::Equity {
            return Err(QueryError::NotEquity {
                account,
                given: found.gl_type,
            });
        }
        if found.usage == Usage::Header {
            return Err(QueryError::HeaderAccount { account });
        }
        let view = View::latest().on_booking_date(year_end);
        let mut builder =
            JournalEntry::builder(id, year_end, year_end).tag(tags::YEAR_END, year_end.to_string());
        let mut results: BTreeMap<_, i128> = BTreeMap::new();
        for (code, currency, branch, totals) in self.balances(&view) {
            let is_result = self
                .chart()
                .get(&code)
                .is_some_and(|found| found.gl_type.is_result());
            if !is_result || totals.net() == 0 {
                continue;
            }
            let result = results.entry((branch, currency)).or_default();
            *result = result.saturating_add(totals.net());
            let (side, amount) = opposite(totals.net(), currency)?;
            builder = builder.line(code, side, amount);
            if let Some(branch) = branch {
                builder = builder.on_branch(branch);
            }
        }
        for ((branch, currency), net) in results.into_iter().filter(|(_, net)| *net != 0) {
            // The result goes where the emptied accounts were: a profit is a credit.
            let (side, amount) = opposite(net.saturating_neg(), currency)?;
            builder = builder.line(account, side, amount);
            if let Some(branch) = branch {
                builder = builder.on_branch(branch);
            }
        }
        Ok(builder.build()?)
    }

    /// What the year-end entries booked in a period moved on an account.
    pub(super) fn year_end_totals(
        &self,
        account: &GlCode,
        currency: Currency,
        (from, to): (NaiveDate, NaiveDate),
        view: &View,
    ) -> Totals {
        let known = |sequence| !view.is_before(sequence);
        let entries = self.year_ends().iter().filter(|sequence| known(**sequence));
        let entries = entries.filter_map(|sequence| self.entry(*sequence));
        let mut sum = Totals::default();
        for entry in entries.filter(|entry| (from..=to).contains(&entry.booking_date())) {
            for line in entry
                .lines()
                .iter()
                .filter(|line| line.currency() == currency)
            {
                let in_branch = view
                    .branch()
                    .is_none_or(|branch| line.branch() == Some(branch));
                if in_branch && self.chart().is_under(&line.account(), account) {
                    sum = sum.plus(Totals::of(line.signed_minor()));
                }
            }
        }
        sum
    }
}

/// The line that takes a net debit (positive) or net credit away.
fn opposite(net: i128, currency: Currency) -> Result<(Side, Money), QueryError> {
    let side = if net > 0 { Side::Credit } else { Side::Debit };
    Ok((side, Money::from_minor(net.saturating_abs(), currency)?))
}
