//! Exact ratios of integers, rounded once.
//!
//! A product that does not fit 128 bits is carried in 256, so nothing overflows on the way to a
//! result that fits.

use ledger::Rounding;
use rust_decimal::Decimal;

/// `num / den` with `den > 0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ratio {
    pub(crate) num: i128,
    pub(crate) den: i128,
}

impl Ratio {
    pub(crate) const ZERO: Self = Self { num: 0, den: 1 };
    pub(crate) const ONE: Self = Self { num: 1, den: 1 };

    pub(crate) fn of_decimal(value: Decimal) -> Self {
        let value = value.normalize();
        // Scales run to 28 and 10^28 fits.
        Self {
            num: value.mantissa(),
            den: pow10(value.scale()).unwrap_or(1),
        }
    }

    pub(crate) fn of_integer(value: impl Into<i128>) -> Self {
        Self {
            num: value.into(),
            den: 1,
        }
    }

    pub(crate) const fn is_zero(self) -> bool {
        self.num == 0
    }

    pub(crate) fn reduced(self) -> Self {
        let divisor = gcd(self.num.unsigned_abs(), self.den.unsigned_abs());
        match i128::try_from(divisor) {
            Ok(divisor) if divisor > 1 => Self {
                num: self.num.checked_div(divisor).unwrap_or(self.num),
                den: self.den.checked_div(divisor).unwrap_or(self.den),
            },
            _ => self,
        }
    }

    /// The product, exact while it fits, else with 28 digits. `None` beyond that.
    pub(crate) fn checked_mul(self, other: Self) -> Option<Self> {
        let exact = |left: Self, right: Self| {
            Some(Self {
                num: left.num.checked_mul(right.num)?,
                den: left.den.checked_mul(right.den)?,
            })
        };
        exact(self, other)
            .or_else(|| exact(self.reduced(), other.reduced()))
            .or_else(|| {
                let product = self.to_decimal()?.checked_mul(other.to_decimal()?)?;
                Some(Self::of_decimal(product))
            })
    }

    /// The sum, exact while it fits, else with 28 digits. `None` beyond that.
    pub(crate) fn checked_add(self, other: Self) -> Option<Self> {
        if self.den == other.den
            && let Some(num) = self.num.checked_add(other.num)
        {
            return Some(Self { num, den: self.den });
        }
        self.add_exact(other)
            .or_else(|| self.reduced().add_exact(other.reduced()))
            .or_else(|| {
                let sum = self.to_decimal()?.checked_add(other.to_decimal()?)?;
                Some(Self::of_decimal(sum))
            })
    }

    /// Over the least common denominator.
    fn add_exact(self, other: Self) -> Option<Self> {
        let common = gcd(self.den.unsigned_abs(), other.den.unsigned_abs());
        let common = i128::try_from(common).ok()?;
        let left = self.num.checked_mul(other.den.checked_div(common)?)?;
        let right = other.num.checked_mul(self.den.checked_div(common)?)?;
        Some(Self {
            num: left.checked_add(right)?,
            den: self.den.checked_div(common)?.checked_mul(other.den)?,
        })
    }

    /// The value with as many of 28 digits after the point as fit; `None` beyond 96 bits.
    pub(crate) fn to_decimal(self) -> Option<Decimal> {
        let whole = self.num.checked_div(self.den)?.unsigned_abs();
        let digits = whole
            .checked_ilog10()
            .map_or(0, |log| log.saturating_add(1));
        // The largest numbers that fit 96 bits have 29 digits, all before the point.
        let mut scale = 28_u32.saturating_sub(digits);
        let scaled = mul_div(
            self.num,
            Self {
                num: pow10(scale)?,
                den: self.den,
            },
            Rounding::HalfEven,
        )?;
        let mut scaled = scaled;
        // 96 bits hold 28 digits and a little more; rounding up may add a digit.
        while scaled.unsigned_abs() >= 1 << 96 {
            scaled = scaled.checked_div(10)?;
            scale = scale.checked_sub(1)?;
        }
        let value = Decimal::try_from_i128_with_scale(scaled, scale).ok()?;
        Some(value.normalize())
    }
}

/// 10 to the power of `exponent`, up to 38.
pub(crate) const fn pow10(exponent: u32) -> Option<i128> {
    10_i128.checked_pow(exponent)
}

fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        let rest = a.checked_rem(b).unwrap_or(0);
        a = b;
        b = rest;
    }
    a
}

/// `amount × ratio`, rounded once. `None` when the result does not fit.
pub(crate) fn mul_div(amount: i128, ratio: Ratio, mode: Rounding) -> Option<i128> {
    // Nearly every instalment multiplies within 64 bits and divides within 64, which is several
    // times faster than the general way.
    if let (Ok(num), Ok(den)) = (i64::try_from(ratio.num), i64::try_from(ratio.den))
        && let Some(result) = mul_div_short(amount, num, den, mode)
    {
        return Some(result);
    }
    let Some(product) = amount.checked_mul(ratio.num) else {
        return wide(amount, ratio, mode);
    };
    let den = ratio.den.unsigned_abs();
    let size = product.unsigned_abs();
    finish(
        size.checked_div(den)?,
        size.checked_rem(den)?,
        den,
        product < 0,
        mode,
    )
}

/// `amount × num / den`, rounded once, where the product fits 64 bits; `None` where it does not.
/// `den` is above zero.
#[inline]
pub(crate) fn mul_div_short(amount: i128, num: i64, den: i64, mode: Rounding) -> Option<i128> {
    let product = i64::try_from(amount).ok()?.checked_mul(num)?;
    let (size, den) = (product.unsigned_abs(), den.unsigned_abs());
    let quotient = size.checked_div(den)?;
    // The rest of a division is below the divisor.
    let rest = size.wrapping_sub(quotient.wrapping_mul(den));
    let away = steps_away(
        rest,
        den.wrapping_sub(rest),
        quotient & 1 == 1,
        product < 0,
        mode,
    );
    let size = i128::from(quotient).wrapping_add(i128::from(away));
    Some(if product < 0 {
        size.wrapping_neg()
    } else {
        size
    })
}

/// Whether a quotient with a rest moves away from zero. `other` is what the rest lacks to the
/// divisor.
#[inline]
fn steps_away<T: PartialOrd + Default>(
    rest: T,
    other: T,
    odd: bool,
    negative: bool,
    mode: Rounding,
) -> bool {
    if rest == T::default() {
        return false;
    }
    match mode {
        Rounding::HalfUp => rest >= other,
        Rounding::HalfDown => rest > other,
        Rounding::HalfEven => rest > other || (rest == other && odd),
        Rounding::Up => true,
        Rounding::Down => false,
        Rounding::Ceiling => !negative,
        Rounding::Floor => negative,
        // A mode this crate does not know yet: the default one.
        _ => rest >= other,
    }
}

/// Adds the sign and the rounding step to a quotient of sizes.
#[inline]
fn finish(quotient: u128, rest: u128, den: u128, negative: bool, mode: Rounding) -> Option<i128> {
    let other = den.checked_sub(rest)?;
    let away = steps_away(rest, other, quotient & 1 == 1, negative, mode);
    let size = quotient.checked_add(u128::from(away))?;
    let size = i128::try_from(size).ok()?;
    if negative {
        size.checked_neg()
    } else {
        Some(size)
    }
}

#[cold]
fn wide(amount: i128, ratio: Ratio, mode: Rounding) -> Option<i128> {
    let (high, low) = wide_mul(amount.unsigned_abs(), ratio.num.unsigned_abs());
    let den = ratio.den.unsigned_abs();
    if high >= den {
        return None;
    }
    // Long division, bit by bit: rare enough to stay simple.
    let mut rest = high;
    let mut quotient = 0_u128;
    for bit in (0..128_u32).rev() {
        let carry = rest >> 127 == 1;
        rest = rest.wrapping_shl(1) | (low.wrapping_shr(bit) & 1);
        quotient = quotient.wrapping_shl(1);
        if carry || rest >= den {
            rest = rest.wrapping_sub(den);
            quotient |= 1;
        }
    }
    let negative = (amount < 0) != (ratio.num < 0);
    finish(quotient, rest, den, negative, mode)
}

fn wide_mul(a: u128, b: u128) -> (u128, u128) {
    const LOW: u128 = u64::MAX as u128;
    let (a1, a0) = (a >> 64, a & LOW);
    let (b1, b0) = (b >> 64, b & LOW);
    // Each partial product of two 64-bit numbers fits 128 bits; the carries do too.
    let low = a0.wrapping_mul(b0);
    let mid1 = a1.wrapping_mul(b0);
    let mid2 = a0.wrapping_mul(b1);
    let high = a1.wrapping_mul(b1);
    let carry = (low >> 64)
        .wrapping_add(mid1 & LOW)
        .wrapping_add(mid2 & LOW);
    let low = (low & LOW) | carry.wrapping_shl(64);
    let high = high
        .wrapping_add(mid1 >> 64)
        .wrapping_add(mid2 >> 64)
        .wrapping_add(carry >> 64);
    (high, low)
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn wide_products_divide_exactly() {
        // 10^30 × (10^30 / 10^40) = 10^20
        let ratio = Ratio {
            num: 10_i128.pow(30),
            den: 10_i128.pow(38),
        };
        assert_eq!(
            mul_div(10_i128.pow(30), ratio, Rounding::HalfUp),
            Some(10_i128.pow(22))
        );
        // (2^127 − 1)² / (2^127 − 1) is itself.
        let max = Ratio {
            num: i128::MAX,
            den: i128::MAX,
        };
        assert_eq!(mul_div(i128::MAX, max, Rounding::HalfUp), Some(i128::MAX));
        assert_eq!(mul_div(-i128::MAX, max, Rounding::HalfUp), Some(-i128::MAX));
    }

    #[test]
    fn ties_follow_the_mode() {
        let half = |num| Ratio { num, den: 2 };
        for (mode, plus5, minus5, plus3) in [
            (Rounding::HalfUp, 3, -3, 2),
            (Rounding::HalfEven, 2, -2, 2),
            (Rounding::HalfDown, 2, -2, 1),
            (Rounding::Up, 3, -3, 2),
            (Rounding::Down, 2, -2, 1),
            (Rounding::Ceiling, 3, -2, 2),
            (Rounding::Floor, 2, -3, 1),
        ] {
            assert_eq!(mul_div(1, half(5), mode), Some(plus5), "{mode:?}");
            assert_eq!(mul_div(1, half(-5), mode), Some(minus5), "{mode:?}");
            assert_eq!(mul_div(1, half(3), mode), Some(plus3), "{mode:?}");
        }
    }

    #[test]
    fn decimals_carry_28_digits() {
        let third = Ratio { num: 1, den: 3 };
        assert_eq!(
            third.to_decimal().unwrap().to_string(),
            "0.3333333333333333333333333333"
        );
        let big = Ratio {
            num: 10_i128.pow(20) * 2,
            den: 3,
        };
        assert_eq!(
            big.to_decimal().unwrap().to_string(),
            "66666666666666666666.66666667"
        );
    }

    #[test]
    fn decimals_reach_as_far_as_96_bits() {
        let whole = |num| Ratio { num, den: 1 }.to_decimal();
        let most = (1_i128 << 96) - 1;
        assert_eq!(
            whole(most).unwrap().to_string(),
            "79228162514264337593543950335"
        );
        assert_eq!(whole(most + 1), None);
        assert_eq!(whole(-most), Some(Decimal::MIN));
        assert_eq!(whole(i128::MAX), None);
    }
}
