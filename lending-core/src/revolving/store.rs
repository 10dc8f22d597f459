//! What a store keeps of a line: its encoded state, and the header that can be searched.

use ledger::{Money, posting_rules::AccountingMethod};
use rust_decimal::{Decimal, prelude::ToPrimitive};

use super::{CreditLine, RevolvingError, Status, Transaction};
use crate::store::{AccountHeader, AccountKind, Balances, Standing, Stored};

impl Stored for CreditLine {
    const FORMAT: u8 = 1;
}

impl Stored for Transaction {
    const FORMAT: u8 = 1;
}

/// What a store can search of a line, work for the end of day included.
///
/// On the accrual basis a line that bears interest has work every day; otherwise on the next day
/// at whose end something happens.
///
/// # Errors
/// [`RevolvingError::Amount`].
pub fn line_header(
    before: &AccountHeader,
    line: &CreditLine,
) -> Result<AccountHeader, RevolvingError> {
    let arrears = line.arrears();
    let receivable = line.receivable()?;
    let active = line.status() == Status::Active;
    let minor = |amount| minor(amount, line);
    Ok(AccountHeader {
        kind: AccountKind::CreditLine,
        standing: match line.status() {
            Status::PendingApproval => Standing::Pending,
            Status::Approved => Standing::Approved,
            Status::Active if arrears.in_arrears() || arrears.in_default() => Standing::InArrears,
            Status::Active if line.is_frozen() => Standing::Locked,
            Status::Active => Standing::Active,
            Status::Closed => Standing::Closed,
            Status::WrittenOff => Standing::WrittenOff,
            Status::Rejected | Status::Withdrawn => Standing::Rejected,
        },
        next_work_on: if active { next_work(line)? } else { None },
        in_arrears_since: arrears.since.filter(|_| active),
        balances: Balances {
            principal: minor(line.owed().principal)?,
            interest: minor(receivable.interest)?,
            fees: minor(receivable.fee)?,
            penalties: minor(receivable.penalty)?,
            overdue: minor(arrears.overdue)?,
        },
        ..before.clone()
    })
}

fn next_work(line: &CreditLine) -> Result<Option<chrono::NaiveDate>, RevolvingError> {
    let tomorrow = line.ended.succ_opt();
    let accrues = line.terms().accounting.method() == AccountingMethod::Accrual
        && line
            .stretches
            .last()
            .is_some_and(|last| !last.base.is_zero());
    // Days past due are counted daily.
    let late = line.arrears().oldest_unpaid.is_some();
    Ok(if accrues || late {
        tomorrow
    } else {
        line.next_event()
    })
}

fn minor(amount: Decimal, line: &CreditLine) -> Result<i64, RevolvingError> {
    let whole = Money::new(amount, line.terms().currency).to_minor().ok();
    whole
        .and_then(|minor| minor.to_i64())
        .ok_or(RevolvingError::Amount { given: amount })
}
