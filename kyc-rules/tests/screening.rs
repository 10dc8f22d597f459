//! Screening: qualifiers, weak names, document numbers, suppression.

use chrono::NaiveDate;
use kyc_rules::{
    party::Sex,
    screening::{
        AliasStrength, Band, ListEntry, QualifierKind, ScreenOptions, ScreeningList, Subject,
        Suppression,
    },
};

fn on() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 21).unwrap()
}

fn list(entries: Vec<ListEntry>) -> ScreeningList {
    ScreeningList::new("test".try_into().unwrap(), "1", entries)
}

#[test]
fn what_is_not_known_changes_nothing_and_what_differs_takes_off() {
    let mut entry = ListEntry::person("E1", "Moses Byaruhanga").born(1970);
    entry.countries = vec!["UG".to_string().try_into().unwrap()];
    entry.sex = Some(Sex::Male);
    let list = list(vec![entry]);
    let mut subject = Subject::person("C1", "Moses Byaruhanga");
    let options = ScreenOptions {
        threshold: 0,
        ..ScreenOptions::default()
    };
    let score = |subject: &Subject| list.screen(subject, &options, on())[0].score;
    assert_eq!(score(&subject), 10_000);
    subject.birth_date = NaiveDate::from_ymd_opt(1970, 5, 5);
    assert_eq!(score(&subject), 10_000);
    // One after the other: 1,500 for the year, 2,000 for the country, 2,000 for the sex.
    subject.birth_date = NaiveDate::from_ymd_opt(1971, 5, 5);
    assert_eq!(score(&subject), 8_500);
    subject.countries = vec!["KE".to_string().try_into().unwrap()];
    assert_eq!(score(&subject), 6_500);
    subject.sex = Some(Sex::Female);
    assert_eq!(score(&subject), 4_500);
    let hit = &list.screen(&subject, &options, on())[0];
    let kinds: Vec<QualifierKind> = hit.qualifiers.iter().map(|q| q.kind).collect();
    assert_eq!(
        kinds,
        [
            QualifierKind::BirthYear,
            QualifierKind::Country,
            QualifierKind::Sex
        ]
    );
    assert_eq!((hit.name_score, hit.band), (10_000, Band::Clear));
}

#[test]
fn a_weak_alias_makes_no_match_and_a_document_number_makes_one() {
    let mut entry = ListEntry::person("E1", "Ibrahim Mahmoud Tawfiq")
        .alias("The Doctor Khan", AliasStrength::Weak);
    entry.identifiers = vec!["UG-B 123456".into()];
    let list = list(vec![entry]);
    let options = ScreenOptions::default();
    assert!(
        list.screen(&Subject::person("C", "The Doctor Khan"), &options, on())
            .is_empty()
    );
    let mut subject = Subject::person("C", "Somebody Else");
    subject.identifiers = vec!["ugb123456".into()];
    let hits = list.screen(&subject, &options, on());
    assert_eq!(hits[0].score, 9_500);
    assert_eq!(
        hits[0].qualifiers.last().unwrap().kind,
        QualifierKind::Identifier
    );
}

#[test]
fn a_suppression_ends_with_its_day_and_with_any_change_of_the_entry() {
    let entry = ListEntry::person("E1", "Moses Byaruhanga");
    let subject = Subject::person("C1", "Moses Byaruhanga");
    let options = ScreenOptions {
        suppressions: vec![Suppression {
            subject: "C1".into(),
            entry: "E1".into(),
            content_hash: entry.content_hash(),
            until: on(),
            by: "officer".into(),
            reason: "another birth date on the passport".into(),
        }],
        ..ScreenOptions::default()
    };
    let suppressed = |entry: &ListEntry, subject: &Subject, day| {
        list(vec![entry.clone()]).screen(subject, &options, day)[0].suppressed
    };
    assert!(suppressed(&entry, &subject, on().pred_opt().unwrap()));
    assert!(!suppressed(&entry, &subject, on()));
    let before = on().pred_opt().unwrap();
    assert!(
        !suppressed(&entry.clone().born(1970), &subject, before),
        "the entry changed"
    );
    assert!(!suppressed(
        &entry,
        &Subject::person("C2", "Moses Byaruhanga"),
        before
    ));
}

#[test]
fn hidden_characters_and_word_order_do_not_evade() {
    let list = list(vec![
        ListEntry::person("E1", "Viktor Anatolyevich Bout"),
        ListEntry::organisation("E2", "Iskusstvo Krasoty LLC"),
    ]);
    for name in [
        "BOUT, Viktor",
        "V\u{200b}iktor B\u{ad}out",
        "Víktor Bout",
        "viktor  bout",
    ] {
        let hits = list.screen(&Subject::person("C", name), &ScreenOptions::default(), on());
        assert_eq!(
            hits.first().map(|h| h.entry.as_str()),
            Some("E1"),
            "{name:?}"
        );
    }
    let subject = Subject::organisation("C", "LIMITED LIABILITY COMPANY ISKUSSTVO KRASOTY");
    assert_eq!(
        list.screen(&subject, &ScreenOptions::default(), on())[0].entry,
        "E2"
    );
}

#[test]
fn names_of_initials_or_places_alone_are_found() {
    let list = list(vec![
        ListEntry::organisation("E1", "U. K."),
        ListEntry::organisation("E2", "Uganda"),
        ListEntry::person("E3", "van der"),
    ]);
    for (subject, entry) in [
        (Subject::organisation("S", "UK"), "E1"),
        (Subject::organisation("S", "UGANDA"), "E2"),
        (Subject::person("S", "Van Der"), "E3"),
    ] {
        let hits = list.screen(&subject, &ScreenOptions::default(), on());
        assert_eq!(hits[0].entry, entry);
    }
}
