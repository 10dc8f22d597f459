//! Forgetting a client: what goes, what stays, and until when.

use chrono::NaiveDate;
use kyc_rules::{
    party::{Client, ClientState, Individual, Party, Transition},
    privacy::{Redaction, RetentionPolicy},
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn exited() -> Client {
    let country = "KE".to_string().try_into().unwrap();
    let person = Party::Individual(Individual::default());
    let mut client = Client::new("C-1", person, country, day("2015-01-01"));
    client.state = ClientState::Exited;
    client
}

/// Kenya: records are kept for seven years after the relation ends.
fn seven_years() -> RetentionPolicy {
    RetentionPolicy {
        years: 7,
        basis: "Proceeds of Crime and Anti-Money Laundering Act".into(),
    }
}

#[test]
fn records_go_on_the_day_the_duty_to_keep_them_ends() {
    for (ended, on, complete) in [
        ("2018-06-01", "2025-05-31", false),
        ("2018-06-01", "2025-06-01", true),
        // Seven years after a leap day is the last day of February.
        ("2016-02-29", "2023-02-27", false),
        ("2016-02-29", "2023-02-28", true),
    ] {
        let plan = seven_years().plan(&exited(), day(ended), day(on)).unwrap();
        assert_eq!(plan.complete, complete, "{ended} {on}");
        let kept = plan
            .steps
            .iter()
            .any(|s| matches!(s.redaction, Redaction::Keep { .. }));
        assert_eq!(kept, !complete);
    }
}

#[test]
fn what_no_law_covers_goes_at_once_and_the_books_are_not_touched() {
    let plan = seven_years()
        .plan(&exited(), day("2025-01-01"), day("2026-01-01"))
        .unwrap();
    let of = |field: &str| {
        let step = plan.steps.iter().find(|step| step.field == field);
        step.map(|step| step.redaction.clone())
    };
    assert_eq!(of("contacts"), Some(Redaction::Erase));
    let until = day("2032-01-01");
    assert!(matches!(of("party.name"), Some(Redaction::Keep { until: u, .. }) if u == until));
    // Accounts, amounts and dates are no part of a plan.
    assert!(
        plan.steps
            .iter()
            .all(|step| !step.field.contains("account"))
    );
}

#[test]
fn only_who_has_left_is_forgotten_and_for_good() {
    for state in [
        ClientState::Active,
        ClientState::Inactive,
        ClientState::Blacklisted,
    ] {
        let mut client = exited();
        client.state = state;
        let refused = seven_years().plan(&client, day("2018-01-01"), day("2026-01-01"));
        assert_eq!(refused.unwrap_err().code(), 4201, "{state}");
    }
    let mut client = exited();
    let on = day("2026-01-01");
    client
        .transition(Transition::Anonymise, on, "officer", None, 0)
        .unwrap();
    assert_eq!(client.state.steps().count(), 0);
    assert!(
        client
            .transition(Transition::UndoExit, on, "officer", None, 0)
            .is_err()
    );
}
