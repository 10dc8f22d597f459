//! JSON as text: numbers keep the digits they were written with, every value keeps its raw slice.
//!
//! Tokenising is `serde_json`'s. On top of it: a depth limit far below the stack's, refusal of
//! duplicate keys, and raw slices, which signatures over a part of the body need.

use alloc::{
    borrow::Cow,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;

use serde::de::{Deserializer as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::ParseError;

/// Providers' messages nest five levels at most.
const DEPTH_MAX: usize = 16;

/// A JSON value. Numbers are their text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Json<'a> {
    Null,
    Bool(bool),
    Number(&'a str),
    Text(Cow<'a, str>),
    List(Vec<Json<'a>>),
    Object(Object<'a>),
}

/// An object: fields in the order given, each with the raw text of its value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Object<'a> {
    fields: Vec<Field<'a>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Field<'a> {
    key: Cow<'a, str>,
    raw_key: &'a str,
    raw: &'a str,
    value: Json<'a>,
}

static NULL: Json<'static> = Json::Null;

impl<'a> Json<'a> {
    pub(crate) fn read(text: &'a str) -> Result<Self, ParseError> {
        let raw: &'a RawValue = serde_json::from_str(text).map_err(refused)?;
        read_value(raw.get(), DEPTH_MAX)
    }

    pub(crate) fn object(&self) -> Option<&Object<'a>> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The value under a key, `Null` when there is none or this is no object.
    pub(crate) fn get(&self, key: &str) -> &Self {
        // `Json` is covariant, so the static null stands in for any lifetime.
        let null: &Json<'a> = &NULL;
        self.object().and_then(|o| o.get(key)).unwrap_or(null)
    }

    /// The value at the end of a path of keys.
    pub(crate) fn at(&self, path: &[&str]) -> &Self {
        path.iter().fold(self, |value, key| value.get(key))
    }

    /// Text or the digits of a number; nothing else counts as text (Airtel sends `false` for a
    /// missing id).
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Number(digits) => Some(digits),
            _ => None,
        }
    }

    /// Text that is not blank, trimmed: for ids and codes.
    pub(crate) fn word(&self) -> Option<&str> {
        self.text().map(str::trim).filter(|text| !text.is_empty())
    }

    /// The elements of a list; a single value counts as a list of one, because M-Pesa sends either.
    pub(crate) fn items(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            Self::Null => &[],
            one => core::slice::from_ref(one),
        }
    }

    pub(crate) const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}

impl<'a> Object<'a> {
    pub(crate) fn get(&self, key: &str) -> Option<&Json<'a>> {
        let field = self.fields.iter().find(|field| field.key == key)?;
        Some(&field.value)
    }

    /// The object in compact form without one key: every other value exactly as it stands in the
    /// message, in the same order.
    pub(crate) fn raw_without(&self, key: &str) -> String {
        let mut text = String::from("{");
        for field in self.fields.iter().filter(|field| field.key != key) {
            if text.len() > 1 {
                text.push(',');
            }
            text.push_str(field.raw_key);
            text.push(':');
            text.push_str(field.raw);
        }
        text.push('}');
        text
    }

    /// The value exactly as it stands in the message.
    pub(crate) fn raw(&self, key: &str) -> Option<&'a str> {
        let field = self.fields.iter().find(|field| field.key == key)?;
        Some(field.raw)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "used as `map_err(refused)`")]
fn refused(error: serde_json::Error) -> ParseError {
    ParseError::Json {
        given: error.to_string(),
        depth: DEPTH_MAX,
    }
}

fn read_value(raw: &str, depth: usize) -> Result<Json<'_>, ParseError> {
    let depth = depth.checked_sub(1).ok_or_else(|| ParseError::Json {
        given: "nested too deeply".into(),
        depth: DEPTH_MAX,
    })?;
    Ok(match raw.as_bytes().first() {
        Some(b'{') => Json::Object(read_object(raw, depth)?),
        Some(b'[') => {
            let mut reader = serde_json::Deserializer::from_str(raw);
            let items = reader.deserialize_seq(Items).map_err(refused)?;
            let items = items.into_iter().map(|item| read_value(item.get(), depth));
            Json::List(items.collect::<Result<_, _>>()?)
        }
        Some(b'"') => Json::Text(read_text(raw)?),
        Some(b't') => Json::Bool(true),
        Some(b'f') => Json::Bool(false),
        Some(b'n') => Json::Null,
        _ => Json::Number(raw),
    })
}

fn read_text(raw: &str) -> Result<Cow<'_, str>, ParseError> {
    let inner = raw.strip_prefix('"').and_then(|raw| raw.strip_suffix('"'));
    match inner {
        // Already checked by the tokeniser: without a backslash the text stands as it is.
        Some(inner) if !inner.contains('\\') => Ok(Cow::Borrowed(inner)),
        _ => serde_json::from_str(raw).map(Cow::Owned).map_err(refused),
    }
}

fn read_object(raw: &str, depth: usize) -> Result<Object<'_>, ParseError> {
    let mut reader = serde_json::Deserializer::from_str(raw);
    let pairs = reader.deserialize_map(Pairs).map_err(refused)?;
    let mut object = Object::default();
    for (key, value) in pairs {
        let raw_key = key.get();
        let key = read_text(raw_key)?;
        if object.get(&key).is_some() {
            return Err(ParseError::DuplicateKey {
                key: key.into_owned(),
            });
        }
        object.fields.push(Field {
            key,
            raw_key,
            raw: value.get(),
            value: read_value(value.get(), depth)?,
        });
    }
    Ok(object)
}

struct Items;
impl<'de> Visitor<'de> for Items {
    type Value = Vec<&'de RawValue>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(items)
    }
}

struct Pairs;
impl<'de> Visitor<'de> for Pairs {
    type Value = Vec<(&'de RawValue, &'de RawValue)>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = map.next_entry()? {
            pairs.push(pair);
        }
        Ok(pairs)
    }
}
