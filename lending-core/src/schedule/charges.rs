//! Fees of every instalment and taxes on its elements.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A fee that every instalment carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum InstalmentFee {
    /// An amount with each instalment.
    Flat {
        /// The amount.
        #[serde(with = "ledger::money::exact")]
        #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
        amount: Decimal,
    },
    /// An amount divided over the instalments, the last taking the rest.
    Divided {
        /// The whole amount.
        #[serde(with = "ledger::money::exact")]
        #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
        amount: Decimal,
    },
    /// A percentage of the disbursed amount, divided over the instalments, the last taking the rest.
    DisbursedPercentDivided {
        /// Percent.
        #[serde(with = "ledger::money::exact")]
        #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
        percent: Decimal,
    },
    /// A percentage of the disbursed amount with each instalment.
    DisbursedPercent {
        /// Percent.
        #[serde(with = "ledger::money::exact")]
        #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
        percent: Decimal,
    },
    /// A percentage of the instalment's principal.
    PrincipalPercent {
        /// Percent.
        #[serde(with = "ledger::money::exact")]
        #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
        percent: Decimal,
    },
    /// A percentage of the instalment's interest.
    InterestPercent {
        /// Percent.
        #[serde(with = "ledger::money::exact")]
        #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
        percent: Decimal,
    },
    /// A percentage of the instalment's principal and interest.
    TotalPercent {
        /// Percent.
        #[serde(with = "ledger::money::exact")]
        #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
        percent: Decimal,
    },
}

/// Tax on interest and fees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Taxes {
    /// On interest, in percent.
    #[serde(default, with = "ledger::money::exact::option")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<alloc::string::String>"))]
    pub interest_percent: Option<Decimal>,
    /// On fees, in percent.
    #[serde(default, with = "ledger::money::exact::option")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<alloc::string::String>"))]
    pub fee_percent: Option<Decimal>,
    /// On penalties of a running account, in percent.
    #[serde(default, with = "ledger::money::exact::option")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<alloc::string::String>"))]
    pub penalty_percent: Option<Decimal>,
    /// Whether the tax comes on top or is contained.
    #[serde(default)]
    pub kind: TaxKind,
    /// The same for fees alone, where it differs.
    #[serde(default)]
    pub fee_kind: Option<TaxKind>,
    /// The same for penalties alone, where it differs.
    #[serde(default)]
    pub penalty_kind: Option<TaxKind>,
}

impl Taxes {
    /// Whether the tax on fees comes on top or is contained.
    #[must_use]
    pub fn on_fees(&self) -> TaxKind {
        self.fee_kind.unwrap_or(self.kind)
    }

    /// Whether the tax on penalties comes on top or is contained.
    #[must_use]
    pub fn on_penalties(&self) -> TaxKind {
        self.penalty_kind.unwrap_or(self.kind)
    }
}

/// Whether a tax comes on top of an element or is contained in it.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum TaxKind {
    /// On top: `tax = element × t`, and the instalment's total grows by it.
    #[default]
    Exclusive,
    /// Contained: `tax = element × t / (1 + t)`, and the total does not change.
    Inclusive,
}

impl InstalmentFee {
    /// The number given: an amount or a percentage.
    #[must_use]
    pub const fn given(&self) -> Decimal {
        match self {
            Self::Flat { amount } | Self::Divided { amount } => *amount,
            Self::DisbursedPercentDivided { percent }
            | Self::DisbursedPercent { percent }
            | Self::PrincipalPercent { percent }
            | Self::InterestPercent { percent }
            | Self::TotalPercent { percent } => *percent,
        }
    }
}
