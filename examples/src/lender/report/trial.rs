//! The trial balance.

use std::{collections::BTreeMap, io::Write};

use ledger::Currency;
use rust_decimal::Decimal;

use super::{
    books::{Books, shown},
    table::Table,
};
use crate::lender::{Failure, Folder};

/// Writes the trial balance, one currency after the other.
pub fn write(folder: &Folder, books: &Books, out: &mut dyn Write) -> Result<(), Failure> {
    let mut currencies: BTreeMap<Currency, Vec<_>> = BTreeMap::new();
    for ((account, currency), turnover) in &books.turnovers {
        currencies
            .entry(*currency)
            .or_default()
            .push((account, turnover));
    }
    for (currency, accounts) in currencies {
        writeln!(out, "\nTrial balance, {currency}")?;
        let mut table = Table::new(&[
            "account",
            "name",
            ">debits",
            ">credits",
            ">debit balance",
            ">credit balance",
        ]);
        let mut sums = [Decimal::ZERO; 4];
        for (account, turnover) in accounts {
            let name = folder
                .chart
                .get(account)
                .map_or("", |found| found.name.as_str());
            let net = turnover.net();
            let sides = [net.max(Decimal::ZERO), (-net).max(Decimal::ZERO)];
            let cells = [turnover.debit, turnover.credit, sides[0], sides[1]];
            for (sum, cell) in sums.iter_mut().zip(cells) {
                *sum += cell;
            }
            table.row(line(account.as_str(), name, cells, currency));
        }
        table.row(line("", "total", sums, currency));
        table.write(out)?;
    }
    Ok(())
}

fn line(account: &str, name: &str, cells: [Decimal; 4], currency: Currency) -> [String; 6] {
    let [debits, credits, debit, credit] = cells.map(|cell| shown(cell, currency));
    [
        account.to_owned(),
        name.to_owned(),
        debits,
        credits,
        debit,
        credit,
    ]
}
