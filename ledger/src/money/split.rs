//! Splits that conserve the total.

use alloc::{format, vec::Vec};
use core::cmp::Reverse;

use rust_decimal::Decimal;

use super::{Money, MoneyError};

impl Money {
    /// Splits into `parts` amounts of whole minor units that differ by at most one minor unit;
    /// the larger ones come first. The parts always sum to the whole.
    ///
    /// # Errors
    /// [`MoneyError::Weights`] for zero parts, [`MoneyError::NotWholeMinor`] when the amount is
    /// not whole minor units.
    pub fn split(&self, parts: u32) -> Result<Vec<Self>, MoneyError> {
        let count = i128::from(parts);
        let minor = self.to_minor()?;
        let (Some(each), Some(rest)) = (minor.checked_div(count), minor.checked_rem(count)) else {
            return Err(MoneyError::Weights {
                given: "0 parts".into(),
                allowed: "at least 1 part is needed",
            });
        };
        let extra = rest.signum();
        (0..count)
            .map(|at| {
                let bonus = if at < rest.abs() { extra } else { 0 };
                Self::from_minor(each.saturating_add(bonus), self.currency())
            })
            .collect()
    }

    /// Splits in proportion to `weights`, in whole minor units, by the largest-remainder method:
    /// each part is first cut down towards zero, then the minor units left over go one each to the
    /// parts with the largest cut-off remainder, earlier parts first. The parts always sum to the
    /// whole, and a zero weight gets nothing.
    ///
    /// # Errors
    /// [`MoneyError::Weights`] when there are no weights, one is negative, or all are zero;
    /// [`MoneyError::NotWholeMinor`]; [`MoneyError::Overflow`] when amount times weight does not fit.
    pub fn allocate(&self, weights: &[Decimal]) -> Result<Vec<Self>, MoneyError> {
        let allowed = "weights must be zero or more with a positive sum";
        let given = || format!("{weights:?}");
        let minor = Decimal::try_from_i128_with_scale(self.to_minor()?, 0)
            .map_err(|_| self.overflow("allocation", Decimal::ZERO))?;
        let mut total = Decimal::ZERO;
        for weight in weights {
            if *weight < Decimal::ZERO {
                return Err(MoneyError::Weights {
                    given: given(),
                    allowed,
                });
            }
            total = total
                .checked_add(*weight)
                .ok_or_else(|| self.overflow("allocation", *weight))?;
        }
        if total.is_zero() {
            return Err(MoneyError::Weights {
                given: given(),
                allowed,
            });
        }
        let mut parts = Vec::with_capacity(weights.len());
        let mut left = minor;
        for (at, weight) in weights.iter().enumerate() {
            let overflow = || self.overflow("allocation", *weight);
            let product = minor.checked_mul(*weight).ok_or_else(overflow)?;
            let share = product.checked_div(total).ok_or_else(overflow)?.trunc();
            let cut = share
                .checked_mul(total)
                .and_then(|s| product.checked_sub(s));
            left = left.checked_sub(share).ok_or_else(overflow)?;
            parts.push((at, share, cut.ok_or_else(overflow)?.abs(), *weight));
        }
        // Largest remainder first; the sort is stable, so ties keep the given order.
        parts.sort_by_key(|part| Reverse(part.2));
        let step = if left.is_sign_negative() {
            Decimal::NEGATIVE_ONE
        } else {
            Decimal::ONE
        };
        for part in parts.iter_mut().filter(|part| !part.3.is_zero()) {
            if left.is_zero() {
                break;
            }
            part.1 = part
                .1
                .checked_add(step)
                .ok_or_else(|| self.overflow("allocation", step))?;
            left = left
                .checked_sub(step)
                .ok_or_else(|| self.overflow("allocation", step))?;
        }
        if !left.is_zero() {
            return Err(self.overflow("allocation", left));
        }
        parts.sort_by_key(|part| part.0);
        parts
            .into_iter()
            .map(|(_, share, _, _)| Self::from_minor(share.mantissa(), self.currency()))
            .collect()
    }
}
