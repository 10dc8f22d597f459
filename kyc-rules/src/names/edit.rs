//! How far one word is from another, with cheaper steps where people and scripts often slip.

/// Longest word compared; the rest is left out.
pub(super) const LENGTH_MAX: usize = 32;

const WIDTH: usize = LENGTH_MAX + 1;

/// Distance in hundredths of a step; more than `budget` is given as `None`.
#[allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "the hot loop: words are cut to LENGTH_MAX when prepared, so every index is inside the fixed rows and every sum below 33 * 200"
)]
pub(super) fn distance(a: &[char], b: &[char], budget: u32) -> Option<u32> {
    let a = &a[..a.len().min(LENGTH_MAX)];
    let b = &b[..b.len().min(LENGTH_MAX)];
    let mut before = [0_u32; WIDTH];
    let mut last = [0_u32; WIDTH];
    let mut row = [0_u32; WIDTH];
    for j in 0..b.len() {
        last[j + 1] = last[j] + gap(b, j);
    }
    for i in 0..a.len() {
        let delete = gap(a, i);
        row[0] = last[0] + delete;
        let mut least = row[0];
        for j in 0..b.len() {
            let mut cost = last[j] + replace(a[i], b[j]);
            cost = cost.min(last[j + 1] + delete).min(row[j] + gap(b, j));
            if i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j] && a[i] != b[j] {
                cost = cost.min(before[j - 1] + 100);
            }
            row[j + 1] = cost;
            least = least.min(cost);
        }
        if least > budget {
            return None;
        }
        before = last;
        last = row;
    }
    Some(last[b.len()]).filter(|d| *d <= budget)
}

/// What leaving out a letter costs.
fn gap(word: &[char], at: usize) -> u32 {
    let c = word.get(at).copied().unwrap_or(' ');
    let before = at.checked_sub(1).and_then(|p| word.get(p)).copied();
    if before == Some(c) {
        40
    } else if c == 'h' && at > 0 {
        60
    } else if c.is_ascii_digit() {
        150
    } else {
        100
    }
}

/// What putting one letter for another costs.
fn replace(a: char, b: char) -> u32 {
    if a == b {
        return 0;
    }
    let pair = if a < b { (a, b) } else { (b, a) };
    match pair {
        // Digits that look like letters.
        ('0', 'o') | ('1', 'i' | 'l') | ('3', 'e') | ('4', 'a') | ('5', 's') | ('9', 'g') => 50,
        ('i', 'y') => 50,
        ('i', 'j')
        | ('e', 'i')
        | ('o', 'u')
        | ('a', 'e')
        | ('v', 'w')
        | ('k', 'q')
        | ('c', 'k')
        | ('s', 'z')
        | ('f', 'v')
        | ('d', 't')
        | ('b', 'p')
        | ('g', 'k')
        | ('a', 'o')
        | ('j', 'y') => 70,
        (x, y) if x.is_ascii_digit() || y.is_ascii_digit() => 150,
        _ => 100,
    }
}

/// How far two words of these lengths may be apart and still be taken for one, in hundredths of a
/// step: nothing up to two letters, one likely slip in three, then more with the logarithm of the length.
pub(super) fn budget(length: usize) -> u32 {
    // 130 * ln(length - 2) / ln 2.35, rounded
    const TABLE: [u32; 17] = [
        0, 0, 0, 75, 105, 167, 211, 245, 273, 296, 316, 334, 350, 365, 378, 390, 402,
    ];
    TABLE.get(length).copied().unwrap_or(410)
}
