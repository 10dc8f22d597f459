//! Which events a contract has, and when.

mod call;
mod exotic;
mod maturity;
mod regular;

use alloc::vec::Vec;

use chrono::NaiveDateTime;
pub(super) use maturity::maturity;
pub(super) use regular::first_fixing;
use rust_decimal::Decimal;

use super::{
    code::{
        ContractType, EventType, InterestCalculationBase, PenaltyType, PrepaymentEffect,
        ScalingEffect,
    },
    contract::{Contract, need},
    cycle::{Cycle, End},
    error::ActusError,
    market::{Observed, ObservedEvent},
};

/// What an event does.
#[derive(Clone, Copy, Debug)]
pub(super) enum Action {
    /// Lends the principal.
    Exchange,
    /// Pays principal back: an amount of its own, or the contract's payment.
    Redeem(Option<Decimal>),
    /// Draws principal.
    Increase(Decimal),
    /// Moves principal by an observed amount.
    Move(Decimal),
    /// Pays principal back that a model gives.
    Prepay,
    /// Nothing but interest passes.
    Look,
    /// Pays a penalty.
    Penalty(Penalty),
    /// Pays the interest accrued.
    PayInterest,
    /// Pays the interest accrued, and that of the period from here to a time.
    PayInterestTo(NaiveDateTime),
    /// Adds the interest accrued to the principal.
    Capitalize,
    /// Pays a fee.
    PayFee,
    /// Begins the first period whose rate is fixed at its end. No event of the contract.
    BeginReset,
    /// Takes the observed rate, with a spread of its own.
    Reset { spread: Decimal },
    /// Takes a rate as it is.
    ResetFixed(Decimal),
    /// Takes the rate of a phase, within the contract's bounds.
    ResetPhase(Decimal),
    /// Reckons the redemption payment anew.
    FixPayment,
    /// Takes the scaling multipliers from the index.
    Scale,
    /// Takes the notional as what interest accrues on.
    FixBase,
    /// Buys the contract.
    Purchase,
    /// Sells the contract.
    Terminate,
    /// Pays what is left.
    Mature,
    /// Gives notice; interest is pending where settlement comes later.
    Notice { pending: bool },
}

/// How a penalty is reckoned.
#[derive(Clone, Copy, Debug)]
pub(super) enum Penalty {
    /// An amount.
    Amount(Decimal),
    /// A yearly rate on the notional since the last event.
    Rate(Decimal),
    /// What the rate lies above the observed one, on the notional since the last event.
    Differential,
}

/// A planned event.
#[derive(Clone, Copy, Debug)]
pub(super) struct Planned {
    /// When it happens.
    pub(super) time: NaiveDateTime,
    /// When it was scheduled.
    pub(super) scheduled: NaiveDateTime,
    pub(super) event_type: EventType,
    pub(super) action: Action,
    /// Its place among the events of one moment.
    rank: i64,
}

impl Planned {
    /// Milliseconds since 1970 and the rank as further milliseconds: an event never passes the
    /// next second.
    fn key(&self) -> i64 {
        key(self.time, self.rank)
    }

    /// Whether the contract has this event, or only its reckoning.
    pub(super) const fn is_of_contract(&self) -> bool {
        !matches!(self.action, Action::BeginReset)
    }
}

/// The place of an event among those of one moment.
fn rank_of(contract: &Contract<'_>, event_type: EventType, action: Action) -> i64 {
    match action {
        // A rate for the period behind is known before its interest is paid.
        Action::Reset { .. } | Action::ResetFixed(_) if contract.fixes_after => 36,
        Action::BeginReset => 38,
        // Interest of the period ahead is paid at the rate and on the base it begins with.
        Action::PayInterestTo(_) => 125,
        _ => event_type.rank(),
    }
}

/// What orders events: ranks are under 1000, as if milliseconds.
fn key(time: NaiveDateTime, rank: i64) -> i64 {
    time.and_utc().timestamp_millis().saturating_add(rank)
}

/// The rank after every event of a moment.
const LAST: i64 = 950;

/// The events being planned.
pub(super) struct Plan<'a> {
    contract: &'a Contract<'a>,
    events: Vec<Planned>,
}

impl<'a> Plan<'a> {
    /// An event on its day, business day or not.
    fn add(&mut self, time: NaiveDateTime, event_type: EventType, action: Action) {
        self.events.push(Planned {
            time,
            scheduled: time,
            event_type,
            action,
            rank: rank_of(self.contract, event_type, action),
        });
    }

    /// An event shifted off days off.
    fn add_shifted(
        &mut self,
        scheduled: NaiveDateTime,
        event_type: EventType,
        action: Action,
    ) -> Result<(), ActusError> {
        self.events.push(Planned {
            time: self.contract.conventions.shift(scheduled)?,
            scheduled,
            event_type,
            action,
            rank: rank_of(self.contract, event_type, action),
        });
        Ok(())
    }

    /// Events of the dates of a cycle, shifted off days off.
    fn add_cycle(
        &mut self,
        anchor: Option<NaiveDateTime>,
        cycle: Option<Cycle>,
        end: NaiveDateTime,
        include: End,
        event: (EventType, Action),
    ) -> Result<(), ActusError> {
        let contract = self.contract;
        for date in contract.dates(anchor, cycle, end, include)? {
            self.add_shifted(date, event.0, event.1)?;
        }
        Ok(())
    }

    /// Rate resets; the first one to come is fixed already where the terms say so.
    fn add_rate_resets(&mut self, end: NaiveDateTime) -> Result<(), ActusError> {
        let terms = self.contract.terms;
        let cycle = Cycle::maybe("cycleOfRateReset", terms.cycle_of_rate_reset.as_ref())?;
        let anchor = terms.cycle_anchor_date_of_rate_reset;
        let anchor = anchor.or(cycle.is_some().then_some(self.contract.exchange));
        let before = self.events.len();
        self.add_resets(anchor, cycle, end, Decimal::ZERO)?;
        self.fix_next_reset(before)
    }

    /// The resets of a cycle to observed rates: at the beginning of each period, or at its end.
    pub(super) fn add_resets(
        &mut self,
        anchor: Option<NaiveDateTime>,
        cycle: Option<Cycle>,
        end: NaiveDateTime,
        spread: Decimal,
    ) -> Result<(), ActusError> {
        let event = (EventType::Rr, Action::Reset { spread });
        if !self.contract.fixes_after {
            return self.add_cycle(anchor, cycle, end, End::Excluded, event);
        }
        let Some(anchor) = anchor.filter(|anchor| *anchor < end) else {
            return Ok(());
        };
        let dates = self
            .contract
            .dates(Some(anchor), cycle, end, End::Included)?;
        let status = self.contract.status;
        // A period that has begun is the first one to be fixed.
        let begun = dates.iter().rfind(|date| **date <= status);
        let begin = *begun.unwrap_or(&anchor);
        let begin = begin.max(self.contract.exchange);
        self.begin_reset(begin)?;
        for date in dates.into_iter().skip(1) {
            self.add_shifted(date, event.0, event.1)?;
        }
        Ok(())
    }

    /// Where the first period begins whose rate is fixed at its end.
    fn begin_reset(&mut self, begin: NaiveDateTime) -> Result<(), ActusError> {
        self.add_shifted(begin, EventType::Rr, Action::BeginReset)
    }

    /// Makes the first of the resets planned from `from` on, after the status date, a fixed one.
    fn fix_next_reset(&mut self, from: usize) -> Result<(), ActusError> {
        let Some(rate) = self.contract.terms.next_reset_rate else {
            return Ok(());
        };
        let past = key(self.contract.status, LAST);
        let resets = self.events.iter_mut().skip(from);
        let next = resets
            .filter(|event| event.key() > past && event.is_of_contract())
            .min_by_key(|event| event.key());
        let Some(next) = next else {
            return Err(ActusError::Contradiction {
                term: "nextResetRate",
                other: "cycleOfRateReset",
                reason: "no rate reset comes after the status date",
            });
        };
        next.event_type = EventType::Rrf;
        next.action = Action::ResetFixed(rate);
        Ok(())
    }

    fn add_fees(&mut self, end: NaiveDateTime, include: End) -> Result<(), ActusError> {
        let terms = self.contract.terms;
        let cycle = Cycle::maybe("cycleOfFee", terms.cycle_of_fee.as_ref())?;
        if cycle.is_none() {
            return Ok(());
        }
        need(terms.fee_rate, "feeRate", "the contract has a cycleOfFee")?;
        self.add_cycle(
            terms.cycle_anchor_date_of_fee,
            cycle,
            end,
            include,
            (EventType::Fp, Action::PayFee),
        )
    }

    fn add_scaling(&mut self, end: NaiveDateTime) -> Result<(), ActusError> {
        let terms = self.contract.terms;
        if matches!(terms.scaling_effect, None | Some(ScalingEffect::None)) {
            return Ok(());
        }
        let cycle = Cycle::maybe("cycleOfScalingIndex", terms.cycle_of_scaling_index.as_ref())?;
        self.add_cycle(
            terms.cycle_anchor_date_of_scaling_index,
            cycle,
            end,
            End::Excluded,
            (EventType::Sc, Action::Scale),
        )
    }

    /// Prepayments by a model, each with its penalty.
    fn add_prepayments(&mut self, end: NaiveDateTime) -> Result<(), ActusError> {
        let terms = self.contract.terms;
        if matches!(terms.prepayment_effect, None | Some(PrepaymentEffect::None)) {
            return Ok(());
        }
        let cycle = Cycle::maybe("cycleOfOptionality", terms.cycle_of_optionality.as_ref())?;
        let anchor = terms.cycle_anchor_date_of_optionality;
        let event = (EventType::Pp, Action::Prepay);
        self.add_cycle(anchor, cycle, end, End::Excluded, event)?;
        let reason = "the contract has a penaltyType";
        let rate = || need(terms.penalty_rate, "penaltyRate", reason);
        let penalty = match terms.penalty_type {
            None | Some(PenaltyType::None) => return Ok(()),
            Some(PenaltyType::Absolute) => Penalty::Amount(rate()?),
            Some(PenaltyType::Rate) => Penalty::Rate(rate()?),
            Some(PenaltyType::InterestDifferential) => Penalty::Differential,
        };
        let event = (EventType::Py, Action::Penalty(penalty));
        self.add_cycle(anchor, cycle, end, End::Excluded, event)
    }

    fn add_base_fixings(&mut self, end: NaiveDateTime) -> Result<(), ActusError> {
        let terms = self.contract.terms;
        if self.contract.base != InterestCalculationBase::Ntl {
            return Ok(());
        }
        let cycle = Cycle::maybe(
            "cycleOfInterestCalculationBase",
            terms.cycle_of_interest_calculation_base.as_ref(),
        )?;
        self.add_cycle(
            terms.cycle_anchor_date_of_interest_calculation_base,
            cycle,
            end,
            End::Excluded,
            (EventType::Ipcb, Action::FixBase),
        )
    }

    /// What a day off would move past the last payment is paid with it: nothing accrues after.
    fn pay_by_maturity(&mut self, end: NaiveDateTime) {
        let maturity = self.events.iter().find(|e| e.event_type == EventType::Md);
        let Some(last) = maturity.map(|event| event.time) else {
            return;
        };
        for event in &mut self.events {
            if event.scheduled <= end && event.time > last {
                event.time = last;
            }
        }
    }

    /// Purchase and termination, each with the price it needs.
    fn add_trades(&mut self) -> Result<(), ActusError> {
        let terms = self.contract.terms;
        if let Some(date) = terms.purchase_date {
            let reason = "the contract has a purchaseDate";
            need(terms.price_at_purchase_date, "priceAtPurchaseDate", reason)?;
            self.add(date, EventType::Prd, Action::Purchase);
        }
        if let Some(date) = terms.termination_date {
            need(
                terms.price_at_termination_date,
                "priceAtTerminationDate",
                "the contract has a terminationDate",
            )?;
            let sold = key(date, EventType::Td.rank());
            self.events.retain(|event| event.key() <= sold);
            self.add(date, EventType::Td, Action::Terminate);
        }
        Ok(())
    }

    /// Observed events that the contract type knows.
    fn add_observed(&mut self, observed: &Observed) -> Result<(), ActusError> {
        let account = self.contract.kind == ContractType::Ump;
        let call = self.contract.kind == ContractType::Clm;
        for event in observed.events() {
            let amount = |event: &ObservedEvent| {
                let reason = "an observed payment has an amount";
                need(event.value, "value", reason)
            };
            match event.event_type {
                EventType::Pr if account => {
                    let action = Action::Move(amount(event)?);
                    self.add(event.time, event.event_type, action);
                }
                EventType::Pp if !account && !call => {
                    let action = Action::Move(amount(event)?);
                    self.add(event.time, event.event_type, action);
                }
                EventType::Py if !account && !call => {
                    let action = Action::Penalty(Penalty::Amount(amount(event)?));
                    self.add(event.time, event.event_type, action);
                }
                EventType::Xd if call => {}
                EventType::Ad | EventType::Ce => {
                    self.add(event.time, event.event_type, Action::Look);
                }
                other => {
                    return Err(ActusError::Unsupported {
                        term: "eventsObserved",
                        given: other.as_str().into(),
                        allowed: "AD and CE; PR of UMP; XD of CLM; PP and PY of the others",
                    });
                }
            }
        }
        Ok(())
    }
}

/// The events of a contract after its status date, up to a time, in order.
pub(super) fn plan(
    contract: &Contract<'_>,
    observed: &Observed,
    to: Option<NaiveDateTime>,
) -> Result<Vec<Planned>, ActusError> {
    let mut plan = Plan {
        contract,
        events: Vec::new(),
    };
    plan.add(contract.exchange, EventType::Ied, Action::Exchange);
    let end = contract.maturity.or(to);
    let end = need(
        end,
        "to",
        "a contract without an end is projected to a time",
    )?;
    let mut limit = to;
    match contract.kind {
        ContractType::Pam => regular::bullet(&mut plan, end)?,
        ContractType::Lam | ContractType::Nam | ContractType::Ann => {
            regular::amortizing(&mut plan, end)?;
        }
        ContractType::Lax => exotic::phases(&mut plan, end)?,
        ContractType::Clm => limit = call::money(&mut plan, end, observed, to)?,
        ContractType::Ump => call::account(&mut plan, end)?,
    }
    if !matches!(contract.kind, ContractType::Clm | ContractType::Ump) {
        plan.add_prepayments(end)?;
    }
    plan.add_observed(observed)?;
    plan.pay_by_maturity(end);
    plan.add_trades()?;
    let past = key(contract.status, LAST);
    let limit = limit.map(|limit| key(limit, LAST));
    plan.events.retain(|event| {
        let to_come = event.key() >= past || !event.is_of_contract();
        to_come && limit.is_none_or(|limit| event.key() <= limit)
    });
    plan.events.sort_by_key(Planned::key);
    Ok(plan.events)
}

/// The last interest date up to the status date and the first one after it. Call money and accounts
/// count from the status date.
pub(super) fn interest_dates_around(
    contract: &Contract<'_>,
) -> Result<(Option<NaiveDateTime>, Option<NaiveDateTime>), ActusError> {
    let Some(end) = contract.maturity else {
        return Ok((None, None));
    };
    let mut dates = match contract.kind {
        ContractType::Clm | ContractType::Ump => return Ok((None, None)),
        ContractType::Lax => exotic::interest_dates(contract, end)?,
        _ => regular::interest_dates(contract, end)?,
    };
    dates.extend(contract.terms.capitalization_end_date);
    dates.sort_unstable();
    let after = dates.partition_point(|date| *date <= contract.status);
    let before = after.checked_sub(1).and_then(|before| dates.get(before));
    Ok((before.copied(), dates.get(after).copied()))
}

/// What precedes the purchase belongs to somebody else.
pub(super) fn precedes_purchase(contract: &Contract<'_>, event: &Planned) -> bool {
    contract
        .terms
        .purchase_date
        .is_some_and(|date| event.key() < key(date, EventType::Prd.rank()))
}
