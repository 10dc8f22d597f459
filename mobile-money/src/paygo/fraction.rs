//! Exact fractions of amounts.

use core::{cmp::Ordering, fmt};

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::PaygoError;

/// An exact fraction in lowest terms with a positive denominator.
///
/// A rate of 10,000 a week is 10,000/7 a day, which no decimal holds; days and money only agree to
/// the last unit when nothing is rounded on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "(i128, i128)", into = "(i128, i128)")]
pub struct Fraction {
    numerator: i128,
    denominator: i128,
}

impl From<Fraction> for (i128, i128) {
    fn from(value: Fraction) -> Self {
        (value.numerator, value.denominator)
    }
}

impl TryFrom<(i128, i128)> for Fraction {
    type Error = PaygoError;
    fn try_from(pair: (i128, i128)) -> Result<Self, PaygoError> {
        Self::new(pair.0, pair.1)
    }
}

const fn overflow(operation: &'static str) -> PaygoError {
    PaygoError::Overflow { operation }
}

fn gcd(a: u128, b: u128) -> u128 {
    let (mut a, mut b) = (a, b);
    while let Some(rest) = a.checked_rem(b) {
        (a, b) = (b, rest);
    }
    a
}

impl Fraction {
    /// Zero.
    pub const ZERO: Self = Self {
        numerator: 0,
        denominator: 1,
    };

    /// `numerator / denominator` in lowest terms.
    ///
    /// # Errors
    /// [`PaygoError::Terms`] for a denominator of zero, [`PaygoError::Overflow`].
    pub fn new(numerator: i128, denominator: i128) -> Result<Self, PaygoError> {
        if denominator == 0 {
            return Err(PaygoError::Terms {
                what: "denominator",
                given: "0".into(),
                allowed: "anything but zero",
            });
        }
        let too_big = || overflow("fraction");
        let divisor = gcd(numerator.unsigned_abs(), denominator.unsigned_abs());
        let divisor = i128::try_from(divisor).map_err(|_| too_big())?;
        let cut = |n: i128| n.checked_div(divisor).ok_or_else(too_big);
        let (numerator, denominator) = (cut(numerator)?, cut(denominator)?);
        if denominator > 0 {
            return Ok(Self {
                numerator,
                denominator,
            });
        }
        let negated = numerator.checked_neg().zip(denominator.checked_neg());
        let (numerator, denominator) = negated.ok_or_else(too_big)?;
        Ok(Self {
            numerator,
            denominator,
        })
    }

    /// A decimal, exactly.
    ///
    /// # Errors
    /// [`PaygoError::Overflow`].
    pub fn from_decimal(value: Decimal) -> Result<Self, PaygoError> {
        let value = value.normalize();
        let scale = 10_i128.checked_pow(value.scale());
        Self::new(value.mantissa(), scale.ok_or_else(|| overflow("decimal"))?)
    }

    /// The decimal with the same value, when there is one.
    #[must_use]
    pub fn to_decimal(self) -> Option<Decimal> {
        let numerator = Decimal::try_from_i128_with_scale(self.numerator, 0).ok()?;
        let denominator = Decimal::try_from_i128_with_scale(self.denominator, 0).ok()?;
        let value = numerator.checked_div(denominator)?.normalize();
        (Self::from_decimal(value).ok()? == self).then_some(value)
    }

    /// The numerator.
    #[must_use]
    pub const fn numerator(self) -> i128 {
        self.numerator
    }

    /// The denominator, above zero.
    #[must_use]
    pub const fn denominator(self) -> i128 {
        self.denominator
    }

    /// The sum.
    ///
    /// # Errors
    /// [`PaygoError::Overflow`].
    pub fn plus(self, other: Self) -> Result<Self, PaygoError> {
        let sum = || {
            let left = self.numerator.checked_mul(other.denominator)?;
            let right = other.numerator.checked_mul(self.denominator)?;
            Some((
                left.checked_add(right)?,
                self.denominator.checked_mul(other.denominator)?,
            ))
        };
        let (numerator, denominator) = sum().ok_or_else(|| overflow("addition"))?;
        Self::new(numerator, denominator)
    }

    /// The difference.
    ///
    /// # Errors
    /// [`PaygoError::Overflow`].
    pub fn minus(self, other: Self) -> Result<Self, PaygoError> {
        let numerator = other.numerator.checked_neg();
        self.plus(Self {
            numerator: numerator.ok_or_else(|| overflow("subtraction"))?,
            denominator: other.denominator,
        })
    }

    /// The product.
    ///
    /// # Errors
    /// [`PaygoError::Overflow`].
    pub fn times(self, other: Self) -> Result<Self, PaygoError> {
        // Cut across first, so that products stay small.
        let left = Self::new(self.numerator, other.denominator)?;
        let right = Self::new(other.numerator, self.denominator)?;
        let numerator = left.numerator.checked_mul(right.numerator);
        let denominator = left.denominator.checked_mul(right.denominator);
        let (numerator, denominator) = numerator
            .zip(denominator)
            .ok_or_else(|| overflow("multiplication"))?;
        Self::new(numerator, denominator)
    }

    /// The quotient.
    ///
    /// # Errors
    /// [`PaygoError::Terms`] for a division by zero, [`PaygoError::Overflow`].
    pub fn over(self, other: Self) -> Result<Self, PaygoError> {
        self.times(Self::new(other.denominator, other.numerator)?)
    }

    /// The largest whole number that is not above the value.
    #[must_use]
    pub fn floor(self) -> i128 {
        // The denominator is above zero: this cannot fail.
        self.numerator
            .checked_div_euclid(self.denominator)
            .unwrap_or(0)
    }
}

impl PartialOrd for Fraction {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Fraction {
    /// By value, without overflow: whole parts first, then the reciprocals of what is left.
    fn cmp(&self, other: &Self) -> Ordering {
        let (mut a, mut b) = (*self, *other);
        let mut turned = false;
        loop {
            let (whole_a, whole_b) = (a.floor(), b.floor());
            let order = whole_a.cmp(&whole_b);
            let rest = |f: Self| f.numerator.checked_rem_euclid(f.denominator).unwrap_or(0);
            let (rest_a, rest_b) = (rest(a), rest(b));
            let decided = match (order, rest_a, rest_b) {
                (Ordering::Equal, 0, 0) => Some(Ordering::Equal),
                (Ordering::Equal, 0, _) => Some(Ordering::Less),
                (Ordering::Equal, _, 0) => Some(Ordering::Greater),
                (Ordering::Equal, ..) => None,
                (order, ..) => Some(order),
            };
            if let Some(order) = decided {
                return if turned { order.reverse() } else { order };
            }
            a = Self {
                numerator: a.denominator,
                denominator: rest_a,
            };
            b = Self {
                numerator: b.denominator,
                denominator: rest_b,
            };
            turned = !turned;
        }
    }
}

impl fmt::Display for Fraction {
    /// `"9999/7"`, or a whole number without denominator.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.denominator == 1 {
            write!(f, "{}", self.numerator)
        } else {
            write!(f, "{}/{}", self.numerator, self.denominator)
        }
    }
}
