//! Underwriting: what a client can afford, what is owed altogether, points from odds, groups that
//! answer for each other, and the credit decision over them.
//!
//! [`CreditPolicy`] holds the decision as data: grades by score ([`crate::rules::Scorecard`]),
//! bands by affordability, a cell for each pair, and limits by grade, loan cycle and exposure.
//! [`CreditPolicy::decide`] approves, refers, declines or finds the terms nearest to the request
//! that it would approve. No cap is built in.
//!
//! ```
//! use kyc_rules::credit::{Affordability, Income};
//! use rust_decimal::dec;
//! let case = Affordability {
//!     incomes: vec![Income { amount: dec!(1000000), haircut: dec!(0.2) }],
//!     obligations: dec!(150000), living_cost: dec!(350000), dsti_cap: Some(dec!(0.4)),
//!     stress: dec!(0),
//! };
//! // 80 % of the income is counted: 800,000. 40 % of it is 320,000, less 150,000 owed: 170,000.
//! // What is left after obligations and living cost is 300,000, so the cap binds.
//! assert_eq!(case.assess()?.instalment_max, dec!(170000));
//! # Ok::<(), kyc_rules::credit::CreditError>(())
//! ```

mod affordability;
mod case;
mod decide;
mod evidence;
mod exposure;
mod group;
mod policy;
mod quote;
mod reason;
mod scaling;
mod search;

pub use affordability::{Affordability, Assessment, Income, lower_quartile, median};
pub use case::{CreditCase, CreditDecision, CreditGround, CreditInput, CreditOutcome, Offer};
pub use decide::Quote;
pub use evidence::{BinCount, BinEvidence, weights_of_evidence};
pub use exposure::{Claim, ClaimKind, ExposurePolicy, exposure};
pub use group::{GroupBreach, GroupRules, MemberFacts, RoleRule, SizeLimit};
pub use policy::{
    BurdenBand, CounterOrder, CreditPolicy, CycleCap, ExposureLimit, Grade, GroupAction,
    MatrixAction, MatrixCell,
};
pub use quote::level_instalment;
pub use reason::{CreditExplanation, CreditReason};
pub use scaling::{PointsScale, WoeSign};

use alloc::string::String;

use ledger::Currency;
use rust_decimal::Decimal;

/// Why a calculation was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CreditError {
    /// A figure outside its range.
    #[error("{what} is {given}: {allowed} is allowed")]
    Range {
        /// Which figure.
        what: &'static str,
        /// What was given.
        given: Decimal,
        /// What is allowed.
        allowed: &'static str,
    },
    /// A result that does not fit 28 significant digits.
    #[error("the result of {what} does not fit 28 significant digits")]
    Overflow {
        /// What was calculated.
        what: &'static str,
    },
    /// A credit policy that does not answer every case once.
    #[error("not a credit policy: {reason}")]
    Policy {
        /// What is wrong.
        reason: String,
    },
    /// An amount in another currency than the policy's.
    #[error("an amount in {given}: the policy is in {allowed}")]
    Currency {
        /// The currency given.
        given: Currency,
        /// The policy's currency.
        allowed: Currency,
    },
    /// The product could not quote an instalment.
    #[error("no instalment could be quoted: {reason}")]
    Quote {
        /// What the product said.
        reason: String,
    },
}

impl CreditError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::Range { .. } => 4401,
            Self::Overflow { .. } => 4402,
            Self::Policy { .. } => 4403,
            Self::Currency { .. } => 4404,
            Self::Quote { .. } => 4405,
        }
    }
}

pub(crate) fn in_range(
    what: &'static str,
    given: Decimal,
    ok: bool,
    allowed: &'static str,
) -> Result<(), CreditError> {
    if ok {
        Ok(())
    } else {
        Err(CreditError::Range {
            what,
            given,
            allowed,
        })
    }
}
