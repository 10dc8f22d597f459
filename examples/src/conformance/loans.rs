//! Loans with terms, events and checks, in the form of figures taken from Fineract's tests.

use serde_json::Value;

use super::{Case, Source, schedules};

/// Recognises a file with a list of cases that have terms, events and checks.
pub(super) fn recognise(source: &Source) -> Option<Vec<Case>> {
    let cases = source.json()?.get("cases")?.as_array()?;
    let is_loan = |case: &Value| {
        ["terms", "events", "checks"]
            .iter()
            .all(|name| case.get(name).is_some())
    };
    if cases.is_empty() || !cases.iter().all(is_loan) {
        return None;
    }
    let stem = source.stem();
    let named = cases.iter().enumerate().map(|(at, case)| {
        let id = case.get("id").and_then(Value::as_str);
        let id = id.map_or_else(|| format!("{stem}:{}", at + 1), |id| format!("{stem}:{id}"));
        let case = case.clone();
        Case::new(id, move || schedules::check(&case))
    });
    Some(named.collect())
}
