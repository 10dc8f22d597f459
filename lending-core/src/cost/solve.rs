//! The rates at which flows discount to zero.
//!
//! Solved in `x = ln(1 + rate)` on the curve of [`super::curve`]. Flows that change their sign once
//! have at most one root, which Newton's method meets in a handful of steps. Other flows may have
//! as many roots as they have changes: an interval is halved until the bounds of the slope over it
//! prove that it holds one root at most, or bounds of the level that it holds none. So two roots
//! are told apart however close they lie, down to 10⁻⁸ of `1 + rate`, where they count as one.

use alloc::vec::Vec;

use rust_decimal::{Decimal, RoundingStrategy};

use super::{
    CostError,
    curve::{Curve, Point},
    placed::fixed,
    real::{Fixed, ONE, Real, product, quotient},
};
use crate::schedule::{
    internal::Ratio,
    power::{exp, ln},
};

/// The most flows that are taken: a thousand years of monthly payments.
pub const MAX_FLOWS: usize = 12_000;
/// The lowest rate that is looked for, a little above -100%.
pub const MIN_RATE: Decimal = Decimal::from_parts(9_999_991, 0, 0, true, 7);
/// The highest rate that is looked for.
pub const MAX_RATE: Decimal = Decimal::from_parts(8_102, 0, 0, false, 0);
/// Where the search starts when no guess is given and more comes in than goes out: ln 1.1.
const USUAL: Fixed = 1_758_162_494_469_621_404;
/// Steps of Newton's method from a guess, before the nearest root is taken instead.
const STEPS: u32 = 60;
/// A step of Newton's method this small has arrived: 2⁻⁴⁰ in `x`.
const ARRIVED: Fixed = 1 << 24;

/// `ln(1 + MIN_RATE)` and 2⁻⁵⁴ below, so that a root at the end itself is met.
const LOWEST: Fixed = -256_794_745_978_213_203_860 - (1 << 10);
/// `ln(1 + MAX_RATE)` and 2⁻⁵⁴ above.
const HIGHEST: Fixed = 166_020_505_600_509_730_109 + (1 << 10);
/// A step this small leaves an error of its square times half of the span: 2⁻³⁴ in `x`, for a span
/// of one unit.
const SMALL_STEP: Fixed = 1 << 30;
/// Intervals are not halved below 2⁻³⁰ in `x`.
const NARROWEST: Fixed = 1 << 34;
/// Roots nearer than 2⁻²⁷ in `x` count as one.
const TOGETHER: Fixed = 1 << 37;
/// What the level may be wrong by: 2⁻⁵⁸.
const NOISE: Fixed = 1 << 6;
/// What durations may be wrong by, before their own size counts: 2⁻⁴⁴.
const SLACK: Fixed = 1 << 20;
/// Halvings before a search is given up; flows of a loan need some dozens.
const PATIENCE: u32 = 50_000;
/// A last step is smaller than this.
const FINEST: Decimal = Decimal::from_parts(1, 0, 0, false, 9);
/// Digits of `1 + rate` that are kept.
const DIGITS: u32 = 17;

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

/// The rate a unit of time at which the flows discount to zero.
///
/// Of several rates, the one that Newton's method reaches from the guess, as in spreadsheets; where
/// it reaches none, the nearest to the guess, by the ratio of `1 + rate`. Without a guess the search
/// starts from 10%, or, where less comes in than goes out, from the total return `in / out − 1`.
///
/// # Errors
/// [`CostError::NoRate`] when there is none from [`MIN_RATE`] to [`MAX_RATE`]; the refusals of unfit
/// flows or of a guess outside of that range.
pub fn rate(flows: &[Flow], guess: Option<Decimal>) -> Result<Decimal, CostError> {
    let mut search = Search::new(flows)?;
    if search.curve.one_root && guess.is_none() {
        let root = search.only(0)?;
        return search.rate_at(root);
    }
    let start = match guess {
        Some(guess) => Decimal::ONE
            .checked_add(guess)
            .filter(|_| (MIN_RATE..=MAX_RATE).contains(&guess))
            .and_then(ln)
            .map(fixed)
            .ok_or(CostError::Argument {
                name: "guess",
                allowed: "-0.9999991 to 8102",
            })?,
        None => search.curve.at(0, &mut search.factors).level.min(0),
    };
    let start = match guess {
        None if start == 0 => USUAL,
        _ => start.clamp(LOWEST, HIGHEST),
    };
    if search.curve.one_root {
        let root = search.only(start)?;
        return search.rate_at(root);
    }
    let near = search.reached(start).unwrap_or(start);
    // From there outwards, so that distant roots are not looked for.
    let away = |x: &Fixed| x.abs_diff(near);
    let mut inside = (near, near);
    let mut reach = ONE / 4;
    loop {
        let low = near.saturating_sub(reach).max(LOWEST);
        let high = near.saturating_add(reach).min(HIGHEST);
        search.isolate(low, inside.0)?;
        search.isolate(inside.1, high)?;
        if let Some(found) = search.roots.iter().copied().min_by_key(away) {
            return search.rate_at(found);
        }
        if low <= LOWEST && high >= HIGHEST {
            return Err(CostError::NoRate);
        }
        inside = (low, high);
        reach = reach.saturating_mul(2);
    }
}

/// Every rate at which the flows discount to zero, from the lowest up; empty when there is none
/// from [`MIN_RATE`] to [`MAX_RATE`].
///
/// ```
/// use lending_core::cost::rates;
/// use rust_decimal::dec;
///
/// // −1 + 2.3 v − 1.32 v² = −(1 − 1.1 v)(1 − 1.2 v): 10% and 20%.
/// let flows = [(dec!(0), dec!(-1)), (dec!(1), dec!(2.3)), (dec!(2), dec!(-1.32))];
/// assert_eq!(rates(&flows.map(Into::into))?, [dec!(0.1), dec!(0.2)]);
/// # Ok::<(), lending_core::cost::CostError>(())
/// ```
///
/// # Errors
/// The refusals of unfit flows.
pub fn rates(flows: &[Flow]) -> Result<Vec<Decimal>, CostError> {
    let mut search = match Search::new(flows) {
        Err(CostError::NoRate) => return Ok(Vec::new()),
        search => search?,
    };
    if search.curve.one_root {
        return match search.only(0) {
            Ok(root) => Ok(alloc::vec![search.rate_at(root)?]),
            Err(CostError::NoRate) => Ok(Vec::new()),
            Err(error) => Err(error),
        };
    }
    search.isolate(LOWEST, HIGHEST)?;
    search.roots.sort_unstable();
    let roots = core::mem::take(&mut search.roots);
    roots.iter().map(|root| search.rate_at(*root)).collect()
}

/// `e^x − 1`, with [`DIGITS`] digits of `e^x`.
fn rate_of(x: Decimal) -> Result<Decimal, CostError> {
    exp(x)
        .and_then(|growth| {
            growth.round_sf_with_strategy(DIGITS, RoundingStrategy::MidpointNearestEven)
        })
        .and_then(|growth| growth.checked_sub(Decimal::ONE))
        .map(|rate| rate.normalize())
        .ok_or(CostError::Overflow)
}

/// A search for roots on one curve.
struct Search {
    curve: Curve,
    factors: Vec<Real>,
    roots: Vec<Fixed>,
    left: u32,
    small_step: Fixed,
}

/// An interval still to be looked at, with the curve at both ends.
type Interval = (Point, Point);

impl Search {
    fn new(flows: &[Flow]) -> Result<Self, CostError> {
        if flows.len() > MAX_FLOWS {
            return Err(CostError::TooMany {
                given: flows.len(),
                allowed: MAX_FLOWS,
            });
        }
        let curve = Curve::new(flows)?;
        // The span's binary digits, half of them: it is below 2^30 units.
        let digits = (curve.span >> 64).checked_ilog2().unwrap_or(0);
        Ok(Self {
            curve,
            factors: Vec::new(),
            roots: Vec::new(),
            left: PATIENCE,
            small_step: SMALL_STEP.wrapping_shr(digits.div_ceil(2)),
        })
    }

    fn at(&mut self, x: Fixed) -> Point {
        self.curve.at(x, &mut self.factors)
    }

    /// The rate of a root. Where the flows have few different gaps, one more step of Newton's method
    /// on decimals takes the root from some 18 digits to some 25.
    fn rate_at(&mut self, root: Fixed) -> Result<Decimal, CostError> {
        let x = Ratio {
            num: root,
            den: ONE,
        };
        let x = x.to_decimal().ok_or(CostError::Overflow)?;
        let slope = Ratio {
            num: self.at(root).slope(),
            den: ONE,
        };
        let better = || {
            let step = self.curve.residue(x)?.checked_div(slope.to_decimal()?)?;
            // Where the curve only touches zero a step leads anywhere.
            (step.abs() < FINEST).then_some(())?;
            x.checked_sub(step)
        };
        // The last step may lead out by less than the digits of the search.
        Ok(rate_of(better().unwrap_or(x))?.clamp(MIN_RATE, MAX_RATE))
    }

    /// Where Newton's method on the present value, over the rate, arrives from a guess.
    fn reached(&mut self, start: Fixed) -> Option<Fixed> {
        let mut x = start;
        for _ in 0..STEPS {
            let here = self.at(x);
            // (in − out) / (in · time in − out · time out), by the smaller of both over the larger.
            let part = Real::of_fixed(here.level).exp_of_minus().to_fixed()?;
            let rest = ONE.saturating_sub(part);
            let growth = if here.level > 0 {
                let times = here.time_in.saturating_sub(product(part, here.time_out));
                quotient(rest, times)
            } else {
                let times = product(part, here.time_in).saturating_sub(here.time_out);
                quotient(rest.saturating_neg(), times)
            };
            let growth = ONE.saturating_add(growth);
            if growth <= 0 {
                return None;
            }
            let step = Real::of_fixed(growth).ln();
            x = x.saturating_add(step);
            if !(LOWEST..=HIGHEST).contains(&x) {
                return None;
            }
            if step.abs() <= ARRIVED {
                return Some(x);
            }
        }
        None
    }

    /// The only root of flows that change their sign once.
    fn only(&mut self, guess: Fixed) -> Result<Fixed, CostError> {
        let falls = self.curve.falls;
        let start = self.at(guess);
        let (low, high) = if (start.level > 0) == falls {
            (guess, HIGHEST)
        } else {
            (LOWEST, guess)
        };
        self.newton(start, (low, high), falls)
    }

    /// Newton's method inside an interval over which the curve is monotone, halving where a step
    /// would leave it. The far end need not have been looked at: a root beyond it is none.
    fn newton(
        &mut self,
        start: Point,
        ends: (Fixed, Fixed),
        falls: bool,
    ) -> Result<Fixed, CostError> {
        let (mut low, mut high) = ends;
        let mut here = start;
        let mut before: Option<Point> = None;
        let mut at_end = false;
        for _ in 0..PATIENCE {
            if here.level == 0 {
                return Ok(here.x);
            }
            let root_is_above = (here.level > 0) == falls;
            if at_end && root_is_above == (here.x == ends.1) {
                return Err(CostError::NoRate);
            }
            if root_is_above {
                low = here.x;
            } else {
                high = here.x;
            }
            let step = quotient(here.level, here.slope());
            let wanted = here.x.saturating_sub(step);
            let useful = here.slope() != 0 && (here.slope() < 0) == falls;
            if useful && step.abs() <= self.small_step {
                return Ok(wanted.clamp(low, high));
            }
            let width = high.saturating_sub(low);
            if width <= 1 {
                return Ok(low);
            }
            // The cubic through two points and their slopes is better still.
            let cubic = before.and_then(|before| inverse_cubic(before, here));
            let wanted = cubic.unwrap_or(wanted);
            let inside = useful && wanted > low && wanted < high;
            let next = if inside {
                wanted
            } else if useful && wanted >= high && high == ends.1 && !at_end {
                high
            } else if useful && wanted <= low && low == ends.0 && !at_end {
                low
            } else {
                low.midpoint(high)
            };
            at_end = next == ends.0 || next == ends.1;
            before = Some(here);
            here = self.at(next);
        }
        Err(CostError::Unresolved)
    }

    /// Adds the roots of `low ≤ x < high`, and one at `high` where the search ends.
    fn isolate(&mut self, low: Fixed, high: Fixed) -> Result<(), CostError> {
        if low >= high {
            return Ok(());
        }
        let mut todo: Vec<Interval> = alloc::vec![(self.at(low), self.at(high))];
        while let Some((left, right)) = todo.pop() {
            self.left = self.left.checked_sub(1).ok_or(CostError::Unresolved)?;
            if left.level == 0 {
                self.roots.push(left.x);
            }
            if right.level == 0 && right.x == HIGHEST {
                self.roots.push(right.x);
            }
            let width = right.x.saturating_sub(left.x);
            let (steepest_fall, steepest_rise) = self.slopes(left, right);
            let monotone = steepest_fall > 0 || steepest_rise < 0;
            let crosses =
                left.level != 0 && right.level != 0 && (left.level > 0) != (right.level > 0);
            if monotone {
                if crosses {
                    let root = self.newton(left, (left.x, right.x), left.level > 0)?;
                    self.roots.push(root);
                }
                continue;
            }
            if !crosses && excluded(left, right, steepest_fall, steepest_rise) {
                continue;
            }
            if width <= NARROWEST {
                if crosses {
                    let root = self.newton(left, (left.x, right.x), left.level > 0)?;
                    self.roots.push(root);
                } else if (left.slope() > 0) != (right.slope() > 0) {
                    let root = self.touch(left, right);
                    self.roots.push(root);
                }
                continue;
            }
            let middle = self.at(left.x.midpoint(right.x));
            todo.push((left, middle));
            todo.push((middle, right));
        }
        self.merge();
        Ok(())
    }

    /// Bounds of the slope over an interval. Mean times fall as `x` rises, but for the share of
    /// odd days, which rises by a quarter of `x` at most.
    fn slopes(&self, left: Point, right: Point) -> (Fixed, Fixed) {
        let width = right.x.saturating_sub(left.x);
        let odd = if self.curve.odd { width >> 1 } else { 0 };
        let slack = SLACK
            .saturating_add(self.curve.span >> 56)
            .saturating_add(odd);
        (
            right
                .time_out
                .saturating_sub(left.time_in)
                .saturating_sub(slack),
            left.time_out
                .saturating_sub(right.time_in)
                .saturating_add(slack),
        )
    }

    /// The turning point inside the narrowest interval: two roots that count as one.
    fn touch(&mut self, left: Point, right: Point) -> Fixed {
        let (mut low, mut high) = (left.x, right.x);
        let rises = left.slope() > 0;
        while high.saturating_sub(low) > 1 {
            let middle = low.midpoint(high);
            if (self.at(middle).slope() > 0) == rises {
                low = middle;
            } else {
                high = middle;
            }
        }
        low
    }

    /// Roots nearer to each other than can be told apart count once, by the middle one.
    fn merge(&mut self) {
        self.roots.sort_unstable();
        let near = |one: &Fixed, next: &Fixed| next.saturating_sub(*one) <= TOGETHER;
        let groups = self.roots.chunk_by(near);
        let middle = |group: &[Fixed]| group.get(group.len() / 2).copied();
        self.roots = groups.filter_map(middle).collect();
    }
}

/// Where the cubic through two points of the inverse of the curve meets the level zero; `None` where
/// zero is not near the later point.
fn inverse_cubic(before: Point, here: Point) -> Option<Fixed> {
    let apart = before.level.checked_sub(here.level)?;
    let u = quotient(here.level.saturating_neg(), apart);
    if apart == 0 || here.slope() == 0 || before.slope() == 0 || u.abs() > ONE / 4 {
        return None;
    }
    let u2 = product(u, u);
    let u3 = product(u2, u);
    let to_before = u2.saturating_mul(3).saturating_sub(u3.saturating_mul(2));
    let by_here = u3.saturating_sub(u2.saturating_mul(2)).saturating_add(u);
    let by_before = u3.saturating_sub(u2);
    let sum = product(to_before, before.x.saturating_sub(here.x))
        .saturating_add(product(by_here, quotient(apart, here.slope())))
        .saturating_add(product(by_before, quotient(apart, before.slope())));
    here.x.checked_add(sum)
}

/// Whether the level has one sign over an interval: it cannot fall or rise to zero from either end
/// to the middle.
fn excluded(left: Point, right: Point, fall: Fixed, rise: Fixed) -> bool {
    let half = right.x.saturating_sub(left.x) >> 1;
    let change = |slope: Fixed| product(slope, half);
    if left.level > 0 && right.level > 0 {
        left.level.saturating_add(change(fall)) > NOISE
            && right.level.saturating_sub(change(rise)) > NOISE
    } else if left.level < 0 && right.level < 0 {
        left.level.saturating_add(change(rise)) < -NOISE
            && right.level.saturating_sub(change(fall)) < -NOISE
    } else {
        false
    }
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
