//! How interest becomes owed once the loan runs.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::dates::Period;

/// How interest becomes owed once the loan runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum InterestBasis {
    /// The schedule made at disbursement decides: paying early or late changes no interest
    /// (Mambu: fixed-term loan; Fineract: no interest recalculation).
    #[default]
    OnSchedule,
    /// Interest follows the principal actually outstanding, day by day; the schedule is a forecast
    /// that is made again after every transaction (Mambu: dynamic-term loan; Fineract: interest
    /// recalculation).
    OnBalance(BalanceInterest),
}

/// How interest follows the balance.
///
/// The default is the most common: payments count on their day, overdue principal bears interest
/// until it is paid, overdue interest bears none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BalanceInterest {
    /// When overdue principal shows in the interest of the running instalment.
    pub overdue: OverdueInterest,
    /// From which day a payment lowers the balance that bears interest.
    pub rest: Rest,
    /// Overdue interest and charges that bear interest themselves.
    pub compounding: Option<Compounding>,
    /// Where interest on principal that is late falls due.
    pub late: LateInterest,
}

/// Where interest on principal that is late falls due: `late principal x rate x days`, counted from
/// the end of the period in which it should have been repaid.
///
/// Other choices than the first go with interest by days only: neither with [`Rest::DueDates`], nor
/// [`OverdueInterest::ByTransaction`], nor compounding. What they move is taken up with every
/// transaction and at the end of the period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum LateInterest {
    /// With the running instalment, as all interest of its period.
    #[default]
    RunningInstalment,
    /// At once, with the oldest instalment whose principal is late (Mambu: increase overdue
    /// instalments).
    OverdueInstalment,
    /// With the last instalment (Mambu: increase last instalment).
    LastInstalment,
    /// Nowhere: late principal bears none (Mambu: no recalculation).
    NotCharged,
}

/// When overdue principal shows in the interest of the running instalment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum OverdueInterest {
    /// With the next transaction or at the end of the period, whichever comes first: overdue
    /// principal bears interest for every day, the forecast is made again when it matters.
    #[default]
    ByPeriodEnd,
    /// At every end of day: the forecast of the running instalment grows each day something stays
    /// overdue (Fineract's progressive loans).
    EveryDay,
    /// With a transaction only: a period in which none falls keeps the interest that was forecast
    /// for it, overdue principal then bears none (Fineract's cumulative loans, whose schedule is
    /// made again by transactions).
    ByTransaction,
}

/// From which day a payment lowers the balance that bears interest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Rest {
    /// From its value date.
    #[default]
    Daily,
    /// From the next due date on (a due date itself counts): the interest of a period is on the
    /// balance with which it began.
    DueDates,
}

/// Overdue amounts that bear interest at the contract's rate from the next compounding date on.
/// They are taken into the balance at the beginning of each interest period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Compounding {
    /// Which of them.
    pub of: CompoundingOf,
    /// The interval of compounding dates, counted from the first disbursement.
    pub every: Period,
}

/// Which overdue amounts bear interest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum CompoundingOf {
    /// Interest.
    Interest,
    /// Fees and penalties.
    Charges,
    /// Both.
    InterestAndCharges,
}

impl CompoundingOf {
    pub(crate) const fn interest(self) -> bool {
        matches!(self, Self::Interest | Self::InterestAndCharges)
    }

    pub(crate) const fn charges(self) -> bool {
        matches!(self, Self::Charges | Self::InterestAndCharges)
    }
}

/// What the instalments of a loan paid out in tranches are computed on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum LevelBasis {
    /// What has been paid out and not repaid: every tranche raises it. The most common.
    #[default]
    Lent,
    /// The principal of the contract: tranches leave it as it is, the last instalments take the
    /// difference (Fineract with "full term per tranche" off, and products that fix the instalment
    /// at approval).
    Approved,
    /// Everything lent, as if it had been agreed from the first day: a tranche raises every
    /// instalment, due today or past due too, and its down payment comes before an instalment due
    /// that day (Fineract's cumulative schedules). For loans without interest on the schedule;
    /// once a rate has changed, tranches are spread over the instalments to come.
    LentFromStart,
}

/// What a planned change of rate does from the beginning of an interest period on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PlannedRate {
    /// First day of the first period.
    #[serde(with = "crate::compact::date")]
    pub(crate) from: chrono::NaiveDate,
    #[serde(with = "crate::compact::decimal")]
    pub(crate) percent: Decimal,
    /// The level instalment of those periods.
    #[serde(with = "crate::compact::decimal")]
    pub(crate) level: Decimal,
}
