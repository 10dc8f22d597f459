//! The rule book: plain, versioned data.

use alloc::{collections::BTreeMap, string::String, vec::Vec};

use chrono::NaiveDate;
use ledger::{Currency, Money};
use serde::{Deserialize, Serialize};

use super::{
    cond::Cond,
    decision::Verdict,
    error::BookError,
    risk::RiskPolicy,
    scorecard::Scorecard,
    table::DecisionTable,
    tier::{OnTierHole, TierPolicy},
};
use crate::{
    code::{BookId, CountryCode, DocumentKind, FactPath, FormId, Label, RuleId, SetId, TierId},
    facts::{Value, ValueKind},
};

/// A versioned book of rules. A change is a new version; old versions stay, so that an old decision
/// can be replayed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RuleBook {
    /// Which book.
    pub id: BookId,
    /// Which version.
    pub version: u32,
    /// The facts its rules may look at. `document.*`, `form.*` (yes/no), `screening.*` and `rate.*`
    /// (number) need no declaration.
    #[serde(default)]
    pub facts: Vec<FactDecl>,
    /// Named sets of values.
    #[serde(default)]
    pub sets: BTreeMap<SetId, Vec<Value>>,
    /// The rules. Their order does not matter.
    #[serde(default)]
    pub rules: Vec<Rule>,
    /// Decision tables; each row is evaluated as a rule.
    #[serde(default)]
    pub tables: Vec<DecisionTable>,
    /// Points scorecards.
    #[serde(default)]
    pub scorecards: Vec<Scorecard>,
    /// How risk points become a level; none: points are listed, not combined.
    #[serde(default)]
    pub risk: Option<RiskPolicy>,
    /// KYC tiers: what each needs and allows.
    #[serde(default)]
    pub tiers: Vec<TierPolicy>,
    /// What a day leads to on which a tier has no entry, though it had one before and has one after.
    #[serde(default)]
    pub on_tier_hole: OnTierHole,
}

/// A fact that rules may look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FactDecl {
    /// Where it is found.
    pub path: FactPath,
    /// The kind of its value.
    pub kind: ValueKind,
    /// The currency its amounts are in, where that is fixed. Comparing it with another is a finding.
    #[serde(default)]
    pub unit: Option<Currency>,
    /// Days after which it is unknown again; none: it does not age.
    #[serde(default)]
    pub max_age_days: Option<u32>,
    /// Personal data: its value is left out of traces.
    #[serde(default)]
    pub personal: bool,
    /// A protected attribute (gender, religion, ethnicity, marital status).
    #[serde(default)]
    pub protected: bool,
}

/// One rule: when a condition holds, these outcomes follow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Rule {
    /// Which rule; unique in the book.
    pub id: RuleId,
    /// What it is about.
    pub family: Family,
    /// Where it applies.
    #[serde(default)]
    pub scope: Scope,
    /// When it applies.
    #[serde(default)]
    pub valid: Validity,
    /// Rules of one topic replace each other: of those that hold, the one with the most restricted
    /// scope acts, then the one with the highest priority, then the first by id. None: no rule
    /// replaces it.
    #[serde(default)]
    pub topic: Option<Label>,
    /// See [`Rule::topic`].
    #[serde(default)]
    pub priority: i16,
    /// Whether it acts.
    #[serde(default)]
    pub state: RuleState,
    /// The condition.
    pub when: Cond,
    /// What an undecided condition leads to.
    #[serde(default)]
    pub on_unknown: OnUnknown,
    /// What follows.
    pub then: Vec<Outcome>,
    /// The law or policy behind it.
    #[serde(default)]
    pub cite: Vec<Citation>,
    /// Whether the client may be told. Never for suspicion: telling the client is an offence.
    #[serde(default = "yes")]
    pub disclosable: bool,
}

const fn yes() -> bool {
    true
}

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Family {
    /// Who the client is.
    Kyc,
    /// Whether the client may have a product.
    Eligibility,
    /// Money laundering and terrorist financing.
    Aml,
    /// The client's risk rating.
    Risk,
    /// Amounts allowed.
    Limit,
    /// The same person twice.
    Duplicate,
    /// Groups and their members.
    Group,
}

/// Where a rule applies. An empty list: everywhere. The dimensions are read from the facts
/// `client.country`, `product`, `client.tier`, `client.type` and `channel`; when one that a rule
/// restricts is unknown, whether the rule applies is unknown too.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Scope {
    /// Countries.
    pub countries: Vec<CountryCode>,
    /// Products.
    pub products: Vec<Label>,
    /// Tiers.
    pub tiers: Vec<TierId>,
    /// Client types.
    pub client_types: Vec<Label>,
    /// Channels.
    pub channels: Vec<Label>,
    /// What is being decided: `onboarding`, `transaction`, `loan_application`, ... read from the
    /// fact `event`. A rule for an event is left out when another event, or none, is decided on:
    /// the event is the host's question, not something to ask a client for.
    pub events: Vec<Label>,
}

/// When something applies: from a day (inclusive) to a day (exclusive).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Validity {
    /// First day; none: always was.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub from: Option<NaiveDate>,
    /// First day it no longer applies; none: until changed.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub to: Option<NaiveDate>,
}

impl Validity {
    /// Whether the day lies in it.
    #[must_use]
    pub fn contains(&self, on: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= on) && self.to.is_none_or(|to| on < to)
    }
}

/// Whether a rule acts.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum RuleState {
    /// Being written: checked, never evaluated.
    Draft,
    /// Acts.
    #[default]
    Active,
    /// Switched off.
    Inactive,
    /// Evaluated and reported, never decides.
    Shadow,
}

/// What an undecided condition leads to.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum OnUnknown {
    /// Ask for the facts that would decide.
    #[default]
    Ask,
    /// Refer to a person.
    Refer,
    /// Reject.
    Reject,
    /// Act as if the condition were this. Dangerous in `kyc` and `aml` rules, and reported there.
    TreatAs(bool),
}

/// What follows from a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Outcome {
    /// One of these documents is needed (fact `document.<kind>` is yes).
    RequireDocument {
        /// Any one of these is enough.
        any_of: Vec<DocumentKind>,
    },
    /// A field is needed.
    RequireField(FactPath),
    /// A form is needed (fact `form.<id>` is yes).
    RequireForm(FormId),
    /// The client belongs to a tier.
    SetTier(TierId),
    /// An amount is capped; with several, the lowest counts.
    CapLimit {
        /// Which limit.
        limit: LimitKind,
        /// At most this.
        amount: Money,
    },
    /// Risk points are added (or taken off).
    AddRisk {
        /// Points.
        points: i32,
    },
    /// The client's risk is at least this.
    FloorRisk(RiskLevel),
    /// Stop and keep the case.
    Hold(Label),
    /// A person decides.
    Refer(Label),
    /// Refuse.
    Reject(Label),
    /// Report to the authority.
    Report {
        /// What kind of report.
        kind: ReportKind,
        /// By when.
        due: Option<Due>,
    },
    /// Mark the case.
    Flag(Label),
}

impl Outcome {
    /// What this outcome alone makes of a case. A requirement counts as open here; whether it is
    /// already met is known to the decision.
    pub(crate) const fn verdict(&self) -> Verdict {
        match self {
            Self::Hold(_) => Verdict::Hold,
            Self::Refer(_) => Verdict::Refer,
            Self::Reject(_) => Verdict::Reject,
            _ => Verdict::Pass,
        }
    }
}

/// Which amount a limit is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum LimitKind {
    /// One transaction.
    PerTransaction,
    /// All transactions of a day.
    PerDay,
    /// All transactions of a month.
    PerMonth,
    /// The balance held.
    Balance,
    /// One loan.
    LoanAmount,
    /// Everything owed.
    Exposure,
}

/// A client's risk level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum RiskLevel {
    /// Low.
    Low,
    /// Medium.
    Medium,
    /// High.
    High,
    /// Not to be taken on.
    Prohibited,
}

/// A report to the authority.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ReportKind {
    /// Cash or currency transaction report.
    Ctr,
    /// Suspicious transaction report.
    Str,
    /// Electronic funds transfer report.
    Eft,
    /// Another one.
    Custom(Label),
}

/// Within what time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Due {
    /// Hours from the event.
    Hours(u16),
    /// Calendar days from the event.
    Days(u16),
    /// Working days of the lender's calendar.
    WorkingDays(u16),
}

/// Where a figure or a duty comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Citation {
    /// The text relied on.
    pub source: String,
    /// When it was read or published, as far as known.
    #[serde(default)]
    pub source_date: Option<String>,
    /// How sure it is.
    pub confidence: Confidence,
}

/// How sure a figure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Confidence {
    /// The regulator's or the statute's own text.
    A,
    /// Several independent secondary sources agree.
    B,
    /// One secondary source, or sources that conflict. Shipped switched off.
    C,
}

/// Something a client can be asked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Item {
    /// A document.
    Document(DocumentKind),
    /// A form.
    Form(FormId),
    /// A field: the fact at this path.
    Field(FactPath),
}

impl core::fmt::Display for Item {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Document(kind) => write!(f, "document {kind}"),
            Self::Form(form) => write!(f, "form {form}"),
            Self::Field(path) => write!(f, "field {path}"),
        }
    }
}

impl RuleBook {
    /// Reads and checks a book.
    ///
    /// # Errors
    /// [`BookError::Json`] for text that is not a book, otherwise what [`RuleBook::compile`] finds.
    pub fn from_json(json: &str) -> Result<Self, BookError> {
        let book: Self = serde_json::from_str(json).map_err(|error| BookError::Json {
            reason: alloc::string::ToString::to_string(&error),
        })?;
        book.compile()?;
        Ok(book)
    }
}
