//! Contracts of the ACTUS standard: from terms to events.
//!
//! [`events`] takes the [`ActusTerms`] of a contract (the JSON object of the ACTUS dictionary) and
//! what is [`Observed`] of markets and people, and gives every event from the status date on: what
//! is paid and the state after it. Figures are not rounded. Lenders use it to exchange portfolios
//! and cash flows with risk and accounting systems that speak the standard; loans that are
//! serviced live in [`crate::loan`].
//!
//! Contract types: PAM (bullet), LAM (equal principal), NAM (fixed payment, interest first), ANN
//! (annuity), LAX (phases), CLM (call money), UMP (account).
//!
//! Rules, from the ACTUS technical specification and dictionary (Actus Financial Research
//! Foundation, <https://www.actusfrf.org>):
//!
//! - Dates are counted from the anchor (`anchor + k × cycle`), never from the date before. `L0`:
//!   where the end is off the cycle, the last regular date is dropped; `L1`: it stays.
//! - The end-of-month convention acts on cycles of months anchored on a last day.
//! - SC* conventions shift a date and calculate on the shifted one; CS* calculate on the scheduled
//!   date and shift the event. An exchange, a purchase, a termination and a given maturity of PAM
//!   and ANN do not shift.
//! - In one moment: exchange, principal (of a prepayment the penalty first), interest, fee, rate,
//!   payment fixing, scaling, base, purchase, termination, maturity.
//! - Interest paid at the beginning of its period (`cyclePointOfInterestPayment` B; PAM, LAM, LAX)
//!   is reckoned after all resets of the moment, at the rate and on the base the period begins
//!   with. It is accrued interest below zero until the period is over; what changes on the way is
//!   settled with the next payment, at the latest on the last date.
//! - A rate fixed at the end of its period (`cyclePointOfRateReset` E; PAM, LAM, LAX) comes before
//!   the interest of that moment and corrects what accrued since the period began, paid or not.
//!   The first date of its cycle begins a period and fixes nothing; the contract's end fixes the
//!   last one. Phases of LAX with a rate of their own (FIX) have it from their first day.
//! - A penalty by rate (`penaltyType` N) or by what the rate lies above the market (I) is reckoned
//!   on the notional before the prepayment, for the time since the last event.
//! - A contract that runs at its status date has accrued interest as `accruedInterest` says, or
//!   since its last interest date.
//! - Events up to the status date are past; those before a purchase belong to the seller.
//! - What is observed holds from its time until the next value.
//!
//! - NAM and ANN: interest falls due with every redemption; before the first one by the cycle of
//!   its own, the last time one redemption cycle before it.
//! - Calendar MFH has the days off that `holidays` names besides Saturdays and Sundays.
//!
//! Where implementations of the standard differ, this module does as the reference implementation:
//! with NTIED the base of LAM and LAX follows the notional from the first redemption on, that of
//! NAM and ANN from the first capitalization on; an annuity's first payment is fixed (PRF) the day
//! before the first redemption, later ones with each rate reset.
//!
//! ```
//! use lending_core::actus::{ActusTerms, EventType, Observed, events};
//! use rust_decimal::dec;
//!
//! let terms: ActusTerms = serde_json::from_str(r#"{
//!     "contractType": "PAM", "contractRole": "RPA", "currency": "USD",
//!     "statusDate": "2025-12-31T00:00:00", "initialExchangeDate": "2026-01-01T00:00:00",
//!     "maturityDate": "2027-01-01T00:00:00", "notionalPrincipal": "3600",
//!     "nominalInterestRate": 0.1, "dayCountConvention": "30E360",
//!     "cycleAnchorDateOfInterestPayment": "2026-07-01T00:00:00",
//!     "cycleOfInterestPayment": "P6ML1"
//! }"#)?;
//! let rows = events(&terms, &Observed::default(), None)?;
//! let paid: Vec<_> = rows.iter().map(|row| (row.event_type, row.payoff)).collect();
//! assert_eq!(paid, [
//!     (EventType::Ied, dec!(-3600)),
//!     (EventType::Ip, dec!(180)),
//!     (EventType::Ip, dec!(180)),
//!     (EventType::Md, dec!(3600)),
//! ]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Cost: each cycle is a list of dates; the events are sorted once and carried out in one pass. A
//! cycle has at most 100,000 dates.

mod annuity;
mod code;
mod contract;
mod convention;
mod cycle;
mod error;
mod market;
mod plan;
mod state;
mod terms;
mod value;

use alloc::{string::String, vec::Vec};

use chrono::NaiveDateTime;
pub use code::{
    BusinessCalendar, BusinessDayConvention, ContractRole, ContractType, CyclePoint,
    DayCountConvention, EndOfMonthConvention, EventType, FeeBasis, FixedVariable, IncreaseDecrease,
    InterestCalculationBase, PenaltyType, PrepaymentEffect, ScalingEffect,
};
pub use error::ActusError;
pub use market::{Observed, ObservedEvent, ObservedSeries, ObservedValue};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
pub use terms::ActusTerms;

use self::{contract::Contract, error::fits, state::State};

/// An event: what is paid, and the state after it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Event {
    /// When it happens.
    #[serde(deserialize_with = "value::needed")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub event_date: NaiveDateTime,
    /// What happens.
    pub event_type: EventType,
    /// What is paid: above zero to the record keeper, below zero by it. Not rounded.
    #[serde(deserialize_with = "value::needed")]
    #[cfg_attr(feature = "schema", schemars(with = "value::Number"))]
    pub payoff: Decimal,
    /// The contract's currency.
    pub currency: String,
    /// Principal after the event; below zero for the borrower.
    #[serde(deserialize_with = "value::needed")]
    #[cfg_attr(feature = "schema", schemars(with = "value::Number"))]
    pub notional_principal: Decimal,
    /// Yearly rate after the event.
    #[serde(deserialize_with = "value::needed")]
    #[cfg_attr(feature = "schema", schemars(with = "value::Number"))]
    pub nominal_interest_rate: Decimal,
    /// Interest accrued and not paid after the event; below zero for the borrower.
    #[serde(deserialize_with = "value::needed")]
    #[cfg_attr(feature = "schema", schemars(with = "value::Number"))]
    pub accrued_interest: Decimal,
}

/// The events of a contract after its status date, in order.
///
/// `to` is the last moment to look at; contracts without an end (UMP, and CLM until notice is
/// given) need it. Events at `to` itself belong to the result, the dates of cycles that run to it
/// do not. The settlement of a notice given by `to` belongs to the result.
///
/// # Errors
/// [`ActusError`]: a term is missing, not allowed, contradicts another or is not carried out; a
/// value is not observed; a figure does not fit.
pub fn events(
    terms: &ActusTerms,
    observed: &Observed,
    to: Option<NaiveDateTime>,
) -> Result<Vec<Event>, ActusError> {
    let contract = Contract::new(terms, to)?;
    let planned = plan::plan(&contract, observed, to)?;
    let mut state = State::new(&contract)?;
    let mut rows = Vec::with_capacity(planned.len());
    for event in &planned {
        let paid = state.apply(event.action, event.scheduled, &contract, observed)?;
        if !event.is_of_contract() || plan::precedes_purchase(&contract, event) {
            continue;
        }
        rows.push(Event {
            event_date: event.time,
            event_type: event.event_type,
            payoff: settled(paid, event.scheduled, &contract, observed)?,
            currency: contract.currency.into(),
            notional_principal: state.notional,
            nominal_interest_rate: state.rate,
            accrued_interest: state.accrued,
        });
    }
    Ok(rows)
}

/// An amount in the settlement currency.
fn settled(
    amount: Decimal,
    time: NaiveDateTime,
    contract: &Contract<'_>,
    observed: &Observed,
) -> Result<Decimal, ActusError> {
    match contract.terms.settlement_currency.as_deref() {
        Some(other) if other != contract.currency && !amount.is_zero() => {
            let pair = alloc::format!("{}/{other}", contract.currency);
            let rate = observed.at(&pair, time)?;
            fits(amount.checked_mul(rate), "an amount in another currency")
        }
        _ => Ok(amount),
    }
}
