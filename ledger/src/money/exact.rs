//! Serde for exact decimals: `#[serde(with = "ledger::money::exact")]`.
//!
//! Writes a decimal as a string and reads nothing but a plain decimal string: an optional minus,
//! digits, optionally a point and digits. What does not fit a `Decimal` exactly is refused, where
//! `rust_decimal::serde::str` would round it, and so are exponents, underscores and numbers.
//!
//! ```
//! #[derive(serde::Serialize, serde::Deserialize)]
//! struct Rate(#[serde(with = "ledger::money::exact")] rust_decimal::Decimal);
//! let rate: Rate = serde_json::from_str("\"0.24\"")?;
//! assert_eq!(rate.0.to_string(), "0.24");
//! assert!(serde_json::from_str::<Rate>("0.24").is_err());
//! assert!(serde_json::from_str::<Rate>("\"1e3\"").is_err());
//! # Ok::<(), serde_json::Error>(())
//! ```

use core::{fmt, str::FromStr};

use rust_decimal::Decimal;
use serde::{Deserializer, Serializer};

use crate::text::FromText;

/// Writes the decimal as a string with all its digits.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<S: Serializer>(value: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

/// Reads a plain decimal string.
///
/// # Errors
/// Anything that is not one, or has more digits than a `Decimal` holds.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    let plain = deserializer.deserialize_str(FromText::<Plain>::new("decimal string"))?;
    Ok(plain.0)
}

/// Reads a plain decimal string, as [`deserialize`] does; `None` for anything else.
#[must_use]
pub fn parse(text: &str) -> Option<Decimal> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) {
        return None;
    }
    Decimal::from_str_exact(text).ok()
}

/// The same for an amount that may be missing: `#[serde(default, with =
/// "ledger::money::exact::option")]`.
///
/// ```
/// #[derive(serde::Serialize, serde::Deserialize)]
/// struct Cap {
///     #[serde(default, with = "ledger::money::exact::option")]
///     most: Option<rust_decimal::Decimal>,
/// }
/// let none: Cap = serde_json::from_str("{}")?;
/// assert_eq!(none.most, None);
/// let cap: Cap = serde_json::from_str(r#"{"most": "250.00"}"#)?;
/// assert_eq!(serde_json::to_string(&cap)?, r#"{"most":"250.00"}"#);
/// assert!(serde_json::from_str::<Cap>(r#"{"most": "2.5e2"}"#).is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
pub mod option {
    use rust_decimal::Decimal;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    struct Exact(#[serde(with = "super")] Decimal);

    /// Writes nothing, or the decimal as a string with all its digits.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(
        value: &Option<Decimal>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        value.map(Exact).serialize(serializer)
    }

    /// Reads nothing, or a plain decimal string.
    ///
    /// # Errors
    /// Those of [`super::deserialize`].
    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Decimal>, D::Error> {
        let read: Option<Exact> = Deserialize::deserialize(deserializer)?;
        Ok(read.map(|exact| exact.0))
    }
}

struct Plain(Decimal);

struct NotPlain;

impl fmt::Display for NotPlain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "not an exact decimal: a minus, digits, a point and digits are allowed, up to 28 digits",
        )
    }
}

impl FromStr for Plain {
    type Err = NotPlain;
    fn from_str(text: &str) -> Result<Self, NotPlain> {
        parse(text).map(Self).ok_or(NotPlain)
    }
}
