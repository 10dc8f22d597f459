//! The trial balance at several dates side by side.

use alloc::{collections::BTreeMap, string::String, vec, vec::Vec};

use chrono::NaiveDate;

use crate::{Currency, GlCode, GlType, Journal, Money, QueryError, journal::View};

/// One account of a [`ComparativeTrialBalance`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ComparativeRow {
    /// The account.
    pub account: GlCode,
    /// Its name.
    pub name: String,
    /// Its type.
    pub gl_type: GlType,
    /// `(debit, credit)` at each date: the balance stands on one side, the other is zero.
    pub balances: Vec<(Money, Money)>,
}

/// Every detail account that has a balance at one of the dates, in code order.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ComparativeTrialBalance {
    /// The currency.
    pub currency: Currency,
    /// One column each: the date and its comparatives.
    pub dates: Vec<NaiveDate>,
    /// The accounts.
    pub rows: Vec<ComparativeRow>,
    /// Sums of the `(debit, credit)` columns at each date.
    pub totals: Vec<(Money, Money)>,
}

impl ComparativeTrialBalance {
    /// Whether debits equal credits at every date.
    #[must_use]
    pub fn is_balanced(&self) -> bool {
        self.totals.iter().all(|(debit, credit)| debit == credit)
    }
}

impl Journal {
    /// The trial balance at the end of each booking date, comparatives in further columns. Of the
    /// view it takes the branch and the moment of knowledge.
    ///
    /// ```
    /// use chrono::NaiveDate;
    /// use ledger::{chart::ready, journal::View, Currency, EntryId, Journal, JournalEntry, Money};
    /// let kes = Currency::from_code("KES")?;
    /// let day = |month, day| NaiveDate::from_ymd_opt(2024, month, day).unwrap();
    /// let mut journal = Journal::new(ready::microfinance_lender());
    /// let interest = Money::from_minor(1_000, kes)?;
    /// let entry = JournalEntry::builder(EntryId::new(1), day(2, 1), day(2, 1));
    /// journal.post(entry.debit("1130".parse()?, interest).credit("4100".parse()?, interest).build()?)?;
    /// let dates = [day(2, 29), day(1, 31)];
    /// let trial = journal.comparative_trial_balance(kes, &dates, &View::latest())?;
    /// let none = Money::zero(kes);
    /// assert_eq!(trial.rows[0].balances, [(interest, none), (none, none)]);
    /// assert!(trial.is_balanced());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`QueryError::Money`] when a sum does not fit.
    pub fn comparative_trial_balance(
        &self,
        currency: Currency,
        dates: &[NaiveDate],
        view: &View,
    ) -> Result<ComparativeTrialBalance, QueryError> {
        let nothing = (Money::zero(currency), Money::zero(currency));
        let mut rows = BTreeMap::new();
        let mut totals = Vec::with_capacity(dates.len());
        for (column, date) in dates.iter().enumerate() {
            let trial = self.trial_balance(currency, &view.on_booking_date(*date))?;
            totals.push((trial.total_debit, trial.total_credit));
            for row in trial.rows {
                let compared = rows.entry(row.account).or_insert_with(|| ComparativeRow {
                    account: row.account,
                    name: row.name,
                    gl_type: row.gl_type,
                    balances: vec![nothing; dates.len()],
                });
                if let Some(balance) = compared.balances.get_mut(column) {
                    *balance = (row.debit, row.credit);
                }
            }
        }
        Ok(ComparativeTrialBalance {
            currency,
            dates: dates.into(),
            rows: rows.into_values().collect(),
            totals,
        })
    }
}
