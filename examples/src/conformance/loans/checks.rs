//! Comparing an account with what a case expects.

use ledger::{JournalLine, Side};
use lending_core::loan::{
    Amounts, Element, Instalment, LoanAccount, Status, Transaction, TransactionId, TransactionKind,
};
use rust_decimal::Decimal;
use serde_json::Value;

use super::{
    super::{
        Verdict,
        values::{decimal, field, parse_date, same, text},
    },
    events::Loan,
    names::{is_charge, type_name},
    recognised,
};

type Checked = Result<(), Verdict>;

pub(super) fn check(loan: &Loan, check: &Value) -> Checked {
    let fields = check.as_object().ok_or("cannot read the case: check")?;
    for (name, expected) in fields {
        match name.as_str() {
            "after_event" | "business_date" | "totals_derived" => {}
            "schedule" => schedule(loan, list(expected)?)?,
            "totals" => totals(loan, expected)?,
            "charged_off_on" => {
                let on = loan.account.charged_off_on();
                let on = on.map_or_else(|| "never".to_owned(), |on| on.to_string());
                same(
                    "charged off on",
                    &expected.as_str().unwrap_or("never"),
                    &&*on,
                )?;
            }
            "transactions" => transactions(loan, list(expected)?)?,
            "transaction_rows" => transaction_rows(loan, list(expected)?)?,
            "status" => status(&loan.account, text(expected)?)?,
            "outstanding" => {
                let open = loan.account.outstanding().and_then(|open| open.total());
                let open = open.map_err(|error| format!("{error}"))?;
                same("outstanding", &decimal(expected)?, &open)?;
            }
            "credit_balance" => {
                let got = loan.account.credit_balance();
                same("credit balance", &decimal(expected)?, &got)?;
            }
            "pay_off" => {
                let on = parse_date(text(field(expected, "on")?)?)?;
                let got = loan.account.payoff(on).map_err(|e| format!("{e}"))?;
                same("pay-off", &decimal(field(expected, "amount")?)?, &got)?;
            }
            "delinquency" => delinquency(&loan.shown()?, expected)?,
            "journal" => journal(loan, list(expected)?)?,
            "reversed" => reversed(loan, list(expected)?)?,
            "charges" => charges(loan, list(expected)?)?,
            "all_installments_met" => {
                let met = loan
                    .account
                    .instalments()
                    .iter()
                    .all(Instalment::is_settled);
                same(
                    "all instalments met",
                    &expected.as_bool().unwrap_or(true),
                    &met,
                )?;
            }
            other => {
                return Err(Verdict::Skip(format!(
                    "check of {}",
                    other.replace('_', " ")
                )));
            }
        }
    }
    Ok(())
}

fn list(value: &Value) -> Result<&[Value], Verdict> {
    Ok(value
        .as_array()
        .map(Vec::as_slice)
        .ok_or("cannot read the case: not a list")?)
}

fn money(what: &str, row: &Value, name: &str, got: Decimal) -> Checked {
    match row.get(name) {
        Some(expected) => Ok(same(&format!("{what}: {name}"), &decimal(expected)?, &got)?),
        None => Ok(()),
    }
}

fn schedule(loan: &Loan, expected: &[Value]) -> Checked {
    let account = loan.shown()?;
    let mut rows = account.instalments();
    let is_payout = |row: &&Value| row.get("kind").is_some_and(|kind| kind == "disbursement");
    let payouts = expected.iter().filter(is_payout).count();
    // Instalments that early principal left with nothing stay in the list here.
    while let Some((last, before)) = rows.split_last() {
        if rows.len() + payouts <= expected.len() || !last.due.is_zero() {
            break;
        }
        rows = before;
    }
    same(
        "number of instalments",
        &(expected.len() - payouts),
        &rows.len(),
    )?;
    // Principal owed anew by a chargeback joins instalments without having been paid out.
    let lent_anew = |kind: &TransactionKind| matches!(kind, TransactionKind::Chargeback { .. });
    let plain = !loan.history.iter().any(|t| lent_anew(&t.kind));
    let mut balance = Decimal::ZERO;
    let mut rows = rows.iter();
    for expected in expected {
        if is_payout(&expected) {
            balance += decimal(field(expected, "amount")?)?;
        } else if let Some(row) = rows.next() {
            instalment(expected, row)?;
            balance -= row.due.principal;
            if plain {
                let what = format!("instalment {}", row.number);
                money(&what, expected, "balance_after", balance)?;
            }
        }
    }
    Ok(())
}

fn instalment(expected: &Value, row: &Instalment) -> Checked {
    let what = format!("instalment {}", row.number);
    let total = |amounts: &Amounts| -> Result<Decimal, Verdict> {
        Ok(amounts.total().map_err(|error| format!("{error}"))?)
    };
    let due_on = row.due_on.to_string();
    same(
        &format!("{what}: due"),
        &text(field(expected, "due")?)?,
        &due_on.as_str(),
    )?;
    money(&what, expected, "principal", row.due.principal)?;
    money(&what, expected, "interest", row.due.interest)?;
    money(&what, expected, "fees", row.due.fee)?;
    money(&what, expected, "penalties", row.due.penalty)?;
    money(&what, expected, "total", total(&row.due)?)?;
    money(&what, expected, "paid", total(&row.paid)?)?;
    money(&what, expected, "paid_in_advance", row.paid_in_advance)?;
    money(&what, expected, "paid_late", row.paid_late)?;
    let open = row.open_amounts().map_err(|error| format!("{error}"))?;
    money(&what, expected, "outstanding", total(&open)?)?;
    // Nothing was paid on an instalment that came to nothing.
    let Some(paid_on) = expected.get("paid_on").filter(|_| !row.due.is_zero()) else {
        return Ok(());
    };
    let paid_on = paid_on.as_str().unwrap_or("never");
    let settled = row
        .settled_on
        .map_or_else(|| "never".to_owned(), |on| on.to_string());
    Ok(same(
        &format!("{what}: paid on"),
        &paid_on,
        &settled.as_str(),
    )?)
}

/// Fees kept back from payouts: paid as they arise, on no instalment.
fn kept_back(loan: &Loan) -> Decimal {
    let payouts = loan.history.iter().filter(|t| {
        matches!(t.kind, TransactionKind::Disbursement { .. }) && t.reversed_on.is_none()
    });
    payouts.map(|t| t.outcome.applied.fee).sum()
}

fn totals(loan: &Loan, expected: &Value) -> Checked {
    let account = loan.shown()?;
    let kept_back = kept_back(loan);
    let rows = account.instalments();
    let sum = |of: fn(&Instalment) -> Decimal| rows.iter().map(of).sum::<Decimal>();
    let due = |row: &Instalment| row.due.total().unwrap_or_default();
    money(
        "totals",
        expected,
        "principal",
        sum(|row| row.due.principal),
    )?;
    money("totals", expected, "interest", sum(|row| row.due.interest))?;
    money(
        "totals",
        expected,
        "fees",
        sum(|row| row.due.fee) + kept_back,
    )?;
    money("totals", expected, "penalties", sum(|row| row.due.penalty))?;
    money("totals", expected, "total", sum(due) + kept_back)?;
    money(
        "totals",
        expected,
        "paid",
        sum(|row| row.paid.total().unwrap_or_default()) + kept_back,
    )?;
    money(
        "totals",
        expected,
        "paid_in_advance",
        sum(|row| row.paid_in_advance),
    )?;
    money("totals", expected, "paid_late", sum(|row| row.paid_late))?;
    let open = |row: &Instalment| {
        row.open_amounts()
            .and_then(|open| open.total())
            .unwrap_or_default()
    };
    money("totals", expected, "outstanding", sum(open))
}

/// Income recognised is booked, not recorded as a transaction: the list without it must agree one
/// by one.
fn transactions(loan: &Loan, expected: &[Value]) -> Checked {
    let income = |row: &&Value| {
        let kind = row.get("type").and_then(Value::as_str);
        kind.is_some_and(recognised::is_income)
    };
    let rows: Vec<Value> = expected.iter().filter(income).cloned().collect();
    recognised::check(loan, &rows)?;
    let mut expected: Vec<&Value> = expected.iter().filter(|row| !income(row)).collect();
    // A fee kept back is part of the payout here.
    let at_payout = |row: &&Value| {
        row.get("type")
            .is_some_and(|t| t == "repayment_at_time_of_disbursement")
    };
    let mut fees = Decimal::ZERO;
    for row in expected.iter().copied().filter(at_payout) {
        fees += decimal(field(row, "amount")?)?;
    }
    same("fees kept back", &fees, &kept_back(loan))?;
    expected.retain(|row| !at_payout(row));
    let shown: Vec<_> = loan
        .history
        .iter()
        .filter(|t| {
            !matches!(
                t.kind,
                TransactionKind::RateChange { .. }
                    | TransactionKind::InterestPause { .. }
                    | TransactionKind::Reschedule(_)
            ) && !is_charge(&t.kind)
                && !loan.withdrawn.contains(&t.id)
        })
        .collect();
    expected.sort_by_key(|row| row.get("date").and_then(Value::as_str).map(str::to_owned));
    same("number of transactions", &expected.len(), &shown.len())?;
    for (at, (expected, got)) in expected.iter().zip(shown).enumerate() {
        let what = format!("transaction {}", at + 1);
        same(
            &format!("{what}: date"),
            &text(field(expected, "date")?)?,
            &&*got.value_date.to_string(),
        )?;
        same(
            &format!("{what}: type"),
            &text(field(expected, "type")?)?,
            &type_name(&got.kind),
        )?;
        let reversed = expected.get("reversed").and_then(Value::as_bool);
        same(
            &format!("{what}: reversed"),
            &reversed.unwrap_or(got.reversed_on.is_some()),
            &got.reversed_on.is_some(),
        )?;
        if got.reversed_on.is_some() {
            continue;
        }
        transaction(&what, expected, got)?;
    }
    Ok(())
}

fn transaction(what: &str, expected: &Value, got: &Transaction) -> Checked {
    if let Some(amount) = got.kind.amount() {
        money(what, expected, "amount", amount)?;
    }
    // The columns show what was paid: nothing by a payout, nothing by a waiver.
    let pays = !matches!(
        got.kind,
        TransactionKind::Disbursement { .. } | TransactionKind::Waiver { .. }
    );
    if pays {
        money(what, expected, "principal", got.outcome.applied.principal)?;
        money(what, expected, "interest", got.outcome.applied.interest)?;
        money(what, expected, "fees", got.outcome.applied.fee)?;
        money(what, expected, "penalties", got.outcome.applied.penalty)?;
    }
    // Shown as zero for transactions that move no money.
    match got.kind {
        TransactionKind::ChargeOff { .. }
        | TransactionKind::ReAmortise { .. }
        | TransactionKind::ReAge { .. }
        | TransactionKind::Terminate => Ok(()),
        _ => money(what, expected, "balance_after", got.outcome.principal_after),
    }
}

fn transaction_rows(loan: &Loan, expected: &[Value]) -> Checked {
    let mut income = Vec::new();
    for row in expected {
        let kind = text(field(row, "type")?)?;
        if recognised::is_income(kind) {
            income.push(row.clone());
            continue;
        }
        let date = text(field(row, "date")?)?;
        let found = loan.history.iter().find(|t| {
            type_name(&t.kind) == kind
                && t.value_date.to_string() == date
                && t.reversed_on.is_none()
        });
        let got = found
            .ok_or_else(|| format!("transaction {kind} of {date} (expected one, got none)"))?;
        transaction(kind, row, got)?;
    }
    recognised::check(loan, &income)
}

fn status(account: &LoanAccount, expected: &str) -> Checked {
    let got = match account.status() {
        Status::Repaid | Status::Terminated if account.is_overpaid() => "overpaid",
        Status::Repaid | Status::Terminated => "closed_obligations_met",
        Status::Active => "active",
        Status::Approved => "approved",
        Status::PendingApproval => "submitted_and_pending_approval",
        Status::Rejected => "rejected",
        Status::Withdrawn => "withdrawn_by_client",
        Status::WrittenOff => "closed_written_off",
        _ => "other",
    };
    Ok(same("status", &expected, &got)?)
}

/// Lines as text, sorted, so that lists of lines compare.
pub(super) type Lines = Vec<(String, Decimal)>;

fn shown(mut lines: Lines) -> String {
    lines.retain(|(_, amount)| !amount.is_zero());
    lines.sort();
    let text: Vec<_> = lines
        .iter()
        .map(|(name, amount)| format!("{name} {amount:.2}"))
        .collect();
    text.join(", ")
}

/// Debits less credits, account by account.
fn net(lines: &Lines) -> String {
    let mut sums = std::collections::BTreeMap::new();
    for (name, amount) in lines {
        let (side, account) = name.split_once(' ').unwrap_or(("", name));
        *sums.entry(account.to_owned()).or_insert(Decimal::ZERO) +=
            if side == "debit" { *amount } else { -*amount };
    }
    shown(sums.into_iter().collect())
}

/// What was booked for each transaction must agree line by line, or, where history changed under
/// it and only the difference was booked, in the net effect on each account.
fn journal(loan: &Loan, expected: &[Value]) -> Checked {
    for row in expected {
        let (kind, date) = (
            text(field(row, "transaction")?)?,
            text(field(row, "date")?)?,
        );
        let mut lines = Lines::new();
        let income = recognised::is_income(kind);
        for leg in list(field(row, "lines")?)? {
            let (side, account) = (text(field(leg, "side")?)?, text(field(leg, "account")?)?);
            lines.push((format!("{side} {account}"), decimal(field(leg, "amount")?)?));
        }
        if income {
            let on = parse_date(date)?;
            let by_day = recognised::booked_until(loan, kind, on)?;
            if by_day.iter().any(|got| net(got) == net(&lines)) {
                continue;
            }
            let got = by_day.first().cloned().unwrap_or_default();
            let (lines, got) = (shown(lines), shown(got));
            return Err(Verdict::Fail(format!(
                "journal of {kind} of {date} (expected {lines}, got {got})"
            )));
        }
        let of_row =
            |t: &&Transaction| type_name(&t.kind) == kind && t.value_date.to_string() == date;
        let booked: Vec<_> = loan
            .history
            .iter()
            .filter(of_row)
            .map(|t| booked_by(loan, t.id))
            .collect();
        // The source may list all transactions of a type and day together.
        let together: Lines = booked.iter().flatten().cloned().collect();
        let booked: Vec<_> = booked.into_iter().chain([together]).collect();
        if !booked
            .iter()
            .any(|got| shown(got.clone()) == shown(lines.clone()) || net(got) == net(&lines))
        {
            let got: Vec<_> = booked.into_iter().map(shown).collect();
            let (lines, got) = (shown(lines), got.join(" | "));
            return Err(Verdict::Fail(format!(
                "journal of {kind} of {date} (expected {lines}, got {got})"
            )));
        }
    }
    Ok(())
}

fn booked_by(loan: &Loan, id: TransactionId) -> Lines {
    let reference = id.to_string();
    let entries = loan
        .entries
        .iter()
        .filter(|entry| entry.reference() == Some(&*reference));
    let lines = entries.flat_map(|entry| entry.lines());
    lines.map(line).collect()
}

/// A line of an entry as the cases write it.
pub(super) fn line(leg: &JournalLine) -> (String, Decimal) {
    let side = match leg.side() {
        Side::Debit => "debit",
        Side::Credit => "credit",
    };
    (format!("{side} {}", leg.account()), leg.amount().amount())
}

fn reversed(loan: &Loan, expected: &[Value]) -> Checked {
    for row in expected {
        let (kind, on) = (text(field(row, "type")?)?, text(field(row, "on")?)?);
        let found = loan.history.iter().any(|t| {
            type_name(&t.kind) == kind && t.value_date.to_string() == on && t.reversed_on.is_some()
        });
        same(&format!("{kind} of {on} reversed"), &true, &found)?;
    }
    Ok(())
}

/// Delinquent from the first day beyond the tolerance on.
fn delinquency(account: &LoanAccount, expected: &Value) -> Checked {
    let got = account.delinquency();
    let since = got.since.map(|on| on.to_string());
    let since = since.as_deref().unwrap_or("never");
    let want = expected.get("since").and_then(Value::as_str);
    same("delinquent since", &want.unwrap_or("never"), &since)?;
    let none = "no_delinquency";
    let range = got.range.as_ref().map_or(none, |range| range.as_str());
    let want = expected.get("range").and_then(Value::as_str);
    same("delinquency range", &want.unwrap_or(none), &range)?;
    let tags = account.delinquency_history();
    let tag = tags.last().filter(|tag| tag.to.is_none());
    let tag = tag.map_or(none, |tag| tag.range.as_str());
    Ok(same("delinquency tag", &range, &tag)?)
}

/// Charge by charge; what was kept back from payouts is paid as it arises.
fn charges(loan: &Loan, expected: &[Value]) -> Checked {
    let states = loan.account.charge_states();
    let mut states = states.map_err(|error| format!("{error}"))?;
    for row in expected {
        if row.get("when").is_some_and(|when| when == "disbursement") {
            same(
                "charge at disbursement",
                &decimal(field(row, "amount")?)?,
                &kept_back(loan),
            )?;
            continue;
        }
        let penalty = row.get("penalty").and_then(Value::as_bool).unwrap_or(false);
        let element = if penalty {
            Element::Penalty
        } else {
            Element::Fee
        };
        let amount = decimal(field(row, "amount")?)?;
        let due = row.get("due").and_then(Value::as_str);
        let each = row
            .get("when")
            .is_some_and(|when| when == "each_installment");
        let of_each = |id: TransactionId| {
            loan.history
                .iter()
                .any(|t| t.id == id && matches!(t.kind, TransactionKind::InstalmentCharge { .. }))
        };
        let found = states.iter().position(|state| {
            state.element == element
                && (!each || of_each(state.transaction))
                && state.amount == amount
                && due.is_none_or(|due| state.due.to_string() == due)
        });
        let what = format!(
            "charge of {amount} due {}",
            due.unwrap_or("with instalments")
        );
        let at = found.ok_or_else(|| format!("{what} (expected one, got none)"))?;
        let state = states.remove(at);
        money(&what, row, "paid", state.paid)?;
        money(&what, row, "waived", state.waived)?;
        let open = state.outstanding().map_err(|error| format!("{error}"))?;
        money(&what, row, "outstanding", open)?;
    }
    Ok(())
}
