//! Fees known in advance.

use alloc::string::String;

use lending_core::{dates::Period, loan::Code, schedule::TaxKind};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::range::optional;
use ledger::money::exact;

/// A fee known in advance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PredefinedFee {
    /// Its name, at most 24 bytes, unique in the product. Posting rules may be narrowed to it.
    #[cfg_attr(feature = "schema", schemars(schema_with = "crate::schema::code"))]
    pub name: Code,
    /// When it is charged.
    pub when: FeeWhen,
    /// How much.
    pub amount: FeeAmount,
    /// Whether every contract has it. Otherwise a request chooses it by name.
    #[serde(default = "yes")]
    pub required: bool,
    /// Whether it is charged at all on new contracts.
    #[serde(default = "yes")]
    pub active: bool,
    /// Over which time its income is recognised; `None`: at once.
    #[serde(default)]
    pub amortisation: Option<Amortisation>,
    /// Its tax, where that is not the product's; a percentage of zero is no tax.
    #[serde(default)]
    pub tax: Option<FeeTaxSettings>,
}

impl PredefinedFee {
    /// Whether it lowers what a borrower of a new contract is paid out.
    pub(crate) const fn is_kept_back(&self) -> bool {
        self.active && matches!(self.when, FeeWhen::DeductedFromDisbursement)
    }
}

/// The tax on one fee: a rate, or the name of one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FeeTaxSettings {
    /// The rate in percent.
    #[serde(with = "optional")]
    #[cfg_attr(
        feature = "schema",
        schemars(schema_with = "crate::schema::optional_decimal")
    )]
    pub percent: Option<Decimal>,
    /// The lender's name of a rate that changes over time; its value comes with the context.
    pub source: Option<String>,
    /// Whether it comes on top of the fee or is contained in it.
    pub kind: TaxKind,
}

const fn yes() -> bool {
    true
}

/// When a fee is charged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum FeeWhen {
    /// At disbursement, kept back from the payout.
    DeductedFromDisbursement,
    /// At disbursement, added to the principal.
    CapitalisedAtDisbursement,
    /// With the first instalment.
    FirstInstalment,
    /// With every instalment, known from disbursement on.
    EveryInstalment,
    /// With every instalment, applied on each due date.
    EveryDueDate,
    /// For each instalment that is late.
    LatePayment,
    /// When the account goes into arrears.
    Arrears,
    /// When the account is declared in default.
    Default,
    /// Every month.
    Monthly(MonthlyFeeDate),
    /// When staff charge it.
    Manual,
    /// When staff charge it, with an amount of their choice.
    ManualAnyAmount,
}

impl FeeWhen {
    /// Whether staff charge it during the life of an account, outside of the contract.
    #[must_use]
    pub const fn is_manual(self) -> bool {
        matches!(self, Self::Manual | Self::ManualAnyAmount)
    }
}

/// On which day of the month a monthly fee is charged.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum MonthlyFeeDate {
    /// Every month from activation.
    #[default]
    FromActivation,
    /// The first of every month.
    FirstOfMonth,
}

/// How much a fee is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum FeeAmount {
    /// This amount.
    Flat(
        #[serde(with = "exact")]
        #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
        Decimal,
    ),
    /// This amount in total, divided over the instalments, the last taking the rest.
    FlatDivided(
        #[serde(with = "exact")]
        #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
        Decimal,
    ),
    /// This percentage of the amount lent.
    AmountPercent(
        #[serde(with = "exact")]
        #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
        Decimal,
    ),
    /// This percentage of the amount lent, divided over the instalments, the last taking the rest.
    AmountPercentDivided(
        #[serde(with = "exact")]
        #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
        Decimal,
    ),
    /// This percentage of the instalment's principal.
    InstalmentPrincipalPercent(
        #[serde(with = "exact")]
        #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
        Decimal,
    ),
    /// This percentage of the account's balance when it is charged.
    BalancePercent(
        #[serde(with = "exact")]
        #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
        Decimal,
    ),
    /// Given each time it is charged.
    Given,
}

impl FeeAmount {
    /// The number, where there is one.
    #[must_use]
    pub const fn number(self) -> Option<Decimal> {
        match self {
            Self::Flat(n)
            | Self::FlatDivided(n)
            | Self::AmountPercent(n)
            | Self::AmountPercentDivided(n)
            | Self::InstalmentPrincipalPercent(n)
            | Self::BalancePercent(n) => Some(n),
            Self::Given => None,
        }
    }

    /// The name in serialised form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Flat(_) => "FLAT",
            Self::FlatDivided(_) => "FLAT_DIVIDED",
            Self::AmountPercent(_) => "AMOUNT_PERCENT",
            Self::AmountPercentDivided(_) => "AMOUNT_PERCENT_DIVIDED",
            Self::InstalmentPrincipalPercent(_) => "INSTALMENT_PRINCIPAL_PERCENT",
            Self::BalancePercent(_) => "BALANCE_PERCENT",
            Self::Given => "GIVEN",
        }
    }
}

/// Over which time the income of a fee is recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Amortisation {
    /// In which parts.
    pub profile: AmortisationProfile,
    /// At which intervals.
    pub interval: AmortisationInterval,
    /// The number of intervals; `None`: the whole term.
    #[serde(default)]
    pub intervals: Option<u32>,
    /// What becomes of the rest when the loan is rescheduled or refinanced.
    #[serde(default)]
    pub on_reschedule: OnReschedule,
}

/// In which parts the income of a fee is recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum AmortisationProfile {
    /// Equal parts.
    StraightLine,
    /// Falling parts: `n, n−1, … 1` over their sum.
    SumOfYearsDigits,
    /// By the effective interest rate of the loan with the fee.
    EffectiveInterestRate,
}

/// At which intervals the income of a fee is recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum AmortisationInterval {
    /// On due dates.
    DueDates,
    /// From due date to due date, booked day by day.
    DueDatesDaily,
    /// At an interval of its own.
    Every(Period),
}

/// What becomes of income not yet recognised when a loan is rescheduled or refinanced.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum OnReschedule {
    /// It is recognised at once.
    #[default]
    End,
    /// It goes on in the new account.
    Continue,
}
