//! Words with their meaning and weight.

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use super::{
    normal::{Reading, Word, has_han, words},
    tables, wade,
};

/// Whose name it is.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum NameKind {
    /// A person's.
    #[default]
    Person,
    /// An organisation's, or a thing's (a ship, a product).
    Organisation,
}

/// What a word of a name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tag {
    /// A name proper.
    Word,
    /// One letter.
    Initial,
    /// `al`, `de`, `van`, ...
    Particle,
    /// `bin`, `binti`, ...
    Patronym,
    /// A legal form.
    Legal,
    /// Common in names of organisations.
    Generic,
    /// A place that tells one branch from another.
    Place,
    /// A number.
    Number,
}

/// A word with its meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub text: Vec<char>,
    pub tag: Tag,
    pub vowelless: bool,
    pub syllable: bool,
    pub skeleton: Vec<u8>,
    /// The full form of an everyday name.
    pub formal: Option<&'static str>,
    /// The group of names that differ by little and are yet different, if it is in one.
    pub group: Option<usize>,
    /// Which of the names of which the spellings are known, if it is one.
    pub known: Option<usize>,
    /// The word with German and French spellings of Slavic and African sounds written as in English.
    pub respelled: Option<Vec<char>>,
    /// Hundredths.
    pub weight: u32,
}

/// A name made ready to compare: prepare once, compare often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    pub(super) kind: NameKind,
    /// One for each reading; the first is the common one.
    pub(super) readings: Vec<Vec<Token>>,
    original: String,
}

impl Name {
    /// Reads a name.
    ///
    /// ```
    /// use kyc_rules::names::{Name, NameKind, compare};
    /// let a = Name::new("Mr. Moses K. Byaruhanga", NameKind::Person);
    /// let b = Name::new("BYARUHANGA, Moses", NameKind::Person);
    /// assert!(compare(&a, &b).score > 9_000);
    /// ```
    #[must_use]
    pub fn new(name: &str, kind: NameKind) -> Self {
        let mut readings = alloc::vec![tokens(words(name, Reading::Chinese), kind)];
        if kind == NameKind::Person {
            let first = readings.first().into_iter().flatten();
            let spelled: Vec<String> = first.map(|t| t.text.iter().collect()).collect();
            let spelled: Vec<&str> = spelled.iter().map(String::as_str).collect();
            for reading in wade::readings(&spelled) {
                let words = reading.into_iter().map(|text| Word {
                    text,
                    ..Word::default()
                });
                readings.push(tokens(words.collect(), kind));
            }
        }
        if has_han(name) && kind == NameKind::Person {
            readings.push(tokens(words(name, Reading::Korean), kind));
            readings.push(tokens(words(name, Reading::Japanese), kind));
        }
        Self {
            kind,
            readings,
            original: String::from(name),
        }
    }

    /// The name as it was given.
    #[must_use]
    pub fn original(&self) -> &str {
        &self.original
    }

    /// The keys under which an index finds this name: for each word that says something its
    /// consonants, its first and its last four letters.
    pub(crate) fn keys(&self) -> Vec<String> {
        let mut keys = Vec::new();
        for token in self.readings.iter().flatten() {
            if !matches!(token.tag, Tag::Word | Tag::Generic | Tag::Number) {
                continue;
            }
            let length = token.text.len();
            let mut key = |prefix: char, letters: &mut dyn Iterator<Item = char>| {
                let mut text = String::from(prefix);
                text.extend(letters);
                keys.push(text);
            };
            key('s', &mut token.skeleton.iter().map(|b| char::from(*b)));
            key('f', &mut token.text.iter().copied().take(4));
            if length > 4 {
                let from = length.saturating_sub(4);
                key('l', &mut token.text.iter().copied().skip(from));
            }
        }
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// The words as they are compared.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        let first = self.readings.first().into_iter().flatten();
        first.map(|token| token.text.iter().collect()).collect()
    }
}

fn tokens(mut words: Vec<Word>, kind: NameKind) -> Vec<Token> {
    words.retain(|w| !w.text.is_empty());
    let mut tokens: Vec<Token> = match kind {
        NameKind::Person => person(words),
        NameKind::Organisation => organisation(words),
    };
    // In people's names "Xi" and "Vi" are names, not numerals.
    if kind == NameKind::Organisation {
        numbers(&mut tokens);
    }
    let mut unique: Vec<Token> = Vec::with_capacity(tokens.len());
    for token in tokens {
        let twice = unique
            .iter()
            .any(|t| t.text == token.text && t.tag == token.tag);
        if !twice || token.syllable || token.tag == Tag::Initial {
            unique.push(token);
        }
    }
    unique
}

fn person(mut words: Vec<Word>) -> Vec<Token> {
    let title = |w: &Word| tables::TITLES.contains(&w.text.as_str());
    while words.len() > 2 && words.first().is_some_and(title) {
        words.remove(0);
    }
    let mut tokens = Vec::with_capacity(words.len());
    let mut at = 0_usize;
    while let Some(word) = words.get(at) {
        let text = word.text.as_str();
        if tables::SERVANT.contains(&text) {
            let mut next = at.saturating_add(1);
            if words
                .get(next)
                .is_some_and(|w| tables::ARTICLES.contains(&w.text.as_str()))
            {
                next = next.saturating_add(1);
            }
            if let Some(name) = words.get(next) {
                let mut joined = String::from("abd");
                joined.push_str(&name.text);
                tokens.push(token(&joined, Tag::Word, word));
                at = next.saturating_add(1);
                continue;
            }
        }
        let vowel = |c: char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
        if word.single {
            tokens.push(token(text, Tag::Initial, word));
        } else if word.capitals && text.len() <= 3 && !text.chars().any(vowel) {
            for c in text.chars() {
                let mut buffer = [0_u8; 4];
                tokens.push(token(c.encode_utf8(&mut buffer), Tag::Initial, word));
            }
        } else if tables::PATRONYMS.contains(&text) {
            tokens.push(token(text, Tag::Patronym, word));
        } else if tables::PARTICLES.contains(&text) && !word.syllable {
            tokens.push(token(text, Tag::Particle, word));
        } else if let Some(rest) = servant(text) {
            let mut joined = String::from("abd");
            joined.push_str(rest);
            tokens.push(token(&joined, Tag::Word, word));
        } else {
            tokens.push(token(text, Tag::Word, word));
        }
        at = at.saturating_add(1);
    }
    if tokens
        .iter()
        .all(|t| matches!(t.tag, Tag::Particle | Tag::Patronym))
    {
        for t in &mut tokens {
            t.retag(Tag::Word);
        }
    }
    tokens
}

fn servant(text: &str) -> Option<&str> {
    ["abdul", "abdel", "abdal", "abdur"]
        .iter()
        .find_map(|prefix| text.strip_prefix(prefix))
        .filter(|rest| rest.len() >= 3)
}

/// Letters that stand alone, one after the other, written as one word: "S. A.", "J P Morgan".
fn letters_joined(words: Vec<Word>) -> Vec<Word> {
    let mut joined: Vec<Word> = Vec::with_capacity(words.len());
    let mut run = 0_usize;
    for word in words {
        let alone = word.text.len() == 1 && word.text.bytes().all(|b| b.is_ascii_alphabetic());
        run = if alone { run.saturating_add(1) } else { 0 };
        match joined.last_mut().filter(|_| run > 1) {
            Some(last) => last.text.push_str(&word.text),
            None => joined.push(word),
        }
    }
    joined
}

fn organisation(words: Vec<Word>) -> Vec<Token> {
    let mut words = letters_joined(words);
    for word in &mut words {
        if let Some((_, whole)) = tables::SHORT.iter().find(|(short, _)| *short == word.text) {
            word.text = String::from(*whole);
        }
    }
    let mut tokens = Vec::with_capacity(words.len());
    let mut at = 0_usize;
    while let Some(word) = words.get(at) {
        let rest = words.get(at..).unwrap_or_default();
        let begins = |phrase: &[&str]| {
            phrase.len() <= rest.len() && phrase.iter().zip(rest).all(|(p, w)| *p == w.text)
        };
        if let Some((phrase, meaning)) = tables::PHRASES.iter().find(|(p, _)| begins(p)) {
            tokens.push(token(meaning, Tag::Word, word));
            at = at.saturating_add(phrase.len());
            continue;
        }
        if let Some((phrase, class)) = tables::LEGAL.iter().find(|(p, _)| begins(p)) {
            tokens.push(token(class, Tag::Legal, word));
            at = at.saturating_add(phrase.len());
            continue;
        }
        let text = word.text.as_str();
        let tag = if tables::PARTICLES.contains(&text) {
            Tag::Particle
        } else if tables::GENERIC.contains(&text) {
            Tag::Generic
        } else if tables::PLACES.contains(&text) {
            Tag::Place
        } else {
            Tag::Word
        };
        tokens.push(token(text, tag, word));
        at = at.saturating_add(1);
    }
    let named = |t: &Token| matches!(t.tag, Tag::Word | Tag::Number | Tag::Generic | Tag::Place);
    if !tokens.iter().any(named) {
        for t in &mut tokens {
            t.retag(Tag::Word);
        }
    }
    tokens
}

/// Numbers in words, in figures and in Roman numerals; "forty 4" is 44.
fn numbers(tokens: &mut Vec<Token>) {
    let mut joined: Vec<Token> = Vec::with_capacity(tokens.len());
    for mut token in tokens.drain(..) {
        let text: String = token.text.iter().collect();
        let ordinal = ["st", "nd", "rd", "th"]
            .iter()
            .find_map(|end| text.strip_suffix(end));
        let text = match ordinal.filter(|rest| rest.bytes().all(|b| b.is_ascii_digit())) {
            Some(figures) if !figures.is_empty() => String::from(figures),
            _ => text,
        };
        let value = if text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit()) {
            text.parse::<u16>().ok()
        } else {
            let named = tables::NUMBERS.iter().find(|(word, _)| *word == text);
            named.filter(|_| !token.syllable).map(|(_, value)| *value)
        };
        if let Some(value) = value {
            let before = joined.last().filter(|t| t.tag == Tag::Number);
            let tens: Option<u16> =
                before.and_then(|t| t.text.iter().collect::<String>().parse().ok());
            let value = match tens {
                Some(tens) if value < 10 && (20..=90).contains(&tens) && tens % 10 == 0 => {
                    joined.pop();
                    tens.saturating_add(value)
                }
                _ => value,
            };
            token.text = alloc::format!("{value}").chars().collect();
            token.retag(Tag::Number);
        }
        joined.push(token);
    }
    *tokens = joined;
}

fn token(text: &str, tag: Tag, word: &Word) -> Token {
    let mut token = Token {
        text: text.chars().take(super::edit::LENGTH_MAX).collect(),
        tag,
        vowelless: word.vowelless,
        syllable: word.syllable,
        skeleton: skeleton(text),
        formal: tables::EVERYDAY
            .iter()
            .find(|(short, _)| *short == text)
            .map(|(_, long)| *long),
        group: tables::DISTINCT
            .iter()
            .position(|group| group.contains(&text)),
        known: tables::known(text),
        respelled: respelled(text),
        weight: 0,
    };
    token.retag(tag);
    token
}

/// Schtscherbakow as Shcherbakov, Tchaikovsky as Chaikovsky; none: there is nothing of the kind.
fn respelled(text: &str) -> Option<Vec<char>> {
    if !text.contains("sch") && !text.contains("tch") {
        return None;
    }
    let mut plain = text.replace("schtsch", "shch");
    for (from, to) in [
        ("dsch", "j"),
        ("tsch", "ch"),
        ("tch", "ch"),
        ("sch", "sh"),
        ("w", "v"),
    ] {
        plain = plain.replace(from, to);
    }
    Some(plain.chars().collect())
}

impl Token {
    /// The word as it would be written in English, where that is different.
    pub(super) fn plain(&self) -> &[char] {
        self.respelled.as_deref().unwrap_or(&self.text)
    }

    fn retag(&mut self, tag: Tag) {
        self.tag = tag;
        let longer = u32::try_from(self.text.len().saturating_sub(2)).unwrap_or(0);
        self.weight = match tag {
            Tag::Word => 105_u32.saturating_add(longer.min(6).saturating_mul(8)),
            Tag::Initial | Tag::Generic => 50,
            Tag::Particle => 10,
            Tag::Patronym => 20,
            Tag::Legal => 25,
            Tag::Place => 80,
            Tag::Number => 120,
        };
    }
}

/// The consonants of a word by class, vowels and h left out, neighbours of one class once.
pub(crate) fn skeleton(text: &str) -> Vec<u8> {
    let letters: Vec<char> = text.chars().collect();
    let mut key: Vec<u8> = Vec::with_capacity(letters.len());
    for (at, c) in letters.iter().enumerate() {
        let next = letters.get(at.saturating_add(1)).copied().unwrap_or(' ');
        let class = match c {
            'p' if next == 'h' => b'F',
            'b' | 'p' => b'B',
            'f' | 'v' => b'F',
            'c' if next == 'h' => b'S',
            'c' if matches!(next, 'e' | 'i' | 'y') => b'S',
            'c' | 'k' | 'q' | 'g' => b'K',
            'x' if at > 0 => {
                if key.last() != Some(&b'K') {
                    key.push(b'K');
                }
                b'S'
            }
            's' | 'z' | 'x' => b'S',
            'j' => b'J',
            'd' | 't' => b'T',
            'l' => b'L',
            'm' => b'M',
            'n' => b'N',
            'r' => b'R',
            'a'..='z' => continue,
            other => u8::try_from(u32::from(*other) % 251).unwrap_or(0),
        };
        if key.last() != Some(&class) {
            key.push(class);
        }
    }
    key
}
