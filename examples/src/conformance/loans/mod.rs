//! Whole loans: terms, dated events, and the state that is expected after some of them.
//!
//! The terms are mapped to the contract's named options ([`terms`]), the events to commands
//! ([`events`]), and after an event with a check the account is compared ([`checks`]). A term or
//! event that has no counterpart skips the case with the feature's name.

mod checks;
mod events;
mod known;
mod names;
mod recognised;
mod terms;

use serde_json::Value;

use super::{
    Case, Outcome, Source,
    values::{field, text},
};

/// Recognises a list of cases with `terms`, `events` and `checks`.
pub(super) fn recognise(source: &Source) -> Option<Vec<Case>> {
    let cases = source.json()?.get("cases")?.as_array()?;
    let shape = ["id", "terms", "events", "checks"];
    if cases.is_empty()
        || !cases
            .iter()
            .all(|case| shape.iter().all(|f| case.get(f).is_some()))
    {
        return None;
    }
    let case = |case: &Value| {
        let id = case
            .get("id")
            .and_then(Value::as_str)
            .unwrap_or("loan")
            .to_owned();
        let case = case.clone();
        Case::new(id, move || run(&case))
    };
    Some(cases.iter().map(case).collect())
}

fn run(case: &Value) -> Outcome {
    known::terms(field(case, "terms")?)?;
    let contract = terms::read(field(case, "terms")?, field(case, "events")?)?;
    let mut loan = events::Loan::new(contract)?;
    let events = field(case, "events")?
        .as_array()
        .ok_or("cannot read the case: events")?;
    let checks = field(case, "checks")?
        .as_array()
        .ok_or("cannot read the case: checks")?;
    for (count, event) in (1_u64..).zip(events) {
        loan.handle(event)
            .map_err(|verdict| at(count, event, verdict))?;
        for check in checks
            .iter()
            .filter(|check| check.get("after_event") == Some(&count.into()))
        {
            checks::check(&loan, check).map_err(|verdict| at(count, event, verdict))?;
        }
    }
    Ok(())
}

/// Names the event at which a case differed.
fn at(count: u64, event: &Value, verdict: super::Verdict) -> super::Verdict {
    let kind = event
        .get("type")
        .map_or("event", |kind| text(kind).unwrap_or("event"));
    match verdict {
        super::Verdict::Fail(difference) => {
            super::Verdict::Fail(format!("after event {count} ({kind}): {difference}"))
        }
        skip => skip,
    }
}
