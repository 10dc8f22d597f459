//! Patterns of money laundering over rows, and forms whose errors come all at once.

use chrono::{NaiveDate, NaiveDateTime};
use kyc_rules::{
    aml::Pattern,
    facts::{Facts, Row, Value},
    forms::{Answers, Form},
    rules::{RuleBook, Verdict},
};
use ledger::{Currency, Money};

fn usd(amount: &str) -> Money {
    Money::new(amount.parse().unwrap(), Currency::from_code("USD").unwrap())
}

fn row(at: &str, amount: &str) -> Row {
    Row {
        at: NaiveDateTime::parse_from_str(at, "%Y-%m-%d %H:%M").unwrap(),
        current: false,
        fields: [("amount".try_into().unwrap(), Value::Money(usd(amount)))].into(),
    }
}

fn refers(pattern: &Pattern, facts: &Facts) -> bool {
    let json = r#"{"id": "p", "version": 1, "facts": [
        {"path": "loan.disbursed", "kind": "date"}, {"path": "loan.repaid", "kind": "bool"}]}"#;
    let mut book = RuleBook::from_json(json).unwrap();
    book.rules.push(pattern.rule("pattern", "desk").unwrap());
    let on = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
    book.evaluate(facts, on).unwrap().verdict == Verdict::Refer
}

#[test]
fn structuring_below_a_threshold_of_10_000() {
    let near = Pattern::NearThreshold {
        stream: "cash".try_into().unwrap(),
        field: "amount".try_into().unwrap(),
        from: usd("8000"),
        threshold: usd("10000"),
        count: 3,
        days: 7,
    };
    let split = Pattern::SplitBelow {
        stream: "cash".try_into().unwrap(),
        field: "amount".try_into().unwrap(),
        threshold: usd("10000"),
    };
    type Line = (&'static [(&'static str, &'static str)], bool, bool);
    let table: &[Line] = &[
        (
            &[
                ("2026-11-19 10:00", "9900"),
                ("2026-11-20 10:00", "8000"),
                ("2026-11-21 10:00", "9999.99"),
            ],
            true,
            false,
        ),
        // One is at the threshold: it is reported by itself, and only two are near.
        (
            &[
                ("2026-11-19 10:00", "9900"),
                ("2026-11-20 10:00", "10000"),
                ("2026-11-21 10:00", "9000"),
            ],
            false,
            false,
        ),
        // 6,000 and 4,000 within a day reach it together.
        (
            &[("2026-11-21 09:00", "6000"), ("2026-11-21 10:00", "4000")],
            false,
            true,
        ),
        (
            &[("2026-11-21 09:00", "10000"), ("2026-11-21 10:00", "4000")],
            false,
            false,
        ),
        (&[], false, false),
    ];
    for (rows, nearly, splits) in table {
        let rows = rows.iter().map(|(at, amount)| row(at, amount)).collect();
        let facts = Facts::new().with_stream("cash".try_into().unwrap(), rows);
        assert_eq!(refers(&near, &facts), *nearly, "near {facts:?}");
        assert_eq!(refers(&split, &facts), *splits, "split {facts:?}");
    }
}

#[test]
fn a_loan_repaid_within_a_fortnight() {
    let pattern = Pattern::RapidRepayment {
        disbursed: "loan.disbursed".try_into().unwrap(),
        repaid: "loan.repaid".try_into().unwrap(),
        third_party: None,
        days: 14,
    };
    for (disbursed, wanted) in [("2026-11-07", true), ("2026-11-06", false)] {
        let facts = Facts::new()
            .with("loan.disbursed", Value::Date(disbursed.parse().unwrap()))
            .unwrap()
            .with("loan.repaid", Value::Bool(true))
            .unwrap();
        assert_eq!(refers(&pattern, &facts), wanted, "{disbursed}");
    }
}

#[test]
fn every_error_of_a_form_at_once() {
    let form: Form = serde_json::from_str(
        r#"{"id": "application", "groups": [
        {"id": "client", "fields": [
            {"id": "plot", "kind": "text", "required": true,
             "pattern": {"mask": {"dialect": "mambu_field", "mask": "@@-##"}}},
            {"id": "phone", "kind": "text", "unique": true},
            {"id": "income", "kind": "money", "required": true}]},
        {"id": "child", "repeats": true, "fields": [
            {"id": "born", "kind": "date", "required": true}]}]}"#,
    )
    .unwrap();
    let entry = |pairs: &[(&str, Value)]| {
        pairs
            .iter()
            .map(|(k, v)| ((*k).try_into().unwrap(), v.clone()))
            .collect()
    };
    let answers: Answers = [
        (
            "client".try_into().unwrap(),
            vec![entry(&[
                ("plot", Value::text("AB-12")),
                ("phone", Value::text("1")),
                ("age", Value::int(3)),
            ])],
        ),
        (
            "child".try_into().unwrap(),
            vec![entry(&[("born", Value::int(2020))]), entry(&[])],
        ),
    ]
    .into();
    let errors = form
        .check(&answers, |field, _| field.as_str() == "phone")
        .unwrap_err();
    let found: Vec<(String, usize, u16)> = errors
        .iter()
        .map(|e| (e.field.to_string(), e.entry, e.problem.code()))
        .collect();
    let wanted = [
        ("plot", 1, 4504),
        ("phone", 1, 4505),
        ("income", 1, 4501),
        ("age", 1, 4507),
        ("born", 1, 4502),
        ("born", 2, 4501),
    ];
    assert_eq!(
        found,
        wanted.map(|(field, entry, code)| (field.to_string(), entry, code))
    );
    // In this dialect @ is a digit and # a letter.
    let right: Answers = [(
        "client".try_into().unwrap(),
        vec![entry(&[
            ("plot", Value::text("12-AB")),
            ("income", Value::Money(usd("10"))),
        ])],
    )]
    .into();
    assert!(form.check(&right, |_, _| false).is_ok());
}
