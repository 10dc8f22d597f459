//! Findings in a book, each beside a book that differs by as little as possible and has none.

use chrono::NaiveDate;
use kyc_rules::rules::{LintKind, RuleBook};

fn on() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 21).unwrap()
}

/// The findings of these kinds.
fn found(book: &str, kinds: &[LintKind]) -> Vec<String> {
    let book: RuleBook = serde_json::from_str(book).unwrap();
    let lints = book.lint(on()).into_iter();
    lints
        .filter(|lint| kinds.contains(&lint.kind))
        .map(|lint| format!("{}: {}", lint.source, lint.text))
        .collect()
}

/// A book with one rule on two numbers, a text and a yes/no.
fn ruled(when: &str) -> String {
    format!(
        r#"{{"id": "b", "version": 1, "facts": [{{"path": "x", "kind": "number"}},
            {{"path": "y", "kind": "text"}}, {{"path": "z", "kind": "bool"}}],
          "rules": [{{"id": "r", "family": "limit", "then": [{{"flag": "f"}}], "when": {when}}}]}}"#
    )
}

fn cmp(op: &str, number: &str) -> String {
    format!(
        r#"{{"cmp": {{"left": {{"fact": "x"}}, "op": "{op}", "right": {{"lit": {{"number": "{number}"}}}}}}}}"#
    )
}

#[test]
fn conditions_that_never_hold() {
    let all = |parts: &[String]| format!(r#"{{"all": [{}]}}"#, parts.join(","));
    let text = |value: &str| {
        format!(
            r#"{{"cmp": {{"left": {{"fact": "y"}}, "op": "eq", "right": {{"lit": {{"text": "{value}"}}}}}}}}"#
        )
    };
    let one_of =
        r#"{"in": {"value": {"fact": "y"}, "set": {"of": [{"text": "a"}, {"text": "b"}]}}}"#;
    let between = |from: &str, to: &str, end: &str| {
        format!(
            r#"{{"between": {{"value": {{"fact": "x"}}, "from": {{"inclusive": {{"lit": {{"number": "{from}"}}}}}},
            "to": {{"{end}": {{"lit": {{"number": "{to}"}}}}}}}}}}"#
        )
    };
    let not = |part: &str| format!(r#"{{"not": {part}}}"#);
    let z = r#"{"true": "z"}"#.to_string();
    let table = [
        (all(&[cmp("ge", "5"), cmp("lt", "5")]), true),
        (all(&[cmp("ge", "5"), cmp("le", "5")]), false),
        (all(&[cmp("eq", "5"), cmp("ne", "5")]), true),
        // Nested conjunctions count as one.
        (
            all(&[cmp("gt", "5"), all(&[z.clone(), cmp("lt", "5")])]),
            true,
        ),
        (all(&[z.clone(), not(&z)]), true),
        (all(&[text("c"), one_of.into()]), true),
        (all(&[text("a"), one_of.into()]), false),
        (between("5", "5", "exclusive"), true),
        (between("5", "5", "inclusive"), false),
        (all(&[between("1", "4", "inclusive"), cmp("gt", "4")]), true),
        (
            all(&[between("1", "4", "inclusive"), cmp("ge", "4")]),
            false,
        ),
        (
            not(&format!(
                r#"{{"any": [{}, {}]}}"#,
                cmp("lt", "5"),
                cmp("ge", "5")
            )),
            true,
        ),
        (
            r#"{"at_least": {"count": 2, "of": [{"true": "z"}, {"const": false}]}}"#.into(),
            true,
        ),
    ];
    for (when, dead) in table {
        let lints = found(&ruled(&when), &[LintKind::Dead]);
        assert_eq!(!lints.is_empty(), dead, "{when}");
    }
}

#[test]
fn conditions_that_always_hold() {
    let any = |a: String, b: String| format!(r#"{{"any": [{a}, {b}]}}"#);
    for (when, always) in [
        (any(cmp("ge", "5"), cmp("lt", "5")), true),
        (any(cmp("gt", "5"), cmp("lt", "5")), false),
        (any(cmp("ge", "5"), cmp("lt", "6")), true),
        (any(cmp("ge", "6"), cmp("lt", "5")), false),
        // Written out it is meant.
        (r#"{"const": true}"#.into(), false),
    ] {
        let lints = found(&ruled(&when), &[LintKind::Always]);
        assert_eq!(!lints.is_empty(), always, "{when}");
    }
}

fn table(hit: &str, rows: &str) -> String {
    format!(
        r#"{{"id": "b", "version": 1, "facts": [{{"path": "x", "kind": "number"}},
            {{"path": "z", "kind": "bool"}}],
          "tables": [{{"id": "t", "family": "limit", "hit": "{hit}",
            "inputs": [{{"fact": "x"}}, {{"fact": "z"}}], "rows": [{rows}]}}]}}"#
    )
}

fn table_row(x: &str, z: &str) -> String {
    format!(r#"{{"cells": [{x}, {z}], "then": [{{"flag": "f"}}]}}"#)
}

const BELOW: &str = r#"{"range": {"to": {"number": "5"}}}"#;
const ABOVE: &str = r#"{"range": {"from": {"number": "5"}}}"#;
const YES: &str = r#"{"of": [{"bool": true}]}"#;
const NO: &str = r#"{"of": [{"bool": false}]}"#;
const ANY: &str = r#""any""#;

#[test]
fn rows_that_overlap_are_hidden_or_leave_something_out() {
    let rows = |rows: &[(&str, &str)]| {
        let rows: Vec<String> = rows.iter().map(|(x, z)| table_row(x, z)).collect();
        rows.join(",")
    };
    let kinds = [
        LintKind::Gap,
        LintKind::Overlap,
        LintKind::Unreachable,
        LintKind::Dead,
    ];
    let lints = |hit: &str, given: &[(&str, &str)]| found(&table(hit, &rows(given)), &kinds);
    let whole = [(BELOW, ANY), (ABOVE, YES), (ABOVE, NO)];
    assert!(lints("unique", &whole).is_empty());
    assert_eq!(
        lints("unique", &[(BELOW, ANY), (ABOVE, YES)]),
        ["table t: no row holds for x = 5, another z"]
    );
    assert_eq!(
        lints(
            "unique",
            &[
                (BELOW, ANY),
                (r#"{"range": {"from": {"number": "6"}}}"#, ANY)
            ]
        ),
        ["table t: no row holds for x = 5, another z"]
    );
    assert_eq!(
        lints("unique", &[(BELOW, ANY), (ANY, YES), (ABOVE, NO)]),
        ["table t: rows 1 and 2 can hold at once"]
    );
    // With the first row winning, overlap is meant; a row that never wins is not.
    assert!(lints("first", &[(BELOW, ANY), (ANY, YES), (ABOVE, NO)]).is_empty());
    assert_eq!(
        lints("first", &[(ANY, YES), (BELOW, YES), (ANY, ANY)]),
        ["table t: row 2 is never reached: row 1 comes first"]
    );
    let empty = r#"{"range": {"from": {"number": "5"}, "to": {"number": "5"}}}"#;
    assert_eq!(
        lints("first", &[(empty, ANY), (ANY, ANY)]),
        ["table t: row 1 can never hold"]
    );
    // Rows that are collected need not answer everything.
    assert!(lints("collect", &[(BELOW, YES)]).is_empty());
}

fn topic(first: &str, second: &str) -> String {
    format!(
        r#"{{"id": "b", "version": 1, "facts": [{{"path": "z", "kind": "bool"}}],
          "tiers": [{{"id": "low", "rank": 1, "country": "UG"}}, {{"id": "high", "rank": 2, "country": "UG"}}],
          "rules": [
            {{"id": "a", "family": "limit", "when": {{"true": "z"}}, "then": [{{"set_tier": "low"}}], {first}}},
            {{"id": "b", "family": "limit", "when": {{"true": "z"}}, "then": [{{"set_tier": "high"}}], {second}}}]}}"#
    )
}

#[test]
fn rules_beside_each_other() {
    let kinds = [
        LintKind::Unreachable,
        LintKind::Contradiction,
        LintKind::DatedGap,
    ];
    let lints = |first: &str, second: &str| found(&topic(first, second), &kinds);
    // Together they set two tiers; in one topic the second always wins.
    assert_eq!(
        lints(r#""priority": 0"#, r#""priority": 1"#),
        ["rule a: b holds with it and sets another tier"]
    );
    assert_eq!(
        lints(r#""topic": "tier""#, r#""topic": "tier", "priority": 1"#),
        ["rule a: b always comes before it"]
    );
    // One applies in Kenya, the other in Uganda.
    assert!(
        lints(
            r#""scope": {"countries": ["KE"]}"#,
            r#""scope": {"countries": ["UG"]}"#
        )
        .is_empty()
    );
    // One follows the other: on the day, or a day too late.
    let until = r#""topic": "tier", "valid": {"to": "2026-01-01"}"#;
    assert!(lints(until, r#""topic": "tier", "valid": {"from": "2026-01-01"}"#).is_empty());
    assert_eq!(
        lints(until, r#""topic": "tier", "valid": {"from": "2026-01-02"}"#),
        ["rule a: nothing of its topic from 2026-01-01 to 2026-01-02"]
    );
}

#[test]
fn a_tier_with_a_hole() {
    let book = |from: &str, hole: &str| {
        format!(
            r#"{{"id": "b", "version": 1, "on_tier_hole": "{hole}", "tiers": [
              {{"id": "low", "rank": 1, "country": "GH", "valid": {{"to": "2026-01-01"}}}},
              {{"id": "low", "rank": 1, "country": "GH", "valid": {{"from": "{from}"}}}}]}}"#
        )
    };
    let lints = |from, hole| found(&book(from, hole), &[LintKind::DatedGap]);
    assert!(lints("2026-01-01", "ask").is_empty());
    assert_eq!(
        lints("2026-01-02", "ask"),
        ["tier low: nothing from 2026-01-01 to 2026-01-02: the book leaves it open"]
    );
    assert!(lints("2026-01-02", "stricter")[0].ends_with("the stricter of the entries around it"));
}

#[test]
fn units_and_what_is_never_used() {
    let book = |currency: &str| {
        format!(
            r#"{{"id": "b", "version": 1, "sets": {{"s": [], "t": []}},
              "facts": [{{"path": "amount", "kind": "money", "unit": "UGX"}}, {{"path": "idle", "kind": "bool"}}],
              "rules": [{{"id": "r", "family": "limit", "then": [{{"flag": "f"}}], "when": {{"all": [
                {{"cmp": {{"left": {{"fact": "amount"}}, "op": "gt",
                  "right": {{"lit": {{"money": {{"amount": "1", "currency": "{currency}"}}}}}}}}}},
                {{"not": {{"in": {{"value": {{"fact": "amount"}}, "set": {{"named": "s"}}}}}}}}]}}}}]}}"#
        )
    };
    assert_eq!(
        found(&book("USD"), &[LintKind::Unit]),
        ["rule r: amount is in UGX and compared with USD"]
    );
    assert!(found(&book("UGX"), &[LintKind::Unit]).is_empty());
    assert_eq!(
        found(&book("UGX"), &[LintKind::Unused]),
        ["fact idle: no rule looks at it", "set t: no rule names it"]
    );
}
