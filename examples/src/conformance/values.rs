//! Reading and comparing values of case files.

use std::fmt::Display;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde_json::Value;

/// A field of an object.
///
/// # Errors
/// When it is missing.
pub fn field<'a>(object: &'a Value, name: &str) -> Result<&'a Value, String> {
    object
        .get(name)
        .ok_or_else(|| format!("cannot read the case: no {name}"))
}

/// An exact decimal, written as a JSON number or as a string. A number is taken as it is
/// written, in its shortest form.
///
/// # Errors
/// When the value is no decimal.
pub fn decimal(value: &Value) -> Result<Decimal, String> {
    match value {
        Value::Number(number) => parse_decimal(&number.to_string()),
        Value::String(text) => parse_decimal(text),
        other => Err(format!("cannot read the case: {other} is not a number")),
    }
}

/// An exact decimal, plain or with an exponent.
///
/// # Errors
/// When the text is no decimal.
pub fn parse_decimal(text: &str) -> Result<Decimal, String> {
    let text = text.trim();
    text.parse()
        .or_else(|_| Decimal::from_scientific(text))
        .map_err(|reason| format!("cannot read the case: {text:?} is not a number: {reason}"))
}

/// A date, `YYYY-MM-DD`.
///
/// # Errors
/// When the text is no date.
pub fn parse_date(text: &str) -> Result<NaiveDate, String> {
    text.parse()
        .map_err(|reason| format!("cannot read the case: {text:?} is not a date: {reason}"))
}

/// The text of a JSON string.
///
/// # Errors
/// When the value is no string.
pub fn text(value: &Value) -> Result<&str, String> {
    value
        .as_str()
        .ok_or_else(|| format!("cannot read the case: {value} is not a text"))
}

/// Equal, or the difference in words.
///
/// # Errors
/// The difference.
pub fn same<T: PartialEq + Display>(what: &str, expected: &T, got: &T) -> Result<(), String> {
    if expected == got {
        Ok(())
    } else {
        Err(format!("{what} (expected {expected}, got {got})"))
    }
}

/// Equal as far as a figure published with so many decimals can tell: at most half a unit of
/// the last published digit away.
///
/// # Errors
/// The difference.
pub fn same_at(what: &str, expected: Decimal, got: Decimal, decimals: u32) -> Result<(), String> {
    let half_unit = Decimal::try_new(5, decimals + 1)
        .map_err(|_| format!("cannot read the case: {decimals} decimals are too many"))?;
    let away = expected
        .checked_sub(got)
        .ok_or_else(|| format!("{what} (expected {expected}, got {got})"))?
        .abs();
    if away <= half_unit {
        Ok(())
    } else {
        Err(format!(
            "{what} at {decimals} decimals (expected {expected}, got {got})"
        ))
    }
}
