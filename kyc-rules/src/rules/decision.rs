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
    Citation, Family, Item, Outcome, RuleBook, Truth,
    asks::{self, ItemSet},
    compile::CompiledBook,
    error::EvaluateError,
    risk::Risk,
    run::Run,
    trace::TraceNode,
};
use crate::{
    code::{BookId, CardId, FactPath, ListId, RuleId, SetId, TableId, TierId},
    facts::Facts,
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
    /// The declaration of a fact.
    Fact(FactPath),
    /// A named set.
    Set(SetId),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rule(rule) => write!(f, "rule {rule}"),
            Self::Tier(tier) => write!(f, "tier {tier}"),
            Self::Table(table) => write!(f, "table {table}"),
            Self::Card(card) => write!(f, "scorecard {card}"),
            Self::Fact(path) => write!(f, "fact {path}"),
            Self::Set(set) => write!(f, "set {set}"),
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
        let decision = Decision {
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
        };
        let mut decision = Run::over(self, &bound, decision, facts)?;
        let risk = self.book.risk.as_ref();
        decision.risk = risk.map(|policy| policy.combine(&decision.outcomes));
        Ok(decision)
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
