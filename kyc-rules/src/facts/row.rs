//! A row of a stream: one past or current event.

use alloc::collections::BTreeMap;

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

use super::Value;
use crate::code::FieldName;

/// One event the host passes for aggregates: a transaction, an application, a login.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Row {
    /// When it happened, in the time zone the lender's windows are defined in.
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub at: NaiveDateTime,
    /// Whether this is the event under decision; an aggregate says whether it counts.
    #[serde(default)]
    pub current: bool,
    /// Its fields.
    #[serde(default)]
    pub fields: BTreeMap<FieldName, Value>,
}
