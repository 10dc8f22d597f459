//! Loans of 36 instalments in mid-life.

use chrono::{Days, Months, NaiveDate};
use ledger::{
    Currency,
    posting_rules::{AccountingMethod, FinancialResource as R, PostingRule, PostingRules},
};
use lending_core::{
    dates::Period,
    ids::AccountId,
    loan::{
        Command, Context, Decision, History, InterestBasis, LoanAccount, LoanTerms, TransactionId,
    },
    schedule::{Rate, ScheduleTerms},
};
use rust_decimal::{Decimal, dec};

use crate::storage::Failed;

const INSTALMENTS: u32 = 36;

/// A repayment, the level instalment.
pub const REPAYMENT: Decimal = dec!(1195.72);

fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 1, 1).unwrap_or_default()
}

/// The due date of instalment `number`, and disbursement for 0.
#[must_use]
pub fn due(number: u32) -> NaiveDate {
    first_day() + Months::new(number)
}

/// The eve of the 30th due date: by then a loan has seen its disbursement and 29 repayments.
#[must_use]
pub fn eve() -> NaiveDate {
    due(30) - Days::new(1)
}

/// A day between the 29th due date and the next: nothing is due and nothing overdue.
#[must_use]
pub fn quiet_day() -> NaiveDate {
    due(29) + Days::new(10)
}

/// The day after disbursement: a payment that counts from then moves everything since.
#[must_use]
pub fn second_day() -> NaiveDate {
    first_day() + Days::new(1)
}

fn posting_rules(method: AccountingMethod) -> Result<PostingRules, Failed> {
    let accounts = [
        (R::PortfolioControl, "1200"),
        (R::FundSource, "1100"),
        (R::InterestReceivable, "1300"),
        (R::FeeReceivable, "1310"),
        (R::PenaltyReceivable, "1320"),
        (R::InterestIncome, "4100"),
        (R::FeeIncome, "4200"),
        (R::PenaltyIncome, "4300"),
        (R::WriteOffExpense, "5100"),
        (R::CreditBalance, "2100"),
        (R::GoodwillExpense, "5200"),
    ];
    let rules = accounts
        .into_iter()
        .map(|(resource, code)| Ok(PostingRule::new(resource, code.parse()?)))
        .collect::<Result<Vec<_>, Failed>>()?;
    Ok(PostingRules::new(method, rules)?)
}

/// 36,000.00 KES in 36 equal monthly instalments at 12 % a year, actual days over 365.
///
/// # Errors
/// Never: the values are well formed.
fn terms(basis: InterestBasis, method: AccountingMethod) -> Result<LoanTerms, Failed> {
    let rate = Rate::per_year(dec!(12));
    Ok(LoanTerms {
        interest_basis: basis,
        ..LoanTerms::new(
            Currency::from_code("KES")?,
            dec!(36000),
            first_day(),
            ScheduleTerms::new(INSTALMENTS, Period::Months(1), rate),
            posting_rules(method)?,
        )
    })
}

/// An account with its transactions.
#[derive(Clone, Debug)]
pub struct Loan {
    /// Contract and state.
    pub account: LoanAccount,
    /// Its transactions.
    pub history: History,
}

impl Loan {
    /// Disbursed, paid on every due date and closed, date by date, through `last`.
    ///
    /// # Errors
    /// What the account refuses.
    pub fn running(
        basis: InterestBasis,
        method: AccountingMethod,
        last: NaiveDate,
    ) -> Result<Self, Failed> {
        let start = first_day();
        let account = LoanAccount::submit(AccountId::new(7), terms(basis, method)?, start)?;
        let mut loan = Self {
            account,
            history: History::new(),
        };
        loan.decide(&Command::Approve { on: start }, start)?;
        loan.decide(&Command::disburse(id(0), start, dec!(36000)), start)?;
        let mut number = 1;
        for date in start.iter_days().take_while(|date| *date <= last) {
            if date == due(number) {
                loan.decide(&Command::repay(id(number), date, REPAYMENT), date)?;
                number += 1;
            }
            loan.decide(&Command::EndOfDay { date }, date)?;
        }
        Ok(loan)
    }

    fn decide(&mut self, command: &Command, booking: NaiveDate) -> Result<(), Failed> {
        let context = Context::with_history(booking, &self.history);
        let decision = self.account.decide(command, &context)?;
        decision.update(&mut self.history)?;
        self.account = decision.account;
        Ok(())
    }

    /// A command decided on a day of the books, with the history at hand.
    ///
    /// # Errors
    /// What the account refuses.
    pub fn decided(&self, command: &Command, booking: NaiveDate) -> Result<Decision, Failed> {
        let context = Context::with_history(booking, &self.history);
        Ok(self.account.decide(command, &context)?)
    }
}

/// The id of a transaction not yet recorded.
pub const NEXT: TransactionId = id(99);

const fn id(number: u32) -> TransactionId {
    TransactionId::new(number as u128 + 1)
}
