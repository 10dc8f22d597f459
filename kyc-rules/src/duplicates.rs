//! The same client twice: conditions joined by and within a group, groups joined by or.
//!
//! ```
//! use kyc_rules::duplicates::{Comparator, DuplicateCheck, DuplicatePolicy, FieldMatch};
//! let policy = DuplicatePolicy::usual();
//! let record = |fields: &[(&str, &str)]| {
//!     fields.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect()
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

/// Fields of a client by name; a field that is not there matches nothing.
pub type Record = BTreeMap<String, String>;

/// When two records are of one client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DuplicatePolicy {
    /// Groups of conditions: all of one group, or all of another.
    pub groups: Vec<Vec<FieldMatch>>,
    /// What a duplicate leads to.
    pub action: DuplicateCheck,
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
        }
    }

    /// What a record leads to beside one that is known; none: they are not of one client. An empty
    /// group matches nothing.
    #[must_use]
    pub fn check(&self, new: &Record, known: &Record) -> Option<DuplicateCheck> {
        self.matched(new, known).map(|_| self.action)
    }

    /// The first group that matches.
    #[must_use]
    pub fn matched(&self, new: &Record, known: &Record) -> Option<&[FieldMatch]> {
        let mut groups = self.groups.iter();
        let found = groups.find(|group| {
            !group.is_empty() && group.iter().all(|condition| condition.holds(new, known))
        });
        found.map(Vec::as_slice)
    }
}

impl FieldMatch {
    fn holds(&self, new: &Record, known: &Record) -> bool {
        let (Some(a), Some(b)) = (new.get(&self.field), known.get(&self.field)) else {
            return false;
        };
        if a.trim().is_empty() || b.trim().is_empty() {
            return false;
        }
        match self.by {
            Comparator::Exact => a == b,
            Comparator::Normalised => plain(a) == plain(b) && !plain(a).is_empty(),
            Comparator::Phonetic => phonetic::soundex(a) == phonetic::soundex(b),
            Comparator::Fuzzy { min } => {
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
