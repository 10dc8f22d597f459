//! Interest, tax, maturity and overdraft of deposit products.

use alloc::{collections::BTreeSet, string::String};

use lending_core::{day_count::DayCount, schedule::ChargeFrequency};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{
    Range,
    product::{DayOfYear, PricingSettings},
    range::optional,
};

/// What interest is paid on a balance.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DepositInterest {
    /// The rate in percent (with an index: the spread).
    pub rate: Range<Decimal>,
    /// The length of time the rate is for. Default: a year.
    pub per: ChargeFrequency,
    /// How the rate is found: agreed, by balance, by days since the opening, or from an index.
    pub pricing: PricingSettings,
    /// The balance that interest is on.
    pub balance: BalanceUsed,
    /// How days become a fraction of a year. Default: actual days over 365.
    pub day_count: DayCount,
    /// When interest is paid.
    pub paid: InterestPaid,
    /// Whether it is paid into the account, and bears interest from then on. Otherwise it is paid
    /// out.
    pub paid_out: bool,
    /// Whether interest goes on while the account is locked.
    pub while_locked: bool,
    /// Whether interest goes on after maturity.
    pub after_maturity: bool,
    /// Balances below this bear no interest; `None`: every balance does.
    #[serde(with = "optional")]
    #[cfg_attr(
        feature = "schema",
        schemars(schema_with = "crate::schema::optional_decimal")
    )]
    pub from_balance: Option<Decimal>,
}

/// The balance of a period that interest is on.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum BalanceUsed {
    /// The balance at the end of each day.
    #[default]
    EndOfDay,
    /// The average of the days' balances.
    Average,
    /// The lowest of the days' balances.
    Minimum,
}

/// When interest is paid.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum InterestPaid {
    /// Every week from the opening.
    Weekly,
    /// Every two weeks from the opening.
    EveryTwoWeeks,
    /// Every month from the opening.
    #[default]
    Monthly,
    /// Every three months from the opening.
    Quarterly,
    /// On the first day of every month.
    FirstOfMonth,
    /// On these days of every year, at least one.
    OnDays(BTreeSet<DayOfYear>),
    /// Once, at maturity.
    AtMaturity,
}

impl InterestPaid {
    /// The name in serialised form.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Weekly => "WEEKLY",
            Self::EveryTwoWeeks => "EVERY_TWO_WEEKS",
            Self::Monthly => "MONTHLY",
            Self::Quarterly => "QUARTERLY",
            Self::FirstOfMonth => "FIRST_OF_MONTH",
            Self::OnDays(_) => "ON_DAYS",
            Self::AtMaturity => "AT_MATURITY",
        }
    }
}

/// Tax withheld from interest. Either a rate or a source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WithholdingTax {
    /// The rate in percent of interest.
    #[serde(with = "optional")]
    #[cfg_attr(
        feature = "schema",
        schemars(schema_with = "crate::schema::optional_decimal")
    )]
    pub percent: Option<Decimal>,
    /// The lender's name of a rate that changes over time; its value comes with the context.
    pub source: Option<String>,
}

/// When an account ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MaturitySettings {
    /// The unit of the length.
    pub unit: MaturityUnit,
    /// How many of them.
    pub length: Range<u32>,
}

/// The unit of a maturity.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum MaturityUnit {
    /// Days.
    Days,
    /// Weeks.
    Weeks,
    /// Months.
    #[default]
    Months,
}

/// What may be overdrawn by agreement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OverdraftSettings {
    /// By how much.
    pub limit: Range<Decimal>,
    /// What interest it costs; `None`: none.
    pub interest: Option<OverdraftInterest>,
}

/// What interest an overdraft costs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OverdraftInterest {
    /// The rate in percent (with an index: the spread).
    pub rate: Range<Decimal>,
    /// The length of time the rate is for. Default: a year.
    pub per: ChargeFrequency,
    /// How the rate is found.
    pub pricing: PricingSettings,
    /// The overdrawn balance that interest is on.
    pub balance: BalanceUsed,
    /// How days become a fraction of a year. Default: actual days over 365.
    pub day_count: DayCount,
}
