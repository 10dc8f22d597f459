//! Typed values.

use alloc::{string::String, vec::Vec};
use core::{cmp::Ordering, fmt};

use chrono::NaiveDate;
use ledger::Money;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A typed value. Values of two kinds never compare as equal or ordered: a rule that tries is
/// refused when the book is compiled.
///
/// In JSON the kind is the key: `{"number": "12.5"}`, `{"date": "2026-11-21"}`,
/// `{"money": {"amount": "100.00", "currency": "KES"}}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Value {
    /// Yes or no.
    Bool(bool),
    /// An exact number without a unit.
    Number(
        #[serde(with = "ledger::money::exact")]
        #[cfg_attr(feature = "schema", schemars(with = "String"))]
        Decimal,
    ),
    /// An amount of money.
    Money(Money),
    /// A calendar date.
    Date(#[cfg_attr(feature = "schema", schemars(with = "String"))] NaiveDate),
    /// Text, or a code of a set.
    Text(String),
    /// Several values.
    List(Vec<Value>),
}

/// The kind of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ValueKind {
    /// See [`Value::Bool`].
    Bool,
    /// See [`Value::Number`].
    Number,
    /// See [`Value::Money`].
    Money,
    /// See [`Value::Date`].
    Date,
    /// See [`Value::Text`].
    Text,
    /// See [`Value::List`].
    List,
}

impl Value {
    /// Text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A whole number.
    #[must_use]
    pub fn int(number: i64) -> Self {
        Self::Number(Decimal::from(number))
    }

    /// The kind of this value.
    #[must_use]
    pub const fn kind(&self) -> ValueKind {
        match self {
            Self::Bool(_) => ValueKind::Bool,
            Self::Number(_) => ValueKind::Number,
            Self::Money(_) => ValueKind::Money,
            Self::Date(_) => ValueKind::Date,
            Self::Text(_) => ValueKind::Text,
            Self::List(_) => ValueKind::List,
        }
    }
}

impl Value {
    /// The order of two values of one kind; none: of different kinds, amounts in different
    /// currencies, or lists.
    #[must_use]
    pub fn order(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => Some(a.cmp(b)),
            (Self::Money(a), Self::Money(b)) => a.checked_cmp(b).ok(),
            (Self::Date(a), Self::Date(b)) => Some(a.cmp(b)),
            (Self::Text(a), Self::Text(b)) => Some(a.cmp(b)),
            (Self::Bool(a), Self::Bool(b)) => Some(a.cmp(b)),
            _ => None,
        }
    }
}

impl fmt::Display for ValueKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bool => "yes/no",
            Self::Number => "number",
            Self::Money => "money",
            Self::Date => "date",
            Self::Text => "text",
            Self::List => "list",
        })
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(true) => f.write_str("yes"),
            Self::Bool(false) => f.write_str("no"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Money(money) => write!(f, "{money}"),
            Self::Date(date) => write!(f, "{date}"),
            Self::Text(text) => f.write_str(text),
            Self::List(items) => {
                f.write_str("[")?;
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        f.write_str(", ")?;
                    }
                    write!(f, "{item}")?;
                }
                f.write_str("]")
            }
        }
    }
}
