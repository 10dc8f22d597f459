//! The amount of equal instalments or equal principals, found at the first repayment and again
//! where a rate changes or money is paid out.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{
    super::{
        Amortization, AnnuityFormula, Balloon, ElementRounding, Equalise, Instalment,
        InterestMethod, ScheduleError,
        annuity::Worth,
        charging::Span,
        exact::{Ratio, mul_div},
        power::whole_power,
    },
    Engine, Plan, State, add, span_of, sub, too_large,
};

/// The grade of an instalment: 0 for the first `every`.
fn grade(number: u32, every: u32) -> u32 {
    number.saturating_sub(1).checked_div(every).unwrap_or(0)
}

impl Engine<'_> {
    /// The amount of the rows from the first of `tail` on.
    pub(super) fn fix(&self, tail: &[Instalment], state: &State) -> Result<Plan, ScheduleError> {
        let Some(first) = tail.first() else {
            return Ok(Plan::Nothing);
        };
        let span = span_of(first);
        // A disbursement inside this period counts from its start on, so that the amount covers it.
        let inside = self.tranches.iter().skip(state.tranche);
        let inside = inside.take_while(|(on, _)| *on < span.end);
        let balance = inside
            .map(|(_, amount)| *amount)
            .try_fold(state.balance, add)?;
        let rows = tail.iter().filter(|row| self.repays(row.number)).count();
        let count = u32::try_from(rows).unwrap_or(u32::MAX).max(1);
        let equal = |parts: u32| {
            let ratio = Ratio {
                num: 1,
                den: i128::from(parts.max(1)),
            };
            mul_div(balance, ratio, self.units.mode).ok_or_else(too_large)
        };
        if let (InterestMethod::Flat, Amortization::EqualInstalments { formula, .. }) =
            (&self.terms.interest.method, &self.terms.amortization)
            && !self.gives_amount()
        {
            return match formula {
                AnnuityFormula::Factor => self.flat_total(tail, state, (balance, count)),
                _ => Ok(Plan::Principal(self.whole_principal(equal(count)?)?)),
            };
        }
        match &self.terms.amortization {
            Amortization::EqualPrincipal { .. } => {
                let last = tail.last().map_or(0, |row| row.number);
                let repaid = tail.iter().filter(|row| {
                    self.repays(row.number)
                        && (row.number == last || !self.skips_principal(row.number))
                });
                let parts = u32::try_from(repaid.count()).unwrap_or(u32::MAX);
                Ok(Plan::Principal(self.whole_principal(equal(parts)?)?))
            }
            Amortization::PrincipalPercent { percent } => {
                let ratio = Ratio::of_decimal(*percent)
                    .checked_mul(Ratio { num: 1, den: 100 })
                    .ok_or_else(too_large)?;
                let share = mul_div(state.base, ratio, self.units.mode).ok_or_else(too_large)?;
                Ok(Plan::Principal(self.whole_principal(share)?))
            }
            Amortization::EqualInstalments {
                amount: Some(amount),
                ..
            } => {
                let amount = self.units.amount(*amount, "an instalment in whole units")?;
                Ok(Plan::Total(amount))
            }
            Amortization::EqualInstalments {
                formula, equalise, ..
            } => {
                let amount = self.annuity(*formula, tail, span, balance, count, state)?;
                self.equalise(*equalise, amount, tail, state)
            }
            Amortization::GradedInstalments { every, .. } => {
                let rate = self.charging.rate_at(span.number, span.end, span.end);
                let rate = self.charging.nominal_rate(rate)?;
                let grade =
                    |number: u32| grade(number, *every).checked_sub(grade(span.number, *every));
                let repaying = tail.iter().filter(|row| self.repays(row.number));
                let weights = repaying.map(|row| self.weight(grade(row.number)?));
                let worth = Worth::weighted(rate, weights).ok_or_else(too_large)?;
                let first = worth.instalment(balance, 0, self.units.mode);
                Ok(Plan::Graded(first.ok_or_else(too_large)?, span.number))
            }
            Amortization::Balloon(balloon) => {
                let (count, left) = match balloon {
                    Balloon::LongerTerm { instalments } => {
                        let passed = self.terms.instalments.saturating_sub(count);
                        (instalments.saturating_sub(passed).max(count), 0)
                    }
                    Balloon::Principal { amount } => (
                        count,
                        self.units.amount(*amount, "a balloon in whole units")?,
                    ),
                };
                if left > balance {
                    return Err(ScheduleError::Unpayable {
                        what: "balloon",
                        principal: self.units.decimal(balance)?,
                        reason: "the balloon is larger than the principal",
                    });
                }
                let worth = self.closed_form(AnnuityFormula::ClosedForm, span, count)?;
                let amount = worth.instalment(balance, left, self.units.mode);
                Ok(Plan::Total(
                    self.whole_total(amount.ok_or_else(too_large)?)?,
                ))
            }
            Amortization::Bullet
            | Amortization::PaymentPlan { .. }
            | Amortization::CustomPrincipal { .. }
            | Amortization::CustomTotals { .. } => Ok(Plan::Nothing),
        }
    }

    const fn gives_amount(&self) -> bool {
        matches!(
            self.terms.amortization,
            Amortization::EqualInstalments {
                amount: Some(_),
                ..
            }
        )
    }

    /// Equal parts of principal and flat interest together.
    fn flat_total(
        &self,
        tail: &[Instalment],
        state: &State,
        (balance, count): (i128, u32),
    ) -> Result<Plan, ScheduleError> {
        let (mut state, mut whole) = (*state, balance);
        for row in tail {
            whole = add(whole, self.charge(&mut state, span_of(row), None)?)?;
        }
        let part = Ratio {
            num: 1,
            den: i128::from(count),
        };
        let total = mul_div(whole, part, self.units.mode).ok_or_else(too_large)?;
        Ok(Plan::Total(self.whole_total(total)?))
    }

    /// What a total is at a grade, beside the first.
    fn weight(&self, grades: u32) -> Option<Decimal> {
        let Amortization::GradedInstalments { change_percent, .. } = &self.terms.amortization
        else {
            return Some(Decimal::ONE);
        };
        let growth = change_percent.checked_div(Decimal::ONE_HUNDRED)?;
        whole_power(growth.checked_add(Decimal::ONE)?, grades)
    }

    /// The total of a row of graded instalments, rounded once from the first.
    pub(super) fn graded(&self, plan: Plan, number: u32) -> Result<Plan, ScheduleError> {
        let (Plan::Graded(first, from), Amortization::GradedInstalments { every, .. }) =
            (plan, &self.terms.amortization)
        else {
            return Ok(plan);
        };
        let grades = grade(number, *every).saturating_sub(grade(from, *every));
        let weight = self.weight(grades).ok_or_else(too_large)?;
        let total = mul_div(first, Ratio::of_decimal(weight), self.units.mode);
        Ok(Plan::Total(self.whole_total(total.ok_or_else(too_large)?)?))
    }

    /// A fee to whole units, where the contract wants them.
    pub(in super::super) fn whole_element(&self, amount: i128) -> Result<i128, ScheduleError> {
        self.whole_principal(amount)
    }

    fn whole_principal(&self, principal: i128) -> Result<i128, ScheduleError> {
        match self.terms.rounding.elements {
            ElementRounding::WholeUnits => self.units.to_multiple(principal),
            _ => Ok(principal),
        }
    }

    fn whole_total(&self, total: i128) -> Result<i128, ScheduleError> {
        match self.terms.rounding.elements {
            ElementRounding::WholeUnits | ElementRounding::Total => {
                let whole = self.units.to_multiple(total)?;
                // A total of nothing would repay nothing before the last instalment.
                match self.units.multiple {
                    Some((of, _)) if whole == 0 && total > 0 => Ok(of),
                    _ => Ok(whole),
                }
            }
            _ => Ok(total),
        }
    }

    fn closed_form(
        &self,
        formula: AnnuityFormula,
        span: Span,
        count: u32,
    ) -> Result<Worth, ScheduleError> {
        let rate = self.charging.rate_at(span.number, span.end, span.end);
        let rate = self.charging.formula_rate(formula, rate)?;
        let digits = self.terms.rounding.significant_digits;
        Worth::constant(rate, count, digits).ok_or_else(too_large)
    }

    fn annuity(
        &self,
        formula: AnnuityFormula,
        tail: &[Instalment],
        span: Span,
        balance: i128,
        count: u32,
        state: &State,
    ) -> Result<i128, ScheduleError> {
        let mode = self.units.mode;
        let (worth, balance) = match formula {
            AnnuityFormula::ClosedForm | AnnuityFormula::ClosedFormByDays => {
                (self.closed_form(formula, span, count)?, balance)
            }
            AnnuityFormula::Factor => (self.worth_by_rates(tail, span.end)?, balance),
            AnnuityFormula::Actus => {
                // The first redemption is worth its face at the first date: what is owed there is
                // the balance and the interest accrued to it.
                let mut copy = *state;
                let interest = self.charge(&mut copy, span, Some(span.end))?;
                let later = tail.get(1..).unwrap_or_default();
                let mut worth = self.worth_by_rates(later, span.end)?;
                worth.each = worth.each.checked_add(Decimal::ONE).ok_or_else(too_large)?;
                (worth, add(balance, interest)?)
            }
        };
        let amount = worth.instalment(balance, 0, mode).ok_or_else(too_large)?;
        self.whole_total(amount)
    }

    fn worth_by_rates(
        &self,
        tail: &[Instalment],
        known: NaiveDate,
    ) -> Result<Worth, ScheduleError> {
        let mut failed = None;
        let rates = tail
            .iter()
            .filter(|row| self.repays(row.number))
            .map(|row| match self.period_rate(span_of(row), known) {
                Ok(rate) => Some(rate),
                Err(error) => {
                    failed = Some(error);
                    None
                }
            });
        let worth = match self.terms.rounding.significant_digits {
            None => Worth::by_rates(rates),
            Some(digits) => Worth::by_rates_kept(rates, digits),
        };
        match failed {
            Some(error) => Err(error),
            None => worth.ok_or_else(too_large),
        }
    }

    /// The rate of a whole period as known at a date; pauses do not count.
    fn period_rate(&self, span: Span, known: NaiveDate) -> Result<Ratio, ScheduleError> {
        if self.charging.is_plain() {
            return self.charging.plain_ratio(span);
        }
        let mut sum = Ratio::ZERO;
        let mut at = span.start;
        for to in self
            .charging
            .cuts_inside(span.start, span.end)
            .chain([span.end])
        {
            if !self.charging.is_free(at, false) {
                let rate = self.charging.rate_at(span.number, at, known);
                let part = self.charging.ratio(rate, at, to, span)?;
                sum = sum.checked_add(part).ok_or_else(too_large)?;
            }
            at = to;
        }
        Ok(sum)
    }

    fn equalise(
        &self,
        rule: Equalise,
        amount: i128,
        tail: &[Instalment],
        state: &State,
    ) -> Result<Plan, ScheduleError> {
        match rule {
            Equalise::LastTakesRest => Ok(Plan::Total(amount)),
            Equalise::OneCorrection => self.correct_once(amount, tail, state),
            Equalise::SmallestAmount => self.smallest(amount, tail, state),
        }
    }

    /// The last total when the rows of `tail` pay `amount` each.
    fn last_total(
        &self,
        amount: i128,
        tail: &[Instalment],
        state: &State,
    ) -> Result<i128, ScheduleError> {
        let mut state = *state;
        let known = tail.first().map(|row| row.nominal_due);
        let mut total = 0;
        let mut rows = tail.iter().peekable();
        while let Some(row) = rows.next() {
            let last = rows.peek().is_none();
            let amounts = self.step(&mut state, span_of(row), last, Plan::Total(amount), known)?;
            total = add(amounts.principal, amounts.interest)?;
        }
        Ok(total)
    }

    fn correct_once(
        &self,
        amount: i128,
        tail: &[Instalment],
        state: &State,
    ) -> Result<Plan, ScheduleError> {
        let count = tail.iter().filter(|row| self.repays(row.number)).count();
        let count = i128::try_from(count).unwrap_or(1).max(1);
        let gap = sub(self.last_total(amount, tail, state)?, amount)?;
        if gap.unsigned_abs() <= count.unsigned_abs() / 2 {
            return Ok(Plan::Total(amount));
        }
        let part = mul_div(gap, Ratio { num: 1, den: count }, self.units.mode);
        let other = self.whole_total(add(amount, part.ok_or_else(too_large)?)?)?;
        let other_gap = sub(self.last_total(other, tail, state)?, other)?;
        let better = other_gap.unsigned_abs() < gap.unsigned_abs();
        Ok(Plan::Total(if better { other } else { amount }))
    }

    /// Bisection for the smallest amount, in units or multiples, whose last row is not larger.
    fn smallest(
        &self,
        amount: i128,
        tail: &[Instalment],
        state: &State,
    ) -> Result<Plan, ScheduleError> {
        let unit = self.units.multiple.map_or(1, |(of, _)| of);
        let fits = |amount: i128| -> Result<bool, ScheduleError> {
            Ok(self.last_total(amount, tail, state)? <= amount)
        };
        let step = |amount: i128, width: i128| {
            let distance = width.checked_mul(unit)?;
            amount.checked_add(distance)
        };
        // Bracket: the rounded amount is close, so the brackets start narrow and double.
        let mut width = 1_i128;
        let (mut low, mut high) = (amount, amount);
        while !fits(high)? {
            low = high;
            high = step(amount, width).ok_or_else(too_large)?;
            width = width.checked_mul(2).ok_or_else(too_large)?;
        }
        width = 1;
        while low > 0 && fits(low)? {
            high = low;
            let down = width.checked_neg().ok_or_else(too_large)?;
            low = step(amount, down).ok_or_else(too_large)?;
            width = width.checked_mul(2).ok_or_else(too_large)?;
        }
        while sub(high, low)? > unit {
            let units = sub(high, low)?.checked_div(unit).unwrap_or(0) / 2;
            let middle = step(low, units.max(1)).ok_or_else(too_large)?;
            if middle > 0 && fits(middle)? {
                high = middle;
            } else {
                low = middle;
            }
        }
        Ok(Plan::Total(high))
    }
}
