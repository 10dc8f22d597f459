//! Names, phonetic codes and identity numbers.
//!
//! A pair of names is judged a match when it scores at least the threshold. Labels of such sets
//! contradict each other in places (one syllable changed is a match here and another person
//! there), so the set as a whole is the case: the agreement of judgements and labels, as F1.

use chrono::NaiveDate;
use kyc_rules::{
    ids::{IdScheme, Mrz, luhn, mrz_check_digit, verhoeff},
    names::{Name, NameKind, compare, distance, phonetic},
};
use serde_json::Value;

use super::{Case, Outcome, Source, Verdict, source::Row, values};

/// What a set of labelled pairs must reach, in basis points of F1.
const NAME_F1: u32 = 8_200;

/// The score from which a pair of names counts as a match, in basis points.
const NAME_THRESHOLD: u32 = 7_250;

/// Recognises a table of labelled pairs, an object of phonetic vectors, and one of identity
/// numbers.
pub(super) fn recognise(source: &Source) -> Option<Vec<Case>> {
    if let Some(rows) = source.table(&["kind", "name_a", "name_b", "match"]) {
        return Some(pairs(rows));
    }
    let json = source.json()?;
    if json
        .get("published")
        .is_some_and(|p| p.get("jellyfish").is_some())
    {
        return Some(phonetics(json));
    }
    if json.get("mrz").is_some() || json.get("za_id").is_some() || json.get("luhn").is_some() {
        return Some(identities(json));
    }
    None
}

/// The whole set is one case: how often judgement and label agree, as F1.
fn pairs(rows: Vec<Row>) -> Vec<Case> {
    let check = move || {
        let (mut hits, mut errors, mut wrong) = (0_u32, 0_u32, Vec::new());
        for row in &rows {
            let (expected, found, names) = judged(row)?;
            match (expected, found >= NAME_THRESHOLD) {
                (true, true) => hits += 1,
                (false, false) => {}
                _ => {
                    errors += 1;
                    wrong.push(format!("{names} at {found}"));
                }
            }
        }
        let f1 = 20_000_u32.saturating_mul(hits) / (2 * hits + errors).max(1);
        if f1 >= NAME_F1 {
            return Ok(());
        }
        let wrong = wrong.join("; ");
        Err(format!("F1 (expected at least {NAME_F1}, got {f1} of 10000): {wrong}").into())
    };
    vec![Case::new("names:F1", check)]
}

/// The label of a pair, the score, and the names.
fn judged(row: &Row) -> Result<(bool, u32, String), Verdict> {
    let kind = match row.need("kind")? {
        "person" => NameKind::Person,
        _ => NameKind::Organisation,
    };
    let (a, b) = (row.need("name_a")?, row.need("name_b")?);
    let expected = match row.need("match")? {
        "true" => true,
        "false" => false,
        other => return Err(format!("cannot read the case: match {other}").into()),
    };
    let found = compare(&Name::new(a, kind), &Name::new(b, kind));
    Ok((expected, found.score, format!("{a} / {b}")))
}

fn phonetics(json: &Value) -> Vec<Case> {
    let mut cases = Vec::new();
    let jellyfish = &json["published"]["jellyfish"];
    let tolerance = jellyfish["tolerance"].as_f64().unwrap_or(0.001);
    for (name, rows) in jellyfish["vectors"].as_object().into_iter().flatten() {
        for row in rows.as_array().into_iter().flatten() {
            cases.push(vector(name, row.clone(), tolerance));
        }
    }
    let soundex = &json["published"]["watchman_soundex"]["vectors"];
    for row in soundex.as_array().into_iter().flatten() {
        cases.push(vector("soundex", row.clone(), tolerance));
    }
    let other = &json["published"]["watchman_best_pairs"]["vectors"];
    for row in other.as_array().into_iter().flatten() {
        cases.push(vector("best_pairs", row.clone(), tolerance));
    }
    for entry in json["generated"]["phonetic"]
        .as_array()
        .into_iter()
        .flatten()
    {
        for (name, code) in entry.as_object().into_iter().flatten() {
            let algorithm = match name.as_str() {
                "name" => continue,
                "match_rating" => "match_rating_codex",
                other => other,
            };
            let row = Value::Array(vec![entry["name"].clone(), code.clone()]);
            cases.push(vector(algorithm, row, tolerance));
        }
    }
    for entry in json["generated"]["distance"]
        .as_array()
        .into_iter()
        .flatten()
    {
        for (name, algorithm) in [
            ("jaro", "jaro_distance"),
            ("jaro_winkler", "jaro_winkler"),
            ("levenshtein", "levenshtein"),
            ("damerau", "damerau_levenshtein"),
        ] {
            let row = vec![entry["a"].clone(), entry["b"].clone(), entry[name].clone()];
            cases.push(vector(algorithm, Value::Array(row), tolerance));
        }
    }
    cases
}

fn vector(algorithm: &str, row: Value, tolerance: f64) -> Case {
    let algorithm = algorithm.to_owned();
    let words: Vec<&str> = row
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let id = format!("phonetic:{algorithm}:{}", words.first().unwrap_or(&""));
    Case::new(id, move || check_vector(&algorithm, &row, tolerance))
}

fn check_vector(algorithm: &str, row: &Value, tolerance: f64) -> Outcome {
    let word = |at: usize| row[at].as_str().ok_or("cannot read the case: no text");
    let similarity = |f: fn(&str, &str) -> u64| -> Outcome {
        let expected = row[2].as_f64().ok_or("cannot read the case: no number")?;
        let got = f(word(0)?, word(1)?) as f64 / distance::ONE as f64;
        if (expected - got).abs() <= tolerance {
            return Ok(());
        }
        Err(format!("similarity (expected {expected}, got {got})").into())
    };
    let steps = |f: fn(&str, &str) -> usize| -> Outcome {
        let expected = row[2].as_u64().ok_or("cannot read the case: no number")?;
        Ok(values::same(
            "distance",
            &expected,
            &(f(word(0)?, word(1)?) as u64),
        )?)
    };
    let code = |f: fn(&str) -> String| -> Outcome {
        Ok(values::same("code", &word(1)?.to_owned(), &f(word(0)?))?)
    };
    match algorithm {
        "jaro_distance" => similarity(distance::jaro),
        "jaro_winkler" => similarity(distance::jaro_winkler),
        "jaro_winkler_longtol" => similarity(distance::jaro_winkler_long),
        "levenshtein" => steps(distance::levenshtein),
        "damerau_levenshtein" => steps(distance::damerau_levenshtein),
        "hamming" => steps(distance::hamming),
        "soundex" => code(phonetic::soundex),
        "metaphone" => code(phonetic::metaphone),
        "nysiis" => code(phonetic::nysiis),
        "match_rating_codex" => code(phonetic::match_rating_codex),
        "match_rating_comparison" => {
            let show = |alike: Option<bool>| {
                alike.map_or("no answer", |a| if a { "alike" } else { "different" })
            };
            let expected = show(row[2].as_bool());
            Ok(values::same(
                "rating",
                &expected,
                &show(phonetic::match_rating(word(0)?, word(1)?)),
            )?)
        }
        other => Err(Verdict::Skip(format!("algorithm {other}"))),
    }
}

/// Two-digit years are read as of this day.
fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 21).unwrap_or(NaiveDate::MIN)
}

fn identities(json: &Value) -> Vec<Case> {
    let mut cases = zones(&json["mrz"]);
    for (key, f) in [("luhn", luhn as fn(&str) -> bool), ("verhoeff", verhoeff)] {
        let rows = json[key].get("vectors").unwrap_or(&json[key]);
        for row in rows.as_array().into_iter().flatten().cloned() {
            cases.push(Case::new(format!("ids:{key}:{}", row[0]), move || {
                let number = values::text(&row[0])?;
                let expected = row[1]
                    .as_bool()
                    .ok_or("cannot read the case: no true or false")?;
                Ok(values::same("check", &expected, &f(number))?)
            }));
        }
    }
    for (key, scheme) in [
        ("za_id", IdScheme::SouthAfricaId),
        ("ug_nin", IdScheme::UgandaNin),
        ("gh_card", IdScheme::GhanaCard),
        ("ng_nin", IdScheme::NigeriaNin),
        ("ng_bvn", IdScheme::NigeriaBvn),
        ("ke_id", IdScheme::KenyaId),
        ("tz_nida", IdScheme::TanzaniaNida),
        ("rw_nid", IdScheme::RwandaNid),
        ("zm_nrc", IdScheme::ZambiaNrc),
    ] {
        for (list, valid) in [
            ("valid", true),
            ("computed_valid", true),
            ("well_formed", true),
            ("edge", true),
            ("invalid", false),
            ("malformed", false),
        ] {
            for entry in json[key][list].as_array().into_iter().flatten() {
                let number = entry.get(0).unwrap_or(entry).clone();
                cases.push(Case::new(format!("ids:{key}:{list}:{number}"), move || {
                    let checked = scheme.check(values::text(&number)?, today());
                    Ok(values::same("accepted", &valid, &checked.is_ok())?)
                }));
            }
        }
    }
    cases
}

fn zones(mrz: &Value) -> Vec<Case> {
    let mut cases = Vec::new();
    for row in mrz["fields"].as_array().into_iter().flatten().cloned() {
        cases.push(Case::new(format!("ids:mrz:field:{}", row[0]), move || {
            let digit = mrz_check_digit(values::text(&row[0])?).map(u64::from);
            let expected = row[1].as_u64().ok_or("cannot read the case: no digit")?;
            let got = digit.ok_or("the field has a character that is not allowed")?;
            Ok(values::same("check digit", &expected, &got)?)
        }));
    }
    for (name, zone) in mrz.as_object().into_iter().flatten() {
        let Some(lines) = zone.get("lines").and_then(Value::as_array) else {
            continue;
        };
        let lines: Vec<&str> = lines.iter().filter_map(Value::as_str).collect();
        let (text, valid) = (lines.join("\n"), zone["valid"].as_bool().unwrap_or(true));
        cases.push(Case::new(format!("ids:mrz:{name}"), move || {
            zone_is(&text, valid)
        }));
    }
    let first = mrz["td3"]["lines"][0]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    for (index, case) in mrz["invalid"].as_array().into_iter().flatten().enumerate() {
        let second = case["td3_line2"].as_str().unwrap_or_default();
        let text = format!("{first}\n{second}");
        let id = format!("ids:mrz:invalid:{}", index + 1);
        cases.push(Case::new(id, move || zone_is(&text, false)));
    }
    cases
}

fn zone_is(text: &str, valid: bool) -> Outcome {
    match (Mrz::parse(text), valid) {
        (Ok(_), true) | (Err(_), false) => Ok(()),
        (Ok(_), false) => Err("accepted (expected a refusal)".into()),
        (Err(refusal), true) => Err(format!("refused: {refusal}").into()),
    }
}
