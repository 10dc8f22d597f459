//! An account with its history and its books.

use chrono::NaiveDate;
use ledger::{BranchCode, posting_rules::AccountingMethod};
use lending_core::{
    ids::{AccountId, ActorId},
    loan::{
        Amounts, Arrears, Command, Context, Decision, DelinquencyTag, History, Instalment,
        LoanAccount, LoanError, Outcome, Status, TransactionId,
    },
};
use rust_decimal::{Decimal, dec};

use super::{command::application, contract::Contract, step::FIRST};
use crate::simulate::{
    books::{self, Books},
    laws::{differing, is_business},
    tally::Tally,
};

/// An account with its history and its books.
#[derive(Clone)]
pub struct Life {
    pub account: LoanAccount,
    pub history: History,
    pub books: Books,
}

/// What must not depend on the order in which facts became known.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    status: Status,
    place: (Option<BranchCode>, Option<ActorId>),
    balances: [Decimal; 2],
    arrears: Arrears,
    delinquency: Vec<DelinquencyTag>,
    instalments: Vec<Instalment>,
    facts: Vec<(TransactionId, NaiveDate, Outcome)>,
    books: Books,
}

impl Life {
    /// An account with nothing behind it.
    pub const fn of(account: LoanAccount) -> Self {
        Self {
            account,
            history: History::new(),
            books: Books::new(),
        }
    }

    /// Applied for, on the first day of 2024.
    pub fn submit(contract: &Contract) -> Result<Self, LoanError> {
        let terms = contract.terms();
        let on = terms.expected_disbursement;
        let account = LoanAccount::submit(AccountId::new(7), terms, on)?;
        Ok(Self::of(account.submitted_by(ActorId::new(1))))
    }

    /// Approved and paid out, 500.00 of 1,000.00. On the way the contract's list of commands is
    /// tried on the application.
    pub fn begin(mut self, contract: &Contract, tally: &mut Tally) -> Result<Self, LoanError> {
        let life = &mut self;
        let on = life.account.terms().expected_disbursement;
        for nth in contract.applied() {
            let command = application(nth, on);
            let tried = life.decide(&command, on);
            tally.count(&format!("loan: {}", command.name()), tried.is_ok());
            if let Err(error) = tried
                && !is_business(&error)
            {
                return Err(error);
            }
        }
        while life.account.status() != Status::Approved {
            let next = match life.account.status() {
                Status::PartialApplication => Command::RequestApproval,
                Status::Rejected => Command::UndoReject,
                Status::Withdrawn => Command::UndoWithdraw,
                _ => Command::Approve { on },
            };
            life.decide(&next, on)?;
            tally.count(&format!("loan: {}", next.name()), true);
        }
        life.decide(&Command::disburse(FIRST, on, dec!(500)), on)?;
        tally.count("loan: disbursement", true);
        Ok(self)
    }

    /// Who acts: approval and payout are not in one hand.
    pub const fn actor(command: &Command) -> ActorId {
        ActorId::new(if matches!(command, Command::Approve { .. }) {
            2
        } else {
            3
        })
    }

    /// What would follow.
    pub fn preview(&self, command: &Command, booking: NaiveDate) -> Result<Decision, LoanError> {
        let context = Context::with_history(booking, &self.history);
        self.account
            .decide(command, &context.by(Self::actor(command)))
    }

    /// Decides and keeps the result.
    pub fn decide(&mut self, command: &Command, booking: NaiveDate) -> Result<Decision, LoanError> {
        let decision = self.preview(command, booking)?;
        self.keep(&decision)?;
        Ok(decision)
    }

    pub fn keep(&mut self, decision: &Decision) -> Result<(), LoanError> {
        decision.update(&mut self.history)?;
        for entry in &decision.entries {
            books::post(&mut self.books, entry);
        }
        self.account = decision.account.clone();
        Ok(())
    }

    /// Everything that facts alone decide.
    pub fn standing(&self) -> Standing {
        let live = self.history.iter().filter(|t| t.reversed_on.is_none());
        Standing {
            status: self.account.status(),
            place: (self.account.branch(), self.account.officer()),
            balances: [
                self.account.principal_balance(),
                self.account.credit_balance(),
            ],
            arrears: self.account.arrears().clone(),
            delinquency: self.account.delinquency_history(),
            instalments: self.account.instalments().to_vec(),
            facts: live
                .map(|t| (t.id, t.value_date, t.outcome.clone()))
                .collect(),
            books: books::balances(&self.books),
        }
    }

    /// What an owner of the loan has on his books for it.
    pub fn owned(&self) -> Result<[(&'static str, Decimal); 5], String> {
        let text = |error: LoanError| error.to_string();
        let receivable = self.account.receivable().map_err(text)?;
        let carried = match self.account.terms().accounting.method() {
            AccountingMethod::Accrual => receivable,
            _ => Amounts::ZERO,
        };
        let booked = self.account.terms().accounting.method() != AccountingMethod::None;
        let or_none = |amount: Decimal| if booked { amount } else { Decimal::ZERO };
        Ok([
            ("portfolio", or_none(self.account.portfolio_balance())),
            ("interest-receivable", carried.interest),
            ("fee-receivable", carried.fee),
            ("penalty-receivable", carried.penalty),
            ("credit-balances", or_none(-self.account.credit_balance())),
        ])
    }

    /// Control accounts equal the account's own figures, and the books balance.
    pub fn controls(&self) -> Result<(), String> {
        let deferred = self.account.deferred_income();
        let deferred = deferred.map_err(|error| error.to_string())?;
        books::hold(&self.books, &self.owned()?)?;
        if self.account.terms().accounting.method() == AccountingMethod::None {
            return Ok(());
        }
        books::hold(&self.books, &[("deferred", -deferred)])
    }
}

impl Standing {
    /// The first lines in which two standings differ; empty when they are the same.
    pub fn difference(&self, other: &Self) -> String {
        if self == other {
            return String::new();
        }
        differing(self, other)
    }
}
