//! Exact credit days.
//!
//! `days = floor((carry + payment) · period / rate)`, and the rest is carried as an exact fraction,
//! always below the price of one day. So the days bought do not depend on how a sum is split.

use chrono::{DateTime, TimeDelta, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Fraction, PaygoError};

/// Money that has not bought a whole day yet.
pub type Carry = Fraction;

/// A price per period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    #[serde(with = "ledger::money::exact")]
    amount: Decimal,
    period_days: u32,
}

/// What a payment bought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bought {
    /// Whole days.
    pub days: u32,
    /// What is left over, below the price of one day.
    pub carry: Carry,
}

impl Rate {
    /// `amount` buys `period_days` days.
    ///
    /// # Errors
    /// [`PaygoError::Terms`] unless both are above zero.
    pub fn new(amount: Decimal, period_days: u32) -> Result<Self, PaygoError> {
        let refused = |what, given| PaygoError::Terms {
            what,
            given,
            allowed: "above zero",
        };
        if amount <= Decimal::ZERO {
            return Err(refused("rate", alloc::format!("{amount}")));
        }
        if period_days == 0 {
            return Err(refused("period", alloc::format!("{period_days} days")));
        }
        Ok(Self {
            amount,
            period_days,
        })
    }

    /// The exact price of one day.
    ///
    /// # Errors
    /// [`PaygoError::Overflow`].
    pub fn per_day(&self) -> Result<Fraction, PaygoError> {
        let days = Fraction::new(i128::from(self.period_days), 1)?;
        Fraction::from_decimal(self.amount)?.over(days)
    }

    /// Turns a payment into days.
    ///
    /// # Errors
    /// [`PaygoError::Payment`] for a negative payment, [`PaygoError::Overflow`].
    pub fn buy(&self, carry: Carry, payment: Decimal) -> Result<Bought, PaygoError> {
        if payment < Decimal::ZERO {
            return Err(PaygoError::Payment { given: payment });
        }
        let price = self.per_day()?;
        let money = carry.plus(Fraction::from_decimal(payment)?)?;
        let days = u32::try_from(money.over(price)?.floor());
        let days = days.map_err(|_| PaygoError::Overflow {
            operation: "credit days",
        })?;
        let spent = price.times(Fraction::new(i128::from(days), 1)?)?;
        Ok(Bought {
            days,
            carry: money.minus(spent)?,
        })
    }
}

/// From when bought days count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Base {
    /// From the later of the due time and now: days without credit are not made up for. The common
    /// reading of pay-as-you-go.
    #[default]
    LaterOfDueAndNow,
    /// From the due time: arrears have to be bought back first. The loan reading.
    Due,
}

impl Base {
    /// The new due time after days were bought.
    ///
    /// # Errors
    /// [`PaygoError::Overflow`].
    pub fn extend(
        self,
        due: DateTime<Utc>,
        now: DateTime<Utc>,
        days: u32,
    ) -> Result<DateTime<Utc>, PaygoError> {
        let from = match self {
            Self::LaterOfDueAndNow if days > 0 => due.max(now),
            _ => due,
        };
        add_days(from, days)
    }
}

pub(super) fn add_days(from: DateTime<Utc>, days: u32) -> Result<DateTime<Utc>, PaygoError> {
    let shift = TimeDelta::try_days(i64::from(days));
    shift
        .and_then(|shift| from.checked_add_signed(shift))
        .ok_or(PaygoError::Overflow {
            operation: "due time",
        })
}
