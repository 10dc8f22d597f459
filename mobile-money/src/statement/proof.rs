//! What a statement proves about itself.

use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    layout::Layout,
    reader::{Preamble, Row, Statement},
};

/// The order of the rows in the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Order {
    /// Oldest row first.
    #[default]
    OldestFirst,
    /// Newest row first, as M-Pesa writes.
    NewestFirst,
}

/// A break in the running balance: what happened between two rows is not in the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gap {
    /// Line of the last row before the gap; `None` for the opening balance.
    pub after_line: Option<usize>,
    /// Line of the first row after it; `None` for the closing balance.
    pub before_line: Option<usize>,
    /// When the gap begins.
    pub from: Option<DateTime<Utc>>,
    /// When it ends.
    pub to: Option<DateTime<Utc>>,
    /// The balance that the rows lead to.
    #[serde(with = "ledger::money::exact")]
    pub expected: Decimal,
    /// The balance that the file states.
    #[serde(with = "ledger::money::exact")]
    pub stated: Decimal,
}

/// A stated total that the rows do not add up to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum TotalsMismatch {
    /// Total paid in: stated, added up.
    PaidIn(
        #[serde(with = "ledger::money::exact")] Decimal,
        #[serde(with = "ledger::money::exact")] Decimal,
    ),
    /// Total paid out: stated, added up.
    PaidOut(
        #[serde(with = "ledger::money::exact")] Decimal,
        #[serde(with = "ledger::money::exact")] Decimal,
    ),
}

/// Money out of the wallet by a row, amount and fee together, as a change of the balance.
fn change(row: &Row) -> Option<Decimal> {
    row.amount.checked_sub(row.fee)
}

/// The order in which the running balance holds for more pairs of neighbours; where times differ
/// they decide.
fn order(rows: &[Row]) -> Order {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
        return Order::OldestFirst;
    };
    match first.time.cmp(&last.time) {
        core::cmp::Ordering::Less => return Order::OldestFirst,
        core::cmp::Ordering::Greater => return Order::NewestFirst,
        core::cmp::Ordering::Equal => {}
    }
    let holds = |before: &Row, after: &Row| {
        let sum = before
            .balance
            .zip(change(after))
            .and_then(|(b, c)| b.checked_add(c));
        sum.is_some() && sum == after.balance
    };
    let pairs = || rows.iter().zip(rows.iter().skip(1));
    let forward = pairs().filter(|(a, b)| holds(a, b)).count();
    let backward = pairs().filter(|(a, b)| holds(b, a)).count();
    if backward > forward {
        Order::NewestFirst
    } else {
        Order::OldestFirst
    }
}

pub(super) fn prove(layout: &Layout, preamble: Preamble, rows: Vec<Row>) -> Statement {
    let order = order(&rows);
    let mut in_time: Vec<&Row> = rows.iter().collect();
    if order == Order::NewestFirst {
        in_time.reverse();
    }
    let derived = in_time.first().and_then(|row| {
        let before = || row.balance?.checked_sub(change(row)?);
        row.balance_before.or_else(before)
    });
    let opening = preamble.opening.or(derived);
    let (gaps, last) = gaps(&in_time, opening, preamble.closing);
    let mut paid_in = Decimal::ZERO;
    let mut paid_out = Decimal::ZERO;
    for row in &rows {
        let out = row.fee.checked_add(row.amount.min(Decimal::ZERO).abs());
        paid_in = paid_in.saturating_add(row.amount.max(Decimal::ZERO));
        paid_out = paid_out.saturating_add(out.unwrap_or(Decimal::MAX));
    }
    let mut mismatches = Vec::new();
    if let Some(stated) = preamble.paid_in.filter(|stated| *stated != paid_in) {
        mismatches.push(TotalsMismatch::PaidIn(stated, paid_in));
    }
    if let Some(stated) = preamble.paid_out.filter(|stated| *stated != paid_out) {
        mismatches.push(TotalsMismatch::PaidOut(stated, paid_out));
    }
    Statement {
        layout: layout.name.clone(),
        closing: preamble.closing.or(last),
        preamble,
        order,
        opening,
        paid_in,
        paid_out,
        gaps,
        mismatches,
        rows,
    }
}

/// Follows the running balance from the opening to the closing balance.
fn gaps(
    rows: &[&Row],
    opening: Option<Decimal>,
    closing: Option<Decimal>,
) -> (Vec<Gap>, Option<Decimal>) {
    let mut gaps = Vec::new();
    let mut balance = opening;
    let mut last: Option<&Row> = None;
    for row in rows {
        if let (Some(had), Some(stated)) = (balance, row.balance_before)
            && had != stated
        {
            gaps.push(gap(last, Some(row), had, stated));
            balance = row.balance_before;
        }
        let expected = balance.zip(change(row)).and_then(|(b, c)| b.checked_add(c));
        if let (Some(expected), Some(stated)) = (expected, row.balance)
            && expected != stated
        {
            gaps.push(gap(last, Some(row), expected, stated));
        }
        balance = row.balance.or(expected);
        last = Some(row);
    }
    if let (Some(had), Some(stated)) = (balance, closing)
        && had != stated
    {
        gaps.push(gap(last, None, had, stated));
    }
    (gaps, balance)
}

fn gap(last: Option<&Row>, next: Option<&Row>, expected: Decimal, stated: Decimal) -> Gap {
    Gap {
        after_line: last.map(|row| row.line),
        before_line: next.map(|row| row.line),
        from: last.map(|row| row.time),
        to: next.map(|row| row.time),
        expected,
        stated,
    }
}
