//! Commands and decisions.
//!
//! [`CreditLine::decide`] takes a command and returns a [`Decision`]: the new state, the facts to
//! append to the history, the journal entries to post and the statements to send. It writes
//! nothing: a host stores the decision in one commit, or throws it away (a preview is a decision
//! nobody stored).

use alloc::{borrow::Cow, collections::BTreeMap, vec::Vec};

use chrono::NaiveDate;
use ledger::JournalEntry;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    CreditLine, LineFeeTrigger, RevolvingError, Statement, Status, Transaction, TransactionKind,
    check::{above, too_early},
    fold::Trace,
};
use crate::{
    history,
    loan::{Amounts, Change, CreditKind, Element, LoanError, Outcome, TransactionId},
};

/// What a host may ask of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Command {
    /// Approve the application.
    Approve {
        /// The day.
        #[serde(with = "crate::compact::date")]
        on: NaiveDate,
    },
    /// Take an approval back, before activation.
    UndoApproval,
    /// Refuse the application.
    Reject,
    /// The applicant gives up.
    Withdraw,
    /// Take a rejection back: the application stands as before.
    UndoReject,
    /// Take a withdrawal back: the application stands as before.
    UndoWithdraw,
    /// Let money be drawn from a day on. Cycles of intervals and anniversaries count from it.
    Activate {
        /// The day.
        #[serde(with = "crate::compact::date")]
        on: NaiveDate,
    },
    /// Record a transaction, today's or backdated.
    Record(NewTransaction),
    /// Reverse a transaction: everything after it is calculated again as if it had never been.
    Reverse {
        /// Which one.
        transaction: TransactionId,
    },
    /// Close the business date: days that have passed since the last one closed are caught up
    /// with. A date already closed is answered with an empty decision.
    EndOfDay {
        /// The business date to close.
        #[serde(with = "crate::compact::date")]
        date: NaiveDate,
    },
}

/// A transaction to record.
pub type NewTransaction = history::NewTransaction<TransactionKind>;

impl Command {
    /// Money is drawn.
    #[must_use]
    pub const fn draw(id: TransactionId, on: NaiveDate, amount: Decimal) -> Self {
        let kind = TransactionKind::Draw { amount, hold: None };
        Self::Record(NewTransaction::new(id, on, kind))
    }

    /// The borrower pays.
    #[must_use]
    pub const fn repay(id: TransactionId, on: NaiveDate, amount: Decimal) -> Self {
        let kind = TransactionKind::Credit {
            kind: CreditKind::Repayment,
            amount,
        };
        Self::Record(NewTransaction::new(id, on, kind))
    }

    /// Any other transaction without a channel.
    #[must_use]
    pub const fn record(id: TransactionId, on: NaiveDate, kind: TransactionKind) -> Self {
        Self::Record(NewTransaction::new(id, on, kind))
    }

    /// The name used in messages.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Approve { .. } => "approve",
            Self::UndoApproval => "undo approval",
            Self::Reject => "reject",
            Self::Withdraw => "withdraw",
            Self::UndoReject => "undo reject",
            Self::UndoWithdraw => "undo withdrawal",
            Self::Activate { .. } => "activate",
            Self::Record(new) => new.kind.name(),
            Self::Reverse { .. } => "reverse",
            Self::EndOfDay { .. } => "end of day",
        }
    }
}

/// What the decision may need besides account and command.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The day on which the books take it: after the last day closed and the last statement.
    pub booking_date: NaiveDate,
    /// The account's transactions in the order of `(value_date, id)`, when they are at hand.
    /// Commands that land in the past need them, see [`RevolvingError::needs_history`].
    pub history: Option<&'a [Transaction]>,
}

impl<'a> Context<'a> {
    /// A context without history: enough for everyday commands.
    #[must_use]
    pub const fn today(booking_date: NaiveDate) -> Self {
        Self {
            booking_date,
            history: None,
        }
    }

    /// A context with the account's history.
    #[must_use]
    pub const fn with_history(booking_date: NaiveDate, history: &'a [Transaction]) -> Self {
        Self {
            booking_date,
            history: Some(history),
        }
    }

    fn history_from(&self, from: NaiveDate) -> Result<&'a [Transaction], RevolvingError> {
        Ok(self.history.ok_or(LoanError::HistoryNeeded { from })?)
    }
}

/// What follows from a command. Nothing is written yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// The account afterwards.
    pub line: CreditLine,
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
    /// Statements that were made.
    pub statements: Vec<Statement>,
}

impl Decision {
    /// Brings a history up to date with this decision.
    ///
    /// # Errors
    /// [`RevolvingError::Common`] when the history lacks a transaction that changed.
    pub fn update(&self, history: &mut Vec<Transaction>) -> Result<(), RevolvingError> {
        let unknown = |given| LoanError::UnknownTransaction { given };
        for change in &self.changes {
            let found = history.iter_mut().find(|t| t.id == change.transaction);
            let transaction = found.ok_or_else(|| unknown(change.transaction))?;
            transaction.outcome = transaction.outcome.changed_by(&change.by)?;
        }
        if let Some(id) = self.reversed {
            let found = history.iter_mut().find(|t| t.id == id);
            found.ok_or_else(|| unknown(id))?.reversed_on = Some(self.booking_date);
        }
        if let Some(recorded) = &self.recorded {
            let at = history.partition_point(|t| t.order() < recorded.order());
            history.insert(at, recorded.clone());
        }
        Ok(())
    }
}

impl CreditLine {
    /// Decides a command. The account itself is unchanged.
    ///
    /// # Errors
    /// A typed refusal that names what was given and what is allowed; see [`RevolvingError`].
    pub fn decide(
        &self,
        command: &Command,
        context: &Context<'_>,
    ) -> Result<Decision, RevolvingError> {
        match command {
            Command::Record(new) => self.record(new, context),
            Command::Reverse { transaction } => self.reverse(*transaction, context),
            Command::EndOfDay { date } => self.end_of_day(*date, context),
            _ => self.decide_life(command, context),
        }
    }

    fn decision(&self, booking_date: NaiveDate) -> Decision {
        Decision {
            line: self.clone(),
            booking_date,
            recorded: None,
            reversed: None,
            changes: Vec::new(),
            entries: Vec::new(),
            statements: Vec::new(),
        }
    }

    /// Approval, activation and their ways back.
    fn decide_life(
        &self,
        command: &Command,
        context: &Context<'_>,
    ) -> Result<Decision, RevolvingError> {
        let (allowed, from): (_, &[Status]) = match command {
            Command::Approve { .. } => ("pending approval", &[Status::PendingApproval]),
            Command::UndoApproval | Command::Activate { .. } => ("approved", &[Status::Approved]),
            Command::UndoReject => ("rejected", &[Status::Rejected]),
            Command::UndoWithdraw => ("withdrawn", &[Status::Withdrawn]),
            _ => (
                "pending approval or approved",
                &[Status::PendingApproval, Status::Approved],
            ),
        };
        if !from.contains(&self.status) {
            return Err(RevolvingError::WrongStatus {
                command: command.name(),
                status: self.status,
                allowed,
            });
        }
        let mut decision = self.decision(context.booking_date);
        let line = &mut decision.line;
        match command {
            Command::Approve { on } => {
                self.check_day("approval", *on, context)?;
                line.status = Status::Approved;
                (line.opened_on, line.as_of, line.ended) = (*on, *on, *on);
            }
            Command::Activate { on } => {
                self.check_day("activation", *on, context)?;
                line.activated_on = Some(*on);
                *line = line.activated()?;
                decision
                    .entries
                    .extend(line.recognise(context.booking_date)?);
            }
            Command::Reject | Command::Withdraw => {
                line.application.ended = Some(self.status);
                line.status = if *command == Command::Reject {
                    Status::Rejected
                } else {
                    Status::Withdrawn
                };
            }
            Command::UndoReject | Command::UndoWithdraw => {
                let before = line.application.ended.take();
                line.status = before.unwrap_or(Status::PendingApproval);
            }
            _ => {
                line.status = Status::PendingApproval;
                let on = self.application.submitted_on;
                (line.opened_on, line.as_of, line.ended) = (on, on, on);
            }
        }
        line.told.sequence = line.told.sequence.saturating_add(1);
        Ok(decision)
    }

    /// Steps of the application follow each other, and none lies in the future.
    fn check_day(
        &self,
        field: &'static str,
        given: NaiveDate,
        context: &Context<'_>,
    ) -> Result<(), RevolvingError> {
        if given < self.opened_on {
            return Err(too_early(field, given, self.opened_on));
        }
        if given > context.booking_date {
            let allowed = context.booking_date;
            return Err(LoanError::TooLate {
                field,
                given,
                allowed,
            }
            .into());
        }
        Ok(())
    }

    /// Statements of days before a booking day are made before anything is booked on it.
    fn issue_before(
        &self,
        booking_date: NaiveDate,
        trace: &mut Trace,
    ) -> Result<Self, RevolvingError> {
        let mut line = self.clone();
        while let Some(day) = line.next_statement().filter(|day| *day < booking_date) {
            line.advance(day, trace)?;
        }
        Ok(line)
    }

    /// The account as it stands when a booking day begins: lateness of days that nobody closed has
    /// cost what it costs, so that what is refused does not depend on who closes days.
    fn at_start_of(&self, booking_date: NaiveDate) -> Result<Cow<'_, Self>, RevolvingError> {
        match booking_date.pred_opt().filter(|day| *day > self.ended) {
            Some(day) if self.status == Status::Active => {
                let mut line = self.clone();
                line.advance(day, &mut Trace::preview())?;
                Ok(Cow::Owned(line))
            }
            _ => Ok(Cow::Borrowed(self)),
        }
    }

    fn record(
        &self,
        new: &NewTransaction,
        context: &Context<'_>,
    ) -> Result<Decision, RevolvingError> {
        self.check_booking(context.booking_date)?;
        let mut trace = Trace::default();
        let before = self.issue_before(context.booking_date, &mut trace)?;
        let booking_date = context.booking_date;
        let today = before.at_start_of(booking_date)?;
        today.check(new, context)?;
        let mut transaction = Transaction {
            id: new.id,
            value_date: new.value_date,
            booking_date,
            kind: today.with_amount(&new.kind)?,
            channel: new.channel,
            reversed_on: None,
            outcome: Outcome::default(),
        };
        let shown = before.line_of(&transaction, None)?;
        if !before.is_next(new.value_date, new.id) {
            let mut history = context.history_from(new.value_date)?.to_vec();
            if history.iter().any(|t| t.id == new.id) {
                return Err(LoanError::DuplicateTransaction { given: new.id }.into());
            }
            let at = history.partition_point(|t| t.order() < transaction.order());
            history.insert(at, transaction);
            let mut decision = before.replay(history, (Some(new.id), None), booking_date, trace)?;
            decision.line.told.lines.extend(shown);
            return decision.ended_well(&new.kind);
        }
        let mut line = before;
        line.apply(&transaction, &mut trace)?;
        transaction.outcome = trace.outcomes.remove(&new.id).unwrap_or_default();
        line.told.lines.extend(shown);
        let mut decision = line.decision(booking_date);
        decision.statements = trace.statements;
        decision.book()?;
        let outcome = &transaction.outcome;
        let entry = line.entry_for(&transaction, outcome, booking_date, 1)?;
        decision.entries.extend(entry);
        decision.recorded = Some(transaction);
        decision.line.told.sequence = line.told.sequence.saturating_add(1);
        decision.ended_well(&new.kind)
    }

    /// A fee of the contract charged by hand gets its amount.
    fn with_amount(&self, kind: &TransactionKind) -> Result<TransactionKind, RevolvingError> {
        let TransactionKind::Fee {
            name, amount: None, ..
        } = kind
        else {
            return Ok(kind.clone());
        };
        let mut fees = self.terms.fees_at(LineFeeTrigger::Manual);
        let Some(fee) = fees.find(|fee| fee.name == *name) else {
            return Ok(kind.clone());
        };
        let amount = self.fee_amount(fee)?;
        if amount.is_zero() {
            let (field, given) = ("fee", amount);
            return Err(LoanError::NotPositive { field, given }.into());
        }
        Ok(TransactionKind::Fee {
            name: *name,
            penalty: fee.penalty,
            amount: Some(amount),
        })
    }

    fn reverse(
        &self,
        id: TransactionId,
        context: &Context<'_>,
    ) -> Result<Decision, RevolvingError> {
        self.check_booking(context.booking_date)?;
        let mut trace = Trace::default();
        let mut before = self.issue_before(context.booking_date, &mut trace)?;
        let mut history = context.history_from(self.opened_on)?.to_vec();
        let unknown = LoanError::UnknownTransaction { given: id };
        let found = history.iter_mut().find(|t| t.id == id).ok_or(unknown)?;
        let reason = match (self.status, &found.kind) {
            _ if found.reversed_on.is_some() => Some("it is reversed already"),
            (Status::WrittenOff, TransactionKind::WriteOff | TransactionKind::Recovery { .. })
            | (Status::Closed, TransactionKind::Close) => None,
            (Status::WrittenOff | Status::Closed, _) => {
                Some("the line has ended; reverse the write-off or the closing first")
            }
            _ => None,
        };
        if let Some(reason) = reason {
            return Err(LoanError::NotReversible { given: id, reason }.into());
        }
        before.note_reversal(found, context.booking_date)?;
        found.reversed_on = Some(context.booking_date);
        before.replay(history, (None, Some(id)), context.booking_date, trace)
    }

    /// Folds a changed history and books the difference.
    fn replay(
        &self,
        history: Vec<Transaction>,
        (recorded, reversed): (Option<TransactionId>, Option<TransactionId>),
        booking_date: NaiveDate,
        before: Trace,
    ) -> Result<Decision, RevolvingError> {
        let mut trace = Trace {
            known: Some(booking_date),
            statements: before.statements,
            ..Trace::default()
        };
        let mut line = self.activated()?;
        line.fold(&history, self.ended, &mut trace)?;
        // A line that comes back is told what it missed.
        while let Some(day) = line.next_statement().filter(|day| *day < booking_date) {
            line.advance(day, &mut trace)?;
        }
        // A reversal does not turn back time.
        line.as_of = line.as_of.max(self.as_of);
        let mut decision = line.decision(booking_date);
        decision.statements = trace.statements;
        decision.reversed = reversed;
        decision.book()?;
        let outcomes: BTreeMap<_, _> = trace.outcomes;
        for (number, mut transaction) in (1_u32..).zip(history) {
            let after = outcomes.get(&transaction.id).cloned().unwrap_or_default();
            let by = after.since(&transaction.outcome)?;
            let moved = !by.principal_after.is_zero();
            let entry = line.entry_for(&transaction, &by, booking_date, number)?;
            decision.entries.extend(entry);
            if recorded == Some(transaction.id) {
                transaction.outcome = after;
                decision.recorded = Some(transaction);
            } else if !by.moves_nothing() || moved {
                decision.changes.push(Change {
                    transaction: transaction.id,
                    by,
                });
            }
        }
        decision.line.told.sequence = line.told.sequence.saturating_add(1);
        Ok(decision)
    }

    fn end_of_day(
        &self,
        date: NaiveDate,
        context: &Context<'_>,
    ) -> Result<Decision, RevolvingError> {
        let mut decision = self.decision(context.booking_date);
        if self.told.closed_through.is_none_or(|closed| date > closed) {
            let mut trace = Trace::default();
            decision.line.advance(date, &mut trace)?;
            decision.line.told.closed_through = Some(date);
            decision.statements = trace.statements;
            decision.book()?;
            let told = &mut decision.line.told;
            told.sequence = told.sequence.saturating_add(1);
        }
        Ok(decision)
    }
}

impl Decision {
    /// Books income earned and credit balances used.
    fn book(&mut self) -> Result<(), RevolvingError> {
        let date = self.booking_date;
        self.entries.extend(self.line.recognise(date)?);
        self.entries.extend(self.line.book_credit_used(date)?);
        Ok(())
    }

    /// A closing must leave nothing owed; of charges no more is waived than was owed on the value
    /// date.
    fn ended_well(self, kind: &TransactionKind) -> Result<Self, RevolvingError> {
        if let TransactionKind::Waiver { amounts } = kind {
            let done = self.recorded.as_ref().map(|t| t.outcome.applied);
            let waived = done.unwrap_or(Amounts::ZERO);
            for element in Element::ALL {
                let (given, allowed) = (amounts.get(element), waived.get(element));
                if given > allowed {
                    return Err(above("amount waived", given, allowed));
                }
            }
        }
        if matches!(kind, TransactionKind::Close) && self.line.status != Status::Closed {
            return Err(RevolvingError::NotSettled {
                owed: self.line.owed.total()?,
                credit: self.line.credit,
            });
        }
        Ok(self)
    }
}
