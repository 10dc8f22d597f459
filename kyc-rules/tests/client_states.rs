//! The steps a client can take, as a table.

use chrono::NaiveDate;
use kyc_rules::{
    facts::{Facts, Value},
    party::{
        Client, ClientState as S, DocumentStatus, IdentityDocument, Individual, Party, PartyError,
        Transition as T,
    },
    rules::{Decision, RuleBook, Verdict},
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn client() -> Client {
    let person = Individual {
        first_name: "Sarah".into(),
        last_name: "Nakato".into(),
        ..Individual::default()
    };
    let country = "UG".to_string().try_into().unwrap();
    Client::new("C-1", Party::Individual(person), country, day("2026-01-10"))
}

fn passing() -> Decision {
    let book = RuleBook::from_json(r#"{"id": "empty", "version": 1}"#).unwrap();
    let decision = book.evaluate(&Facts::new(), day("2026-01-10")).unwrap();
    assert_eq!(decision.verdict, Verdict::Pass);
    decision
}

#[test]
fn every_step_of_every_state() {
    // step, from the states, to the state; everything else is refused.
    let table: &[(T, &[S], S)] = &[
        (T::Apply, &[S::Prospect], S::PendingApproval),
        (T::Approve, &[S::PendingApproval], S::Inactive),
        (T::Reject, &[S::PendingApproval], S::Rejected),
        (T::UndoReject, &[S::Rejected], S::PendingApproval),
        (
            T::Withdraw,
            &[S::Prospect, S::PendingApproval],
            S::Withdrawn,
        ),
        (T::Activate, &[S::Inactive], S::Active),
        (T::Deactivate, &[S::Active], S::Inactive),
        (T::Freeze, &[S::Active], S::Frozen),
        (T::Unfreeze, &[S::Frozen], S::Active),
        (T::Exit, &[S::Inactive], S::Exited),
        (T::UndoExit, &[S::Exited], S::Inactive),
        (
            T::Blacklist,
            &[S::PendingApproval, S::Inactive, S::Exited],
            S::Blacklisted,
        ),
        (T::UndoBlacklist, &[S::Blacklisted], S::Inactive),
        (T::Anonymise, &[S::Exited], S::Anonymised),
    ];
    let states = [
        S::Prospect,
        S::PendingApproval,
        S::Inactive,
        S::Active,
        S::Frozen,
        S::Exited,
        S::Rejected,
        S::Withdrawn,
        S::Blacklisted,
        S::Anonymised,
    ];
    for (step, from, to) in table {
        for state in states {
            let mut client = client();
            client.state = state;
            let passed = passing();
            let result = client.transition(*step, day("2026-02-01"), "officer", Some(&passed), 0);
            if from.contains(&state) {
                assert_eq!(result.unwrap().to, *to, "{step} from {state}");
                assert_eq!(client.state, *to);
            } else {
                assert!(
                    matches!(result, Err(PartyError::Step { .. })),
                    "{step} from {state}"
                );
                assert_eq!(client.state, state, "a refused step changes nothing");
                assert!(client.history.is_empty());
            }
        }
    }
}

#[test]
fn approval_needs_a_decision_that_passed() {
    let mut client = client();
    let on = day("2026-02-01");
    let none = client.transition(T::Approve, on, "officer", None, 0);
    assert!(matches!(
        none,
        Err(PartyError::NotPassed { verdict: None, .. })
    ));
    let mut refused = passing();
    refused.verdict = Verdict::NeedsInfo;
    let open = client.transition(T::Approve, on, "officer", Some(&refused), 0);
    assert_eq!(open.unwrap_err().code(), 4202);
    let passed = passing();
    let change = client
        .transition(T::Approve, on, "officer", Some(&passed), 0)
        .unwrap();
    assert_eq!(
        change.decision.as_deref(),
        Some(passed.inputs_hash.as_str())
    );
}

#[test]
fn nobody_leaves_with_an_open_account_or_before_the_last_change() {
    let mut client = client();
    let passed = passing();
    client
        .transition(T::Approve, day("2026-02-01"), "officer", Some(&passed), 0)
        .unwrap();
    let open = client.transition(T::Exit, day("2026-02-02"), "officer", None, 1);
    assert!(matches!(
        open,
        Err(PartyError::OpenAccounts { open: 1, .. })
    ));
    let early = client.transition(T::Exit, day("2026-01-31"), "officer", None, 0);
    assert!(matches!(early, Err(PartyError::Backdated { .. })));
    client
        .transition(T::Exit, day("2026-02-02"), "officer", None, 0)
        .unwrap();
    assert_eq!(client.state, S::Exited);
}

#[test]
fn a_document_counts_from_its_first_to_its_last_day() {
    let mut client = client();
    client.documents.push(IdentityDocument {
        kind: "national_id".try_into().unwrap(),
        number: "CM90012345678X".into(),
        issuer: "UG".to_string().try_into().unwrap(),
        authority: None,
        valid_from: Some(day("2020-05-01")),
        expires: Some(day("2030-04-30")),
        status: DocumentStatus::Accepted,
    });
    for (on, counts) in [
        ("2020-04-30", false),
        ("2020-05-01", true),
        ("2030-04-30", true),
        ("2030-05-01", false),
    ] {
        let facts = client.facts(day(on)).unwrap();
        assert_eq!(
            facts.get("document.national_id"),
            Some(&Value::Bool(counts)),
            "{on}"
        );
    }
    client.documents[0].status = DocumentStatus::Presented;
    let facts = client.facts(day("2025-01-01")).unwrap();
    assert_eq!(facts.get("document.national_id"), Some(&Value::Bool(false)));
    assert_eq!(facts.get("document.passport"), None);
}
