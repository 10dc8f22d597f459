//! Bullet loans and amortizers with one cycle.

use alloc::vec::Vec;

use chrono::{Days, NaiveDateTime};

use super::{Action, Plan};
use crate::actus::{
    code::{ContractType, EventType},
    contract::Contract,
    cycle::{Cycle, End},
    error::{ActusError, fits},
};

/// PAM: interest, and the principal at the end.
pub(super) fn bullet(plan: &mut Plan<'_>, end: NaiveDateTime) -> Result<(), ActusError> {
    plan.add(end, EventType::Md, Action::Mature);
    interest(plan, end)?;
    plan.add_rate_resets(end)?;
    plan.add_fees(end, End::Included)?;
    plan.add_scaling(end)
}

/// LAM, NAM, ANN: interest, redemptions, and what is left at the end.
pub(super) fn amortizing(plan: &mut Plan<'_>, end: NaiveDateTime) -> Result<(), ActusError> {
    let contract = plan.contract;
    let terms = contract.terms;
    let annuity = contract.kind == ContractType::Ann;
    if annuity {
        plan.add(end, EventType::Md, Action::Mature);
    } else {
        plan.add_shifted(end, EventType::Md, Action::Mature)?;
    }
    let cycle = Cycle::maybe(
        "cycleOfPrincipalRedemption",
        terms.cycle_of_principal_redemption.as_ref(),
    )?;
    let first = contract.first_redemption(cycle)?;
    plan.add_cycle(
        Some(first),
        cycle,
        end,
        End::Excluded,
        (EventType::Pr, Action::Redeem(None)),
    )?;
    if annuity && terms.next_principal_redemption_payment.is_none() {
        let fixing = first_fixing(contract)?;
        if fixing >= contract.exchange {
            plan.add_shifted(fixing, EventType::Prf, Action::FixPayment)?;
        }
    }
    interest(plan, end)?;
    plan.add_base_fixings(end)?;
    let before = plan.events.len();
    plan.add_rate_resets(end)?;
    if annuity {
        // A new rate gives a new payment, fixed when the reset happens.
        let resets: Vec<NaiveDateTime> = plan.events.iter().skip(before).map(|e| e.time).collect();
        for time in resets {
            plan.add_shifted(time, EventType::Prf, Action::FixPayment)?;
        }
    }
    plan.add_fees(end, End::Included)?;
    plan.add_scaling(end)
}

/// When an annuity's first payment is fixed: the day before it is due.
pub(in crate::actus) fn first_fixing(contract: &Contract<'_>) -> Result<NaiveDateTime, ActusError> {
    let cycle = Cycle::maybe(
        "cycleOfPrincipalRedemption",
        contract.terms.cycle_of_principal_redemption.as_ref(),
    )?;
    let first = contract.first_redemption(cycle)?;
    fits(first.checked_sub_days(Days::new(1)), "a date")
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
    let cycle = Cycle::maybe(
        "cycleOfInterestPayment",
        contract.terms.cycle_of_interest_payment.as_ref(),
    )?;
    let anchor = contract.terms.cycle_anchor_date_of_interest_payment;
    let own_dates = anchor.is_some() || cycle.is_some();
    match contract.kind {
        ContractType::Nam | ContractType::Ann => with_redemptions(contract, anchor, cycle, end),
        _ if own_dates => contract.dates(anchor, cycle, end, End::Included),
        _ => Ok(Vec::new()),
    }
}

/// Interest payments on dates, of which those up to the capitalization end capitalize. Paid at the
/// beginning of its period, interest reaches to the next date.
pub(super) fn pay_interest(plan: &mut Plan<'_>, dates: &[NaiveDateTime]) -> Result<(), ActusError> {
    let before = plan.events.len();
    for (index, date) in dates.iter().enumerate() {
        let next = index.checked_add(1).and_then(|next| dates.get(next));
        let action = match next {
            Some(next) if plan.contract.pays_ahead => Action::PayInterestTo(*next),
            _ => Action::PayInterest,
        };
        plan.add_shifted(*date, EventType::Ip, action)?;
    }
    capitalize_until(plan, before)
}

/// The interest dates of contracts whose payments cover interest: with every redemption; and by
/// the cycle of their own until one redemption cycle before the first redemption, that day among
/// them.
fn with_redemptions(
    contract: &Contract<'_>,
    anchor: Option<NaiveDateTime>,
    cycle: Option<Cycle>,
    end: NaiveDateTime,
) -> Result<Vec<NaiveDateTime>, ActusError> {
    let redemption = Cycle::maybe(
        "cycleOfPrincipalRedemption",
        contract.terms.cycle_of_principal_redemption.as_ref(),
    )?;
    let first = contract.first_redemption(redemption)?;
    let until = match redemption {
        Some(cycle) => fits(cycle.span.before(first, contract.month_end), "a date")?,
        None => first,
    };
    let own = anchor.or(cycle.is_some().then_some(contract.exchange));
    let mut dates = match own {
        // A rest before the redemptions begin is a period of its own, be the stub long or short.
        Some(start) if start <= until => {
            let cycle = cycle.map(Cycle::with_short_stub);
            contract.dates(Some(start), cycle, until, End::Included)?
        }
        _ => Vec::new(),
    };
    dates.retain(|date| *date < first.min(end));
    dates.extend(contract.dates(Some(first), redemption, end, End::Included)?);
    Ok(dates)
}

/// Turns the interest payments planned from `from` on, up to the capitalization end, into
/// capitalizations, the end being one itself.
fn capitalize_until(plan: &mut Plan<'_>, from: usize) -> Result<(), ActusError> {
    let Some(last) = plan.contract.terms.capitalization_end_date else {
        return Ok(());
    };
    let happens = plan.contract.conventions.shift(last)?;
    let mut index: usize = 0;
    plan.events.retain(|event| {
        let planned_before = index < from;
        index = index.saturating_add(1);
        planned_before || event.time != happens
    });
    for event in plan.events.iter_mut().skip(from) {
        if event.time < happens {
            event.event_type = EventType::Ipci;
            event.action = Action::Capitalize;
        }
    }
    plan.add_shifted(last, EventType::Ipci, Action::Capitalize)
}
