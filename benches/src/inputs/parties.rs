//! A rule of five conditions with its facts, and a pair of names.

use chrono::NaiveDate;
use kyc_rules::{
    facts::{Facts, Value},
    rules::{CompiledBook, RuleBook},
};

const PREDICATE: &str = r#"{"id": "bench", "version": 1,
  "facts": [{"path": "amount", "kind": "number"}, {"path": "country", "kind": "text"},
    {"path": "age", "kind": "number"}, {"path": "tier", "kind": "text"},
    {"path": "score", "kind": "number"}, {"path": "count", "kind": "number"}],
  "rules": [{"id": "r", "family": "aml", "then": [{"flag": "x"}], "when": {"all": [
    {"cmp": {"left": {"fact": "amount"}, "op": "ge", "right": {"lit": {"number": "10000"}}}},
    {"in": {"value": {"fact": "country"}, "set": {"of": [{"text": "UG"}, {"text": "KE"},
        {"text": "TZ"}, {"text": "RW"}, {"text": "NG"}]}}},
    {"cmp": {"left": {"fact": "age"}, "op": "ge", "right": {"lit": {"number": "18"}}}},
    {"any": [
      {"cmp": {"left": {"fact": "tier"}, "op": "eq", "right": {"lit": {"text": "tier1"}}}},
      {"cmp": {"left": {"fact": "score"}, "op": "gt", "right": {"lit": {"number": "60"}}}}]},
    {"between": {"value": {"fact": "count"}, "from": {"inclusive": {"lit": {"number": "3"}}},
        "to": {"inclusive": {"lit": {"number": "50"}}}}}]}}]}"#;

/// One person, written by two offices: order, case, a doubled letter and an initial differ.
pub const NAME_PAIR: (&str, &str) = (
    "Tumusiime Emmanuel Byaruhanga",
    "BYARUHANGA, Emanuel Tumusime K.",
);

/// The day of the questions.
#[must_use]
pub fn on() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 21).unwrap_or_default()
}

/// A book of one rule, `r`, with five conditions.
#[must_use]
pub fn five_conditions() -> CompiledBook {
    RuleBook::from_json(PREDICATE).unwrap().compile().unwrap()
}

/// Facts that satisfy the rule.
#[must_use]
pub fn six_facts() -> Facts {
    [
        ("amount", Value::int(12_000)),
        ("country", Value::text("RW")),
        ("age", Value::int(34)),
        ("tier", Value::text("tier2")),
        ("score", Value::int(71)),
        ("count", Value::int(7)),
    ]
    .into_iter()
    .fold(Facts::new(), |facts, (path, value)| {
        facts.with(path, value).unwrap()
    })
}
