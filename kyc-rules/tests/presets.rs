//! Every preset at its boundary: just below, at and just above the published figure, and the day
//! before it applied.

use chrono::{NaiveDate, NaiveTime};
use kyc_rules::{
    facts::{Facts, Row, Value},
    presets,
    rules::{BookError, Confidence, Decision, LimitKind, RuleBook, RuleState},
};
use ledger::{Currency, Money};

type Preset = fn() -> Result<RuleBook, BookError>;

const ALL: [(&str, Preset); 8] = [
    ("uganda", presets::uganda),
    ("kenya", presets::kenya),
    ("nigeria", presets::nigeria),
    ("ghana", presets::ghana),
    ("tanzania", presets::tanzania),
    ("fatf", presets::fatf),
    ("eu", presets::eu),
    ("us", presets::us),
];

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn money(amount: &str, currency: &str) -> Value {
    let currency = Currency::from_code(currency).unwrap();
    Value::Money(Money::new(amount.parse().unwrap(), currency))
}

#[test]
fn figures_are_cited_and_doubtful_ones_are_off() {
    for (name, preset) in ALL {
        let book = preset().unwrap();
        for rule in &book.rules {
            assert!(!rule.cite.is_empty(), "{name} {}", rule.id);
            if rule.cite.iter().any(|c| c.confidence == Confidence::C) {
                assert_eq!(rule.state, RuleState::Inactive, "{name} {}", rule.id);
            }
        }
        for tier in &book.tiers {
            assert!(!tier.cite.is_empty(), "{name} {}", tier.id);
            if tier.cite.iter().any(|c| c.confidence == Confidence::C) {
                assert_eq!(tier.state, RuleState::Inactive, "{name} {}", tier.id);
            }
        }
    }
}

fn fires(
    preset: Preset,
    rule: &str,
    country: &str,
    flags: &[&str],
    value: Value,
    on: &str,
) -> bool {
    let mut facts = Facts::new()
        .with("client.country", Value::text(country))
        .unwrap()
        .with("event", Value::text("transaction"))
        .unwrap()
        .with("channel", Value::text("agent"))
        .unwrap()
        .with("transaction.amount", value.clone())
        .unwrap();
    for flag in flags {
        facts = facts
            .with(&format!("transaction.{flag}"), Value::Bool(true))
            .unwrap();
    }
    let at = day(on).and_time(NaiveTime::from_hms_opt(9, 0, 0).unwrap());
    let row = Row {
        at,
        current: true,
        fields: [("amount".try_into().unwrap(), value)].into(),
    };
    let facts = facts.with_stream("cash".try_into().unwrap(), vec![row]);
    let decision: Decision = preset().unwrap().evaluate(&facts, day(on)).unwrap();
    decision
        .outcomes
        .iter()
        .any(|fired| fired.rule.as_str() == rule)
}

#[test]
fn transactions_below_at_and_above_the_figure() {
    // "exceeding", "more than", "above": not at the figure. "or more", "and above": at it.
    type Line = (
        Preset,
        &'static str,
        &'static str,
        &'static [&'static str],
        &'static str,
        [(&'static str, bool); 3],
    );
    let table: &[Line] = &[
        (
            presets::uganda,
            "ug-agent-id",
            "UG",
            &[],
            "UGX",
            [("999999", false), ("1000000", true), ("1000001", true)],
        ),
        (
            presets::uganda,
            "ug-cash-report",
            "UG",
            &["cash"],
            "UGX",
            [("19999999", false), ("20000000", false), ("20000001", true)],
        ),
        (
            presets::nigeria,
            "ng-foreign-transfer",
            "NG",
            &["cross_border"],
            "USD",
            [("9999.99", false), ("10000", false), ("10000.01", true)],
        ),
        (
            presets::ghana,
            "gh-cash-report",
            "GH",
            &["cash"],
            "GHS",
            [("49999.99", false), ("50000", true), ("50000.01", true)],
        ),
        (
            presets::ghana,
            "gh-transfer-report",
            "GH",
            &["transfer"],
            "USD",
            [("999.99", false), ("1000", false), ("1000.01", true)],
        ),
        (
            presets::tanzania,
            "tz-cash-report",
            "TZ",
            &["cash"],
            "USD",
            [("9999.99", false), ("10000", true), ("10000.01", true)],
        ),
        (
            presets::fatf,
            "fatf-r10",
            "UG",
            &["occasional"],
            "USD",
            [("14999.99", false), ("15000", false), ("15000.01", true)],
        ),
        (
            presets::fatf,
            "fatf-r15",
            "UG",
            &["occasional", "crypto"],
            "USD",
            [("999.99", false), ("1000", false), ("1000.01", true)],
        ),
        (
            presets::us,
            "us-ctr",
            "US",
            &["cash"],
            "USD",
            [("9999.99", false), ("10000", false), ("10000.01", true)],
        ),
        (
            presets::us,
            "us-funds-transfer",
            "US",
            &["transfer"],
            "USD",
            [("2999.99", false), ("3000", true), ("3000.01", true)],
        ),
        (
            presets::us,
            "us-monetary-instrument",
            "US",
            &["cash", "monetary_instrument"],
            "USD",
            [("2999.99", false), ("3000", true), ("10000", true)],
        ),
    ];
    for (preset, rule, country, flags, currency, amounts) in table {
        for (amount, wanted) in amounts {
            let got = fires(
                *preset,
                rule,
                country,
                flags,
                money(amount, currency),
                "2026-11-21",
            );
            assert_eq!(got, *wanted, "{rule} at {amount} {currency}");
        }
    }
    let past_the_top = money("10000.01", "USD");
    let flags = ["cash", "monetary_instrument"];
    assert!(!fires(
        presets::us,
        "us-monetary-instrument",
        "US",
        &flags,
        past_the_top,
        "2026-11-21"
    ));
}

#[test]
fn european_figures_from_2027_07_10() {
    type Line = (
        &'static str,
        &'static [&'static str],
        [(&'static str, bool); 2],
    );
    let table: &[Line] = &[
        (
            "eu-occasional",
            &["occasional"],
            [("9999.99", false), ("10000", true)],
        ),
        (
            "eu-transfer",
            &["occasional", "transfer"],
            [("999.99", false), ("1000", true)],
        ),
        (
            "eu-crypto",
            &["occasional", "crypto"],
            [("999.99", false), ("1000", true)],
        ),
        (
            "eu-cash",
            &["occasional", "cash"],
            [("2999.99", false), ("3000", true)],
        ),
        (
            "eu-cash-cap",
            &["cash"],
            [("10000", false), ("10000.01", true)],
        ),
    ];
    for (rule, flags, amounts) in table {
        for (amount, wanted) in amounts {
            let value = money(amount, "EUR");
            assert_eq!(
                fires(presets::eu, rule, "FR", flags, value.clone(), "2027-07-10"),
                *wanted,
                "{rule} {amount}"
            );
            assert!(
                !fires(presets::eu, rule, "FR", flags, value, "2027-07-09"),
                "{rule} too early"
            );
        }
    }
    let transfer = ["transfer", "cross_border"];
    let above = money("1000.01", "USD");
    assert!(fires(
        presets::fatf,
        "fatf-r16",
        "UG",
        &transfer,
        above.clone(),
        "2031-01-01"
    ));
    assert!(!fires(
        presets::fatf,
        "fatf-r16",
        "UG",
        &transfer,
        above,
        "2030-12-31"
    ));
    assert!(!fires(
        presets::fatf,
        "fatf-r16",
        "UG",
        &transfer,
        money("1000", "USD"),
        "2031-01-01"
    ));
}

#[test]
fn the_same_tier_by_date() {
    type Line = (
        Preset,
        &'static str,
        &'static str,
        LimitKind,
        Option<&'static str>,
    );
    let table: &[Line] = &[
        (
            presets::ghana,
            "gh_minimum",
            "2020-03-19",
            LimitKind::PerDay,
            Some("300"),
        ),
        // Between the two days the sources do not say which of two steps applied when.
        (
            presets::ghana,
            "gh_minimum",
            "2020-03-20",
            LimitKind::PerDay,
            None,
        ),
        (
            presets::ghana,
            "gh_minimum",
            "2024-02-29",
            LimitKind::PerDay,
            None,
        ),
        (
            presets::ghana,
            "gh_minimum",
            "2024-03-01",
            LimitKind::PerDay,
            Some("3000"),
        ),
        (
            presets::ghana,
            "gh_minimum",
            "2024-03-01",
            LimitKind::PerMonth,
            Some("10000"),
        ),
        (
            presets::ghana,
            "gh_medium",
            "2024-03-01",
            LimitKind::Balance,
            Some("40000"),
        ),
        (
            presets::ghana,
            "gh_enhanced",
            "2024-03-01",
            LimitKind::PerDay,
            Some("25000"),
        ),
        (
            presets::nigeria,
            "ng_bank_1",
            "2016-06-30",
            LimitKind::PerTransaction,
            Some("20000"),
        ),
        (
            presets::nigeria,
            "ng_bank_1",
            "2016-07-01",
            LimitKind::PerTransaction,
            Some("50000"),
        ),
        (
            presets::nigeria,
            "ng_bank_2",
            "2016-07-01",
            LimitKind::Balance,
            Some("500000"),
        ),
        (
            presets::nigeria,
            "ng_momo_3",
            "2017-09-07",
            LimitKind::PerDay,
            Some("5000000"),
        ),
        (
            presets::nigeria,
            "ng_momo_1",
            "2017-09-06",
            LimitKind::PerDay,
            None,
        ),
        (
            presets::uganda,
            "ug_high_value",
            "2022-03-01",
            LimitKind::PerDay,
            Some("20000000"),
        ),
        (
            presets::uganda,
            "ug_high_value",
            "2022-02-28",
            LimitKind::PerDay,
            None,
        ),
        (
            presets::kenya,
            "ke_wallet",
            "2023-08-15",
            LimitKind::Balance,
            Some("500000"),
        ),
    ];
    for (preset, tier, on, kind, wanted) in table {
        let book = preset().unwrap();
        let limits = book.limits(&(*tier).try_into().unwrap(), day(on));
        let got = limits
            .as_ref()
            .and_then(|limits| limits.get(kind))
            .map(|m| m.amount().to_string());
        assert_eq!(got.as_deref(), *wanted, "{tier} on {on}");
    }
}

#[test]
fn a_limit_allows_exactly_its_amount() {
    let book = presets::uganda().unwrap();
    let tier = "ug_high_value".try_into().unwrap();
    let ugx = |amount: i64| Money::new(amount.into(), Currency::from_code("UGX").unwrap());
    for (amount, allowed) in [(5_000_000, true), (5_000_001, false)] {
        let breach = book.breaches(
            &tier,
            day("2026-11-21"),
            &[(LimitKind::PerTransaction, ugx(amount))],
        );
        assert_eq!(breach.unwrap().is_empty(), allowed, "{amount}");
    }
    // Another currency is not compared, it is refused.
    let kes = Money::new(1.into(), Currency::from_code("KES").unwrap());
    assert!(
        book.breaches(&tier, day("2026-11-21"), &[(LimitKind::PerDay, kes)])
            .is_err()
    );
}

#[test]
fn nigerian_wallets_need_bvn_or_nin_from_december_2023() {
    let book = presets::nigeria().unwrap();
    let facts = Facts::new()
        .with("client.country", Value::text("NG"))
        .unwrap()
        .with("client.requested_tier", Value::text("ng_momo_1"))
        .unwrap()
        .with("client.name", Value::text("Ngozi"))
        .unwrap()
        .with("client.phone", Value::text("+2348031234567"))
        .unwrap();
    let missing = |on: &str| book.evaluate(&facts, day(on)).unwrap().missing();
    assert!(missing("2023-11-30").is_empty());
    assert_eq!(missing("2023-12-01").len(), 1);
}
