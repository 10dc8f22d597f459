//! The index of a list and the search in it.

use alloc::{collections::BTreeMap, string::String, vec::Vec};

use chrono::NaiveDate;
use sha2::{Digest, Sha256};

use super::subject::{
    AliasStrength, Band, Hit, ListEntry, Qualifier, QualifierKind, ScreenOptions, Subject,
};
use crate::{
    code::ListId,
    names::{Name, compare, similarity},
    rules::hex,
};

/// Most names compared for one query; those that share the rarest keys with it come first.
pub const CANDIDATES_MAX: usize = 96;
/// A key that more names share than this says nothing on its own.
const COMMON: usize = 1_500;
/// What a near-certain match by document number is raised to.
const IDENTIFIED: u32 = 9_500;

/// A list, indexed.
#[derive(Clone, Debug)]
pub struct ScreeningList {
    id: ListId,
    version: String,
    entries: Vec<ListEntry>,
    /// Entry and alias of each indexed name, with the name prepared.
    names: Vec<(u32, AliasStrength, Name)>,
    /// Key to positions in `names`, ascending.
    keys: BTreeMap<String, Vec<u32>>,
}

impl ScreeningList {
    /// Indexes a list. `version` is what the publisher calls this edition; record it with
    /// [`crate::facts::Facts::with_list`].
    #[must_use]
    pub fn new(id: ListId, version: impl Into<String>, entries: Vec<ListEntry>) -> Self {
        let mut names: Vec<(u32, AliasStrength, Name)> = Vec::new();
        let mut keys: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for (at, entry) in entries.iter().enumerate() {
            for alias in &entry.names {
                let name = Name::new(&alias.text, entry.kind);
                let position = u32::try_from(names.len()).unwrap_or(u32::MAX);
                for key in name.keys() {
                    keys.entry(key).or_default().push(position);
                }
                names.push((u32::try_from(at).unwrap_or(u32::MAX), alias.strength, name));
            }
        }
        Self {
            id,
            version: version.into(),
            entries,
            names,
            keys,
        }
    }

    /// Which list.
    #[must_use]
    pub const fn id(&self) -> &ListId {
        &self.id
    }

    /// Which edition.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// How many names are indexed.
    #[must_use]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether the list is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Potential matches, the best first; equal scores in the order of the list. Suppressed ones
    /// are given too, and marked.
    #[must_use]
    pub fn screen(&self, subject: &Subject, options: &ScreenOptions, on: NaiveDate) -> Vec<Hit> {
        let queries: Vec<Name> = subject
            .names
            .iter()
            .map(|name| Name::new(name, subject.kind))
            .collect();
        // Best name of each entry: entry -> (score, query, position).
        let mut best: BTreeMap<u32, (u32, usize, u32)> = BTreeMap::new();
        for (which, query) in queries.iter().enumerate() {
            for position in self.candidates(query) {
                let Some((entry, strength, name)) = self.name(position) else {
                    continue;
                };
                if *strength == AliasStrength::Weak {
                    continue;
                }
                let score = similarity(query, name);
                let known = best.entry(*entry).or_insert((score, which, position));
                if score > known.0 {
                    *known = (score, which, position);
                }
            }
        }
        self.identified(subject, &mut best);
        let mut hits: Vec<Hit> = best
            .into_iter()
            .filter_map(|(entry, (_, which, position))| {
                self.hit(subject, options, on, entry, queries.get(which)?, position)
            })
            .filter(|hit| hit.score >= options.threshold)
            .collect();
        hits.sort_by_key(|hit| core::cmp::Reverse(hit.score));
        hits.truncate(options.limit);
        hits
    }

    fn name(&self, position: u32) -> Option<&(u32, AliasStrength, Name)> {
        self.names.get(usize::try_from(position).ok()?)
    }

    /// Positions of names that share keys with the query, those with the rarest keys first.
    fn candidates(&self, query: &Name) -> Vec<u32> {
        let keys = query.keys();
        let mut postings: Vec<&Vec<u32>> =
            keys.iter().filter_map(|key| self.keys.get(key)).collect();
        postings.sort_by_key(|found| found.len());
        let mut votes: BTreeMap<u32, u32> = BTreeMap::new();
        for found in postings {
            if found.len() > COMMON && votes.len() >= CANDIDATES_MAX {
                break;
            }
            // A key shared by few says more: 1,000 down to 1.
            let weight = 1_000_usize
                .checked_div(found.len())
                .unwrap_or(0)
                .saturating_add(20);
            let weight = u32::try_from(weight).unwrap_or(u32::MAX);
            for position in found {
                let count = votes.entry(*position).or_default();
                *count = count.saturating_add(weight);
            }
        }
        let mut ranked: Vec<(u32, u32)> = votes.into_iter().collect();
        if ranked.len() > CANDIDATES_MAX {
            let order = |a: &(u32, u32), b: &(u32, u32)| b.1.cmp(&a.1).then(a.0.cmp(&b.0));
            ranked.select_nth_unstable_by(CANDIDATES_MAX, order);
            ranked.truncate(CANDIDATES_MAX);
        }
        ranked.into_iter().map(|(position, _)| position).collect()
    }

    /// Entries with the same document number are looked at whatever their name.
    fn identified(&self, subject: &Subject, best: &mut BTreeMap<u32, (u32, usize, u32)>) {
        if subject.identifiers.is_empty() {
            return;
        }
        for (position, (entry, _, _)) in self.names.iter().enumerate() {
            let listed = usize::try_from(*entry)
                .ok()
                .and_then(|at| self.entries.get(at));
            if listed.is_some_and(|listed| subject.same_identifier(listed)) {
                let position = u32::try_from(position).unwrap_or(u32::MAX);
                best.entry(*entry).or_insert((0, 0, position));
            }
        }
    }

    fn hit(
        &self,
        subject: &Subject,
        options: &ScreenOptions,
        on: NaiveDate,
        entry: u32,
        query: &Name,
        position: u32,
    ) -> Option<Hit> {
        let entry = self.entries.get(usize::try_from(entry).ok()?)?;
        let (_, _, name) = self.name(position)?;
        let found = compare(query, name);
        let mut qualifiers = subject.qualify(entry, options);
        let change: i64 = qualifiers.iter().map(|q| i64::from(q.change)).sum();
        let qualified = i64::from(found.score).saturating_add(change).max(0);
        let mut score = u32::try_from(qualified).unwrap_or(0);
        if subject.same_identifier(entry) && score < IDENTIFIED {
            let raise = IDENTIFIED.saturating_sub(score);
            qualifiers.push(Qualifier {
                kind: QualifierKind::Identifier,
                change: i32::try_from(raise).unwrap_or(0),
            });
            score = IDENTIFIED;
        }
        if score < options.threshold {
            return None;
        }
        let content_hash = entry.content_hash();
        let suppressed = options.suppressions.iter().any(|s| {
            s.subject == subject.id
                && s.entry == entry.id
                && s.content_hash == content_hash
                && on < s.until
        });
        Some(Hit {
            entry: entry.id.clone(),
            name: String::from(name.original()),
            score,
            band: Band::of(score),
            name_score: found.score,
            pairs: found.pairs,
            qualifiers,
            content_hash,
            suppressed,
        })
    }
}

impl ListEntry {
    /// SHA-256 of everything the entry says, in hexadecimal.
    #[must_use]
    pub fn content_hash(&self) -> String {
        // Plain data without maps of unordered keys: the same entry gives the same bytes.
        let bytes = serde_json::to_vec(self).unwrap_or_default();
        hex(&Sha256::digest(&bytes))
    }
}
