//! What each kind of transaction does to the account, given everything that counts before it.

use rust_decimal::Decimal;

use super::{
    CreditLine, Hold, LineFeeTrigger, RevolvingError, Status, Transaction, TransactionKind,
    account::{Date, RateFrom},
    fold::Trace,
};
use crate::loan::{
    Amounts, Element, LoanError, Outcome, TransactionId,
    account::Pause,
    amounts::{add, sub},
    tax_change::some,
};

impl CreditLine {
    /// Applies one transaction; the account stands at its value date afterwards.
    pub(crate) fn apply(
        &mut self,
        transaction: &Transaction,
        trace: &mut Trace,
    ) -> Result<(), RevolvingError> {
        if let Some(before) = transaction.value_date.pred_opt() {
            self.advance(before, trace)?;
        }
        self.as_of = transaction.value_date;
        self.grow_penalty(transaction.value_date)?;
        let recovery = matches!(transaction.kind, TransactionKind::Recovery { .. });
        let needed = if recovery {
            Status::WrittenOff
        } else {
            Status::Active
        };
        if self.status != needed {
            return Err(RevolvingError::WrongStatus {
                command: transaction.kind.name(),
                status: self.status,
                allowed: if recovery { "written off" } else { "active" },
            });
        }
        let settled = self.settled()?;
        let mut outcome = self.apply_kind(transaction)?;
        outcome.tax = self.tax_of(&transaction.kind, &outcome, &settled)?;
        self.use_credit()?;
        self.cap_demands()?;
        self.count_arrears(self.as_of)?;
        self.settle_cap()?;
        if matches!(
            transaction.kind,
            TransactionKind::MarkArrears | TransactionKind::MarkDefault
        ) {
            self.charge_late_fees()?;
        }
        self.settle_cap()?;
        self.settle_status();
        self.restretch()?;
        outcome.principal_after = self.owed.principal;
        trace.outcomes.insert(transaction.id, outcome);
        self.last = Some((Date(transaction.value_date), transaction.id));
        Ok(())
    }

    fn apply_kind(&mut self, transaction: &Transaction) -> Result<Outcome, RevolvingError> {
        let id = transaction.id;
        match &transaction.kind {
            TransactionKind::Draw { amount, hold } => return self.draw(id, *amount, *hold),
            TransactionKind::Hold { amount } => self.holds.push(Hold {
                transaction: id,
                amount: *amount,
            }),
            TransactionKind::ReleaseHold { hold } => self.release(*hold),
            TransactionKind::Credit { amount, .. } => return self.receive(*amount),
            TransactionKind::Fee {
                penalty, amount, ..
            } => {
                let element = if *penalty {
                    Element::Penalty
                } else {
                    Element::Fee
                };
                let net = amount.unwrap_or_default();
                let amount = self.with_tax(element, net)?;
                self.owe(element, amount)?;
                return Ok(Outcome {
                    applied: Amounts::of(element, amount),
                    ..Outcome::default()
                });
            }
            TransactionKind::Waiver { amounts } => return self.waive(amounts),
            TransactionKind::CreditRefund { amount } => return self.refund(id, *amount),
            TransactionKind::StopInterest => self.interest_stopped = true,
            TransactionKind::StartInterest => self.interest_stopped = false,
            TransactionKind::RateChange { percent } => self.change_rate(*percent),
            TransactionKind::TaxRateChange(rates) => self.change_taxes(rates)?,
            TransactionKind::IndexReview { index } => {
                if let Some(terms) = &self.terms.index {
                    let percent = terms.rate(*index)?;
                    self.reviewed_on = Some(self.as_of);
                    self.change_rate(percent);
                }
            }
            TransactionKind::InterestPause { first, last } => self.pauses.push(Pause {
                first: *first,
                last: *last,
            }),
            TransactionKind::ChangeLimit { limit } => self.limit = *limit,
            TransactionKind::Freeze => self.frozen = true,
            TransactionKind::Unfreeze => self.frozen = false,
            TransactionKind::MarkArrears => self.marks.arrears = Some(self.as_of),
            TransactionKind::MarkDefault => self.marks.default = Some(self.as_of),
            TransactionKind::ClearMarks => {
                (self.marks.arrears, self.marks.default) = (None, None);
            }
            TransactionKind::WriteOff => return self.write_off(),
            TransactionKind::Recovery { amount } => return self.recover(*amount),
            TransactionKind::Close => {
                self.closing = true;
                self.charge_interest()?;
                self.charge_grown_penalty()?;
                (self.held, self.in_full) = (Decimal::ZERO, None);
            }
        }
        Ok(Outcome::default())
    }

    fn draw(
        &mut self,
        id: TransactionId,
        amount: Decimal,
        hold: Option<TransactionId>,
    ) -> Result<Outcome, RevolvingError> {
        if let Some(hold) = hold {
            self.release(hold);
        }
        let deducted = self.draw_fees(LineFeeTrigger::DeductedFromDraw, amount)?;
        let added = self.draw_fees(LineFeeTrigger::AddedToDraw, amount)?;
        let principal = add(amount, added)?;
        self.lend(id, principal)?;
        Ok(Outcome {
            applied: Amounts {
                principal,
                fee: add(deducted, added)?,
                ..Amounts::ZERO
            },
            ..Outcome::default()
        })
    }

    fn lend(&mut self, id: TransactionId, principal: Decimal) -> Result<(), RevolvingError> {
        self.owed.add_to(Element::Principal, principal)?;
        self.plan_draw(id, principal)
    }

    fn release(&mut self, hold: TransactionId) {
        self.holds.retain(|held| held.transaction != hold);
    }

    /// Money that comes in: counts whole against minimums, and settles what is owed.
    fn receive(&mut self, amount: Decimal) -> Result<Outcome, RevolvingError> {
        self.meet(amount)?;
        let (applied, left) = self.settle(amount)?;
        self.credit = add(self.credit, left)?;
        Ok(Outcome {
            applied,
            credit_balance: left,
            ..Outcome::default()
        })
    }

    /// Counts money against what statements asked for, the oldest first.
    fn meet(&mut self, amount: Decimal) -> Result<(), RevolvingError> {
        if let Some(in_full) = &mut self.in_full {
            in_full.open = sub(in_full.open, amount)?;
        }
        let mut left = amount;
        for demand in &mut self.demands {
            let part = left.min(demand.open);
            demand.open = sub(demand.open, part)?;
            left = sub(left, part)?;
        }
        self.demands.retain(|demand| !demand.open.is_zero());
        Ok(())
    }

    /// Statements ask for no more than is owed: the newest gives way.
    pub(crate) fn cap_demands(&mut self) -> Result<(), RevolvingError> {
        let mut above = sub(self.minimum_due()?, self.owed.total()?)?;
        for demand in self.demands.iter_mut().rev() {
            let part = above.min(demand.open).max(Decimal::ZERO);
            demand.open = sub(demand.open, part)?;
            above = sub(above, part)?;
        }
        self.demands.retain(|demand| !demand.open.is_zero());
        Ok(())
    }

    /// Settles what is owed by the contract's order; returns what went where and what is left.
    /// Where draws are repaid in instalments, principal not due yet comes last.
    fn settle(&mut self, amount: Decimal) -> Result<(Amounts, Decimal), RevolvingError> {
        let (mut left, mut applied) = (amount, Amounts::ZERO);
        let terms = self.terms.clone();
        let planned = terms.minimum.instalments().is_some();
        for element in &terms.allocation {
            let cap = if planned && *element == Element::Principal {
                self.instalments_due
            } else {
                self.owed.get(*element)
            };
            self.pay(*element, cap, &mut left, &mut applied)?;
        }
        let rest = self.owed.principal;
        self.pay(Element::Principal, rest, &mut left, &mut applied)?;
        self.paid = self.paid.plus(&applied)?;
        self.pay_plans(applied.principal)?;
        Ok((applied, left))
    }

    fn pay(
        &mut self,
        element: Element,
        cap: Decimal,
        left: &mut Decimal,
        applied: &mut Amounts,
    ) -> Result<(), RevolvingError> {
        let part = cap.min(self.owed.get(element)).min(*left);
        if part > Decimal::ZERO {
            *left = sub(*left, part)?;
            applied.add_to(element, part)?;
            self.lower(element, part)?;
        }
        Ok(())
    }

    /// Lowers what is owed of an element, of charges what was billed first.
    fn lower(&mut self, element: Element, part: Decimal) -> Result<(), RevolvingError> {
        let minus = sub(Decimal::ZERO, part)?;
        self.owed.add_to(element, minus)?;
        let billed = sub(self.billed.get(element), part)?.max(Decimal::ZERO);
        *self.billed.get_mut(element) = billed;
        Ok(())
    }

    /// Uses the credit balance for what is owed.
    pub(crate) fn use_credit(&mut self) -> Result<(), RevolvingError> {
        if self.credit.is_zero() || self.owed.is_zero() {
            return Ok(());
        }
        let settled = self.settled()?;
        let (applied, left) = self.settle(self.credit)?;
        self.credit = left;
        let tax = self.tax_received(&applied, &settled)?;
        if !tax.is_zero() {
            self.from_credit_tax = some(self.credit_tax().plus(&tax)?);
        }
        self.from_credit = self.from_credit.plus(&applied)?;
        Ok(())
    }

    /// Forgives charges, as far as they are owed.
    fn waive(&mut self, amounts: &Amounts) -> Result<Outcome, RevolvingError> {
        let mut applied = Amounts::ZERO;
        for element in [Element::Interest, Element::Fee, Element::Penalty] {
            let part = amounts.get(element).min(self.owed.get(element));
            self.lower(element, part)?;
            applied.add_to(element, part)?;
        }
        self.forgiven = self.forgiven.plus(&applied)?;
        if let Some(in_full) = &mut self.in_full {
            in_full.open = sub(in_full.open, applied.total()?)?;
        }
        Ok(Outcome {
            applied,
            ..Outcome::default()
        })
    }

    fn refund(&mut self, id: TransactionId, amount: Decimal) -> Result<Outcome, RevolvingError> {
        let drawn = amount.min(self.credit);
        self.credit = sub(self.credit, drawn)?;
        // History may have changed since the refund was paid out: what the credit balance no
        // longer covers was lent.
        let rest = sub(amount, drawn)?;
        if rest > Decimal::ZERO {
            self.lend(id, rest)?;
        }
        Ok(Outcome {
            applied: Amounts::of(Element::Principal, rest),
            credit_balance: sub(Decimal::ZERO, drawn)?,
            ..Outcome::default()
        })
    }

    fn change_rate(&mut self, percent: Decimal) {
        let from = self.as_of;
        self.rates.retain(|rate| rate.from < from);
        self.rates.push(RateFrom { from, percent });
    }

    fn write_off(&mut self) -> Result<Outcome, RevolvingError> {
        self.charge_interest()?;
        self.charge_grown_penalty()?;
        // What the cap keeps away was never owed.
        (self.lost_grace, self.penalty_grown) = (Decimal::ZERO, Decimal::ZERO);
        self.use_credit()?;
        let given_up = core::mem::take(&mut self.owed);
        self.billed = Amounts::ZERO;
        self.forgiven = self.forgiven.plus(&given_up)?;
        self.written_off = given_up;
        self.demands.clear();
        self.plans.clear();
        self.holds.clear();
        (self.held, self.in_full) = (Decimal::ZERO, None);
        self.instalments_due = Decimal::ZERO;
        self.status = Status::WrittenOff;
        Ok(Outcome {
            applied: given_up,
            ..Outcome::default()
        })
    }

    /// Money received for what was given up, principal first.
    fn recover(&mut self, amount: Decimal) -> Result<Outcome, RevolvingError> {
        let (mut left, mut applied) = (amount, Amounts::ZERO);
        for element in Element::ALL {
            let part = left.min(self.written_off.get(element));
            applied.add_to(element, part)?;
            left = sub(left, part)?;
        }
        if left > Decimal::ZERO {
            return Err(LoanError::AboveLimit {
                field: "amount recovered",
                given: amount,
                allowed: sub(amount, left)?,
            }
            .into());
        }
        self.written_off = self.written_off.minus(&applied)?;
        Ok(Outcome {
            applied,
            off_books: applied,
            ..Outcome::default()
        })
    }

    /// Closed when closing was asked for and nothing is open.
    fn settle_status(&mut self) {
        let settled = self.owed.is_zero() && self.credit.is_zero();
        if self.closing && settled && self.status == Status::Active {
            self.status = Status::Closed;
            self.demands.clear();
            self.holds.clear();
        }
    }
}
