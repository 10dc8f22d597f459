//! The provider's statement beside the notices and the receipts.

use std::{collections::BTreeMap, path::Path};

use chrono::{NaiveTime, TimeDelta};
use mobile_money::{
    PaymentKind,
    reconcile::{LedgerPosting, Notification, Report, Window, reconcile},
    statement::{Layout, Statement, read, recognise},
};
use rust_decimal::Decimal;

use super::midday;
use crate::lender::{Failure, InputError, records::Receipt, run::office::Office, source};

/// What happened this close to either end of the statement may be on its neighbour.
const TOLERANCE_MINUTES: u32 = 120;

/// The statement of a wallet, read and proved; none when the folder has none.
///
/// # Errors
/// The file does not have its layout, or a field cannot be read.
pub fn of_wallet(folder: &Path, wallet: &str) -> Result<Option<Statement>, InputError> {
    let file = folder.join("statements").join(format!("{wallet}.csv"));
    if !file.exists() {
        return Ok(None);
    }
    let text = source::text(&file)?;
    let described = file.with_extension("json");
    let layout: Layout = if described.exists() {
        source::json(&described)?
    } else {
        recognise(text.as_bytes()).map_err(|error| InputError::of_file(&file, error))?
    };
    let statement = read(&layout, text.as_bytes());
    statement
        .map(Some)
        .map_err(|error| InputError::of_file(&file, error))
}

/// Puts the statement of a wallet beside what was heard and what is booked.
///
/// # Errors
/// Sums that do not fit.
pub fn beside(
    office: &Office<'_>,
    receipts: &[Receipt],
    wallet: usize,
    statement: &Statement,
) -> Result<Report, Failure> {
    let settings = &office.folder.settings;
    let offset = TimeDelta::minutes(settings.utc_offset_minutes);
    let midnight = |date: chrono::NaiveDate| date.and_time(NaiveTime::MIN).and_utc() - offset;
    let window = Window {
        from: midnight(settings.start),
        to: midnight(office.counted.date) + TimeDelta::days(1),
        tolerance_minutes: TOLERANCE_MINUTES,
    };
    let intake = &office.intakes[wallet];
    let notices: Vec<_> = intake
        .transactions()
        .filter_map(|transaction| Notification::of(&transaction))
        .collect();
    // What a provider took back under an id of its own is booked on the receipt it came from.
    let mut taken_back: BTreeMap<String, Decimal> = BTreeMap::new();
    let mut postings = Vec::new();
    for transaction in intake.transactions() {
        let merged = &transaction.merged;
        let names = merged.reverses.clone().zip(merged.provider_id.clone());
        if let (PaymentKind::Reversal, Some((original, id)), Some(amount)) =
            (merged.kind, names, merged.amount)
        {
            *taken_back.entry(original).or_default() += amount;
            postings.push(LedgerPosting {
                id,
                at: merged.provider_time.unwrap_or(transaction.received_at),
                amount: -amount,
                fee: Decimal::ZERO,
            });
        }
    }
    let name = &settings.wallets[wallet].name;
    for receipt in receipts.iter().filter(|receipt| receipt.wallet == *name) {
        let back = taken_back.get(&receipt.number).copied().unwrap_or_default();
        postings.push(LedgerPosting {
            id: receipt.number.clone(),
            at: midday(receipt.value_date, settings.utc_offset_minutes),
            amount: receipt.amount + back,
            fee: Decimal::ZERO,
        });
    }
    reconcile(&statement.rows, &notices, &postings, &window, Decimal::ZERO)
        .map_err(|error| Failure::refused(format!("reconciling {name}"), error))
}
