//! An account with its history and its books.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use ledger::{GlCode, JournalEntry, Side};
use lending_core::{
    ids::AccountId,
    loan::{
        Arrears, Command, Context, Decision, DelinquencyTag, History, Instalment, LoanAccount,
        LoanError, Outcome, Status, TransactionId,
    },
};
use rust_decimal::{Decimal, dec};

use super::{contract::Contract, scenario::FIRST};

/// An account with its history and its books.
#[derive(Clone)]
pub struct Life {
    pub account: LoanAccount,
    pub history: History,
    pub books: BTreeMap<GlCode, Decimal>,
}

/// What must not depend on the order in which facts became known.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    status: Status,
    balances: [Decimal; 2],
    arrears: Arrears,
    delinquency: Vec<DelinquencyTag>,
    instalments: Vec<Instalment>,
    facts: Vec<(TransactionId, NaiveDate, Outcome)>,
    books: BTreeMap<GlCode, Decimal>,
}

impl Life {
    /// Approved and paid out, 500.00 of 1,000.00, on the first day of 2024.
    pub fn begin(contract: &Contract) -> Result<Self, LoanError> {
        let terms = contract.terms();
        let on = terms.expected_disbursement;
        let account = LoanAccount::submit(AccountId::new(7), terms, on)?;
        let (history, books) = (History::new(), BTreeMap::new());
        let mut life = Self {
            account,
            history,
            books,
        };
        life.decide(&Command::Approve { on }, on)?;
        life.decide(&Command::disburse(FIRST, on, dec!(500)), on)?;
        Ok(life)
    }

    /// What would follow.
    pub fn preview(&self, command: &Command, booking: NaiveDate) -> Result<Decision, LoanError> {
        self.account
            .decide(command, &Context::with_history(booking, &self.history))
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
            self.book(entry);
        }
        self.account = decision.account.clone();
        Ok(())
    }

    fn book(&mut self, entry: &JournalEntry) {
        for line in entry.lines() {
            let amount = line.amount().amount();
            let signed = if line.side() == Side::Debit {
                amount
            } else {
                -amount
            };
            *self.books.entry(line.account()).or_default() += signed;
        }
    }

    /// Everything that facts alone decide.
    pub fn standing(&self) -> Standing {
        let live = self.history.iter().filter(|t| t.reversed_on.is_none());
        Standing {
            status: self.account.status(),
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
            books: self
                .books
                .iter()
                .filter(|(_, sum)| !sum.is_zero())
                .map(|(k, v)| (*k, *v))
                .collect(),
        }
    }

    /// Control accounts equal the account's own figures, and the books balance.
    pub fn controls(&self) -> Result<(), String> {
        let receivable = self
            .account
            .receivable()
            .map_err(|error| error.to_string())?;
        let deferred = self
            .account
            .deferred_income()
            .map_err(|error| error.to_string())?;
        let pairs = [
            ("deferred", -deferred),
            ("portfolio", self.account.portfolio_balance()),
            ("interest-receivable", receivable.interest),
            ("fee-receivable", receivable.fee),
            ("penalty-receivable", receivable.penalty),
            ("credit-balances", -self.account.credit_balance()),
        ];
        for (name, account) in pairs {
            let code: GlCode = name.parse().map_err(|_| name.to_owned())?;
            let books = self.books.get(&code).copied().unwrap_or_default();
            if books != account {
                return Err(format!("{name}: books {books}, account {account}"));
            }
        }
        let sum: Decimal = self.books.values().sum();
        if sum.is_zero() {
            Ok(())
        } else {
            Err(format!("the books are off by {sum}"))
        }
    }
}

impl Standing {
    /// The first lines in which two standings differ; empty when they are the same.
    pub fn difference(&self, other: &Self) -> String {
        if self == other {
            return String::new();
        }
        let (one, other) = (format!("{self:#?}"), format!("{other:#?}"));
        let pairs = one.lines().zip(other.lines()).enumerate();
        let differing = pairs.filter(|(_, (one, other))| one != other);
        let lines: Vec<String> = differing
            .map(|(at, (one, other))| format!("  {at}: {} <> {}", one.trim(), other.trim()))
            .take(12)
            .collect();
        format!(
            "{}\n({} and {} lines)",
            lines.join("\n"),
            one.lines().count(),
            other.lines().count()
        )
    }
}
