//! The unit amounts are counted in.

use ledger::{Currency, Rounding};
use rust_decimal::Decimal;

use super::super::{
    ElementRounding, ScheduleError, ScheduleTerms,
    exact::{Ratio, mul_div, pow10},
};

/// Decimals kept where nothing is rounded.
const UNROUNDED_SCALE: u32 = 12;

/// The unit amounts are counted in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Units {
    pub(crate) scale: u32,
    pub(crate) mode: Rounding,
    pub(crate) multiple: Option<(i128, Rounding)>,
}

impl Units {
    pub(crate) fn new(terms: &ScheduleTerms, currency: Currency) -> Result<Self, ScheduleError> {
        let rounding = &terms.rounding;
        let unrounded = matches!(rounding.elements, ElementRounding::Unrounded);
        let scale = if unrounded {
            UNROUNDED_SCALE
        } else {
            u32::from(rounding.decimals.unwrap_or(currency.minor_units()))
        };
        let mut units = Self {
            scale,
            mode: rounding.mode,
            multiple: None,
        };
        if let Some(multiple) = rounding.multiple {
            let of = units.amount(multiple.of, "the multiple is finer than the decimals")?;
            units.multiple = Some((of, multiple.mode));
        }
        Ok(units)
    }

    /// An amount in units, refused when it is finer than a unit.
    pub(crate) fn amount(
        &self,
        amount: Decimal,
        allowed: &'static str,
    ) -> Result<i128, ScheduleError> {
        let refused = || ScheduleError::Principal {
            given: amount,
            allowed,
        };
        let plain = amount.normalize();
        let missing = self.scale.checked_sub(plain.scale()).ok_or_else(refused)?;
        let factor = pow10(missing).ok_or_else(refused)?;
        plain.mantissa().checked_mul(factor).ok_or_else(refused)
    }

    #[inline]
    pub(crate) fn decimal(&self, units: i128) -> Result<Decimal, ScheduleError> {
        // Nearly every amount fits 64 bits; scales run to 12.
        if let Ok(short) = i64::try_from(units) {
            return Ok(Decimal::new(short, self.scale));
        }
        Decimal::try_from_i128_with_scale(units, self.scale)
            .map_err(|_| ScheduleError::overflow("an amount of the schedule"))
    }

    /// To the contract's multiple, where it has one.
    pub(crate) fn to_multiple(self, amount: i128) -> Result<i128, ScheduleError> {
        let Some((of, mode)) = self.multiple else {
            return Ok(amount);
        };
        mul_div(amount, Ratio { num: 1, den: of }, mode)
            .and_then(|count| count.checked_mul(of))
            .ok_or_else(too_large)
    }
}

pub(in super::super) fn too_large() -> ScheduleError {
    ScheduleError::overflow("an amount of the schedule")
}

pub(super) fn add(left: i128, right: i128) -> Result<i128, ScheduleError> {
    left.checked_add(right).ok_or_else(too_large)
}

pub(super) fn sub(left: i128, right: i128) -> Result<i128, ScheduleError> {
    left.checked_sub(right).ok_or_else(too_large)
}
