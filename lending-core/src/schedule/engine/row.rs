//! One row: its interest, what of it is due, its principal.

use chrono::NaiveDate;
use ledger::Rounding;

use super::{
    super::{
        Amortization, DeferredInterest, ElementRounding, HolidayInterest, InterestGrowth,
        InterestMethod, Residue, ScheduleError,
        charging::{Piece, Span},
        exact::{Ratio, mul_div},
    },
    Amounts, Engine, Plan, Start, State, add, sub, too_large,
};

impl Engine<'_> {
    /// One row: interest, principal, and the state after it.
    #[inline]
    pub(super) fn step(
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
    pub(super) fn charge(
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

    pub(super) fn round_interest(&self, base: i128, ratio: Ratio) -> Result<i128, ScheduleError> {
        let interest = mul_div(base, ratio, self.units.mode).ok_or_else(too_large)?;
        if matches!(self.terms.rounding.elements, ElementRounding::WholeUnits) {
            return self.units.to_multiple(interest);
        }
        Ok(interest)
    }

    /// The unrounded interest of a period in pieces; later disbursements enter the balance on
    /// their days.
    pub(super) fn pieces(
        &self,
        state: &mut State,
        span: Span,
        from: NaiveDate,
        known: Option<NaiveDate>,
        visit: &mut dyn FnMut(&Piece, Ratio),
    ) -> Result<Ratio, ScheduleError> {
        let flat = matches!(self.terms.interest.method, InterestMethod::Flat);
        let (mut whole, mut sum) = (Ratio::ZERO, Ratio::ZERO);
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
                let before = state.tranche;
                self.take_tranches(state, to)?;
                if self.terms.rounding.each_stretch && state.tranche != before {
                    let stretch = mul_div(1, sum, self.units.mode).ok_or_else(too_large)?;
                    let stretch = Ratio::of_integer(stretch);
                    whole = whole.checked_add(stretch).ok_or_else(too_large)?;
                    sum = Ratio::ZERO;
                }
            }
            at = to;
        }
        if self.terms.rounding.each_stretch && !whole.is_zero() {
            let stretch = mul_div(1, sum, self.units.mode).ok_or_else(too_large)?;
            sum = Ratio::of_integer(stretch);
        }
        whole.checked_add(sum).ok_or_else(too_large)
    }

    /// What of the charged interest is due on this row, and what grace or holidays hold back.
    pub(super) fn due_interest(
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
            let rest = sub(whole, state.charged)?;
            // Rows rounded up may have taken more than all: no row owes interest to the borrower.
            let negative = charged < 0 || whole < 0;
            charged = if negative { rest } else { rest.max(0) };
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
    pub(super) fn principal(
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
            // Graded instalments are totals by the time a row is computed.
            Plan::Nothing | Plan::Graded(..) => 0,
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

    pub(super) const fn gives_amounts(&self) -> bool {
        matches!(
            self.terms.amortization,
            Amortization::CustomPrincipal { .. }
                | Amortization::CustomTotals { .. }
                | Amortization::PaymentPlan { .. }
        )
    }

    pub(in super::super) fn capitalises(&self, number: u32) -> bool {
        let grace = &self.terms.grace;
        (number <= grace.interest_deferred
            && number > grace.interest_free
            && matches!(grace.deferred, DeferredInterest::Capitalised))
            || matches!(self.is_holiday(number), Some(HolidayInterest::Capitalised))
    }

    /// Rows between two repayments of principal.
    pub(in super::super) fn skips_principal(&self, number: u32) -> bool {
        match self.terms.amortization {
            Amortization::EqualPrincipal { every } => {
                number.checked_rem(every).is_some_and(|rest| rest != 0)
            }
            _ => false,
        }
    }

    /// The unrounded interest of a row from a given start, piece by piece.
    pub(in super::super) fn in_pieces(
        &self,
        span: Span,
        start: &Start,
        visit: &mut dyn FnMut(&Piece, Ratio),
    ) -> Result<Ratio, ScheduleError> {
        let mut state = self.state(start);
        self.pieces(&mut state, span, start.interest_from, None, visit)
    }
}
