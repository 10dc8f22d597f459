//! Exotic linear amortizers: phases of principal payments, interest dates and rates.

use alloc::{string::String, vec::Vec};

use chrono::NaiveDateTime;
use rust_decimal::{Decimal, prelude::ToPrimitive};

use super::{Action, Plan, maturity::too_many, regular::pay_interest};
use crate::actus::{
    code::{EventType, FixedVariable, IncreaseDecrease},
    contract::Contract,
    cycle::{self, Cycle, End},
    error::{ActusError, fits},
};

/// One phase: from its anchor to the next one's.
struct Phase {
    anchor: NaiveDateTime,
    cycle: Option<Cycle>,
}

/// The phases of a pair of lists; cycles are none at all or one each.
fn phases_of(
    anchors: &[NaiveDateTime],
    anchor_term: &'static str,
    cycles: &[String],
    cycle_term: &'static str,
) -> Result<Vec<Phase>, ActusError> {
    if !cycles.is_empty() && cycles.len() != anchors.len() {
        return Err(ActusError::Contradiction {
            term: anchor_term,
            other: cycle_term,
            reason: "the lists are not of the same length",
        });
    }
    if anchors.windows(2).any(|pair| pair.first() >= pair.last()) {
        return Err(ActusError::Contradiction {
            term: anchor_term,
            other: anchor_term,
            reason: "the dates do not increase",
        });
    }
    anchors
        .iter()
        .enumerate()
        .map(|(index, anchor)| {
            Ok(Phase {
                anchor: *anchor,
                cycle: Cycle::maybe(cycle_term, cycles.get(index))?,
            })
        })
        .collect()
}

/// Whether a list goes with the phases one by one.
fn same_length<T>(
    list: &[T],
    term: &'static str,
    phases: &[Phase],
    other: &'static str,
) -> Result<(), ActusError> {
    if list.len() == phases.len() {
        Ok(())
    } else {
        Err(ActusError::Contradiction {
            term,
            other,
            reason: "the lists are not of the same length",
        })
    }
}

const REDEMPTION: &str = "arrayCycleAnchorDateOfPrincipalRedemption";

/// The phases of principal payments, each with its amount and direction.
fn redemption_phases(
    contract: &Contract<'_>,
) -> Result<Vec<(Phase, Decimal, IncreaseDecrease)>, ActusError> {
    let terms = contract.terms;
    let phases = phases_of(
        &terms.array_cycle_anchor_date_of_principal_redemption,
        REDEMPTION,
        &terms.array_cycle_of_principal_redemption,
        "arrayCycleOfPrincipalRedemption",
    )?;
    let amounts = &terms.array_next_principal_redemption_payment;
    let directions = &terms.array_increase_decrease;
    same_length(
        amounts,
        "arrayNextPrincipalRedemptionPayment",
        &phases,
        REDEMPTION,
    )?;
    same_length(directions, "arrayIncreaseDecrease", &phases, REDEMPTION)?;
    Ok(phases
        .into_iter()
        .zip(amounts.iter().copied())
        .zip(directions.iter().copied())
        .map(|((phase, amount), direction)| (phase, amount, direction))
        .collect())
}

/// LAX: the events of all phases.
pub(super) fn phases(plan: &mut Plan<'_>, end: NaiveDateTime) -> Result<(), ActusError> {
    let contract = plan.contract;
    let phases = redemption_phases(contract)?;
    let mut ends = phases.iter().skip(1).map(|(phase, ..)| phase.anchor);
    for (phase, amount, direction) in &phases {
        let event = match direction {
            IncreaseDecrease::Decrease => (EventType::Pr, Action::Redeem(Some(*amount))),
            IncreaseDecrease::Increase => (EventType::Pi, Action::Increase(*amount)),
        };
        let until = ends.next().unwrap_or(end);
        plan.add_cycle(Some(phase.anchor), phase.cycle, until, End::Excluded, event)?;
    }
    plan.add_shifted(end, EventType::Md, Action::Mature)?;
    interest(plan, end)?;
    rates(plan, end)?;
    plan.add_fees(end, End::Included)?;
    plan.add_scaling(end)?;
    plan.add_base_fixings(end)
}

fn interest(plan: &mut Plan<'_>, end: NaiveDateTime) -> Result<(), ActusError> {
    let dates = interest_dates(plan.contract, end)?;
    pay_interest(plan, &dates)
}

/// When interest is paid.
pub(super) fn interest_dates(
    contract: &Contract<'_>,
    end: NaiveDateTime,
) -> Result<Vec<NaiveDateTime>, ActusError> {
    let terms = contract.terms;
    let phases = phases_of(
        &terms.array_cycle_anchor_date_of_interest_payment,
        "arrayCycleAnchorDateOfInterestPayment",
        &terms.array_cycle_of_interest_payment,
        "arrayCycleOfInterestPayment",
    )?;
    let mut ends = phases.iter().skip(1).map(|phase| phase.anchor);
    let mut all = Vec::new();
    for phase in &phases {
        let until = ends.next().unwrap_or(end);
        let (anchor, cycle) = (Some(phase.anchor), phase.cycle);
        all.extend(contract.dates(anchor, cycle, until, End::Included)?);
    }
    // The end of a phase is the anchor of the next.
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

fn rates(plan: &mut Plan<'_>, end: NaiveDateTime) -> Result<(), ActusError> {
    let terms = plan.contract.terms;
    let term = "arrayCycleAnchorDateOfRateReset";
    let phases = phases_of(
        &terms.array_cycle_anchor_date_of_rate_reset,
        term,
        &terms.array_cycle_of_rate_reset,
        "arrayCycleOfRateReset",
    )?;
    same_length(&terms.array_rate, "arrayRate", &phases, term)?;
    same_length(
        &terms.array_fixed_variable,
        "arrayFixedVariable",
        &phases,
        term,
    )?;
    let before = plan.events.len();
    let mut ends = phases.iter().skip(1).map(|phase| phase.anchor);
    let rates = terms.array_rate.iter().zip(&terms.array_fixed_variable);
    for (phase, (rate, fixed)) in phases.iter().zip(rates) {
        let until = ends.next().unwrap_or(end);
        let (anchor, cycle) = (Some(phase.anchor), phase.cycle);
        match fixed {
            FixedVariable::Fixed => {
                let event = (EventType::Rrf, Action::ResetPhase(*rate));
                plan.add_cycle(anchor, cycle, until, End::Excluded, event)?;
            }
            FixedVariable::Variable => plan.add_resets(anchor, cycle, until, *rate)?,
        }
    }
    plan.fix_next_reset(before)
}

/// The payment that brings the principal to nothing; the last anchor where payments have no
/// cycles; else the time to which the contract is projected.
pub(super) fn derived_maturity(
    contract: &Contract<'_>,
    to: Option<NaiveDateTime>,
) -> Result<NaiveDateTime, ActusError> {
    let phases = redemption_phases(contract)?;
    let Some((last, last_amount, last_direction)) = phases.last() else {
        return to.ok_or(ActusError::Missing {
            term: "maturityDate",
            reason: "no principal payments say when the principal is redeemed",
        });
    };
    let what = "the principal left";
    let mut left = contract.notional;
    let mut ends = phases.iter().skip(1).map(|(phase, ..)| phase.anchor);
    for (phase, amount, direction) in &phases {
        let Some(until) = ends.next() else { break };
        let (anchor, cycle) = (Some(phase.anchor), phase.cycle);
        let dates = cycle::dates(anchor, until, cycle, contract.month_end, End::Excluded)?;
        for date in dates {
            left = match direction {
                IncreaseDecrease::Increase => fits(left.checked_add(*amount), what)?,
                IncreaseDecrease::Decrease => fits(left.checked_sub(*amount), what)?,
            };
            if left <= Decimal::ZERO {
                return Ok(date);
            }
        }
    }
    let Some(cycle) = last.cycle else {
        return Ok(last.anchor);
    };
    let redeems = *last_direction == IncreaseDecrease::Decrease && *last_amount > Decimal::ZERO;
    if !redeems {
        return to.ok_or(ActusError::NeverRedeemed);
    }
    let payments = fits(left.checked_div(*last_amount), what)?.ceil();
    let steps = too_many(payments.to_u32())?.saturating_sub(1);
    let date = cycle.span.after(last.anchor, steps, contract.month_end);
    contract.conventions.shift(fits(date, "the maturity date")?)
}
