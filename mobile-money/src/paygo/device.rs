//! Lock state of a device: what it should be, what it says it is, and the commands between.
//!
//! Booking a payment never depends on whether a command arrives: the desired state changes at once,
//! and commands are repeated until the device reports it. A command is idempotent by device and
//! sequence number.
//!
//! ```
//! use chrono::{TimeZone, Utc};
//! use mobile_money::paygo::device::{Desired, DeviceId, DeviceLock, Reported};
//! let imei = DeviceId::read("490154203237518")?;
//! let mut device = DeviceLock::enrol(imei, "EO41877");
//! let june = Utc.with_ymd_and_hms(2024, 6, 30, 0, 0, 0).unwrap();
//! let command = device.open_until(june)?.unwrap();
//! assert_eq!((command.sequence, command.desired), (1, Desired::OpenUntil(june)));
//! assert!(device.open_until(june)?.is_none(), "nothing new to say");
//! assert!(device.pending().is_some(), "but it has not been confirmed");
//! device.report(Reported::Open, 1);
//! assert!(device.pending().is_none());
//! # Ok::<(), mobile_money::paygo::PaygoError>(())
//! ```

use alloc::string::String;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::PaygoError;
use crate::matching::CheckDigit;

/// What identifies a device.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DeviceId {
    /// Type allocation code and serial number of a phone: the first 14 digits of its IMEI, which
    /// is the same whatever software version it runs.
    Imei(String),
    /// A serial number.
    Serial(String),
}

impl DeviceId {
    /// Reads an IMEI (15 digits with a right check digit, or 16 with a software version) or else a
    /// serial number.
    ///
    /// # Errors
    /// [`PaygoError::TokenText`] for nothing at all and for 15 digits with a wrong check digit.
    pub fn read(text: &str) -> Result<Self, PaygoError> {
        let kept = text.chars().filter(|sign| !matches!(sign, ' ' | '-' | '/'));
        let kept: String = kept.collect();
        let digits = kept.bytes().all(|b| b.is_ascii_digit());
        let refused = |allowed| PaygoError::TokenText {
            given: text.into(),
            allowed,
        };
        match kept.len() {
            0 => Err(refused("an IMEI or a serial number")),
            15 if digits && !CheckDigit::Luhn.holds(&kept) => {
                Err(refused("an IMEI with a right check digit"))
            }
            15 | 16 if digits => Ok(Self::Imei(kept.chars().take(14).collect())),
            _ => Ok(Self::Serial(kept)),
        }
    }
}

/// What the lock should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Desired {
    /// Locked: no credit. Emergency calls stay possible.
    Locked,
    /// Open until the credit ends.
    OpenUntil(DateTime<Utc>),
    /// Open for a while for another reason; contract and credit are not touched.
    TemporarilyOpenUntil(DateTime<Utc>),
    /// Paid: the lock is removed for good.
    Released,
    /// Taken back: locked for good.
    Repossessed,
}

/// What the device says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum Reported {
    /// Nothing heard.
    Unknown,
    /// Enrolled, no state yet.
    Enrolled,
    /// Open.
    Open,
    /// Locked.
    Locked,
    /// The lock is removed.
    Released,
    /// The last command failed.
    Failed,
}

/// A command for the device, as data. Sending it twice does no harm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeviceCommand {
    /// Which device.
    pub device: DeviceId,
    /// Grows by one with every new desired state; a device ignores what is not above its last.
    pub sequence: u64,
    /// What it should be.
    pub desired: Desired,
}

/// Why a device was opened without credit, for the audit trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemporaryUnlock {
    /// When it ends by itself.
    pub until: DateTime<Utc>,
    /// Why.
    pub reason: String,
    /// Who decided.
    pub by: String,
}

/// The lock of one device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeviceLock {
    device: DeviceId,
    /// The code that the customer pays with; final once the lock service has confirmed it.
    tag: String,
    sequence: u64,
    desired: Desired,
    reported: Reported,
    confirmed: u64,
    unlocks: alloc::vec::Vec<TemporaryUnlock>,
}

impl DeviceLock {
    /// A newly enrolled device: locked until something is paid.
    #[must_use]
    pub fn enrol(device: DeviceId, tag: &str) -> Self {
        Self {
            device,
            tag: tag.into(),
            sequence: 0,
            desired: Desired::Locked,
            reported: Reported::Enrolled,
            confirmed: 0,
            unlocks: alloc::vec::Vec::new(),
        }
    }

    /// What it should be.
    #[must_use]
    pub const fn desired(&self) -> &Desired {
        &self.desired
    }

    /// What it says it is.
    #[must_use]
    pub const fn reported(&self) -> Reported {
        self.reported
    }

    /// The code that the customer pays with.
    #[must_use]
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// Temporary unlocks so far, oldest first.
    #[must_use]
    pub fn unlocks(&self) -> &[TemporaryUnlock] {
        &self.unlocks
    }

    /// Takes over the final code that the lock service has confirmed.
    pub fn confirm_tag(&mut self, tag: &str) {
        self.tag = tag.into();
    }

    /// Opens it until the credit ends. `None` when that is what it should be already.
    ///
    /// # Errors
    /// [`PaygoError::Device`] once it is repossessed; a released device stays released.
    pub fn open_until(
        &mut self,
        until: DateTime<Utc>,
    ) -> Result<Option<DeviceCommand>, PaygoError> {
        self.change("opening", Desired::OpenUntil(until))
    }

    /// Locks it.
    ///
    /// # Errors
    /// [`PaygoError::Device`] once it is repossessed.
    pub fn lock(&mut self) -> Result<Option<DeviceCommand>, PaygoError> {
        self.change("locking", Desired::Locked)
    }

    /// Opens it for a while, for inspection or a complaint. Credit and contract stay as they are.
    ///
    /// # Errors
    /// [`PaygoError::Device`] once it is repossessed.
    pub fn open_temporarily(
        &mut self,
        unlock: TemporaryUnlock,
    ) -> Result<Option<DeviceCommand>, PaygoError> {
        let command = self.change(
            "opening temporarily",
            Desired::TemporarilyOpenUntil(unlock.until),
        )?;
        self.unlocks.push(unlock);
        Ok(command)
    }

    /// Removes the lock for good: the contract is paid.
    ///
    /// # Errors
    /// [`PaygoError::Device`] while it is repossessed: reopen it first.
    pub fn release(&mut self) -> Result<Option<DeviceCommand>, PaygoError> {
        self.change("releasing", Desired::Released)
    }

    /// Locks it for good: it is taken back.
    ///
    /// # Errors
    /// [`PaygoError::Device`] once it is released.
    pub fn repossess(&mut self) -> Result<Option<DeviceCommand>, PaygoError> {
        if self.desired == Desired::Released {
            return Err(PaygoError::Device {
                command: "repossessing",
                state: "released",
            });
        }
        Ok(self.put(Desired::Repossessed))
    }

    /// Ends a repossession, when the customer pays within the redemption window.
    ///
    /// # Errors
    /// [`PaygoError::Device`] unless it is repossessed.
    pub fn reopen(&mut self) -> Result<Option<DeviceCommand>, PaygoError> {
        if self.desired != Desired::Repossessed {
            return Err(PaygoError::Device {
                command: "reopening",
                state: "not repossessed",
            });
        }
        Ok(self.put(Desired::Locked))
    }

    /// Notes what the device says after the command with this sequence number. Older news is
    /// ignored.
    pub fn report(&mut self, reported: Reported, sequence: u64) {
        if sequence < self.confirmed || sequence > self.sequence {
            return;
        }
        self.reported = reported;
        if reported != Reported::Failed {
            self.confirmed = sequence;
        }
    }

    /// The command to send again, until the device confirms it. Only the newest matters.
    #[must_use]
    pub fn pending(&self) -> Option<DeviceCommand> {
        (self.confirmed < self.sequence).then(|| self.command())
    }

    /// Repeats the desired state on demand. Only credit that lies ahead is worth repeating.
    #[must_use]
    pub fn sync(&self, now: DateTime<Utc>) -> Option<DeviceCommand> {
        match &self.desired {
            Desired::OpenUntil(until) | Desired::TemporarilyOpenUntil(until) if *until <= now => {
                None
            }
            _ => Some(self.command()),
        }
    }

    fn change(
        &mut self,
        command: &'static str,
        desired: Desired,
    ) -> Result<Option<DeviceCommand>, PaygoError> {
        match self.desired {
            Desired::Repossessed => Err(PaygoError::Device {
                command,
                state: "repossessed",
            }),
            Desired::Released => Ok(None),
            _ => Ok(self.put(desired)),
        }
    }

    fn put(&mut self, desired: Desired) -> Option<DeviceCommand> {
        if self.desired == desired && self.sequence > 0 {
            return None;
        }
        self.desired = desired;
        self.sequence = self.sequence.saturating_add(1);
        Some(self.command())
    }

    fn command(&self) -> DeviceCommand {
        DeviceCommand {
            device: self.device.clone(),
            sequence: self.sequence,
            desired: self.desired.clone(),
        }
    }
}
