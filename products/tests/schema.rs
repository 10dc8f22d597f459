//! The committed JSON Schemas are the generated ones, and say the same as the types do.
#![cfg(feature = "schema")]

mod common;

use products::{LoanProduct, catalogue, deal::DealProduct, deposit::DepositProduct};
use schemars::{Schema, schema_for};
use serde_json::Value;

fn schemas() -> [(&'static str, Schema); 3] {
    [
        ("loan-product", schema_for!(LoanProduct)),
        ("deposit-product", schema_for!(DepositProduct)),
        ("deal-product", schema_for!(DealProduct)),
    ]
}

/// `PRODUCTS_WRITE=1 cargo test -p products --all-features` writes them anew.
#[test]
fn the_committed_schemas_are_the_generated_ones() {
    for (name, schema) in schemas() {
        let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        common::committed(&format!("schemas/{name}.json"), &text);
    }
}

/// Whether a value fits a schema, by the keywords that generated schemas use.
fn fits(value: &Value, schema: &Value, root: &Value) -> Result<(), String> {
    let Some(schema) = schema.as_object() else {
        return if schema == &Value::Bool(false) {
            Err("nothing is allowed here".into())
        } else {
            Ok(())
        };
    };
    for (keyword, rule) in schema {
        let list = || rule.as_array().into_iter().flatten();
        let number = || rule.as_f64().unwrap_or_default();
        let passed = match keyword.as_str() {
            "$ref" => {
                let pointer = rule.as_str().unwrap().trim_start_matches('#');
                fits(value, root.pointer(pointer).unwrap(), root)?;
                true
            }
            "type" => {
                let name = |name: &str| match name {
                    "null" => value.is_null(),
                    "string" => value.is_string(),
                    "boolean" => value.is_boolean(),
                    "array" => value.is_array(),
                    "object" => value.is_object(),
                    "integer" => value.is_i64() || value.is_u64(),
                    "number" => value.is_number(),
                    other => panic!("type {other}"),
                };
                rule.as_str()
                    .map_or_else(|| list().any(|one| name(one.as_str().unwrap())), name)
            }
            "const" => rule == value,
            "enum" => list().any(|one| one == value),
            "anyOf" => list().any(|one| fits(value, one, root).is_ok()),
            "oneOf" => list().filter(|one| fits(value, one, root).is_ok()).count() == 1,
            "allOf" => list().all(|one| fits(value, one, root).is_ok()),
            "minimum" => value.as_f64().is_none_or(|value| value >= number()),
            "maximum" => value.as_f64().is_none_or(|value| value <= number()),
            "required" => value
                .as_object()
                .is_none_or(|own| list().all(|name| own.contains_key(name.as_str().unwrap()))),
            "properties" => {
                for (name, rule) in rule.as_object().unwrap() {
                    if let Some(value) = value.get(name) {
                        fits(value, rule, root).map_err(|error| format!("{name}: {error}"))?;
                    }
                }
                true
            }
            "additionalProperties" if rule == &Value::Bool(false) => {
                let known = schema.get("properties").and_then(Value::as_object);
                let known = |name: &String| known.is_some_and(|known| known.contains_key(name));
                value.as_object().is_none_or(|own| own.keys().all(known))
            }
            "items" => {
                for value in value.as_array().into_iter().flatten() {
                    fits(value, rule, root)?;
                }
                true
            }
            _ => true, // titles, descriptions, defaults, patterns, lengths
        };
        if !passed {
            return Err(format!("{value} does not fit {keyword} {rule}"));
        }
    }
    Ok(())
}

fn check(text: &str, schema: &Value) -> Result<(), String> {
    fits(&serde_json::from_str(text).unwrap(), schema, schema)
}

#[test]
fn what_the_types_accept_fits_the_schemas() {
    let [loan, deposit, deal] = schemas().map(|(_, schema)| schema.to_value());
    for entry in catalogue::ALL {
        let schema = match entry.sort {
            catalogue::Sort::Loan => &loan,
            catalogue::Sort::Deposit => &deposit,
            _ => &deal,
        };
        check(entry.json, schema).unwrap_or_else(|error| panic!("{}: {error}", entry.file));
        // Written out in full, every field is known as well.
        let full = match entry.sort {
            catalogue::Sort::Loan => entry.loan().unwrap().to_json(),
            catalogue::Sort::Deposit => entry.deposit().unwrap().to_json(),
            _ => entry.deal().unwrap().to_json(),
        };
        check(&full.unwrap(), schema).unwrap_or_else(|error| panic!("{}: {error}", entry.file));
    }
}

#[test]
fn what_the_types_refuse_does_not_fit_the_schemas() {
    let [loan, ..] = schemas().map(|(_, schema)| schema.to_value());
    let text = catalogue::SALARY_LOAN.json;
    let table = [
        ("\"amount\": {", "\"colour\": 1, \"amount\": {"),
        ("\"min\": 3", "\"min\": -3"),
        ("\"min\": \"300000\"", "\"min\": 300000"),
        ("\"DECLINING\"", "\"RISING\""),
        ("\"kind\": \"FIXED_TERM\"", "\"kind\": \"ENDLESS\""),
        ("\"id\": \"SALARY\",", ""),
    ];
    for (from, to) in table {
        let broken = text.replacen(from, to, 1);
        assert_ne!(broken, text, "{from}");
        assert!(LoanProduct::from_json(&broken).is_err(), "{to}");
        assert!(check(&broken, &loan).is_err(), "{to}");
    }
}
