//! The application: who asked, who agreed, what stood behind it, and every way back.
//!
//! | from | command | to | undone by |
//! |---|---|---|---|
//! | partial application | request approval | pending approval | set incomplete |
//! | pending approval | approve | approved | undo approval, nothing paid out |
//! | any of the three | reject | rejected | undo reject: the status before |
//! | any of the three | withdraw | withdrawn | undo withdrawal: the status before |
//!
//! Source: Mambu's states of loan accounts.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    Command, Context, Decision, LoanAccount, LoanError, LoanTerms, Status,
    amounts::{add, mul, sub},
    terms::terms_error,
};
use crate::{
    ids::{AccountId, ActorId},
    schedule::generate,
    shared::Shared,
};

/// What an application needs before money may be paid out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ApprovalTerms {
    /// Whether an application starts as partial, to be completed before approval is requested.
    pub starts_partial: bool,
    /// Whether who approves must not be who submitted, and who pays out not who approved.
    pub two_man_rule: bool,
    /// Guarantees and collateral that must be pledged, in percent of the principal.
    #[serde(with = "crate::compact::decimal")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub guarantees_percent: Decimal,
    /// Investors' funds that must be committed, in percent of the principal.
    #[serde(with = "crate::compact::decimal")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub funds_percent: Decimal,
    /// Whether the loan must hang under a line of credit.
    pub needs_credit_line: bool,
}

/// What stands behind an application, known to the host. It is asked for at the approval; a line of
/// credit that is named again at a payout is looked at again, from the day of the payout.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Cover {
    /// Value of guarantees and collateral pledged for this loan.
    #[serde(with = "crate::compact::decimal")]
    pub guarantees: Decimal,
    /// Funds that investors committed to this loan.
    #[serde(with = "crate::compact::decimal")]
    pub funds: Decimal,
    /// The line of credit the loan hangs under.
    pub credit_line: Option<CreditLineCover>,
}

impl Cover {
    /// Nothing.
    pub const NONE: Self = Self {
        guarantees: Decimal::ZERO,
        funds: Decimal::ZERO,
        credit_line: None,
    };
}

/// What a line of credit leaves for a loan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreditLineCover {
    /// The amount still available, this loan not counted.
    #[serde(with = "crate::compact::decimal")]
    pub available: Decimal,
    /// The line's last day: the loan must be mature by then.
    #[serde(with = "crate::compact::date")]
    pub ends_on: NaiveDate,
}

/// The application part of a loan account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    /// The day of submission.
    #[serde(with = "crate::compact::date")]
    pub submitted_on: NaiveDate,
    /// Who submitted it, when the host said so.
    pub submitted_by: Option<ActorId>,
    /// Who approved it, when the host said so.
    pub approved_by: Option<ActorId>,
    /// The status that a rejection or withdrawal ended.
    pub ended: Option<Status>,
}

impl Application {
    pub(crate) const fn on(submitted_on: NaiveDate) -> Self {
        Self {
            submitted_on,
            submitted_by: None,
            approved_by: None,
            ended: None,
        }
    }
}

impl ApprovalTerms {
    pub(crate) fn validate(&self) -> Result<(), LoanError> {
        for (field, given) in [
            ("approval.guarantees_percent", self.guarantees_percent),
            ("approval.funds_percent", self.funds_percent),
        ] {
            if given < Decimal::ZERO {
                return Err(terms_error(field, &given, "zero or more"));
            }
        }
        Ok(())
    }
}

impl LoanAccount {
    /// Submits an application.
    ///
    /// # Errors
    /// What [`LoanTerms::validate`] refuses, and contracts with settings that accounts cannot carry
    /// yet.
    pub fn submit(id: AccountId, terms: LoanTerms, on: NaiveDate) -> Result<Self, LoanError> {
        terms.validate()?;
        terms.check_supported()?;
        let status = if terms.safeguards.approval.starts_partial {
            Status::PartialApplication
        } else {
            Status::PendingApproval
        };
        Ok(Self {
            status,
            ..Self::approved(id, Shared::new(terms), on)
        })
    }

    /// The same, naming who submits it: the two-man rule needs to know.
    #[must_use]
    pub const fn submitted_by(mut self, actor: ActorId) -> Self {
        self.application.submitted_by = Some(actor);
        self
    }

    /// Who submitted and approved it, and what became of it.
    #[must_use]
    pub const fn application(&self) -> &Application {
        &self.application
    }

    /// Decides a command of the application's life.
    pub(super) fn decide_application(
        &self,
        command: &Command,
        context: &Context<'_>,
    ) -> Result<Decision, LoanError> {
        let (allowed, from): (_, &[Status]) = match command {
            Command::RequestApproval => ("partial application", &[Status::PartialApplication]),
            Command::SetIncomplete | Command::Approve { .. } => {
                ("pending approval", &[Status::PendingApproval])
            }
            Command::UndoApproval => ("approved", &[Status::Approved]),
            Command::UndoReject => ("rejected", &[Status::Rejected]),
            Command::UndoWithdraw => ("withdrawn", &[Status::Withdrawn]),
            _ => (
                "partial application, pending approval or approved",
                &[
                    Status::PartialApplication,
                    Status::PendingApproval,
                    Status::Approved,
                ],
            ),
        };
        self.require(command, from.contains(&self.status), allowed)?;
        let mut account = self.clone();
        match command {
            Command::Approve { on } => account.approve(*on, context)?,
            Command::UndoApproval => {
                account.status = Status::PendingApproval;
                account.application.approved_by = None;
                account.opened_on = self.application.submitted_on;
                account.as_of = account.opened_on;
            }
            Command::UndoReject | Command::UndoWithdraw => {
                account.status = self.application.ended.unwrap_or(Status::PendingApproval);
                account.application.ended = None;
            }
            Command::Reject | Command::Withdraw => {
                account.application.ended = Some(self.status);
                account.status = if matches!(command, Command::Reject) {
                    Status::Rejected
                } else {
                    Status::Withdrawn
                };
            }
            Command::SetIncomplete => account.status = Status::PartialApplication,
            _ => account.status = Status::PendingApproval,
        }
        Ok(Self::plain(account, context))
    }

    fn approve(&mut self, on: NaiveDate, context: &Context<'_>) -> Result<(), LoanError> {
        if on < self.opened_on {
            let (given, allowed) = (on, self.opened_on);
            return Err(LoanError::TooEarly {
                field: "approval",
                given,
                allowed,
            });
        }
        if on > context.booking_date {
            let (given, allowed) = (on, context.booking_date);
            return Err(LoanError::TooLate {
                field: "approval",
                given,
                allowed,
            });
        }
        self.other_actor("approve", self.application.submitted_by, context)?;
        self.check_cover(&context.cover)?;
        self.status = Status::Approved;
        self.application.approved_by = context.actor;
        self.opened_on = on;
        self.as_of = on;
        Ok(())
    }

    /// The two-man rule: whoever acts now is known, and is not who acted before.
    pub(super) fn other_actor(
        &self,
        command: &'static str,
        before: Option<ActorId>,
        context: &Context<'_>,
    ) -> Result<(), LoanError> {
        if !self.terms.safeguards.approval.two_man_rule {
            return Ok(());
        }
        match (context.actor, before) {
            (Some(given), Some(before)) if given != before => Ok(()),
            (Some(given), Some(_)) => Err(LoanError::SameActor { command, given }),
            _ => Err(LoanError::ActorNeeded { command }),
        }
    }

    fn check_cover(&self, cover: &Cover) -> Result<(), LoanError> {
        let (terms, principal) = (&self.terms.safeguards.approval, self.terms.principal);
        for (what, percent, given) in [
            (
                "guarantees and collateral",
                terms.guarantees_percent,
                cover.guarantees,
            ),
            ("investor funds", terms.funds_percent, cover.funds),
        ] {
            let needed = self.round(mul(mul(principal, percent)?, Decimal::new(1, 2))?);
            if given < needed {
                return Err(LoanError::NotCovered {
                    what,
                    given,
                    needed,
                });
            }
        }
        let Some(line) = &cover.credit_line else {
            if terms.needs_credit_line {
                return Err(LoanError::NotCovered {
                    what: "a line of credit",
                    given: Decimal::ZERO,
                    needed: principal,
                });
            }
            return Ok(());
        };
        self.check_credit_line(line, principal, self.terms.expected_disbursement)
    }

    /// An amount paid out on a day fits what its line of credit leaves, and is repaid by its end.
    pub(super) fn check_credit_line(
        &self,
        line: &CreditLineCover,
        given: Decimal,
        paid_out: NaiveDate,
    ) -> Result<(), LoanError> {
        if given > line.available {
            return Err(LoanError::AboveLimit {
                field: "principal under the line of credit",
                given,
                allowed: line.available,
            });
        }
        let terms = &self.terms;
        let schedule = generate(
            &terms.schedule,
            given,
            terms.currency,
            paid_out,
            &terms.calendar,
        )?;
        let maturity = schedule.instalments.last().map(|row| row.due);
        match maturity.filter(|given| *given > line.ends_on) {
            Some(given) => Err(LoanError::TooLate {
                field: "maturity under the line of credit",
                given,
                allowed: line.ends_on,
            }),
            None => Ok(()),
        }
    }

    /// Interest, fees and penalties applied so far, paid and unpaid: whatever has fallen due, and
    /// charges of their own that have not.
    pub(crate) fn charges_applied(&self) -> Result<Decimal, LoanError> {
        let on_their_own = self.charges.iter().filter(|line| !line.earned_when_due);
        let ahead = on_their_own.filter(|line| {
            let row = self
                .instalments
                .get(usize::from(line.instalment).saturating_sub(1));
            row.is_some_and(|row| row.due_on > self.as_of)
        });
        let ahead = ahead.map(|line| line.amount).try_fold(Decimal::ZERO, add)?;
        let ahead = sub(ahead, self.income_owed_again().total()?)?;
        let mut due = self
            .instalments
            .iter()
            .filter(|row| row.due_on <= self.as_of);
        due.try_fold(ahead, |sum, row| {
            add(
                add(sum, row.due.interest)?,
                add(row.due.fee, row.due.penalty)?,
            )
        })
    }
}
