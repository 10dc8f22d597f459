//! Figures over rows: windows at their ends, percentiles by rank, and what is unknown.

use chrono::NaiveDateTime;
use kyc_rules::{
    facts::{Facts, Row, Value},
    rules::{RuleBook, Verdict},
};
use ledger::{Currency, Money};

fn at(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
}

fn money(amount: &str, currency: &str) -> Value {
    let currency = Currency::from_code(currency).unwrap();
    Value::Money(Money::new(amount.parse().unwrap(), currency))
}

fn row(moment: &str, fields: &[(&str, Value)]) -> Row {
    Row {
        at: at(moment),
        current: false,
        fields: fields
            .iter()
            .map(|(name, value)| ((*name).try_into().unwrap(), value.clone()))
            .collect(),
    }
}

/// Refers when the aggregate is at least `least`.
fn book(aggregate: &str, least: &str) -> RuleBook {
    RuleBook::from_json(&format!(
        r#"{{"id": "b", "version": 1, "facts": [{{"path": "own", "kind": "money"}}],
          "rules": [{{"id": "r", "family": "aml", "then": [{{"refer": "desk"}}], "when": {{"cmp": {{
            "left": {{"agg": {aggregate}}}, "op": "ge", "right": {{"lit": {least}}}}}}}}}]}}"#
    ))
    .unwrap()
}

fn verdict(book: &RuleBook, facts: &Facts) -> Verdict {
    let on = chrono::NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
    book.evaluate(facts, on).unwrap().verdict
}

fn seen(rows: Vec<Row>) -> Facts {
    Facts::new()
        .with_stream("s".try_into().unwrap(), rows)
        .at(at("2026-11-21 12:00"))
}

#[test]
fn windows_at_their_ends() {
    // 21 November 2026 is a Saturday; its week began on Monday the 16th.
    for (window, moment, counts) in [
        (r#"{"rolling_hours": 24}"#, "2026-11-20 12:01", true),
        (r#"{"rolling_hours": 24}"#, "2026-11-20 12:00", false),
        (r#"{"rolling_days": 7}"#, "2026-11-14 12:01", true),
        (r#"{"rolling_days": 7}"#, "2026-11-14 12:00", false),
        (r#""calendar_day""#, "2026-11-21 00:00", true),
        (r#""calendar_day""#, "2026-11-20 23:59", false),
        (r#""calendar_week""#, "2026-11-16 00:00", true),
        (r#""calendar_week""#, "2026-11-15 23:59", false),
        (r#""calendar_month""#, "2026-11-01 00:00", true),
        (r#""calendar_month""#, "2026-10-31 23:59", false),
        (r#""all""#, "2020-01-01 00:00", true),
        (r#""all""#, "2026-11-21 12:01", false),
    ] {
        let aggregate = format!(r#"{{"of": "s", "figure": "count", "window": {window}}}"#);
        let book = book(&aggregate, r#"{"number": "1"}"#);
        let wanted = if counts {
            Verdict::Refer
        } else {
            Verdict::Pass
        };
        assert_eq!(
            verdict(&book, &seen(vec![row(moment, &[])])),
            wanted,
            "{window} {moment}"
        );
    }
}

#[test]
fn percentiles_by_nearest_rank() {
    // The ordinal rank of the P-th percentile of n values is ceil(P/100 n): of 15, 20, 35, 40, 50
    // the 5th is 15, the 30th 20, the 40th 20, the 50th 35, the 100th 50 (the textbook example of
    // the nearest-rank method).
    let rows = || {
        let figures = [35, 20, 15, 50, 40].iter();
        figures
            .map(|n| row("2026-11-21 09:00", &[("n", Value::int(*n))]))
            .collect()
    };
    for (percent, figure) in [(5, 15), (30, 20), (40, 20), (50, 35), (100, 50)] {
        let aggregate = format!(
            r#"{{"of": "s", "window": "all", "figure": {{"percentile": {{"field": "n", "percent": {percent}}}}}}}"#
        );
        for (least, wanted) in [(figure, Verdict::Refer), (figure + 1, Verdict::Pass)] {
            let book = book(&aggregate, &format!(r#"{{"number": "{least}"}}"#));
            assert_eq!(
                verdict(&book, &seen(rows())),
                wanted,
                "{percent} % against {least}"
            );
        }
    }
    let wrong =
        r#"{"of": "s", "window": "all", "figure": {"percentile": {"field": "n", "percent": 101}}}"#;
    let json =
        serde_json::to_string(&book(&wrong.replace("101", "100"), r#"{"number": "1"}"#)).unwrap();
    let error = RuleBook::from_json(&json.replace(":100}", ":101}")).unwrap_err();
    assert_eq!(error.code(), 4110);
}

#[test]
fn amounts_above_the_one_under_decision() {
    let aggregate = r#"{"of": "s", "window": "all", "figure": "count",
        "filter": [{"field": "m", "op": "gt", "value": {"fact": "own"}}]}"#;
    let book = book(aggregate, r#"{"number": "1"}"#);
    let rows = vec![row("2026-11-21 09:00", &[("m", money("10", "USD"))])];
    let facts = seen(rows);
    // The fact the rows are compared with is asked for.
    assert_eq!(verdict(&book, &facts), Verdict::NeedsInfo);
    for (own, wanted) in [("9.99", Verdict::Refer), ("10", Verdict::Pass)] {
        let facts = facts.clone().with("own", money(own, "USD")).unwrap();
        assert_eq!(verdict(&book, &facts), wanted, "{own}");
    }
    // In another currency nobody can say whether the row counts, until the rate is known.
    let on = chrono::NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
    let foreign = facts.with("own", money("1000", "KES")).unwrap();
    let open = book.evaluate(&foreign, on).unwrap();
    assert_eq!(open.missing()[0].to_string(), "field rate.usd.kes");
    let rate = Value::Number("129.5".parse().unwrap());
    let known = foreign.with("rate.usd.kes", rate).unwrap();
    assert_eq!(verdict(&book, &known), Verdict::Refer);
}

#[test]
fn a_sum_over_currencies_names_the_rate_it_lacks() {
    let aggregate = r#"{"of": "s", "window": "all",
        "figure": {"average_money": {"field": "m", "currency": "USD"}}}"#;
    let book = book(
        aggregate,
        r#"{"money": {"amount": "6", "currency": "USD"}}"#,
    );
    let rows = vec![
        row("2026-11-21 09:00", &[("m", money("10", "USD"))]),
        row("2026-11-21 09:00", &[("m", money("200", "KES"))]),
    ];
    let on = chrono::NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
    let open = book.evaluate(&seen(rows.clone()), on).unwrap();
    assert_eq!(open.missing()[0].to_string(), "field rate.kes.usd");
    // 200 at 0.01 is 2: the mean of 10 and 2 is 6.
    for (rate, wanted) in [("0.01", Verdict::Refer), ("0.0099", Verdict::Pass)] {
        let rate = Value::Number(rate.parse().unwrap());
        let facts = seen(rows.clone()).with("rate.kes.usd", rate).unwrap();
        assert_eq!(verdict(&book, &facts), wanted);
    }
}
