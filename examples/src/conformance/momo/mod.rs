//! Mobile money: provider messages and statements with their expected reading, signatures, device
//! tokens and credit days.

mod credit;
mod messages;
mod signatures;
mod statements;
mod tokens;

use serde_json::Value;

use super::{Case, Source};

/// Recognises the five shapes of mobile-money files.
pub(super) fn recognise(source: &Source) -> Option<Vec<Case>> {
    let json = source.json()?;
    messages::recognise(source, json)
        .or_else(|| tokens::recognise(json))
        .or_else(|| signatures::recognise(json))
        .or_else(|| credit::recognise(json))
}

/// The elements of a list under a key; none when there is no such list.
fn list<'a>(json: &'a Value, key: &str) -> &'a [Value] {
    json.get(key)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// One case for each element, numbered, with what tells it apart.
fn cases(
    json: &Value,
    key: &str,
    name: impl Fn(usize, &Value) -> String,
    check: fn(&Value) -> super::Outcome,
) -> Vec<Case> {
    let elements = list(json, key).iter().enumerate();
    elements
        .map(|(at, element)| {
            let element = element.clone();
            Case::new(name(at, &element), move || check(&element))
        })
        .collect()
}

/// A whole number that fits 32 bits.
fn number(value: &Value) -> Result<u32, String> {
    value
        .as_u64()
        .and_then(|number| u32::try_from(number).ok())
        .ok_or_else(|| format!("cannot read the case: {value} is not a whole number"))
}

/// A 16-byte key in hexadecimal.
fn key(value: &Value) -> Result<[u8; 16], String> {
    let unreadable = || format!("cannot read the case: {value} is not a 16-byte key");
    let text = value.as_str().unwrap_or("");
    let byte = |at: usize| u8::from_str_radix(text.get(at..at + 2)?, 16).ok();
    let bytes: Option<Vec<u8>> = (0..text.len()).step_by(2).map(byte).collect();
    bytes
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(unreadable)
}
