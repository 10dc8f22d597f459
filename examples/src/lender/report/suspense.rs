//! Money that nobody could place for certain, and messages that hold none yet.

use std::io::Write;

use mobile_money::intake::Standing;

use super::{
    books::{Books, shown},
    table::Table,
};
use crate::lender::{Failure, records::ReceiptState, run::office::Office};

/// Writes what sits in suspense and why.
pub fn write(office: &Office<'_>, books: &Books, out: &mut dyn Write) -> Result<(), Failure> {
    let counted = office.counted;
    writeln!(
        out,
        "\nReceipts: {} messages, of them {} asked before paying, {} said nothing new, {} could not be \
         read; {} payments",
        counted.messages,
        counted.questions,
        counted.duplicates,
        counted.unreadable,
        books.receipts.len()
    )?;
    writeln!(out, "\nIn suspense")?;
    let mut table = Table::new(&[
        "received",
        "wallet",
        "payment",
        ">amount",
        "currency",
        "reference",
        "payer",
        "why",
        "may be",
    ]);
    let mut waiting: Vec<_> = books.receipts.iter().collect();
    waiting.sort_by_key(|receipt| (receipt.received_on, &receipt.wallet, &receipt.number));
    for receipt in waiting {
        let ReceiptState::Suspense { reason, candidates } = &receipt.state else {
            continue;
        };
        table.row([
            receipt.received_on.to_string(),
            receipt.wallet.clone(),
            receipt.number.clone(),
            shown(receipt.amount, receipt.currency),
            receipt.currency.to_string(),
            receipt.reference.clone(),
            receipt.payer.clone(),
            reason.clone(),
            candidates.join(" "),
        ]);
    }
    if table.is_empty() {
        writeln!(out, "  nothing")?;
    } else {
        table.write(out)?;
        write_ages(office, books, out)?;
    }
    write_unsettled(office, out)
}

/// How long money has been waiting.
fn write_ages(office: &Office<'_>, books: &Books, out: &mut dyn Write) -> Result<(), Failure> {
    let mut ages = [0_usize; 4];
    let waiting = books
        .receipts
        .iter()
        .filter(|receipt| matches!(receipt.state, ReceiptState::Suspense { .. }));
    for receipt in waiting {
        let days = (office.counted.date - receipt.received_on).num_days();
        let class = match days {
            ..=1 => 0,
            2..=7 => 1,
            8..=30 => 2,
            _ => 3,
        };
        ages[class] += 1;
    }
    let [young, week, month, old] = ages;
    writeln!(
        out,
        "  In suspense by age: {young} up to 1 day, {week} of 2 to 7 days, {month} of 8 to 30 days, \
         {old} older"
    )?;
    Ok(())
}

/// Messages that a person has to look at before any money can be booked.
fn write_unsettled(office: &Office<'_>, out: &mut dyn Write) -> Result<(), Failure> {
    let mut table = Table::new(&["wallet", "message", "why"]);
    for (wallet, intake) in office.folder.settings.wallets.iter().zip(&office.intakes) {
        for (hash, unreadable) in intake.unreadable() {
            let short: String = hash
                .iter()
                .take(6)
                .map(|byte| format!("{byte:02x}"))
                .collect();
            table.row([wallet.name.clone(), short, unreadable.error.clone()]);
        }
        for transaction in intake.transactions() {
            let why = match transaction.standing {
                Standing::Open => "not known to have moved money: ask the provider",
                Standing::AwaitingAmount => "money moved, the amount is not known",
                Standing::HeldForVerification => "the amount needs verification",
                Standing::HeldForConflict => "messages name different amounts",
                _ => continue,
            };
            let id = transaction.merged.provider_id.or(transaction.merged.own_id);
            table.row([wallet.name.clone(), id.unwrap_or_default(), why.to_owned()]);
        }
    }
    if !table.is_empty() {
        writeln!(out, "\nMessages without booked money")?;
        table.write(out)?;
    }
    Ok(())
}
