//! Money taken back by the payer's bank, and what is owed again for it.
//!
//! Source: Mambu (principal is owed again) and Fineract's credit allocation (what the payment had
//! paid is). Income that is owed again was recognised before: it raises the receivable, not the
//! income.

use alloc::{boxed::Box, vec::Vec};

use rust_decimal::Decimal;

use super::{
    Amounts, Element, LoanAccount, LoanError, Outcome, TransactionId,
    account::{ChargeLine, MovedShare, OwedAgain},
    amounts::{add, sub},
    fold::Touched,
    instalment::PrincipalRule,
};

impl LoanAccount {
    /// Money taken back: first from the credit balance, then what it had paid is owed again by the
    /// contract's rule.
    pub(super) fn charge_back(
        &mut self,
        id: TransactionId,
        (of, amount): (TransactionId, Decimal),
        touched: &mut Touched,
    ) -> Result<Outcome, LoanError> {
        let from_credit = self.draw_credit(amount)?;
        let rest = sub(amount, from_credit)?;
        let rule = &self.terms.allocation.charged_back;
        let applied = rule.parts(rest, &touched.left_of(of)?)?;
        touched.charge_back(of, &applied)?;
        if let Some(instalment) = self.owe_again(&applied)? {
            self.charge_again(id, instalment, &applied);
        }
        Ok(Outcome {
            applied,
            credit_balance: sub(Decimal::ZERO, from_credit)?,
            ..Outcome::default()
        })
    }

    /// Money that went out although nothing covered it was lent.
    pub(super) fn lend_again(&mut self, amount: Decimal) -> Result<Outcome, LoanError> {
        let applied = Amounts::of(Element::Principal, amount);
        self.owe_again(&applied)?;
        Ok(Outcome {
            applied,
            ..Outcome::default()
        })
    }

    /// What was charged back joins the first instalment due after today, or the last on its own
    /// due date, beside what that one carries. Returns its number, if there was anything.
    fn owe_again(&mut self, again: &Amounts) -> Result<Option<u16>, LoanError> {
        if again.is_zero() {
            return Ok(None);
        }
        self.principal = add(self.principal, again.principal)?;
        let today = self.as_of;
        let tomorrow = today.succ_opt().unwrap_or(today);
        let to_come = self
            .instalments
            .last()
            .is_some_and(|last| last.due_on >= tomorrow);
        let at = self.instalment_for_charge(if to_come { tomorrow } else { today })?;
        let beside = add(again.principal, again.interest)?;
        let Some(row) = self.instalments.get_mut(at) else {
            return Ok(None);
        };
        row.due = row.due.plus(again)?;
        row.settled_on = None;
        let instalment = row.number;
        match row.principal_rule {
            PrincipalRule::Level => self.owed_again.push(OwedAgain {
                period_end: row.interest_to,
                beside,
            }),
            PrincipalRule::Planned => row.planned = add(row.planned, again.principal)?,
            PrincipalRule::Total => row.planned = add(row.planned, beside)?,
            PrincipalRule::Agreed | PrincipalRule::None => {}
        }
        self.move_interest_to(instalment, again.interest)?;
        let income = Amounts {
            principal: Decimal::ZERO,
            ..*again
        };
        if !income.is_zero() {
            let before = self.income_owed_again();
            self.charged_back = Some(Box::new(before.plus(&income)?));
        }
        Ok(Some(instalment))
    }

    /// Fees and penalties owed again stand as charges of the chargeback, earned already.
    fn charge_again(&mut self, id: TransactionId, instalment: u16, again: &Amounts) {
        for element in [Element::Fee, Element::Penalty] {
            let amount = again.get(element);
            if amount > Decimal::ZERO {
                self.charges.push(ChargeLine {
                    transaction: id,
                    instalment,
                    element,
                    due: self.as_of,
                    amount,
                    waived: Decimal::ZERO,
                    earned_when_due: false,
                    share: None,
                });
            }
        }
    }

    /// Interest that arose before is due with an instalment, beside its own.
    pub(super) fn move_interest_to(
        &mut self,
        instalment: u16,
        amount: Decimal,
    ) -> Result<(), LoanError> {
        if amount.is_zero() {
            return Ok(());
        }
        let shares: &mut Vec<MovedShare> = &mut self.moved_interest;
        match shares
            .iter_mut()
            .find(|share| share.instalment == instalment)
        {
            Some(share) => share.amount = add(share.amount, amount)?,
            None => shares.push(MovedShare { instalment, amount }),
        }
        Ok(())
    }

    /// Interest, fees and penalties that chargebacks made owed again: instalments ask for them
    /// twice, and they are earned once.
    pub(crate) fn income_owed_again(&self) -> Amounts {
        self.charged_back
            .as_deref()
            .copied()
            .unwrap_or(Amounts::ZERO)
    }
}
