//! What a line stands at: figures of the state, and what follows from them.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{
    CreditLine, Demand, DrawPlan, Hold, Issued, LimitUse, LineArrears, RevolvingError, Status,
};
use crate::loan::{
    Amounts, Code,
    amounts::{add, sub},
};

impl CreditLine {
    /// The limit in force.
    #[must_use]
    pub const fn limit(&self) -> Decimal {
        self.limit
    }

    /// Whether draws are refused for the time being.
    #[must_use]
    pub const fn is_frozen(&self) -> bool {
        self.frozen
    }

    /// Whether interest is stopped.
    #[must_use]
    pub const fn is_interest_stopped(&self) -> bool {
        self.interest_stopped
    }

    /// The rate in force, in percent, for the contract's charge frequency.
    #[must_use]
    pub fn percent(&self) -> Decimal {
        let given = self.terms.interest.rate.percent;
        self.rates.last().map_or(given, |rate| rate.percent)
    }

    /// What is owed: principal, and interest, fees and penalties charged. Interest of the running
    /// cycle is not in it, see [`Self::accrued`].
    #[must_use]
    pub const fn owed(&self) -> &Amounts {
        &self.owed
    }

    /// Money received beyond everything owed: a liability to the borrower.
    #[must_use]
    pub const fn credit_balance(&self) -> Decimal {
        self.credit
    }

    /// What is owed in all, less the credit balance.
    ///
    /// # Errors
    /// [`RevolvingError::Common`] when the sum does not fit.
    pub fn balance(&self) -> Result<Decimal, RevolvingError> {
        Ok(sub(self.owed.total()?, self.credit)?)
    }

    /// What of the limit is used, by the contract's rule. Pending holds are not in it.
    ///
    /// # Errors
    /// [`RevolvingError::Common`] when the sum does not fit.
    pub fn used(&self) -> Result<Decimal, RevolvingError> {
        Ok(match self.terms.limit_use {
            LimitUse::Principal => self.owed.principal,
            LimitUse::Balance => self.owed.total()?,
        })
    }

    /// What pending holds keep of the limit.
    ///
    /// # Errors
    /// [`RevolvingError::Common`] when the sum does not fit.
    pub fn pending(&self) -> Result<Decimal, RevolvingError> {
        let amounts = self.holds.iter().map(|hold| hold.amount);
        Ok(amounts.into_iter().try_fold(Decimal::ZERO, add)?)
    }

    /// What may be drawn: limit less used less pending, never below zero. A frozen limit is
    /// counted all the same, see [`Self::is_frozen`].
    ///
    /// # Errors
    /// [`RevolvingError::Common`] when the sum does not fit.
    pub fn available(&self) -> Result<Decimal, RevolvingError> {
        Ok(self.room()?.max(Decimal::ZERO))
    }

    /// By how much used and pending are above the limit, after it was lowered for example.
    ///
    /// # Errors
    /// [`RevolvingError::Common`] when the sum does not fit.
    pub fn over_limit(&self) -> Result<Decimal, RevolvingError> {
        Ok(sub(Decimal::ZERO, self.room()?)?.max(Decimal::ZERO))
    }

    fn room(&self) -> Result<Decimal, RevolvingError> {
        Ok(sub(sub(self.limit, self.used()?)?, self.pending()?)?)
    }

    /// Holds that no draw has taken up.
    #[must_use]
    pub fn holds(&self) -> &[Hold] {
        &self.holds
    }

    /// The principal of instalments to come, draw by draw, where draws are repaid in instalments.
    #[must_use]
    pub fn plans(&self) -> &[DrawPlan] {
        &self.plans
    }

    /// What statements have asked for and is not paid, oldest first.
    #[must_use]
    pub fn demands(&self) -> &[Demand] {
        &self.demands
    }

    /// What statements have asked for and is not paid, in all.
    ///
    /// # Errors
    /// [`RevolvingError::Common`] when the sum does not fit.
    pub fn minimum_due(&self) -> Result<Decimal, RevolvingError> {
        let open = self.demands.iter().map(|demand| demand.open);
        Ok(open.into_iter().try_fold(Decimal::ZERO, add)?)
    }

    /// Lateness as of [`Self::as_of`].
    #[must_use]
    pub const fn arrears(&self) -> &LineArrears {
        &self.arrears
    }

    /// The range of delinquent days the line is in, by the contract's ranges: days past due beyond
    /// the tolerated ones.
    #[must_use]
    pub fn delinquency(&self) -> Option<Code> {
        let terms = &self.terms.arrears;
        let tolerated = u32::from(terms.tolerance_days);
        let days = self.arrears.days_past_due.checked_sub(tolerated)?;
        let mut ranges = terms.delinquency.iter();
        ranges
            .find(|range| range.holds(days))
            .map(|range| range.name)
    }

    /// The day of the next statement, while the line is active.
    #[must_use]
    pub fn next_statement(&self) -> Option<NaiveDate> {
        (self.status == Status::Active).then_some(self.cycle.to)
    }

    /// What was given up by write-off and has not been recovered.
    #[must_use]
    pub const fn written_off(&self) -> &Amounts {
        &self.written_off
    }

    /// Statements issued so far: their figures, oldest first.
    #[must_use]
    pub fn issued(&self) -> &[Issued] {
        &self.told.issued
    }

    /// Income recognised and not yet paid or forgiven: what the receivable accounts hold for this
    /// line on the accrual basis.
    ///
    /// # Errors
    /// [`RevolvingError::Common`] when a sum does not fit.
    pub fn receivable(&self) -> Result<Amounts, RevolvingError> {
        let settled = self.paid.plus(&self.forgiven)?;
        let mut left = self.told.recognised.minus(&settled)?;
        left.principal = Decimal::ZERO;
        Ok(left)
    }
}
