//! Positive numbers with 64 significant bits and a wide exponent, on integers.
//!
//! Discount factors and sums of discounted amounts of one sign need relative precision over many
//! orders of magnitude and no subtraction. Each operation rounds once, to about 2⁻⁶⁴ of its result.

use rust_decimal::Decimal;

/// `bits · 2^exponent`; the top bit of `bits` is set, or the number is zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Real {
    bits: u64,
    exponent: i32,
}

/// Fixed point with 64 bits after the point, where differences and signs are needed.
pub(super) type Fixed = i128;
/// One in fixed point.
pub(super) const ONE: Fixed = 1 << 64;
/// ln 2 = 0.693147180559945309417232121458... in fixed point.
const LN_2: Fixed = 12_786_308_645_202_655_660;
/// Terms of the exponential series: 0.7^21 / 21! is below 2⁻⁷⁶.
const TERMS: usize = 21;
/// Odd terms of the logarithm's series: 5^-2·28 is below 2⁻¹²⁸.
const LOG_TERMS: i128 = 28;

/// 1/1, 1/2, ... 1/`TERMS`.
#[allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "evaluated by the compiler, where a mistake does not compile"
)]
const INVERSE: [Real; TERMS] = {
    let mut inverse = [Real::ONE; TERMS];
    let mut at = 0;
    while at < TERMS {
        inverse[at] = Real::ONE.divided(Real::of(at as u128 + 1));
        at += 1;
    }
    inverse
};

/// 10^-0, 10^-1, ... 10^-28.
#[allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "evaluated by the compiler, where a mistake does not compile"
)]
const TENTHS: [Real; 29] = {
    let mut tenths = [Real::ONE; 29];
    let mut at = 1;
    let mut power = 1_u128;
    while at < 29 {
        power *= 10;
        tenths[at] = Real::ONE.divided(Real::of(power));
        at += 1;
    }
    tenths
};

impl Real {
    pub(super) const ZERO: Self = Self {
        bits: 0,
        exponent: 0,
    };
    pub(super) const ONE: Self = Self {
        bits: 1 << 63,
        exponent: -63,
    };

    /// An integer, rounded to 64 bits.
    #[inline]
    pub(super) const fn of(value: u128) -> Self {
        if value == 0 {
            return Self::ZERO;
        }
        let zeros = value.leading_zeros();
        let top = value.wrapping_shl(zeros);
        Self::rounded(top, 0_i32.wrapping_sub(zeros.cast_signed()))
    }

    /// `top · 2^exponent` for a number whose highest bit is the highest of 128.
    #[inline]
    const fn rounded(top: u128, exponent: i32) -> Self {
        let (kept, rest) = ((top >> 64) as u64, top as u64);
        let up = (rest >> 63) == 1;
        match kept.checked_add(up as u64) {
            Some(bits) => Self {
                bits,
                exponent: exponent.wrapping_add(64),
            },
            None => Self {
                bits: 1 << 63,
                exponent: exponent.wrapping_add(65),
            },
        }
    }

    /// The size of a decimal.
    #[inline]
    pub(super) fn of_decimal(value: Decimal) -> Self {
        let size = Self::of(value.mantissa().unsigned_abs());
        let scale = usize::try_from(value.scale()).unwrap_or(0);
        if scale == 0 {
            return size;
        }
        // Scales run to 28.
        TENTHS
            .get(scale)
            .map_or(Self::ZERO, |part| size.times(*part))
    }

    /// A number in fixed point, without its sign.
    pub(super) fn of_fixed(value: Fixed) -> Self {
        let size = Self::of(value.unsigned_abs());
        Self {
            bits: size.bits,
            exponent: size.exponent.wrapping_sub(64),
        }
    }

    pub(super) const fn is_zero(self) -> bool {
        self.bits == 0
    }

    #[inline]
    pub(super) const fn times(self, other: Self) -> Self {
        // 64 × 64 bits fit 128; the half that rounds cannot carry out of them.
        let product = (self.bits as u128)
            .wrapping_mul(other.bits as u128)
            .wrapping_add(1 << 62);
        let top = (product >> 127) as u32;
        Self {
            bits: product.wrapping_shr(top.wrapping_add(63)) as u64,
            exponent: self
                .exponent
                .wrapping_add(other.exponent)
                .wrapping_add(top.cast_signed())
                .wrapping_add(63),
        }
    }

    #[inline]
    pub(super) const fn plus(self, other: Self) -> Self {
        if self.bits == 0 {
            return other;
        }
        if other.bits == 0 {
            return self;
        }
        let (high, low) = if self.exponent >= other.exponent {
            (self, other)
        } else {
            (other, self)
        };
        let shift = high.exponent.wrapping_sub(low.exponent);
        if shift > 65 {
            return high;
        }
        // One spare bit below for rounding; the sum has 65 or 66 bits.
        let moved = ((low.bits as u128) << 1).wrapping_shr(shift.cast_unsigned());
        let sum = ((high.bits as u128) << 1)
            .wrapping_add(moved)
            .wrapping_add(1);
        let carry = (sum >> 65) as u32;
        Self {
            bits: sum.wrapping_shr(carry.wrapping_add(1)) as u64,
            exponent: high.exponent.wrapping_add(carry.cast_signed()),
        }
    }

    /// The quotient; zero over anything is zero, and nothing is divided by zero here.
    pub(super) const fn divided(self, by: Self) -> Self {
        let Some(quotient) = ((self.bits as u128) << 64).checked_div(by.bits as u128) else {
            return Self::ZERO;
        };
        if quotient == 0 {
            return Self::ZERO;
        }
        let zeros = quotient.leading_zeros();
        let exponent = self.exponent.wrapping_sub(by.exponent).wrapping_sub(64);
        Self::rounded(
            quotient.wrapping_shl(zeros),
            exponent.wrapping_sub(zeros.cast_signed()),
        )
    }

    /// `e^-self`. Below 2^-(2^28) it is zero.
    pub(super) fn exp_of_minus(self) -> Self {
        if self.is_zero() {
            return Self::ONE;
        }
        let Some(fixed) = self.to_fixed().filter(|fixed| *fixed < 1 << 92) else {
            return Self::ZERO;
        };
        // e^-y = 2^-(k+1) · e^s with s from 0 to ln 2: all terms are positive.
        let halvings = fixed.checked_div(LN_2).unwrap_or(0);
        let rest = fixed.wrapping_sub(halvings.wrapping_mul(LN_2));
        let s = Self::of_fixed(LN_2.wrapping_sub(rest));
        let mut sum = Self::ONE;
        for inverse in INVERSE.iter().rev() {
            sum = Self::ONE.plus(sum.times(s).times(*inverse));
        }
        let halvings = i32::try_from(halvings).unwrap_or(i32::MAX / 2);
        Self {
            bits: sum.bits,
            exponent: sum.exponent.wrapping_sub(halvings).wrapping_sub(1),
        }
    }

    /// The natural logarithm of a number that is not zero.
    pub(super) fn ln(self) -> Fixed {
        // f in [0.75, 1.5): ln f = 2 artanh((f − 1) / (f + 1)).
        let mut twos = i128::from(self.exponent).wrapping_add(64);
        let mut f = Fixed::from(self.bits);
        if f < ONE.wrapping_mul(3) / 4 {
            f = f.wrapping_mul(2);
            twos = twos.wrapping_sub(1);
        }
        let z = (f.wrapping_sub(ONE) << 62)
            .checked_div(f.wrapping_add(ONE))
            .unwrap_or(0)
            << 2;
        let times = |a: Fixed, b: Fixed| (a >> 2).wrapping_mul(b >> 2) >> 60;
        let square = times(z, z);
        let (mut power, mut sum) = (z, z);
        let mut odd = 1_i128;
        for _ in 0..LOG_TERMS {
            power = times(power, square);
            odd = odd.wrapping_add(2);
            sum = sum.wrapping_add(power.checked_div(odd).unwrap_or(0));
        }
        sum.wrapping_mul(2).wrapping_add(twos.wrapping_mul(LN_2))
    }

    /// In fixed point; `None` from 2^62 on.
    pub(super) fn to_fixed(self) -> Option<Fixed> {
        if self.bits == 0 {
            return Some(0);
        }
        let shift = self.exponent.wrapping_add(64);
        let bits = Fixed::from(self.bits);
        if shift >= 0 {
            let shift = shift.cast_unsigned();
            (shift <= 62).then(|| bits.wrapping_shl(shift))
        } else {
            let shift = shift.unsigned_abs();
            Some(if shift > 64 {
                0
            } else {
                bits.wrapping_shr(shift)
            })
        }
    }
}

/// `a · b` in fixed point; saturates where the product has no room.
pub(super) fn product(a: Fixed, b: Fixed) -> Fixed {
    let size = Real::of_fixed(a).times(Real::of_fixed(b));
    // The high parts are exact integers, so that small differences of large products stay right.
    let exact = a.checked_mul(b >> 32).and_then(|high| {
        let low = a.checked_mul(b & 0xFFFF_FFFF)?;
        high.checked_add(low >> 32).map(|sum| sum >> 32)
    });
    exact.unwrap_or_else(|| {
        let size = size.to_fixed().unwrap_or(Fixed::MAX / 4);
        if (a < 0) == (b < 0) {
            size
        } else {
            size.wrapping_neg()
        }
    })
}

/// `a / b` in fixed point; saturates where the quotient has no room.
pub(super) fn quotient(a: Fixed, b: Fixed) -> Fixed {
    let size = Real::of_fixed(a).divided(Real::of_fixed(b));
    let size = size.to_fixed().unwrap_or(Fixed::MAX / 4);
    if (a < 0) == (b < 0) {
        size
    } else {
        size.wrapping_neg()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(got: Fixed, expected: i128, within: i128) {
        assert!((got - expected).abs() <= within, "{got} is not {expected}");
    }

    #[test]
    fn known_constants_come_out() {
        // e^-1 = 0.36787944117144232159..., times 2^64 = 6786177901268885274.4...
        near(
            Real::ONE.exp_of_minus().to_fixed().unwrap(),
            6_786_177_901_268_885_274,
            2,
        );
        // ln 10 = 2.302585092994045684..., times 2^64 = 42475197918399869019.6...
        near(Real::of(10).ln(), 42_475_197_918_399_869_020, 16);
        assert_eq!(Real::ONE.ln(), 0);
        // e^-20 · e^20: the logarithm of the one is minus twenty.
        near(Real::of(20).exp_of_minus().ln(), -20 * ONE, 64);
    }

    #[test]
    fn arithmetic_is_right_to_the_last_bit_or_two() {
        let third = Real::ONE.divided(Real::of(3));
        let sum = third.plus(third).plus(third);
        near(sum.to_fixed().unwrap(), ONE, 2);
        let small = Real::of_decimal(Decimal::new(1, 28));
        assert_eq!(Real::ONE.plus(small), Real::ONE);
        near(
            Real::of_decimal(Decimal::new(125, 3)).to_fixed().unwrap(),
            ONE / 8,
            1,
        );
        near(product(-3 * ONE, ONE / 2), -3 * ONE / 2, 1);
        near(quotient(-3 * ONE, 2 * ONE), -3 * ONE / 2, 1);
    }
}
