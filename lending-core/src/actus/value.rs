//! Reading the values of ACTUS terms: numbers and dates written in several ways.
//!
//! A number is a JSON number or a text; a list is a JSON list, one value, or a text with commas,
//! in brackets or not. Blanks around a value do not count; an empty text and `NULL` are no value.

use alloc::{format, string::String, vec::Vec};
use core::{fmt, marker::PhantomData};

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime};
use rust_decimal::Decimal;
use serde::{
    Deserializer,
    de::{self, Deserialize as _, SeqAccess, Visitor},
};

/// A value that a text can hold.
pub(super) trait Written: Sized {
    /// What is allowed, for messages.
    const ALLOWED: &'static str;
    /// The value of a trimmed text that is not empty.
    fn read(text: &str) -> Option<Self>;
}

impl Written for Decimal {
    const ALLOWED: &'static str = "a decimal number of at most 28 digits";
    fn read(text: &str) -> Option<Self> {
        Self::from_str_exact(text)
            .or_else(|_| Self::from_scientific(text))
            .ok()
    }
}

impl Written for NaiveDateTime {
    const ALLOWED: &'static str = "a date and time YYYY-MM-DDTHH:MM:SS, 24:00:00 being the end of \
                                   the day, or a date YYYY-MM-DD";
    fn read(text: &str) -> Option<Self> {
        let (date, time) = match text.split_once('T') {
            Some((date, time)) => (date, Some(time)),
            None => (text, None),
        };
        let date: NaiveDate = date.parse().ok()?;
        match time {
            None => Some(date.and_time(NaiveTime::MIN)),
            Some("24:00" | "24:00:00") => {
                let next = date.checked_add_days(Days::new(1))?;
                Some(next.and_time(NaiveTime::MIN))
            }
            Some(time) => {
                let time = NaiveTime::parse_from_str(time, "%H:%M:%S%.f")
                    .or_else(|_| NaiveTime::parse_from_str(time, "%H:%M"))
                    .ok()?;
                Some(date.and_time(time))
            }
        }
    }
}

impl Written for NaiveDate {
    const ALLOWED: &'static str = "a date YYYY-MM-DD, or with the time 00:00:00";
    fn read(text: &str) -> Option<Self> {
        let moment = NaiveDateTime::read(text)?;
        (moment.time() == NaiveTime::MIN).then(|| moment.date())
    }
}

impl Written for String {
    const ALLOWED: &'static str = "a text";
    fn read(text: &str) -> Option<Self> {
        Some(text.into())
    }
}

/// Reads an optional value.
pub(super) fn one<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Written,
    D: Deserializer<'de>,
{
    let mut values = deserializer.deserialize_any(Values(PhantomData::<T>))?;
    match values.len() {
        0 => Ok(None),
        1 => Ok(values.pop()),
        given => Err(de::Error::custom(format!(
            "{given} values, one is allowed: {}",
            T::ALLOWED
        ))),
    }
}

/// Reads a value that has to be there.
pub(super) fn needed<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Written,
    D: Deserializer<'de>,
{
    one(deserializer)?.ok_or_else(|| de::Error::custom(format!("no value: {}", T::ALLOWED)))
}

/// Reads over a value of any shape.
pub(super) fn read_over<'de, D>(deserializer: D) -> Result<(), D::Error>
where
    D: Deserializer<'de>,
{
    de::IgnoredAny::deserialize(deserializer).map(|_| ())
}

/// Reads a list; a single value is a list of one.
pub(super) fn many<'de, T, D>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    T: Written,
    D: Deserializer<'de>,
{
    deserializer.deserialize_any(Values(PhantomData))
}

struct Values<T>(PhantomData<T>);

impl<T: Written> Values<T> {
    fn parse<E: de::Error>(text: &str) -> Result<Vec<T>, E> {
        let text = text.trim();
        let inner = text
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'));
        let mut values = Vec::new();
        let mut push = |part: &str| {
            let part = part.trim();
            if part.is_empty() || part == "NULL" {
                return Ok(());
            }
            let value = T::read(part)
                .ok_or_else(|| E::custom(format!("{part:?}: {} is allowed", T::ALLOWED)))?;
            values.push(value);
            Ok(())
        };
        match inner {
            Some(list) => list.split(',').try_for_each(&mut push)?,
            None => push(text)?,
        }
        Ok(values)
    }
}

impl<'de, T: Written> Visitor<'de> for Values<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", T::ALLOWED)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        Self::parse(text)
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Self::Value, E> {
        Self::parse(&format!("{number}"))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Self::Value, E> {
        Self::parse(&format!("{number}"))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Self::Value, E> {
        // The shortest digits that give the same number: what the document's author wrote.
        Self::parse(&format!("{number}"))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_none<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Item(value)) = list.next_element::<Item<T>>()? {
            values.extend(value);
        }
        Ok(values)
    }
}

/// One element of a list.
struct Item<T>(Option<T>);

impl<'de, T: Written> de::Deserialize<'de> for Item<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        one(deserializer).map(Self)
    }
}

/// The schema of a number: a JSON number or a text.
#[cfg(feature = "schema")]
pub(super) struct Number;

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Number {
    fn schema_name() -> alloc::borrow::Cow<'static, str> {
        "ActusNumber".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": ["number", "string"] })
    }
}

/// The schema of a value that is read over: anything.
#[cfg(feature = "schema")]
pub(super) struct Anything;

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Anything {
    fn schema_name() -> alloc::borrow::Cow<'static, str> {
        "ActusAnything".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!(true)
    }
}
