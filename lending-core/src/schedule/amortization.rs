//! How principal is repaid.

use alloc::vec::Vec;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// How principal is repaid over the instalments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Amortization {
    /// The same principal each time, at every `every`-th instalment and at the last.
    EqualPrincipal {
        /// 1: at every instalment.
        every: u32,
    },
    /// A percentage of the original principal each time; the last instalment takes the rest.
    PrincipalPercent {
        /// Percent of the original principal.
        #[serde(with = "ledger::money::exact")]
        #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
        percent: Decimal,
    },
    /// The same total each time (an annuity). Under flat interest the same as `EqualPrincipal`, but
    /// by [`AnnuityFormula::Factor`], where interest of unequal periods leaves unequal principal.
    EqualInstalments {
        /// How the amount is computed.
        formula: AnnuityFormula,
        /// What is done about the last instalment's difference.
        equalise: Equalise,
        /// A given amount instead of a computed one; the last instalment takes the rest.
        #[serde(with = "ledger::money::exact::option")]
        #[cfg_attr(feature = "schema", schemars(with = "Option<alloc::string::String>"))]
        amount: Option<Decimal>,
    },
    /// Instalments that rise or fall by a percentage after every so many; equal in between. The
    /// periodic rate is the nominal one, as in the closed form.
    GradedInstalments {
        /// How many instalments are equal.
        every: u32,
        /// Percent by which the next ones differ: 3 is 3 % more, −3 is 3 % less.
        #[serde(with = "ledger::money::exact")]
        #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
        change_percent: Decimal,
    },
    /// Equal instalments that leave a larger last one.
    Balloon(Balloon),
    /// Interest each time, the whole principal at the end.
    Bullet,
    /// Given totals for ranges of instalments; the rate is solved from them, the contract's rate
    /// is not used. Nominal periods only.
    PaymentPlan {
        /// Ascending; the last must reach the last instalment.
        tiers: Vec<PaymentTier>,
    },
    /// Principal given for each instalment. Must sum to the disbursed amount.
    CustomPrincipal {
        /// One for each instalment.
        principals: Vec<CustomAmount>,
    },
    /// Total given for each instalment but the last, which takes the rest.
    CustomTotals {
        /// One for each instalment but the last.
        totals: Vec<CustomAmount>,
    },
}

impl Default for Amortization {
    /// Equal instalments by the closed form.
    fn default() -> Self {
        Self::equal_instalments(AnnuityFormula::ClosedForm)
    }
}

impl Amortization {
    /// Equal instalments by a formula, the last one taking the difference.
    #[must_use]
    pub const fn equal_instalments(formula: AnnuityFormula) -> Self {
        Self::EqualInstalments {
            formula,
            equalise: Equalise::LastTakesRest,
            amount: None,
        }
    }

    /// Equal principal at every instalment.
    #[must_use]
    pub const fn equal_principal() -> Self {
        Self::EqualPrincipal { every: 1 }
    }
}

/// How the equal instalment is computed.
///
/// All three solve "present value of the instalments = principal"; they differ in the rates used.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum AnnuityFormula {
    /// `P·k / (1 − (1+k)^−n)` with the nominal periodic rate `k` (a twelfth for months), even when
    /// interest is counted by days. The most common; Mambu's declining balance (discounted).
    #[default]
    ClosedForm,
    /// The closed form with `k` from the days of the nominal period (30 for a month) over the year
    /// of the day count: 30/365 of the yearly rate where `ClosedForm` takes a twelfth. Fineract's
    /// cumulative loans with daily interest.
    ClosedFormByDays,
    /// `P·Π(1+rᵢ) / fₙ`, `f₁ = 1`, `fₖ = fₖ₋₁(1+rₖ) + 1`, with each period's own rate. Fineract's
    /// progressive loans. Under flat interest `(P + Σ interest) / n`.
    Factor,
    /// `(N+a)·Π(1+rYᵢ) / (1 + Σᵢ Π_{j≥i}(1+rYⱼ))`, with `a` the interest accrued to the first
    /// redemption: the annuity of the ACTUS specification. The same as `Factor` when the first
    /// redemption ends the first period.
    Actus,
}

/// What is done about the difference in the last of equal instalments.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Equalise {
    /// Nothing: it takes the rest. The most common.
    #[default]
    LastTakesRest,
    /// When the gap in minor units exceeds half of the number of instalments, one other amount
    /// (the old one plus the gap's share) is tried, and kept only if the gap shrinks. Fineract's
    /// progressive loans.
    OneCorrection,
    /// The smallest amount in minor units whose last instalment is not larger (optimised payments).
    SmallestAmount,
}

/// A larger last instalment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Balloon {
    /// Instalments are such that this principal is left at the last due date and paid with it.
    Principal {
        /// The principal paid beside the last regular instalment.
        #[serde(with = "ledger::money::exact")]
        #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
        amount: Decimal,
    },
    /// Instalments are those of a longer loan; the last of ours pays what is left.
    LongerTerm {
        /// The number of instalments of the longer loan.
        instalments: u32,
    },
}

/// A given total for a range of instalments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PaymentTier {
    /// Up to and including this instalment.
    pub up_to: u32,
    /// The total of each.
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub amount: Decimal,
}

/// An amount the contract gives for one instalment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CustomAmount {
    /// The amount.
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub amount: Decimal,
}

/// Instalments on which less than the usual is due.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Grace {
    /// The first so many instalments repay no principal; it is spread over the others.
    #[serde(default)]
    pub principal: u32,
    /// The first so many instalments pay no interest; it is owed later.
    #[serde(default)]
    pub interest_deferred: u32,
    /// When deferred interest is owed.
    #[serde(default)]
    pub deferred: DeferredInterest,
    /// The first so many instalments bear no interest at all.
    #[serde(default)]
    pub interest_free: u32,
}

/// When interest deferred by grace is owed.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum DeferredInterest {
    /// With the first instalment after the grace. Fineract.
    #[default]
    NextInstalment,
    /// In equal parts over the instalments after the grace, the last taking the rest. Mambu's
    /// pure grace.
    Spread,
    /// Added to principal at the end of each period, and bearing interest from then on.
    Capitalised,
}

/// A further disbursement foreseen by the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Tranche {
    /// Paid out on this date; it counts after an instalment due on the same date.
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub on: NaiveDate,
    /// How much.
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub amount: Decimal,
}

/// An instalment that is skipped. The maturity moves on by one period for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PaymentHoliday {
    /// The number of the row that is skipped, counted in the schedule that has all holidays.
    pub instalment: u32,
    /// What becomes of its interest.
    pub interest: HolidayInterest,
}

/// What becomes of the interest of a payment holiday.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum HolidayInterest {
    /// Due on the usual date; only principal is skipped.
    #[default]
    Due,
    /// Not charged.
    Waived,
    /// Owed with the next instalment.
    Deferred,
    /// Added to principal.
    Capitalised,
}
