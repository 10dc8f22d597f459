//! Comparing two prepared names.
//!
//! Cost: one edit distance for each pair of words that could match (a bound on length and budget
//! cuts most short), no allocation beyond a small list of pairs.

mod score;
mod words;

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use self::{
    score::score,
    words::{bones_of, spelling, words},
};
use super::token::{Name, Tag, Token};

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
