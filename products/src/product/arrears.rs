//! Arrears, penalties and the ceiling on them.

use alloc::vec::Vec;

use lending_core::loan::{
    ArrearsStart, CapBase, CapMethod, DelinquencyRange, LockedOperations, PenaltyBase,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use ledger::money::exact;

use crate::Range;

/// When an account is in arrears.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ArrearsSettings {
    /// Days past due that are tolerated. Default: 0.
    pub tolerance_days: Range<u16>,
    /// How tolerance is counted.
    pub tolerance: ToleranceMethod,
    /// Overdue amounts up to this percentage of the outstanding principal are tolerated.
    #[serde(with = "exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub tolerance_percent: Decimal,
    /// Overdue amounts up to this amount are tolerated; the larger of the two counts.
    #[serde(with = "exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub tolerance_floor: Decimal,
    /// Which date arrears are counted from.
    pub counted_from: ArrearsStart,
    /// Whether days that nobody works count as days late.
    pub count_non_working_days: bool,
    /// Days in arrears after which the account is locked; `None`: never by itself.
    pub lock_after_days: Option<u16>,
    /// What a lock forbids. Default: interest, fees and penalties.
    pub locked_operations: LockedOperations,
    /// Named ranges of days by which delinquency is classified, counted beyond the tolerated days.
    pub delinquency: Vec<DelinquencyRange>,
}

impl Default for ArrearsSettings {
    fn default() -> Self {
        Self {
            tolerance_days: Range {
                min: None,
                default: Some(0),
                max: None,
            },
            tolerance: ToleranceMethod::default(),
            tolerance_percent: Decimal::ZERO,
            tolerance_floor: Decimal::ZERO,
            counted_from: ArrearsStart::default(),
            count_non_working_days: true,
            lock_after_days: None,
            locked_operations: LockedOperations::default(),
            delinquency: Vec::new(),
        }
    }
}

/// How tolerance is counted.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ToleranceMethod {
    /// So many days after the due date.
    #[default]
    Days,
    /// Up to this day of the month after the due date's.
    DayOfNextMonth(u8),
}

/// What late payment costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PenaltySettings {
    /// What it is counted on.
    pub base: PenaltyBase,
    /// Percent of the base per day late.
    pub daily_rate: Range<Decimal>,
    /// Days past due without penalty.
    #[serde(default)]
    pub grace_days: u16,
}

/// A ceiling on the charges of an account in arrears.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChargeCap {
    /// Percent of the base.
    #[serde(with = "exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub percent: Decimal,
    /// Of which principal.
    pub base: CapBase,
    /// Whether the charge that crosses the ceiling is still applied.
    pub method: CapMethod,
    /// Whether what has accrued is applied before the account is locked.
    #[serde(default)]
    pub apply_accrued_first: bool,
}
