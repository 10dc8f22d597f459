//! Closing by hand.
//!
//! A loan closes by itself when everything owed is paid, and any later fact reopens it: a reversal,
//! a chargeback, a charge, a tranche. Closing it by hand makes that final: until the closing is
//! undone nothing may be recorded or reversed. Nothing may be owed then, and nothing may be owed to
//! the borrower.
//!
//! Source: Mambu's closing of accounts and the limit in days on undoing it.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{Command, Context, Decision, LoanAccount, LoanError, Status};

impl LoanAccount {
    /// When the loan was closed by hand, if it was.
    #[must_use]
    pub const fn closed_by_hand_on(&self) -> Option<NaiveDate> {
        self.closed_by_hand
    }

    pub(super) fn close(
        &self,
        command: &Command,
        context: &Context<'_>,
    ) -> Result<Decision, LoanError> {
        self.require_not_closed_by_hand(command.name())?;
        let paid = matches!(
            self.status,
            Status::Repaid | Status::Refinanced | Status::Rescheduled | Status::Terminated
        );
        self.require(
            command,
            paid,
            "repaid, refinanced, rescheduled or terminated",
        )?;
        let locked = self.locked_interest()?.max(self.locked_penalty());
        for (field, given) in [
            (
                "credit balance of a loan to be closed",
                self.credit_balance(),
            ),
            ("locked charges of a loan to be closed", locked),
        ] {
            if given > Decimal::ZERO {
                let allowed = Decimal::ZERO;
                return Err(LoanError::AboveLimit {
                    field,
                    given,
                    allowed,
                });
            }
        }
        let mut account = self.clone();
        account.closed_by_hand = Some(context.booking_date);
        Ok(Self::plain(account, context))
    }

    pub(super) fn undo_close(
        &self,
        command: &Command,
        context: &Context<'_>,
    ) -> Result<Decision, LoanError> {
        let Some(on) = self.closed_by_hand else {
            return Err(LoanError::WrongStatus {
                command: command.name(),
                status: self.status,
                allowed: "closed by hand",
            });
        };
        let days = self.terms.safeguards.undo_close_days;
        let last = days.and_then(|days| on.checked_add_days(chrono::Days::new(days.into())));
        if let Some(allowed) = last.filter(|last| context.booking_date > *last) {
            return Err(LoanError::TooLate {
                field: "undoing of a closing",
                given: context.booking_date,
                allowed,
            });
        }
        let mut account = self.clone();
        account.closed_by_hand = None;
        Ok(Self::plain(account, context))
    }

    /// Refuses what a closing by hand forbids.
    pub(super) fn require_not_closed_by_hand(
        &self,
        command: &'static str,
    ) -> Result<(), LoanError> {
        if self.closed_by_hand.is_none() {
            return Ok(());
        }
        Err(LoanError::WrongStatus {
            command,
            status: self.status,
            allowed: "not closed by hand: undo the closing first",
        })
    }
}
