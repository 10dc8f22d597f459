//! Contracts of the ACTUS standard: terms in, events out. Every figure is reckoned by hand beside
//! its table; the terms are the standard's JSON.

mod codes;
mod happenings;
mod plain;
mod points;
mod redemption;

use lending_core::actus::{ActusTerms, Observed, ObservedEvent, ObservedSeries, events};
use serde_json::{Value, json};

/// Terms shared by the cases: a year of 12 × 30 days at 12%, so that a month is 1%.
fn terms(kind: &str, more: Value) -> ActusTerms {
    let mut terms = json!({
        "contractType": kind,
        "contractRole": "RPA",
        "currency": "USD",
        "statusDate": "2025-12-31T00:00:00",
        "initialExchangeDate": "2026-01-01T00:00:00",
        "nominalInterestRate": "0.12",
        "dayCountConvention": "30E360",
    });
    for (name, value) in more.as_object().unwrap() {
        terms[name] = value.clone();
    }
    serde_json::from_value(terms).unwrap()
}

fn observed(series: Value, happened: Value) -> Observed {
    let mut observed = Observed::default();
    for (identifier, values) in series.as_object().unwrap() {
        let data: Vec<Value> = values
            .as_object()
            .unwrap()
            .iter()
            .map(|(timestamp, value)| json!({"timestamp": timestamp, "value": value}))
            .collect();
        let one = json!({"identifier": identifier, "data": data});
        observed.add_series(serde_json::from_value::<ObservedSeries>(one).unwrap());
    }
    for event in happened.as_array().unwrap() {
        observed.add_event(serde_json::from_value::<ObservedEvent>(event.clone()).unwrap());
    }
    observed
}

/// `date type payoff | notional rate accrued`, to a millionth.
fn table(terms: &ActusTerms, observed: &Observed, to: Option<&str>) -> Vec<String> {
    let to = to.map(|to| format!("{to}T00:00:00").parse().unwrap());
    let rows = match events(terms, observed, to) {
        Ok(rows) => rows,
        Err(refusal) => return vec![format!("{} {refusal}", refusal.code())],
    };
    rows.iter()
        .map(|row| {
            let figure = |value: rust_decimal::Decimal| value.round_dp(6).normalize();
            format!(
                "{} {} {} | {} {} {}",
                row.event_date.date(),
                row.event_type,
                figure(row.payoff),
                figure(row.notional_principal),
                figure(row.nominal_interest_rate),
                figure(row.accrued_interest),
            )
        })
        .collect()
}

#[track_caller]
fn check(terms: &ActusTerms, expected: &[&str]) {
    assert_eq!(table(terms, &Observed::default(), None), expected);
}
