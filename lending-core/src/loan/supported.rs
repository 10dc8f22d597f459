//! What an account can carry out of what a schedule can express. Anything else is refused when the
//! contract is made, not discovered while it runs.

use alloc::format;

use super::{
    FutureMoney, InterestBasis, LateInterest, LoanError, LoanTerms, OverdueInterest, PaidEarly,
    Rest, Safeguards, terms::terms_error,
};
use crate::schedule::{
    Amortization, DeferredInterest, ElementRounding, InterestMethod, Pricing, ScheduleError,
    generate,
};

impl LoanTerms {
    pub(crate) fn check_supported(&self) -> Result<(), LoanError> {
        let schedule = &self.schedule;
        if !schedule.tranches.is_empty() {
            let given = format!("{} tranches", schedule.tranches.len());
            let allowed = "none: tranches of an account are disbursements";
            return Err(terms_error("schedule.tranches", &given, allowed));
        }
        self.check_whole_minor()?;
        self.check_periodicity()?;
        if self.taxed_on_top() {
            self.require_no_locks()?;
        }
        if matches!(self.interest_basis, InterestBasis::OnBalance(_)) {
            return self.check_on_balance();
        }
        let rules = core::iter::once(self.allocation.future)
            .chain(self.allocation.overrides.iter().filter_map(|o| o.future));
        for future in rules {
            if matches!(future, FutureMoney::ReducePrincipal(_)) {
                let given = format!("{future:?}");
                let allowed = "reduce_principal with interest on the balance only";
                return Err(terms_error("allocation.future", &given, allowed));
            }
        }
        Ok(())
    }

    /// What an account asks for can be paid and booked: whole minor units of its currency.
    fn check_whole_minor(&self) -> Result<(), LoanError> {
        let rounding = &self.schedule.rounding;
        if rounding.elements == ElementRounding::Unrounded {
            let allowed = "rounded figures: an account is paid in whole minor units";
            return Err(terms_error("schedule.rounding.elements", &"none", allowed));
        }
        let most = self.currency.minor_units();
        match rounding.decimals.filter(|decimals| *decimals > most) {
            Some(given) => {
                let allowed = "at most those of the currency: an account is paid in them";
                Err(terms_error("schedule.rounding.decimals", &given, allowed))
            }
            None => Ok(()),
        }
    }

    /// Due dates without an interval cannot carry what counts by intervals: no payout would have a
    /// schedule.
    fn check_periodicity(&self) -> Result<(), LoanError> {
        let schedule = &self.schedule;
        if schedule.due_dates.periodicity().is_some() {
            return Ok(());
        }
        let day = self.expected_disbursement;
        match generate(schedule, self.principal, self.currency, day, &self.calendar) {
            Err(error @ ScheduleError::NoPeriodicity { .. }) => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Refuses taxes on top where the contract locks or caps.
    pub(crate) fn require_no_locks(&self) -> Result<(), LoanError> {
        let Safeguards {
            lock_after_days,
            cap,
            ..
        } = &self.safeguards;
        if lock_after_days.is_none() && cap.is_none() {
            return Ok(());
        }
        let given = format!("{:?}", self.schedule.taxes.kind);
        let allowed = "taxes contained in the amounts, where loans are locked or capped";
        Err(terms_error("schedule.taxes.kind", &given, allowed))
    }

    /// Interest that follows the balance is forecast anew; these settings the forecast lacks.
    fn check_on_balance(&self) -> Result<(), LoanError> {
        let schedule = &self.schedule;
        let (interest, grace) = (&schedule.interest, &schedule.grace);
        let refused = |field, given: &dyn core::fmt::Debug, allowed| {
            Err(terms_error(field, &format!("{given:?}"), allowed))
        };
        if let InterestBasis::OnBalance(basis) = &self.interest_basis {
            let by_days = basis.rest == Rest::Daily
                && basis.overdue != OverdueInterest::ByTransaction
                && basis.compounding.is_none();
            if basis.late != LateInterest::RunningInstalment && !by_days {
                return refused(
                    "interest_basis.late",
                    &basis.late,
                    "running_instalment, where interest does not follow the balance by days alone",
                );
            }
        }
        if interest.method == InterestMethod::Flat {
            return refused(
                "schedule.interest.method",
                &interest.method,
                "declining or free",
            );
        }
        if !matches!(interest.pricing, Pricing::Fixed) {
            return refused("schedule.interest.pricing", &interest.pricing, "fixed");
        }
        if !interest.changes.is_empty() || !interest.pauses.is_empty() {
            let given = (&interest.changes, &interest.pauses);
            let allowed = "none: changes and pauses of an account are transactions";
            return refused("schedule.interest.changes", &given, allowed);
        }
        if interest.charged_from.is_some() {
            return refused(
                "schedule.interest.charged_from",
                &interest.charged_from,
                "none",
            );
        }
        let deferred = grace.interest_deferred > 0;
        if grace.interest_free > 0
            || (deferred && grace.deferred != DeferredInterest::NextInstalment)
        {
            let allowed = "grace on principal, or interest deferred to the next instalment";
            return refused("schedule.grace", grace, allowed);
        }
        if deferred && self.allocation.paid_early == PaidEarly::KeepsTotal {
            let allowed = "stays_open, where a grace defers interest";
            return refused(
                "allocation.paid_early",
                &self.allocation.paid_early,
                allowed,
            );
        }
        if !schedule.payment_holidays.is_empty() {
            return refused(
                "schedule.payment_holidays",
                &schedule.payment_holidays,
                "none",
            );
        }
        match &schedule.amortization {
            Amortization::PaymentPlan { .. } | Amortization::CustomTotals { .. } => refused(
                "schedule.amortization",
                &schedule.amortization,
                "equal instalments, or principal planned instalment by instalment",
            ),
            _ => Ok(()),
        }
    }
}
