//! `lender show`: one account with everything about it.

use std::{io::Write, num::NonZeroU32};

use ledger::{ChartOfAccounts, Currency, Side};
use lending_core::{
    ids::AccountRef,
    loan::{Instalment, LoanAccount, LoanTerms, Transaction},
    store::{JournalQuery, Store},
};

use super::{
    Failure,
    records::StoredLoan,
    report::{books::shown, table::Table},
};

/// Writes terms, schedule, history and postings of an account.
///
/// # Errors
/// There is no such account, or the database fails.
pub fn write(
    store: &mut dyn Store,
    chart: &ChartOfAccounts,
    reference: &str,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let unknown = || Failure::Refused(format!("there is no account {reference:?}"));
    let number: AccountRef = reference.parse().map_err(|_| unknown())?;
    let row = store.account_by_reference(&number)?.ok_or_else(unknown)?;
    let StoredLoan {
        row, loan, history, ..
    } = StoredLoan::read(store, row)?;
    let currency = row.header.currency;
    writeln!(
        out,
        "Account {reference}: {}, as of {}",
        loan.status(),
        loan.as_of()
    )?;
    writeln!(out, "  product {}, id {}", row.header.product, row.id)?;
    write_standing(&loan, currency, out)?;
    write_terms(loan.terms(), out)?;
    write_schedule(loan.instalments(), currency, out)?;
    write_history(&history, currency, out)?;
    write_postings(store, chart, &row, out)
}

fn write_standing(
    loan: &LoanAccount,
    currency: Currency,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let outstanding = loan
        .outstanding()
        .map_err(|e| Failure::refused("outstanding", e))?;
    writeln!(
        out,
        "  principal {}, everything owed by the schedule {}, credit balance {}",
        shown(loan.principal_balance(), currency),
        shown(
            outstanding
                .total()
                .map_err(|e| Failure::refused("outstanding", e))?,
            currency
        ),
        shown(loan.credit_balance(), currency)
    )?;
    let arrears = loan.arrears();
    if let Some(since) = arrears.since {
        let overdue = arrears
            .overdue
            .total()
            .map_err(|e| Failure::refused("arrears", e))?;
        let (days, overdue) = (arrears.days_past_due, shown(overdue, currency));
        writeln!(
            out,
            "  in arrears since {since}: {days} days past due, {overdue} overdue"
        )?;
    }
    Ok(())
}

/// Writes the contract as JSON: every setting, whether it was named or is a default.
///
/// # Errors
/// The writer's.
pub fn write_terms(terms: &LoanTerms, out: &mut dyn Write) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(terms).map_err(|e| Failure::refused("terms", e))?;
    writeln!(out, "\nTerms")?;
    for line in text.lines() {
        writeln!(out, "  {line}")?;
    }
    Ok(())
}

/// Writes the instalments: what is due, what was paid.
///
/// # Errors
/// The writer's.
pub fn write_schedule(
    instalments: &[Instalment],
    currency: Currency,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let mut table = Table::new(&[
        ">no",
        "due",
        ">principal",
        ">interest",
        ">fees",
        ">penalties",
        ">total",
        ">paid",
        ">open",
        "settled",
    ]);
    let doubt = |error| Failure::refused("schedule", error);
    for row in instalments {
        let amount = |amount| shown(amount, currency);
        table.row([
            row.number.to_string(),
            row.due_on.to_string(),
            amount(row.due.principal),
            amount(row.due.interest),
            amount(row.due.fee),
            amount(row.due.penalty),
            amount(row.due.total().map_err(doubt)?),
            amount(row.paid.total().map_err(doubt)?),
            amount(
                row.open_amounts()
                    .and_then(|open| open.total())
                    .map_err(doubt)?,
            ),
            row.settled_on.map_or(String::new(), |on| on.to_string()),
        ]);
    }
    writeln!(out, "\nSchedule")?;
    if table.is_empty() {
        writeln!(out, "  none before the money is paid out")?;
    }
    table.write(out)?;
    Ok(())
}

fn write_history(
    history: &[Transaction],
    currency: Currency,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let mut table = Table::new(&[
        "value date",
        "booked",
        "transaction",
        ">amount",
        "channel",
        ">principal",
        ">interest",
        ">fees",
        ">penalties",
        ">credit",
        ">principal after",
        "reversed",
    ]);
    for transaction in history {
        let amount = |amount| shown(amount, currency);
        let outcome = &transaction.outcome;
        table.row([
            transaction.value_date.to_string(),
            transaction.booking_date.to_string(),
            transaction.kind.name().to_owned(),
            transaction.kind.amount().map_or(String::new(), amount),
            transaction
                .channel
                .map_or(String::new(), |code| code.to_string()),
            amount(outcome.applied.principal),
            amount(outcome.applied.interest),
            amount(outcome.applied.fee),
            amount(outcome.applied.penalty),
            amount(outcome.credit_balance),
            amount(outcome.principal_after),
            transaction
                .reversed_on
                .map_or(String::new(), |on| on.to_string()),
        ]);
    }
    writeln!(out, "\nHistory")?;
    if table.is_empty() {
        writeln!(out, "  nothing yet")?;
    }
    table.write(out)?;
    Ok(())
}

fn write_postings(
    store: &mut dyn Store,
    chart: &ChartOfAccounts,
    row: &lending_core::store::StoredAccount,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let query = JournalQuery {
        account: Some(row.id),
        ..JournalQuery::default()
    };
    let page_size = NonZeroU32::new(1_000).unwrap_or(NonZeroU32::MIN);
    let mut table = Table::new(&[
        "booked",
        "value date",
        "account",
        "name",
        ">debit",
        ">credit",
        "what",
    ]);
    let mut after = None;
    loop {
        let mut page = Vec::new();
        store.journal(&query, after, page_size, &mut page)?;
        let Some(last) = page.last() else { break };
        after = Some(query.key_of(last));
        for posted in &page {
            for line in posted.entry.lines() {
                let amount = shown(line.amount().amount(), line.currency());
                let (debit, credit) = match line.side() {
                    Side::Debit => (amount, String::new()),
                    Side::Credit => (String::new(), amount),
                };
                let name = chart
                    .get(&line.account())
                    .map_or("", |found| found.name.as_str());
                table.row([
                    posted.entry.booking_date().to_string(),
                    posted.entry.value_date().to_string(),
                    line.account().to_string(),
                    name.to_owned(),
                    debit,
                    credit,
                    posted.entry.notes().unwrap_or("").to_owned(),
                ]);
            }
        }
    }
    writeln!(out, "\nPostings")?;
    if table.is_empty() {
        writeln!(out, "  none")?;
    }
    table.write(out)?;
    Ok(())
}
