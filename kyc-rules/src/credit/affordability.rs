//! What instalment a client can carry. Amounts are monthly, in one currency, unrounded.

use alloc::vec::Vec;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{CreditError, in_range};

/// A source of income.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Income {
    /// Net amount a month.
    #[serde(with = "ledger::money::exact")]
    pub amount: Decimal,
    /// The share that is not counted, 0 to 1: more for stated than for verified income.
    #[serde(with = "ledger::money::exact")]
    pub haircut: Decimal,
}

/// What a client earns and owes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Affordability {
    /// Sources of income.
    pub incomes: Vec<Income>,
    /// Instalments owed already.
    #[serde(with = "ledger::money::exact")]
    pub obligations: Decimal,
    /// The least a household of this size needs where it lives.
    #[serde(with = "ledger::money::exact")]
    pub living_cost: Decimal,
    /// The highest share of counted income that debt service may take, 0 to 1; none: no cap.
    #[serde(with = "ledger::money::exact::option")]
    pub dsti_cap: Option<Decimal>,
    /// A margin taken off counted income for worse times, 0 to 1.
    #[serde(with = "ledger::money::exact")]
    pub stress: Decimal,
}

/// What a client can carry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assessment {
    /// Income counted, after haircuts and stress.
    #[serde(with = "ledger::money::exact")]
    pub counted_income: Decimal,
    /// Counted income less obligations and living cost; may be negative.
    #[serde(with = "ledger::money::exact")]
    pub residual: Decimal,
    /// The highest instalment, not below zero.
    #[serde(with = "ledger::money::exact")]
    pub instalment_max: Decimal,
    /// Whether the cap, and not the residual, sets it.
    pub cap_binds: bool,
}

impl Affordability {
    /// What the client can carry.
    ///
    /// # Errors
    /// [`CreditError::Range`] for a negative amount or a share outside 0 to 1,
    /// [`CreditError::Overflow`].
    pub fn assess(&self) -> Result<Assessment, CreditError> {
        self.check()?;
        let over = CreditError::Overflow {
            what: "affordability",
        };
        let counted = self.counted().ok_or_else(|| over.clone())?;
        let residual = counted
            .checked_sub(self.obligations)
            .and_then(|left| left.checked_sub(self.living_cost))
            .ok_or_else(|| over.clone())?;
        let capped = match self.dsti_cap {
            None => None,
            Some(cap) => Some(
                counted
                    .checked_mul(cap)
                    .and_then(|most| most.checked_sub(self.obligations))
                    .ok_or(over)?,
            ),
        };
        let cap_binds = capped.is_some_and(|capped| capped < residual);
        let most = capped.map_or(residual, |capped| capped.min(residual));
        Ok(Assessment {
            counted_income: counted,
            residual,
            instalment_max: most.max(Decimal::ZERO),
            cap_binds,
        })
    }

    /// Debt service with a proposed instalment as a share of counted income. None: no income.
    ///
    /// # Errors
    /// As [`Affordability::assess`].
    pub fn dsti(&self, instalment: Decimal) -> Result<Option<Decimal>, CreditError> {
        self.check()?;
        in_range(
            "the instalment",
            instalment,
            instalment >= Decimal::ZERO,
            "0 or more",
        )?;
        let counted = self.counted().filter(|counted| !counted.is_zero());
        Ok(counted.and_then(|counted| {
            self.obligations
                .checked_add(instalment)?
                .checked_div(counted)
        }))
    }

    fn counted(&self) -> Option<Decimal> {
        let sum = self.incomes.iter().try_fold(Decimal::ZERO, |sum, income| {
            let kept = Decimal::ONE.checked_sub(income.haircut)?;
            sum.checked_add(income.amount.checked_mul(kept)?)
        })?;
        sum.checked_mul(Decimal::ONE.checked_sub(self.stress)?)
    }

    fn check(&self) -> Result<(), CreditError> {
        let share = |value: Decimal| (Decimal::ZERO..=Decimal::ONE).contains(&value);
        for income in &self.incomes {
            in_range(
                "an income",
                income.amount,
                income.amount >= Decimal::ZERO,
                "0 or more",
            )?;
            in_range("a haircut", income.haircut, share(income.haircut), "0 to 1")?;
        }
        for (what, value) in [
            ("the obligations", self.obligations),
            ("the living cost", self.living_cost),
        ] {
            in_range(what, value, value >= Decimal::ZERO, "0 or more")?;
        }
        if let Some(cap) = self.dsti_cap {
            in_range("the cap", cap, share(cap), "0 to 1")?;
        }
        in_range("the stress", self.stress, share(self.stress), "0 to 1")
    }
}

/// The middle of irregular incomes: of an even number the mean of the two in the middle. None: no
/// figures, or a sum that does not fit.
#[must_use]
pub fn median(amounts: &[Decimal]) -> Option<Decimal> {
    let mut sorted = amounts.to_vec();
    sorted.sort();
    let middle = sorted.len() / 2;
    let upper = *sorted.get(middle)?;
    if sorted.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = *sorted.get(middle.checked_sub(1)?)?;
    lower.checked_add(upper)?.checked_div(Decimal::TWO)
}

/// The figure that a quarter of irregular incomes do not exceed (nearest rank). None: no figures.
#[must_use]
pub fn lower_quartile(amounts: &[Decimal]) -> Option<Decimal> {
    let mut sorted = amounts.to_vec();
    sorted.sort();
    let rank = sorted.len().div_ceil(4);
    sorted.get(rank.checked_sub(1)?).copied()
}
