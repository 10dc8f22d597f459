//! An exact fraction of a year.

use core::{cmp::Ordering, fmt};

use rust_decimal::Decimal;

/// An exact fraction of a year, such as 31/365.
///
/// Kept as counted, so that it reads as a lender writes it (`30/360`, not `1/12`); two fractions
/// are equal when their values are. [`Fraction::reduced`] gives lowest terms.
#[derive(Clone, Copy, Debug)]
pub struct Fraction {
    numerator: i64,
    /// Always above zero.
    denominator: i64,
}

impl Fraction {
    /// Nothing.
    pub const ZERO: Self = Self::raw(0, 1);
    /// One whole year.
    pub const ONE: Self = Self::raw(1, 1);

    /// A fraction; `None` unless the denominator is above zero.
    #[must_use]
    pub const fn new(numerator: i64, denominator: i64) -> Option<Self> {
        if denominator > 0 {
            Some(Self::raw(numerator, denominator))
        } else {
            None
        }
    }

    /// A fraction whose denominator is known to be above zero.
    pub(super) const fn raw(numerator: i64, denominator: i64) -> Self {
        Self {
            numerator,
            denominator,
        }
    }

    /// The upper number: days, where the convention counts days.
    #[must_use]
    #[inline]
    pub const fn numerator(self) -> i64 {
        self.numerator
    }

    /// The lower number, above zero: the year's length, where the convention has one.
    #[must_use]
    #[inline]
    pub const fn denominator(self) -> i64 {
        self.denominator
    }

    /// Whether the fraction is zero.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.numerator == 0
    }

    /// The same value in lowest terms.
    #[must_use]
    pub const fn reduced(self) -> Self {
        let mut a = self.numerator.unsigned_abs();
        let mut b = self.denominator.unsigned_abs();
        while b != 0 {
            // `b` is not zero here.
            let rest = match a.checked_rem(b) {
                Some(rest) => rest,
                None => 0,
            };
            a = b;
            b = rest;
        }
        // The divisor divides a positive `i64`, so it fits one; and it is above zero.
        let divisor = a.cast_signed();
        match (
            self.numerator.checked_div(divisor),
            self.denominator.checked_div(divisor),
        ) {
            (Some(numerator), Some(denominator)) => Self::raw(numerator, denominator),
            _ => self,
        }
    }

    /// The sum, exact; `None` when it does not fit.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        if self.denominator == other.denominator {
            return Some(Self::raw(
                self.numerator.checked_add(other.numerator)?,
                self.denominator,
            ));
        }
        let left = self.reduced();
        let right = other.reduced();
        let numerator = left
            .numerator
            .checked_mul(right.denominator)?
            .checked_add(right.numerator.checked_mul(left.denominator)?)?;
        let denominator = left.denominator.checked_mul(right.denominator)?;
        Some(Self::raw(numerator, denominator))
    }

    /// The value with 28 significant digits.
    #[must_use]
    pub fn to_decimal(self) -> Decimal {
        // The divisor is never zero and both fit 64 bits, so the quotient always exists.
        Decimal::from(self.numerator)
            .checked_div(Decimal::from(self.denominator))
            .unwrap_or_default()
    }

    /// `amount` times the fraction: multiplied first, then divided once, so that a whole result
    /// stays whole. `None` when the product does not fit a `Decimal`.
    #[must_use]
    pub fn checked_mul(self, amount: Decimal) -> Option<Decimal> {
        amount
            .checked_mul(Decimal::from(self.numerator))?
            .checked_div(Decimal::from(self.denominator))
    }
}

impl PartialEq for Fraction {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Fraction {}

impl PartialOrd for Fraction {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Fraction {
    fn cmp(&self, other: &Self) -> Ordering {
        // 64 × 64 bits always fit 128.
        let left = i128::from(self.numerator).saturating_mul(i128::from(other.denominator));
        let right = i128::from(other.numerator).saturating_mul(i128::from(self.denominator));
        left.cmp(&right)
    }
}

impl fmt::Display for Fraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.numerator, self.denominator)
    }
}
