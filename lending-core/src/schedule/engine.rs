//! Amounts for rows whose dates are known.
//!
//! Works in whole units (minor units, or 10⁻¹² where nothing is rounded) on 128-bit integers; a
//! row costs one multiplication and one division. Decimals appear only in the finished rows.

use alloc::vec::Vec;

use chrono::NaiveDate;
use ledger::{Currency, Rounding};
use rust_decimal::Decimal;

use super::{
    Amortization, AnnuityFormula, Balloon, DeferredInterest, ElementRounding, Equalise,
    HolidayInterest, Instalment, InterestGrowth, InterestMethod, Residue, ScheduleError,
    ScheduleTerms,
    annuity::{Worth, solve_rate},
    charging::{Charging, Piece, Span},
    exact::{Ratio, mul_div, pow10},
    fees::Fees,
};

/// Decimals kept where nothing is rounded.
const UNROUNDED_SCALE: u32 = 12;

/// The unit amounts are counted in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Units {
    pub(crate) scale: u32,
    pub(crate) mode: Rounding,
    pub(crate) multiple: Option<(i128, Rounding)>,
}

impl Units {
    pub(crate) fn new(terms: &ScheduleTerms, currency: Currency) -> Result<Self, ScheduleError> {
        let rounding = &terms.rounding;
        let unrounded = matches!(rounding.elements, ElementRounding::Unrounded);
        let scale = if unrounded {
            UNROUNDED_SCALE
        } else {
            u32::from(rounding.decimals.unwrap_or(currency.minor_units()))
        };
        let mut units = Self {
            scale,
            mode: rounding.mode,
            multiple: None,
        };
        if let Some(multiple) = rounding.multiple {
            let of = units.amount(multiple.of, "the multiple is finer than the decimals")?;
            units.multiple = Some((of, multiple.mode));
        }
        Ok(units)
    }

    /// An amount in units, refused when it is finer than a unit.
    pub(crate) fn amount(
        &self,
        amount: Decimal,
        allowed: &'static str,
    ) -> Result<i128, ScheduleError> {
        let refused = || ScheduleError::Principal {
            given: amount,
            allowed,
        };
        let plain = amount.normalize();
        let missing = self.scale.checked_sub(plain.scale()).ok_or_else(refused)?;
        let factor = pow10(missing).ok_or_else(refused)?;
        plain.mantissa().checked_mul(factor).ok_or_else(refused)
    }

    #[inline]
    pub(crate) fn decimal(&self, units: i128) -> Result<Decimal, ScheduleError> {
        Decimal::try_from_i128_with_scale(units, self.scale)
            .map_err(|_| ScheduleError::overflow("an amount of the schedule"))
    }

    /// To the contract's multiple, where it has one.
    pub(crate) fn to_multiple(self, amount: i128) -> Result<i128, ScheduleError> {
        let Some((of, mode)) = self.multiple else {
            return Ok(amount);
        };
        mul_div(amount, Ratio { num: 1, den: of }, mode)
            .and_then(|count| count.checked_mul(of))
            .ok_or_else(too_large)
    }
}

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

pub(super) fn too_large() -> ScheduleError {
    ScheduleError::overflow("an amount of the schedule")
}

fn add(left: i128, right: i128) -> Result<i128, ScheduleError> {
    left.checked_add(right).ok_or_else(too_large)
}

fn sub(left: i128, right: i128) -> Result<i128, ScheduleError> {
    left.checked_sub(right).ok_or_else(too_large)
}

pub(crate) fn span_of(row: &Instalment) -> Span {
    Span {
        number: row.number,
        start: row.from,
        end: row.nominal_due,
    }
}

impl Engine<'_> {
    /// Writes the amounts of all rows. With a fixed plan, rows after the balance is gone are cut.
    pub(crate) fn fill(
        &self,
        rows: &mut Vec<Instalment>,
        start: &Start,
    ) -> Result<(), ScheduleError> {
        let mut state = State {
            balance: start.balance,
            base: start.disbursed,
            pool: 0,
            pool_part: None,
            exact: Ratio::ZERO,
            charged: 0,
            tranche: self.tranches_until(start.interest_from),
            accrued: start.accrued,
            from: Some(start.interest_from),
        };
        let fees = Fees::new(self, start.disbursed)?;
        let mut plan = start.fixed;
        let count = rows.len();
        let simple = !fees.any() && self.is_simple();
        let mut at = 0;
        while at < count {
            let next = at.saturating_add(1);
            let Some(row) = rows.get(at) else { break };
            let span = span_of(row);
            self.take_tranches(&mut state, span.start)?;
            if start.fixed.is_none() && self.must_fix(span, plan.is_none()) {
                let tail = rows.get(at..).unwrap_or_default();
                plan = Some(self.fix(tail, &state)?);
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
        for row in rows {
            let ratio = self.charging.plain_ratio(span_of(row))?;
            let charged = if flat { base } else { balance };
            let interest = mul_div(charged, ratio, mode).ok_or_else(too_large)?;
            let principal = match plan {
                _ if row.number == last => balance,
                Plan::Nothing => 0,
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

    fn is_holiday(&self, number: u32) -> Option<HolidayInterest> {
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
            Amortization::EqualInstalments { .. } | Amortization::Balloon(_)
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

    /// One row: interest, principal, and the state after it.
    #[inline]
    fn step(
        &self,
        state: &mut State,
        span: Span,
        last: bool,
        plan: Plan,
        known: Option<NaiveDate>,
    ) -> Result<Amounts, ScheduleError> {
        let charged = self.charge(state, span, known)?;
        let interest = self.due_interest(state, span, charged, last)?;
        let principal = self.principal(state, span, last, plan, charged, interest)?;
        state.balance = sub(state.balance, principal)?;
        Ok(Amounts {
            principal,
            interest,
        })
    }

    /// The interest of a period, rounded once.
    #[inline]
    fn charge(
        &self,
        state: &mut State,
        span: Span,
        known: Option<NaiveDate>,
    ) -> Result<i128, ScheduleError> {
        let flat = matches!(self.terms.interest.method, InterestMethod::Flat);
        let from = state.from.take().unwrap_or(span.start);
        let accrued = core::mem::replace(&mut state.accrued, Ratio::ZERO);
        let whole = from == span.start && accrued.is_zero();
        let keep_exact = matches!(self.terms.rounding.residue, Residue::PrincipalAndInterest);
        if whole && (self.charging.is_plain() || self.solved.is_some()) {
            let base = if flat { state.base } else { state.balance };
            let ratio = match self.solved {
                Some(rate) => rate,
                None => self.charging.plain_ratio(span)?,
            };
            if keep_exact {
                let exact = ratio.checked_mul(Ratio::of_integer(base));
                let sum = exact.and_then(|exact| state.exact.checked_add(exact));
                state.exact = sum.ok_or_else(too_large)?;
            }
            return self.round_interest(base, ratio);
        }
        let exact = self.pieces(state, span, from, known, &mut |_, _| {})?;
        let exact = exact.checked_add(accrued).ok_or_else(too_large)?;
        if keep_exact {
            state.exact = state.exact.checked_add(exact).ok_or_else(too_large)?;
        }
        self.round_interest(1, exact)
    }

    fn round_interest(&self, base: i128, ratio: Ratio) -> Result<i128, ScheduleError> {
        let interest = mul_div(base, ratio, self.units.mode).ok_or_else(too_large)?;
        if matches!(self.terms.rounding.elements, ElementRounding::WholeUnits) {
            return self.units.to_multiple(interest);
        }
        Ok(interest)
    }

    /// The unrounded interest of a period in pieces; later disbursements enter the balance on
    /// their days.
    fn pieces(
        &self,
        state: &mut State,
        span: Span,
        from: NaiveDate,
        known: Option<NaiveDate>,
        visit: &mut dyn FnMut(&Piece, Ratio),
    ) -> Result<Ratio, ScheduleError> {
        let flat = matches!(self.terms.interest.method, InterestMethod::Flat);
        let mut sum = Ratio::ZERO;
        let mut at = from;
        let ends = self.charging.cuts_inside(from, span.end);
        for to in ends.chain([span.end]) {
            let horizon = known.unwrap_or(NaiveDate::MAX);
            let mut balance = if flat { state.base } else { state.balance };
            if matches!(self.terms.interest.growth, InterestGrowth::Compound) {
                // Effective interest also grows on what this period has borne so far.
                let borne = mul_div(1, sum, Rounding::HalfEven).ok_or_else(too_large)?;
                balance = add(balance, borne)?;
            }
            let piece = Piece {
                from: at,
                to,
                balance,
                rate: self.charging.rate_at(span.number, at, horizon),
                free: self.charging.is_free(at, known.is_none()),
            };
            let interest = self.charging.interest(&piece, span)?;
            visit(&piece, interest);
            sum = sum.checked_add(interest).ok_or_else(too_large)?;
            if to < span.end && to < horizon {
                self.take_tranches(state, to)?;
            }
            at = to;
        }
        Ok(sum)
    }

    /// What of the charged interest is due on this row, and what grace or holidays hold back.
    fn due_interest(
        &self,
        state: &mut State,
        span: Span,
        charged: i128,
        last: bool,
    ) -> Result<i128, ScheduleError> {
        let grace = &self.terms.grace;
        let mut charged = charged;
        let holiday = self.is_holiday(span.number);
        if last && matches!(self.terms.rounding.residue, Residue::PrincipalAndInterest) {
            let whole = self.round_interest(1, state.exact)?;
            charged = sub(whole, state.charged)?;
        }
        state.charged = add(state.charged, charged)?;
        if span.number <= grace.interest_free || matches!(holiday, Some(HolidayInterest::Waived)) {
            return Ok(0);
        }
        let held = match (span.number <= grace.interest_deferred, holiday) {
            (true, _) => Some(grace.deferred),
            (false, Some(HolidayInterest::Deferred)) => Some(DeferredInterest::NextInstalment),
            (false, Some(HolidayInterest::Capitalised)) => Some(DeferredInterest::Capitalised),
            _ => None,
        };
        if let Some(held) = held {
            if matches!(held, DeferredInterest::Capitalised) {
                return Ok(charged);
            }
            state.pool = add(state.pool, charged)?;
            return Ok(0);
        }
        if state.pool == 0 {
            return Ok(charged);
        }
        let spread = matches!(grace.deferred, DeferredInterest::Spread)
            && span.number > grace.interest_deferred
            && grace.interest_deferred > 0;
        let mut part = state.pool;
        if spread && !last {
            let rows = self.rows_in_all();
            let left = rows.saturating_sub(span.number).saturating_add(1);
            let each = match state.pool_part {
                Some(each) => each,
                None => mul_div(
                    state.pool,
                    Ratio {
                        num: 1,
                        den: i128::from(left.max(1)),
                    },
                    self.units.mode,
                )
                .ok_or_else(too_large)?,
            };
            state.pool_part = Some(each);
            part = each.min(state.pool);
        }
        state.pool = sub(state.pool, part)?;
        add(charged, part)
    }

    /// The number of rows of the whole contract, payment holidays included.
    pub(crate) fn rows_in_all(&self) -> u32 {
        let holidays = u32::try_from(self.terms.payment_holidays.len()).unwrap_or(u32::MAX);
        self.terms.instalments.saturating_add(holidays)
    }

    #[inline]
    fn principal(
        &self,
        state: &State,
        span: Span,
        last: bool,
        plan: Plan,
        charged: i128,
        interest: i128,
    ) -> Result<i128, ScheduleError> {
        if last {
            return Ok(state.balance);
        }
        if !self.repays(span.number) || self.capitalises(span.number) {
            // Capitalised interest is a negative principal: the row's total is zero.
            return Ok(if self.capitalises(span.number) {
                interest.checked_neg().ok_or_else(too_large)?
            } else {
                0
            });
        }
        let given = self.gives_amounts();
        let principal = match plan {
            Plan::Nothing => 0,
            Plan::Principal(share) if self.skips_principal(span.number) => share.min(0),
            Plan::Principal(share) => match self.terms.rounding.elements {
                ElementRounding::Total if !given => {
                    let total = self.units.to_multiple(add(share, interest)?)?;
                    sub(total, interest)?.max(0)
                }
                _ => share,
            },
            Plan::Total(total) if given => sub(total, charged)?,
            Plan::Total(total) => sub(total, charged)?.max(0),
        };
        Ok(principal.min(state.balance.max(0)))
    }

    const fn gives_amounts(&self) -> bool {
        matches!(
            self.terms.amortization,
            Amortization::CustomPrincipal { .. }
                | Amortization::CustomTotals { .. }
                | Amortization::PaymentPlan { .. }
        )
    }

    fn capitalises(&self, number: u32) -> bool {
        let grace = &self.terms.grace;
        (number <= grace.interest_deferred
            && number > grace.interest_free
            && matches!(grace.deferred, DeferredInterest::Capitalised))
            || matches!(self.is_holiday(number), Some(HolidayInterest::Capitalised))
    }

    /// Rows between two repayments of principal.
    fn skips_principal(&self, number: u32) -> bool {
        match self.terms.amortization {
            Amortization::EqualPrincipal { every } => {
                number.checked_rem(every).is_some_and(|rest| rest != 0)
            }
            _ => false,
        }
    }

    /// The amount of the rows from the first of `tail` on.
    fn fix(&self, tail: &[Instalment], state: &State) -> Result<Plan, ScheduleError> {
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
        if matches!(self.terms.interest.method, InterestMethod::Flat)
            && matches!(
                self.terms.amortization,
                Amortization::EqualInstalments { amount: None, .. }
            )
        {
            return Ok(Plan::Principal(self.whole_principal(equal(count)?)?));
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

    /// A fee to whole units, where the contract wants them.
    pub(super) fn whole_element(&self, amount: i128) -> Result<i128, ScheduleError> {
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
            ElementRounding::WholeUnits | ElementRounding::Total => self.units.to_multiple(total),
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
