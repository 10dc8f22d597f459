//! The same client twice: conditions joined by and within a group, groups joined by or.
//!
//! ```
//! use kyc_rules::duplicates::{Comparator, DuplicateCheck, DuplicatePolicy, FieldMatch};
//! let policy = DuplicatePolicy::usual();
//! let record = |fields: &[(&str, &str)]| {
//!     fields.iter().map(|(k, v)| (k.to_string(), vec![v.to_string()])).collect()
//! };
//! let known = record(&[("first_name", "Sarah"), ("last_name", "Nakato"), ("mobile_phone", "+256772123456")]);
//! let new = record(&[("first_name", "Sara"), ("last_name", "Nakatto"), ("mobile_phone", "+256 772 123456")]);
//! assert_eq!(policy.check(&new, &known), Some(DuplicateCheck::Refuse));
//! let other = record(&[("first_name", "Sara"), ("last_name", "Nakatto")]);
//! assert_eq!(policy.check(&other, &known), None);
//! ```

use alloc::{
    collections::BTreeMap,
    string::{String, ToString},
    vec::Vec,
};

use serde::{Deserialize, Serialize};

use crate::names::{Name, NameKind, phonetic, similarity};

/// Fields of a client by name, each with all its values: a client has several documents and phones.
/// A field that is not there matches nothing. See [`crate::party::Client::record`].
pub type Record = BTreeMap<String, Vec<String>>;

/// A record that may be of the same client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Duplicate {
    /// The id of the known record.
    pub known: String,
    /// The group of conditions that matched, from 0.
    pub group: usize,
    /// What it leads to.
    pub action: DuplicateCheck,
}

/// When two records are of one client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DuplicatePolicy {
    /// Groups of conditions: all of one group, or all of another.
    pub groups: Vec<Vec<FieldMatch>>,
    /// What a duplicate leads to.
    pub action: DuplicateCheck,
    /// Groups that only warn, by position, whatever the policy does with the others.
    #[serde(default)]
    pub only_warn: Vec<usize>,
}

/// What a duplicate leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum DuplicateCheck {
    /// The officer is warned.
    Warn,
    /// The record is refused.
    Refuse,
}

/// A condition on one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FieldMatch {
    /// The field.
    pub field: String,
    /// How it compares.
    pub by: Comparator,
}

/// How two values of a field compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Comparator {
    /// Letter by letter.
    Exact,
    /// Without case, spaces and punctuation.
    Normalised,
    /// As names, from a score in basis points on.
    Fuzzy {
        /// The least score.
        min: u32,
    },
    /// By sound (Soundex).
    Phonetic,
    /// As numbers of documents: letters and digits alone, whatever their case, without leading zeros.
    IdEqual,
}

impl DuplicatePolicy {
    /// The usual groups: document number; home phone; mobile phone; e-mail; first and last name;
    /// last name and birth date. Refuses.
    #[must_use]
    pub fn usual() -> Self {
        let groups: [&[&str]; 6] = [
            &["id_number"],
            &["home_phone"],
            &["mobile_phone"],
            &["email"],
            &["first_name", "last_name"],
            &["last_name", "birth_date"],
        ];
        let condition = |field: &&str| FieldMatch {
            field: (*field).to_string(),
            by: Comparator::Normalised,
        };
        Self {
            groups: groups
                .iter()
                .map(|group| group.iter().map(condition).collect())
                .collect(),
            action: DuplicateCheck::Refuse,
            only_warn: Vec::new(),
        }
    }

    /// All known records that may be of the client, those that refuse first, then in the order
    /// given. `known` are ids with their records; the new record's own id is the host's to leave out.
    #[must_use]
    pub fn find<'a>(
        &self,
        new: &Record,
        known: impl IntoIterator<Item = (&'a str, &'a Record)>,
    ) -> Vec<Duplicate> {
        let mut found: Vec<Duplicate> = known
            .into_iter()
            .filter_map(|(id, record)| {
                let group = self.heaviest(new, record)?;
                Some(Duplicate {
                    known: id.to_string(),
                    group,
                    action: self.action_of(group),
                })
            })
            .collect();
        found.sort_by_key(|duplicate| core::cmp::Reverse(duplicate.action));
        found
    }

    fn action_of(&self, group: usize) -> DuplicateCheck {
        if self.only_warn.contains(&group) {
            DuplicateCheck::Warn
        } else {
            self.action
        }
    }

    /// The first matching group of the heaviest action.
    fn heaviest(&self, new: &Record, known: &Record) -> Option<usize> {
        let groups = self.groups.iter().enumerate();
        let matching = groups.filter(|(_, group)| {
            !group.is_empty() && group.iter().all(|condition| condition.holds(new, known))
        });
        let positions = matching.map(|(at, _)| at);
        positions.min_by_key(|at| (core::cmp::Reverse(self.action_of(*at)), *at))
    }

    /// What a record leads to beside one that is known; none: they are not of one client. An empty
    /// group matches nothing.
    #[must_use]
    pub fn check(&self, new: &Record, known: &Record) -> Option<DuplicateCheck> {
        self.heaviest(new, known).map(|group| self.action_of(group))
    }
}

impl FieldMatch {
    fn holds(&self, new: &Record, known: &Record) -> bool {
        let (Some(own), Some(listed)) = (new.get(&self.field), known.get(&self.field)) else {
            return false;
        };
        own.iter()
            .any(|a| listed.iter().any(|b| self.by.holds(a, b)))
    }
}

impl Comparator {
    fn holds(self, a: &str, b: &str) -> bool {
        if a.trim().is_empty() || b.trim().is_empty() {
            return false;
        }
        match self {
            Self::Exact => a == b,
            Self::Normalised => plain(a) == plain(b) && !plain(a).is_empty(),
            Self::IdEqual => {
                let number = |text: &str| plain(text).trim_start_matches('0').to_string();
                number(a) == number(b) && !number(a).is_empty()
            }
            Self::Phonetic => phonetic::soundex(a) == phonetic::soundex(b),
            Self::Fuzzy { min } => {
                let name = |text: &str| Name::new(text, NameKind::Person);
                similarity(&name(a), &name(b)) >= min
            }
        }
    }
}

fn plain(text: &str) -> String {
    let kept = text.chars().filter(|c| c.is_alphanumeric());
    kept.flat_map(char::to_lowercase).collect()
}
