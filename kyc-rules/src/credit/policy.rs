//! The credit policy: grades, affordability bands and the matrix over both.

use alloc::{collections::BTreeSet, vec::Vec};

use ledger::{Currency, Money};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{CreditError, ExposurePolicy, in_range};
use crate::code::Label;

/// How a lender decides on credit: a decision matrix of score grades and affordability bands, with
/// the amount, term and price of each grade. Plain, versioned data; [`CreditPolicy::check`] proves
/// that the matrix answers every case once and never treats a worse case better.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CreditPolicy {
    /// Which policy.
    pub id: Label,
    /// Which version; a change is a new version.
    pub version: u32,
    /// The currency of all its amounts.
    pub currency: Currency,
    /// Score grades, the best first.
    pub grades: Vec<Grade>,
    /// Affordability bands, the lightest burden first.
    pub bands: Vec<BurdenBand>,
    /// One cell for every grade and band.
    pub cells: Vec<MatrixCell>,
    /// The least amount lent. Nothing below it is approved or offered.
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub amount_min: Decimal,
    /// Counter-offers are whole multiples of this, rounded down.
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub amount_step: Decimal,
    /// What a counter-offer changes first.
    #[serde(default)]
    pub counter: CounterOrder,
    /// The highest exposure, the new loan included; none: not limited.
    #[serde(default)]
    pub exposure: Option<ExposureLimit>,
    /// Amounts by loan cycle (how many loans were repaid before), rising from 0; empty: the cycle
    /// does not matter.
    #[serde(default)]
    pub ladder: Vec<CycleCap>,
    /// What a group that breaks its rules leads to.
    #[serde(default)]
    pub on_group_breach: GroupAction,
    /// Most score reasons given with an adverse decision. Four is the usual number (United States,
    /// Regulation B, comment 9(b)(2)-1: more than four is not likely to be helpful).
    #[serde(default = "four")]
    pub reasons_max: u32,
}

const fn four() -> u32 {
    4
}

/// A score grade with its terms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Grade {
    /// Its name.
    pub label: Label,
    /// The least points; none: every score below the other grades.
    #[serde(default)]
    pub from: Option<i32>,
    /// The most that is lent.
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub amount_max: Decimal,
    /// The most instalments.
    pub instalments_max: u32,
    /// The price: interest a year as a fraction (0.24 is 24 %).
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub annual_rate: Decimal,
}

/// A band of burden: the proposed instalment as a share of the highest the client can carry
/// ([`super::Assessment::instalment_max`]).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BurdenBand {
    /// Its name.
    pub label: Label,
    /// The highest share that belongs to it (inclusive); none: everything above the other bands,
    /// and every case in which the client can carry nothing.
    #[serde(default, with = "ledger::money::exact::option")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<alloc::string::String>"))]
    pub to: Option<Decimal>,
}

/// A cell of the matrix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MatrixCell {
    /// The grade.
    pub grade: Label,
    /// The band.
    pub band: Label,
    /// What follows.
    pub action: MatrixAction,
}

/// What a cell leads to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum MatrixAction {
    /// Approved, within the terms of the grade.
    Approve,
    /// Other terms are offered: those nearest to the request that fall into an approved cell.
    CounterOffer,
    /// A person decides.
    Refer(Label),
    /// Refused.
    Decline(Label),
}

/// What a counter-offer changes first. Both are in use; the first is the more common and keeps the
/// price of the loan down.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum CounterOrder {
    /// The amount, for the term asked for; the longest term only when no amount fits that.
    #[default]
    LowerAmount,
    /// The term, for the amount asked for; the amount only when the longest term does not help.
    LongerTerm,
}

/// The highest exposure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExposureLimit {
    /// What counts.
    #[serde(default)]
    pub policy: ExposurePolicy,
    /// At most this, the new loan included.
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub max: Decimal,
}

/// The most lent from a loan cycle on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CycleCap {
    /// Loans repaid before: from so many on.
    pub from_cycle: u32,
    /// The most lent.
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub amount_max: Decimal,
}

/// What a group that breaks its rules leads to.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum GroupAction {
    /// No loan until it is mended: the common rule of joint liability.
    #[default]
    Decline,
    /// A person decides.
    Refer,
}

impl MatrixAction {
    /// The better, the lower.
    const fn rank(&self) -> u8 {
        match self {
            Self::Approve => 0,
            Self::CounterOffer => 1,
            Self::Refer(_) => 2,
            Self::Decline(_) => 3,
        }
    }
}

impl CreditPolicy {
    /// Reads and checks a policy.
    ///
    /// # Errors
    /// [`CreditError::Policy`] for text that is not a policy, otherwise as [`CreditPolicy::check`].
    pub fn from_json(json: &str) -> Result<Self, CreditError> {
        let policy: Self = serde_json::from_str(json).map_err(|error| CreditError::Policy {
            reason: alloc::string::ToString::to_string(&error),
        })?;
        policy.check()?;
        Ok(policy)
    }

    /// Checks the policy whole: grades and bands in order and without a hole, exactly one cell for
    /// each pair, a worse grade or a heavier burden never treated better, amounts in range.
    ///
    /// # Errors
    /// The first [`CreditError::Policy`] or [`CreditError::Range`] found.
    pub fn check(&self) -> Result<(), CreditError> {
        self.check_scales()?;
        self.check_amounts()?;
        let labels: BTreeSet<(&Label, &Label)> =
            self.cells.iter().map(|c| (&c.grade, &c.band)).collect();
        let wanted = self.grades.len().saturating_mul(self.bands.len());
        if labels.len() != self.cells.len() || labels.len() != wanted {
            return Err(broken(alloc::format!(
                "{} cells were given: one for each of {wanted} pairs of grade and band is allowed",
                self.cells.len()
            )));
        }
        for grade in &self.grades {
            let mut row = Vec::with_capacity(self.bands.len());
            for band in &self.bands {
                row.push(self.cell(grade, band).ok_or_else(|| {
                    broken(alloc::format!("{}, {}: no cell", grade.label, band.label))
                })?);
            }
            better(row.windows(2), &grade.label, "a heavier burden")?;
            let counters = row.iter().any(|a| **a == MatrixAction::CounterOffer);
            if counters && !row.contains(&&MatrixAction::Approve) {
                return Err(broken(alloc::format!(
                    "{}: a counter-offer needs a band that is approved",
                    grade.label
                )));
            }
        }
        for band in &self.bands {
            let column: Vec<&MatrixAction> = self
                .grades
                .iter()
                .filter_map(|g| self.cell(g, band))
                .collect();
            better(column.windows(2), &band.label, "a worse grade")?;
        }
        Ok(())
    }

    fn check_scales(&self) -> Result<(), CreditError> {
        let falls = self.grades.windows(2).all(|pair| match pair {
            [a, b] => a.from.is_some() && b.from.is_none_or(|next| a.from > Some(next)),
            _ => true,
        });
        if !falls || self.grades.last().is_none_or(|g| g.from.is_some()) {
            return Err(broken(
                "grades are listed from the best down, and only the last has no least points"
                    .into(),
            ));
        }
        let milder = self.grades.windows(2).all(|pair| match pair {
            [a, b] => {
                a.amount_max >= b.amount_max
                    && a.instalments_max >= b.instalments_max
                    && a.annual_rate <= b.annual_rate
            }
            _ => true,
        });
        if !milder {
            return Err(broken(
                "a worse grade has no higher amount, no longer term and no lower price".into(),
            ));
        }
        let rises = self.bands.windows(2).all(|pair| match pair {
            [a, b] => a.to.is_some() && b.to.is_none_or(|next| a.to < Some(next)),
            _ => true,
        });
        if !rises || self.bands.last().is_none_or(|b| b.to.is_some()) {
            return Err(broken(
                "bands are listed from the lightest up, and only the last has no end".into(),
            ));
        }
        let climbs = self.ladder.windows(2).all(|pair| match pair {
            [a, b] => a.from_cycle < b.from_cycle && a.amount_max <= b.amount_max,
            _ => true,
        });
        if !climbs || self.ladder.first().is_some_and(|cap| cap.from_cycle != 0) {
            return Err(broken(
                "the ladder begins at cycle 0 and never falls".into(),
            ));
        }
        Ok(())
    }

    fn check_amounts(&self) -> Result<(), CreditError> {
        let above =
            |what, given: Decimal| in_range(what, given, given > Decimal::ZERO, "more than 0");
        above("the least amount", self.amount_min)?;
        above("the step of amounts", self.amount_step)?;
        for grade in &self.grades {
            above("the highest amount of a grade", grade.amount_max)?;
            above("the instalments of a grade", grade.instalments_max.into())?;
            in_range(
                "the price of a grade",
                grade.annual_rate,
                grade.annual_rate >= Decimal::ZERO,
                "0 or more",
            )?;
        }
        for band in self.bands.iter().filter_map(|band| band.to) {
            in_range(
                "the end of a band",
                band,
                band >= Decimal::ZERO,
                "0 or more",
            )?;
        }
        for cap in &self.ladder {
            above("an amount of the ladder", cap.amount_max)?;
        }
        self.exposure
            .iter()
            .try_for_each(|limit| above("the highest exposure", limit.max))
    }

    pub(super) fn cell(&self, grade: &Grade, band: &BurdenBand) -> Option<&MatrixAction> {
        let mut cells = self.cells.iter();
        let found = cells.find(|cell| cell.grade == grade.label && cell.band == band.label)?;
        Some(&found.action)
    }

    /// The grade of a score.
    #[must_use]
    pub fn grade(&self, points: i32) -> Option<&Grade> {
        self.grades
            .iter()
            .find(|grade| grade.from.is_none_or(|from| from <= points))
    }

    /// The band of a burden; none given: the client can carry nothing.
    #[must_use]
    pub fn band(&self, burden: Option<Decimal>) -> Option<&BurdenBand> {
        let Some(burden) = burden else {
            return self.bands.last();
        };
        self.bands
            .iter()
            .find(|band| band.to.is_none_or(|to| burden <= to))
    }

    /// The most lent in a cycle; none: the cycle does not matter.
    pub(super) fn cycle_cap(&self, cycle: u32) -> Option<Decimal> {
        let reached = self.ladder.iter().filter(|cap| cap.from_cycle <= cycle);
        reached.last().map(|cap| cap.amount_max)
    }

    /// The amount of money in this policy's currency.
    pub(super) fn amount(&self, money: &Money) -> Result<Decimal, CreditError> {
        if money.currency() == self.currency {
            Ok(money.amount())
        } else {
            Err(CreditError::Currency {
                given: money.currency(),
                allowed: self.currency,
            })
        }
    }
}

/// Refuses a line of cells in which a worse case is treated better.
fn better<'a>(
    mut pairs: impl Iterator<Item = &'a [&'a MatrixAction]>,
    line: &Label,
    what: &str,
) -> Result<(), CreditError> {
    let improves = |pair: &[&MatrixAction]| matches!(pair, [a, b] if b.rank() < a.rank());
    if pairs.any(improves) {
        return Err(broken(alloc::format!("{line}: {what} is treated better")));
    }
    Ok(())
}

fn broken(reason: alloc::string::String) -> CreditError {
    CreditError::Policy { reason }
}
