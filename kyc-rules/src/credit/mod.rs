//! Underwriting figures: what a client can afford, what is owed altogether, points from odds,
//! groups that answer for each other.
//!
//! These are calculations; what follows from them is a matter of rules
//! ([`crate::rules::DecisionTable`], [`crate::rules::Scorecard`]). No cap is built in.
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
mod exposure;
mod group;
mod scaling;

pub use affordability::{Affordability, Assessment, Income, lower_quartile, median};
pub use exposure::{Claim, ClaimKind, ExposurePolicy, exposure};
pub use group::{GroupBreach, GroupRules, MemberFacts};
pub use scaling::{PointsScale, WoeSign};

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
}

impl CreditError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::Range { .. } => 4401,
            Self::Overflow { .. } => 4402,
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
