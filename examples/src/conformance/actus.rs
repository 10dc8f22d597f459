//! Cases of the ACTUS test suite's form: terms of a contract and the events they give.

use chrono::NaiveDateTime;
use lending_core::actus::{
    self, ActusError, ActusTerms, Event, Observed, ObservedEvent, ObservedSeries,
};
use rust_decimal::Decimal;
use serde_json::Value;

use super::{Case, Outcome, Source, Verdict, values};

/// The contract types for lending; the others of the standard are skipped.
const LENDING: [&str; 7] = ["PAM", "LAM", "NAM", "ANN", "LAX", "CLM", "UMP"];

/// Recognises an object of cases by id, each with terms and results.
pub(super) fn recognise(source: &Source) -> Option<Vec<Case>> {
    let cases = source.json()?.as_object()?;
    let shaped = |case: &Value| {
        let contract = case.pointer("/terms/contractType");
        contract.is_some() && case.get("results").is_some_and(Value::is_array)
    };
    // Beside its cases a file may carry a text about itself.
    let mut found = cases
        .iter()
        .filter(|(_, case)| !case.is_string())
        .peekable();
    found.peek()?;
    if !found.clone().all(|(_, case)| shaped(case)) {
        return None;
    }
    let cases = found.map(|(id, case)| {
        let case = case.clone();
        Case::new(format!("actus:{id}"), move || check(&case))
    });
    Some(cases.collect())
}

fn check(case: &Value) -> Outcome {
    let terms = values::field(case, "terms")?;
    let contract = values::text(values::field(terms, "contractType")?)?;
    if !LENDING.contains(&contract) {
        return Err(Verdict::Skip(format!("contract type {contract}")));
    }
    let terms: ActusTerms = read("terms", &lending_terms(terms)?)?;
    let observed = observations(case)?;
    let to = match case.get("to").and_then(Value::as_str).map(str::trim) {
        None | Some("") => None,
        Some(text) => Some(moment(text)?),
    };
    let got = match actus::events(&terms, &observed, to) {
        Err(ActusError::Unsupported { term, given, .. }) => {
            return Err(Verdict::Skip(format!("{term} {given}")));
        }
        got => got.map_err(|refusal| format!("refused: {refusal}"))?,
    };
    let expected = values::field(case, "results")?.as_array();
    let expected = expected.ok_or("cannot read the case: results are no list")?;
    for (index, want) in expected.iter().enumerate() {
        let row = index + 1;
        let Some(got) = got.get(index) else {
            return Err(format!(
                "number of events (expected {}, got {}): row {row} is {} of {}",
                expected.len(),
                got.len(),
                values::text(values::field(want, "eventType")?)?,
                values::text(values::field(want, "eventDate")?)?,
            )
            .into());
        };
        compare(row, want, got)?;
    }
    if let Some(more) = got.get(expected.len()) {
        return Err(format!(
            "number of events (expected {}, got {}): {} of {} is too many",
            expected.len(),
            got.len(),
            more.event_type,
            more.event_date,
        )
        .into());
    }
    Ok(())
}

/// The terms without those of other contract types or of older dictionaries, which the figures of
/// a lending contract do not depend on.
fn lending_terms(terms: &Value) -> Result<Value, String> {
    let known = serde_json::to_value(ActusTerms::default()).map_err(|e| e.to_string())?;
    let mut terms = terms.clone();
    if let Some(fields) = terms.as_object_mut() {
        fields.retain(|name, _| known.get(name).is_some());
    }
    Ok(terms)
}

fn observations(case: &Value) -> Result<Observed, Verdict> {
    let mut observed = Observed::default();
    let series: Vec<&Value> = match case.get("dataObserved") {
        Some(Value::Object(by_name)) => by_name.values().collect(),
        Some(Value::Array(list)) => list.iter().collect(),
        _ => Vec::new(),
    };
    for one in series {
        let one: ObservedSeries = read("dataObserved", one)?;
        observed.add_series(one);
    }
    let events = case.get("eventsObserved").and_then(Value::as_array);
    for one in events.into_iter().flatten() {
        let mut one = one.clone();
        if let Some(fields) = one.as_object_mut() {
            // Whose event it is and in what currency goes without saying: a case has one contract.
            fields.retain(|name, _| ["time", "type", "value"].contains(&name.as_str()));
        }
        let one: ObservedEvent = read("eventsObserved", &one)?;
        observed.add_event(one);
    }
    Ok(observed)
}

fn read<T: serde::de::DeserializeOwned>(what: &str, value: &Value) -> Result<T, String> {
    serde_json::from_value(value.clone())
        .map_err(|reason| format!("cannot read the case: {what}: {reason}"))
}

fn compare(row: usize, want: &Value, got: &Event) -> Result<(), String> {
    let place = format!("row {row}");
    let text = |name| values::text(values::field(want, name)?);
    let when = moment(text("eventDate")?)?;
    values::same(&format!("{place} eventDate"), &when, &got.event_date)?;
    let place = format!("{place} of {when}");
    let kind = text("eventType")?;
    values::same(
        &format!("{place} eventType"),
        &kind,
        &got.event_type.as_str(),
    )?;
    let place = format!("{place} {kind}");
    let currency = text("currency")?;
    values::same(
        &format!("{place} currency"),
        &currency,
        &got.currency.as_str(),
    )?;
    for (name, got) in [
        ("payoff", got.payoff),
        ("notionalPrincipal", got.notional_principal),
        ("nominalInterestRate", got.nominal_interest_rate),
        ("accruedInterest", got.accrued_interest),
    ] {
        let expected = values::decimal(values::field(want, name)?)?;
        near(&format!("{place} {name}"), expected, got)?;
    }
    Ok(())
}

/// Equal to a billionth of the figure, or of one where the figure is smaller: what published
/// results of binary arithmetic are good for.
fn near(what: &str, expected: Decimal, got: Decimal) -> Result<(), String> {
    let allowed = Decimal::new(1, 9) * expected.abs().max(Decimal::ONE);
    let away = expected.checked_sub(got).map(|away| away.abs());
    if away.is_some_and(|away| away <= allowed) {
        Ok(())
    } else {
        Err(format!("{what} (expected {expected}, got {got})"))
    }
}

fn moment(text: &str) -> Result<NaiveDateTime, String> {
    let forms = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"];
    forms
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
        .or_else(|| values::parse_date(text).ok()?.and_hms_opt(0, 0, 0))
        .ok_or_else(|| format!("cannot read the case: {text:?} is not a date and time"))
}
