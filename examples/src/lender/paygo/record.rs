//! What is kept of a device: its deal, what happened, what was issued, how it is locked.

use chrono::{DateTime, Utc};
use ledger::Currency;
use lending_core::ids::AccountRef;
use mobile_money::paygo::{
    PaygoError,
    deal::{Deal, DealState, Event, Phase},
    device::{DeviceId, DeviceLock},
    openpaygo::{Device, Issued, Token},
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{DeviceRow, PaygoSettings};
use crate::lender::records::Kept;

/// A device. Its key stays in `devices.csv`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceRecord {
    /// The account.
    pub account: AccountRef,
    /// Who bought it.
    pub client: String,
    /// The serial number.
    pub serial: String,
    /// The currency of the deal.
    pub currency: Currency,
    /// The deal.
    pub deal: Deal,
    /// Payments and whatever else happened.
    pub events: Vec<Event>,
    /// What was issued.
    pub issued: Issued,
    /// What the lock should be.
    pub lock: DeviceLock,
    /// Every token with what it was issued for, oldest first.
    pub tokens: Vec<TokenLine>,
}

/// A token issued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenLine {
    /// When.
    pub at: DateTime<Utc>,
    /// The receipt that it was issued for.
    pub cause: String,
    /// What it does.
    pub does: String,
    /// The digits.
    pub token: Token,
}

/// What a change of the events did to the money of a deal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Paid off the price; below zero when it was taken back.
    pub paid_off: Decimal,
    /// Beyond the price.
    pub refundable: Decimal,
}

impl Kept for DeviceRecord {
    const KIND: &'static str = "device";
}

impl DeviceRecord {
    /// A device that was just handed over: locked until the deposit is paid.
    ///
    /// # Errors
    /// The deal or the serial number cannot be.
    pub fn enrol(row: &DeviceRow, settings: &PaygoSettings) -> Result<Self, PaygoError> {
        Ok(Self {
            account: row.account,
            client: row.client.clone(),
            serial: row.serial.clone(),
            currency: row.currency,
            deal: row.deal(settings)?,
            events: Vec::new(),
            issued: Issued::new(0, 1)?,
            lock: DeviceLock::enrol(DeviceId::read(&row.serial)?, row.account.as_str()),
            tokens: Vec::new(),
        })
    }

    /// Where the deal stands.
    ///
    /// # Errors
    /// As [`Deal::replay`].
    pub fn state(&self) -> Result<DealState, PaygoError> {
        self.deal.replay(&self.events)
    }

    /// Changes what happened; issues the tokens that follow and sets the lock. `cause` is unique to
    /// the change.
    ///
    /// # Errors
    /// The deal or a token cannot carry it.
    pub fn change(
        &mut self,
        device: &Device,
        cause: &str,
        now: DateTime<Utc>,
        change: impl FnOnce(&mut Vec<Event>),
    ) -> Result<Moved, PaygoError> {
        let before = self.state()?;
        change(&mut self.events);
        let after = self.state()?;
        self.open(device, cause, now, &before, &after)?;
        Ok(Moved {
            paid_off: before.balance - after.balance,
            refundable: after.refundable - before.refundable,
        })
    }

    fn open(
        &mut self,
        device: &Device,
        cause: &str,
        now: DateTime<Utc>,
        before: &DealState,
        after: &DealState,
    ) -> Result<(), PaygoError> {
        if before.phase == Phase::Paid {
            // A token that switched the lock off for good cannot be called back.
            return Ok(());
        }
        if after.phase == Phase::Paid {
            let tokens = self.issued.release(device, cause, now)?;
            self.note(now, cause, "opens for good", tokens);
            return self.lock.release().map(drop);
        }
        let (had, has) = (before.open_until, after.open_until);
        if has > had {
            let free = match (before.started_at, after.started_at) {
                (None, Some(_)) => after
                    .open_until
                    .zip(after.started_at)
                    .map_or(0, |(until, from)| {
                        until.signed_duration_since(from).num_days()
                    }),
                _ => i64::from(after.days_bought) - i64::from(before.days_bought),
            };
            let days = u32::try_from(free).unwrap_or(0);
            let tokens = self
                .issued
                .add(device, cause, days, now, has.unwrap_or(now))?;
            // After a shortening, tokens set what is left for a while: odd counts set.
            let sets = tokens.first().is_some_and(|token| token.count % 2 == 1);
            let left = has.unwrap_or(now).signed_duration_since(now).num_days();
            let does = if sets {
                in_days("sets ", left)
            } else {
                in_days("", i64::from(days))
            };
            self.note(now, cause, &does, tokens);
        } else if has < had {
            let until = has.unwrap_or(now).max(now);
            let tokens = self.issued.set(device, cause, now, until)?;
            let days = until.signed_duration_since(now).num_days();
            self.note(now, cause, &in_days("sets ", days), tokens);
        }
        match after.lock_at {
            Some(until) if until > now => self.lock.open_until(until).map(drop),
            _ => self.lock.lock().map(drop),
        }
    }

    fn note(&mut self, at: DateTime<Utc>, cause: &str, does: &str, tokens: Vec<Token>) {
        self.tokens
            .extend(tokens.into_iter().map(|token| TokenLine {
                at,
                cause: cause.to_owned(),
                does: does.to_owned(),
                token,
            }));
    }
}

fn in_days(does: &str, days: i64) -> String {
    let plural = if days == 1 { "" } else { "s" };
    format!("{does}{days} day{plural}")
}
