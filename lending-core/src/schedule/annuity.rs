//! Equal instalments and solved rates.

use ledger::Rounding;
use rust_decimal::Decimal;

use super::{
    ScheduleError, charging::significant, exact::Ratio, exact::mul_div, power::whole_power,
};

/// What one unit paid at each instalment is worth today, and what one unit at the last is worth.
#[derive(Clone, Copy, Debug)]
pub(super) struct Worth {
    pub(super) each: Decimal,
    pub(super) last: Decimal,
}

/// Below this growth over the whole term the closed form loses digits to cancellation.
const SMALL: Decimal = Decimal::from_parts(1, 0, 0, false, 6);

impl Worth {
    /// `count` instalments at one periodic rate: `(1 − v^n) / k`, `v = 1 / (1 + k)`.
    pub(super) fn constant(rate: Ratio, count: u32, digits: Option<u8>) -> Option<Self> {
        if rate.is_zero() {
            return Some(Self {
                each: Decimal::from(count),
                last: Decimal::ONE,
            });
        }
        let k = kept(rate.to_decimal()?, digits)?;
        if k.checked_mul(count.into())?.abs() < SMALL {
            return Self::by_rates((0..count).map(|_| Some(rate)));
        }
        let growth = k.checked_add(Decimal::ONE)?;
        let v = kept(Decimal::ONE.checked_div(growth)?, digits)?;
        let last = kept(whole_power(v, count)?, digits)?;
        let each = Decimal::ONE.checked_sub(last)?.checked_div(k)?;
        Some(Self {
            each: kept(each, digits)?,
            last,
        })
    }

    /// Instalments at a rate of its own for each period: `Σᵢ Πⱼ≤ᵢ 1/(1+rⱼ)`, which is
    /// `fₙ / Π(1+rᵢ)` without its large intermediates.
    pub(super) fn by_rates(rates: impl Iterator<Item = Option<Ratio>>) -> Option<Self> {
        // 2^-96 is finer than 28 digits, and a discount times a denominator below 2^32 fits.
        let mut fixed = ONE_FIXED;
        let mut sum_fixed = 0_i128;
        let mut exact = Decimal::ONE;
        let mut sum = Decimal::ZERO;
        let mut slow = false;
        for rate in rates {
            let rate = rate?;
            let grown = rate.den.checked_add(rate.num).filter(|grown| *grown > 0)?;
            if !slow {
                let next = discount(fixed, rate.den, grown);
                let next = next.and_then(|next| Some((next, sum_fixed.checked_add(next)?)));
                if let Some((next, total)) = next {
                    (fixed, sum_fixed) = (next, total);
                    continue;
                }
                slow = true;
                (exact, sum) = (from_fixed(fixed)?, from_fixed(sum_fixed)?);
            }
            let step = Ratio {
                num: rate.den,
                den: grown,
            };
            exact = exact.checked_mul(step.to_decimal()?)?;
            sum = sum.checked_add(exact)?;
        }
        if slow {
            return Some(Self {
                each: sum,
                last: exact,
            });
        }
        Some(Self {
            each: from_fixed(sum_fixed)?,
            last: from_fixed(fixed)?,
        })
    }

    /// The factor form with every intermediate kept to `digits` significant digits, as older
    /// systems do: `fₖ = fₖ₋₁(1+rₖ) + 1`, then `Π(1+rᵢ) / fₙ`.
    pub(super) fn by_rates_kept(
        rates: impl Iterator<Item = Option<Ratio>>,
        digits: u8,
    ) -> Option<Self> {
        let mut product = Decimal::ONE;
        let mut factor = Decimal::ZERO;
        for rate in rates {
            let growth = kept(rate?.to_decimal()?, Some(digits))?.checked_add(Decimal::ONE)?;
            let growth = significant(growth, digits)?;
            product = significant(product.checked_mul(growth)?, digits)?;
            factor = factor.checked_mul(growth)?.checked_add(Decimal::ONE)?;
            factor = significant(factor, digits)?;
        }
        Some(Self {
            each: factor.checked_div(product)?,
            last: Decimal::ONE.checked_div(product)?,
        })
    }

    /// Instalments that grow: `weights` says how large each is beside the first.
    pub(super) fn weighted(
        rate: Ratio,
        weights: impl Iterator<Item = Option<Decimal>>,
    ) -> Option<Self> {
        let growth = rate.to_decimal()?.checked_add(Decimal::ONE)?;
        let v = Decimal::ONE.checked_div(growth)?;
        let mut last = Decimal::ONE;
        let mut each = Decimal::ZERO;
        for weight in weights {
            last = last.checked_mul(v)?;
            each = each.checked_add(weight?.checked_mul(last)?)?;
        }
        Some(Self { each, last })
    }

    /// The equal instalment that repays `balance` but for `left` at the end, rounded once.
    pub(super) fn instalment(self, balance: i128, left: i128, mode: Rounding) -> Option<i128> {
        if self.each <= Decimal::ZERO {
            return None;
        }
        let each = Ratio::of_decimal(self.each);
        if left == 0 {
            let ratio = Ratio {
                num: each.den,
                den: each.num,
            };
            return mul_div(balance, ratio, mode);
        }
        let units = |value| Decimal::try_from_i128_with_scale(value, 0).ok();
        let worth = units(balance)?.checked_sub(units(left)?.checked_mul(self.last)?)?;
        let amount = mode.round(worth.checked_div(self.each)?, 0);
        Some(amount.trunc().mantissa())
    }
}

const ONE_FIXED: i128 = 1 << 96;

/// `worth × den / grown`, rounded down; `None` when the way there does not fit.
#[inline]
fn discount(worth: i128, den: i128, grown: i128) -> Option<i128> {
    let (Ok(den), Ok(grown)) = (u32::try_from(den), u64::try_from(grown)) else {
        return worth.checked_mul(den)?.checked_div(grown);
    };
    if !(0..=ONE_FIXED).contains(&worth) {
        return worth.checked_mul(den.into())?.checked_div(grown.into());
    }
    // At most 2^96 × 2^32: fits 128 bits without a sign. The division is done by halves, each
    // with a 64-bit divisor.
    let product = worth.unsigned_abs().wrapping_mul(u128::from(den));
    let divisor = u128::from(grown);
    let high = u64::try_from(product >> 64).ok()?;
    let upper = high.checked_div(grown)?;
    let carried = high.wrapping_sub(upper.wrapping_mul(grown));
    let rest = (u128::from(carried) << 64) | (product & u128::from(u64::MAX));
    let lower = rest.checked_div(divisor)?;
    i128::try_from((u128::from(upper) << 64) | lower).ok()
}

fn from_fixed(value: i128) -> Option<Decimal> {
    Ratio {
        num: value,
        den: ONE_FIXED,
    }
    .to_decimal()
}

fn kept(value: Decimal, digits: Option<u8>) -> Option<Decimal> {
    match digits {
        None => Some(value),
        Some(digits) => significant(value, digits),
    }
}

/// The periodic rate at which payments, one a period, are worth `principal`: bisection between
/// zero and a rate that makes them worth less, to 26 decimals. Payments that sum to less than the
/// principal have no such rate.
pub(super) fn solve_rate(principal: i128, payments: &[i128]) -> Result<Ratio, ScheduleError> {
    let units = |value: i128| Decimal::try_from_i128_with_scale(value, 0).ok();
    let overflow = || ScheduleError::overflow("the solved rate");
    let target = units(principal).ok_or_else(overflow)?;
    let worth = |rate: Decimal| -> Option<Decimal> {
        let v = Decimal::ONE.checked_div(rate.checked_add(Decimal::ONE)?)?;
        // From the last payment back: ((pₙ·v + pₙ₋₁)·v + ...)·v
        payments
            .iter()
            .rev()
            .try_fold(Decimal::ZERO, |sum, payment| {
                sum.checked_add(units(*payment)?)?.checked_mul(v)
            })
    };
    let none = |reason| ScheduleError::Unpayable {
        what: "payment plan",
        principal: target,
        reason,
    };
    let total = worth(Decimal::ZERO).ok_or_else(overflow)?;
    if total == target {
        return Ok(Ratio::ZERO);
    }
    if total < target {
        return Err(none("the payments sum to less than the principal"));
    }
    let (mut low, mut high) = (Decimal::ZERO, Decimal::ONE);
    while worth(high).ok_or_else(overflow)? > target {
        low = high;
        high = high.checked_mul(Decimal::TEN).ok_or_else(overflow)?;
        if high > Decimal::from(1_000_000_u32) {
            return Err(none("no rate up to 100000000 % a period fits"));
        }
    }
    let finest = Decimal::new(1, 26);
    while high.checked_sub(low).ok_or_else(overflow)? > finest {
        let sum = low.checked_add(high).ok_or_else(overflow)?;
        let middle = sum.checked_div(Decimal::TWO).ok_or_else(overflow)?;
        if middle <= low || middle >= high {
            break;
        }
        if worth(middle).ok_or_else(overflow)? > target {
            low = middle;
        } else {
            high = middle;
        }
    }
    Ok(Ratio::of_decimal(high))
}
