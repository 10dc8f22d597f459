//! A line with its history, its statements and its books.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use ledger::{JournalEntry, Side, posting_rules::AccountingMethod};
use lending_core::{
    ids::AccountId,
    loan::{CreditKind, TransactionId},
    revolving::{
        BillingTerms, Command, Context, CreditLine, CreditLineTerms, Decision, History,
        MinimumPayment, MinimumRule, RevolvingError, Statement, TransactionKind,
    },
    schedule::Rate,
};
use rust_decimal::{Decimal, dec};

use crate::common::{day, rules};

/// 10,000.00 KES at 24 % a year, actual days over 365, from 1 January 2025; statements on the 25th,
/// due 15 days later; 10 % of the principal and all interest and fees are the minimum.
pub fn terms() -> CreditLineTerms {
    CreditLineTerms::new(
        "KES".parse().unwrap(),
        dec!(10000),
        Rate::per_year(dec!(24)),
        BillingTerms::monthly(25, 15),
        MinimumPayment::of(MinimumRule::PercentOfPrincipal(dec!(10))),
        rules(AccountingMethod::Accrual),
    )
}

#[derive(Clone, Debug)]
pub struct Line {
    pub line: CreditLine,
    pub history: History,
    pub statements: Vec<Statement>,
    pub books: BTreeMap<String, Decimal>,
    pub entries: Vec<JournalEntry>,
    next_id: u128,
}

impl Line {
    /// Approved and activated on 1 January 2025.
    pub fn active(terms: CreditLineTerms) -> Self {
        let on = day("2025-01-01");
        let mut line = Self {
            line: CreditLine::submit(AccountId::new(7), terms, on).unwrap(),
            history: History::new(),
            statements: Vec::new(),
            books: BTreeMap::new(),
            entries: Vec::new(),
            next_id: 1,
        };
        line.decide(&Command::Approve { on }, on).unwrap();
        line.decide(&Command::Activate { on }, on).unwrap();
        line
    }

    pub fn preview(
        &self,
        command: &Command,
        booking: NaiveDate,
    ) -> Result<Decision, RevolvingError> {
        let context = Context::with_history(booking, &self.history);
        self.line.decide(command, &context)
    }

    /// Decides and keeps the result.
    pub fn decide(&mut self, command: &Command, booking: NaiveDate) -> Result<(), RevolvingError> {
        let decision = self.preview(command, booking)?;
        decision.update(&mut self.history)?;
        for entry in &decision.entries {
            for line in entry.lines() {
                let amount = line.amount().amount();
                let signed = if line.side() == Side::Debit {
                    amount
                } else {
                    -amount
                };
                *self.books.entry(line.account().to_string()).or_default() += signed;
            }
        }
        self.entries.extend(decision.entries);
        self.statements.extend(decision.statements);
        self.line = decision.line;
        Ok(())
    }

    pub fn id(&mut self) -> TransactionId {
        self.next_id += 1;
        TransactionId::new(self.next_id)
    }

    /// Records what counts on one day and is booked on another.
    pub fn backdate(
        &mut self,
        value: &str,
        booking: &str,
        kind: TransactionKind,
    ) -> Result<TransactionId, RevolvingError> {
        let id = self.id();
        self.decide(&Command::record(id, day(value), kind), day(booking))?;
        Ok(id)
    }

    pub fn on(&mut self, date: &str, kind: TransactionKind) -> TransactionId {
        self.backdate(date, date, kind).unwrap()
    }

    pub fn refused(&mut self, date: &str, kind: TransactionKind) -> RevolvingError {
        self.backdate(date, date, kind).unwrap_err()
    }

    pub fn draw(&mut self, date: &str, amount: Decimal) -> TransactionId {
        self.on(date, TransactionKind::Draw { amount, hold: None })
    }

    pub fn repay(&mut self, date: &str, amount: Decimal) -> TransactionId {
        self.on(date, repayment(amount))
    }

    pub fn end_of_day(&mut self, date: &str) {
        let date = day(date);
        self.decide(&Command::EndOfDay { date }, date).unwrap();
    }

    /// The latest statement.
    pub fn statement(&self) -> &Statement {
        self.statements.last().unwrap()
    }

    pub fn book(&self, account: &str) -> Decimal {
        self.books.get(account).copied().unwrap_or_default()
    }

    /// Control accounts equal the sub-ledger, statements add up, the limit is divided whole.
    pub fn controls(&self) -> Result<(), String> {
        let text = |error: RevolvingError| error.to_string();
        let line = &self.line;
        let receivable = line.receivable().map_err(text)?;
        // On the cash basis there are no receivables.
        let accrual = line.terms().accounting.method() == AccountingMethod::Accrual;
        let pairs = [
            ("portfolio", line.owed().principal),
            (
                "interest-receivable",
                if accrual {
                    receivable.interest
                } else {
                    Decimal::ZERO
                },
            ),
            (
                "fee-receivable",
                if accrual {
                    receivable.fee
                } else {
                    Decimal::ZERO
                },
            ),
            (
                "penalty-receivable",
                if accrual {
                    receivable.penalty
                } else {
                    Decimal::ZERO
                },
            ),
            ("credit-balances", -line.credit_balance()),
        ];
        for (name, expected) in pairs {
            if self.book(name) != expected {
                let books = self.book(name);
                return Err(format!("{name}: books {books}, account {expected}"));
            }
        }
        // What is receivable is what is owed and what has accrued.
        let accrued = line.accrued().map_err(text)?;
        let penalty = line.accrued_penalty().map_err(text)?;
        let off = receivable.interest != line.owed().interest + accrued
            || receivable.fee != line.owed().fee
            || receivable.penalty != line.owed().penalty + penalty;
        if accrual && off {
            return Err(format!("receivable {receivable} for owed {}", line.owed()));
        }
        let sum: Decimal = self.books.values().sum();
        if !sum.is_zero() {
            return Err(format!("books off by {sum}"));
        }
        let parts = line.used().map_err(text)?
            + line.pending().map_err(text)?
            + line.available().map_err(text)?
            - line.over_limit().map_err(text)?;
        if parts != line.limit() {
            return Err(format!("limit {} divided into {parts}", line.limit()));
        }
        let mut before = Decimal::ZERO;
        for statement in &self.statements {
            let lines: Decimal = statement.lines.iter().map(|line| line.amount).sum();
            let fees: Decimal = statement.fees.iter().map(|fee| fee.amount).sum();
            let closing =
                statement.opening + lines + fees + statement.interest + statement.adjustment;
            if statement.opening != before || closing != statement.closing {
                return Err(format!("statement {} does not add up", statement.number));
            }
            before = statement.closing;
        }
        Ok(())
    }
}

pub fn repayment(amount: Decimal) -> TransactionKind {
    TransactionKind::Credit {
        kind: CreditKind::Repayment,
        amount,
    }
}

pub fn draw(amount: Decimal) -> TransactionKind {
    TransactionKind::Draw { amount, hold: None }
}
