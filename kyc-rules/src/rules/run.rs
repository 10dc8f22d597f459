//! One run of a book over bound facts: rules with their topics, then tiers.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    string::ToString,
    vec::Vec,
};

use super::{
    Decision, Fired, Item, OnUnknown, Outcome, Requirement, RuleState, RuleTrace, Source, Truth,
    Verdict,
    asks::ItemSet,
    compile::{CompiledBook, CompiledRule, CompiledTier},
    error::EvaluateError,
    eval::BoundFacts,
    tier::{OnTierHole, TierAt},
};
use crate::{
    code::{FactPath, Label, TierId},
    facts::{Facts, Value},
};

pub(super) struct Run<'a> {
    compiled: &'a CompiledBook,
    bound: &'a BoundFacts<'a>,
    decision: Decision,
}

impl<'a> Run<'a> {
    /// Fills a decision that is still empty.
    pub(super) fn over(
        compiled: &'a CompiledBook,
        bound: &'a BoundFacts<'a>,
        decision: Decision,
        facts: &Facts,
    ) -> Result<Decision, EvaluateError> {
        let mut run = Self {
            compiled,
            bound,
            decision,
        };
        run.rules();
        run.tiers(facts)?;
        Ok(run.decision)
    }

    fn rules(&mut self) {
        let compiled = self.compiled;
        let event = text(self.bound.facts, "event");
        let applicable: Vec<(&CompiledRule, Truth)> = compiled
            .rules
            .iter()
            .filter(|r| r.rule.state.evaluated() && r.rule.valid.contains(self.bound.on))
            .filter(|r| r.rule.scope.covers_event(event))
            .map(|r| (r, compiled.truth(&r.node, self.bound)))
            .collect();
        let topics = topics(&applicable);
        for (rule, result) in &applicable {
            let standing = rule.rule.topic.as_ref().and_then(|topic| topics.get(topic));
            let standing = standing.filter(|_| rule.rule.state == RuleState::Active);
            let replaced_by = standing
                .and_then(|topic| topic.winner)
                .filter(|winner| outranks(winner, rule))
                .map(|winner| winner.rule.id.clone());
            // A rule of higher rank that is still open may yet replace this one.
            let waits = standing
                .and_then(|topic| topic.open)
                .is_some_and(|open| outranks(open, rule));
            let (root, asks) = compiled.trace(&rule.when, &rule.node, self.bound);
            if rule.rule.state == RuleState::Active {
                match result {
                    _ if replaced_by.is_some() => {}
                    Truth::True if !waits => self.fire(rule),
                    Truth::Unknown => self.undecided(rule, asks.decides),
                    _ => {}
                }
            }
            self.decision.trace.push(RuleTrace {
                source: Source::Rule(rule.rule.id.clone()),
                result: *result,
                shadow: rule.rule.state == RuleState::Shadow,
                replaced_by,
                root,
                cite: rule.rule.cite.clone(),
            });
        }
    }

    fn fire(&mut self, rule: &CompiledRule) {
        for outcome in &rule.rule.then {
            match outcome {
                Outcome::RequireDocument { any_of } => {
                    let items: Vec<Item> = any_of.iter().cloned().map(Item::Document).collect();
                    self.require(rule, &items);
                }
                Outcome::RequireField(path) => self.require(rule, &[Item::Field(path.clone())]),
                Outcome::RequireForm(form) => self.require(rule, &[Item::Form(form.clone())]),
                Outcome::SetTier(tier) => self.decision.tier = Some(tier.clone()),
                other => self.raise(other.verdict()),
            }
            self.decision.outcomes.push(Fired {
                rule: rule.rule.id.clone(),
                family: rule.rule.family,
                outcome: outcome.clone(),
                disclosable: rule.rule.disclosable,
                cite: rule.rule.cite.clone(),
            });
        }
    }

    fn undecided(&mut self, rule: &CompiledRule, alternatives: Vec<ItemSet>) {
        match rule.rule.on_unknown {
            OnUnknown::Ask => {
                self.raise(Verdict::NeedsInfo);
                self.decision.requirements.push(Requirement {
                    source: Source::Rule(rule.rule.id.clone()),
                    alternatives,
                    disclosable: rule.rule.disclosable,
                });
            }
            OnUnknown::Refer => self.raise(Verdict::Refer),
            OnUnknown::Reject => self.raise(Verdict::Reject),
            OnUnknown::TreatAs(true) => self.fire(rule),
            OnUnknown::TreatAs(false) => {}
        }
    }

    fn require(&mut self, rule: &CompiledRule, any_of: &[Item]) {
        let source = Source::Rule(rule.rule.id.clone());
        self.require_items(source, any_of, rule.rule.disclosable);
    }

    fn require_items(&mut self, source: Source, any_of: &[Item], disclosable: bool) {
        let compiled = self.compiled;
        if any_of
            .iter()
            .any(|item| compiled.provided(item, self.bound))
        {
            return;
        }
        self.raise(Verdict::NeedsInfo);
        self.decision.requirements.push(Requirement {
            source,
            alternatives: any_of.iter().map(|i| ItemSet::from([i.clone()])).collect(),
            disclosable,
        });
    }

    fn raise(&mut self, verdict: Verdict) {
        self.decision.verdict = self.decision.verdict.max(verdict);
    }

    fn tiers(&mut self, facts: &Facts) -> Result<(), EvaluateError> {
        let compiled = self.compiled;
        let country = text(facts, "client.country");
        let own = |tier: &&CompiledTier| country.is_some_and(|c| tier.tier.country.as_str() == c);
        let active = compiled
            .tiers
            .iter()
            .filter(|t| t.tier.state == RuleState::Active);
        let ids: BTreeSet<&TierId> = active.filter(own).map(|t| &t.tier.id).collect();
        let (mut offered, mut holes) = (BTreeMap::new(), BTreeSet::new());
        for id in ids {
            let entries = match compiled.book.tier_at(id, self.bound.on) {
                TierAt::Offered(at) => alloc::vec![at],
                TierAt::Hole(at) if compiled.book.on_tier_hole == OnTierHole::Stricter => at,
                TierAt::Hole(_) => {
                    holes.insert(id);
                    continue;
                }
                TierAt::NotOffered => continue,
            };
            let entries = entries.into_iter().filter_map(|at| compiled.tiers.get(at));
            offered.insert(id, entries.collect::<Vec<&CompiledTier>>());
        }
        if let Some(wanted) = text(facts, "client.requested_tier") {
            let found = offered.iter().find(|(id, _)| id.as_str() == wanted);
            let hole = holes.iter().find(|id| id.as_str() == wanted);
            match (found, hole) {
                (Some((_, entries)), _) => {
                    entries.iter().for_each(|tier| self.tier_requirements(tier));
                }
                (None, Some(hole)) => self.tier_hole(hole),
                // Without a country nobody can say which tiers are offered: ask for it.
                (None, None) if country.is_none() => {
                    if let Ok(path) = FactPath::new("client.country")
                        && let Ok(tier) = TierId::new(wanted)
                    {
                        self.require_items(Source::Tier(tier), &[Item::Field(path)], true);
                    }
                }
                (None, None) => {
                    return Err(EvaluateError::UnknownTier {
                        tier: wanted.to_string(),
                    });
                }
            }
        }
        if self.decision.tier.is_none() {
            let met = offered
                .iter()
                .filter(|(_, entries)| entries.iter().all(|t| self.tier_met(t)));
            let highest = met.max_by_key(|(_, entries)| entries.first().map(|t| t.tier.rank));
            self.decision.tier = highest.map(|(id, _)| (*id).clone());
        }
        Ok(())
    }

    /// Nobody the client could ask knows which entry applied: an open requirement without items.
    fn tier_hole(&mut self, tier: &TierId) {
        self.raise(Verdict::NeedsInfo);
        self.decision.requirements.push(Requirement {
            source: Source::Tier(tier.clone()),
            alternatives: Vec::new(),
            disclosable: true,
        });
    }

    fn tier_requirements(&mut self, tier: &CompiledTier) {
        let source = Source::Tier(tier.tier.id.clone());
        for (requirement, (when, node)) in tier.tier.requires.iter().zip(&tier.requires) {
            let (root, asks) = self.compiled.trace(when, node, self.bound);
            let result = root.result;
            match result {
                Truth::True => self.require_items(source.clone(), &requirement.any_of, true),
                Truth::Unknown => {
                    self.raise(Verdict::NeedsInfo);
                    self.decision.requirements.push(Requirement {
                        source: source.clone(),
                        alternatives: asks.decides,
                        disclosable: true,
                    });
                }
                Truth::False => {}
            }
            self.decision.trace.push(RuleTrace {
                source: source.clone(),
                result,
                shadow: false,
                replaced_by: None,
                root,
                cite: tier.tier.cite.clone(),
            });
        }
    }

    fn tier_met(&self, tier: &CompiledTier) -> bool {
        tier.tier
            .requires
            .iter()
            .zip(&tier.requires)
            .all(
                |(requirement, (_, node))| match self.compiled.truth(node, self.bound) {
                    Truth::False => true,
                    Truth::Unknown => false,
                    Truth::True => {
                        let mut items = requirement.any_of.iter();
                        items.any(|item| self.compiled.provided(item, self.bound))
                    }
                },
            )
    }
}

/// How a topic stands: the highest rule that holds, and the highest that is open.
#[derive(Default)]
struct Topic<'a> {
    winner: Option<&'a CompiledRule>,
    open: Option<&'a CompiledRule>,
}

fn topics<'a>(applicable: &[(&'a CompiledRule, Truth)]) -> BTreeMap<&'a Label, Topic<'a>> {
    let mut topics: BTreeMap<&Label, Topic<'a>> = BTreeMap::new();
    for (rule, result) in applicable {
        let Some(label) = &rule.rule.topic else {
            continue;
        };
        if rule.rule.state != RuleState::Active {
            continue;
        }
        let topic = topics.entry(label).or_default();
        let best = match (result, rule.rule.on_unknown) {
            (Truth::True, _) | (Truth::Unknown, OnUnknown::TreatAs(true)) => &mut topic.winner,
            (Truth::Unknown, OnUnknown::Ask) => &mut topic.open,
            _ => continue,
        };
        if best.is_none_or(|known| outranks(rule, known)) {
            *best = Some(rule);
        }
    }
    topics
}

/// Whether a rule replaces another of its topic: the more restricted scope, then the higher
/// priority, then the first by id.
fn outranks(rule: &CompiledRule, other: &CompiledRule) -> bool {
    let rank = |r: &CompiledRule| (r.specificity, r.rule.priority);
    let (own, others) = (rank(rule), rank(other));
    own > others || (own == others && rule.rule.id < other.rule.id)
}

fn text<'a>(facts: &'a Facts, path: &str) -> Option<&'a str> {
    match facts.get(path) {
        Some(Value::Text(text)) => Some(text),
        _ => None,
    }
}
