//! The terms nearest to a request that a policy would approve.

use ledger::Money;
use rust_decimal::{Decimal, prelude::ToPrimitive};

use super::{
    Claim, ClaimKind, CounterOrder, CreditError, Grade, MatrixAction, Offer, decide::Run, exposure,
};

impl Run<'_> {
    /// The term asked for, within the grade's.
    pub(super) fn term(&self, grade: &Grade) -> u32 {
        self.case.instalments.min(grade.instalments_max)
    }

    /// The instalment as a share of the highest; none: the client can carry nothing.
    pub(super) fn burden(
        &self,
        grade: &Grade,
        amount: Decimal,
        instalments: u32,
    ) -> Result<Option<Decimal>, CreditError> {
        let instalment = (self.quote)(amount, instalments, grade.annual_rate)?;
        let most = self.assessment.as_ref().map(|a| a.instalment_max);
        Ok(most.and_then(|most| instalment.checked_div(most)))
    }

    pub(super) fn exposed(&self, amount: Decimal) -> Result<Decimal, CreditError> {
        let Some(limit) = &self.policy.exposure else {
            return Ok(Decimal::ZERO);
        };
        let mut claims = self.case.claims.clone().unwrap_or_default();
        claims.push(Claim {
            kind: ClaimKind::Loan,
            amount,
        });
        exposure(&claims, limit.policy)
    }

    /// Whether these terms fall into an approved cell and under every limit.
    pub(super) fn fits(
        &self,
        grade: &Grade,
        amount: Decimal,
        instalments: u32,
    ) -> Result<bool, CreditError> {
        let policy = self.policy;
        let capped = amount > grade.amount_max
            || policy
                .cycle_cap(self.case.cycle)
                .is_some_and(|max| amount > max)
            || amount < policy.amount_min
            || instalments > grade.instalments_max;
        if capped {
            return Ok(false);
        }
        if let Some(limit) = &policy.exposure
            && self.exposed(amount)? > limit.max
        {
            return Ok(false);
        }
        let band = policy.band(self.burden(grade, amount, instalments)?);
        let action = band.and_then(|band| policy.cell(grade, band));
        Ok(action == Some(&MatrixAction::Approve))
    }

    /// The terms nearest to the request that fit.
    pub(super) fn search(&self, grade: &Grade) -> Result<Option<(Decimal, u32)>, CreditError> {
        let term = self.term(grade);
        if self.fits(grade, self.amount, term)? {
            return Ok(Some((self.amount, term)));
        }
        let longest = grade.instalments_max;
        if self.policy.counter == CounterOrder::LongerTerm {
            for longer in term.saturating_add(1)..=longest {
                if self.fits(grade, self.amount, longer)? {
                    return Ok(Some((self.amount, longer)));
                }
            }
            return Ok(self
                .largest(grade, longest)?
                .map(|amount| (amount, longest)));
        }
        if let Some(amount) = self.largest(grade, term)? {
            return Ok(Some((amount, term)));
        }
        Ok(self
            .largest(grade, longest)?
            .map(|amount| (amount, longest)))
    }

    /// The largest multiple of the step, not above the request, that fits this term. Fitting is
    /// monotone: a smaller amount has a smaller instalment and exposure, and the policy is checked
    /// not to treat a heavier burden better.
    fn largest(&self, grade: &Grade, instalments: u32) -> Result<Option<Decimal>, CreditError> {
        let over = CreditError::Overflow { what: "an offer" };
        let step = self.policy.amount_step;
        let steps = |amount: Decimal, up: bool| {
            let count = amount.checked_div(step)?;
            let whole = if up { count.ceil() } else { count.floor() };
            whole.to_u64()
        };
        let at = |count: u64| step.checked_mul(Decimal::from(count));
        let mut low = steps(self.policy.amount_min, true).ok_or_else(|| over.clone())?;
        let mut high =
            steps(self.amount.min(grade.amount_max), false).ok_or_else(|| over.clone())?;
        let least = at(low).ok_or_else(|| over.clone())?;
        if low > high || !self.fits(grade, least, instalments)? {
            return Ok(None);
        }
        // `low` fits; nothing above `high` may.
        while low < high {
            let half = high.saturating_sub(low).div_ceil(2);
            let middle = low.saturating_add(half);
            if self.fits(grade, at(middle).ok_or_else(|| over.clone())?, instalments)? {
                low = middle;
            } else {
                high = middle.saturating_sub(1);
            }
        }
        at(low).map(Some).ok_or(over)
    }

    pub(super) fn offer(
        &self,
        grade: &Grade,
        amount: Decimal,
        instalments: u32,
    ) -> Result<Offer, CreditError> {
        let instalment = (self.quote)(amount, instalments, grade.annual_rate)?;
        Ok(Offer {
            amount: Money::new(amount, self.policy.currency),
            instalments,
            annual_rate: grade.annual_rate,
            instalment,
        })
    }
}
