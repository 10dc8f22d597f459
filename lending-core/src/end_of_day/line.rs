//! The business day of a line of credit, as that of a [loan](super::close_loan): a line in good
//! standing only accrues until its next statement, and what each of those days posts is its
//! [plan](AccrualPlan).

use alloc::vec::Vec;

use chrono::NaiveDate;
use ledger::{JournalEntry, posting_rules::AccountingMethod};

use super::{
    Transfer,
    planned::{self, AccountDayError, MOST_DAYS, minor_units},
};
use crate::{
    loan::{Amounts, Element},
    revolving::{Command, Context, CreditLine, Statement, Status, Trace, line_header},
    store::{AccountHeader, AccrualPlan, AccrualPosting},
};

/// A line after its day.
#[derive(Clone, Debug, PartialEq)]
pub struct ClosedLine {
    /// The line.
    pub line: CreditLine,
    /// What can be searched of it.
    pub header: AccountHeader,
    /// Entries of its own.
    pub entries: Vec<JournalEntry>,
    /// Amounts to be posted in sums.
    pub transfers: Vec<Transfer>,
    /// Statements that were made.
    pub statements: Vec<Statement>,
    /// What it posts until something happens again, if that is known.
    pub plan: Option<AccrualPlan>,
}

/// Brings a line to what its plan has posted. Whoever reads a line with a plan does this before he
/// decides anything; what it posts is in the books already.
///
/// # Errors
/// [`AccountDayError::PlanDiffers`] when the books do not hold what the line earned; the line's own.
pub fn wake_line(
    line: CreditLine,
    plan: Option<&AccrualPlan>,
) -> Result<CreditLine, AccountDayError> {
    let Some(plan) = planned::ahead_of(plan, line.closed_through()) else {
        return Ok(line);
    };
    let date = plan.posted_through;
    let decision = line.decide(&Command::EndOfDay { date }, &Context::today(date))?;
    planned::hold_against(plan, &decision.entries)?;
    Ok(decision.line)
}

/// Closes a date for a line that was read with `before` and `plan`. Accruals of interest are posted
/// as the contract says
/// ([`CreditLineTerms::accrual_posting`](crate::revolving::CreditLineTerms::accrual_posting)).
///
/// # Errors
/// As [`wake_line`].
pub fn close_line(
    before: &AccountHeader,
    line: CreditLine,
    plan: Option<&AccrualPlan>,
    date: NaiveDate,
) -> Result<ClosedLine, AccountDayError> {
    let posting = line.terms().accrual_posting;
    let awake = wake_line(line, plan)?;
    let decision = awake.decide(&Command::EndOfDay { date }, &Context::today(date))?;
    let line = decision.line;
    let mut header = line_header(before, &line)?;
    let plan = match quiet_days(&line, date)? {
        Some(amounts) => {
            let (plan, next) = planned::plan(&line.terms().accounting, posting, date, &amounts)?;
            header.next_work_on = next;
            plan
        }
        None => None,
    };
    let (entries, transfers) = planned::sorted(decision.entries, posting, before);
    Ok(ClosedLine {
        line,
        header,
        entries,
        transfers,
        statements: decision.statements,
        plan,
    })
}

/// What each day after `date` earns before something happens, as long as it is interest only;
/// `None` where nothing is planned.
fn quiet_days(line: &CreditLine, date: NaiveDate) -> Result<Option<Vec<i64>>, AccountDayError> {
    let terms = line.terms();
    // A branch is on the line's own entries, and a tax is a third leg of them: no plan has either.
    let own = terms.accrual_posting == AccrualPosting::PerAccount && line.has_branch();
    if line.status() != Status::Active
        || terms.accounting.method() != AccountingMethod::Accrual
        || line.arrears().oldest_unpaid.is_some()
        || line.taxes_interest()
        || own
    {
        return Ok(None);
    }
    let mut ahead = line.clone();
    let mut before = ahead.earned()?;
    let mut amounts = Vec::new();
    for day in date.iter_days().skip(1).take(MOST_DAYS) {
        if ahead.next_event().is_none_or(|event| event <= day) {
            break;
        }
        ahead.advance(day, &mut Trace::preview())?;
        let earned = ahead.earned()?;
        let interest = earned.minus(&before)?;
        before = earned;
        if interest != Amounts::of(Element::Interest, interest.interest)
            || ahead.arrears().oldest_unpaid.is_some()
        {
            break;
        }
        amounts.push(minor_units(interest.interest, terms.currency)?);
    }
    // A line that earns nothing is looked at when something happens.
    Ok(Some(amounts).filter(|amounts| amounts.iter().any(|amount| *amount != 0)))
}
