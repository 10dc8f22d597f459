//! The device's side: what has been entered.

use alloc::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{super::PaygoError, Command, DISABLE, Device, Mode, SYNC, VALUE_MAX};

/// What typing a token did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Entered {
    /// Done.
    Accepted {
        /// What the token says.
        command: Command,
        /// Its count.
        count: u32,
    },
    /// A right token that was used before or is too old.
    AlreadyUsed,
    /// No token of this device.
    Invalid,
}

/// How far ahead of the last count a token may be.
const JUMP: u32 = 64;
const JUMP_SYNC: u32 = 100;
/// How far back an unused token that adds time still works.
const OLDER: u32 = 16;

/// The device's side: what has been entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receiver {
    device: Device,
    last: u32,
    /// Every count up to here is used.
    floor: u32,
    used: BTreeSet<u32>,
    failures: u32,
}

impl Receiver {
    /// A device whose last token had this count; everything before it counts as used.
    #[must_use]
    pub const fn new(device: Device, last_count: u32) -> Self {
        Self {
            device,
            last: last_count,
            floor: last_count,
            used: BTreeSet::new(),
            failures: 0,
        }
    }

    /// The highest count entered (in [`Mode::Compatible`], the last one).
    #[must_use]
    pub const fn last_count(&self) -> u32 {
        self.last
    }

    /// Minutes to wait before the next entry: none, then 1, doubling to 512 with each wrong entry.
    #[must_use]
    pub fn wait_minutes(&self) -> u32 {
        match self.failures.checked_sub(1) {
            None => 0,
            Some(more) => 1_u32.checked_shl(more).unwrap_or(512).min(512),
        }
    }

    /// Types a token. The state changes only when it is accepted, except that wrong entries are
    /// counted.
    ///
    /// # Errors
    /// [`PaygoError::TokenText`] for text that is no token of this form.
    pub fn enter(&mut self, text: &str) -> Result<Entered, PaygoError> {
        let code = self.device.read(text)?;
        let modulus = self.device.modulus();
        let base = code.checked_rem(modulus).unwrap_or(0);
        let start = self.device.starting_code.checked_rem(modulus).unwrap_or(0);
        let value = base.saturating_add(modulus).saturating_sub(start);
        let value = u32::try_from(value.checked_rem(modulus).unwrap_or(0)).unwrap_or(0);
        let jump = if value == SYNC && !self.device.extended {
            JUMP_SYNC
        } else {
            JUMP
        };
        let end = self.last.saturating_add(jump);
        let mut seen = false;
        let mut found = None;
        for (count, at) in (0..=end).zip(self.device.walk(base)) {
            if self.device.put(at, base) != code {
                continue;
            }
            let Some(command) = self.command(count, value) else {
                continue;
            };
            if !self.allowed(count, command, value) {
                seen = true;
            } else if found.is_none() {
                found = Some((count, command));
            }
        }
        // Only six digits of the hash are in the token, so a used token may by chance stand for a
        // later count as well. It must not work again; the strict encoder issues no such token.
        if seen && self.device.mode == Mode::Strict {
            found = None;
        }
        let Some((count, command)) = found else {
            self.failures = self.failures.saturating_add(1);
            return Ok(if seen {
                Entered::AlreadyUsed
            } else {
                Entered::Invalid
            });
        };
        self.failures = 0;
        self.mark(count, command, value);
        Ok(Entered::Accepted { command, count })
    }

    /// `None` for a value that strict reading reserves.
    fn command(&self, count: u32, value: u32) -> Option<Command> {
        let strict = self.device.mode == Mode::Strict;
        let standard = !self.device.extended;
        let odd = count % 2 == 1;
        match (odd, value) {
            (true, SYNC) if standard => Some(Command::CounterSync),
            (true, DISABLE) if standard => Some(Command::DisablePaygo),
            _ if standard && strict && value > VALUE_MAX => None,
            (true, _) => Some(Command::SetTime(value)),
            (false, _) => Some(Command::AddTime(value)),
        }
    }

    fn allowed(&self, count: u32, command: Command, value: u32) -> bool {
        let add = matches!(command, Command::AddTime(_));
        let within = |back: u32| count.saturating_add(back) > self.last;
        if self.device.mode == Mode::Compatible {
            // The library looks at the value alone, whatever the parity.
            if value == SYNC {
                return within(JUMP);
            }
            return count > self.last || (within(OLDER) && add && !self.used.contains(&count));
        }
        if count <= self.floor || self.used.contains(&count) {
            return false;
        }
        match command {
            Command::AddTime(_) => within(OLDER),
            Command::CounterSync => within(JUMP),
            _ => count > self.last,
        }
    }

    fn mark(&mut self, count: u32, command: Command, value: u32) {
        let add = matches!(command, Command::AddTime(_));
        if self.device.mode == Mode::Compatible {
            let highest = self.used.last().copied().unwrap_or(0).max(count);
            let bottom = highest.saturating_sub(OLDER);
            if !add || value == SYNC || value == DISABLE {
                self.used = (bottom..=highest).collect();
            } else {
                self.used.insert(count);
                self.used.retain(|used| *used >= bottom);
            }
            self.last = count;
            return;
        }
        self.last = self.last.max(count);
        if add {
            self.used.insert(count);
        } else {
            self.floor = self.last;
        }
        let oldest = self.last.saturating_sub(OLDER);
        self.floor = self.floor.max(oldest);
        let floor = self.floor;
        self.used.retain(|used| *used > floor);
    }
}
