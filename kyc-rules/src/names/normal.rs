//! From a name as written to words of lower-case letters.

use alloc::{string::String, vec::Vec};

use unicode_normalization::UnicodeNormalization;

/// A word of a name before it is tagged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Word {
    pub text: String,
    /// From a script that leaves out vowels.
    pub vowelless: bool,
    /// Written in capitals throughout, and short: may be initials.
    pub capitals: bool,
    /// One letter followed by a full stop, or alone.
    pub single: bool,
    /// One character of a script that writes a syllable as one character.
    pub syllable: bool,
}

/// Which reading of Han characters to use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    Chinese,
    Korean,
    Japanese,
}

/// Whether a name has Han characters, and so several readings.
pub(super) fn has_han(name: &str) -> bool {
    name.chars().any(is_han)
}

const fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

const fn is_hangul(c: char) -> bool {
    matches!(c, '\u{ac00}'..='\u{d7a3}')
}

/// Arabic, Hebrew, Syriac, Thaana; and Thai, Lao, Khmer, Burmese and Indic scripts, whose vowels
/// are lost when written letter by letter.
const fn is_vowelless(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{7bf}' | '\u{900}'..='\u{10a0}' | '\u{1780}'..='\u{17ff}'
        | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}')
}

const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{640}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{180e}')
}

const fn is_inner(c: char) -> bool {
    matches!(
        c,
        '\'' | '.' | '`' | '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2b9}'
            ..='\u{2bf}' | '\u{2c8}' | '\u{b4}'
    )
}

/// Splits a name into words. Accents go, invisible characters go, letters of other scripts are
/// written in ASCII with the feature `translit` and kept as they are without it.
pub(super) fn words(name: &str, reading: Reading) -> Vec<Word> {
    let mut splitter = Splitter::default();
    for c in name.nfkc() {
        if is_invisible(c) || is_inner(c) {
            splitter.dotted(c);
        } else if is_han(c) {
            splitter.syllable(han(c, reading).as_deref().unwrap_or(&ascii(c)));
        } else if is_hangul(c) {
            splitter.syllable(&ascii(c));
        } else if c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c) {
            splitter.letter(c);
        } else if c == '&' || c == '+' {
            splitter.end();
            splitter.words.push(Word {
                text: String::from("and"),
                ..Word::default()
            });
        } else {
            splitter.end();
        }
    }
    splitter.end();
    splitter.words
}

#[derive(Default)]
struct Splitter {
    words: Vec<Word>,
    current: Word,
    lower: bool,
    letters: usize,
}

impl Splitter {
    fn letter(&mut self, c: char) {
        let text = ascii(c);
        self.letters = self
            .letters
            .saturating_add(usize::from(c.is_alphanumeric()));
        self.lower |= !c.is_uppercase();
        self.current.vowelless |= is_vowelless(c);
        self.push(&text);
    }

    /// Apostrophes and dots inside words are left out; a dot after a single letter followed by
    /// another letter keeps the letters together ("A.B.C." is "abc").
    fn dotted(&mut self, _c: char) {}

    fn syllable(&mut self, text: &str) {
        self.end();
        self.push(text);
        self.current.syllable = true;
        self.lower = true;
        self.end();
    }

    fn push(&mut self, text: &str) {
        let letters = text.chars().filter(|c| c.is_alphanumeric());
        self.current
            .text
            .extend(letters.flat_map(char::to_lowercase));
    }

    fn end(&mut self) {
        let mut word = core::mem::take(&mut self.current);
        word.capitals = !self.lower && self.letters > 1;
        word.single = self.letters == 1 && !word.syllable && !word.vowelless;
        self.lower = false;
        self.letters = 0;
        if !word.text.is_empty() {
            self.words.push(word);
        }
    }
}

fn han(c: char, reading: Reading) -> Option<String> {
    let (_, korean, japanese) = super::tables::READINGS.iter().find(|(h, _, _)| *h == c)?;
    match reading {
        Reading::Chinese => None,
        Reading::Korean => Some(String::from(*korean)),
        Reading::Japanese => Some(String::from(*japanese)),
    }
}

#[cfg(feature = "translit")]
fn ascii(c: char) -> String {
    if c.is_ascii() {
        return String::from(c);
    }
    if ('\u{300}'..='\u{36f}').contains(&c) {
        return String::new();
    }
    // Marks of Arabic and Hebrew; those of Indic scripts are vowels and stay.
    let mark = unicode_normalization::char::is_combining_mark(c);
    if mark && ('\u{590}'..='\u{6ff}').contains(&c) {
        return String::new();
    }
    String::from(any_ascii::any_ascii_char(c))
}

#[cfg(not(feature = "translit"))]
fn ascii(c: char) -> String {
    match c {
        'ß' => String::from("ss"),
        'æ' | 'Æ' => String::from("ae"),
        'œ' | 'Œ' => String::from("oe"),
        'ø' | 'Ø' => String::from("o"),
        'ł' | 'Ł' => String::from("l"),
        'đ' | 'Đ' | 'ð' => String::from("d"),
        'ı' => String::from("i"),
        'ŋ' | 'Ŋ' => String::from("ng"),
        'ɓ' | 'Ɓ' => String::from("b"),
        'ɗ' | 'Ɗ' => String::from("d"),
        _ => {
            let plain = core::iter::once(c)
                .nfkd()
                .filter(|c| !unicode_normalization::char::is_combining_mark(*c));
            plain.collect()
        }
    }
}
