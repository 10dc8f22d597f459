//! Guarantees, collateral and investors.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{Range, range::optional};

/// Guarantees, collateral and investors.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SecuritySettings {
    /// Whether people may guarantee.
    pub guarantors: bool,
    /// Whether things may be pledged.
    pub collateral: bool,
    /// Guarantees and collateral needed, in percent of the loan; `None`: none.
    #[serde(with = "optional")]
    #[cfg_attr(
        feature = "schema",
        schemars(schema_with = "crate::schema::optional_decimal")
    )]
    pub required_percent: Option<Decimal>,
    /// Whether and how investors fund the loan; `None`: they do not.
    pub investors: Option<InvestorFunds>,
}

/// How investors fund a loan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InvestorFunds {
    /// The part of the loan that investors must fund, in percent; `None`: any part.
    #[serde(default, with = "optional")]
    #[cfg_attr(
        feature = "schema",
        schemars(schema_with = "crate::schema::optional_decimal")
    )]
    pub required_percent: Option<Decimal>,
    /// Whether their money is locked when the loan is approved.
    #[serde(default)]
    pub lock_at_approval: bool,
    /// The lender's part of the rate, in percent points.
    #[serde(default)]
    pub lender_commission: Range<Decimal>,
    /// The investors' part of the rate, in percent points.
    #[serde(default)]
    pub investor_commission: Range<Decimal>,
    /// How interest is shared.
    pub split: CommissionSplit,
}

/// How interest is shared between lender and investors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum CommissionSplit {
    /// The lender takes its part, investors share the rest by what they funded.
    PercentageOfFunding,
    /// Each investor has a rate of its own.
    FixedCommissions,
}
