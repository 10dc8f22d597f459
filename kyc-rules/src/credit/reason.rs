//! Why a credit decision came out as it did.

use alloc::{string::String, vec::Vec};
use core::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{CreditDecision, CreditGround, CreditInput, CreditOutcome, GroupBreach};
use crate::{
    code::{Label, RuleId},
    rules::Audience,
};

/// One reason, with the figures behind it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum CreditReason {
    /// The cell of the matrix that decided.
    Matrix {
        /// The grade.
        grade: Label,
        /// The affordability band.
        band: Label,
        /// The queue or the reason the cell names.
        says: Label,
    },
    /// An attribute of the score below its own best.
    Score {
        /// The attribute.
        attribute: Label,
        /// Points below its best.
        lost: i32,
    },
    /// The instalment is more than the client can carry, or than the band allows.
    Affordability {
        /// The instalment of what was asked for.
        #[serde(with = "ledger::money::exact")]
        instalment: Decimal,
        /// The highest the client can carry.
        #[serde(with = "ledger::money::exact")]
        instalment_max: Decimal,
        /// Whether the cap on debt service sets it, and not what is left to live on.
        cap_binds: bool,
    },
    /// More than the grade allows.
    AmountCap {
        /// The most of the grade.
        #[serde(with = "ledger::money::exact")]
        max: Decimal,
    },
    /// More than the loan cycle allows.
    CycleCap {
        /// The most of the cycle.
        #[serde(with = "ledger::money::exact")]
        max: Decimal,
    },
    /// More instalments than the grade allows.
    TermCap {
        /// The most of the grade.
        max: u32,
    },
    /// The exposure with this loan is above the limit.
    Exposure {
        /// With the loan asked for.
        #[serde(with = "ledger::money::exact")]
        exposure: Decimal,
        /// The limit.
        #[serde(with = "ledger::money::exact")]
        max: Decimal,
    },
    /// Less than the least amount was asked for, or is all that fits.
    BelowMinimum {
        /// The least amount.
        #[serde(with = "ledger::money::exact")]
        min: Decimal,
    },
    /// The group breaks one of its rules.
    Group(GroupBreach),
    /// A rule of the book that was relied on.
    Rule {
        /// The rule.
        rule: RuleId,
        /// What follows from it, in words.
        says: String,
        /// Whether the client may be told.
        disclosable: bool,
    },
}

impl CreditReason {
    /// The stable number of this reason, for letters to clients.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::Matrix { .. } => 4451,
            Self::Score { .. } => 4452,
            Self::Affordability { .. } => 4453,
            Self::AmountCap { .. } => 4454,
            Self::CycleCap { .. } => 4455,
            Self::TermCap { .. } => 4456,
            Self::Exposure { .. } => 4457,
            Self::BelowMinimum { .. } => 4458,
            Self::Group(_) => 4459,
            Self::Rule { .. } => 4460,
        }
    }

    /// Whether the client may be told. A group's breach names another client: it is not told.
    #[must_use]
    pub const fn disclosable(&self) -> bool {
        match self {
            Self::Rule { disclosable, .. } => *disclosable,
            Self::Group(breach) => breach.names_nobody(),
            _ => true,
        }
    }
}

impl fmt::Display for CreditReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Matrix { grade, band, says } => {
                write!(f, "grade {grade}, affordability {band}: {says}")
            }
            Self::Score { attribute, lost } => {
                write!(f, "{attribute} is {lost} points below its best")
            }
            Self::Affordability {
                instalment,
                instalment_max,
                cap_binds,
            } => {
                let what = if *cap_binds {
                    "the cap on debt service"
                } else {
                    "what is left after obligations and living cost"
                };
                let (asked, most) = (instalment.round_dp(2), instalment_max.round_dp(2));
                write!(f, "an instalment of {asked}: {what} allows {most}")
            }
            Self::AmountCap { max } => write!(f, "the grade allows {max}"),
            Self::CycleCap { max } => write!(f, "the loan cycle allows {max}"),
            Self::TermCap { max } => write!(f, "the grade allows {max} instalments"),
            Self::Exposure { exposure, max } => {
                write!(f, "exposure would be {exposure}: {max} is allowed")
            }
            Self::BelowMinimum { min } => write!(f, "the least amount is {min}"),
            Self::Group(breach) => write!(f, "the group: {breach}"),
            Self::Rule { rule, says, .. } => write!(f, "rule {rule} {says}"),
        }
    }
}

/// What a reader may know of a credit decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreditExplanation {
    /// The outcome as this reader may know it. When only reasons that must not be disclosed stand
    /// behind a refusal or a referral, a customer reads [`CreditOutcome::Refer`].
    pub outcome: CreditOutcome,
    /// Number and words of each reason.
    pub reasons: Vec<(u16, String)>,
    /// What this reader may be asked for.
    pub missing: Vec<CreditInput>,
}

impl CreditDecision {
    /// What this reader may know.
    #[must_use]
    pub fn explain(&self, audience: Audience) -> CreditExplanation {
        let customer = audience == Audience::Customer;
        let may_know = |ground: &&CreditGround| !customer || ground.reason.disclosable();
        let told = self.reasons.iter().filter(may_know);
        let missing: Vec<CreditInput> = self
            .missing
            .iter()
            .filter(|input| !customer || !matches!(input, CreditInput::Item(_, false)))
            .cloned()
            .collect();
        let open = if missing.is_empty() {
            CreditOutcome::Approve
        } else {
            CreditOutcome::Incomplete
        };
        let known = told.clone().map(|ground| ground.toward).max();
        let known = known.unwrap_or(CreditOutcome::Approve).max(open);
        let adverse = matches!(self.outcome, CreditOutcome::Refer | CreditOutcome::Decline);
        let outcome = if customer && adverse && known < self.outcome {
            known.max(CreditOutcome::Refer)
        } else {
            self.outcome
        };
        CreditExplanation {
            outcome,
            reasons: told
                .map(|ground| (ground.reason.code(), alloc::format!("{}", ground.reason)))
                .collect(),
            missing,
        }
    }
}
