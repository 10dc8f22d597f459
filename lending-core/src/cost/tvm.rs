//! The time-value functions of spreadsheets, on decimals.
//!
//! Money received is positive, money paid negative. A rate is a fraction a period.
//!
//! ```
//! use lending_core::cost::tvm;
//! use rust_decimal::dec;
//!
//! // The positive root of 4500 x² − 3045 x − 2371 is x = 1.139181841687650.
//! let rate = tvm::irr(&[dec!(-4500), dec!(3045), dec!(2371)], None)?;
//! assert_eq!(rate.round_dp(12), dec!(0.139181841688));
//! # Ok::<(), lending_core::cost::CostError>(())
//! ```

use alloc::vec::Vec;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{CostError, Flow, MAX_FLOWS, solve};
use crate::schedule::power::{exp, ln, whole_power};

/// When payments are due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Due {
    /// At the end of each period.
    #[default]
    End,
    /// At its start.
    Start,
}

type Figure = Result<Decimal, CostError>;

const fn bad(name: &'static str, allowed: &'static str) -> CostError {
    CostError::Argument { name, allowed }
}

fn growth(rate: Decimal) -> Figure {
    match Decimal::ONE.checked_add(rate) {
        Some(growth) if growth > Decimal::ZERO => Ok(growth),
        Some(_) => Err(bad("rate", "above -1")),
        None => Err(CostError::Overflow),
    }
}

/// `(1 + rate)^periods` and the value at the end of a payment of one each period.
fn factors(rate: Decimal, periods: u32, due: Due) -> Result<(Decimal, Decimal), CostError> {
    let base = growth(rate)?;
    let compute = || {
        if rate.is_zero() {
            return Some((Decimal::ONE, Decimal::from(periods)));
        }
        let compound = whole_power(base, periods)?;
        let annuity = compound.checked_sub(Decimal::ONE)?.checked_div(rate)?;
        let annuity = match due {
            Due::End => annuity,
            Due::Start => annuity.checked_mul(base)?,
        };
        Some((compound, annuity))
    };
    compute().ok_or(CostError::Overflow)
}

/// The level payment (PMT).
///
/// # Errors
/// A rate of -100% or less, no periods, or a figure that does not fit.
pub fn pmt(rate: Decimal, periods: u32, pv: Decimal, fv: Decimal, due: Due) -> Figure {
    if periods == 0 {
        return Err(bad("periods", "at least 1"));
    }
    let (compound, annuity) = factors(rate, periods, due)?;
    let compute = || {
        let sum = pv.checked_mul(compound)?.checked_add(fv)?;
        Decimal::ZERO.checked_sub(sum.checked_div(annuity)?)
    };
    compute().ok_or(CostError::Overflow)
}

/// The future value (FV).
///
/// # Errors
/// As [`pmt`], zero periods allowed.
pub fn fv(rate: Decimal, periods: u32, pmt: Decimal, pv: Decimal, due: Due) -> Figure {
    let (compound, annuity) = factors(rate, periods, due)?;
    let compute = || {
        let sum = pv
            .checked_mul(compound)?
            .checked_add(pmt.checked_mul(annuity)?)?;
        Decimal::ZERO.checked_sub(sum)
    };
    compute().ok_or(CostError::Overflow)
}

/// The present value (PV).
///
/// # Errors
/// As [`fv`].
pub fn pv(rate: Decimal, periods: u32, pmt: Decimal, fv: Decimal, due: Due) -> Figure {
    let (compound, annuity) = factors(rate, periods, due)?;
    let compute = || {
        let sum = pmt.checked_mul(annuity)?.checked_add(fv)?;
        Decimal::ZERO.checked_sub(sum.checked_div(compound)?)
    };
    compute().ok_or(CostError::Overflow)
}

/// The interest within payment `period` (IPMT), counted from 1.
///
/// # Errors
/// As [`pmt`], or a period outside of 1 to `periods`.
pub fn ipmt(
    rate: Decimal,
    period: u32,
    periods: u32,
    pv: Decimal,
    future: Decimal,
    due: Due,
) -> Figure {
    if period == 0 || period > periods {
        return Err(bad("period", "from 1 to the number of periods"));
    }
    let payment = pmt(rate, periods, pv, future, due)?;
    if due == Due::Start && period == 1 {
        return Ok(Decimal::ZERO);
    }
    let balance = fv(rate, period.saturating_sub(1), payment, pv, due)?;
    let interest = balance.checked_mul(rate).ok_or(CostError::Overflow)?;
    match due {
        Due::End => Ok(interest),
        Due::Start => interest
            .checked_div(growth(rate)?)
            .ok_or(CostError::Overflow),
    }
}

/// The principal within payment `period` (PPMT), counted from 1.
///
/// # Errors
/// As [`ipmt`].
pub fn ppmt(
    rate: Decimal,
    period: u32,
    periods: u32,
    pv: Decimal,
    future: Decimal,
    due: Due,
) -> Figure {
    let interest = ipmt(rate, period, periods, pv, future, due)?;
    pmt(rate, periods, pv, future, due)?
        .checked_sub(interest)
        .ok_or(CostError::Overflow)
}

/// The interest within payments `first` to `last` (CUMIPMT).
///
/// # Errors
/// As [`ipmt`], an empty range, or more periods than [`MAX_FLOWS`].
pub fn cumipmt(
    rate: Decimal,
    periods: u32,
    pv: Decimal,
    first: u32,
    last: u32,
    due: Due,
) -> Figure {
    sum(periods, first, last, |period| {
        ipmt(rate, period, periods, pv, Decimal::ZERO, due)
    })
}

/// The principal within payments `first` to `last` (CUMPRINC).
///
/// # Errors
/// As [`cumipmt`].
pub fn cumprinc(
    rate: Decimal,
    periods: u32,
    pv: Decimal,
    first: u32,
    last: u32,
    due: Due,
) -> Figure {
    sum(periods, first, last, |period| {
        ppmt(rate, period, periods, pv, Decimal::ZERO, due)
    })
}

fn sum(periods: u32, first: u32, last: u32, one: impl Fn(u32) -> Figure) -> Figure {
    check_count(periods)?;
    if first == 0 || first > last || last > periods {
        return Err(bad(
            "first and last",
            "a range from 1 to the number of periods",
        ));
    }
    (first..=last).try_fold(Decimal::ZERO, |sum, period| {
        sum.checked_add(one(period)?).ok_or(CostError::Overflow)
    })
}

fn check_count(periods: u32) -> Result<(), CostError> {
    match usize::try_from(periods) {
        Ok(given) if given >= MAX_FLOWS => Err(CostError::TooMany {
            given,
            allowed: MAX_FLOWS,
        }),
        _ => Ok(()),
    }
}

/// Interest of a period on a loan of equal principal (ISPMT).
///
/// # Errors
/// No periods, or a figure that does not fit.
pub fn ispmt(rate: Decimal, period: u32, periods: u32, pv: Decimal) -> Figure {
    if periods == 0 {
        return Err(bad("periods", "at least 1"));
    }
    let compute = || {
        let part = Decimal::from(period).checked_div(Decimal::from(periods))?;
        pv.checked_mul(rate)?
            .checked_mul(part.checked_sub(Decimal::ONE)?)
    };
    compute().ok_or(CostError::Overflow)
}

/// The number of periods (NPER); may have a fraction and be negative.
///
/// # Errors
/// When no number of periods fits.
pub fn nper(rate: Decimal, pmt: Decimal, pv: Decimal, fv: Decimal, due: Due) -> Figure {
    let base = growth(rate)?;
    let compute = || {
        if rate.is_zero() {
            return Decimal::ZERO.checked_sub(pv.checked_add(fv)?.checked_div(pmt)?);
        }
        let z = pmt.checked_div(rate)?;
        let z = if due == Due::Start {
            z.checked_mul(base)?
        } else {
            z
        };
        let ratio = z.checked_sub(fv)?.checked_div(z.checked_add(pv)?)?;
        ln(ratio)?.checked_div(ln(base)?)
    };
    compute().ok_or(bad("payment", "one that reaches the future value"))
}

/// The rate a period (RATE); of several the one that [`super::rate`] takes.
///
/// # Errors
/// [`CostError::NoRate`], or too many periods.
pub fn rate(
    periods: u32,
    pmt: Decimal,
    pv: Decimal,
    fv: Decimal,
    due: Due,
    guess: Option<Decimal>,
) -> Figure {
    check_count(periods)?;
    let first = u32::from(due == Due::End);
    let mut flows: Vec<Flow> = (0..periods)
        .map(|at| (Decimal::from(at.saturating_add(first)), pmt).into())
        .collect();
    flows.push((Decimal::ZERO, pv).into());
    flows.push((Decimal::from(periods), fv).into());
    solve::rate(&flows, guess)
}

/// The effective rate a year of a nominal one (EFFECT).
///
/// # Errors
/// No periods, or a rate of -100% or less a period.
pub fn effect(nominal: Decimal, per_year: u32) -> Figure {
    let part = nominal
        .checked_div(Decimal::from(per_year))
        .ok_or(bad("per_year", "at least 1"))?;
    whole_power(growth(part)?, per_year)
        .and_then(|compound| compound.checked_sub(Decimal::ONE))
        .ok_or(CostError::Overflow)
}

/// The nominal rate a year of an effective one (NOMINAL).
///
/// # Errors
/// As [`effect`].
pub fn nominal(effective: Decimal, per_year: u32) -> Figure {
    rri_of(growth(effective)?, per_year)?
        .checked_mul(Decimal::from(per_year))
        .ok_or(CostError::Overflow)
}

/// The rate a period at which `pv` grows to `fv` (RRI).
///
/// # Errors
/// Values of unequal sign or zero, or no periods.
pub fn rri(periods: u32, pv: Decimal, fv: Decimal) -> Figure {
    let ratio = fv
        .checked_div(pv)
        .filter(|ratio| *ratio > Decimal::ZERO)
        .ok_or(bad("pv and fv", "values of the same sign"))?;
    rri_of(ratio, periods)
}

fn rri_of(ratio: Decimal, periods: u32) -> Figure {
    ln(ratio)
        .and_then(|log| log.checked_div(Decimal::from(periods)))
        .and_then(exp)
        .and_then(|growth| growth.checked_sub(Decimal::ONE))
        .ok_or(bad("periods", "at least 1"))
}

/// The periods in which `pv` grows to `fv` (PDURATION).
///
/// # Errors
/// A rate of zero or below -100%, or values of unequal sign.
pub fn pduration(rate: Decimal, pv: Decimal, fv: Decimal) -> Figure {
    let base = growth(rate)?;
    fv.checked_div(pv)
        .and_then(ln)
        .and_then(|log| log.checked_div(ln(base)?))
        .ok_or(bad(
            "rate, pv and fv",
            "a rate other than zero and equal signs",
        ))
}

/// A value grown at one rate after the other (FVSCHEDULE).
///
/// # Errors
/// A figure that does not fit.
pub fn fvschedule(pv: Decimal, rates: &[Decimal]) -> Figure {
    rates.iter().try_fold(pv, |value, rate| {
        let growth = Decimal::ONE.checked_add(*rate);
        growth
            .and_then(|growth| value.checked_mul(growth))
            .ok_or(CostError::Overflow)
    })
}

fn periodic(amounts: &[Decimal], first: u32) -> Vec<Flow> {
    (first..)
        .zip(amounts)
        .map(|(at, amount)| (Decimal::from(at), *amount).into())
        .collect()
}

/// The present value of amounts after 1, 2, ... periods (NPV).
///
/// # Errors
/// A rate of -100% or less.
pub fn npv(rate: Decimal, amounts: &[Decimal]) -> Figure {
    solve::present_value(&periodic(amounts, 1), rate)
}

/// The internal rate of return of amounts one period apart (IRR); of several the one that
/// [`super::rate`] takes.
///
/// # Errors
/// [`CostError::NoRate`] and the refusals of unfit flows.
pub fn irr(amounts: &[Decimal], guess: Option<Decimal>) -> Figure {
    solve::rate(&periodic(amounts, 0), guess)
}

/// The modified internal rate of return of amounts one period apart (MIRR): what is paid is
/// discounted to the first at `finance`, what is received grows to the last at `reinvest`.
///
/// ```
/// use lending_core::cost::tvm;
/// use rust_decimal::dec;
///
/// // 400 + 200 × 1.1 = 620 for 500 after two periods: the root of 1.24.
/// let rate = tvm::mirr(&[dec!(-500), dec!(200), dec!(400)], dec!(0.08), dec!(0.1))?;
/// assert_eq!(rate.round_dp(6), dec!(0.113553));
/// # Ok::<(), lending_core::cost::CostError>(())
/// ```
///
/// # Errors
/// A rate of -100% or less; amounts of which none is paid or none received, or all at one time; a
/// figure that does not fit.
pub fn mirr(amounts: &[Decimal], finance: Decimal, reinvest: Decimal) -> Figure {
    let part = |wanted: fn(&Decimal) -> bool| -> Vec<Decimal> {
        let only = |amount: &Decimal| {
            if wanted(amount) {
                *amount
            } else {
                Decimal::ZERO
            }
        };
        amounts.iter().map(only).collect()
    };
    let paid = solve::present_value(&periodic(&part(|one| *one < Decimal::ZERO), 0), finance)?;
    let base = growth(reinvest)?;
    let received = part(|one| *one > Decimal::ZERO)
        .iter()
        .try_fold(Decimal::ZERO, |value, amount| {
            value.checked_mul(base)?.checked_add(*amount)
        })
        .ok_or(CostError::Overflow)?;
    if paid.is_zero() || received.is_zero() {
        return Err(bad("amounts", "one paid and one received at least"));
    }
    let ratio = received
        .checked_div(paid)
        .and_then(|ratio| Decimal::ZERO.checked_sub(ratio))
        .filter(|ratio| *ratio > Decimal::ZERO)
        .ok_or(CostError::Overflow)?;
    let periods = amounts.len().saturating_sub(1);
    rri_of(ratio, u32::try_from(periods).unwrap_or(u32::MAX))
}

fn dated(flows: &[(NaiveDate, Decimal)], origin: Option<NaiveDate>) -> Vec<Flow> {
    let year = Decimal::from(365);
    flows
        .iter()
        .filter_map(|(date, amount)| {
            let days = date.signed_duration_since(origin?).num_days();
            let time = Decimal::from(days).checked_div(year)?;
            Some((time, *amount).into())
        })
        .collect()
}

/// The internal rate of return of dated amounts in any order (XIRR): effective a year of 365
/// days. Of several rates the one that [`super::rate`] takes.
///
/// # Errors
/// [`CostError::NoRate`] and the refusals of unfit flows.
pub fn xirr(flows: &[(NaiveDate, Decimal)], guess: Option<Decimal>) -> Figure {
    let first = flows.iter().map(|(date, _)| *date).min();
    solve::rate(&dated(flows, first), guess)
}

/// The value of dated amounts as of the first one given (XNPV), years of 365 days.
///
/// # Errors
/// A rate of -100% or less.
pub fn xnpv(rate: Decimal, flows: &[(NaiveDate, Decimal)]) -> Figure {
    let first = flows.first().map(|(date, _)| *date);
    solve::present_value(&dated(flows, first), rate)
}

/// The part of a finance charge that is given back with `remaining` of `periods` payments left
/// (Rule of 78).
///
/// # Errors
/// No periods, or more remaining than there are.
pub fn rule_of_78_refund(charge: Decimal, periods: u32, remaining: u32) -> Figure {
    if periods == 0 || remaining > periods {
        return Err(bad(
            "remaining",
            "from 0 to the number of periods, at least 1",
        ));
    }
    let digits = |count: u32| {
        let count = Decimal::from(count);
        count.checked_mul(count.checked_add(Decimal::ONE)?)
    };
    digits(remaining)
        .and_then(|left| charge.checked_mul(left)?.checked_div(digits(periods)?))
        .ok_or(CostError::Overflow)
}
