//! Reading documents: exact numbers, and the line of everything that is wrong.

use alloc::{
    borrow::Cow,
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;

use serde::de::{self, DeserializeOwned};
use serde_json::value::RawValue;

use crate::{Violation, Violations};

/// Why a document was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JsonError {
    /// Not JSON, or a value that its field cannot hold.
    #[error("line {line}, column {column}: {}{reason}", colon(field))]
    Field {
        /// The field as a path; empty when the text is no JSON at all.
        field: String,
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What is wrong, and what is allowed.
        reason: String,
    },
    /// A definition that does not hold together: everything that is wrong, each with its line.
    #[error("{}", lines(problems))]
    Rules {
        /// The line, from 1, and what is wrong there.
        problems: Vec<(usize, Violation)>,
    },
}

fn colon(field: &str) -> String {
    if field.is_empty() {
        String::new()
    } else {
        format!("{field}: ")
    }
}

fn lines(problems: &[(usize, Violation)]) -> String {
    let lines: Vec<String> = problems
        .iter()
        .map(|(line, problem)| format!("line {line}: {problem}"))
        .collect();
    lines.join("; ")
}

impl JsonError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::Field { .. } => 5301,
            Self::Rules { .. } => 5302,
        }
    }
}

/// Reads a value; an error names the field.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<T, JsonError> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        refused(if path == "." { "" } else { &path }, error.inner())
    })?;
    reader.end().map_err(|error| refused("", &error))?;
    Ok(value)
}

fn refused(path: &str, error: &serde_json::Error) -> JsonError {
    let message = error.to_string();
    // serde_json ends its messages with the place, which has fields of its own here.
    let reason = message
        .rsplit_once(" at line ")
        .map_or(message.as_str(), |(reason, _)| reason);
    // A missing field is named by the message only.
    let missing = reason
        .strip_prefix("missing field `")
        .and_then(|rest| rest.strip_suffix('`'));
    let field = match missing {
        Some(name) if path.is_empty() => name.into(),
        Some(name) => format!("{path}.{name}"),
        None => path.into(),
    };
    JsonError::Field {
        field,
        line: error.line(),
        column: error.column(),
        reason: reason.into(),
    }
}

/// Reads a product and checks that it holds together.
pub(crate) fn checked<P: DeserializeOwned>(
    text: &str,
    validate: fn(&P) -> Result<(), Violations>,
) -> Result<P, JsonError> {
    held(text, read(text)?, validate)
}

/// A product that was read from a text, if it holds together.
pub(crate) fn held<P>(
    text: &str,
    product: P,
    validate: fn(&P) -> Result<(), Violations>,
) -> Result<P, JsonError> {
    match validate(&product) {
        Ok(()) => Ok(product),
        Err(violations) => Err(located(text, violations)),
    }
}

/// Puts the line of its field beside each violation.
fn located(text: &str, violations: Violations) -> JsonError {
    let root = Node::parse(text).ok();
    let problems = violations.into_iter().map(|violation| {
        let line = root
            .as_ref()
            .map_or(1, |root| root.line_of(&violation.field));
        (line, violation)
    });
    JsonError::Rules {
        problems: problems.collect(),
    }
}

/// A JSON value with its place and its numbers as they are written.
#[derive(Clone, Debug)]
pub(crate) struct Node<'a> {
    pub(crate) line: usize,
    pub(crate) value: Value<'a>,
}

/// What a JSON value is.
#[derive(Clone, Debug)]
pub(crate) enum Value<'a> {
    Null,
    Bool(bool),
    Number(&'a str),
    Text(String),
    List(Vec<Node<'a>>),
    Object(Vec<(String, Node<'a>)>),
}

/// Deeper documents are refused: no product is that deep, and reading recurses.
const DEPTH_MAX: usize = 32;

impl<'a> Node<'a> {
    pub(crate) fn parse(text: &'a str) -> Result<Self, JsonError> {
        let raw: &RawValue = serde_json::from_str(text).map_err(|error| refused("", &error))?;
        let mut lines = Lines {
            text,
            at: 0,
            line: 1,
        };
        Self::from_raw(raw.get(), &mut lines, DEPTH_MAX)
    }

    fn from_raw(raw: &'a str, lines: &mut Lines<'a>, depth: usize) -> Result<Self, JsonError> {
        let line = lines.of(raw);
        let refuse = |error: serde_json::Error| JsonError::Field {
            field: String::new(),
            line,
            column: error.column(),
            reason: error.to_string(),
        };
        let Some(deeper) = depth.checked_sub(1) else {
            return Err(JsonError::Field {
                field: String::new(),
                line,
                column: 1,
                reason: format!("more than {DEPTH_MAX} levels: fewer are allowed"),
            });
        };
        let value = match raw.as_bytes().first() {
            Some(b'{') => {
                let Members(members) = serde_json::from_str(raw).map_err(refuse)?;
                let mut object = Vec::with_capacity(members.len());
                for (name, raw) in members {
                    object.push((name, Self::from_raw(raw.get(), lines, deeper)?));
                }
                Value::Object(object)
            }
            Some(b'[') => {
                let raws: Vec<&RawValue> = serde_json::from_str(raw).map_err(refuse)?;
                let nodes = raws
                    .into_iter()
                    .map(|raw| Self::from_raw(raw.get(), lines, deeper));
                Value::List(nodes.collect::<Result<_, _>>()?)
            }
            Some(b'"') => Value::Text(serde_json::from_str(raw).map_err(refuse)?),
            Some(b't') => Value::Bool(true),
            Some(b'f') => Value::Bool(false),
            Some(b'n') => Value::Null,
            _ => Value::Number(raw),
        };
        Ok(Self { line, value })
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Self> {
        match &self.value {
            Value::Object(members) => members
                .iter()
                .find(|(own, _)| own == name)
                .map(|(_, node)| node),
            _ => None,
        }
    }

    /// The line of the deepest part of a path that is there.
    fn line_of(&self, path: &str) -> usize {
        let mut node = self;
        for part in path.split('.') {
            let (name, index) = match part.strip_suffix(']').and_then(|part| part.split_once('[')) {
                Some((name, index)) => (name, index.parse::<usize>().ok()),
                None => (part, None),
            };
            let Some(mut inner) = node.get(name) else {
                break;
            };
            if let (Value::List(items), Some(index)) = (&inner.value, index) {
                inner = items.get(index).unwrap_or(inner);
            }
            node = inner;
        }
        node.line
    }
}

impl fmt::Display for Node<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            Value::Null => f.write_str("null"),
            Value::Bool(value) => write!(f, "{value}"),
            Value::Number(text) => f.write_str(text),
            Value::Text(text) => f.write_str(text),
            Value::List(items) => write!(f, "a list of {}", items.len()),
            Value::Object(_) => f.write_str("an object"),
        }
    }
}

/// Counts lines; parts are asked for in the order of the text.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: usize,
}

impl Lines<'_> {
    fn of(&mut self, part: &str) -> usize {
        // Both are slices of one text: the difference of their places is the offset.
        let offset = (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        let between = self.text.get(self.at..offset).unwrap_or_default();
        let more = between.bytes().filter(|byte| *byte == b'\n').count();
        self.line = self.line.saturating_add(more);
        self.at = self.at.max(offset);
        self.line
    }
}

/// The members of an object in their order. A name that comes twice is refused.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> de::Deserialize<'de> for Members<'de> {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> de::Visitor<'de> for Visitor {
            type Value = Members<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: de::MapAccess<'de>>(
                self,
                mut map: A,
            ) -> Result<Members<'de>, A::Error> {
                let mut members: Vec<(String, &'de RawValue)> = Vec::new();
                while let Some(name) = map.next_key::<Cow<'de, str>>()? {
                    if members.iter().any(|(own, _)| *own == name) {
                        return Err(de::Error::custom(format!("duplicate field `{name}`")));
                    }
                    members.push((name.into_owned(), map.next_value()?));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Visitor)
    }
}

/// Reading and writing of a product, for those whose text reads like a loan product's.
macro_rules! exchanged {
    ($product:ty) => {
        impl $product {
            /// Reads the product from JSON and checks that it holds together.
            ///
            /// # Errors
            /// As [`crate::LoanProduct::from_json`].
            pub fn from_json(text: &str) -> Result<Self, crate::JsonError> {
                crate::json::checked(text, Self::validate)
            }

            /// The product as JSON, indented.
            ///
            /// # Errors
            /// None in practice: every part of a product can be written.
            pub fn to_json(&self) -> Result<String, serde_json::Error> {
                serde_json::to_string_pretty(self)
            }
        }
    };
}

pub(crate) use exchanged;
