//! Scorecards.

use alloc::{string::String, vec::Vec};
use core::cmp::Ordering;

use super::{Lint, LintKind};
use crate::rules::{RuleBook, Scorecard, Source};

impl RuleBook {
    pub(super) fn lint_card(&self, card: &Scorecard, lints: &mut Vec<Lint>) {
        let mut add = |kind: LintKind, text: String| {
            lints.push(Lint {
                source: Source::Card(card.id.clone()),
                kind,
                text,
            });
        };
        for attribute in &card.attributes {
            let name = &attribute.name;
            if attribute.missing.is_none() {
                add(
                    LintKind::NoMissingBin,
                    alloc::format!("{name} has no points for unknown values: it will be asked for"),
                );
            }
            for path in attribute.value.paths() {
                if self.protected(path) {
                    add(LintKind::Protected, alloc::format!("{name} scores {path}"));
                }
            }
            let mut ranges: Vec<(Option<_>, Option<_>)> = attribute
                .bins
                .iter()
                .filter(|bin| bin.of.is_empty())
                .map(|bin| (bin.from, bin.to))
                .collect();
            ranges.sort();
            for pair in ranges.windows(2) {
                if let [(_, Some(to)), (Some(from), _)] = pair {
                    match to.cmp(from) {
                        Ordering::Less => {
                            add(
                                LintKind::Gap,
                                alloc::format!("{name}: nothing from {to} to {from}"),
                            );
                        }
                        Ordering::Greater => add(
                            LintKind::Overlap,
                            alloc::format!("{name}: two bins from {from} to {to}"),
                        ),
                        Ordering::Equal => {}
                    }
                }
            }
        }
    }
}
