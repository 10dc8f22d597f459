//! Who is searched for, and what a list says.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::{
    code::CountryCode,
    names::{NameKind, WordPair},
    party::Sex,
};

/// An entry of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListEntry {
    /// The list's id of it.
    pub id: String,
    /// Whose name it is.
    pub kind: NameKind,
    /// Names, the main one first.
    pub names: Vec<Alias>,
    /// Birth years.
    #[serde(default)]
    pub birth_years: Vec<i32>,
    /// Birth dates, where they are known to the day.
    #[serde(default)]
    pub birth_dates: Vec<NaiveDate>,
    /// Countries: nationality, residence, registration.
    #[serde(default)]
    pub countries: Vec<CountryCode>,
    /// Sex.
    #[serde(default)]
    pub sex: Option<Sex>,
    /// Numbers of documents or registrations.
    #[serde(default)]
    pub identifiers: Vec<String>,
}

/// A name of an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alias {
    /// The name.
    pub text: String,
    /// How far it identifies.
    #[serde(default)]
    pub strength: AliasStrength,
}

/// How far a name of an entry identifies somebody.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum AliasStrength {
    /// Identifies.
    #[default]
    Strong,
    /// A nickname or a very common name: supports another match, makes none alone.
    Weak,
}

/// Who is searched for. What is not known changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// The client's id: suppressions are bound to it.
    pub id: String,
    /// Whose name it is.
    pub kind: NameKind,
    /// Names.
    pub names: Vec<String>,
    /// Birth date.
    #[serde(default)]
    pub birth_date: Option<NaiveDate>,
    /// Countries.
    #[serde(default)]
    pub countries: Vec<CountryCode>,
    /// Sex.
    #[serde(default)]
    pub sex: Option<Sex>,
    /// Numbers of documents or registrations.
    #[serde(default)]
    pub identifiers: Vec<String>,
}

/// How to search.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ScreenOptions {
    /// Hits below this score are left out. Basis points; 7,500 by default (onboarding review).
    pub threshold: u32,
    /// Most hits given, the best first.
    pub limit: usize,
    /// What a disjoint birth year takes off.
    pub birth_year: u32,
    /// What a disjoint birth date takes off.
    pub birth_date: u32,
    /// What countries without a common one take off.
    pub country: u32,
    /// What another sex takes off.
    pub sex: u32,
    /// Matches a person found to be somebody else.
    pub suppressions: Vec<Suppression>,
}

impl Default for ScreenOptions {
    fn default() -> Self {
        Self {
            threshold: 7_500,
            limit: 20,
            birth_year: 1_500,
            birth_date: 2_500,
            country: 2_000,
            sex: 2_000,
            suppressions: Vec::new(),
        }
    }
}

/// A match found to be somebody else. Bound to the content of the entry: a changed entry alerts
/// again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suppression {
    /// The client.
    pub subject: String,
    /// The entry.
    pub entry: String,
    /// The entry's content hash when it was looked at.
    pub content_hash: String,
    /// First day it no longer holds.
    pub until: NaiveDate,
    /// Who decided.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// How near a score comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Band {
    /// Below every review.
    Clear,
    /// From 7,500: looked at when a client is taken on.
    Onboarding,
    /// From 8,500: looked at when money moves.
    Payment,
    /// From 9,500: nearly certain, and still a person's decision.
    NearCertain,
}

impl Band {
    /// The band of a score in basis points.
    #[must_use]
    pub const fn of(score: u32) -> Self {
        match score {
            9_500.. => Self::NearCertain,
            8_500..=9_499 => Self::Payment,
            7_500..=8_499 => Self::Onboarding,
            _ => Self::Clear,
        }
    }
}

/// A potential match.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hit {
    /// The entry.
    pub entry: String,
    /// The name of the entry that matched.
    pub name: String,
    /// Basis points, after qualifiers.
    pub score: u32,
    /// Its band.
    pub band: Band,
    /// Basis points of the names alone.
    pub name_score: u32,
    /// Which words matched which.
    pub pairs: Vec<WordPair>,
    /// What dates, countries, sex and identifiers did to the score.
    pub qualifiers: Vec<Qualifier>,
    /// SHA-256 of the entry's content.
    pub content_hash: String,
    /// A person found this match to be somebody else; recorded, and not to be acted on.
    pub suppressed: bool,
}

/// What something besides the name did to a score.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Qualifier {
    /// What.
    pub kind: QualifierKind,
    /// Basis points; negative takes off.
    pub change: i32,
}

/// What qualifies a match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QualifierKind {
    /// Birth years differ.
    BirthYear,
    /// Birth dates differ.
    BirthDate,
    /// No country in common.
    Country,
    /// Another sex.
    Sex,
    /// The same document or registration number.
    Identifier,
}

impl ListEntry {
    /// A person with one name.
    #[must_use]
    pub fn person(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self::new(id, name, NameKind::Person)
    }

    /// An organisation with one name.
    #[must_use]
    pub fn organisation(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self::new(id, name, NameKind::Organisation)
    }

    fn new(id: impl Into<String>, name: impl Into<String>, kind: NameKind) -> Self {
        Self {
            id: id.into(),
            kind,
            names: alloc::vec![Alias {
                text: name.into(),
                strength: AliasStrength::Strong,
            }],
            birth_years: Vec::new(),
            birth_dates: Vec::new(),
            countries: Vec::new(),
            sex: None,
            identifiers: Vec::new(),
        }
    }

    /// The same with a birth year.
    #[must_use]
    pub fn born(mut self, year: i32) -> Self {
        self.birth_years.push(year);
        self
    }

    /// The same with another name.
    #[must_use]
    pub fn alias(mut self, name: impl Into<String>, strength: AliasStrength) -> Self {
        self.names.push(Alias {
            text: name.into(),
            strength,
        });
        self
    }
}

impl Subject {
    /// A person with one name.
    #[must_use]
    pub fn person(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self::new(id, name, NameKind::Person)
    }

    /// An organisation with one name.
    #[must_use]
    pub fn organisation(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self::new(id, name, NameKind::Organisation)
    }

    fn new(id: impl Into<String>, name: impl Into<String>, kind: NameKind) -> Self {
        Self {
            id: id.into(),
            kind,
            names: alloc::vec![name.into()],
            birth_date: None,
            countries: Vec::new(),
            sex: None,
            identifiers: Vec::new(),
        }
    }

    /// What everything besides the name does to a score.
    pub(super) fn qualify(&self, entry: &ListEntry, options: &ScreenOptions) -> Vec<Qualifier> {
        let mut found = Vec::new();
        let mut take = |kind, points: u32| {
            found.push(Qualifier {
                kind,
                change: i32::try_from(points).unwrap_or(i32::MAX).saturating_neg(),
            });
        };
        if let Some(born) = self.birth_date {
            let listed = entry.birth_dates.iter().map(Datelike::year);
            let mut years = entry.birth_years.iter().copied().chain(listed).peekable();
            let known = years.peek().is_some();
            if known && !years.any(|year| year == born.year()) {
                take(QualifierKind::BirthYear, options.birth_year);
            } else if !entry.birth_dates.is_empty()
                && !entry.birth_dates.contains(&born)
                && !entry.birth_years.contains(&born.year())
            {
                take(QualifierKind::BirthDate, options.birth_date);
            }
        }
        let apart = !self.countries.is_empty()
            && !entry.countries.is_empty()
            && !self.countries.iter().any(|c| entry.countries.contains(c));
        if apart {
            take(QualifierKind::Country, options.country);
        }
        if let (Some(own), Some(listed)) = (self.sex, entry.sex)
            && own != listed
            && own != Sex::Unspecified
            && listed != Sex::Unspecified
        {
            take(QualifierKind::Sex, options.sex);
        }
        found
    }

    pub(super) fn same_identifier(&self, entry: &ListEntry) -> bool {
        let plain = |text: &String| -> String {
            let kept = text.chars().filter(|c| c.is_alphanumeric());
            kept.flat_map(char::to_uppercase)
                .collect::<String>()
                .to_string()
        };
        self.identifiers.iter().any(|own| {
            let own = plain(own);
            !own.is_empty() && entry.identifiers.iter().any(|listed| plain(listed) == own)
        })
    }
}
