//! Contracts and helpers shared by the loan tests.
#![allow(dead_code)] // each test file uses its own part

use std::collections::BTreeMap;

use chrono::NaiveDate;
use ledger::{
    JournalEntry, Side,
    posting_rules::{AccountingMethod, FinancialResource as R, PostingRule, PostingRules},
};
use lending_core::{
    dates::Period,
    ids::AccountId,
    loan::{Command, Context, Decision, History, LoanAccount, LoanError, LoanTerms},
    schedule::{Rate, ScheduleTerms},
};
use rust_decimal::{Decimal, dec};

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn rules(method: AccountingMethod) -> PostingRules {
    let rule = |resource, code: &str| PostingRule::new(resource, code.parse().unwrap());
    PostingRules::new(
        method,
        [
            rule(R::PortfolioControl, "portfolio"),
            rule(R::FundSource, "bank"),
            rule(R::InterestReceivable, "interest-receivable"),
            rule(R::FeeReceivable, "fee-receivable"),
            rule(R::PenaltyReceivable, "penalty-receivable"),
            rule(R::InterestIncome, "interest-income"),
            rule(R::FeeIncome, "fee-income"),
            rule(R::PenaltyIncome, "penalty-income"),
            rule(R::WriteOffExpense, "write-off"),
            rule(R::CreditBalance, "credit-balances"),
            rule(R::GoodwillExpense, "goodwill"),
            rule(R::ChargeOffExpense, "charge-off"),
            rule(R::RecoveryIncome, "recovery"),
            rule(R::DeferredFeeIncome, "deferred"),
            rule(R::TaxesPayable, "taxes"),
            rule(R::CapitalisedIncome, "capitalised-income"),
            rule(R::BuyDownExpense, "buy-down-expense"),
            rule(R::BuyDownIncome, "buy-down-income"),
        ],
    )
    .unwrap()
}

/// 1,000.00 KES in six equal monthly instalments at 12 % a year, actual days over 365, from
/// 1 January 2024; everything else as the library has it.
pub fn terms() -> LoanTerms {
    LoanTerms::new(
        "KES".parse().unwrap(),
        dec!(1000),
        day("2024-01-01"),
        ScheduleTerms::new(6, Period::Months(1), Rate::per_year(dec!(12))),
        rules(AccountingMethod::Accrual),
    )
}

/// A loan with its history and its books.
#[derive(Clone)]
pub struct Loan {
    pub account: LoanAccount,
    pub history: History,
    pub books: BTreeMap<String, Decimal>,
    pub entries: Vec<JournalEntry>,
    pub last: Option<Decision>,
}

impl Loan {
    /// Submitted and approved on the day disbursement is expected.
    pub fn approved(terms: LoanTerms) -> Self {
        let on = terms.expected_disbursement;
        let account = LoanAccount::submit(AccountId::new(7), terms, on).unwrap();
        let mut loan = Self {
            account,
            history: History::new(),
            books: BTreeMap::new(),
            entries: Vec::new(),
            last: None,
        };
        loan.decide(&Command::Approve { on }, on).unwrap();
        loan
    }

    /// Decides and keeps the result.
    pub fn decide(&mut self, command: &Command, booking: NaiveDate) -> Result<(), LoanError> {
        let context = Context::with_history(booking, &self.history);
        let decision = self.account.decide(command, &context)?;
        self.keep(&decision)
    }

    /// Keeps a decision.
    pub fn keep(&mut self, decision: &Decision) -> Result<(), LoanError> {
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
        self.entries.extend(decision.entries.iter().cloned());
        self.account = decision.account.clone();
        self.last = Some(decision.clone());
        Ok(())
    }

    pub fn book(&self, account: &str) -> Decimal {
        self.books.get(account).copied().unwrap_or_default()
    }

    /// Control accounts equal the sub-ledger.
    pub fn controls(&self) -> Result<(), String> {
        let receivable = self
            .account
            .receivable()
            .map_err(|error| error.to_string())?;
        let deferred = self
            .account
            .deferred_income()
            .map_err(|error| error.to_string())?;
        // On the cash basis there are no receivables.
        let carried = |amount| match self.account.terms().accounting.method() {
            AccountingMethod::Accrual => amount,
            _ => Decimal::ZERO,
        };
        let pairs = [
            ("portfolio", self.account.portfolio_balance()),
            ("interest-receivable", carried(receivable.interest)),
            ("fee-receivable", carried(receivable.fee)),
            ("penalty-receivable", carried(receivable.penalty)),
            ("credit-balances", -self.account.credit_balance()),
            ("deferred", -deferred),
        ];
        for (name, expected) in pairs {
            if self.book(name) != expected {
                return Err(format!(
                    "{name}: books {}, accounts {expected}",
                    self.book(name)
                ));
            }
        }
        let sum: Decimal = self.books.values().sum();
        if sum.is_zero() {
            Ok(())
        } else {
            Err(format!("books off by {sum}"))
        }
    }
}
