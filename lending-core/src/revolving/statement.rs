//! Statements: what the borrower was told, as values.
//!
//! A statement is made at the end of its day from what is known then, and never changes. What is
//! learned later about the days it covers (a backdated payment, a reversal) shows in the next one:
//! the transaction as a line with its value date, and what it changed of interest and fees already
//! billed as the adjustment.

use alloc::vec::Vec;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    CreditLine, LineFeeTrigger, RevolvingError, Transaction, TransactionKind, account::OwnFee,
    fold::Trace,
};
use crate::loan::{
    Amounts, Code, CreditKind, TransactionId,
    amounts::{add, sub},
};

/// What a line of a statement is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LineKind {
    /// A draw, with fees that were added to it.
    Draw,
    /// Money that came in.
    Credit(CreditKind),
    /// A fee charged by hand.
    Fee(Code),
    /// A penalty charged by hand.
    Penalty(Code),
    /// Charges forgiven.
    Waiver,
    /// Credit balance paid back.
    CreditRefund,
}

/// A line of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementLine {
    /// The transaction.
    pub transaction: TransactionId,
    /// When it counts: before the statement's period for what was backdated into an earlier one.
    #[serde(with = "crate::compact::date")]
    pub value_date: NaiveDate,
    /// When it was booked, or, for a reversal, when it was reversed.
    #[serde(with = "crate::compact::date")]
    pub booking_date: NaiveDate,
    /// What it is about.
    pub kind: LineKind,
    /// By how much it raises the balance; negative: lowers.
    #[serde(with = "crate::compact::decimal")]
    pub amount: Decimal,
    /// Whether it takes back a line of an earlier statement.
    pub reversal: bool,
}

/// A fee that the contract charged by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementFee {
    /// The day.
    #[serde(with = "crate::compact::date")]
    pub on: NaiveDate,
    /// Its name in the contract.
    pub name: Code,
    /// How much.
    #[serde(with = "crate::compact::decimal")]
    pub amount: Decimal,
}

/// A statement. `opening + lines + fees + interest + adjustment = closing`, always.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// Its number, from 1.
    pub number: u32,
    /// The first day of its period: the day after the statement before, or of activation.
    #[serde(with = "crate::compact::date")]
    pub from: NaiveDate,
    /// The last day of its period, at whose end it was made.
    #[serde(with = "crate::compact::date")]
    pub on: NaiveDate,
    /// The balance of the statement before; negative: a credit balance.
    #[serde(with = "crate::compact::decimal")]
    pub opening: Decimal,
    /// What was booked since the statement before, in the order of booking.
    pub lines: Vec<StatementLine>,
    /// Fees that the contract charged by itself in the period.
    pub fees: Vec<StatementFee>,
    /// Interest charged with this statement.
    #[serde(with = "crate::compact::decimal")]
    pub interest: Decimal,
    /// What of interest and fees of earlier statements has changed since they were made.
    #[serde(with = "crate::compact::decimal")]
    pub adjustment: Decimal,
    /// The balance at its end; negative: a credit balance.
    #[serde(with = "crate::compact::decimal")]
    pub closing: Decimal,
    /// What is owed, by element.
    pub owed: Amounts,
    /// What must be paid at least, unpaid earlier minimums included.
    #[serde(with = "crate::compact::decimal")]
    pub minimum: Decimal,
    /// Of the minimum: what earlier statements asked for and was not paid.
    #[serde(with = "crate::compact::decimal")]
    pub overdue: Decimal,
    /// When it must be paid.
    #[serde(with = "crate::compact::date")]
    pub due: NaiveDate,
    /// The limit in force.
    #[serde(with = "crate::compact::decimal")]
    pub limit: Decimal,
    /// What may be drawn.
    #[serde(with = "crate::compact::decimal")]
    pub available: Decimal,
}

impl Statement {
    /// The sum of the lines that raise the balance, and of those that lower it.
    ///
    /// # Errors
    /// [`RevolvingError::Common`] when a sum does not fit.
    pub fn turnover(&self) -> Result<(Decimal, Decimal), RevolvingError> {
        let (mut up, mut down) = (Decimal::ZERO, Decimal::ZERO);
        for line in &self.lines {
            if line.amount > Decimal::ZERO {
                up = add(up, line.amount)?;
            } else {
                down = add(down, line.amount)?;
            }
        }
        Ok((up, down))
    }
}

/// The figures of an issued statement that the account remembers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issued {
    /// Its number.
    pub number: u32,
    /// The last day of its period.
    #[serde(with = "crate::compact::date")]
    pub on: NaiveDate,
    /// When it must be paid.
    #[serde(with = "crate::compact::date")]
    pub due: NaiveDate,
    /// Its closing balance.
    #[serde(with = "crate::compact::decimal")]
    pub closing: Decimal,
    /// What it asked for at least.
    #[serde(with = "crate::compact::decimal")]
    pub minimum: Decimal,
    /// Facts booked up to this day were known when it was made: its own day, unless the line was
    /// closed or written off then and came back later.
    #[serde(with = "crate::compact::date")]
    pub known_through: NaiveDate,
}

/// What the end of a cycle came to.
pub(crate) struct Closing {
    pub(crate) interest: Decimal,
    pub(crate) minimum: Decimal,
    pub(crate) overdue: Decimal,
    pub(crate) due: NaiveDate,
}

impl CreditLine {
    /// Makes the statement of the cycle that ends today, unless it was made before.
    pub(crate) fn issue(
        &mut self,
        closing: &Closing,
        trace: &mut Trace,
    ) -> Result<(), RevolvingError> {
        let number = self.cycle.number;
        if self.issued_minimum(number).is_some() {
            return Ok(());
        }
        let on = self.as_of;
        let before = self.told.issued.last();
        let opening = before.map_or(Decimal::ZERO, |issued| issued.closing);
        let from = match before.and_then(|issued| issued.on.succ_opt()) {
            Some(from) => from,
            None => self.activated_on.unwrap_or(self.opened_on),
        };
        let mut lines = core::mem::take(&mut self.told.lines);
        lines.sort_by_key(|line| (line.booking_date, line.transaction));
        let fee = |fee: &OwnFee| StatementFee {
            on: fee.on,
            name: fee.name,
            amount: fee.amount,
        };
        let fees: Vec<StatementFee> = self.own_fees.iter().map(fee).collect();
        let balance = self.balance()?;
        let amounts = lines.iter().map(|line| line.amount);
        let amounts = amounts.chain(fees.iter().map(|fee| fee.amount));
        let explained = amounts.chain([opening, closing.interest]);
        let explained = explained.into_iter().try_fold(Decimal::ZERO, add)?;
        self.told.issued.push(Issued {
            number,
            on,
            due: closing.due,
            closing: balance,
            minimum: closing.minimum,
            known_through: trace.known.unwrap_or(on),
        });
        trace.statements.push(Statement {
            number,
            from,
            on,
            opening,
            lines,
            fees,
            interest: closing.interest,
            adjustment: sub(balance, explained)?,
            closing: balance,
            owed: self.owed,
            minimum: closing.minimum,
            overdue: closing.overdue,
            due: closing.due,
            limit: self.limit,
            available: self.available()?,
        });
        Ok(())
    }

    /// What the statement of that number asked for, if it was made.
    pub(crate) fn issued_minimum(&self, number: u32) -> Option<Decimal> {
        let index = usize::try_from(number.checked_sub(1)?).ok()?;
        self.told.issued.get(index).map(|issued| issued.minimum)
    }

    /// The line of a transaction, if it moves the balance. Fees of a draw are shown with the taxes of
    /// the contract, whatever is known of changes and when: the adjustment has the difference.
    pub(crate) fn line_of(
        &self,
        transaction: &Transaction,
        reversed_on: Option<NaiveDate>,
    ) -> Result<Option<StatementLine>, RevolvingError> {
        let negative = |amount| sub(Decimal::ZERO, amount);
        let (kind, amount) = match &transaction.kind {
            TransactionKind::Draw { amount, .. } => {
                let contract = self.terms.taxed();
                let added = self.draw_fees_at(&contract, LineFeeTrigger::AddedToDraw, *amount)?;
                (LineKind::Draw, add(*amount, added)?)
            }
            TransactionKind::Credit { kind, amount } => {
                (LineKind::Credit(*kind), negative(*amount)?)
            }
            TransactionKind::Fee {
                name,
                penalty,
                amount,
            } => {
                let kind = if *penalty {
                    LineKind::Penalty(*name)
                } else {
                    LineKind::Fee(*name)
                };
                (kind, amount.unwrap_or_default())
            }
            TransactionKind::Waiver { amounts } => (LineKind::Waiver, negative(amounts.total()?)?),
            TransactionKind::CreditRefund { amount } => (LineKind::CreditRefund, *amount),
            _ => return Ok(None),
        };
        Ok(Some(StatementLine {
            transaction: transaction.id,
            value_date: transaction.value_date,
            booking_date: reversed_on.unwrap_or(transaction.booking_date),
            kind,
            amount: match reversed_on {
                Some(_) => negative(amount)?,
                None => amount,
            },
            reversal: reversed_on.is_some(),
        }))
    }

    /// Notes a transaction that was reversed for the next statement: a line that no statement shows
    /// yet is dropped, one that was shown is taken back.
    pub(crate) fn note_reversal(
        &mut self,
        transaction: &Transaction,
        on: NaiveDate,
    ) -> Result<(), RevolvingError> {
        let count = self.told.lines.len();
        self.told
            .lines
            .retain(|line| line.transaction != transaction.id);
        if self.told.lines.len() == count {
            self.told.lines.extend(self.line_of(transaction, Some(on))?);
        }
        Ok(())
    }

    /// Makes every statement issued so far again, from the history alone: what was known when each
    /// was made is what had been booked, and not been reversed, by then.
    ///
    /// # Errors
    /// [`RevolvingError`] when the history does not fold: it is not this account's.
    pub fn statements(&self, history: &[Transaction]) -> Result<Vec<Statement>, RevolvingError> {
        let mut made = Vec::new();
        let mut line = self.activated()?;
        line.told.issued.clear();
        line.told.lines.clear();
        let mut known_before = None;
        for issued in &self.told.issued {
            let known = issued.known_through;
            let mut facts: Vec<Transaction> = Vec::new();
            let mut lines = Vec::new();
            for fact in history.iter().filter(|fact| fact.booking_date <= known) {
                let shown = known_before.is_some_and(|before| fact.booking_date <= before);
                let gone = |by: NaiveDate| fact.reversed_on.is_some_and(|on| on <= by);
                let gone_before = known_before.is_some_and(gone);
                if !gone(known) {
                    facts.push(Transaction {
                        reversed_on: None,
                        ..fact.clone()
                    });
                    if !shown {
                        lines.extend(self.line_of(fact, None)?);
                    }
                } else if shown && !gone_before {
                    lines.extend(self.line_of(fact, fact.reversed_on)?);
                }
            }
            facts.retain(|fact| fact.value_date <= issued.on);
            let mut trace = Trace {
                known: Some(known),
                ..Trace::default()
            };
            line.told.lines = lines;
            let mut folded = line.clone();
            folded.fold(&facts, issued.on, &mut trace)?;
            line.told.issued = folded.told.issued;
            made.append(&mut trace.statements);
            known_before = Some(known);
        }
        Ok(made)
    }
}
