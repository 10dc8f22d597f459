//! Write-off and what is recovered afterwards.
//!
//! A write-off gives up everything owed and closes the loan, once it is in arrears for
//! [as many days](super::Safeguards::write_off_after_days) as the contract asks for; nothing but recovery may count after
//! it. A partial write-off gives up stated amounts of single elements, oldest instalment first,
//! and the loan runs on. Money recovered later is income, principal first, up to what was given
//! up.

use rust_decimal::Decimal;

use super::{
    Amounts, Element, LoanAccount, LoanError, Outcome, Status, TransactionKind, amounts::sub,
};

/// The order in which money recovered is counted against what was given up.
const RECOVERED_FIRST: [Element; 4] = [
    Element::Principal,
    Element::Interest,
    Element::Fee,
    Element::Penalty,
];

impl LoanAccount {
    pub(crate) fn write_off(&mut self) -> Result<Outcome, LoanError> {
        self.check_write_off()?;
        let mut given_up = Amounts::ZERO;
        let today = self.as_of;
        self.drop_future_interest()?;
        for row in &mut self.instalments {
            let open = row.open_amounts()?;
            if !open.is_zero() {
                row.forgiven = row.forgiven.plus(&open)?;
                row.settle_if_covered(today);
                given_up = given_up.plus(&open)?;
            }
        }
        self.principal = sub(self.principal, given_up.principal)?;
        self.status = Status::WrittenOff;
        self.written_off = given_up;
        Ok(Outcome {
            applied: given_up,
            ..Outcome::default()
        })
    }

    /// Gives up stated amounts; refused when less is open, counting only interest that has arisen.
    pub(crate) fn write_off_of(&mut self, amounts: &Amounts) -> Result<Outcome, LoanError> {
        let arisen = self.interest_to_date()?;
        for element in Element::ALL {
            let mut left = amounts.get(element);
            for (row, arisen) in self.instalments.iter_mut().zip(&arisen) {
                let mut open = row.open(element)?;
                if element == Element::Interest {
                    open = open.min(sub(*arisen, row.settled()?.interest)?);
                }
                let part = open.min(left).max(Decimal::ZERO);
                row.forgiven.add_to(element, part)?;
                left = sub(left, part)?;
                if part > Decimal::ZERO {
                    row.settle_if_covered(self.as_of);
                }
            }
            if left > Decimal::ZERO {
                let given = amounts.get(element);
                return Err(LoanError::AboveLimit {
                    field: "amount written off",
                    given,
                    allowed: sub(given, left)?,
                });
            }
        }
        self.principal = sub(self.principal, amounts.principal)?;
        Ok(Outcome {
            applied: *amounts,
            ..Outcome::default()
        })
    }

    /// Money received for what was given up.
    pub(crate) fn recover(&mut self, amount: Decimal) -> Result<Outcome, LoanError> {
        let (mut left, mut applied) = (amount, Amounts::ZERO);
        for element in RECOVERED_FIRST {
            let part = left.min(self.written_off.get(element));
            applied.add_to(element, part)?;
            left = sub(left, part)?;
        }
        if left > Decimal::ZERO {
            return Err(LoanError::AboveLimit {
                field: "amount recovered",
                given: amount,
                allowed: sub(amount, left)?,
            });
        }
        self.written_off = self.written_off.minus(&applied)?;
        Ok(Outcome {
            applied,
            off_books: applied,
            ..Outcome::default()
        })
    }

    /// What was given up and has not been recovered. Zero unless the loan is written off.
    #[must_use]
    pub const fn written_off(&self) -> &Amounts {
        &self.written_off
    }

    /// After a write-off only recovery counts, and recovery counts only after a write-off.
    pub(crate) fn require_written_off(&self, kind: &TransactionKind) -> Result<(), LoanError> {
        let recovery = matches!(kind, TransactionKind::Recovery { .. });
        let moves_no_money = matches!(kind, TransactionKind::Transfer { .. });
        if recovery == (self.status == Status::WrittenOff) || moves_no_money {
            return Ok(());
        }
        Err(LoanError::WrongStatus {
            command: kind.name(),
            status: self.status,
            allowed: if recovery {
                "written off"
            } else {
                "active or repaid"
            },
        })
    }
}
