//! Any two names: prepared, compared, found in a list. The score without an explanation is the
//! score with one, never above the whole; whoever is listed under the very name is found.
#![no_main]

use chrono::NaiveDate;
use kyc_rules::{
    names::{FULL, Name, NameKind, compare, distance, phonetic, similarity},
    screening::{ListEntry, ScreenOptions, ScreeningList, Subject},
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (bool, &str, &str)| {
    let (person, first, second) = input;
    let kind = if person {
        NameKind::Person
    } else {
        NameKind::Organisation
    };
    let (a, b) = (Name::new(first, kind), Name::new(second, kind));
    for (x, y) in [(&a, &b), (&b, &a), (&a, &a)] {
        let found = compare(x, y);
        assert!(found.score <= FULL);
        assert_eq!(found.score, similarity(x, y));
        assert!(found.pairs.iter().all(|pair| pair.score <= FULL));
    }
    // Prepared again, a name has the words it had.
    assert_eq!(a.words(), Name::new(a.original(), kind).words());

    assert_eq!(
        distance::levenshtein(first, second),
        distance::levenshtein(second, first)
    );
    assert!(distance::damerau_levenshtein(first, second) <= distance::levenshtein(first, second));
    let _ = (
        distance::jaro_winkler(first, second),
        distance::jaro_winkler_long(first, second),
    );
    let _ = (
        phonetic::soundex(first),
        phonetic::metaphone(first),
        phonetic::nysiis(first),
    );
    let _ = phonetic::match_rating(first, second);

    let entry = |id: &str, name: &str| {
        if person {
            ListEntry::person(id, name)
        } else {
            ListEntry::organisation(id, name)
        }
    };
    let entries = vec![entry("first", first), entry("second", second)];
    let list = ScreeningList::new("fuzz".try_into().unwrap(), "1", entries);
    let subject = if person {
        Subject::person("S", first)
    } else {
        Subject::organisation("S", first)
    };
    let on = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
    let hits = list.screen(&subject, &ScreenOptions::default(), on);
    assert!(hits.windows(2).all(|pair| pair[0].score >= pair[1].score));
    if similarity(&a, &a) >= ScreenOptions::default().threshold {
        assert!(
            hits.iter().any(|hit| hit.entry == "first"),
            "{first:?} does not find itself"
        );
    }
});
