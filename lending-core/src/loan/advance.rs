//! The passage of time: interest periods end, instalments fall due, arrears age, penalties grow.
//!
//! Cost: nothing but arithmetic on a handful of numbers on a day on which nothing falls due; one
//! pass over the future instalments on a due date.

use chrono::NaiveDate;
use ledger::Rounding;
use rust_decimal::Decimal;

use super::{
    Arrears, ArrearsStart, Element, FeeTrigger, LateInterest, LoanAccount, LoanError,
    account::Stretch,
    amounts::{add, mul, sub},
    fold::Touched,
};
use crate::schedule::ElementRounding;

impl LoanAccount {
    /// Brings the account to a date. Earlier dates leave it unchanged.
    /// Credit balances pay what falls due on the way; `touched` takes that up.
    pub(crate) fn advance(
        &mut self,
        to: NaiveDate,
        touched: &mut Touched,
    ) -> Result<(), LoanError> {
        if to <= self.as_of {
            return Ok(());
        }
        if self.status.is_disbursed() {
            while let Some(boundary) = self.next_boundary(to) {
                self.grow_penalty(boundary)?;
                self.tag_days_before(boundary);
                self.as_of = boundary;
                let ended = self.end_interest_periods(boundary)?;
                if !self.credit_lots.is_empty() {
                    self.use_credit(touched)?;
                    self.settle_status()?;
                }
                self.age()?;
                if ended && self.compounds_charges() {
                    // Penalties grown by now bear interest from this period on.
                    self.restretch()?;
                    self.forecast_later();
                }
                if self.counts_daily() {
                    // A forecast may settle or open an instalment until a lock changes it again:
                    // every day has its own, however the days are closed.
                    self.forecast_overdue()?;
                }
            }
            self.grow_penalty(to)?;
            self.tag_days_before(to);
            self.as_of = to;
            self.age()?;
            self.forecast_overdue()?;
        }
        self.as_of = to;
        Ok(())
    }

    /// Carries overdue principal forward where the contract does so daily.
    fn forecast_overdue(&mut self) -> Result<(), LoanError> {
        if self.forecasts_daily() && self.arrears.overdue.principal > Decimal::ZERO {
            self.forecast_later();
        }
        Ok(())
    }

    /// The first end of an interest period or due date after today, up to `to`.
    fn next_boundary(&self, to: NaiveDate) -> Option<NaiveDate> {
        let after = |date: NaiveDate| (date > self.as_of && date <= to).then_some(date);
        // Both columns rise with the instalment number: the first row past today decides.
        let due_at = self
            .instalments
            .partition_point(|row| row.due_on <= self.as_of);
        let interest_at = self
            .instalments
            .partition_point(|row| row.interest_to <= self.as_of);
        let due = self
            .instalments
            .get(due_at)
            .and_then(|row| after(row.due_on));
        let interest = self
            .instalments
            .get(interest_at)
            .and_then(|row| after(row.interest_to));
        let daily = self.as_of.succ_opt().filter(|_| self.counts_daily());
        [due, interest, daily.and_then(after)]
            .into_iter()
            .flatten()
            .min()
    }

    /// Fixes the interest of the period that ends today and starts the next one; says whether one
    /// did.
    fn end_interest_periods(&mut self, today: NaiveDate) -> Result<bool, LoanError> {
        if !self.instalments.iter().any(|row| row.interest_to == today) {
            return Ok(false);
        }
        if self.on_balance() {
            self.settle_late_interest()?;
            // The forecast of the period that ends is what it came to.
            let kept = self.kept_forecast(today)?;
            let used = self.forecast_ended()?;
            self.prepaid = sub(self.prepaid, used)?;
            self.keep_forecast(kept);
            self.bank_locked()?;
            self.cap_interest()?;
        } else {
            self.put_off_ended()?;
        }
        self.stretches.clear();
        self.applied_early = Decimal::ZERO;
        self.late_moved = Decimal::ZERO;
        self.start_planned_rates(today);
        self.start_stretch()?;
        self.pauses.retain(|pause| pause.last > today);
        if self.on_balance() {
            self.forecast_later();
        }
        Ok(true)
    }

    pub(crate) fn start_stretch(&mut self) -> Result<(), LoanError> {
        let (from, base, percent) = (self.as_of, self.interest_base()?, self.percent);
        self.stretches.push(Stretch {
            from,
            base,
            percent,
            locked: self.locks_interest(),
            late: self.late_principal()?.min(base),
        });
        Ok(())
    }

    /// The balance that bears interest: what is outstanding, what should be by the schedule, or
    /// what was lent.
    pub(crate) fn interest_base(&self) -> Result<Decimal, LoanError> {
        if self.is_flat() {
            return self.flat_base();
        }
        if self.on_balance() {
            let mut bearing = sub(self.principal, self.redraw)?.max(Decimal::ZERO);
            if self.late_rule() == LateInterest::NotCharged {
                bearing = sub(bearing, self.late_principal()?)?.max(Decimal::ZERO);
            }
            return add(bearing, self.compounded()?);
        }
        let to_come = self
            .instalments
            .iter()
            .filter(|row| row.interest_to > self.as_of);
        to_come
            .map(|row| row.due.principal)
            .try_fold(Decimal::ZERO, add)
    }

    /// Lets the penalty of the days from today to `to` grow, unrounded.
    fn grow_penalty(&mut self, to: NaiveDate) -> Result<(), LoanError> {
        let Some(terms) = &self.terms.penalty else {
            return Ok(());
        };
        if self.arrears.oldest_unpaid.is_none() {
            return Ok(());
        }
        let base = self.penalty_base(terms.base)?;
        let days = Decimal::from(to.signed_duration_since(self.as_of).num_days());
        let percent_days = mul(mul(base, terms.daily_percent)?, days)?;
        let grown = mul(percent_days, Decimal::new(1, 2))?;
        self.penalty_accrued = add(self.penalty_accrued, grown)?;
        Ok(())
    }

    /// Arrears as of today, then the penalties and late fees that they bring.
    pub(crate) fn age(&mut self) -> Result<(), LoanError> {
        self.count_arrears()?;
        self.settle_lock()?;
        let charged = self.penalty_charged;
        self.charge_penalty()?;
        if self.arrears.since.is_none() && self.penalty_charged != charged {
            // With its penalty what is overdue may be more than is tolerated.
            self.count_arrears()?;
        }
        self.charge_late_fees()?;
        self.settle_lock()?;
        self.tag_today();
        Ok(())
    }

    /// Counts what is overdue. An instalment is overdue from its due date on when something of it
    /// is open; it is one day past due on the day after.
    pub(crate) fn count_arrears(&mut self) -> Result<(), LoanError> {
        let today = self.as_of;
        let due = self.instalments.partition_point(|row| row.due_on <= today);
        let mut now = Arrears::default();
        for row in self
            .instalments
            .iter()
            .take(due)
            .filter(|row| !row.is_settled())
        {
            now.oldest_unpaid = now.oldest_unpaid.or(Some(row.due_on));
            now.overdue = now.overdue.plus(&row.open_amounts()?)?;
        }
        let Some(oldest) = now.oldest_unpaid else {
            // Cured: a penalty that never passed its grace is forgotten with the spell.
            self.penalty_accrued = Decimal::ZERO;
            self.penalty_charged = Decimal::ZERO;
            self.arrears = now;
            return Ok(());
        };
        now.days_past_due =
            u32::try_from(today.signed_duration_since(oldest).num_days()).unwrap_or(0);
        now.first_missed = self.arrears.first_missed.or(Some(oldest));
        let terms = &self.terms.arrears;
        let tolerated = terms.tolerated(self.principal)?;
        now.days_late = self.days_late(oldest);
        let late = self.is_past_tolerance(oldest);
        if late && now.overdue.total()? > tolerated {
            now.since = match terms.counted_from {
                ArrearsStart::OldestUnpaid => now.oldest_unpaid,
                ArrearsStart::FirstMissed => now.first_missed,
            };
        }
        self.arrears = now;
        Ok(())
    }

    /// Days since a due date, as the contract counts them against tolerances.
    fn days_late(&self, due: NaiveDate) -> u32 {
        let terms = &self.terms;
        terms.arrears.days_late(&terms.calendar, due, self.as_of)
    }

    /// Whether something due on a day and unpaid is late beyond what is tolerated.
    fn is_past_tolerance(&self, due: NaiveDate) -> bool {
        let terms = &self.terms;
        terms
            .arrears
            .is_past_tolerance(&terms.calendar, due, self.as_of)
    }

    /// Charges what has grown, rounded as a whole, to the oldest unpaid instalment.
    fn charge_penalty(&mut self) -> Result<(), LoanError> {
        let Some(terms) = &self.terms.penalty else {
            return Ok(());
        };
        let free = u32::from(terms.grace_days.max(self.terms.arrears.tolerance_days));
        let late = self
            .arrears
            .oldest_unpaid
            .filter(|due| self.arrears.days_late > free && self.is_past_tolerance(*due));
        if late.is_none() {
            return Ok(());
        }
        let charge = self.grown_penalty()?;
        if charge <= Decimal::ZERO {
            return Ok(());
        }
        if self.locked_operations().penalties || self.capped(charge)? {
            self.lock.penalty = charge;
            return Ok(());
        }
        self.charge_grown_penalty()
    }

    /// Penalty grown in this spell and not charged, with tax, in whole minor units.
    fn grown_penalty(&self) -> Result<Decimal, LoanError> {
        sub(
            self.with_tax(Element::Penalty, self.round(self.penalty_accrued))?,
            self.with_tax(Element::Penalty, self.penalty_charged)?,
        )
    }

    /// Charges it, whether its grace has passed or not.
    pub(crate) fn charge_grown_penalty(&mut self) -> Result<(), LoanError> {
        let charge = self.grown_penalty()?;
        if charge <= Decimal::ZERO {
            return Ok(());
        }
        self.penalty_charged = self.round(self.penalty_accrued);
        self.charge_oldest(Element::Penalty, charge)
    }

    fn charge_late_fees(&mut self) -> Result<(), LoanError> {
        let late_fees = |fee: &&super::FeeTerms| fee.trigger == FeeTrigger::LatePayment;
        if self.arrears.since.is_none()
            || self.locked_operations().fees
            || !self.terms.fees.iter().any(|fee| late_fees(&fee))
        {
            return Ok(());
        }
        let today = self.as_of;
        let late: alloc::vec::Vec<usize> = self
            .instalments
            .iter()
            .enumerate()
            .take_while(|(_, row)| row.due_on < today && self.is_past_tolerance(row.due_on))
            .filter(|(_, row)| !row.late_fee_charged && !row.is_settled())
            .map(|(at, _)| at)
            .collect();
        for at in late {
            let fees = self.terms.fees.iter().filter(late_fees);
            let Some(row) = self.instalments.get(at) else {
                continue;
            };
            let mut charge = Decimal::ZERO;
            for fee in fees {
                charge = add(charge, self.taxed().fee_on(fee, row.due.principal)?)?;
            }
            if self.capped(charge)? {
                return Ok(());
            }
            if let Some(row) = self.instalments.get_mut(at) {
                row.late_fee_charged = true;
                row.due.add_to(Element::Fee, charge)?;
            }
            self.arrears.overdue.add_to(Element::Fee, charge)?;
        }
        Ok(())
    }

    fn charge_oldest(&mut self, element: Element, amount: Decimal) -> Result<(), LoanError> {
        if let Some(row) = self.instalments.iter_mut().find(|row| !row.is_settled()) {
            row.due.add_to(element, amount)?;
            self.arrears.overdue.add_to(element, amount)?;
        }
        Ok(())
    }

    /// Rounds to whole minor units by the contract's rule.
    pub(crate) fn round(&self, amount: Decimal) -> Decimal {
        let decimals = u32::from(self.terms.currency.minor_units());
        let mut rounded = self.rounding().round(amount, decimals);
        // Trailing zeros of an intermediate result do not travel into stored state.
        rounded.rescale(decimals);
        rounded
    }

    /// Interest of an instalment as it is due: to whole units where the contract wants them.
    pub(crate) fn round_interest(&self, interest: Decimal) -> Decimal {
        let (rounded, rounding) = (self.round(interest), &self.terms.schedule.rounding);
        match (rounding.elements, rounding.multiple) {
            (ElementRounding::WholeUnits, Some(multiple)) => multiple
                .mode
                .round_to_multiple(rounded, multiple.of)
                .unwrap_or(rounded),
            _ => rounded,
        }
    }

    pub(crate) fn rounding(&self) -> Rounding {
        self.terms.schedule.rounding.mode
    }
}
