//! The business day of a loan: what it posts, when it is due again, and what it posts until then.
//!
//! A loan in good standing only accrues between two due dates. What each of those days posts is
//! computed when the loan is closed on a day on which something did happen, by the same steps that
//! would decide each of them, and kept as its [plan](AccrualPlan). [`wake_loan`] later brings the
//! state to the last day posted, and holds both against each other.
//!
//! Cost: a day that is planned costs the computation of its accrual, and nothing on the day itself
//! but a row to move on.

use alloc::vec::Vec;

use chrono::NaiveDate;
use ledger::{JournalEntry, posting_rules::AccountingMethod};
use rust_decimal::Decimal;

use super::{
    Transfer,
    planned::{self, AccountDayError, MOST_DAYS, minor_units},
};
use crate::{
    loan::{Amounts, Change, Command, Context, LoanAccount, Status, Touched},
    store::{AccountHeader, AccrualPlan, AccrualPosting, Balances, Standing},
};

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
/// [`AccountDayError::PlanDiffers`] when the books do not hold what the loan earned; the loan's own.
pub fn wake_loan(
    loan: LoanAccount,
    plan: Option<&AccrualPlan>,
) -> Result<LoanAccount, AccountDayError> {
    let Some(plan) = planned::ahead_of(plan, loan.closed_through()) else {
        return Ok(loan);
    };
    let through = plan.posted_through;
    let command = Command::EndOfDay { date: through };
    let decision = loan.decide(&command, &Context::today(through))?;
    planned::hold_against(plan, &decision.entries)?;
    Ok(decision.account)
}

/// Closes a date for a loan that was read with `before` and `plan`.
///
/// Accruals of interest are posted as the contract says ([`LoanTerms::accrual_posting`]); entries with fees or penalties in them are
/// always the loan's own. On the cash basis there is nothing to post between due dates, and so no
/// plan either.
///
/// [`LoanTerms::accrual_posting`]: crate::loan::LoanTerms::accrual_posting
///
/// # Errors
/// As [`wake_loan`].
pub fn close_loan(
    before: &AccountHeader,
    loan: LoanAccount,
    plan: Option<&AccrualPlan>,
    date: NaiveDate,
) -> Result<ClosedLoan, AccountDayError> {
    let posting = loan.terms().accrual_posting;
    let awake = wake_loan(loan, plan)?;
    let decision = awake.decide(&Command::EndOfDay { date }, &Context::today(date))?;
    let loan = decision.account;
    let (plan, next_work_on) = plan_ahead(&loan, date, posting)?;
    let mut header = loan_header(before, &loan)?;
    header.next_work_on = next_work_on;
    let (entries, transfers) = planned::sorted(decision.entries, posting, before);
    Ok(ClosedLoan {
        loan,
        header,
        entries,
        transfers,
        changes: decision.changes,
        plan,
    })
}

/// What the loan posts on the days after `date` on which it only accrues, and when it is due.
fn plan_ahead(
    loan: &LoanAccount,
    date: NaiveDate,
    posting: AccrualPosting,
) -> Result<(Option<AccrualPlan>, Option<NaiveDate>), AccountDayError> {
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
    if posting == AccrualPosting::PerAccount && loan.branch().is_some() {
        return Ok((None, tomorrow));
    }
    let amounts = accruals(loan, date, boundary)?;
    planned::plan(rules, posting, date, &amounts)
}

/// What each day after `date` and before `boundary` earns, as long as it is interest only.
fn accruals(
    loan: &LoanAccount,
    date: NaiveDate,
    boundary: NaiveDate,
) -> Result<Vec<i64>, AccountDayError> {
    // Deferred income is earned daily beside the interest, and a tax is a third leg of the entry: no
    // plan covers them.
    if loan.has_deferred_income() || loan.taxes_interest() {
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
/// [`AccountDayError::Amount`], or the loan's own.
pub fn loan_header(
    before: &AccountHeader,
    loan: &LoanAccount,
) -> Result<AccountHeader, AccountDayError> {
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

fn minor(amount: Decimal, loan: &LoanAccount) -> Result<i64, AccountDayError> {
    minor_units(amount, loan.terms().currency)
}
