//! What to ask for: the sets of items that would decide an undecided condition.
//!
//! A document, once supplied and accepted, makes its fact true; a field may turn out either way.
//! So for each part three families of item sets are kept: sets that make it true for certain, sets
//! that make it false for certain, and sets that decide it one way or the other.

use alloc::{collections::BTreeSet, vec::Vec};

use super::Item;

/// Most alternatives kept for one condition; the smallest survive.
const ALTERNATIVES_MAX: usize = 24;
/// Most steps of the exact search for the smallest union.
const SEARCH_STEPS_MAX: usize = 20_000;

pub(crate) type ItemSet = BTreeSet<Item>;

/// See the module.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asks {
    pub to_true: Vec<ItemSet>,
    pub to_false: Vec<ItemSet>,
    pub decides: Vec<ItemSet>,
}

impl Asks {
    /// An undecided atom that needs these items.
    pub fn atom(needs: ItemSet, supply_makes_true: bool) -> Self {
        if needs.is_empty() {
            return Self::default();
        }
        Self {
            to_true: if supply_makes_true {
                alloc::vec![needs.clone()]
            } else {
                Vec::new()
            },
            to_false: Vec::new(),
            decides: alloc::vec![needs],
        }
    }

    pub fn not(self) -> Self {
        Self {
            to_true: self.to_false,
            to_false: self.to_true,
            decides: self.decides,
        }
    }

    /// Of the undecided parts of a conjunction whose other parts hold.
    pub fn all(parts: Vec<Self>) -> Self {
        let to_false = union(parts.iter().map(|p| &p.to_false));
        let together = product(parts.iter().map(|p| &p.decides));
        Self {
            to_true: product(parts.iter().map(|p| &p.to_true)),
            decides: union([&to_false, &together].into_iter()),
            to_false,
        }
    }

    /// Of the undecided parts of a disjunction whose other parts do not hold.
    pub fn any(parts: Vec<Self>) -> Self {
        Self::all(parts.into_iter().map(Self::not).collect()).not()
    }

    /// Of the undecided parts of a count that needs `missing` more of them.
    pub fn count(parts: Vec<Self>, missing: usize) -> Self {
        let mut sizes: Vec<&Vec<ItemSet>> = parts.iter().map(|p| &p.to_true).collect();
        sizes.retain(|family| !family.is_empty());
        sizes.sort_by_key(|family| family.first().map_or(0, BTreeSet::len));
        let to_true = if sizes.len() >= missing {
            product(sizes.into_iter().take(missing))
        } else {
            Vec::new()
        };
        let together = product(parts.iter().map(|p| &p.decides));
        Self {
            decides: union([&to_true, &together].into_iter()),
            to_true,
            to_false: Vec::new(),
        }
    }
}

fn minimal(mut sets: Vec<ItemSet>) -> Vec<ItemSet> {
    sets.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
    let mut kept: Vec<ItemSet> = Vec::new();
    for set in sets {
        if kept.len() >= ALTERNATIVES_MAX {
            break;
        }
        if !kept.iter().any(|smaller| smaller.is_subset(&set)) {
            kept.push(set);
        }
    }
    kept
}

fn union<'a>(families: impl Iterator<Item = &'a Vec<ItemSet>>) -> Vec<ItemSet> {
    minimal(families.flatten().cloned().collect())
}

fn product<'a>(families: impl Iterator<Item = &'a Vec<ItemSet>>) -> Vec<ItemSet> {
    let mut result = alloc::vec![ItemSet::new()];
    for family in families {
        let mut next = Vec::new();
        for left in &result {
            for right in family {
                next.push(left.union(right).cloned().collect());
            }
        }
        result = minimal(next);
    }
    result
}

/// The smallest set of items that serves every requirement with one of its alternatives. Exact up
/// to a bound on the work, then greedy; ties go to the items first in order.
pub(crate) fn smallest(requirements: &[&[ItemSet]]) -> ItemSet {
    let mut order: Vec<&[ItemSet]> = requirements.to_vec();
    order.retain(|alternatives| !alternatives.is_empty());
    // Requirements with one alternative first: they bind the others.
    order.sort_by_key(|alternatives| alternatives.len());
    let mut search = Search {
        order,
        best: None,
        steps: 0,
    };
    search.descend(0, ItemSet::new());
    search.best.unwrap_or_default()
}

struct Search<'a> {
    order: Vec<&'a [ItemSet]>,
    best: Option<ItemSet>,
    steps: usize,
}

impl Search<'_> {
    fn descend(&mut self, depth: usize, chosen: ItemSet) {
        self.steps = self.steps.saturating_add(1);
        let worse = |best: &ItemSet| {
            (chosen.len(), &chosen) >= (best.len(), best) && chosen.len() >= best.len()
        };
        if self.best.as_ref().is_some_and(worse) {
            return;
        }
        let Some(alternatives) = self.order.get(depth).copied() else {
            self.best = Some(chosen);
            return;
        };
        let deeper = depth.saturating_add(1);
        if alternatives.iter().any(|set| set.is_subset(&chosen)) {
            self.descend(deeper, chosen);
            return;
        }
        let mut ranked: Vec<ItemSet> = alternatives
            .iter()
            .map(|set| chosen.union(set).cloned().collect())
            .collect();
        ranked.sort_by(|a: &ItemSet, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
        for next in ranked {
            self.descend(deeper, next);
            if self.steps > SEARCH_STEPS_MAX && self.best.is_some() {
                return;
            }
        }
    }
}
