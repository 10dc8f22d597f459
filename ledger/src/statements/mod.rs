//! Financial statements and the closing of a year.
//!
//! Statements go by booking date, so that those of a closed period never change; of a [`View`]
//! they take the branch and the moment of knowledge. All amounts stand on the normal side of
//! their section: an overdrawn bank account is a negative asset.
//!
//! ```
//! use chrono::NaiveDate;
//! use ledger::{chart::ready, journal::View, Currency, EntryId, Journal, JournalEntry, Money};
//! let kes = Currency::from_code("KES")?;
//! let day = |month, day| NaiveDate::from_ymd_opt(2024, month, day).unwrap();
//! let mut journal = Journal::new(ready::microfinance_lender());
//! let interest = Money::from_minor(1_000, kes)?;
//! let entry = JournalEntry::builder(EntryId::new(1), day(2, 1), day(2, 1));
//! journal.post(entry.debit("1130".parse()?, interest).credit("4100".parse()?, interest).build()?)?;
//! let months = [(day(1, 1), day(1, 31)), (day(2, 1), day(2, 29))];
//! let statement = journal.income_statement(kes, &months, &View::latest())?;
//! assert_eq!(statement.result, [Money::zero(kes), interest]);
//! let sheet = journal.balance_sheet(kes, &[day(2, 29)], &View::latest())?;
//! assert!(sheet.is_balanced());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod detail;
mod reconcile;
mod tree;
mod trial;
mod year_end;

use alloc::vec::Vec;

use chrono::NaiveDate;

pub use detail::{AccountDetail, DetailRow, Movement};
pub use reconcile::{ControlDifference, Reconciliation, SubLedgerEvent};
pub use tree::StatementRow;
pub use trial::{ComparativeRow, ComparativeTrialBalance};

use crate::{
    Currency, GlCode, GlType, Journal, Money, QueryError, Side,
    journal::{Totals, View},
};

/// Assets, liabilities and equity at one or more dates.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BalanceSheet {
    /// The currency.
    pub currency: Currency,
    /// One column each: the date and its comparatives.
    pub dates: Vec<NaiveDate>,
    /// Headers and details with a balance.
    pub assets: Vec<StatementRow>,
    /// Headers and details with a balance.
    pub liabilities: Vec<StatementRow>,
    /// Headers and details with a balance.
    pub equity: Vec<StatementRow>,
    /// Sum of assets for each date.
    pub total_assets: Vec<Money>,
    /// Sum of liabilities for each date.
    pub total_liabilities: Vec<Money>,
    /// Sum of equity accounts for each date, without the result.
    pub total_equity: Vec<Money>,
    /// Income less expenses that no year end has moved to equity yet.
    pub result: Vec<Money>,
}

impl BalanceSheet {
    /// Whether assets equal liabilities, equity and result at every date.
    #[must_use]
    pub fn is_balanced(&self) -> bool {
        let sides = self
            .total_liabilities
            .iter()
            .zip(&self.total_equity)
            .zip(&self.result);
        self.total_assets
            .iter()
            .zip(sides)
            .all(|(assets, ((liabilities, equity), result))| {
                Money::sum(self.currency, [liabilities, equity, result]).as_ref() == Ok(assets)
            })
    }
}

/// Income and expenses of one or more periods.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct IncomeStatement {
    /// The currency.
    pub currency: Currency,
    /// One column each: first and last day of the period and its comparatives.
    pub periods: Vec<(NaiveDate, NaiveDate)>,
    /// Headers and details with a movement.
    pub income: Vec<StatementRow>,
    /// Headers and details with a movement.
    pub expenses: Vec<StatementRow>,
    /// Sum of income for each period.
    pub total_income: Vec<Money>,
    /// Sum of expenses for each period.
    pub total_expenses: Vec<Money>,
    /// Income less expenses for each period.
    pub result: Vec<Money>,
}

impl Journal {
    /// The balance sheet at the end of each date, comparatives in further columns.
    ///
    /// # Errors
    /// [`QueryError::Money`] when a sum does not fit.
    pub fn balance_sheet(
        &self,
        currency: Currency,
        dates: &[NaiveDate],
        view: &View,
    ) -> Result<BalanceSheet, QueryError> {
        let columns: Vec<View> = dates
            .iter()
            .map(|date| view.on_booking_date(*date))
            .collect();
        let figures = |account: &GlCode| -> Vec<Totals> {
            columns
                .iter()
                .map(|column| self.totals(account, currency, column))
                .collect()
        };
        let section =
            |gl_type| tree::section(self.chart(), gl_type, currency, dates.len(), &figures);
        let (assets, total_assets) = section(GlType::Asset)?;
        let (liabilities, total_liabilities) = section(GlType::Liability)?;
        let (equity, total_equity) = section(GlType::Equity)?;
        let (_, income) = section(GlType::Income)?;
        let (_, expenses) = section(GlType::Expense)?;
        Ok(BalanceSheet {
            currency,
            dates: dates.into(),
            assets,
            liabilities,
            equity,
            total_assets,
            total_liabilities,
            total_equity,
            result: differences(&income, &expenses)?,
        })
    }

    /// The income statement of each period (first and last day), comparatives in further columns.
    /// Entries that close a year are left out.
    ///
    /// # Errors
    /// [`QueryError::Money`] when a sum does not fit.
    pub fn income_statement(
        &self,
        currency: Currency,
        periods: &[(NaiveDate, NaiveDate)],
        view: &View,
    ) -> Result<IncomeStatement, QueryError> {
        let figures = |account: &GlCode| -> Vec<Totals> {
            let of_period = |(from, to): &(NaiveDate, NaiveDate)| {
                let end = self.totals(account, currency, &view.on_booking_date(*to));
                let start = from.pred_opt().map(|day| view.on_booking_date(day));
                let start = start.map(|start| self.totals(account, currency, &start));
                let moved = end.minus(start.unwrap_or_default());
                moved.minus(self.year_end_totals(account, currency, (*from, *to), view))
            };
            periods.iter().map(of_period).collect()
        };
        let section =
            |gl_type| tree::section(self.chart(), gl_type, currency, periods.len(), &figures);
        let (income, total_income) = section(GlType::Income)?;
        let (expenses, total_expenses) = section(GlType::Expense)?;
        let result = differences(&total_income, &total_expenses)?;
        Ok(IncomeStatement {
            currency,
            periods: periods.into(),
            income,
            expenses,
            total_income,
            total_expenses,
            result,
        })
    }
}

fn differences(left: &[Money], right: &[Money]) -> Result<Vec<Money>, QueryError> {
    left.iter()
        .zip(right)
        .map(|(a, b)| Ok(a.checked_sub(b)?))
        .collect()
}

/// Debits less credits in the sign of the normal side.
fn natural(gl_type: GlType, totals: Totals, currency: Currency) -> Result<Money, QueryError> {
    let net = match gl_type.normal_side() {
        Side::Debit => totals.net(),
        Side::Credit => totals.net().saturating_neg(),
    };
    Ok(Money::from_minor(net, currency)?)
}
