//! What can be refused of a transaction before anything is calculated.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{
    Context, CreditLine, LineFeeTrigger, NewTransaction, RevolvingError, Status, TransactionKind,
};
use crate::{
    loan::{
        Amounts, CreditKind, Element, LoanError, TransactionId,
        amounts::{add, sub},
        check::check_pause,
    },
    schedule::{Pricing, Rate},
};

pub(crate) fn too_early(
    field: &'static str,
    given: NaiveDate,
    allowed: NaiveDate,
) -> RevolvingError {
    LoanError::TooEarly {
        field,
        given,
        allowed,
    }
    .into()
}

pub(crate) fn above(field: &'static str, given: Decimal, allowed: Decimal) -> RevolvingError {
    LoanError::AboveLimit {
        field,
        given,
        allowed,
    }
    .into()
}

impl CreditLine {
    /// Checks that an amount is positive and whole minor units of the contract's currency.
    fn money(&self, field: &'static str, given: Decimal) -> Result<(), RevolvingError> {
        if given <= Decimal::ZERO {
            return Err(LoanError::NotPositive { field, given }.into());
        }
        let allowed = self.terms.currency.minor_units();
        if given.normalize().scale() > u32::from(allowed) {
            return Err(LoanError::NotWholeMinor {
                field,
                given,
                allowed,
            }
            .into());
        }
        Ok(())
    }

    /// Nothing is booked into a day that was closed, nor behind a statement that was made.
    pub(super) fn check_booking(&self, given: NaiveDate) -> Result<(), RevolvingError> {
        let issued = self.told.issued.last();
        let issued = issued.map(|issued| issued.known_through);
        match self.told.closed_through.max(issued) {
            Some(closed) if given <= closed => {
                Err(RevolvingError::BookedTooEarly { given, closed })
            }
            _ => Ok(()),
        }
    }

    /// What can be refused before anything is calculated.
    pub(super) fn check(
        &self,
        new: &NewTransaction,
        context: &Context<'_>,
    ) -> Result<(), RevolvingError> {
        let command = new.kind.name();
        let recovery = matches!(new.kind, TransactionKind::Recovery { .. });
        let (needed, allowed) = if recovery {
            (Status::WrittenOff, "written off")
        } else {
            (Status::Active, "active")
        };
        if self.status != needed {
            return Err(RevolvingError::WrongStatus {
                command,
                status: self.status,
                allowed,
            });
        }
        if let Some(amount) = new.kind.amount() {
            self.money("amount", amount)?;
        }
        if new.value_date > context.booking_date {
            return Err(LoanError::TooLate {
                field: "value date",
                given: new.value_date,
                allowed: context.booking_date,
            }
            .into());
        }
        let first = self.activated_on.unwrap_or(self.opened_on);
        if new.value_date < first {
            return Err(too_early("value date", new.value_date, first));
        }
        self.check_kind(new)
    }

    fn check_kind(&self, new: &NewTransaction) -> Result<(), RevolvingError> {
        let command = new.kind.name();
        let nothing = |holds: bool, reason| {
            if holds {
                Err(RevolvingError::NothingToDo { command, reason })
            } else {
                Ok(())
            }
        };
        match &new.kind {
            TransactionKind::Draw { amount, hold } => {
                self.check_open(command, new.value_date)?;
                self.check_draw(*amount, *hold)
            }
            TransactionKind::Hold { amount } => {
                self.check_open(command, new.value_date)?;
                self.check_room(*amount, Decimal::ZERO)
            }
            TransactionKind::ReleaseHold { hold } => self.held_by(*hold).map(|_| ()),
            TransactionKind::Credit { kind, .. } => nothing(
                !matches!(
                    kind,
                    CreditKind::Repayment | CreditKind::GoodwillCredit | CreditKind::MerchantRefund
                ),
                "a line takes repayments, goodwill credits and merchants' refunds",
            ),
            TransactionKind::Fee { name, amount, .. } => {
                let mut fees = self.terms.fees.iter().filter(|fee| fee.name == *name);
                let by_hand = fees.any(|fee| fee.when == LineFeeTrigger::Manual);
                let allowed = match (by_hand, amount) {
                    (true, Some(_)) => "without an amount: the contract has a fee of that name",
                    (false, None) => "with an amount: the contract has no such fee by hand",
                    _ => return Ok(()),
                };
                Err(RevolvingError::Fee {
                    name: *name,
                    allowed,
                })
            }
            TransactionKind::Waiver { amounts } => self.check_waiver(amounts),
            TransactionKind::CreditRefund { amount } if *amount > self.credit => {
                Err(above("amount", *amount, self.credit))
            }
            TransactionKind::StopInterest => {
                nothing(self.interest_stopped, "interest is stopped already")
            }
            TransactionKind::StartInterest => {
                nothing(!self.interest_stopped, "interest is not stopped")
            }
            TransactionKind::RateChange { percent } => self.check_rate(*percent, command),
            TransactionKind::IndexReview { index } => match &self.terms.index {
                Some(terms) => self.check_rate(terms.rate(*index)?, command),
                None => nothing(true, "the contract follows no index"),
            },
            TransactionKind::TaxRateChange(rates) => Ok(rates.validate()?),
            TransactionKind::InterestPause { first, last } => {
                Ok(check_pause(new.value_date, *first, *last)?)
            }
            TransactionKind::Freeze => nothing(self.frozen, "the limit is frozen already"),
            TransactionKind::Unfreeze => nothing(!self.frozen, "the limit is not frozen"),
            TransactionKind::MarkArrears => {
                nothing(self.marks.arrears.is_some(), "it is marked already")
            }
            TransactionKind::MarkDefault => {
                nothing(self.marks.default.is_some(), "it is marked already")
            }
            TransactionKind::ClearMarks => nothing(
                self.marks.arrears.is_none() && self.marks.default.is_none(),
                "neither arrears nor default were marked by hand",
            ),
            TransactionKind::WriteOff | TransactionKind::Close => match self.last {
                // What ends the line must be the last thing that counts.
                Some((last, _)) if new.value_date < last.0 => {
                    Err(too_early("value date", new.value_date, last.0))
                }
                _ => Ok(()),
            },
            _ => Ok(()),
        }
    }

    /// Money may be drawn: the limit is neither frozen nor expired.
    fn check_open(&self, command: &'static str, on: NaiveDate) -> Result<(), RevolvingError> {
        if self.frozen {
            return Err(RevolvingError::Frozen { command });
        }
        match self.terms.expires_on {
            Some(allowed) if on > allowed => Err(LoanError::TooLate {
                field: command,
                given: on,
                allowed,
            }
            .into()),
            _ => Ok(()),
        }
    }

    fn held_by(&self, hold: TransactionId) -> Result<Decimal, RevolvingError> {
        let found = self.holds.iter().find(|held| held.transaction == hold);
        found
            .map(|held| held.amount)
            .ok_or(RevolvingError::UnknownHold { given: hold })
    }

    fn check_draw(
        &self,
        amount: Decimal,
        hold: Option<TransactionId>,
    ) -> Result<(), RevolvingError> {
        let held = hold.map_or(Ok(Decimal::ZERO), |hold| self.held_by(hold))?;
        if let Some(allowed) = self.terms.least_draw.filter(|least| amount < *least) {
            let given = amount;
            return Err(RevolvingError::DrawTooSmall { given, allowed });
        }
        if let Some(most) = self.terms.most_draw.filter(|most| amount > *most) {
            return Err(above("draw", amount, most));
        }
        let added = self.draw_fees(LineFeeTrigger::AddedToDraw, amount)?;
        let deducted = self.draw_fees(LineFeeTrigger::DeductedFromDraw, amount)?;
        if deducted >= amount {
            return Err(above("fees kept back", deducted, amount));
        }
        self.check_room(add(amount, added)?, held)
    }

    /// What a draw or a hold takes must be available; `freed` is held for it.
    fn check_room(&self, given: Decimal, freed: Decimal) -> Result<(), RevolvingError> {
        let used = add(self.used()?, self.pending()?)?;
        let available = sub(add(self.limit, freed)?, used)?.max(Decimal::ZERO);
        if given > available {
            return Err(RevolvingError::AboveAvailable {
                given,
                available,
                limit: self.limit,
            });
        }
        Ok(())
    }

    fn check_waiver(&self, amounts: &Amounts) -> Result<(), RevolvingError> {
        if amounts.is_zero() {
            let (field, given) = ("amount waived", Decimal::ZERO);
            return Err(LoanError::NotPositive { field, given }.into());
        }
        if !amounts.principal.is_zero() {
            return Err(above("principal waived", amounts.principal, Decimal::ZERO));
        }
        for element in Element::ALL {
            let part = amounts.get(element);
            if !part.is_zero() {
                self.money("amount waived", part)?;
            }
        }
        Ok(())
    }

    fn check_rate(&self, percent: Decimal, command: &'static str) -> Result<(), RevolvingError> {
        if self.terms.interest.pricing != Pricing::Fixed {
            return Err(RevolvingError::NothingToDo {
                command,
                reason: "the rate follows tiers of the balance",
            });
        }
        let per = self.terms.interest.rate.per;
        let mut terms = self.terms.schedule(1);
        terms.interest.rate = Rate { percent, per };
        Ok(terms.validate()?)
    }
}
