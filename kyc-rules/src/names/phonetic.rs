//! Phonetic codes: what a name sounds like, by four published recipes.
//!
//! ```
//! use kyc_rules::names::phonetic::{metaphone, nysiis, soundex};
//! assert_eq!(soundex("Robert"), soundex("Rupert"));
//! assert_eq!(metaphone("shell"), "XL");
//! assert_eq!(nysiis("Catherine"), nysiis("Katherine"));
//! ```

use alloc::{string::String, vec::Vec};

use unicode_normalization::UnicodeNormalization;

const fn vowel(c: char) -> bool {
    matches!(c, 'A' | 'E' | 'I' | 'O' | 'U')
}

/// American Soundex: the first letter and three digits. Accents, digits and ASCII punctuation are
/// left out; H and W do not separate letters of one class, vowels do.
#[must_use]
pub fn soundex(name: &str) -> String {
    let letters: Vec<char> = name
        .nfkd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c))
        .flat_map(char::to_uppercase)
        .filter(|c| c.is_ascii_uppercase() || !c.is_ascii())
        .collect();
    let Some(first) = letters.first() else {
        return String::new();
    };
    let class = |c: char| match c {
        'B' | 'F' | 'P' | 'V' => Some('1'),
        'C' | 'G' | 'J' | 'K' | 'Q' | 'S' | 'X' | 'Z' => Some('2'),
        'D' | 'T' => Some('3'),
        'L' => Some('4'),
        'M' | 'N' => Some('5'),
        'R' => Some('6'),
        _ => None,
    };
    let mut code = String::from(*first);
    let mut digits = 0_usize;
    let mut last = class(*first);
    for c in letters.iter().skip(1) {
        match class(*c) {
            Some(digit) => {
                if last != Some(digit) && digits < 3 {
                    code.push(digit);
                    digits = digits.saturating_add(1);
                }
                last = Some(digit);
            }
            None if matches!(c, 'H' | 'W') => {}
            None => last = None,
        }
    }
    for _ in digits..3 {
        code.push('0');
    }
    code
}

/// Philips' Metaphone in its common open-source form; words stay apart.
#[must_use]
pub fn metaphone(text: &str) -> String {
    let mut s: Vec<char> = text.nfkd().flat_map(char::to_uppercase).collect();
    let starts = |s: &[char], a: char, b: char| s.first() == Some(&a) && s.get(1) == Some(&b);
    let silent = [('K', 'N'), ('G', 'N'), ('P', 'N'), ('W', 'R'), ('A', 'E')];
    if silent.iter().any(|(a, b)| starts(&s, *a, *b)) {
        s.remove(0);
    }
    let mut code = String::new();
    let mut i = 0_usize;
    while let Some(c) = s.get(i).copied() {
        let before = i.checked_sub(1).and_then(|p| s.get(p)).copied();
        let next = s.get(i.saturating_add(1)).copied().unwrap_or('*');
        let after = s.get(i.saturating_add(2)).copied().unwrap_or('*');
        let skip = if c == next && c != 'C' {
            0
        } else {
            metaphone_step(c, before, next, after, &mut code)
        };
        i = i.saturating_add(1).saturating_add(skip);
    }
    code
}

#[allow(
    clippy::collapsible_match,
    reason = "each letter's arm says when it sounds and when it is silent"
)]
/// Appends the code of one letter; gives how many letters after it are used up.
fn metaphone_step(
    c: char,
    before: Option<char>,
    next: char,
    after: char,
    code: &mut String,
) -> usize {
    let soft = |c: char| matches!(c, 'I' | 'E' | 'Y');
    let opens = |c: char| matches!(c, 'O' | 'A');
    let first = before.is_none();
    match c {
        'A' | 'E' | 'I' | 'O' | 'U' => {
            if first || before == Some(' ') {
                code.push(c);
            }
        }
        'B' | 'F' | 'J' | 'L' | 'M' | 'N' | 'R' => code.push(c),
        'C' if (next == 'I' && after == 'A') || next == 'H' => {
            code.push('X');
            return 1;
        }
        'C' if soft(next) => {
            code.push('S');
            return 1;
        }
        'C' | 'Q' => code.push('K'),
        'D' if next == 'G' && soft(after) => {
            code.push('J');
            return 2;
        }
        'D' => code.push('T'),
        'G' if soft(next) => code.push('J'),
        'G' if next == 'H' && !vowel(after) => return 1,
        'G' => code.push('K'),
        'H' => {
            if first || vowel(next) || !before.is_some_and(vowel) {
                code.push('H');
            }
        }
        'K' => {
            if before != Some('C') {
                code.push('K');
            }
        }
        'P' if next == 'H' => {
            code.push('F');
            return 1;
        }
        'P' => code.push('P'),
        'S' if next == 'H' => {
            code.push('X');
            return 1;
        }
        'S' if next == 'I' && opens(after) => {
            code.push('X');
            return 2;
        }
        'S' | 'Z' => code.push('S'),
        'T' if next == 'I' && opens(after) => code.push('X'),
        'T' if next == 'H' => {
            code.push('0');
            return 1;
        }
        'T' => {
            if next != 'C' || after != 'H' {
                code.push('T');
            }
        }
        'V' => code.push('F'),
        'W' if first && next == 'H' => {
            code.push('W');
            return 1;
        }
        'W' | 'Y' => {
            if vowel(next) {
                code.push(c);
            }
        }
        'X' if first => {
            let soft_start = next == 'H' || (next == 'I' && opens(after));
            code.push(if soft_start { 'X' } else { 'S' });
        }
        'X' => code.push_str("KS"),
        ' ' => {
            if !code.is_empty() && !code.ends_with(' ') {
                code.push(' ');
            }
        }
        _ => {}
    }
    0
}

/// The New York State Identification and Intelligence System's code.
#[must_use]
pub fn nysiis(name: &str) -> String {
    let s: String = name.chars().flat_map(char::to_uppercase).collect();
    let s = nysiis_ends(s);
    let letters: Vec<char> = s.chars().collect();
    let Some(first) = letters.first() else {
        return String::new();
    };
    let mut key = String::from(*first);
    let mut i = 1_usize;
    while let Some(c) = letters.get(i).copied() {
        let before = i
            .checked_sub(1)
            .and_then(|p| letters.get(p))
            .copied()
            .unwrap_or(' ');
        let next = letters.get(i.saturating_add(1)).copied();
        let after = letters.get(i.saturating_add(2)).copied();
        let (code, skip) = nysiis_step(c, before, next, after);
        if code.chars().next_back() != key.chars().next_back() {
            key.push_str(&code);
        }
        i = i.saturating_add(1).saturating_add(skip);
    }
    if key.ends_with('S') && key.len() > 1 {
        key.pop();
    }
    if key.ends_with("AY") {
        key.truncate(key.len().saturating_sub(2));
        key.push('Y');
    }
    if key.ends_with('A') && key.len() > 1 {
        key.pop();
    }
    key
}

fn nysiis_ends(s: String) -> String {
    let mut out = String::new();
    let prefixes = [
        ("MAC", "MCC"),
        ("KN", "N"),
        ("K", "C"),
        ("PH", "FF"),
        ("PF", "FF"),
        ("SCH", "SSS"),
    ];
    let rest = match prefixes
        .iter()
        .find_map(|(p, r)| Some((s.strip_prefix(p)?, r)))
    {
        Some((rest, replacement)) => {
            out.push_str(replacement);
            rest
        }
        None => s.as_str(),
    };
    out.push_str(rest);
    for (suffix, replacement) in [
        ("IE", 'Y'),
        ("EE", 'Y'),
        ("DT", 'D'),
        ("RT", 'D'),
        ("RD", 'D'),
        ("NT", 'D'),
        ("ND", 'D'),
    ] {
        if let Some(stem) = out.strip_suffix(suffix) {
            let mut stem = String::from(stem);
            stem.push(replacement);
            return stem;
        }
    }
    out
}

fn nysiis_step(c: char, before: char, next: Option<char>, after: Option<char>) -> (String, usize) {
    let one = |c: char| (String::from(c), 0);
    match c {
        'E' if next == Some('V') => (String::from("AF"), 1),
        'A' | 'E' | 'I' | 'O' | 'U' => one('A'),
        'Q' => one('G'),
        'Z' => one('S'),
        'M' => one('N'),
        'K' if next == Some('N') => one('N'),
        'K' => one('C'),
        'S' if next == Some('C') && after == Some('H') => (String::from("SS"), 2),
        'P' if next == Some('H') => (String::from("F"), 1),
        'H' if !vowel(before) => one(before),
        'H' if !next.is_some_and(vowel) => one('A'),
        'W' if vowel(before) => one(before),
        other => one(other),
    }
}

/// The codex of the match rating approach (Moore, 1977): consonants, at most the first and the last
/// three.
#[must_use]
pub fn match_rating_codex(name: &str) -> String {
    let mut codex: Vec<char> = Vec::new();
    let mut before = None;
    for c in name.chars().flat_map(char::to_uppercase) {
        if before.is_none() || (!vowel(c) && c != ' ' && before != Some(c)) {
            codex.push(c);
        }
        before = Some(c);
    }
    if codex.len() > 6 {
        let tail = codex.len().saturating_sub(3);
        let ends = codex.iter().take(3).chain(codex.iter().skip(tail));
        return ends.collect();
    }
    codex.into_iter().collect()
}

/// Whether two names are alike by the match rating approach; none: too different in length for the
/// approach to say.
#[must_use]
pub fn match_rating(a: &str, b: &str) -> Option<bool> {
    let a: Vec<char> = match_rating_codex(a).chars().collect();
    let b: Vec<char> = match_rating_codex(b).chars().collect();
    if a.len().abs_diff(b.len()) >= 3 {
        return None;
    }
    let least = match a.len().saturating_add(b.len()) {
        0..=4 => 5,
        5..=7 => 4,
        8..=11 => 3,
        _ => 2,
    };
    let (mut x, mut y) = strike(&a, &b);
    x.reverse();
    y.reverse();
    let (x, y) = strike(&x, &y);
    Some(6_usize.saturating_sub(x.len().max(y.len())) >= least)
}

/// Both without the letters that are equal at the same place.
fn strike(a: &[char], b: &[char]) -> (Vec<char>, Vec<char>) {
    let (mut x, mut y) = (Vec::new(), Vec::new());
    for i in 0..a.len().max(b.len()) {
        let (ca, cb) = (a.get(i), b.get(i));
        if ca != cb {
            x.extend(ca);
            y.extend(cb);
        }
    }
    (x, y)
}
