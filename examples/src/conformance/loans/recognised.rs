//! Income that the cases list as transactions (accruals, amortisation) and that the library books
//! without one: on each day the source lists some, what has been recognised by then must agree.
//!
//! Sums are compared, not single rows: the source recognises income at its end of day only, the
//! library with every command as well. What became known later is recognised here on the day it
//! did, so the sum may also be that of the day of the check; and it may be ahead by charges made
//! and income paid before the source accrues them.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use ledger::Side;
use lending_core::loan::{ACCRUAL, AMORTISATION, Instalment, Transaction, TransactionKind};
use rust_decimal::Decimal;
use serde_json::Value;

use super::{
    super::{
        Verdict,
        values::{decimal, field, parse_date, same, text},
    },
    checks::{self, Lines},
    events::Loan,
};

/// Which rows of a list of transactions are income recognised.
pub(super) fn is_income(kind: &str) -> bool {
    kind.starts_with("accrual")
        || kind.ends_with("_amortization")
        || kind.contains("_amortization_")
}

pub(super) fn check(loan: &Loan, rows: &[Value]) -> Result<(), Verdict> {
    let counts = |row: &&Value| row.get("reversed").and_then(Value::as_bool) != Some(true);
    let mut days: BTreeMap<(&str, NaiveDate), Decimal> = BTreeMap::new();
    for row in rows.iter().filter(counts) {
        let kind = text(field(row, "type")?)?;
        let on = parse_date(text(field(row, "date")?)?)?;
        let amount = decimal(field(row, "amount")?)?;
        let (income, lowers) = match kind.strip_suffix("_adjustment") {
            Some(kind) => (kind, true),
            None => (kind, false),
        };
        if income == "accrual_activity" {
            activity(loan, on, amount)?;
            continue;
        }
        if account(income).is_none() {
            return Err(Verdict::Skip(format!("transaction {kind}")));
        }
        *days.entry((income, on)).or_default() += if lowers { -amount } else { amount };
    }
    let mut sums: BTreeMap<&str, Decimal> = BTreeMap::new();
    for ((income, on), amount) in days {
        let sum = sums.entry(income).or_default();
        *sum += amount;
        // Income of days before anything was entered is booked on the day of entry here.
        if loan.history.iter().all(|t| t.booking_date > on) {
            continue;
        }
        let now = recognised(loan, income, NaiveDate::MAX);
        let then = recognised(loan, income, on);
        // Charges, and whatever was paid, are recognised at once here.
        let at_once = *sum < then && then <= *sum + early(loan, on);
        let got = if now == *sum || at_once { *sum } else { then };
        same(&format!("{income} by {on}"), sum, &got)?;
    }
    Ok(())
}

/// The reference of the entries that recognise income, and the account that shows how much.
fn account(income: &str) -> Option<(&'static str, &'static str)> {
    Some(match income {
        "accrual" => (ACCRUAL, "interest_fee_receivable"),
        "capitalized_income_amortization" => (AMORTISATION, "interest_income"),
        "buy_down_fee_amortization" => (AMORTISATION, "income_from_buy_down"),
        _ => return None,
    })
}

/// What the books had recognised by a day.
fn recognised(loan: &Loan, income: &str, by: NaiveDate) -> Decimal {
    match account(income) {
        Some((ACCRUAL, account)) => booked(loan, ACCRUAL, account, by),
        Some((reference, account)) => -booked(loan, reference, account, by),
        None => Decimal::ZERO,
    }
}

/// Charges made and income paid by a day: the source recognises them later.
fn early(loan: &Loan, by: NaiveDate) -> Decimal {
    let valid = loan
        .history
        .iter()
        .filter(|t| t.reversed_on.is_none() && t.value_date <= by);
    let of = |t: &Transaction| {
        let applied = t.outcome.applied;
        match t.kind {
            TransactionKind::Disbursement { .. } => Decimal::ZERO,
            _ => applied.interest + applied.fee + applied.penalty,
        }
    };
    valid.map(of).sum()
}

/// Debits less credits of an account in entries with a reference, up to a day.
fn booked(loan: &Loan, reference: &str, account: &str, by: NaiveDate) -> Decimal {
    let entries = loan
        .entries
        .iter()
        .filter(|entry| entry.reference() == Some(reference) && entry.value_date() <= by);
    let lines = entries.flat_map(|entry| entry.lines());
    lines
        .filter(|line| line.account().to_string() == account)
        .map(|line| match line.side() {
            Side::Debit => line.amount().amount(),
            Side::Credit => -line.amount().amount(),
        })
        .sum()
}

/// What was booked when income was recognised up to a day: of that day, and of that day and the
/// one, two, ... days before it on which some was.
pub(super) fn booked_until(loan: &Loan, kind: &str, on: NaiveDate) -> Result<Vec<Lines>, Verdict> {
    let income = kind.strip_suffix("_adjustment").unwrap_or(kind);
    let Some((reference, _)) = account(income) else {
        return Err(Verdict::Skip(format!("journal of {kind}")));
    };
    let mut days: BTreeMap<NaiveDate, Lines> = BTreeMap::new();
    for entry in &loan.entries {
        if entry.reference() == Some(reference) && entry.value_date() <= on {
            let lines = days.entry(entry.value_date()).or_default();
            lines.extend(entry.lines().iter().map(checks::line));
        }
    }
    let mut together = Lines::new();
    let until = days.into_values().rev().map(|lines| {
        together.extend(lines);
        together.clone()
    });
    Ok(until.collect())
}

/// An activity row repeats what an instalment charges beside principal.
fn activity(loan: &Loan, on: NaiveDate, amount: Decimal) -> Result<(), Verdict> {
    let account = loan.shown()?;
    let due = |row: &&Instalment| row.due_on == on;
    let charged = |row: &Instalment| row.due.interest + row.due.fee + row.due.penalty;
    let got = account.instalments().iter().filter(due).map(charged).sum();
    Ok(same(
        &format!("income of the instalment due {on}"),
        &amount,
        &got,
    )?)
}
