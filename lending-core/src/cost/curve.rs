//! The flows of a credit as a curve: `ln(money in / money out)`, both discounted, over
//! `x = ln(1 + rate)`.
//!
//! The curve is zero where the flows discount to zero, is nearly a straight line where the present
//! value is anything but, and its slope is the difference of two durations, the mean times of what
//! goes out and of what comes in. Each side is summed by Horner's rule over the gaps between its
//! flows, from the end where discounting weighs least, so that nothing overflows or cancels; each
//! different gap costs one exponential, and a run of equal amounts at equal gaps is summed by
//! doubling.

use alloc::vec::Vec;

use rust_decimal::Decimal;

use super::{
    CostError, Flow,
    placed::{Placed, netted, one_change},
    real::{Fixed, Real, product},
    side::{Gaps, Side},
};
use crate::schedule::{
    internal::{Ratio, mul_div, pow10},
    power::exp,
};

/// With up to so many different gaps a pass with longer numbers is quick.
const QUICK: usize = 32;

/// The curve.
#[derive(Debug)]
pub(super) struct Curve {
    money_in: Side,
    money_out: Side,
    /// Whether every value has at most one root: all of one sign comes before all of the other.
    pub(super) one_root: bool,
    /// Whether the money out comes first: then the curve falls through its only root.
    pub(super) falls: bool,
    /// Whether any flow has odd days.
    pub(super) odd: bool,
    /// From the first time to the last.
    pub(super) span: Fixed,
    flows: Vec<Placed>,
}

/// The curve at one place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Point {
    pub(super) x: Fixed,
    /// `ln(money in / money out)`.
    pub(super) level: Fixed,
    /// Mean time of the money in.
    pub(super) time_in: Fixed,
    /// Mean time of the money out.
    pub(super) time_out: Fixed,
}

impl Point {
    /// The slope of the curve here.
    pub(super) const fn slope(self) -> Fixed {
        self.time_out.saturating_sub(self.time_in)
    }
}

impl Curve {
    /// Orders and nets the flows.
    pub(super) fn new(flows: &[Flow]) -> Result<Self, CostError> {
        let flows = netted(flows)?;
        let (Some(first), Some(last)) = (flows.first(), flows.last()) else {
            return Err(CostError::AnyRate);
        };
        let odd = flows.iter().any(|flow| !flow.simple.is_zero());
        let mut curve = Self {
            money_in: Side::default(),
            money_out: Side::default(),
            one_root: one_change(&flows),
            falls: first.amount.is_sign_negative(),
            odd,
            span: last.time,
            flows: Vec::new(),
        };
        // Times are known to 64 digits of the span.
        let within = (curve.span >> 56).saturating_add(1);
        for flow in &flows {
            let side = if flow.amount.is_sign_negative() {
                &mut curve.money_out
            } else {
                &mut curve.money_in
            };
            side.push(flow, within)?;
        }
        if curve.money_in.runs.is_empty() || curve.money_out.runs.is_empty() {
            return Err(CostError::NoRate);
        }
        curve.flows = flows;
        Ok(curve)
    }

    /// The present value at `x`, as a part of the money in, to some 25 digits; `None` where the
    /// flows have odd days or so many different gaps that it would take long.
    pub(super) fn residue(&self, x: Decimal) -> Option<Decimal> {
        let few = |side: &Side| side.gaps.lengths.len() <= QUICK;
        if self.odd || !few(&self.money_in) || !few(&self.money_out) {
            return None;
        }
        let within = (self.span >> 56).saturating_add(1);
        // Whole units of the finest amount, with as many binary places as fit.
        let scale = self.flows.iter().map(|flow| flow.amount.scale()).max()?;
        let whole = |flow: &Placed| {
            let missing = pow10(scale.checked_sub(flow.amount.scale())?)?;
            flow.amount.mantissa().checked_mul(missing)
        };
        let mut largest = 0;
        for flow in &self.flows {
            largest = whole(flow)?.unsigned_abs().max(largest);
        }
        let places = largest.leading_zeros().checked_sub(28)?;
        let (mut gaps, mut factors) = (Gaps::default(), Vec::<i128>::new());
        let (mut money_in, mut money_out) = (0_i128, 0_i128);
        let mut last: Option<&Placed> = None;
        // Horner's rule from the far end: the end that is discounted most is summed first.
        let mut step = |flow: &'_ Placed, last: Option<&Placed>| {
            if let Some(last) = last {
                let exact = || Some(last.exact.checked_sub(flow.exact)?.abs());
                let length = last.time.saturating_sub(flow.time).abs();
                let at = gaps.place(length, within, exact).ok()?;
                if at == factors.len() {
                    let (_, gap) = gaps.kept.get(at)?;
                    let exponent = x.abs().checked_mul(*gap)?;
                    factors.push(long(exp(Decimal::ZERO.checked_sub(exponent)?)?)?);
                }
                let factor = *factors.get(at)?;
                money_in = long_product(money_in, factor)?;
                money_out = long_product(money_out, factor)?;
            }
            let amount = whole(flow)?.wrapping_shl(places);
            if amount > 0 {
                money_in = money_in.checked_add(amount)?;
            } else {
                money_out = money_out.checked_sub(amount)?;
            }
            Some(())
        };
        let mut each = |flow| {
            step(flow, last)?;
            last = Some(flow);
            Some(())
        };
        if x.is_sign_negative() {
            self.flows.iter().try_for_each(&mut each)?;
        } else {
            self.flows.iter().rev().try_for_each(&mut each)?;
        }
        let apart = money_in.checked_sub(money_out)?;
        Ratio {
            num: apart,
            den: money_in,
        }
        .to_decimal()
    }

    pub(super) fn at(&self, x: Fixed, factors: &mut Vec<Real>) -> Point {
        let (sum_in, time_in) = self.money_in.at(x, factors);
        let (sum_out, time_out) = self.money_out.at(x, factors);
        let origins = if x < 0 {
            self.money_in
                .last_time
                .saturating_sub(self.money_out.last_time)
        } else {
            self.money_in
                .first_time
                .saturating_sub(self.money_out.first_time)
        };
        let apart = product(x, origins);
        Point {
            x,
            level: sum_in.divided(sum_out).ln().saturating_sub(apart),
            time_in,
            time_out,
        }
    }
}

/// A factor of at most one on 120 binary places.
fn long(factor: Decimal) -> Option<i128> {
    let ratio = Ratio::of_decimal(factor);
    let one = 1_i128 << 120;
    mul_div(one, ratio, ledger::Rounding::HalfEven)
}

/// A sum below 2^127 times a factor on 120 binary places, both positive, rounded down.
fn long_product(sum: i128, factor: i128) -> Option<i128> {
    const LOW: u128 = u64::MAX as u128;
    let (sum, factor) = (sum.unsigned_abs(), factor.unsigned_abs());
    let (a1, a0) = (sum >> 64, sum & LOW);
    let (b1, b0) = (factor >> 64, factor & LOW);
    // Products of 64 bits fit 128; so do their high parts together, as the result is below `sum`.
    let low = a0.wrapping_mul(b0) >> 64;
    let middle = a1.wrapping_mul(b0).checked_add(low)?;
    let middle = middle.checked_add(a0.wrapping_mul(b1))?;
    let high = a1.wrapping_mul(b1);
    // 2^-120 of the whole: 2^128/2^120 for the high part, 2^64/2^120 for the middle.
    i128::try_from(high.checked_shl(8)?.checked_add(middle >> 56)?).ok()
}
