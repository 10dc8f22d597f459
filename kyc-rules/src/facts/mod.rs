//! What is known about a case: typed values by path, and rows of past events for aggregates.
//!
//! A fact is in one of three states: known (a value), known to be absent (the host looked and there
//! is none), or unknown (never asked). Rules treat the last as a question, never as false.
//!
//! Conventional paths: `client.*` (projected from a client by [`crate::party::Client::facts`]),
//! `document.<kind>` (true: presented, accepted and valid on the day), `form.<id>` (true: complete),
//! `screening.<list>` (best score in basis points), `answer.<form>.<field>`, `transaction.*`,
//! `event` (what is being decided: `onboarding`, `transaction`, ...),
//! `rate.<from>.<to>` (units of the second currency for one of the first, codes in lower case).
//!
//! ```
//! use kyc_rules::facts::{Facts, Value};
//! use ledger::{Currency, Money};
//! use rust_decimal::Decimal;
//! let ugx = Currency::from_code("UGX")?;
//! let facts = Facts::new()
//!     .with("client.country", Value::text("UG"))?
//!     .with("transaction.amount", Value::Money(Money::new(Decimal::from(1_000_000), ugx)))?
//!     .with_absent("client.tax_number")?;
//! assert!(facts.get("client.country").is_some());
//! assert!(facts.get("client.tax_number").is_none());
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod row;
mod value;

use alloc::{collections::BTreeMap, string::String, vec::Vec};

use chrono::{NaiveDate, NaiveDateTime};
pub use row::Row;
use serde::{Deserialize, Serialize};
pub use value::{Value, ValueKind};

use crate::code::{CodeError, FactPath, FieldName, ListId, StreamId};

/// One fact: its value and, where it matters, when it was established.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Fact {
    /// The value; none: the host looked, there is no value.
    pub value: Option<Value>,
    /// When the value was established. A fact older than its declaration allows is unknown again.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub as_of: Option<NaiveDate>,
}

/// Everything a decision looks at. Ordered, so that equal facts give equal bytes and equal hashes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Facts {
    values: BTreeMap<FactPath, Fact>,
    #[serde(default)]
    streams: BTreeMap<StreamId, Vec<Row>>,
    #[serde(default)]
    lists: BTreeMap<ListId, String>,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    now: Option<NaiveDateTime>,
}

impl Facts {
    /// No facts.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds or replaces a fact.
    ///
    /// # Errors
    /// [`CodeError::Code`] when the path is not a path.
    pub fn with(mut self, path: &str, value: Value) -> Result<Self, CodeError> {
        self.set(FactPath::new(path)?, value);
        Ok(self)
    }

    /// Records that the host looked for a fact and there is none.
    ///
    /// # Errors
    /// [`CodeError::Code`] when the path is not a path.
    pub fn with_absent(mut self, path: &str) -> Result<Self, CodeError> {
        let fact = Fact {
            value: None,
            as_of: None,
        };
        self.values.insert(FactPath::new(path)?, fact);
        Ok(self)
    }

    /// Adds or replaces a fact by its checked path.
    pub fn set(&mut self, path: FactPath, value: Value) {
        let fact = Fact {
            value: Some(value),
            as_of: None,
        };
        self.values.insert(path, fact);
    }

    /// Adds or replaces a fact that was established on a day, see [`Fact::as_of`].
    pub fn set_as_of(&mut self, path: FactPath, value: Value, as_of: NaiveDate) {
        let fact = Fact {
            value: Some(value),
            as_of: Some(as_of),
        };
        self.values.insert(path, fact);
    }

    /// Adds the facts of another set; where both have a path, the other wins.
    #[must_use]
    pub fn merged(mut self, other: Self) -> Self {
        self.values.extend(other.values);
        self.streams.extend(other.streams);
        self.lists.extend(other.lists);
        self.now = other.now.or(self.now);
        self
    }

    /// Sets the rows of a stream, for aggregates.
    #[must_use]
    pub fn with_stream(mut self, stream: StreamId, rows: Vec<Row>) -> Self {
        self.streams.insert(stream, rows);
        self
    }

    /// Names the version of a screening list that was searched; it is recorded in the decision.
    #[must_use]
    pub fn with_list(mut self, list: ListId, version: impl Into<String>) -> Self {
        self.lists.insert(list, version.into());
        self
    }

    /// Sets the moment rolling windows end at. Without it they end with the last second of the day
    /// the decision is made for.
    #[must_use]
    pub const fn at(mut self, now: NaiveDateTime) -> Self {
        self.now = Some(now);
        self
    }

    /// The known value of a path.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Value> {
        // `BTreeMap<FactPath, _>` cannot be asked with a `&str` that was not checked; an ill-formed
        // path is simply not there.
        let path = FactPath::new(path).ok()?;
        self.fact(&path).and_then(|fact| fact.value.as_ref())
    }

    /// The fact of a path, known or absent; none: unknown.
    #[must_use]
    pub fn fact(&self, path: &FactPath) -> Option<&Fact> {
        self.values.get(path)
    }

    /// All facts in path order.
    pub fn iter(&self) -> impl Iterator<Item = (&FactPath, &Fact)> {
        self.values.iter()
    }

    /// The rows of a stream; none: the host passed no such stream, which is not the same as empty.
    #[must_use]
    pub fn stream(&self, stream: &StreamId) -> Option<&[Row]> {
        self.streams.get(stream).map(Vec::as_slice)
    }

    /// Screening lists and their versions.
    #[must_use]
    pub const fn lists(&self) -> &BTreeMap<ListId, String> {
        &self.lists
    }

    /// The moment rolling windows end at, when the host set one.
    #[must_use]
    pub const fn now(&self) -> Option<NaiveDateTime> {
        self.now
    }
}

impl Row {
    /// The value of a field.
    #[must_use]
    pub fn get(&self, field: &FieldName) -> Option<&Value> {
        self.fields.get(field)
    }
}
