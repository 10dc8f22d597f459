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
    real::{Fixed, ONE, Real, product},
};
use crate::schedule::{
    internal::{Ratio, mul_div, pow10},
    power::exp,
};

/// Times that lie further apart are refused: a thousand million units.
const WIDEST: Decimal = Decimal::from_parts(1_000_000_000, 0, 0, false, 0);
/// How many of the last different gaps are compared with a new one. Dated flows have about four.
const RECENT: usize = 8;
/// With up to so many different gaps a pass with longer numbers is quick.
const QUICK: usize = 32;

/// A flow in its place.
#[derive(Clone, Copy, Debug)]
struct Placed {
    /// Units since the first flow.
    time: Fixed,
    /// The same, exact.
    exact: Decimal,
    simple: Decimal,
    amount: Decimal,
}

/// Equal amounts at equal gaps.
#[derive(Clone, Copy, Debug)]
struct Run {
    amount: Real,
    /// `s` and `1 − s`, where the amounts have odd days.
    simple: Option<(Real, Real)>,
    /// Which gap lies before each of them.
    gap: usize,
    count: u32,
}

impl Run {
    /// One amount without odd days, as dated flows have them.
    const fn is_plain(&self) -> bool {
        self.count == 1 && self.simple.is_none()
    }
}

/// The flows of one sign.
#[derive(Debug, Default)]
struct Side {
    runs: Vec<Run>,
    gaps: Gaps,
    last: Decimal,
    first_time: Fixed,
    last_time: Fixed,
}

/// The different gaps between flows.
#[derive(Debug, Default)]
struct Gaps {
    lengths: Vec<Real>,
    kept: Vec<(Fixed, Decimal)>,
}

impl Gaps {
    /// The place of a gap: that of a recent one of the same length, as near as times are known.
    fn place(
        &mut self,
        length: Fixed,
        within: Fixed,
        exact: impl Fn() -> Option<Decimal>,
    ) -> Result<usize, CostError> {
        let recent = self.kept.iter().enumerate().rev().take(RECENT);
        for (at, (kept, _)) in recent {
            if kept.saturating_sub(length).abs() <= within {
                return Ok(at);
            }
        }
        let exact = exact().ok_or(CostError::Overflow)?;
        self.kept.push((length, exact));
        self.lengths.push(Real::of_decimal(exact));
        Ok(self.lengths.len().saturating_sub(1))
    }
}

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

impl Side {
    fn push(&mut self, flow: &Placed, within: Fixed) -> Result<(), CostError> {
        if self.runs.is_empty() {
            self.first_time = flow.time;
            (self.last_time, self.last) = (flow.time, flow.exact);
        }
        let length = flow.time.saturating_sub(self.last_time);
        let before = self.last;
        let exact = || flow.exact.checked_sub(before);
        let gap = self.gaps.place(length, within, exact)?;
        (self.last_time, self.last) = (flow.time, flow.exact);
        let simple = (!flow.simple.is_zero()).then(|| {
            let rest = Decimal::ONE.checked_sub(flow.simple);
            (
                Real::of_decimal(flow.simple),
                Real::of_decimal(rest.unwrap_or_default()),
            )
        });
        let amount = Real::of_decimal(flow.amount);
        match self.runs.last_mut() {
            Some(run) if run.gap == gap && run.amount == amount && run.simple == simple => {
                run.count = run.count.saturating_add(1);
            }
            _ => self.runs.push(Run {
                amount,
                simple,
                gap,
                count: 1,
            }),
        }
        Ok(())
    }

    /// The discounted sum, as of the first flow (from `x = 0` up) or the last, and the mean time.
    fn at(&self, x: Fixed, factors: &mut Vec<Real>) -> (Real, Fixed) {
        let size = Real::of_fixed(x);
        factors.clear();
        let lengths = self.gaps.lengths.iter();
        factors.extend(lengths.map(|gap| gap.times(size).exp_of_minus()));
        let mut sums = Sums::default();
        let step = |at: usize| Step {
            factor: factors.get(at).copied().unwrap_or(Real::ONE),
            length: self.gaps.lengths.get(at).copied().unwrap_or(Real::ZERO),
        };
        if x < 0 {
            for run in &self.runs {
                let each = step(run.gap);
                sums.later_by(each);
                if run.is_plain() {
                    sums.sum = sums.sum.plus(run.amount);
                    continue;
                }
                let block = Block::of(each, run.count);
                sums.later_by(block.between);
                sums.add(run, &block, x);
            }
        } else {
            let mut after = None;
            for run in self.runs.iter().rev() {
                let each = step(run.gap);
                if let Some(after) = after.replace(each) {
                    sums.later_by(after);
                }
                if run.is_plain() {
                    sums.sum = sums.sum.plus(run.amount);
                    continue;
                }
                let block = Block::of(each, run.count);
                sums.later_by(block.between);
                sums.add(run, &block, x);
            }
        }
        let mean = |part: Real| part.divided(sums.sum).to_fixed().unwrap_or(Fixed::MAX / 4);
        let (distance, odd) = (mean(sums.distance), mean(sums.odd));
        let time = if x < 0 {
            self.last_time.saturating_sub(distance)
        } else {
            self.first_time.saturating_add(distance)
        };
        (sums.sum, time.saturating_add(odd))
    }
}

/// A length of time and what it discounts by.
#[derive(Clone, Copy)]
struct Step {
    factor: Real,
    length: Real,
}

/// Ones at equal steps: their sum, their sum times distance, and the way from the first to the last.
struct Block {
    sum: Real,
    distance: Real,
    between: Step,
}

impl Block {
    fn of(each: Step, count: u32) -> Self {
        let mut block = Self {
            sum: Real::ZERO,
            distance: Real::ZERO,
            between: Step {
                factor: Real::ONE,
                length: Real::ZERO,
            },
        };
        // All but the last by doubling, from the highest bit of their number down.
        let others = count.saturating_sub(1);
        for bit in (0..u32::BITS.saturating_sub(others.leading_zeros())).rev() {
            let Step { factor, length } = block.between;
            let moved = block.distance.plus(length.times(block.sum));
            block.distance = block.distance.plus(factor.times(moved));
            block.sum = block.sum.plus(factor.times(block.sum));
            block.between = Step {
                factor: factor.times(factor),
                length: length.plus(length),
            };
            if others.wrapping_shr(bit) & 1 == 1 {
                block.append();
                block.between = Step {
                    factor: block.between.factor.times(each.factor),
                    length: block.between.length.plus(each.length),
                };
            }
        }
        block.append();
        block
    }

    /// One more at the end of the way so far.
    fn append(&mut self) {
        let Step { factor, length } = self.between;
        self.sum = self.sum.plus(factor);
        self.distance = self.distance.plus(factor.times(length));
    }
}

/// Horner's sums: amounts, amounts times distance, amounts times the share of odd days.
struct Sums {
    sum: Real,
    distance: Real,
    odd: Real,
}

impl Default for Sums {
    fn default() -> Self {
        Self {
            sum: Real::ZERO,
            distance: Real::ZERO,
            odd: Real::ZERO,
        }
    }
}

impl Sums {
    /// Discounts what is summed so far over a length of time.
    #[inline]
    fn later_by(&mut self, step: Step) {
        let moved = self.distance.plus(step.length.times(self.sum));
        self.distance = moved.times(step.factor);
        self.sum = self.sum.times(step.factor);
        if !self.odd.is_zero() {
            self.odd = self.odd.times(step.factor);
        }
    }

    #[inline]
    fn add(&mut self, run: &Run, block: &Block, x: Fixed) {
        let mut amount = run.amount;
        if let Some((part, rest)) = run.simple {
            // amount / (1 + s (e^x − 1)), and its share s e^x / (1 + s (e^x − 1)).
            let shrunk = Real::of_fixed(x).exp_of_minus();
            let growth = if x < 0 {
                shrunk
            } else {
                Real::ONE.divided(shrunk)
            };
            let grown = part.times(growth);
            let growth = rest.plus(grown);
            amount = amount.divided(growth);
            let odd = amount.times(block.sum).times(grown).divided(growth);
            self.odd = self.odd.plus(odd);
        }
        self.sum = self.sum.plus(amount.times(block.sum));
        self.distance = self.distance.plus(amount.times(block.distance));
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

/// The flows in order of time, those of one time in one sum, without zeros.
fn netted(flows: &[Flow]) -> Result<Vec<Placed>, CostError> {
    let apart = CostError::Argument {
        name: "time",
        allowed: "at most 1000000000 units apart",
    };
    let mut sorted = Vec::with_capacity(flows.len());
    let mut origin: Option<Decimal> = None;
    for flow in flows {
        if !flow.simple.is_zero() && !(Decimal::ZERO..=Decimal::ONE).contains(&flow.simple) {
            return Err(CostError::Argument {
                name: "simple",
                allowed: "a part of a unit from 0 to 1",
            });
        }
        if flow.amount.is_zero() {
            continue;
        }
        // Counted from the first flow that is given, which nearly always is the earliest.
        let origin = *origin.get_or_insert(flow.time);
        let exact = if origin.is_zero() {
            Some(flow.time)
        } else {
            flow.time.checked_sub(origin)
        };
        let exact = exact.filter(|exact| exact.abs() <= WIDEST);
        let exact = exact.ok_or_else(|| apart.clone())?;
        sorted.push(Placed {
            time: fixed(exact),
            exact,
            simple: flow.simple,
            amount: flow.amount,
        });
    }
    let order = |a: &Placed, b: &Placed| {
        let odd = || a.simple.cmp(&b.simple);
        a.time.cmp(&b.time).then_with(odd)
    };
    sorted.sort_by(order);
    let mut out: Vec<Placed> = Vec::with_capacity(sorted.len());
    for flow in sorted {
        match out.last_mut() {
            Some(last) if last.time == flow.time && last.simple == flow.simple => {
                let sum = last.amount.checked_add(flow.amount);
                last.amount = sum.ok_or(CostError::Overflow)?;
            }
            _ => out.push(flow),
        }
    }
    out.retain(|flow| !flow.amount.is_zero());
    if let (Some(first), Some(last)) = (out.first().copied(), out.last()) {
        if last
            .exact
            .checked_sub(first.exact)
            .is_none_or(|span| span > WIDEST)
        {
            return Err(apart);
        }
        if first.time != 0 {
            for flow in &mut out {
                flow.time = flow.time.saturating_sub(first.time);
            }
        }
    }
    Ok(out)
}

/// Whether the flows change their sign once, in an order of time that holds at every rate: odd
/// days count for something between none and a whole unit.
fn one_change(flows: &[Placed]) -> bool {
    let mut changes = 0_u32;
    let mut ordered = true;
    for (one, next) in flows.iter().zip(flows.iter().skip(1)) {
        changes = changes.saturating_add(u32::from(
            one.amount.is_sign_negative() != next.amount.is_sign_negative(),
        ));
        ordered &= one.simple.is_zero()
            || one.time == next.time
            || one.time.saturating_add(ONE) <= next.time;
    }
    changes == 1 && ordered
}

/// A decimal below 2^62 in fixed point.
pub(super) fn fixed(value: Decimal) -> Fixed {
    let size = Real::of_decimal(value).to_fixed().unwrap_or(Fixed::MAX / 4);
    if value.is_sign_negative() {
        size.wrapping_neg()
    } else {
        size
    }
}
