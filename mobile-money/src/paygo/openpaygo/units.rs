//! Days as the units that a token carries.

use alloc::{format, vec::Vec};

use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive as _};

use super::{super::PaygoError, Command, EXTENDED_VALUE_MAX, VALUE_MAX};

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
pub fn split_units(units: u32) -> Vec<Command> {
    let mut rest = units;
    let mut commands = Vec::new();
    while rest > 0 {
        let part = rest.min(VALUE_MAX);
        commands.push(Command::AddTime(part));
        rest = rest.saturating_sub(part);
    }
    commands
}
