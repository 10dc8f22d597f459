//! ISO 4217 currencies.
//!
//! A [`Currency`] is a small `Copy` value: alphabetic code, numeric code and the number of minor
//! units (decimals). It can only be made from the ISO list, so an unknown code is refused at the
//! border and never travels inside.
//!
//! ```
//! use ledger::Currency;
//! let ugx: Currency = "UGX".parse()?;
//! assert_eq!((ugx.code(), ugx.numeric(), ugx.minor_units()), ("UGX", 800, 0));
//! assert_eq!(Currency::from_numeric(404)?.code(), "KES");
//! assert!("KSH".parse::<Currency>().is_err());
//! # Ok::<(), ledger::CurrencyError>(())
//! ```

mod table;

use alloc::string::String;
use core::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use table::TABLE;

use crate::text::FromText;

/// A currency of ISO 4217 list one that has minor units.
///
/// Ordered and compared by its alphabetic code. Serialised as that code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency {
    code: [u8; 3],
    minor_units: u8,
    numeric: u16,
}

/// Why a currency was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CurrencyError {
    /// The code is not an active alphabetic code of ISO 4217.
    #[error(
        "unknown currency code {given:?}: an active ISO 4217 alphabetic code such as \"KES\" is allowed"
    )]
    UnknownCode {
        /// What was given.
        given: String,
    },
    /// The number is not an active numeric code of ISO 4217.
    #[error(
        "unknown numeric currency code {given}: an active ISO 4217 numeric code such as 404 is allowed"
    )]
    UnknownNumeric {
        /// What was given.
        given: u16,
    },
    /// The code exists but has no minor units (gold, the test code, ...): no account can be kept in it.
    #[error("currency {code} has no minor units in ISO 4217 and cannot carry balances")]
    NoMinorUnits {
        /// The alphabetic code.
        code: String,
    },
}

impl CurrencyError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::UnknownCode { .. } => 1001,
            Self::UnknownNumeric { .. } => 1002,
            Self::NoMinorUnits { .. } => 1003,
        }
    }
}

impl Currency {
    /// The currency with this alphabetic code, in capitals.
    ///
    /// # Errors
    /// [`CurrencyError::UnknownCode`] or [`CurrencyError::NoMinorUnits`].
    pub fn from_code(code: &str) -> Result<Self, CurrencyError> {
        let row = TABLE
            .binary_search_by_key(&code, |row| row.0)
            .ok()
            .and_then(|at| TABLE.get(at))
            .ok_or_else(|| CurrencyError::UnknownCode { given: code.into() })?;
        Self::from_row(row)
    }

    /// The currency with this numeric code.
    ///
    /// # Errors
    /// [`CurrencyError::UnknownNumeric`] or [`CurrencyError::NoMinorUnits`].
    pub fn from_numeric(numeric: u16) -> Result<Self, CurrencyError> {
        let row = TABLE
            .iter()
            .find(|row| row.1 == numeric)
            .ok_or(CurrencyError::UnknownNumeric { given: numeric })?;
        Self::from_row(row)
    }

    fn from_row(row: &(&str, u16, Option<u8>, &str)) -> Result<Self, CurrencyError> {
        let (code, numeric, minor_units, _) = *row;
        let unknown = || CurrencyError::UnknownCode { given: code.into() };
        Ok(Self {
            code: code.as_bytes().try_into().map_err(|_| unknown())?,
            minor_units: minor_units
                .ok_or_else(|| CurrencyError::NoMinorUnits { code: code.into() })?,
            numeric,
        })
    }

    /// Every currency that can carry balances, by alphabetic code.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().filter_map(|row| Self::from_row(row).ok())
    }

    /// The alphabetic code, for example `"KES"`.
    #[must_use]
    pub fn code(&self) -> &str {
        // The three bytes come from the table, which is ASCII.
        core::str::from_utf8(&self.code).unwrap_or("???")
    }

    /// The numeric code, for example 404.
    #[must_use]
    pub const fn numeric(&self) -> u16 {
        self.numeric
    }

    /// The number of decimals of the smallest unit: 2 for cents, 0 for UGX, 3 for TND.
    #[must_use]
    pub const fn minor_units(&self) -> u8 {
        self.minor_units
    }

    /// The name in the ISO list, for example `"Kenyan Shilling"`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        TABLE
            .binary_search_by_key(&self.code(), |row| row.0)
            .ok()
            .and_then(|at| TABLE.get(at))
            .map_or("", |row| row.3)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Currency {
    type Err = CurrencyError;
    fn from_str(code: &str) -> Result<Self, Self::Err> {
        Self::from_code(code)
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(FromText::new("ISO 4217 alphabetic code"))
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Currency {
    fn schema_name() -> alloc::borrow::Cow<'static, str> {
        "Currency".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": "^[A-Z]{3}$",
            "description": "ISO 4217 alphabetic code"
        })
    }
}
