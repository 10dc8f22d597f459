//! Tiers over time: what each country asks for, and the days nobody is sure about.

use chrono::NaiveDate;
use kyc_rules::{
    facts::{Facts, Value},
    presets,
    rules::{LimitKind, LintKind, OnTierHole, RuleBook, Source, Verdict},
};
use ledger::{Currency, Money};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Ghana raised its wallet limits twice; the sources name the day of the first step (2020-03-20)
/// and the figures after the second (2024-03-01), not the day of the step between.
fn ghana(hole: OnTierHole) -> RuleBook {
    let mut book = presets::ghana().unwrap();
    book.on_tier_hole = hole;
    book
}

fn daily(book: &RuleBook, on: &str) -> Option<String> {
    let limits = book.limits(&"gh_minimum".try_into().unwrap(), day(on))?;
    limits
        .get(&LimitKind::PerDay)
        .map(|money| money.amount().to_string())
}

#[test]
fn ghanas_open_years_are_a_finding() {
    let lints = ghana(OnTierHole::Ask).lint(day("2026-11-21"));
    let gaps: Vec<String> = lints
        .iter()
        .filter(|lint| lint.kind == LintKind::DatedGap)
        .map(|lint| format!("{}: {}", lint.source, lint.text))
        .collect();
    assert_eq!(gaps.len(), 3);
    assert_eq!(
        gaps[2],
        "tier gh_minimum: nothing from 2020-03-20 to 2024-03-01: the book leaves it open; an \
         inactive entry is written for these days"
    );
}

#[test]
fn in_the_open_years_the_book_asks_unless_told_to_be_strict() {
    // day, daily limit left open, daily limit when strict: below both the step of 2020 (1,000 a
    // day) and the one before 2024 (2,000).
    for (on, open, strict) in [
        ("2020-03-19", Some("300"), Some("300")),
        ("2020-03-20", None, Some("1000")),
        ("2024-02-29", None, Some("1000")),
        ("2024-03-01", Some("3000"), Some("3000")),
    ] {
        assert_eq!(daily(&ghana(OnTierHole::Ask), on).as_deref(), open, "{on}");
        assert_eq!(
            daily(&ghana(OnTierHole::Stricter), on).as_deref(),
            strict,
            "{on}"
        );
    }
    let tier = "gh_minimum".try_into().unwrap();
    let cedis = |amount: i64| Money::new(amount.into(), Currency::from_code("GHS").unwrap());
    let amounts = [(LimitKind::PerDay, cedis(1_001))];
    let open = ghana(OnTierHole::Ask).breaches(&tier, day("2022-01-01"), &amounts);
    assert_eq!(open.unwrap_err().code(), 4154);
    let strict = ghana(OnTierHole::Stricter).breaches(&tier, day("2022-01-01"), &amounts);
    assert_eq!(strict.unwrap().len(), 1);
}

#[test]
fn a_client_of_the_open_years_is_undecided_or_meets_every_entry() {
    let facts = Facts::new()
        .with("client.country", Value::text("GH"))
        .unwrap()
        .with("client.requested_tier", Value::text("gh_minimum"))
        .unwrap();
    let open = ghana(OnTierHole::Ask)
        .evaluate(&facts, day("2022-01-01"))
        .unwrap();
    assert_eq!(open.verdict, Verdict::NeedsInfo);
    assert_eq!(
        open.requirements[0].source,
        Source::Tier("gh_minimum".try_into().unwrap())
    );
    // Nothing the client could bring would settle it.
    assert!(open.missing().is_empty() && !open.is_definite());
    let strict = ghana(OnTierHole::Stricter)
        .evaluate(&facts, day("2022-01-01"))
        .unwrap();
    assert!(
        strict
            .missing()
            .iter()
            .any(|item| item.to_string() == "document ghana_card")
    );
    // A tier that never was is still an error, and so is a day before or after all entries.
    let nowhere = facts
        .with("client.requested_tier", Value::text("gh_gold"))
        .unwrap();
    let error = ghana(OnTierHole::Ask)
        .evaluate(&nowhere, day("2022-01-01"))
        .unwrap_err();
    assert_eq!(error.code(), 4152);
}

#[test]
fn what_a_country_asks_for_on_a_day() {
    let book = presets::nigeria().unwrap();
    let nigeria = "NG".to_string().try_into().unwrap();
    let tiers = book.tiers_of(nigeria, day("2026-11-21"));
    assert!(tiers.windows(2).all(|pair| pair[0].rank <= pair[1].rank));
    let names: Vec<&str> = tiers.iter().map(|tier| tier.id.as_str()).collect();
    assert!(names.contains(&"ng_momo_1"));
    let elsewhere = "KE".to_string().try_into().unwrap();
    assert!(book.tiers_of(elsewhere, day("2026-11-21")).is_empty());
}
