//! From aligned words to the score of two names.

use super::{Alignment, FULL, WORDS_MAX, bits};
use crate::names::token::{NameKind, Tag, Token};

pub(super) fn score(q: &[Token], e: &[Token], aligned: &Alignment, kind: NameKind) -> u32 {
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
