//! Refinancing and rescheduling into a new account: paired decisions with links.
//!
//! The old loan is settled by the new one: what is owed on the day (after what the lender gives
//! up) is paid by a credit that names the new account, the new loan is paid out for that amount
//! plus the top-up. Both go through one payment channel, so that its general-ledger account is
//! debited and credited for the same amount and only the top-up leaves the house. Interest,
//! fees and penalties owed become principal of the new loan. Rescheduling is the same without a
//! top-up.
//!
//! [`LoanAccount::undo_refinance`] takes it back on both sides, as long as nothing but the payout
//! stands on the new loan: the payout is reversed and the new loan withdrawn, then the settlement,
//! the write-off and the termination of the old one are reversed. The settlement alone cannot be
//! reversed: the debt would be owed twice.

use alloc::vec::Vec;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    Amounts, Code, Command, Context, CreditKind, Decision, FutureMoney, History, LoanAccount,
    LoanError, LoanTerms, NewTransaction, Transaction, TransactionId, TransactionKind,
    amounts::add,
};
use crate::ids::{AccountId, ActorId};

/// What takes the place of a loan.
#[derive(Clone, Debug, PartialEq)]
pub struct Refinance {
    /// The day.
    pub on: NaiveDate,
    /// The new account.
    pub new_account: AccountId,
    /// Its contract.
    pub terms: LoanTerms,
    /// Paid out to the borrower beyond what settles the old loan; zero reschedules.
    pub top_up: Decimal,
    /// What the lender gives up of the old loan first.
    pub give_up: Amounts,
    /// Who submits the new loan, where the two-man rule needs to know.
    pub submitted_by: Option<ActorId>,
    /// Ids of the transactions made, time-ordered: termination and write-off of the old loan, its
    /// settlement, the payout of the new one.
    pub ids: [TransactionId; 4],
    /// The payment channel of settlement and payout.
    pub channel: Code,
}

/// Both sides. Nothing is written yet: a host stores all of it in one commit.
#[derive(Clone, Debug, PartialEq)]
pub struct Refinanced {
    /// The decisions on the old loan, in their order.
    pub old: Vec<Decision>,
    /// The application of the new loan.
    pub submitted: LoanAccount,
    /// The decisions on the new loan, in their order: approval, payout.
    pub new: Vec<Decision>,
    /// What the new loan took over.
    pub carried: Decimal,
}

/// The loan that took a loan's place, and the transaction by which it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Successor {
    pub(crate) account: AccountId,
    pub(crate) settlement: TransactionId,
    /// What was given up for it and what ended the contract, where something did.
    pub(crate) before: [Option<TransactionId>; 2],
}

/// Both sides of a refinancing taken back. Nothing is written yet: a host stores all of it in one
/// commit.
#[derive(Clone, Debug, PartialEq)]
pub struct RefinanceUndone {
    /// The decisions on the new loan, in their order: the payout reversed, the loan withdrawn.
    pub new: Vec<Decision>,
    /// The decisions on the old loan, in their order: the settlement and what came with it
    /// reversed, last first.
    pub old: Vec<Decision>,
}

impl LoanAccount {
    /// The loan that took this one's place.
    #[must_use]
    pub const fn successor(&self) -> Option<AccountId> {
        match self.successor {
            Some(successor) => Some(successor.account),
            None => None,
        }
    }

    /// The loan whose place this one took.
    #[must_use]
    pub const fn predecessor(&self) -> Option<AccountId> {
        self.predecessor
    }

    /// Decides both sides of refinancing or rescheduling. A locked loan is refused.
    ///
    /// # Errors
    /// What any of the decisions is refused with; [`LoanError::AboveLimit`] when the new contract's
    /// principal is less than what it takes over and the top-up.
    pub fn refinance(
        &self,
        request: &Refinance,
        history: &History,
        context: &Context<'_>,
    ) -> Result<Refinanced, LoanError> {
        if self.is_locked() {
            return Err(LoanError::WrongStatus {
                command: "refinance",
                status: self.status(),
                allowed: "active and not locked",
            });
        }
        let [terminate, give_up, settle, payout] = request.ids;
        let mut side = Side::of(self, history);
        let kind = if request.top_up.is_zero() {
            CreditKind::Rescheduled
        } else {
            CreditKind::Refinanced
        };
        let waits = self.terms.allocation.future_for(kind) == FutureMoney::CreditBalance;
        let ends = !self.on_balance() || waits;
        if ends {
            // Interest to come of a schedule is not owed yet, and money that waits for instalments
            // to fall due settles nothing.
            side.record(request, terminate, TransactionKind::Terminate, context)?;
        }
        let gives_up = !request.give_up.is_zero();
        if gives_up {
            let amounts = request.give_up;
            let kind = TransactionKind::PartialWriteOff { amounts };
            side.record(request, give_up, kind, context)?;
        }
        let carried = side.account.payoff(request.on)?;
        let settlement = TransactionKind::Credit {
            kind,
            amount: carried,
            split: None,
        };
        side.account.successor = Some(Successor {
            account: request.new_account,
            settlement: settle,
            before: [gives_up.then_some(give_up), ends.then_some(terminate)],
        });
        side.record(request, settle, settlement, context)?;
        let old = side.decisions;

        let amount = add(carried, request.top_up)?;
        if amount > request.terms.principal {
            return Err(LoanError::AboveLimit {
                field: "amount carried over and top-up",
                given: amount,
                allowed: request.terms.principal,
            });
        }
        let mut submitted = Self::submit(request.new_account, request.terms.clone(), request.on)?;
        submitted.application.submitted_by = request.submitted_by;
        submitted.predecessor = Some(self.id);
        (submitted.branch, submitted.officer) = (self.branch, self.officer);
        let approved = submitted.decide(&Command::Approve { on: request.on }, context)?;
        let mut side = Side::of(&approved.account, &History::new());
        side.decisions.push(approved);
        let kind = TransactionKind::Disbursement { amount };
        side.record(request, payout, kind, context)?;
        Ok(Refinanced {
            old,
            submitted,
            new: side.decisions,
            carried,
        })
    }
}

impl LoanAccount {
    /// Takes back that another loan took this one's place.
    ///
    /// # Errors
    /// [`LoanError::WrongStatus`] when `new` did not take this loan's place;
    /// [`LoanError::NotReversible`] when it has moved since: some other transaction stands on it;
    /// what any of the decisions is refused with.
    pub fn undo_refinance(
        &self,
        history: &History,
        (new, new_history): (&Self, &History),
        context: &Context<'_>,
    ) -> Result<RefinanceUndone, LoanError> {
        let linked = self
            .successor
            .filter(|next| next.account == new.id && new.predecessor == Some(self.id));
        let Some(linked) = linked else {
            return Err(LoanError::WrongStatus {
                command: "undo refinancing",
                status: self.status,
                allowed: "settled by the other loan",
            });
        };
        let payout = |t: &&Transaction| matches!(t.kind, TransactionKind::Disbursement { .. });
        let mut standing = new_history.iter().filter(is_live);
        let (first, second) = (standing.next(), standing.next());
        let moved = second.or_else(|| first.filter(|t| !payout(t)));
        if let Some(moved) = moved {
            return Err(LoanError::NotReversible {
                given: moved.id,
                reason: "it stands on the loan that took this one's place; reverse it first",
            });
        }
        let mut side = Side::of(new, new_history);
        if let Some(payout) = first {
            side.reverse(payout.id, context)?;
        }
        side.decide(&Command::Withdraw, context)?;
        let taken_back = side.decisions;

        let mut side = Side::of(self, history);
        side.account.successor = None;
        side.reverse(linked.settlement, context)?;
        for id in linked.before.into_iter().flatten() {
            // It may have been reversed meanwhile.
            if history.iter().any(|t| t.id == id && is_live(&t)) {
                side.reverse(id, context)?;
            }
        }
        Ok(RefinanceUndone {
            new: taken_back,
            old: side.decisions,
        })
    }

    /// Refuses to reverse the settlement by another loan alone.
    pub(super) fn check_no_successor(&self, given: TransactionId) -> Result<(), LoanError> {
        if self.successor.is_none_or(|next| next.settlement != given) {
            return Ok(());
        }
        let reason = "another loan took this one's place; undo the refinancing";
        Err(LoanError::NotReversible { given, reason })
    }
}

fn is_live(transaction: &&Transaction) -> bool {
    transaction.reversed_on.is_none()
}

/// One of the two accounts on its way.
struct Side {
    account: LoanAccount,
    history: History,
    decisions: Vec<Decision>,
}

impl Side {
    fn of(account: &LoanAccount, history: &History) -> Self {
        Self {
            account: account.clone(),
            history: history.clone(),
            decisions: Vec::new(),
        }
    }

    fn reverse(
        &mut self,
        transaction: TransactionId,
        context: &Context<'_>,
    ) -> Result<(), LoanError> {
        self.decide(&Command::Reverse { transaction }, context)
    }

    fn record(
        &mut self,
        request: &Refinance,
        id: TransactionId,
        kind: TransactionKind,
        context: &Context<'_>,
    ) -> Result<(), LoanError> {
        let new = NewTransaction::new(id, request.on, kind).through(request.channel);
        self.decide(&Command::Record(new), context)
    }

    fn decide(&mut self, command: &Command, context: &Context<'_>) -> Result<(), LoanError> {
        let context = Context {
            history: Some(&self.history),
            ..*context
        };
        let decision = self.account.decide(command, &context)?;
        decision.update(&mut self.history)?;
        self.account = decision.account.clone();
        self.decisions.push(decision);
        Ok(())
    }
}
