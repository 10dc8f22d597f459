//! Nexus Keycode: full (14 digits) and small (15 keys out of 1 to 5) codes, and factory codes.
//!
//! A code carries a type, a body and the low six bits of a message id, sealed with a code of
//! SipHash-2-4 under the device's key. The device expands the id around the last one it saw and
//! accepts each id once.
//!
//! Source: the published Nexus Keycode protocol and library of Angaza Design (MIT).
//!
//! ```
//! use mobile_money::paygo::nexus::{FullCommand, full};
//! let key = [0xde, 0xad, 0xbe, 0xef, 0xde, 0xad, 0xbe, 0xef, 0xde, 0xad, 0xbe, 0xef, 0xde, 0xad, 0xbe, 0xef];
//! assert_eq!(full(&key, 42, FullCommand::AddHours(168))?, "*599 791 493 194 43#");
//! # Ok::<(), mobile_money::paygo::PaygoError>(())
//! ```

use alloc::{format, string::String, vec::Vec};
use core::hash::Hasher as _;

use serde::{Deserialize, Serialize};
use siphasher::sip::SipHasher24;

use super::PaygoError;

/// What a full code says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FullCommand {
    /// Add hours, up to 99,999.
    AddHours(u32),
    /// Set the remaining hours, up to 99,998; 0 locks.
    SetHours(u32),
    /// Unlock for good.
    Unlock,
    /// Erase; the number says what: 0 credit state, 1 state and ids, 2 ids, 3 the restricted flag.
    Wipe(u32),
}

/// What a small code says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SmallCommand {
    /// Add days. Only certain numbers above 180 exist: see [`add_days_at_least`].
    AddDays(u32),
    /// Set the remaining days; only certain numbers above 90 exist.
    SetDays(u32),
    /// No credit left.
    Lock,
    /// Unlock for good.
    Unlock,
}

/// A code that factories use on every device, under a key of zeroes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FactoryCommand {
    /// Allow a short test.
    AllowTest,
    /// Outgoing quality control.
    QualityControl,
    /// Show the device's id.
    ShowId,
}

const UNLOCK_HOURS: u32 = 99_999;

fn hash(key: &[u8; 16], bytes: &[u8]) -> u64 {
    let mut hasher = SipHasher24::new_with_key(key);
    hasher.write(bytes);
    hasher.finish()
}

/// The pad that hides a code: a hash of its seal under a key of zeroes.
fn pad(seal: &[u8]) -> [u8; 8] {
    let mut bytes = Vec::from([0_u8]);
    bytes.extend(seal);
    hash(&[0; 16], &bytes).to_le_bytes()
}

fn refused(what: &'static str, given: u32, allowed: &'static str) -> PaygoError {
    PaygoError::TokenValue {
        what,
        given: u64::from(given),
        allowed,
    }
}

fn full_seal(key: &[u8; 16], id: u32, kind: u8, body: u32) -> u32 {
    let mut bytes = Vec::from(id.to_le_bytes());
    bytes.push(kind);
    bytes.extend(body.to_le_bytes());
    six_digits(hash(key, &bytes))
}

fn six_digits(hash: u64) -> u32 {
    let low = hash & 0xffff_ffff;
    u32::try_from(low.checked_rem(1_000_000).unwrap_or(0)).unwrap_or(0)
}

/// Type and body of a full command.
fn full_parts(command: FullCommand) -> Result<(u8, u32), PaygoError> {
    match command {
        FullCommand::AddHours(hours) if hours <= 99_999 => Ok((0, hours)),
        FullCommand::AddHours(hours) => Err(refused("hours", hours, "0 to 99,999")),
        FullCommand::SetHours(hours) if hours < UNLOCK_HOURS => Ok((1, hours)),
        FullCommand::SetHours(hours) => Err(refused("hours", hours, "0 to 99,998")),
        FullCommand::Unlock => Ok((1, UNLOCK_HOURS)),
        FullCommand::Wipe(what) if what <= 3 => Ok((2, what)),
        FullCommand::Wipe(what) => Err(refused("wipe", what, "0 to 3")),
    }
}

fn full_command(kind: u8, body: u32) -> Option<FullCommand> {
    match (kind, body) {
        (0, hours) => Some(FullCommand::AddHours(hours)),
        (1, UNLOCK_HOURS) => Some(FullCommand::Unlock),
        (1, hours) => Some(FullCommand::SetHours(hours)),
        (2, what) if what <= 3 => Some(FullCommand::Wipe(what)),
        _ => None,
    }
}

/// A full code, as it is shown: `*ddd ddd ddd ddd dd#`.
///
/// # Errors
/// [`PaygoError::TokenValue`] for a value that does not fit.
pub fn full(key: &[u8; 16], id: u32, command: FullCommand) -> Result<String, PaygoError> {
    let (kind, body) = full_parts(command)?;
    let seal = full_seal(key, id, kind, body);
    let plain = format!("{kind}{:02}{body:05}", id & 63);
    let hidden = shift(&plain, &pad(&seal.to_le_bytes()), true);
    Ok(shown(&format!("{hidden}{seal:06}")))
}

/// Adds (or takes away) the pad digit by digit, modulo ten.
fn shift(digits: &str, pad: &[u8; 8], add: bool) -> String {
    let moved = digits.chars().zip(pad).filter_map(|(digit, pad)| {
        let digit = digit.to_digit(10)?;
        let pad = u32::from(*pad).checked_rem(10)?;
        let other = if add { pad } else { 10_u32.saturating_sub(pad) };
        let sum = digit.saturating_add(other).checked_rem(10)?;
        char::from_digit(sum, 10)
    });
    moved.collect()
}

fn shown(digits: &str) -> String {
    format!("*{}#", grouped(digits))
}

fn grouped(digits: &str) -> String {
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && at % 3 == 0 {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

/// A factory code, as it is shown.
#[must_use]
pub fn factory(command: FactoryCommand) -> String {
    let kind: u8 = match command {
        FactoryCommand::AllowTest => 4,
        FactoryCommand::QualityControl => 5,
        FactoryCommand::ShowId => 6,
    };
    // No body is sealed as a body of zero.
    let seal = full_seal(&[0; 16], 0, kind, 0);
    shown(&format!("{kind}{seal:06}"))
}

const ADD_ALLOWED: &str = "1 to 180 days, or 181 to 405 in steps of 3";
const SET_ALLOWED: &str =
    "1 to 90 days, then to 180 in steps of 2, 360 of 4, 720 of 8 and 960 of 16";

/// The body of days to add.
fn add_body(days: u32) -> Result<u8, PaygoError> {
    let body = match days {
        1..=180 => days.checked_sub(1),
        181..=405 => stepped(days, 181, 3, 180),
        _ => None,
    };
    let body = body.and_then(|body| u8::try_from(body).ok());
    body.ok_or_else(|| refused("days", days, ADD_ALLOWED))
}

/// The body of days to set.
fn set_body(days: u32) -> Result<u8, PaygoError> {
    let body = match days {
        1..=90 => days.checked_sub(1),
        91..=180 => stepped(days, 91, 2, 90),
        181..=360 => stepped(days, 181, 4, 135),
        361..=720 => stepped(days, 361, 8, 180),
        721..=960 => stepped(days, 721, 16, 225),
        _ => None,
    };
    let body = body.and_then(|body| u8::try_from(body).ok());
    body.ok_or_else(|| refused("days", days, SET_ALLOWED))
}

/// `base + (days - first) / step`, rounded down.
fn stepped(days: u32, first: u32, step: u32, base: u32) -> Option<u32> {
    days.checked_sub(first)?
        .checked_div(step)?
        .checked_add(base)
}

fn days_of_add(body: u8) -> u32 {
    let body = u32::from(body);
    match body {
        0..=179 => body.saturating_add(1),
        _ => body
            .saturating_sub(180)
            .saturating_mul(3)
            .saturating_add(181),
    }
}

fn days_of_set(body: u8) -> u32 {
    let body = u32::from(body);
    let from = |base: u32, step: u32, first: u32| {
        body.saturating_sub(base)
            .saturating_mul(step)
            .saturating_add(first)
    };
    match body {
        0..=89 => body.saturating_add(1),
        90..=134 => from(90, 2, 91),
        135..=179 => from(135, 4, 181),
        180..=224 => from(180, 8, 361),
        _ => from(225, 16, 721),
    }
}

/// The fewest days that a small code can add and that are not below `days`: encoding rounds down,
/// and a customer must never get less than was paid for.
///
/// # Errors
/// [`PaygoError::TokenValue`] outside 1 to 403 days.
///
/// ```
/// use mobile_money::paygo::nexus::add_days_at_least;
/// assert_eq!(add_days_at_least(180)?, 180);
/// assert_eq!(add_days_at_least(182)?, 184);
/// # Ok::<(), mobile_money::paygo::PaygoError>(())
/// ```
pub fn add_days_at_least(days: u32) -> Result<u32, PaygoError> {
    let body = add_body(days)?;
    let given = days_of_add(body);
    if given >= days {
        return Ok(given);
    }
    body.checked_add(1)
        .filter(|next| *next < 255)
        .map(days_of_add)
        .ok_or_else(|| refused("days", days, "1 to 403 days when none may be lost"))
}

fn small_parts(id: u32, command: SmallCommand) -> Result<(u8, u8), PaygoError> {
    match command {
        SmallCommand::AddDays(days) => Ok((0, add_body(days)?)),
        // This one code reads like another protocol's.
        SmallCommand::SetDays(1) if id & 63 == 63 => Err(refused(
            "id",
            id,
            "any whose low six bits are not all set, for one day",
        )),
        SmallCommand::SetDays(days) => Ok((2, set_body(days)?)),
        SmallCommand::Lock => Ok((2, 254)),
        SmallCommand::Unlock => Ok((0, 255)),
    }
}

fn small_command(kind: u8, body: u8) -> Option<SmallCommand> {
    match (kind, body) {
        (0, 255) | (2, 255) => Some(SmallCommand::Unlock),
        (0, body) => Some(SmallCommand::AddDays(days_of_add(body))),
        (2, 254) => Some(SmallCommand::Lock),
        (2, body) => Some(SmallCommand::SetDays(days_of_set(body))),
        _ => None,
    }
}

/// The 12-bit seal of a small code.
fn small_seal(key: &[u8; 16], id: u32, kind: u8, body: u8) -> u16 {
    let mut bytes = Vec::from(id.to_le_bytes());
    bytes.extend([kind, body]);
    u16::try_from(hash(key, &bytes) >> 52).unwrap_or(0)
}

fn small_pad(seal: u16) -> u16 {
    let [first, second, ..] = pad(&seal.to_be_bytes());
    u16::from_be_bytes([first, second])
}

/// A small code, as it is shown: `1dd ddd ddd ddd ddd` out of the digits 2 to 5. Numbers of days
/// that do not exist are rounded down by the protocol: see [`add_days_at_least`].
///
/// # Errors
/// [`PaygoError::TokenValue`] for a value that does not fit.
pub fn small(key: &[u8; 16], id: u32, command: SmallCommand) -> Result<String, PaygoError> {
    let (kind, body) = small_parts(id, command)?;
    let seal = small_seal(key, id, kind, body);
    let low_id = u16::try_from(id & 63).unwrap_or(0);
    let plain = (low_id << 10) | (u16::from(kind) << 8) | u16::from(body);
    let bits = (u32::from(plain ^ small_pad(seal)) << 12) | u32::from(seal);
    let mut digits = String::from("1");
    for at in (0..14_u32).rev() {
        let pair = (bits >> at.saturating_mul(2)) & 3;
        digits.extend(char::from_digit(pair.saturating_add(2), 10));
    }
    Ok(grouped(&digits))
}

/// What typing a code did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Entered<C> {
    /// Done.
    Accepted {
        /// What the code says.
        command: C,
        /// The message id.
        id: u32,
    },
    /// A right code that was used before.
    AlreadyUsed,
    /// No code of this device.
    Invalid,
}

/// How far around the last id a message id may lie.
const BEHIND: u32 = 23;
const AHEAD: u32 = 40;

/// The device's side: which ids have been used.
#[derive(Clone, PartialEq, Eq)]
pub struct Receiver {
    key: [u8; 16],
    last: u32,
    /// Bit n: the id `last - n` is used.
    used: u32,
}

impl core::fmt::Debug for Receiver {
    /// Without the key.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Receiver")
            .field("last", &self.last)
            .finish_non_exhaustive()
    }
}

impl Receiver {
    /// A device whose highest used id is `last`; everything up to it counts as used.
    #[must_use]
    pub const fn new(key: [u8; 16], last: u32) -> Self {
        Self {
            key,
            last,
            used: u32::MAX,
        }
    }

    /// A device that has seen nothing yet.
    #[must_use]
    pub const fn fresh(key: [u8; 16]) -> Self {
        Self {
            key,
            last: 0,
            used: 0,
        }
    }

    /// Types a full code; anything but digits is ignored.
    ///
    /// # Errors
    /// [`PaygoError::TokenText`] unless there are 14 digits.
    pub fn enter_full(&mut self, text: &str) -> Result<Entered<FullCommand>, PaygoError> {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let parts = digits.split_at_checked(8).filter(|_| digits.len() == 14);
        let (hidden, seal) = parts.ok_or_else(|| PaygoError::TokenText {
            given: text.into(),
            allowed: "14 digits",
        })?;
        let seal: u32 = seal.parse().unwrap_or(u32::MAX);
        let plain = shift(hidden, &pad(&seal.to_le_bytes()), false);
        let part = |range: core::ops::Range<usize>| {
            plain.get(range).and_then(|part| part.parse::<u32>().ok())
        };
        let parts = part(0..1).zip(part(1..3)).zip(part(3..8));
        let Some(((kind, low_id), body)) = parts else {
            return Ok(Entered::Invalid);
        };
        let kind = u8::try_from(kind).unwrap_or(u8::MAX);
        let Some(command) = full_command(kind, body) else {
            return Ok(Entered::Invalid);
        };
        let key = self.key;
        let fits = |id: u32| full_seal(&key, id, kind, body) == seal;
        let closes = !matches!(command, FullCommand::AddHours(_));
        Ok(self.take(low_id, command, closes, fits))
    }

    /// Types a small code; anything but digits is ignored.
    ///
    /// # Errors
    /// [`PaygoError::TokenText`] unless it is a 1 and fourteen digits from 2 to 5.
    pub fn enter_small(&mut self, text: &str) -> Result<Entered<SmallCommand>, PaygoError> {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let refused = || PaygoError::TokenText {
            given: text.into(),
            allowed: "a 1 and fourteen digits from 2 to 5",
        };
        let keys = digits.strip_prefix('1').filter(|keys| keys.len() == 14);
        let bits = keys
            .ok_or_else(refused)?
            .bytes()
            .try_fold(0_u32, |bits, key| match key {
                b'2'..=b'5' => Ok((bits << 2) | u32::from(key.saturating_sub(b'2'))),
                _ => Err(refused()),
            })?;
        let seal = u16::try_from(bits & 0xfff).unwrap_or(0);
        let plain = u16::try_from(bits >> 12).unwrap_or(0) ^ small_pad(seal);
        let [high, body] = plain.to_be_bytes();
        let (low_id, kind) = (u32::from(high >> 2), high & 3);
        let Some(command) = small_command(kind, body) else {
            return Ok(Entered::Invalid);
        };
        let key = self.key;
        let fits = |id: u32| small_seal(&key, id, kind, body) == seal;
        let closes = !matches!(command, SmallCommand::AddDays(_));
        Ok(self.take(low_id, command, closes, fits))
    }

    /// Finds the one id in the window with these low bits and marks it. Setting, unlocking and
    /// wiping make every older id unusable.
    fn take<C>(
        &mut self,
        low_id: u32,
        command: C,
        closes: bool,
        fits: impl Fn(u32) -> bool,
    ) -> Entered<C> {
        let first = self.last.saturating_sub(BEHIND);
        let end = self.last.saturating_add(AHEAD);
        let Some(id) = (first..=end).find(|id| id & 63 == low_id && fits(*id)) else {
            return Entered::Invalid;
        };
        if id <= self.last {
            let bit = 1_u32.checked_shl(self.last.saturating_sub(id)).unwrap_or(0);
            if self.used & bit != 0 {
                return Entered::AlreadyUsed;
            }
            self.used |= bit;
        } else {
            let step = id.saturating_sub(self.last);
            self.used = self.used.checked_shl(step).unwrap_or(0) | 1;
            self.last = id;
        }
        if closes {
            self.used |= u32::MAX
                .checked_shl(self.last.saturating_sub(id))
                .unwrap_or(0);
        }
        Entered::Accepted { command, id }
    }
}
