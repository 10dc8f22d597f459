//! The rate at which flows discount to zero.
//!
//! Solved in `x = ln(1 + rate)`: the range is scanned in steps of 1/20 for changes of sign and
//! the chosen one is bisected. Discounting starts from the end where weights are largest, so
//! that every weight is at most one and nothing overflows.

use alloc::vec::Vec;

use rust_decimal::Decimal;

use super::CostError;
use crate::schedule::power::{exp, ln};

/// The most flows that are taken: a thousand years of monthly payments.
pub const MAX_FLOWS: usize = 12_000;
/// The lowest rate that is looked for, a little above -100%: `e^-14 - 1`.
pub const MIN_RATE: Decimal = Decimal::from_parts(9_999_991, 0, 0, true, 7);
/// The highest rate that is looked for: a little below `e^9 - 1`.
pub const MAX_RATE: Decimal = Decimal::from_parts(8_102, 0, 0, false, 0);

const STEPS_PER_UNIT: i64 = 20;
const LOW_STEP: i64 = -280;
const HIGH_STEP: i64 = 180;
/// Halvings of a step of 1/20: down to 10⁻¹⁷.
const HALVINGS: u32 = 52;

/// An amount at a time: out negative, in positive, seen from either side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flow {
    /// Whole and fractional units of time from any origin; the unit is the rate's.
    pub time: Decimal,
    /// A further part of a unit that is discounted by simple interest, as Appendix J does with
    /// odd days; otherwise zero.
    pub simple: Decimal,
    /// The amount.
    pub amount: Decimal,
}

impl From<(Decimal, Decimal)> for Flow {
    fn from((time, amount): (Decimal, Decimal)) -> Self {
        Self {
            time,
            simple: Decimal::ZERO,
            amount,
        }
    }
}

/// The present value of the flows as of the earliest (at `x ≥ 0`) or the latest one.
fn value(sorted: &[Flow], x: Decimal) -> Option<Decimal> {
    let rate = exp(x)?.checked_sub(Decimal::ONE)?;
    let mut weight = Decimal::ONE;
    let mut sum = Decimal::ZERO;
    let mut last: Option<Decimal> = None;
    let mut cached = (Decimal::ZERO, Decimal::ONE);
    let size = x.abs();
    let mut step = |flow: &Flow| {
        if let Some(last) = last {
            let gap = flow.time.checked_sub(last)?.abs().round_dp(24);
            if gap != cached.0 {
                let exponent = size.checked_mul(gap)?;
                cached = (gap, exp(Decimal::ZERO.checked_sub(exponent)?)?);
            }
            weight = weight.checked_mul(cached.1)?;
        }
        last = Some(flow.time);
        let mut part = flow.amount.checked_mul(weight)?;
        if !flow.simple.is_zero() {
            let growth = flow.simple.checked_mul(rate)?.checked_add(Decimal::ONE)?;
            part = part.checked_div(growth)?;
        }
        sum = sum.checked_add(part)?;
        Some(())
    };
    if x.is_sign_negative() {
        sorted.iter().rev().try_for_each(&mut step)?;
    } else {
        sorted.iter().try_for_each(&mut step)?;
    }
    Some(sum)
}

/// The rate a unit of time at which the flows discount to zero.
///
/// Where several rates do, the one is taken at which the value turns from positive to negative
/// as the rate rises (the return of an investment), and of several such the one nearest to zero.
/// Flows seen from the borrower's side rise through their rate: without a falling root the
/// rising one nearest to zero is taken.
pub(super) fn rate(flows: &[Flow]) -> Result<Decimal, CostError> {
    if flows.len() > MAX_FLOWS {
        return Err(CostError::TooMany {
            given: flows.len(),
            allowed: MAX_FLOWS,
        });
    }
    let mut sorted: Vec<Flow> = flows.to_vec();
    sorted.retain(|flow| !flow.amount.is_zero());
    sorted.sort_by_key(|flow| flow.time);
    if sorted.is_empty() {
        return Err(CostError::AnyRate);
    }
    if sorted
        .iter()
        .any(|flow| flow.simple < Decimal::ZERO || flow.simple > Decimal::ONE)
    {
        return Err(CostError::Argument {
            name: "simple",
            allowed: "a part of a unit from 0 to 1",
        });
    }
    let positive = sorted.iter().any(|flow| flow.amount > Decimal::ZERO);
    let negative = sorted.iter().any(|flow| flow.amount < Decimal::ZERO);
    if !(positive && negative) {
        return Err(CostError::NoRate);
    }
    let root = root(&sorted)?;
    exp(root)
        .and_then(|growth| growth.checked_sub(Decimal::ONE))
        .ok_or(CostError::Overflow)
}

fn root(sorted: &[Flow]) -> Result<Decimal, CostError> {
    let at = |step: i64| {
        let x = Decimal::from(step).checked_div(Decimal::from(STEPS_PER_UNIT))?;
        Some((x, value(sorted, x)?))
    };
    // (falling, bracket): a falling root is better, then the one nearest to zero.
    let mut best: Option<(bool, Decimal, Decimal)> = None;
    let mut before: Option<(Decimal, Decimal)> = None;
    for step in LOW_STEP..=HIGH_STEP {
        let here = at(step).ok_or(CostError::Overflow)?;
        if let Some(before) = before {
            let falling = before.1 > Decimal::ZERO;
            let crosses =
                !before.1.is_zero() && (here.1.is_zero() || (here.1 > Decimal::ZERO) != falling);
            let better = best.is_none_or(|(best_falls, low, _)| {
                (falling && !best_falls)
                    || (falling == best_falls && here.0.abs().min(before.0.abs()) < low.abs())
            });
            if crosses && better {
                best = Some((falling, before.0, here.0));
            }
        }
        before = Some(here);
    }
    let (falling, mut low, mut high) = best.ok_or(CostError::NoRate)?;
    for _ in 0..HALVINGS {
        let middle = low
            .checked_add(high)
            .and_then(|sum| sum.checked_div(Decimal::TWO))
            .ok_or(CostError::Overflow)?;
        let there = value(sorted, middle).ok_or(CostError::Overflow)?;
        if there.is_zero() {
            return Ok(middle);
        }
        if (there > Decimal::ZERO) == falling {
            low = middle;
        } else {
            high = middle;
        }
    }
    if value(sorted, high).is_some_and(|there| there.is_zero()) {
        return Ok(high);
    }
    Ok(low)
}

/// The value at time zero of the flows at a rate above -100%.
pub(super) fn present_value(flows: &[Flow], rate: Decimal) -> Result<Decimal, CostError> {
    let x = Decimal::ONE
        .checked_add(rate)
        .and_then(ln)
        .ok_or(CostError::Argument {
            name: "rate",
            allowed: "above -1",
        })?;
    let mut sum = Decimal::ZERO;
    for flow in flows {
        let part = x
            .checked_mul(flow.time)
            .and_then(|exponent| exp(Decimal::ZERO.checked_sub(exponent)?))
            .and_then(|weight| flow.amount.checked_mul(weight));
        sum = part
            .and_then(|part| sum.checked_add(part))
            .ok_or(CostError::Overflow)?;
    }
    Ok(sum)
}
