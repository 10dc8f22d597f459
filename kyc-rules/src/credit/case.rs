//! What a credit decision is made of: the request, the terms, the reasons, the result.

use alloc::{string::String, vec::Vec};

use ledger::Money;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Affordability, Claim, CreditReason, GroupBreach};
use crate::{
    code::Label,
    rules::{Item, Score},
};

/// A request for credit with everything known about it. What is not known is none, and asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreditCase {
    /// The amount asked for.
    pub amount: Money,
    /// Over how many monthly instalments.
    pub instalments: u32,
    /// The score, with its reasons.
    #[serde(default)]
    pub score: Option<Score>,
    /// What the client earns and owes a month.
    #[serde(default)]
    pub affordability: Option<Affordability>,
    /// What the client owes already; looked at only where the policy limits exposure.
    #[serde(default)]
    pub claims: Option<Vec<Claim>>,
    /// Loans repaid before.
    #[serde(default)]
    pub cycle: u32,
    /// What the client's group does not meet ([`super::GroupRules::check`]); empty: all met, or no
    /// group.
    #[serde(default)]
    pub group: Vec<GroupBreach>,
}

/// What a credit decision comes to. The order is the order of precedence: the highest wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CreditOutcome {
    /// Approved as asked for.
    Approve,
    /// Other terms are offered.
    CounterOffer,
    /// Something is missing.
    Incomplete,
    /// A person decides.
    Refer,
    /// Refused.
    Decline,
}

/// Terms of a loan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    /// The amount.
    pub amount: Money,
    /// How many monthly instalments.
    pub instalments: u32,
    /// The price: interest a year as a fraction.
    #[serde(with = "ledger::money::exact")]
    pub annual_rate: Decimal,
    /// The monthly instalment, as quoted.
    #[serde(with = "ledger::money::exact")]
    pub instalment: Decimal,
}

/// A reason and what it speaks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreditGround {
    /// What it speaks for.
    pub toward: CreditOutcome,
    /// The reason.
    pub reason: CreditReason,
}

/// Something that has to be known first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CreditInput {
    /// The score.
    Score,
    /// Income and obligations.
    Affordability,
    /// What the client owes already.
    Claims,
    /// What a rule asks for, and whether the client may be asked.
    Item(Item, bool),
}

/// A credit decision. Plain data: store it, send it, make it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreditDecision {
    /// What it comes to.
    pub outcome: CreditOutcome,
    /// The terms the figures allow: those asked for, or a counter-offer. Binding with
    /// [`CreditOutcome::Approve`] and [`CreditOutcome::CounterOffer`] only; beside a referral it
    /// tells the officer what would fit.
    pub offer: Option<Offer>,
    /// The grade of the score.
    pub grade: Option<Label>,
    /// The affordability band of the request.
    pub band: Option<Label>,
    /// The reasons, the heaviest first.
    pub reasons: Vec<CreditGround>,
    /// What is missing.
    pub missing: Vec<CreditInput>,
    /// Which policy.
    pub policy: Label,
    /// Which version of it.
    pub version: u32,
    /// SHA-256 of policy, version, case and the inputs of the eligibility decision, in hexadecimal.
    pub inputs_hash: String,
}
