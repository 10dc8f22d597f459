//! The server's side: what has been issued to one device.

use alloc::{collections::BTreeMap, string::String, vec::Vec};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{super::PaygoError, Command, Device, EXTENDED_VALUE_MAX, Token, VALUE_MAX};

/// Seconds of a day.
const DAY: i64 = 86_400;

/// What has been issued to one device. Plain data: the host keeps it beside the device's key.
///
/// - The same payment gets the same tokens again, however often it is asked for: a lost message is
///   sent again, and no count is used twice.
/// - Time is added. Only shortening sets it, and from then on every token sets the remaining time
///   until an expiry has passed the furthest one ever issued: an older token that adds time may
///   still lie unused, and setting makes it void.
/// - More units than one token carries are several tokens.
///
/// ```
/// use chrono::{TimeDelta, TimeZone, Utc};
/// use mobile_money::paygo::openpaygo::{Device, Issued};
/// let device = Device::new([7; 16]);
/// let mut issued = Issued::new(0, 1)?;
/// let now = Utc.with_ymd_and_hms(2024, 6, 1, 9, 0, 0).unwrap();
/// let first = issued.add(&device, "SFB41KX7PQ", 7, now, now + TimeDelta::days(7))?;
/// assert_eq!(issued.add(&device, "SFB41KX7PQ", 7, now, now + TimeDelta::days(7))?, first);
/// assert_eq!(issued.last_count(), 2);
/// # Ok::<(), mobile_money::paygo::PaygoError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issued {
    last_count: u32,
    time_divider: u8,
    tokens: BTreeMap<String, Vec<Token>>,
    expiry: Option<DateTime<Utc>>,
    furthest: Option<DateTime<Utc>>,
}

impl Issued {
    /// Nothing issued after the count of the factory list; `time_divider` units are a day.
    ///
    /// # Errors
    /// [`PaygoError::Terms`] for a divider of zero.
    pub fn new(last_count: u32, time_divider: u8) -> Result<Self, PaygoError> {
        if time_divider == 0 {
            return Err(PaygoError::Terms {
                what: "time divider",
                given: "0".into(),
                allowed: "1 to 255 units a day",
            });
        }
        Ok(Self {
            last_count,
            time_divider,
            tokens: BTreeMap::new(),
            expiry: None,
            furthest: None,
        })
    }

    /// The count of the last token.
    #[must_use]
    pub const fn last_count(&self) -> u32 {
        self.last_count
    }

    /// The tokens issued for something; none when nothing was.
    #[must_use]
    pub fn tokens(&self, cause: &str) -> &[Token] {
        self.tokens.get(cause).map_or(&[], Vec::as_slice)
    }

    /// Tokens for days that were bought or given, after which the device is open until `until`.
    /// `cause` is the payment or the bonus.
    ///
    /// # Errors
    /// [`PaygoError::TokenValue`], [`PaygoError::Overflow`]; nothing is issued then.
    pub fn add(
        &mut self,
        device: &Device,
        cause: &str,
        days: u32,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<Token>, PaygoError> {
        if self.expiry < self.furthest {
            return self.set(device, cause, now, until);
        }
        let units = days.checked_mul(u32::from(self.time_divider));
        let units = units.ok_or(PaygoError::Overflow {
            operation: "token units",
        })?;
        self.issue(device, cause, split(device, units, false), until)
    }

    /// Tokens that set the remaining time, for shortening it: a payment was taken back.
    ///
    /// # Errors
    /// As [`Issued::add`].
    pub fn set(
        &mut self,
        device: &Device,
        cause: &str,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<Token>, PaygoError> {
        let left = until.signed_duration_since(now).num_seconds().max(0);
        // A started unit counts whole: the customer never gets less than was paid for.
        let units = left
            .checked_mul(i64::from(self.time_divider))
            .and_then(|scaled| scaled.checked_add(DAY.saturating_sub(1)))
            .and_then(|scaled| scaled.checked_div(DAY))
            .and_then(|units| u32::try_from(units).ok());
        let units = units.ok_or(PaygoError::Overflow {
            operation: "token units",
        })?;
        self.issue(device, cause, split(device, units, true), until)
    }

    /// The token that switches pay-as-you-go off for good.
    ///
    /// # Errors
    /// [`PaygoError::TokenValue`] for a device with extended tokens in strict mode.
    pub fn release(
        &mut self,
        device: &Device,
        cause: &str,
        now: DateTime<Utc>,
    ) -> Result<Vec<Token>, PaygoError> {
        self.issue(device, cause, Vec::from([Command::DisablePaygo]), now)
    }

    fn issue(
        &mut self,
        device: &Device,
        cause: &str,
        commands: Vec<Command>,
        until: DateTime<Utc>,
    ) -> Result<Vec<Token>, PaygoError> {
        if let Some(again) = self.tokens.get(cause) {
            return Ok(again.clone());
        }
        let mut count = self.last_count;
        let mut tokens = Vec::with_capacity(commands.len());
        for command in commands {
            let token = device.encode(count, command)?;
            count = token.count;
            tokens.push(token);
        }
        self.last_count = count;
        self.expiry = Some(until);
        self.furthest = self.furthest.max(Some(until));
        self.tokens.insert(cause.into(), tokens.clone());
        Ok(tokens)
    }
}

/// The first command sets or adds, the others add.
fn split(device: &Device, units: u32, set: bool) -> Vec<Command> {
    let most = if device.extended {
        EXTENDED_VALUE_MAX
    } else {
        VALUE_MAX
    };
    let mut rest = units;
    let mut commands = Vec::new();
    if set {
        let part = rest.min(most);
        commands.push(Command::SetTime(part));
        rest = rest.saturating_sub(part);
    }
    while rest > 0 {
        let part = rest.min(most);
        commands.push(Command::AddTime(part));
        rest = rest.saturating_sub(part);
    }
    commands
}
