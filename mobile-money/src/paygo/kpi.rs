//! Repayment figures of pay-as-you-go portfolios.
//!
//! PERFORM (GOGLA technical guide, June 2026): numerators and denominators are summed over
//! contracts; ratios are never averaged. Deposits, prepayments, penalties and fees stay out;
//! written-off contracts stay in. Time runs from the end of the free-use period. Figures of an agent
//! or a branch are those of its contracts. [`Deal::contract`](super::deal::Deal::contract) makes
//! the contract of a deal.
//!
//! ```
//! use mobile_money::paygo::kpi::{Contract, portfolio};
//! use rust_decimal::dec;
//! let contract = Contract {
//!     financed: dec!(9000), term_days: 90, free_days: 0, age_days: 95,
//!     payments: vec![(1, dec!(4500)), (50, dec!(4500))],
//! };
//! let figures = portfolio(&[contract])?;
//! assert_eq!(figures.paid_versus_planned.numerator.to_string(), "9000");
//! # Ok::<(), mobile_money::paygo::PaygoError>(())
//! ```

use alloc::vec::Vec;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Fraction, PaygoError};

/// A contract as the figures see it. Days count from the start of the contract, day 0.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contract {
    /// The amount financed, without the deposit.
    #[serde(with = "ledger::money::exact")]
    pub financed: Decimal,
    /// The contractual term in days, from the end of the free-use period.
    pub term_days: u32,
    /// Days that the deposit pays for.
    pub free_days: u32,
    /// Days since the start.
    pub age_days: u32,
    /// Payments: day and amount; deposits, fees and penalties left out.
    pub payments: Vec<(u32, Decimal)>,
}

/// A ratio kept as its parts, with the number of contracts in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ratio {
    /// Numerator.
    pub numerator: Fraction,
    /// Denominator.
    pub denominator: Fraction,
    /// Contracts counted.
    pub contracts: u32,
}

impl Ratio {
    const EMPTY: Self = Self {
        numerator: Fraction::ZERO,
        denominator: Fraction::ZERO,
        contracts: 0,
    };

    /// The ratio; `None` when the denominator is zero.
    #[must_use]
    pub fn value(&self) -> Option<Fraction> {
        self.numerator.over(self.denominator).ok()
    }

    fn count(&mut self, numerator: Fraction, denominator: Fraction) -> Result<(), PaygoError> {
        self.numerator = self.numerator.plus(numerator)?;
        self.denominator = self.denominator.plus(denominator)?;
        self.contracts = self.contracts.saturating_add(1);
        Ok(())
    }
}

/// Where a contract stands on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Position {
    /// Due so far, accruing daily over the term.
    pub due: Fraction,
    /// Payments applied to what is due.
    pub applied: Fraction,
    /// Payments beyond what is due.
    pub prepaid: Fraction,
}

impl Contract {
    /// Where the contract stands `days` after the end of the free-use period.
    ///
    /// # Errors
    /// [`PaygoError::Terms`] for a term of zero days, [`PaygoError::Overflow`].
    pub fn position(&self, days: u32) -> Result<Position, PaygoError> {
        let elapsed = days.min(self.term_days);
        let share = Fraction::new(i128::from(elapsed), i128::from(self.term_days))?;
        let due = Fraction::from_decimal(self.financed)?.times(share)?;
        let until = self.free_days.saturating_add(days);
        let mut paid = Fraction::ZERO;
        for (_, amount) in self.payments.iter().filter(|(day, _)| *day <= until) {
            paid = paid.plus(Fraction::from_decimal(*amount)?)?;
        }
        let applied = paid.min(due);
        Ok(Position {
            due,
            applied,
            prepaid: paid.minus(applied)?,
        })
    }

    /// Where the contract stands today.
    ///
    /// # Errors
    /// As [`Contract::position`].
    pub fn today(&self) -> Result<Position, PaygoError> {
        self.position(self.running_days())
    }

    const fn running_days(&self) -> u32 {
        self.age_days.saturating_sub(self.free_days)
    }
}

/// Figures of a portfolio.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figures {
    /// RR PvP: paid versus planned, to date.
    pub paid_versus_planned: Ratio,
    /// RR PvFin: paid versus financed, to date.
    pub paid_versus_financed: Ratio,
    /// RR PvP@90d: both at 90 days, contracts that have reached them.
    pub paid_versus_planned_90_days: Ratio,
    /// RR PvP@2x: paid by twice the term against planned at term, contracts that have reached it.
    pub paid_versus_planned_twice_term: Ratio,
    /// Ownership@2x: contracts fully paid by twice the term, of those that have reached it.
    pub ownership_twice_term: Ratio,
}

/// The figures of PERFORM 2026 over contracts, written-off ones included.
///
/// # Errors
/// As [`Contract::position`].
pub fn portfolio(contracts: &[Contract]) -> Result<Figures, PaygoError> {
    let mut figures = Figures {
        paid_versus_planned: Ratio::EMPTY,
        paid_versus_financed: Ratio::EMPTY,
        paid_versus_planned_90_days: Ratio::EMPTY,
        paid_versus_planned_twice_term: Ratio::EMPTY,
        ownership_twice_term: Ratio::EMPTY,
    };
    let one = Fraction::new(1, 1)?;
    for contract in contracts {
        let today = contract.today()?;
        let financed = Fraction::from_decimal(contract.financed)?;
        figures
            .paid_versus_planned
            .count(today.applied, today.due)?;
        figures
            .paid_versus_financed
            .count(today.applied, financed)?;
        if contract.running_days() >= 90 {
            let then = contract.position(90)?;
            figures
                .paid_versus_planned_90_days
                .count(then.applied, then.due)?;
        }
        let twice = contract.term_days.saturating_mul(2);
        if contract.running_days() >= twice {
            let then = contract.position(twice)?;
            figures
                .paid_versus_planned_twice_term
                .count(then.applied, then.due)?;
            let owned = if then.applied >= financed {
                one
            } else {
                Fraction::ZERO
            };
            figures.ownership_twice_term.count(owned, one)?;
        }
    }
    Ok(figures)
}

/// Collection rate of a period (PERFORM 2021): collected on receivables over due in the period,
/// deposits left out of both.
///
/// # Errors
/// [`PaygoError::Overflow`].
pub fn collection_rate(collected: Decimal, due: Decimal) -> Result<Ratio, PaygoError> {
    Ok(Ratio {
        numerator: Fraction::from_decimal(collected)?,
        denominator: Fraction::from_decimal(due)?,
        contracts: 0,
    })
}

/// Receivables at risk (PERFORM 2021): outstanding of contracts with more than `days` consecutive
/// days without credit, over all outstanding. Each contract is (consecutive unpaid days, gross
/// outstanding); the days fall back to 0 on the first credited day, they are not days past due.
///
/// # Errors
/// [`PaygoError::Overflow`].
pub fn receivables_at_risk(contracts: &[(u32, Decimal)], days: u32) -> Result<Ratio, PaygoError> {
    let mut ratio = Ratio::EMPTY;
    for (unpaid, outstanding) in contracts {
        let outstanding = Fraction::from_decimal(*outstanding)?;
        let late = if *unpaid > days {
            outstanding
        } else {
            Fraction::ZERO
        };
        ratio.count(late, outstanding)?;
    }
    Ok(ratio)
}

/// Receivables at risk by collection rate (PERFORM 2021): outstanding of contracts that have paid
/// less than `percent` of what has fallen due so far, over all outstanding. A contract of which
/// nothing has fallen due is not at risk.
///
/// ```
/// use mobile_money::paygo::kpi::{Contract, receivables_at_risk_by_rate};
/// use rust_decimal::dec;
/// let contract = |paid| Contract { financed: dec!(900), term_days: 90, free_days: 0, age_days: 50,
///     payments: vec![(10, paid)] };
/// // Due 500. The first has paid 60 % and owes 600, the second 50 % and owes 650.
/// let ratio = receivables_at_risk_by_rate(&[contract(dec!(300)), contract(dec!(250))], 60)?;
/// assert_eq!((ratio.numerator.to_string(), ratio.denominator.to_string()), ("650".into(), "1250".into()));
/// # Ok::<(), mobile_money::paygo::PaygoError>(())
/// ```
///
/// # Errors
/// As [`Contract::position`].
pub fn receivables_at_risk_by_rate(
    contracts: &[Contract],
    percent: u32,
) -> Result<Ratio, PaygoError> {
    let mut ratio = Ratio::EMPTY;
    let limit = Fraction::new(i128::from(percent), 100)?;
    for contract in contracts {
        let today = contract.today()?;
        let financed = Fraction::from_decimal(contract.financed)?;
        let paid = today.applied.plus(today.prepaid)?.min(financed);
        let outstanding = financed.minus(paid)?;
        let late = if today.applied < today.due.times(limit)? {
            outstanding
        } else {
            Fraction::ZERO
        };
        ratio.count(late, outstanding)?;
    }
    Ok(ratio)
}

/// Write-off ratio (PERFORM 2021): outstanding of contracts written off in the period over the
/// mean of opening and closing outstanding.
///
/// # Errors
/// [`PaygoError::Overflow`].
pub fn write_off_ratio(
    written_off: Decimal,
    opening: Decimal,
    closing: Decimal,
) -> Result<Ratio, PaygoError> {
    let sum = Fraction::from_decimal(opening)?.plus(Fraction::from_decimal(closing)?)?;
    Ok(Ratio {
        numerator: Fraction::from_decimal(written_off)?,
        denominator: sum.over(Fraction::new(2, 1)?)?,
        contracts: 0,
    })
}
