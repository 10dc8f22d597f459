//! String distances and similarities, in whole numbers so that every platform agrees.
//!
//! Similarities are in millionths: 1,000,000 is equal.
//!
//! ```
//! use kyc_rules::names::distance::{damerau_levenshtein, jaro_winkler};
//! assert_eq!(damerau_levenshtein("fuor", "four"), 1);
//! assert_eq!(jaro_winkler("martha", "marhta"), 961_111);
//! ```

use alloc::{collections::BTreeMap, vec, vec::Vec};

/// One whole: equal.
pub const ONE: u64 = 1_000_000;

/// Least number of insertions, deletions and replacements that turn one text into the other.
#[must_use]
pub fn levenshtein(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i.saturating_add(1);
        let mut next = vec![left];
        for (cb, above) in b.iter().zip(row.iter().skip(1)) {
            let replace = diagonal.saturating_add(usize::from(ca != *cb));
            left = replace
                .min(above.saturating_add(1))
                .min(left.saturating_add(1));
            diagonal = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

/// The same with transpositions, also of letters that are edited further (Damerau's distance, not
/// the restricted one).
#[must_use]
pub fn damerau_levenshtein(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    let width = b.len().saturating_add(2);
    let most = a.len().saturating_add(b.len());
    let at = |i: usize, j: usize| i.saturating_mul(width).saturating_add(j);
    let mut table = vec![most; a.len().saturating_add(2).saturating_mul(width)];
    let set = |table: &mut Vec<usize>, i: usize, j: usize, value: usize| {
        if let Some(cell) = table.get_mut(at(i, j)) {
            *cell = value;
        }
    };
    let get = |table: &[usize], i: usize, j: usize| table.get(at(i, j)).copied().unwrap_or(most);
    for i in 0..=a.len() {
        set(&mut table, i.saturating_add(1), 1, i);
    }
    for j in 0..=b.len() {
        set(&mut table, 1, j.saturating_add(1), j);
    }
    let mut last_row: BTreeMap<char, usize> = BTreeMap::new();
    for (i, ca) in a.iter().enumerate() {
        let i = i.saturating_add(1);
        let mut last_column = 0;
        for (j, cb) in b.iter().enumerate() {
            let j = j.saturating_add(1);
            let row = last_row.get(cb).copied().unwrap_or(0);
            let column = last_column;
            let cost = usize::from(ca != cb);
            if cost == 0 {
                last_column = j;
            }
            let between = i
                .saturating_sub(row)
                .saturating_sub(1)
                .saturating_add(j.saturating_sub(column).saturating_sub(1));
            let swap = get(&table, row, column)
                .saturating_add(between)
                .saturating_add(1);
            let replace = get(&table, i, j).saturating_add(cost);
            let insert = get(&table, i.saturating_add(1), j).saturating_add(1);
            let delete = get(&table, i, j.saturating_add(1)).saturating_add(1);
            let best = replace.min(insert).min(delete).min(swap);
            set(&mut table, i.saturating_add(1), j.saturating_add(1), best);
        }
        last_row.insert(*ca, i);
    }
    get(&table, a.len().saturating_add(1), b.len().saturating_add(1))
}

/// Number of places where two texts differ; the tail of the longer one differs everywhere.
#[must_use]
pub fn hamming(a: &str, b: &str) -> usize {
    let (longer, shorter) = (a.chars().count(), b.chars().count());
    let differing = a.chars().zip(b.chars()).filter(|(x, y)| x != y).count();
    differing.saturating_add(longer.abs_diff(shorter))
}

/// Jaro's similarity in millionths.
#[must_use]
pub fn jaro(a: &str, b: &str) -> u64 {
    weigh(a, b).map_or(0, |w| w.jaro)
}

/// Jaro's similarity with Winkler's bonus for a common beginning (up to four letters, above 0.7).
#[must_use]
pub fn jaro_winkler(a: &str, b: &str) -> u64 {
    weigh(a, b).map_or(0, |w| w.winkler())
}

/// The same with Winkler's adjustment for long texts.
#[must_use]
pub fn jaro_winkler_long(a: &str, b: &str) -> u64 {
    weigh(a, b).map_or(0, |w| w.long())
}

struct Weighed {
    jaro: u64,
    common: u64,
    prefix: u64,
    lengths: (u64, u64),
}

impl Weighed {
    fn winkler(&self) -> u64 {
        if self.jaro <= 700_000 {
            return self.jaro;
        }
        let rest = ONE.saturating_sub(self.jaro);
        self.jaro
            .saturating_add(rest.saturating_mul(self.prefix).saturating_add(5) / 10)
    }

    fn long(&self) -> u64 {
        let weight = self.winkler();
        let shorter = self.lengths.0.min(self.lengths.1);
        let applies = self.jaro > 700_000
            && shorter > 4
            && self.common > self.prefix.saturating_add(1)
            && self.common.saturating_mul(2) >= shorter.saturating_add(self.prefix);
        if !applies {
            return weight;
        }
        let top = self.common.saturating_sub(self.prefix).saturating_sub(1);
        let bottom = self
            .lengths
            .0
            .saturating_add(self.lengths.1)
            .saturating_sub(self.prefix.saturating_mul(2))
            .saturating_add(2);
        let rest = ONE.saturating_sub(weight).saturating_mul(top);
        weight.saturating_add(rest.checked_div(bottom).unwrap_or(0))
    }
}

fn weigh(a: &str, b: &str) -> Option<Weighed> {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    if a.is_empty() || b.is_empty() {
        return None;
    }
    let range = (a.len().max(b.len()) / 2).saturating_sub(1);
    let mut taken = vec![false; b.len()];
    let mut matched = Vec::new();
    for (i, ca) in a.iter().enumerate() {
        let from = i.saturating_sub(range);
        let to = i.saturating_add(range).saturating_add(1);
        let window = b.iter().zip(taken.iter_mut()).take(to).skip(from);
        for (cb, used) in window {
            if !*used && ca == cb {
                *used = true;
                matched.push(*ca);
                break;
            }
        }
    }
    let common = u64::try_from(matched.len()).ok().filter(|n| *n > 0)?;
    let other = b
        .iter()
        .zip(&taken)
        .filter(|(_, used)| **used)
        .map(|(c, _)| c);
    let moved = matched.iter().zip(other).filter(|(x, y)| x != y).count();
    let swaps = u64::try_from(moved).ok()? / 2;
    let lengths = (u64::try_from(a.len()).ok()?, u64::try_from(b.len()).ok()?);
    // Thousandths of a millionth inside, so that three roundings do not add up.
    let share = |part: u64, of: u64| {
        part.saturating_mul(ONE)
            .saturating_mul(1000)
            .checked_div(of)
    };
    let sum = share(common, lengths.0)?
        .saturating_add(share(common, lengths.1)?)
        .saturating_add(share(common.saturating_sub(swaps), common)?);
    let prefix = a.iter().zip(&b).take(4).take_while(|(x, y)| x == y).count();
    Some(Weighed {
        jaro: (sum / 3).saturating_add(500) / 1000,
        common,
        prefix: u64::try_from(prefix).ok()?,
        lengths,
    })
}
