//! Interest on the daily balance: the schedule's own arithmetic, fed with the balances of the
//! running cycle.

use alloc::vec::Vec;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{
    CreditLine, InterestGrace, InterestOn, RevolvingError, Status,
    account::{CycleInterest, Stretch},
};
use crate::{
    dates::MonthEnd,
    loan::{
        Amounts, Element,
        amounts::{add, sub},
        interest::unpaused,
    },
    schedule::{BalanceSegment, PeriodDates, PeriodInterest, Rate, RateChange, RunningContract},
};

impl CreditLine {
    /// Interest of the running cycle up to a day, the night that ends on it included: exact, and
    /// rounded once. Zero before the cycle.
    pub(crate) fn cycle_interest(&self, to: NaiveDate) -> Result<PeriodInterest, RevolvingError> {
        let segments: Vec<BalanceSegment> = self.segments(to);
        if segments.iter().all(|segment| segment.balance.is_zero()) {
            return Ok(PeriodInterest::default());
        }
        let mut terms = self.terms.schedule(1);
        let per = self.terms.interest.rate.per;
        terms.interest.changes = self
            .rates
            .iter()
            .map(|rate| RateChange {
                from: rate.from,
                rate: Rate {
                    percent: rate.percent,
                    per,
                },
            })
            .collect();
        let contract = RunningContract {
            terms: &terms,
            currency: self.terms.currency,
            calendar: &self.terms.calendar,
            disbursed_on: self.activated_on.unwrap_or(self.opened_on),
            maturity: NaiveDate::MAX,
        };
        let period = PeriodDates {
            number: self.cycle.number,
            from: self.cycle.from,
            nominal_due: self.cycle.to,
            due: self.cycle.to,
        };
        Ok(contract.period_interest(&period, &segments)?)
    }

    /// The same, rounded, with the tax that comes on top.
    fn taxed_interest(&self, to: NaiveDate) -> Result<Decimal, RevolvingError> {
        let net = self.cycle_interest(to)?.rounded;
        Ok(self.with_tax(Element::Interest, net)?)
    }

    /// The balances that bore interest in the running cycle, up to a day.
    pub(crate) fn segments(&self, to: NaiveDate) -> Vec<BalanceSegment> {
        let mut segments = Vec::with_capacity(self.stretches.len());
        for (at, stretch) in self.stretches.iter().enumerate() {
            let next = at.checked_add(1).and_then(|at| self.stretches.get(at));
            let end = next.map_or(to, |next| next.from).min(to);
            for (from, to) in unpaused(&self.pauses, stretch.from, end) {
                let balance = stretch.base;
                segments.push(BalanceSegment { from, to, balance });
            }
        }
        segments
    }

    /// When the rate is to be reviewed next, for a contract that follows an index.
    #[must_use]
    pub fn next_index_review(&self) -> Option<NaiveDate> {
        let every = self.terms.index.as_ref()?.review_every;
        let last = self.reviewed_on.or(self.activated_on)?;
        every.after(last, 1, MonthEnd::Clamp)
    }

    /// Interest of the running cycle up to [`Self::as_of`], rounded, with tax, that no statement has charged:
    /// what is earned of it. Under a grace nothing is, until the grace is lost; nor while the cap
    /// keeps it away.
    ///
    /// # Errors
    /// [`RevolvingError::Common`] when a figure does not fit.
    pub fn accrued(&self) -> Result<Decimal, RevolvingError> {
        if self.capped_since.is_some() {
            return Ok(Decimal::ZERO);
        }
        self.uncharged_interest()
    }

    /// The same, whether a cap keeps it away or not.
    pub(crate) fn uncharged_interest(&self) -> Result<Decimal, RevolvingError> {
        if self.status != Status::Active {
            return Ok(Decimal::ZERO);
        }
        let running = match self.cycle.interest {
            CycleInterest::Bears => self.taxed_interest(self.as_of)?,
            CycleInterest::Held | CycleInterest::Open => Decimal::ZERO,
        };
        Ok(add(running, self.lost_grace)?)
    }

    /// What must be paid on a day to owe nothing, when nothing else happens until then: everything
    /// owed and the interest to that day, less the credit balance. Interest that a grace still
    /// holds back is not in it.
    ///
    /// # Errors
    /// [`RevolvingError::Common`] for a day before [`Self::as_of`], or a figure that does not fit.
    pub fn payoff(&self, on: NaiveDate) -> Result<Decimal, RevolvingError> {
        let mut ahead = self.clone();
        if on < self.as_of {
            return Err(super::check::too_early("pay-off", on, self.as_of));
        }
        // The day itself has not ended: what happens at its end is not owed yet.
        if let Some(before) = on.pred_opt().filter(|before| *before > ahead.ended) {
            ahead.advance(before, &mut super::fold::Trace::preview())?;
        }
        ahead.as_of = on;
        let accrued = add(ahead.uncharged_interest()?, ahead.uncharged_penalty()?)?;
        let whole = add(ahead.owed.total()?, accrued)?;
        Ok(sub(whole, ahead.credit)?.max(Decimal::ZERO))
    }

    /// What the account has earned so far, fees at draws not counted.
    pub(crate) fn earned(&self) -> Result<Amounts, RevolvingError> {
        let mut running = Amounts::of(Element::Interest, self.accrued()?);
        running.penalty = self.accrued_penalty()?;
        Ok(self.charged.plus(&running)?)
    }

    /// The balance that bears interest tonight.
    fn interest_base(&self) -> Result<Decimal, RevolvingError> {
        if self.interest_stopped || self.status != Status::Active {
            return Ok(Decimal::ZERO);
        }
        Ok(match self.terms.interest_on {
            InterestOn::Principal => self.owed.principal,
            InterestOn::PrincipalAndInterest => add(self.owed.principal, self.owed.interest)?,
            InterestOn::Balance => self.owed.total()?,
        })
    }

    /// Starts a new stretch when the balance that bears interest has changed.
    pub(crate) fn restretch(&mut self) -> Result<(), RevolvingError> {
        let (from, base) = (self.as_of, self.interest_base()?);
        let now = Stretch { from, base };
        let before = self.stretches.len().checked_sub(2);
        let before = before.and_then(|at| self.stretches.get(at)).copied();
        match self.stretches.last_mut() {
            Some(last) if last.base == base => {}
            Some(last) if last.from == from => {
                *last = now;
                // A balance that came and went within a day leaves no trace.
                if before.is_some_and(|before| before.base == base) {
                    self.stretches.pop();
                }
            }
            _ => self.stretches.push(now),
        }
        Ok(())
    }

    /// Charges the interest of the running cycle up to today, unless the cap keeps it away, and
    /// starts counting anew.
    pub(crate) fn charge_interest(&mut self) -> Result<Decimal, RevolvingError> {
        let today = self.as_of;
        let arisen = self.taxed_interest(today)?;
        let mut charged = core::mem::take(&mut self.lost_grace);
        match self.cycle.interest {
            CycleInterest::Bears => charged = add(charged, arisen)?,
            CycleInterest::Held | CycleInterest::Open => self.held = arisen,
        }
        if self.keeps_away(charged)? {
            self.lost_grace = core::mem::take(&mut charged);
        }
        self.owe(Element::Interest, charged)?;
        self.stretches.clear();
        self.restretch()?;
        Ok(charged)
    }

    /// Decides whether the statement before was paid in full, on the day it is due.
    pub(crate) fn settle_grace(&mut self) -> Result<(), RevolvingError> {
        if self.terms.grace == InterestGrace::None {
            return Ok(());
        }
        let Some(in_full) = self.in_full.take() else {
            return Ok(());
        };
        let held = core::mem::take(&mut self.held);
        if in_full.open > Decimal::ZERO {
            self.lost_grace = add(self.lost_grace, held)?;
            self.cycle.interest = CycleInterest::Bears;
        } else {
            self.cycle.interest = CycleInterest::Held;
        }
        Ok(())
    }
}
