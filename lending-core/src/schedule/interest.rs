//! What interest is charged: method, rate, day count, and what changes it over time.

use alloc::vec::Vec;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::day_count::DayCount;

/// The interest part of a contract.
///
/// The default is a declining balance at 0 % a year, actual days over 365.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InterestTerms {
    /// On which balance interest is charged.
    #[serde(default)]
    pub method: InterestMethod,
    /// The rate at the start of the contract.
    pub rate: Rate,
    /// How the rate depends on balance, instalment or an index.
    #[serde(default)]
    pub pricing: Pricing,
    /// Simple or effective.
    #[serde(default)]
    pub growth: InterestGrowth,
    /// How days become a fraction of a year.
    #[serde(default)]
    pub day_count: DayCount,
    /// Whether days are counted at all.
    #[serde(default)]
    pub days: InterestDays,
    /// How long a first period counts that is not a whole nominal one.
    #[serde(default)]
    pub odd_first_period: OddFirstPeriod,
    /// Dated changes of the rate; each holds from the night after its date. Dates must increase.
    #[serde(default)]
    pub changes: Vec<RateChange>,
    /// Days that bear no interest.
    #[serde(default)]
    pub pauses: Vec<InterestPause>,
    /// No interest before this date (Fineract's "interest charged from").
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "Option<alloc::string::String>"))]
    pub charged_from: Option<NaiveDate>,
}

/// On which balance interest is charged.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum InterestMethod {
    /// On the principal still owed. The most common method.
    #[default]
    Declining,
    /// On the original principal, in every period.
    Flat,
    /// No interest at all, whatever the rate says.
    Free,
}

/// A rate in percent and the length of time it is for.
///
/// ```
/// use lending_core::schedule::{ChargeFrequency, Rate};
/// use rust_decimal::dec;
/// let annual = Rate::per_year(dec!(24));
/// let monthly = Rate { percent: dec!(2), per: ChargeFrequency::Month };
/// assert_ne!(annual, monthly); // 24 % a year is charged by days, 2 % a month by months
/// ```
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Rate {
    /// Percent: `dec!(9.4822)` is 9.4822 %. Negative rates are allowed down to −100.
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub percent: Decimal,
    /// For how long.
    #[serde(default)]
    pub per: ChargeFrequency,
}

impl Rate {
    /// A yearly rate in percent.
    #[must_use]
    pub const fn per_year(percent: Decimal) -> Self {
        Self {
            percent,
            per: ChargeFrequency::Year,
        }
    }

    /// A monthly rate in percent.
    #[must_use]
    pub const fn per_month(percent: Decimal) -> Self {
        Self {
            percent,
            per: ChargeFrequency::Month,
        }
    }
}

/// The length of time a rate is for. How a rate `r` becomes the interest of a period:
///
/// | frequency | counted days `d`, year of `Y` | nominal period of `m` months |
/// |---|---|---|
/// | year | `r·d/Y` | `r·m/12` |
/// | month | `r·12·d/Y` | `r·m` |
/// | four weeks | `r·d/28` | `r·30m/28` |
/// | week, day, X days | `r·d/7`, `r·d`, `r·d/X` | `d = 30m` |
///
/// Source: Mambu's interest charge frequency; four weeks is proven by printed figures, the others
/// follow its pattern.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum ChargeFrequency {
    /// A year. The most common.
    #[default]
    Year,
    /// A month.
    Month,
    /// Four weeks of seven days.
    FourWeeks,
    /// A week.
    Week,
    /// A day.
    Day,
    /// So many days.
    Days(u32),
    /// The whole term, however long: each of `n` instalments bears `r/n`.
    WholeTerm,
}

/// Whether the days of a period are counted.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum InterestDays {
    /// By the day count, between nominal due dates.
    #[default]
    Counted,
    /// Every period has its nominal length: one month is 1/12 of a year (30 of 360 days), two
    /// weeks are 14 days over the day count's year (360, 364 or 365). A part of a period (a
    /// tranche, a rate change or a pause inside) takes the share of its actual days.
    /// [`OddFirstPeriod`] says how long a first period of another length counts.
    Nominal,
    /// As `Nominal`, with months of 30 days over the day count's year: one month of ACT/365 is
    /// 30/365, of ACT/ACT 30/366 in a leap year (in the closed form of the annuity 30/365).
    ThirtyDayMonths,
}

/// How long a first period counts whose first due date is not one nominal period away. Matters
/// only where periods are nominal; counted days need no such rule.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum OddFirstPeriod {
    /// The nominal length and the days beyond it (or less those short of it) over the day count's
    /// year. Mambu's first-due-date offset.
    #[default]
    NominalAndDays,
    /// All of its days, by the day count. The European Commission's examples.
    Counted,
    /// The nominal length, however many days it has. Fineract's progressive loans.
    Nominal,
    /// Whole nominal periods, and of the next one the share of its actual days: from 20 November to
    /// 4 January 1 + 15/31 months. Any period of another length counts so, one whose due date was
    /// moved as well as the first. Due dates at an interval only; others count as `Nominal`.
    /// Fineract's cumulative loans that charge interest for part of a period.
    PeriodsAndShare,
}

/// Simple or effective interest.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum InterestGrowth {
    /// Linear in time: `balance × rate × fraction`.
    #[default]
    Simple,
    /// The rate is effective (daily rest): `balance × ((1 + rate)^fraction − 1)`.
    Compound,
}

/// How the rate depends on balance, instalment or an index.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Pricing {
    /// The contract's rate.
    #[default]
    Fixed,
    /// A rate for each part of the balance.
    TieredByBalance {
        /// Ascending tiers; the last has no upper end.
        tiers: Vec<BalanceTier>,
        /// Whether a tier's rate is for the whole balance or for the part inside the tier.
        part: TierPart,
    },
    /// A rate for each range of instalments.
    TieredByInstalment {
        /// Ascending tiers; the last must reach the last instalment.
        tiers: Vec<InstalmentTier>,
    },
    /// An index plus the contract's rate as spread, reviewed at intervals.
    Indexed {
        /// The index in percent, each value from its date on. Dates must increase.
        index: Vec<IndexValue>,
        /// The rate is taken from the index at the start and then at every so many months, days...
        /// from it; between reviews it is fixed.
        review: crate::dates::Period,
        /// Index plus spread never below this, in percent.
        #[serde(default, with = "ledger::money::exact::option")]
        #[cfg_attr(feature = "schema", schemars(with = "Option<alloc::string::String>"))]
        floor: Option<Decimal>,
        /// Index plus spread never above this, in percent.
        #[serde(default, with = "ledger::money::exact::option")]
        #[cfg_attr(feature = "schema", schemars(with = "Option<alloc::string::String>"))]
        ceiling: Option<Decimal>,
    },
}

/// A rate for a range of balances.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BalanceTier {
    /// Balances up to and including this; `None` for the last tier.
    #[serde(with = "ledger::money::exact::option")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<alloc::string::String>"))]
    pub up_to: Option<Decimal>,
    /// The rate in percent, for the contract's charge frequency.
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub percent: Decimal,
}

/// What a balance tier's rate applies to.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum TierPart {
    /// The tier that the balance falls in gives the rate of the whole balance.
    #[default]
    WholeBalance,
    /// Each tier's rate is charged on the part of the balance inside it.
    InsideTier,
}

/// A rate for a range of instalments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InstalmentTier {
    /// Up to and including this instalment.
    pub up_to: u32,
    /// The rate in percent, for the contract's charge frequency.
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub percent: Decimal,
}

/// A value of an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct IndexValue {
    /// From this date on.
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub from: NaiveDate,
    /// Percent; may be negative.
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub percent: Decimal,
}

/// A new rate from a date on: it governs the nights after that date, the first being the night
/// that starts on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RateChange {
    /// The date: interest from this date to the next bears the new rate.
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub from: NaiveDate,
    /// The new rate.
    pub rate: Rate,
}

/// Days without interest. Equal instalments keep their amount; the last one shrinks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InterestPause {
    /// First day without interest: the night that leads into it is free.
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub from: NaiveDate,
    /// Last day without interest, included.
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub to: NaiveDate,
}
