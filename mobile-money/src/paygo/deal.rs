//! A pay-as-you-go deal as a replay over what happened.
//!
//! The state is computed from the *set* of events, ordered by time and id, so it does not depend on
//! the order in which they were learned, and an event learned twice counts once. A reversed payment
//! is left out of the set and the rest is replayed.
//!
//! ```
//! use chrono::{TimeZone, Utc};
//! use mobile_money::paygo::deal::{Deal, Event, EventKind};
//! use rust_decimal::dec;
//! let deal = Deal::new(dec!(36000), dec!(4000), dec!(700), 7)?.with_free_days(14);
//! let day = |n| Utc.with_ymd_and_hms(2024, 6, n, 9, 0, 0).unwrap();
//! let pay = |n, id: &str, amount| Event { at: day(n), id: id.into(), kind: EventKind::Payment(amount) };
//! let events = [pay(20, "b", dec!(250)), pay(1, "a", dec!(4000)), pay(20, "b", dec!(250))];
//! let state = deal.replay(&events)?;
//! assert_eq!(state.balance, dec!(31750)); // 36,000 - 4,000 - 250
//! assert_eq!(state.open_until, Some(day(22))); // 14 free days to the 15th; 2 days from the 20th
//! assert_eq!(state.carry.to_string(), "50");
//! # Ok::<(), mobile_money::paygo::PaygoError>(())
//! ```

use alloc::{collections::BTreeSet, string::String, vec::Vec};

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    Fraction, PaygoError,
    credit::{Base, Carry, Rate, add_days},
    kpi::Contract,
};

/// What a customer and a lender agreed on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deal {
    #[serde(with = "ledger::money::exact")]
    price: Decimal,
    #[serde(with = "ledger::money::exact")]
    deposit: Decimal,
    rate: Rate,
    free_days: u32,
    grace_days: u32,
    base: Base,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// When it counts.
    pub at: DateTime<Utc>,
    /// Its id; the same id counts once.
    pub id: String,
    /// What.
    pub kind: EventKind,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum EventKind {
    /// Money was received.
    Payment(#[serde(with = "ledger::money::exact")] Decimal),
    /// Days were given: the due time moves, the balance does not.
    Bonus(u32),
    /// The device was taken back.
    Repossession,
    /// The customer redeemed it.
    Redemption,
}

/// Where the deal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Phase {
    /// The deposit is not complete; the device stays locked.
    AwaitingDeposit,
    /// Running.
    Active,
    /// Fully paid: release the device.
    Paid,
    /// Taken back.
    Repossessed,
}

/// What the events amount to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DealState {
    /// Where it stands.
    pub phase: Phase,
    /// What is left of the price.
    #[serde(with = "ledger::money::exact")]
    pub balance: Decimal,
    /// What is left of the deposit.
    #[serde(with = "ledger::money::exact")]
    pub deposit_due: Decimal,
    /// When the deposit was complete and the free days began.
    pub started_at: Option<DateTime<Utc>>,
    /// When the credit ends; `None` before the deposit is complete.
    pub open_until: Option<DateTime<Utc>>,
    /// When to lock: grace days after the credit ends.
    pub lock_at: Option<DateTime<Utc>>,
    /// Days bought so far, without free and bonus days.
    pub days_bought: u32,
    /// Bonus days given so far. Those given before the deposit is complete count from then on.
    pub days_given: u32,
    /// Money that has not bought a whole day yet.
    pub carry: Carry,
    /// Money beyond the full price: to be refunded or put to another debt.
    #[serde(with = "ledger::money::exact")]
    pub refundable: Decimal,
}

impl DealState {
    /// Whole days since the credit ended: 0 while there is credit and after release. They fall
    /// back to 0 on the first credited day, so they are not days past due.
    #[must_use]
    pub fn days_without_credit(&self, now: DateTime<Utc>) -> u32 {
        let since = self.open_until.filter(|_| self.phase != Phase::Paid);
        let days = since.map_or(0, |until| now.signed_duration_since(until).num_days());
        u32::try_from(days).unwrap_or(0)
    }
}

/// Money that paid for days, by the time it counts.
type Paid = Vec<(DateTime<Utc>, Decimal)>;

impl Deal {
    /// A deal: full price, deposit (part of the price), and the rate for a period of days.
    ///
    /// # Errors
    /// [`PaygoError::Terms`] unless price and rate are above zero and the deposit lies between
    /// zero and the price.
    pub fn new(
        price: Decimal,
        deposit: Decimal,
        rate: Decimal,
        period_days: u32,
    ) -> Result<Self, PaygoError> {
        let refused = |what, given: Decimal, allowed| PaygoError::Terms {
            what,
            given: alloc::format!("{given}"),
            allowed,
        };
        if price <= Decimal::ZERO {
            return Err(refused("price", price, "above zero"));
        }
        if deposit < Decimal::ZERO || deposit > price {
            return Err(refused("deposit", deposit, "from zero to the price"));
        }
        Ok(Self {
            price,
            deposit,
            rate: Rate::new(rate, period_days)?,
            free_days: 0,
            grace_days: 0,
            base: Base::default(),
        })
    }

    /// With days that the deposit pays for.
    #[must_use]
    pub const fn with_free_days(mut self, days: u32) -> Self {
        self.free_days = days;
        self
    }

    /// With days between the end of the credit and the lock.
    #[must_use]
    pub const fn with_grace_days(mut self, days: u32) -> Self {
        self.grace_days = days;
        self
    }

    /// With another base for bought days.
    #[must_use]
    pub const fn with_base(mut self, base: Base) -> Self {
        self.base = base;
        self
    }

    /// The state after events, in any order and with repetitions.
    ///
    /// # Errors
    /// [`PaygoError::Payment`] for a negative payment, [`PaygoError::Overflow`].
    pub fn replay(&self, events: &[Event]) -> Result<DealState, PaygoError> {
        Ok(self.fold(events)?.0)
    }

    /// The contract as repayment figures see it; `None` before the deposit is complete. The term is
    /// the days that the financed amount buys, a started day counting whole.
    ///
    /// # Errors
    /// As [`Deal::replay`].
    pub fn contract(
        &self,
        events: &[Event],
        now: DateTime<Utc>,
    ) -> Result<Option<Contract>, PaygoError> {
        let (state, paid) = self.fold(events)?;
        let Some(started) = state.started_at else {
            return Ok(None);
        };
        let overflow = || PaygoError::Overflow {
            operation: "contract days",
        };
        let day = |at: DateTime<Utc>| {
            u32::try_from(at.signed_duration_since(started).num_days().max(0))
                .map_err(|_| overflow())
        };
        let financed = self.price.checked_sub(self.deposit).ok_or_else(overflow)?;
        let exact = Fraction::from_decimal(financed)?.over(self.rate.per_day()?)?;
        let whole = exact.floor();
        let whole = u32::try_from(whole).map_err(|_| overflow())?;
        let started_day = exact > Fraction::new(i128::from(whole), 1)?;
        let payments = paid.iter().map(|(at, amount)| Ok((day(*at)?, *amount)));
        Ok(Some(Contract {
            financed,
            term_days: whole.saturating_add(u32::from(started_day)).max(1),
            free_days: self.free_days,
            age_days: day(now)?,
            payments: payments.collect::<Result<_, PaygoError>>()?,
        }))
    }

    fn fold(&self, events: &[Event]) -> Result<(DealState, Paid), PaygoError> {
        let mut ordered: Vec<&Event> = events.iter().collect();
        ordered.sort_unstable();
        let mut seen = BTreeSet::new();
        ordered.retain(|event| seen.insert(&event.id));
        let mut state = DealState {
            phase: Phase::AwaitingDeposit,
            balance: self.price,
            deposit_due: self.deposit,
            started_at: None,
            open_until: None,
            lock_at: None,
            days_bought: 0,
            days_given: 0,
            carry: Carry::ZERO,
            refundable: Decimal::ZERO,
        };
        let mut paid = Paid::new();
        for event in ordered {
            self.apply(&mut state, event, &mut paid)?;
        }
        state.lock_at = match state.open_until {
            Some(until) if state.phase == Phase::Active => Some(add_days(until, self.grace_days)?),
            _ => None,
        };
        Ok((state, paid))
    }

    fn apply(
        &self,
        state: &mut DealState,
        event: &Event,
        paid: &mut Paid,
    ) -> Result<(), PaygoError> {
        match event.kind {
            EventKind::Payment(amount) => {
                let bought_with = self.pay(state, event.at, amount)?;
                if bought_with > Decimal::ZERO {
                    paid.push((event.at, bought_with));
                }
            }
            EventKind::Bonus(days) => {
                state.days_given =
                    state
                        .days_given
                        .checked_add(days)
                        .ok_or(PaygoError::Overflow {
                            operation: "bonus days",
                        })?;
                if let Some(until) = state.open_until {
                    state.open_until = Some(add_days(until, days)?);
                }
            }
            EventKind::Repossession => {
                if state.phase != Phase::Paid {
                    state.phase = Phase::Repossessed;
                }
            }
            // A deposit that was not complete is still not.
            EventKind::Redemption if state.phase == Phase::Repossessed => {
                state.phase = match state.started_at {
                    Some(_) if state.balance.is_zero() => Phase::Paid,
                    Some(_) => Phase::Active,
                    None => Phase::AwaitingDeposit,
                };
            }
            EventKind::Redemption => {}
        }
        Ok(())
    }

    /// Takes a payment in; what of it went towards days.
    fn pay(
        &self,
        state: &mut DealState,
        at: DateTime<Utc>,
        amount: Decimal,
    ) -> Result<Decimal, PaygoError> {
        if amount < Decimal::ZERO {
            return Err(PaygoError::Payment { given: amount });
        }
        let minus = |left: Decimal, right: Decimal| {
            left.checked_sub(right).ok_or(PaygoError::Overflow {
                operation: "balance",
            })
        };
        let applied = amount.min(state.balance);
        state.balance = minus(state.balance, applied)?;
        let excess = minus(amount, applied)?;
        state.refundable = state
            .refundable
            .checked_add(excess)
            .ok_or(PaygoError::Overflow {
                operation: "refundable credit",
            })?;
        let to_deposit = applied.min(state.deposit_due);
        state.deposit_due = minus(state.deposit_due, to_deposit)?;
        if state.open_until.is_none() && state.deposit_due.is_zero() {
            let free =
                self.free_days
                    .checked_add(state.days_given)
                    .ok_or(PaygoError::Overflow {
                        operation: "free days",
                    })?;
            state.started_at = Some(at);
            state.open_until = Some(add_days(at, free)?);
            if state.phase == Phase::AwaitingDeposit {
                state.phase = Phase::Active;
            }
        }
        let towards_days = minus(applied, to_deposit)?;
        if let Some(due) = state.open_until {
            let bought = self.rate.buy(state.carry, towards_days)?;
            state.open_until = Some(self.base.extend(due, at, bought.days)?);
            state.days_bought = state.days_bought.saturating_add(bought.days);
            state.carry = bought.carry;
        }
        if state.balance.is_zero() && state.phase != Phase::Repossessed {
            state.phase = Phase::Paid;
        }
        Ok(towards_days)
    }
}
