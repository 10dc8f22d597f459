//! How alike two words are.

use alloc::{string::String, vec::Vec};

use super::FULL;
use crate::names::{
    edit, tables,
    token::{Tag, Token, skeleton},
};

/// How alike two words are; zero: not taken for the same.
pub(super) fn words(a: &Token, b: &Token) -> u32 {
    use Tag::{Generic, Initial, Legal, Number, Particle, Patronym, Place, Word};
    match (a.tag, b.tag) {
        (Number, Number) | (Legal, Legal) | (Place, Place) => equal(a, b),
        (Number, _) | (_, Number) | (Legal, _) | (_, Legal) => 0,
        (Patronym, Patronym) => FULL,
        (Particle, Particle) => {
            if a.text == b.text {
                FULL
            } else {
                8_000
            }
        }
        (Particle | Patronym, _) | (_, Particle | Patronym) => equal(a, b),
        (Initial, Initial) => equal(a, b),
        (Initial, _) | (_, Initial) => {
            let letter = !a.text.is_empty() && a.text.first() == b.text.first();
            if letter { 9_000 } else { 0 }
        }
        (Word | Generic | Place, Word | Generic | Place) => {
            if a.text == b.text {
                FULL
            } else {
                unequal(a, b)
            }
        }
    }
}

fn equal(a: &Token, b: &Token) -> u32 {
    if a.text == b.text { FULL } else { 0 }
}

fn unequal(a: &Token, b: &Token) -> u32 {
    if distinct(a, b) {
        return 0;
    }
    let alike = a.skeleton == b.skeleton;
    if a.vowelless != b.vowelless {
        return match (alike, a.skeleton.len()) {
            (true, 0) => 0,
            (true, 1) => 8_800,
            (true, _) => 9_500,
            (false, _) => bones(a, b),
        };
    }
    if a.syllable || b.syllable {
        let romanised = korean(a, b);
        if romanised > 0 {
            return romanised;
        }
    }
    if a.known.is_some() && a.known == b.known {
        return 9_200;
    }
    let mut spelled = spelling(&a.text, &b.text);
    if a.respelled.is_some() || b.respelled.is_some() {
        spelled = spelled.max(spelling(a.plain(), b.plain()).saturating_sub(100));
    }
    if spelled >= 9_000 {
        return spelled;
    }
    if orthography(&a.text, &b.text) {
        return 9_000;
    }
    let known = everyday(a, b);
    if known {
        return 8_500;
    }
    if alike && a.skeleton.len() >= 2 && spelled < 8_000 {
        let longer = a.text.len().max(b.text.len());
        let wide = edit::budget(longer).saturating_add(160);
        if edit::distance(&a.text, &b.text, wide).is_some() && first_sound(a) == first_sound(b) {
            return 8_000;
        }
    }
    spelled
}

/// A vowel at the beginning counts as one sound, whichever it is.
fn first_sound(token: &Token) -> u8 {
    let c = token.text.first().copied().unwrap_or(' ');
    if matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'h' | 'w') {
        b'A'
    } else {
        token.skeleton.first().copied().unwrap_or(0)
    }
}

/// Words of which one comes from a script without vowels.
fn bones(a: &Token, b: &Token) -> u32 {
    let as_chars = |key: &[u8]| -> Vec<char> { key.iter().map(|k| char::from(*k)).collect() };
    let (x, y) = (as_chars(&a.skeleton), as_chars(&b.skeleton));
    let shorter = x.len().min(y.len());
    if shorter < 3 {
        return 0;
    }
    match edit::distance(&x, &y, 100) {
        Some(_) => 7_600,
        None => 0,
    }
}

pub(super) fn spelling(a: &[char], b: &[char]) -> u32 {
    let shorter = a.len().min(b.len());
    let longer = a.len().max(b.len());
    let budget = edit::budget(longer.saturating_add(shorter).saturating_add(1) / 2);
    let least = u32::try_from(longer.saturating_sub(shorter)).unwrap_or(u32::MAX);
    if least.saturating_mul(40) > budget {
        return 0;
    }
    let Some(distance) = edit::distance(a, b, budget) else {
        return 0;
    };
    // Hundredths of a step, times two hundred over both lengths: basis points of the mean length.
    let both = u32::try_from(longer.saturating_add(shorter)).unwrap_or(2);
    let lost = distance
        .saturating_mul(200)
        .checked_div(both)
        .unwrap_or(FULL);
    FULL.saturating_sub(lost)
}

/// Spellings of one language: Somali c for the ayn and x for h, doubled vowels.
fn orthography(a: &[char], b: &[char]) -> bool {
    fn fold(word: &[char], somali: bool) -> Vec<char> {
        let mut out: Vec<char> = Vec::with_capacity(word.len());
        for c in word {
            let c = match c {
                'c' if somali => continue,
                'x' if somali => 'h',
                other => *other,
            };
            if out.last() != Some(&c) {
                out.push(c);
            }
        }
        out
    }
    let marked = |word: &[char]| word.iter().any(|c| matches!(c, 'c' | 'x'));
    let plain = |word: &[char]| fold(word, false);
    (marked(a) && fold(a, true) == plain(b)) || (marked(b) && fold(b, true) == plain(a))
}

fn everyday(a: &Token, b: &Token) -> bool {
    let formal = |short: &Token, long: &Token| {
        short
            .formal
            .is_some_and(|name| long.text.iter().copied().eq(name.chars()))
    };
    let (short, long) = if a.text.len() < b.text.len() {
        (&a.text, &b.text)
    } else {
        (&b.text, &a.text)
    };
    let cut = || {
        let rest = long.strip_suffix(short.as_slice());
        let prefix = rest.filter(|rest| rest.len() >= 2 && short.len() >= 4);
        prefix.is_some_and(|prefix| {
            let mut known = tables::SHORTENED.iter();
            known.any(|name| prefix.iter().copied().eq(name.chars()))
        })
    };
    formal(a, b) || formal(b, a) || cut()
}

/// Names that differ by little and are yet different names.
fn distinct(a: &Token, b: &Token) -> bool {
    // Luo names of men begin with o, those of women with a: Otieno and Atieno.
    let luo = matches!(
        (a.text.first(), b.text.first()),
        (Some('o'), Some('a')) | (Some('a'), Some('o'))
    ) && a.text.len() >= 5
        && a.text.get(1..) == b.text.get(1..);
    if luo {
        return true;
    }
    let known = a.known.is_some() && b.known.is_some() && a.known != b.known;
    known || (a.group.is_some() && a.group == b.group)
}

/// Romanisations of one Korean syllable.
fn korean(a: &Token, b: &Token) -> u32 {
    let is = |token: &Token, name: &&str| token.text.iter().copied().eq(name.chars());
    let of = |group: &&[&str], token| group.iter().any(|name| is(token, name));
    let mut groups = tables::KOREAN.iter();
    if groups.any(|group| of(group, a) && of(group, b)) {
        9_600
    } else {
        0
    }
}

pub(super) fn bones_of(text: &[char], one: &Token) -> u32 {
    let text: String = text.iter().collect();
    let skeleton = skeleton(&text);
    if skeleton.len() >= 2 && skeleton == one.skeleton {
        9_300
    } else {
        0
    }
}
