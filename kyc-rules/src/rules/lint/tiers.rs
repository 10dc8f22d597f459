//! Tiers: citations, overlaps, holes, limits.

use alloc::{string::String, vec::Vec};
use core::cmp::Ordering;

use chrono::NaiveDate;

use super::{Lint, LintKind};
use crate::rules::{Confidence, OnTierHole, RuleBook, RuleState, Source, TierPolicy};

impl RuleBook {
    pub(super) fn lint_tiers(&self, on: NaiveDate, lints: &mut Vec<Lint>) {
        let active: Vec<&TierPolicy> = self
            .tiers
            .iter()
            .filter(|tier| tier.state == RuleState::Active)
            .collect();
        for tier in &active {
            let mut add = |kind: LintKind, text: String| {
                lints.push(Lint {
                    source: Source::Tier(tier.id.clone()),
                    kind,
                    text,
                });
            };
            if tier.cite.is_empty() {
                add(LintKind::NoCitation, "no law or policy is named".into());
            }
            if tier
                .cite
                .iter()
                .any(|cite| cite.confidence == Confidence::C)
            {
                add(
                    LintKind::DoubtfulActive,
                    "a doubtful source, yet active".into(),
                );
            }
            let later = self.tiers.iter().any(|t| {
                t.id == tier.id && t.country == tier.country && t.valid.from >= tier.valid.to
            });
            if let Some(to) = tier.valid.to.filter(|to| *to <= on && !later) {
                add(
                    LintKind::Expired,
                    alloc::format!("ended on {to} and nothing follows"),
                );
            }
        }
        for tier in &active {
            self.lint_hole(tier, &active, lints);
        }
        for (index, a) in active.iter().enumerate() {
            for b in active.iter().skip(index.saturating_add(1)) {
                if a.country == b.country {
                    lint_tier_pair(a, b, lints);
                }
            }
        }
    }

    /// Whether days follow an entry on which the tier has nothing, though it has again later.
    fn lint_hole(&self, tier: &TierPolicy, active: &[&TierPolicy], lints: &mut Vec<Lint>) {
        let Some(to) = tier.valid.to else { return };
        let own = || active.iter().filter(|other| other.id == tier.id);
        let next = own()
            .filter_map(|other| other.valid.from)
            .filter(|from| *from > to)
            .min();
        let Some(next) = next.filter(|_| !own().any(|other| other.valid.contains(to))) else {
            return;
        };
        let mut doubtful = self.tiers.iter();
        let written = doubtful.any(|other| {
            other.id == tier.id && other.state == RuleState::Inactive && other.valid.contains(to)
        });
        let answer = match self.on_tier_hole {
            OnTierHole::Ask => "the book leaves it open",
            OnTierHole::Stricter => "the book takes the stricter of the entries around it",
        };
        let inactive = if written {
            "; an inactive entry is written for these days"
        } else {
            ""
        };
        lints.push(Lint {
            source: Source::Tier(tier.id.clone()),
            kind: LintKind::DatedGap,
            text: alloc::format!("nothing from {to} to {next}: {answer}{inactive}"),
        });
    }
}

fn lint_tier_pair(a: &TierPolicy, b: &TierPolicy, lints: &mut Vec<Lint>) {
    let (lower, higher) = if a.rank <= b.rank { (a, b) } else { (b, a) };
    let source = Source::Tier(higher.id.clone());
    let apart = |x: &TierPolicy, y: &TierPolicy| matches!((x.valid.to, y.valid.from), (Some(to), Some(from)) if to <= from);
    let together = !apart(a, b) && !apart(b, a);
    if a.id == b.id {
        if together {
            lints.push(Lint {
                source,
                kind: LintKind::Overlap,
                text: "two entries of this tier apply on the same day".into(),
            });
        }
        return;
    }
    if !together {
        return;
    }
    for (kind, limit) in &higher.limits {
        if let Some(below) = lower.limits.get(kind)
            && below.checked_cmp(limit).is_ok_and(Ordering::is_gt)
        {
            lints.push(Lint {
                source: source.clone(),
                kind: LintKind::LimitNotMonotone,
                text: alloc::format!("{kind}: {limit}, but {} allows {below}", lower.id),
            });
        }
    }
}
