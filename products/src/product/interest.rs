//! Interest and taxes.

use alloc::{string::String, vec::Vec};

use ledger::money::exact;
use lending_core::{
    dates::Period,
    day_count::DayCount,
    loan::{OverdueInterest, Rest},
    schedule::{
        BalanceTier, ChargeFrequency, InstalmentTier, InterestDays, OddFirstPeriod, TaxKind,
        TierPart,
    },
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{Range, range::optional};

/// On which balance interest is charged.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum InterestMethod {
    /// On the principal still owed.
    #[default]
    Declining,
    /// On the original principal, in every period.
    Flat,
}

/// What becomes of interest once it is applied.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum InterestKind {
    /// It is owed beside the principal and bears no interest itself.
    #[default]
    Simple,
    /// It joins the principal and bears interest from then on.
    Capitalised,
    /// The rate is effective: daily rest, `balance × ((1 + rate)^fraction − 1)`.
    Compound,
}

/// When interest is applied to the account.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum InterestApplication {
    /// Period by period, on each due date.
    #[default]
    OnDueDate,
    /// All of it at disbursement.
    OnDisbursement,
}

/// How the rate of a contract is found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum PricingSettings {
    /// Agreed inside of the range.
    #[default]
    Fixed,
    /// A rate for each part of the balance.
    TieredByBalance {
        /// Rising; the last has no upper end.
        tiers: Vec<BalanceTier>,
        /// Whether a tier's rate is for the whole balance or for the part inside the tier.
        #[serde(default)]
        part: TierPart,
    },
    /// A rate for each range of instalments.
    TieredByInstalment {
        /// Rising; the last must reach the most instalments of the product.
        tiers: Vec<InstalmentTier>,
    },
    /// A rate for each stretch of days since disbursement.
    TieredByDays {
        /// Rising; the last has no end.
        tiers: Vec<DayTier>,
    },
    /// An index plus the agreed rate as spread.
    Indexed {
        /// The index, by the lender's name; its values come with the context of a quote.
        index: String,
        /// How often the rate is taken from the index anew.
        review: Period,
        /// Index plus spread never below this, in percent.
        #[serde(default, with = "optional")]
        #[cfg_attr(
            feature = "schema",
            schemars(schema_with = "crate::schema::optional_decimal")
        )]
        floor: Option<Decimal>,
        /// Index plus spread never above this, in percent.
        #[serde(default, with = "optional")]
        #[cfg_attr(
            feature = "schema",
            schemars(schema_with = "crate::schema::optional_decimal")
        )]
        ceiling: Option<Decimal>,
    },
}

impl PricingSettings {
    /// The name of the index that the rate follows, if it does.
    #[must_use]
    pub fn index(&self) -> Option<&str> {
        match self {
            Self::Indexed { index, .. } => Some(index),
            _ => None,
        }
    }

    /// The name in serialised form.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Fixed => "FIXED",
            Self::TieredByBalance { .. } => "TIERED_BY_BALANCE",
            Self::TieredByInstalment { .. } => "TIERED_BY_INSTALMENT",
            Self::TieredByDays { .. } => "TIERED_BY_DAYS",
            Self::Indexed { .. } => "INDEXED",
        }
    }
}

/// A rate for a stretch of days since disbursement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DayTier {
    /// Up to and including this day; `None` for the last.
    #[serde(default)]
    pub up_to: Option<u32>,
    /// Percent, for the product's charge frequency.
    #[serde(with = "exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub percent: Decimal,
}

/// What interest is charged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InterestSettings {
    /// On which balance.
    pub method: InterestMethod,
    /// The rate in percent (with an index: the spread).
    pub rate: Range<Decimal>,
    /// The length of time the rate is for. Default: a year.
    pub per: ChargeFrequency,
    /// How the rate is found.
    pub pricing: PricingSettings,
    /// What becomes of applied interest.
    pub kind: InterestKind,
    /// When it is applied.
    pub application: InterestApplication,
    /// Whether interest that is applied and unpaid bears interest as well, where interest follows
    /// the balance: from the day after its due date on.
    pub on_unpaid_interest: bool,
    /// From which day a payment lowers the balance that bears interest, where it follows the
    /// balance.
    pub rest: Rest,
    /// When overdue principal shows in the interest of the running instalment, where interest
    /// follows the balance.
    pub overdue: OverdueInterest,
    /// How days become a fraction of a year. Default: actual days over 365.
    pub day_count: DayCount,
    /// Whether days are counted, or every period has its nominal length.
    pub days: InterestDays,
    /// How long a first period counts that is not a whole nominal one.
    pub odd_first_period: OddFirstPeriod,
    /// Whether overdue principal goes on bearing interest; `None`: as the kind of loan does by
    /// itself, which is yes when interest follows the balance and no when it follows the schedule.
    pub on_overdue_principal: Option<bool>,
    /// Whether interest goes on after the last due date; `None`: no, as contracts have it.
    pub after_maturity: Option<bool>,
    /// How much of a linked deposit's balance is taken off the balance that bears interest, in
    /// percent; `None`: there is no offset.
    #[serde(with = "optional")]
    #[cfg_attr(
        feature = "schema",
        schemars(schema_with = "crate::schema::optional_decimal")
    )]
    pub offset_percent: Option<Decimal>,
}

/// Taxes on what is charged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TaxSettings {
    /// The rate in percent; `None`: no tax, unless a source is named.
    #[serde(with = "optional")]
    #[cfg_attr(
        feature = "schema",
        schemars(schema_with = "crate::schema::optional_decimal")
    )]
    pub percent: Option<Decimal>,
    /// The lender's name of a rate that changes over time; its value comes with the context.
    pub source: Option<String>,
    /// Whether tax comes on top or is contained.
    pub kind: TaxKind,
    /// The same for fees alone, where it differs.
    pub fee_kind: Option<TaxKind>,
    /// The same for penalties alone, where it differs.
    pub penalty_kind: Option<TaxKind>,
    /// On interest.
    pub on_interest: bool,
    /// On fees.
    pub on_fees: bool,
    /// On penalties.
    pub on_penalties: bool,
}

impl TaxSettings {
    /// Whether anything is taxed.
    #[must_use]
    pub const fn is_taxed(&self) -> bool {
        self.on_interest || self.on_fees || self.on_penalties
    }

    /// Whether a tax comes on top of anything.
    #[must_use]
    pub fn is_on_top(&self) -> bool {
        let kinds = [
            (self.on_interest, self.kind),
            (self.on_fees, self.fee_kind.unwrap_or(self.kind)),
            (self.on_penalties, self.penalty_kind.unwrap_or(self.kind)),
        ];
        kinds.contains(&(true, TaxKind::Exclusive))
    }
}

/// How often accrued interest is posted, under accrual accounting.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum AccrualPosting {
    /// When it is applied to the account.
    WhenApplied,
    /// Every day. The most common.
    #[default]
    Daily,
    /// At the end of every month.
    MonthEnd,
}

/// How finely accrued interest is posted: the end of day is told so account by account.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum AccrualDetail {
    /// One entry for each account.
    #[default]
    PerAccount,
    /// One entry for each product and branch.
    PerProductAndBranch,
}

impl From<AccrualDetail> for lending_core::store::AccrualPosting {
    /// What closing the day of an account ([`lending_core::end_of_day::close_loan`]) is told.
    fn from(detail: AccrualDetail) -> Self {
        match detail {
            AccrualDetail::PerAccount => Self::PerAccount,
            AccrualDetail::PerProductAndBranch => Self::Aggregated,
        }
    }
}
