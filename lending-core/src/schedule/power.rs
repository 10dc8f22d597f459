//! Powers with fractional exponents on decimals, to about 26 digits.
//!
//! Effective rates need `(1 + r)^(days/year)`. The decimal library's own logarithm stops at fewer
//! digits than a large balance needs.

use rust_decimal::Decimal;

use super::exact::Ratio;

/// ln 2 to 28 digits.
const LN_2: Decimal = Decimal::from_parts(2_860_148_159, 2_180_329_217, 375_755_839, false, 28);

/// `base^exponent` for a positive base; `None` when the result does not fit.
pub(crate) fn power(base: Decimal, exponent: Ratio) -> Option<Decimal> {
    let exponent = exponent.reduced();
    if exponent.den == 1
        && let Ok(whole) = u32::try_from(exponent.num)
    {
        return whole_power(base, whole);
    }
    exp(ln(base)?.checked_mul(exponent.to_decimal()?)?)
}

/// `base^exponent` by squaring. Underflow to zero is a valid result; overflow is `None`.
pub(crate) fn whole_power(base: Decimal, mut exponent: u32) -> Option<Decimal> {
    let mut result = Decimal::ONE;
    let mut square = base;
    loop {
        if exponent & 1 == 1 {
            result = result.checked_mul(square)?;
        }
        exponent >>= 1;
        if exponent == 0 {
            return Some(result);
        }
        square = square.checked_mul(square)?;
    }
}

/// The natural logarithm: the base is halved or doubled into [0.75, 1.5], where
/// `ln m = 2·artanh((m−1)/(m+1))` converges by more than a digit a term.
pub(crate) fn ln(value: Decimal) -> Option<Decimal> {
    if value <= Decimal::ZERO {
        return None;
    }
    let (low, high) = (Decimal::new(75, 2), Decimal::new(15, 1));
    let mut mantissa = value;
    let mut halvings = Decimal::ZERO;
    while mantissa > high {
        mantissa = mantissa.checked_div(Decimal::TWO)?;
        halvings = halvings.checked_add(Decimal::ONE)?;
    }
    while mantissa < low {
        mantissa = mantissa.checked_mul(Decimal::TWO)?;
        halvings = halvings.checked_sub(Decimal::ONE)?;
    }
    let z = mantissa
        .checked_sub(Decimal::ONE)?
        .checked_div(mantissa.checked_add(Decimal::ONE)?)?;
    let square = z.checked_mul(z)?;
    let mut term = z;
    let mut sum = z;
    let mut odd = Decimal::ONE;
    while !term.is_zero() {
        term = term.checked_mul(square)?;
        odd = odd.checked_add(Decimal::TWO)?;
        sum = sum.checked_add(term.checked_div(odd)?)?;
    }
    sum.checked_mul(Decimal::TWO)?
        .checked_add(halvings.checked_mul(LN_2)?)
}

/// The exponential: whole multiples of ln 2 become doublings, the rest is summed term by term.
pub(crate) fn exp(value: Decimal) -> Option<Decimal> {
    let doublings = value.checked_div(LN_2)?.round();
    let rest = value.checked_sub(doublings.checked_mul(LN_2)?)?;
    let mut term = Decimal::ONE;
    let mut sum = Decimal::ONE;
    let mut at = Decimal::ZERO;
    while !term.is_zero() {
        at = at.checked_add(Decimal::ONE)?;
        term = term.checked_mul(rest)?.checked_div(at)?;
        sum = sum.checked_add(term)?;
    }
    let count: i64 = doublings.try_into().ok()?;
    let scale = whole_power(Decimal::TWO, u32::try_from(count.unsigned_abs()).ok()?);
    match scale {
        Some(scale) if count >= 0 => sum.checked_mul(scale),
        Some(scale) => sum.checked_div(scale),
        None if count < 0 => Some(Decimal::ZERO),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use rust_decimal::dec;

    use super::*;

    #[test]
    fn known_values() {
        assert_eq!(LN_2.to_string(), "0.6931471805599453094172321215");
        // e to 27 digits, sqrt 2 to 27 digits: public constants.
        let close = |a: Decimal, b: Decimal| (a - b).abs() < dec!(0.0000000000000000000000001);
        assert!(close(
            exp(Decimal::ONE).unwrap(),
            dec!(2.718281828459045235360287471)
        ));
        assert!(close(
            power(Decimal::TWO, Ratio { num: 1, den: 2 }).unwrap(),
            dec!(1.414213562373095048801688724)
        ));
        assert!(close(
            ln(Decimal::TEN).unwrap(),
            dec!(2.302585092994045684017991455)
        ));
        assert_eq!(
            power(dec!(1.1), Ratio { num: 24, den: 12 }),
            Some(dec!(1.21))
        );
        assert_eq!(power(Decimal::ZERO, Ratio { num: 1, den: 2 }), None);
    }
}
