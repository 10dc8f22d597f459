//! Constraints on a value: the least, the usual and the most.

#[cfg(feature = "schema")]
use alloc::format;
use alloc::vec::Vec;
use core::fmt;

use ledger::money::exact;
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A value that a [`Range`] can hold.
///
/// Decimals are written as text and read exactly: a number of JSON, an exponent or more than 28
/// digits are refused.
pub trait Bound: Copy + Ord + fmt::Display + sealed::Sealed {
    /// Writes the value.
    ///
    /// # Errors
    /// Those of the serializer.
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;

    /// Reads the value.
    ///
    /// # Errors
    /// Those of the deserializer, or a value that does not fit exactly.
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;

    /// The type's name in a schema, and its own schema.
    #[cfg(feature = "schema")]
    fn schema() -> (&'static str, schemars::Schema);
}

mod sealed {
    pub trait Sealed {}
}

impl sealed::Sealed for Decimal {}
impl Bound for Decimal {
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        exact::serialize(self, serializer)
    }
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        exact::deserialize(deserializer)
    }
    #[cfg(feature = "schema")]
    fn schema() -> (&'static str, schemars::Schema) {
        ("Decimal", crate::schema::decimal())
    }
}

macro_rules! whole_bound {
    ($($kind:ty => $name:literal),+) => {$(
        impl sealed::Sealed for $kind {}
        impl Bound for $kind {
            fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.serialize(serializer)
            }
            fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::deserialize(deserializer)
            }
            #[cfg(feature = "schema")]
            fn schema() -> (&'static str, schemars::Schema) {
                let mut schema = schemars::json_schema!({ "type": "integer" });
                schema.insert("minimum".into(), <$kind>::MIN.into());
                schema.insert("maximum".into(), <$kind>::MAX.into());
                ($name, schema)
            }
        }
    )+};
}
whole_bound!(u16 => "Days", u32 => "Count", i32 => "Offset");

/// Optional values as [`Bound`] writes and reads them.
pub(crate) mod optional {
    use super::{Bound, Deserialize, Deserializer, Serialize, Serializer};

    struct Outward<'a, T>(&'a T);
    impl<T: Bound> Serialize for Outward<'_, T> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            self.0.write(serializer)
        }
    }

    struct Inward<T>(T);
    impl<'de, T: Bound> Deserialize<'de> for Inward<T> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            T::read(deserializer).map(Self)
        }
    }

    /// Writes the value if there is one.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<T: Bound, S: Serializer>(
        value: &Option<T>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        value.as_ref().map(Outward).serialize(serializer)
    }

    /// Reads the value if there is one.
    ///
    /// # Errors
    /// Those of [`Bound::read`].
    pub fn deserialize<'de, T: Bound, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<T>, D::Error> {
        Ok(Option::<Inward<T>>::deserialize(deserializer)?.map(|inward| inward.0))
    }
}

/// The least, the usual and the most of a value. Any of the three may be left open.
///
/// ```
/// use products::Range;
/// use rust_decimal::{Decimal, dec};
/// let amount: Range<Decimal> = serde_json::from_str(r#"{"min": "750", "default": "950", "max": "1150"}"#)?;
/// assert_eq!(amount.resolve(None), Ok(dec!(950)));
/// assert_eq!(amount.resolve(Some(dec!(800))), Ok(dec!(800)));
/// assert!(amount.resolve(Some(dec!(749.99))).is_err());
/// assert_eq!(amount.to_string(), "750 to 1150");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(
    deny_unknown_fields,
    bound(serialize = "T: Bound", deserialize = "T: Bound")
)]
pub struct Range<T> {
    /// The least, included. `None`: no lower end.
    #[serde(default = "none", with = "optional")]
    pub min: Option<T>,
    /// What a request that says nothing gets. `None`: the request must say.
    #[serde(default = "none", with = "optional")]
    pub default: Option<T>,
    /// The most, included. `None`: no upper end.
    #[serde(default = "none", with = "optional")]
    pub max: Option<T>,
}

const fn none<T>() -> Option<T> {
    None
}

impl<T> Default for Range<T> {
    /// Open at both ends and without default.
    fn default() -> Self {
        Self {
            min: None,
            default: None,
            max: None,
        }
    }
}

/// Why a range gave no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unresolved<T> {
    /// Nothing was given and there is no default.
    Missing,
    /// The value given is out of range.
    Outside(T),
}

impl<T: Bound> Range<T> {
    /// From least to most, with a default.
    #[must_use]
    pub const fn new(min: T, default: T, max: T) -> Self {
        Self {
            min: Some(min),
            default: Some(default),
            max: Some(max),
        }
    }

    /// One value only.
    #[must_use]
    pub const fn only(value: T) -> Self {
        Self::new(value, value, value)
    }

    /// From least to most; the request must say which.
    #[must_use]
    pub const fn between(min: T, max: T) -> Self {
        Self {
            min: Some(min),
            default: None,
            max: Some(max),
        }
    }

    /// Whether the value lies inside.
    #[must_use]
    pub fn contains(&self, value: T) -> bool {
        self.min.is_none_or(|min| value >= min) && self.max.is_none_or(|max| value <= max)
    }

    /// The value given, or the default.
    ///
    /// # Errors
    /// [`Unresolved`]: a value out of range is never brought into it.
    pub fn resolve(&self, given: Option<T>) -> Result<T, Unresolved<T>> {
        match given {
            Some(value) if self.contains(value) => Ok(value),
            Some(value) => Err(Unresolved::Outside(value)),
            None => self.default.ok_or(Unresolved::Missing),
        }
    }

    /// Whether least, default and most are in order.
    #[must_use]
    pub fn is_ordered(&self) -> bool {
        self.default.is_none_or(|default| self.contains(default))
            && !matches!((self.min, self.max), (Some(min), Some(max)) if min > max)
    }

    /// The ends and the default: the values a product must be able to quote. Rising, each once.
    #[must_use]
    pub fn corners(&self) -> Vec<T> {
        let mut corners: Vec<T> = [self.min, self.default, self.max]
            .into_iter()
            .flatten()
            .collect();
        corners.sort_unstable();
        corners.dedup();
        corners
    }

    /// The smallest value known to be possible.
    #[must_use]
    pub fn least(&self) -> Option<T> {
        self.min.or(self.default)
    }

    /// The largest value known to be possible.
    #[must_use]
    pub fn most(&self) -> Option<T> {
        self.max.or(self.default)
    }

    /// Whether nothing is said at all.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.min.is_none() && self.default.is_none() && self.max.is_none()
    }
}

impl<T: fmt::Display> fmt::Display for Range<T> {
    /// What is allowed, in words.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.min, &self.max) {
            (Some(min), Some(max)) => write!(f, "{min} to {max}"),
            (Some(min), None) => write!(f, "{min} or more"),
            (None, Some(max)) => write!(f, "{max} or less"),
            (None, None) => f.write_str("any"),
        }
    }
}

#[cfg(feature = "schema")]
impl<T: Bound> schemars::JsonSchema for Range<T> {
    fn schema_name() -> alloc::borrow::Cow<'static, str> {
        format!("{}Range", T::schema().0).into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let value = schemars::json_schema!({ "anyOf": [T::schema().1, { "type": "null" }] });
        schemars::json_schema!({
            "type": "object",
            "description": "The least, the usual and the most of a value; any may be left open.",
            "properties": { "min": value, "default": value, "max": value },
            "additionalProperties": false
        })
    }
}
