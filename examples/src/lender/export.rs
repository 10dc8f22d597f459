//! `lender export`: the books as text for other accounting programs, and what they should find.

use std::{io::Write, num::NonZeroU32};

use clap::ValueEnum;
use ledger::{
    ChartOfAccounts, Journal, Money,
    exchange::{self, PlainText},
};
use lending_core::store::{JournalQuery, PostedEntry, Store};

use super::{Failure, report::Books};

/// What to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Text that ledger and hledger read
    Ledger,
    /// Text that beancount reads
    Beancount,
    /// The entries as CSV, a row a line
    Csv,
    /// One line an account and currency, debits less credits: GL code, amount, currency
    Balances,
}

/// Entries read from the store at once.
const PAGE: NonZeroU32 = NonZeroU32::new(1_000).unwrap();

/// Writes the books. Balances are the store's own running turnovers, not sums over the entries that
/// the other formats are made of: equal totals elsewhere prove both.
///
/// # Errors
/// The database fails, or an entry in it does not fit the chart.
pub fn write(
    store: &mut dyn Store,
    chart: ChartOfAccounts,
    format: Format,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let text = match format {
        Format::Ledger => exchange::journal_to_text(&journal(store, chart)?, PlainText::Ledger),
        Format::Beancount => {
            exchange::journal_to_text(&journal(store, chart)?, PlainText::Beancount)
        }
        Format::Csv => {
            let journal = journal(store, chart)?;
            exchange::entries_to_csv(journal.entries().map(|(_, entry)| entry))
        }
        Format::Balances => balances(store)?,
    };
    Ok(out.write_all(text.as_bytes())?)
}

/// All entries in the order of their booking dates, checked once more by a journal.
fn journal(store: &mut dyn Store, chart: ChartOfAccounts) -> Result<Journal, Failure> {
    let query = JournalQuery::default();
    let mut journal = Journal::new(chart);
    let (mut after, mut page) = (None, Vec::<PostedEntry>::new());
    loop {
        page.clear();
        store.journal(&query, after, PAGE, &mut page)?;
        let Some(last) = page.last() else {
            return Ok(journal);
        };
        after = Some(query.key_of(last));
        for PostedEntry { entry, .. } in page.drain(..) {
            journal
                .post(entry)
                .map_err(|error| Failure::refused("export", error))?;
        }
    }
}

fn balances(store: &mut dyn Store) -> Result<String, Failure> {
    let mut text = String::new();
    for ((account, currency), turnover) in Books::read(store)?.turnovers {
        if !turnover.net().is_zero() {
            let net = Money::new(turnover.net(), currency);
            text.push_str(&format!("{account} {net}\n"));
        }
    }
    Ok(text)
}
