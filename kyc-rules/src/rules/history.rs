//! Looking back: replay a decision, compare two books, try a book on past cases.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    string::String,
    vec::Vec,
};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Decision, EvaluateError, RuleBook, Verdict, compile::CompiledBook};
use crate::{
    code::{CardId, FactPath, RuleId, SetId, TableId, TierId},
    facts::Facts,
};

/// Why a decision could not be confirmed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReplayError {
    /// Another book or version.
    #[error("the decision was made with {made}: {given} was given")]
    Book {
        /// Book and version of the decision.
        made: String,
        /// Book and version given.
        given: String,
    },
    /// Other facts.
    #[error("the facts are not those of the decision: their hash is {given}, {made} was recorded")]
    Inputs {
        /// The hash recorded.
        made: String,
        /// The hash of what was given.
        given: String,
    },
    /// The same inputs give another result: the book was changed without a new version.
    #[error("the same inputs now give {now:?} instead of {made:?}")]
    Result {
        /// The verdict recorded.
        made: Verdict,
        /// The verdict now.
        now: Verdict,
    },
    /// The facts or the book were refused.
    #[error(transparent)]
    Evaluate(#[from] EvaluateError),
}

impl ReplayError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::Book { .. } => 4171,
            Self::Inputs { .. } => 4172,
            Self::Result { .. } => 4173,
            Self::Evaluate(inner) => inner.code(),
        }
    }
}

impl Decision {
    /// Makes the decision again from the same book and facts and compares every part of it.
    ///
    /// # Errors
    /// [`ReplayError`], naming what differs.
    pub fn replay(&self, book: &RuleBook, facts: &Facts) -> Result<(), ReplayError> {
        if self.book != book.id || self.version != book.version {
            return Err(ReplayError::Book {
                made: alloc::format!("{} version {}", self.book, self.version),
                given: alloc::format!("{} version {}", book.id, book.version),
            });
        }
        let again = book.evaluate(facts, self.on)?;
        if again.inputs_hash != self.inputs_hash {
            return Err(ReplayError::Inputs {
                made: self.inputs_hash.clone(),
                given: again.inputs_hash,
            });
        }
        if again == *self {
            Ok(())
        } else {
            Err(ReplayError::Result {
                made: self.verdict,
                now: again.verdict,
            })
        }
    }
}

/// What differs between two books.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BookDiff {
    /// Rules only the newer book has.
    pub added: Vec<RuleId>,
    /// Rules only the older book has.
    pub removed: Vec<RuleId>,
    /// Rules that differ, with the names of the parts that do.
    pub changed: BTreeMap<RuleId, Vec<String>>,
    /// Tiers that were added, removed or changed.
    pub tiers: BTreeSet<TierId>,
    /// Decision tables that were added, removed or changed.
    pub tables: BTreeSet<TableId>,
    /// Scorecards that were added, removed or changed.
    pub scorecards: BTreeSet<CardId>,
    /// Facts whose declaration was added, removed or changed.
    pub facts: BTreeSet<FactPath>,
    /// Sets whose members changed.
    pub sets: BTreeSet<SetId>,
    /// Whether the combination of risk points, or the answer to holes in tiers, changed.
    pub policy: bool,
}

/// Names of the items that only one side has.
fn apart<'a, T: PartialEq, K: Ord + Clone + 'a>(
    old: &'a [T],
    new: &'a [T],
    key: impl Fn(&'a T) -> &'a K,
) -> BTreeSet<K> {
    let only = |own: &'a [T], other: &'a [T]| own.iter().filter(move |item| !other.contains(item));
    only(old, new)
        .chain(only(new, old))
        .map(|item| key(item).clone())
        .collect()
}

impl RuleBook {
    /// What changes from this book to a newer one.
    #[must_use]
    pub fn diff(&self, newer: &Self) -> BookDiff {
        let index = |book: &Self| -> BTreeMap<RuleId, usize> {
            let rules = book.rules.iter().enumerate();
            rules.map(|(at, rule)| (rule.id.clone(), at)).collect()
        };
        let (old, new) = (index(self), index(newer));
        let mut diff = BookDiff::default();
        for (id, at) in &new {
            match old.get(id).and_then(|at| self.rules.get(*at)) {
                None => diff.added.push(id.clone()),
                Some(before) => {
                    if let Some(after) = newer.rules.get(*at)
                        && before != after
                    {
                        diff.changed.insert(id.clone(), before.differences(after));
                    }
                }
            }
        }
        diff.removed = old
            .keys()
            .filter(|id| !new.contains_key(*id))
            .cloned()
            .collect();
        diff.tiers = apart(&self.tiers, &newer.tiers, |tier| &tier.id);
        diff.tables = apart(&self.tables, &newer.tables, |table| &table.id);
        diff.scorecards = apart(&self.scorecards, &newer.scorecards, |card| &card.id);
        diff.facts = apart(&self.facts, &newer.facts, |decl| &decl.path);
        let names = self.sets.keys().chain(newer.sets.keys());
        diff.sets = names
            .filter(|name| self.sets.get(*name) != newer.sets.get(*name))
            .cloned()
            .collect();
        diff.policy = self.risk != newer.risk || self.on_tier_hole != newer.on_tier_hole;
        diff
    }
}

impl super::Rule {
    fn differences(&self, other: &Self) -> Vec<String> {
        let parts = [
            ("family", self.family != other.family),
            ("scope", self.scope != other.scope),
            ("valid", self.valid != other.valid),
            ("topic", self.topic != other.topic),
            ("priority", self.priority != other.priority),
            ("state", self.state != other.state),
            ("when", self.when != other.when),
            ("on_unknown", self.on_unknown != other.on_unknown),
            ("then", self.then != other.then),
            ("cite", self.cite != other.cite),
            ("disclosable", self.disclosable != other.disclosable),
        ];
        let changed = parts.into_iter().filter(|(_, differs)| *differs);
        changed.map(|(name, _)| name.into()).collect()
    }
}

/// A past case to try a book on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastCase<'a> {
    /// What the host calls it.
    pub id: &'a str,
    /// Its facts.
    pub facts: &'a Facts,
    /// The day it was decided for.
    pub on: NaiveDate,
}

/// What a newer book would have changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Backtest {
    /// Cases tried.
    pub cases: u64,
    /// Cases with the same verdict.
    pub same: u64,
    /// How many went from one verdict to another.
    pub moves: BTreeMap<Verdict, BTreeMap<Verdict, u64>>,
    /// The cases that moved.
    pub flips: Vec<Flip>,
}

/// A case whose verdict changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flip {
    /// The case.
    pub case: String,
    /// With the older book.
    pub before: Verdict,
    /// With the newer book.
    pub after: Verdict,
    /// Rules whose outcomes differ.
    pub because: Vec<RuleId>,
}

impl CompiledBook {
    /// Decides past cases with this book and a newer one.
    ///
    /// # Errors
    /// The first [`EvaluateError`] of a case.
    pub fn backtest<'a>(
        &self,
        newer: &Self,
        cases: impl IntoIterator<Item = PastCase<'a>>,
    ) -> Result<Backtest, EvaluateError> {
        let mut report = Backtest::default();
        for case in cases {
            let before = self.evaluate(case.facts, case.on)?;
            let after = newer.evaluate(case.facts, case.on)?;
            report.cases = report.cases.saturating_add(1);
            if before.verdict == after.verdict {
                report.same = report.same.saturating_add(1);
                continue;
            }
            let count = report
                .moves
                .entry(before.verdict)
                .or_default()
                .entry(after.verdict)
                .or_default();
            *count = count.saturating_add(1);
            report.flips.push(Flip {
                case: case.id.into(),
                before: before.verdict,
                after: after.verdict,
                because: differing(&before, &after),
            });
        }
        Ok(report)
    }
}

type Acting<'a> = BTreeMap<&'a super::Source, (super::Truth, Vec<&'a super::Outcome>)>;

fn acting(decision: &Decision) -> Acting<'_> {
    let active = decision
        .trace
        .iter()
        .filter(|t| !t.shadow && t.replaced_by.is_none());
    active
        .map(|trace| {
            let own = decision.outcomes.iter().filter(
                |fired| matches!(&trace.source, super::Source::Rule(rule) if *rule == fired.rule),
            );
            (
                &trace.source,
                (trace.result, own.map(|fired| &fired.outcome).collect()),
            )
        })
        .collect()
}

fn differing(before: &Decision, after: &Decision) -> Vec<RuleId> {
    let (before, after) = (acting(before), acting(after));
    let sources: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    sources
        .into_iter()
        .filter(|source| before.get(*source) != after.get(*source))
        .filter_map(|source| match source {
            super::Source::Rule(rule) => Some(rule.clone()),
            _ => None,
        })
        .collect()
}
