//! What loans and lines of credit share of their quiet days: making a plan, and holding it against
//! what the account earned.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use chrono::NaiveDate;
use ledger::{
    Currency, JournalEntry, Money, Side,
    posting_rules::{FinancialResource as Resource, PostingRules},
};
use rust_decimal::Decimal;

use super::Transfer;
use crate::{
    loan::{ACCRUAL, LoanError},
    revolving::RevolvingError,
    store::{AccountHeader, AccrualPlan, AccrualPosting},
};

/// The most days a plan covers: beyond them the account is looked at again.
pub(super) const MOST_DAYS: usize = 93;

/// Why the day of an account could not be closed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AccountDayError {
    /// The loan refuses.
    #[error(transparent)]
    Loan(#[from] LoanError),
    /// The line of credit refuses.
    #[error(transparent)]
    Line(#[from] RevolvingError),
    /// What was posted by plan is not what the account earned in those days.
    #[error(
        "{posted} minor units were posted by plan through {through}: the account earned {earned}"
    )]
    PlanDiffers {
        /// The last day posted.
        through: NaiveDate,
        /// What was posted, minor units.
        posted: i64,
        /// What was earned, minor units.
        earned: i128,
    },
    /// An amount is not a whole number of minor units within 64 bits.
    #[error("{amount} cannot be kept: whole minor units within 64 bits can")]
    Amount {
        /// The amount.
        amount: String,
    },
}

impl AccountDayError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::Loan(error) => error.code(),
            Self::Line(error) => error.code(),
            Self::PlanDiffers { .. } => 2310,
            Self::Amount { .. } => 2311,
        }
    }
}

/// A plan that has posted days which the account does not know of.
pub(super) fn ahead_of(
    plan: Option<&AccrualPlan>,
    closed_through: Option<NaiveDate>,
) -> Option<&AccrualPlan> {
    plan.filter(|plan| !plan.is_new())
        .filter(|plan| closed_through.is_none_or(|closed| closed < plan.posted_through))
}

/// Checks that what an account posts for the days of its plan is what the plan posted.
pub(super) fn hold_against(
    plan: &AccrualPlan,
    entries: &[JournalEntry],
) -> Result<(), AccountDayError> {
    let mut earned = 0_i128;
    for line in entries.iter().flat_map(JournalEntry::lines) {
        let signed = i128::from(line.signed_minor());
        if line.account() == plan.debit {
            earned = earned.saturating_add(signed);
        } else if line.account() != plan.credit {
            // Something beside the accrual: the plan did not know of it.
            earned = i128::MAX;
        }
    }
    if earned == i128::from(plan.posted) {
        return Ok(());
    }
    Err(AccountDayError::PlanDiffers {
        through: plan.posted_through,
        posted: plan.posted,
        earned,
    })
}

/// Entries of the account's own, and amounts for the sums.
pub(super) fn sorted(
    all: Vec<JournalEntry>,
    posting: AccrualPosting,
    header: &AccountHeader,
) -> (Vec<JournalEntry>, Vec<Transfer>) {
    let (mut entries, mut transfers) = (Vec::new(), Vec::new());
    for entry in all {
        match transfer(&entry, header).filter(|_| posting == AccrualPosting::Aggregated) {
            Some(transfer) => transfers.push(transfer),
            None => entries.push(entry),
        }
    }
    (entries, transfers)
}

/// An accrual as an amount for the sums, when it is from one account to another.
fn transfer(entry: &JournalEntry, header: &AccountHeader) -> Option<Transfer> {
    let [a, b] = entry.lines() else { return None };
    let (debit, credit) = match (a.side(), b.side()) {
        (Side::Debit, Side::Credit) => (a, b),
        (Side::Credit, Side::Debit) => (b, a),
        _ => return None,
    };
    let minor = i128::from(debit.signed_minor().unsigned_abs());
    let amount = Money::from_minor(minor, header.currency).ok()?;
    (entry.reference() == Some(ACCRUAL)).then_some(Transfer {
        value_date: entry.value_date(),
        debit: debit.account(),
        credit: credit.account(),
        branch: Some(header.branch),
        amount,
    })
}

/// A plan of interest for the days after `date`, and the day on which work is due again.
pub(super) fn plan(
    rules: &PostingRules,
    posting: AccrualPosting,
    date: NaiveDate,
    amounts: &[i64],
) -> Result<(Option<AccrualPlan>, Option<NaiveDate>), AccountDayError> {
    let account = |resource| rules.resolve(resource, None, None).map_err(LoanError::from);
    let accounts = (
        account(Resource::InterestReceivable)?,
        account(Resource::InterestIncome)?,
    );
    let Some(plan) = AccrualPlan::new(accounts, posting, date, amounts) else {
        return Ok((None, date.succ_opt()));
    };
    let next = plan.last().succ_opt();
    Ok((Some(plan), next))
}

/// An amount as a store keeps it.
pub(super) fn minor_units(amount: Decimal, currency: Currency) -> Result<i64, AccountDayError> {
    let whole = Money::new(amount, currency).to_minor().ok();
    whole
        .and_then(|minor| i64::try_from(minor).ok())
        .ok_or_else(|| AccountDayError::Amount {
            amount: amount.to_string(),
        })
}
