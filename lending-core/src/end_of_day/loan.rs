//! The business day of a loan: what it posts, when it is due again, and what it posts until then.
//!
//! A loan in good standing only accrues between two due dates. What each of those days posts is
//! computed when the loan is closed on a day on which something did happen, by the same steps that
//! would decide each of them, and kept as its [plan](AccrualPlan). [`wake_loan`] later brings the
//! state to the last day posted, and holds both against each other.
//!
//! Cost: a day that is planned costs the computation of its accrual, and nothing on the day itself
//! but a row to move on.

use alloc::{string::String, string::ToString, vec::Vec};

use chrono::NaiveDate;
use ledger::{
    JournalEntry, Money, Side,
    posting_rules::{AccountingMethod, FinancialResource as Resource},
};
use rust_decimal::Decimal;

use super::Transfer;
use crate::{
    loan::{ACCRUAL, Amounts, Change, Command, Context, LoanAccount, LoanError, Status, Touched},
    store::{AccountHeader, AccrualPlan, AccrualPosting, Balances, Standing},
};

/// The most days a plan covers: beyond them the loan is looked at again.
const MOST_DAYS: usize = 93;

/// Why the day of a loan could not be closed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum LoanDayError {
    /// The loan refuses.
    #[error(transparent)]
    Loan(#[from] LoanError),
    /// What was posted by plan is not what the loan earned in those days.
    #[error("{posted} minor units were posted by plan through {through}: the loan earned {earned}")]
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

impl LoanDayError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::Loan(error) => error.code(),
            Self::PlanDiffers { .. } => 2310,
            Self::Amount { .. } => 2311,
        }
    }
}

/// A loan after its day.
#[derive(Clone, Debug, PartialEq)]
pub struct ClosedLoan {
    /// The loan.
    pub loan: LoanAccount,
    /// What can be searched of it.
    pub header: AccountHeader,
    /// Entries of its own.
    pub entries: Vec<JournalEntry>,
    /// Amounts to be posted in sums.
    pub transfers: Vec<Transfer>,
    /// Earlier transactions that did something else afterwards, for the history.
    pub changes: Vec<Change>,
    /// What it posts until it is due again, if that is known.
    pub plan: Option<AccrualPlan>,
}

/// Brings a loan to what its plan has posted. Whoever reads a loan with a plan does this before he
/// decides anything; what it posts is in the books already.
///
/// # Errors
/// [`LoanDayError::PlanDiffers`] when the books do not hold what the loan earned; the loan's own.
pub fn wake_loan(
    loan: LoanAccount,
    plan: Option<&AccrualPlan>,
) -> Result<LoanAccount, LoanDayError> {
    let behind = |plan: &&AccrualPlan| {
        loan.closed_through()
            .is_none_or(|closed| closed < plan.posted_through)
    };
    let Some(plan) = plan.filter(|plan| !plan.is_new()).filter(behind) else {
        return Ok(loan);
    };
    let through = plan.posted_through;
    let command = Command::EndOfDay { date: through };
    let decision = loan.decide(&command, &Context::today(through))?;
    let mut earned = 0_i128;
    for line in decision.entries.iter().flat_map(JournalEntry::lines) {
        let signed = i128::from(line.signed_minor());
        if line.account() == plan.debit {
            earned = earned.saturating_add(signed);
        } else if line.account() != plan.credit {
            // Something beside the accrual: the plan did not know of it.
            earned = i128::MAX;
        }
    }
    if earned != i128::from(plan.posted) {
        return Err(LoanDayError::PlanDiffers {
            through,
            posted: plan.posted,
            earned,
        });
    }
    Ok(decision.account)
}

/// Closes a date for a loan that was read with `before` and `plan`.
///
/// Accruals of interest are posted as `posting` says; entries with fees or penalties in them are
/// always the loan's own. On the cash basis there is nothing to post between due dates, and so no
/// plan either.
///
/// # Errors
/// As [`wake_loan`].
pub fn close_loan(
    before: &AccountHeader,
    loan: LoanAccount,
    plan: Option<&AccrualPlan>,
    date: NaiveDate,
    posting: AccrualPosting,
) -> Result<ClosedLoan, LoanDayError> {
    let awake = wake_loan(loan, plan)?;
    let decision = awake.decide(&Command::EndOfDay { date }, &Context::today(date))?;
    let loan = decision.account;
    let (plan, next_work_on) = plan_ahead(&loan, date, posting)?;
    let mut header = loan_header(before, &loan)?;
    header.next_work_on = next_work_on;
    let (mut entries, mut transfers) = (Vec::new(), Vec::new());
    for entry in decision.entries {
        match transfer(&entry, before).filter(|_| posting == AccrualPosting::Aggregated) {
            Some(transfer) => transfers.push(transfer),
            None => entries.push(entry),
        }
    }
    Ok(ClosedLoan {
        loan,
        header,
        entries,
        transfers,
        changes: decision.changes,
        plan,
    })
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

/// What the loan posts on the days after `date` on which it only accrues, and when it is due.
fn plan_ahead(
    loan: &LoanAccount,
    date: NaiveDate,
    posting: AccrualPosting,
) -> Result<(Option<AccrualPlan>, Option<NaiveDate>), LoanDayError> {
    if loan.status() != Status::Active {
        return Ok((None, None));
    }
    let tomorrow = date.succ_opt();
    if loan.arrears().oldest_unpaid.is_some() {
        return Ok((None, tomorrow));
    }
    let ahead = loan.instalments().iter();
    let boundary = ahead
        .flat_map(|row| [row.interest_to, row.due_on])
        .filter(|on| *on > date)
        .min();
    let Some(boundary) = boundary else {
        return Ok((None, tomorrow));
    };
    let rules = &loan.terms().accounting;
    if rules.method() != AccountingMethod::Accrual || loan.charged_off_on().is_some() {
        return Ok((None, Some(boundary)));
    }
    let amounts = accruals(loan, date, boundary)?;
    let account = |resource| rules.resolve(resource, None, None).map_err(LoanError::from);
    let accounts = (
        account(Resource::InterestReceivable)?,
        account(Resource::InterestIncome)?,
    );
    match AccrualPlan::new(accounts, posting, date, &amounts) {
        Some(plan) => {
            let next = plan.last().succ_opt();
            Ok((Some(plan), next))
        }
        None => Ok((None, tomorrow)),
    }
}

/// What each day after `date` and before `boundary` earns, as long as it is interest only.
fn accruals(
    loan: &LoanAccount,
    date: NaiveDate,
    boundary: NaiveDate,
) -> Result<Vec<i64>, LoanDayError> {
    // Deferred income is earned daily beside the interest: no plan covers it.
    if loan.has_deferred_income() {
        return Ok(Vec::new());
    }
    let mut ahead = loan.clone();
    let mut before = ahead.earned()?;
    let mut amounts = Vec::new();
    let days = date.iter_days().skip(1).take(MOST_DAYS);
    for day in days.take_while(|day| *day < boundary) {
        ahead.advance(day, &mut Touched::default())?;
        let earned = ahead.earned()?;
        let interest = earned.minus(&before)?;
        before = earned;
        if interest != Amounts::of(crate::loan::Element::Interest, interest.interest) {
            break;
        }
        amounts.push(minor(interest.interest, loan)?);
    }
    Ok(amounts)
}

/// What a store can search of a loan. `next_work_on` is left to the caller: until it is set, the
/// end of day does not look at the loan.
///
/// # Errors
/// [`LoanDayError::Amount`], or the loan's own.
pub fn loan_header(
    before: &AccountHeader,
    loan: &LoanAccount,
) -> Result<AccountHeader, LoanDayError> {
    let arrears = loan.arrears();
    let receivable = loan.receivable()?;
    Ok(AccountHeader {
        standing: match loan.status() {
            Status::PendingApproval => Standing::Pending,
            Status::Approved => Standing::Approved,
            Status::Active if arrears.in_arrears() => Standing::InArrears,
            Status::Active => Standing::Active,
            Status::WrittenOff => Standing::WrittenOff,
            Status::Rejected | Status::Withdrawn => Standing::Rejected,
            _ => Standing::Closed,
        },
        next_work_on: None,
        in_arrears_since: arrears.since.filter(|_| loan.status() == Status::Active),
        balances: Balances {
            principal: minor(loan.portfolio_balance(), loan)?,
            interest: minor(receivable.interest, loan)?,
            fees: minor(receivable.fee, loan)?,
            penalties: minor(receivable.penalty, loan)?,
            overdue: minor(arrears.overdue.total()?, loan)?,
        },
        ..before.clone()
    })
}

fn minor(amount: Decimal, loan: &LoanAccount) -> Result<i64, LoanDayError> {
    let whole = Money::new(amount, loan.terms().currency).to_minor().ok();
    whole
        .and_then(|minor| i64::try_from(minor).ok())
        .ok_or_else(|| LoanDayError::Amount {
            amount: amount.to_string(),
        })
}
