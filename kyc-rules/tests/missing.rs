//! What a decision asks for: the smallest set, and nothing that would not decide.

use chrono::NaiveDate;
use kyc_rules::{
    facts::{Facts, Value},
    presets,
    rules::{RuleBook, Verdict},
};

fn on() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 21).unwrap()
}

fn items(book: &RuleBook, facts: &Facts) -> Vec<String> {
    let decision = book.evaluate(facts, on()).unwrap();
    decision.missing().iter().map(ToString::to_string).collect()
}

/// A book with one rule that rejects when `when` holds, over a few facts.
fn rejecting(when: &str) -> RuleBook {
    RuleBook::from_json(&format!(
        r#"{{"id": "t", "version": 1,
            "facts": [{{"path": "a", "kind": "bool"}}, {{"path": "b", "kind": "bool"}},
                      {{"path": "c", "kind": "bool"}}],
            "rules": [{{"id": "r", "family": "kyc", "when": {when}, "then": [{{"reject": "x"}}]}}]}}"#
    ))
    .unwrap()
}

#[test]
fn only_what_would_decide_is_asked() {
    type Case = (
        &'static str,
        &'static [(&'static str, bool)],
        &'static [&'static str],
    );
    let table: &[Case] = &[
        // Both fields are needed: either may turn out true.
        (
            r#"{"all": [{"true": "a"}, {"true": "b"}]}"#,
            &[],
            &["field a", "field b"],
        ),
        // One part is false: the rest cannot matter.
        (
            r#"{"all": [{"true": "a"}, {"true": "b"}]}"#,
            &[("a", false)],
            &[],
        ),
        (
            r#"{"all": [{"true": "a"}, {"true": "b"}]}"#,
            &[("a", true)],
            &["field b"],
        ),
        // A true part of a disjunction decides: rejected, so nothing more is asked.
        (
            r#"{"any": [{"true": "a"}, {"true": "b"}]}"#,
            &[("a", true)],
            &[],
        ),
        // A document settles a disjunction by being there; the field might not.
        (
            r#"{"not": {"any": [{"true": "document.passport"}, {"true": "a"}]}}"#,
            &[],
            &["document passport"],
        ),
        // Two of three: one holds, and either document would make the second.
        (
            r#"{"not": {"at_least": {"count": 2, "of": [{"true": "a"},
            {"true": "document.passport"}, {"true": "document.voter_card"}]}}}"#,
            &[("a", true)],
            &["document passport"],
        ),
    ];
    for (when, known, wanted) in table {
        let facts = known.iter().fold(Facts::new(), |facts, (path, value)| {
            facts.with(path, Value::Bool(*value)).unwrap()
        });
        assert_eq!(
            items(&rejecting(when), &facts),
            *wanted,
            "{when} knowing {known:?}"
        );
    }
}

#[test]
fn one_document_serves_several_requirements() {
    let book = RuleBook::from_json(
        r#"{"id": "t", "version": 1, "rules": [
            {"id": "identity", "family": "kyc", "when": {"const": true},
             "then": [{"require_document": {"any_of": ["national_id", "passport"]}}]},
            {"id": "nationality", "family": "kyc", "when": {"const": true},
             "then": [{"require_document": {"any_of": ["birth_certificate", "passport"]}}]},
            {"id": "address", "family": "kyc", "when": {"const": true},
             "then": [{"require_document": {"any_of": ["utility_bill"]}}]}]}"#,
    )
    .unwrap();
    assert_eq!(
        items(&book, &Facts::new()),
        ["document passport", "document utility_bill"]
    );
    // A refused document is still missing; an accepted one is not asked again.
    let facts = Facts::new()
        .with("document.national_id", Value::Bool(true))
        .unwrap()
        .with("document.utility_bill", Value::Bool(false))
        .unwrap();
    assert_eq!(
        items(&book, &facts),
        ["document birth_certificate", "document utility_bill"]
    );
}

fn ugandan() -> Facts {
    Facts::new()
        .with("client.country", Value::text("UG"))
        .unwrap()
        .with("client.requested_tier", Value::text("ug_high_value"))
        .unwrap()
}

fn person(facts: Facts, citizen: bool) -> Facts {
    facts
        .with("client.citizen", Value::Bool(citizen))
        .unwrap()
        .with("client.name", Value::text("Sarah Nakato"))
        .unwrap()
        .with(
            "client.birth_date",
            Value::Date(NaiveDate::from_ymd_opt(1990, 2, 3).unwrap()),
        )
        .unwrap()
        .with("client.phone", Value::text("+256772123456"))
        .unwrap()
}

#[test]
fn a_tier_asks_for_its_documents_and_is_granted_when_they_are_there() {
    let book = presets::uganda().unwrap();
    let facts = person(ugandan(), true);
    assert_eq!(items(&book, &facts), ["document national_id"]);
    let facts = facts
        .with("document.national_id", Value::Bool(true))
        .unwrap();
    let decision = book.evaluate(&facts, on()).unwrap();
    assert_eq!(decision.verdict, Verdict::Pass);
    assert_eq!(decision.tier.unwrap().as_str(), "ug_high_value");

    let foreigner = person(ugandan(), false);
    assert_eq!(items(&book, &foreigner), ["document alien_id"]);
    let decision = book.evaluate(&foreigner, on()).unwrap();
    assert_eq!(
        decision.requirements[0].alternatives.len(),
        3,
        "any of three would do"
    );
}

#[test]
fn a_tier_not_offered_is_refused_not_guessed() {
    let book = presets::uganda().unwrap();
    let unknown = Facts::new()
        .with("client.country", Value::text("UG"))
        .unwrap()
        .with("client.requested_tier", Value::text("ug_low_value"))
        .unwrap();
    assert_eq!(book.evaluate(&unknown, on()).unwrap_err().code(), 4152);
    // Before its first day the tier is not offered either.
    let early = NaiveDate::from_ymd_opt(2022, 2, 28).unwrap();
    assert_eq!(book.evaluate(&ugandan(), early).unwrap_err().code(), 4152);
    assert!(book.evaluate(&ugandan(), early.succ_opt().unwrap()).is_ok());
}

#[test]
fn identity_at_an_agent_from_one_million() {
    // NPS (Agents) Regulations 2021, as applied from 2024-04-19: at 1,000,000 and above.
    let book = presets::uganda().unwrap();
    let ugx = ledger::Currency::from_code("UGX").unwrap();
    let table = [
        ("2026-11-21", 999_999, Verdict::Pass),
        ("2026-11-21", 1_000_000, Verdict::NeedsInfo),
        ("2024-04-19", 1_000_000, Verdict::NeedsInfo),
        ("2024-04-18", 1_000_000, Verdict::Pass),
    ];
    for (day, amount, verdict) in table {
        let amount = ledger::Money::new(amount.into(), ugx);
        let facts = Facts::new()
            .with("client.country", Value::text("UG"))
            .unwrap()
            .with("event", Value::text("transaction"))
            .unwrap()
            .with("channel", Value::text("agent"))
            .unwrap()
            .with("transaction.cash", Value::Bool(true))
            .unwrap()
            .with("transaction.amount", Value::Money(amount))
            .unwrap();
        let decision = book.evaluate(&facts, day.parse().unwrap()).unwrap();
        assert_eq!(decision.verdict, verdict, "{amount} on {day}");
    }
}
