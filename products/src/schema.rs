//! JSON Schema of values whose own crates describe them in words only.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

/// A decimal as text, read exactly.
pub(crate) fn decimal() -> Schema {
    json_schema!({ "type": "string", "pattern": "^-?[0-9]+(\\.[0-9]+)?$" })
}

/// A decimal or null.
pub(crate) fn optional_decimal(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "anyOf": [decimal(), { "type": "null" }] })
}

/// The name of a fee.
pub(crate) fn code(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "minLength": 1, "maxLength": 24 })
}

/// The rule of due dates, without explicit dates, which belong to one contract.
pub(crate) fn due_dates(generator: &mut SchemaGenerator) -> Schema {
    use lending_core::dates::{MonthEnd, NthOfMonth, Period};
    let period = Period::json_schema(generator);
    let month_end = MonthEnd::json_schema(generator);
    let nth = NthOfMonth::json_schema(generator);
    json_schema!({
        "oneOf": [
            {
                "type": "object",
                "required": ["INTERVAL"],
                "additionalProperties": false,
                "properties": { "INTERVAL": {
                    "type": "object",
                    "required": ["every"],
                    "properties": { "every": period, "month_end": month_end }
                } }
            },
            {
                "type": "object",
                "required": ["FIXED_DAYS_OF_MONTH"],
                "additionalProperties": false,
                "properties": { "FIXED_DAYS_OF_MONTH": {
                    "type": "object",
                    "required": ["days"],
                    "properties": {
                        "days": {
                            "type": "array",
                            "minItems": 1,
                            "uniqueItems": true,
                            "items": { "type": "integer", "minimum": 1, "maximum": 31 }
                        },
                        "month_end": month_end
                    }
                } }
            },
            {
                "type": "object",
                "required": ["NTH_WEEKDAY"],
                "additionalProperties": false,
                "properties": { "NTH_WEEKDAY": {
                    "type": "object",
                    "required": ["every_months", "nth", "weekday"],
                    "properties": {
                        "every_months": { "type": "integer", "minimum": 1 },
                        "nth": nth,
                        "weekday": { "enum": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] }
                    }
                } }
            }
        ]
    })
}
