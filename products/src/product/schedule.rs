//! When and how principal is repaid.

use alloc::collections::BTreeSet;

use chrono::NaiveDate;
use ledger::money::exact;
use lending_core::{
    dates::{DueDateRule, NonWorkingDayRule, Period},
    loan::LevelBasis,
    schedule::{AnnuityFormula, DeferredInterest, Equalise, RoundingTerms},
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{Range, range::optional};

/// When and how principal is repaid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScheduleSettings {
    /// Which dates instalments fall due on. Default: every month. Explicit dates belong to one
    /// contract and are refused in a product.
    #[cfg_attr(feature = "schema", schemars(schema_with = "crate::schema::due_dates"))]
    pub due_dates: DueDateRule,
    /// Due dates on these days of every year instead, for example after each harvest. A contract
    /// has them as explicit dates. Empty: due dates follow the rule.
    pub seasons: BTreeSet<DayOfYear>,
    /// With seasons: days from disbursement that must pass before the first due date. Default: 1.
    pub season_after_days: u16,
    /// By how many days the first due date, and all later ones with it, may be moved. Default: 0.
    pub first_due_offset: Range<i32>,
    /// What becomes of a due date that nobody works on.
    pub non_working_days: NonWorkingDayRule,
    /// How principal is spread over the instalments.
    pub principal: PrincipalSettings,
    /// What a level instalment is computed on when the loan is paid out in tranches.
    pub level_basis: LevelBasis,
    /// Instalments at the start on which less is due.
    pub grace: GraceSettings,
    /// How figures are rounded.
    pub rounding: RoundingTerms,
    /// Percent of the amount that the borrower pays on the day of disbursement; `None`: nothing.
    #[serde(with = "optional")]
    #[cfg_attr(
        feature = "schema",
        schemars(schema_with = "crate::schema::optional_decimal")
    )]
    pub down_payment_percent: Option<Decimal>,
    /// What staff may change in the schedule of an account.
    pub edits: BTreeSet<ScheduleEdit>,
}

impl Default for ScheduleSettings {
    fn default() -> Self {
        Self {
            due_dates: DueDateRule::every(Period::Months(1)),
            seasons: BTreeSet::new(),
            season_after_days: 1,
            first_due_offset: Range {
                min: None,
                default: Some(0),
                max: None,
            },
            non_working_days: NonWorkingDayRule::default(),
            principal: PrincipalSettings::default(),
            level_basis: LevelBasis::default(),
            grace: GraceSettings::default(),
            rounding: RoundingTerms::default(),
            down_payment_percent: None,
            edits: BTreeSet::new(),
        }
    }
}

/// A day that comes every year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DayOfYear {
    /// Month, 1 to 12.
    pub month: u8,
    /// Day of the month; one that the month lacks is its last.
    pub day: u8,
}

impl DayOfYear {
    /// The day in a year; one that its month lacks is the month's last.
    #[must_use]
    pub fn in_year(self, year: i32) -> Option<NaiveDate> {
        let days = (1..=self.day).rev();
        let mut dates =
            days.filter_map(|day| NaiveDate::from_ymd_opt(year, self.month.into(), day.into()));
        dates.next()
    }
}

/// How principal is spread over the instalments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum PrincipalSettings {
    /// The same total each time.
    EqualInstalments {
        /// How the total is computed.
        #[serde(default)]
        formula: AnnuityFormula,
        /// What is done about the last instalment's difference.
        #[serde(default)]
        equalise: Equalise,
    },
    /// The same principal at every `every`-th instalment and at the last.
    EqualPrincipal {
        /// 1: at every instalment.
        every: u32,
    },
    /// A percentage of the amount each time; the last instalment takes the rest.
    PrincipalPercent {
        /// Percent of the amount.
        #[serde(with = "exact")]
        #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
        percent: Decimal,
    },
    /// Interest each time, the whole principal at the end.
    Bullet,
    /// Equal instalments that leave a part of the principal to the last one.
    Balloon {
        /// The part that is left, in percent of the amount.
        percent: Range<Decimal>,
    },
    /// Equal instalments of a longer loan; the last of ours pays what is left.
    LongerTerm {
        /// The number of instalments of the longer loan.
        instalments: Range<u32>,
    },
    /// Instalments that rise or fall by a percentage after every so many; equal in between.
    Graded {
        /// How many instalments are equal.
        every: u32,
        /// Percent by which the next ones differ: 3 is 3 % more, −3 is 3 % less.
        #[serde(with = "exact")]
        #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
        change_percent: Decimal,
    },
    /// Totals agreed for ranges of instalments; the rate follows from them.
    PaymentPlan,
}

impl Default for PrincipalSettings {
    /// Equal instalments by the closed form.
    fn default() -> Self {
        Self::EqualInstalments {
            formula: AnnuityFormula::default(),
            equalise: Equalise::default(),
        }
    }
}

impl PrincipalSettings {
    /// The name in serialised form.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::EqualInstalments { .. } => "EQUAL_INSTALMENTS",
            Self::EqualPrincipal { .. } => "EQUAL_PRINCIPAL",
            Self::PrincipalPercent { .. } => "PRINCIPAL_PERCENT",
            Self::Bullet => "BULLET",
            Self::Balloon { .. } => "BALLOON",
            Self::LongerTerm { .. } => "LONGER_TERM",
            Self::Graded { .. } => "GRADED",
            Self::PaymentPlan => "PAYMENT_PLAN",
        }
    }
}

/// What is not due during a grace.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum GraceKind {
    /// There is no grace.
    #[default]
    None,
    /// No principal; interest is paid.
    InterestOnly,
    /// Nothing; interest is owed later.
    Pure,
    /// No interest is charged; principal is paid.
    InterestFree,
}

impl GraceKind {
    /// The name in serialised form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "NONE",
            Self::InterestOnly => "INTEREST_ONLY",
            Self::Pure => "PURE",
            Self::InterestFree => "INTEREST_FREE",
        }
    }
}

/// Instalments at the start on which less is due.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GraceSettings {
    /// What is not due.
    pub kind: GraceKind,
    /// For how many instalments. A request that says nothing gets the default, and 0 without one.
    pub instalments: Range<u32>,
    /// When interest that a pure grace puts off is owed.
    pub deferred: DeferredInterest,
}

/// What staff may change in the schedule of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum ScheduleEdit {
    /// Due dates.
    DueDates,
    /// Principal of an instalment.
    Principal,
    /// Interest of an instalment.
    Interest,
    /// Fees of an instalment.
    Fees,
    /// Penalties of an instalment.
    Penalties,
    /// The number of instalments.
    NumberOfInstalments,
    /// Which instalments are skipped.
    PaymentHolidays,
}
