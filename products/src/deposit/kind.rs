//! Kinds of deposits.

use serde::{Deserialize, Serialize};

/// What sort of deposit a product is.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum DepositKind {
    /// Money in and out at any time.
    #[default]
    RegularSavings,
    /// For payments; may be overdrawn.
    CurrentAccount,
    /// One deposit for an agreed time.
    FixedDeposit,
    /// Regular deposits towards a target.
    SavingsPlan,
    /// Money that funds loans.
    InvestorAccount,
}

impl DepositKind {
    /// The name in serialised form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RegularSavings => "REGULAR_SAVINGS",
            Self::CurrentAccount => "CURRENT_ACCOUNT",
            Self::FixedDeposit => "FIXED_DEPOSIT",
            Self::SavingsPlan => "SAVINGS_PLAN",
            Self::InvestorAccount => "INVESTOR_ACCOUNT",
        }
    }

    /// Whether accounts of this kind end on an agreed day.
    #[must_use]
    pub const fn matures(self) -> bool {
        matches!(self, Self::FixedDeposit | Self::SavingsPlan)
    }
}
