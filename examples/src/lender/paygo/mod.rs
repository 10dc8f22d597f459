//! The pay-as-you-go branch: devices sold on credit, opened by tokens, and the provider's statements.
//!
//! A data folder that has it holds, beside the files of [`folder`](super::folder):
//!
//! | file | holds |
//! |---|---|
//! | `devices.csv` | [`DeviceRow`]: devices sold, with their deals and keys |
//! | `statements/WALLET.csv` | what the provider's books say came in on a wallet |
//! | `statements/WALLET.json` | the columns of that file, where no built-in layout fits |
//!
//! A payer types the account of the device. The money goes the way of every receipt, through
//! suspense; once it is certain whose it is, it buys days, and the days are typed into the device as
//! tokens.

pub mod check;
pub mod record;
pub mod report;
pub mod statement;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use ledger::{Currency, GlCode};
use lending_core::ids::AccountRef;
use mobile_money::paygo::{PaygoError, deal::Deal, openpaygo::Device};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// `paygo` in `lender.json`: needed for `devices.csv`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaygoSettings {
    /// What customers owe for devices.
    pub receivable: GlCode,
    /// Sales of devices.
    pub sales: GlCode,
    /// Money beyond the full price, to be refunded.
    pub refundable: GlCode,
    /// Days between the end of the credit and the lock.
    pub grace_days: u32,
}

/// A row of `devices.csv`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeviceRow {
    /// The account, which the customer types when paying.
    pub account: AccountRef,
    /// Who bought it.
    pub client: String,
    /// The serial number on the device; payers may type it as well.
    pub serial: String,
    /// The device's OpenPAYGO key: 32 hexadecimal digits.
    pub key: String,
    /// When it was handed over.
    pub on: NaiveDate,
    /// The currency of the deal.
    pub currency: Currency,
    /// The full price.
    pub price: Decimal,
    /// The deposit, a part of the price.
    pub deposit: Decimal,
    /// What a period costs after it.
    pub rate: Decimal,
    /// Days of a period.
    pub period_days: u32,
    /// Days that the deposit pays for.
    pub free_days: u32,
}

impl DeviceRow {
    /// The deal.
    ///
    /// # Errors
    /// A figure of the deal cannot be.
    pub fn deal(&self, settings: &PaygoSettings) -> Result<Deal, PaygoError> {
        let deal = Deal::new(self.price, self.deposit, self.rate, self.period_days)?;
        Ok(deal
            .with_free_days(self.free_days)
            .with_grace_days(settings.grace_days))
    }

    /// The device as tokens know it; none when the key has not 32 hexadecimal digits.
    #[must_use]
    pub fn device(&self) -> Option<Device> {
        let byte = |at: usize| u8::from_str_radix(self.key.get(at..at + 2)?, 16).ok();
        let bytes: Option<Vec<u8>> = (0..self.key.len()).step_by(2).map(byte).collect();
        Some(Device::new(bytes?.try_into().ok()?))
    }
}

/// Midday of a date, local time: when payments of the date count.
#[must_use]
pub fn midday(date: NaiveDate, utc_offset_minutes: i64) -> DateTime<Utc> {
    let midnight = date.and_time(chrono::NaiveTime::MIN).and_utc();
    midnight + TimeDelta::hours(12) - TimeDelta::minutes(utc_offset_minutes)
}
