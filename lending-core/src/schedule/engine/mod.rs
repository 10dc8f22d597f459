//! Amounts for rows whose dates are known.
//!
//! Works in whole units (minor units, or 10⁻¹² where nothing is rounded) on 128-bit integers; a
//! row costs one multiplication and one division. Decimals appear only in the finished rows.

mod plan;
mod row;
mod units;

use alloc::vec::Vec;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{
    Amortization, ElementRounding, HolidayInterest, Instalment, InterestMethod, Residue,
    ScheduleError, ScheduleTerms,
    annuity::solve_rate,
    charging::{Charging, Span},
    exact::Ratio,
    fees::Fees,
};
pub(crate) use units::Units;
pub(super) use units::too_large;
use units::{add, sub};

/// What a schedule starts from.
pub(crate) struct Start {
    /// Principal outstanding, in units.
    pub(crate) balance: i128,
    /// Principal disbursed so far: the base of flat interest and of percentage fees.
    pub(crate) disbursed: i128,
    /// Where interest on the balance starts to count in the first row.
    pub(crate) interest_from: NaiveDate,
    /// Interest of the first row that accrued before, in units, unrounded.
    pub(crate) accrued: Ratio,
    /// Instead of the contract's amortization.
    pub(crate) fixed: Option<Plan>,
}

/// How the principal of a row is found.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Plan {
    Principal(i128),
    Total(i128),
    /// The first total of graded instalments and the row it belongs to.
    Graded(i128, u32),
    Nothing,
}

/// What changes from row to row.
#[derive(Clone, Copy)]
struct State {
    balance: i128,
    base: i128,
    pool: i128,
    pool_part: Option<i128>,
    exact: Ratio,
    charged: i128,
    tranche: usize,
    accrued: Ratio,
    from: Option<NaiveDate>,
}

/// The amounts of one row.
#[derive(Clone, Copy, Debug, Default)]
struct Amounts {
    principal: i128,
    interest: i128,
}

pub(crate) struct Engine<'a> {
    pub(crate) terms: &'a ScheduleTerms,
    pub(crate) charging: Charging<'a>,
    pub(crate) units: Units,
    /// Later disbursements, less their down payments.
    pub(crate) tranches: Vec<(NaiveDate, i128)>,
    /// The periodic rate of a payment plan.
    pub(crate) solved: Option<Ratio>,
}

pub(crate) fn span_of(row: &Instalment) -> Span {
    Span {
        number: row.number,
        start: row.from,
        end: row.nominal_due,
    }
}

impl Engine<'_> {
    /// The state before the first row.
    fn state(&self, start: &Start) -> State {
        State {
            balance: start.balance,
            base: start.disbursed,
            pool: 0,
            pool_part: None,
            exact: Ratio::ZERO,
            charged: 0,
            tranche: self.tranches_until(start.interest_from),
            accrued: start.accrued,
            from: Some(start.interest_from),
        }
    }

    /// Writes the amounts of all rows. With a fixed plan, rows after the balance is gone are cut.
    pub(crate) fn fill(
        &self,
        rows: &mut Vec<Instalment>,
        start: &Start,
    ) -> Result<(), ScheduleError> {
        self.fill_traced(rows, start, None)
    }

    /// As [`Engine::fill`], with the plan of each row and the row it was found at.
    pub(super) fn fill_traced(
        &self,
        rows: &mut Vec<Instalment>,
        start: &Start,
        mut trace: Option<&mut Vec<(Plan, u32)>>,
    ) -> Result<(), ScheduleError> {
        let mut state = self.state(start);
        let fees = Fees::new(self, start.disbursed)?;
        let mut plan = start.fixed;
        let count = rows.len();
        let simple = trace.is_none() && !fees.any() && self.is_simple();
        let mut fixed_at = 0;
        let mut at = 0;
        while at < count {
            let next = at.saturating_add(1);
            let Some(row) = rows.get(at) else { break };
            let span = span_of(row);
            self.take_tranches(&mut state, span.start)?;
            if start.fixed.is_none() && self.must_fix(span, plan.is_none()) {
                let tail = rows.get(at..).unwrap_or_default();
                plan = Some(self.fix(tail, &state)?);
                fixed_at = span.number;
            }
            if let Some(plan) = plan
                && simple
                && start.fixed.is_none()
                && state.from.is_none_or(|from| from == span.start)
                && state.accrued.is_zero()
            {
                let tail = rows.get_mut(at..).unwrap_or_default();
                return self.fill_simple(tail, state.balance, state.base, plan);
            }
            let row_plan = match start.fixed {
                Some(plan) => plan,
                None => self.given(span.number)?.or(plan).unwrap_or(Plan::Nothing),
            };
            let row_plan = self.graded(row_plan, span.number)?;
            if let Some(trace) = trace.as_deref_mut() {
                trace.push((row_plan, fixed_at));
            }
            let amounts = self.step(&mut state, span, next == count, row_plan, None)?;
            let Some(row) = rows.get_mut(at) else { break };
            self.write(row, &state, amounts, &fees, next == count)?;
            at = next;
            if start.fixed.is_some() && state.balance == 0 && state.tranche >= self.tranches.len() {
                rows.truncate(at);
                break;
            }
        }
        Ok(())
    }

    /// Whether rows differ by interest and balance alone, once their amount is known.
    fn is_simple(&self) -> bool {
        let terms = self.terms;
        self.charging.is_plain()
            && self.solved.is_none()
            && !self.gives_amounts()
            && terms.payment_holidays.is_empty()
            && terms.grace.interest_deferred == 0
            && terms.grace.interest_free == 0
            && matches!(terms.rounding.residue, Residue::Principal)
            && matches!(
                terms.rounding.elements,
                ElementRounding::Each | ElementRounding::Unrounded
            )
            && !matches!(terms.amortization, Amortization::GradedInstalments { .. })
            && !matches!(terms.amortization, Amortization::EqualPrincipal { every } if every > 1)
    }

    /// The rows of a simple schedule from the first repayment on: the same figures as step by
    /// step, without the questions that have one answer.
    fn fill_simple(
        &self,
        rows: &mut [Instalment],
        mut balance: i128,
        base: i128,
        plan: Plan,
    ) -> Result<(), ScheduleError> {
        let flat = matches!(self.terms.interest.method, InterestMethod::Flat);
        let mode = self.units.mode;
        let zero = self.units.decimal(0)?;
        let last = rows.last().map_or(0, |row| row.number);
        let ratios = self.charging.plain_ratios();
        for row in rows {
            let charged = if flat { base } else { balance };
            let interest = ratios.interest(charged, span_of(row), mode)?;
            let principal = match plan {
                _ if row.number == last => balance,
                // Graded instalments are not simple.
                Plan::Nothing | Plan::Graded(..) => 0,
                Plan::Principal(share) => share.min(balance),
                Plan::Total(total) => sub(total, interest)?.max(0).min(balance),
            };
            balance = sub(balance, principal)?;
            row.principal = self.units.decimal(principal)?;
            row.interest = self.units.decimal(interest)?;
            row.fee = zero;
            row.tax = zero;
            row.total = self.units.decimal(add(principal, interest)?)?;
            row.balance_after = self.units.decimal(balance)?;
        }
        Ok(())
    }

    fn write(
        &self,
        row: &mut Instalment,
        state: &State,
        amounts: Amounts,
        fees: &Fees<'_>,
        last: bool,
    ) -> Result<(), ScheduleError> {
        let units = &self.units;
        row.principal = units.decimal(amounts.principal)?;
        row.interest = units.decimal(amounts.interest)?;
        let mut total = add(amounts.principal, amounts.interest)?;
        if fees.any() {
            let charges =
                fees.of_row(self, row.number, amounts.principal, amounts.interest, last)?;
            row.fee = units.decimal(charges.fee)?;
            row.tax = units.decimal(charges.tax)?;
            total = add(total, charges.on_top)?;
        } else {
            row.fee = units.decimal(0)?;
            row.tax = row.fee;
        }
        row.total = units.decimal(total)?;
        row.balance_after = units.decimal(state.balance)?;
        Ok(())
    }

    /// How many later disbursements the outstanding balance already holds.
    fn tranches_until(&self, from: NaiveDate) -> usize {
        self.tranches.partition_point(|(on, _)| *on <= from)
    }

    /// Disbursements up to and on the first day of a period belong to its opening balance.
    fn take_tranches(&self, state: &mut State, until: NaiveDate) -> Result<(), ScheduleError> {
        while let Some((on, amount)) = self.tranches.get(state.tranche)
            && *on <= until
        {
            state.balance = add(state.balance, *amount)?;
            state.base = add(state.base, *amount)?;
            state.tranche = state.tranche.saturating_add(1);
        }
        Ok(())
    }

    pub(super) fn is_holiday(&self, number: u32) -> Option<HolidayInterest> {
        let holidays = &self.terms.payment_holidays;
        if holidays.is_empty() {
            return None;
        }
        let found = holidays.iter().find(|holiday| holiday.instalment == number);
        found.map(|holiday| holiday.interest)
    }

    /// Whether a row repays principal by the plan.
    fn repays(&self, number: u32) -> bool {
        number > self.terms.grace.principal && self.is_holiday(number).is_none()
    }

    /// Whether the amount must be found, or found again, for this row.
    fn must_fix(&self, span: Span, first: bool) -> bool {
        if !self.repays(span.number) {
            return false;
        }
        if first {
            return true;
        }
        if self.charging.is_plain() {
            return false;
        }
        // A new rate changes equal instalments; shares of principal stay as they are.
        let equal = matches!(
            self.terms.amortization,
            Amortization::EqualInstalments { .. }
                | Amortization::GradedInstalments { .. }
                | Amortization::Balloon(_)
        ) && !matches!(self.terms.interest.method, InterestMethod::Flat);
        let changed_rate = equal && self.charging.rate_changes(span);
        let tranche = self
            .tranches
            .iter()
            .any(|(on, _)| *on >= span.start && *on < span.end);
        changed_rate || tranche
    }

    /// Principals and totals that the contract gives row by row.
    fn given(&self, number: u32) -> Result<Option<Plan>, ScheduleError> {
        let (list, plan): (_, fn(i128) -> Plan) = match &self.terms.amortization {
            Amortization::CustomPrincipal { principals } => (principals, Plan::Principal),
            Amortization::CustomTotals { totals } => (totals, Plan::Total),
            Amortization::PaymentPlan { tiers } => {
                let tier = tiers.iter().find(|tier| number <= tier.up_to);
                let amount = tier.or(tiers.last()).map_or(Decimal::ZERO, |t| t.amount);
                let amount = self.units.amount(amount, "payments in whole units")?;
                return Ok(Some(Plan::Total(amount)));
            }
            _ => return Ok(None),
        };
        let holidays = self.terms.payment_holidays.iter();
        let before = holidays
            .filter(|holiday| holiday.instalment < number)
            .count();
        let at = usize::try_from(number)
            .unwrap_or(usize::MAX)
            .saturating_sub(before)
            .saturating_sub(1);
        let Some(given) = list.get(at) else {
            return Ok(None);
        };
        let amount = self.units.amount(given.amount, "amounts in whole units")?;
        Ok(Some(plan(amount)))
    }

    /// Solves the rate of a payment plan for the whole contract.
    pub(crate) fn solve_plan(&mut self, principal: i128) -> Result<(), ScheduleError> {
        if !matches!(self.terms.amortization, Amortization::PaymentPlan { .. }) {
            return Ok(());
        }
        let mut payments = Vec::new();
        for number in 1..=self.terms.instalments {
            if let Some(Plan::Total(amount)) = self.given(number)? {
                payments.push(amount);
            }
        }
        self.solved = Some(solve_rate(principal, &payments)?);
        Ok(())
    }
}
