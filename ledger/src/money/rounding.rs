//! Rounding rules: the only place where a figure loses digits.

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

/// How a value between two neighbours is rounded.
///
/// ```
/// use ledger::Rounding;
/// use rust_decimal::dec;
/// assert_eq!(Rounding::HalfUp.round(dec!(2.125), 2), dec!(2.13));
/// assert_eq!(Rounding::HalfEven.round(dec!(2.125), 2), dec!(2.12));
/// assert_eq!(Rounding::Up.round(dec!(-2.121), 2), dec!(-2.13));
/// ```
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Rounding {
    /// To the nearest; a tie goes away from zero. The most common rule of consumer lending.
    #[default]
    HalfUp,
    /// To the nearest; a tie goes to the even neighbour (banker's rounding).
    HalfEven,
    /// To the nearest; a tie goes towards zero.
    HalfDown,
    /// Away from zero.
    Up,
    /// Towards zero (truncation).
    Down,
    /// Towards positive infinity.
    Ceiling,
    /// Towards negative infinity.
    Floor,
}

impl Rounding {
    /// Rounds to `decimals` digits after the point. Never fails: a value that already has that
    /// many digits or fewer is returned unchanged.
    #[must_use]
    pub fn round(self, value: Decimal, decimals: u32) -> Decimal {
        value.round_dp_with_strategy(decimals, self.strategy())
    }

    /// Rounds to a whole multiple of `unit` (0.05, 1, 100, ...), `None` when `unit` is not
    /// positive or the result does not fit a `Decimal`.
    #[must_use]
    pub fn round_to_multiple(self, value: Decimal, unit: Decimal) -> Option<Decimal> {
        if unit <= Decimal::ZERO {
            return None;
        }
        // Split off the whole multiples first: the quotient of the rest is below one, so a
        // division that does not terminate cannot turn "just under half" into a tie.
        let rest = value.checked_rem(unit)?;
        let whole = value.checked_sub(rest)?;
        let twice = rest.abs().checked_add(rest.abs())?;
        let mut step = unit;
        step.set_sign_negative(value.is_sign_negative());
        let odd = !whole
            .checked_div(unit)?
            .checked_rem(Decimal::TWO)?
            .is_zero();
        let away = match self {
            _ if rest.is_zero() => false,
            Self::Up => true,
            Self::Down => false,
            Self::Ceiling => !value.is_sign_negative(),
            Self::Floor => value.is_sign_negative(),
            Self::HalfUp => twice >= unit,
            Self::HalfDown => twice > unit,
            Self::HalfEven => twice > unit || (twice == unit && odd),
        };
        if away {
            whole.checked_add(step)
        } else {
            Some(whole)
        }
    }

    const fn strategy(self) -> RoundingStrategy {
        match self {
            Self::HalfUp => RoundingStrategy::MidpointAwayFromZero,
            Self::HalfEven => RoundingStrategy::MidpointNearestEven,
            Self::HalfDown => RoundingStrategy::MidpointTowardZero,
            Self::Up => RoundingStrategy::AwayFromZero,
            Self::Down => RoundingStrategy::ToZero,
            Self::Ceiling => RoundingStrategy::ToPositiveInfinity,
            Self::Floor => RoundingStrategy::ToNegativeInfinity,
        }
    }
}
