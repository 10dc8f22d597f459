//! The flows of one sign, summed by Horner's rule over the gaps between them.

use alloc::vec::Vec;

use rust_decimal::Decimal;

use super::{
    CostError,
    placed::Placed,
    real::{Fixed, Real},
};

/// How many of the last different gaps are compared with a new one. Dated flows have about four.
const RECENT: usize = 8;

/// Equal amounts at equal gaps.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
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
pub(super) struct Side {
    pub(super) runs: Vec<Run>,
    pub(super) gaps: Gaps,
    pub(super) last: Decimal,
    pub(super) first_time: Fixed,
    pub(super) last_time: Fixed,
}

/// The different gaps between flows.
#[derive(Debug, Default)]
pub(super) struct Gaps {
    pub(super) lengths: Vec<Real>,
    pub(super) kept: Vec<(Fixed, Decimal)>,
}

impl Gaps {
    /// The place of a gap: that of a recent one of the same length, as near as times are known.
    pub(super) fn place(
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

impl Side {
    pub(super) fn push(&mut self, flow: &Placed, within: Fixed) -> Result<(), CostError> {
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
    pub(super) fn at(&self, x: Fixed, factors: &mut Vec<Real>) -> (Real, Fixed) {
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
