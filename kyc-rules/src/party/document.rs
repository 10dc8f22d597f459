//! Identity documents.

use alloc::string::String;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::code::{CountryCode, DocumentKind};

/// What the lender made of a document.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum DocumentStatus {
    /// Received, not looked at yet.
    #[default]
    Presented,
    /// Checked and accepted.
    Accepted,
    /// Checked and refused.
    Refused,
}

/// A document of a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct IdentityDocument {
    /// What kind.
    pub kind: DocumentKind,
    /// The number on it, as printed.
    pub number: String,
    /// The country that issued it.
    pub issuer: CountryCode,
    /// The authority that issued it.
    #[serde(default)]
    pub authority: Option<String>,
    /// First day it is valid.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub valid_from: Option<NaiveDate>,
    /// Last day it is valid.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub expires: Option<NaiveDate>,
    /// What the lender made of it.
    #[serde(default)]
    pub status: DocumentStatus,
}

impl IdentityDocument {
    /// Whether it can be relied on that day: accepted, begun and not expired. The printed expiry
    /// day is the last valid day.
    #[must_use]
    pub fn acceptable(&self, on: NaiveDate) -> bool {
        self.status == DocumentStatus::Accepted
            && self.valid_from.is_none_or(|from| from <= on)
            && self.expires.is_none_or(|expires| on <= expires)
    }
}
