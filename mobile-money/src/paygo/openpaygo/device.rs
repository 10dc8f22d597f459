//! The parameters of a device, and its tokens.

use alloc::{format, string::String};
use core::hash::Hasher as _;

use siphasher::sip::SipHasher24;

use super::{
    super::PaygoError, Command, DISABLE, EXTENDED_VALUE_MAX, Mode, SYNC, Token, VALUE_MAX,
};

/// The parameters of one device.
#[derive(Clone, PartialEq, Eq)]
pub struct Device {
    key: [u8; 16],
    pub(super) starting_code: u64,
    restricted: bool,
    pub(super) extended: bool,
    pub(super) mode: Mode,
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

    pub(super) const fn modulus(&self) -> u64 {
        if self.extended { 1_000_000 } else { 1_000 }
    }

    fn base_of(&self, value: u32) -> u64 {
        let start = self.starting_code.checked_rem(self.modulus()).unwrap_or(0);
        let sum = start.saturating_add(u64::from(value));
        sum.checked_rem(self.modulus()).unwrap_or(0)
    }

    pub(super) fn put(&self, code: u64, base: u64) -> u64 {
        let low = code.checked_rem(self.modulus()).unwrap_or(0);
        code.saturating_sub(low).saturating_add(base)
    }

    /// The chain of codes for a base: the start, then one hash after another.
    pub(super) fn walk(&self, base: u64) -> impl Iterator<Item = u64> + '_ {
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

    pub(super) fn read(&self, text: &str) -> Result<u64, PaygoError> {
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
