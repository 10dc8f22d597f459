//! Money that comes in: what it pays, and what waits as a credit balance.

use alloc::{vec, vec::Vec};

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{
    AllocationOrder, Amounts, ChargesDue, CreditKind, Direction, Element, FutureMoney, LoanAccount,
    LoanError, Outcome, PaidEarly, TransactionId, account::CreditLot, allocator::Allocator,
    amounts::sub, fold::Touched,
};

/// How often forecast and allocation are repeated at most. They agree after three passes unless
/// rounding keeps a cent wandering.
const ALLOCATION_PASSES: u32 = 16;

impl LoanAccount {
    pub(crate) fn credit(
        &mut self,
        id: TransactionId,
        kind: CreditKind,
        amount: Decimal,
        split: Option<&Amounts>,
    ) -> Result<Outcome, LoanError> {
        if matches!(kind, CreditKind::Refinanced | CreditKind::Rescheduled) {
            self.settled_by = Some(kind);
        }
        let mut applied = Amounts::ZERO;
        let mut left = amount;
        let reads_future = split.is_some()
            || self.terms.allocation.charges_due == ChargesDue::OnTheirDate
            || self.rests_on_due_dates()
            || self.terms.allocation.paid_early == PaidEarly::KeepsTotal;
        if reads_future {
            self.freshen()?;
        }
        if let Some(split) = split {
            for element in Element::ALL {
                let part = self.pay_element(element, split.get(element), &mut applied)?;
                left = sub(left, part)?;
            }
        } else {
            left = self.allocate(kind, left, &mut applied)?;
        }
        self.paid = self.paid.plus(&applied)?;
        if left > Decimal::ZERO {
            let value_date = self.as_of;
            self.credit_lots.push(CreditLot {
                transaction: id,
                kind,
                value_date,
                left,
            });
        }
        Ok(Outcome {
            applied,
            credit_balance: left,
            ..Outcome::default()
        })
    }

    /// Pays a given part of one element, oldest instalment first.
    fn pay_element(
        &mut self,
        element: Element,
        part: Decimal,
        applied: &mut Amounts,
    ) -> Result<Decimal, LoanError> {
        let mut allocator = self.allocator(part, *applied);
        for at in 0..allocator.rows.len() {
            allocator.pay(at, element, part)?;
        }
        let (left, now) = (allocator.left, allocator.applied);
        let paid = sub(part, left)?;
        if !left.is_zero() {
            return Err(LoanError::AboveLimit {
                field: "split",
                given: part,
                allowed: paid,
            });
        }
        if element == Element::Principal {
            self.principal = sub(self.principal, paid)?;
        }
        *applied = now;
        Ok(paid)
    }

    pub(super) fn allocator(&mut self, left: Decimal, applied: Amounts) -> Allocator<'_> {
        let on = self.as_of;
        self.allocator_on(on, left, applied)
    }

    fn allocator_on(&mut self, on: NaiveDate, left: Decimal, applied: Amounts) -> Allocator<'_> {
        let own_dates = self.terms.allocation.charges_due == ChargesDue::OnTheirDate;
        Allocator {
            rounding: self.rounding(),
            decimals: self.terms.currency.minor_units().into(),
            rows: &mut self.instalments,
            charges: if own_dates { &self.charges } else { &[] },
            on,
            left,
            applied,
            interest_to_date: None,
        }
    }

    /// Allocates by the contract's rule for this kind of credit; returns what is left.
    fn allocate(
        &mut self,
        kind: CreditKind,
        amount: Decimal,
        applied: &mut Amounts,
    ) -> Result<Decimal, LoanError> {
        let order = self.terms.allocation.order_for(kind).clone();
        let direction = self.terms.allocation.direction;
        let future = self.terms.allocation.future_for(kind);
        let on_balance = self.on_balance();
        let mut allocator = self.allocator(amount, *applied);
        allocator.pay_due(&order, direction)?;
        if !on_balance {
            allocator.pay_future(&order, direction, future)?;
        }
        let (left, now) = (allocator.left, allocator.applied);
        let mut left = self.take(left, now, applied)?;
        if !on_balance || left.is_zero() {
            return Ok(left);
        }
        match future {
            FutureMoney::CreditBalance => {}
            // Agreed instalments are not made again: money pays them one after the other.
            FutureMoney::ReducePrincipal(_) if self.has_agreed() => {
                left = self.pay_ahead(left, &order, FutureMoney::NextInstalment, applied)?;
            }
            FutureMoney::ReducePrincipal(recalculation) => {
                self.freshen()?;
                left = self.pay_running(left, &order, direction, applied)?;
                left = self.reduce_principal(left, recalculation, &order, applied)?;
            }
            _ => left = self.pay_ahead(left, &order, future, applied)?,
        }
        Ok(left)
    }

    /// Pays instalments that are not due when interest follows the balance. Money paid early
    /// lowers the balance, which lowers the interest to come, which raises the principal part of
    /// level instalments: forecast and allocation are repeated until they agree on what each
    /// instalment takes.
    fn pay_ahead(
        &mut self,
        amount: Decimal,
        order: &AllocationOrder,
        future: FutureMoney,
        applied: &mut Amounts,
    ) -> Result<Decimal, LoanError> {
        if amount.is_zero() {
            return Ok(amount);
        }
        let direction = self.terms.allocation.direction;
        let mut ahead = vec![Amounts::ZERO; self.instalments.len()];
        let mut before = Vec::new();
        // Money that runs from one instalment to the next seldom gets far: those that it does not
        // reach need no forecast yet.
        let one_by_one =
            future == FutureMoney::NextInstalment && direction == Direction::Horizontal;
        let today = self.as_of;
        let due = self.instalments.partition_point(|row| row.due_on <= today);
        let mut through = if one_by_one { due } else { usize::MAX };
        // Whatever is forecast, what has arisen by today is what it is.
        let to_date = self.interest_owed_today()?;
        let last_first = matches!(
            future,
            FutureMoney::LastInstalment | FutureMoney::NextThenLast
        );
        let mut pass = 1;
        while pass <= ALLOCATION_PASSES {
            self.forecast_paid(&ahead, through, last_first)?;
            let mut rows = self.instalments.to_vec();
            self.owe_to_date(&mut rows, &to_date)?;
            let mut allocator = self.allocator(amount, *applied);
            allocator.rows = &mut rows;
            allocator.interest_to_date = Some(&to_date);
            allocator.pay_future(order, direction, future)?;
            let (left, paid) = (allocator.left, allocator.applied);
            let beyond = rows
                .iter()
                .zip(&self.instalments)
                .skip(through.saturating_add(1))
                .any(|(after, before)| after.paid != before.paid);
            if beyond || (!left.is_zero() && through < self.instalments.len()) {
                through = through.saturating_mul(2).saturating_add(1);
                continue;
            }
            let taken = rows.iter().zip(&self.instalments);
            let taken: Vec<Amounts> = taken
                .map(|(after, before)| after.paid.minus(&before.paid))
                .collect::<Result<_, _>>()?;
            // Every pass allocates the whole amount, so the last one is sound even if cents still
            // wander between two instalments. A cent that goes back and forth would do so to the
            // last pass: every second pass stands for that one.
            let wanders = taken == before && (ALLOCATION_PASSES ^ pass) & 1 == 0;
            if taken == ahead || wanders || pass == ALLOCATION_PASSES {
                for (row, forecast) in rows.iter_mut().zip(&self.instalments) {
                    row.cover(forecast, today);
                }
                *self.instalments = rows;
                return self.take(left, paid, applied);
            }
            before = core::mem::replace(&mut ahead, taken);
            pass = pass.saturating_add(1);
        }
        Ok(amount)
    }

    /// Takes over what an allocator did.
    pub(super) fn take(
        &mut self,
        left: Decimal,
        now: Amounts,
        applied: &mut Amounts,
    ) -> Result<Decimal, LoanError> {
        let principal = sub(now.principal, applied.principal)?;
        self.principal = sub(self.principal, principal)?;
        *applied = now;
        Ok(left)
    }

    /// Where payments count from the next due date on, early money first pays the running
    /// instalment, whose interest it does not change; unless it settles the loan.
    fn pay_running(
        &mut self,
        amount: Decimal,
        order: &AllocationOrder,
        direction: Direction,
        applied: &mut Amounts,
    ) -> Result<Decimal, LoanError> {
        if !self.rests_on_due_dates() || amount >= self.owed_today()? {
            return Ok(amount);
        }
        let today = self.as_of;
        let running = self
            .instalments
            .iter()
            .position(|row| row.due_on > today && row.has_period());
        let Some(at) = running else {
            return Ok(amount);
        };
        let mut allocator = self.allocator(amount, *applied);
        allocator.pay_row(at, order, direction)?;
        let (left, now) = (allocator.left, allocator.applied);
        self.take(left, now, applied)
    }

    /// Uses credit balances for what has become due or was charged anew; the payments they came
    /// from are the ones that paid it.
    pub(crate) fn use_credit(&mut self, touched: &mut Touched) -> Result<(), LoanError> {
        if !self.credit_lots.is_empty() {
            self.freshen()?;
        }
        while let Some(lot) = self.credit_lots.first().copied() {
            let open = self.total_due()?;
            if open <= Decimal::ZERO {
                break;
            }
            let order = self.terms.allocation.order_for(lot.kind).clone();
            let direction = self.terms.allocation.direction;
            let future = match self.terms.allocation.future_for(lot.kind) {
                FutureMoney::ReducePrincipal(_) => FutureMoney::NextInstalment,
                other => other,
            };
            let waits = future == FutureMoney::CreditBalance;
            let on = if waits { self.as_of } else { lot.value_date };
            let marks = self.tax_marks()?;
            let mut allocator = self.allocator_on(on, lot.left, Amounts::ZERO);
            allocator.pay_due(&order, direction)?;
            if !waits {
                allocator.pay_future(&order, direction, future)?;
            }
            let (left, applied) = (allocator.left, allocator.applied);
            let used = sub(lot.left, left)?;
            if used.is_zero() {
                break;
            }
            self.principal = sub(self.principal, applied.principal)?;
            self.paid = self.paid.plus(&applied)?;
            let off_books = self.charged_off.is_some();
            let tax = if off_books {
                Amounts::ZERO
            } else {
                self.tax_received(&applied, &marks)?
            };
            touched.move_credit(&lot, (&applied, used, &tax), off_books)?;
            if left.is_zero() {
                self.credit_lots.remove(0);
            } else if let Some(first) = self.credit_lots.first_mut() {
                first.left = left;
            }
        }
        Ok(())
    }

    pub(super) fn refund_credit(&mut self, amount: Decimal) -> Result<Outcome, LoanError> {
        let drawn = self.draw_credit(amount)?;
        // History may have changed since the refund was paid out: what the credit balance no
        // longer covers was lent.
        let rest = sub(amount, drawn)?;
        if rest > Decimal::ZERO {
            let lent = self.lend_again(rest)?;
            return Ok(Outcome {
                credit_balance: sub(Decimal::ZERO, drawn)?,
                ..lent
            });
        }
        Ok(Outcome {
            credit_balance: sub(Decimal::ZERO, drawn)?,
            ..Outcome::default()
        })
    }

    /// Takes from the credit balance, oldest first; returns how much there was to take.
    pub(super) fn draw_credit(&mut self, amount: Decimal) -> Result<Decimal, LoanError> {
        let mut left = amount;
        for lot in &mut self.credit_lots {
            let part = left.min(lot.left);
            lot.left = sub(lot.left, part)?;
            left = sub(left, part)?;
        }
        self.credit_lots.retain(|lot| !lot.left.is_zero());
        sub(amount, left)
    }
}
