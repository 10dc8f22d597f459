//! The least that a statement asks for.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::RevolvingError;
use crate::loan::amounts::{add, mul, sub};

/// How principal due is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum MinimumRule {
    /// This amount.
    Flat(
        #[serde(with = "crate::compact::decimal")]
        #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
        Decimal,
    ),
    /// This percentage of the principal outstanding.
    PercentOfPrincipal(
        #[serde(with = "crate::compact::decimal")]
        #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
        Decimal,
    ),
    /// This percentage of everything outstanding.
    PercentOfBalance(
        #[serde(with = "crate::compact::decimal")]
        #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
        Decimal,
    ),
    /// Every draw is repaid in instalments of its own: what falls due in the cycle.
    Instalments(DrawInstalments),
}

/// How a draw is repaid in instalments, one with each statement after it.
///
/// The principal of the instalments is planned at the draw; interest is what arises on the balance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DrawInstalments {
    /// How many.
    pub count: u16,
    /// How principal is spread over them.
    #[serde(default)]
    pub spread: DrawSpread,
    /// What money beyond everything due does to the instalments to come.
    #[serde(default)]
    pub early: EarlyRepayment,
}

/// How the principal of a draw is spread over its instalments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum DrawSpread {
    /// The same principal each time; the last takes the rounding difference.
    #[default]
    EqualPrincipal,
    /// The same total of principal and interest each time, by the schedule's annuity with interest
    /// from statement to statement; the last takes the difference.
    EqualInstalments,
}

/// What money beyond everything due does to instalments to come. Draws are taken oldest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum EarlyRepayment {
    /// It pays the principal of the last instalment, then of the one before it, and so on: fewer
    /// instalments, the others unchanged. Backbone: "from last instalment".
    #[default]
    FromLastInstalment,
    /// As many instalments, each smaller: what is left is spread anew as if it had just been drawn.
    /// Backbone: "reduced instalments".
    ReducedInstalments,
}

/// Whether interest and fees come on top of what the rule gives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum ChargesInMinimum {
    /// The rule gives principal; interest, fees and penalties billed are due beside it (Mambu).
    #[default]
    Added,
    /// The rule gives the whole minimum; interest and fees are part of it. They stay unpaid where
    /// it is less than they are.
    Included,
}

/// How what an earlier statement asked for, and was not paid, stands in the next minimum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum OverdueInMinimum {
    /// It is added to the minimum of the new statement. The most common.
    #[default]
    Added,
    /// The new minimum takes its place, and is never less.
    Within,
}

/// How the least payment of a statement is found.
///
/// With `x` what the rule gives, rounded by the contract's rule:
///
/// - charges added: principal due is `min(ceiling, max(floor − counted charges, x))`, at least what
///   is above the limit where the contract says so, at most the principal; charges come on top;
/// - charges included: the minimum is `min(ceiling, max(floor, x))`, at least what is above the
///   limit.
///
/// It is never more than everything owed. Source: Mambu's principal payment settings of revolving
/// loans; included charges after the practice of credit cards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MinimumPayment {
    /// How principal due (or, with charges included, the minimum) is found.
    pub rule: MinimumRule,
    /// Whether interest and fees come on top.
    #[serde(default)]
    pub charges: ChargesInMinimum,
    /// Never less than this, or all that is owed where that is less.
    #[serde(default, with = "ledger::money::exact::option")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<alloc::string::String>"))]
    pub floor: Option<Decimal>,
    /// Never more than this.
    #[serde(default, with = "ledger::money::exact::option")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<alloc::string::String>"))]
    pub ceiling: Option<Decimal>,
    /// With charges added: whether interest due counts towards the floor.
    #[serde(default)]
    pub floor_includes_interest: bool,
    /// With charges added: whether fees and penalties due count towards the floor.
    #[serde(default)]
    pub floor_includes_fees: bool,
    /// How unpaid earlier minimums are treated.
    #[serde(default)]
    pub overdue: OverdueInMinimum,
    /// Whether principal above the limit is due in full.
    #[serde(default)]
    pub above_limit: bool,
}

/// The figures a minimum is found from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bill {
    /// Principal outstanding.
    pub principal: Decimal,
    /// Everything outstanding, billed charges included.
    pub balance: Decimal,
    /// Interest billed that no earlier minimum has asked for. With [`OverdueInMinimum::Within`]:
    /// all interest billed.
    pub interest: Decimal,
    /// Fees and penalties, in the same way.
    pub fees: Decimal,
    /// What earlier minimums asked for and is unpaid.
    pub overdue: Decimal,
    /// Principal above the limit.
    pub above_limit: Decimal,
    /// Principal of instalments that fall due with this statement.
    pub instalments: Decimal,
}

impl MinimumPayment {
    /// A rule and nothing else: charges come on top, no floor, no ceiling.
    #[must_use]
    pub const fn of(rule: MinimumRule) -> Self {
        Self {
            rule,
            charges: ChargesInMinimum::Added,
            floor: None,
            ceiling: None,
            floor_includes_interest: false,
            floor_includes_fees: false,
            overdue: OverdueInMinimum::Added,
            above_limit: false,
        }
    }

    /// The plan by which each draw is repaid, where there is one.
    #[must_use]
    pub const fn instalments(&self) -> Option<&DrawInstalments> {
        match &self.rule {
            MinimumRule::Instalments(plan) => Some(plan),
            _ => None,
        }
    }

    /// The minimum for a bill, unpaid earlier minimums included. `round` rounds what a percentage
    /// gives.
    ///
    /// ```
    /// use lending_core::revolving::{Bill, MinimumPayment, MinimumRule};
    /// use rust_decimal::dec;
    /// let minimum = MinimumPayment {
    ///     floor: Some(dec!(50)),
    ///     floor_includes_interest: true,
    ///     ..MinimumPayment::of(MinimumRule::PercentOfPrincipal(dec!(5)))
    /// };
    /// let bill = Bill {
    ///     principal: dec!(600), balance: dec!(612), interest: dec!(12), ..Bill::default()
    /// };
    /// // 5 % of 600 is 30; with 12 of interest that is below 50, so 38 of principal are due.
    /// assert_eq!(minimum.due(&bill, |amount| amount.round_dp(2))?, dec!(50));
    /// # Ok::<(), lending_core::revolving::RevolvingError>(())
    /// ```
    ///
    /// # Errors
    /// [`RevolvingError::Common`] when a figure does not fit 28 digits.
    pub fn due(
        &self,
        bill: &Bill,
        round: impl Fn(Decimal) -> Decimal,
    ) -> Result<Decimal, RevolvingError> {
        let percent = |of, percent| {
            Ok::<_, RevolvingError>(round(mul(mul(of, percent)?, Decimal::new(1, 2))?))
        };
        let ruled = match &self.rule {
            MinimumRule::Flat(amount) => *amount,
            MinimumRule::PercentOfPrincipal(rate) => percent(bill.principal, *rate)?,
            MinimumRule::PercentOfBalance(rate) => percent(bill.balance, *rate)?,
            MinimumRule::Instalments(_) => bill.instalments,
        };
        let included = self.charges == ChargesInMinimum::Included;
        let charges = add(bill.interest, bill.fees)?;
        let mut floor = self.floor.unwrap_or_default();
        if !included && self.floor_includes_interest {
            floor = sub(floor, bill.interest)?;
        }
        if !included && self.floor_includes_fees {
            floor = sub(floor, bill.fees)?;
        }
        let mut asked = ruled.max(floor);
        asked = self.ceiling.map_or(asked, |ceiling| asked.min(ceiling));
        if self.above_limit {
            asked = asked.max(bill.above_limit);
        }
        if !included {
            let principal = bill.principal.max(Decimal::ZERO);
            asked = add(asked.min(principal), charges)?;
        }
        let whole = match self.overdue {
            OverdueInMinimum::Added => add(asked, bill.overdue)?,
            OverdueInMinimum::Within => asked.max(bill.overdue),
        };
        Ok(whole.min(bill.balance).max(Decimal::ZERO))
    }
}
