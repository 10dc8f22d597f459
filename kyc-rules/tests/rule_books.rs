//! Aggregates, tables, scorecards, explanations and history of rule books.

use chrono::{NaiveDate, NaiveDateTime};
use kyc_rules::{
    facts::{Facts, Row, Value},
    rules::{Audience, LintKind, PastCase, RuleBook, Verdict},
};
use ledger::{Currency, Money};
use rust_decimal::Decimal;

fn on() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 21).unwrap()
}

fn kes(amount: &str) -> Value {
    Value::Money(Money::new(
        amount.parse().unwrap(),
        Currency::from_code("KES").unwrap(),
    ))
}

fn cash(at: &str, amount: &str) -> Row {
    Row {
        at: NaiveDateTime::parse_from_str(at, "%Y-%m-%d %H:%M").unwrap(),
        current: false,
        fields: [("amount".try_into().unwrap(), kes(amount))].into(),
    }
}

fn moment(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
}

fn sum_book(window: &str) -> RuleBook {
    RuleBook::from_json(&format!(
        r#"{{"id": "aml", "version": 1, "rules": [{{"id": "near-threshold", "family": "aml",
            "when": {{"cmp": {{"left": {{"agg": {{"of": "cash",
                "figure": {{"sum_money": {{"field": "amount", "currency": "KES"}}}},
                "window": {window}}}}}, "op": "ge",
                "right": {{"lit": {{"money": {{"amount": "100", "currency": "KES"}}}}}}}}}},
            "then": [{{"refer": "aml-desk"}}], "disclosable": false}}]}}"#
    ))
    .unwrap()
}

#[test]
fn windows_include_their_end_and_exclude_their_start() {
    let rows = vec![
        cash("2026-11-20 09:00", "40"),
        cash("2026-11-20 23:30", "30"),
        cash("2026-11-21 08:00", "30"),
        // Later than the moment of the decision: never counts.
        cash("2026-11-21 12:00", "1000"),
    ];
    for (window, now, verdict) in [
        // 24 hours before 08:59 still hold 09:00 of the day before: 40 + 30 + 30.
        (
            r#"{"rolling_hours": 24}"#,
            "2026-11-21 08:59",
            Verdict::Refer,
        ),
        // At 09:00 the row exactly 24 hours old is out: 60.
        (
            r#"{"rolling_hours": 24}"#,
            "2026-11-21 09:00",
            Verdict::Pass,
        ),
        // The calendar day holds 30 only.
        (r#""calendar_day""#, "2026-11-21 08:59", Verdict::Pass),
        (r#""calendar_month""#, "2026-11-21 09:00", Verdict::Refer),
        (r#"{"last": 2}"#, "2026-11-21 09:00", Verdict::Pass),
        (r#"{"last": 3}"#, "2026-11-21 09:00", Verdict::Refer),
    ] {
        let facts = Facts::new()
            .with_stream("cash".try_into().unwrap(), rows.clone())
            .at(moment(now));
        let decision = sum_book(window).evaluate(&facts, on()).unwrap();
        assert_eq!(decision.verdict, verdict, "{window} at {now}");
    }
}

#[test]
fn a_stream_that_was_not_passed_is_not_an_empty_one() {
    let book = sum_book(r#"{"rolling_hours": 24}"#);
    let open = book.evaluate(&Facts::new(), on()).unwrap();
    assert_eq!(open.verdict, Verdict::NeedsInfo);
    assert_eq!(open.missing()[0].to_string(), "field stream.cash");
    let empty = Facts::new().with_stream("cash".try_into().unwrap(), vec![]);
    assert_eq!(book.evaluate(&empty, on()).unwrap().verdict, Verdict::Pass);
}

#[test]
fn amounts_in_another_currency_need_a_rate() {
    let book = RuleBook::from_json(
        r#"{"id": "t", "version": 1, "facts": [{"path": "transaction.amount", "kind": "money"}],
            "rules": [{"id": "r", "family": "aml", "disclosable": false,
            "when": {"cmp": {"left": {"fact": "transaction.amount"}, "op": "gt",
                "right": {"lit": {"money": {"amount": "10000", "currency": "USD"}}}}},
            "then": [{"refer": "desk"}]}]}"#,
    )
    .unwrap();
    let facts = Facts::new()
        .with("transaction.amount", kes("1300000"))
        .unwrap();
    let open = book.evaluate(&facts, on()).unwrap();
    assert_eq!(open.missing()[0].to_string(), "field rate.kes.usd");
    // 1,300,000 at 0.0077 is 10,010; at 1/130 = 0.00769230 it is 9,999.99: exact, and compared so.
    for (rate, verdict) in [("0.0077", Verdict::Refer), ("0.00769230", Verdict::Pass)] {
        let rate = Value::Number(rate.parse::<Decimal>().unwrap());
        let facts = facts.clone().with("rate.kes.usd", rate).unwrap();
        assert_eq!(book.evaluate(&facts, on()).unwrap().verdict, verdict);
    }
}

const TABLE: &str = r#"{"id": "credit", "version": 1,
    "facts": [{"path": "score.points", "kind": "number"}, {"path": "dsti", "kind": "number"}],
    "tables": [{"id": "matrix", "family": "eligibility", "hit": "HIT",
        "inputs": [{"fact": "score.points"}, {"fact": "dsti"}],
        "rows": [
            {"cells": [{"range": {"to": {"number": "500"}}}, "any"], "then": [{"reject": "score"}]},
            {"cells": [{"range": {"from": {"number": "500"}, "to": {"number": "600"}}}, "any"],
             "then": [{"refer": "credit"}]},
            {"cells": [{"range": {"from": {"number": "600"}}},
                       {"range": {"from": {"number": "0.4"}}}], "then": [{"refer": "credit"}]},
            {"cells": [{"range": {"from": {"number": "600"}}},
                       {"range": {"to": {"number": "0.4"}}}], "then": [{"flag": "approve"}]}]}]}"#;

#[test]
fn a_decision_table_row_by_row() {
    let book = RuleBook::from_json(&TABLE.replace("HIT", "unique")).unwrap();
    for (points, dsti, verdict, row) in [
        (499, "0.1", Verdict::Reject, "matrix.001"),
        (500, "0.9", Verdict::Refer, "matrix.002"),
        (600, "0.4", Verdict::Refer, "matrix.003"),
        (600, "0.39", Verdict::Pass, "matrix.004"),
    ] {
        let facts = Facts::new()
            .with("score.points", Value::int(points))
            .unwrap()
            .with("dsti", Value::Number(dsti.parse().unwrap()))
            .unwrap();
        let decision = book.evaluate(&facts, on()).unwrap();
        assert_eq!(decision.verdict, verdict, "{points} {dsti}");
        assert_eq!(decision.outcomes[0].rule.as_str(), row);
    }
    // A score that refuses on its own makes the other input unimportant.
    let low = Facts::new().with("score.points", Value::int(1)).unwrap();
    let decision = book.evaluate(&low, on()).unwrap();
    assert_eq!(decision.verdict, Verdict::Reject);
    assert!(book.lint(on()).is_empty());
}

#[test]
fn the_first_row_wins_where_rows_overlap() {
    let overlapping = TABLE.replace(
        r#"{"from": {"number": "500"}, "to": {"number": "600"}}"#,
        r#"{"to": {"number": "600"}}"#,
    );
    let unique = RuleBook::from_json(&overlapping.replace("HIT", "unique")).unwrap();
    assert_eq!(unique.lint(on())[0].kind, LintKind::Overlap);
    let first = RuleBook::from_json(&overlapping.replace("HIT", "first")).unwrap();
    let facts = Facts::new()
        .with("score.points", Value::int(499))
        .unwrap()
        .with("dsti", Value::int(0))
        .unwrap();
    let fired = first.evaluate(&facts, on()).unwrap().outcomes;
    assert_eq!(fired.len(), 1);
    assert_eq!(fired[0].rule.as_str(), "matrix.001");
}

#[test]
fn a_score_with_its_reasons() {
    let book = RuleBook::from_json(
        r#"{"id": "s", "version": 1,
        "facts": [{"path": "age", "kind": "number"}, {"path": "home", "kind": "text"}],
        "scorecards": [{"id": "card", "base": 100, "attributes": [
            {"name": "age", "value": {"fact": "age"}, "missing": -5, "bins": [
                {"to": "25", "points": 10}, {"from": "25", "to": "40", "points": 30},
                {"from": "40", "points": 50}]},
            {"name": "home", "value": {"fact": "home"}, "other": 0, "bins": [
                {"of": [{"text": "own"}], "points": 25}, {"of": [{"text": "rent"}], "points": 15}]}
        ]}],
        "rules": [{"id": "low", "family": "eligibility", "then": [{"refer": "credit"}],
            "when": {"cmp": {"left": {"score": "card"}, "op": "lt",
                             "right": {"lit": {"number": "150"}}}}}]}"#,
    )
    .unwrap();
    assert_eq!(book.scorecards[0].range(), (95, 175));
    let compiled = book.compile().unwrap();
    // base 100 + age + home, worked by hand
    for (age, home, points, worst) in [
        (Some(24), "own", 135, Some("age")),
        (Some(25), "own", 155, Some("age")),
        (Some(40), "tent", 150, Some("home")),
        (Some(40), "own", 175, None),
        (None, "rent", 110, Some("age")),
    ] {
        let mut facts = Facts::new().with("home", Value::text(home)).unwrap();
        if let Some(age) = age {
            facts = facts.with("age", Value::int(age)).unwrap();
        }
        let bound = compiled.bind(&facts, on()).unwrap();
        let score = compiled.score(&"card".try_into().unwrap(), &bound).unwrap();
        assert_eq!(score.points, points);
        assert_eq!(score.reasons.first().map(|r| r.attribute.as_str()), worst);
        let referred = compiled.evaluate(&facts, on()).unwrap().verdict == Verdict::Refer;
        assert_eq!(referred, points < 150);
    }
    // The home has no points for the unknown, so it is asked for; the age has.
    let open = compiled.evaluate(&Facts::new(), on()).unwrap();
    assert_eq!(
        open.missing()
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>(),
        ["field home"]
    );
}

fn suspicion() -> RuleBook {
    RuleBook::from_json(
        r#"{"id": "two", "version": 3,
        "facts": [{"path": "client.birth_date", "kind": "date", "personal": true},
                  {"path": "deposits", "kind": "number"}],
        "rules": [
          {"id": "birth-date", "family": "kyc", "when": {"const": true},
           "then": [{"require_field": "client.birth_date"}]},
          {"id": "structuring", "family": "aml", "disclosable": false,
           "when": {"cmp": {"left": {"fact": "deposits"}, "op": "ge", "right": {"lit": {"number": "3"}}}},
           "then": [{"refer": "aml-desk"}, {"report": {"kind": "str", "due": {"working_days": 2}}}],
           "cite": [{"source": "the law", "confidence": "A"}]},
          {"id": "tried-out", "family": "aml", "state": "shadow", "when": {"const": true},
           "then": [{"reject": "x"}]}]}"#,
    )
    .unwrap()
}

#[test]
fn a_customer_is_never_told_of_a_suspicion() {
    let facts = Facts::new()
        .with("deposits", Value::int(3))
        .unwrap()
        .with("client.birth_date", Value::Date(on()))
        .unwrap();
    let decision = suspicion().evaluate(&facts, on()).unwrap();
    assert_eq!(
        decision.verdict,
        Verdict::Refer,
        "a shadow rule never decides"
    );
    let told = decision.explain(Audience::Customer);
    assert_eq!(told.verdict, Verdict::Hold);
    let json = serde_json::to_string(&told).unwrap();
    for secret in ["structuring", "aml", "deposits", "report", "law"] {
        assert!(!json.contains(secret), "{secret} in {json}");
    }
    let officer = decision.explain(Audience::Officer);
    assert_eq!(officer.verdict, Verdict::Refer);
    assert!(
        officer
            .reasons
            .iter()
            .any(|line| line.text == "refers to aml-desk")
    );
    assert!(officer.reasons.iter().all(|line| line.cite.is_empty()));
    assert!(
        officer
            .reasons
            .iter()
            .flat_map(|line| &line.derivation)
            .any(|line| line.contains("deposits ≥ 3") && line.contains("[deposits: 3]"))
    );
    let regulator = decision.explain(Audience::Regulator);
    assert!(regulator.reasons.iter().any(|line| !line.cite.is_empty()));
}

#[test]
fn a_customer_is_not_asked_what_only_a_suspicion_needs() {
    let decision = suspicion().evaluate(&Facts::new(), on()).unwrap();
    assert_eq!(decision.missing().len(), 2);
    let told = decision.explain(Audience::Customer);
    assert_eq!(told.missing.len(), 1);
    assert_eq!(told.missing[0].to_string(), "field client.birth_date");
}

#[test]
fn a_decision_is_replayed_and_any_change_is_named() {
    let facts = Facts::new().with("deposits", Value::int(3)).unwrap();
    let decision = suspicion().evaluate(&facts, on()).unwrap();
    // Through storage and back.
    let json = serde_json::to_string(&decision).unwrap();
    let decision: kyc_rules::rules::Decision = serde_json::from_str(&json).unwrap();
    decision.replay(&suspicion(), &facts).unwrap();

    let mut newer = suspicion();
    newer.version = 4;
    assert_eq!(decision.replay(&newer, &facts).unwrap_err().code(), 4171);
    let other = Facts::new().with("deposits", Value::int(4)).unwrap();
    assert_eq!(
        decision.replay(&suspicion(), &other).unwrap_err().code(),
        4172
    );
    let mut tampered = suspicion();
    tampered.rules[1].then.truncate(1);
    assert_eq!(decision.replay(&tampered, &facts).unwrap_err().code(), 4173);
}

#[test]
fn two_books_compared_and_tried_on_past_cases() {
    let old = suspicion();
    let mut new = suspicion();
    new.version = 4;
    new.rules[1].when = serde_json::from_str(
        r#"{"cmp": {"left": {"fact": "deposits"}, "op": "gt", "right": {"lit": {"number": "3"}}}}"#,
    )
    .unwrap();
    new.rules.remove(2);
    let diff = old.diff(&new);
    assert_eq!(diff.removed[0].as_str(), "tried-out");
    assert_eq!(diff.changed[&"structuring".try_into().unwrap()], ["when"]);
    assert!(diff.added.is_empty() && diff.tiers.is_empty());

    let case = |deposits| {
        Facts::new()
            .with("deposits", Value::int(deposits))
            .unwrap()
            .with("client.birth_date", Value::Date(on()))
            .unwrap()
    };
    let cases = [case(2), case(3), case(4)];
    let past = ["two", "three", "four"].into_iter().zip(&cases);
    let past = past.map(|(id, facts)| PastCase {
        id,
        facts,
        on: on(),
    });
    let report = old
        .compile()
        .unwrap()
        .backtest(&new.compile().unwrap(), past)
        .unwrap();
    assert_eq!((report.cases, report.same), (3, 2));
    assert_eq!(report.flips[0].case, "three");
    assert_eq!(report.moves[&Verdict::Refer][&Verdict::Pass], 1);
    assert_eq!(report.flips[0].because[0].as_str(), "structuring");
}

#[test]
fn lints_find_what_an_author_should_look_at() {
    let json = r#"{"id": "l", "version": 1,
        "facts": [{"path": "x", "kind": "number"}, {"path": "gender", "kind": "text", "protected": true}],
        "rules": [
          {"id": "dead", "family": "limit", "then": [{"flag": "a"}], "when": {"all": [
            {"cmp": {"left": {"fact": "x"}, "op": "gt", "right": {"lit": {"number": "5"}}}},
            {"cmp": {"left": {"fact": "x"}, "op": "le", "right": {"lit": {"number": "5"}}}}]},
            "cite": [{"source": "s", "confidence": "C"}], "valid": {"to": "2026-11-21"}},
          {"id": "secret", "family": "kyc", "when": {"const": true}, "on_unknown": {"treat_as": true},
            "then": [{"reject": "x"}, {"report": {"kind": "str", "due": null}}],
            "disclosable": false, "cite": [{"source": "s", "confidence": "A"}]},
          {"id": "unfair", "family": "eligibility", "then": [{"reject": "x"}],
            "when": {"cmp": {"left": {"fact": "gender"}, "op": "eq", "right": {"lit": {"text": "f"}}}}}],
        "tiers": [
          {"id": "one", "rank": 1, "country": "GH", "cite": [{"source": "s", "confidence": "A"}],
           "limits": {"per_day": {"amount": "100", "currency": "GHS"}}},
          {"id": "two", "rank": 2, "country": "GH", "cite": [{"source": "s", "confidence": "A"}],
           "limits": {"per_day": {"amount": "99", "currency": "GHS"}}}]}"#;
    let lints = RuleBook::from_json(json).unwrap().lint(on());
    let found: Vec<(String, LintKind)> = lints
        .into_iter()
        .map(|lint| (lint.source.to_string(), lint.kind))
        .collect();
    let wanted = [
        ("rule dead", LintKind::DoubtfulActive),
        ("rule dead", LintKind::Expired),
        ("rule dead", LintKind::Dead),
        ("rule secret", LintKind::UnknownTreatedAsKnown),
        ("rule secret", LintKind::SecretReject),
        ("rule secret", LintKind::ReportWithoutDue),
        ("rule unfair", LintKind::NoCitation),
        ("rule unfair", LintKind::Protected),
        ("tier two", LintKind::LimitNotMonotone),
    ];
    assert_eq!(found, wanted.map(|(at, kind)| (at.to_string(), kind)));
}

#[test]
fn books_are_refused_whole() {
    let table = [
        (
            r#"{"id": "b", "version": 1, "rules": [{"id": "r", "family": "kyc", "then": [],
            "when": {"true": "nowhere"}}]}"#,
            4104,
        ),
        (
            r#"{"id": "b", "version": 1, "rules": [{"id": "r", "family": "kyc", "then": [],
            "when": {"cmp": {"left": "today", "op": "lt", "right": {"lit": {"number": "1"}}}}}]}"#,
            4105,
        ),
        (
            r#"{"id": "b", "version": 1, "rules": [{"id": "r", "family": "kyc", "then": [],
            "when": {"rule": "r"}}]}"#,
            4108,
        ),
        (
            r#"{"id": "b", "version": 1, "rules": [{"id": "r", "family": "kyc", "then": [],
            "when": {"rule": "q"}}]}"#,
            4107,
        ),
        (
            r#"{"id": "b", "version": 1, "rules": [
            {"id": "r", "family": "kyc", "then": [], "when": {"const": true}},
            {"id": "r", "family": "kyc", "then": [], "when": {"const": true}}]}"#,
            4102,
        ),
        (r#"{"id": "b", "version": 1, "colour": "red"}"#, 4101),
    ];
    for (json, code) in table {
        let error = RuleBook::from_json(json).unwrap_err();
        assert_eq!(error.code(), code, "{error}");
    }
    // A reference chain that doubles at each step would take 2^40 steps: refused at load.
    let mut rules =
        vec![r#"{"id": "r0", "family": "kyc", "then": [], "when": {"const": true}}"#.into()];
    for n in 1..40 {
        let p = n - 1;
        rules.push(format!(
            r#"{{"id": "r{n}", "family": "kyc", "then": [],
            "when": {{"all": [{{"rule": "r{p}"}}, {{"rule": "r{p}"}}]}}}}"#
        ));
    }
    let json = format!(
        r#"{{"id": "b", "version": 1, "rules": [{}]}}"#,
        rules.join(",")
    );
    assert_eq!(RuleBook::from_json(&json).unwrap_err().code(), 4109);
}
