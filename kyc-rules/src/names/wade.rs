//! Chinese syllables from the Wade-Giles romanisation to Hanyu Pinyin.
//!
//! Wade-Giles marks aspirated sounds with an apostrophe that is mostly left out, so a syllable has
//! up to two readings: `chang` is `zhang` or `chang`.

use alloc::{string::String, vec::Vec};

/// Most readings of one name.
const READINGS_MAX: usize = 8;

/// Vowels and endings: in Wade-Giles, in Pinyin.
const FINALS: &[(&str, &str)] = &[
    ("a", "a"),
    ("ai", "ai"),
    ("an", "an"),
    ("ang", "ang"),
    ("ao", "ao"),
    ("e", "e"),
    ("eh", "e"),
    ("ei", "ei"),
    ("en", "en"),
    ("eng", "eng"),
    ("i", "i"),
    ("ia", "ia"),
    ("iang", "iang"),
    ("iao", "iao"),
    ("ieh", "ie"),
    ("ien", "ian"),
    ("ih", "i"),
    ("in", "in"),
    ("ing", "ing"),
    ("iu", "iu"),
    ("iung", "iong"),
    ("o", "uo"),
    ("ou", "ou"),
    ("u", "u"),
    ("ua", "ua"),
    ("uai", "uai"),
    ("uan", "uan"),
    ("uang", "uang"),
    ("uei", "ui"),
    ("ui", "ui"),
    ("un", "un"),
    ("ung", "ong"),
    ("uo", "uo"),
    ("ueh", "ue"),
];

/// The readings of a name whose every word is a syllable of Wade-Giles, and some word is not one of
/// Pinyin; empty for any other name.
pub(super) fn readings(words: &[&str]) -> Vec<Vec<String>> {
    if !(2..=4).contains(&words.len()) || !words.iter().any(|word| marked(word)) {
        return Vec::new();
    }
    let mut found: Vec<Vec<String>> = alloc::vec![Vec::new()];
    for word in words {
        let options = syllable(word);
        if options.is_empty() || found.len().saturating_mul(options.len()) > READINGS_MAX {
            return Vec::new();
        }
        found = found
            .iter()
            .flat_map(|before| {
                options.iter().map(|option| {
                    let mut reading = before.clone();
                    reading.push(option.clone());
                    reading
                })
            })
            .collect();
    }
    found
}

/// Letters that only Wade-Giles puts together.
fn marked(word: &str) -> bool {
    let begins = ["hs", "ts", "tz"]
        .iter()
        .any(|letters| word.starts_with(letters));
    let ends = ["ung", "ieh", "ien", "ueh", "eh", "ih"]
        .iter()
        .any(|letters| word.ends_with(letters));
    let hard = word.starts_with("ch") && word.get(2..).is_some_and(|rest| rest.starts_with('i'));
    begins || ends || hard
}

fn syllable(word: &str) -> Vec<String> {
    let split = word.find(['a', 'e', 'i', 'o', 'u']).unwrap_or(word.len());
    let (initial, ending) = word.split_at(split);
    if matches!(word, "tzu" | "tse" | "tze") && word != "tse" {
        return alloc::vec![String::from("zi"), String::from("ci")];
    }
    let Some((_, ending)) = FINALS.iter().find(|(wade, _)| *wade == ending) else {
        return Vec::new();
    };
    let soft = ending.starts_with('i') && word != "chih";
    let initials: &[&str] = match initial {
        "" => &[""],
        "p" => &["b", "p"],
        "t" => &["d", "t"],
        "k" => &["g", "k"],
        "ts" | "tz" => &["z", "c"],
        "ch" if soft => &["j", "q"],
        "ch" => &["zh", "ch"],
        "hs" => &["x"],
        "j" => &["r"],
        "m" | "n" | "l" | "f" | "h" | "s" | "sh" | "w" | "y" => {
            return alloc::vec![joined(initial, initial, ending)];
        }
        _ => return Vec::new(),
    };
    initials
        .iter()
        .map(|own| joined(own, initial, ending))
        .collect()
}

fn joined(own: &str, wade: &str, ending: &str) -> String {
    // `ho` and `ko` are `he` and `ge`; after lips and before a vowel alone the o stays.
    let ending = match (wade, ending) {
        ("h" | "k", "uo") => "e",
        ("p" | "m" | "f" | "w" | "y" | "", "uo") => "o",
        _ => ending,
    };
    let mut text = String::from(own);
    text.push_str(ending);
    text
}
