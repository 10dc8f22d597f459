//! Evaluating a whole book: a decision with its outcomes, what is missing, and why.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    Citation, Family, Item, OnUnknown, Outcome, RuleBook, RuleState, Truth,
    asks::{self, ItemSet},
    compile::{CompiledBook, CompiledRule, CompiledTier},
    error::EvaluateError,
    eval::BoundFacts,
    risk::Risk,
    trace::TraceNode,
};
use crate::{
    code::{BookId, CardId, FactPath, Label, ListId, RuleId, TableId, TierId},
    facts::{Facts, Value},
};

/// What a decision comes to. The order is the order of precedence: the highest of all rules wins.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Verdict {
    /// Nothing stands in the way.
    #[default]
    Pass,
    /// Something is missing: see [`Decision::missing`].
    NeedsInfo,
    /// Stopped.
    Hold,
    /// A person decides.
    Refer,
    /// Refused.
    Reject,
}

/// Where an outcome or a requirement comes from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Source {
    /// A rule.
    Rule(RuleId),
    /// What a tier needs.
    Tier(TierId),
    /// A decision table.
    Table(TableId),
    /// A scorecard.
    Card(CardId),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rule(rule) => write!(f, "rule {rule}"),
            Self::Tier(tier) => write!(f, "tier {tier}"),
            Self::Table(table) => write!(f, "table {table}"),
            Self::Card(card) => write!(f, "scorecard {card}"),
        }
    }
}

/// An outcome of a rule that held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Fired {
    /// The rule.
    pub rule: RuleId,
    /// What it is about.
    pub family: Family,
    /// What follows.
    pub outcome: Outcome,
    /// Whether the client may be told.
    pub disclosable: bool,
    /// The law or policy behind it.
    pub cite: Vec<Citation>,
}

/// Something that is missing: one of several alternatives would serve.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Requirement {
    /// Who asks.
    pub source: Source,
    /// Each alternative is a set of items needed together. Empty: nothing the host could supply
    /// would decide (a division by zero, an amount that does not fit).
    pub alternatives: Vec<BTreeSet<Item>>,
    /// Whether the client may be told who asks.
    pub disclosable: bool,
}

/// How one rule came out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RuleTrace {
    /// The rule or tier.
    pub source: Source,
    /// Whether it held.
    pub result: Truth,
    /// Whether it only reports.
    pub shadow: bool,
    /// The rule of the same topic that acted instead, if any.
    pub replaced_by: Option<RuleId>,
    /// Part by part.
    pub root: TraceNode,
    /// The law or policy behind it.
    pub cite: Vec<Citation>,
}

/// The result of evaluating a book on facts for a day. Plain data: store it, send it, replay it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Decision {
    /// What it comes to.
    pub verdict: Verdict,
    /// Outcomes of the rules that held, in rule order.
    pub outcomes: Vec<Fired>,
    /// Everything that is missing, each with its alternatives. See [`Decision::missing`].
    pub requirements: Vec<Requirement>,
    /// The tier: set by a rule, or else the highest one whose requirements are all met.
    pub tier: Option<TierId>,
    /// The client's risk, when the book combines risk points.
    pub risk: Option<Risk>,
    /// Every rule that was evaluated, in rule order.
    pub trace: Vec<RuleTrace>,
    /// Which book.
    pub book: BookId,
    /// Which version of it.
    pub version: u32,
    /// Screening lists that were searched, with their versions.
    pub lists: BTreeMap<ListId, String>,
    /// The day decided for.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub on: NaiveDate,
    /// SHA-256 of book, version, day and facts, in hexadecimal.
    pub inputs_hash: String,
}

impl Decision {
    /// The smallest set of documents, forms and fields that would settle every open requirement;
    /// one document may serve several. Empty when the case is already rejected: nothing the client
    /// brings would change that.
    #[must_use]
    pub fn missing(&self) -> Vec<Item> {
        if self.verdict == Verdict::Reject {
            return Vec::new();
        }
        self.missing_of(|_| true)
    }

    pub(crate) fn missing_of(&self, wanted: impl Fn(&Requirement) -> bool) -> Vec<Item> {
        let families: Vec<&[ItemSet]> = self
            .requirements
            .iter()
            .filter(|r| wanted(r))
            .map(|r| r.alternatives.as_slice())
            .collect();
        asks::smallest(&families).into_iter().collect()
    }

    /// Whether nothing is left open.
    #[must_use]
    pub const fn is_definite(&self) -> bool {
        self.requirements.is_empty()
    }
}

impl RuleBook {
    /// Checks the book and evaluates it. With many decisions, [`RuleBook::compile`] once instead.
    ///
    /// # Errors
    /// [`EvaluateError`] when the book, or a fact, is refused.
    pub fn evaluate(&self, facts: &Facts, on: NaiveDate) -> Result<Decision, EvaluateError> {
        self.compile()?.evaluate(facts, on)
    }
}

impl CompiledBook {
    /// Decides: every rule that is active (or in shadow) and valid on the day, and what the tier
    /// asked for (`client.requested_tier`) needs. Never reads a clock; the order of rules does not
    /// matter.
    ///
    /// # Errors
    /// [`EvaluateError::FactKind`], [`EvaluateError::UnknownTier`], [`EvaluateError::Encoding`].
    pub fn evaluate(&self, facts: &Facts, on: NaiveDate) -> Result<Decision, EvaluateError> {
        let bound = self.bind(facts, on)?;
        let mut run = Run {
            compiled: self,
            bound: &bound,
            decision: Decision {
                verdict: Verdict::Pass,
                outcomes: Vec::new(),
                requirements: Vec::new(),
                tier: None,
                risk: None,
                trace: Vec::new(),
                book: self.book.id.clone(),
                version: self.book.version,
                lists: facts.lists().clone(),
                on,
                inputs_hash: self.inputs_hash(facts, on)?,
            },
        };
        run.rules();
        run.tiers(facts)?;
        let risk = self.book.risk.as_ref();
        run.decision.risk = risk.map(|policy| policy.combine(&run.decision.outcomes));
        Ok(run.decision)
    }

    pub(crate) fn inputs_hash(
        &self,
        facts: &Facts,
        on: NaiveDate,
    ) -> Result<String, EvaluateError> {
        let inputs = (&self.book.id, self.book.version, on, facts);
        let bytes = serde_json::to_vec(&inputs).map_err(|error| EvaluateError::Encoding {
            reason: error.to_string(),
        })?;
        Ok(hex(&Sha256::digest(&bytes)))
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|byte| alloc::format!("{byte:02x}"))
        .collect()
}

struct Run<'a> {
    compiled: &'a CompiledBook,
    bound: &'a BoundFacts<'a>,
    decision: Decision,
}

impl<'a> Run<'a> {
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
        let winners = winners(&applicable);
        for (rule, result) in &applicable {
            let replaced_by = rule
                .rule
                .topic
                .as_ref()
                .filter(|_| rule.rule.state == RuleState::Active)
                .and_then(|topic| winners.get(topic))
                .filter(|winner| ***winner != rule.rule.id)
                .map(|winner| (*winner).clone());
            let (root, asks) = compiled.trace(&rule.when, &rule.node, self.bound);
            if rule.rule.state == RuleState::Active {
                let acts = replaced_by.is_none();
                match result {
                    Truth::True if acts => self.fire(rule),
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
        let offered: Vec<&CompiledTier> = compiled
            .tiers
            .iter()
            .filter(|t| t.tier.state == RuleState::Active)
            .filter(|t| t.tier.valid.contains(self.bound.on))
            .filter(|t| country.is_some_and(|c| t.tier.country.as_str() == c))
            .collect();
        if let Some(wanted) = text(facts, "client.requested_tier") {
            let tier = offered.iter().find(|t| t.tier.id.as_str() == wanted);
            match tier {
                Some(tier) => self.tier_requirements(tier),
                // Without a country nobody can say which tiers are offered: ask for it.
                None if country.is_none() => {
                    if let Ok(path) = FactPath::new("client.country")
                        && let Ok(tier) = TierId::new(wanted)
                    {
                        self.require_items(Source::Tier(tier), &[Item::Field(path)], true);
                    }
                }
                None => {
                    return Err(EvaluateError::UnknownTier {
                        tier: wanted.to_string(),
                    });
                }
            }
        }
        if self.decision.tier.is_none() {
            self.decision.tier = offered
                .iter()
                .filter(|tier| self.tier_met(tier))
                .max_by_key(|tier| tier.tier.rank)
                .map(|tier| tier.tier.id.clone());
        }
        Ok(())
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

/// Of the rules of each topic that hold, the one that acts.
fn winners<'a>(applicable: &[(&'a CompiledRule, Truth)]) -> BTreeMap<&'a Label, &'a RuleId> {
    let mut best: BTreeMap<&Label, &CompiledRule> = BTreeMap::new();
    for (rule, result) in applicable {
        let Some(topic) = &rule.rule.topic else {
            continue;
        };
        if *result != Truth::True || rule.rule.state != RuleState::Active {
            continue;
        }
        let rank = |r: &CompiledRule| (r.specificity, r.rule.priority);
        // Rules come in id order, so the first of equals stays.
        let entry = best.entry(topic).or_insert(rule);
        if rank(rule) > rank(entry) {
            *entry = rule;
        }
    }
    best.into_iter()
        .map(|(topic, rule)| (topic, &rule.rule.id))
        .collect()
}

fn text<'a>(facts: &'a Facts, path: &str) -> Option<&'a str> {
    match facts.get(path) {
        Some(Value::Text(text)) => Some(text),
        _ => None,
    }
}
