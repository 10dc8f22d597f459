//! Flows in the order of their times.

use alloc::vec::Vec;

use rust_decimal::Decimal;

use super::{
    CostError, Flow,
    real::{Fixed, ONE, Real},
};

/// Times that lie further apart are refused: a thousand million units.
const WIDEST: Decimal = Decimal::from_parts(1_000_000_000, 0, 0, false, 0);

/// A flow in its place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed {
    /// Units since the first flow.
    pub(super) time: Fixed,
    /// The same, exact.
    pub(super) exact: Decimal,
    pub(super) simple: Decimal,
    pub(super) amount: Decimal,
}

/// The flows in order of time, those of one time in one sum, without zeros.
pub(super) fn netted(flows: &[Flow]) -> Result<Vec<Placed>, CostError> {
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
pub(super) fn one_change(flows: &[Placed]) -> bool {
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
