//! Accounts whose plans have decided the day.

use alloc::{string::ToString, vec::Vec};

use chrono::NaiveDate;
use ledger::{EntryId, JournalEntry, Money};

use super::{
    EndOfDayError,
    aggregate::{Group, Sums},
};
use crate::loan::ACCRUAL;
use crate::store::{AccrualPosting, AccrualWrite, Accruing, Commit, PostedEntry, StoreError};

/// Posts a page by plan: moves every account on and adds up what is posted in sums. Gives the
/// accounts that post an entry of their own.
pub(super) fn page<'p>(
    commit: &mut Commit,
    sums: &mut Sums,
    page: &'p [Accruing],
    date: NaiveDate,
) -> Vec<&'p Accruing> {
    let mut own = Vec::new();
    // Neighbours mostly share their group: they are added up before they are looked up.
    let mut run: Option<(Group, (ledger::GlCode, ledger::GlCode), i128)> = None;
    for accruing in page {
        let plan = &accruing.plan;
        let amount = plan.due_through(date);
        commit.accruals.push(AccrualWrite {
            account: accruing.account,
            expected: accruing.version,
            through: date,
            amount,
        });
        if amount == 0 {
            continue;
        }
        // A negative amount gives back: an entry turns its sides, a sum would hide it.
        if plan.posting == AccrualPosting::PerAccount || amount < 0 {
            own.push(accruing);
            continue;
        }
        let group = (
            date,
            accruing.product,
            Some(accruing.branch),
            accruing.currency,
        );
        let pair = (plan.debit, plan.credit);
        run = match run {
            Some((of, accounts, sum)) if of == group && accounts == pair => {
                Some((of, accounts, sum.saturating_add(i128::from(amount))))
            }
            other => {
                if let Some((group, pair, sum)) = other {
                    sums.add_minor(group, pair, sum);
                }
                Some((group, pair, i128::from(amount)))
            }
        };
    }
    if let Some((group, pair, sum)) = run {
        sums.add_minor(group, pair, sum);
    }
    own
}

/// The entry of one account, as the loan itself would post it: without a branch.
pub(super) fn entry(
    accruing: &Accruing,
    id: EntryId,
    date: NaiveDate,
) -> Result<PostedEntry, EndOfDayError> {
    let (plan, currency) = (&accruing.plan, accruing.currency);
    let minor = i128::from(plan.due_through(date));
    let range = || StoreError::AmountRange {
        gl: plan.debit,
        currency,
    };
    let amount = Money::from_minor(minor.saturating_abs(), currency).map_err(|_| range())?;
    let (debit, credit) = if minor < 0 {
        (plan.credit, plan.debit)
    } else {
        (plan.debit, plan.credit)
    };
    let entry = JournalEntry::builder(id, date, date)
        .debit(debit, amount)
        .credit(credit, amount)
        .reference(ACCRUAL)
        .build()
        .map_err(|error| StoreError::Malformed {
            reason: "an entry posted by plan",
            subject: error.to_string(),
        })?;
    Ok(PostedEntry {
        account: Some(accruing.account),
        entry,
    })
}
