//! Devices are handed over, and money that reaches them buys days.
//!
//! | what | debit | credit |
//! |---|---|---|
//! | a device is sold | what customers owe for devices | sales |
//! | a payment is applied | suspense | what they owe; beyond the price, refundable credit |
//! | it is taken back | the same the other way round | |

use ledger::Money;
use lending_core::ids::AccountRef;
use mobile_money::{
    matching::{AccountEntry, AccountStanding, Purpose},
    paygo::deal::{Event, EventKind, Phase},
};
use rust_decimal::Decimal;

use super::{
    day::Day,
    office::{Known, Office},
};
use crate::lender::{
    Failure, Folder,
    paygo::{
        DeviceRow, PaygoSettings, midday,
        record::{DeviceRecord, Moved},
    },
    records::ReceiptState,
};

impl Day<'_, '_, '_> {
    /// Devices handed over today.
    pub(super) fn enrol_devices(&mut self) -> Result<(), Failure> {
        let folder = self.office.folder;
        let Some(settings) = folder.settings.paygo else {
            return Ok(());
        };
        let date = self.date;
        let today = folder.devices.iter().filter(|row| row.value.on == date);
        for row in today.map(|row| &row.value) {
            let account = row.account.to_string();
            let doubt = |error| Failure::refused(format!("device {account}"), error);
            let value = DeviceRecord::enrol(row, &settings).map_err(doubt)?;
            self.office.remember_device(&value)?;
            let known = Known {
                value,
                version: None,
            };
            self.office.devices.insert(account.clone(), known);
            self.devices_changed.insert(account.clone());
            self.transfer(
                [settings.receivable, settings.sales],
                Money::new(row.price, row.currency),
                self.date,
                &format!("device sold: {account}"),
            )?;
        }
        Ok(())
    }

    /// Puts a receipt towards a device, or says why not.
    pub(super) fn credit_device(&mut self, id: &str, account: AccountRef) -> Result<(), Failure> {
        let receipt = self.receipt(id)?.clone();
        let (row, settings) = device_row(self.office.folder, account)?;
        if row.currency != receipt.currency {
            let reason = format!("account {account} is kept in another currency");
            return self.suspend(id, reason, vec![account.to_string()]);
        }
        let offset = self.office.folder.settings.utc_offset_minutes;
        let event = Event {
            at: midday(receipt.value_date, offset),
            id: id.to_owned(),
            kind: EventKind::Payment(receipt.amount),
        };
        let moved = self.change_device(account, id, |events| events.push(event))?;
        self.book_device(&settings, id, row, moved)?;
        self.set_state(id, ReceiptState::Credited { account })
    }

    /// Takes a receipt back from a device.
    pub(super) fn debit_device(&mut self, id: &str, account: AccountRef) -> Result<(), Failure> {
        let (row, settings) = device_row(self.office.folder, account)?;
        let moved =
            self.change_device(account, id, |events| events.retain(|event| event.id != id))?;
        self.book_device(&settings, id, row, moved)
    }

    fn change_device(
        &mut self,
        account: AccountRef,
        receipt: &str,
        change: impl FnOnce(&mut Vec<Event>),
    ) -> Result<Moved, Failure> {
        let (row, _) = device_row(self.office.folder, account)?;
        let doubt = |reason: String| Failure::refused(format!("device {account}"), reason);
        let device = row
            .device()
            .ok_or_else(|| doubt("the key cannot be read".to_owned()))?;
        let now = midday(self.date, self.office.folder.settings.utc_offset_minutes);
        let known = self.office.devices.get_mut(account.as_str());
        let record = &mut known.ok_or_else(|| doubt("not at hand".to_owned()))?.value;
        // Unique to the change: a receipt may be credited again after it was taken back.
        let cause = format!("{receipt} {}", record.tokens.len());
        let moved = record.change(&device, &cause, now, change);
        let moved = moved.map_err(|error| doubt(error.to_string()))?;
        let record = record.clone();
        self.devices_changed.insert(account.to_string());
        self.office.remember_device(&record)?;
        Ok(moved)
    }

    fn book_device(
        &mut self,
        settings: &PaygoSettings,
        id: &str,
        row: &DeviceRow,
        moved: Moved,
    ) -> Result<(), Failure> {
        let suspense = self.office.folder.settings.suspense;
        let (account, currency) = (row.account, row.currency);
        let value_date = self.receipt(id)?.value_date;
        let parts = [
            (settings.receivable, moved.paid_off),
            (settings.refundable, moved.refundable),
        ];
        for (other, amount) in parts.into_iter().filter(|(_, amount)| !amount.is_zero()) {
            let money = Money::new(amount.abs(), currency);
            let (sides, date) = if amount > Decimal::ZERO {
                ([suspense, other], value_date)
            } else {
                ([other, suspense], self.date)
            };
            self.transfer(sides, money, date, &format!("device {account}: {id}"))?;
        }
        Ok(())
    }
}

fn device_row(
    folder: &Folder,
    account: AccountRef,
) -> Result<(&DeviceRow, PaygoSettings), Failure> {
    let mut rows = folder.devices.iter().map(|row| &row.value);
    let missing = || Failure::Refused(format!("device {account} is not at hand"));
    let settings = folder.settings.paygo.ok_or_else(missing)?;
    let row = rows.find(|row| row.account == account);
    Ok((row.ok_or_else(missing)?, settings))
}

impl Office<'_> {
    /// Takes note of where a device stands, for the next payer.
    pub(super) fn remember_device(&mut self, record: &DeviceRecord) -> Result<(), Failure> {
        let reference = record.account.as_str();
        let doubt = |error: String| Failure::refused(format!("device {reference}"), error);
        let state = record.state().map_err(|error| doubt(error.to_string()))?;
        let mut entry =
            AccountEntry::new(reference, reference, record.currency).with_alias(&record.serial);
        (entry.standing, entry.purpose) = match state.phase {
            Phase::AwaitingDeposit => (AccountStanding::Active, Purpose::DownPayment),
            Phase::Active => (AccountStanding::Active, Purpose::Repayment),
            Phase::Paid => (AccountStanding::Closed, Purpose::Refund),
            Phase::Repossessed => (AccountStanding::Repossessed, Purpose::Repayment),
        };
        let known = self.book.get(reference);
        if known
            .is_some_and(|known| (known.standing, known.purpose) == (entry.standing, entry.purpose))
        {
            return Ok(());
        }
        self.book.remove(reference);
        entry.phones = self.phones_of(reference);
        self.book
            .insert(entry)
            .map_err(|error| doubt(error.to_string()))
    }
}
