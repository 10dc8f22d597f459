//! How a schedule's figures are rounded, and where the residue goes.

use ledger::Rounding;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// How a schedule's figures are rounded. The default: half up, to the currency's decimals, each
/// element, the principal residue in the last instalment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RoundingTerms {
    /// The rule between two neighbours.
    #[serde(default)]
    pub mode: Rounding,
    /// Decimals of every figure; `None`: the currency's.
    #[serde(default)]
    pub decimals: Option<u8>,
    /// Whether figures are rounded, and to what.
    #[serde(default)]
    pub elements: ElementRounding,
    /// The unit of [`ElementRounding::WholeUnits`] and [`ElementRounding::Total`].
    #[serde(default)]
    pub multiple: Option<Multiple>,
    /// Where the difference of rounded parts to the whole goes.
    #[serde(default)]
    pub residue: Residue,
    /// Whether interest of a period in which the balance changes is rounded for each stretch of
    /// days with one balance, instead of once for their sum. Fineract did so before late 2024.
    #[serde(default)]
    pub each_stretch: bool,
    /// Significant digits of the periodic rate and the annuity factor; `None`: all 28 a decimal
    /// has. Older systems carry 12 or 19.
    #[serde(default)]
    pub significant_digits: Option<u8>,
}

/// Whether figures are rounded, and to what.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum ElementRounding {
    /// Principal, interest, fee and tax each to the decimals.
    #[default]
    Each,
    /// Each to the decimals, and principal, interest and fee each to the multiple.
    WholeUnits,
    /// Each to the decimals, and the instalment's principal and interest together to the multiple;
    /// the difference goes to principal.
    Total,
    /// Nothing is rounded: figures are kept to 12 decimals.
    Unrounded,
}

/// A unit that amounts are whole multiples of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Multiple {
    /// 0.05, 1, 10, 100, ...
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub of: Decimal,
    /// To the nearest or up.
    #[serde(default)]
    pub mode: Rounding,
}

/// Where the difference of rounded parts to the whole goes.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Residue {
    /// The last instalment's principal makes the principals sum to the amount disbursed; interest
    /// is what its own rounding gives.
    #[default]
    Principal,
    /// The last instalment also takes the interest that makes the sum of rounded interest equal
    /// to the rounded sum of the unrounded interest. Where the others were rounded up by more than
    /// that, it takes none.
    PrincipalAndInterest,
}
