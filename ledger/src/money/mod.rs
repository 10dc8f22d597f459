//! Money: an exact decimal amount in one currency.
//!
//! All arithmetic is checked. Mixing currencies is an error, a result that does not fit is an
//! error, and nothing rounds unless asked to with a [`Rounding`] rule. An amount may carry more
//! digits than its currency has minor units (accrued interest does); what is posted may not, see
//! [`Money::is_whole_minor`].
//!
//! ```
//! use ledger::{Currency, Money, Rounding};
//! use rust_decimal::dec;
//! let kes = Currency::from_code("KES")?;
//! let accrued = Money::new(dec!(20.357142), kes);
//! let posted = accrued.rounded(Rounding::HalfUp);
//! assert_eq!(posted.to_string(), "20.36 KES");
//! let parts = Money::new(dec!(100.00), kes).split(3)?;
//! assert_eq!(parts.iter().map(Money::amount).collect::<Vec<_>>(), [dec!(33.34), dec!(33.33), dec!(33.33)]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod exact;
mod rounding;
mod split;

use core::{cmp::Ordering, fmt};

pub use rounding::Rounding;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::Currency;

/// An exact amount in one currency.
///
/// Serialised as `{"amount": "12.50", "currency": "KES"}`; the amount is a string, never a JSON
/// number, so that no reader passes it through a binary float.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Money {
    #[serde(with = "exact")]
    amount: Decimal,
    currency: Currency,
}

/// Why an operation on money was refused. Amounts are unchanged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MoneyError {
    /// Two currencies met in one operation.
    #[error("cannot combine {left} with {right}: both amounts must be in one currency")]
    CurrencyMismatch {
        /// Currency of the left operand.
        left: Currency,
        /// Currency of the right operand.
        right: Currency,
    },
    /// The result does not fit 28 significant digits.
    #[error("the result of {operation} on {left} and {right} does not fit 28 significant digits")]
    Overflow {
        /// What was tried.
        operation: &'static str,
        /// Left operand.
        left: Decimal,
        /// Right operand.
        right: Decimal,
    },
    /// The amount has digits below the minor unit where whole minor units are needed.
    #[error(
        "{amount} {currency} is not a whole number of minor units: at most {allowed} decimals are allowed"
    )]
    NotWholeMinor {
        /// What was given.
        amount: Decimal,
        /// Its currency.
        currency: Currency,
        /// How many decimals are allowed.
        allowed: u8,
    },
    /// A number of minor units beyond the 96 bits of an amount.
    #[error(
        "{given} minor units of {currency} do not fit: at most 79228162514264337593543950335 are allowed"
    )]
    MinorOutOfRange {
        /// What was given.
        given: i128,
        /// The currency.
        currency: Currency,
    },
    /// A split over nothing, or over weights that are negative or sum to zero.
    #[error("cannot split by {given}: {allowed}")]
    Weights {
        /// What was given.
        given: alloc::string::String,
        /// What is allowed.
        allowed: &'static str,
    },
}

impl MoneyError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::CurrencyMismatch { .. } => 1101,
            Self::Overflow { .. } => 1102,
            Self::NotWholeMinor { .. } => 1103,
            Self::Weights { .. } => 1104,
            Self::MinorOutOfRange { .. } => 1105,
        }
    }
}

impl Money {
    /// An amount in a currency, taken as it is.
    #[must_use]
    pub const fn new(amount: Decimal, currency: Currency) -> Self {
        Self { amount, currency }
    }

    /// Zero in a currency.
    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        Self::new(Decimal::ZERO, currency)
    }

    /// An amount given in minor units: `from_minor(1250, KES)` is 12.50.
    ///
    /// # Errors
    /// [`MoneyError::MinorOutOfRange`] when the number does not fit.
    pub fn from_minor(minor: i128, currency: Currency) -> Result<Self, MoneyError> {
        Decimal::try_from_i128_with_scale(minor, u32::from(currency.minor_units()))
            .map(|amount| Self::new(amount, currency))
            .map_err(|_| MoneyError::MinorOutOfRange {
                given: minor,
                currency,
            })
    }

    /// The amount in minor units.
    ///
    /// # Errors
    /// [`MoneyError::NotWholeMinor`] when there are digits below the minor unit,
    /// [`MoneyError::Overflow`] when the number does not fit.
    pub fn to_minor(&self) -> Result<i128, MoneyError> {
        if !self.is_whole_minor() {
            return Err(self.not_whole());
        }
        let mut scaled = self.amount;
        scaled.rescale(u32::from(self.currency.minor_units()));
        if scaled.scale() == u32::from(self.currency.minor_units()) {
            Ok(scaled.mantissa())
        } else {
            Err(self.overflow("to_minor", Decimal::ZERO))
        }
    }

    /// The decimal amount.
    #[must_use]
    pub const fn amount(&self) -> Decimal {
        self.amount
    }

    /// The currency.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// Whether the amount is zero.
    #[must_use]
    pub const fn is_zero(&self) -> bool {
        self.amount.is_zero()
    }

    /// Whether the amount is below zero.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        self.amount < Decimal::ZERO
    }

    /// Whether the amount is above zero.
    #[must_use]
    pub fn is_positive(&self) -> bool {
        self.amount > Decimal::ZERO
    }

    /// Whether the amount has no digits below the currency's minor unit.
    #[must_use]
    pub fn is_whole_minor(&self) -> bool {
        self.amount.normalize().scale() <= u32::from(self.currency.minor_units())
    }

    /// The sum.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`] or [`MoneyError::Overflow`].
    pub fn checked_add(&self, other: &Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        self.amount
            .checked_add(other.amount)
            .map(|amount| Self::new(amount, self.currency))
            .ok_or_else(|| self.overflow("addition", other.amount))
    }

    /// The difference.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`] or [`MoneyError::Overflow`].
    pub fn checked_sub(&self, other: &Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        self.amount
            .checked_sub(other.amount)
            .map(|amount| Self::new(amount, self.currency))
            .ok_or_else(|| self.overflow("subtraction", other.amount))
    }

    /// The product with a plain number (a rate, a share). Not rounded to minor units; digits
    /// beyond the 28 a `Decimal` holds are rounded half-even by the multiplication itself.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn checked_mul(&self, factor: Decimal) -> Result<Self, MoneyError> {
        self.amount
            .checked_mul(factor)
            .map(|amount| Self::new(amount, self.currency))
            .ok_or_else(|| self.overflow("multiplication", factor))
    }

    /// The same amount with the other sign.
    #[must_use]
    pub fn negated(&self) -> Self {
        if self.is_zero() {
            // A zero has no sign to show.
            return Self::new(self.amount.abs(), self.currency);
        }
        let mut amount = self.amount;
        amount.set_sign_negative(amount.is_sign_positive());
        Self::new(amount, self.currency)
    }

    /// Rounded to the currency's minor unit.
    #[must_use]
    pub fn rounded(&self, rule: Rounding) -> Self {
        Self::new(
            rule.round(self.amount, u32::from(self.currency.minor_units())),
            self.currency,
        )
    }

    /// The order of two amounts of one currency.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`].
    pub fn checked_cmp(&self, other: &Self) -> Result<Ordering, MoneyError> {
        self.same_currency(other)?;
        Ok(self.amount.cmp(&other.amount))
    }

    /// The sum of amounts in one currency; zero for none.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`] or [`MoneyError::Overflow`].
    pub fn sum<'a>(
        currency: Currency,
        items: impl IntoIterator<Item = &'a Self>,
    ) -> Result<Self, MoneyError> {
        items
            .into_iter()
            .try_fold(Self::zero(currency), |sum, item| sum.checked_add(item))
    }

    pub(crate) fn same_currency(&self, other: &Self) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            Ok(())
        } else {
            Err(MoneyError::CurrencyMismatch {
                left: self.currency,
                right: other.currency,
            })
        }
    }

    pub(crate) fn not_whole(&self) -> MoneyError {
        MoneyError::NotWholeMinor {
            amount: self.amount,
            currency: self.currency,
            allowed: self.currency.minor_units(),
        }
    }

    pub(crate) fn overflow(&self, operation: &'static str, right: Decimal) -> MoneyError {
        MoneyError::Overflow {
            operation,
            left: self.amount,
            right,
        }
    }
}

impl fmt::Display for Money {
    /// With the currency's number of decimals, or more when the amount has more: `"12.50 KES"`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self
            .amount
            .normalize()
            .scale()
            .max(u32::from(self.currency.minor_units()));
        write!(
            f,
            "{:.*} {}",
            usize::try_from(digits).unwrap_or(28),
            self.amount,
            self.currency
        )
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Money {
    fn schema_name() -> alloc::borrow::Cow<'static, str> {
        "Money".into()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "object",
            "properties": {
                "amount": {
                    "type": "string",
                    "pattern": "^-?[0-9]+(\\.[0-9]+)?$",
                    "description": "exact decimal as a string"
                },
                "currency": generator.subschema_for::<Currency>()
            },
            "required": ["amount", "currency"],
            "additionalProperties": false
        })
    }
}
