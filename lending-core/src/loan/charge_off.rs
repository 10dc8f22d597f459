//! Charge-off: the loan leaves the books, the claim on the borrower stays.
//!
//! Principal becomes an expense, and income recognised but not received is taken back; income not
//! recognised yet never is. The schedule is what the borrower still owes, so it runs on: payments
//! are allocated as ever, and booked as recovery. Source: Fineract's regular charge-off.

use super::{Amounts, LoanAccount, LoanError, Outcome, account::ChargedOff};

impl Outcome {
    /// The part that the books carry, or carried, as an asset.
    pub(crate) fn on_books(&self) -> Result<Amounts, LoanError> {
        self.applied.minus(&self.off_books)
    }
}

impl LoanAccount {
    pub(crate) fn charge_off(&mut self) -> Result<Outcome, LoanError> {
        self.require_on_books("charge-off")?;
        let (on, earned) = (self.as_of, self.earned()?);
        let applied = self.outstanding()?;
        let carried = Amounts {
            principal: applied.principal,
            ..self.unsettled(&earned)?
        };
        self.charged_off = Some(ChargedOff { on, earned });
        Ok(Outcome {
            applied,
            off_books: applied.minus(&carried)?,
            ..Outcome::default()
        })
    }

    /// Refuses what cannot follow a charge-off.
    pub(crate) const fn require_on_books(&self, command: &'static str) -> Result<(), LoanError> {
        if self.charged_off.is_none() {
            return Ok(());
        }
        Err(LoanError::WrongStatus {
            command,
            status: self.status,
            allowed: "active and not charged off",
        })
    }
}
