//! The history of one balance on two clocks.
//!
//! A timeline answers "the sum of what counts up to date D, as far as it was recorded up to
//! sequence S" in O(log n). Postings arrive in recorded order; nearly all of them also arrive in
//! date order. Those that do are appended to a *chain* of running sums, where both clocks rise
//! and one binary search finds the answer. A posting dated before the end of every chain goes to
//! a persistent tree over dates: each insertion copies one path and leaves the older versions
//! readable, so the version known at S is still there.

use alloc::vec::Vec;

use super::Totals;

/// Chains per timeline before postings out of date order go to the tree: one for the ordinary
/// flow, the rest so that a few postings dated far ahead do not push everything to the tree.
const CHAINS_MAX: usize = 4;

#[derive(Clone, Copy, Debug)]
struct Point {
    date: i32,
    sequence: u32,
    /// Everything in this chain up to and including this point.
    sum: Totals,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Timeline {
    chains: Vec<Vec<Point>>,
    late: Tree,
}

impl Timeline {
    /// Adds an amount; `sequence` never goes down from one call to the next.
    pub(super) fn push(&mut self, date: i32, sequence: u32, amount: Totals) {
        let open = self.chains.len() < CHAINS_MAX;
        // The chain whose end is closest below keeps the others open for earlier dates.
        let fits = self
            .chains
            .iter_mut()
            .filter(|chain| chain.last().is_none_or(|last| last.date <= date))
            .max_by_key(|chain| chain.last().map(|last| last.date));
        match fits {
            Some(chain) => {
                let before = chain.last().map(|last| last.sum).unwrap_or_default();
                chain.push(Point {
                    date,
                    sequence,
                    sum: before.plus(amount),
                });
            }
            None if open => {
                self.chains.push(alloc::vec![Point {
                    date,
                    sequence,
                    sum: amount
                }]);
            }
            None => self.late.push(date, sequence, amount),
        }
    }

    /// What counts up to and including `date`, of what was recorded up to and including `known`.
    pub(super) fn sum(&self, date: i32, known: u32) -> Totals {
        let mut sum = self.late.sum(date, known);
        for chain in &self.chains {
            let upto = chain.partition_point(|p| p.date <= date && p.sequence <= known);
            if let Some(point) = upto.checked_sub(1).and_then(|at| chain.get(at)) {
                sum = sum.plus(point.sum);
            }
        }
        sum
    }

    /// Forgets everything recorded at `sequence` or later: a batch that failed.
    pub(super) fn truncate(&mut self, sequence: u32) {
        for chain in &mut self.chains {
            let keep = chain.partition_point(|point| point.sequence < sequence);
            chain.truncate(keep);
        }
        self.chains.retain(|chain| !chain.is_empty());
        self.late.truncate(sequence);
    }
}

/// No node.
const NONE: u32 = u32::MAX;
/// Levels of the tree: with dates shifted to unsigned, one bit each.
const BITS: u32 = 32;

#[derive(Clone, Copy, Debug)]
struct Node {
    /// Everything below this node.
    sum: Totals,
    left: u32,
    right: u32,
    /// The node stands for all dates that share the bits above this many low ones with `date`.
    height: u32,
    date: u32,
}

/// A path-copying binary trie over dates with compressed paths. A node holds the sum of its
/// dates; a version is a root.
#[derive(Clone, Debug, Default)]
struct Tree {
    nodes: Vec<Node>,
    /// `(sequence, root, number of nodes before it was made)`, by rising sequence.
    versions: Vec<(u32, u32, u32)>,
}

impl Tree {
    fn push(&mut self, date: i32, sequence: u32, amount: Totals) {
        let before = u32::try_from(self.nodes.len()).unwrap_or(NONE);
        let root = self.versions.last().map_or(NONE, |version| version.1);
        let root = self.insert(root, unsigned(date), amount);
        self.versions.push((sequence, root, before));
    }

    fn add(&mut self, node: Node) -> u32 {
        let at = u32::try_from(self.nodes.len()).unwrap_or(NONE);
        self.nodes.push(node);
        at
    }

    /// Copies the path to `date` below `at` with the amount added; the depth is at most 32.
    fn insert(&mut self, at: u32, date: u32, amount: Totals) -> u32 {
        let leaf = Node {
            sum: amount,
            left: NONE,
            right: NONE,
            height: 0,
            date,
        };
        let Some(node) = self.node(at) else {
            return self.add(leaf);
        };
        if prefix(node.date, node.height) != prefix(date, node.height) {
            // The paths part above this node: a new fork holds both.
            let height = BITS.saturating_sub((node.date ^ date).leading_zeros());
            let other = self.add(leaf);
            let (left, right) = if date < node.date {
                (other, at)
            } else {
                (at, other)
            };
            return self.add(Node {
                sum: node.sum.plus(amount),
                left,
                right,
                height,
                date,
            });
        }
        let mut copy = Node {
            sum: node.sum.plus(amount),
            ..node
        };
        if node.height > 0 {
            if goes_right(date, node.height) {
                copy.right = self.insert(node.right, date, amount);
            } else {
                copy.left = self.insert(node.left, date, amount);
            }
        }
        self.add(copy)
    }

    fn node(&self, at: u32) -> Option<Node> {
        self.nodes.get(usize::try_from(at).ok()?).copied()
    }

    fn sum(&self, date: i32, known: u32) -> Totals {
        let date = unsigned(date);
        let upto = self.versions.partition_point(|version| version.0 <= known);
        let version = upto.checked_sub(1).and_then(|at| self.versions.get(at));
        let mut at = version.map_or(NONE, |version| version.1);
        let mut sum = Totals::default();
        while let Some(node) = self.node(at) {
            if prefix(node.date, node.height) != prefix(date, node.height) {
                // All dates of this node are before or all are after.
                return if node.date < date {
                    sum.plus(node.sum)
                } else {
                    sum
                };
            }
            if node.height == 0 {
                return sum.plus(node.sum);
            }
            if goes_right(date, node.height) {
                let left = self
                    .node(node.left)
                    .map(|left| left.sum)
                    .unwrap_or_default();
                sum = sum.plus(left);
                at = node.right;
            } else {
                at = node.left;
            }
        }
        sum
    }

    fn truncate(&mut self, sequence: u32) {
        let keep = self
            .versions
            .partition_point(|version| version.0 < sequence);
        if let Some(first) = self.versions.get(keep) {
            self.nodes
                .truncate(usize::try_from(first.2).unwrap_or(usize::MAX));
            self.versions.truncate(keep);
        }
    }
}

/// Keeps the order of dates and makes their bits a path.
const fn unsigned(date: i32) -> u32 {
    date.cast_unsigned() ^ 0x8000_0000
}

const fn prefix(date: u32, height: u32) -> u32 {
    match date.checked_shr(height) {
        Some(prefix) => prefix,
        None => 0,
    }
}

const fn goes_right(date: u32, height: u32) -> bool {
    prefix(date, height.saturating_sub(1)) & 1 == 1
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use law_runs::runs;
    use proptest::prelude::*;

    use super::{Timeline, Totals};

    proptest! {
    #![proptest_config(runs(256))]

        /// The plain sum over all points is the meaning; any arrival order must give it.
        #[test]
        fn any_order_of_dates_sums_like_a_plain_list(
            dates in prop::collection::vec((-40_i32..40, 1_i64..1000, any::<bool>()), 0..120),
            asked in prop::collection::vec((-45_i32..45, 0_u32..130), 20),
            cut in 0_u32..130,
        ) {
            let mut timeline = Timeline::default();
            let mut plain: Vec<(i32, u32, Totals)> = Vec::new();
            for (at, (date, minor, debit)) in dates.into_iter().enumerate() {
                let amount = Totals::of(if debit { minor } else { -minor });
                let sequence = u32::try_from(at).unwrap();
                timeline.push(date, sequence, amount);
                plain.push((date, sequence, amount));
            }
            let check = |timeline: &Timeline, plain: &[(i32, u32, Totals)]| {
                for &(date, known) in &asked {
                    let want = plain
                        .iter()
                        .filter(|point| point.0 <= date && point.1 <= known)
                        .fold(Totals::default(), |sum, point| sum.plus(point.2));
                    assert_eq!(timeline.sum(date, known), want);
                }
            };
            check(&timeline, &plain);
            timeline.truncate(cut);
            plain.retain(|point| point.1 < cut);
            check(&timeline, &plain);
        }
    }
}
