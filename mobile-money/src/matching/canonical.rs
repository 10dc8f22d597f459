//! The forms in which references are compared.

use alloc::{string::String, vec::Vec};

use unicode_normalization::UnicodeNormalization;

/// Compatibility composed (full-width digits become digits), upper case, without white space,
/// punctuation and invisible characters.
pub(super) fn canonical(text: &str) -> String {
    if text.is_ascii() {
        let kept = text.bytes().filter(u8::is_ascii_alphanumeric);
        return kept.map(|b| char::from(b.to_ascii_uppercase())).collect();
    }
    text.nfkc()
        .flat_map(char::to_uppercase)
        .filter(|sign| sign.is_alphanumeric())
        .collect()
}

/// Characters that look alike, folded onto one digit.
pub(super) fn folded(canonical: &str, fold_j: bool) -> String {
    let fold = |sign| match sign {
        'O' | 'Q' | 'D' => '0',
        'I' | 'L' => '1',
        'J' if fold_j => '1',
        'S' => '5',
        'B' => '8',
        'Z' => '2',
        'G' => '6',
        other => other,
    };
    canonical.chars().map(fold).collect()
}

/// The first 14 digits of an IMEI (15 digits with a right check digit, or 16 with a software
/// version): what identifies the device.
pub(super) fn imei14(canonical: &str) -> Option<&str> {
    let digits = canonical.bytes().all(|b| b.is_ascii_digit());
    let imei = digits
        && match canonical.len() {
            15 => super::CheckDigit::Luhn.holds(canonical),
            16 => true,
            _ => false,
        };
    imei.then(|| canonical.get(..14)).flatten()
}

const ALPHABET: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// Texts longer than this are sentences, not mistyped references.
const EDIT_LENGTH_MAX: usize = 24;

/// Every text that differs in one character of the same length, or has two neighbours exchanged.
pub(super) fn repairs(text: &str) -> Vec<String> {
    let signs: Vec<char> = text.chars().collect();
    if signs.len() > EDIT_LENGTH_MAX {
        return Vec::new();
    }
    let mut all = Vec::new();
    for (at, was) in signs.iter().enumerate() {
        for sign in ALPHABET.chars().filter(|sign| sign != was) {
            all.push(with(&signs, at, 1, &[sign]));
        }
        let after = at.saturating_add(1);
        if let Some(next) = signs.get(after).filter(|next| *next != was) {
            all.push(with(&signs, at, 2, &[*next, *was]));
        }
    }
    all
}

/// [`repairs`], and one character more or less.
pub(super) fn edits(text: &str) -> Vec<String> {
    let signs: Vec<char> = text.chars().collect();
    if signs.len() > EDIT_LENGTH_MAX {
        return Vec::new();
    }
    let mut all = repairs(text);
    for at in 0..=signs.len() {
        if at < signs.len() {
            all.push(with(&signs, at, 1, &[]));
        }
        all.extend(ALPHABET.chars().map(|sign| with(&signs, at, 0, &[sign])));
    }
    all
}

/// The text with `drop` characters at a place replaced.
fn with(signs: &[char], at: usize, drop: usize, put: &[char]) -> String {
    let tail = signs.iter().skip(at.saturating_add(drop));
    signs.iter().take(at).chain(put).chain(tail).collect()
}
