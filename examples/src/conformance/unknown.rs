//! Files of a kind that nothing here can run: each case is skipped under its own name.

use serde_json::Value;

use super::{Case, Source, Verdict};

/// Takes every file that holds something.
pub(super) fn recognise(source: &Source) -> Option<Vec<Case>> {
    let stem = source.stem();
    let ids = match source.json() {
        Some(value) => json_ids(value, &stem),
        None => (1..source
            .text()
            .lines()
            .filter(|line| !line.is_empty())
            .count())
            .map(|row| format!("{stem}:{row}"))
            .collect(),
    };
    let cases = ids.into_iter().map(|id| {
        let feature = format!("cases of the kind of {stem}");
        Case::new(id, move || Err(Verdict::Skip(feature.clone())))
    });
    Some(cases.collect())
}

/// The entries of the list, or of each list of objects within the object.
fn json_ids(value: &Value, stem: &str) -> Vec<String> {
    match value {
        Value::Array(entries) => list_ids(entries, stem),
        Value::Object(fields) => {
            let ids: Vec<String> = fields
                .iter()
                .filter_map(|(name, value)| match value {
                    Value::Array(entries) if entries.iter().any(Value::is_object) => {
                        Some(list_ids(entries, &format!("{stem}:{name}")))
                    }
                    _ => None,
                })
                .flatten()
                .collect();
            if ids.is_empty() {
                vec![stem.to_owned()]
            } else {
                ids
            }
        }
        _ => vec![stem.to_owned()],
    }
}

fn list_ids(entries: &[Value], prefix: &str) -> Vec<String> {
    let id = |(index, entry): (usize, &Value)| {
        entry.get("id").and_then(Value::as_str).map_or_else(
            || format!("{prefix}:{}", index + 1),
            |id| format!("{prefix}:{id}"),
        )
    };
    entries.iter().enumerate().map(id).collect()
}
