//! Duplicates, client types, documents and their templates.

use chrono::NaiveDate;
use kyc_rules::{
    duplicates::{Comparator, DuplicateCheck, DuplicatePolicy, FieldMatch},
    ids::{IdScheme, Mrz},
    party::{
        Client, ClientState, ClientType, Contact, ContactKind, DocumentFault, DocumentStatus,
        DocumentTemplate, IdentityDocument, Individual, Party, Sex, TypeBreach, ZoneField,
        mandatory_missing,
    },
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn document(kind: &str, number: &str) -> IdentityDocument {
    IdentityDocument {
        kind: kind.try_into().unwrap(),
        number: number.into(),
        issuer: "UG".to_string().try_into().unwrap(),
        authority: None,
        valid_from: None,
        expires: Some(day("2030-04-30")),
        status: DocumentStatus::Accepted,
    }
}

fn sarah() -> Client {
    let person = Individual {
        first_name: "Sarah".into(),
        last_name: "Nakato".into(),
        birth_date: Some(day("1990-02-03")),
        sex: Some(Sex::Female),
        ..Individual::default()
    };
    let country = "UG".to_string().try_into().unwrap();
    let mut client = Client::new("C-1", Party::Individual(person), country, day("2026-01-10"));
    client.documents = vec![
        document("national_id", "CF90012345678X"),
        document("passport", "B 0123456"),
    ];
    client.contacts = ["0772 123 456", "+256 701 000111"]
        .map(|value| Contact {
            kind: ContactKind::MobilePhone,
            value: value.into(),
            verified: false,
        })
        .into();
    client
}

#[test]
fn the_usual_checks_find_the_same_client() {
    let policy = DuplicatePolicy::usual();
    let known = sarah().record();
    // What the new record has, which group finds it.
    let table: &[(&[(&str, &str)], Option<usize>)] = &[
        (&[("id_number", "cf-9001 2345678x")], Some(0)),
        // The second document and the second phone count as well.
        (&[("id_number", "B0123456")], Some(0)),
        (&[("mobile_phone", "+256701000111")], Some(2)),
        (&[("first_name", "SARAH"), ("last_name", "Nakato")], Some(4)),
        (
            &[("last_name", "Nakato"), ("birth_date", "1990-02-03")],
            Some(5),
        ),
        // Half of a group is not the group; an empty value is no value.
        (
            &[("last_name", "Nakato"), ("birth_date", "1990-02-04")],
            None,
        ),
        (&[("email", " ")], None),
        (&[], None),
    ];
    for (fields, group) in table {
        let new = fields
            .iter()
            .map(|(k, v)| (k.to_string(), vec![v.to_string()]))
            .collect();
        let found = policy.find(&new, [("C-1", &known)]);
        assert_eq!(found.first().map(|d| d.group), *group, "{fields:?}");
        assert!(found.iter().all(|d| d.action == DuplicateCheck::Refuse));
    }
}

#[test]
fn some_groups_only_warn_and_numbers_compare_as_numbers() {
    let by = |field: &str, by| FieldMatch {
        field: field.into(),
        by,
    };
    let policy = DuplicatePolicy {
        groups: vec![
            vec![by("last_name", Comparator::Fuzzy { min: 8_500 })],
            vec![by("id_number", Comparator::IdEqual)],
        ],
        action: DuplicateCheck::Refuse,
        only_warn: vec![0],
    };
    let record = |number: &str, name: &str| {
        [("id_number", number), ("last_name", name)]
            .map(|(k, v)| (k.to_string(), vec![v.to_string()]))
            .into()
    };
    let new = record("00123-45", "Nakatto");
    let (named, both, neither) = (
        record("9", "Nakato"),
        record("12345", "Nakato"),
        record("9", "Babirye"),
    );
    let found = policy.find(
        &new,
        [("named", &named), ("both", &both), ("neither", &neither)],
    );
    let found: Vec<(&str, DuplicateCheck)> =
        found.iter().map(|d| (d.known.as_str(), d.action)).collect();
    // The heaviest comes first.
    assert_eq!(
        found,
        [
            ("both", DuplicateCheck::Refuse),
            ("named", DuplicateCheck::Warn)
        ]
    );
}

#[test]
fn what_a_client_type_allows() {
    let farmers: ClientType = serde_json::from_str(
        r#"{"id": "farmers", "party": "individual", "may_guarantee": false,
            "identified_by": ["national_id", "voter_card"]}"#,
    )
    .unwrap();
    let on = day("2026-11-21");
    let Party::Individual(person) = sarah().party else {
        unreachable!()
    };
    let country = "UG".to_string().try_into().unwrap();
    let mut client = farmers.client("C-2", Party::Individual(person), country, on);
    let identified = || TypeBreach::NotIdentified(farmers.identified_by.clone());
    let pending = ClientState::PendingApproval;
    assert_eq!(
        farmers.opening(&client, on),
        [TypeBreach::State(pending), identified()]
    );
    client.state = ClientState::Inactive;
    client.documents = vec![document("passport", "B0123456")];
    assert_eq!(farmers.opening(&client, on), [identified()]);
    client
        .documents
        .push(document("national_id", "CF90012345678X"));
    assert!(farmers.opening(&client, on).is_empty());
    // The last valid day, and the day after.
    assert!(farmers.opening(&client, day("2030-04-30")).is_empty());
    assert_eq!(farmers.opening(&client, day("2030-05-01")), [identified()]);
    assert_eq!(farmers.guaranteeing(&client), [TypeBreach::NoGuarantees]);
    client.client_type = None;
    assert_eq!(farmers.opening(&client, on), [TypeBreach::OtherType]);
    client.state = ClientState::Blacklisted;
    assert_eq!(farmers.opening(&client, on).len(), 2);
}

#[test]
fn a_document_beside_its_template_its_holder_and_its_zone() {
    let template = DocumentTemplate {
        kind: "national_id".try_into().unwrap(),
        issuer: "UG".to_string().try_into().unwrap(),
        authority: None,
        number: serde_json::from_str(
            r#"{"mask": {"dialect": "mambu_id", "mask": "@@##$$$$$$$$$$"}}"#,
        )
        .unwrap(),
        scheme: Some(IdScheme::UgandaNin),
        mandatory: true,
        expires: true,
        attachments_max: Some(5),
    };
    let on = day("2026-11-21");
    let client = sarah();
    let Party::Individual(holder) = &client.party else {
        unreachable!()
    };
    let check = |document: &IdentityDocument| template.check(document, Some(holder), None, on);
    assert!(check(&client.documents[0]).is_empty());
    // A man's number, and one of another birth year.
    for number in ["CM90012345678X", "CF91012345678X"] {
        assert_eq!(
            check(&document("national_id", number)),
            [DocumentFault::Holder]
        );
    }
    let mut late = client.documents[0].clone();
    late.expires = Some(day("2026-11-20"));
    assert_eq!(check(&late), [DocumentFault::Expired]);
    late.expires = None;
    assert_eq!(check(&late), [DocumentFault::NoExpiry]);
    late.expires = Some(on);
    late.valid_from = Some(day("2026-11-22"));
    assert_eq!(check(&late), [DocumentFault::NotYetValid]);
    let short = check(&document("national_id", "CF900"));
    assert!(matches!(
        short[..],
        [DocumentFault::Number, DocumentFault::Scheme(_)]
    ));

    let templates = [template];
    assert!(mandatory_missing(&templates, &client, on).is_empty());
    assert_eq!(
        mandatory_missing(&templates, &client, day("2030-05-01")).len(),
        1
    );
}

#[test]
fn what_the_machine_reads_and_what_was_typed() {
    // The specimen of ICAO Doc 9303 part 4.
    let zone = Mrz::parse(
        "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
    )
    .unwrap();
    let template = DocumentTemplate {
        kind: "passport".try_into().unwrap(),
        issuer: "UG".to_string().try_into().unwrap(),
        authority: None,
        number: None,
        scheme: None,
        mandatory: false,
        expires: false,
        attachments_max: None,
    };
    let anna = Individual {
        first_name: "Anna Maria".into(),
        last_name: "Eriksson".into(),
        birth_date: Some(day("1974-08-12")),
        sex: Some(Sex::Female),
        ..Individual::default()
    };
    let mut passport = document("passport", "L898902C3");
    passport.expires = Some(day("2012-04-15"));
    let on = day("2012-01-01");
    let zones = |holder: &Individual, passport: &IdentityDocument| {
        template.check(passport, Some(holder), Some(&zone), on)
    };
    assert!(zones(&anna, &passport).is_empty());
    let other = Individual {
        last_name: "Ericson".into(),
        birth_date: Some(day("1974-08-13")),
        sex: Some(Sex::Male),
        ..anna.clone()
    };
    passport.number = "L898902C4".into();
    passport.expires = Some(day("2012-04-16"));
    let fields = [
        ZoneField::Number,
        ZoneField::Expiry,
        ZoneField::BirthDate,
        ZoneField::Sex,
        ZoneField::Surname,
    ];
    assert_eq!(zones(&other, &passport), fields.map(DocumentFault::Zone));
}
