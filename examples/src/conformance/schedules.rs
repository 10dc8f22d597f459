//! Repayment schedules: loans of which nothing is known but terms and disbursements.

use lending_core::{
    dates::Calendar,
    schedule::{Amortization, Instalment, Schedule, Tranche, generate},
};
use rust_decimal::Decimal;
use serde_json::Value;

use super::{
    Outcome, Verdict,
    fineract_terms::{Loan, loan},
    values,
};

/// The events that leave a schedule to its terms.
const EVENTS: [&str; 3] = ["business_date", "approve", "disburse"];

/// What a check may ask of a schedule.
const CHECKS: [&str; 6] = [
    "after_event",
    "business_date",
    "schedule",
    "totals",
    "totals_derived",
    "all_installments_met",
];

/// Checks every schedule of a loan that only has disbursements.
pub(super) fn check(case: &Value) -> Outcome {
    let events = list(case, "events")?;
    for event in events {
        let kind = values::text(values::field(event, "type")?)?;
        if !EVENTS.contains(&kind) {
            return Err(Verdict::Skip(format!("loan event {kind}")));
        }
        if event.get("expect").is_some() {
            return Err(Verdict::Skip("refusals of a loan account".to_owned()));
        }
    }
    for check in list(case, "checks")? {
        for name in check
            .as_object()
            .into_iter()
            .flat_map(|fields| fields.keys())
        {
            if !CHECKS.contains(&name.as_str()) {
                return Err(Verdict::Skip(format!("{name} of a loan account")));
            }
        }
        check_at(case, events, check)?;
    }
    Ok(())
}

fn list<'a>(object: &'a Value, name: &str) -> Result<&'a [Value], String> {
    let value = values::field(object, name)?;
    let entries = value.as_array().map(Vec::as_slice);
    entries.ok_or_else(|| format!("cannot read the case: {name} is no list"))
}

fn check_at(case: &Value, events: &[Value], check: &Value) -> Outcome {
    let after = values::field(check, "after_event")?.as_u64().unwrap_or(0);
    let after = usize::try_from(after).unwrap_or(usize::MAX);
    let terms = values::field(case, "terms")?;
    let paid_out = paid_out(terms, events.get(..after).unwrap_or(events))?;
    let (first, later) = match paid_out.split_first() {
        Some(split) => split,
        None => return Err(Verdict::Skip("a schedule without disbursement".to_owned())),
    };
    let mut loan = loan(terms, first.on)?;
    instalment_of_approved(terms, &mut loan, first.amount)?;
    loan.terms.tranches = later.to_vec();
    let calendar = Calendar::default();
    let schedule = generate(
        &loan.terms,
        first.amount,
        loan.currency,
        loan.start,
        &calendar,
    )
    .map_err(|refusal| format!("refused: {refusal}"))?;
    compare_rows(&schedule, check)?;
    compare_totals(&schedule, check)
}

/// What was disbursed by then; before any disbursement, the one that the terms expect.
fn paid_out(terms: &Value, events: &[Value]) -> Result<Vec<Tranche>, Verdict> {
    let mut out = Vec::new();
    for event in events {
        if values::text(values::field(event, "type")?)? == "disburse" {
            out.push(Tranche {
                on: values::parse_date(values::text(values::field(event, "date")?)?)?,
                amount: values::decimal(values::field(event, "amount")?)?,
            });
        }
    }
    if out.is_empty() {
        let on = values::text(values::field(terms, "expected_disbursement")?)?;
        out.push(Tranche {
            on: values::parse_date(on)?,
            amount: values::decimal(values::field(terms, "principal")?)?,
        });
    }
    Ok(out)
}

/// One product takes its instalment from the approved amount.
fn instalment_of_approved(terms: &Value, loan: &mut Loan, paid_out: Decimal) -> Outcome {
    let basis = terms.get("emi_basis").and_then(Value::as_str);
    if basis != Some("approved_principal") || loan.principal == paid_out {
        return Ok(());
    }
    let approved = generate(
        &loan.terms,
        loan.principal,
        loan.currency,
        loan.start,
        &Calendar::default(),
    )
    .map_err(|refusal| format!("refused: {refusal}"))?;
    let first = approved.instalments.first();
    if let Amortization::EqualInstalments { amount, .. } = &mut loan.terms.amortization {
        *amount = first.map(|row| row.total);
    }
    Ok(())
}

fn compare_rows(schedule: &Schedule, check: &Value) -> Outcome {
    let Some(expected) = check.get("schedule") else {
        return Ok(());
    };
    let mut ours = schedule.instalments.iter();
    let mut place = 0;
    for row in expected.as_array().into_iter().flatten() {
        if row.get("kind").and_then(Value::as_str) != Some("installment") {
            continue;
        }
        place += 1;
        let Some(got) = ours.next() else {
            return Err(Verdict::Fail(format!("instalment {place} is missing")));
        };
        compare_row(place, got, row)?;
    }
    match ours.next() {
        Some(row) => Err(Verdict::Fail(format!("a row too many, due {}", row.due))),
        None => Ok(()),
    }
}

fn compare_row(place: u32, got: &Instalment, row: &Value) -> Outcome {
    let due = values::parse_date(values::text(values::field(row, "due")?)?)?;
    values::same(&format!("due date of instalment {place}"), &due, &got.due)?;
    for (name, ours) in [
        ("principal", got.principal),
        ("interest", got.interest),
        ("fees", got.fee),
        ("penalties", Decimal::ZERO),
        ("total", got.total),
        ("balance_after", got.balance_after),
    ] {
        if let Some(expected) = row.get(name).filter(|value| !value.is_null()) {
            let expected = values::decimal(expected)?;
            values::same(&format!("{name} of instalment {place}"), &expected, &ours)?;
        }
    }
    Ok(())
}

fn compare_totals(schedule: &Schedule, check: &Value) -> Outcome {
    let Some(expected) = check.get("totals").filter(|value| !value.is_null()) else {
        return Ok(());
    };
    let sums = schedule.totals();
    for (name, ours) in [
        ("principal", sums.principal),
        ("interest", sums.interest),
        ("fees", sums.fee),
        ("total", sums.total),
    ] {
        if let Some(expected) = expected.get(name).filter(|value| !value.is_null()) {
            let expected = values::decimal(expected)?;
            values::same(&format!("total of {name}"), &expected, &ours)?;
        }
    }
    Ok(())
}
