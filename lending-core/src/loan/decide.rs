//! Commands and decisions.
//!
//! [`LoanAccount::decide`] takes a command and returns a [`Decision`]: the new state, the facts to
//! append to the history and the journal entries to post. It writes nothing: a host stores the
//! decision in one commit, or throws it away (a preview is a decision nobody stored).

use alloc::{collections::BTreeMap, vec::Vec};

use arrayvec::ArrayString;
use chrono::NaiveDate;
use ledger::JournalEntry;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    Code, Cover, CreditKind, LoanAccount, LoanError, Outcome, Status, Transaction, TransactionId,
    TransactionKind,
    fold::Touched,
    guards::{check_charged_back, check_reversible},
};
use crate::{history, ids::ActorId};

/// What a host may ask of a loan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Command {
    /// Approve the application: money may be paid out from this day on.
    Approve {
        /// The day.
        #[serde(with = "crate::compact::date")]
        on: NaiveDate,
    },
    /// The application is complete: approval is asked for.
    RequestApproval,
    /// The application is not complete after all.
    SetIncomplete,
    /// Take an approval back, as long as nothing was paid out.
    UndoApproval,
    /// Refuse the application.
    Reject,
    /// The applicant gives up.
    Withdraw,
    /// Take a rejection back: the application stands as before.
    UndoReject,
    /// Take a withdrawal back: the application stands as before.
    UndoWithdraw,
    /// Close a loan on which nothing is owed for good: nothing more may be recorded or reversed.
    Close,
    /// Take a closing by hand back.
    UndoClose,
    /// Record a transaction, today's or backdated.
    Record(NewTransaction),
    /// Reverse a transaction: everything after it is calculated again as if it had never been.
    Reverse {
        /// Which one.
        transaction: TransactionId,
    },
    /// Close the business date: interest is accrued, arrears are counted, income is booked. A
    /// date already closed is answered with an empty decision.
    EndOfDay {
        /// The business date to close.
        #[serde(with = "crate::compact::date")]
        date: NaiveDate,
    },
}

/// A transaction to record.
pub type NewTransaction = history::NewTransaction<TransactionKind>;

impl Command {
    /// Principal is paid out.
    #[must_use]
    pub const fn disburse(id: TransactionId, on: NaiveDate, amount: Decimal) -> Self {
        Self::Record(NewTransaction::new(
            id,
            on,
            TransactionKind::Disbursement { amount },
        ))
    }

    /// The borrower pays.
    #[must_use]
    pub const fn repay(id: TransactionId, on: NaiveDate, amount: Decimal) -> Self {
        let kind = TransactionKind::Credit {
            kind: CreditKind::Repayment,
            amount,
            split: None,
        };
        Self::Record(NewTransaction::new(id, on, kind))
    }

    /// The name used in messages.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Approve { .. } => "approve",
            Self::RequestApproval => "request approval",
            Self::SetIncomplete => "set incomplete",
            Self::UndoReject => "undo reject",
            Self::UndoWithdraw => "undo withdrawal",
            Self::UndoApproval => "undo approval",
            Self::Reject => "reject",
            Self::Withdraw => "withdraw",
            Self::Close => "close",
            Self::UndoClose => "undo closing",
            Self::Record(new) => new.kind.name(),
            Self::Reverse { .. } => "reverse",
            Self::EndOfDay { .. } => "end of day",
        }
    }
}

/// What the decision may need besides account and command.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The day on which the books take it. The host chooses an open day: nothing is ever booked
    /// into a closed period, whatever the value date.
    pub booking_date: NaiveDate,
    /// The account's transactions in the order of `(value_date, id)`, when they are at hand.
    /// Commands that land in the past need them, see [`LoanError::HistoryNeeded`].
    pub history: Option<&'a [Transaction]>,
    /// Who acts, where the contract's two-man rule needs to know.
    pub actor: Option<ActorId>,
    /// What stands behind an application, for its approval and payouts.
    pub cover: Cover,
}

impl<'a> Context<'a> {
    /// A context without history: enough for everyday commands.
    #[must_use]
    pub const fn today(booking_date: NaiveDate) -> Self {
        Self {
            booking_date,
            history: None,
            actor: None,
            cover: Cover::NONE,
        }
    }

    /// A context with the account's history.
    #[must_use]
    pub const fn with_history(booking_date: NaiveDate, history: &'a [Transaction]) -> Self {
        Self {
            booking_date,
            history: Some(history),
            actor: None,
            cover: Cover::NONE,
        }
    }

    /// The same, naming who acts.
    #[must_use]
    pub const fn by(mut self, actor: ActorId) -> Self {
        self.actor = Some(actor);
        self
    }

    /// The same, with what stands behind the application.
    #[must_use]
    pub const fn covered(mut self, cover: Cover) -> Self {
        self.cover = cover;
        self
    }
}

/// A change of what an earlier transaction did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The transaction.
    pub transaction: TransactionId,
    /// What to add to its outcome as known before, figure by figure: how much of a payment was
    /// allocated otherwise, and by how much the balance after it moved.
    pub by: Outcome,
}

/// What follows from a command. Nothing is written yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// The account afterwards.
    pub account: LoanAccount,
    /// The day on which the books take it.
    pub booking_date: NaiveDate,
    /// The transaction recorded, if the command recorded one.
    pub recorded: Option<Transaction>,
    /// The transaction reversed, if the command reversed one.
    pub reversed: Option<TransactionId>,
    /// Earlier transactions that now do something else.
    pub changes: Vec<Change>,
    /// What to post.
    pub entries: Vec<JournalEntry>,
}

impl Decision {
    /// Brings a history up to date with this decision.
    ///
    /// # Errors
    /// [`LoanError::UnknownTransaction`] when the history lacks a transaction that changed.
    pub fn update(&self, history: &mut Vec<Transaction>) -> Result<(), LoanError> {
        for change in &self.changes {
            let found = history.iter_mut().find(|t| t.id == change.transaction);
            let transaction = found.ok_or(LoanError::UnknownTransaction {
                given: change.transaction,
            })?;
            transaction.outcome = transaction.outcome.changed_by(&change.by)?;
        }
        if let Some(id) = self.reversed {
            let found = history.iter_mut().find(|t| t.id == id);
            let transaction = found.ok_or(LoanError::UnknownTransaction { given: id })?;
            transaction.reversed_on = Some(self.booking_date);
        }
        if let Some(recorded) = &self.recorded {
            let at = history.partition_point(|t| t.order() < recorded.order());
            history.insert(at, recorded.clone());
        }
        Ok(())
    }
}

impl LoanAccount {
    /// Decides a command. The account itself is unchanged.
    ///
    /// # Errors
    /// A typed refusal that names what was given and what is allowed; see [`LoanError`].
    pub fn decide(&self, command: &Command, context: &Context<'_>) -> Result<Decision, LoanError> {
        match command {
            Command::Record(new) => self.record(new, context),
            Command::Reverse { transaction } => self.reverse(*transaction, context),
            Command::EndOfDay { date } => self.end_of_day(*date, context),
            Command::Close => self.close(command, context),
            Command::UndoClose => self.undo_close(command, context),
            _ => self.decide_application(command, context),
        }
    }

    pub(super) fn require(
        &self,
        command: &Command,
        holds: bool,
        allowed: &'static str,
    ) -> Result<(), LoanError> {
        if holds {
            return Ok(());
        }
        Err(LoanError::WrongStatus {
            command: command.name(),
            status: self.status,
            allowed,
        })
    }

    pub(super) fn plain(mut account: Self, context: &Context<'_>) -> Decision {
        let booking_date = context.booking_date;
        account.sequence = account.sequence.saturating_add(1);
        let (changes, entries) = (Vec::new(), Vec::new());
        Decision {
            account,
            booking_date,
            recorded: None,
            reversed: None,
            changes,
            entries,
        }
    }

    fn record(&self, new: &NewTransaction, context: &Context<'_>) -> Result<Decision, LoanError> {
        self.require_not_closed_by_hand(new.kind.name())?;
        self.check(new, context)?;
        let booking_date = context.booking_date;
        let mut transaction = Transaction {
            id: new.id,
            value_date: new.value_date,
            booking_date,
            kind: new.kind.clone(),
            channel: new.channel,
            reversed_on: None,
            outcome: Outcome::default(),
        };
        if !self.is_next(new.value_date, new.id) || reads_history(&new.kind) {
            let mut history = context.history_from(new.value_date)?.to_vec();
            if history.iter().any(|t| t.id == new.id) {
                return Err(LoanError::DuplicateTransaction { given: new.id });
            }
            self.check_prepayment(new)?;
            check_charged_back(new, &history)?;
            let at = history.partition_point(|t| t.order() < transaction.order());
            history.insert(at, transaction);
            return self.replay(history, Some(new.id), None, context.booking_date);
        }
        self.check_prepayment(new)?;
        let mut account = self.clone();
        let mut touched = Touched::default();
        account.apply(&transaction, &mut touched)?;
        account.freshen()?;
        transaction.outcome = touched.outcome(new.id).cloned().unwrap_or_default();
        let mut entries = Vec::new();
        entries.extend(self.moved_to(&account, booking_date)?);
        entries.extend(account.recognise(context.booking_date, 0)?);
        entries.extend(account.amortise(context.booking_date)?);
        let outcome = &transaction.outcome;
        entries.extend(account.entry_for(&transaction, outcome, context.booking_date, 1)?);
        let dates = (new.value_date, context.booking_date);
        let changes = account.book_moved(touched, dates, &mut entries)?;
        account.sequence = account.sequence.saturating_add(1);
        Ok(Decision {
            account,
            booking_date,
            recorded: Some(transaction),
            reversed: None,
            changes,
            entries,
        })
    }

    /// Books what the credit balances of earlier payments paid after all. The difference is booked
    /// as the payment's own kind would be: money moves from the credit balance to what it pays.
    fn book_moved(
        &self,
        touched: Touched,
        (value_date, booking_date): (NaiveDate, NaiveDate),
        entries: &mut Vec<JournalEntry>,
    ) -> Result<Vec<Change>, LoanError> {
        let mut changes = Vec::new();
        for (line, (id, (kind, by))) in (2_u32..).zip(touched.into_moved()) {
            let (amount, split) = (Decimal::ZERO, None);
            let payment = Transaction {
                id,
                value_date,
                booking_date,
                kind: TransactionKind::Credit {
                    kind,
                    amount,
                    split,
                },
                channel: None,
                reversed_on: None,
                outcome: Outcome::default(),
            };
            entries.extend(self.entry_for(&payment, &by, booking_date, line)?);
            changes.push(Change {
                transaction: id,
                by,
            });
        }
        Ok(changes)
    }

    fn reverse(&self, id: TransactionId, context: &Context<'_>) -> Result<Decision, LoanError> {
        self.require_not_closed_by_hand("reverse")?;
        let mut history = context.history_from(self.opened_on)?.to_vec();
        let unknown = LoanError::UnknownTransaction { given: id };
        let found = history.iter_mut().find(|t| t.id == id).ok_or(unknown)?;
        if found.reversed_on.is_some() {
            let reason = "it is reversed already";
            return Err(LoanError::NotReversible { given: id, reason });
        }
        let beside_write_off = matches!(
            found.kind,
            TransactionKind::WriteOff
                | TransactionKind::Recovery { .. }
                | TransactionKind::Transfer { .. }
        );
        if self.status == Status::WrittenOff && !beside_write_off {
            let reason = "the loan is written off; reverse the write-off first";
            return Err(LoanError::NotReversible { given: id, reason });
        }
        found.reversed_on = Some(context.booking_date);
        let kind = found.kind.clone();
        self.check_no_successor(id)?;
        check_reversible(id, &kind, &history)?;
        self.replay(history, None, Some(id), context.booking_date)
    }

    /// Folds a changed history and books the difference.
    fn replay(
        &self,
        history: Vec<Transaction>,
        recorded: Option<TransactionId>,
        reversed: Option<TransactionId>,
        booking_date: NaiveDate,
    ) -> Result<Decision, LoanError> {
        let (mut account, outcomes) = self.refold(&history)?;
        let outcomes: BTreeMap<_, _> = outcomes.into_iter().collect();
        let mut entries = Vec::new();
        entries.extend(self.moved_to(&account, booking_date)?);
        entries.extend(account.recognise(booking_date, 0)?);
        entries.extend(account.amortise(booking_date)?);
        let mut changes = Vec::new();
        let mut new = None;
        for (line, mut transaction) in (1_u32..).zip(history) {
            let after = outcomes.get(&transaction.id).cloned().unwrap_or_default();
            let by = after.since(&transaction.outcome)?;
            let moved = !by.principal_after.is_zero();
            if !by.moves_nothing() {
                entries.extend(account.entry_for(&transaction, &by, booking_date, line)?);
            }
            if recorded == Some(transaction.id) {
                transaction.outcome = after;
                new = Some(transaction);
            } else if !by.moves_nothing() || moved {
                changes.push(Change {
                    transaction: transaction.id,
                    by,
                });
            }
        }
        account.sequence = account.sequence.saturating_add(1);
        Ok(Decision {
            account,
            booking_date,
            recorded: new,
            reversed,
            changes,
            entries,
        })
    }

    fn end_of_day(&self, date: NaiveDate, context: &Context<'_>) -> Result<Decision, LoanError> {
        let booking_date = context.booking_date;
        let mut account = self.clone();
        let (mut entries, mut changes) = (Vec::new(), Vec::new());
        if self.closed_through.is_none_or(|closed| date > closed) {
            let mut touched = Touched::default();
            account.advance(date, &mut touched)?;
            account.freshen()?;
            account.closed_through = Some(date);
            entries.extend(account.recognise(context.booking_date, 0)?);
            entries.extend(account.amortise(context.booking_date)?);
            let dates = (date.min(booking_date), booking_date);
            changes = account.book_moved(touched, dates, &mut entries)?;
            account.sequence = account.sequence.saturating_add(1);
        }
        Ok(Decision {
            account,
            booking_date,
            recorded: None,
            reversed: None,
            changes,
            entries,
        })
    }
}

/// Whether a transaction can be judged only by what an earlier one did.
const fn reads_history(kind: &TransactionKind) -> bool {
    matches!(kind, TransactionKind::Chargeback { .. })
}

impl<'a> Context<'a> {
    fn history_from(&self, from: NaiveDate) -> Result<&'a [Transaction], LoanError> {
        self.history.ok_or(LoanError::HistoryNeeded { from })
    }
}

/// A [`Code`] from text.
///
/// # Errors
/// [`LoanError::Terms`] when the text is empty or longer than a code.
pub fn code(text: &str) -> Result<Code, LoanError> {
    let refused = || super::terms::terms_error("code", &text, "1 to 24 bytes");
    if text.is_empty() {
        Err(refused())
    } else {
        ArrayString::from(text).map_err(|_| refused())
    }
}
