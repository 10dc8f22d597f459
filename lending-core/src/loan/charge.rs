//! Fees and penalties charged by transactions, and their waiver.

use alloc::vec::Vec;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{
    Amounts, Element, Instalment, InstalmentShare, LoanAccount, LoanError, Outcome, TransactionId,
    account::ChargeLine,
    amounts::{add, mul, sub},
    instalment::PrincipalRule,
};

/// How a charge made by a transaction stands, or what a chargeback made owed again of fees or
/// penalties.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChargeState {
    /// The transaction that made it: the charge, or the chargeback.
    pub transaction: TransactionId,
    /// [`Element::Fee`] or [`Element::Penalty`].
    pub element: Element,
    /// When it falls due: the first day, where it joined several instalments.
    pub due: NaiveDate,
    /// How much it comes to.
    pub amount: Decimal,
    /// Of it: paid. Money that paid fees or penalties of an instalment counts for its charges in
    /// the order in which they fall due.
    pub paid: Decimal,
    /// Of it: waived.
    pub waived: Decimal,
}

impl ChargeState {
    /// What is neither paid nor waived.
    ///
    /// # Errors
    /// [`LoanError::Overflow`].
    pub fn outstanding(&self) -> Result<Decimal, LoanError> {
        sub(sub(self.amount, self.paid)?, self.waived)
    }
}

impl InstalmentShare {
    /// What it comes to for an instalment, unrounded.
    fn of(&self, due: &Amounts) -> Result<Decimal, LoanError> {
        let (percent, base) = match self {
            Self::Flat(amount) => return Ok(*amount),
            Self::PercentOfPrincipal(percent) => (percent, due.principal),
            Self::PercentOfInterest(percent) => (percent, due.interest),
            Self::PercentOfPrincipalAndInterest(percent) => {
                (percent, add(due.principal, due.interest)?)
            }
        };
        mul(mul(base, *percent)?, Decimal::new(1, 2))
    }
}

impl LoanAccount {
    pub(crate) fn charge(
        &mut self,
        id: TransactionId,
        element: Element,
        amount: Decimal,
        due: NaiveDate,
    ) -> Result<Outcome, LoanError> {
        let amount = self.with_tax(element, amount)?;
        let at = self.instalment_for_charge(due)?;
        let row = self.instalments.get_mut(at);
        if let Some(row) = row {
            row.due.add_to(element, amount)?;
            row.reopen();
            let instalment = row.number;
            self.charges.push(ChargeLine {
                transaction: id,
                instalment,
                element,
                due,
                amount,
                waived: Decimal::ZERO,
                earned_when_due: false,
                share: None,
            });
        }
        Ok(Outcome {
            applied: Amounts::of(element, amount),
            ..Outcome::default()
        })
    }

    /// The instalment whose period holds a day; a day after the last one opens, or prolongs, an
    /// instalment of charges only.
    pub(crate) fn instalment_for_charge(&mut self, due: NaiveDate) -> Result<usize, LoanError> {
        // A down payment has no period of its own.
        let holds = |row: &Instalment| due <= row.due_on && row.from < row.due_on;
        if let Some(at) = self.instalments.iter().position(holds) {
            return Ok(at);
        }
        let count = self.instalments.len();
        match self.instalments.last_mut() {
            Some(last) if last.principal_rule == PrincipalRule::None => {
                last.due_on = due;
                last.interest_to = due;
                Ok(count.saturating_sub(1))
            }
            last => {
                let (number, from) = last.map_or((0, due), |row| (row.number, row.due_on));
                self.instalments
                    .push(Instalment::extra(number.saturating_add(1), from, due));
                Ok(count)
            }
        }
    }

    /// How each charge made by a transaction stands, in the order of their transactions.
    ///
    /// # Errors
    /// [`LoanError::Overflow`].
    pub fn charge_states(&self) -> Result<Vec<ChargeState>, LoanError> {
        let mut lines: Vec<ChargeLine> = self.charges.to_vec();
        lines.sort_by_key(|line| (line.instalment, line.due, line.transaction));
        let mut left: Vec<(u16, Amounts)> = Vec::new();
        for row in self.instalments.iter() {
            left.push((row.number, row.paid));
        }
        let mut states: Vec<ChargeState> = Vec::new();
        for line in lines {
            let mut paid = Decimal::ZERO;
            if let Some((_, of)) = left
                .iter_mut()
                .find(|(number, _)| *number == line.instalment)
            {
                let slot = of.get_mut(line.element);
                paid = sub(line.amount, line.waived)?.min(*slot);
                *slot = sub(*slot, paid)?;
            }
            let known = |state: &&mut ChargeState| {
                state.transaction == line.transaction && state.element == line.element
            };
            if let Some(state) = states.iter_mut().find(known) {
                state.due = state.due.min(line.due);
                state.amount = add(state.amount, line.amount)?;
                state.paid = add(state.paid, paid)?;
                state.waived = add(state.waived, line.waived)?;
            } else {
                states.push(ChargeState {
                    transaction: line.transaction,
                    element: line.element,
                    due: line.due,
                    amount: line.amount,
                    paid,
                    waived: line.waived,
                });
            }
        }
        states.sort_by_key(|state| state.transaction);
        Ok(states)
    }

    /// Forgives open interest, that of the oldest instalment first.
    pub(crate) fn waive_interest(&mut self, amount: Decimal) -> Result<Outcome, LoanError> {
        let (today, mut left) = (self.as_of, amount);
        for row in self.instalments.iter_mut() {
            let part = row.open(Element::Interest)?.min(left).max(Decimal::ZERO);
            row.forgiven.add_to(Element::Interest, part)?;
            left = sub(left, part)?;
            if part > Decimal::ZERO {
                row.settle_if_covered(today);
            }
        }
        if left > Decimal::ZERO {
            return Err(LoanError::AboveLimit {
                field: "amount",
                given: amount,
                allowed: sub(amount, left)?,
            });
        }
        Ok(Outcome {
            applied: Amounts::of(Element::Interest, amount),
            ..Outcome::default()
        })
    }

    /// Adds a charge to every instalment that is not past due.
    pub(crate) fn charge_instalments(
        &mut self,
        transaction: TransactionId,
        element: Element,
        share: &InstalmentShare,
    ) -> Result<Outcome, LoanError> {
        let today = self.as_of;
        let mut lines = Vec::new();
        // A percentage of nothing may come to something later.
        let percent = Some(*share).filter(|share| !matches!(share, InstalmentShare::Flat(_)));
        for row in self.instalments.iter().filter(|row| row.has_period()) {
            let amount = self.with_tax(element, self.round(share.of(&row.due)?))?;
            if row.due_on >= today && (amount > Decimal::ZERO || percent.is_some()) {
                lines.push(ChargeLine {
                    transaction,
                    instalment: row.number,
                    element,
                    due: row.due_on,
                    amount,
                    waived: Decimal::ZERO,
                    earned_when_due: true,
                    share: percent,
                });
            }
        }
        let mut whole = Decimal::ZERO;
        for line in &lines {
            let charged = |row: &&mut Instalment| row.number == line.instalment;
            if let Some(row) = self.instalments.iter_mut().find(charged) {
                if line.amount.is_zero() {
                    continue;
                }
                row.due.add_to(element, line.amount)?;
                row.reopen();
                whole = add(whole, line.amount)?;
            }
        }
        self.charges.extend(lines);
        Ok(Outcome {
            applied: Amounts::of(element, whole),
            ..Outcome::default()
        })
    }

    /// Percentages follow instalments to come that were made anew. Those settled or waived stay, and
    /// so do all where charges are capped or taxed.
    pub(crate) fn follow_shares(&mut self) -> Result<(), LoanError> {
        let capped = self.terms.safeguards.cap.is_some();
        let taxed = self.terms.schedule.taxes.fee_percent.is_some();
        if capped || taxed || self.charges.iter().all(|line| line.share.is_none()) {
            return Ok(());
        }
        self.freshen()?;
        let today = self.as_of;
        let lines: Vec<ChargeLine> = self.charges.clone();
        for (at, line) in lines.iter().enumerate() {
            let Some(share) = line.share.filter(|_| line.waived.is_zero()) else {
                continue;
            };
            let to_come = |row: &&Instalment| {
                row.number == line.instalment && row.due_on >= today && row.settled_on.is_none()
            };
            let Some(row) = self.instalments.iter().find(to_come) else {
                continue;
            };
            let amount = self.round(share.of(&row.due)?);
            let beside = sub(row.due.get(line.element), line.amount)?;
            let due = add(beside, amount)?.max(row.settled_of(line.element)?);
            let row = self.instalments.iter_mut();
            if let Some(row) = row.into_iter().find(|row| row.number == line.instalment) {
                *row.due.get_mut(line.element) = due;
                row.resettle();
            }
            if let Some(line) = self.charges.get_mut(at) {
                line.amount = sub(due, beside)?;
            }
        }
        Ok(())
    }

    /// Forgives what is open of a charge, or of its part in one instalment.
    pub(crate) fn waive(
        &mut self,
        charge: TransactionId,
        instalment: Option<u16>,
    ) -> Result<Outcome, LoanError> {
        let unknown = || LoanError::UnknownTransaction { given: charge };
        let charged = |line: &&ChargeLine| {
            line.transaction == charge
                && instalment.is_none_or(|instalment| line.instalment == instalment)
        };
        let lines: Vec<ChargeLine> = self.charges.iter().filter(charged).copied().collect();
        if lines.is_empty() {
            return Err(unknown());
        }
        let mut forgiven = Amounts::ZERO;
        for line in lines {
            let row = self
                .instalments
                .iter_mut()
                .find(|row| row.number == line.instalment)
                .ok_or_else(unknown)?;
            let part = row.open(line.element)?.min(line.amount).max(Decimal::ZERO);
            row.forgiven.add_to(line.element, part)?;
            row.settle_if_covered(self.as_of);
            forgiven.add_to(line.element, part)?;
            let waived = |known: &&mut ChargeLine| {
                known.transaction == charge
                    && known.instalment == line.instalment
                    && known.element == line.element
            };
            if let Some(known) = self.charges.iter_mut().find(waived) {
                known.waived = add(known.waived, part)?;
            }
        }
        Ok(Outcome {
            applied: forgiven,
            ..Outcome::default()
        })
    }
}
