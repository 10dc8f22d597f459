//! How a revolving product is billed: statements, due dates, the least payment, the limit.

use ledger::money::exact;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{Range, range::optional};

/// How a revolving product is billed. Its limit is the product's amount.
///
/// ```
/// use products::product::{PaymentDay, RevolvingPrincipal, RevolvingSettings};
/// let settings: RevolvingSettings = serde_json::from_str(r#"{
///     "statement_day": 25, "due": {"DAY_OF_MONTH": 10},
///     "principal_due": {"FLAT": {"amount": "500"}}
/// }"#)?;
/// assert_eq!(settings.due, PaymentDay::DayOfMonth(10));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RevolvingSettings {
    /// The day of the month on which the statement is made, 31 for the last; `None`: a cycle after
    /// the first drawdown, by the due-date rule.
    #[serde(default)]
    pub statement_day: Option<u8>,
    /// When a statement must be paid. Default: on its own day.
    #[serde(default)]
    pub due: PaymentDay,
    /// How large a single drawdown may be.
    #[serde(default)]
    pub draw: Range<Decimal>,
    /// What uses up the limit.
    #[serde(default)]
    pub limit_use: LimitUse,
    /// The balance that bears interest.
    #[serde(default)]
    pub interest_on: LineInterest,
    /// Whether a borrower who pays every statement in full pays no interest, as with credit cards.
    #[serde(default)]
    pub free_when_paid_in_full: bool,
    /// The principal due each cycle.
    pub principal_due: RevolvingPrincipal,
    /// Never less than this (or the whole balance, if smaller).
    #[serde(default, with = "optional")]
    #[cfg_attr(
        feature = "schema",
        schemars(schema_with = "crate::schema::optional_decimal")
    )]
    pub floor: Option<Decimal>,
    /// Never more than this.
    #[serde(default, with = "optional")]
    #[cfg_attr(
        feature = "schema",
        schemars(schema_with = "crate::schema::optional_decimal")
    )]
    pub ceiling: Option<Decimal>,
    /// Whether the interest due counts towards the floor.
    #[serde(default)]
    pub floor_includes_interest: bool,
    /// Whether the fees due count towards the floor.
    #[serde(default)]
    pub floor_includes_fees: bool,
    /// Whether interest and fees are contained in the least payment, instead of due beside it.
    #[serde(default)]
    pub contains_charges: bool,
    /// How what an earlier statement asked for, and was not paid, stands in the next one.
    #[serde(default)]
    pub overdue: OverdueDue,
    /// Days past due beyond which the account is in default by itself; `None`: only by hand.
    #[serde(default)]
    pub default_after_days: Option<u16>,
}

impl RevolvingSettings {
    /// The most common settings: a statement a month, due on a day after it.
    #[must_use]
    pub fn new(principal_due: RevolvingPrincipal) -> Self {
        Self {
            statement_day: None,
            due: PaymentDay::default(),
            draw: Range::default(),
            limit_use: LimitUse::default(),
            interest_on: LineInterest::default(),
            free_when_paid_in_full: false,
            principal_due,
            floor: None,
            ceiling: None,
            floor_includes_interest: false,
            floor_includes_fees: false,
            contains_charges: false,
            overdue: OverdueDue::default(),
            default_after_days: None,
        }
    }
}

/// When a statement must be paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum PaymentDay {
    /// So many days after the statement.
    DaysAfterStatement(u16),
    /// On the first such day of a month after the statement, 31 for the last.
    DayOfMonth(u8),
}

impl Default for PaymentDay {
    /// On the day of the statement.
    fn default() -> Self {
        Self::DaysAfterStatement(0)
    }
}

/// What uses up the limit of a revolving product.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum LimitUse {
    /// Principal drawn and not repaid. The most common.
    #[default]
    Principal,
    /// Everything billed and unpaid, as credit cards have it.
    Balance,
}

/// The balance of a revolving product that bears interest.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum LineInterest {
    /// Principal only. The most common.
    #[default]
    Principal,
    /// Principal and the interest of earlier statements.
    PrincipalAndInterest,
    /// Everything billed and unpaid, as credit cards have it.
    Balance,
}

/// The principal due each cycle of a revolving product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum RevolvingPrincipal {
    /// This amount.
    Flat {
        /// The amount.
        #[serde(with = "exact")]
        #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
        amount: Decimal,
    },
    /// A percentage of the outstanding principal.
    OutstandingPrincipalPercent {
        /// Percent, allowed and usual.
        percent: Range<Decimal>,
    },
    /// A percentage of everything outstanding.
    TotalBalancePercent {
        /// Percent, allowed and usual.
        percent: Range<Decimal>,
    },
    /// Each drawdown is repaid in instalments of its own, one with each statement.
    Instalments {
        /// How many, allowed and usual.
        count: Range<u32>,
        /// Whether instalments are equal in total. Otherwise they are equal in principal.
        #[serde(default)]
        equal_total: bool,
        /// Whether money ahead of time makes the instalments to come smaller. Otherwise the last
        /// ones vanish.
        #[serde(default)]
        early_reduces: bool,
    },
}

/// How what an earlier statement asked for, and was not paid, stands in the next one.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum OverdueDue {
    /// It is added to the least payment of the new statement. The most common.
    #[default]
    Added,
    /// The new least payment takes its place, and is never less.
    Within,
}
