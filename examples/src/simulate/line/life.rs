//! A line with its history, its statements and its books.

use chrono::NaiveDate;
use ledger::posting_rules::AccountingMethod;
use lending_core::{
    ids::AccountId,
    loan::{Amounts, Outcome, TransactionId},
    revolving::{
        Command, Context, CreditLine, Decision, Demand, DrawPlan, History, LineArrears,
        RevolvingError, Statement, Status,
    },
};
use rust_decimal::Decimal;

use super::contract::Contract;
use crate::simulate::{
    Contract as _,
    books::{self, Books},
    tally::Tally,
};

/// A line with its history, its statements and its books.
#[derive(Clone)]
pub struct Life {
    pub line: CreditLine,
    pub history: History,
    pub statements: Vec<Statement>,
    pub books: Books,
}

/// What must not depend on the order in which facts became known.
#[derive(Clone, Debug, PartialEq)]
pub struct Money {
    status: Status,
    owed: Amounts,
    credit: Decimal,
    accrued: [Decimal; 2],
    available: Decimal,
    plans: Vec<DrawPlan>,
    facts: Vec<(TransactionId, NaiveDate, Outcome)>,
    books: Books,
}

/// Beside it: what follows from statements made.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    money: Money,
    demands: Vec<Demand>,
    arrears: LineArrears,
    statements: Vec<Statement>,
}

impl Life {
    /// Approved and activated on the first day of 2025; the ways to do otherwise are tried.
    pub fn submit(contract: &Contract) -> Result<Self, RevolvingError> {
        Ok(Self {
            line: CreditLine::submit(AccountId::new(7), contract.terms(), Contract::start())?,
            history: History::new(),
            statements: Vec::new(),
            books: Books::new(),
        })
    }

    /// Approved and activated on the first day of 2025; the ways to do otherwise are tried.
    pub fn begin(mut self, tally: &mut Tally) -> Result<Self, RevolvingError> {
        let on = Contract::start();
        let approve = Command::Approve { on };
        let activate = Command::Activate { on };
        for commands in [vec![&Command::Reject], vec![&approve, &Command::Withdraw]] {
            let mut other = self.clone();
            for command in commands {
                other.decide(command, on)?;
                tally.count(&format!("line: {}", command.name()), true);
            }
            tally.count("line: approve", other.decide(&approve, on).is_ok());
        }
        for command in [&approve, &Command::UndoApproval, &approve, &activate] {
            self.decide(command, on)?;
            tally.count(&format!("line: {}", command.name()), true);
        }
        Ok(self)
    }

    /// What would follow.
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
        self.keep(&decision)
    }

    pub fn keep(&mut self, decision: &Decision) -> Result<(), RevolvingError> {
        decision.update(&mut self.history)?;
        for entry in &decision.entries {
            books::post(&mut self.books, entry);
        }
        self.statements.extend(decision.statements.iter().cloned());
        self.line = decision.line.clone();
        Ok(())
    }

    /// The same at the end of a day.
    pub fn at_end_of(&self, date: NaiveDate) -> Result<Self, RevolvingError> {
        let mut life = self.clone();
        life.decide(&Command::EndOfDay { date }, date)?;
        Ok(life)
    }

    /// What facts alone decide.
    pub fn money(&self) -> Result<Money, RevolvingError> {
        let line = &self.line;
        let live = self.history.iter().filter(|t| t.reversed_on.is_none());
        Ok(Money {
            status: line.status(),
            owed: *line.owed(),
            credit: line.credit_balance(),
            accrued: [line.accrued()?, line.accrued_penalty()?],
            available: line.available()?,
            plans: line.plans().to_vec(),
            facts: live
                .map(|t| (t.id, t.value_date, t.outcome.clone()))
                .collect(),
            books: books::balances(&self.books),
        })
    }

    /// What facts and statements decide.
    pub fn standing(&self) -> Result<Standing, RevolvingError> {
        Ok(Standing {
            money: self.money()?,
            demands: self.line.demands().to_vec(),
            arrears: *self.line.arrears(),
            statements: self.statements.clone(),
        })
    }

    /// Control accounts equal the sub-ledger, statements add up, the limit is divided whole.
    pub fn controls(&self) -> Result<(), String> {
        let text = |error: RevolvingError| error.to_string();
        let line = &self.line;
        self.limit_and_statements().map_err(text)??;
        let method = line.terms().accounting.method();
        let (owed, none) = (line.owed(), Decimal::ZERO);
        if method == AccountingMethod::None {
            return books::hold(&self.books, &[]);
        }
        let carried = match method {
            AccountingMethod::Accrual => line.receivable().map_err(text)?,
            _ => Amounts::ZERO,
        };
        let pairs = [
            ("portfolio", owed.principal),
            ("interest-receivable", carried.interest),
            ("fee-receivable", carried.fee),
            ("penalty-receivable", carried.penalty),
            ("credit-balances", none - line.credit_balance()),
        ];
        books::hold(&self.books, &pairs)?;
        if method != AccountingMethod::Accrual {
            return Ok(());
        }
        // What is receivable is what is owed and what has accrued.
        let accrued = line.accrued().map_err(text)?;
        let penalty = line.accrued_penalty().map_err(text)?;
        let expected = Amounts {
            principal: Decimal::ZERO,
            interest: owed.interest + accrued,
            fee: owed.fee,
            penalty: owed.penalty + penalty,
        };
        if carried != expected {
            return Err(format!("receivable {carried} instead of {expected}"));
        }
        Ok(())
    }

    fn limit_and_statements(&self) -> Result<Result<(), String>, RevolvingError> {
        let line = &self.line;
        let parts = line.used()? + line.pending()? + line.available()? - line.over_limit()?;
        if parts != line.limit() {
            return Ok(Err(format!("limit {} divided into {parts}", line.limit())));
        }
        let mut before = Decimal::ZERO;
        for statement in &self.statements {
            let lines: Decimal = statement.lines.iter().map(|line| line.amount).sum();
            let fees: Decimal = statement.fees.iter().map(|fee| fee.amount).sum();
            let closing =
                statement.opening + lines + fees + statement.interest + statement.adjustment;
            let minimum = statement.minimum <= statement.owed.total()?;
            if statement.opening != before || closing != statement.closing || !minimum {
                return Ok(Err(format!("statement {} is wrong", statement.number)));
            }
            before = statement.closing;
        }
        Ok(Ok(()))
    }
}
