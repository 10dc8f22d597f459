//! Forgetting a client: a plan of what happens to each field, which the host carries out.
//!
//! The plan keeps the books: amounts and dates of accounts are not personal data of the client
//! record and are not touched. A legal duty to keep data outweighs the wish to erase it, until it
//! ends.
//!
//! ```
//! use kyc_rules::privacy::{Redaction, RetentionPolicy};
//! use kyc_rules::party::{Client, ClientState, Individual, Party};
//! let day = |text: &str| text.parse::<chrono::NaiveDate>().unwrap();
//! let mut client = Client::new("C-1", Party::Individual(Individual::default()),
//!     "UG".to_string().try_into()?, day("2015-01-01"));
//! // Uganda: records are kept for ten years.
//! let policy = RetentionPolicy { years: 10, basis: "Anti-Money Laundering Act".into() };
//! assert!(policy.plan(&client, day("2015-06-01"), day("2026-01-01")).is_err(), "still pending");
//! client.state = ClientState::Exited;
//! let early = policy.plan(&client, day("2020-06-01"), day("2026-01-01"))?;
//! assert!(early.steps.iter().any(|s| matches!(s.redaction, Redaction::Keep { .. })));
//! let late = policy.plan(&client, day("2015-06-01"), day("2025-06-01"))?;
//! assert!(late.steps.iter().all(|s| !matches!(s.redaction, Redaction::Keep { .. })));
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

use alloc::{string::String, vec::Vec};

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::party::{Client, ClientState, PartyError, Transition};

/// How long records have to be kept after the end of the relation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RetentionPolicy {
    /// Years from the last day of the relation.
    pub years: u32,
    /// The law that says so.
    pub basis: String,
}

/// What happens to a client's data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RedactionPlan {
    /// The client. Its id is to be replaced by one that says nothing.
    pub client: String,
    /// Field by field.
    pub steps: Vec<RedactionStep>,
    /// Whether everything may go now; otherwise the plan has to be made again after the last
    /// retention date.
    pub complete: bool,
}

/// What happens to one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RedactionStep {
    /// The field, as a path in the client record.
    pub field: String,
    /// What happens to it.
    pub redaction: Redaction,
}

/// What happens to a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Redaction {
    /// Removed.
    Erase,
    /// Replaced by a keyed hash, so that the same number is recognised when it comes back. The key
    /// is the host's.
    Hash,
    /// A date is cut to its year.
    YearOnly,
    /// An address is cut to its region and country.
    RegionOnly,
    /// Kept until a day, by a law.
    Keep {
        /// First day it may go.
        until: NaiveDate,
        /// The law.
        basis: String,
    },
}

/// Fields, what happens to each, and whether the duty to keep records covers it.
const FIELDS: &[(&str, Redaction, bool)] = &[
    ("party.name", Redaction::Erase, true),
    ("party.birth_date", Redaction::YearOnly, true),
    ("documents", Redaction::Hash, true),
    ("addresses", Redaction::RegionOnly, true),
    ("contacts", Redaction::Erase, false),
    ("relations", Redaction::Erase, false),
    ("history.by", Redaction::Erase, false),
];

impl RetentionPolicy {
    /// The plan for an exited client whose relation ended on `ended`.
    ///
    /// # Errors
    /// [`PartyError::Step`] for a client that has not exited.
    pub fn plan(
        &self,
        client: &Client,
        ended: NaiveDate,
        on: NaiveDate,
    ) -> Result<RedactionPlan, PartyError> {
        if client.state != ClientState::Exited {
            return Err(PartyError::step(client.state, Transition::Anonymise));
        }
        let months = self.years.saturating_mul(12);
        let until = ended
            .checked_add_months(Months::new(months))
            .unwrap_or(NaiveDate::MAX);
        let held = on < until;
        let steps = FIELDS
            .iter()
            .map(|(field, redaction, covered)| RedactionStep {
                field: String::from(*field),
                redaction: if held && *covered {
                    Redaction::Keep {
                        until,
                        basis: self.basis.clone(),
                    }
                } else {
                    redaction.clone()
                },
            });
        Ok(RedactionPlan {
            client: client.id.clone(),
            steps: steps.collect(),
            complete: !held,
        })
    }
}
