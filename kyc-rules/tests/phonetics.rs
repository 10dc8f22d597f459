//! Distances and phonetic codes against published vectors (tests/data/phonetic_vectors.json).

use kyc_rules::names::{distance, phonetic};
use serde_json::Value;

fn vectors() -> Value {
    serde_json::from_str(include_str!("data/phonetic_vectors.json")).unwrap()
}

fn rows<'a>(vectors: &'a Value, name: &str) -> impl Iterator<Item = &'a Vec<Value>> {
    vectors["vectors"][name]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row.as_array().unwrap())
}

#[test]
fn similarities_within_a_thousandth() {
    let all = vectors();
    type Similarity = fn(&str, &str) -> u64;
    let table: [(&str, Similarity); 3] = [
        ("jaro_distance", distance::jaro),
        ("jaro_winkler", distance::jaro_winkler),
        ("jaro_winkler_longtol", distance::jaro_winkler_long),
    ];
    for (name, f) in table {
        for row in rows(&all, name) {
            let (a, b) = (row[0].as_str().unwrap(), row[1].as_str().unwrap());
            let wanted = row[2].as_f64().unwrap();
            let got = f(a, b) as f64 / 1e6;
            assert!(
                (got - wanted).abs() <= 0.001,
                "{name} {a} {b}: {got} for {wanted}"
            );
        }
    }
}

#[test]
fn distances_exactly() {
    let all = vectors();
    type Distance = fn(&str, &str) -> usize;
    let table: [(&str, Distance); 3] = [
        ("levenshtein", distance::levenshtein),
        ("damerau_levenshtein", distance::damerau_levenshtein),
        ("hamming", distance::hamming),
    ];
    for (name, f) in table {
        for row in rows(&all, name) {
            let (a, b) = (row[0].as_str().unwrap(), row[1].as_str().unwrap());
            assert_eq!(f(a, b) as u64, row[2].as_u64().unwrap(), "{name} {a} {b}");
        }
    }
}

#[test]
fn codes_exactly() {
    let all = vectors();
    type Code = fn(&str) -> String;
    let table: [(&str, Code); 4] = [
        ("soundex", phonetic::soundex),
        ("metaphone", phonetic::metaphone),
        ("nysiis", phonetic::nysiis),
        ("match_rating_codex", phonetic::match_rating_codex),
    ];
    let mut wrong = vec![];
    for (name, f) in table {
        for row in rows(&all, name) {
            let (word, wanted) = (row[0].as_str().unwrap(), row[1].as_str().unwrap());
            let got = f(word);
            if got != wanted {
                wrong.push(format!("{name} {word}: {got} for {wanted}"));
            }
        }
    }
    for row in all["soundex"]["vectors"].as_array().unwrap() {
        let (word, wanted) = (row[0].as_str().unwrap(), row[1].as_str().unwrap());
        if phonetic::soundex(word) != wanted {
            wrong.push(format!(
                "soundex {word}: {} for {wanted}",
                phonetic::soundex(word)
            ));
        }
    }
    for row in all["generated"]["phonetic"].as_array().unwrap() {
        let name = row["name"].as_str().unwrap();
        for (key, f) in [
            ("soundex", phonetic::soundex as Code),
            ("nysiis", phonetic::nysiis),
            ("match_rating", phonetic::match_rating_codex),
        ] {
            if f(name) != row[key].as_str().unwrap() {
                wrong.push(format!("{key} {name}: {} for {}", f(name), row[key]));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn match_rating_comparisons() {
    for row in rows(&vectors(), "match_rating_comparison") {
        let (a, b) = (row[0].as_str().unwrap(), row[1].as_str().unwrap());
        assert_eq!(phonetic::match_rating(a, b), row[2].as_bool(), "{a} {b}");
    }
}
