//! Fees that become income over the life of a loan.
//!
//! Straight line: equal parts. Sum of digits: `n`, `n - 1`, ... 1 parts of `n(n + 1)/2`. Effective
//! rate: what the effective rate `e` of the loan net of the fee earns beyond the contract's
//! interest, `carrying x e - interest`, with `e` from `sum instalment_i / (1 + e)^i = principal -
//! fee`. Every part is whole minor units and the last takes the rest. Source: Mambu's article on
//! fee amortisation.
//!
//! A fee taken at disbursement with a [`FeeAmortisation`](super::FeeAmortisation) is deferred
//! income: it is spread once, over the instalments that are to come on the day, and stays so when
//! they change; what is left when the loan closes is earned then. Tax on it is owed at once.
//!
//! ```
//! use lending_core::loan::{Amortisation, amortised};
//! use ledger::Rounding;
//! use rust_decimal::dec;
//! let rows = [(dec!(500), dec!(10)), (dec!(500), dec!(5))];
//! let parts = amortised(Amortisation::SumOfDigits, dec!(30), &rows, (Rounding::HalfUp, 2))?;
//! assert_eq!(parts, [dec!(20), dec!(10)]);
//! # Ok::<(), lending_core::loan::LoanError>(())
//! ```

use alloc::{vec, vec::Vec};

use ledger::Rounding;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    LoanError,
    amounts::{add, div, mul, sub},
    terms::terms_error,
};
use crate::cost::tvm::irr;

/// How a fee is spread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Amortisation {
    /// Equal parts.
    #[default]
    StraightLine,
    /// Parts that fall with the instalments left (rule of 78).
    SumOfDigits,
    /// Parts that keep the yield on what the lender has outstanding level.
    EffectiveRate,
}

/// How a fee of the contract is earned when it is not earned at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FeeAmortisation {
    /// How it is spread over the instalments.
    pub profile: Amortisation,
    /// Whether the part of an instalment is earned day by day up to its due date, in equal parts,
    /// else whole on the due date.
    pub daily: bool,
}

/// The parts of a fee that become income with each instalment, given as `(principal, interest)`.
///
/// # Errors
/// [`LoanError::Terms`] when there is no instalment, or no effective rate.
pub fn amortised(
    profile: Amortisation,
    fee: Decimal,
    instalments: &[(Decimal, Decimal)],
    (rounding, decimals): (Rounding, u32),
) -> Result<Vec<Decimal>, LoanError> {
    let count = Decimal::from(instalments.len());
    if instalments.is_empty() {
        let allowed = "one instalment or more";
        return Err(terms_error("fee amortisation over", &"none", allowed));
    }
    let mut parts = Vec::with_capacity(instalments.len());
    match profile {
        Amortisation::StraightLine => {
            parts = vec![div(fee, count)?; instalments.len()];
        }
        Amortisation::SumOfDigits => {
            let digits = div(mul(count, add(count, Decimal::ONE)?)?, Decimal::TWO)?;
            let mut left = count;
            for _ in instalments {
                parts.push(div(mul(fee, left)?, digits)?);
                left = sub(left, Decimal::ONE)?;
            }
        }
        Amortisation::EffectiveRate => {
            let mut lent = sub(Decimal::ZERO, fee)?;
            for (principal, _) in instalments {
                lent = add(lent, *principal)?;
            }
            let mut flows = vec![sub(Decimal::ZERO, lent)?];
            for (principal, interest) in instalments {
                flows.push(add(*principal, *interest)?);
            }
            let rate = irr(&flows, None).map_err(|error| {
                let allowed = "a fee that leaves an effective rate";
                terms_error("fee amortisation", &error, allowed)
            })?;
            let mut carrying = lent;
            for (principal, interest) in instalments {
                let yielded = mul(carrying, rate)?;
                parts.push(sub(yielded, *interest)?);
                carrying = sub(add(carrying, yielded)?, add(*principal, *interest)?)?;
            }
        }
    }
    round_parts(parts, fee, rounding, decimals)
}

/// Whole minor units; the last part takes the rest.
fn round_parts(
    mut parts: Vec<Decimal>,
    fee: Decimal,
    rounding: Rounding,
    decimals: u32,
) -> Result<Vec<Decimal>, LoanError> {
    let mut left = fee;
    let last = parts.len().saturating_sub(1);
    for (at, part) in parts.iter_mut().enumerate() {
        *part = if at == last {
            left
        } else {
            rounding.round(*part, decimals)
        };
        left = sub(left, *part)?;
    }
    Ok(parts)
}
