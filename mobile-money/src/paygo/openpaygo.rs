//! OpenPAYGO Token: encoder and decoder.
//!
//! A device holds a 16-byte key, a starting code and the count of the last token. A token is the
//! starting code hashed `count` times with SipHash-2-4, with the value in its last three (extended:
//! six) digits. Odd counts set, disable and synchronise; even counts add time.
//!
//! Source: the published OpenPAYGO Token specification (Apache-2.0) and its libraries (MIT).
//!
//! ```
//! use mobile_money::paygo::openpaygo::{Command, Device, Entered, Mode, Receiver};
//! let key = [0xa2, 0x9a, 0xb8, 0x2e, 0xdc, 0x5f, 0xbb, 0xc4, 0x1e, 0xc9, 0x53, 0x0f, 0x6d, 0xac, 0x86, 0xb1];
//! let device = Device::new(key).with_starting_code(123_456_789);
//! let token = device.encode(1, Command::AddTime(1))?;
//! assert_eq!((token.text.as_str(), token.count), ("662486790", 2));
//! let mut receiver = Receiver::new(device, 1);
//! assert_eq!(receiver.enter("662486790")?, Entered::Accepted { command: Command::AddTime(1), count: 2 });
//! assert_eq!(receiver.enter("662486790")?, Entered::AlreadyUsed);
//! # let _ = Mode::Strict;
//! # Ok::<(), mobile_money::paygo::PaygoError>(())
//! ```

use alloc::{collections::BTreeSet, format, string::String};
use core::hash::Hasher as _;

use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive as _};
use serde::{Deserialize, Serialize};
use siphasher::sip::SipHasher24;

use super::PaygoError;

/// What a token tells the device. Values are units: days times the device's time divider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Command {
    /// Add this much time.
    AddTime(u32),
    /// Set the remaining time.
    SetTime(u32),
    /// Switch pay-as-you-go off for good.
    DisablePaygo,
    /// Bring the device's counter in step.
    CounterSync,
}

/// How closely the published libraries are followed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Mode {
    /// No token works twice: a synchronisation never turns the counter back, a used token does not
    /// work again for the later count that it stands for by chance (the encoder skips such
    /// counts), and reserved values are refused. Extended tokens can only add and set, because 998 and 999 are ordinary
    /// values there and cannot be told from the commands.
    #[default]
    Strict,
    /// As the Python library 0.6.3 does, with its defects: a synchronisation turns the counter
    /// back, after which used tokens work again; extended disable and synchronisation are encoded
    /// but read as set. Reserved values are encoded, as the Go library does.
    Compatible,
}

/// A token and the count it stands for. Keep both: the same payment gets the same token again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Token {
    /// The digits to type.
    pub text: String,
    /// The device's new count.
    pub count: u32,
}

/// The parameters of one device.
#[derive(Clone, PartialEq, Eq)]
pub struct Device {
    key: [u8; 16],
    starting_code: u64,
    restricted: bool,
    extended: bool,
    mode: Mode,
}

impl core::fmt::Debug for Device {
    /// Without the key.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Device")
            .field("restricted", &self.restricted)
            .field("extended", &self.extended)
            .field("mode", &self.mode)
            .finish_non_exhaustive()
    }
}

const VALUE_MAX: u32 = 995;
const DISABLE: u32 = 998;
const SYNC: u32 = 999;
const EXTENDED_VALUE_MAX: u32 = 999_999;

impl Device {
    /// A device with the starting code that follows from its key, nine-digit tokens, strict.
    #[must_use]
    pub fn new(key: [u8; 16]) -> Self {
        Self {
            key,
            starting_code: fold_nine(hash(&key, &key)),
            restricted: false,
            extended: false,
            mode: Mode::Strict,
        }
    }

    /// With a starting code set at the factory.
    #[must_use]
    pub const fn with_starting_code(mut self, code: u64) -> Self {
        self.starting_code = code;
        self
    }

    /// With tokens out of the digits 1 to 4 only, for keypads with four keys.
    #[must_use]
    pub const fn restricted(mut self) -> Self {
        self.restricted = true;
        self
    }

    /// With twelve-digit tokens that carry values up to 999,999.
    #[must_use]
    pub const fn extended(mut self) -> Self {
        self.extended = true;
        self
    }

    /// With another reading of the published rules.
    #[must_use]
    pub const fn with_mode(mut self, mode: Mode) -> Self {
        self.mode = mode;
        self
    }

    /// The starting code.
    #[must_use]
    pub const fn starting_code(&self) -> u64 {
        self.starting_code
    }

    /// The token for a command after the count last issued. Cost: one hash for each count.
    ///
    /// # Errors
    /// [`PaygoError::TokenValue`] for a value that the token cannot carry or a count at its end.
    pub fn encode(&self, last_count: u32, command: Command) -> Result<Token, PaygoError> {
        let odd = !matches!(command, Command::AddTime(_));
        let step = if last_count % 2 == u32::from(odd) {
            2
        } else {
            1
        };
        let end = || PaygoError::TokenValue {
            what: "count",
            given: u64::from(last_count),
            allowed: "a count that can still grow",
        };
        let base = self.base_of(self.value_of(command)?);
        let mut count = last_count.checked_add(step).ok_or_else(end)?;
        loop {
            let code = self.code_at(count, base);
            // Only six digits of the hash are in the token: for each earlier count, one token in
            // a million looks like an older one, which a strict receiver refuses. Skip those.
            if self.mode == Mode::Compatible || !self.looks_older(count, base, code) {
                return Ok(Token {
                    text: self.shown(code),
                    count,
                });
            }
            count = count.checked_add(2).ok_or_else(end)?;
        }
    }

    fn code_at(&self, count: u32, base: u64) -> u64 {
        let steps = usize::try_from(count).unwrap_or(usize::MAX);
        self.put(self.walk(base).nth(steps).unwrap_or_default(), base)
    }

    fn looks_older(&self, count: u32, base: u64, code: u64) -> bool {
        let older = (0..count).zip(self.walk(base));
        older.into_iter().any(|(_, at)| self.put(at, base) == code)
    }

    fn value_of(&self, command: Command) -> Result<u32, PaygoError> {
        let refused = |what, given: u32, allowed| PaygoError::TokenValue {
            what,
            given: u64::from(given),
            allowed,
        };
        let (max, allowed) = if self.mode == Mode::Compatible && !self.extended {
            (SYNC, "0 to 999")
        } else if self.extended {
            (EXTENDED_VALUE_MAX, "0 to 999,999 units; split larger ones")
        } else {
            (VALUE_MAX, "0 to 995 units; split larger ones")
        };
        let command_value = match command {
            Command::AddTime(value) | Command::SetTime(value) if value <= max => return Ok(value),
            Command::AddTime(value) | Command::SetTime(value) => {
                return Err(refused("value", value, allowed));
            }
            Command::DisablePaygo => DISABLE,
            Command::CounterSync => SYNC,
        };
        if self.extended && self.mode == Mode::Strict {
            let allowed = "an extended token can only add or set: use a standard token";
            return Err(refused("command value", command_value, allowed));
        }
        Ok(command_value)
    }

    const fn modulus(&self) -> u64 {
        if self.extended { 1_000_000 } else { 1_000 }
    }

    fn base_of(&self, value: u32) -> u64 {
        let start = self.starting_code.checked_rem(self.modulus()).unwrap_or(0);
        let sum = start.saturating_add(u64::from(value));
        sum.checked_rem(self.modulus()).unwrap_or(0)
    }

    fn put(&self, code: u64, base: u64) -> u64 {
        let low = code.checked_rem(self.modulus()).unwrap_or(0);
        code.saturating_sub(low).saturating_add(base)
    }

    /// The chain of codes for a base: the start, then one hash after another.
    fn walk(&self, base: u64) -> impl Iterator<Item = u64> + '_ {
        let start = self.put(self.starting_code, base);
        core::iter::successors(Some(start), |code| Some(self.next(*code)))
    }

    fn next(&self, code: u64) -> u64 {
        if self.extended {
            fold_twelve(hash(&self.key, &code.to_be_bytes()))
        } else {
            // Nine digits fit 32 bits; four bytes, twice.
            let low = u32::try_from(code & u64::from(u32::MAX)).unwrap_or_default();
            let four = low.to_be_bytes();
            fold_nine(hash(&self.key, &[four, four].concat()))
        }
    }

    fn shown(&self, code: u64) -> String {
        match (self.restricted, self.extended) {
            (false, false) => format!("{code:09}"),
            (false, true) => format!("{code:012}"),
            (true, extended) => {
                let pairs: u32 = if extended { 20 } else { 15 };
                let pair = |at: u32| {
                    let bits = (code >> at.saturating_mul(2)) & 3;
                    char::from_digit(u32::try_from(bits).unwrap_or(0).saturating_add(1), 10)
                };
                (0..pairs).rev().filter_map(pair).collect()
            }
        }
    }

    fn read(&self, text: &str) -> Result<u64, PaygoError> {
        let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let (length, allowed) = match (self.restricted, self.extended) {
            (false, false) => (9, "9 digits"),
            (false, true) => (12, "12 digits"),
            (true, false) => (15, "15 digits from 1 to 4"),
            (true, true) => (20, "20 digits from 1 to 4"),
        };
        let refused = || PaygoError::TokenText {
            given: text.into(),
            allowed,
        };
        if digits.len() != length {
            return Err(refused());
        }
        if !self.restricted {
            return digits
                .bytes()
                .all(|b| b.is_ascii_digit())
                .then(|| digits.parse().ok())
                .flatten()
                .ok_or_else(refused);
        }
        digits.bytes().try_fold(0_u64, |code, digit| match digit {
            b'1'..=b'4' => Ok((code << 2) | u64::from(digit.saturating_sub(b'1'))),
            _ => Err(refused()),
        })
    }
}

fn hash(key: &[u8; 16], bytes: &[u8]) -> u64 {
    let mut hasher = SipHasher24::new_with_key(key);
    hasher.write(bytes);
    hasher.finish()
}

/// 30 bits brought below 10^9.
const fn fold_nine(hash: u64) -> u64 {
    let code = ((hash >> 32) ^ (hash & 0xffff_ffff)) >> 2;
    if code > 999_999_999 {
        code.saturating_sub(73_741_825)
    } else {
        code
    }
}

/// 40 bits brought below 10^12.
const fn fold_twelve(hash: u64) -> u64 {
    let code = hash >> 24;
    if code > 999_999_999_999 {
        code.saturating_sub(99_511_627_777)
    } else {
        code
    }
}

/// Days as units of a device: times the divider, halves to the even unit.
///
/// # Errors
/// [`PaygoError::Terms`] for a negative number of days or more than 999,999 units.
pub fn units(days: Decimal, time_divider: u8) -> Result<u32, PaygoError> {
    let units = days.checked_mul(Decimal::from(time_divider));
    let rounded = units.map(|u| u.round_dp_with_strategy(0, RoundingStrategy::MidpointNearestEven));
    let whole = rounded.and_then(|units| units.to_u32());
    whole
        .filter(|units| *units <= EXTENDED_VALUE_MAX && !days.is_sign_negative())
        .ok_or_else(|| PaygoError::Terms {
            what: "days",
            given: format!("{days} at {time_divider} units a day"),
            allowed: "0 to 999,999 units",
        })
}

/// Splits units into commands that one standard token each can carry.
#[must_use]
pub fn split_units(units: u32) -> alloc::vec::Vec<Command> {
    let mut rest = units;
    let mut commands = alloc::vec::Vec::new();
    while rest > 0 {
        let part = rest.min(VALUE_MAX);
        commands.push(Command::AddTime(part));
        rest = rest.saturating_sub(part);
    }
    commands
}

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
