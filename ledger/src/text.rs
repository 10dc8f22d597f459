//! Values that are written as text: what this crate's codes and the identifiers of the crates above
//! it are made of. Not part of the public interface.

use core::{fmt, marker::PhantomData, str::FromStr};

use serde::de;

/// Reads a string without asking for an owned one first: JSON, postcard and others lend theirs.
pub struct FromText<T> {
    expected: &'static str,
    value: PhantomData<T>,
}

impl<T> FromText<T> {
    #[must_use]
    pub const fn new(expected: &'static str) -> Self {
        Self {
            expected,
            value: PhantomData,
        }
    }
}

impl<T: FromStr<Err: fmt::Display>> de::Visitor<'_> for FromText<T> {
    type Value = T;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }
    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

/// The lower-case hexadecimal digit of a number below 16.
const fn hex_digit(number: u8) -> u8 {
    match number {
        0..=9 => b'0'.saturating_add(number),
        _ => b'a'.saturating_add(number.saturating_sub(10)),
    }
}

/// Writes an id as 32 digits, digit by digit: the formatter of numbers pads one character at a
/// time, and an id is written for every entry.
///
/// # Errors
/// Those of the formatter.
pub fn write_hex(number: u128, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut digits = [0_u8; 32];
    let bytes = number.to_be_bytes();
    for (pair, byte) in digits.as_chunks_mut::<2>().0.iter_mut().zip(bytes) {
        *pair = [hex_digit(byte >> 4), hex_digit(byte & 15)];
    }
    f.write_str(core::str::from_utf8(&digits).unwrap_or_default())
}

/// A code of printable ASCII characters without blanks, stored inline. `$refused` makes the error
/// from what the code stands for, what was given, and how many characters are allowed.
#[doc(hidden)]
#[macro_export]
macro_rules! inline_text {
    ($(#[$doc:meta])* $name:ident, $kind:literal, $most:literal, $error:ty, $refused:path) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(arrayvec::ArrayString<$most>);

        impl $name {
            /// The code as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }

        impl core::str::FromStr for $name {
            type Err = $error;
            fn from_str(text: &str) -> Result<Self, $error> {
                let refused = || $refused($kind, text, $most);
                if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
                    return Err(refused());
                }
                arrayvec::ArrayString::from(text).map(Self).map_err(|_| refused())
            }
        }

        impl TryFrom<&str> for $name {
            type Error = $error;
            fn try_from(text: &str) -> Result<Self, $error> {
                text.parse()
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                write!(f, "{:?}", self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str($crate::text::FromText::new($kind))
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> alloc::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({
                    "type": "string",
                    "pattern": concat!("^[!-~]{1,", $most, "}$"),
                    "description": $kind
                })
            }
        }
    };
}
