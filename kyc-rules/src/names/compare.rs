//! Comparing two prepared names.
//!
//! Cost: one edit distance for each pair of words that could match (a bound on length and budget
//! cuts most short), no allocation beyond a small list of pairs.

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use super::{
    edit, tables,
    token::{Name, NameKind, Tag, Token},
};

/// One whole, in basis points.
pub const FULL: u32 = 10_000;

/// How alike two names are, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NameMatch {
    /// 0 to 10,000 basis points. Never a verdict on its own: always a potential match.
    pub score: u32,
    /// Words taken for the same.
    pub pairs: Vec<WordPair>,
    /// Words only the first name has.
    pub only_first: Vec<String>,
    /// Words only the second name has.
    pub only_second: Vec<String>,
}

/// Words taken for the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WordPair {
    /// Of the first name; several words when they were written apart.
    pub first: String,
    /// Of the second name.
    pub second: String,
    /// How alike, in basis points.
    pub score: u32,
}

/// Compares a name (of a client) with another (of a list). Nearly symmetric: words that only the
/// list's name has count less, because lists carry fuller names.
#[must_use]
pub fn compare(query: &Name, entry: &Name) -> NameMatch {
    let mut best: Option<(u32, Alignment, &[Token], &[Token])> = None;
    for q in &query.readings {
        for e in &entry.readings {
            let aligned = align(q, e);
            let score = score(q, e, &aligned, query.kind.max(entry.kind));
            if best.as_ref().is_none_or(|(most, ..)| score > *most) {
                best = Some((score, aligned, q, e));
            }
        }
    }
    match best {
        Some((score, aligned, q, e)) => aligned.explained(score, q, e),
        None => NameMatch {
            score: 0,
            pairs: Vec::new(),
            only_first: Vec::new(),
            only_second: Vec::new(),
        },
    }
}

/// The score alone, without the explanation: what a screening run uses.
#[must_use]
pub fn similarity(query: &Name, entry: &Name) -> u32 {
    let mut best = 0;
    for q in &query.readings {
        for e in &entry.readings {
            let aligned = align(q, e);
            best = best.max(score(q, e, &aligned, query.kind.max(entry.kind)));
        }
    }
    best
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Pair {
    /// First word and how many, on each side.
    q: (usize, usize),
    e: (usize, usize),
    score: u32,
    weight: u32,
}

#[derive(Clone, Debug, Default)]
struct Alignment {
    pairs: Vec<Pair>,
    /// Bits of words that are taken.
    q: u64,
    e: u64,
}

/// Most words compared; a bit for each.
const WORDS_MAX: usize = 24;

fn bits((from, count): (usize, usize)) -> u64 {
    (from..from.saturating_add(count)).fold(0, |set, at| {
        set | 1_u64
            .checked_shl(u32::try_from(at).unwrap_or(63))
            .unwrap_or(0)
    })
}

fn align(q: &[Token], e: &[Token]) -> Alignment {
    let mut pairs: Vec<Pair> = Vec::with_capacity(16);
    for (i, a) in q.iter().take(WORDS_MAX).enumerate() {
        for (j, b) in e.iter().take(WORDS_MAX).enumerate() {
            let score = words(a, b);
            if score > 0 {
                let initial = a.tag == Tag::Initial || b.tag == Tag::Initial;
                let weight = if initial {
                    50
                } else {
                    a.weight.saturating_add(b.weight) / 2
                };
                pairs.push(Pair {
                    q: (i, 1),
                    e: (j, 1),
                    score,
                    weight,
                });
            }
        }
    }
    let whole = pairs.iter().filter(|p| p.score >= 9_900).count();
    if whole < q.len().min(e.len()) {
        joins(q, e, false, &mut pairs);
        joins(e, q, true, &mut pairs);
    }
    let rank = |p: &Pair| {
        (
            p.score.saturating_mul(p.weight.saturating_add(100)),
            p.score,
        )
    };
    pairs.sort_by(|a, b| rank(b).cmp(&rank(a)).then((a.q, a.e).cmp(&(b.q, b.e))));
    let mut aligned = Alignment::default();
    for pair in pairs {
        let (q, e) = (bits(pair.q), bits(pair.e));
        if aligned.q & q == 0 && aligned.e & e == 0 {
            aligned.q |= q;
            aligned.e |= e;
            aligned.pairs.push(pair);
        }
    }
    aligned
}

/// Two or three words of one name written as one in the other.
fn joins(apart: &[Token], joined: &[Token], swapped: bool, pairs: &mut Vec<Pair>) {
    for count in [2_usize, 3] {
        for (i, window) in apart.windows(count).take(WORDS_MAX).enumerate() {
            let length: usize = window.iter().map(|t| t.text.len()).sum();
            for (j, one) in joined.iter().take(WORDS_MAX).enumerate() {
                if one.tag != Tag::Word || one.text.len() < 4 || one.text.len().abs_diff(length) > 1
                {
                    continue;
                }
                let text: Vec<char> = window.iter().flat_map(|t| t.text.iter().copied()).collect();
                let vowelless = one.vowelless || window.iter().any(|t| t.vowelless);
                let score = if text == one.text {
                    FULL
                } else {
                    spelling(&text, &one.text).saturating_sub(300)
                };
                let score = if vowelless && score < 9_000 {
                    bones_of(&text, one)
                } else {
                    score
                };
                if score >= 8_500 {
                    let (q, e) = if swapped {
                        ((j, 1), (i, count))
                    } else {
                        ((i, count), (j, 1))
                    };
                    pairs.push(Pair {
                        q,
                        e,
                        score,
                        weight: one.weight.saturating_add(20),
                    });
                }
            }
        }
    }
}

fn bones_of(text: &[char], one: &Token) -> u32 {
    let text: String = text.iter().collect();
    let skeleton = super::token::skeleton(&text);
    if skeleton.len() >= 2 && skeleton == one.skeleton {
        9_300
    } else {
        0
    }
}

/// How alike two words are; zero: not taken for the same.
fn words(a: &Token, b: &Token) -> u32 {
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
    let spelled = spelling(&a.text, &b.text);
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

fn spelling(a: &[char], b: &[char]) -> u32 {
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
    a.group.is_some() && a.group == b.group
}

/// Romanisations of one Korean syllable.
fn korean(a: &Token, b: &Token) -> u32 {
    let text = |t: &Token| -> String { t.text.iter().collect() };
    let (a, b) = (text(a), text(b));
    let groups: &[&[&str]] = &[
        &["i", "lee", "yi", "rhee", "ri", "li"],
        &["bag", "bak", "park", "pak"],
        &["gim", "kim"],
        &["choe", "choi"],
        &["jeong", "jung", "chung", "jong", "chong"],
        &["gang", "kang"],
        &["jo", "cho"],
        &["yun", "yoon"],
        &["im", "lim", "rim", "yim"],
        &["o", "oh"],
        &["seo", "suh", "so"],
        &["sin", "shin"],
        &["gwon", "kwon"],
        &["no", "noh", "roh", "ro"],
        &["yu", "yoo", "ryu"],
        &["mun", "moon"],
        &["eun", "un"],
        &["seong", "sung", "song"],
        &["yeong", "young", "yong"],
        &["hyeon", "hyun", "hyon"],
        &["jun", "joon"],
        &["u", "woo", "wu"],
        &["su", "soo"],
        &["hui", "hee"],
        &["geun", "keun", "kun"],
        &["myeong", "myung", "myong"],
        &["gyeong", "kyung", "kyong"],
        &["heon", "hun"],
        &["cheol", "chul", "chol"],
        &["jae", "jai"],
        &["dae", "tae"],
        &["guk", "kook", "kuk"],
        &["il", "ill"],
    ];
    let same = |group: &&&[&str]| group.contains(&a.as_str()) && group.contains(&b.as_str());
    if groups.iter().any(|group| same(&group)) {
        9_600
    } else {
        0
    }
}

fn score(q: &[Token], e: &[Token], aligned: &Alignment, kind: NameKind) -> u32 {
    let mut sum = 0_u64;
    let mut of = 0_u64;
    for pair in &aligned.pairs {
        sum = sum.saturating_add(u64::from(pair.score).saturating_mul(u64::from(pair.weight)));
        of = of.saturating_add(u64::from(pair.weight));
    }
    let left = |tokens: &[Token], taken: u64| -> (u64, bool) {
        let open = tokens
            .iter()
            .take(WORDS_MAX)
            .enumerate()
            .filter(|(at, _)| taken & bits((*at, 1)) == 0);
        open.fold((0, false), |(weight, strong), (_, token)| {
            let names = !matches!(token.tag, Tag::Particle | Tag::Patronym | Tag::Legal);
            (
                weight.saturating_add(u64::from(token.weight)),
                strong || names,
            )
        })
    };
    let (q_left, q_strong) = left(q, aligned.q);
    let (e_left, e_strong) = left(e, aligned.e);
    let both = q_strong && e_strong;
    let known = aligned.pairs.iter().filter(|p| p.weight >= 100).count() >= 2;
    // A fuller query whose every listed name is found says little against the match.
    let query_share = if known && e_left == 0 { 50 } else { 80 };
    of = of.saturating_add(q_left.saturating_mul(query_share) / 100);
    of = of.saturating_add(e_left.saturating_mul(if both { 80 } else { 15 }) / 100);
    let mean = sum.checked_div(of).unwrap_or(0);
    let mut score = u32::try_from(mean).unwrap_or(0).min(FULL);
    for (applies, percent) in modifiers(q, e, aligned, kind) {
        if applies {
            score = score.saturating_mul(percent) / 100;
        }
    }
    score
}

fn modifiers(q: &[Token], e: &[Token], aligned: &Alignment, kind: NameKind) -> [(bool, u32); 6] {
    let words = |tokens: &[Token]| tokens.iter().filter(|t| t.tag == Tag::Word).count();
    let strong = aligned.pairs.iter().filter(|p| p.weight >= 100).count();
    let numbers = |tokens: &[Token], taken: u64| {
        let mut open = tokens.iter().enumerate();
        open.any(|(at, t)| matches!(t.tag, Tag::Number | Tag::Place) && taken & bits((at, 1)) == 0)
    };
    let person = kind == NameKind::Person;
    let one = person && strong == 1 && words(q).max(words(e)) > 1;
    let organisation = kind == NameKind::Organisation;
    let numbers = numbers(q, aligned.q) || numbers(e, aligned.e);
    let named = |tokens: &[Token]| words(tokens) > 0;
    let only_generic = organisation && (!named(q) || !named(e)) && named(q) != named(e);
    [
        (one, 90),
        (person && inverted(q, e, aligned), 68),
        (organisation && numbers, 75),
        (only_generic, 60),
        (strong == 0 && person, 70),
        (open_initial(q, aligned.q) && open_initial(e, aligned.e), 85),
    ]
}

/// Whether an initial found no partner; on both sides the initials contradict each other.
fn open_initial(tokens: &[Token], taken: u64) -> bool {
    let mut tokens = tokens.iter().enumerate();
    tokens.any(|(at, t)| t.tag == Tag::Initial && taken & bits((at, 1)) == 0)
}

/// Two or more names in another order around `bin` or in a chain of fathers: the first names
/// differ although both have the same words.
fn inverted(q: &[Token], e: &[Token], aligned: &Alignment) -> bool {
    let chain = |tokens: &[Token]| tokens.iter().any(|t| t.tag == Tag::Patronym);
    if !chain(q) || !chain(e) {
        return false;
    }
    let first = |tokens: &[Token]| tokens.iter().position(|t| t.tag == Tag::Word);
    let (Some(q_first), Some(e_first)) = (first(q), first(e)) else {
        return false;
    };
    // In both names a patronym follows the first name: it is a given name, and the two differ.
    let follows = |tokens: &[Token], at: usize| {
        tokens
            .get(at.saturating_add(1))
            .is_some_and(|t| t.tag == Tag::Patronym)
    };
    follows(q, q_first)
        && follows(e, e_first)
        && aligned
            .pairs
            .iter()
            .any(|p| p.q.0 == q_first && p.e.0 != e_first)
        && aligned
            .pairs
            .iter()
            .any(|p| p.e.0 == e_first && p.q.0 != q_first)
}

impl Alignment {
    fn explained(self, score: u32, q: &[Token], e: &[Token]) -> NameMatch {
        let text = |tokens: &[Token], (from, count): (usize, usize)| -> String {
            let words = tokens.iter().skip(from).take(count);
            let words: Vec<String> = words.map(|t| t.text.iter().collect()).collect();
            words.join(" ")
        };
        let only = |tokens: &[Token], taken: u64| -> Vec<String> {
            let open = tokens
                .iter()
                .enumerate()
                .filter(|(at, _)| taken & bits((*at, 1)) == 0);
            open.map(|(_, token)| token.text.iter().collect()).collect()
        };
        NameMatch {
            score,
            pairs: self
                .pairs
                .iter()
                .map(|pair| WordPair {
                    first: text(q, pair.q),
                    second: text(e, pair.e),
                    score: pair.score,
                })
                .collect(),
            only_first: only(q, self.q),
            only_second: only(e, self.e),
        }
    }
}
